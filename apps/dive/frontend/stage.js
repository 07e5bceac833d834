/**
 * The stage: two canvases, the camera, and the way from one plan to the next.
 *
 *     items (pixels and ids)  under  overlay (labels, rings, outline of a drag)
 */

import { itemSize, panned, showing, toWorld, wholePlot, zoomed } from "./camera.js";
import { element } from "./dom.js";
import { paintItems, paintOverlay } from "./paint.js";
import { blend, inked, pick, sheetOf } from "./raster.js";

const TRAVEL = 800;
const TOO_SLOW = 100;
const FRAMES_KEPT = 15;
const REACH = 5;
const CROWDED = 100000;
const FINE_UP_TO = 300000;

export class Stage {
  /** A stage inside a box; `tell.settled(stage)` hears of the end of each change. */
  constructor(tell) {
    this.tell = tell;
    this.items = element("canvas", {
      class: "items",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "plot of rows",
    });
    this.overlay = element("canvas", { class: "overlay", "aria-hidden": "true" });
    this.box = element("div", { class: "stage" }, this.items, this.overlay);
    this.context = this.items.getContext("2d", { alpha: false });
    this.over = this.overlay.getContext("2d");
    this.camera = wholePlot();
    this.frame = { left: 0, top: 0, right: 0, bottom: 0, width: 1, height: 1 };
    this.ratio = this.sharp = 1;
    this.sheet = null;
    this.plan = null;
    this.travel = null;
    this.wear = {};
    this.outline = null;
    this.sizeNow = 1;
    this.leftDrawn = this.topDrawn = 0;
    this.waiting = 0;
    this.durations = [];
  }

  /**
   * Take the size of the box, less the room that labels need.
   *
   * On fine screens items are drawn in all dots, unless there are so many that frames would take too long.
   */
  fitTo(room, n) {
    const { clientWidth, clientHeight } = this.box;
    this.sharp = Math.min(2, globalThis.devicePixelRatio || 1);
    this.ratio = n > FINE_UP_TO ? 1 : this.sharp;
    const width = Math.max(40, clientWidth - room.left - room.right);
    const height = Math.max(40, clientHeight - room.top - room.bottom);
    this.frame = { ...room, width, height };
    const [wide, tall] = [Math.round(width * this.ratio), Math.round(height * this.ratio)];
    if (this.sheet?.width !== wide || this.sheet?.height !== tall) {
      this.sheet = sheetOf(wide, tall);
      sizeCanvas(this.items, wide, tall, width, height);
    }
    this.items.style.left = `${room.left}px`;
    this.items.style.top = `${room.top}px`;
    const [allWide, allTall] = [
      Math.round(clientWidth * this.sharp),
      Math.round(clientHeight * this.sharp),
    ];
    if (this.overlay.width !== allWide || this.overlay.height !== allTall) {
      sizeCanvas(this.overlay, allWide, allTall, clientWidth, clientHeight);
    }
  }

  /** Go to a plan, by moving every item from where it is on the screen if `animated`. */
  goTo(plan, { animated, zoomKept }) {
    const was = { camera: this.camera, left: this.leftDrawn, top: this.topDrawn, size: this.sizeNow };
    this.plan = plan;
    if (!zoomKept) this.camera = wholePlot();
    if (animated && this.x?.length === plan.x.length) {
      const [k, now] = [was.camera.k, this.camera];
      const from = {
        x: carried(
          this.x,
          plan.x,
          k / now.k,
          (was.camera.x + was.left - this.frame.left - now.x) / now.k,
        ),
        y: carried(this.y, plan.y, k / now.k, (was.camera.y + was.top - this.frame.top - now.y) / now.k),
        size: was.size,
      };
      this.x = from.x.slice();
      this.y = from.y.slice();
      this.sizeNow = from.size;
      this.travel = { from, begun: null };
    } else this.arrive();
    this.draw();
  }

  /** Draw soon, with what was worn last and `changes` to it. */
  draw(changes = {}) {
    Object.assign(this.wear, changes);
    if (this.waiting || !this.plan) return;
    this.tell.unsettled();
    this.waiting = requestAnimationFrame((now) => this.step(now));
  }

  /** Stop drawing for good. */
  end() {
    cancelAnimationFrame(this.waiting);
    this.plan = null;
  }

