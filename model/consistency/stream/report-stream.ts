/**
 * What came of a stream as a report of the same form as that of a file.
 *
 * Leaves out the models that need the whole history: the report names those that were decided, and the one that was asked for.
 */
import { implies } from "../check.ts";
import type { Explanation } from "../explain/explain.ts";
import type { History } from "../history.ts";
import { initialValuesText } from "../explain/explain.ts";
import { type ModelName, models } from "../models.ts";
import { patterns } from "../patterns.ts";
import type { CheckReport } from "../report.ts";
import { sessionName } from "../explain/words.ts";
import type { Verdict } from "../verdict.ts";
import type { StreamChecker } from "./stream-checker.ts";
import { type StreamEdge, type StreamModel, streamModels, type StreamViolation } from "./stream-types.ts";

/** The models to watch for the sake of one: those that follow from it; all for null. */
export function watchedFor(asked: ModelName | null): readonly StreamModel[] {
  return streamModels.filter((model) => asked === null || implies(asked, model));
}

/**
 * The report on a stream that has ended, or was not read further.
 *
 * @param piece any piece of it, for what it says of initial values; null where nothing came
 * @param asked the model that is judged, also one that no stream can be checked against; null for all that can
 */
export function reportStream(
  checker: StreamChecker,
  file: string,
  piece: History | null,
  asked: ModelName | null,
): CheckReport {
  const end = checker.end();
  const verdicts: Partial<Record<ModelName, Verdict["kind"]>> = {};
  const reasons: Partial<Record<ModelName, string>> = {};
  for (const { name } of models) {
    const isDecided = streamModels.some((model) => model === name);
    if (!isDecided && name !== asked) continue;
    if (end.kind === "violated") {
      const isViolated = end.violation.models.some((model) => implies(name, model));
      verdicts[name] = isViolated ? "violated" : "unknown";
      if (!isViolated) reasons[name] = "the rest of the stream was not read";
    } else if (isDecided || end.kind !== "holds") {
      verdicts[name] = end.kind;
      if (end.kind !== "holds") reasons[name] = end.reason;
    } else {
      verdicts[name] = "unknown";
      reasons[name] = "needs the whole history: record it and check the file";
    }
  }
  const named = (kind: Verdict["kind"]): readonly ModelName[] =>
    models.map(({ name }) => name).filter((name) => verdicts[name] === kind);
  const violated = named("violated");
  const holding = named("holds");
  return {
    file,
    format: "jsonl",
    operations: checker.operationCount,
    verdicts,
    weakestViolated: violated.filter((name) => !violated.some((other) => other !== name && implies(name, other))),
    strongestSatisfied: holding.filter((name) => !holding.some((other) => other !== name && implies(other, name))),
    explanations: end.kind === "violated" ? [explainStream(end.violation, violated)] : [],
    reasons,
    initialValues: piece?.initialValues ?? "implicit",
    notes: [
      ...(piece === null ? [] : [`${initialValuesText(piece)}.`]),
      "Checked while it came in: MR and CC; the other models need the whole history.",
    ],
    sessions: checker.sessionCount,
    keys: checker.keyCount,
    transactions: checker.operationCount,
    defaultModel: end.kind === "violated" ? (end.violation.models[0] ?? "CC") : "CC",
  };
}

function explainStream(
  { pattern, operations, edges, note }: StreamViolation,
  violated: readonly ModelName[],
): Explanation {
  const { says, source } = patterns[pattern];
  const line = (step: number): string => `line ${operations[step]?.line ?? 0}`;
  const edgeText = ({ from, to, kind }: StreamEdge): string => {
    switch (kind) {
      case "session":
        return `${sessionName(operations[to]?.session ?? "")} did ${line(from)}, then ${line(to)}`;
      case "reads-from":
        return `${line(to)} returned what ${line(from)} wrote`;
      case "causal":
        return `${line(from)} is in the causal past of ${line(to)}, by way of other sessions`;
    }
  };
  // A stream has no numbers of operations: lines stand for them.
  const numberOf = (step: number): number => operations[step]?.line ?? 0;
  return {
    models: violated,
    pattern,
    says,
    source,
    operations: operations.map(({ line: at, session, text }) => ({
      operation: at,
      session,
      text: `${sessionName(session)}: ${text} (line ${at})`,
      line: at,
    })),
    edges: edges.map((edge) => ({
      from: numberOf(edge.from),
      to: numberOf(edge.to),
      kind: edge.kind,
      text: edgeText(edge),
    })),
    isCycle: pattern === "CyclicCO",
    conclusion: note,
    remarks: ["The ways between these lines were forgotten with the stream; a check of the recorded file tells them."],
  };
}
