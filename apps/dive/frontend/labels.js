/**
 * Labels: names of buckets, ticks and counts around and over the cells, readable at any zoom.
 *
 *     left of the plot    title │ row names │ axis title │ ticks        each name stands in the middle of
 *     below it            ticks / axis title / column names / title     what is on screen of its cells
 */

import { countText, ticksBetween } from "./scales.js";

const TEXT = 11.5;
const SMALL = 10.5;
const LINE = 15;
const TICKS_WIDE = 40;
const TICK_APART = { across: 46, acrossRoomy: 68, acrossDates: 74, up: 36 };

/** The room around the plot that labels need: `{left, right, top, bottom}` in pixels. */
export function roomFor({ context, theme, rowLabels, columnLabels, xAxis, yAxis }) {
  context.font = `${TEXT}px ${theme.font}`;
  const widest = rowLabels.reduce((most, label) => Math.max(most, context.measureText(label).width), 0);
  const left =
    (rowLabels.length ? Math.min(130, widest) + 8 + LINE : 0) + (yAxis ? TICKS_WIDE + LINE : 0);
  const bottom = (columnLabels.length ? 2 * LINE + 3 : 0) + (xAxis ? 2 * LINE + 1 : 0);
  return { left: Math.ceil(left) + 6, right: 8, top: 6, bottom: bottom + 6 };
}

/** Draw all labels of a plan as the camera sees it. */
export function drawLabels(pen, { plan, titles }) {
  const { context, frame, theme } = pen;
  context.textBaseline = "middle";
  const { columns, rows } = spansIn(plan.grid, pen);
  insidePlot(pen, () => {
    drawGutterWords(pen, plan, columns, rows);
    if (rows.count * columns.count > 1) drawCounts(pen, plan, columns, rows);
  });
  let below = frame.top + frame.height + 4;
  if (plan.axes.x) {
    drawTicksBelow(pen, plan, columns, below);
    word(pen, titles.x, frame.left + frame.width / 2, below + LINE * 1.5, {
      width: frame.width,
      colour: theme.quiet,
    });
    below += 2 * LINE + 1;
  }
  if (columns.names) drawNamesBelow(pen, columns, below, titles.column);
  let beside = frame.left - 4;
  if (plan.axes.y) {
    drawTicksBeside(pen, plan, rows, beside);
    upright(pen, titles.y, beside - TICKS_WIDE - LINE / 2, frame.top + frame.height / 2);
    beside -= TICKS_WIDE + LINE;
  }
  if (rows.names) drawNamesBeside(pen, rows, beside, titles.row);
}

/** Lines of the ticks across the cells, as rectangles of device pixels to be filled under the items. */
export function tickRectangles({ frame, camera, ratio }, plan, pixel) {
  const { grid, axes } = plan;
  if (!axes.x && !axes.y) return [];
  const { columns, rows } = spansIn(grid, { camera, frame });
  const thin = Math.max(1, Math.round(ratio));
  const rectangles = [];
  for (const column of axes.x ? columns.seen : []) {
    for (const { at } of ticksAcross(axes.x, column, camera.k)) {
      const left = Math.round(at * ratio);
      for (const row of rows.seen)
        rectangles.push([left, row.from * ratio, left + thin, row.to * ratio, pixel]);
    }
  }
  for (const row of axes.y ? rows.seen : []) {
    for (const { at } of ticksOf(axes.y, row, camera.k, TICK_APART.up, true)) {
      const top = Math.round(at * ratio);
      for (const column of columns.seen)
        rectangles.push([column.from * ratio, top, column.to * ratio, top + thin, pixel]);
    }
  }
  return rectangles;
}

/** Run `draw` with everything outside the plot cut off. */
export function insidePlot({ context, frame }, draw) {
  context.save();
  context.beginPath();
  context.rect(frame.left, frame.top, frame.width, frame.height);
  context.clip();
  draw();
  context.restore();
}

