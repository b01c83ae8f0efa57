// The machines of a hand-driven cluster and the ways between them: what a process has, what its disk keeps, and what a session
// takes along. What happens to them is in cluster.ts.

import type { ControlEffect, ControlInput } from "../control/io.ts";
import type { CloudletId } from "../ids.ts";
import type { CarriedContext } from "../replication/carried.ts";
import type { DiskImage, ReplicationCore } from "../replication/io.ts";
import type { StoredEntry } from "../replication/log.ts";
import type { Covered, Message } from "../replication/messages.ts";
import type { CausalRecord } from "../replication/record.ts";
import type { Topology } from "../topology/topology.ts";

/** What a disk keeps. */
export interface Disk {
  checkpoint: DiskImage["checkpoint"];
  entries: StoredEntry[];
}

/** One cloudlet. */
export interface Machine {
  readonly id: CloudletId;
  /** The plan it was told last. */
  plan: Topology;
  core: ReplicationCore<ControlInput, ControlEffect> | null;
  incarnation: number;
  disk: Disk;
  /** What the disk had when it was backed up. */
  backup: Disk;
  /** Entries of this life that a checkpoint has taken the place of. */
  behind: number;
  unsynced: StoredEntry[];
  timers: Map<number, number>;
  wallOffset: number;
}

/** One direction between two neighbours. */
export interface Way {
  readonly from: CloudletId;
  readonly to: CloudletId;
  open: boolean;
  queue: Message[];
}

/** What a session has with it, and what each cloudlet that it left said it has applied. */
export interface Luggage {
  readonly context: CarriedContext;
  readonly bundle: readonly CausalRecord[] | null;
  readonly applied: ReadonlyMap<CloudletId, readonly Covered[]>;
}