  /** Zoom by a factor about a place of the plot; whether that changed anything. */
  zoom(factor, at = { x: this.frame.width / 2, y: this.frame.height / 2 }) {
    const before = this.camera.k;
    this.camera = zoomed(this.camera, factor, at, this.frame);
    if (this.camera.k === before) return false;
    this.draw();
    return true;
  }

  pan(dx, dy) {
    this.camera = panned(this.camera, dx, dy, this.frame);
    this.draw();
  }

  fit() {
    this.camera = wholePlot();
    this.draw();
  }

  /** Bring a row onto the screen. */
  reveal(row) {
    this.camera = showing(this.camera, { x: this.plan.x[row], y: this.plan.y[row] }, this.frame);
    this.draw();
  }

  /** The row at a place of the plot, or near it; -1 if none. */
  rowAt({ x, y }) {
    if (!this.plan) return -1;
    return pick(
      this.sheet,
      Math.floor(x * this.ratio),
      Math.floor(y * this.ratio),
      Math.round(REACH * this.ratio),
    );
  }

  /** The place in the world under a place on the plot. */
  worldAt(at) {
    return toWorld(this.camera, at);
  }

  /** Whether so many items lie over one another that counting them would show more. */
  get crowded() {
    if (
      !this.plan ||
      this.plan.total < CROWDED ||
      this.wear.density ||
      !this.plan.axes.x ||
      !this.plan.axes.y
    )
      return false;
    return inked(this.sheet) < this.painted.drawn * Math.min(4, this.painted.size ** 2) * 0.5;
  }

  /** The median time that the last frames took to draw, in milliseconds. */
  get frameTime() {
    const sorted = [...this.durations].sort((a, b) => a - b);
    return sorted[sorted.length >> 1] ?? 0;
  }

  step(now) {
    this.waiting = 0;
    if (!this.plan) return;
    const start = performance.now();
    if (this.travel) this.move(now);
    this.paint();
    this.durations.push(performance.now() - start);
    if (this.durations.length > FRAMES_KEPT) this.durations.shift();
    if (this.travel && this.durations.slice(-2).every((each) => each > TOO_SLOW)) {
      this.arrive();
      this.paint();
    }
    if (this.travel) this.waiting = requestAnimationFrame((next) => this.step(next));
    else this.tell.settled(this);
  }

  move(now) {
    this.travel.begun ??= now;
    const part = (now - this.travel.begun) / TRAVEL;
    if (part >= 1) return this.arrive();
    const smooth = part * part * (3 - 2 * part);
    blend(this.x, this.travel.from.x, this.plan.x, smooth);
    blend(this.y, this.travel.from.y, this.plan.y, smooth);
    this.sizeNow = this.travel.from.size * (1 - smooth) + itemSize(this.plan, this.camera) * smooth;
  }

  arrive() {
    this.travel = null;
    this.x = this.plan.x;
    this.y = this.plan.y;
  }

  paint() {
    const { camera, ratio, frame, plan, x, y } = this;
    if (!this.travel) this.sizeNow = itemSize(plan, camera);
    [this.leftDrawn, this.topDrawn] = [frame.left, frame.top];
    const moving = Boolean(this.travel);
    const scene = {
      ...this.wear,
      plan,
      x,
      y,
      size: this.sizeNow,
      camera,
      ratio,
      frame,
      outline: this.outline,
      moving,
    };
    this.painted = paintItems(this.sheet, scene);
    this.context.putImageData(this.sheet.image, 0, 0);
    paintOverlay(
      { context: this.over, frame, camera, ratio: this.sharp, theme: this.wear.theme },
      scene,
    );
  }
}

function sizeCanvas(canvas, width, height, wideOnPage, tallOnPage) {
  canvas.width = width;
  canvas.height = height;
  canvas.style.width = `${wideOnPage}px`;
  canvas.style.height = `${tallOnPage}px`;
}

/** Old positions in the new world; items that were not shown before start where they will be. */
function carried(before, after, times, plus) {
  const from = new Float32Array(before.length);
  for (let i = 0; i < from.length; i++) {
    const value = before[i];
    from[i] = value === value ? value * times + plus : after[i];
  }
  return from;
}
