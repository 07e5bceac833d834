/** Packets as Python writes them: for tests. */

/** One packet from a header without `arrays` and its typed arrays, at an odd offset of a larger buffer. */
export function packet(header, arrays) {
  const described = arrays.map((each) => ({
    dtype: each.constructor.name.replace("Array", "").toLowerCase(),
    length: each.length,
  }));
  const text = new TextEncoder().encode(JSON.stringify({ ...header, arrays: described }));
  const eight = (size) => Math.ceil(size / 8) * 8;
  const total = arrays.reduce((sum, each) => sum + eight(each.byteLength), eight(4 + text.length));
  const bytes = new Uint8Array(total + 3).subarray(3);
  new DataView(bytes.buffer, 3).setUint32(0, text.length, true);
  bytes.set(text, 4);
  let at = eight(4 + text.length);
  for (const each of arrays) {
    bytes.set(new Uint8Array(each.buffer, each.byteOffset, each.byteLength), at);
    at += eight(each.byteLength);
  }
  return bytes;
}
