/** The list of blocks: heading, chart, statistics, findings; a click on a bar is told to Python. */

import { isDark, sentence, stepped } from "./shapes.js";
import { element } from "./drawing.js";
import { chart } from "./charts.js";

const ICONS = { serious: "✕", warning: "▲", note: "●" };
const WORDS = { serious: "Serious", warning: "Warning", note: "Note" };
const SHOWN = 2;

/** Draw all blocks anew; the one that has the focus keeps it. */
export default function show(component) {
  const { data, parentElement: root, setTriggerValue } = component;
  const style = getComputedStyle(root.host ?? root);
  const dark = isDark(style.getPropertyValue("--st-background-color") || "#ffffff");
  const colours = dark ? data.colours.dark : data.colours.light;
  const look = { view: data.view, log: data.log, percent: data.percent, colours };
  const focused = root.activeElement?.dataset;
  const held = focused && { feature: focused.feature, place: focused.place };
  let list = root.querySelector(".blocks");
  if (!list) root.append((list = element("div", { class: "blocks" })));
  const tell = (feature, place) => setTriggerValue("picked", { feature, place });
  list.replaceChildren(legend(data, colours), ...data.blocks.map((block) => blockOf(block, data, look, tell)));
  if (held?.feature) focusOn(list, held);
}

function focusOn(list, held) {
  const same = [...list.querySelectorAll(".hit")];
  same.find((hit) => hit.dataset.feature === held.feature && hit.dataset.place === held.place)?.focus();
}

function legend(data, colours) {
  const keys = data.names.map((name, place) =>
    element("span", { class: "key" }, swatch(colours[place]), element("span", { text: `${name} (${data.rows[place]})` })),
  );
  return element("div", { class: "legend" }, ...keys, element("span", { class: "count", text: data.shown }));
}

function swatch(colour) {
  const made = element("span", { class: "swatch", "aria-hidden": "true" });
  made.style.backgroundColor = colour;
  return made;
}

function blockOf(block, data, look, tell) {
  const picked = data.picked?.feature === block.name ? data.picked.place : null;
  const told = element("div", { class: "told", "aria-hidden": "true", text: "\u00a0" });
  const svg = chart(block, { ...look, picked });
  listen(svg, block, data, told, tell);
  return element(
    "section",
    { class: "block", "aria-label": block.name, "data-feature": block.name },
    element("div", { class: "left" }, heading(block), svg, told),
    element("div", { class: "right" }, statistics(block, data, look), facts(block, data), findings(block)),
  );
}

function heading(block) {
  return element(
    "h3",
    {},
    element("span", { class: "feature", text: block.name, title: block.name }),
    element("span", { class: "kind", text: block.kind }),
    block.role && element("span", { class: "role", text: block.role }),
  );
}

function listen(svg, block, data, told, tell) {
  const hits = [...svg.querySelectorAll(".hit")];
  hits.forEach((hit, place) => {
    const asked = hit.dataset.asked === "true";
    const words = sentence(block, place, data.names);
    hit.dataset.feature = block.name;
    hit.setAttribute("role", "button");
    hit.setAttribute("tabindex", place === 0 ? "0" : "-1");
    hit.setAttribute("aria-label", asked ? `${words}. Select these rows` : words);
    if (!asked) hit.setAttribute("aria-disabled", "true");
    const speak = () => (told.textContent = asked ? `${words} — click to select` : words);
    const silence = () => (told.textContent = "\u00a0");
    hit.addEventListener("pointerenter", speak);
    hit.addEventListener("focus", speak);
    hit.addEventListener("pointerleave", silence);
    hit.addEventListener("blur", silence);
    hit.addEventListener("click", () => asked && tell(block.name, place));
    hit.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        if (asked) tell(block.name, place);
        return;
      }
      const next = stepped(event.key, place, hits.length);
      if (next === place) return;
      event.preventDefault();
      hit.setAttribute("tabindex", "-1");
      hits[next].setAttribute("tabindex", "0");
      hits[next].focus();
    });
  });
}

function statistics(block, data, look) {
  const several = data.names.length > 1;
  const head = element("tr", {}, several && element("td"), ...block.heads.map((text) => element("th", { scope: "col", text })));
  const lines = block.stats.map((cells, row) => {
    const set = block.sets[row];
    const name = several && element("th", { scope: "row", title: data.names[set] }, swatch(look.colours[set]), element("span", { class: "sr", text: data.names[set] }));
    return element("tr", {}, name, ...cells.map(cellOf));
  });
  return element("table", {}, element("caption", { class: "sr", text: `Statistics of ${block.name}` }), element("tbody", {}, head, ...lines));
}

function cellOf({ text, marked }) {
  return element("td", { class: marked ? "marked" : null, title: text, text: marked ? `${text} !` : text });
}

function facts(block, data) {
  const lines = (block.apart ?? []).map(({ dataset, text, p, marked }) =>
    element("div", { class: marked ? "fact differs" : "fact", text: `${marked ? "≠ " : ""}Distance of ${dataset} from ${data.names[0]} (Jensen-Shannon): ${text}, ${p}` }),
  );
  if (block.related.length) {
    const said = block.related.map(({ along, text }) => `${along} ${text}`).join(" · ");
    lines.push(element("div", { class: "fact", text: `Goes with (Cramér's V): ${said}` }));
  }
  if (block.note) lines.push(element("div", { class: "fact", text: block.note }));
  return element("div", { class: "facts" }, ...lines);
}

function findings(block) {
  const all = (block.findings ?? []).map(({ severity, text }) =>
    element("li", { class: severity }, element("span", { class: "severity", text: `${ICONS[severity]} ${WORDS[severity]}` }), element("span", { text })),
  );
  if (!all.length) return null;
  const list = element("ul", { class: "findings" }, ...all.slice(0, SHOWN));
  if (all.length <= SHOWN) return list;
  const rest = element("ul", { class: "findings" }, ...all.slice(SHOWN));
  return element("div", {}, list, element("details", {}, element("summary", { text: `${all.length - SHOWN} more` }), rest));
}
