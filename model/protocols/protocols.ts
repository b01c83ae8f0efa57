// The protocols that a scenario can name: the replication core, and what it is compared with. Each is a core behind the
// interface of model/replication/io.ts; a run is told which one by its scenario. A protocol of your own needs no entry here:
// hand its core to the run (`RunOptions.createCore`).

import type { CloudletId } from "../ids.ts";
import type { ReplicationCore } from "../replication/io.ts";
import { createReplica } from "../replication/replica.ts";
import type { Causality } from "../replication/standing.ts";
import type { WireConfig } from "../replication/wire-config.ts";
import type { MergeFunctions } from "../replication/resolver.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import { FifoCore } from "./fifo.ts";

/** What every protocol's core is made with. */
export interface ProtocolConfig {
  readonly topology: Topology;
  readonly self: CloudletId;
  /** How far a received stamp may lead this cloudlet's wall clock before its clock no longer follows. */
  readonly clockBound: Duration;
  /** Versions of the byte form; a protocol that knows one only need not heed it. */
  readonly wire?: WireConfig;
  /** How many applied records a log retains, where the protocol can do with less than all. */
  readonly retain?: { readonly records: number };
  /** What a cloudlet promises of the order of its own operations, where the protocol makes promises. */
  readonly causality?: Causality;
  /** The users' resolvers that scopes name. */
  readonly resolvers?: MergeFunctions;
}

/** A protocol's name, as scenarios write it. */
export type ProtocolName = "causeway" | "fifo" | "fifo-handshake";

/** A protocol. */
export interface Protocol {
  readonly name: ProtocolName;
  /** What it does, in one sentence. */
  readonly says: string;
  /** Makes the core of one process. */
  readonly createCore: (config: ProtocolConfig) => ReplicationCore;
}

/** All protocols, the core first. */
export const protocolTable = [
  {
    name: "causeway",
    says: "The replication core: nearest dependencies per stream, and a handshake at every connection.",
    createCore: createReplica,
  },
  {
    name: "fifo",
    says: "FIFO forwarding along links, without dependencies: causal only while every record takes every link.",
    createCore: (config) => new FifoCore({ ...config, handshake: false }),
  },
  {
    name: "fifo-handshake",
    says: "FIFO forwarding where both ends of a link that opens say what they have, and replay the rest in order.",
    createCore: (config) => new FifoCore({ ...config, handshake: true }),
  },
] as const satisfies readonly Protocol[];

/** The protocol of that name. */
export function protocolNamed(name: ProtocolName): Protocol {
  return protocolTable.find((protocol) => protocol.name === name) as Protocol;
}
