/**
 * Puts evidence into words: the pattern's name, each operation as a reader would write it, every edge justified, and why that cannot
 * be. Whoever sells the store that recorded the history must be able to follow it with the file alone.
 *
 * Explanations are data: `explainText` in words.ts style for a terminal, the same object for JSON and pictures. Models that are
 * violated by one and the same evidence share one explanation.
 */
import type { CheckResult } from "../check.ts";
import { type History, operationKind, outcome } from "../history.ts";
import type { ModelName } from "../models.ts";
import { patterns } from "../patterns.ts";
import { type ReadsFrom, readsFrom as findReadsFrom } from "../reads-from.ts";
import type { Evidence, PatternName } from "../verdict.ts";
import { conclusionOf } from "./conclusions.ts";
import { operationsOf, reasonFor, reasonText } from "./reasons.ts";
import { operationText, printable, referencesTo, sessionText } from "./words.ts";

/** Columns of a terminal that texts are wrapped to. */
const WIDTH = 100;

/** An operation as a story names it. */
export interface ToldOperation {
  /** Its number in the history. */
  readonly operation: number;
  /** Name of its session, as in the file. */
  readonly session: string;
  /** `session 2: read x = 1 (line 14)`. */
  readonly text: string;
  /** Line of the file, from 1; null where there is none. */
  readonly line: number | null;
}

/** An edge as a story tells it. */
export interface ToldEdge {
  /** Number of the operation that comes first; null for the beginning of the history. */
  readonly from: number | null;
  readonly to: number;
  /** `session`, `reads-from`, ...: the kinds of `EdgeReason`. */
  readonly kind: string;
  /** Why, in a sentence without a full stop. */
  readonly text: string;
}

/** Why models are violated. */
export interface Explanation {
  /** The models that this evidence speaks against, in the order of the table of models. */
  readonly models: readonly ModelName[];
  readonly pattern: PatternName;
  /** The pattern in one sentence. */
  readonly says: string;
  /** Where the pattern is defined. */
  readonly source: string;
  /** In session order, session after session. */
  readonly operations: readonly ToldOperation[];
  readonly edges: readonly ToldEdge[];
  readonly isCycle: boolean;
  /** What follows, and why it cannot be. */
  readonly conclusion: string;
  /** What the verdict rests on beside the operations: outcomes that nobody told, initial values. */
  readonly remarks: readonly string[];
}

/** Explains every violated model of a result, weaker ones first. */
export function explainResult(history: History, result: CheckResult): readonly Explanation[] {
  const readsFrom = findReadsFrom(history);
  const groups = new Map<string, Explanation>();
  for (const [model, verdict] of result.verdicts) {
    if (verdict.kind !== "violated") continue;
    const told = explain(history, readsFrom, [model], verdict.evidence);
    const identity = identityOf(model, told);
    const group = groups.get(identity);
    groups.set(identity, group === undefined ? told : { ...group, models: [...group.models, model] });
  }
  return [...groups.values()];
}

/**
 * Explanations of one pattern with the same operations tell the same story, whatever the edges that a checker chose. Guarantees to
 * sessions and pipelined memory know fewer edges than causality does and are told apart from it.
 */
function identityOf(model: ModelName, { pattern, operations }: Explanation): string {
  const kind = model === "PRAM" ? "pipelined" : sessionModels.includes(model) ? "session" : "causal";
  return `${kind} ${pattern} ${operations.map(({ operation }) => operation).join()}`;
}

const sessionModels: readonly ModelName[] = ["RYW", "MR", "MW", "WFR"];

