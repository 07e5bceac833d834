/** Colours, scales, stamps, pixels and the camera. */

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  CLOSEST,
  panned,
  showing,
  toWorld,
  wholePlot,
  zoomed,
} from "../../../apps/dive/frontend/camera.js";
import {
  colouring,
  hexOf,
  pixelOf,
  rampAt,
  rgbOf,
  shadesOf,
} from "../../../apps/dive/frontend/colour.js";
import { fitted, spansOf, ticksOf } from "../../../apps/dive/frontend/labels.js";
import {
  blank,
  countItems,
  drawItems,
  pick,
  shadesFor,
  sheetOf,
} from "../../../apps/dive/frontend/raster.js";
import { dateText, niceLimits, shortNumber, ticksBetween } from "../../../apps/dive/frontend/scales.js";
import { shownRows, levelCounts, levelHits } from "../../../apps/dive/frontend/scene.js";
import { stampOf } from "../../../apps/dive/frontend/stamps.js";
import { plotWords, statusWords } from "../../../apps/dive/frontend/wording.js";
import { seeded } from "./harness/people.js";

globalThis.ImageData ??= class {
  constructor(width, height) {
    this.data = new Uint8ClampedArray(width * height * 4);
  }
};
const random = seeded(6);
const INKS = {
  light: { plain: "#111111", missing: "#222222", grey: "#333333" },
  dark: { plain: "#EEEEEE", missing: "#DDDDDD", grey: "#CCCCCC" },
};
const PALETTE = {
  levels: { light: ["#AA0000", "#00AA00"], dark: ["#FF8888", "#88FF88"] },
  ramp: { light: ["#FFFFFF", "#000000"], dark: ["#000000", "#888888", "#FFFFFF"] },
};
const PLOT = { width: 800, height: 400 };

test("ticks are round, evenly apart, within the limits, and about as many as asked for", () => {
  for (let trial = 0; trial < 300; trial++) {
    const low = (random() - 0.5) * 10 ** Math.floor(random() * 9 - 3);
    const high = low + random() * 10 ** Math.floor(random() * 9 - 3) + 1e-6;
    const ticks = ticksBetween(low, high, 6, "number");
    assert.ok(ticks.length >= 2 && ticks.length <= 13, `${ticks.length} ticks`);
    assert.equal(
      new Set(ticks.map(({ label }) => label)).size === ticks.length ||
        high - low < 1e-4 * Math.abs(low),
      true,
    );
    const slack = (high - low) * 1e-6;
    for (const { value } of ticks) assert.ok(value >= low - slack && value <= high + slack);
    assert.ok(!ticks.some(({ label }) => label === "-0"));
    const [from, to] = niceLimits(low, high);
    assert.ok(from <= low + slack && to >= high - slack && to - from < (high - low) * 1.6);
  }
  assert.deepEqual(niceLimits(3, 3), [2.5, 3.5]);
});

test("dates have ticks at days, months or years", () => {
  const labels = (low, high, count = 5) =>
    ticksBetween(low, high, count, "date").map(({ label }) => label);
  assert.deepEqual(labels(0, 3652, 6), ["1970", "1972", "1974", "1976", "1978", "1980"]);
  assert.deepEqual(
    labels(19000, 19100),
    ["Feb 2022", "Mar 2022", "Apr 2022"].slice(0, labels(19000, 19100).length),
  );
  assert.ok(labels(19000, 19010)[0].endsWith("Jan"));
  assert.equal(dateText(19000), "2022-01-08");
});

test("numbers are short", () => {
  assert.deepEqual(
    [0, 1234, 0.01234, 1234567, -2500000, 0.00001].map((value) => shortNumber(value)),
    ["0", "1,230", "0.0123", "1.23M", "-2.5M", "0.000010"],
  );
  assert.equal(shortNumber(120000, 20000), "120k");
});

test("a colour by numbers has a shade for every value, in order; missing has its own", () => {
  const v = Float32Array.from({ length: 1000 }, (_, i) => (i === 7 ? NaN : i));
  const column = {
    kind: "number",
    name: "v",
    v,
    offset: 0,
    scale: 1,
    low: 0,
    high: 999,
    integer: true,
    derived: new Map(),
  };
  const codes = shadesOf(column);
  const look = colouring(column, { palette: PALETTE, inks: INKS });
  for (let i = 9; i < 1000; i++) assert.ok(codes[i] >= codes[i - 1]);
  assert.deepEqual([codes[0], codes[999], codes[7]], [0, 59, 60]);
  assert.equal(look.levels.length, 6);
  assert.deepEqual([look.colours[0], look.colours[59], look.colours[60]], ["#FFFFFF", "#000000", "#222222"]);
  assert.deepEqual(levelCounts(look, null), [199, 200, 200, 200, 200, 1]);
  assert.equal(levelHits(look, 5, new Uint8Array(1000).fill(1)).indexOf(1), 7);
  const shown = shownRows(1000, null, look, new Set([0, 5]));
  assert.equal(
    shown.reduce((sum, each) => sum + each, 0),
    800,
  );
});

