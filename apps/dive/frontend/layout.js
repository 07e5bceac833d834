/**
 * Layouts: where each row lies. O(n), typed arrays only.
 *
 *     no axis    items packed in a rectangle per cell, one size everywhere: heights compare counts
 *     one axis   items piled up over the bin of their value (or beside it, for a vertical axis)
 *     two axes   a scatter; rows without a value lie in a gutter of their own, outside the scale
 *
 * A plan is `{x, y, size, grow, grid, counts, total, axes, infinite}`: centres in world units (NaN = not
 * shown), the size of an item when the plot fits, the power of the zoom by which items grow, and how many
 * shown rows have no place, as a value of theirs is infinite.
 */

import { cellsOf, gridOf, placesOf, upward } from "./grid.js";
import { niceLimits, stepFor } from "./scales.js";

const LARGEST_ITEM = 22;
const FEW_DOTS = 3;
const SMALLEST_DOT = 1.5;
const LARGEST_DOT = 8;
const SCATTER_GROWTH = 0.6;
const MOST_BINS = 4000000;
const BAR = 0.9;
const BAR_WIDTH = 10;
const BAR_SINGLE = 5;

/**
 * The plan of a plot.
 *
 * `row` and `column` are buckets or null; `x` and `y` numeric columns or null; `shown` a mask of rows;
 * `sequence` all rows in the order in which cells are filled; `dot` the size of a pixel of the screen.
 */
export function planOf({
  n,
  shown,
  row = null,
  column = null,
  x = null,
  y = null,
  sequence,
  width,
  height,
  dot = 1,
}) {
  let rows = placesOf(row, shown);
  if (row?.upward) rows = upward(rows, row.labels.length - 1);
  const grid = gridOf({ rows, columns: placesOf(column, shown), width, height });
  const { cells, counts, total } = cellsOf({ n, shown, row, column, grid });
  const given = { n, grid, cells, counts, total, sequence, dot };
  const plan = x && y ? scattered(given, x, y) : x || y ? piled(given, x, y) : stacked(given);
  return { ...plan, grid, cells, counts, total };
}

/**
 * How many items stand side by side, and their size, so that the fullest of cells of w × h holds all of
 * its own. Sizes of a few dots (pixels of the screen) are whole dots, so that gaps are even.
 */
export function abreast(most, { w, h, dot = 1, largest = LARGEST_ITEM }) {
  if (most === 0) return { across: 1, size: Math.min(largest, w, h) };
  let across = Math.max(1, Math.floor(Math.sqrt((most * w) / h)), Math.ceil(w / largest - 1e-9));
  while (Math.ceil(most / across) * (w / across) > h + 1e-9) across++;
  const size = w / across;
  if (size < FEW_DOTS * dot) return { across, size };
  const whole = Math.floor(size / dot + 1e-6) * dot;
  return { across: Math.floor(w / whole + 1e-6), size: whole };
}

function stacked({ n, grid, cells, counts, sequence, dot }) {
  const pad = Math.min(4, grid.cellWidth * 0.04);
  const head = grid.cellHeight > 70 ? 16 : 0;
  const w = grid.cellWidth - 2 * pad;
  const h = grid.cellHeight - pad - Math.max(head, pad);
  const { across, size } = abreast(mostOf(counts), { w, h, dot });
  const next = new Uint32Array(counts.length);
  const [lefts, bottoms] = corners(grid);
  const x = new Float32Array(n).fill(NaN);
  const y = new Float32Array(n).fill(NaN);
  for (let at = 0; at < n; at++) {
    const i = sequence[at];
    const cell = cells[i];
    if (cell < 0) continue;
    const slot = next[cell]++;
    const level = (slot / across) | 0;
    x[i] = lefts[cell] + pad + (slot - level * across + 0.5) * size;
    y[i] = bottoms[cell] - pad - (level + 0.5) * size;
  }
  return { x, y, size, grow: 1, axes: { x: null, y: null } };
}

function scattered({ n, grid, cells, total }, xColumn, yColumn) {
  const area = grid.cellWidth * grid.cellHeight * grid.rows.count * grid.columns.count;
  const size = Math.max(SMALLEST_DOT, Math.min(LARGEST_DOT, Math.sqrt(area / Math.max(1, total)) * 0.6));
  const axes = {
    x: axisOf(xColumn, cells, grid.cellWidth, { size }),
    y: axisOf(yColumn, cells, grid.cellHeight, { size }),
  };
  const [lefts, bottoms] = corners(grid);
  const x = new Float32Array(n).fill(NaN);
  const y = new Float32Array(n).fill(NaN);
  const [xTimes, xPlus, yTimes, yPlus] = [axes.x.times, axes.x.plus, axes.y.times, axes.y.plus];
  const [xv, yv] = [xColumn.v, yColumn.v];
  let infinite = 0;
  for (let i = 0; i < n; i++) {
    const cell = cells[i];
    if (cell < 0) continue;
    const xValue = xv[i];
    const yValue = yv[i];
    if (Math.abs(xValue) === Infinity || Math.abs(yValue) === Infinity) {
      infinite++;
      continue;
    }
    x[i] = lefts[cell] + (xValue === xValue ? xValue * xTimes + xPlus : axes.x.gutter * spread(i));
    y[i] =
      bottoms[cell] - (yValue === yValue ? yValue * yTimes + yPlus : axes.y.gutter * spread(i + 77));
  }
  return { x, y, size, grow: SCATTER_GROWTH, axes, infinite };
}

