// What the world tells its observers, moment by moment. Oracles, metrics and marks listen here; none of them can reach
// into the world, and the world knows nothing of what they conclude. Calls come in the order things happen.

import type { Mark } from "../../model/control/aliveness.ts";
import type { Confirmation } from "../../model/control/confirmations.ts";
import type { IssueResult } from "../../model/control/io.ts";
import type { Sight } from "../../model/control/lookout.ts";
import type { Planes } from "../../model/control/planes.ts";
import type { ViewClass } from "../../model/control/view.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import type {
  ClientOp,
  ClientResult,
  DiskImage,
  Input,
  ReplicaEvent,
  ReplicationCore,
} from "../../model/replication/io.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import type { AckMessage, Message, RecordsMessage, SnapshotMessage } from "../../model/replication/messages.ts";
import type { QuirkName } from "../quirks/table.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Bytes, Instant } from "../../model/units.ts";

/** What the replica was doing when it acted: the kind of the input whose step produced this. */
export type Cause = Input["kind"];

/** Why a message did not arrive. */
export type DropReason = "lost" | "queueFull" | "linkDown" | "hostDown" | "corrupted";

/** What a disk did that no disk should, or that was done to it. */
export type DiskFailure =
  /** In a crash: what it had written of what no sync covered is there; `isTorn`: the next entry was half written, and dropped. */
  | { readonly kind: "torn"; readonly survived: readonly StoredEntry[]; readonly isTorn: boolean }
  /** In a crash: it had confirmed these and lost them. */
  | { readonly kind: "lied"; readonly lost: readonly StoredEntry[] }
  /** Before a start: bits had flipped in these, the checksum told, and they were dropped; with the checkpoint, all in it. */
  | { readonly kind: "rotten"; readonly lost: readonly StoredEntry[]; readonly isCheckpointLost: boolean }
  /** Before a start: an empty one took its place. `lost` is what it had durably held. */
  | { readonly kind: "replaced"; readonly lost: readonly StoredEntry[] }
  /** Before a start: it went back to its state of that instant. */
  | { readonly kind: "restored"; readonly of: Instant; readonly lost: readonly StoredEntry[] }
  /** Before a start: a copy of that cloudlet's disk took its place. */
  | { readonly kind: "cloned"; readonly source: CloudletId; readonly lost: readonly StoredEntry[] };

/** What happened to a machine that goes on running. */
export type MachineChange =
  /** Its process does nothing from now on; its clocks run or stand still. */
  | { readonly kind: "paused"; readonly clock: "runs" | "stands" }
  /** It goes on, with so many inputs that waited. */
  | { readonly kind: "resumed"; readonly waited: number }
  /** Its clocks run so many parts per million too fast from now on. */
  | { readonly kind: "drifted"; readonly driftPpm: number }
  | { readonly kind: "diskSlow" | "diskFull"; readonly isSo: boolean }
  /** A write of a client was refused, since there is no room on its disk. */
  | { readonly kind: "writeRefused" }
  /** Its process starts with software that knows another highest version of the byte form. */
  | { readonly kind: "versionChanged"; readonly former: number; readonly version: number }
  /** Software that does not know what is on the disk was not let start; the one before did. */
  | { readonly kind: "downgradeRefused"; readonly former: number; readonly version: number };

/** What a fault made of a message: it went another way with it than without, or it waits before a link. */
export type MessageTrouble = "degraded" | "held";

/** What happens where cloudlets are watched (world/watching.ts). */
export type WatchEvent =
  /** Its process is told of its planes: first when it is made, and then whenever that changes. */
  | { readonly kind: "planes"; readonly planes: Planes }
  /** Something is observed of it, and its process is told now. `text` is the name of this observation. */
  | { readonly kind: "observed"; readonly of: ViewClass; readonly value: number; readonly text: string }
  /** A person says something there of a cloudlet below; its process is told now. */
  | { readonly kind: "confirms"; readonly about: CloudletId; readonly says: Confirmation["says"] }
  /** Its process marks another one below. */
  | { readonly kind: "marked"; readonly about: CloudletId; readonly from: Mark; readonly to: Mark }
  /** Somebody looks at what it shows of a cloudlet right below. */
  | { readonly kind: "looked"; readonly about: CloudletId; readonly sight: Sight }
  /** A person asks for an operation for that target; its process is told now, and is through with it at `heard`. */
  | { readonly kind: "asks"; readonly target: CloudletId }
  | { readonly kind: "heard"; readonly target: CloudletId }
  /** What it answers. */
  | { readonly kind: "answers"; readonly result: IssueResult };

