/** What is drawn on single items once they are large: words, pictures, rings around marked ones. */

import { itemSize } from "./camera.js";
import { lightness, rgbOf } from "./colour.js";
import { fitted, insidePlot } from "./labels.js";
import { valueText } from "./scales.js";

const WORDS_FROM = 24;
const PICTURES_FROM = 10;
const MOST_ITEMS = 6000;

/** Rows whose item touches the screen; null if there are more than can be labelled. */
export function itemsOnScreen(x, y, { camera, frame, size, most = MOST_ITEMS }) {
  const reach = size / 2 / camera.k;
  const left = -camera.x / camera.k - reach;
  const top = -camera.y / camera.k - reach;
  const right = (frame.width - camera.x) / camera.k + reach;
  const bottom = (frame.height - camera.y) / camera.k + reach;
  const rows = [];
  for (let i = 0; i < x.length; i++) {
    if (!(x[i] > left && x[i] < right && y[i] > top && y[i] < bottom)) continue;
    if (rows.length === most) return null;
    rows.push(i);
  }
  return rows;
}

/** Draw the label column on the items, where they are large enough; whether it did. */
export function drawOnItems(pen, { plan, column, look, selected, selecting }) {
  const size = itemSize(plan, pen.camera);
  const picture = column?.kind === "image";
  if (!column || size < (picture ? PICTURES_FROM : WORDS_FROM) || (picture && !column.atlas))
    return false;
  const rows = itemsOnScreen(plan.x, plan.y, { ...pen, size });
  if (!rows) return false;
  insidePlot(pen, () => {
    const draw = picture ? drawPicture : drawWord;
    for (const row of rows) {
      const x = pen.frame.left + plan.x[row] * pen.camera.k + pen.camera.x;
      const y = pen.frame.top + plan.y[row] * pen.camera.k + pen.camera.y;
      pen.context.globalAlpha = selecting && !selected[row] ? 0.3 : 1;
      draw(pen, {
        column,
        row,
        x,
        y,
        size,
        colour: look.colours[look.codes[row]],
        faded: selecting && !selected[row],
      });
    }
    pen.context.globalAlpha = 1;
  });
  return true;
}

/** Decode the atlas of an image column once; `done` is called when it is there. */
export function openAtlas(column, done) {
  if (column?.kind !== "image" || column.opening) return;
  column.opening = createImageBitmap(new Blob([column.png], { type: "image/png" })).then(
    (atlas) => {
      column.atlas = atlas;
      done();
    },
    () => {},
  );
}

/** Draw rings around the pinned row (double circle) and the focused one (dashed square). */
export function drawMarks(pen, { plan, x, y, marks }) {
  const size = Math.max(5, itemSize(plan, pen.camera));
  insidePlot(pen, () => {
    for (const { row, as } of marks) {
      if (row === null || row === undefined || !(x[row] === x[row])) continue;
      const at = {
        x: pen.frame.left + x[row] * pen.camera.k + pen.camera.x,
        y: pen.frame.top + y[row] * pen.camera.k + pen.camera.y,
      };
      drawMark(pen, at, size, as);
    }
  });
}

function drawMark(pen, at, size, as) {
  const { context, theme } = pen;
  const radius = size * 0.72 + 3;
  const outline = () => {
    context.beginPath();
    if (as === "focused") context.rect(at.x - radius, at.y - radius, radius * 2, radius * 2);
    else {
      context.arc(at.x, at.y, radius, 0, 7);
      context.moveTo(at.x + radius + 4, at.y);
      context.arc(at.x, at.y, radius + 4, 0, 7);
    }
  };
  outline();
  context.strokeStyle = theme.paper;
  context.lineWidth = 5;
  context.stroke();
  outline();
  context.setLineDash(as === "focused" ? [4, 3] : []);
  context.strokeStyle = as === "focused" ? theme.primary : theme.text;
  context.lineWidth = 2;
  context.stroke();
  context.setLineDash([]);
  if (as === "focused") return;
  context.font = `600 10.5px ${theme.font}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  const right = at.x + radius + 8;
  const wide = context.measureText(as).width;
  const left = right + wide > pen.frame.left + pen.frame.width ? at.x - radius - 8 - wide : right;
  context.strokeStyle = theme.paper;
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeText(as, left, at.y);
  context.fillStyle = theme.text;
  context.fillText(as, left, at.y);
}

function drawWord({ context, theme }, { column, row, x, y, size, colour, faded }) {
  const font = Math.min(14, Math.max(8.5, size * 0.3));
  context.font = `${font}px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = faded ? theme.text : lightness(rgbOf(colour)) > 0.36 ? "#14171C" : "#FFFFFF";
  const lines = wrapped(context, valueText(column, row), {
    width: size * 0.84,
    most: Math.floor((size * 0.86) / (font * 1.15)),
  });
  lines.forEach((line, at) =>
    context.fillText(line, x, y + (at - (lines.length - 1) / 2) * font * 1.15),
  );
}

/** Text broken at spaces and hyphens into at most so many lines of a width; the last may be cut. */
export function wrapped(context, text, { width, most }) {
  const lines = [];
  for (const part of text.match(/[^\s-]+-?/g) ?? []) {
    const last = lines.at(-1);
    const joined = last?.endsWith("-") ? last + part : `${last} ${part}`;
    if (last !== undefined && (lines.length === most || context.measureText(joined).width <= width))
      lines[lines.length - 1] = joined;
    else lines.push(part);
  }
  return lines.map((line) => fitted(context, line, width));
}

function drawPicture({ context }, { column, row, x, y, size }) {
  const at = column.tiles[row];
  if (at < 0) return;
  const { tile, across, atlas } = column;
  const side = size * (size > 20 ? 0.82 : 0.9);
  context.imageSmoothingEnabled = size < tile * 3;
  context.drawImage(
    atlas,
    (at % across) * tile,
    Math.floor(at / across) * tile,
    tile,
    tile,
    x - side / 2,
    y - side / 2,
    side,
    side,
  );
}
