// What the parts of one cloudlet's control layer work with: what they know of it, and what they may do. Made by the core
// (control-core.ts), which alone speaks with the replica.

import type { CloudletId, Incarnation } from "../ids.ts";
import type { LocalTime } from "../replication/io.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import type { Book } from "./book.ts";
import type { Catalogue } from "./catalogue.ts";
import type { ConflictRule } from "./conflicts.ts";
import type { ControlEffect } from "./io.ts";
import type { Keys } from "./keys.ts";
import type { AlivenessSettings } from "./aliveness-settings.ts";
import type { Planes } from "./planes.ts";
import type { CapPolicy, Caps } from "./queue.ts";
import type { ControlRules } from "./rules.ts";

/** How one cloudlet treats operations; everything has a default. */
export interface ControlSettings {
  readonly catalogue: Catalogue;
  readonly conflicts: readonly ConflictRule[];
  /**
   * Where operations lie on their way: `shared`: at every layer. `distributed`: at one, which hands them on. The same at all
   * cloudlets of a topology.
   */
  readonly custody: "shared" | "distributed";
  /** Of each queue. */
  readonly caps: Caps;
  readonly policy: CapPolicy;
  /** Those from which nothing comes up to the cloudlet above them (way-back.ts). */
  readonly oneWay: ReadonlySet<CloudletId>;
  /** Operations that each plane carries out side by side. */
  readonly parallel: number;
  /** How long a plane has to answer `inquire`. */
  readonly answersWithin: Duration;
  /** The version of the operation schema that its process was started with; upgrades raise it (software.ts). */
  readonly schema: number;
  /**
   * Where the state of objects is kept among the data: what is read there tells of operations that are pending. By kind of object: the key
   * of its state, with `{cloudlet}` in the place of the target's name and `{object}` of its own.
   */
  readonly kept: ReadonlyMap<string, string>;
  /** Where more operations than these rest, what they say is kept as bytes (model/replication/shelving.ts): shared with nobody, and small. */
  readonly shelvesFrom: number;
  /** How it watches those below, and tells those above how it is; null: it does neither. */
  readonly aliveness: AlivenessSettings | null;
}

/** The common ground of the parts. */
export interface Bench {
  readonly self: CloudletId;
  readonly settings: ControlSettings;
  readonly rules: ControlRules;
  readonly keys: Keys;
  readonly book: Book;
  /** The plan in force. */
  topology(): Topology;
  incarnation(): Incarnation;
  planes(): Planes;
  /** Is the way to the adjacent upper open? */
  isUpperReachable(): boolean;
  now(): LocalTime;
  /** Puts a record of the control layer in place of what stands at its key. */
  write(key: string, value: string, reads: readonly string[]): void;
  /** Takes away what stands at that key. */
  remove(key: string): void;
  emit(effect: ControlEffect): void;
}
