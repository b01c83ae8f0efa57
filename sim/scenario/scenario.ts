// A scenario as the simulator runs it: every quantity in whole microseconds, bytes or parts per million, every default
// filled in. The YAML form, its schema and its errors are in schema.ts and read.ts. Plain data only: it crosses threads
// by structured clone and is written into replay files as JSON.

import type { ProtocolName } from "../../model/protocols/protocols.ts";
import type { Causality } from "../../model/replication/standing.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { WireConfig } from "../../model/replication/wire-config.ts";
import type { CustomResolverName } from "../../model/topology/resolvers.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import type { Bytes, Duration, Instant } from "../../model/units.ts";
import type { ExploredMark } from "../explore/names.ts";
import type { OracleName } from "../oracles/names.ts";
import type { QuirkName } from "../quirks/table.ts";
import type { DurationSpec } from "./duration-spec.ts";
import type { AlivenessSetting } from "./aliveness.ts";
import type { OperationsSetting } from "./operations.ts";

export type { DurationSpec };

/** Which keys an action touches: `prefix` followed by a number below `count`. */
export interface KeyChoice {
  /** `{self}` stands for the client's cloudlet name, so that reporters write keys of their own. */
  readonly prefix: string;
  /** Number of keys, at least 1. */
  readonly count: number;
  readonly popularity: { readonly kind: "uniform" } | { readonly kind: "zipf"; readonly thetaPercent: number };
}

/** One kind of request a client makes, with its share of all of them. */
export type ClientAction =
  | {
      readonly kind: "put";
      readonly weight: number;
      readonly keys: KeyChoice;
      readonly valueSize: Bytes;
      /** How long the values are to last; left out: for good. */
      readonly ttl?: Duration;
    }
  | { readonly kind: "delete"; readonly weight: number; readonly keys: KeyChoice }
  /** Refused where the key has no open siblings. */
  | { readonly kind: "resolve"; readonly weight: number; readonly keys: KeyChoice; readonly valueSize: Bytes }
  /** Amounts, elements and entries are drawn. */
  | {
      readonly kind: "add" | "insert" | "remove" | "append";
      readonly weight: number;
      readonly keys: KeyChoice;
    }
  | { readonly kind: "get"; readonly weight: number; readonly keys: KeyChoice }
  | { readonly kind: "scan"; readonly weight: number; readonly prefix: string; readonly limit: number };

/** From this moment on the client is to be at that cloudlet, or, where it is null, out of reach of every one. */
export interface TravelStop {
  readonly at: Instant;
  readonly to: string | null;
}

/** How the clients of a group move. */
export interface Travel {
  /** In order of time, strictly. A first one at 0 says where they begin, whatever the group's `at`. */
  readonly stops: readonly TravelStop[];
  /** Whether sessions go on with their past, or drop it and begin anew. */
  readonly policy: "carry" | "forgo";
  /** The most that a bundle of records may weigh; null: none is asked for. */
  readonly bundle: Bytes | null;
}

/** Clients of one kind, each bound to one cloudlet (sticky) unless they travel. */
export interface ClientGroup {
  readonly name: string;
  /** Names of cloudlets; `sessions` clients at each. */
  readonly at: readonly string[];
  readonly sessions: number;
  /** Closed: think, ask, wait for the answer, again. Open: requests come at a rate, and queue at the client. */
  readonly loop:
    | { readonly kind: "closed"; readonly think: DurationSpec }
    | { readonly kind: "open"; readonly interval: DurationSpec };
  /** Requests per client at most; null: as many as the duration allows. */
  readonly operations: number | null;
  readonly starts: Instant;
  readonly mix: readonly ClientAction[];
  /** Left out where they stay. */
  readonly travel?: Travel;
}

/** One request at a stated moment, for scripted stories. A session name belongs to one cloudlet, unless the session travels. */
export interface ScriptStep {
  readonly at: Instant;
  /** Of a session that travels: where it begins. It asks wherever it is at that moment. */
  readonly cloudlet: string;
  readonly session: string;
  readonly op: ClientOp;
  /** What it writes is filled up to this, where it is less; left out: it is as it stands. */
  readonly size?: Bytes;
}

