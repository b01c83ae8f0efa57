// What a small world is made of, and what it says in the end (small-world.ts).

import type { CloudletId } from "../model/ids.ts";
import type { Rng } from "../model/random.ts";
import type { ReplicaEvent } from "../model/replication/io.ts";
import type { Rules } from "../model/replication/rules.ts";
import type { Causality } from "../model/replication/standing.ts";
import type { WireConfig } from "../model/replication/wire-config.ts";
import type { Topology } from "../model/topology/topology.ts";

/** What a world is made of. */
export interface SmallWorldOptions {
  /** The plan that everybody begins with; where its family has others, cloudlets are told of them at any time. */
  readonly topology: Topology;
  readonly rng: Rng;
  readonly operations: number;
  /** Parts per million of messages that vanish, and that arrive twice. */
  readonly loss: number;
  readonly duplication: number;
  /** True: processes crash and come back with their disks. */
  readonly crashes: boolean;
  /** True: a crash may take the disk along. */
  readonly diskLoss?: boolean;
  /** True: ways between neighbours close and open again. */
  readonly cuts: boolean;
  /** How many records a replica's log retains; the core's default when absent. */
  readonly retain?: number;
  /** True: disks are given snapshots now and then, in place of what they hold. */
  readonly checkpoints?: boolean;
  /** True: the topology's scopes collect deletes, and timers fire often while clients still write. */
  readonly collects?: boolean;
  /** True: some puts are not to last. */
  readonly limits?: boolean;
  /** True: now and then somebody detaches somebody. */
  readonly detaches?: boolean;
  /** Largest clock offset in microseconds, to either side. */
  readonly skewMax: number;
  /** Ways that carry a message only now and then until everything settles; none when absent. */
  readonly isSlow?: (from: CloudletId, to: CloudletId) => boolean;
  /** Versions of the byte form by cloudlet; messages travel as bytes then, and a crash may upgrade. Absent: as objects. */
  readonly wire?: (cloudlet: CloudletId) => WireConfig;
  /** True: sessions leave and go on elsewhere, with and without bundles, with their past or without. Under one plan only. */
  readonly moves?: boolean;
  /** What cloudlets promise of the order of their own operations; default: the order of sessions. */
  readonly causality?: Causality;
  readonly plant?: () => Partial<Rules>;
}

/** What went wrong, as sentences, and how often interesting things happened. */
export interface SmallWorldResult {
  readonly violations: readonly string[];
  readonly stuck: readonly string[];
  /** Members wait for each other as is declared (crossed-returns.ts): not all has come. */
  readonly crossed: boolean;
  /** Deletes that stand alone in the end though everybody could know that everybody has them. */
  readonly left: readonly string[];
  /** Pairs of members of which one, which lost its disk, leaves a version standing beside a write of a session that had moved. */
  readonly leftStanding: number;
  /** Times that a cloudlet dropped a delete for good. */
  readonly collections: number;
  /** Puts that were ended since their time was over; how many of them others had replaced elsewhere, or had siblings. */
  readonly ended: number;
  readonly raced: number;
  /** Times that a cloudlet was detached, and that one returned. */
  readonly detached: number;
  readonly returned: number;
  readonly conflicts: number;
  readonly waited: number;
  /** Times that cuts were installed. */
  readonly installed: number;
  /** Times that a log was compacted, and that a write left a version standing because of what is forgotten. */
  readonly compacted: number;
  readonly forgotten: number;
  /** Times that a disk was replaced by a backup that lacked something. */
  readonly restored: number;
  /** Operations that followed what another session had done at their cloudlet, and their own had not seen. */
  readonly followed: number;
  readonly dependenciesMax: number;
  /** Records that were applied where they could not be read, and upgrades. */
  readonly sealed: number;
  readonly upgrades: number;
  /** Cloudlets told to go over to another plan, and how many of them had to wait for what they received newly. */
  readonly adoptions: number;
  readonly openings: number;
  /** Answers marked as behind. */
  readonly behind: number;
  /** Sessions that went on elsewhere, records that their bundles brought, bundles refused. */
  readonly moved: number;
  readonly brought: number;
  readonly refused: number;
  /** Reads of sessions that had given up their past, and were older than it. */
  readonly regressed: number;
}

type Counts = Record<
  | "conflicts"
  | "waited"
  | "brought"
  | "adoptions"
  | "openings"
  | "behind"
  | "installed"
  | "compacted"
  | "forgotten"
  | "restored",
  number
>;

/** Counts what a replica says of itself. */
export function countEvent(counts: Counts, event: ReplicaEvent): void {
  if (event.kind === "applied") counts.brought += event.from.filter((from) => from === "bundle").length;
  if (event.kind === "installed") counts.installed += 1;
  if (event.kind === "compacted") counts.compacted += 1;
  if (event.kind === "planAdopted" && event.missing.length > 0) counts.openings += 1;
}

/** Nothing has happened yet. */
export function noCounts(): Counts {
  const ofWorld = { conflicts: 0, waited: 0, brought: 0, adoptions: 0, openings: 0, behind: 0 };
  return { ...ofWorld, installed: 0, compacted: 0, forgotten: 0, restored: 0 };
}
