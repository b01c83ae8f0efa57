// The report of one run as a single page that needs nothing beside it: no network, no other file, and no script to be read.
// Verdicts with their evidence first, then the topology, the run over time, figures, and the scenario itself.
//
// Everything shown is drawn when the page is made; the script only answers a pointer. The same numbers lie in the page as
// JSON, in the element `data`, for programs.

import { readFileSync } from "node:fs";
import type { Topology } from "../../model/topology/topology.ts";
import { renderBytes, renderMicros, renderNumber, renderShare } from "../cli/tables.ts";
import { canReach, markTable, oracleTable } from "../oracles/names.ts";
import type { PropertyVerdict, RunReport } from "../run/report.ts";
import type { Drawn } from "../scenario/expand-topology.ts";
import { metricTable, metricUnit } from "../scenario/metric-names.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { episodesOf } from "./episodes.ts";
import { missedText } from "./fault-words.ts";
import { renderAbsences } from "./absences.ts";
import { renderConflicts } from "./conflicts.ts";
import { renderMarkLanes } from "./mark-lanes.ts";
import { element, escaped, scriptJson, table, type TableColumn } from "./markup.ts";
import { field, renderPlot, renderTimeline, type Plot, type Time } from "./plot.ts";
import { planEpisodes, renderPlans } from "./plans.ts";
import { queuePlots, renderOperationTables } from "./operations.ts";
import { renderStays } from "./stays.ts";
import type { RunSeries } from "./series.ts";

/** What a page is made from. */
export interface PageOptions {
  readonly report: RunReport;
  readonly scenario: Scenario;
  readonly topology: Topology;
  readonly series: RunSeries;
  readonly drawn: readonly Drawn[];
  /** A planted bug, or null. */
  readonly plant: string | null;
  /** The command that repeats the run. */
  readonly repeat: string;
}

/** Rows of one table; of more, those that weigh most are shown. */
const ROWS_MAX = 200;

