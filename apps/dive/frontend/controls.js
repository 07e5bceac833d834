/** Controls above the plot: plain fields that say what goes where, and the tools beside them. */

import { element } from "./dom.js";
import { isNumeric } from "./packets.js";

const CHOICES = [
  {
    field: "row",
    label: "Rows",
    none: "none",
    takes: isFacet,
    bins: "row_bins",
    help: "Split the plot into rows of cells",
  },
  {
    field: "column",
    label: "Columns",
    none: "none",
    takes: isFacet,
    bins: "column_bins",
    help: "Split the plot into columns of cells",
  },
  {
    field: "x",
    label: "Across (x)",
    none: "stacked",
    takes: isNumeric,
    help: "Place points by this column from left to right",
  },
  {
    field: "y",
    label: "Up (y)",
    none: "stacked",
    takes: isNumeric,
    help: "Place points by this column from bottom to top",
  },
  {
    field: "color",
    label: "Colour",
    none: "none",
    takes: isFacet,
    help: "Colour points by this column",
  },
  {
    field: "sort",
    label: "Sort",
    none: "row order",
    takes: isFacet,
    help: "Order of stacked points that share a colour",
  },
  {
    field: "label",
    label: "Label",
    none: "none",
    takes: () => true,
    help: "Text or picture on a point, once zoomed in",
  },
];
const MODES = [
  { mode: "pan", label: "Pan", help: "Drag to move, wheel to zoom (V)" },
  { mode: "box", label: "Box", help: "Drag a box to select (B)" },
  { mode: "lasso", label: "Lasso", help: "Drag around points to select (L)" },
];

/**
 * Build the strip; the answer is `{strip, tools, sync(layout, columns, state)}`.
 *
 * `tell` has `change(fields)`, `zoom(factor)`, `fit()`, `save()`, `search(text)` and `clear()`.
 */
export function controlsFor(tell) {
  const choices = CHOICES.map((choice) => choiceFor(choice, tell));
  const palette = element("select", { onchange: () => tell.change({ palette: palette.value }) });
  const modes = MODES.map(({ mode, label, help }) =>
    element("button", {
      type: "button",
      text: label,
      title: help,
      "data-mode": mode,
      onclick: () => tell.change({ mode }),
    }),
  );
  const density = element("input", {
    type: "checkbox",
    onchange: () => tell.change({ density: density.checked }),
  });
  const search = element("input", {
    type: "search",
    "aria-label": "Search rows by a query",
    onchange: () => tell.search(search.value),
    onsearch: () => search.value === "" && tell.search(""),
  });
  const found = element("span", { class: "found", role: "status" });
  const clear = element("button", {
    type: "button",
    text: "Clear selection",
    title: "Select nothing (Escape)",
    onclick: () => tell.clear(),
  });
  const strip = element(
    "div",
    { class: "strip" },
    ...choices.map(({ box }) => box),
    field("Palette", palette, "Colours of levels and numbers"),
  );
  const tools = element(
    "div",
    { class: "tools" },
    element("span", { class: "segments", role: "group", "aria-label": "What dragging does" }, ...modes),
    element(
      "span",
      { class: "segments", role: "group", "aria-label": "Zoom" },
      toolButton("−", "Zoom out (-)", () => tell.zoom(1 / 1.5)),
      toolButton("+", "Zoom in (+)", () => tell.zoom(1.5)),
      toolButton("Fit", "Show everything (0)", () => tell.fit()),
    ),
    element(
      "label",
      { class: "switch", title: "Colour by how many points share a place" },
      density,
      "Density",
    ),
    toolButton("PNG", "Save the picture", () => tell.save()),
    search,
    found,
    clear,
  );
  let searched = "";
  const sync = (layout, columns, state) => {
    for (const { show } of choices) show(layout, columns);
    if (!palette.length) palette.append(...state.palettes.map((each) => element("option", each)));
    palette.value = layout.palette;
    search.placeholder = state.example ? `Search, e.g. ${state.example}` : "Search";
    density.checked = Boolean(layout.density);
    for (const each of modes)
      each.setAttribute("aria-pressed", String(each.dataset.mode === layout.mode));
    if (state.search !== searched) search.value = searched = state.search;
    found.textContent = state.found;
    clear.hidden = state.selected === 0;
  };
  return { strip, tools, sync };
}

function isFacet(column) {
  return isNumeric(column) || column.kind === "category";
}

function choiceFor({ field: name, label, none, takes, bins, help }, tell) {
  const select = element("select", {
    "data-field": name,
    onchange: () => tell.change({ [name]: select.value || null }),
  });
  const count =
    bins &&
    element("input", {
      type: "number",
      min: 1,
      max: 100,
      "data-field": bins,
      "aria-label": `Most ${label.toLowerCase()}`,
      title: "Most buckets",
      onchange: () =>
        tell.change({ [bins]: Math.max(1, Math.min(100, Math.round(Number(count.value)) || 10)) }),
    });
  const box = field(label, select, help, count);
  let offered = null;
  const show = (layout, columns) => {
    const names = columns.filter(takes);
    const key = JSON.stringify(names);
    if (key !== offered) {
      offered = key;
      select.replaceChildren(
        element("option", { value: "", text: none }),
        ...names.map((each) => element("option", { value: each.name, text: each.title || each.name })),
      );
    }
    select.value = layout[name] ?? "";
    select.title = select.selectedOptions[0]?.text ?? "";
    if (!count) return;
    count.value = layout[bins];
    count.hidden = !layout[name];
  };
  return { box, show };
}

function field(label, control, help, beside = null) {
  return element(
    "span",
    { class: "field" },
    element("label", { title: help }, element("span", { class: "caption", text: label }), control),
    beside,
  );
}

function toolButton(text, help, onclick) {
  return element("button", { type: "button", text, title: help, "aria-label": help, onclick });
}
