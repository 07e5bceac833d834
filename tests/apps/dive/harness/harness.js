/**
 * Dive on a page of its own: what Streamlit and Python do, done here.
 *
 *     ?n=10000 & layout={"row": "race", …} & late=hours (a column that comes with `answer()`)
 */

import { packet } from "./packing.js";
import { bucketsFor, people, pictures } from "./people.js";
import library from "/library.js";

const asked = new URLSearchParams(location.search);
const n = Number(asked.get("n") ?? 10000);
const late = (asked.get("late") ?? "").split(",").filter(Boolean);
const made = people(n);
if (asked.has("pictures")) made.picture = await pictures(n);

const PLAIN = {
  ...Object.fromEntries(["row", "column", "color", "label", "x", "y", "sort"].map((name) => [name, null])),
  row_bins: 10,
  column_bins: 10,
  palette: "standard",
  density: false,
  mode: "pan",
};
const host = document.getElementById("host");
const parentElement = host.attachShadow({ mode: "open" });

const dive = { events: [], data: null, n, made, feed, show, mask, remove: null };
globalThis.dive = dive;

function feed(name) {
  globalThis.__raiDive.feed(packet(made[name].header, made[name].arrays));
}

/** Feed a mask of rows (base64) in a version; what Python then says of it. */
function mask(name, bits, version) {
  const header = { token: "people", n, name: version, kind: "codes", bins: `mask ${name}` };
  globalThis.__raiDive.feed(packet(header, [Uint8Array.from(atob(bits), (each) => each.charCodeAt(0))]));
  return { version };
}

/** What Python would send: the same data with some fields changed. */
function show(changes) {
  dive.data = { ...dive.data, ...changes };
  dive.data.layout = { ...PLAIN, ...dive.data.layout };
  addBins(dive.data, dive.data.layout);
  dive.remove = globalThis.__raiDive.view({
    data: JSON.parse(JSON.stringify(dive.data)),
    key: "dive",
    parentElement,
    setStateValue: (name, value) => {
      dive.events.push({ name, value });
      if (name !== "layout") return;
      dive.answer = () => answer(value);
      if (late.length === 0) setTimeout(dive.answer, 30);
    },
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
const ramp = { light: ["#B1C8E8", "#0B3F8A"], dark: ["#375880", "#BAD4F9"] };
const colours = { levels: { light, dark }, ramp };
const begun = performance.now();
library({ setTriggerValue: (name, value) => dive.events.push({ name, value }) });
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
  colors: { sex: { light: [...light, "#6B7280"], dark: [...dark, "#9AA4B2"] } },
  palettes: { standard: { title: "Standard", ...colours }, other: { title: "Other", ...colours } },
  inks: {
    light: { plain: light[0], missing: light[1], grey: "#6B7280" },
    dark: { plain: dark[0], missing: dark[1], grey: "#9AA4B2" },
  },
  selection: null,
  visible: null,
  pinned: null,
  search: "",
  example: "age > 60",
  message: "",
  found: null,
});
dive.mounted = performance.now() - begun;