test("a colour by levels is the given one, else the palette's, grey past it and for the missing", () => {
  const column = { kind: "category", codes: Uint8Array.of(0, 1, 2), labels: [..."abc", "(missing)"] };
  const given = {
    light: ["#112233", "#445566", "#000001", "#333333"],
    dark: ["#778899", "#AABBCC", "#000002", "#CCCCCC"],
    shapes: ["square", "circle", "circle", "circle"],
  };
  const asked = { palette: PALETTE, inks: INKS };
  assert.deepEqual(colouring(column, { ...asked, given }).colours, given.light);
  assert.deepEqual(colouring(column, { ...asked, given, dark: true }).colours, given.dark);
  assert.equal(colouring(column, { ...asked, given }).levels[0].shape, "square");
  const own = colouring(column, asked);
  assert.deepEqual(own.colours, ["#AA0000", "#00AA00", "#333333", "#333333"]);
  assert.deepEqual(own.levels.map(({ missing }) => missing), [false, false, false, true]);
  const none = colouring(undefined, { ...asked, dark: true, n: 3 });
  assert.deepEqual([none.colours, none.codes.length, none.levels], [["#EEEEEE"], 3, []]);
});

test("a ramp goes through its stops, evenly", () => {
  assert.deepEqual(rampAt(PALETTE.ramp.dark, 0.25), [68, 68, 68]);
  assert.deepEqual(rampAt(PALETTE.ramp.dark, 2), [255, 255, 255]);
});

test("colours are read and written", () => {
  assert.deepEqual(
    [rgbOf("#0B3F8A"), rgbOf("#fff"), rgbOf("rgba(1, 2, 3, 0.5)")],
    [
      [11, 63, 138],
      [255, 255, 255],
      [1, 2, 3],
    ],
  );
  assert.equal(hexOf([11, 63, 138]), "#0B3F8A");
  assert.deepEqual([...new Uint8Array(Uint32Array.of(pixelOf([1, 2, 3])).buffer)], [1, 2, 3, 255]);
});

test("zooming keeps the place under the cursor, and stays between 1 and 500", () => {
  let camera = wholePlot();
  for (let turn = 0; turn < 200; turn++) {
    const at = { x: 100 + random() * 600, y: 100 + random() * 200 };
    const before = toWorld(camera, at);
    const next = zoomed(camera, 1 + random(), at, PLOT);
    const after = toWorld(next, at);
    assert.ok(Math.abs(before.x - after.x) < 1e-6 && Math.abs(before.y - after.y) < 1e-6);
    camera = next;
  }
  assert.equal(camera.k, CLOSEST);
  for (let turn = 0; turn < 50; turn++)
    camera = zoomed(camera, 0.5, { x: random() * 800, y: random() * 400 }, PLOT);
  assert.deepEqual(camera, wholePlot());
  assert.deepEqual(panned(camera, 50, 50, PLOT), wholePlot());
});

test("panning never leaves the plot, and a row can be brought onto the screen", () => {
  const near = zoomed(wholePlot(), 10, { x: 0, y: 0 }, PLOT);
  const far = panned(near, 1e6, -1e6, PLOT);
  assert.ok(toWorld(far, { x: 80, y: 0 }).x <= 1e-9 && toWorld(far, { x: 0, y: 360 }).y >= 400 - 1e-9);
  const camera = showing(near, { x: 700, y: 350 }, PLOT);
  const on = { x: 700 * camera.k + camera.x, y: 350 * camera.k + camera.y };
  assert.ok(on.x >= 39 && on.x <= 761 && on.y >= 39 && on.y <= 361);
});

