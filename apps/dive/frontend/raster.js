/**
 * The rasteriser: items as pixels of a canvas, and beside them which row is under each pixel.
 *
 *     Float32 x, y ──camera──▶ Uint32 pixels + Int32 ids (or counts, for density) ──▶ putImageData
 */

import { mixed, pixelOf, rampAt, rgbOf } from "./colour.js";
import { stampOf, STEPS_OF_EDGE } from "./stamps.js";

const WASHED = 0.26;
const HEAT = 256;

/** A canvas of width × height device pixels, its ids and, for density, its counts. */
export function sheetOf(width, height) {
  const image = new ImageData(width, height);
  return {
    width,
    height,
    image,
    pixels: new Uint32Array(image.data.buffer),
    ids: new Int32Array(width * height),
    counts: null,
  };
}

/** Colours of codes as pixels: `vivid[step × levels + code]` from paper to full, and washed out. */
export function shadesFor(colours, paper) {
  const levels = colours.length;
  const vivid = new Uint32Array((STEPS_OF_EDGE + 1) * levels);
  const washed = new Uint32Array(vivid.length);
  colours.forEach((colour, code) => {
    const full = rgbOf(colour);
    const pale = mixed(paper, full, WASHED);
    for (let step = 0; step <= STEPS_OF_EDGE; step++) {
      vivid[step * levels + code] = pixelOf(mixed(paper, full, step / STEPS_OF_EDGE));
      washed[step * levels + code] = pixelOf(mixed(paper, pale, step / STEPS_OF_EDGE));
    }
  });
  return { levels, vivid, washed };
}

/** Blank the sheet, and fill rectangles `[left, top, right, bottom, pixel]` (device pixels). */
export function blank(sheet, paper, rectangles) {
  sheet.pixels.fill(paper);
  sheet.ids.fill(-1);
  const { width, height } = sheet;
  for (const [left, top, right, bottom, pixel] of rectangles) {
    const from = Math.max(0, Math.round(left));
    const to = Math.min(width, Math.round(right));
    if (from >= to) continue;
    for (let row = Math.max(0, Math.round(top)); row < Math.min(height, Math.round(bottom)); row++) {
      sheet.pixels.fill(pixel, row * width + from, row * width + to);
    }
  }
}

/**
 * Draw the rows whose mask equals `want`.
 *
 * `x`, `y` are centres in the world, `k`, `dx`, `dy` the camera in device pixels, `size` an item's size
 * in device pixels, `look` its `codes`, `shades` (vivid or washed), `levels` and shape per code or one.
 */
export function drawItems(sheet, { x, y, mask, want, k, dx, dy, size, look }) {
  if (size <= 2 || (size === 3 && look.shapes[0] !== "tile"))
    return drawDots(sheet, { x, y, mask, want, k, dx, dy, size, look });
  const stamps = look.shapes.map((shape) => offsets(stampOf(shape, size), sheet.width));
  const single = stamps.length === 1 ? stamps[0] : null;
  const { width, height, pixels, ids } = sheet;
  const { codes, shades, levels } = look;
  const half = size / 2;
  let drawn = 0;
  for (let i = 0; i < x.length; i++) {
    if (mask[i] !== want) continue;
    const left = x[i] * k + dx - half;
    const top = y[i] * k + dy - half;
    if (!(left > -size && top > -size && left < width && top < height)) continue;
    const code = codes[i];
    const stamp = single ?? stamps[code];
    const from = Math.round(left);
    const above = Math.round(top);
    drawn++;
    if (from < 0 || above < 0 || from + size > width || above + size > height) {
      drawClipped(sheet, { stamp, from, above, shades, levels, code, row: i });
      continue;
    }
    const at = above * width + from;
    const { offset, step } = stamp;
    for (let p = 0; p < offset.length; p++) {
      const place = at + offset[p];
      pixels[place] = shades[step[p] * levels + code];
      ids[place] = i;
    }
  }
  return drawn;
}

