// The sending half of a link: a cursor over this replica's apply order, batches in flight, acknowledgements,
// retransmission. Acknowledgements are an optimisation only: where none ever come the sender cycles over everything
// that was never acknowledged, for ever. The receiving half is receiver.ts; greetings are in peer.ts.
//
// The conversation, in order:
// 1. The way opens; the peer's greeting says what it has. A new epoch begins at the last position known to be stored there.
// 2. Batches cover the apply order without gaps, at most `windowBytes` unacknowledged.
// 3. A batch is sent again when a later one was acknowledged first; when the timer runs out, the oldest one is.
// 4. Several timeouts in a row without a word: nobody answers, perhaps nobody can. What is in flight is let go, and the
//    sender goes on without acknowledgements: new records first, as they come; when there are none it repeats what was
//    never acknowledged, window by window, more slowly with every round. This needs no way back at all.
// 5. Somebody answers after all: a new epoch begins behind what the answer confirms.

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation, ScopeId } from "../ids.ts";
import type { AckMessage, RecordsMessage } from "./messages.ts";
import { compareDots } from "./record.ts";
import type { CausalRecord } from "./record.ts";

/** Unacknowledged bytes on one link at most; more waits in the log. */
export const windowBytes = 256 * 1024;
/** What the window begins with and never shrinks below; it grows by what is acknowledged and halves at a timeout. */
export const windowBytesFirst = 16 * 1024;
/** Bytes sent at a time when nobody answers. */
const unheardBytes = 64 * 1024;
/** Record bytes per batch at most (one larger record travels alone). */
export const batchBytes = 32 * 1024;
const timeoutMin = 50_000;
const timeoutFirst = 1_000_000;
const timeoutMax = 30_000_000;
/** Timeouts in a row without any acknowledgement before the sender goes on without them. */
const silenceMax = 3;
/** Microseconds between two windows when nobody answers; doubled with every round of repeating, up to `timeoutMax`. */
const unheardPause = 250_000;

/** What a sender needs of its replica. */
export interface SendingSide {
  readonly incarnation: Incarnation;
  /** Records in apply order; position p is index p - 1. */
  readonly applied: readonly CausalRecord[];
  /** Who brought the record at each index, null for a local one. */
  readonly broughtBy: readonly (CloudletId | null)[];
  /** Is this record to be sent to the peer at all? */
  forwards(record: CausalRecord, peer: CloudletId): boolean;
  /** Did the peer's last greeting say that it has this record? */
  peerHas(peer: CloudletId, record: CausalRecord): boolean;
  /** Records that this peer brought and that are not applied yet. */
  unappliedFrom(peer: CloudletId): readonly CausalRecord[];
  send(to: CloudletId, message: RecordsMessage): void;
  resends(): boolean;
}

interface Batch {
  readonly after: number;
  readonly upTo: number;
  readonly bytes: number;
  readonly records: readonly CausalRecord[];
  sentAt: number;
  tries: number;
}

/** One directed link, as its sender sees it. */
export class Sender {
  readonly peer: CloudletId;
  readonly scopes: readonly ScopeId[];
  epoch = 0;
  /** The peer's life that this epoch speaks to; 0 when it was never heard. */
  to: Incarnation | 0 = 0;
  /** True from the greeting (or the blind start) until the way closes. */
  started = false;
  /** True while the retransmission timer is running, as told to the host. */
  armed = false;
  /** True while the retransmission timer is wanted. */
  waiting = false;
  #base = 0;
  // Positions up to here were put into batches, or passed over because they carry nothing for the peer.
  #next = 0;
  #lastUpTo = 0;
  // Until this position the peer's greeting may know records already.
  #greetedUpTo = 0;
  // What a former life of the peer brought and is not applied here yet: the present one may have lost it. Mostly empty.
  #doubtful = new Set<CausalRecord>();
  #flying: Batch[] = [];
  #flyingBytes = 0;
  #window = windowBytesFirst;
  #smoothed = 0;
  #deviation = 0;
  #backoff = 1;
  // Timeouts since the last acknowledgement.
  #silence = 0;
  // Set while nobody answers: how far the present round of repeating has come, and how many rounds there were.
  #unheard: { readonly lap: number; readonly rounds: number; readonly sentAt: number } | null = null;

