/** The camera: screen = world × k + shift, from the whole plot (k = 1) to 500 times as large. */

export const CLOSEST = 500;

/** The camera that shows the whole plot. */
export function wholePlot() {
  return { k: 1, x: 0, y: 0 };
}

/** Zoom by a factor about a place on the screen, which stays where it is unless a limit holds. */
export function zoomed(camera, factor, at, plot) {
  const k = Math.max(1, Math.min(CLOSEST, camera.k * factor));
  const times = k / camera.k;
  return held({ k, x: at.x - (at.x - camera.x) * times, y: at.y - (at.y - camera.y) * times }, plot);
}

/** Move by pixels on the screen. */
export function panned(camera, dx, dy, plot) {
  return held({ k: camera.k, x: camera.x + dx, y: camera.y + dy }, plot);
}

/** Move as little as needed for a place of the world to be on the screen, `margin` pixels from its edge. */
export function showing(camera, world, plot, margin = 40) {
  const moved = (at, shift, length) => {
    const on = at * camera.k + shift;
    const room = Math.min(margin, length / 4);
    if (on < room) return shift + room - on;
    return on > length - room ? shift + length - room - on : shift;
  };
  const x = moved(world.x, camera.x, plot.width);
  const y = moved(world.y, camera.y, plot.height);
  return held({ k: camera.k, x, y }, plot);
}

/** The place in the world under a place on the screen. */
export function toWorld(camera, at) {
  return { x: (at.x - camera.x) / camera.k, y: (at.y - camera.y) / camera.k };
}

/** How large an item is on the screen, in pixels, not yet made at least one dot. */
export function itemSize(plan, camera) {
  return plan.size * camera.k ** plan.grow;
}

/** The camera kept over the plot: no empty border beyond a tenth of the screen once zoomed. */
function held({ k, x, y }, { width, height }) {
  const slack = k > 1 ? 0.1 : 0;
  const keep = (shift, length) =>
    Math.max(length - length * k - length * slack, Math.min(length * slack, shift));
  return { k, x: keep(x, width), y: keep(y, height) };
}
