/** Words about what is shown, for the line below the plot and for readers who do not see it. */

import { countText } from "./scales.js";

/** What the plot shows, as its label for screen readers. */
export function plotWords({ shown, n, titles, color }) {
  const parts = [
    `${countText(shown)} of ${countText(n)} rows`,
    titles.row && `rows of cells by ${titles.row}`,
    titles.column && `columns of cells by ${titles.column}`,
    titles.x && `across by ${titles.x}`,
    titles.y && `up by ${titles.y}`,
    color && `coloured by ${color}`,
  ];
  return `${parts.filter(Boolean).join(", ")}. Arrow keys step between points.`;
}

/** How many rows are shown and selected, and how many of them a scatter has no place for. */
export function statusWords({ shown, n, selected, infinite = 0 }) {
  const of = shown === n ? "" : ` of ${countText(n)}`;
  const hint = shown === 0 ? " · nothing to show: clear the search or show all in the legend" : "";
  const have = infinite === 1 ? "has" : "have";
  const lost = infinite ? ` · ${countText(infinite)} with an infinite value ${have} no place here` : "";
  return `${countText(shown)}${of} shown · ${countText(selected)} selected${lost}${hint}`;
}
