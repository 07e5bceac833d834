/**
 * The columns on this page, by the token of their data: fed once, read by every view.
 *
 *     feeders ──keep──▶ token → name → column ──columnsOf──▶ views (told by `subscribe`)
 */

import { columnFrom, readPacket } from "./packets.js";

const SHELF = (globalThis.__raiDiveColumns ??= { tokens: new Map(), listeners: new Set() });

/** Keep the column of a packet, or forget a token; views hear of it unless nothing changed. */
export function keep(bytes) {
  const { header, arrays, own } = readPacket(bytes);
  if (header.kind === "drop") {
    SHELF.tokens.delete(header.token);
    return;
  }
  const columns = SHELF.tokens.get(header.token) ?? new Map();
  SHELF.tokens.set(header.token, columns);
  const place = header.kind === "codes" ? exactName(header.bins) : header.name;
  const before = columns.get(place);
  if (before && sameBytes(before.packet, bytes)) return;
  if (before) forgetBuckets(columns, header.name);
  const column = Object.assign(columnFrom({ header, arrays }), { packet: own });
  columns.set(place, column);
  for (const each of SHELF.listeners) each(header.token);
}

/** The columns of n rows of a token, by name; empty if none came yet. */
export function columnsOf(token, n) {
  const columns = SHELF.tokens.get(token) ?? new Map();
  return new Map([...columns].filter(([, column]) => column.n === n));
}

/** Call `listener(token)` on every new column; the answer ends that. */
export function subscribe(listener) {
  SHELF.listeners.add(listener);
  return () => SHELF.listeners.delete(listener);
}

/** The bytes of a mask of rows that was fed in a version; null before it has come. */
export function maskBytes(token, name, version) {
  const held = SHELF.tokens.get(token)?.get(exactName(`mask ${name}`));
  return held?.name === version ? held.codes : null;
}

/** The name under which exact bucket codes of a binning are kept. */
export function exactName(bins) {
  return `codes\u0000${bins}`;
}

/** A column with new values leaves no exact codes of its old ones behind. */
function forgetBuckets(columns, name) {
  for (const place of columns.keys()) if (place.startsWith(exactName(`${name}|`))) columns.delete(place);
}

function sameBytes(a, b) {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
