/** The legend: a level per line with its count; it hides levels, shows one alone, selects its rows. */

import { element } from "./dom.js";
import { countText } from "./scales.js";

const MOST_LEVELS = 120;

/** Fill the legend's box; `tell` has `toggle(at)`, `only(at)`, `all()` and `select(at, event)`. */
export function fillLegend(box, { title, look, counts, hidden, tell }) {
  const levels = look.levels
    .map((level, at) => ({ ...level, at, count: counts[at] }))
    .filter(({ missing, count }) => !missing || count > 0);
  const focused = box.querySelector(":focus")?.dataset.key;
  box.hidden = levels.length === 0;
  box.replaceChildren(
    ...[
      element(
        "div",
        { class: "legend-head" },
        element("span", { class: "legend-title", text: title, title }),
        hidden.size > 0 &&
          element("button", {
            type: "button",
            class: "quiet",
            text: "show all",
            "data-key": "all",
            onclick: () => tell.all(),
          }),
      ),
      element("ul", {}, ...levels.slice(0, MOST_LEVELS).map((level) => levelLine(level, hidden, tell))),
      levels.length > MOST_LEVELS &&
        element("p", { class: "hint", text: `and ${countText(levels.length - MOST_LEVELS)} more` }),
    ].filter(Boolean),
  );
  if (focused) box.querySelector(`[data-key="${focused}"]`)?.focus();
}

/** Fill the key of densities: the ramp, from one row to the most that share a pixel. */
export function fillDensityKey(box, { stops, most }) {
  box.hidden = most === 0;
  if (most === 0) return;
  const ramp = element("div", { class: "ramp" });
  ramp.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  box.replaceChildren(
    element("div", { class: "legend-title", text: "Rows on a pixel" }),
    ramp,
    element(
      "div",
      { class: "ends" },
      element("span", { text: "1" }),
      element("span", { text: countText(most) }),
    ),
  );
}

function levelLine({ at, label, count, colour, shape }, hidden, tell) {
  const off = hidden.has(at);
  const click = (event) => (event.altKey ? tell.only(at) : tell.toggle(at));
  return element(
    "li",
    { class: off ? "off" : null },
    element(
      "button",
      {
        type: "button",
        class: "level",
        "aria-pressed": String(!off),
        "data-key": `level ${at}`,
        onclick: click,
        title: `${label}: click to ${off ? "show" : "hide"}, alt-click to show it alone`,
      },
      swatch(colour, shape),
      element("span", { class: "name", text: label }),
      element("span", { class: "count", text: countText(count) }),
    ),
    element(
      "span",
      { class: "acts" },
      element("button", {
        type: "button",
        class: "quiet",
        text: "only",
        "data-key": `only ${at}`,
        "aria-label": `Show only ${label}`,
        onclick: () => tell.only(at),
      }),
      element("button", {
        type: "button",
        class: "quiet",
        text: "select",
        "data-key": `select ${at}`,
        "aria-label": `Select ${label}`,
        title: "Shift adds to the selection, alt takes away",
        onclick: (event) => tell.select(at, event),
      }),
    ),
  );
}

function swatch(colour, shape) {
  const made = element("span", { class: `swatch ${shape ?? "circle"}` });
  made.style.background = colour;
  return made;
}
