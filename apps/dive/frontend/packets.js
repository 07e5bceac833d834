/**
 * Packets: one column as it comes over the wire.
 *
 *     uint32 length | header (JSON, UTF-8) | padding to 8 | array | padding to 8 | array | …
 */

const ARRAYS = {
  float32: Float32Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  int32: Int32Array,
};

/** A packet's header, typed arrays and own copy of its bytes; the given ones may start anywhere in a buffer. */
export function readPacket(bytes) {
  const own = bytes.slice();
  const length = new DataView(own.buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + length)));
  let at = toEight(4 + length);
  const arrays = header.arrays.map((each) => {
    const array = new ARRAYS[each.dtype](own.buffer, at, each.length);
    at = toEight(at + array.byteLength);
    return array;
  });
  return { header, arrays, own };
}

/** A column made from a packet: plain fields and typed arrays, and room for what is derived from it. */
export function columnFrom({ header, arrays }) {
  const { name, kind, n } = header;
  const column = { name, kind, n, derived: new Map() };
  if (isNumeric(column)) {
    const { offset, scale, integer, low, high } = header;
    return Object.assign(column, { v: arrays[0], offset, scale, integer, low, high });
  }
  if (kind === "category") return Object.assign(column, { codes: arrays[0], labels: header.labels });
  if (kind === "codes") return Object.assign(column, { codes: arrays[0], bins: header.bins });
  if (kind === "text") return Object.assign(column, { offsets: arrays[0], bytes: arrays[1] });
  const { tile, columns: across } = header;
  return Object.assign(column, { tiles: arrays[0], png: arrays[1], tile, across, atlas: null });
}

/** Whether a column, or a description of one, holds numbers or dates. */
export function isNumeric(column) {
  return column?.kind === "number" || column?.kind === "date";
}

/** What `make` gives for a column, made once and kept with it. */
export function derive(column, key, make) {
  if (!column.derived.has(key)) column.derived.set(key, make());
  return column.derived.get(key);
}

function toEight(position) {
  return (position + 7) & ~7;
}
