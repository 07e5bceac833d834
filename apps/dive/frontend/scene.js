/** Scenes: from what is chosen (a layout), and what has come, to what is to be drawn. */

import { binsKey, bucketsOf } from "./binning.js";
import { colouring } from "./colour.js";
import { planOf } from "./layout.js";
import { derive } from "./packets.js";
import { counting, orderedBy, orderedByCode } from "./sequence.js";
import { exactName } from "./store.js";

/** The chosen columns that have not come yet, and binnings whose edges have not. */
export function awaited(layout, data, columns) {
  const waits = ["row", "column", "color", "x", "y", "sort"].filter(
    (field) => layout[field] && !columns.has(layout[field]),
  );
  for (const side of ["row", "column"]) {
    if (layout[side] && columns.has(layout[side]) && !facetOf(side, layout, data, columns))
      waits.push(side);
  }
  return waits;
}

/** The buckets along one side of the grid; null without a column there or before its edges have come. */
export function facetOf(side, layout, data, columns) {
  const column = columns.get(layout[side]);
  if (!column) return null;
  const count = layout[`${side}_bins`];
  const key = binsKey(column.name, count);
  const exact = columns.get(exactName(key)) ?? null;
  return bucketsOf(column, count, { spec: data.bins?.[key], exact });
}

/** The colours of rows by the chosen column. */
export function lookOf(layout, data, columns, dark) {
  return colouring(columns.get(layout.color), {
    palette: data.palettes[layout.palette],
    inks: data.inks,
    dark,
    n: data.n,
    given: layout.palette === "standard" ? data.colors[layout.color] : null,
  });
}

/** The rows to lay out: those that the search leaves and whose level the legend shows. */
export function shownRows(n, visible, look, hidden) {
  if (hidden.size === 0) return visible ?? new Uint8Array(n).fill(1);
  const open = new Uint8Array(look.colours.length).fill(1);
  for (const at of hidden) {
    const level = look.levels[at];
    if (level) open.fill(0, level.first, level.last + 1);
  }
  const shown = new Uint8Array(n);
  for (let i = 0; i < n; i++) shown[i] = open[look.codes[i]] & (visible ? visible[i] : 1);
  return shown;
}

/** How many rows of each level the search leaves. */
export function levelCounts(look, visible) {
  const perCode = new Uint32Array(look.colours.length);
  const { codes } = look;
  for (let i = 0; i < codes.length; i++) if (!visible || visible[i]) perCode[codes[i]]++;
  return look.levels.map(({ first, last }) =>
    perCode.subarray(first, last + 1).reduce((sum, each) => sum + each, 0),
  );
}

/** A mask of the rows of one level. */
export function levelHits(look, at, shown) {
  const { first, last } = look.levels[at];
  const hits = new Uint8Array(look.codes.length);
  for (let i = 0; i < hits.length; i++) {
    hits[i] = shown[i] && look.codes[i] >= first && look.codes[i] <= last ? 1 : 0;
  }
  return hits;
}

/** Where everything lies, for a layout whose parts have all come. */
export function sceneOf({ layout, data, columns, look, shown, width, height, dot }) {
  return planOf({
    n: data.n,
    shown,
    width,
    height,
    dot,
    row: facetOf("row", layout, data, columns),
    column: facetOf("column", layout, data, columns),
    x: columns.get(layout.x),
    y: columns.get(layout.y),
    sequence: sequenceOf(layout, data.n, columns, look),
  });
}

/** The title of a column. */
export function titleOf(data, name) {
  return data.columns.find((each) => each.name === name)?.title || name || "";
}

function sequenceOf(layout, n, columns, look) {
  const sort = columns.get(layout.sort);
  const color = columns.get(layout.color);
  const base = () => (sort ? orderedBy(sort) : counting(n));
  if (!color) return base();
  const key = `sequence ${layout.sort ?? ""}`;
  for (const other of color.derived.keys()) {
    if (other.startsWith("sequence ") && other !== key) color.derived.delete(other);
  }
  return derive(color, key, () => orderedByCode(base(), look.codes, look.colours.length));
}
