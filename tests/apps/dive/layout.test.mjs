/** Layouts: every shown row has a place of its own in its own cell, and heights compare counts. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { abreast, planOf } from "../../../apps/dive/frontend/layout.js";
import { counting, orderedByCode } from "../../../apps/dive/frontend/sequence.js";
import { seeded } from "./harness/people.js";

const N = 4000;
const SIZE = { width: 900, height: 500 };
const random = seeded(4);
const codes = (levels) => Uint8Array.from({ length: N }, () => Math.floor(random() ** 2 * levels));
const facet = (levels, upward) => ({
  codes: codes(levels + 1),
  labels: [...Array.from({ length: levels }, (_, at) => `b${at}`), "(missing)"],
  upward,
  title: "",
});
const numbers = (share, integer = false) => {
  const v = Float32Array.from({ length: N }, () =>
    random() < share ? NaN : integer ? Math.floor(random() * 60) : random() * 3 - 1,
  );
  const real = v.filter((value) => !Number.isNaN(value));
  return {
    kind: "number",
    v,
    offset: 0,
    scale: 1,
    integer,
    low: Math.min(...real),
    high: Math.max(...real),
    derived: new Map(),
  };
};
const everyone = new Uint8Array(N).fill(1);
const some = Uint8Array.from({ length: N }, () => (random() < 0.7 ? 1 : 0));
const given = { n: N, shown: everyone, sequence: counting(N), ...SIZE };

function cellOf(plan, i) {
  const { grid } = plan;
  const column = Math.floor(plan.x[i] / (grid.cellWidth + grid.gap));
  const row = Math.floor(plan.y[i] / (grid.cellHeight + grid.gap));
  const left = grid.left(column);
  const top = grid.top(row);
  const inside =
    plan.x[i] >= left &&
    plan.x[i] <= left + grid.cellWidth &&
    plan.y[i] >= top &&
    plan.y[i] <= top + grid.cellHeight;
  return inside ? row * grid.columns.count + column : -1;
}

const places = {
  stacked: {},
  "piled across": { x: numbers(0.1) },
  "piled whole numbers": { x: numbers(0.1, true) },
  "piled up": { y: numbers(0.1) },
  scattered: { x: numbers(0.05), y: numbers(0.1) },
};

for (const [name, axes] of Object.entries(places)) {
  test(`${name}: shown rows lie in the cell of their buckets, the others nowhere`, () => {
    const row = facet(4, false);
    const column = facet(6, true);
    const plan = planOf({ ...given, ...axes, shown: some, row, column });
    const counts = new Uint32Array(plan.counts.length);
    for (let i = 0; i < N; i++) {
      if (!some[i]) {
        assert.ok(Number.isNaN(plan.x[i]) && Number.isNaN(plan.y[i]));
        continue;
      }
      const cell = cellOf(plan, i);
      const names = [
        plan.grid.rows.labels[Math.floor(cell / plan.grid.columns.count)],
        plan.grid.columns.labels[cell % plan.grid.columns.count],
      ];
      assert.deepEqual(names, [row.labels[row.codes[i]], column.labels[column.codes[i]]]);
      counts[cell]++;
    }
    assert.deepEqual(counts, plan.counts);
    assert.equal(
      plan.total,
      some.reduce((sum, each) => sum + each, 0),
    );
  });
}

for (const name of ["stacked", "piled across", "piled whole numbers", "piled up"]) {
  test(`${name}: no two items overlap`, () => {
    const plan = planOf({ ...given, ...places[name], row: facet(3, false) });
    const seen = new Map();
    const step = plan.size * 0.999;
    const gutter = plan.axes.x?.gutter || plan.axes.y?.gutter || 0;
    for (let i = 0; i < N; i++) {
      const along = plan.axes.y
        ? plan.grid.cellHeight - (plan.y[i] % (plan.grid.cellHeight + plan.grid.gap))
        : plan.x[i];
      if (along < gutter) continue;
      const key = `${Math.round(plan.x[i] / step)} ${Math.round(plan.y[i] / step)}`;
      for (const other of seen.get(key) ?? []) {
        const apart = Math.max(Math.abs(plan.x[i] - plan.x[other]), Math.abs(plan.y[i] - plan.y[other]));
        assert.ok(
          apart > step * 0.98,
          `rows ${i} and ${other} are ${apart} apart, items are ${plan.size} wide`,
        );
      }
      seen.set(key, [...(seen.get(key) ?? []), i]);
    }
  });
}

test("items fill their cell from the bottom, in the order of the sequence: colours make bands", () => {
  const colour = codes(5);
  const plan = planOf({
    ...given,
    row: facet(2, false),
    sequence: orderedByCode(counting(N), colour, 5),
  });
  const byCell = Map.groupBy ? Map.groupBy(counting(N), (i) => plan.cells[i]) : new Map([[0, []]]);
  if (!Map.groupBy) {
    byCell.clear();
    for (const i of counting(N)) byCell.set(plan.cells[i], [...(byCell.get(plan.cells[i]) ?? []), i]);
  }
  for (const rows of byCell.values()) {
    const upward = [...rows].sort((a, b) => plan.y[b] - plan.y[a] || plan.x[a] - plan.x[b]);
    for (let at = 1; at < upward.length; at++) assert.ok(colour[upward[at]] >= colour[upward[at - 1]]);
  }
});

test("numbers ascend upward and (missing) is below; levels read downward; an empty (missing) is left out", () => {
  const up = planOf({ ...given, row: facet(3, true) });
  assert.deepEqual(up.grid.rows.labels, ["b2", "b1", "b0", "(missing)"]);
  const down = planOf({ ...given, row: facet(3, false) });
  assert.deepEqual(down.grid.rows.labels, ["b0", "b1", "b2", "(missing)"]);
  const full = facet(3, true);
  full.codes = full.codes.map((code) => Math.min(code, 2));
  assert.deepEqual(planOf({ ...given, row: full }).grid.rows.labels, ["b2", "b1", "b0"]);
});

test("a scatter places values by its scale, and missing ones in a gutter outside it", () => {
  const [x, y] = [numbers(0.2), numbers(0.2)];
  const plan = planOf({ ...given, x, y });
  const axis = plan.axes.x;
  for (let i = 0; i < N; i++) {
    if (Number.isNaN(x.v[i])) assert.ok(plan.x[i] > 0 && plan.x[i] < axis.gutter);
    else {
      const part = (x.v[i] - axis.low) / (axis.high - axis.low);
      assert.ok(Math.abs(plan.x[i] - (axis.start + part * axis.span)) < 0.01);
      assert.ok(plan.x[i] >= axis.gutter);
    }
    if (!Number.isNaN(y.v[i])) {
      const part = (y.v[i] - plan.axes.y.low) / (plan.axes.y.high - plan.axes.y.low);
      assert.ok(
        Math.abs(SIZE.height - plan.y[i] - (plan.axes.y.start + part * plan.axes.y.span)) < 0.01,
      );
    }
  }
  assert.equal(planOf({ ...given, x: numbers(0), y }).axes.x.gutter, 0);
});

test("a scatter has no place for infinite values, and counts those that are shown", () => {
  const [x, y] = [numbers(0.05), numbers(0.1)];
  const shown = new Uint8Array(N).fill(1);
  [x.v[1], y.v[2], x.v[3], y.v[3], x.v[4]] = [Infinity, -Infinity, Infinity, Infinity, -Infinity];
  shown[4] = 0;
  const plan = planOf({ ...given, shown, x, y });
  assert.equal(plan.infinite, 3);
  for (let i = 0; i < N; i++) assert.equal(Number.isNaN(plan.x[i]), i >= 1 && i <= 4);
  assert.equal(planOf({ ...given, shown, x }).infinite, undefined);
});

test("a pile puts each row over the bin of its value", () => {
  const x = numbers(0.1, true);
  const plan = planOf({ ...given, x });
  const { axis = plan.axes.x } = {};
  for (let i = 0; i < N; i++) {
    if (Number.isNaN(x.v[i])) assert.ok(plan.x[i] < axis.gutter);
    else {
      const value = axis.low + ((plan.x[i] - axis.start) / axis.span) * (axis.high - axis.low);
      assert.ok(Math.abs(value - x.v[i]) <= 0.5, `${value} for ${x.v[i]}`);
    }
  }
});

test("abreast: the fullest cell fits, and no larger item would", () => {
  for (const most of [1, 2, 7, 100, 12345, 1000000]) {
    for (const [w, h] of [
      [900, 500],
      [40, 500],
      [120, 8],
      [3, 3],
    ]) {
      const { across, size } = abreast(most, { w, h });
      assert.ok(size * across <= w + 1e-6 && Math.ceil(most / across) * size <= h + 1e-6);
      if (size >= 3) assert.ok(Number.isInteger(size) && across === Math.floor(w / size));
      else if (across > 1) {
        const larger = w / (across - 1);
        assert.ok(larger > 22 || Math.ceil(most / (across - 1)) * larger > h, `${most} in ${w} × ${h}`);
      }
    }
  }
});

test("one row, no rows, and a column of one value", () => {
  const one = { n: 1, shown: Uint8Array.of(1), sequence: counting(1), ...SIZE };
  const flat = {
    kind: "number",
    v: Float32Array.of(3),
    offset: 0,
    scale: 1,
    integer: true,
    low: 3,
    high: 3,
    derived: new Map(),
  };
  for (const axes of [{}, { x: flat }, { y: flat }, { x: flat, y: flat }]) {
    const plan = planOf({ ...one, ...axes });
    assert.ok(plan.x[0] > 0 && plan.x[0] < 900 && plan.y[0] > 0 && plan.y[0] < 500);
    assert.equal(planOf({ ...one, ...axes, shown: Uint8Array.of(0) }).total, 0);
  }
  const unknown = { ...flat, v: Float32Array.of(NaN), low: NaN, high: NaN };
  assert.ok(planOf({ ...one, x: unknown, y: flat }).x[0] > 0);
});
