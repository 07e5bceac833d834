/** Scales: round limits, ticks between two limits, and values as text. */

import { isNumeric } from "./packets.js";

const DAY = 86400000;
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTH_STEPS = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

/** The step of 1, 2 or 5 times a power of ten that cuts `span` into about `count` parts. */
export function stepFor(span, count) {
  const raw = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(raw));
  const times = raw / power;
  return power * (times > 7.07 ? 10 : times > 3.16 ? 5 : times > 1.41 ? 2 : 1);
}

/** Limits moved outward to round numbers; equal limits are opened by a half on both sides. */
export function niceLimits(low, high) {
  if (!(high > low)) return [low - 0.5, low + 0.5];
  const step = stepFor(high - low, 8);
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

/** About `count` ticks from low to high, each `{value, label}`. */
export function ticksBetween(low, high, count, kind) {
  if (!(high > low)) return [];
  return kind === "date" ? dateTicks(low, high, count) : numberTicks(low, high, count);
}

/** A number in a few characters: 1,234 · 0.0123 · 1.2M. */
export function shortNumber(value, step = 0) {
  const size = Math.abs(value);
  if (size >= 1e5 && (step === 0 || step >= 1000)) {
    const [unit, letter] = size >= 1e9 ? [1e9, "B"] : size >= 1e6 ? [1e6, "M"] : [1e3, "k"];
    return `${trimmed(value / unit, step / unit)}${letter}`;
  }
  if (size !== 0 && size < 1e-4) return value.toPrecision(2);
  return trimmed(value, step);
}

/** The step to which limits that lie `span` apart are rounded so that they can be told apart. */
export function roundingFor(span) {
  return span > 0 ? 10 ** (Math.floor(Math.log10(span)) - 1) : 0;
}

/** A count with thousands separated. */
export function countText(count) {
  return count.toLocaleString("en-US");
}

/** The date of a number of days since 1970. */
export function dateText(days) {
  const date = new Date(Math.round(days * DAY));
  return Number.isNaN(date.getTime()) ? "–" : date.toISOString().slice(0, 10);
}

/** A row's value in a column as text. */
export function valueText(column, row) {
  if (isNumeric(column)) {
    const value = column.offset + column.scale * column.v[row];
    if (Number.isNaN(value)) return "(missing)";
    if (column.kind === "date") return dateText(value);
    return column.integer ? countText(Math.round(value)) : plainNumber(value);
  }
  if (column.kind === "category") return column.labels[column.codes[row]];
  if (column.kind === "text") {
    return new TextDecoder().decode(column.bytes.subarray(column.offsets[row], column.offsets[row + 1]));
  }
  return "";
}

function plainNumber(value) {
  const rounded = Number(value.toPrecision(6));
  return Math.abs(rounded) >= 1e15
    ? rounded.toExponential()
    : rounded.toLocaleString("en-US", { maximumSignificantDigits: 6 });
}

function trimmed(value, step) {
  if (step > 0) {
    const digits = Math.max(0, Math.min(9, -Math.floor(Math.log10(step) + 1e-9)));
    return value.toLocaleString("en-US", { minimumFractionDigits: 0, maximumFractionDigits: digits });
  }
  return value.toLocaleString("en-US", { maximumSignificantDigits: 3 });
}

function numberTicks(low, high, count) {
  const step = stepFor(high - low, count);
  const ticks = [];
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  for (let at = first; at <= last; at++) {
    const value = at * step + 0;
    ticks.push({ value, label: shortNumber(value, step) });
  }
  return ticks;
}

function dateTicks(low, high, count) {
  const days = (high - low) / Math.max(1, count);
  if (days < 20) {
    const step = Math.max(1, stepFor(high - low, count));
    return numberTicks(low, high, (high - low) / step).map(({ value }) => ({
      value,
      label: dayLabel(value),
    }));
  }
  const step = MONTH_STEPS.find((months) => months * 30.4 >= days) ?? MONTH_STEPS.at(-1);
  const ticks = [];
  const start = new Date(low * DAY);
  let month = Math.floor((start.getUTCFullYear() * 12 + start.getUTCMonth()) / step) * step;
  for (; ; month += step) {
    const value = Date.UTC(Math.floor(month / 12), ((month % 12) + 12) % 12, 1) / DAY;
    if (value > high) return ticks;
    if (value >= low) ticks.push({ value, label: monthLabel(month, step) });
  }
}

function dayLabel(days) {
  const date = new Date(days * DAY);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

function monthLabel(month, step) {
  const year = Math.floor(month / 12);
  return step >= 12 ? String(year) : `${MONTHS[month % 12]} ${year}`;
}
