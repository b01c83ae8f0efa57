// The replication core's whole surface: inputs in, effects out. The core is sans-IO (RFC-style "bring your own
// transport"): it never reads a clock, draws a number, allocates a timer or touches a socket or disk.
// The types here are also what any other protocol must implement to run in the simulator.

import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import type { Bytes, Duration } from "../units.ts";
import type { AdminCommand } from "./admin.ts";
import type { MessageRefusal } from "./admission.ts";
import type { CarriedContext } from "./carried.ts";
import type { DetachRefusal } from "./detach-refusal.ts";
import type { Bringer, StoredEntry } from "./log.ts";
import type { Covered, Message } from "./messages.ts";
import type { Cut } from "./cut.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Snapshot } from "./snapshot.ts";
import type { Speaks } from "./wire.ts";

/** This cloudlet's own clocks in whole microseconds. `monotonic` never goes back; `wall` may step. */
export interface LocalTime {
  readonly monotonic: number;
  readonly wall: number;
}

/** For whoever writes one thing in a session and is through: all of that is one request. */
export interface OneShot {
  /** What stands at these keys becomes part of the session's past before it writes, as a `get` of each would make it. */
  readonly reads?: readonly string[];
  /** The session is over once this is answered, and takes nothing along. */
  readonly leaves?: true;
}

/** What a client may ask of its cloudlet. */
export type ClientOp =
  /**
   * `replaceAll`: where all siblings are returned, replace each of them and not only those this session has seen. `ttl`: how
   * long the value is to last; then the cloudlet deletes it, if it still stands there.
   */
  | (OneShot & {
      readonly kind: "put";
      readonly key: string;
      readonly value: string;
      readonly replaceAll?: boolean;
      readonly ttl?: Duration;
    })
  | (OneShot & { readonly kind: "delete"; readonly key: string; readonly replaceAll?: boolean })
  /** Ends a conflict by hand: a put that follows and replaces all siblings that stand here. Refused where none do. */
  | { readonly kind: "resolve"; readonly key: string; readonly value: string }
  /** Counters: adds a signed whole amount. */
  | { readonly kind: "add"; readonly key: string; readonly amount: number }
  /** Sets: a removal takes away what stands here; an insert that it does not know of stays. */
  | { readonly kind: "insert" | "remove"; readonly key: string; readonly element: string }
  /** Logs. */
  | { readonly kind: "append"; readonly key: string; readonly entry: string }
  | { readonly kind: "get"; readonly key: string }
  /**
   * All keys of the store that begin with `prefix`, ascending by code unit; at most `limit` that have a value. Deleted
   * keys are answered too, without a value: the reader depends on their tombstones.
   */
  | { readonly kind: "scan"; readonly prefix: string; readonly limit?: number }
  /**
   * The session leaves: it is over here, and the answer is what it takes along. `to` is where it goes, null when that is
   * not known: no bundle then. `applied` is what that cloudlet said, when the client left it last, that it has applied.
   */
  | {
      readonly kind: "detach";
      readonly to: CloudletId | null;
      readonly applied: readonly Covered[];
      /** A bundle that would weigh more is not packed. */
      readonly bytesMax: Bytes;
      /** It goes nowhere: nobody will ask what is applied here, and the answer leaves that out. */
      readonly forGood?: true;
    }
  /**
   * First request of a session that comes from elsewhere. `carry` goes on with the context: nothing it has seen is ever
   * unseen. `forgo` drops it and begins as if nothing had been; it must come under a new session id.
   */
  | {
      readonly kind: "attach";
      readonly policy: "carry" | "forgo";
      readonly context: CarriedContext;
      readonly bundle: readonly CausalRecord[] | null;
    };

/** A row of a table: its cells by column. */
export interface TableRow {
  readonly row: string;
  readonly cells: readonly (readonly [column: string, value: string])[];
}

/** What all versions of a key make together, where a scope's resolver merges instead of choosing. */
export type Merged =
  /** As decimal digits: a sum has no bound. */
  | { readonly kind: "counter"; readonly total: string }
  /** Ascending by code unit. */
  | { readonly kind: "set"; readonly elements: readonly string[] }
  /** In the order of their hybrid stamps. */
  | { readonly kind: "log" | "queue"; readonly entries: readonly string[] }
  /** Rows and, within them, cells, ascending by name. */
  | { readonly kind: "table"; readonly rows: readonly TableRow[] }
  /** What a user's function made of them; null for a deletion, and of a key that was never written. */
  | { readonly kind: "custom"; readonly value: string | null };

