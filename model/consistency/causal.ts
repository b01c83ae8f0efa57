/**
 * Causal consistency (CC) and causal convergence (CCv).
 *
 * Both by bad patterns (Bouajjani et al., POPL 2017, Table 3). The causal order is session order and reads-from, closed under
 * transitivity. CC holds where it has no cycle and no read returned what was causally overwritten. CCv asks for one order beside
 * it by which all conflicts end; there is one if causal order and conflict edges have no cycle together.
 *
 * One pass finds the conflict edges (orders/visibility.ts). If they fit into one order with the causal one, both models hold: a
 * read that CC refuses would be a cycle of a conflict edge and causal order. Only otherwise each edge is asked whether it is such.
 *
 * Reads of sets: CC asks that no element was causally overwritten and that a set is not empty once a write was seen (but for a delete
 * that stands, which need not be listed), unless the history records what is replaced; the rest is MV's. Lists: every append that was seen is in the list, and its order does not
 * contradict causes. Time O(operations x sessions); see orders/clock-block.ts for memory.
 *
 * Leaves out CM (pipelined.ts) and real time (real-time.ts).
 */
import {
  causalCycle,
  conflictCycle,
  emptiedEvidence,
  initialEvidence,
  missingElement,
  overwrittenEvidence,
} from "./causal-evidence.ts";
import { keyKind } from "./history.ts";
import type { Judgement } from "./judgement.ts";
import { precedence } from "./orders/precedence.ts";
import {
  ambiguousWrites,
  HOLDS,
  impossibleRead,
  judgedSets,
  notApplicable,
  readsOnlyOtherKinds,
  violated,
} from "./preliminary.ts";
import type { Verdict } from "./verdict.ts";

/** Causal consistency. */
export function causalConsistency(judgement: Judgement): Verdict {
  return judgement.remember("CC", decideCausal);
}

/** Causal convergence. */
export function causalConvergence(judgement: Judgement): Verdict {
  return judgement.remember("CCv", decideConvergence);
}

function decideCausal(judgement: Judgement): Verdict {
  const unfit = ambiguousWrites(judgement) ?? impossibleRead(judgement);
  if (unfit !== null) return unfit;
  if (!judgement.causal.isAcyclic) return violated(causalCycle(judgement));
  const { visibility } = judgement;
  if (visibility.initial.length > 0) return violated(initialEvidence(judgement));
  if (visibility.emptied.length > 0) return violated(emptiedEvidence(judgement));
  if (visibility.shortLists.length > 0) return violated(missingElement(judgement));
  const asked = suspects(judgement);
  const { sorted, conflictCount, edges } = judgement.decisions;
  const lists = !sorted.isAcyclic && edges.count > conflictCount;
  if (asked.length === 0 && !lists) return judgedSets(judgement);
  const found = precedence(
    judgement.history,
    judgement.readsFrom,
    judgement.causal.order,
    visibility.conflicts,
    asked,
    lists,
  );
  if (found.contradicted.length > 0 || found.inversions.length > 0)
    return violated(overwrittenEvidence(judgement, found));
  return judgedSets(judgement);
}

/** Conflict edges whose end may be causally before their beginning: it must stand before it in causal order. */
function suspects({ history, visibility, decisions, causal }: Judgement): readonly number[] {
  const { conflicts } = visibility;
  const asked: number[] = [];
  let place: Uint32Array | null = null;
  for (let edge = 0; edge < conflicts.count; edge += 1) {
    const isDecided = history.keyKind[history.key[conflicts.to(edge)]!] === keyKind.register;
    if (isDecided && decisions.sorted.isAcyclic) continue;
    place ??= placesOf(causal.order);
    if (place[conflicts.to(edge)]! < place[conflicts.from(edge)]!) asked.push(edge);
  }
  return asked;
}

function placesOf(order: Uint32Array): Uint32Array {
  const place = new Uint32Array(order.length);
  for (let at = 0; at < order.length; at += 1) place[order[at]!] = at;
  return place;
}

function decideConvergence(judgement: Judgement): Verdict {
  const ambiguous = ambiguousWrites(judgement);
  if (ambiguous !== null) return ambiguous;
  if (readsOnlyOtherKinds(judgement, keyKind.register, keyKind.list))
    return notApplicable("no reads of single values or of lists");
  const causal = causalConsistency(judgement);
  if (causal.kind !== "holds") return causal;
  return judgement.decisions.sorted.isAcyclic ? HOLDS : violated(conflictCycle(judgement));
}