/** One listener. Every method is optional; times are true time. */
export interface Observer {
  /** A process began. `image` is what its disk returned; `diskLost` true when the disk was replaced by an empty one. */
  started?(
    at: Instant,
    cloudlet: CloudletId,
    incarnation: Incarnation,
    core: ReplicationCore,
    image: DiskImage,
    diskLost: boolean,
  ): void;
  /** A process died; requests open there will never be answered. `unsynced` entries were not durable and are gone. */
  crashed?(at: Instant, cloudlet: CloudletId, unsynced: readonly StoredEntry[]): void;
  /** A disk failed: told after `crashed`, or before `started`. */
  diskFailed?(at: Instant, cloudlet: CloudletId, failure: DiskFailure): void;
  /**
   * A client has come to another cloudlet, and its session goes on there: the session of this id was `former` before. The two
   * are the same when it carries its past. Told before it asks to be let in.
   */
  moved?(at: Instant, cloudlet: CloudletId, session: SessionId, former: SessionId): void;
  /**
   * A client that moves asks, or gives up asking because the load is over (`isAsked` false), for what it has wanted to ask
   * since `since`: where it has been out of reach it had to wait.
   */
  waited?(at: Instant, session: SessionId, since: Instant, isAsked: boolean): void;
  /** A client asked, at `askedAt`. Called right before the core sees the request, which is later where its processor is busy. */
  requested?(at: Instant, cloudlet: CloudletId, session: SessionId, id: OpId, op: ClientOp, askedAt: Instant): void;
  /** The record that a put or delete became, told right after the step that took the request. */
  wrote?(at: Instant, cloudlet: CloudletId, session: SessionId, id: OpId, record: CausalRecord): void;
  /** A core wrote a delete that no request asked for, told right after the step that wrote it (unasked.ts). */
  wroteUnasked?(at: Instant, cloudlet: CloudletId, record: CausalRecord): void;
  /** The core answered. */
  replied?(at: Instant, cloudlet: CloudletId, session: SessionId, id: OpId, result: ClientResult, cause: Cause): void;
  /** The disk confirmed everything up to this position of this cloudlet's log; told right before the core is. */
  synced?(at: Instant, cloudlet: CloudletId, upTo: number): void;
  /** The core asked its disk to store these; positions as in the effect. */
  storing?(at: Instant, cloudlet: CloudletId, entries: readonly StoredEntry[], upTo: number): void;
  /** Something a subscriber would see: records applied, among others. Told after the core's state changed. */
  notified?(at: Instant, cloudlet: CloudletId, event: ReplicaEvent): void;
  /** The same, for those who do not care for records applied, of which there are many: of everything else. */
  noticed?(at: Instant, cloudlet: CloudletId, event: Exclude<ReplicaEvent, { readonly kind: "applied" }>): void;
  /** A core sent a message of this many bytes. */
  sent?(at: Instant, from: CloudletId, to: CloudletId, message: Message, size: Bytes): void;
  /** The same, for those who care for acknowledgements alone. */
  sentAck?(at: Instant, from: CloudletId, to: CloudletId, message: AckMessage): void;
  /** The same, for those who care for records alone. */
  sentBatch?(at: Instant, from: CloudletId, to: CloudletId, message: RecordsMessage | SnapshotMessage): void;
  /** A message arrived; told right before the core sees it. `sentAt` is when it was handed to the network. */
  received?(at: Instant, from: CloudletId, to: CloudletId, message: Message, sentAt: Instant): void;
  /** A message did not arrive. */
  dropped?(at: Instant, from: CloudletId, to: CloudletId, message: Message, reason: DropReason): void;
  /** The way between two replication neighbours opened or closed, as the two ends perceive it. */
  linkChanged?(at: Instant, from: CloudletId, to: CloudletId, up: boolean): void;
  /** A wall clock jumped by this many microseconds. */
  clockStepped?(at: Instant, cloudlet: CloudletId, by: number): void;
  /** Something other happened to a machine that goes on. */
  machineChanged?(at: Instant, cloudlet: CloudletId, change: MachineChange): void;
  /** A processor is done with an input, whose step follows; it had waited so many microseconds for its service to begin. */
  served?(at: Instant, cloudlet: CloudletId, waited: number, service: number): void;
  /** A quirk acted, at this cloudlet or at none. */
  quirked?(at: Instant, cloudlet: CloudletId | null, quirk: QuirkName): void;
  /** A fault changed what becomes of a message between these two. */
  troubled?(at: Instant, from: CloudletId, to: CloudletId, trouble: MessageTrouble): void;
  /**
   * A fault of the scenario's list set in, or was repaired. `channels`: the directions of links that it is about (world/ways.ts),
   * told when it sets in; none where it is about a machine.
   */
  faultChanged?(at: Instant, fault: number, isBeginning: boolean, channels: readonly number[]): void;
  /** A cloudlet is told of another plan; its process, where it runs, hears of it next. */
  planTold?(at: Instant, cloudlet: CloudletId, former: Topology, plan: Topology): void;
  /** Something about who is watched, at that cloudlet. */
  watching?(at: Instant, cloudlet: CloudletId, event: WatchEvent): void;
  /** Load is over, everything that can heal is healed; convergence is due by `budgetEnds`. */
  healed?(at: Instant, budgetEnds: Instant): void;
  /** The run is over. */
  finished?(at: Instant): void;
}
