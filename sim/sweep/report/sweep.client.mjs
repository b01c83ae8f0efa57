// What the page of a sweep does: the reader chooses runs, and every table and picture is that of the chosen ones. It reads the page's own
// data and nothing else; whatever comes from a scenario is set as text.

import { draw, grouped, groupsPicture, make, spreadPicture, worded } from "./charts.client.mjs";
import { listenToMaps } from "./maps.client.mjs";
import { failureInterval, medianInterval, ranked } from "./stats.client.mjs";

const { runs, whole, wanted, panels, groups } = JSON.parse(document.getElementById("data").textContent);
const ROWS_PER_PAGE = 50;
const GROUPS_MAX = 14;
const at = (id) => document.getElementById(id);
const numbers = new Map(runs.numbers.map((column) => [column.name, column]));
const words = new Map(runs.words.map((column) => [column.name, column]));
const bits = new Map();
const outcomes = words.get("outcome").codes;
const PASSED = words.get("outcome").words.indexOf("passed");
let chosen = Uint32Array.from({ length: runs.count }, (_, run) => run);
let order = { name: "index", isDown: false };
let page = 0;

function has(packed, run) {
  let raw = bits.get(packed);
  if (raw === undefined) bits.set(packed, (raw = atob(packed)));
  return ((raw.charCodeAt(run >> 3) >> (run & 7)) & 1) === 1;
}

// --- choosing ---

/** Each filter says of a run whether it stays; null: all do. */
const filters = new Map();

function option(value, text) {
  return make("option", { value }, text);
}

function addChoice(name, options, filterOf) {
  const select = make("select", { "data-filter": name }, option("", "all"), ...options);
  select.addEventListener("change", () => {
    filters.set(name, select.value === "" ? null : filterOf(select.value));
    choose();
  });
  at("filters").append(make("label", {}, name, select));
}

for (const { name, words: known, codes } of runs.words) {
  const counts = new Map();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  if (counts.size < 2) continue;
  const options = known.flatMap((word, code) =>
    counts.has(code) ? [option(code, `${word} (${grouped(counts.get(code))})`)] : [],
  );
  addChoice(name, options, (value) => (run) => codes[run] === Number(value));
}
for (const [name, list] of [
  ["reached", runs.marks],
  ["fault", runs.faults],
]) {
  addChoice(
    name,
    list.map((entry, index) => option(index, entry.name)),
    (value) => (run) => has(list[Number(value)].bits, run),
  );
}
addChoice(
  "violated",
  runs.properties.map((entry, index) => option(index, entry.name)),
  (value) => (run) => has(runs.properties[Number(value)].violated, run),
);
const sizes = numbers.get("cloudlets")?.values ?? [];
const sizeBounds = [Infinity, -Infinity];
for (const size of sizes) {
  if (size === null) continue;
  sizeBounds[0] = Math.min(sizeBounds[0], size);
  sizeBounds[1] = Math.max(sizeBounds[1], size);
}
if (sizeBounds[0] < sizeBounds[1]) {
  const inputs = sizeBounds.map((value, end) =>
    make("input", {
      type: "number",
      value,
      min: sizeBounds[0],
      max: sizeBounds[1],
      "data-filter": end === 0 ? "least" : "most",
      "aria-label": end === 0 ? "least cloudlets" : "most cloudlets",
    }),
  );
  for (const input of inputs) {
    input.addEventListener("input", () => {
      const [least, most] = inputs.map(({ value }) => Number(value));
      filters.set("cloudlets", (run) => sizes[run] !== null && sizes[run] >= least && sizes[run] <= most);
      choose();
    });
  }
  at("filters").append(make("label", {}, "cloudlets", make("span", { class: "range" }, inputs[0], " to ", inputs[1])));
}
const groupNames = groups.filter((name) => words.has(name) || numbers.has(name));
const by = make("select", { "data-filter": "by" }, ...groupNames.map((name) => option(name, name)));
by.value = groupNames.includes("topology") ? "topology" : groupNames[0];
by.addEventListener("change", renderPanels);
at("filters").append(make("label", {}, "compare by", by));

let isWaiting = false;
function choose() {
  if (isWaiting) return;
  isWaiting = true;
  requestAnimationFrame(() => {
    isWaiting = false;
    const tests = [...filters.values()].filter((filter) => filter !== null);
    const kept = [];
    for (let run = 0; run < runs.count; run += 1) if (tests.every((test) => test(run))) kept.push(run);
    chosen = Uint32Array.from(kept);
    page = 0;
    render();
  });
}

// --- tables and pictures ---

function percent(share) {
  return `${Number((share * 100).toPrecision(2))} %`;
}

/** Are these all runs of a sweep of which the page holds some? Then what is told of them is told of all. */
function isWhole() {
  return whole !== null && chosen.length === runs.count;
}

