/**
 * What came of a stream as a report of the same form as that of a file.
 *
 * A model that is not checked while the stream comes in is violated where one is that follows from it, holds where it follows from
 * one that holds, and is unknown otherwise: the report names all of them, and says why.
 */
import { implies } from "../check.ts";
import type { Explanation } from "../explain/explain.ts";
import { initialValuesText } from "../explain/explain.ts";
import { plain } from "../literals.ts";
import { type ModelName, models } from "../models.ts";
import { patterns } from "../patterns.ts";
import type { CheckReport } from "../report.ts";
import { sessionName } from "../explain/words.ts";
import type { Verdict } from "../verdict.ts";
import type { StreamChecker } from "./stream-checker.ts";
import type { StreamFacts } from "./stream-facts.ts";
import {
  type StreamEdge,
  type StreamModel,
  streamModels,
  type StreamStep,
  type StreamVerdict,
  type StreamViolation,
} from "./stream-types.ts";

/** The models to watch for the sake of one: those that follow from it; all for null. */
export function watchedFor(asked: ModelName | null): readonly StreamModel[] {
  return streamModels.filter((model) => asked === null || implies(asked, model));
}

/**
 * The report on a stream that has ended, or was not read further.
 *
 * @param facts of all its pieces
 */
export function reportStream(checker: StreamChecker, file: string, facts: StreamFacts): CheckReport {
  const checked = checker.end();
  const verdicts: Partial<Record<ModelName, Verdict["kind"]>> = {};
  const reasons: Partial<Record<ModelName, string>> = {};
  for (const { name } of models) {
    const verdict = verdictOf(name, checked, checker, facts);
    verdicts[name] = verdict.kind;
    if ("reason" in verdict) reasons[name] = verdict.reason;
  }
  const named = (kind: Verdict["kind"]): readonly ModelName[] =>
    models.map(({ name }) => name).filter((name) => verdicts[name] === kind);
  const violated = named("violated");
  const holding = named("holds");
  const { piece } = facts;
  return {
    file,
    format: "jsonl",
    operations: checker.operationCount,
    verdicts,
    weakestViolated: violated.filter((name) => !violated.some((other) => other !== name && implies(name, other))),
    strongestSatisfied: holding.filter((name) => !holding.some((other) => other !== name && implies(other, name))),
    explanations: explanationsOf(checked, violated),
    reasons,
    initialValues: piece?.initialValues ?? "implicit",
    notes: [
      ...(piece === null ? [] : [`${initialValuesText(piece)}.`]),
      `Checked while it came in: ${streamModels.join(", ")}; other models only as far as these decide them.`,
    ],
    sessions: checker.sessionCount,
    keys: checker.keyCount,
    transactions: checker.operationCount,
    defaultModel: "CCv",
  };
}

/** Models that say nothing of histories that write a value twice, beside those that are checked. */
const needUniqueValues: readonly ModelName[] = [
  ...models.map(({ name }) => name).filter((name) => name.endsWith("-shared")),
  ...(["PRAM", "CM", "RTC", "RTC-arb", "MV", "RC", "RA", "TCC"] as const),
];

/** Models that say nothing where no single values are read, beside those that are checked. */
const needRegisters: readonly ModelName[] = [
  ...needUniqueValues.filter((name) => name.endsWith("-shared")),
  "PRAM",
  "CM",
];

/** A verdict of a stream, whose violation is told elsewhere. */
type Told = { readonly kind: "holds" | "violated" } | Extract<Verdict, { readonly reason: string }>;