/** The page's text. */
export function renderPage(options: PageOptions): string {
  const { report, scenario, series } = options;
  const time: Time = {
    width: series.width,
    end: series.end,
    healedAt: series.end > scenario.duration ? scenario.duration : null,
    episodes: episodesOf({
      faults: report.faults,
      absences: report.absences,
      detachments: scenario.detachments ?? [],
      end: series.end,
    }),
  };
  const plots = [...plotsOf(series), ...queuePlots(report.operations, time)];
  const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";
  const head = element(
    "head",
    {},
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="${policy}">`,
    '<link rel="icon" href="data:,">',
    element("title", {}, escaped(`${report.scenario}: ${report.verdict} (seed ${report.seed})`)),
    `<style>\n${read("page.css")}${read("marks.css")}</style>`,
  );
  const main = element(
    "main",
    {},
    renderHead(options),
    section("Properties", renderProperties(report, scenario)),
    section("Topology", renderTopology(options), "topology-title"),
    section(
      "Over time",
      element("p", { class: "says" }, timeText(time)) +
        renderTimelines(options, time) +
        renderMarkLanes(report.aliveness, time) +
        renderStays(scenario, time) +
        plots.map((plot) => renderPlot(plot, time)).join(""),
    ),
    report.absences.length === 0 ? "" : section("Members away", renderAbsences(report)),
    report.operations === undefined
      ? ""
      : section("Operations", renderOperationTables(report.operations), "operations-title"),
    section("Conflicts", renderConflicts(report, series.resolutions), "conflicts-title"),
    section("Figures", renderFigures(report, scenario)),
    section("Scenario", renderScenario(scenario)),
  );
  const data = {
    report,
    width: series.width,
    end: series.end,
    field,
    plots: plots.map(({ id, title, lines, unit }) => ({ id, title, unit, lines })),
    faults: time.episodes,
  };
  const body = element(
    "body",
    {},
    main,
    `\n<script type="application/json" id="data">${scriptJson(data)}</script>`,
    `\n<script>\n{\n${read("page.client.mjs")}}\n</script>\n`,
  );
  return `<!doctype html>\n<html lang="en">\n${head}\n${body}\n</html>\n`;
}

// --- the head ---

function renderHead({ report, scenario, drawn, plant, repeat }: PageOptions): string {
  const facts: (readonly [string, string])[] = [
    ["seed", escaped([report.seed, ...drawn.map(([what, value]) => `${what} ${value}`)].join(", "))],
    ["protocol", escaped(report.protocol)],
    ...(plant === null ? [] : [["planted bug", escaped(plant)] as const]),
    ...(scenario.shows.length === 0 ? [] : [["shows", escaped(scenario.shows.join(", "))] as const]),
    ["size", escaped(sizeText(scenario))],
    ["engine", code(report.engine)],
    ["digest", code(report.digest)],
    ["steps", renderNumber(report.steps)],
    ["repeat", code(repeat)],
  ];
  const list = facts.flatMap(([term, content]) => [element("dt", {}, term), element("dd", {}, content)]);
  return element(
    "header",
    {},
    element("p", { class: `verdict ${verdictClass(report.verdict)}`, id: "verdict" }, report.verdict),
    element("h1", {}, escaped(report.scenario)),
    element("dl", { class: "facts" }, ...list),
    alarm("Not as expected", report.unmet),
    alarm("Not converged", report.pending),
    report.notes.length === 0 ? "" : element("p", { class: "says" }, escaped(`Declared: ${report.notes.join("; ")}.`)),
  );
}

function sizeText({ topology, clients, script: steps, faults }: Scenario): string {
  const sessions = clients.reduce((sum, { at, sessions: each }) => sum + at.length * each, 0);
  return [
    counted(topology.cloudlets.length, "cloudlet"),
    counted(topology.links.length, "link"),
    counted(topology.flows.length, "flow"),
    counted(sessions, "client"),
    counted(steps.length, "scripted request"),
    counted(faults.length, "fault"),
  ].join(", ");
}

function alarm(title: string, sentences: readonly string[]): string {
  if (sentences.length === 0) return "";
  const items = sentences.map((sentence) => element("li", {}, escaped(sentence)));
  return element("div", { class: "alarm" }, element("h2", {}, title), element("ul", { class: "told" }, ...items));
}

// --- properties ---

function renderProperties(report: RunReport, { expectations }: Scenario): string {
  const { always, eventually, violated } = expectations;
  const rows = report.properties.map(([name, { verdict, checks, violations }]) => {
    const expected = [
      ...(always.includes(name) ? ["always"] : []),
      ...(eventually.includes(name) ? ["in the end"] : []),
      ...(violated.includes(name) ? ["to be violated"] : []),
    ];
    const isBad = verdict === "violated" && expected.length > 0 && !violated.includes(name);
    const kind = verdict === "holds" ? "good" : isBad ? "bad" : verdict === "violated" ? "open" : "";
    return [
      code(name),
      element("span", { class: kind }, verdict.replace("-", " ")),
      renderNumber(checks),
      renderNumber(violations),
      escaped(expected.join(", ")),
      element("span", { class: "says" }, escaped(oracleTable.find((oracle) => oracle.name === name)?.says ?? "")),
    ];
  });
  const head = [
    { title: "property" },
    { title: "verdict" },
    numeric("checks"),
    numeric("violations"),
    { title: "expected" },
    { title: "says" },
  ];
  const seen = report.properties.filter(([, { evidence }]) => evidence.length > 0);
  return [
    table("What was watched, and what came of it", head, rows),
    ...seen.map(([name, found]) => evidenceOf(name, found, always.includes(name) || violated.includes(name))),
  ].join("");
}

function evidenceOf(name: string, { evidence, violations }: PropertyVerdict, isOpen: boolean): string {
  const more = violations > evidence.length ? [`and ${renderNumber(violations - evidence.length)} more`] : [];
  const items = [...evidence, ...more].map((text) => element("li", {}, escaped(text)));
  const times = violations === 1 ? "once" : `${renderNumber(violations)} times`;
  const summary = element("summary", {}, code(name), ` was violated ${times}`);
  return `<details class="evidence"${isOpen ? " open" : ""}>${summary}${element("ul", { class: "told" }, ...items)}</details>`;
}

// --- topology and time ---

function renderTopology({ topology, report, scenario }: PageOptions): string {
  const changes = scenario.plans ?? [];
  return renderPlans({ topology, changes, links: report.links, troubled: troubledBy(scenario) });
}

function renderTimelines({ topology, scenario, report }: PageOptions, time: Time): string {
  const missed = missedText(report.faults.missedCount);
  const faults = renderTimeline(
    {
      id: "faults",
      title: "Faults",
      says: `What broke, when that set in and was over, and what it hit. The same times are shaded in the plots below.${missed === "" ? "" : ` ${missed}.`}`,
      episodes: time.episodes,
    },
    time,
  );
  const episodes = planEpisodes(topology, scenario.plans ?? [], time.end);
  if (episodes.length === 0) return faults;
  const says = "When the topology changed: bars last until cloudlets were told.";
  return faults + renderTimeline({ id: "plans", title: "Changes of plan", says, episodes }, time);
}

/** Names of cloudlets and of pairs that faults name. A partition names everyone, and so marks nobody. */
function troubledBy({ faults }: Scenario): ReadonlySet<string> {
  const troubled = new Set<string>();
  for (const fault of faults) {
    if (fault.kind === "linkDown") troubled.add(`${fault.a}\n${fault.b}`);
    else if ("cloudlet" in fault) troubled.add(fault.cloudlet);
  }
  return troubled;
}

function timeText({ end, healedAt, width }: Time): string {
  const load =
    healedAt === null ? "" : ` The load ended at ${renderMicros(healedAt)} (dashed), and everything was healed.`;
  return `The run took ${renderMicros(end)} of true time, drawn in slices of ${renderMicros(width)}.${load} Pointing at a plot tells its values.`;
}

function plotsOf(series: RunSeries): readonly Plot[] {
  const latency = {
    axis: "time until visible, logarithmic",
    scale: "log",
    textOf: renderMicros,
    unit: "microseconds",
  } as const;
  const rate = {
    axis: "bytes per second",
    scale: "linear",
    textOf: (value: number) => `${renderBytes(value)}/s`,
    unit: "bytes per second",
  } as const;
  const count = { scale: "linear", textOf: renderNumber, unit: "count" } as const;
  return [
    {
      ...latency,
      id: "visible-p50",
      title: "Visibility latency, median",
      says: "From a write's request to its being visible at another cloudlet, by the receiver's layer; layer 0 is the top.",
      lines: series.visibleP50,
    },
    {
      ...latency,
      id: "visible-p99",
      title: "Visibility latency, 99th percentile",
      says: "The same for the slowest one in a hundred. What waited behind a fault shows when it comes through.",
      lines: series.visibleP99,
    },
    {
      id: "links",
      title: "Bytes per link",
      says: "What got onto the wire, by direction, of the links that carried most.",
      lines: series.links,
      ...rate,
    },
    {
      id: "links-together",
      title: "Bytes over all links",
      says: "Their sum; a message that crosses two links counts twice.",
      lines: series.linksTogether,
      ...rate,
    },
    {
      id: "redundant",
      title: "Redundant bytes",
      says: "Records that came where they were known: copies, repetitions, and rounds where nobody can answer.",
      lines: series.redundant,
      ...rate,
    },
    {
      ...count,
      id: "siblings",
      title: "Open siblings",
      axis: "keys",
      says: `Keys with several versions side by side, at the end of each slice.${series.resolutions.length > 0 ? " Marks: somebody resolved a key." : ""}`,
      lines: series.siblings,
      moments: series.resolutions.map(({ at, key, session, cloudlet }) => {
        return { at, text: `${key} resolved by ${session} at ${cloudlet}` };
      }),
    },
    {
      ...count,
      id: "waiting",
      title: "Pending records",
      axis: "records",
      says: "Records that arrived before their past and wait for it, at the end of each slice.",
      lines: series.waiting,
    },
  ];
}

// --- figures ---

function renderFigures(report: RunReport, { expectations }: Scenario): string {
  const says = new Map<string, string>([...metricTable, ...markTable].map((entry) => [entry.name, entry.says]));
  const metrics = report.metrics.map(([name, value]) => [
    code(name),
    metricText(name, value),
    escaped(says.get(name) ?? ""),
  ]);
  const draws = { operations: report.operations !== undefined, aliveness: report.aliveness !== undefined };
  const marks = report.marks
    .filter(([name, count]) => count > 0 || expectations.sometimes.includes(name) || canReach(name, draws))
    .map(([name, count]) => [
      code(name),
      renderNumber(count),
      expectations.sometimes.includes(name) ? "yes" : "",
      escaped(says.get(name) ?? ""),
    ]);
  const flows = heaviest(report.flows, ({ records }) => records).map(({ flow, from, to, records, ...times }) => [
    escaped(`${from} -> ${to}`),
    escaped(flow),
    renderNumber(records),
    ...[times.p50, times.p90, times.p99, times.max].map((value) => (records === 0 ? "" : renderMicros(value))),
  ]);
  const links = heaviest(report.links, ({ bytes }) => bytes).map(
    ({ from, to, messages, bytes, redundant, dropped }) => [
      escaped(`${from} -> ${to}`),
      renderBytes(bytes),
      renderBytes(redundant),
      renderNumber(messages),
      renderNumber(dropped),
    ],
  );
  const cpus = heaviest(report.cpus, ({ utilisation }) => utilisation).map((cpu) => [
    escaped(cpu.cloudlet),
    renderShare(cpu.utilisation),
    renderNumber(cpu.served),
    ...[cpu.waitP50, cpu.waitP99, cpu.waitMax].map(renderMicros),
    renderNumber(cpu.queueMax),
  ]);
  const tables = [
    table("Metrics", [{ title: "metric" }, numeric("value"), { title: "says" }], metrics),
    table("Marks", [{ title: "mark" }, numeric("reached"), { title: "expected" }, { title: "says" }], marks),
    table(
      captionOf("Visibility by flow", flows.length, report.flows.length),
      [{ title: "way" }, { title: "flow" }, ...["records", "p50", "p90", "p99", "max"].map(numeric)],
      flows,
    ),
    table(
      captionOf("Traffic by link", links.length, report.links.length),
      [{ title: "link" }, ...["bytes", "redundant", "messages", "dropped"].map(numeric)],
      links,
    ),
    cpus.length === 0
      ? ""
      : table(
          captionOf("Processors", cpus.length, report.cpus.length),
          [{ title: "cloudlet" }, ...["busy", "served", "wait p50", "wait p99", "wait max", "queue max"].map(numeric)],
          cpus,
        ),
  ];
  return tables.join("");
}

function metricText(name: string, value: number): string {
  const unit = metricUnit(name);
  if (unit === "bytes") return renderBytes(value);
  if (unit === "share") return renderShare(value);
  return unit === "microseconds" ? renderMicros(value) : renderNumber(value);
}

/** All of them in their order where they are few, else those that weigh most. */
function heaviest<Item>(items: readonly Item[], weightOf: (item: Item) => number): readonly Item[] {
  return items.length <= ROWS_MAX ? items : items.toSorted((a, b) => weightOf(b) - weightOf(a)).slice(0, ROWS_MAX);
}

function captionOf(title: string, shown: number, all: number): string {
  return shown === all ? title : `${title}: the ${shown} with most, of ${renderNumber(all)}`;
}

function renderScenario(scenario: Scenario): string {
  const text = escaped(JSON.stringify(scenario, null, 1));
  const summary =
    "with every default filled in; durations in microseconds, sizes in bytes, chances in parts per million";
  return `<details><summary>${summary}</summary><pre>${text}</pre></details>`;
}

// --- small things ---

function section(title: string, content: string, id?: string): string {
  return element("section", {}, element("h2", id === undefined ? {} : { id }, title), content);
}

function code(text: string): string {
  return element("code", {}, escaped(text));
}

function numeric(title: string): TableColumn {
  return { title, isNumber: true };
}

function counted(count: number, what: string): string {
  return `${renderNumber(count)} ${what}${count === 1 ? "" : "s"}`;
}

function verdictClass(verdict: RunReport["verdict"]): string {
  return verdict === "passed" ? "good" : verdict === "failed" ? "bad" : "open";
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), "utf8");
}
