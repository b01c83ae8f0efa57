/**
 * A run's report for people: the verdict on every property first, then figures, then what was not as expected.
 *
 * Leaves out the first and the last line, which the command writes (commands/run.ts).
 */
import { hitsText, missedText } from "../report/fault-words.ts";
import type { LoserFate, RunReport, SiblingVersion } from "../run/report.ts";
import { metricUnit } from "../scenario/metric-names.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Context } from "./command.ts";
import { renderMarks as renderMarksOver } from "./render-marks.ts";
import { renderOperations } from "./render-operations.ts";
import { renderBytes, renderMicros, renderNumber, renderShare, renderTable } from "./tables.ts";

/** Lines of the tables per flow and per link; the rest is counted, and complete in `--json`'s metrics. */
const ROWS_MAX = 24;
const EVIDENCE_MAX = 5;
/** Versions shown of one key with open siblings. */
const VERSIONS_MAX = 4;

/** Keys shown whose losers a resolver hides. */
const LOSERS_MAX = 8;

/** What became of a version where a resolver chooses by itself. */
export const fateTexts: Readonly<Record<LoserFate, string>> = {
  returned: "returned",
  hidden: "hidden, shown before",
  "never-shown": "hidden, never shown to anybody",
  merged: "merged",
};

/** The report as text; sections are separated by empty lines. */
export function renderReport(report: RunReport, scenario: Scenario, colours: Context["colours"]): string {
  const sections = [
    renderProperties(report, scenario),
    renderMarks(report, scenario),
    renderMetrics(report),
    renderFlows(report),
    renderLinks(report),
    renderCpus(report),
    renderFaults(report),
    renderAbsences(report),
    renderOperations(report.operations, ROWS_MAX),
    renderMarksOver(report.aliveness, ROWS_MAX),
    renderOpenSiblings(report),
    renderHiddenLosers(report),
    renderEvidence(report, colours),
    renderList("declared", report.notes),
    renderList("pending", [...report.pending, ...(report.operations?.open ?? [])]),
    renderList(colours.red("not as expected"), report.unmet),
  ];
  return sections.filter((section) => section !== "").join("\n");
}

function renderProperties(report: RunReport, { expectations }: Scenario): string {
  const roles = [
    ["always", expectations.always],
    ["eventually", expectations.eventually],
    ["violated", expectations.violated],
  ] as const;
  const rows = report.properties.map(([name, { verdict, checks, violations }]) => {
    const expected = roles.filter(([, names]) => names.includes(name)).map(([role]) => role);
    return [name, verdict, checks, violations, expected.join(", ")];
  });
  return rows.length === 0 ? "" : renderTable(["property", "verdict", "checks", "violations", "expected"], rows);
}

function renderMarks(report: RunReport, { expectations }: Scenario): string {
  const wanted = new Set(expectations.sometimes);
  const rows = report.marks
    .filter(([name, count]) => count > 0 || wanted.has(name))
    .map(([name, count]) => [name, count, wanted.has(name) ? "sometimes" : ""]);
  return rows.length === 0 ? "" : renderTable(["mark", "reached", "expected"], rows);
}

function renderMetrics(report: RunReport): string {
  const rows = report.metrics.map(([name, value]) => [name, renderMetric(name, value)]);
  return rows.length === 0 ? "" : renderTable(["metric", "value"], rows);
}

/** A metric's value with its unit. */
export function renderMetric(name: string, value: number): string {
  const unit = metricUnit(name);
  if (unit === "bytes") return renderBytes(value);
  if (unit === "share") return renderShare(value);
  if (unit === "microseconds") return renderMicros(value);
  return renderNumber(value);
}

function renderFlows(report: RunReport): string {
  const rows = report.flows.map(({ flow, from, to, records, p50, p90, p99, max }) => [
    `${flow} ${from} -> ${to}`,
    records,
    ...[p50, p90, p99, max].map(renderMicros),
  ]);
  return rows.length === 0 ? "" : renderTable(["visible over", "records", "p50", "p90", "p99", "max"], rows, ROWS_MAX);
}

