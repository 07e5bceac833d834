/** The chart of a block: columns of numbers, rows of categories, quantiles, cumulative lines. */

import { adding, along, cut, greatest, height, labelled, percents, running, short, slots, values } from "./shapes.js";
import { shape } from "./drawing.js";

const WIDTH = 400;
const TALL = 84;
const TOP = 12;
const ROW = 17;
const NAMES = 128;

/** The drawing that is asked for; `look` is view, log, percent, colours and the bar that is picked. */
export function chart(block, look) {
  if (look.view === "quantiles" && block.quantiles.length) return quantiles(block, look);
  if (look.view === "cumulative") return cumulative(block, look);
  return block.numeric ? columns(block, look) : rows(block, look);
}

function canvas(block, tall, what) {
  return shape("svg", {
    viewBox: `0 0 ${WIDTH} ${tall}`,
    role: "group",
    "aria-label": `${what} of ${block.name}`,
    class: "chart",
  });
}

function scaleOf(block, look) {
  const held = values(block.bars, look.percent);
  const most = greatest(held);
  const unit = look.percent ? 0.001 : 1;
  return { held, most, of: (value) => height(value, most, { log: look.log, unit }) };
}

function bar(block, set, look, box) {
  const colour = look.colours[block.sets[set]];
  const alone = block.sets.length === 1;
  return shape("rect", {
    ...box,
    fill: colour,
    "fill-opacity": alone ? 0.8 : 0.38,
    stroke: colour,
    "stroke-width": alone ? 0 : 1.2,
    class: "bar",
  });
}

/** What is clicked: the whole place of a bar, from edge to edge. */
function hit(block, place, look, box) {
  return shape("rect", {
    ...box,
    class: look.picked === place ? "hit picked" : "hit",
    "data-place": place,
    "data-asked": block.bars.queries[place] === null ? "false" : "true",
  });
}

function columns(block, look) {
  const svg = canvas(block, TOP + TALL + 18, "histogram");
  const { held, most, of } = scaleOf(block, look);
  const { labels, missing } = block.bars;
  const places = slots(labels.length, WIDTH, { apart: missing });
  held.forEach((row, set) =>
    row.forEach((value, place) => {
      const tall = value > 0 ? Math.max(1, of(value) * TALL) : 0;
      const box = { x: places[place].x + 1, y: TOP + TALL - tall, width: Math.max(1, places[place].width - 2) };
      if (tall) svg.append(bar(block, set, look, { ...box, height: tall }));
    }),
  );
  svg.append(floor(), shape("text", { x: 0, y: 8, class: "tick", text: most ? (look.percent ? percents : short)(most) : "" }));
  const told = labelled(labels.slice(0, labels.length - missing), WIDTH);
  places.forEach(({ x, width }, place) => {
    const last = missing && place === labels.length - 1;
    if (told[place] || last) {
      const at = last ? { x: x + width, "text-anchor": "end" } : { x: x + 1 };
      svg.append(shape("text", { ...at, y: TOP + TALL + 13, class: "tick", text: last ? "missing" : labels[place] }));
    }
    svg.append(hit(block, place, look, { x, y: TOP, width, height: TALL + 18 }));
  });
  return svg;
}

function floor() {
  return shape("line", { x1: 0, x2: WIDTH, y1: TOP + TALL, y2: TOP + TALL, class: "axis" });
}

function rows(block, look) {
  const { labels } = block.bars;
  const svg = canvas(block, Math.max(1, labels.length) * ROW + 2, "bars");
  const { held, of } = scaleOf(block, look);
  const room = WIDTH - NAMES - 50;
  const thick = (ROW - 5) / block.sets.length;
  labels.forEach((label, place) => {
    const y = place * ROW;
    svg.append(shape("text", { x: NAMES - 6, y: y + 12, "text-anchor": "end", class: "name", text: cut(label, 21) }));
    held.forEach((row, set) => {
      const width = row[place] > 0 ? Math.max(1, of(row[place]) * room) : 0;
      if (width) svg.append(bar(block, set, look, { x: NAMES, y: y + 2 + set * thick, width, height: thick - 0.5 }));
    });
    const first = held[0]?.[place] ?? 0;
    const end = NAMES + greatest(held.map((row) => [of(row[place])])) * room;
    svg.append(shape("text", { x: end + 5, y: y + 12, class: "tick", text: (look.percent ? percents : short)(first) }));
    svg.append(hit(block, place, look, { x: 0, y, width: WIDTH, height: ROW }));
  });
  return svg;
}

function quantiles(block, look) {
  const step = 26;
  const svg = canvas(block, TOP + block.sets.length * step + 16, "deciles");
  const at = along(block.quantiles, { log: look.log });
  const x = (value) => 6 + at(value) * (WIDTH - 12);
  block.quantiles.forEach((row, set) => {
    const y = TOP + set * step + 10;
    const colour = look.colours[block.sets[set]];
    if (!row.length) return;
    svg.append(shape("line", { x1: x(row[0]), x2: x(row[row.length - 1]), y1: y, y2: y, stroke: colour, "stroke-width": 1.2 }));
    row.forEach((value, place) => {
      const size = place === 5 ? 9 : 5;
      const mark = shape("line", { x1: x(value), x2: x(value), y1: y - size, y2: y + size, stroke: colour, "stroke-width": place === 5 ? 3 : 1.5 });
      mark.append(shape("title", { text: `${place * 10}%: ${short(value)}` }));
      svg.append(mark);
    });
  });
  const all = block.quantiles.flat();
  const y = TOP + block.sets.length * step + 12;
  svg.append(shape("text", { x: 0, y, class: "tick", text: short(Math.min(...all)) }));
  svg.append(shape("text", { x: WIDTH, y, "text-anchor": "end", class: "tick", text: short(Math.max(...all)) }));
  return svg;
}

function cumulative(block, look) {
  const svg = canvas(block, TOP + TALL + 18, "cumulative shares");
  const there = block.bars.labels.length - block.bars.missing;
  const lines = block.numeric ? block.bars.n.map((row) => running(row.slice(0, there))) : block.ranks.map(adding);
  lines.forEach((line, set) => {
    const x = (place) => (line.length ? (place / line.length) * WIDTH : 0);
    const y = (share) => TOP + (1 - share) * TALL;
    const path = line.reduce((text, share, place) => `${text} L${x(place + 1)} ${y(share)}`, `M0 ${y(0)}`);
    svg.append(shape("path", { d: path, fill: "none", stroke: look.colours[block.sets[set]], "stroke-width": 2, class: "line" }));
  });
  svg.append(floor(), shape("text", { x: 0, y: 8, class: "tick", text: "100%" }));
  const most = Math.max(0, ...block.ranks.map((line) => line.length));
  const ends = block.numeric ? [block.bars.labels[0] ?? "", block.bars.labels[there - 1] ?? ""] : ["most frequent", `${most} values`];
  svg.append(shape("text", { x: 0, y: TOP + TALL + 13, class: "tick", text: ends[0] }));
  svg.append(shape("text", { x: WIDTH, y: TOP + TALL + 13, "text-anchor": "end", class: "tick", text: ends[1] }));
  return svg;
}
