// The report of a sweep as a single page that needs nothing beside it: no network, no server, no other file. The verdict and what is not as
// expected come first; then everything that runs have shown, for those that the reader chooses; topologies, failures, single runs.
//
// What depends on the choice is drawn by the page's script from the runs in the page; the rest is drawn when the page is made. Leaves out
// collecting (page-data.ts), which topologies are drawn (shown.ts), and maps (maps.ts).

import { readFileSync } from "node:fs";
import { renderNumber } from "../../cli/tables.ts";
import { element, escaped, scriptJson } from "../../report/markup.ts";
import type { SweepTotals } from "../summary.ts";
import { failureText } from "./interval.ts";
import { renderMaps, type ShownMaps } from "./maps.ts";
import type { RunColumns } from "./page-data.ts";
import type { ShownTopology } from "./shown.ts";
import { passedCount, verdictWord } from "./text.ts";

/** A run that did not pass, as far as it was looked into. */
export interface ShownFailure {
  readonly index: number;
  readonly seed: string;
  readonly outcome: string;
  readonly why: string;
  /** The command that runs it again. */
  readonly again: string;
  /** The smallest scenario that fails in the same way, if it was shrunk, and its space-time picture as SVG. */
  readonly scenario: string | null;
  readonly picture: string | null;
}

/** What a page is made from. */
export interface SweepPageOptions {
  readonly totals: SweepTotals;
  readonly runs: RunColumns;
  readonly topologies: readonly ShownTopology[];
  readonly maps: ShownMaps;
  readonly failures: readonly ShownFailure[];
  /** The command that repeats the sweep. */
  readonly repeat: string;
}

/** Metrics that are drawn when the page opens; the reader may choose others. */
const panels: readonly string[] = [
  "visibility.p99",
  "visibility.layer1.p99",
  "visibility.layer2.p99",
  "convergence.afterHeal",
  "conflicts",
  "metadata.mean",
  "pending.max",
  "bytes.sent",
];

const FAILURES_SHOWN_MAX = 50;

/** The page's text. */
export function renderSweepPage(options: SweepPageOptions): string {
  const { totals, runs, topologies, maps } = options;
  const { manifest, marks, faults } = totals;
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  const head = element(
    "head",
    {},
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<link rel="icon" href="data:,">',
    element("title", {}, escaped(`${manifest.name}: ${verdictWord(totals)} (${renderNumber(totals.runCount)} runs)`)),
    `<style>\n${read("../../report/page.css")}${read("sweep-page.css")}</style>`,
  );
  const main = element(
    "main",
    {},
    renderHead(options),
    element("nav", { id: "filters", "aria-label": "which runs" }, element("strong", { id: "chosen" }, "")),
    section("Properties", renderPropertyTable()),
    section(
      "Coverage",
      element(
        "div",
        { class: "two" },
        coverageTable("situations that runs reached", "marks", "situation", marks.length),
        coverageTable("kinds of faults that were drawn", "faults", "fault", faults.length),
      ),
    ),
    section(
      "Distributions",
      element("p", { class: "says" }, runs.extra === null ? distributionsSay : `${distributionsSay} ${spreadSays}`) +
        element("div", { id: "panels" }),
    ),
    topologies.length === 0 ? "" : section("Topologies", renderTopologies(topologies)),
    maps.shown.length === 0 ? "" : section("Maps", renderMaps(maps)),
    section("Failures", renderFailures(options)),
    section("Runs", runsTable),
  );
  const data = {
    runs,
    whole: runs.extra === null ? null : wholeOf(totals),
    panels,
    groups: [
      ...manifest.columns
        .slice(manifest.columns.findIndex(({ name }) => name === "seed") + 1)
        .slice(0, manifest.columns.findIndex(({ name }) => name === "scenario") - 2)
        .map(({ name }) => name),
      "outcome",
      "cloudlets",
      "depth",
    ],
    wanted: { marks: manifest.expectations.sometimes, everyFault: manifest.expectations.everyFault },
  };
  const script = ["stats.client.mjs", "charts.client.mjs", "maps.client.mjs", "sweep.client.mjs"]
    .map(inlined)
    .join("\n");
  const body = element(
    "body",
    { class: "sweep" },
    main,
    `\n<script type="application/json" id="data">${scriptJson(data)}</script>`,
    `\n<script>\n{\n${script}}\n</script>\n`,
  );
  return `<!doctype html>\n<html lang="en">\n${head}\n${body}\n</html>\n`;
}

const distributionsSay =
  "Each picture is of the chosen runs: how many runs have shown which value, the median as a line, and shaded where the median of all possible runs lies at 95 %. Below it the same for each group: the median as a dot, the interval as a thick line, and between 5 % and 95 % of the runs as a thin one. Of fewer than six runs no interval can be told.";
const spreadSays =
  "This page does not hold all runs: pictures are of those that are spread evenly over all, without the others that are here because they failed.";

/** Counts over all runs, in the order of the page's lists: a page of some of them, with more failures than there are, has no shares. */
function wholeOf({ runCount, properties, marks, faults }: SweepTotals): object {
  return {
    runs: runCount,
    properties: properties.map(({ runsJudged, runsViolated, runsBroken }) => [runsJudged, runsViolated, runsBroken]),
    marks: marks.map((mark) => mark.runCount),
    faults: faults.map((fault) => fault.runCount),
  };
}

// --- the head ---

