/**
 * Every edge of an evidence as a sentence that a reader can check with the file before him.
 *
 * An edge that rests on visibility is told with the way along which the one operation became visible to the other. Leaves out what
 * follows from all edges together (conclusions.ts).
 */
import { unreachable } from "../../assert.ts";
import { ABSENT, type History } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Edge, EdgeReason } from "../verdict.ts";
import { causalPath, type Step } from "./causal-path.ts";
import { operationText, type References, sessionText, versionText } from "./words.ts";

/** Why one operation comes before another. */
export interface Reason {
  readonly edge: Edge;
  /** The way that makes `edge.from` visible to the read of a `hidden-by` edge; empty for other edges and where none was found. */
  readonly path: readonly Step[];
}

/** Looks up what the sentence of an edge rests on; a way goes through at most so many reads. */
export function reasonFor(history: History, readsFrom: ReadsFrom, edge: Edge, reads: number): Reason {
  if (edge.why.kind !== "hidden-by" || edge.from === ABSENT || edge.from === edge.why.by) return { edge, path: [] };
  const { from } = edge;
  const { by } = edge.why;
  const search = (whole: boolean) => causalPath(history, readsFrom, from, by, whole, reads);
  const path = search(false) ?? search(true);
  return { edge, path: path ?? [] };
}

/** The operations that a reason speaks of. */
export function operationsOf({ edge, path }: Reason): readonly number[] {
  const told = viaOf(edge);
  const way = told === null ? path.flatMap(({ from, to }) => [from, to]) : told.flatMap(operationsOf);
  const named = [edge.from, edge.to, ...way];
  if ("by" in edge.why) named.push(edge.why.by);
  if (edge.why.kind === "guarantee") named.push(...edge.why.because);
  return named.filter((operation) => operation !== ABSENT);
}

/** The way that an evidence gives for an edge, since session order and reads-from alone are none; else null. */
function viaOf({ why }: Edge): readonly Reason[] | null {
  return "via" in why ? why.via.map((edge) => ({ edge, path: [] })) : null;
}

/** The sentence, without a full stop. */
export function reasonText(history: History, { edge, path }: Reason, refs: References): string {
  const from = edge.from === ABSENT ? "the beginning" : refs.of(edge.from);
  const to = refs.of(edge.to);
  const { why } = edge;
  switch (why.kind) {
    case "session":
    case "transaction":
    case "reads-from":
      return stepText(history, { from: edge.from, to: edge.to, kind: why.kind }, refs);
    case "replaces":
      return `${to} says that it replaces what ${from} wrote`;
    case "hidden-by": {
      const steps =
        viaOf(edge)?.map((step) => reasonText(history, step, refs)) ??
        path.map((step) => stepText(history, step, refs));
      const how = steps.length === 0 ? "" : ` (${steps.join("; ")})`;
      const got = `returned ${versionText(history, edge.to)}, which ${to} wrote`;
      return `${refs.of(why.by)} could see what ${from} wrote${how} and ${got}: so ${from} comes before ${to}`;
    }
    case "overwritten-by": {
      const steps = viaOf(edge)?.map((step) => reasonText(history, step, refs)) ?? [];
      const how = steps.length === 0 ? "" : ` (${steps.join("; ")})`;
      return `${from} did not return ${versionText(history, edge.to)}, which ${to} wrote, but something older${how}: so ${from} comes before ${to}`;
    }
    case "real-time":
      return `${from} ended before ${to} began${timesText(history, edge)}`;
    case "guarantee":
      return guaranteeText(history, edge, why, refs);
    case "listed":
      return `the list that ${refs.of(why.by)} returned shows the element of ${from} before that of ${to}`;
    case "unlisted":
      return `the list that ${refs.of(why.by)} returned has the element of ${from} and lacks that of ${to}: so ${from} comes before ${to}`;
    default:
      return unreachable(why);
  }
}

/** A step between two operations, in words. */
export function stepText(history: History, { from, to, kind }: Step, refs: References): string {
  switch (kind) {
    case "session":
      return `${sessionText(history, history.session[to]!)} did ${refs.of(from)}, then ${refs.of(to)}`;
    case "transaction":
      return `one transaction did ${refs.of(from)} and ${refs.of(to)}`;
    case "reads-from":
      return `${refs.of(to)} returned ${versionText(history, from)}, which ${refs.of(from)} wrote`;
    default:
      return unreachable(kind);
  }
}

function timesText({ start, end, timeUnit }: History, { from, to }: Edge): string {
  if (start === null || end === null || from === ABSENT) return "";
  return ` (${end[from]!} ${timeUnit} against ${start[to]!} ${timeUnit})`;
}

/** What a guarantee asks of two versions, because of operations of the session to which it was given. */
function guaranteeText(
  history: History,
  edge: Edge,
  why: Extract<EdgeReason, { kind: "guarantee" }>,
  refs: References,
): string {
  const from = edge.from === ABSENT ? "the initial value" : `the value of ${refs.of(edge.from)}`;
  const to = `the value of ${refs.of(edge.to)}`;
  const order = `${from} must be older than ${to}`;
  const [first] = why.because;
  if (first === undefined) return `${order} (${why.model})`;
  const session = sessionText(history, history.session[first]!);
  const did = why.because
    .map((operation) => `${refs.of(operation)} (${operationText(history, operation)})`)
    .join(", then ");
  return `${session} did ${did}: by ${why.model}, ${order}`;
}
