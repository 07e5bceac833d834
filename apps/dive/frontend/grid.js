/**
 * The grid of cells that two columns of buckets make, in world units (pixels of the plot when it fits).
 *
 *     numbers ascend upward; levels read downward as coded; (missing) is last, and only if it has rows
 */

/** Places of buckets along one side: `place[bucket]` from the start, or -1; labels by place. */
export function placesOf(facet, shown) {
  if (!facet) return { place: null, labels: [""], count: 1 };
  const { codes, labels } = facet;
  const missing = labels.length - 1;
  const order = labels.map((_, bucket) => bucket);
  if (!anyOf(codes, missing, shown)) order.pop();
  const place = new Int16Array(labels.length).fill(-1);
  order.forEach((bucket, at) => (place[bucket] = at));
  return { place, labels: order.map((bucket) => labels[bucket]), count: order.length };
}

/** The same places, turned so that the first bucket stands at the bottom, with (missing) below it. */
export function upward(places, missing) {
  const held = places.place[missing] >= 0;
  const turned = places.place.map((at, bucket) => {
    if (at < 0 || bucket === missing) return at;
    return places.count - 1 - at - (held ? 1 : 0);
  });
  const labels = new Array(places.count);
  turned.forEach((at, bucket) => {
    if (at >= 0) labels[at] = places.labels[places.place[bucket]];
  });
  return { ...places, place: turned, labels };
}

/** Cells of the plot: how many, how large, and where each begins. */
export function gridOf({ rows, columns, width, height }) {
  const gap = Math.max(1, Math.min(8, Math.min(width / columns.count, height / rows.count) * 0.06));
  const cellWidth = (width - gap * (columns.count - 1)) / columns.count;
  const cellHeight = (height - gap * (rows.count - 1)) / rows.count;
  return {
    rows,
    columns,
    width,
    height,
    gap,
    cellWidth,
    cellHeight,
    left: (at) => at * (cellWidth + gap),
    top: (at) => at * (cellHeight + gap),
  };
}

/** The cell of each shown row, -1 for the others, and how many rows each cell holds. */
export function cellsOf({ n, shown, row, column, grid }) {
  const cells = new Int32Array(n);
  const counts = new Uint32Array(grid.rows.count * grid.columns.count);
  const across = grid.columns.count;
  const down = grid.rows.place;
  const along = grid.columns.place;
  let total = 0;
  for (let i = 0; i < n; i++) {
    if (!shown[i]) {
      cells[i] = -1;
      continue;
    }
    const cell = (down ? down[row.codes[i]] : 0) * across + (along ? along[column.codes[i]] : 0);
    cells[i] = cell;
    counts[cell]++;
    total++;
  }
  return { cells, counts, total };
}

function anyOf(codes, bucket, shown) {
  for (let i = 0; i < codes.length; i++) if (codes[i] === bucket && shown[i]) return true;
  return false;
}
