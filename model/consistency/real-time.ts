/**
 * Real-time causal consistency: RTC, and RTC-arb, which asks real time only where writes conflict.
 *
 * RTC holds where CC does and causal order, conflicts as reads decided them and real time (an operation that had ended is not after
 * one that then began) have no cycle together. RTC-arb takes real time only between writes of one key. Where keys hold sets, RTC
 * asks of their reads what MV does: then nothing is hidden, and real time has only reads-from to contradict.
 *
 * Real time is never written down as edges (orders/timeline.ts). O(n log n) beyond CC.
 *
 * The margin of RTC-arb: of two writes a and b of a key, where a had ended when b began and a read that could see b returned a, the
 * longest time from the end of a to the beginning of b. It says how far clocks must have been apart, if they are to blame.
 *
 * Leaves out clocks: times are true, or as true as the recorder's.
 */
import { causalConsistency } from "./causal.ts";
import { decisionReason } from "./causal-evidence.ts";
import { ABSENT, keyKind, operationKind } from "./history.ts";
import type { Judgement } from "./judgement.ts";
import { shortestCycle } from "./orders/cycles.ts";
import { operationsOf } from "./orders/paths.ts";
import { sortOperations } from "./orders/sort-operations.ts";
import { type Timeline, timelineOf } from "./orders/timeline.ts";
import { HOLDS, notApplicable, readsKind, readsOnlyOtherKinds, violated } from "./preliminary.ts";
import { returnThemAll } from "./siblings.ts";
import type { Edge, Evidence, Verdict } from "./verdict.ts";

/** Real-time causal consistency. */
export function realTimeCausal(judgement: Judgement): Verdict {
  return judgement.remember("RTC", decideRealTime);
}

/** Convergence in the order in which writes of one key did not overlap. */
export function realTimeArbitration(judgement: Judgement): Verdict {
  return judgement.remember("RTC-arb", decideArbitration);
}

function decideRealTime(judgement: Judgement): Verdict {
  const { history } = judgement;
  if (history.start === null || history.end === null) return notApplicable("operations have no times");
  const unfit = unfitTimes(judgement, history.start, history.end);
  if (unfit !== null) return notApplicable(unfit);
  const causal = causalConsistency(judgement);
  if (causal.kind !== "holds") return causal;
  if (readsKind(judgement, keyKind.siblings)) {
    const sets = returnThemAll(judgement);
    if (sets.kind !== "holds") return sets;
  }
  const everything = Int32Array.from(judgement.readsFrom.counts, (count) => (count === 1 ? 0 : ABSENT));
  const timeline = timelineOf(history.start, history.end, everything, 1);
  const cycle = cycleIn(judgement, timeline);
  return cycle === null ? holdsAsFarAsTimed(judgement, history.start) : violated(cycle);
}

/** Why these times cannot be real time; null where they can. */
function unfitTimes({ history, readsFrom }: Judgement, start: Float64Array, end: Float64Array): string | null {
  const wrong = end.findIndex((at, operation) => readsFrom.counts[operation] === 1 && at < start[operation]!);
  return wrong === ABSENT ? null : `the operation on line ${history.line[wrong]!} ends before it begins`;
}

/** No cycle was found; but an operation without a beginning follows nothing in real time only because nobody knows. */
function holdsAsFarAsTimed({ history, readsFrom }: Judgement, start: Float64Array): Verdict {
  const untimed = start.findIndex((at, operation) => readsFrom.counts[operation] === 1 && Number.isNaN(at));
  if (untimed === ABSENT) return HOLDS;
  return { kind: "unknown", reason: `the operation on line ${history.line[untimed]!} has no times` };
}

function decideArbitration(judgement: Judgement): Verdict {
  const { history, readsFrom } = judgement;
  if (history.start === null || history.end === null) return notApplicable("operations have no times");
  const unfit = unfitTimes(judgement, history.start, history.end);
  if (unfit !== null) return notApplicable(unfit);
  if (readsOnlyOtherKinds(judgement, keyKind.register, keyKind.list))
    return notApplicable("no reads of single values or of lists");
  const causal = causalConsistency(judgement);
  if (causal.kind !== "holds") return causal;
  const group = Int32Array.from(history.key, (key, operation) =>
    history.kind[operation] !== operationKind.read && readsFrom.counts[operation] === 1 ? key : ABSENT,
  );
  const timeline = timelineOf(history.start, history.end, group, history.keyCount);
  const cycle = cycleIn(judgement, timeline);
  if (cycle === null) {
    const early = readBeforeWrite(judgement, history.start, history.end);
    return early === null ? holdsAsFarAsTimed(judgement, history.start) : violated(early);
  }
  const margin = marginOf(judgement, history.start, history.end);
  if (margin === 0) return violated(cycle);
  const note = `a write was hidden by one that had ended ${margin} ${history.timeUnit} before it began`;
  return violated({ ...cycle, margin, note });
}

/** A read that ended before the write began whose value it returned: whatever is arbitrated, that cannot be. */
function readBeforeWrite({ history, readsFrom }: Judgement, start: Float64Array, end: Float64Array): Evidence | null {
  const { operationCount, kind, listStart, listed } = history;
  for (let read = 0; read < operationCount; read += 1) {
    if (kind[read] !== operationKind.read || readsFrom.counts[read] === 0) continue;
    for (let at = listStart[read]!; at < listStart[read + 1]!; at += 1) {
      const write = readsFrom.writerOf[listed[at]!]!;
      if (write === ABSENT || !(end[read]! < start[write]!)) continue;
      const edges: readonly Edge[] = [
        { from: read, to: write, why: { kind: "real-time" } },
        { from: write, to: read, why: { kind: "reads-from" } },
      ];
      return { pattern: "ReadFromFuture", operations: [read, write], edges, cyclic: true };
    }
  }
  return null;
}

/** A cycle of causes, conflicts, lists and real time; null where there is none. */
function cycleIn(judgement: Judgement, timeline: Timeline): Evidence | null {
  const { history, readsFrom, decisions } = judgement;
  const sorted = sortOperations(history, readsFrom, { edges: decisions.edges, timeline });
  if (sorted.isAcyclic) return null;
  const reason = decisionReason(judgement);
  const edges = shortestCycle(history, readsFrom, { edges: decisions.edges, reason, timeline }, sorted.placed);
  return { pattern: patternOf(edges), operations: operationsOf(edges), edges, cyclic: true };
}

function patternOf(edges: readonly Edge[]): Evidence["pattern"] {
  const kinds = new Set(edges.map(({ why }) => why.kind));
  if (!kinds.has("real-time")) return kinds.has("hidden-by") ? "CyclicCF" : "IncompatibleOrder";
  return edges.length === 2 && kinds.has("reads-from") ? "ReadFromFuture" : "CyclicRealTime";
}

/** The longest time by which a read decided a conflict against real time; 0 where none did. */
function marginOf({ decisions }: Judgement, start: Float64Array, end: Float64Array): number {
  let margin = 0;
  for (let edge = 0; edge < decisions.conflictCount; edge += 1) {
    const apart = start[decisions.edges.from(edge)]! - end[decisions.edges.to(edge)]!;
    if (apart > margin) margin = apart;
  }
  return margin;
}
