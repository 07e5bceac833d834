/** The parts of a view on the page, empty: controls, stage with its cards, legend, and the line below. */

import { element } from "./dom.js";

const KEYS = "arrows step · Enter selects · P pins · B L V tools · + − 0 zoom";

/** Build all parts around the controls and the box of the stage; `root` holds them. */
export function partsFor({ strip, tools }, stage, { showDensity }) {
  const legend = element("div", { class: "legend", role: "group", "aria-label": "Legend" });
  const densityKey = element("div", { class: "density-key", hidden: true });
  const hoverCard = element("div", { class: "card hover", hidden: true, "aria-hidden": "true" });
  const dockedCard = element("div", {
    class: "card docked",
    hidden: true,
    role: "group",
    "aria-label": "Values of a row",
  });
  const message = element("div", { class: "notice problem", role: "alert", hidden: true });
  const notice = element("div", { class: "notice", hidden: true });
  const status = element("div", { class: "status", role: "status" });
  const offered = element("button", {
    type: "button",
    class: "quiet",
    hidden: true,
    text: "Many points overlap: show density",
    onclick: showDensity,
  });
  const spoken = element("div", { class: "spoken", "aria-live": "polite" });
  stage.append(message, notice, hoverCard, dockedCard);
  const side = element("div", { class: "side" }, legend, densityKey);
  const middle = element("div", { class: "middle" }, stage, side);
  const keys = element("span", { class: "keys", text: KEYS });
  const foot = element("div", { class: "foot" }, status, offered, keys, spoken);
  const root = element("div", { class: "rai-dive" }, strip, tools, middle, foot);
  return {
    root,
    side,
    legend,
    densityKey,
    hoverCard,
    dockedCard,
    message,
    notice,
    status,
    offered,
    spoken,
  };
}
