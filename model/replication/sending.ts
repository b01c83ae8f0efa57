// What a sender works with: its view of the replica, the batches it has in flight, the cut it is sending, and where it is
// while nobody answers. What it does with them is in sender.ts.

import type { CloudletId, Incarnation } from "../ids.ts";
import type { AppliedLog, Installation } from "./applied-log.ts";
import { Coverings } from "./cut.ts";
import type { Cut } from "./cut.ts";
import type { AbstractTime } from "./io.ts";
import type { AckMessage, RecordsMessage, SnapshotMessage } from "./messages.ts";
import type { CausalRecord } from "./record.ts";

/** What a sender needs of its replica. */
export interface SendingSide {
  readonly incarnation: Incarnation;
  /** Record bytes per batch and per part of a snapshot at most (one larger record travels alone). */
  readonly batchBytes: number;
  /** What was applied, in that order; position p is index p - 1. */
  readonly log: AppliedLog;
  /** The first index from `at` on, and below `end`, whose item may concern the peer; `end` when there is none. */
  next(peer: CloudletId, at: number, end: number): number;
  /** Is this record to be sent to the peer at all? */
  forwards(record: CausalRecord, peer: CloudletId): boolean;
  /** Did the peer's last greeting say that it has this record? */
  peerHas(peer: CloudletId, record: CausalRecord): boolean;
  /** Does an installed cut cover anything that is to be sent to this peer? */
  carries(installation: Installation, peer: CloudletId): boolean;
  /** Did the peer's last greeting say that it has all of this, as far as it is to be sent there? */
  peerHasAll(peer: CloudletId, installation: Installation): boolean;
  /** The same for everything that is applied here and that the log no longer retains. */
  peerHasOlder(peer: CloudletId): boolean;
  /** All that is applied here, or all that is stored, and is to be sent to this peer; null when that is nothing. */
  cutFor(peer: CloudletId, content: "applied" | "stored"): Cut | null;
  /** Position at which cuts came to wait here that are of use to this peer; 0 when there are none. */
  blockedAt(peer: CloudletId): number;
  /** How many keys were ever written here: about as many records as a cut has. Infinite where no cut may be taken. */
  readonly keyCount: number;
  /** Records that this peer brought and that are not applied yet. */
  unappliedFrom(peer: CloudletId): readonly CausalRecord[];
  send(to: CloudletId, message: RecordsMessage | SnapshotMessage): void;
  resends(): boolean;
  repeatsForEver(): boolean;
  followsSnapshot(): boolean;
}

/** What was sent at one time: records of the apply order, or a part of a cut. */
export interface Batch {
  readonly after: number;
  readonly upTo: number;
  readonly bytes: number;
  readonly records: readonly CausalRecord[];
  /** Which part of the cut it is, from 1; 0 for records. */
  readonly part: number;
  sentAt: number;
  tries: number;
}

/** A cut that is being sent: the state at position `at`, in place of everything after `after`. */
export interface OpenCut {
  /** Counts the cuts of this sender. */
  readonly serial: number;
  readonly content: "applied" | "stored";
  readonly after: number;
  readonly at: number;
  readonly parts: readonly Cut[];
  /** Parts sent in this epoch. */
  sent: number;
  /** Rounds of repeating in which it was sent. */
  rounds: number;
}

/** Sending without answers: where the present round is, in the cut and in the log, and how many rounds there were. */
export interface Unheard {
  part: number;
  lap: number;
  rounds: number;
  sentAt: number;
}

/** Which conversation a message is of. */
type From = Pick<RecordsMessage, "incarnation" | "epoch" | "to">;

/** One part of a cut, to be sent now. */
export function partOf(cut: OpenCut, part: number, now: number): Batch {
  const { applied, outside, versions } = cut.parts[part - 1] as Cut;
  const bytes = versions.reduce((sum, { size }) => sum + size, applied.length + outside.length);
  return { after: cut.after, upTo: cut.at, bytes, records: versions, part, sentAt: now, tries: 1 };
}

/** A batch of records as a message. `base`: where its epoch began, as far as is known. */
export function recordsMessage(base: number, batch: Batch, { incarnation, epoch, to }: From): RecordsMessage {
  const { after, upTo, records } = batch;
  return { kind: "records", incarnation, epoch, to, base: base <= after ? base : after, after, upTo, records };
}

/** A batch that is a part of this cut as a message. */
export function partMessage(cut: OpenCut, batch: Batch, { incarnation, epoch, to }: From): SnapshotMessage {
  const { parts, serial } = cut;
  const { after, upTo, part } = batch;
  const { applied, outside, versions } = parts[part - 1] as Cut;
  return {
    kind: "snapshot",
    incarnation,
    epoch,
    to,
    after,
    upTo,
    cut: serial,
    part,
    parts: parts.length,
    applied,
    outside,
    versions,
  };
}

/** Unacknowledged bytes on one link at most; more waits in the log. */
export const windowBytes = 256 * 1024;
/** What the window begins with and never shrinks below; it grows by what is acknowledged and halves at a timeout. */
export const windowBytesFirst = 16 * 1024;
/** Record bytes per batch at most where nobody says otherwise (one larger record travels alone). */
export const batchBytes = 32 * 1024;
/** Timeouts in a row without any acknowledgement before the sender goes on without them. */
export const silenceMax = 3;
/** Bytes sent at a time when nobody answers. */
export const unheardBytes = 64 * 1024;
/** Microseconds between two windows when nobody answers; doubled with every round of repeating, up to `timeoutMax`. */
export const unheardPause = 250_000;

/** Batches in flight, as numbers for fingerprints. `time`: see `AbstractTime`; then when each was sent is a rank. */
export function flyingState(flying: readonly Batch[], time: AbstractTime | null): readonly number[] {
  const latest = time === null ? [] : [...new Set([time.now, ...flying.map(({ sentAt }) => sentAt)])];
  latest.sort((a, b) => b - a);
  return flying.flatMap(({ after, upTo, part, sentAt, tries }) => {
    // How often a batch was sent decides whether a round trip is measured.
    return [after, upTo, part, time === null ? sentAt : latest.indexOf(sentAt), time === null ? tries : 0];
  });
}

/** Sending without answers, as numbers for fingerprints. */
export function unheardState(unheard: Unheard | null, time: AbstractTime | null): readonly number[] {
  if (unheard === null) return [];
  const { part, lap, rounds, sentAt } = unheard;
  return [part, lap, rounds, time === null ? sentAt : Number(time.now - sentAt >= unheardPause)];
}

/** A cut that is being sent, as numbers for fingerprints. */
export function stateOf(cut: OpenCut | null): readonly number[] {
  return cut === null ? [-1] : [cut.serial, cut.after, cut.at, cut.sent, cut.rounds];
}

/** Does this acknowledgement confirm the batch? */
export function covers(ack: AckMessage, batch: Batch): boolean {
  if (batch.upTo <= ack.upTo) return true;
  return ack.beyond.some((range) => range.first <= batch.after + 1 && batch.upTo <= range.last);
}

/** Does an installation cover one of these? */
export function coversAny({ covered }: Installation, records: ReadonlySet<CausalRecord>): boolean {
  if (records.size === 0) return false;
  const coverings = new Coverings([covered]);
  return [...records].some(({ dot }) => coverings.covers(dot));
}
