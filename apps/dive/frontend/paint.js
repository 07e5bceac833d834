/** Painting one frame: the sheet of items, and over it labels, rings and the outline of a drag. */

import { mixed, pixelOf, rgbOf } from "./colour.js";
import { drawMarks, drawOnItems } from "./items.js";
import { drawLabels, insidePlot, tickRectangles } from "./labels.js";
import { blank, countItems, drawItems, heatOf, paintCounts, shadesFor } from "./raster.js";

const LARGEST_HEAT = 6;

/** Tints of a theme that items need, as pixels: paper, cells, gutters, lines and shades of a look. */
export function inksFor(theme, look, ramp, dark) {
  const paper = rgbOf(theme.paper);
  const text = rgbOf(theme.text);
  const cell = mixed(paper, text, dark ? 0.045 : 0.032);
  return {
    paper: pixelOf(paper),
    cell: pixelOf(cell),
    gutter: pixelOf(mixed(paper, text, 0.1)),
    line: pixelOf(mixed(paper, text, dark ? 0.13 : 0.1)),
    shades: shadesFor(look.colours, cell),
    heat: heatOf(ramp),
    ash: heatOf(dark ? ["#2E343C", "#6B7684"] : ["#DDE1E7", "#9AA3B0"]),
  };
}

/** An item's size in device pixels: whole tiles with a gap once there is room, never under one dot. */
export function deviceSize(exact, tiled, ratio) {
  if (exact < (tiled ? 4.99 : 4))
    return Math.max(1, tiled && exact > 2.99 ? Math.floor(exact + 0.01) : Math.ceil(exact - 0.05));
  const gap = tiled ? Math.max(1, Math.min(3 * ratio, exact * 0.08)) : 0;
  return Math.max(2, Math.round(exact - gap));
}

/** Draw all items; the answer is `{drawn, size, most}`. */
export function paintItems(sheet, scene) {
  const { plan, x, y, camera, ratio, inks, look, selected, selecting, density } = scene;
  blank(sheet, inks.paper, backgroundOf(scene));
  const at = { x, y, k: camera.k * ratio, dx: camera.x * ratio, dy: camera.y * ratio };
  const tiled = plan.grow === 1;
  const size = deviceSize(scene.size * ratio, tiled, ratio);
  if (density)
    return paintDensity(sheet, { at, size: Math.min(LARGEST_HEAT, size), inks, selected, selecting });
  const shapes = look.shapes ?? [tiled ? "tile" : "circle"];
  const wear = { codes: look.codes, levels: inks.shades.levels, shapes };
  const { vivid, washed } = inks.shades;
  const rest = selecting ? washed : vivid;
  let drawn = drawItems(sheet, {
    ...at,
    mask: selected,
    want: 0,
    size,
    look: { ...wear, shades: rest },
  });
  if (selecting)
    drawn += drawItems(sheet, {
      ...at,
      mask: selected,
      want: 1,
      size,
      look: { ...wear, shades: vivid },
    });
  return { drawn, size, most: 0 };
}

/** Draw everything that lies over the items. */
export function paintOverlay(pen, scene) {
  const { context, frame, ratio, theme } = pen;
  const { plan, titles, label, look, selected, selecting, marks, outline, moving, density } = scene;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(
    0,
    0,
    frame.left + frame.width + frame.right,
    frame.top + frame.height + frame.bottom,
  );
  if (!moving && !density) drawOnItems(pen, { plan, column: label, look, selected, selecting });
  drawLabels(pen, { plan, titles });
  drawMarks(pen, { plan, x: scene.x, y: scene.y, marks });
  if (!outline) return;
  insidePlot(pen, () => {
    context.beginPath();
    for (let at = 0; at < outline.length; at += 2)
      context.lineTo(frame.left + outline[at], frame.top + outline[at + 1]);
    context.closePath();
    context.fillStyle = theme.primary;
    context.globalAlpha = 0.12;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = theme.primary;
    context.lineWidth = 1.5;
    context.stroke();
  });
}

function paintDensity(sheet, { at, size, inks, selected, selecting }) {
  let most = countItems(sheet, { ...at, mask: selected, want: 0, size });
  paintCounts(sheet, most, selecting ? inks.ash : inks.heat);
  if (selecting) {
    most = countItems(sheet, { ...at, mask: selected, want: 1, size });
    paintCounts(sheet, most, inks.heat);
  }
  return { drawn: 0, size, most };
}

function backgroundOf({ plan, camera, ratio, inks, frame }) {
  const { grid, axes } = plan;
  const rectangles = [];
  const k = camera.k * ratio;
  const dx = camera.x * ratio;
  const dy = camera.y * ratio;
  for (let row = 0; row < grid.rows.count; row++) {
    const top = grid.top(row) * k + dy;
    const bottom = top + grid.cellHeight * k;
    if (bottom < 0 || top > frame.height * ratio) continue;
    for (let column = 0; column < grid.columns.count; column++) {
      const left = grid.left(column) * k + dx;
      const right = left + grid.cellWidth * k;
      if (right < 0 || left > frame.width * ratio) continue;
      rectangles.push([left, top, right, bottom, inks.cell]);
      if (axes.x?.gutter) rectangles.push([left, top, left + axes.x.gutter * k, bottom, inks.gutter]);
      if (axes.y?.gutter)
        rectangles.push([left, bottom - axes.y.gutter * k, right, bottom, inks.gutter]);
    }
  }
  return rectangles.concat(tickRectangles({ frame, camera, ratio }, plan, inks.line));
}
