// Sessions that move: what one takes along, and how a cloudlet packs and judges it. A session that leaves is given its
// context and, where its destination is known, a bundle: the records of its past that reach the destination and may be
// missing there. A bundle is causally closed: for each of its records it also has what the destination must apply before.
//
// 1. At the old cloudlet: down from the context, through dependencies and replaced versions, into streams that reach the
//    destination. Not below what was applied there when the client left it last: that cloudlet has applied all before it.
// 2. What is not held here, or not stored, cannot be packed, and neither can what depends on it.
// 3. At the new cloudlet: a record that needs another one, neither applied there nor in the bundle, makes the bundle
//    refused as a whole. Everything else is stored and applied before the session's first answer.
//
// Leaves out the context's growth (context.ts) and when a session is answered (replica.ts).

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

/** The bundle of a past, in an order in which it can be applied; null when it would weigh more than allowed. */
export function packBundle(dots: readonly Dot[], packing: Packing): readonly CausalRecord[] | null {
  const { topology, destination, find, bytesMax, isClosed } = packing;
  const isApplied = coveredBy(packing.applied);
  const isNeeded = (dot: Dot): boolean => topology.reaches(dot.stream, destination) && !isApplied(dot);
  const packed = new Map<string, CausalRecord>();
  const left = new Set<string>();
  const passed = new Set<string>();
  let bytes = 0;
  const queue = dots.filter(isNeeded);
  for (let at = 0; at < queue.length; at += 1) {
    const dot = queue[at] as Dot;
    const name = dotName(dot);
    if (passed.has(name)) continue;
    passed.add(name);
    const record = find(dot);
    // The destination has it, or has lost it; before it may be what it waits for there.
    const isItsOwn = cannotReturn(topology, destination, dot);
    if (record === null) {
      if (!isItsOwn) left.add(name);
      continue;
    }
    if (!isItsOwn) {
      bytes += record.size;
      if (bytes > bytesMax) return null;
      packed.set(name, record);
    }
    if (isClosed) queue.push(...needs(record).filter(isNeeded));
  }
  const records = [...packed.values()].sort(compareHybrid);
  if (left.size === 0 || !isClosed) return records;
  // Stamps extend happens-before, so whatever a record needs has been decided when its turn comes.
  return records.filter((record) => {
    const isLeft = needs(record).some((below) => left.has(dotName(below)));
    if (isLeft) left.add(dotName(record.dot));
    return !isLeft;
  });
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