test("pixels and ids agree with a slow drawing, for dots and stamps, and only masked rows are drawn", () => {
  const n = 300;
  const x = Float32Array.from({ length: n }, (_, i) => (i % 20 === 0 ? NaN : random() * 120 - 10));
  const y = Float32Array.from({ length: n }, () => random() * 80 - 10);
  const codes = Uint8Array.from({ length: n }, (_, i) => i % 3);
  const mask = Uint8Array.from({ length: n }, (_, i) => (i % 4 === 0 ? 1 : 0));
  const shades = shadesFor(["#112233", "#445566", "#778899"], [255, 255, 255]);
  for (const size of [1, 2, 3, 8]) {
    const sheet = sheetOf(100, 60);
    blank(sheet, 0, []);
    const look = { codes, shades: shades.vivid, levels: 3, shapes: ["circle"] };
    drawItems(sheet, { x, y, mask, want: 1, k: 1, dx: 0, dy: 0, size, look });
    const slow = new Int32Array(6000).fill(-1);
    const stamp = stampOf("circle", size);
    for (let i = 0; i < n; i++) {
      if (!mask[i] || Number.isNaN(x[i])) continue;
      const [left, top] =
        size <= 3
          ? [Math.floor(x[i] - (size - 1) / 2), Math.floor(y[i] - (size - 1) / 2)]
          : [Math.round(x[i] - size / 2), Math.round(y[i] - size / 2)];
      if (
        size <= 3 &&
        (x[i] < (size - 1) / 2 || y[i] < (size - 1) / 2 || left + size > 100 || top + size > 60)
      )
        continue;
      for (let p = 0; p < stamp.dx.length; p++) {
        const [column, row] = [left + stamp.dx[p], top + stamp.dy[p]];
        if (column >= 0 && row >= 0 && column < 100 && row < 60) slow[row * 100 + column] = i;
      }
    }
    assert.deepEqual(sheet.ids, slow, `size ${size}`);
    const at = slow.findIndex((id) => id >= 0);
    assert.equal(pick(sheet, at % 100, Math.floor(at / 100), 0), slow[at]);
  }
});

test("a pick finds the nearest item within reach, and none beyond", () => {
  const sheet = sheetOf(20, 20);
  blank(sheet, 0, [[2, 2, 4, 4, 7]]);
  assert.equal(sheet.pixels[2 * 20 + 3], 7);
  sheet.ids[10 * 20 + 14] = 5;
  sheet.ids[10 * 20 + 8] = 6;
  assert.deepEqual([pick(sheet, 10, 10, 5), pick(sheet, 12, 10, 5), pick(sheet, 10, 10, 1)], [6, 5, -1]);
});

test("density counts every row on its pixel", () => {
  const sheet = sheetOf(10, 10);
  blank(sheet, 0, []);
  const x = Float32Array.of(2.2, 2.7, 2.1, 5, NaN);
  const most = countItems(sheet, {
    x,
    y: Float32Array.of(3, 3.5, 3.1, 5, 5),
    mask: new Uint8Array(5),
    want: 0,
    k: 1,
    dx: 0,
    dy: 0,
    size: 1,
  });
  assert.deepEqual([most, sheet.counts[32], sheet.counts[55]], [3, 3, 1]);
});

test("labels: text is cut to its room; ticks of a cell lie in it and name their values", () => {
  const context = { measureText: (text) => ({ width: text.length * 6 }) };
  assert.deepEqual(
    [fitted(context, "Craft-repair", 80), fitted(context, "Craft-repair", 40), fitted(context, "x", 3)],
    ["Craft-repair", "Craft…", ""],
  );
  const { seen } = spansOf({ count: 4, place: null, labels: [] }, (at) => at * 110, 100, 2, -300, 400);
  assert.deepEqual(
    seen.map(({ place, from, to }) => [place, from, to]),
    [
      [1, 0, 120],
      [2, 140, 340],
      [3, 360, 400],
    ],
  );
  const axis = { low: 0, high: 50, start: 10, span: 80, column: { kind: "number" } };
  for (const { at, label } of ticksOf(axis, seen[1], 2, 40)) {
    assert.ok(Math.abs(at - (140 + (10 + (Number(label) / 50) * 80) * 2)) < 1e-9);
  }
  assert.ok(ticksOf(axis, seen[1], 2, 40).length >= 2);
});

test("words say what is shown, and what to do where nothing is", () => {
  const titles = { x: "age", y: "", row: "sex", column: "" };
  assert.equal(
    plotWords({ shown: 1000, n: 2000, titles, color: "label" }),
    "1,000 of 2,000 rows, rows of cells by sex, across by age, coloured by label. Arrow keys step between points.",
  );
  assert.equal(statusWords({ shown: 2000, n: 2000, selected: 3 }), "2,000 shown · 3 selected");
  assert.equal(
    statusWords({ shown: 2000, n: 2000, selected: 0, infinite: 1 }),
    "2,000 shown · 0 selected · 1 with an infinite value has no place here",
  );
  assert.match(statusWords({ shown: 9, n: 9, selected: 0, infinite: 2 }), / · 2 with .* have no place here$/);
  assert.match(
    statusWords({ shown: 0, n: 5, selected: 0 }),
    /^0 of 5 shown · 0 selected · nothing to show/,
  );
});
