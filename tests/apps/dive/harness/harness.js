/**
 * Dive on a page of its own: what Streamlit and Python do, done here.
 *
 *     ?n=10000 & layout={"row": "race", …} & late=hours (a column that comes only when asked for)
 */

import { packet } from "./packing.js";
import { bucketsFor, people, pictures } from "./people.js";
import feeder from "/library.js";

const asked = new URLSearchParams(location.search);
const n = Number(asked.get("n") ?? 10000);
const late = (asked.get("late") ?? "").split(",").filter(Boolean);
const made = people(n);
if (asked.has("pictures")) made.picture = await pictures(n);

const host = document.getElementById("host");
const parentElement = host.attachShadow({ mode: "open" });

const dive = { events: [], data: null, n, made, feed, show, remove: null };
globalThis.dive = dive;

function feed(name) {
  feeder({ data: packet(made[name].header, made[name].arrays) });
}

/** What Python would send: the same data with some fields changed. */
function show(changes) {
  dive.data = { ...dive.data, ...changes };
  addBins(dive.data, dive.data.layout);
  dive.remove = globalThis.__raiDive.view({
    data: JSON.parse(JSON.stringify(dive.data)),
    key: "dive",
    parentElement,
    setStateValue: (name, value) => {
      dive.events.push({ name, value });
      if (name === "layout") setTimeout(() => answer(value), 30);
    },
    setTriggerValue: (name, value) => dive.events.push({ name, value }),
  });
}

function answer(layout) {
  const fields = ["row", "column", "color", "label", "x", "y", "sort"];
  for (const name of late.filter((each) => fields.some((field) => layout[field] === each))) feed(name);
  show({ layout });
}

function addBins(data, layout) {
  for (const side of ["row", "column"]) {
    const name = layout[side];
    if (!name || !made[name]) continue;
    const count = layout[`${side}_bins`] ?? 10;
    data.bins[`${name}|${count}`] ??= bucketsFor(made[name], count);
  }
}

const light = ["#1F66C7", "#A8431F"];
const dark = ["#4789EA", "#DD5A26"];
const begun = performance.now();
for (const name of Object.keys(made)) if (!late.includes(name)) feed(name);
show({
  token: "people",
  n,
  layout: JSON.parse(asked.get("layout") ?? "{}"),
  layout_version: 1,
  bins: {},
  columns: Object.values(made).map(({ header }) => ({
    name: header.name,
    kind: header.kind,
    title: header.name.replace("_", " "),
  })),
  colors: { sex: { light: [...light, null], dark: [...dark, null] } },
  default_colors: null,
  selection: null,
  visible: null,
  pinned: null,
  compared: null,
  message: "",
  found: null,
});
dive.mounted = performance.now() - begun;
