/**
 * The view: one Dive on a page. It keeps what is chosen, asks Python for what is missing, and draws.
 *
 *     data (JSON) + columns (store) ──scene──▶ plan ──stage──▶ pixels
 *     controls, legend, pointer, keys ──▶ layout, selection, picked, pinned, search ──▶ Python
 */

import { keyActs, legendActs, pointerActs } from "./acts.js";
import { bitsOf, countOf, unpacked } from "./bitmask.js";
import { fillDocked, linesOf } from "./card.js";
import { lightness, rgbOf } from "./colour.js";
import { controlsFor } from "./controls.js";
import { element, themeOf } from "./dom.js";
import { openAtlas } from "./items.js";
import { listenToKeys } from "./keyboard.js";
import { roomFor } from "./labels.js";
import { fillDensityKey, fillLegend } from "./legend.js";
import { inksFor } from "./paint.js";
import { partsFor } from "./parts.js";
import { pictureOf, savePicture } from "./picture.js";
import { listenToPointer } from "./pointer.js";
import { countText } from "./scales.js";
import {
  awaited,
  facetOf,
  levelCounts,
  lookOf,
  sceneOf,
  shownRows,
  titleOf,
} from "./scene.js";
import { combined } from "./select.js";
import { Stage } from "./stage.js";
import { columnsOf, maskBytes, subscribe } from "./store.js";
import { plotWords, statusWords } from "./wording.js";

const SENT_KEPT = 6;

export class View {
  constructor(parent, css) {
    this.host = parent.host ?? parent;
    parent.querySelector?.(".rai-dive")?.remove();
    this.data = null;
    this.hidden = new Set();
    this.selected = new Uint8Array(0);
    this.count = 0;
    this.visible = null;
    this.layoutVersion = null;
    this.sent = [];
    this.focused = null;
    this.docked = null;
    this.stage = new Stage({
      settled: () => this.settled(),
      unsettled: () => this.host.setAttribute("data-settled", "false"),
    });
    this.build(parent, css);
    this.endings = [
      subscribe((token) => token === this.data?.token && this.refresh()),
      listenToPointer(this.stage.items, pointerActs(this)),
      listenToKeys(this.stage.items, keyActs(this)),
    ];
    this.watchSize();
  }

  build(parent, css) {
    this.controls = controlsFor({
      change: (fields) => this.change(fields),
      zoom: (factor) => this.stage.zoom(factor),
      fit: () => this.stage.fit(),
      save: () => this.save(),
      search: (text) => this.send.trigger("search", { text }),
      clear: () => this.clear(),
    });
    this.parts = partsFor(this.controls, this.stage.box, {
      showDensity: () => this.change({ density: true }),
    });
    this.parts.root.prepend(element("style", { text: css }));
    parent.append(this.parts.root);
  }

  /** Take new data from Python. */
  update({ data, setStateValue }, trigger) {
    this.send = { state: setStateValue, trigger };
    const other = this.data?.token !== data.token || this.data?.n !== data.n;
    this.data = data;
    if (other) this.forget(data.n);
    if (this.layoutVersion === null || data.layout_version > this.layoutVersion) {
      this.layoutVersion = data.layout_version ?? 0;
      this.layout = data.layout;
      if (this.shownLayout?.color !== this.layout.color) this.hidden.clear();
    }
    this.refresh();
  }

  /** Stop for good. */
  end() {
    for (const end of this.endings) end();
    this.stage.end();
    this.parts.root.remove();
  }

  /** Draw what is chosen, if all of it is there; else keep what was drawn and say what is awaited. */
  refresh() {
    if (!this.data) return;
    this.takeMasks(this.data);
    const columns = columnsOf(this.data.token, this.data.n);
    this.waits = awaited(this.layout, this.data, columns);
    this.sync();
    if (this.waits.length > 0 || !this.stage.box.clientWidth) return;
    this.shownLayout = this.layout;
    this.theme = themeOf(this.parts.root);
    this.dark = lightness(rgbOf(this.theme.paper)) < 0.4;
    this.parts.root.classList.toggle("dark", this.dark);
    this.look = lookOf(this.layout, this.data, columns, this.dark);
    this.parts.side.hidden = this.look.levels.length === 0 && !this.layout.density;
    openAtlas(columns.get(this.layout.label), () => this.stage.draw());
    this.place(columns);
    this.dress(columns);
    this.describe();
  }

