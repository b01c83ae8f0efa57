// Pictures that the page of a sweep draws in the reader's browser: how a metric is spread over the chosen runs, and its median per group
// with how sure it is. Everything a run has brought is set as text, never as markup.

import { histogram, medianInterval, ranked } from "./stats.client.mjs";

const SPACE = "http://www.w3.org/2000/svg";
const BINS = 40;
const width = 460;
const left = 4;
const right = width - 4;
const tall = 96;
const rowTall = 18;
const nameWide = 140;

/** An element with attributes and content; content that is text stays text. */
export function make(name, attributes = {}, ...content) {
  return fill(document.createElement(name), attributes, content);
}

/** The same for pictures. */
export function draw(name, attributes = {}, ...content) {
  return fill(document.createElementNS(SPACE, name), attributes, content);
}

function fill(node, attributes, content) {
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...content);
  return node;
}

/** A number in its unit, as people read it. */
export function worded(value, unit) {
  if (unit === "microseconds") {
    for (const [name, micros] of [
      ["d", 86_400_000_000],
      ["h", 3_600_000_000],
      ["min", 60_000_000],
      ["s", 1_000_000],
      ["ms", 1_000],
    ]) {
      if (Math.abs(value) >= micros) return `${short(value / micros)}${name}`;
    }
    return `${short(value)}us`;
  }
  if (unit === "bytes") {
    for (const [name, size] of [
      ["GiB", 1_073_741_824],
      ["MiB", 1_048_576],
      ["KiB", 1_024],
    ]) {
      if (value >= size) return `${short(value / size)}${name}`;
    }
    return `${short(value)}B`;
  }
  return unit === "share" ? `${short(value / 10_000)}%` : grouped(value);
}

function short(value) {
  return String(Number(value.toPrecision(3)));
}

/** `12 345` */
export function grouped(value) {
  const text = Number.isInteger(value) ? String(value) : short(value);
  return text.replace(/\B(?=(\d{3})+(?!\d))/g, " ");
}

/** How the values are spread. `sorted` ascends; empty: a sentence. */
export function spreadPicture(sorted, unit, title) {
  if (sorted.length === 0) return make("p", { class: "nothing" }, "No chosen run has measured it.");
  const { counts, placeOf, valueAt, isLog } = histogram(sorted, BINS);
  const most = Math.max(...counts);
  const x = (share) => left + share * (right - left);
  const step = (right - left) / BINS;
  const bars = counts.map((count, bin) => {
    const height = count === 0 ? 0 : Math.max(1.5, (count / most) * (tall - 8));
    const range = `${worded(valueAt(bin / BINS), unit)} to ${worded(valueAt((bin + 1) / BINS), unit)}: ${grouped(count)} runs`;
    const place = { x: x(bin / BINS), y: tall - height, width: Math.max(1, step - 1), height };
    return draw("rect", { class: "bin", ...place }, draw("title", {}, range));
  });
  const middle = ranked(sorted, 50);
  const sure = (medianInterval(sorted) ?? []).map((value) => x(placeOf(value)));
  const median = [
    ...(sure.length === 0
      ? []
      : [draw("rect", { class: "sure", x: sure[0], y: 4, width: Math.max(1, sure[1] - sure[0]), height: tall - 4 })]),
    draw("line", { class: "median", x1: x(placeOf(middle)), x2: x(placeOf(middle)), y1: 2, y2: tall }),
  ];
  const ticks = [0, 0.5, 1].map((share) =>
    draw(
      "text",
      {
        class: "axis",
        x: x(share),
        y: tall + 14,
        "text-anchor": share === 0 ? "start" : share === 1 ? "end" : "middle",
      },
      worded(valueAt(share), unit),
    ),
  );
  const label = `${title}: how it is spread over ${sorted.length} runs${isLog ? ", by powers of ten" : ""}`;
  return draw(
    "svg",
    { viewBox: `0 0 ${width} ${tall + 18}`, role: "img", "aria-label": label },
    ...median.slice(0, 1),
    ...bars,
    median[1],
    ...ticks,
  );
}

/** Medians of groups on one scale: `groups` are [name, sorted values], none empty. */
export function groupsPicture(groups, unit, title) {
  const all = groups
    .flatMap(([, sorted]) => [ranked(sorted, 5), ranked(sorted, 95), ...(medianInterval(sorted) ?? [])])
    .sort((a, b) => a - b);
  const { placeOf, valueAt } = histogram(all, 1);
  const x = (value) => nameWide + Math.min(1, Math.max(0, placeOf(value))) * (right - nameWide);
  const rows = groups.map(([name, sorted], at) => {
    const y = at * rowTall + 11;
    const sure = medianInterval(sorted);
    const middle = ranked(sorted, 50);
    const says = `${name}: median ${worded(middle, unit)}${sure === null ? "" : `, at 95 % ${worded(sure[0], unit)} to ${worded(sure[1], unit)}`}; 90 % of ${grouped(sorted.length)} runs lie between ${worded(ranked(sorted, 5), unit)} and ${worded(ranked(sorted, 95), unit)}`;
    return draw(
      "g",
      { class: "group" },
      draw("title", {}, says),
      draw("text", { x: nameWide - 8, y: y + 4, "text-anchor": "end" }, shortened(name)),
      draw("line", { class: "most", x1: x(ranked(sorted, 5)), x2: x(ranked(sorted, 95)), y1: y, y2: y }),
      ...(sure === null ? [] : [draw("line", { class: "surely", x1: x(sure[0]), x2: x(sure[1]), y1: y, y2: y })]),
      draw("circle", { cx: x(middle), cy: y, r: 4 }),
    );
  });
  const foot = groups.length * rowTall + 14;
  const ticks = [0, 1].map((share) =>
    draw(
      "text",
      {
        class: "axis",
        x: nameWide + share * (right - nameWide),
        y: foot,
        "text-anchor": share === 0 ? "start" : "end",
      },
      worded(valueAt(share), unit),
    ),
  );
  return draw(
    "svg",
    { viewBox: `0 0 ${width} ${foot + 4}`, role: "img", "aria-label": `${title} by group` },
    ...rows,
    ...ticks,
  );
}

/** What a row is called: of a file its own name, since those of one folder begin alike. */
function shortened(name) {
  const own = name.replace(/^.*\//u, "").replace(/\.ya?ml$/u, "");
  return own.length > 20 ? `${own.slice(0, 19)}…` : own;
}
