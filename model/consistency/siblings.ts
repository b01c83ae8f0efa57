/**
 * Return them all (MV): a read of a set returns exactly those visible writes of its key that no other visible one has replaced.
 *
 * Where the history does not say what a write replaces, it replaces all that came causally before it; those facts fall out of the
 * pass that CC makes (orders/visibility.ts). Where it does say so (our own recorder does), what it says counts, and overwrites are
 * causes too: whoever sees a write has its predecessors behind him. Then each session is followed once: its visible writes only
 * grow, so counting, per key, those that nothing visible has replaced costs one walk through the history per session, O(operations
 * x sessions) of time and O(operations) of memory.
 *
 * A delete that stands replaces what it has replaced, but need not be listed: there is no value to return. Where it is listed it must
 * stand.
 *
 * Leaves out resolvers, which make one value of a set.
 */
import { InvariantViolation } from "../assert.ts";
import { causalCycle } from "./causal-evidence.ts";
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "./history.ts";
import type { Judgement } from "./judgement.ts";
import { operationsOf, Paths } from "./orders/paths.ts";
import { SessionPasts } from "./orders/session-past.ts";
import { sortOperations } from "./orders/sort-operations.ts";
import {
  ambiguousWrites,
  HOLDS,
  impossibleRead,
  judgedSets,
  notApplicable,
  readsKind,
  violated,
} from "./preliminary.ts";
import type { Edge, Verdict } from "./verdict.ts";

/** Places that a search for a shorter story may visit. */
const PATIENCE = 8_000_000;

/** Decides MV. */
export function returnThemAll(judgement: Judgement): Verdict {
  return judgement.remember("MV", decide);
}

function decide(judgement: Judgement): Verdict {
  if (!readsKind(judgement, keyKind.siblings)) return notApplicable("no reads of sets");
  const unfit = ambiguousWrites(judgement) ?? impossibleRead(judgement);
  if (unfit !== null) return unfit;
  return judgement.history.hasReplaced ? decideRecorded(judgement) : decideCausal(judgement);
}

function decideCausal(judgement: Judgement): Verdict {
  if (!judgement.causal.isAcyclic) return violated(causalCycle(judgement));
  const { missing, replaced } = judgement.visibility;
  const paths = new Paths(judgement.history, judgement.readsFrom, {});
  let best: readonly Edge[] = [];
  for (const { read, write } of missing) {
    if (best.length > 0 && paths.visited > PATIENCE) break;
    const steps = best.length === 0 ? Number.POSITIVE_INFINITY : best.length - 1;
    best = paths.to(write, read, { steps }) ?? best;
  }
  if (best.length > 0)
    return violated({ pattern: "MissingSibling", operations: operationsOf(best), edges: best, cyclic: false });
  const first = replaced[0];
  if (first === undefined) return judgedSets(judgement);
  const { listed, listStart, version } = judgement.history;
  const isListed = listed.subarray(listStart[first.read], listStart[first.read + 1]).includes(version[first.newer]!);
  const seen: readonly Edge[] = isListed
    ? [{ from: first.newer, to: first.read, why: { kind: "reads-from" } }]
    : (paths.to(first.newer, first.read) ?? []);
  const edges: readonly Edge[] = [
    ...(paths.to(first.older, first.newer) ?? []),
    ...seen,
    { from: first.older, to: first.read, why: { kind: "reads-from" } },
  ];
  return violated({ pattern: "ReplacedSibling", operations: operationsOf(edges), edges, cyclic: false });
}

/** By version: the writes that say they replace it. */
interface Replacers {
  readonly start: Uint32Array;
  readonly writes: Uint32Array;
}

function decideRecorded(judgement: Judgement): Verdict {
  const { history, readsFrom } = judgement;
  const sorted = sortOperations(history, readsFrom, { replaces: true });
  if (!sorted.isAcyclic) return violated(causalCycle(judgement, sorted, true));
  const replacers = replacersOf(history, readsFrom.counts);
  const firstRead = new Int32Array(history.operationCount);
  const pasts = new SessionPasts(history, readsFrom, sorted.order, true);
  for (let session = 0; session < history.sessionCount; session += 1) {
    const reads = pasts.of(session, firstRead);
    const wrong = firstWrongSet(judgement, reads, firstRead, replacers);
    if (wrong === ABSENT) continue;
    const place = firstRead[wrong]!;
    return violatedBy(judgement, wrong, replacers, (operation) => firstRead[operation]! <= place);
  }
  return HOLDS;
}

function replacersOf(history: History, counts: Uint8Array): Replacers {
  const { operationCount, versionCount, kind, listStart, listed } = history;
  const start = new Uint32Array(versionCount + 1);
  const replaces = (operation: number): boolean => kind[operation] !== operationKind.read && counts[operation] === 1;
  for (let operation = 0; operation < operationCount; operation += 1)
    if (replaces(operation))
      for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1) start[listed[at]! + 1]! += 1;
  for (let version = 0; version < versionCount; version += 1) start[version + 1]! += start[version]!;
  const writes = new Uint32Array(start[versionCount]!);
  const next = start.slice();
  for (let operation = 0; operation < operationCount; operation += 1)
    if (replaces(operation))
      for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1)
        writes[next[listed[at]!]!++] = operation;
  return { start, writes };
}