  constructor(peer: CloudletId, scopes: readonly ScopeId[]) {
    this.peer = peer;
    this.scopes = scopes;
  }

  /** Begins a new epoch. `trusted`: the peer still has what this process saw acknowledged; else from the beginning. */
  start(side: SendingSide, to: Incarnation | 0, trusted: boolean, heedsGreeting: boolean): void {
    this.to = to;
    if (!trusted) {
      this.#base = 0;
      this.#doubtful = new Set(side.unappliedFrom(this.peer));
    }
    this.epoch += 1;
    this.started = true;
    this.#rewind();
    // A sender that does not heed the greeting believes that everything it once sent has arrived.
    if (!heedsGreeting) this.#base = this.#next = this.#lastUpTo = Math.max(this.#next, this.#greetedUpTo);
    this.#greetedUpTo = side.applied.length;
  }

  /** Positions stand for other records from now on: what was acknowledged no longer says what the peer has. */
  forget(): void {
    this.stop();
    this.#base = 0;
    this.#rewind();
  }

  /** A former life of the peer brought this, and only now: whether the present one has it, its greeting tells. */
  doubt(record: CausalRecord): void {
    this.#doubtful.add(record);
  }

  /** The way closed: nothing in flight counts any more. */
  stop(): void {
    this.started = false;
    this.waiting = false;
    this.armed = false;
    this.#rewind();
  }