/** One key's answer. */
export interface KeyAnswer {
  readonly key: string;
  /**
   * What the resolver returns: one version where one wins, else all of them (of deltas the latest); deleted ones are
   * named in `tombstones`. Empty together with `tombstones` when nothing stands: the key was never written here, or its
   * delete was collected.
   */
  readonly versions: readonly CausalRecord[];
  /** The tombstones among what the resolver returned: they carry causality though there is no value to show. */
  readonly tombstones: readonly CausalRecord[];
  /**
   * Versions among what the resolver returned that are written in a form which this cloudlet cannot read; left out when
   * there are none. An older value is never shown in their place: whoever reads this knows that there is something newer.
   */
  readonly sealed?: readonly CausalRecord[];
  /** Siblings that the resolver hid: those that did not win. */
  readonly hidden: number;
  /** True when siblings are open, or something is pending: the value is only the best known one (D2). */
  readonly bestKnown: boolean;
  /**
   * Operations that are still to be done to what stands at this key, by name, as far as this cloudlet knows; said by whoever keeps
   * count of them around a replica (control/pending.ts). Left out when there are none.
   */
  readonly pending?: readonly string[];
  /**
   * The value of a counter, a set, a log, or of a user's resolver. Absent where versions are values, and
   * while some of what makes it cannot be read here.
   */
  readonly merged?: Merged;
}

/**
 * A cloudlet's answer to a request. `behind` names dots of the session's past that reach this cloudlet and are not applied
 * here yet: the answer is what stands here, and session guarantees do not cover it. Left out when nothing is missing.
 */
export type ClientResult =
  /**
   * The write has its name and is durable as the scope demands. One that is made behind is visible to nobody before what
   * the session is behind of.
   */
  | { readonly kind: "written"; readonly dot: Dot; readonly behind?: readonly Dot[] }
  | { readonly kind: "read"; readonly answers: readonly KeyAnswer[]; readonly behind?: readonly Dot[] }
  /** What to carry elsewhere, and what is applied here, for when the client comes back. `bundle` is null when none is packed. */
  | {
      readonly kind: "detached";
      readonly context: CarriedContext;
      readonly bundle: readonly CausalRecord[] | null;
      readonly applied: readonly Covered[];
    }
  /** The session goes on here: `current` when nothing of its past is missing; `forgone` when it has dropped its past. */
  | {
      readonly kind: "attached";
      readonly state: "current" | "behind" | "forgone";
      readonly behind?: readonly Dot[];
    }
  /** Nothing happened, and nothing will. `code` is for programs, `why` for people. */
  | {
      readonly kind: "refused";
      readonly code:
        | "noScope"
        | "scopeNotHeld"
        | "badText"
        | "sessionBusy"
        | "fenced"
        | "wrongRequest"
        | "noConflict"
        | "badAmount"
        /** No row and no cell of a table. */
        | "badElement"
        /** The time that a value is to last is no whole number of microseconds above zero, or too long. */
        | "badTimeLimit"
        /** This protocol has no such request. */
        | "notSupported"
        /** `attach` begins a session, and this one has begun here. */
        | "sessionOpen"
        /** The bundle leaves out what its records need here: `missing`. The context is still good without it. */
        | "bundleNotClosed"
        /** The bundle has a record of a stream that does not reach this cloudlet. */
        | "bundleForeign"
        /** There is no room on the disk. Said by whoever runs the core, which is not asked. */
        | "diskFull";
      readonly why: string;
      readonly missing?: readonly Dot[];
    };

/** A timer's name; arming an armed timer replaces it. */
export type TimerId = number;

/** What a disk returns at a restart: the snapshot that it was last given, if any, and everything stored since, in order. */
export interface DiskImage {
  readonly checkpoint: Snapshot | null;
  readonly entries: readonly StoredEntry[];
}

