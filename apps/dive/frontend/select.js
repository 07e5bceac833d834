/** Which rows a box or a lasso holds: tests of positions, so exact at any zoom. */

const BANDS = 512;

/** A mask of the rows whose centre lies in a box of the world. */
export function boxHits(x, y, { left, top, right, bottom }) {
  const hits = new Uint8Array(x.length);
  for (let i = 0; i < hits.length; i++) {
    const px = x[i];
    const py = y[i];
    hits[i] = px >= left && px <= right && py >= top && py <= bottom ? 1 : 0;
  }
  return hits;
}

/**
 * A mask of the rows whose centre lies in a polygon `[x0, y0, x1, y1, …]` of the world (even-odd rule).
 *
 * Edges are sorted into bands by height, so that a row is tested against the few edges at its height.
 */
export function lassoHits(x, y, polygon) {
  const hits = new Uint8Array(x.length);
  if (polygon.length < 6) return hits;
  const box = boundsOf(polygon);
  const { starts, edges, times } = bandsOf(polygon, box);
  for (let i = 0; i < hits.length; i++) {
    const px = x[i];
    const py = y[i];
    if (!(px >= box.left && px <= box.right && py >= box.top && py <= box.bottom)) continue;
    const band = Math.min(BANDS - 1, ((py - box.top) * times) | 0);
    let inside = 0;
    for (let at = starts[band] * 4; at < starts[band + 1] * 4; at += 4) {
      const y1 = edges[at + 1];
      const y2 = edges[at + 3];
      if (y1 > py === y2 > py) continue;
      if (px < ((edges[at + 2] - edges[at]) * (py - y1)) / (y2 - y1) + edges[at]) inside ^= 1;
    }
    hits[i] = inside;
  }
  return hits;
}

/** A selection changed by hits: they replace it, are added to it, or are taken away. */
export function combined(selected, hits, how) {
  if (how === "replace") return hits;
  const mask = selected.slice();
  const value = how === "add" ? 1 : 0;
  for (let i = 0; i < mask.length; i++) if (hits[i]) mask[i] = value;
  return mask;
}

/** What the keys held during a click or drag mean for the selection. */
export function howOf({ shiftKey, ctrlKey, metaKey, altKey }) {
  if (altKey) return "remove";
  return shiftKey || ctrlKey || metaKey ? "add" : "replace";
}

/** The nearest row toward (dx, dy) from a place, by distance plus twice the way aside; -1 if none. */
export function nearestToward(x, y, { from, dx, dy, not = -1 }) {
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < x.length; i++) {
    const away = (x[i] - from.x) * dx + (y[i] - from.y) * dy;
    if (!(away > 1e-4) || i === not) continue;
    const aside = Math.abs((x[i] - from.x) * dy - (y[i] - from.y) * dx);
    const cost = away + 2 * aside;
    if (cost < least) {
      least = cost;
      best = i;
    }
  }
  return best;
}

/** The row nearest to a place; -1 if none is shown. */
export function nearestTo(x, y, from) {
  let best = -1;
  let least = Infinity;
  for (let i = 0; i < x.length; i++) {
    const away = (x[i] - from.x) ** 2 + (y[i] - from.y) ** 2;
    if (away < least) {
      least = away;
      best = i;
    }
  }
  return best;
}

/** How many rows lie within half a pixel of a place, in the world. */
export function crowdAt(x, y, { at, reach }) {
  let count = 0;
  for (let i = 0; i < x.length; i++) {
    if (Math.abs(x[i] - at.x) <= reach && Math.abs(y[i] - at.y) <= reach) count++;
  }
  return count;
}

function boundsOf(polygon) {
  const box = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  for (let at = 0; at < polygon.length; at += 2) {
    box.left = Math.min(box.left, polygon[at]);
    box.right = Math.max(box.right, polygon[at]);
    box.top = Math.min(box.top, polygon[at + 1]);
    box.bottom = Math.max(box.bottom, polygon[at + 1]);
  }
  return box;
}

function bandsOf(polygon, { top, bottom }) {
  const times = bottom > top ? BANDS / (bottom - top) : 0;
  const held = Array.from({ length: BANDS }, () => []);
  for (let at = 0; at < polygon.length; at += 2) {
    const next = (at + 2) % polygon.length;
    const edge = [polygon[at], polygon[at + 1], polygon[next], polygon[next + 1]];
    if (edge[1] === edge[3]) continue;
    const band = (y) => Math.max(0, Math.min(BANDS - 1, ((y - top) * times) | 0));
    const last = band(Math.max(edge[1], edge[3]));
    for (let at = band(Math.min(edge[1], edge[3])); at <= last; at++) held[at].push(edge);
  }
  const starts = new Uint32Array(BANDS + 1);
  held.forEach((each, band) => (starts[band + 1] = starts[band] + each.length));
  return { starts, edges: Float64Array.from(held.flat(2)), times };
}