/** The ticks of an axis in one cell, with their place on the screen, about `apart` pixels apart. */
export function ticksOf(axis, span, k, apart, turned = false) {
  const length = span.end - span.begin;
  const place = (value) => {
    const along = (axis.start + ((value - axis.low) / (axis.high - axis.low)) * axis.span) * k;
    return turned ? span.end - along : span.begin + along;
  };
  const valueAt = (at) => {
    const along = (turned ? span.end - at : at - span.begin) / k;
    return axis.low + ((along - axis.start) / axis.span) * (axis.high - axis.low);
  };
  const ends = [valueAt(span.from), valueAt(span.to)].sort((a, b) => a - b);
  const low = Math.max(axis.low, ends[0]);
  const high = Math.min(axis.high, ends[1]);
  const room = Math.abs(place(high) - place(low));
  if (length < apart * 0.6 || room < apart * 0.4) return [];
  const ticks = ticksBetween(low, high, Math.max(1, Math.floor(room / apart)), axis.column.kind);
  return ticks.map(({ value, label }) => ({ at: place(value), label }));
}

/** The parts of cells along one side that are on the screen: `seen`, `{place, begin, end, from, to}` each. */
export function spansOf(places, start, length, k, shift, limit) {
  const seen = [];
  for (let place = 0; place < places.count; place++) {
    const begin = start(place) * k + shift;
    const end = begin + length * k;
    const from = Math.max(0, begin);
    const to = Math.min(limit, end);
    if (to > from) seen.push({ place, begin, end, from, to });
  }
  return { seen, count: places.count, names: places.place ? places.labels : null };
}

