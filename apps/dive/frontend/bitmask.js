/** Sets of rows as bits: bit i of a mask is row i, in little bit order; they come as bytes, and go as base64. */

const CHUNK = 32768;

/** A mask of 0 and 1 as base64. */
export function bitsOf(mask) {
  const bytes = new Uint8Array((mask.length + 7) >> 3);
  for (let i = 0; i < mask.length; i++) if (mask[i]) bytes[i >> 3] |= 1 << (i & 7);
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode.apply(null, bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}

/** The mask of 0 and 1 that bytes hold, for n rows. */
export function unpacked(bytes, n) {
  const mask = new Uint8Array(n);
  const known = Math.min(n, bytes.length * 8);
  for (let i = 0; i < known; i++) mask[i] = (bytes[i >> 3] >> (i & 7)) & 1;
  return mask;
}

/** How many rows a mask holds. */
export function countOf(mask) {
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i];
  return count;
}