/** Of some runs of such a page no share is known: among them are more failures than among all. */
const NO_SHARE = "not told by a page of some runs";

/** Those of some runs that are spread evenly over all; all of them where none has passed, since then none are there too often. */
function spread(some) {
  const isEven = runs.extra === null || some.every((run) => outcomes[run] !== PASSED);
  return isEven ? some : some.filter((run) => !has(runs.extra, run));
}

function countOf(packed) {
  let count = 0;
  for (const run of chosen) if (has(packed, run)) count += 1;
  return count;
}

function bar(share, kind) {
  const fill = draw("rect", { class: kind, x: 0, y: 1, width: Math.max(share > 0 ? 0.8 : 0, share * 100), height: 8 });
  return draw("svg", { class: "bar", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" }, fill);
}

function row(name, says, ...cells) {
  return make(
    "tr",
    {},
    make("th", { scope: "row", title: says }, name),
    ...cells.map((cell) =>
      cell instanceof Node && cell.nodeName === "TD"
        ? cell
        : make(
            "td",
            { class: typeof cell === "number" ? "number" : "" },
            typeof cell === "number" ? grouped(cell) : cell,
          ),
    ),
  );
}

function renderProperties() {
  const rows = runs.properties.map(({ name, says, judged, violated }, index) => {
    const known = isWhole() ? whole.properties[index] : null;
    const [judgedCount, violatedCount] = known ?? [countOf(judged), countOf(violated)];
    const [least, most] = failureInterval(violatedCount, judgedCount);
    // A run that passes has not promised what it violates: real-time order, say, under clocks that are wrong.
    const isBroken =
      known === null ? chosen.some((run) => outcomes[run] !== PASSED && has(violated, run)) : known[2] > 0;
    const [verdict, kind] =
      judgedCount === 0
        ? ["not judged", "open"]
        : isBroken
          ? ["violated", "bad"]
          : violatedCount > 0
            ? ["violated where not promised", "open"]
            : ["holds", "good"];
    const isTold = whole === null || known !== null;
    const range =
      judgedCount === 0
        ? ""
        : !isTold
          ? NO_SHARE
          : violatedCount === 0
            ? `below ${percent(most)}`
            : `${percent(least)} to ${percent(most)}`;
    return row(name, says, make("td", { class: kind }, verdict), judgedCount, violatedCount, range);
  });
  at("properties").replaceChildren(...rows);
}

function renderCoverage(id, list, isWanted) {
  const rows = list.map(({ name, says, bits: packed }, index) => {
    const count = isWhole() ? whole[id][index] : countOf(packed);
    const total = isWhole() ? whole.runs : chosen.length;
    const isMissed = (whole === null ? count : whole[id][index]) === 0 && isWanted(name);
    const kind = isMissed ? "bad" : count === 0 ? "open" : "good";
    const isTold = whole === null || isWhole();
    const share =
      count === 0 ? (isMissed ? "never, and asked for" : "never") : isTold ? percent(count / total) : NO_SHARE;
    const wide = make("td", { class: "wide" }, bar(total === 0 || !isTold ? 0 : count / total, "share"));
    return row(name, says, count, make("td", { class: kind }, share), wide);
  });
  at(id).replaceChildren(...rows);
}

function sortedValues(name, of) {
  const { values } = numbers.get(name);
  const kept = [];
  for (const run of of) if (values[run] !== null) kept.push(values[run]);
  return Float64Array.from(kept).sort();
}

/** Where a run belongs: its word, its number, or the range that its number lies in where there are many. */
function keysOf(name) {
  const column = words.get(name);
  if (column !== undefined) return (run) => column.words[column.codes[run]] ?? "none";
  const { values, unit } = numbers.get(name);
  const told = (value) => (value === null ? "none" : worded(value, unit));
  if (new Set(values).size <= GROUPS_MAX) return (run) => told(values[run]);
  const sorted = Float64Array.from(values.filter((value) => value !== null)).sort();
  const ends = [...new Set([16, 33, 50, 67, 83, 100].map((share) => ranked(sorted, share)))];
  return (run) => {
    const range = ends.findIndex((end) => values[run] !== null && values[run] <= end);
    return range < 0 ? "none" : `${range === 0 ? "" : `over ${told(ends[range - 1])} `}to ${told(ends[range])}`;
  };
}

/** Of more groups than a picture holds, the largest; by their names, or by their numbers. */
function groupsOf(name) {
  const keyOf = keysOf(name);
  const found = new Map();
  for (const run of spread(chosen)) {
    const key = keyOf(run);
    const group = found.get(key);
    if (group === undefined) found.set(key, [run]);
    else group.push(run);
  }
  const listed = [...found].sort(([, a], [, b]) => b.length - a.length).slice(0, GROUPS_MAX);
  const placeOf = words.has(name) ? ([key]) => key : ([, of]) => numbers.get(name).values[of[0]] ?? Infinity;
  return listed.sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : 1));
}

