/**
 * Keys of the focused plot.
 *
 *     arrows step between points · shift + arrows pan · + - 0 zoom and fit · Enter selects, Space adds
 *     P pins · B L V box, lasso, pan · Escape clears
 */

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MODE_KEYS = { b: "box", l: "lasso", v: "pan" };
const PAN_STEP = 60;

/** What a key means: `[action, ...arguments]`, or null. */
export function actionOf({ key, shiftKey, ctrlKey, metaKey, altKey }) {
  if (ARROWS[key]) {
    const [dx, dy] = ARROWS[key];
    return shiftKey ? ["pan", -dx * PAN_STEP, -dy * PAN_STEP] : ["step", dx, dy];
  }
  if (ctrlKey || metaKey) return null;
  if (key === "+" || key === "=") return ["zoom", 1.5];
  if (key === "-" || key === "_") return ["zoom", 1 / 1.5];
  if (key === "0") return ["fit"];
  if (key === "Enter") return ["choose", altKey ? "remove" : shiftKey ? "add" : "replace"];
  if (key === " ") return ["choose", "toggle"];
  if (key === "Escape") return ["escape"];
  if (altKey) return null;
  const letter = key.toLowerCase();
  if (letter === "p") return ["pin"];
  return MODE_KEYS[letter] ? ["mode", MODE_KEYS[letter]] : null;
}

/** Listen on the plot; `tell[action](...arguments)`. The answer ends it. */
export function listenToKeys(plot, tell) {
  const onKey = (event) => {
    const action = actionOf(event);
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    tell[action[0]](...action.slice(1));
  };
  plot.addEventListener("keydown", onKey);
  return () => plot.removeEventListener("keydown", onKey);
}
