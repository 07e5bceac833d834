/** Acts: what clicks, drags, keys and the legend do to a view. */

import { fillHover, placeHover } from "./card.js";
import { levelHits } from "./scene.js";
import { boxHits, combined, crowdAt, howOf, lassoHits, nearestTo, nearestToward } from "./select.js";

const CROWD_UP_TO = 2;
const SPOKEN_LINES = 4;

/** What the legend's buttons do. */
export function legendActs(view) {
  const hide = (hidden) => {
    view.hidden = new Set(hidden);
    view.refresh();
  };
  return {
    toggle: (at) =>
      hide(view.hidden.has(at) ? [...view.hidden].filter((each) => each !== at) : [...view.hidden, at]),
    only: (at) => hide([...view.look.levels.keys()].filter((each) => each !== at)),
    all: () => hide([]),
    select: (at, event) =>
      view.choose(combined(view.selected, levelHits(view.look, at, view.shownNow()), howOf(event))),
  };
}

/** What the pointer does. */
export function pointerActs(view) {
  const { stage } = view;
  const leave = () => {
    view.hovered = null;
    view.parts.hoverCard.hidden = true;
  };
  return {
    mode: () => view.layout.mode,
    zoom: (factor, at) => {
      leave();
      return stage.zoom(factor, at);
    },
    pan: (dx, dy) => stage.pan(dx, dy),
    hover: (at) => hover(view, at),
    leave,
    click: (at, event) => click(view, at, event),
    pinAt: (at) => {
      const row = stage.rowAt(at);
      if (row >= 0) view.pin(row);
    },
    outline: (points) => {
      stage.outline = points;
      stage.draw();
    },
    area: (area, event) => chooseArea(view, area, event),
  };
}

/** What keys do. */
export function keyActs(view) {
  const { stage } = view;
  return {
    pan: (dx, dy) => stage.pan(dx, dy),
    zoom: (factor) => stage.zoom(factor),
    fit: () => stage.fit(),
    mode: (mode) => view.change({ mode }),
    step: (dx, dy) => stepTo(view, dx, dy),
    choose: (how) => {
      if (view.focused === null) return stepTo(view, 0, 0);
      view.chooseRow(view.focused, how);
    },
    pin: () => {
      const row = view.focused ?? view.docked;
      if (row !== null) view.pin(row);
    },
    escape: () => {
      view.focused = null;
      view.dock(null);
      view.clear();
    },
  };
}

function hover(view, at) {
  const { stage } = view;
  const { hoverCard } = view.parts;
  const row = !stage.plan || stage.travel ? -1 : stage.rowAt(at);
  stage.items.style.cursor = view.layout.mode === "pan" ? (row >= 0 ? "pointer" : "grab") : "crosshair";
  hoverCard.hidden = row < 0 || row === view.docked;
  if (hoverCard.hidden) return;
  if (view.hovered !== row)
    fillHover(hoverCard, { row, lines: view.linesNow(row), crowd: crowdOf(view, row) });
  view.hovered = row;
  const room = { width: stage.box.clientWidth, height: stage.box.clientHeight };
  placeHover(hoverCard, { x: at.x + stage.frame.left, y: at.y + stage.frame.top }, room);
}

/** How many rows share the pixel of a row, where items are so small that they may. */
function crowdOf({ stage }, row) {
  if (stage.painted.size > CROWD_UP_TO && !stage.painted.most) return 1;
  const { x, y } = stage.plan;
  return crowdAt(x, y, { at: { x: x[row], y: y[row] }, reach: 0.5 / (stage.camera.k * stage.ratio) });
}

function click(view, at, event) {
  view.stage.items.focus({ preventScroll: true });
  const row = view.stage.rowAt(at);
  view.focused = row < 0 ? null : row;
  if (row < 0) {
    view.dock(null);
    if (howOf(event) === "replace") view.clear();
    return;
  }
  view.docked = row;
  view.chooseRow(row, howOf(event));
}

function chooseArea(view, { mode, points }, event) {
  if (!view.stage.plan) return;
  const start = performance.now();
  const { x, y } = view.stage.plan;
  const world = Float64Array.from(points);
  for (let at = 0; at < world.length; at += 2) {
    const place = view.stage.worldAt({ x: points[at], y: points[at + 1] });
    world[at] = place.x;
    world[at + 1] = place.y;
  }
  const [x1, y1, , , x2, y2] = world;
  const box = {
    left: Math.min(x1, x2),
    right: Math.max(x1, x2),
    top: Math.min(y1, y2),
    bottom: Math.max(y1, y2),
  };
  const hits = mode === "box" ? boxHits(x, y, box) : lassoHits(x, y, world);
  const mask = combined(view.selected, hits, howOf(event));
  view.host.setAttribute("data-select-ms", (performance.now() - start).toFixed(1));
  view.choose(mask);
}

/** Focus the nearest point in a direction, or the one nearest to the middle if none is focused. */
function stepTo(view, dx, dy) {
  const { plan, frame } = view.stage;
  if (!plan) return;
  const middle = view.stage.worldAt({ x: frame.width / 2, y: frame.height / 2 });
  const from = view.focused === null ? null : { x: plan.x[view.focused], y: plan.y[view.focused] };
  const row = from
    ? nearestToward(plan.x, plan.y, { from, dx, dy, not: view.focused })
    : nearestTo(plan.x, plan.y, middle);
  if (row < 0) return;
  view.focused = row;
  view.docked = row;
  view.dress();
  view.stage.reveal(row);
  const told = view
    .linesNow(row)
    .slice(0, SPOKEN_LINES)
    .map(([title, text]) => `${title} ${text}`);
  view.parts.spoken.textContent = `Row ${row}: ${told.join(", ")}`;
}
