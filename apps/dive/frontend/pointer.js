/**
 * The pointer over the plot: wheel zooms, drags pan or draw a box or lasso, short ones are clicks.
 *
 * Where all is shown already, turning the wheel to zoom out scrolls the page instead.
 */

const CLICK = 3;
const LASSO_STEP = 2;
const PAUSE = 400;

/**
 * Listen on the plot; the answer ends it.
 *
 * `tell` has `mode()`, `zoom(factor, at)` (whether it did), `pan(dx, dy)`, `hover(at)`, `leave()`, `click(at, event)`,
 * `pinAt(at)`, `outline(points or null)` and `area(points, event)`; places are pixels of the plot.
 */
export function listenToPointer(plot, tell) {
  let drag = null;
  let zoomedAt = -Infinity;
  const place = (event) => {
    const box = plot.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const listeners = {
    wheel: (event) => {
      const did = tell.zoom(wheelFactor(event), place(event));
      if (did) zoomedAt = event.timeStamp;
      if (did || event.timeStamp - zoomedAt < PAUSE) event.preventDefault();
    },
    pointerdown: (event) => {
      if (event.button > 1) return;
      const at = place(event);
      plot.setPointerCapture(event.pointerId);
      drag = {
        start: at,
        last: at,
        points: [at.x, at.y],
        mode: event.button === 1 ? "pan" : tell.mode(),
        moved: false,
      };
      tell.leave();
    },
    pointermove: (event) => {
      const at = place(event);
      if (!drag) return tell.hover(at);
      drag.moved ||= Math.hypot(at.x - drag.start.x, at.y - drag.start.y) >= CLICK;
      if (drag.moved) dragged(drag, at, tell);
    },
    pointerup: (event) => {
      if (!drag) return;
      const { moved, mode, points, start } = drag;
      drag = null;
      tell.outline(null);
      if (!moved) tell.click(start, event);
      else if (mode !== "pan") tell.area({ mode, points }, event);
    },
    pointercancel: () => {
      drag = null;
      tell.outline(null);
    },
    pointerleave: () => tell.leave(),
    dblclick: (event) => tell.pinAt(place(event)),
  };
  for (const [name, listener] of Object.entries(listeners)) {
    plot.addEventListener(name, listener, name === "wheel" ? { passive: false } : undefined);
  }
  return () => {
    for (const [name, listener] of Object.entries(listeners)) plot.removeEventListener(name, listener);
  };
}

/** How much a turn of the wheel zooms, whatever unit the device counts in. */
export function wheelFactor({ deltaY, deltaMode }) {
  const pixels = deltaY * (deltaMode === 1 ? 16 : deltaMode === 2 ? 400 : 1);
  return Math.exp(-Math.max(-240, Math.min(240, pixels)) * 0.0022);
}

function dragged(drag, at, tell) {
  if (drag.mode === "pan") {
    tell.pan(at.x - drag.last.x, at.y - drag.last.y);
    drag.last = at;
    return;
  }
  if (drag.mode === "box") {
    const { start } = drag;
    drag.points = [start.x, start.y, at.x, start.y, at.x, at.y, start.x, at.y];
  } else if (Math.hypot(at.x - drag.last.x, at.y - drag.last.y) >= LASSO_STEP) {
    drag.points.push(at.x, at.y);
    drag.last = at;
  }
  tell.outline(drag.points);
}
