/** Boxes, lassos and steps against slow versions; the keys and the wheel. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { actionOf } from "../../../apps/dive/frontend/keyboard.js";
import { wheelFactor } from "../../../apps/dive/frontend/pointer.js";
import {
  boxHits,
  combined,
  crowdAt,
  howOf,
  lassoHits,
  nearestTo,
  nearestToward,
} from "../../../apps/dive/frontend/select.js";
import { seeded } from "./harness/people.js";

const random = seeded(5);
const N = 6000;
const x = Float32Array.from({ length: N }, (_, i) => (i % 31 === 0 ? NaN : random() * 400));
const y = Float32Array.from({ length: N }, (_, i) => (i % 31 === 0 ? NaN : random() * 300));

function slowInside(px, py, polygon) {
  let inside = false;
  for (let at = 0; at < polygon.length; at += 2) {
    const [x1, y1] = [polygon[at], polygon[at + 1]];
    const [x2, y2] = [polygon[(at + 2) % polygon.length], polygon[(at + 3) % polygon.length]];
    if (y1 > py !== y2 > py && px < ((x2 - x1) * (py - y1)) / (y2 - y1) + x1) inside = !inside;
  }
  return inside ? 1 : 0;
}

test("a lasso holds exactly the rows inside its polygon, also where it crosses itself", () => {
  const star = Array.from({ length: 5 }, (_, at) => [
    200 + 150 * Math.cos((at * 4 * Math.PI) / 5),
    150 + 120 * Math.sin((at * 4 * Math.PI) / 5),
  ]).flat();
  const wild = Array.from({ length: 240 }, () => [random() * 420 - 10, random() * 320 - 10]).flat();
  const flat = [10, 50, 300, 50, 300, 50, 10, 50];
  for (const polygon of [star, wild, flat, [0, 0, 400, 0, 400, 300, 0, 300], [1, 1, 2, 2]]) {
    const slow = Uint8Array.from(x, (px, i) => (polygon.length < 6 ? 0 : slowInside(px, y[i], polygon)));
    assert.deepEqual(lassoHits(x, y, polygon), slow);
  }
});

test("a box holds the rows in it, edges included, and never rows that are not shown", () => {
  const box = { left: x[5], right: 250, top: 20, bottom: y[8] };
  const slow = Uint8Array.from(x, (px, i) =>
    px >= box.left && px <= 250 && y[i] >= 20 && y[i] <= box.bottom ? 1 : 0,
  );
  assert.deepEqual(boxHits(x, y, box), slow);
});

test("hits replace, add or take away", () => {
  const [before, hits] = [Uint8Array.of(1, 1, 0, 0), Uint8Array.of(1, 0, 1, 0)];
  assert.deepEqual([...combined(before, hits, "replace")], [1, 0, 1, 0]);
  assert.deepEqual([...combined(before, hits, "add")], [1, 1, 1, 0]);
  assert.deepEqual([...combined(before, hits, "remove")], [0, 1, 0, 0]);
  assert.deepEqual(
    [{}, { shiftKey: true }, { ctrlKey: true }, { altKey: true, shiftKey: true }].map(howOf),
    ["replace", "add", "add", "remove"],
  );
});

test("a step goes to the nearest row in its direction", () => {
  const [px, py] = [Float32Array.of(0, 10, 12, -5, NaN, 0), Float32Array.of(0, 8, 0, 0, 0, -20)];
  const step = (dx, dy) => nearestToward(px, py, { from: { x: 0, y: 0 }, dx, dy, not: 0 });
  assert.deepEqual([step(1, 0), step(-1, 0), step(0, -1), step(0, 1)], [2, 3, 5, 1]);
  assert.equal(nearestTo(px, py, { x: 9, y: 9 }), 1);
  assert.equal(nearestTo(Float32Array.of(NaN), Float32Array.of(NaN), { x: 0, y: 0 }), -1);
  assert.equal(crowdAt(px, py, { at: { x: -2, y: 0 }, reach: 3 }), 2);
});

test("keys mean what the help says", () => {
  assert.deepEqual(actionOf({ key: "ArrowLeft" }), ["step", -1, 0]);
  assert.deepEqual(actionOf({ key: "ArrowLeft", shiftKey: true }), ["pan", 60, -0]);
  assert.deepEqual(
    ["+", "0", "Escape", "b", "L", "v", "p"].map((key) => actionOf({ key })[0]),
    ["zoom", "fit", "escape", "mode", "mode", "mode", "pin"],
  );
  assert.deepEqual(actionOf({ key: "Enter", shiftKey: true }), ["choose", "add"]);
  assert.equal(actionOf({ key: "b", ctrlKey: true }), null);
  assert.equal(actionOf({ key: "x" }), null);
});

test("the wheel zooms in and out by the same factor, at a bounded speed", () => {
  assert.ok(
    Math.abs(
      wheelFactor({ deltaY: 100, deltaMode: 0 }) * wheelFactor({ deltaY: -100, deltaMode: 0 }) - 1,
    ) < 1e-12,
  );
  assert.equal(
    wheelFactor({ deltaY: -9999, deltaMode: 0 }),
    wheelFactor({ deltaY: -240, deltaMode: 0 }),
  );
  assert.ok(wheelFactor({ deltaY: -3, deltaMode: 1 }) > 1);
});
