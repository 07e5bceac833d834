/** Packets, the store and bit masks: what Python writes is what a view reads, and back. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { bitsOf, countOf, unpacked } from "../../../apps/dive/frontend/bitmask.js";
import { columnFrom, readPacket } from "../../../apps/dive/frontend/packets.js";
import { valueText } from "../../../apps/dive/frontend/scales.js";
import { columnsOf, exactName, keep, subscribe } from "../../../apps/dive/frontend/store.js";
import { packet } from "./harness/packing.js";
import { seeded } from "./harness/people.js";

const AGE = {
  token: "t",
  n: 3,
  name: "age",
  kind: "number",
  offset: 100,
  scale: 0.5,
  integer: true,
  low: 100,
  high: 101,
};

test("a packet at an odd offset gives its header and every array", () => {
  const arrays = [
    Float32Array.of(1.5, NaN, -2),
    Uint16Array.of(1, 2, 3, 4, 5),
    Int32Array.of(-1),
    new Uint8Array(0),
  ];
  const read = readPacket(packet({ name: "é…", kind: "text" }, arrays));
  assert.equal(read.header.name, "é…");
  assert.deepEqual(read.arrays, arrays);
});

test("columns show true values as text, and missing ones as (missing)", () => {
  const age = columnFrom(readPacket(packet(AGE, [Float32Array.of(0, 2, NaN)])));
  assert.deepEqual(
    [0, 1, 2].map((row) => valueText(age, row)),
    ["100", "101", "(missing)"],
  );
  const day = columnFrom(
    readPacket(packet({ ...AGE, kind: "date", offset: 19000, scale: 1 }, [Float32Array.of(0, 1, NaN)])),
  );
  assert.equal(valueText(day, 1), "2022-01-09");
  const bytes = new TextEncoder().encode("Zoë<b>");
  const text = columnFrom(
    readPacket(packet({ n: 2, name: "who", kind: "text" }, [Uint32Array.of(0, 4, 7), bytes])),
  );
  assert.deepEqual([valueText(text, 0), valueText(text, 1)], ["Zoë", "<b>"]);
});

test("the store tells of new columns once, and forgets a token", () => {
  const heard = [];
  const stop = subscribe((token) => heard.push(token));
  const bytes = packet(AGE, [Float32Array.of(0, 2, NaN)]);
  keep(bytes);
  keep(bytes.slice());
  assert.deepEqual(heard, ["t"]);
  keep(packet(AGE, [Float32Array.of(0, 1, NaN)]));
  keep(
    packet({ token: "t", n: 3, name: "age", kind: "codes", bins: "age|2" }, [Uint8Array.of(0, 1, 2)]),
  );
  assert.deepEqual([...columnsOf("t", 3).keys()], ["age", exactName("age|2")]);
  assert.equal(heard.length, 3);
  keep(packet(AGE, [Float32Array.of(2, 1, NaN)]));
  assert.deepEqual([...columnsOf("t", 3).keys()], ["age"]);
  assert.equal(columnsOf("t", 4).size, 0);
  keep(packet({ token: "t", n: 3, name: "", kind: "drop" }, []));
  assert.equal(columnsOf("t", 3).size, 0);
  stop();
});

test("a mask survives base64, for any number of rows", () => {
  const random = seeded(1);
  for (const n of [0, 1, 7, 8, 9, 1000, 300001]) {
    const mask = Uint8Array.from({ length: n }, () => (random() < 0.3 ? 1 : 0));
    assert.deepEqual(unpacked(Buffer.from(bitsOf(mask), "base64"), n), mask);
    assert.equal(
      countOf(mask),
      mask.reduce((sum, each) => sum + each, 0),
    );
  }
  assert.equal(
    bitsOf(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0, 1)),
    Buffer.from([1, 2]).toString("base64"),
  );
});