/** What happens to a replica. */
export type Input =
  /** First input of every process start. `from` is what the disk kept, null for an empty disk. */
  | { readonly kind: "started"; readonly incarnation: Incarnation; readonly from: DiskImage | null }
  | { readonly kind: "request"; readonly session: SessionId; readonly id: OpId; readonly op: ClientOp }
  | { readonly kind: "receive"; readonly from: CloudletId; readonly message: Message }
  /** The same as it comes over a network: whatever the bytes are, they are taken in whole or refused whole. */
  | { readonly kind: "receiveBytes"; readonly from: CloudletId; readonly bytes: Uint8Array }
  /** The way to this neighbour opened or closed. A way that opens is greeted with a handshake. */
  | { readonly kind: "linkUp" | "linkDown"; readonly peer: CloudletId }
  /**
   * Everything handed out in `store` effects up to this position is durable. Positions count entries from 1 and go on
   * from the number of entries in the disk image that the process started from.
   */
  | { readonly kind: "stored"; readonly upTo: number }
  | { readonly kind: "fired"; readonly timer: TimerId }
  /** Whoever runs this cloudlet decided something about it. */
  | { readonly kind: "administer"; readonly command: AdminCommand };

/** What a user of the core would subscribe to. */
export type ReplicaEvent =
  /**
   * Records became visible here, in this order (notices, which nobody reads, are not told). `from[i]` is who brought
   * records[i].
   */
  | {
      readonly kind: "applied";
      readonly records: readonly CausalRecord[];
      readonly from: readonly Bringer[];
    }
  /**
   * Cuts were joined to what was applied here, all at once: these records are known from now on, those among them that
   * others had replaced without ever having been here. `versions` are the ones that became visible.
   */
  | {
      readonly kind: "installed";
      readonly covered: readonly Covered[];
      readonly versions: readonly CausalRecord[];
      readonly from: CloudletId | null;
    }
  /** The log no longer retains what was applied up to this position. */
  | { readonly kind: "compacted"; readonly upTo: number }
  /** These deletes went for good: everybody has applied them, and nobody holds a version that does not know of them. */
  | { readonly kind: "collected"; readonly records: readonly CausalRecord[] }
  /** A record's stamp lies further ahead of this cloudlet's clock than the bound: accepted, and reported (N3). */
  | { readonly kind: "farFuture"; readonly dot: Dot; readonly ahead: Duration }
  /** Another plan is in force; `missing` has to come before streams that this cloudlet receives newly are open. */
  | { readonly kind: "planAdopted"; readonly plan: number; readonly missing: readonly Dot[] }
  /** All of that has come: answers are no longer behind for want of it. */
  | { readonly kind: "streamsOpened" }
  /** A command named a member that cannot be detached here: nothing happened. */
  | { readonly kind: "detachRefused"; readonly member: CloudletId; readonly why: DetachRefusal }
  /** A record became visible though these, which it follows, have not come: they are lost with who was closed. */
  | { readonly kind: "released"; readonly dot: Dot; readonly lost: readonly Dot[] }
  /** A command named a plan that this replica was not made with: nothing happened. */
  | { readonly kind: "planRefused"; readonly plan: number }
  /** A message was not let in; nothing of it had any effect. */
  | { readonly kind: "messageRefused"; readonly from: CloudletId; readonly why: MessageRefusal }
  /** This neighbour speaks no version of messages that this cloudlet speaks: what is for it waits until one of them does. */
  | { readonly kind: "noCommonVersion"; readonly peer: CloudletId; readonly speaks: Speaks }
  /** A record became visible whose content cannot be read here: it is kept, ordered and passed on as it came. */
  | { readonly kind: "sealedRecord"; readonly dot: Dot; readonly version: number }
  /** The disk returned a record that no flow brings here (it was copied from another cloudlet): it is left out. */
  | { readonly kind: "foreignRecord"; readonly dot: Dot }
  /**
   * Two different records carry the same dot (a cloned or rolled-back origin): the second is not applied. Where only a digest
   * tells, the dot is that of the last record under it.
   */
  | { readonly kind: "dotCollision"; readonly dot: Dot }
  /** This life has found that another process writes under its name: it stops writing. */
  | { readonly kind: "fenced"; readonly dot: Dot };