function renderLinks(report: RunReport): string {
  const rows = report.links.map(({ from, to, messages, bytes, redundant, dropped }) => [
    `${from} -> ${to}`,
    messages,
    bytes,
    redundant,
    dropped,
  ]);
  return rows.length === 0 ? "" : renderTable(["link", "messages", "bytes", "redundant", "dropped"], rows, ROWS_MAX);
}

function renderCpus(report: RunReport): string {
  const rows = report.cpus.map(({ cloudlet, utilisation, served, waitP50, waitP99, waitMax, queueMax }) => [
    cloudlet,
    renderShare(utilisation),
    served,
    ...[waitP50, waitP99, waitMax].map(renderMicros),
    queueMax,
  ]);
  const head = ["processor", "busy", "served", "wait p50", "p99", "max", "queue max"];
  return rows.length === 0 ? "" : renderTable(head, rows, ROWS_MAX);
}

function renderFaults({ faults: { events, moreCount, missedCount } }: RunReport): string {
  if (events.length + missedCount === 0) return "";
  const rows = events
    .slice(0, ROWS_MAX)
    .map(({ kind, where, how, from, until, hits }) => [
      how === "" ? kind : `${kind} (${how})`,
      where,
      renderMicros(from),
      until === null ? "the end" : until === from ? "" : renderMicros(until),
      hitsText(hits),
    ]);
  const unshown = events.length - rows.length + moreCount;
  return [
    renderTable(["fault", "where", "from", "until", "hit"], rows),
    ...(unshown > 0 ? [`and ${renderNumber(unshown)} more\n`] : []),
    ...(missedCount > 0 ? [`${missedText(missedCount)}\n`] : []),
  ].join("");
}

function renderAbsences(report: RunReport): string {
  const rows = report.absences.map(({ at, kind, cloudlet, member, what }) => [
    renderMicros(at),
    cloudlet,
    kind,
    member,
    what,
  ]);
  return rows.length === 0 ? "" : renderTable(["members away", "at", "what", "who", "how"], rows, ROWS_MAX);
}

function renderOpenSiblings(report: RunReport): string {
  const rows = report.openSiblings.map(({ key, scope, since, cloudlets, versions }) => [
    key,
    scope,
    renderMicros(since),
    cloudlets,
    renderVersions(versions, versionText),
  ]);
  const head = ["open siblings", "scope", "since", "cloudlets", "versions"];
  return rows.length === 0 ? "" : renderTable(head, rows, ROWS_MAX);
}

function renderHiddenLosers(report: RunReport): string {
  const rows = report.hiddenLosers.map(({ key, scope, resolver, cloudlets, versions }) => [
    key,
    scope,
    resolver,
    cloudlets,
    renderVersions(versions, (version) => `${versionText(version)}: ${fateTexts[version.fate]}`),
  ]);
  const head = ["hidden losers", "scope", "resolver", "cloudlets", "versions"];
  return rows.length === 0 ? "" : renderTable(head, rows, LOSERS_MAX);
}

function renderVersions<Version>(versions: readonly Version[], textOf: (version: Version) => string): string {
  const shown = versions.slice(0, VERSIONS_MAX).map(textOf);
  const more = versions.length - shown.length;
  return [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join("; ");
}

/** One of several versions of a key, in words. */
export function versionText({ dot, value, session, cloudlet }: SiblingVersion): string {
  return `${value === null ? "deleted" : JSON.stringify(value)} by ${session} at ${cloudlet} (${dot})`;
}

function renderEvidence(report: RunReport, colours: Context["colours"]): string {
  const lines: string[] = [];
  for (const [name, { verdict, violations, evidence }] of report.properties) {
    if (verdict !== "violated") continue;
    lines.push(`${colours.bold(name)} violated ${renderNumber(violations)} times`);
    for (const item of evidence.slice(0, EVIDENCE_MAX)) lines.push(...item.split("\n").map((line) => `  ${line}`));
    if (violations > EVIDENCE_MAX) lines.push(`  and ${renderNumber(violations - EVIDENCE_MAX)} more`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

function renderList(title: string, lines: readonly string[]): string {
  if (lines.length === 0) return "";
  const shown = lines.slice(0, ROWS_MAX);
  const more = lines.length - shown.length;
  return [title, ...shown.map((line) => `  ${line}`), ...(more > 0 ? [`  and ${more} more`] : [])]
    .map((line) => `${line}\n`)
    .join("");
}
