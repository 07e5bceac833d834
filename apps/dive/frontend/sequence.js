/** Sequences: all rows in the order of colour, and within a colour in the order of a column. O(n). */

import { derive, isNumeric } from "./packets.js";

/** Rows 0…n-1 ordered by code, keeping the order of `rows` among equals (a counting sort). */
export function orderedByCode(rows, codes, levels) {
  const starts = new Uint32Array(levels + 1);
  for (let i = 0; i < codes.length; i++) starts[codes[i] + 1]++;
  for (let level = 0; level < levels; level++) starts[level + 1] += starts[level];
  const order = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    order[starts[codes[row]]++] = row;
  }
  return order;
}

/** Rows ordered by a column, missing values last; kept with the column. */
export function orderedBy(column) {
  if (isNumeric(column)) return derive(column, "order", () => orderedByNumber(column.v));
  return derive(column, "order", () =>
    orderedByCode(counting(column.n), column.codes, column.labels.length),
  );
}

/** Rows 0…n-1. */
export function counting(n) {
  const rows = new Uint32Array(n);
  for (let i = 0; i < n; i++) rows[i] = i;
  return rows;
}

/** Rows in ascending order of 32-bit floats, NaN last: three passes over 11 bits each. */
export function orderedByNumber(values) {
  const n = values.length;
  const bits = new Uint32Array(values.buffer, values.byteOffset, n);
  const keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const value = values[i];
    const bit = bits[i];
    if (value !== value) keys[i] = 0xffffffff;
    else if (value === 0) keys[i] = 0x80000000;
    else keys[i] = bit >>> 31 ? ~bit : bit | 0x80000000;
  }
  let rows = counting(n);
  for (const shift of [0, 11, 22]) rows = passOver(rows, keys, shift);
  return rows;
}

function passOver(rows, keys, shift) {
  const starts = new Uint32Array(2049);
  for (let i = 0; i < keys.length; i++) starts[((keys[i] >>> shift) & 2047) + 1]++;
  for (let digit = 0; digit < 2048; digit++) starts[digit + 1] += starts[digit];
  const order = new Uint32Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    order[starts[(keys[row] >>> shift) & 2047]++] = row;
  }
  return order;
}
