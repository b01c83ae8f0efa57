/**
 * One call from a recorded history to a report: read, judge against every model, explain. Runs in Node and in a browser.
 *
 * The report is plain data and what `causeway check --json` prints. Leaves out files, pipes and pictures.
 */
import { checkHistory, type CheckOptions, type CheckResult } from "./check.ts";
import { explain, type Explanation, explainResult, initialValuesText } from "./explain/explain.ts";
import { formatOf, type FormatName } from "./formats/format.ts";
import type { FormatProblem } from "./formats/problem.ts";
import { readHistory } from "./formats/read-history.ts";
import type { Source } from "./formats/input.ts";
import { utf8 } from "./formats/text.ts";
import type { History, InitialValues } from "./history.ts";
import { type ModelName, models } from "./models.ts";
import { withNothingsNamed } from "./nothing-reads.ts";
import { settledHistory } from "./open-writes.ts";
import { readsFrom } from "./reads-from.ts";
import { shrink, type Shrunk } from "./shrink.ts";
import type { Verdict } from "./verdict.ts";

/** What to check, and how to read it; all of it may be left out. */
export interface ReportOptions extends CheckOptions {
  /** What reports and messages call the history; "history" when absent. */
  readonly fileName?: string;
  /** Told from the content when absent. */
  readonly format?: FormatName;
  /** As the format has it when absent. */
  readonly init?: InitialValues;
  /** A value that keys have in the beginning, beside nothing. */
  readonly zero?: number | string;
  /** Where the judged model is violated, find a smallest part of the history that violates it too. */
  readonly shrink?: boolean;
  /** The judged model; `defaultModel` when absent. */
  readonly judged?: ModelName;
}

/** A part of the history that violates the judged model by itself. */
export interface ShrunkReport {
  readonly model: ModelName;
  readonly operations: number;
  /** Whether no operation of it can be left out. */
  readonly isMinimal: boolean;
  readonly explanation: Explanation;
}

/** What was found in one history. */
export interface CheckReport {
  readonly file: string;
  /** Name of the format; "none" for a history that was never a file. */
  readonly format: FormatName | "none";
  readonly operations: number;
  /** In the order of the table of models. */
  readonly verdicts: Readonly<Partial<Record<ModelName, Verdict["kind"]>>>;
  /** Violated models that imply no other violated one. */
  readonly weakestViolated: readonly ModelName[];
  /** Models that hold and follow from no other that holds. */
  readonly strongestSatisfied: readonly ModelName[];
  /** One for each evidence; models that fail by the same one share it. */
  readonly explanations: readonly Explanation[];
  /** Why a model is unknown or not applicable. */
  readonly reasons: Readonly<Partial<Record<ModelName, string>>>;
  readonly initialValues: InitialValues;
  /** What else a reader should know; sentences. */
  readonly notes: readonly string[];
  readonly sessions: number;
  readonly keys: number;
  readonly transactions: number;
  /** The model that is judged where nobody names one: TCC where transactions have several operations, else CCv. */
  readonly defaultModel: ModelName;
  /** Present where it was asked for and the judged model is violated. */
  readonly shrunk?: ShrunkReport;
}

/** The report with what it was made from, or why nothing could be read. */
export type CheckOutcome =
  | {
      readonly kind: "checked";
      readonly report: CheckReport;
      readonly history: History;
      readonly result: CheckResult;
      /** The part that `report.shrunk` speaks of; null where there is none. */
      readonly part: History | null;
    }
  | { readonly kind: "refused"; readonly problems: readonly FormatProblem[] };

/**
 * Reads, judges and explains.
 *
 * @param input the text or the bytes of a file in any known format (bytes also in chunks), or a history that was built
 */
export function check(input: string | Source | History, options: ReportOptions = {}): CheckOutcome {
  const file = options.fileName ?? "history";
  if (isHistory(input)) return { kind: "checked", ...judged(input, file, "none", [], options) };
  const { format, init, zero } = options;
  const read = readHistory(typeof input === "string" ? utf8(input) : input, {
    fileName: file,
    ...(format !== undefined && { format }),
    ...(init !== undefined && { init }),
    ...(zero !== undefined && { zero }),
  });
  if (read.kind === "refused") return read;
  return { kind: "checked", ...judged(read.history, file, read.format, read.notes, options) };
}

