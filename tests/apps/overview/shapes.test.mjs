import assert from "node:assert/strict";
import { test } from "node:test";

import {
  adding,
  along,
  cut,
  greatest,
  height,
  isDark,
  labelled,
  percents,
  running,
  sentence,
  short,
  slots,
  stepped,
  values,
} from "../../../apps/overview/frontend/shapes.js";

const BARS = { labels: ["a", "<b>"], n: [[3, 1], [10, 30]], share: [[0.75, 0.25], [0.25, 0.75]] };
const BLOCK = { name: "x", sets: [0, 1], bars: BARS };

test("heights are shares of the greatest, by its logarithm where asked", () => {
  assert.equal(height(5, 10), 0.5);
  assert.equal(height(0, 10), 0);
  assert.equal(height(5, 0), 0);
  assert.ok(Math.abs(height(9, 99, { log: true }) - 0.5) < 1e-12);
  assert.ok(height(0.01, 1, { log: true, unit: 0.001 }) > 0.3);
});

test("values are counts or shares, and the greatest is over all data sets", () => {
  assert.deepEqual(values(BARS, false), BARS.n);
  assert.deepEqual(values(BARS, true), BARS.share);
  assert.equal(greatest(BARS.n), 30);
  assert.equal(greatest([]), 0);
});

test("bars stand side by side, the missing behind a gap", () => {
  const [first, second, missing] = slots(3, 314, { apart: 1 });
  assert.deepEqual([first.x, second.x, missing.x], [0, 100, 214]);
  assert.equal(missing.x + missing.width, 314);
  assert.equal(slots(1, 300)[0].width, 100);
  assert.deepEqual(slots(0, 300), []);
});

test("running sums end at the whole, added shares where they end", () => {
  assert.deepEqual(running([1, 1, 2]), [0.25, 0.5, 1]);
  assert.deepEqual(running([0, 0]), [0, 0]);
  assert.deepEqual(adding([0.5, 0.25]), [0.5, 0.75]);
});

test("quantiles share one scale", () => {
  const at = along([[0, 10], [5, 20]]);
  assert.deepEqual([at(0), at(5), at(20)], [0, 0.25, 1]);
  assert.equal(along([[3, 3]])(3), 0.5);
  const bent = along([[-99, 99]], { log: true });
  assert.equal(bent(0), 0.5);
});

test("numbers are short and shares never read as none", () => {
  assert.equal(short(12345), "12,345");
  assert.equal(short(0.01234), "0.0123");
  assert.equal(short(1234567), "1.2M");
  assert.equal(percents(0.26511), "26.5%");
  assert.equal(percents(0.00001), "~0%");
  assert.equal(percents(0), "0%");
});

test("a bar is said with its counts in each data set", () => {
  assert.equal(sentence(BLOCK, 1, ["train", "test"]), "x, <b>: train 1 (25%) · test 30 (75%)");
  assert.equal(sentence({ ...BLOCK, sets: [1] }, 0, ["train", "test"]), "x, a: 3 (75%)");
});

test("arrow keys step within the bars", () => {
  assert.equal(stepped("ArrowRight", 0, 3), 1);
  assert.equal(stepped("ArrowRight", 2, 3), 2);
  assert.equal(stepped("ArrowUp", 0, 3), 0);
  assert.equal(stepped("End", 0, 3), 2);
  assert.equal(stepped("Home", 2, 3), 0);
  assert.equal(stepped("x", 1, 3), 1);
});

test("labels that would run into one another are left out", () => {
  assert.deepEqual(labelled(["1", "2", "3"], 300), [true, true, true]);
  assert.deepEqual(labelled(["1,000,000", "2,000,000", "3,000,000"], 120), [true, false, true].map((_, i) => i % 2 === 0));
  assert.equal(cut("Self-employed, not incorporated", 10), "Self-empl…");
  assert.equal(cut("🙂🙂🙂", 3), "🙂🙂🙂");
});

test("dark paper is told from light", () => {
  assert.equal(isDark("#15181c"), true);
  assert.equal(isDark(" #ffffff"), false);
  assert.equal(isDark("rgb(20, 24, 28)"), true);
});
