// The cloudlets of a small world; and what cuts that wait keep back, for the judgement of what
// should have arrived.

import type { CloudletId, SessionId } from "../model/ids.ts";
import type { Dot } from "../model/replication/record.ts";
import { pick, type Rng } from "../model/random.ts";
import { createReplica, type Replica } from "../model/replication/replica.ts";
import type { Topology } from "../model/topology/topology.ts";
import { millis } from "../model/units.ts";
import { areCrossed } from "./crossed-returns.ts";
import { cannotReturn, undelivered } from "./liveness.ts";
import type { PlanTruth } from "./plan-truth.ts";
import type { RecordNumbers } from "./record-numbers.ts";
import { SmallDisk } from "../model/testing/small-disk.ts";
import { cutsThatWait, dotsOf } from "./small-disk.ts";
import type { SmallWorldOptions, SmallWorldResult } from "./small-world-options.ts";
import type { Told } from "./small-truth.ts";
import type { WireTruth } from "./wire-truth.ts";

/** A cloudlet of a small world. */
export interface Host {
  core: Replica;
  incarnation: number;
  readonly disk: SmallDisk;
  timers: Map<number, number>;
  applied: bigint;
  sessions: SessionId[];
  readonly skew: number;
  readonly plans: PlanTruth;
  /** True once it has compacted its log or installed a cut: it no longer sees all precedences. */
  forgets: boolean;
}

/** A process that has not been started. */
export function newCore(
  self: CloudletId,
  topology: Topology,
  wire: WireTruth,
  { plant, retain, causality = "session" }: Pick<SmallWorldOptions, "plant" | "retain" | "causality">,
): Replica {
  const limits = { clockBound: millis(500), causality, ...(retain !== undefined && { retain: { records: retain } }) };
  return createReplica({ topology, self, ...limits, ...wire.configOf(self), ...(plant !== undefined && { plant }) });
}

/** A cloudlet before its first start. */
export function newHost(core: Replica, skew: number, plans: PlanTruth): Host {
  const disk = new SmallDisk();
  return { core, incarnation: 0, disk, timers: new Map(), applied: 0n, sessions: [], skew, plans, forgets: false };
}

/** The timers that have run out by now, one after the other; each is no longer set. */
export function* takeDue({ timers }: Host, now: number): Iterable<number> {
  for (const [timer, at] of [...timers]) if (at <= now && timers.delete(timer)) yield timer;
}

/** Any of the timers, and when it runs out; null when none is set. */
export function takeAny({ timers }: Host, rng: Rng): { readonly timer: number; readonly at: number } | null {
  if (timers.size === 0) return null;
  const [timer, at] = pick(rng, [...timers]);
  timers.delete(timer);
  return { timer, at };
}

/** Those that have this one for a neighbour, each under its own plan. */
export function neighboursTo(hosts: readonly Host[], id: CloudletId): readonly CloudletId[] {
  return [...hosts.keys()]
    .map((other) => other as CloudletId)
    .filter((other) => (hosts[other] as Host).plans.plan.neighbours(other).some(({ peer }) => peer === id));
}

/**
 * What should have arrived somewhere and has not. Where a disk was lost, cuts may wait for good: then `numbers` is needed to
 * know what is in them.
 */
export function stuckIn(
  hosts: readonly Host[],
  told: readonly Told[],
  numbers: RecordNumbers | null,
): Pick<SmallWorldResult, "stuck" | "crossed"> {
  const [first] = hosts;
  if (first === undefined) return { stuck: [], crossed: false };
  const applied = hosts.map((host) => host.applied);
  const stuck = undelivered(first.plans.plan, told, applied, (id) =>
    numbers === null ? new Map<number, bigint>() : waitsInCuts(hosts[id] as Host, id, numbers),
  );
  const waiting = hosts.map(({ core }) => core.pending());
  const hasApplied = (at: number, dot: Dot): boolean => hosts[at]?.core.hasApplied(dot) === true;
  return { stuck, crossed: stuck.length > 0 && areCrossed(waiting, hasApplied) };
}

/**
 * For each record in a cut that waits here, what that cut misses: it waits as a whole. Asked only where a disk took a record
 * along, since nothing else may keep a cut waiting for good.
 */
function waitsInCuts({ core, plans }: Host, id: CloudletId, numbers: RecordNumbers): ReadonlyMap<number, bigint> {
  const waits = new Map<number, bigint>();
  const isMissing = (dot: Dot): boolean =>
    !core.hasApplied(dot) && plans.plan.reaches(dot.stream, id) && !cannotReturn(plans.plan, id, dot);
  for (const { covered, missing } of cutsThatWait(core, isMissing)) {
    const mask = numbers.mask(missing);
    for (const index of numbers.list(dotsOf(covered))) waits.set(index, (waits.get(index) ?? 0n) | mask);
  }
  return waits;
}