  /** Compute where everything lies, unless nothing that matters has changed. */
  place(columns) {
    const { row, column, row_bins, column_bins, x, y, sort, color } = this.layout;
    const shown = this.shownNow();
    const facets = ["row", "column"].map((side) => facetOf(side, this.layout, this.data, columns));
    this.stage.fitTo(this.roomNow(facets), this.data.n);
    const { width, height } = this.stage.frame;
    const names = [x, y, sort, color].map((name) => columns.get(name) ?? null);
    const { clientWidth, clientHeight } = this.stage.box;
    const facetCodes = facets.map((each) => each?.codes);
    const box = `${clientWidth} ${clientHeight}`;
    const cells = [row, column, row_bins, column_bins, x, y].join();
    const key = [box, width, height, cells, shown, ...names, ...facetCodes];
    const before = this.placed;
    const changed = key.map((each, at) => before?.[at] !== each);
    if (!changed.includes(true)) return;
    const start = performance.now();
    const plan = sceneOf({
      layout: this.layout,
      data: this.data,
      columns,
      look: this.look,
      shown,
      width,
      height,
      dot: 1 / this.stage.ratio,
    });
    this.stage.goTo(plan, {
      animated: Boolean(before) && changed.slice(3).includes(true) && !prefersStillness(),
      zoomKept: !changed.slice(0, 4).includes(true),
    });
    this.host.setAttribute("data-layout-ms", (performance.now() - start).toFixed(1));
    this.placed = key;
    if (this.focused !== null && !(plan.x[this.focused] === plan.x[this.focused])) this.focused = null;
  }

  /** Tell the stage how items look and which are marked, and draw. */
  dress(columns = columnsOf(this.data.token, this.data.n)) {
    if (!this.look) return;
    const { color, label, palette, density } = this.shownLayout;
    const inksKey = [this.theme.paper, this.theme.text, palette, color, this.look.colours.join()];
    const inks = this.once("inks", inksKey, () =>
      inksFor(this.theme, this.look, this.rampNow(palette), this.dark),
    );
    const { title, titles } = this.titlesNow();
    this.stage.draw({
      theme: this.theme,
      inks,
      look: this.look,
      titles,
      density,
      label: columns.get(label),
      selected: this.selected,
      selecting: this.count > 0,
      marks: [
        { row: this.data.pinned, as: "pinned" },
        { row: this.focused, as: "focused" },
      ],
    });
    fillLegend(this.parts.legend, {
      title,
      look: this.look,
      hidden: this.hidden,
      tell: legendActs(this),
      counts: this.countsNow(),
    });
    this.host.setAttribute("data-n", this.data.n);
    this.host.setAttribute("data-visible", this.stage.plan?.total ?? 0);
    this.host.setAttribute("data-selected", this.count);
    this.dock(this.docked);
  }

  /** Change the layout, here at once and in Python soon after. */
  change(fields) {
    if ("color" in fields) this.hidden.clear();
    this.layout = { ...this.layout, ...fields };
    this.refresh();
    this.send.state("layout", this.layout);
  }

  /** Make a mask the selection, and tell Python. */
  choose(mask) {
    this.selected = mask;
    this.count = countOf(mask);
    const bits = bitsOf(mask);
    this.sent = [...this.sent, bits].slice(-SENT_KEPT);
    this.send.trigger("selection", { n: this.data.n, count: this.count, bits });
    this.dress();
    this.sync();
    this.describe();
  }

  /** Select nothing. */
  clear() {
    if (this.count > 0) this.choose(new Uint8Array(this.data.n));
    else this.dress();
  }

  /** Save what is on screen as a picture. */
  save() {
    if (!this.look) return;
    const counts = this.countsNow();
    const levels = this.look.levels
      .map((level, at) => ({ ...level, count: counts[at] }))
      .filter(({ count }, at) => count > 0 && !this.hidden.has(at));
    savePicture(
      pictureOf(this.stage, { title: this.titlesNow().title, levels, theme: this.theme }),
      "dive.png",
    );
  }

  /** Hear that the stage stands still. */
  settled() {
    this.host.setAttribute("data-settled", "true");
    this.host.setAttribute("data-frame-ms", this.stage.frameTime.toFixed(1));
    this.parts.offered.hidden = !this.stage.crowded;
    fillDensityKey(this.parts.densityKey, {
      stops: this.rampNow(this.layout.palette),
      most: this.stage.painted.most,
    });
  }

  forget(n) {
    this.selected = new Uint8Array(n);
    this.count = 0;
    this.visible = null;
    this.masks = {};
    this.hidden.clear();
    this.sent = [];
    this.focused = this.docked = this.placed = this.layoutVersion = null;
    this.look = this.shownLayout = null;
    this.made = {};
    this.waits = [];
    this.stage.plan = null;
  }

  /** Take the selection and the search's rows from Python, unless it only echoes an older selection. */
  takeMasks({ selection, visible, n }) {
    const chosen = this.changedMask("selection", selection, n);
    if (chosen) {
      if (!selection || !this.sent.slice(0, -1).includes(bitsOf(chosen))) this.selected = chosen;
      this.count = countOf(this.selected);
    }
    const shown = this.changedMask("visible", visible, n);
    if (shown) this.visible = visible ? shown : null;
  }