/** A session of the script that moves. */
export interface Traveller {
  readonly session: string;
  /** Where it begins. */
  readonly at: string;
  readonly travel: Travel;
}

/** A cloudlet's clock against true time. */
export interface ClockSetting {
  readonly cloudlet: string;
  /** Microseconds, may be negative: how far its wall clock is ahead of true time at the start. */
  readonly offset: number;
  /** Parts per million, may be negative. */
  readonly driftPpm: number;
}

/** A disk: how long until written data is durable. */
export interface DiskSetting {
  readonly cloudlet: string;
  readonly sync: DurationSpec;
}

/** How long a processor works on each kind of input; other kinds take it no time. */
export interface CpuTimes {
  readonly request: Duration;
  readonly receive: Duration;
  readonly stored: Duration;
  readonly fired: Duration;
  /** More for each 1024 bytes of a request's key and value, or of a message's encoding. */
  readonly perKiB: Duration;
}

/** Which versions of the byte form a cloudlet knows. */
export interface WireSetting extends WireConfig {
  readonly cloudlet: string;
}

/** A cloudlet's processor. */
export interface CpuSetting extends CpuTimes {
  readonly cloudlet: string;
}

/** A quirk that is on in a run (sim/quirks). */
export interface QuirkSetting {
  readonly quirk: QuirkName;
  /** Of a million occasions. */
  readonly rate: number;
}

/** Something that breaks, at a time, for a time. `until` null: until the healing at the end of the load. */
export type Fault =
  | {
      readonly kind: "linkDown";
      readonly a: string;
      readonly b: string;
      readonly direction: "both" | "forth" | "back";
      readonly from: Instant;
      readonly until: Instant | null;
    }
  /** Links between cloudlets of different groups are down; cloudlets named in no group form one more. */
  | {
      readonly kind: "partition";
      readonly groups: readonly (readonly string[])[];
      readonly from: Instant;
      readonly until: Instant | null;
    }
  | { readonly kind: "isolate"; readonly cloudlet: string; readonly from: Instant; readonly until: Instant | null }
  /**
   * The process dies; what was not synced is lost, or with `torn` some of it survives. It comes back `after` that, with its
   * disk or an empty one.
   */
  | {
      readonly kind: "crash";
      readonly cloudlet: string;
      readonly at: Instant;
      readonly after: Duration;
      readonly disk: "keep" | "lose" | "torn";
      /** Other software: the highest version of the byte form that it knows. Older one is refused by a disk that has newer. */
      readonly version?: number;
      /** From `at` on it dies at the first moment at which its disk has not confirmed a write; left out: at `at`. */
      readonly whenPending?: true;
    }
  /** Syncs say that they are done and are not: a crash takes what they confirmed. */
  | { readonly kind: "lyingFsync"; readonly cloudlet: string; readonly from: Instant; readonly until: Instant | null }
  /** Bits flip in so many entries that its disk holds. Its next process finds them by their checksums, and drops them. */
  | { readonly kind: "bitRot"; readonly cloudlet: string; readonly at: Instant; readonly entries: number }
  /** The process dies, and comes back `after` that with its disk as it was at the instant `of`. */
  | {
      readonly kind: "restoreBackup";
      readonly cloudlet: string;
      readonly of: Instant;
      readonly at: Instant;
      readonly after: Duration;
    }
  /** The process dies, and comes back `after` that with a copy of the disk that cloudlet `source` has at that moment. */
  | {
      readonly kind: "cloneDisk";
      readonly source: string;
      readonly cloudlet: string;
      readonly at: Instant;
      readonly after: Duration;
    }
  /** The wall clock jumps by this many microseconds (may be negative). */
  | { readonly kind: "clockStep"; readonly cloudlet: string; readonly at: Instant; readonly by: number }
  /** Both clocks run so many parts per million faster than usual (may be negative); what overlaps adds up. */
  | {
      readonly kind: "clockDrift";
      readonly cloudlet: string;
      readonly ppm: number;
      readonly from: Instant;
      readonly until: Instant | null;
    }
  /** A link does worse than its own properties say. Of what overlaps shares and least bandwidth count once, delays add up. */
  | {
      readonly kind: "degrade";
      readonly a: string;
      readonly b: string;
      readonly direction: "both" | "forth" | "back";
      readonly harm: LinkHarm;
      readonly from: Instant;
      readonly until: Instant | null;
    }
  /** Messages that come to a link wait before it, in order, until this is over; nobody is told, and nothing is lost by it. */
  | {
      readonly kind: "clog";
      readonly a: string;
      readonly b: string;
      readonly direction: "both" | "forth" | "back";
      readonly from: Instant;
      readonly until: Instant | null;
    }
  /** Syncs take this long. */
  | {
      readonly kind: "slowDisk";
      readonly cloudlet: string;
      readonly sync: DurationSpec;
      readonly from: Instant;
      readonly until: Instant | null;
    }
  /** There is no room: writes of clients are refused, and what else is to be stored waits until there is. */
  | { readonly kind: "fullDisk"; readonly cloudlet: string; readonly from: Instant; readonly until: Instant | null }
  /** The process does nothing, and what comes for it waits; its clocks go on, or stand still as those of a stopped machine. */
  | {
      readonly kind: "pause";
      readonly cloudlet: string;
      readonly clock: "runs" | "stands";
      readonly from: Instant;
      readonly until: Instant | null;
    };