function drawDots(sheet, { x, y, mask, want, k, dx, dy, size, look }) {
  const { width, height, pixels, ids } = sheet;
  const { codes, shades, levels } = look;
  const full = STEPS_OF_EDGE * levels;
  const shiftX = dx - (size - 1) / 2;
  const shiftY = dy - (size - 1) / 2;
  const right = width - size + 1;
  const bottom = height - size + 1;
  let drawn = 0;
  for (let i = 0; i < x.length; i++) {
    if (mask[i] !== want) continue;
    const left = x[i] * k + shiftX;
    const top = y[i] * k + shiftY;
    if (!(left >= 0 && top >= 0 && left < right && top < bottom)) continue;
    const colour = shades[full + codes[i]];
    let at = (top | 0) * width + (left | 0);
    drawn++;
    for (let row = 0; row < size; row++, at += width) {
      pixels[at] = colour;
      ids[at] = i;
      if (size === 1) continue;
      pixels[at + 1] = colour;
      ids[at + 1] = i;
      if (size === 2) continue;
      pixels[at + 2] = colour;
      ids[at + 2] = i;
    }
  }
  return drawn;
}

/** Count the rows per pixel whose mask equals `want`; the most on one pixel. */
export function countItems(sheet, { x, y, mask, want, k, dx, dy, size }) {
  const { width, height, ids } = sheet;
  sheet.counts ??= new Uint32Array(width * height);
  const counts = sheet.counts.fill(0);
  const shiftX = dx - (size - 1) / 2;
  const shiftY = dy - (size - 1) / 2;
  const right = width - size + 1;
  const bottom = height - size + 1;
  let most = 0;
  for (let i = 0; i < x.length; i++) {
    if (mask[i] !== want) continue;
    const left = x[i] * k + shiftX;
    const top = y[i] * k + shiftY;
    if (!(left >= 0 && top >= 0 && left < right && top < bottom)) continue;
    const start = (top | 0) * width + (left | 0);
    for (let row = 0; row < size; row++) {
      for (let at = start + row * width, end = at + size; at < end; at++) {
        const count = ++counts[at];
        ids[at] = i;
        if (count > most) most = count;
      }
    }
  }
  return most;
}

/** Paint counts by the logarithm of their share of the most. */
export function paintCounts(sheet, most, heat) {
  const { pixels, counts } = sheet;
  const times = (HEAT - 1) / Math.log1p(Math.max(1, most));
  const table = new Uint32Array(Math.min(most, 65535) + 1);
  for (let count = 1; count < table.length; count++)
    table[count] = heat[(Math.log1p(count) * times) | 0];
  for (let at = 0; at < counts.length; at++) {
    const count = counts[at];
    if (count) pixels[at] = count < table.length ? table[count] : heat[(Math.log1p(count) * times) | 0];
  }
}

/** The pixels of a ramp from few to many. */
export function heatOf(stops) {
  return Uint32Array.from({ length: HEAT }, (_, at) => pixelOf(rampAt(stops, at / (HEAT - 1))));
}

/** Positions on the way from one plan to another. */
export function blend(out, from, to, part) {
  const rest = 1 - part;
  for (let i = 0; i < out.length; i++) out[i] = from[i] * rest + to[i] * part;
}

/** How many pixels of the sheet show an item. */
export function inked(sheet) {
  let count = 0;
  for (let i = 0; i < sheet.ids.length; i++) if (sheet.ids[i] >= 0) count++;
  return count;
}

/** The row at a device pixel, or the nearest within `reach` pixels outward; -1 if none. */
export function pick({ ids, width, height }, x, y, reach) {
  let best = -1;
  let nearest = (reach + 0.5) ** 2;
  for (let row = Math.max(0, y - reach); row <= Math.min(height - 1, y + reach); row++) {
    for (let column = Math.max(0, x - reach); column <= Math.min(width - 1, x + reach); column++) {
      const away = (column - x) ** 2 + (row - y) ** 2;
      const id = ids[row * width + column];
      if (id < 0 || away >= nearest) continue;
      nearest = away;
      best = id;
    }
  }
  return best;
}

function offsets(stamp, width) {
  const { dx, dy, step, size } = stamp;
  const offset = new Int32Array(dx.length);
  for (let p = 0; p < offset.length; p++) offset[p] = dy[p] * width + dx[p];
  return { dx, dy, step, size, offset };
}

function drawClipped({ width, height, pixels, ids }, { stamp, from, above, shades, levels, code, row }) {
  const { dx, dy, step } = stamp;
  for (let p = 0; p < dx.length; p++) {
    const column = from + dx[p];
    const line = above + dy[p];
    if (column < 0 || line < 0 || column >= width || line >= height) continue;
    const place = line * width + column;
    pixels[place] = shades[step[p] * levels + code];
    ids[place] = row;
  }
}
