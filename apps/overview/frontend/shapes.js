/** Pure geometry and words of the blocks: numbers in, numbers out; tested with node. */

/** Where a value stands from 0 to 1: of `most` at most, straight or by its logarithm. */
export function height(value, most, { log = false, unit = 1 } = {}) {
  if (!(most > 0) || !(value > 0)) return 0;
  const whole = log ? Math.log1p(value / unit) / Math.log1p(most / unit) : value / most;
  return Math.min(1, whole);
}

/** The greatest number of several rows of them; 0 without any. */
export function greatest(rows) {
  return rows.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0);
}

/** The values that are drawn of bars: rows, or shares of all rows of a data set. */
export function values(bars, percent) {
  return percent ? bars.share : bars.n;
}

/** Left end and width of each of `count` bars; the last `apart` stand by themselves behind a gap. */
export function slots(count, width, { apart = 0, gap = 14 } = {}) {
  const room = width - (apart && count > apart ? gap : 0);
  const each = count ? Math.min(room / count, width / 3) : 0;
  return Array.from({ length: count }, (_, place) => ({
    x: place * each + (place >= count - apart && count > apart ? gap : 0),
    width: each,
  }));
}

/** Running sums as shares of the whole. */
export function running(row) {
  const whole = row.reduce((a, b) => a + b, 0);
  let sum = 0;
  return row.map((value) => (whole ? (sum += value) / whole : 0));
}

/** Running sums of shares that need not reach the whole. */
export function adding(row) {
  let sum = 0;
  return row.map((value) => Math.min(1, (sum += value)));
}

/** The place from 0 to 1 of a value among all of these rows; straight, or by a signed logarithm. */
export function along(rows, { log = false } = {}) {
  const bend = (value) => (log ? Math.sign(value) * Math.log1p(Math.abs(value)) : value);
  const all = rows.flat().map(bend);
  const low = Math.min(...all);
  const high = Math.max(...all);
  return (value) => (high > low ? (bend(value) - low) / (high - low) : 0.5);
}

/** A number in few letters: 12,345 or 0.0123 or 1.2M. */
export function short(value) {
  const size = Math.abs(value);
  if (size >= 1e6) return value.toLocaleString("en", { notation: "compact", maximumFractionDigits: 1 });
  if (size >= 100 || Number.isInteger(value)) return value.toLocaleString("en", { maximumFractionDigits: 0 });
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

/** A share in percent. */
export function percents(share) {
  if (share > 0 && share < 0.0001) return "~0%";
  return `${(100 * share).toLocaleString("en", { maximumSignificantDigits: 3 })}%`;
}

/** What a bar is, in words: for its tooltip line and for those who can't see it. */
export function sentence(block, place, names) {
  const { bars } = block;
  const counts = block.sets.map((set, row) => {
    const rows = `${short(bars.n[row][place])} (${percents(bars.share[row][place])})`;
    return block.sets.length > 1 ? `${names[set]} ${rows}` : rows;
  });
  return `${block.name}, ${bars.labels[place]}: ${counts.join(" · ")}`;
}

/** The bar that an arrow key goes to; the same where there is none. */
export function stepped(key, place, count) {
  const moves = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  return Math.max(0, Math.min(count - 1, place + (moves[key] ?? 0)));
}

/** Text cut to a number of letters. */
export function cut(text, most) {
  const letters = [...String(text)];
  return letters.length > most ? `${letters.slice(0, most - 1).join("")}…` : letters.join("");
}

/** Which labels under bars are shown, so that none runs into the next. */
export function labelled(labels, width, letter = 6.2) {
  const each = width / Math.max(1, labels.length);
  const longest = Math.max(1, ...labels.map((label) => [...label].length));
  const step = Math.max(1, Math.ceil((longest * letter + 8) / each));
  return labels.map((_, place) => place % step === 0);
}

/** Whether a colour such as rgb(20, 24, 28) or #15181c is dark. */
export function isDark(colour) {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour.trim());
  const parts = hex
    ? [0, 2, 4].map((at) => parseInt(hex[1].slice(at, at + 2), 16))
    : (colour.match(/[\d.]+/g) ?? [255, 255, 255]).slice(0, 3).map(Number);
  return 0.299 * parts[0] + 0.587 * parts[1] + 0.114 * parts[2] < 128;
}
