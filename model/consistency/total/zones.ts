/**
 * Linearizability of a register whose values were written once: by the zones of its values, without a search.
 *
 * The operations of a value (its write and its reads) must lie side by side in any order. What they have to bridge is told by two
 * moments: the first end and the last beginning among them. Value a must come before value b if something of a ended before something
 * of b began; so two values contradict each other exactly if each one's first end lies before the other's last beginning. If no two
 * do, and no read ended before its write began, there is an order (Gibbons, Korach, Testing Shared Memories, SIAM J. Computing 1997,
 * section 4: zones that run forward must not overlap, and none that runs backward may lie inside one).
 *
 * O(m log m) for m values. Leaves out values written twice (real-time-moves.ts) and lists (list-levels.ts).
 */
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import type { Edge, Evidence } from "../verdict.ts";

/** When operations ran; `a` is before `b` exactly if `end[a] < start[b]`. */
export interface Intervals {
  readonly start: Float64Array;
  readonly end: Float64Array;
}

/** The zones of one key's values, as columns. */
interface Zones {
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly firstOperation: Int32Array;
  readonly lastOperation: Int32Array;
}

/** What contradicts real time on some register; null where nothing does. */
export function zoneFlaw(history: History, readsFrom: ReadsFrom, { start, end }: Intervals): Evidence | null {
  const { operationCount, kind, key, listed, listStart, version, versionCount, keyCount } = history;
  const { counts, writerOf } = readsFrom;
  // Places of values: versions, then by key the beginning, whose write ended before everything.
  const places = versionCount + keyCount;
  const zones: Zones = {
    first: new Float64Array(places).fill(Number.POSITIVE_INFINITY),
    last: new Float64Array(places).fill(Number.NEGATIVE_INFINITY),
    firstOperation: new Int32Array(places).fill(ABSENT),
    lastOperation: new Int32Array(places).fill(ABSENT),
  };
  zones.first.fill(Number.NEGATIVE_INFINITY, versionCount);
  for (let at = 0; at < operationCount; at += 1) {
    if (counts[at] === 0 || history.keyKind[key[at]!] !== keyKind.register) continue;
    const isRead = kind[at] === operationKind.read;
    const value = isRead ? listed[listStart[at]!]! : version[at]!;
    if (isRead && value !== INITIAL && end[at]! < start[writerOf[value]!]!) return fromFuture(writerOf[value]!, at);
    const place = value === INITIAL ? versionCount + key[at]! : value;
    if (end[at]! < zones.first[place]!) {
      zones.first[place] = end[at]!;
      zones.firstOperation[place] = at;
    }
    if (start[at]! > zones.last[place]!) {
      zones.last[place] = start[at]!;
      zones.lastOperation[place] = at;
    }
  }
  const pair = contradiction(history, zones);
  return pair === null ? null : evidenceOf(history, readsFrom, zones, pair);
}

function fromFuture(write: number, read: number): Evidence {
  const edges: readonly Edge[] = [
    { from: read, to: write, why: { kind: "real-time" } },
    { from: write, to: read, why: { kind: "reads-from" } },
  ];
  return { pattern: "ReadFromFuture", operations: [read, write], edges, cyclic: true };
}

/** Two values of one key each of which must come before the other; null where there are none. */
function contradiction(
  { versionCount, versionKey, keyCount }: History,
  zones: Zones,
): readonly [number, number] | null {
  const keyOf = (place: number): number => (place < versionCount ? versionKey[place]! : place - versionCount);
  const { first, last, lastOperation } = zones;
  const used = Uint32Array.from({ length: versionCount + keyCount }, (_, place) => place).filter(
    (place) => lastOperation[place] !== ABSENT,
  );
  used.sort((one, other) => keyOf(one) - keyOf(other) || compare(first[one]!, first[other]!));
  // By first end: the forward zone that begins last, and of all so far the one that reaches farthest.
  let forward = ABSENT;
  for (const place of used) {
    if (forward !== ABSENT && keyOf(forward) !== keyOf(place)) forward = ABSENT;
    if (first[place]! >= last[place]!) continue;
    if (forward !== ABSENT && first[place]! < last[forward]!) return [forward, place];
    forward = place;
  }
  // Forward zones of a key now lie one after the other; backward ones are sought in the one that begins last before them.
  const forwards = used.filter((place) => first[place]! < last[place]!);
  const backwards = used.filter((place) => first[place]! >= last[place]!);
  backwards.sort((one, other) => keyOf(one) - keyOf(other) || compare(last[one]!, last[other]!));
  let at = 0;
  for (const place of backwards) {
    while (at < forwards.length && isBefore(forwards[at]!, place)) at += 1;
    const candidate = forwards[at - 1];
    if (candidate === undefined || keyOf(candidate) !== keyOf(place)) continue;
    if (first[place]! < last[candidate]!) return [candidate, place];
  }
  return null;

  /** Whether a forward zone, in the order of keys and of first ends, begins before a backward zone does. */
  function isBefore(ahead: number, behind: number): boolean {
    const keys = keyOf(ahead) - keyOf(behind);
    return keys < 0 || (keys === 0 && first[ahead]! < last[behind]!);
  }
}

function compare(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** What ended of the one value before what began of the other, and the other way round; who returned which value. */
function evidenceOf(
  { kind, listed, listStart }: History,
  { writerOf }: ReadsFrom,
  { first, firstOperation, lastOperation }: Zones,
  pair: readonly [number, number],
): Evidence {
  const writeOf = (operation: number): number =>
    kind[operation] === operationKind.read ? writerOf[listed[listStart[operation]!]!]! : operation;
  const returned = (operation: number): readonly Edge[] =>
    writeOf(operation) === operation ? [] : [{ from: writeOf(operation), to: operation, why: { kind: "reads-from" } }];
  const initial = pair.find((place) => first[place] === Number.NEGATIVE_INFINITY);
  const edges: Edge[] = [];
  let cyclic = true;
  if (initial === undefined) {
    for (const [ahead, behind] of [pair, [pair[1], pair[0]]] as const) {
      const [ended, began] = [firstOperation[ahead]!, lastOperation[behind]!];
      edges.push(...returned(ended), { from: ended, to: began, why: { kind: "real-time" } }, ...returned(began));
      // Only where a write began last is the walk closed; a read there stands for its write, which has the same neighbours.
      cyclic &&= writeOf(began) === began;
    }
  } else {
    const [ended, read] = [firstOperation[pair[0] === initial ? pair[1] : pair[0]]!, lastOperation[initial]!];
    edges.push(...returned(ended), { from: ended, to: read, why: { kind: "real-time" } });
    edges.push({ from: read, to: writeOf(ended), why: { kind: "overwritten-by" } });
  }
  return {
    pattern: "CyclicRealTime",
    operations: [...new Set(edges.flatMap(({ from, to }) => [from, to]))],
    edges: edges.filter((edge, at) => edges.findIndex(({ from, to }) => from === edge.from && to === edge.to) === at),
    cyclic,
  };
}
