/** Buckets and sequences against slow, obvious versions of themselves. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bucketsOf, numberBuckets } from "../../../apps/dive/frontend/binning.js";
import { counting, orderedByCode, orderedByNumber } from "../../../apps/dive/frontend/sequence.js";
import { seeded } from "./harness/people.js";

const column = (values, more = {}) => ({
  kind: "number",
  name: "v",
  n: values.length,
  v: Float32Array.from(values),
  offset: 0,
  scale: 1,
  derived: new Map(),
  ...more,
});

test("a bucket is the count of inner edges at or below the value", () => {
  const random = seeded(2);
  for (const buckets of [1, 2, 3, 10, 100]) {
    const edges = Array.from({ length: buckets + 1 }, (_, at) => 5 + at * 0.7);
    const values = Array.from({ length: 2000 }, (_, i) =>
      i % 50 === 0 ? NaN : i % 7 === 0 ? edges[i % edges.length] : 3 + random() * 80,
    );
    const given = column(
      values.map((value) => (value - 5) / 2),
      { offset: 5, scale: 2 },
    );
    const slow = [...given.v].map((value) => {
      if (Number.isNaN(value)) return buckets;
      return edges.slice(1, -1).filter((edge) => Math.fround((edge - 5) / 2) <= value).length;
    });
    assert.deepEqual([...numberBuckets(given, edges, buckets)], slow);
  }
});

test("exact codes from Python replace the comparison, and unknown edges mean: not yet", () => {
  const given = column([1, 2, 3]);
  const spec = { edges: [1, 2, 3], map: null, labels: ["low", "high", "(missing)"] };
  assert.equal(bucketsOf(given, 2, { spec: undefined }), null);
  assert.deepEqual([...bucketsOf(given, 2, { spec }).codes], [0, 1, 1]);
  const exact = { codes: Uint8Array.of(1, 0, 2) };
  assert.deepEqual([...bucketsOf(given, 2, { spec, exact }).codes], [1, 0, 2]);
});

test("levels map to buckets; without a map they stand as coded while they fit", () => {
  const level = {
    kind: "category",
    name: "c",
    n: 4,
    codes: Uint8Array.of(0, 1, 2, 3),
    labels: ["a", "b", "c", "(missing)"],
    derived: new Map(),
  };
  const spec = { edges: null, map: [0, 1, 1, 2], labels: ["a", "other (2 levels)", "(missing)"] };
  assert.deepEqual([...bucketsOf(level, 2, { spec }).codes], [0, 1, 1, 2]);
  assert.equal(bucketsOf(level, 3, {}).codes, level.codes);
  assert.equal(bucketsOf(level, 2, {}), null);
});

test("numbers are put in order, ties as they came, missing last", () => {
  const random = seeded(3);
  const values = Float32Array.from({ length: 5000 }, (_, i) =>
    i % 40 === 0 ? NaN : i % 9 === 0 ? [0, -0][i % 2] : (random() - 0.5) * 10 ** (i % 12),
  );
  values.set([Infinity, -Infinity], 1);
  const slow = [...counting(values.length)].sort((a, b) => {
    const [left, right] = [values[a], values[b]];
    if (Number.isNaN(left) || Number.isNaN(right))
      return Number.isNaN(left) - Number.isNaN(right) || a - b;
    return left === right ? a - b : left - right;
  });
  assert.deepEqual([...orderedByNumber(values)], slow);
});

test("ordering by code keeps the order of rows within a code", () => {
  const codes = Uint8Array.from({ length: 1000 }, (_, i) => (i * 7919) % 6);
  const rows = counting(1000).reverse();
  const slow = [...rows].sort((a, b) => codes[a] - codes[b] || b - a);
  assert.deepEqual([...orderedByCode(rows, codes, 6)], slow);
});