/** What a fault adds to one direction of a link, on top of its own properties. Shares in parts per million; 0: nothing. */
export interface LinkHarm {
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
  readonly reorderDelay: Duration;
  readonly corruption: number;
  /** Added to the travel time of every message; keeps order. */
  readonly delay: Duration;
  /** Added on top, drawn evenly from zero to this; may let messages overtake. */
  readonly jitter: Duration;
  /** Bits per second at most; null: no other limit than the link's own. */
  readonly bandwidth: number | null;
}

/** How much replicas and disks keep; null: no limit that a usual run meets. */
export interface LogSetting {
  /** Records of its log that a replica retains. */
  readonly retain: number | null;
  /** Entries after which a disk is given a snapshot in their place. */
  readonly checkpoint: number | null;
}

/** The topology becomes another one while the load goes on: its cloudlets are told, each at its own time. */
export interface PlanChange {
  readonly at: Instant;
  /** How long after that each cloudlet is told; who has not been told when the load ends, is told then. */
  readonly told: DurationSpec;
  /** The whole topology from then on: the same cloudlets, scopes and links. */
  readonly topology: TopologySpec;
}

/** What somebody decides about a member that is away. */
export interface Detachment {
  readonly at: Instant;
  /** Close: it is gone for good, and what it has taken along is waited for no longer. */
  readonly kind: "detach" | "close";
  /** The cloudlet that is told. */
  readonly decides: string;
  readonly member: string;
}

/** A bound on a metric, e.g. visibility.p99 <= 2 000 000 (microseconds). */
export interface MetricBound {
  readonly metric: string;
  readonly comparison: "<=" | ">=" | "<" | ">" | "==";
  readonly value: number;
}

/** What the verdict judges. */
export interface Expectations {
  /** Must hold at every moment. */
  readonly always: readonly OracleName[];
  /** Must hold at the end. */
  readonly eventually: readonly OracleName[];
  /** Names of marks (sim/oracles/names.ts) that must be reached, or the run proves nothing. */
  readonly sometimes: readonly string[];
  /** Must be seen violated, evidence printed: how negative cases pass. */
  readonly violated: readonly OracleName[];
  readonly bounds: readonly MetricBound[];
}

/** A user's own resolver: the file that it is in, and the hash of the text that was loaded. The function itself is code. */
export interface ResolverCode {
  /** As scopes name it: `custom:./my-resolver.mjs#merge`. */
  readonly name: CustomResolverName;
  /** `file:` and an absolute path. */
  readonly url: string;
  readonly export: string;
  /** Of the file, in hexadecimal. */
  readonly sha256: string;
}

