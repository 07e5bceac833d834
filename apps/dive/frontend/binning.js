/** Buckets: which row of cells or column of cells a row of the data falls into. */

import { derive, isNumeric } from "./packets.js";

/** The key under which Python sends the edges of a column cut into `count` buckets. */
export function binsKey(name, count) {
  return `${name}|${count}`;
}

/**
 * Codes, labels and order of a column's buckets, (missing) last. Null if edges are not here yet.
 *
 * `exact` holds codes that Python counted itself, where comparing 32-bit floats would not be exact.
 */
export function bucketsOf(column, count, { spec, exact = null }) {
  if (isNumeric(column)) {
    if (!spec?.edges) return null;
    const key = `buckets ${count} ${spec.edges.join()} ${exact ? "exact" : ""}`;
    return derive(column, key, () => ({
      codes: exact ? exact.codes : numberBuckets(column, spec.edges, spec.labels.length - 1),
      labels: spec.labels,
      upward: true,
    }));
  }
  const map = spec?.map ?? null;
  if (!map && column.labels.length - 1 > count && !spec) return null;
  if (!map) return { codes: column.codes, labels: spec?.labels ?? column.labels, upward: false };
  return derive(column, `buckets ${count} ${map.join()}`, () => ({
    codes: mappedCodes(column.codes, map),
    labels: spec.labels,
    upward: false,
  }));
}

/** For each value, the count of inner edges at or below it; `missing` where there is no value. */
export function numberBuckets(column, edges, missing) {
  const { v, offset, scale } = column;
  const inner = Float32Array.from(edges.slice(1, -1), (edge) => (edge - offset) / scale);
  const codes = new Uint8Array(v.length);
  for (let i = 0; i < v.length; i++) {
    const value = v[i];
    if (value !== value) {
      codes[i] = missing;
      continue;
    }
    let low = 0;
    let high = inner.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (inner[middle] <= value) low = middle + 1;
      else high = middle;
    }
    codes[i] = low;
  }
  return codes;
}

function mappedCodes(codes, map) {
  const table = Uint16Array.from(map);
  const mapped = new Uint16Array(codes.length);
  for (let i = 0; i < codes.length; i++) mapped[i] = table[codes[i]];
  return mapped;
}
