/** People made up by a seeded generator: columns of every kind, some values missing. */

const LEVELS = {
  sex: ["Female", "Male"],
  race: ["White", "Black", "Asian-Pac-Islander", "Amer-Indian-Eskimo", "Other"],
  work: [
    "Craft-repair",
    "Exec-managerial",
    "Sales",
    "Adm-clerical",
    "Other-service",
    "Tech-support",
    "Farming-fishing",
  ],
};

/** A generator of numbers in 0…1, the same for a seed (mulberry32). */
export function seeded(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mix = Math.imul(state ^ (state >>> 15), 1 | state);
    mix = (mix + Math.imul(mix ^ (mix >>> 7), 61 | mix)) ^ mix;
    return ((mix ^ (mix >>> 14)) >>> 0) / 4294967296;
  };
}

/** Headers and arrays of the columns of n people. */
export function people(n, token = "people") {
  const random = seeded(7);
  const bell = () => random() + random() + random() + random() - 2;
  const numbers = {
    age: new Float32Array(n),
    hours: new Float32Array(n),
    score: new Float32Array(n),
    joined: new Float32Array(n),
  };
  const codes = { sex: new Uint8Array(n), race: new Uint8Array(n), work: new Uint8Array(n) };
  for (let i = 0; i < n; i++) {
    codes.sex[i] = random() < 0.33 ? 0 : 1;
    const race = random();
    codes.race[i] =
      race < 0.82 ? 0 : race < 0.92 ? 1 : race < 0.96 ? 2 : race < 0.98 ? 3 : race < 0.99 ? 4 : 5;
    codes.work[i] = Math.floor(random() ** 1.5 * 7);
    numbers.age[i] = Math.round(Math.max(17, Math.min(90, 38 + bell() * 26 + random() * 6)));
    numbers.hours[i] = random() < 0.03 ? NaN : Math.round(Math.max(1, Math.min(99, 40 + bell() * 18)));
    const logit =
      (numbers.age[i] - 42) / 14 + (codes.sex[i] - 0.6) * 1.4 + bell() * 2 + (3 - codes.work[i]) * 0.3;
    numbers.score[i] = random() < 0.01 ? NaN : 1 / (1 + Math.exp(-logit));
    numbers.joined[i] = Math.floor(random() * 5000);
  }
  const number = (name, kind, integer) => ({
    header: {
      token,
      n,
      name,
      kind,
      offset: name === "joined" ? 14000 : 0,
      scale: 1,
      integer,
      ...limits(numbers[name], name === "joined" ? 14000 : 0),
    },
    arrays: [numbers[name]],
  });
  const category = (name) => ({
    header: { token, n, name, kind: "category", labels: [...LEVELS[name], "(missing)"] },
    arrays: [codes[name]],
  });
  return {
    age: number("age", "number", true),
    hours: number("hours", "number", true),
    score: number("score", "number", false),
    joined: number("joined", "date", true),
    sex: category("sex"),
    race: category("race"),
    work: category("work"),
    ...(n <= 20000 ? { name: names(n, token) } : {}),
  };
}

/** A column of small pictures: coloured tiles with a letter, in one atlas. */
export async function pictures(n, token = "people") {
  const [tile, across, kinds] = [32, 8, 24];
  const canvas = new OffscreenCanvas(tile * across, tile * Math.ceil(kinds / across));
  const context = canvas.getContext("2d");
  context.font = "bold 20px sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let at = 0; at < kinds; at++) {
    const [x, y] = [(at % across) * tile, Math.floor(at / across) * tile];
    context.fillStyle = `hsl(${at * 15} 45% 85%)`;
    context.fillRect(x, y, tile, tile);
    context.fillStyle = "#222";
    context.fillText(String.fromCharCode(65 + at), x + tile / 2, y + tile / 2 + 1);
  }
  const png = new Uint8Array(await (await canvas.convertToBlob({ type: "image/png" })).arrayBuffer());
  const tiles = Int32Array.from({ length: n }, (_, i) => (i % 11 === 0 ? -1 : i % kinds));
  return {
    header: { token, n, name: "picture", kind: "image", tile, columns: across },
    arrays: [tiles, png],
  };
}

/** Equal-width buckets of a number column, as Python would send them. */
export function bucketsFor({ header }, count) {
  if (header.kind === "category") return { edges: null, map: null, labels: header.labels };
  const width = (header.high - header.low) / count;
  const edges = Array.from({ length: count + 1 }, (_, at) => header.low + at * width);
  const shown = (value) => (header.integer ? Math.round(value) : Number(value.toPrecision(2)));
  const labels = edges.slice(1).map((edge, at) => `${shown(edges[at])}–${shown(edge)}`);
  return { edges, map: null, labels: [...labels, "(missing)"] };
}

function limits(values, offset) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low: low + offset, high: high + offset };
}

function names(n, token) {
  const parts = [new Uint8Array(0)];
  const offsets = new Uint32Array(n + 1);
  const encoder = new TextEncoder();
  const given = ["Ada", "Grace", "Zoë", "José", "Emmy", "Alan", "Mary <b>", "Kurt"];
  for (let i = 0; i < n; i++) {
    parts.push(encoder.encode(`${given[i % given.length]} ${i}`));
    offsets[i + 1] = offsets[i] + parts.at(-1).length;
  }
  const bytes = new Uint8Array(offsets[n]);
  parts.slice(1).forEach((part, i) => bytes.set(part, offsets[i]));
  return { header: { token, n, name: "name", kind: "text" }, arrays: [offsets, bytes] };
}