function verdictOf(
  name: ModelName,
  checked: ReadonlyMap<StreamModel, StreamVerdict>,
  checker: StreamChecker,
  facts: StreamFacts,
): Told {
  for (const [model, verdict] of checked) if (model === name) return verdict;
  const why = facts.whyNotApplicable(name);
  if (why !== null) return { kind: "not-applicable", reason: why };
  const session = checked.get("RYW");
  const convergence = checked.get("CCv");
  const asked = checker.isOver ? needUniqueValues : needRegisters;
  if (session?.kind === "not-applicable" && asked.includes(name)) return session;
  if (convergence?.kind === "not-applicable" && name === "RTC-arb") return convergence;
  const decided: (readonly [ModelName, StreamVerdict])[] = [...checked];
  // Of single operations on registers both have the same conflict edges (transactions/models.ts).
  if (facts.isPlain && convergence !== undefined) decided.push(["TCC", convergence]);
  if (decided.some(([model, { kind }]) => kind === "violated" && implies(name, model))) return { kind: "violated" };
  if (decided.some(([model, { kind }]) => kind === "holds" && implies(model, name))) return { kind: "holds" };
  return {
    kind: "unknown",
    reason: checker.isOver
      ? "the rest of the stream was not read"
      : "needs the whole history: record it and check the file",
  };
}

/** Every violation, with the models that it violates and those of which nothing nearer is known; each story once. */
function explanationsOf(
  checked: ReadonlyMap<StreamModel, StreamVerdict>,
  violated: readonly ModelName[],
): readonly Explanation[] {
  const told = new Map<string, { readonly violation: StreamViolation; readonly names: ModelName[] }>();
  for (const name of violated) {
    const nearest = [...checked].findLast(([model, { kind }]) => kind === "violated" && implies(name, model))?.[1];
    if (nearest?.kind !== "violated") continue;
    const { violation } = nearest;
    const story = `${violation.pattern} ${violation.operations.map(({ line }) => line).join()}`;
    const known = told.get(story);
    if (known === undefined) told.set(story, { violation, names: [name] });
    else known.names.push(name);
  }
  return Array.from(told.values(), ({ violation, names }) => explainStream(violation, names));
}

function explainStream(
  { pattern, operations, edges, note }: StreamViolation,
  named: readonly ModelName[],
): Explanation {
  const { says, source } = patterns[pattern];
  // A stream has no numbers of operations: lines stand for them.
  const numberOf = (step: number): number => operations[step]?.line ?? 0;
  const isTold = edges.every(({ kind }) => kind !== "causal" && kind !== "forgotten");
  return {
    models: named,
    pattern,
    says,
    source,
    operations: operations.map(({ line: at, session, text }) => ({
      operation: at,
      session: String(plain(session)),
      text: `${sessionName(session)}: ${text} (line ${at})`,
      line: at,
    })),
    edges: edges.map((edge) => ({
      from: numberOf(edge.from),
      to: numberOf(edge.to),
      kind: edge.kind,
      text: edgeText(operations, edge),
    })),
    isCycle: pattern === "CyclicCO" || pattern === "CyclicCF",
    conclusion: note,
    remarks: isTold
      ? []
      : [
          "The ways between some of these lines were forgotten with the stream; a check of the recorded file tells them.",
        ],
  };
}

function edgeText(operations: readonly StreamStep[], edge: StreamEdge): string {
  const line = (step: number): string => `line ${operations[step]?.line ?? 0}`;
  const [from, to] = [line(edge.from), line(edge.to)];
  switch (edge.kind) {
    case "session":
      return `${sessionName(operations[edge.to]?.session ?? "")} did ${from}, then ${to}`;
    case "reads-from":
      return `${to} returned what ${from} wrote`;
    case "causal":
      return `${from} is in the causal past of ${to}, by way of other sessions`;
    case "hidden-by": {
      const by = line(edge.by);
      const isOwn = operations[edge.from]?.session === operations[edge.by]?.session;
      const read = edge.seen === null ? "by way of other sessions" : `which ${line(edge.seen)} had returned`;
      const how = isOwn ? `its session did ${from}, then ${by}` : read;
      return `${by} could see what ${from} wrote (${how}) and returned what ${to} wrote: so ${from} comes before ${to}`;
    }
    case "forgotten":
      return `earlier reads, by way of lines that were forgotten, decided that ${from} comes before ${to}`;
  }
}