function renderPanel(panel, name, groups) {
  const column = numbers.get(name);
  const sorted = sortedValues(name, spread(chosen));
  const sure = medianInterval(sorted)?.map((value) => worded(value, column.unit));
  const told =
    sorted.length === 0
      ? ""
      : `median ${worded(ranked(sorted, 50), column.unit)}${sure === undefined ? "" : ` (${sure.join(" to ")})`}, p95 ${worded(ranked(sorted, 95), column.unit)}, most ${worded(sorted[sorted.length - 1], column.unit)}, ${grouped(sorted.length)} runs`;
  const compared = groups.map(([key, of]) => [key, sortedValues(name, of)]).filter(([, values]) => values.length > 0);
  panel.replaceChildren(
    make("p", { class: "says" }, column.says),
    make("p", { class: "figures" }, told),
    spreadPicture(sorted, column.unit, name),
    ...(compared.length === 0 ? [] : [groupsPicture(compared, column.unit, `${name}, ${by.value}`)]),
  );
}

const panelNodes = panels
  .filter((name) => numbers.has(name))
  .map((name) => {
    const select = make(
      "select",
      { "aria-label": "metric" },
      ...runs.numbers.map((column) => option(column.name, column.name)),
    );
    select.value = name;
    const body = make("div", {});
    const panel = { select, body };
    select.addEventListener("change", () => renderPanel(body, select.value, groupsOf(by.value)));
    at("panels").append(make("section", { class: "panel" }, select, body));
    return panel;
  });

function renderPanels() {
  const groups = groupsOf(by.value);
  for (const { select, body } of panelNodes) renderPanel(body, select.value, groups);
}

// --- single runs ---

const tableColumns = [
  "index",
  ...words.keys(),
  ...[...numbers.keys()].filter((name) => name.startsWith("topology.")),
  "cloudlets",
  "depth",
  "requests",
  "steps",
  ...panels,
].filter((name) => name === "index" || words.has(name) || numbers.has(name));

function cellOf(name, run) {
  if (name === "index") return runs.index[run];
  const column = words.get(name);
  if (column !== undefined) return column.words[column.codes[run]] ?? null;
  return numbers.get(name).values[run];
}

function renderRuns() {
  const { name, isDown } = order;
  const sorted = [...chosen].sort((a, b) => {
    const [one, other] = [cellOf(name, a), cellOf(name, b)];
    if (one === other) return a - b;
    if (one === null || other === null) return one === null ? 1 : -1;
    return (one < other ? -1 : 1) * (isDown ? -1 : 1);
  });
  const pages = Math.max(1, Math.ceil(sorted.length / ROWS_PER_PAGE));
  page = Math.min(page, pages - 1);
  const head = tableColumns.map((column) => {
    const button = make("button", { type: "button", "data-sort": column }, column);
    button.addEventListener("click", () => {
      order = { name: column, isDown: order.name === column ? !order.isDown : false };
      renderRuns();
    });
    const sort = order.name === column ? (order.isDown ? "descending" : "ascending") : "none";
    return make("th", { scope: "col", "aria-sort": sort }, button);
  });
  const rows = sorted.slice(page * ROWS_PER_PAGE, (page + 1) * ROWS_PER_PAGE).map((run) =>
    make(
      "tr",
      {},
      ...tableColumns.map((column) => {
        const value = cellOf(column, run);
        const isNumber = typeof value === "number";
        const unit = numbers.get(column)?.unit ?? "count";
        const kind =
          column !== "outcome"
            ? isNumber
              ? "number"
              : ""
            : value === "passed"
              ? "good"
              : value === "undecided"
                ? "open"
                : "bad";
        return make("td", { class: kind }, value === null ? "" : isNumber ? worded(value, unit) : value);
      }),
    ),
  );
  at("runs-head").replaceChildren(make("tr", {}, ...head));
  at("runs").replaceChildren(...rows);
  at("runs-page").textContent =
    `${grouped(Math.min(sorted.length, page * ROWS_PER_PAGE + 1))} to ${grouped(Math.min(sorted.length, (page + 1) * ROWS_PER_PAGE))} of ${grouped(sorted.length)}`;
  at("runs-back").disabled = page === 0;
  at("runs-on").disabled = page === pages - 1;
}

for (const [id, step] of [
  ["runs-back", -1],
  ["runs-on", 1],
]) {
  at(id).addEventListener("click", () => {
    page += step;
    renderRuns();
  });
}

function render() {
  at("chosen").textContent = `${grouped(chosen.length)} of ${grouped(runs.count)} runs chosen`;
  renderProperties();
  renderCoverage("marks", runs.marks, (name) => wanted.marks.includes(name));
  renderCoverage("faults", runs.faults, () => wanted.everyFault);
  renderPanels();
  renderRuns();
}

listenToMaps(runs.words);
render();