function isHistory(input: string | Source | History): input is History {
  return typeof input === "object" && "operationCount" in input;
}

function judged(
  told: History,
  file: string,
  format: FormatName | "none",
  notes: readonly string[],
  options: ReportOptions,
): Omit<Extract<CheckOutcome, { kind: "checked" }>, "kind"> {
  const { history, apartCount, firstLine } = settledHistory(withNothingsNamed(told));
  const result = checkHistory(history, options);
  const verdicts: Partial<Record<ModelName, Verdict["kind"]>> = {};
  const reasons: Partial<Record<ModelName, string>> = {};
  for (const [name, verdict] of result.verdicts) {
    verdicts[name] = verdict.kind;
    if ("reason" in verdict) reasons[name] = verdict.reason;
  }
  const defaultModel = history.transactionStart === null ? "CCv" : "TCC";
  const judgedModel = options.judged ?? defaultModel;
  const part = options.shrink === true ? shrink(history, judgedModel, options) : null;
  const report: CheckReport = {
    file,
    format,
    operations: history.operationCount,
    verdicts,
    weakestViolated: result.weakestViolated,
    strongestSatisfied: result.strongestSatisfied,
    explanations: explainResult(history, result),
    reasons,
    initialValues: history.initialValues,
    notes: [
      ...(format === "none" ? [initialValuesText(history)] : notes).map(sentence),
      ...apartNotes(apartCount, firstLine),
      ...unknownNotes(history),
    ],
    sessions: told.sessionCount,
    keys: history.keyCount,
    transactions: history.transactionCount,
    defaultModel,
    ...(part !== null && { shrunk: shrunkReport(judgedModel, part) }),
  };
  return { report, history, result, part: part?.history ?? null };
}

function shrunkReport(model: ModelName, { history, isMinimal, evidence }: Shrunk): ShrunkReport {
  const explanation = explain(history, readsFrom(history), [model], evidence);
  return { model, operations: history.operationCount, isMinimal, explanation };
}

function sentence(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;
}

/** Sessions are told as they are judged. */
function apartNotes(count: number, firstLine: number): readonly string[] {
  if (count === 0) return [];
  const what = "Writes of unknown outcome after which their sessions went on, each judged as a session of its own";
  return [`${what}: ${count}${firstLine === 0 ? "" : `, the first in line ${firstLine}`}.`];
}

/** Verdicts may rest on writes whose outcome nobody told. */
function unknownNotes(history: History): readonly string[] {
  const { provenUnknownCount: count } = readsFrom(history);
  if (count === 0) return [];
  return [
    count === 1
      ? "1 write of unknown outcome counts, because it was read; verdicts may rest on it."
      : `${count} writes of unknown outcome count, because they were read; verdicts may rest on them.`,
  ];
}

/** Verdict words for people. */
const words: Readonly<Record<Verdict["kind"], string>> = {
  holds: "holds",
  violated: "violated",
  unknown: "unknown",
  "not-applicable": "not applicable",
};

/** `1 operation`, `2 operations`. */
function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

/** What a report says of its history, in a line without a full stop: size and format. */
export function historyText(report: CheckReport): string {
  const { format, operations, sessions, keys, transactions } = report;
  return [
    ...(format === "none" ? [] : [formatOf(format).title]),
    counted(operations, "operation"),
    ...(transactions === operations ? [] : [counted(transactions, "transaction")]),
    counted(sessions, "session"),
    counted(keys, "key"),
  ].join(", ");
}

/** Every model with its verdict and what that rests on, as rows of texts. */
export function verdictRows(
  report: CheckReport,
): readonly (readonly [model: string, title: string, verdict: string, because: string])[] {
  return models.flatMap(({ name, title }) => {
    const verdict = report.verdicts[name];
    if (verdict === undefined) return [];
    const because =
      report.reasons[name] ?? report.explanations.find((told) => told.models.includes(name))?.pattern ?? "";
    return [[name, title, words[verdict], because] as const];
  });
}
