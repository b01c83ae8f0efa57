/**
 * What `causeway check` says of one file, and of many: text for people, JSON for programs.
 *
 * Leaves out explanations, which are the model's (model/consistency/explain), and pictures (report/history).
 */
import {
  type CheckReport,
  type Explanation,
  explanationText,
  historyText,
  type ModelName,
  models,
  renderFormatProblem,
  type ShrunkReport,
  type Verdict,
  verdictRows,
} from "../../model/consistency/index.ts";
import { renderTable } from "../cli/tables.ts";
import type { Unread } from "./check-file.ts";

/** How much is told of one file. */
export interface TellOptions {
  /** The model that the exit code judges. */
  readonly judged: ModelName;
  /** Explanations of all violated models, not only of the judged one. */
  readonly explain: boolean;
}

/** The verdict on the judged model; "unknown" where it was not checked. */
export function judgedVerdict(report: CheckReport, judged: ModelName): Verdict["kind"] {
  return report.verdicts[judged] ?? "unknown";
}

/** The explanation of a model's violation, if any. */
function explanationOf(report: CheckReport, model: ModelName): Explanation | null {
  return report.explanations.find((explanation) => explanation.models.includes(model)) ?? null;
}

/** All that is known of one file; the last line is the verdict. */
export function renderReport(report: CheckReport, { judged, explain }: TellOptions): string {
  const { shrunk } = report;
  const own = shrunk === undefined ? explanationOf(report, judged) : null;
  const told = explain ? report.explanations : own === null ? [] : [own];
  const isMore =
    !explain &&
    report.explanations.some(
      ({ models: [model] }) => model !== undefined && !(own ?? shrunk?.explanation)?.models.includes(model),
    );
  return [
    `${report.file}: ${historyText(report)}\n`,
    ...report.notes.map((note) => `${note}\n`),
    "\n",
    renderTable(["model", "says", "verdict", "because"], verdictRows(report)),
    "\n",
    summaryLine("weakest violated", report.weakestViolated),
    summaryLine("strongest satisfied", report.strongestSatisfied),
    "\n",
    ...told.map((explanation) => `${explanationText(explanation)}\n`),
    ...(shrunk === undefined ? [] : [shrunkLine(report, shrunk), `${explanationText(shrunk.explanation)}\n`]),
    ...(isMore ? ["--explain tells why the other models are violated.\n\n"] : []),
    `${verdictLine(report, judged)}\n`,
  ].join("");
}

function shrunkLine({ operations }: CheckReport, { operations: left, isMinimal }: ShrunkReport): string {
  const smallest = isMinimal
    ? ", of which none can be left out"
    : "; there may be fewer, but the search was long enough";
  return `Shrunk from ${operations} operations to ${left}${smallest}.\n\n`;
}

function summaryLine(title: string, names: readonly ModelName[]): string {
  return `${title}: ${names.length === 0 ? "none" : names.join(", ")}\n`;
}

/** `violated: CCv, causal convergence (CyclicCF)`. */
function verdictLine(report: CheckReport, judged: ModelName): string {
  const title = models.find(({ name }) => name === judged)?.title ?? "";
  const because = report.reasons[judged] ?? explanationOf(report, judged)?.pattern;
  const word = { holds: "holds", violated: "violated", unknown: "undecided", "not-applicable": "undecided" } as const;
  return `${word[judgedVerdict(report, judged)]}: ${judged}, ${title}${because === undefined ? "" : ` (${because})`}`;
}

/** One file among many, in one line. */
export function renderLine(report: CheckReport, judged: ModelName): string {
  const list = (names: readonly ModelName[]): string => (names.length === 0 ? "none" : names.join(" "));
  return `${report.file}: ${verdictLine(report, judged)}; weakest violated ${list(report.weakestViolated)}; strongest satisfied ${list(report.strongestSatisfied)}\n`;
}

/** What is wrong with a file, a line for each place. */
export function renderUnread(file: string, unread: Unread): string {
  if (unread.kind === "unreadable") return `${file}: ${unread.why}\n`;
  return unread.problems.map((problem) => `${renderFormatProblem(problem)}\n`).join("");
}

/** The same for programs: `error` is the text, `problems` its parts where the file was read. */
export function unreadJson(file: string, unread: Unread): unknown {
  const error = renderUnread(file, unread).trimEnd();
  return unread.kind === "unreadable" ? { file, error } : { file, error, problems: unread.problems };
}

/** How many files came out how. */
export interface Tally {
  readonly holds: number;
  readonly violated: number;
  readonly undecided: number;
  readonly unread: number;
}

/** The last line about many files. */
export function renderTally({ holds, violated, undecided, unread }: Tally): string {
  const count = holds + violated + undecided + unread;
  const parts = [
    `${holds} ${holds === 1 ? "holds" : "hold"}`,
    `${violated} violated`,
    ...(undecided === 0 ? [] : [`${undecided} undecided`]),
    ...(unread === 0 ? [] : [`${unread} not read`]),
  ];
  return `${count} ${count === 1 ? "file" : "files"}: ${parts.join(", ")}\n`;
}
