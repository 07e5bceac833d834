/**
 * Colours: what each row wears, on light and on dark paper.
 *
 *     category: a colour (and a shape) per level      number: SHADES shades, shown as STEPS steps
 */

import { derive, isNumeric } from "./packets.js";
import { dateText, roundingFor, shortNumber } from "./scales.js";

const SHADES = 60;
const STEPS = 5;
/** Red, green and blue of #RRGGBB or rgb(…). */
export function rgbOf(text) {
  if (text.startsWith("#")) {
    const long = text.length === 4 ? text.replace(/[^#]/g, "$&$&") : text;
    return [1, 3, 5].map((at) => parseInt(long.slice(at, at + 2), 16));
  }
  return text
    .match(/[\d.]+/g)
    .slice(0, 3)
    .map(Number);
}

/** A pixel of ImageData, as one little-endian number. */
export function pixelOf([red, green, blue]) {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

/** The colour that lies `part` of the way from one to another. */
export function mixed(from, to, part) {
  return from.map((value, i) => value + (to[i] - value) * part);
}

/** #RRGGBB of red, green and blue. */
export function hexOf(rgb) {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`.toUpperCase();
}

/** The colour at 0…1 along a ramp of stops. */
export function rampAt(stops, part) {
  const at = Math.max(0, Math.min(1, part)) * (stops.length - 1);
  const left = Math.min(Math.floor(at), stops.length - 2);
  return mixed(rgbOf(stops[left]), rgbOf(stops[left + 1]), at - left);
}

/** How light a colour looks, from 0 (black) to 1 (white). */
export function lightness(rgb) {
  const [red, green, blue] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/**
 * How rows are coloured: a code per row, a colour and shape per code, and levels for the legend.
 *
 * A level is `{label, first, last, colour, shape, missing}`: the codes from first to last belong to it.
 * Colours come from Python: a `palette`, `inks` for what it does not colour, `given` ones of levels.
 */
export function colouring(column, { palette, inks, dark = false, given = null, n = 0 }) {
  const paper = dark ? "dark" : "light";
  const ink = inks[paper];
  if (!column) {
    return { codes: plainCodes(n), colours: [ink.plain], shapes: null, levels: [], kind: "none" };
  }
  if (isNumeric(column)) return numberColouring(column, palette.ramp[paper], ink.missing);
  const missing = column.labels.length - 1;
  const levels = palette.levels[paper];
  const colours = column.labels.map((_, code) => (code < missing && levels[code]) || ink.grey);
  return levelColouring(column, given?.[paper] ?? colours, given?.shapes ?? null);
}

const onlyCodes = new Map();

function plainCodes(n) {
  if (!onlyCodes.has(n)) onlyCodes.set(n, new Uint8Array(n));
  return onlyCodes.get(n);
}

function numberColouring(column, ramp, missing) {
  const flat = !(column.high > column.low);
  const shade = (at) => hexOf(rampAt(ramp, at / (SHADES - 1)));
  const colours = Array.from({ length: SHADES }, (_, at) => shade(at));
  colours.push(missing);
  const rounding = roundingFor((column.high - column.low) / STEPS);
  const text =
    column.kind === "date"
      ? dateText
      : (value) => shortNumber(value, column.integer ? Math.max(1, rounding) : rounding);
  const bound = (step) => column.low + ((column.high - column.low) * step) / STEPS;
  const levels = flat
    ? [{ label: text(column.low), first: 0, last: SHADES - 1, colour: shade(0) }]
    : Array.from({ length: STEPS }, (_, step) => ({
        label: `${text(bound(step))} – ${text(bound(step + 1))}`,
        first: (step * SHADES) / STEPS,
        last: ((step + 1) * SHADES) / STEPS - 1,
        colour: shade(((step + 0.5) * SHADES) / STEPS),
      }));
  levels.push({
    label: "(missing)",
    first: SHADES,
    last: SHADES,
    colour: missing,
    missing: true,
  });
  return {
    codes: derive(column, "shades", () => shadesOf(column)),
    colours,
    shapes: null,
    levels,
    kind: "number",
  };
}

/** A shade per row, from 0 to SHADES - 1 over the range of the column; SHADES where missing. */
export function shadesOf({ v, offset, scale, low, high }) {
  const codes = new Uint8Array(v.length);
  const least = (low - offset) / scale;
  const times = high > low ? SHADES / ((high - low) / scale) : 0;
  for (let i = 0; i < v.length; i++) {
    const value = v[i];
    if (value !== value) codes[i] = SHADES;
    else codes[i] = Math.max(0, Math.min(SHADES - 1, (value - least) * times));
  }
  return codes;
}

function levelColouring(column, colours, shapes) {
  const levels = column.labels.map((label, code) => ({
    label,
    first: code,
    last: code,
    colour: colours[code],
    shape: shapes?.[code],
    missing: code === column.labels.length - 1,
  }));
  return { codes: column.codes, colours, shapes, levels, kind: "category" };
}
