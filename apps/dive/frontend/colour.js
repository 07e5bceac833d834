/**
 * Colours: what each row wears, on light and on dark paper.
 *
 *     category: a colour (and a shape) per level      number: SHADES shades, shown as STEPS steps
 */

import { derive, isNumeric } from "./packets.js";
import { dateText, roundingFor, shortNumber } from "./scales.js";

const SHADES = 60;
const STEPS = 5;
const GREYS = { light: "#7C8594", dark: "#8A94A3" };
const MISSING = { light: "#A8431F", dark: "#DD5A26" };
const PLAIN = { light: "#1F66C7", dark: "#4789EA" };

/** The palettes to choose from: colours of levels, and the ends (or stops) of a ramp of numbers. */
export const PALETTES = {
  standard: {
    title: "Standard",
    levels: {
      light: ["#1F66C7", "#A8431F", "#10A372", "#9D6FB4", "#B98A00", "#0B5468"],
      dark: ["#4789EA", "#DD5A26", "#67E8BB", "#A074A0", "#F8B23E", "#5CC0DC"],
    },
    ramp: { light: ["#B4CDF0", "#5C86C4", "#0B3F8A"], dark: ["#24466F", "#6C93C9", "#CFE1FB"] },
  },
  bright: {
    title: "Bright",
    levels: {
      light: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C8200"],
      dark: ["#56B4E9", "#E8762B", "#1DBF92", "#DB93BA", "#F0B429", "#2F8FD0", "#F0E442"],
    },
    ramp: { light: ["#E3D24B", "#7C7B78", "#00306F"], dark: ["#1B4A86", "#7C7B78", "#FDEA45"] },
  },
  warm: {
    title: "Warm",
    levels: {
      light: ["#8C2D04", "#E6860B", "#C2185B", "#F2B705", "#6D4C41", "#F0647C"],
      dark: ["#C9552B", "#F29A38", "#E0538A", "#F7CB4D", "#A98274", "#F79AA8"],
    },
    ramp: { light: ["#F6C98A", "#DB6A3B", "#6E1322"], dark: ["#5B2038", "#D9663F", "#FBDFA8"] },
  },
  cool: {
    title: "Cool",
    levels: {
      light: ["#0B4F8A", "#19A7B8", "#4B3F9E", "#2E8B57", "#7FA7D9", "#0E6F6A"],
      dark: ["#4C93D9", "#3CCBDB", "#8F83E0", "#57C488", "#A9C8EE", "#2FA39C"],
    },
    ramp: { light: ["#AEDDD0", "#3C97A8", "#253A7A"], dark: ["#28406F", "#3C9CA9", "#C7F0E2"] },
  },
};

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

/** The ramp of a palette on light or dark paper. */
export function rampOf(palette, dark) {
  return (PALETTES[palette] ?? PALETTES.standard).ramp[dark ? "dark" : "light"];
}

/**
 * How rows are coloured: a code per row, a colour and shape per code, and levels for the legend.
 *
 * A level is `{label, first, last, colour, shape, missing}`: the codes from first to last belong to it.
 */
export function colouring(
  column,
  { palette = "standard", dark = false, given = null, defaults = null, n = 0 } = {},
) {
  const paper = dark ? "dark" : "light";
  if (!column) {
    return { codes: plainCodes(n), colours: [PLAIN[paper]], shapes: null, levels: [], kind: "none" };
  }
  if (isNumeric(column)) return numberColouring(column, palette, paper);
  return levelColouring(column, palette, paper, given, defaults);
}

const onlyCodes = new Map();

function plainCodes(n) {
  if (!onlyCodes.has(n)) onlyCodes.set(n, new Uint8Array(n));
  return onlyCodes.get(n);
}

function numberColouring(column, palette, paper) {
  const ramp = rampOf(palette, paper === "dark");
  const flat = !(column.high > column.low);
  const shade = (at) => hexOf(rampAt(ramp, at / (SHADES - 1)));
  const colours = Array.from({ length: SHADES }, (_, at) => shade(at));
  colours.push(MISSING[paper]);
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
    colour: MISSING[paper],
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

function levelColouring(column, palette, paper, given, defaults) {
  const standard = palette === "standard" || !(palette in PALETTES);
  const own = standard ? given?.[paper] : null;
  const cycle =
    (standard && defaults?.[paper]) || (PALETTES[palette] ?? PALETTES.standard).levels[paper];
  const missing = column.labels.length - 1;
  const colours = column.labels.map((_, code) => {
    if (own) return own[code] ?? GREYS[paper];
    return (code < missing ? cycle[code] : null) ?? GREYS[paper];
  });
  const shapes = given?.shapes ?? null;
  const levels = column.labels.map((label, code) => ({
    label,
    first: code,
    last: code,
    colour: colours[code],
    shape: shapes?.[code],
    missing: code === missing,
  }));
  return { codes: column.codes, colours, shapes, levels, kind: "category" };
}
