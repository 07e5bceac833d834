/** Cards: the values of a row, as a small one that follows the pointer or a docked one with buttons. */

import { element } from "./dom.js";
import { countText, valueText } from "./scales.js";

const SMALL_LINES = 9;

/** Fill the small card of the row under the pointer; `crowd` is how many rows share its pixel. */
export function fillHover(box, { row, lines, crowd }) {
  box.replaceChildren(
    ...[
      element("div", { class: "card-title", text: `Row ${countText(row)}` }),
      crowd > 1 &&
        element("p", {
          class: "crowd",
          text: `1 of ${countText(crowd)} here, zoom in to tell them apart`,
        }),
      listOf(lines.slice(0, SMALL_LINES)),
      lines.length > SMALL_LINES &&
        element("p", { class: "hint", text: `click for ${lines.length - SMALL_LINES} more` }),
    ].filter(Boolean),
  );
}

/** Fill the docked card; `tell` has `pin(row)`, `close()` and `add(row)`. */
export function fillDocked(box, { row, lines, pinned, selected, tell }) {
  const kept = box.querySelector(":focus")?.dataset.key;
  box.replaceChildren(
    element(
      "div",
      { class: "card-head" },
      element("span", { class: "card-title", text: `Row ${countText(row)}` }),
      element("button", {
        type: "button",
        class: "quiet",
        text: "×",
        "aria-label": "Close",
        "data-key": "close",
        onclick: () => tell.close(),
      }),
    ),
    element(
      "div",
      { class: "card-acts" },
      element("button", {
        type: "button",
        text: pinned ? "Pinned" : "Pin",
        "data-key": "pin",
        "aria-pressed": String(pinned),
        title: "Keep this row at hand on every page (P)",
        onclick: () => tell.pin(row),
      }),
      element("button", {
        type: "button",
        text: selected ? "Deselect" : "Select",
        "data-key": "select",
        title: "Add to the selection, or take away",
        onclick: () => tell.add(row),
      }),
    ),
    listOf(lines),
  );
  if (kept) box.querySelector(`[data-key="${kept}"]`)?.focus();
}

/** The values of a row: `[title, text]` for the chosen columns first, then the others that have come. */
export function linesOf(row, { data, columns, layout }) {
  const chosen = [
    layout.color,
    layout.row,
    layout.column,
    layout.x,
    layout.y,
    layout.label,
    layout.sort,
  ];
  const first = new Set(chosen.filter(Boolean));
  const described = [...data.columns].sort((a, b) => first.has(b.name) - first.has(a.name));
  return described
    .filter(({ name }) => columns.has(name) && columns.get(name).kind !== "image")
    .map(({ name, title }) => [title || name, valueText(columns.get(name), row)]);
}

/** Place the small card beside the pointer, inside its frame. */
export function placeHover(box, at, room) {
  const { offsetWidth: wide, offsetHeight: tall } = box;
  const left = at.x + 16 + wide > room.width ? at.x - wide - 12 : at.x + 16;
  const top = Math.max(4, Math.min(room.height - tall - 4, at.y - 12));
  box.style.transform = `translate(${Math.max(4, left)}px, ${top}px)`;
}

function listOf(lines) {
  const list = element("dl");
  for (const [title, text] of lines)
    list.append(element("dt", { text: title, title }), element("dd", { text, title: text }));
  return list;
}