/** Text cut to a width, with … at the end. */
export function fitted(context, text, width) {
  if (context.measureText(text).width <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (context.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return low === 0 ? "" : `${text.slice(0, low).trimEnd()}…`;
}

function spansIn(grid, { camera, frame }) {
  return {
    columns: spansOf(grid.columns, grid.left, grid.cellWidth, camera.k, camera.x, frame.width),
    rows: spansOf(grid.rows, grid.top, grid.cellHeight, camera.k, camera.y, frame.height),
  };
}

function ticksAcross(axis, span, k) {
  const { acrossDates, across, acrossRoomy } = TICK_APART;
  const apart =
    axis.column.kind === "date" ? acrossDates : span.to - span.from < 240 ? across : acrossRoomy;
  return ticksOf(axis, span, k, apart);
}

function drawNamesBelow(pen, columns, below, title) {
  const { frame, theme } = pen;
  const pitch = columns.seen.length > 1 ? columns.seen[1].begin - columns.seen[0].begin : Infinity;
  const every = Math.max(1, Math.ceil(26 / pitch));
  for (const span of columns.seen) {
    if (span.place % every) continue;
    const middle = frame.left + (span.from + span.to) / 2;
    const width = Math.min(every === 1 ? span.to - span.from + 4 : pitch * every - 2, frame.width);
    word(pen, columns.names[span.place], middle, below + LINE / 2, { width });
  }
  word(pen, title, frame.left + frame.width / 2, below + LINE * 1.5, {
    width: frame.width,
    colour: theme.quiet,
  });
}

function drawNamesBeside(pen, rows, beside, title) {
  const { frame } = pen;
  const pitch = rows.seen.length > 1 ? rows.seen[1].begin - rows.seen[0].begin : Infinity;
  const every = Math.max(1, Math.ceil(13 / pitch));
  const width = beside - LINE - 6;
  for (const span of rows.seen) {
    if (span.place % every || (every === 1 && span.to - span.from < 9)) continue;
    word(pen, rows.names[span.place], beside - 2, frame.top + (span.from + span.to) / 2, {
      width,
      align: "right",
    });
  }
  upright(pen, title, LINE / 2 + 1, frame.top + frame.height / 2);
}

function drawTicksBelow(pen, plan, columns, below) {
  const { context, frame, theme, camera } = pen;
  for (const span of columns.seen) {
    let free = -Infinity;
    for (const { at, label } of ticksAcross(plan.axes.x, span, camera.k)) {
      context.font = `${SMALL}px ${theme.font}`;
      const half = context.measureText(label).width / 2;
      const middle = Math.max(span.from + half, Math.min(span.to - half, at));
      if (middle - half < free + 6) continue;
      free = middle + half;
      word(pen, label, frame.left + middle, below + LINE / 2 - 1, { size: SMALL });
    }
  }
}

function drawTicksBeside(pen, plan, rows, beside) {
  const { frame, camera } = pen;
  for (const span of rows.seen) {
    for (const { at, label } of ticksOf(plan.axes.y, span, camera.k, TICK_APART.up, true)) {
      const middle = Math.max(span.from + 6, Math.min(span.to - 6, at));
      word(pen, label, beside - 2, frame.top + middle, {
        size: SMALL,
        align: "right",
        width: TICKS_WIDE,
      });
    }
  }
}

function drawCounts(pen, plan, columns, rows) {
  const { context, frame, theme } = pen;
  context.lineJoin = "round";
  context.strokeStyle = theme.paper;
  for (const row of rows.seen) {
    for (const column of columns.seen) {
      const wide = column.to - column.from;
      if (wide < 30 || row.to - row.from < 22) continue;
      const count = plan.counts[row.place * columns.count + column.place];
      context.font = `${SMALL}px ${theme.font}`;
      const text = countText(count);
      if (context.measureText(text).width > wide - 6) continue;
      context.lineWidth = 3;
      const right = Boolean(plan.axes.y) && !plan.axes.x;
      context.textAlign = right ? "right" : "left";
      const left = frame.left + (right ? column.to - 5 : column.from + 5);
      const line = frame.top + row.from + 10;
      context.globalAlpha = count ? 1 : 0.5;
      context.strokeText(text, left, line);
      context.fillStyle = theme.text;
      context.fillText(text, left, line);
      context.globalAlpha = 1;
    }
  }
}

function drawGutterWords(pen, plan, columns, rows) {
  const { context, frame, camera, theme } = pen;
  const { x, y } = plan.axes;
  for (const row of rows.seen) {
    for (const column of columns.seen) {
      const tall = row.to - row.from;
      const wide = column.to - column.from;
      if (x?.gutter && tall > 70 && column.begin > -20) {
        const middle = frame.left + column.begin + (x.gutter * camera.k) / 2;
        context.save();
        context.translate(middle, frame.top + (row.from + row.to) / 2);
        context.rotate(-Math.PI / 2);
        word(pen, "missing", 0, 0, { size: 9.5, colour: theme.quiet, halo: true });
        context.restore();
      }
      if (y?.gutter && wide > 70 && row.end < frame.height + 20) {
        const line = frame.top + row.end - (y.gutter * camera.k) / 2;
        word(pen, "missing", frame.left + (column.from + column.to) / 2, line, {
          size: 9.5,
          colour: theme.quiet,
          halo: true,
        });
      }
    }
  }
}

function word(
  { context, theme },
  text,
  x,
  y,
  { size = TEXT, align = "center", width = Infinity, colour = theme.text, halo = false } = {},
) {
  context.font = `${size}px ${theme.font}`;
  context.textAlign = align;
  const shown = width === Infinity ? text : fitted(context, text, width);
  if (halo) {
    context.lineJoin = "round";
    context.lineWidth = 3;
    context.strokeStyle = theme.paper;
    context.strokeText(shown, x, y);
  }
  context.fillStyle = colour;
  context.fillText(shown, x, y);
}

function upright(pen, text, x, y) {
  const { context, frame, theme } = pen;
  context.save();
  context.translate(x, y);
  context.rotate(-Math.PI / 2);
  word(pen, text, 0, 0, { width: frame.height, colour: theme.quiet });
  context.restore();
}
