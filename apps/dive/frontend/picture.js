/** A picture to keep: the plot with its labels, and its legend at the right, as a PNG file. */

import { element } from "./dom.js";
import { fitted } from "./labels.js";
import { countText } from "./scales.js";

const LEGEND_WIDE = 200;
const LINE_TALL = 22;
const MARGIN = 12;

/** What is on the stage, and the shown levels with their counts, as one canvas. */
export function pictureOf(stage, { title, levels, theme }) {
  const { overlay, items, frame, sharp: ratio } = stage;
  const beside = levels.length > 0 ? LEGEND_WIDE : 0;
  const canvas = element("canvas", { width: overlay.width + beside * ratio, height: overlay.height });
  const context = canvas.getContext("2d");
  context.fillStyle = theme.paper;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(ratio, ratio);
  context.imageSmoothingEnabled = false;
  context.drawImage(items, frame.left, frame.top, frame.width, frame.height);
  context.drawImage(overlay, 0, 0, overlay.width / ratio, overlay.height / ratio);
  context.translate(overlay.width / ratio + MARGIN, MARGIN + LINE_TALL / 2);
  context.textBaseline = "middle";
  if (levels.length > 0) drawLegend(context, { title, levels, theme });
  return canvas;
}

/** Offer a canvas as a file to save. */
export function savePicture(canvas, name) {
  canvas.toBlob((blob) => {
    const link = element("a", { href: URL.createObjectURL(blob), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }, "image/png");
}

function drawLegend(context, { title, levels, theme }) {
  const width = LEGEND_WIDE - 2 * MARGIN;
  context.fillStyle = theme.text;
  context.font = `600 12.5px ${theme.font}`;
  context.fillText(fitted(context, title, width), 0, 0);
  context.font = `12px ${theme.font}`;
  levels.forEach(({ label, colour, count }, at) => {
    const line = (at + 1) * LINE_TALL;
    context.fillStyle = colour;
    context.beginPath();
    context.arc(5, line, 5, 0, 7);
    context.fill();
    context.fillStyle = theme.text;
    const counted = countText(count);
    const room = width - 24 - context.measureText(counted).width;
    context.fillText(fitted(context, label, room), 17, line);
    context.fillText(counted, width - context.measureText(counted).width, line);
  });
}