  /** Sends what the window allows; while nobody answers, what is new, no faster than the pause between two windows. */
  pump(side: SendingSide, now: number): void {
    if (!this.started) return;
    if (this.#unheard !== null) {
      if (this.#next >= side.applied.length) return;
      if (now - this.#unheard.sentAt >= unheardPause) this.#sendUnheard(side, now);
      else this.#unheard = { ...this.#unheard, rounds: 0 };
      // The timer may be set for a long pause: it is to be set anew.
      this.armed = false;
      return;
    }
    while (this.#flyingBytes < this.#window) {
      const batch = this.#newBatch(side, now);
      if (batch === null) break;
      this.#flying.push(batch);
      this.#flyingBytes += batch.bytes;
      this.#transmit(side, batch);
    }
    this.waiting = this.#flying.length > 0;
  }

  /** An acknowledgement came. Returns true when something new was confirmed. */
  acknowledged(side: SendingSide, ack: AckMessage, now: number): boolean {
    if (!this.started || ack.incarnation !== side.incarnation || ack.epoch !== this.epoch) return false;
    this.#silence = 0;
    if (this.#unheard !== null) return this.#startOver(side, ack.upTo, now);
    let newestSent = -1;
    const kept: Batch[] = [];
    for (const batch of this.#flying) {
      if (!covers(ack, batch)) {
        kept.push(batch);
        continue;
      }
      this.#flyingBytes -= batch.bytes;
      newestSent = Math.max(newestSent, batch.sentAt);
      // Only a batch that was sent once says how long the way takes (Karn and Partridge 1987).
      if (batch.tries === 1) this.#measure(now - batch.sentAt);
    }
    const confirmed = kept.length < this.#flying.length;
    const acknowledgedBytes = this.#flying.reduce((sum, { bytes }) => sum + bytes, 0) - this.#flyingBytes;
    this.#window = Math.min(windowBytes, this.#window + acknowledgedBytes);
    this.#flying = kept;
    this.#base = kept.length > 0 ? (kept[0] as Batch).after : this.#lastUpTo;
    // A batch sent clearly before one that has arrived is taken for lost.
    const slack = Math.floor(this.#smoothed / 4);
    for (const batch of kept) if (batch.sentAt + slack < newestSent) this.#again(side, batch, now);
    this.pump(side, now);
    return confirmed;
  }

  /** The timer ran out. */
  timedOut(side: SendingSide, now: number): void {
    if (!this.started) return;
    if (this.#unheard !== null) {
      this.#sendUnheard(side, now);
      return;
    }
    const oldest = this.#flying[0];
    if (oldest === undefined || oldest.sentAt + this.#timeout() > now) return;
    this.#silence += 1;
    this.#window = Math.max(windowBytesFirst, Math.floor(this.#window / 2));
    if (!side.resends()) {
      this.#flying = [];
      this.#flyingBytes = 0;
      this.pump(side, now);
    } else if (this.#silence >= silenceMax) {
      this.#flying = [];
      this.#flyingBytes = 0;
      this.#unheard = { lap: this.#base, rounds: 0, sentAt: now };
      this.#sendUnheard(side, now);
    } else {
      this.#backoff *= 2;
      this.#again(side, oldest, now);
    }
  }

  /** Microseconds until the timer should run out. */
  timeout(): number {
    if (this.#unheard !== null) return Math.min(unheardPause * (1 << Math.min(this.#unheard.rounds, 7)), timeoutMax);
    return Math.min(this.#timeout() * this.#backoff, timeoutMax);
  }

  /** A copy that shares nothing mutable. */
  clone(): Sender {
    const copy = new Sender(this.peer, this.scopes);
    copy.epoch = this.epoch;
    copy.started = this.started;
    copy.waiting = this.waiting;
    copy.armed = this.armed;
    copy.#base = this.#base;
    copy.#next = this.#next;
    copy.#lastUpTo = this.#lastUpTo;
    copy.#greetedUpTo = this.#greetedUpTo;
    copy.#doubtful = new Set(this.#doubtful);
    copy.#flying = this.#flying.map((batch) => ({ ...batch }));
    copy.#flyingBytes = this.#flyingBytes;
    copy.#window = this.#window;
    copy.to = this.to;
    copy.#smoothed = this.#smoothed;
    copy.#deviation = this.#deviation;
    copy.#backoff = this.#backoff;
    copy.#silence = this.#silence;
    copy.#unheard = this.#unheard;
    return copy;
  }

  /** The state as numbers, for fingerprints. */
  state(): readonly number[] {
    const flags = [this.started, this.armed, this.waiting].map(Number);
    const positions = [this.#base, this.#next, this.#lastUpTo, this.#greetedUpTo];
    const timing = [this.#smoothed, this.#deviation, this.#backoff, this.#silence, this.#window, this.to];
    const unheard =
      this.#unheard === null ? [-1, -1, -1] : [this.#unheard.lap, this.#unheard.rounds, this.#unheard.sentAt];
    const flying = this.#flying.flatMap((batch) => [batch.after, batch.upTo, batch.sentAt, batch.tries]);
    const doubtful = [...this.#doubtful].map(({ dot }) => dot).sort(compareDots);
    const doubted = doubtful.flatMap((dot) => [dot.stream, dot.origin, dot.incarnation, dot.sequence]);
    return [this.peer, this.epoch, ...flags, ...positions, ...timing, ...unheard, flying.length, ...flying, ...doubted];
  }

  #rewind(): void {
    this.#next = this.#base;
    this.#lastUpTo = this.#base;
    this.#flying = [];
    this.#flyingBytes = 0;
    this.#backoff = 1;
    this.#silence = 0;
    this.#unheard = null;
  }

  // The next batch of what was never sent in this epoch; null when there is none. What was passed over since the last
  // batch is covered by this one, so that positions leave no gap.
  #newBatch(side: SendingSide, now: number): Batch | null {
    const batch = this.#batch(side, { from: this.#next, after: this.#lastUpTo, end: side.applied.length }, now);
    this.#next = batch === null ? side.applied.length : batch.upTo;
    if (batch !== null) this.#lastUpTo = batch.upTo;
    return batch;
  }

  #batch(
    side: SendingSide,
    { from, after, end }: { readonly from: number; readonly after: number; readonly end: number },
    now: number,
  ): Batch | null {
    const { applied, broughtBy } = side;
    const bytesMax = Math.min(batchBytes, this.#window);
    const records: CausalRecord[] = [];
    let size = 0;
    let at = from;
    for (; at < end; at += 1) {
      const record = applied[at] as CausalRecord;
      if (!side.forwards(record, this.peer)) continue;
      // What the peer brought before its greeting it may have lost with its disk: then only the greeting counts.
      const isToldByGreeting = at < this.#greetedUpTo || this.#doubtful.has(record);
      if (isToldByGreeting ? side.peerHas(this.peer, record) : broughtBy[at] === this.peer) continue;
      if (size > 0 && size + record.size > bytesMax) break;
      records.push(record);
      size += record.size;
    }
    return records.length === 0 ? null : { after, upTo: at, bytes: size, records, sentAt: now, tries: 1 };
  }

  // One window without hope of an answer: what is new, or else what comes next in the round of repeating.
  #sendUnheard(side: SendingSide, now: number): void {
    assert(this.#unheard !== null, "only a sender that nobody answers sends unheard");
    let { lap, rounds } = this.#unheard;
    for (let sent = 0; sent < unheardBytes;) {
      const fresh = this.#newBatch(side, now);
      if (fresh !== null) rounds = 0;
      const batch = fresh ?? this.#batch(side, { from: lap, after: lap, end: this.#lastUpTo }, now);
      if (fresh === null) lap = batch === null ? this.#lastUpTo : batch.upTo;
      if (batch !== null) {
        sent += batch.bytes;
        this.#transmit(side, batch);
      }
      if (fresh === null && lap >= this.#lastUpTo) {
        lap = this.#base;
        rounds += 1;
        break;
      }
    }
    this.#unheard = { lap, rounds, sentAt: now };
    this.waiting = true;
  }

  // Somebody answers after all: begin again behind what is known to be stored, since not all that was sent is in flight.
  #startOver(side: SendingSide, upTo: number, now: number): boolean {
    const confirmed = upTo > this.#base;
    this.#base = Math.max(this.#base, upTo);
    this.epoch += 1;
    this.#rewind();
    this.pump(side, now);
    return confirmed;
  }

  #again(side: SendingSide, batch: Batch, now: number): void {
    if (!side.resends()) return;
    batch.sentAt = now;
    batch.tries += 1;
    this.#transmit(side, batch);
  }

  #transmit(side: SendingSide, batch: Batch): void {
    assert(batch.after < batch.upTo, "a batch covers at least one position");
    side.send(this.peer, {
      kind: "records",
      incarnation: side.incarnation,
      epoch: this.epoch,
      to: this.to,
      base: this.#base <= batch.after ? this.#base : batch.after,
      after: batch.after,
      upTo: batch.upTo,
      records: batch.records,
    });
  }

  // Retransmission timeout as in RFC 6298, in whole microseconds; a sample ends the backoff.
  #measure(sample: number): void {
    if (this.#backoff > 1) {
      // The running timer was set for the longer wait.
      this.#backoff = 1;
      this.armed = false;
    }
    const taken = Math.min(sample, timeoutMax);
    if (this.#smoothed === 0) {
      this.#smoothed = taken;
      this.#deviation = Math.floor(taken / 2);
      return;
    }
    const error = taken - this.#smoothed;
    this.#smoothed += Math.floor(error / 8);
    this.#deviation += Math.floor((Math.abs(error) - this.#deviation) / 4);
  }

  #timeout(): number {
    if (this.#smoothed === 0) return timeoutFirst;
    return Math.min(timeoutMax, Math.max(timeoutMin, this.#smoothed + 4 * this.#deviation));
  }
}

function covers(ack: AckMessage, batch: Batch): boolean {
  if (batch.upTo <= ack.upTo) return true;
  return ack.beyond.some((range) => range.first <= batch.after + 1 && batch.upTo <= range.last);
}