function piled({ n, grid, cells, counts, sequence, dot }, xColumn, yColumn) {
  const upright = Boolean(xColumn);
  const column = xColumn ?? yColumn;
  const length = upright ? grid.cellWidth : grid.cellHeight;
  const room =
    (upright ? grid.cellHeight : grid.cellWidth) - 6 - (upright && grid.cellHeight > 70 ? 14 : 0);
  const pile = pileOf({ n, cells, counts }, column, length);
  const { across, size } = abreast(pile.most, { w: pile.width * BAR, h: room, dot });
  const beside = Math.max(1, Math.floor((pile.axis.gutter * BAR) / size));
  const squeezed = Math.min(size, room / Math.max(1, Math.ceil(pile.missing / beside)));
  const next = new Uint32Array(pile.bins * counts.length);
  const [lefts, bottoms] = corners(grid);
  const x = new Float32Array(n).fill(NaN);
  const y = new Float32Array(n).fill(NaN);
  for (let at = 0; at < n; at++) {
    const i = sequence[at];
    const cell = cells[i];
    if (cell < 0) continue;
    const bin = pile.of[i];
    const slot = next[cell * pile.bins + bin]++;
    const wide = bin === 0 ? beside : across;
    const level = (slot / wide) | 0;
    const middle = bin === 0 ? pile.axis.gutter / 2 : pile.first + (bin - 0.5) * pile.width;
    const along = middle + (slot - level * wide + 0.5 - wide / 2) * size;
    const up = 3 + (level + 0.5) * (bin === 0 ? squeezed : size);
    x[i] = lefts[cell] + (upright ? along : up);
    y[i] = bottoms[cell] - (upright ? up : along);
  }
  return { x, y, size, grow: 1, axes: { x: upright ? pile.axis : null, y: upright ? null : pile.axis } };
}

/**
 * Bins of values along the axis of a cell: `of` each row (0 is for missing values), `first` where bin 1
 * begins, the `width` of each, and how many rows the fullest one holds. Whole numbers get a bin each if
 * there is room.
 */
function pileOf({ n, cells, counts }, column, length) {
  const least = Math.max(BAR_WIDTH, (length * counts.length) / MOST_BINS);
  const [low, high] = niceLimits(column.low, column.high);
  const single = column.integer && length / (high - low + 1) >= BAR_SINGLE;
  const axis = axisOf(column, cells, length, {
    size: 0,
    limits: single ? [low - 0.5, high + 0.5] : [low, high],
  });
  const step = single ? 1 : stepFor(axis.high - axis.low, length / least);
  const width = (step * axis.span) / (axis.high - axis.low);
  const bins = 1 + Math.max(1, Math.ceil(axis.span / width - 1e-6));
  const of = new Uint16Array(n);
  const filled = new Uint32Array(bins * counts.length);
  const pile = { bins, width, axis, of, first: axis.start, most: 0, missing: 0 };
  for (let i = 0; i < n; i++) {
    const cell = cells[i];
    if (cell < 0) continue;
    const value = column.v[i];
    let bin = 0;
    if (value === value)
      bin = Math.max(
        1,
        Math.min(bins - 1, 1 + Math.floor((value * axis.times + axis.plus - axis.start) / width + 1e-6)),
      );
    of[i] = bin;
    const held = ++filled[cell * bins + bin];
    if (bin === 0) pile.missing = Math.max(pile.missing, held);
    else if (held > pile.most) pile.most = held;
  }
  return pile;
}

/**
 * A scale inside cells of a length: position = stored value × times + plus, from the cell's start.
 *
 * `start` and `span` are where the scale lies, `gutter` the width of the strip for missing values.
 */
export function axisOf(column, cells, length, { size, limits = niceLimits(column.low, column.high) }) {
  const missing = anyMissing(column.v, cells);
  const gutter = missing ? Math.min(length * 0.2, Math.max(12, size * 2.2, length * 0.04)) : 0;
  const edge = Math.min(length * 0.1, size / 2 + 3);
  const start = gutter + edge;
  const span = length - start - edge;
  const [low, high] = limits;
  const times = (column.scale * span) / (high - low);
  const plus = start + ((column.offset - low) * span) / (high - low);
  return { column, low, high, start, span, gutter, times, plus };
}

function anyMissing(v, cells) {
  for (let i = 0; i < v.length; i++) if (v[i] !== v[i] && cells[i] >= 0) return true;
  return false;
}

/** A number in 0.15…0.85 that is always the same for a row: where it lies across a gutter. */
function spread(i) {
  return 0.15 + 0.7 * ((Math.imul(i + 1, 2654435761) >>> 8) / 16777216);
}

function corners(grid) {
  const across = grid.columns.count;
  const lefts = new Float64Array(across * grid.rows.count);
  const bottoms = new Float64Array(lefts.length);
  for (let cell = 0; cell < lefts.length; cell++) {
    lefts[cell] = grid.left(cell % across);
    bottoms[cell] = grid.top(Math.floor(cell / across)) + grid.cellHeight;
  }
  return [lefts, bottoms];
}

function mostOf(counts) {
  let most = 0;
  for (const count of counts) if (count > most) most = count;
  return most;
}
