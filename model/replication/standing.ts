// What a replica is made with, and what its parts share: who it is, how it decides, and the plan in force. Another plan is put in place here
// and is in force for all of them at once.

import type { CloudletId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import type { MergeFunctions } from "./resolver.ts";
import type { Rules } from "./rules.ts";
import type { WireConfig } from "./wire-config.ts";

/**
 * What a cloudlet promises of the order of its own operations. `session`: those of one session follow each other. `cloudlet`:
 * all do, as in the model of Mahajan, Alvisi and Dahlin (UT Austin TR-11-22): what was over when another one began comes before
 * it, whoever asked (docs/model.md, "The order of a cloudlet").
 */
export type Causality = "session" | "cloudlet";

/** What a replica is made with. */
export interface ReplicaConfig {
  readonly topology: Topology;
  readonly self: CloudletId;
  /** How far a received stamp may lead this cloudlet's wall clock before its clock no longer follows. */
  readonly clockBound: Duration;
  /** Versions of the byte form; left out: version 1 alone. */
  readonly wire?: WireConfig;
  /** How many applied records the log retains; default: more than most runs apply. */
  readonly retain?: { readonly records: number };
  /** Record bytes per batch, and per part of a snapshot, at most (one larger record travels alone); default: 32 KiB. */
  readonly batchBytes?: number;
  /** Left out: `session`. */
  readonly causality?: Causality;
  /** Users' resolvers by the name that scopes give them: the core imports no code itself. */
  readonly resolvers?: MergeFunctions;
  /** Left out except to plant a bug: a function that makes the deviating rules of one replica. */
  readonly plant?: () => Partial<Rules>;
}

/** Shared by the parts of a replica; only the replica itself replaces the topology. */
export interface Standing {
  /** The plan in force. */
  topology: Topology;
  readonly self: CloudletId;
  readonly rules: Rules;
  readonly clockBound: Duration;
  /** How many applied records the log retains; undefined: retention.ts says. Where there are several plans, all. */
  readonly retain: ReplicaConfig["retain"] | undefined;
  /** Record bytes per batch and per part of a snapshot at most; undefined: sending.ts says. */
  readonly batchBytes: number | undefined;
  /** Versions of the byte form that are written and read. */
  readonly wire: WireConfig;
  readonly resolvers: MergeFunctions | undefined;
  readonly causality: Causality;
}