/** Inside which bounds all orders of what may happen are explored (sim/explore). Times of the script do not count there. */
export interface ExploreSetting {
  /** Messages that are lost, and that arrive twice; processes that die and start again; ways that are cut and open again. */
  readonly losses: number;
  readonly duplicates: number;
  readonly crashes: number;
  readonly cuts: number;
  /** Times that each timer may fire. */
  readonly firings: number;
  /** `ride`: an acknowledgement arrives with the next message the same way. `free`: by itself, as any other message. */
  readonly acknowledgements: "ride" | "free";
  /** `prompt`: ways that open are greeted, and greetings heard, in one step. `free`: greetings arrive as any other message. */
  readonly greetings: "prompt" | "free";
  /** `prompt`: a disk has what it is given at once. `slow`: at any time later. */
  readonly disks: "prompt" | "slow";
  /** Do messages of one direction arrive in any order, or in the one in which they were sent? */
  readonly order: "any" | "kept";
  /** Do all ways open before anything is asked, and are greetings over by then? Or do they open at any time? */
  readonly start: "connected" | "apart";
  /** What the search may take. */
  readonly memory: Bytes;
  /** Steps at most; null: as many as there are. */
  readonly depth: number | null;
  /** Situations that must be met. */
  readonly sometimes: readonly ExploredMark[];
}

/** All of it. */
export interface Scenario {
  readonly name: string;
  /** Catalogue ids that it shows. */
  readonly shows: readonly string[];
  readonly seed: string;
  /** What runs at every cloudlet. */
  readonly protocol: ProtocolName;
  /** What every cloudlet promises of the order of its own operations. */
  readonly causality: Causality;
  readonly topology: TopologySpec;
  /** What becomes of it, in order; left out where it stays as it is. */
  readonly plans?: readonly PlanChange[];
  /** What is decided about members that are away, in the order of the file; left out where nothing is. */
  readonly detachments?: readonly Detachment[];
  /** Left out where nobody asks for operations. */
  readonly operations?: OperationsSetting;
  /** Left out where nobody is watched. */
  readonly aliveness?: AlivenessSetting;
  /** The code behind the resolvers that are users' own; empty until it was loaded. */
  readonly resolvers: readonly ResolverCode[];
  readonly clients: readonly ClientGroup[];
  readonly script: readonly ScriptStep[];
  /** Sessions of the script that move; left out where all of them stay. */
  readonly travellers?: readonly Traveller[];
  /** Cloudlets not named have perfect clocks. */
  readonly clocks: readonly ClockSetting[];
  /** Sync time of disks that are not named in `disks`. */
  readonly diskSync: DurationSpec;
  readonly disks: readonly DiskSetting[];
  /** Cloudlets not named handle their inputs in no time. */
  readonly cpus: readonly CpuSetting[];
  readonly wire: {
    /** Does every message go through its bytes? */
    readonly encodes: boolean;
    /** Cloudlets not named speak and write version 1 alone. */
    readonly versions: readonly WireSetting[];
  };
  readonly logs: LogSetting;
  readonly faults: readonly Fault[];
  /** Each at most once, in the order of the table; left out where none is on. */
  readonly quirks?: readonly QuirkSetting[];
  /**
   * Who is healed when the load ends, by name: what is broken among them is repaired, what is broken elsewhere stays so, and
   * convergence is asked of them alone. Left out: everybody.
   */
  readonly core?: readonly string[];
  /** How far a received stamp may lead a cloudlet's clock before that clock no longer follows it. */
  readonly clockBound: Duration;
  /** Load and faults last this long; then everything that can heal is healed and clients stop. */
  readonly duration: Duration;
  /** Convergence budget after healing. */
  readonly settle: Duration;
  readonly expectations: Expectations;
  /** Left out where nobody has said what to explore. */
  readonly explore?: ExploreSetting;
}