/** Explains one evidence. */
export function explain(
  history: History,
  readsFrom: ReadsFrom,
  models: readonly ModelName[],
  evidence: Evidence,
): Explanation {
  // Pipelined memory knows what came by one read, and no further.
  const reads = models.includes("PRAM") ? 1 : Infinity;
  const reasons = evidence.edges.map((edge) => reasonFor(history, readsFrom, edge, reads));
  const told = [...new Set([...evidence.operations, ...reasons.flatMap(operationsOf)])].sort((a, b) => a - b);
  const refs = referencesTo(history, told);
  const { says, source } = patterns[evidence.pattern];
  return {
    models,
    pattern: evidence.pattern,
    says,
    source,
    operations: told.map((operation) => {
      const line = history.line[operation]!;
      const session = history.session[operation]!;
      const mark = refs.markOf(operation);
      const text = `${sessionText(history, session)}: ${operationText(history, operation)}`;
      return {
        operation,
        session: history.sessions.of(session),
        text: `${mark === null ? "" : `${mark} `}${text}${line === 0 ? "" : ` (line ${line})`}`,
        line: line === 0 ? null : line,
      };
    }),
    edges: reasons.map((reason) => ({
      from: reason.edge.from < 0 ? null : reason.edge.from,
      to: reason.edge.to,
      kind: reason.edge.why.kind,
      text: reasonText(history, reason, refs),
    })),
    isCycle: evidence.cyclic,
    conclusion: conclusionOf(history, readsFrom, evidence, refs),
    remarks: [
      ...(evidence.note === undefined ? [] : [sentence(evidence.note)]),
      ...told
        .filter((operation) => history.outcome[operation] === outcome.unknown)
        .map((operation) => {
          const because = wasRead(history, readsFrom.counts, operation)
            ? "a read returned its value"
            : "something that its transaction wrote was read";
          return `The outcome of ${refs.of(operation)} was never told; it counts because ${because}.`;
        }),
      ...initialRemarks(history, evidence),
    ],
  };
}

/** Whether some read that takes part returned what this operation wrote. */
function wasRead({ kind, version, listStart, listed }: History, counts: Uint8Array, operation: number): boolean {
  if (kind[operation] === operationKind.read) return false;
  for (let read = 0; read < kind.length; read += 1) {
    if (kind[read] !== operationKind.read || counts[read] === 0) continue;
    for (let at = listStart[read]!; at < listStart[read + 1]!; at += 1)
      if (listed[at] === version[operation]) return true;
  }
  return false;
}

function initialRemarks(history: History, { pattern }: Evidence): readonly string[] {
  if (pattern !== "WriteCOInitRead" && pattern !== "WriteHBInitRead") return [];
  return [`${initialValuesText(history)}; --init changes this.`];
}

/** What the history's policy of initial values means for its reads, as a sentence without a full stop. */
export function initialValuesText({ initialValues, values }: History): string {
  const first = printable(values.of(0));
  switch (initialValues) {
    case "implicit":
      return `Initial values are implicit: every key holds ${first} before anybody writes it`;
    case "explicit":
      return `Initial values are explicit: a write of ${first} that comes first at its key and in its session is the beginning, no operation`;
    case "none":
      return "There are no initial values: a read of nothing returned what nobody wrote";
  }
}

function sentence(text: string): string {
  const first = text.slice(0, 1).toUpperCase() + text.slice(1);
  return first.endsWith(".") ? first : `${first}.`;
}

/** An explanation for a terminal, at most `WIDTH` wide where words allow; every line ends with a line feed. */
export function explanationText(explanation: Explanation): string {
  const { models, pattern, says, source, operations, edges, conclusion, remarks } = explanation;
  const lines = [
    `${models.join(", ")} violated: ${pattern}`,
    ...wrapped(says),
    ...wrapped(`(${source})`),
    "",
    ...operations.map(({ text }) => `  ${text}`),
    ...(edges.length === 0 ? [] : ["", ...edges.flatMap(({ text }, index) => wrapped(`${text}.`, `${index + 1}. `))]),
    "",
    ...wrapped(conclusion),
    ...remarks.flatMap((remark) => wrapped(remark)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** A text in lines that stand a little in; under a number, further in. */
function wrapped(text: string, number = ""): readonly string[] {
  const lines: string[] = [];
  let line = `  ${number}`;
  // `x = 1`, `key 7` and `line 12` stay together.
  for (const word of text.split(/(?<!=|\bkey|\bline) (?!=)/)) {
    if (line.length + word.length > WIDTH && line.trim() !== number.trim()) {
      lines.push(line.trimEnd());
      line = " ".repeat(number.length + 2);
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