/** What a replica wants done. Handed over in order; see the caller's duties on `ReplicationCore`. */
export type Effect =
  /** `version`: of the message form that both ends speak; left out: 1. */
  | { readonly kind: "send"; readonly to: CloudletId; readonly message: Message; readonly version?: number }
  /** Make these durable, in order; answer with `stored` once everything up to `upTo` is. */
  | { readonly kind: "store"; readonly entries: readonly StoredEntry[]; readonly upTo: number }
  | { readonly kind: "reply"; readonly session: SessionId; readonly id: OpId; readonly result: ClientResult }
  /** Fire this timer once, no earlier than min and no later than max from now, on the monotonic clock. */
  | { readonly kind: "arm"; readonly timer: TimerId; readonly after: readonly [min: Duration, max: Duration] }
  | { readonly kind: "disarm"; readonly timer: TimerId }
  | { readonly kind: "notify"; readonly event: ReplicaEvent };

/** A record that waits, and for what. */
export interface PendingRecord {
  readonly record: CausalRecord;
  /** Dots in streams that reach this cloudlet and are not applied here. */
  readonly missing: readonly Dot[];
  /** It is held back until this member, which was detached, returns or somebody needs it; left out otherwise. */
  readonly awaits?: CloudletId;
}

/**
 * Time as explorers have it: a clock stands still, or goes on by more than any timer waits. Then of instants only their order
 * counts; measured round trips make no difference, nor do windows, where everything together is smaller than the first one.
 */
export interface AbstractTime {
  /** What the monotonic clock showed at the last step. */
  readonly now: number;
}

/** A canonical name of a whole state: equal states have equal fingerprints, other states very likely others. */
export type Fingerprint = string;

/** What merely stands, in a form that takes less room. */
export interface Shelving {
  /** Nothing is going to be done about what stands at these keys for a while. Returns where each lies from now on, or -1. */
  shelve(keys: readonly string[]): readonly number[];
  /** What lies there, if it is what stands at the key that is made of these two; else null. */
  shelved(place: number, prefix: string, rest: string): CausalRecord | null;
  /** What stands at this key is about to be replaced. If it still lies there, nobody need look for it. */
  point(place: number, key: string): void;
}

/**
 * A replication protocol at one cloudlet. State changes only in `step` and only as a function of its arguments.
 *
 * The caller's duties:
 * 1. `started` comes first and once; a new process is a new replica with a new incarnation, larger than all that this
 *    cloudlet has had.
 * 2. `now.monotonic` never decreases from step to step.
 * 3. Effects are carried out in order. A `send` may be lost, duplicated, reordered or delayed at will.
 * 4. `stored` positions are true: what they cover survives a crash. They never decrease, and may skip.
 * 5. A session has at most one request open; a session does not outlive the process start it began in, unless it leaves
 *    by `detach` and goes on elsewhere by `attach`.
 * 6. A timer fires at most once per `arm`; firing late is allowed, firing after `disarm` is harmless.
 * 7. Ways to neighbours are closed at the start: what is open is told by `linkUp`.
 */
export interface ReplicationCore<In = Input, Out = Effect> {
  /** Handles one input and returns what to do. The returned array is the caller's until the next step. */
  step(input: In, now: LocalTime): readonly Out[];
  /**
   * All that is stored or visible here: it may take the place of everything that the disk was given up to the position
   * that was last confirmed. Null for a protocol whose disk has to keep everything.
   */
  snapshot(): Snapshot | null;
  /** A copy that shares nothing mutable: for explorers. */
  fork(): ReplicationCore<In, Out>;
  /**
   * Canonical name of the whole state; with `time`, of a state whose time is abstract: states of one name may then differ in
   * what makes no difference in such a world.
   */
  fingerprint(time?: AbstractTime): Fingerprint;
  /** Live versions of a key, tombstones included, in canonical order (ascending dots); empty when nothing stands. */
  versions(key: string): readonly CausalRecord[];
  /** All keys of which a version stands here, tombstones included, ascending. */
  keys(): readonly string[];
  /** A form that takes less room. Left out where there is none. No answer, no effect and no fingerprint depends on it. */
  readonly shelving?: Shelving;
  /** Has this record been applied here? */
  hasApplied(dot: Dot): boolean;
  /** What waits here and for what: the reason why this replica has not converged. */
  pending(): readonly PendingRecord[];
  /** Stored cuts that wait, as a part of what is pending; none for a protocol without snapshots. */
  waitingCuts(): readonly Cut[];
}
