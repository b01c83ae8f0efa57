// Sessions that move: what one takes along, and how a cloudlet packs and judges it. A session that leaves is given its
// context and, where its destination is known, a bundle: the records of its past that reach the destination and may be
// missing there. A bundle is causally closed: for each of its records it also has what the destination must apply before.
//
// 1. At the old cloudlet: down from the context, through dependencies and replaced versions, into streams that reach the
//    destination. Not below what was applied there when the client left it last, nor below what the destination has written
//    itself, as far as that is known here: that cloudlet has applied all before it.
// 2. What is not held here, or not stored, cannot be packed, and neither can what depends on it.
// 3. At the new cloudlet: a record that needs another one, neither applied there nor in the bundle, makes the bundle
//    refused as a whole. Everything else is stored and applied before the session's first answer.
//
// A destination that has lost its disk may lack what it had applied. Then it refuses what comes, or is lacking what the context
// names, and says so.
//
// Leaves out the context's growth (context.ts) and when a session is answered (replica.ts).

import { assert } from "../assert.ts";
import type { CloudletId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import type { Bringer } from "./log.ts";
import type { Covered } from "./messages.ts";
import { dotName } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import { compareHybrid } from "./stamp.ts";

/** Where a bundle is packed, and for whom. */
export interface Packing {
  readonly topology: Topology;
  readonly destination: CloudletId;
  /** What is applied at the destination, as far as the client knows. */
  readonly applied: readonly Covered[];
  /** Of what the destination has written, the latest that is applied here, whoever has read it. */
  readonly writtenThere: readonly Dot[];
  /** The record of this dot if it may leave the cloudlet: held here, and stored as its scope demands. */
  readonly find: (dot: Dot) => CausalRecord | null;
  readonly bytesMax: number;
  /** False only under a planted bug: the nearest records alone. */
  readonly isClosed: boolean;
}

/**
 * Is this the cloudlet's own record in a stream that does not circulate? No flow can bring it back there: what of it is not
 * held there was lost with the disk of an earlier life, and waiting for it would never end.
 */
export function cannotReturn(topology: Topology, cloudlet: CloudletId, { origin, stream }: Dot): boolean {
  return origin === cloudlet && !topology.circulates(stream);
}

/** A record of a past, and whether the destination is known to have applied it, and all before it. */
interface Met {
  readonly record: CausalRecord;
  isThere: boolean;
}

/**
 * The bundle of a past, in an order in which it can be applied; null when it would weigh more than allowed.
 *
 * The past is gone through from the highest stamp down. Stamps extend happens-before, so what follows a record has been looked
 * at before it: when its turn comes it is known whether something that the destination wrote itself comes after it.
 */
export function packBundle(dots: readonly Dot[], packing: Packing): readonly CausalRecord[] | null {
  const { topology, destination, find, bytesMax, isClosed } = packing;
  const isApplied = coveredBy(packing.applied);
  const met = new Map<string, Met>();
  // Not held here; true where that does no harm, because the destination is known to have it or to have lost it.
  const absent = new Map<string, boolean>();
  const heap: Met[] = [];
  // In the heap and not known to be there: when there are none, nothing more is to be packed.
  let open = 0;
  // Not held here and not known to be there.
  let left = 0;
  const meet = (dot: Dot, isThere: boolean): void => {
    if (!topology.reaches(dot.stream, destination) || isApplied(dot)) return;
    const name = dotName(dot);
    const known = met.get(name);
    if (known !== undefined) {
      if (isThere && !known.isThere) {
        known.isThere = true;
        open -= 1;
      }
      return;
    }
    const record = find(dot);
    if (record === null) {
      const isDecided = absent.get(name);
      const isFine = isThere || isDecided === true || cannotReturn(topology, destination, dot);
      if (isDecided === undefined && !isFine) left += 1;
      if (isDecided === false && isFine) left -= 1;
      absent.set(name, isFine);
      return;
    }
    const made = { record, isThere: isThere || (isClosed && wasApplied(record, packing)) };
    met.set(name, made);
    if (!made.isThere) open += 1;
    push(heap, made);
  };
  if (isClosed) for (const dot of packing.writtenThere) if (topology.circulates(dot.stream)) meet(dot, true);
  for (const dot of dots) meet(dot, false);
  const records: CausalRecord[] = [];
  let size = 0;
  while (open > 0 || (left > 0 && heap.length > 0)) {
    const { record, isThere } = pop(heap);
    if (!isThere) {
      open -= 1;
      // The destination has it, or has lost it; before it may be what it waits for there.
      if (!cannotReturn(topology, destination, record.dot)) {
        size += record.size;
        if (size > bytesMax) return null;
        records.push(record);
      }
    }
    if (isClosed) for (const dot of needs(record)) meet(dot, isThere);
  }
  records.sort(compareHybrid);
  if (left === 0 || !isClosed) return records;
  // Whatever a record needs has been decided when its turn comes.
  return records.filter((record) => {
    const isLeft = needs(record).some((below) => absent.get(dotName(below)) === false);
    if (isLeft) absent.set(dotName(record.dot), false);
    return !isLeft;
  });
}

// Has the destination applied this record, and all before it? What it wrote itself leaves it once it is applied there, and not
// before (passages.ts). Where nobody can bring the record back, if its disk has lost it, it would not miss what came before.
function wasApplied({ dot }: CausalRecord, { topology, destination }: Packing): boolean {
  return dot.origin === destination && topology.circulates(dot.stream);
}

/** Where a bundle is judged. */
export interface Judging {
  /** Does this cloudlet have to apply this dot before what depends on it, and has not? */
  readonly lacks: (dot: Dot) => boolean;
  /** The record of this dot if it is here, also when it waits. */
  readonly find: (dot: Dot) => CausalRecord | null;
}

/** What keeps a bundle from being applied: dots needed that are neither here nor in it. What waits here needs in its turn. */
export function missingFrom(bundle: readonly CausalRecord[], { lacks, find }: Judging): readonly Dot[] {
  const passed = new Set(bundle.map(({ dot }) => dotName(dot)));
  const missing: Dot[] = [];
  const records = bundle.slice();
  for (let at = 0; at < records.length; at += 1) {
    for (const dot of needs(records[at] as CausalRecord)) {
      const name = dotName(dot);
      if (passed.has(name) || !lacks(dot)) continue;
      passed.add(name);
      const held = find(dot);
      if (held === null) missing.push(dot);
      else records.push(held);
    }
  }
  return missing;
}

/** Is a record applied though it ought to wait? Never under the right rules: planted bugs do not wait. */
export function overrides(rules: Rules, record: CausalRecord, from: Bringer): boolean {
  if (from === "bundle") return rules.trustsBundles();
  return from === null && record.moved === true && !rules.holdsWritesBehind();
}

function needs({ prev, deps }: CausalRecord): readonly Dot[] {
  return [...prev, ...deps];
}

function coveredBy(applied: readonly Covered[]): (dot: Dot) => boolean {
  const name = ({ stream, origin, incarnation }: Omit<Dot, "sequence">): string => `${stream} ${origin} ${incarnation}`;
  const byWriter = new Map(applied.map((known) => [name(known), known.ranges]));
  return (dot) =>
    byWriter.get(name(dot))?.some(({ first, last }) => first <= dot.sequence && dot.sequence <= last) === true;
}

// A binary heap: the highest stamp is taken first.
function push(heap: Met[], one: Met): void {
  let at = heap.push(one) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    if (compareHybrid(heap[above]!.record, one.record) > 0) break;
    heap[at] = heap[above]!;
    at = above;
  }
  heap[at] = one;
}

function pop(heap: Met[]): Met {
  const top = heap[0];
  const last = heap.pop();
  assert(top !== undefined && last !== undefined, "what is open is in the heap");
  if (heap.length === 0) return top;
  let at = 0;
  for (;;) {
    let below = at * 2 + 1;
    if (below >= heap.length) break;
    if (below + 1 < heap.length && compareHybrid(heap[below + 1]!.record, heap[below]!.record) > 0) below += 1;
    if (compareHybrid(heap[below]!.record, last.record) < 0) break;
    heap[at] = heap[below]!;
    at = below;
  }
  heap[at] = last;
  return top;
}
