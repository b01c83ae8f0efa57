/**
 * What to show for a violation of a causal model: the shortest story that the history tells.
 *
 * Only called when something is wrong. Searches stop after a number of places, so on a large history the story is short rather
 * than proved shortest. Leaves out words.
 */
import { ABSENT, INITIAL, operationKind } from "./history.ts";
import type { Judgement } from "./judgement.ts";
import { shortestCycle } from "./orders/cycles.ts";
import type { Precedence } from "./orders/precedence.ts";
import { operationsOf, Paths } from "./orders/paths.ts";
import type { Edge, EdgeReason, Evidence } from "./verdict.ts";

/** Places that a search for a better story may visit. */
const PATIENCE = 8_000_000;

/** A shortest cycle of session order and reads-from; with `replaces`, of recorded overwrites too. */
export function causalCycle(judgement: Judgement, sorted = judgement.causal, replaces = false): Evidence {
  const edges = shortestCycle(judgement.history, judgement.readsFrom, { replaces }, sorted.placed);
  return { pattern: "CyclicCO", operations: operationsOf(edges), edges, cyclic: true };
}

/** A read of the beginning that had seen a write. */
export function initialEvidence(judgement: Judgement): Evidence {
  const { history, readsFrom, visibility } = judgement;
  const { key, kind, listStart, listed } = history;
  const paths = new Paths(history, readsFrom, {});
  let best: readonly Edge[] = [];
  for (const write of visibility.initial) {
    if (best.length > 0 && paths.visited > PATIENCE) break;
    const isGoal = (operation: number): boolean =>
      kind[operation] === operationKind.read &&
      key[operation] === key[write] &&
      readsFrom.counts[operation] === 1 &&
      (listStart[operation] === listStart[operation + 1] || listed[listStart[operation]!] === INITIAL);
    const steps = best.length === 0 ? Number.POSITIVE_INFINITY : best.length - 1;
    best = paths.find(write, isGoal, { steps }) ?? best;
  }
  return { pattern: "WriteCOInitRead", operations: operationsOf(best), edges: best, cyclic: false };
}

/** A set that was empty although a write was seen that nothing replaces. */
export function emptiedEvidence(judgement: Judgement): Evidence {
  const { history, readsFrom, visibility } = judgement;
  const paths = new Paths(history, readsFrom, {});
  let best: readonly Edge[] = [];
  for (const { read, write } of visibility.emptied) {
    if (best.length > 0 && paths.visited > PATIENCE) break;
    const steps = best.length === 0 ? Number.POSITIVE_INFINITY : best.length - 1;
    best = paths.to(write, read, { steps }) ?? best;
  }
  return { pattern: "WriteCOInitRead", operations: operationsOf(best), edges: best, cyclic: false };
}

/** A list in which an append is missing that its reader had seen. */
export function missingElement(judgement: Judgement): Evidence {
  const { history, readsFrom, visibility, keyWrites } = judgement;
  const { listStart, listed, key, version } = history;
  const paths = new Paths(history, readsFrom, {});
  let best: readonly Edge[] = [];
  for (const read of visibility.shortLists) {
    const inList = new Set(listed.subarray(listStart[read], listStart[read + 1]));
    const { keyRuns, runStart, writes } = keyWrites;
    const last = runStart[keyRuns[key[read]! + 1]!]!;
    for (
      let at = runStart[keyRuns[key[read]!]!]!;
      at < last && (best.length === 0 || paths.visited < PATIENCE);
      at += 1
    ) {
      const write = writes[at]!;
      if (inList.has(version[write]!)) continue;
      const steps = best.length === 0 ? Number.POSITIVE_INFINITY : best.length - 1;
      best = paths.to(write, read, { steps }) ?? best;
    }
  }
  return { pattern: "MissingElement", operations: operationsOf(best), edges: best, cyclic: false };
}

/** A read of what was causally overwritten, or a list in an order against causes. */
export function overwrittenEvidence(judgement: Judgement, { contradicted, inversions }: Precedence): Evidence {
  const { history, readsFrom } = judgement;
  const { conflicts } = judgement.visibility;
  const paths = new Paths(history, readsFrom, {});
  let best: readonly Edge[] = [];
  for (const edge of contradicted) {
    if (paths.visited > PATIENCE) break;
    const [newer, older] = [conflicts.from(edge), conflicts.to(edge)];
    const readers = new Set(paths.usersOf(history.version[older]!));
    const steps = best.length === 0 ? Number.POSITIVE_INFINITY : best.length - 3;
    const over = paths.to(older, newer, { steps });
    if (over === null) continue;
    const seen = paths.find(newer, (operation) => readers.has(operation), { steps: steps + 1 - over.length });
    if (seen === null) continue;
    best = [...over, ...seen, { from: older, to: seen.at(-1)!.to, why: { kind: "reads-from" } }];
  }
  if (best.length > 0) return { pattern: "WriteCORead", operations: operationsOf(best), edges: best, cyclic: false };
  for (const { read, earlier, later } of inversions) {
    if (paths.visited > PATIENCE) break;
    const steps = best.length === 0 ? Number.POSITIVE_INFINITY : best.length - 2;
    const causes = steps < 1 ? null : paths.to(later, earlier, { steps });
    if (causes !== null) best = [{ from: earlier, to: later, why: { kind: "listed", by: read } }, ...causes];
  }
  return { pattern: "IncompatibleOrder", operations: operationsOf(best), edges: best, cyclic: true };
}

/** Gives reasons for conflict edges: the nearest read that returned the winner and could see the loser. */
export class HiddenBy {
  readonly #judgement: Judgement;
  readonly #causal: Paths;

  constructor(judgement: Judgement) {
    this.#judgement = judgement;
    this.#causal = new Paths(judgement.history, judgement.readsFrom, {});
  }

  reason(loser: number, winner: number): EdgeReason {
    const readers = new Set(this.#causal.usersOf(this.#judgement.history.version[winner]!));
    const via = this.#causal.find(loser, (operation) => readers.has(operation)) ?? [];
    return { kind: "hidden-by", by: via.at(-1)?.to ?? ABSENT };
  }
}

/** The reason of an edge of `Judgement.decisions`. */
export function decisionReason(judgement: Judgement): (edge: number) => EdgeReason {
  const hidden = new HiddenBy(judgement);
  const { edges, conflictCount, listedBy } = judgement.decisions;
  return (edge) =>
    edge < conflictCount
      ? hidden.reason(edges.from(edge), edges.to(edge))
      : { kind: "listed", by: listedBy.data[edge - conflictCount]! };
}

/** A shortest cycle of causal order and decisions. */
export function conflictCycle(judgement: Judgement): Evidence {
  const { decisions, history, readsFrom } = judgement;
  const reason = decisionReason(judgement);
  const edges = shortestCycle(history, readsFrom, { edges: decisions.edges, reason }, decisions.sorted.placed);
  const hasConflict = edges.some(({ why }) => why.kind === "hidden-by");
  return {
    pattern: hasConflict ? "CyclicCF" : "IncompatibleOrder",
    operations: operationsOf(edges),
    edges,
    cyclic: true,
  };
}