  /** A mask that differs from the one that was taken, once its bits are there; else null. */
  changedMask(name, told, n) {
    const version = told?.version ?? null;
    if (this.masks[name] === version) return null;
    const fed = told && maskBytes(this.data.token, name, version);
    if (told && !fed) return null;
    this.masks[name] = version;
    return fed ? unpacked(fed, n) : new Uint8Array(n);
  }

  shownNow() {
    const key = [this.visible, this.look.codes, this.data.n, [...this.hidden].join()];
    return this.once("shown", key, () =>
      shownRows(this.data.n, this.visible, this.look, this.hidden),
    );
  }

  countsNow() {
    const key = [this.visible, this.look.codes, this.look.levels.length];
    return this.once("counts", key, () => levelCounts(this.look, this.visible));
  }

  /** What `make` gives, made again only when something in its key has changed. */
  once(name, key, make) {
    const same = this.made[name]?.key.every((each, at) => each === key[at]);
    if (!same) this.made[name] = { key, value: make() };
    return this.made[name].value;
  }

  rampNow(palette) {
    return this.data.palettes[palette].ramp[this.dark ? "dark" : "light"];
  }

  roomNow([row, column]) {
    return roomFor({
      context: this.stage.over,
      theme: this.theme,
      rowLabels: row?.labels ?? [],
      columnLabels: column?.labels ?? [],
      xAxis: Boolean(this.layout.x),
      yAxis: Boolean(this.layout.y),
    });
  }

  titlesNow() {
    const named = (field) => titleOf(this.data, this.shownLayout[field]);
    return {
      title: named("color"),
      titles: { x: named("x"), y: named("y"), row: named("row"), column: named("column") },
    };
  }

  /** Fit the words around the plot to what is chosen, awaited, found and selected. */
  sync() {
    const { message, found, search, palettes } = this.data;
    this.controls.sync(this.layout, this.data.columns, {
      found: Number.isInteger(found) ? `${countText(found)} found` : "",
      selected: this.count,
      search: search ?? "",
      example: this.data.example,
      palettes: Object.entries(palettes).map(([value, { title }]) => ({ value, text: title })),
    });
    this.parts.message.hidden = !message;
    this.parts.message.textContent = message ?? "";
    const names = [...new Set(this.waits.map((field) => titleOf(this.data, this.layout[field])))];
    this.parts.notice.hidden = names.length === 0;
    this.parts.notice.textContent = `Fetching ${names.join(", ")} …`;
  }

  /** Say in words what is shown. */
  describe() {
    if (!this.look) return;
    const shown = this.stage.plan?.total ?? 0;
    const infinite = this.stage.plan?.infinite;
    const { n } = this.data;
    const { titles, title: color } = this.titlesNow();
    this.stage.items.setAttribute("aria-label", plotWords({ shown, n, titles, color }));
    this.parts.status.textContent = statusWords({ shown, n, selected: this.count, infinite });
  }

  /** Show a row in the docked card; null closes it. */
  dock(row) {
    this.docked = row;
    this.parts.dockedCard.hidden = row === null;
    if (row === null) return;
    const lines = this.linesNow(row);
    fillDocked(this.parts.dockedCard, {
      row,
      lines,
      pinned: this.data.pinned === row,
      selected: this.selected[row] === 1,
      tell: {
        pin: () => this.pin(row),
        add: () => this.chooseRow(row, "toggle"),
        close: () => {
          this.dock(null);
          this.stage.items.focus();
        },
      },
    });
  }

  linesNow(row) {
    return linesOf(row, {
      data: this.data,
      columns: columnsOf(this.data.token, this.data.n),
      layout: this.layout,
    });
  }

  pin(row) {
    this.data = { ...this.data, pinned: row };
    this.send.trigger("pinned", { row });
    this.dress();
  }

  chooseRow(row, how) {
    const hits = new Uint8Array(this.data.n);
    hits[row] = 1;
    const way = how === "toggle" ? (this.selected[row] ? "remove" : "add") : how;
    this.choose(combined(this.selected, hits, way));
  }

  watchSize() {
    let waiting = 0;
    const soon = () => {
      cancelAnimationFrame(waiting);
      waiting = requestAnimationFrame(() => this.refresh());
    };
    const watch = new ResizeObserver(soon);
    watch.observe(this.stage.box);
    const scheme = globalThis.matchMedia?.("(prefers-color-scheme: dark)");
    scheme?.addEventListener("change", soon);
    this.endings.push(
      () => watch.disconnect(),
      () => scheme?.removeEventListener("change", soon),
      () => cancelAnimationFrame(waiting),
    );
  }
}

function prefersStillness() {
  return globalThis.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}