/**
 * Follows one session.
 *
 * @param reads its reads that take part, in session order
 * @param firstRead by operation: the number of the first of these reads that has it in its past
 * @returns a read of a set that is not what it should be, or ABSENT
 */
function firstWrongSet(
  { history, readsFrom, keyWrites }: Judgement,
  reads: readonly number[],
  firstRead: Int32Array,
  { start, writes: byVersion }: Replacers,
): number {
  const { key, keyKind: kinds, listStart, listed, version } = history;
  const isDelete = (write: number): boolean => history.isDelete?.[write] === 1;
  // Writes by the read that first sees them.
  const seenStart = new Uint32Array(reads.length + 1);
  const isSeenSet = (write: number): boolean =>
    kinds[key[write]!] === keyKind.siblings && firstRead[write]! < reads.length;
  for (const write of keyWrites.writes) if (isSeenSet(write)) seenStart[firstRead[write]! + 1]! += 1;
  for (let at = 0; at < reads.length; at += 1) seenStart[at + 1]! += seenStart[at]!;
  const seen = new Uint32Array(seenStart[reads.length]!);
  const next = seenStart.slice();
  for (const write of keyWrites.writes) if (isSeenSet(write)) seen[next[firstRead[write]!]!++] = write;

  /** By key: visible writes that nothing visible has replaced, without deletes. */
  const standing = new Uint32Array(history.keyCount);
  const isReplacedAt = (write: number, place: number): boolean => {
    for (let at = start[version[write]!]!; at < start[version[write]! + 1]!; at += 1)
      if (byVersion[at] !== write && firstRead[byVersion[at]!]! <= place) return true;
    return false;
  };
  const isReplaced = new Uint8Array(history.operationCount);
  for (let place = 0; place < reads.length; place += 1) {
    for (let at = seenStart[place]!; at < seenStart[place + 1]!; at += 1) {
      const write = seen[at]!;
      if (isReplacedAt(write, place)) isReplaced[write] = 1;
      else if (!isDelete(write)) standing[key[write]!]! += 1;
    }
    // What came into sight takes the place of what had been standing.
    for (let at = seenStart[place]!; at < seenStart[place + 1]!; at += 1) {
      const write = seen[at]!;
      for (let old = listStart[write]!; old < listStart[write + 1]!; old += 1) {
        const older = listed[old] === INITIAL ? ABSENT : readsFrom.writerOf[listed[old]!]!;
        if (older === ABSENT || older === write || key[older] !== key[write]) continue;
        if (readsFrom.counts[older] === 0 || isReplaced[older] === 1) continue;
        isReplaced[older] = 1;
        if (!isDelete(older)) standing[key[older]!]! -= 1;
      }
    }
    const read = reads[place]!;
    if (kinds[key[read]!] !== keyKind.siblings) continue;
    const elements = new Set<number>();
    for (let at = listStart[read]!; at < listStart[read + 1]!; at += 1)
      if (listed[at] !== INITIAL) elements.add(readsFrom.writerOf[listed[at]!]!);
    let values = 0;
    for (const element of elements) {
      if (isReplaced[element] === 1) return read;
      if (!isDelete(element)) values += 1;
    }
    if (values !== standing[key[read]!]) return read;
  }
  return ABSENT;
}

/**
 * Says of a wrong set what is missing or too much in it: the first such write in session order.
 *
 * @param isVisible whether the read has an operation in its past
 */
function violatedBy(
  { history, readsFrom, keyWrites }: Judgement,
  read: number,
  { start, writes: byVersion }: Replacers,
  isVisible: (operation: number) => boolean,
): Verdict {
  const { key, listStart, listed, version } = history;
  const elements = new Set(listed.subarray(listStart[read], listStart[read + 1]));
  const { keyRuns, runStart, writes } = keyWrites;
  for (let at = runStart[keyRuns[key[read]!]!]!; at < runStart[keyRuns[key[read]! + 1]!]!; at += 1) {
    const write = writes[at]!;
    const isElement = elements.has(version[write]!);
    if (!isVisible(write)) continue;
    const newer = byVersion
      .subarray(start[version[write]!], start[version[write]! + 1])
      .find((other) => other !== write && isVisible(other));
    const mayBeLeftOut = !isElement && history.isDelete?.[write] === 1;
    if (mayBeLeftOut || isElement === (newer === undefined)) continue;
    const paths = new Paths(history, readsFrom, { replaces: true });
    const way = paths.to(newer ?? write, read) ?? [];
    if (newer === undefined)
      return violated({ pattern: "MissingSibling", operations: operationsOf(way), edges: way, cyclic: false });
    const edges: readonly Edge[] = [
      { from: write, to: newer, why: { kind: "replaces" } },
      ...way,
      { from: write, to: read, why: { kind: "reads-from" } },
    ];
    return violated({ pattern: "ReplacedSibling", operations: operationsOf(edges), edges, cyclic: false });
  }
  throw new InvariantViolation("a set that is wrong lacks a write or holds one too many");
}
