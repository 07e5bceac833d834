/** Stamps: the pixels of an item of some size and shape, with smooth edges in four steps. */

const EDGE = 4;
const SAMPLES = 4;
const SQUARE_UP_TO = 4;
const made = new Map();

/** How many steps lie between paper and full colour. */
export const STEPS_OF_EDGE = EDGE;

/** Pixels of a stamp: `dx`, `dy` from its top left corner and `step` 1…4 of coverage. Kept. */
export function stampOf(shape, size) {
  const key = `${shape} ${size}`;
  if (!made.has(key)) made.set(key, stamped(shape, size));
  return made.get(key);
}

/** Whether a place in -1…1 × -1…1 belongs to a shape. */
export function inShape(shape, x, y) {
  if (shape === "square") return Math.abs(x) <= 0.9 && Math.abs(y) <= 0.9;
  if (shape === "diamond") return Math.abs(x) + Math.abs(y) <= 1;
  if (shape === "triangle") return y <= 0.8 && y >= -0.95 && Math.abs(x) <= (y + 0.95) * 0.57;
  if (shape === "tile") return rounded(Math.abs(x), Math.abs(y));
  return x * x + y * y <= 1;
}

function rounded(x, y) {
  const corner = 0.76;
  if (x <= corner || y <= corner) return true;
  return (x - corner) ** 2 + (y - corner) ** 2 <= (1 - corner) ** 2;
}

function stamped(shape, size) {
  const dx = [];
  const dy = [];
  const step = [];
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const covered =
        size <= SQUARE_UP_TO ? smallStep(shape, size, column, row) : edgeStep(shape, size, column, row);
      if (covered === 0) continue;
      dx.push(column);
      dy.push(row);
      step.push(covered);
    }
  }
  return { size, dx: Int16Array.from(dx), dy: Int16Array.from(dy), step: Uint8Array.from(step) };
}

/** Small items are squares; tiles, which touch, are paler along two sides, so that each can be seen. */
function smallStep(shape, size, column, row) {
  const side = shape === "tile" && size > 2 && (column === size - 1 || row === 0);
  return side ? EDGE / 2 : EDGE;
}

function edgeStep(shape, size, column, row) {
  return Math.round((coverage(shape, size, column, row) * EDGE) / SAMPLES ** 2);
}

function coverage(shape, size, column, row) {
  let inside = 0;
  for (let i = 0; i < SAMPLES; i++) {
    for (let j = 0; j < SAMPLES; j++) {
      const x = ((column + (i + 0.5) / SAMPLES) / size) * 2 - 1;
      const y = ((row + (j + 0.5) / SAMPLES) / size) * 2 - 1;
      if (inShape(shape, x, y)) inside++;
    }
  }
  return inside;
}