function renderHead({ totals, runs, repeat }: SweepPageOptions): string {
  const { manifest, runCount, missingCount, outcomes, topologyCount, steps, requests, digest } = totals;
  const passed = passedCount(totals);
  const kept = runs.count === runCount ? "" : `; ${renderNumber(runs.count)} of them are in this page`;
  const missing = missingCount === 0 ? "" : `; ${renderNumber(missingCount)} were not run`;
  const others = outcomes.filter(({ name, count }) => name !== "passed" && count > 0);
  const facts: (readonly [string, string])[] = [
    ["runs", escaped(`${renderNumber(runCount)}${missing}${kept}`)],
    ["failed", escaped(failureText(runCount - passed, runCount))],
    ...(others.length === 0
      ? []
      : [["of these", escaped(others.map(({ name, count }) => `${count} ${name}`).join(", "))] as const]),
    ["topologies", escaped(`${renderNumber(topologyCount)} different ones, by shape and parameters`)],
    ["work", escaped(`${renderNumber(requests)} requests, ${renderNumber(steps)} steps`)],
    ["seed", escaped(manifest.seed)],
    ["engine", element("code", {}, escaped(manifest.engine))],
    ["digest", element("code", {}, escaped(digest))],
    ["repeat", element("code", {}, escaped(repeat))],
  ];
  const verdict = verdictWord(totals);
  const kind = verdict === "passed" ? "good" : verdict === "undecided" ? "open" : "bad";
  return element(
    "header",
    {},
    element("p", { class: `verdict ${kind}`, id: "verdict" }, verdict),
    element("h1", {}, escaped(manifest.name)),
    element(
      "dl",
      { class: "facts" },
      ...facts.flatMap(([term, content]) => [element("dt", {}, term), element("dd", {}, content)]),
    ),
    totals.unmet.length === 0
      ? ""
      : element(
          "div",
          { class: "alarm" },
          element("h2", {}, "Not as expected"),
          element("ul", { class: "told" }, ...totals.unmet.map((sentence) => element("li", {}, escaped(sentence)))),
        ),
  );
}

// --- tables that the script fills ---

function section(title: string, content: string): string {
  return element("section", {}, element("h2", {}, title), content);
}

function scriptTable(
  id: string,
  caption: string,
  columns: readonly (readonly [title: string, isNumber: boolean])[],
): string {
  const head = columns.map(([title, isNumber]) =>
    element("th", { scope: "col", ...(isNumber && { class: "number" }) }, escaped(title)),
  );
  return element(
    "div",
    { class: "table long", tabindex: 0, role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, escaped(caption)),
      element("thead", {}, element("tr", {}, ...head)),
      element("tbody", { id }),
    ),
  );
}

function renderPropertyTable(): string {
  return scriptTable("properties", "what every run is judged by", [
    ["property", false],
    ["verdict", false],
    ["runs judged", true],
    ["runs violated", true],
    ["share of runs that violate it, at 95 %", false],
  ]);
}

function coverageTable(caption: string, id: string, what: string, count: number): string {
  return scriptTable(id, `${caption}, of ${count} kinds`, [
    [what, false],
    ["runs", true],
    ["share", false],
    ["", false],
  ]);
}

const runsTable = element(
  "div",
  {},
  element(
    "p",
    { class: "pager" },
    element("button", { type: "button", id: "runs-back" }, "back"),
    element("span", { id: "runs-page" }, ""),
    element("button", { type: "button", id: "runs-on" }, "on"),
  ),
  element(
    "div",
    { class: "table long", tabindex: 0, role: "region", "aria-label": "chosen runs" },
    element("table", { class: "runs" }, element("thead", { id: "runs-head" }), element("tbody", { id: "runs" })),
  ),
);

// --- topologies and failures ---

function renderTopologies(topologies: readonly ShownTopology[]): string {
  const says =
    "Of each kind the run in which records took longest to be seen. Cloudlets are the darker the longer (99th percentile of what came there), links the wider the more bytes they carried; pointing at one tells its figures.";
  const pictures = topologies.map(({ title, picture }, at) =>
    element("figure", {}, element("figcaption", { id: `topology-${at}` }, escaped(title)), picture),
  );
  return element("p", { class: "says" }, escaped(says)) + element("div", { class: "trees" }, ...pictures);
}

function renderFailures({ failures, totals }: SweepPageOptions): string {
  const failed = totals.runCount - passedCount(totals);
  if (failed === 0) return element("p", { class: "nothing" }, "None.");
  const shown = failures.slice(0, FAILURES_SHOWN_MAX).map((failure) => {
    const { index, seed, outcome, why, again, scenario, picture } = failure;
    const parts = [
      element("p", {}, escaped(why)),
      element("p", {}, "Again: ", element("code", {}, escaped(again))),
      scenario === null
        ? ""
        : element("h3", {}, "The smallest scenario that fails in the same way") + element("pre", {}, escaped(scenario)),
      picture === null ? "" : element("div", { class: "picture" }, picture),
    ];
    const title = `run ${index}, seed ${seed}: ${outcome}`;
    const isLookedInto = scenario !== null;
    return element("details", isLookedInto ? { open: "" } : {}, element("summary", {}, escaped(title)), ...parts);
  });
  const more = failed - shown.length;
  const rest = more > 0 ? element("p", { class: "says" }, `and ${renderNumber(more)} more, in the table of runs`) : "";
  return shown.join("") + rest;
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}

/** A module of the page as a part of its one script: what it imports stands before it. */
function inlined(name: string): string {
  return read(name)
    .replaceAll(/^import [^;]*;\n/gm, "")
    .replaceAll(/^export /gm, "");
}
