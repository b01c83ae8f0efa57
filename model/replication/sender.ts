// The sending half of a link: a cursor over this replica's apply order, batches in flight, acknowledgements,
// retransmission. Acknowledgements are an optimisation only: where none ever come the sender cycles over everything
// that was never acknowledged, for ever. The receiving half is receiver.ts; greetings are in peer.ts.
//
// The conversation, in order:
// 1. The way opens; the peer's greeting says what it has. A new epoch begins at the last position known to be stored there.
// 2. Batches cover the apply order without gaps, at most `windowBytes` unacknowledged.
// 3. A batch is sent again when a later one was acknowledged first, or when the timer runs out.
// 4. No greeting and no acknowledgement ever: the sender starts from the beginning after a while, lets its window go at
//    every timeout, and starts over at the end.

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation, ScopeId } from "../ids.ts";
import type { AckMessage, RecordsMessage } from "./messages.ts";
import type { CausalRecord } from "./record.ts";

/** Unacknowledged bytes on one link at most; more waits in the log. */
export const windowBytes = 256 * 1024;
/** Record bytes per batch at most (one larger record travels alone). */
export const batchBytes = 32 * 1024;
const timeoutMin = 50_000;
const timeoutFirst = 1_000_000;
const timeoutMax = 30_000_000;

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
  #smoothed = 0;
  #deviation = 0;
  #backoff = 1;
  #heardThisEpoch = false;
  // True when batches of this epoch were given up unacknowledged: what is in flight is then not all that is missing.
  #hasLetGo = false;

  constructor(peer: CloudletId, scopes: readonly ScopeId[]) {
    this.peer = peer;
    this.scopes = scopes;
  }

  /** Begins a new epoch. `trusted`: the peer still has what this process saw acknowledged; else from the beginning. */
  start(side: SendingSide, trusted: boolean, heedsGreeting: boolean): void {
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

  /** Sends what the window allows. */
  pump(side: SendingSide, now: number): void {
    if (!this.started) return;
    const { applied, broughtBy } = side;
    while (this.#next < applied.length && this.#flyingBytes < windowBytes) {
      const records: CausalRecord[] = [];
      let size = 0;
      let at = this.#next;
      for (; at < applied.length; at += 1) {
        const record = applied[at] as CausalRecord;
        if (!side.forwards(record, this.peer)) continue;
        // What the peer brought before its greeting it may have lost with its disk: then only the greeting counts.
        const isToldByGreeting = at < this.#greetedUpTo || this.#doubtful.has(record);
        if (isToldByGreeting ? side.peerHas(this.peer, record) : broughtBy[at] === this.peer) continue;
        if (size > 0 && size + record.size > batchBytes) break;
        records.push(record);
        size += record.size;
      }
      this.#next = at;
      if (records.length === 0) break;
      const batch: Batch = { after: this.#lastUpTo, upTo: at, bytes: size, records, sentAt: now, tries: 1 };
      this.#lastUpTo = at;
      this.#flying.push(batch);
      this.#flyingBytes += size;
      this.#transmit(side, batch);
    }
    this.waiting = this.#flying.length > 0;
  }

  /** An acknowledgement came. Returns true when something new was confirmed. */
  acknowledged(side: SendingSide, ack: AckMessage, now: number): boolean {
    if (!this.started || ack.incarnation !== side.incarnation || ack.epoch !== this.epoch) return false;
    this.#heardThisEpoch = true;
    if (this.#hasLetGo) return this.#startOver(side, ack.upTo, now);
    let newestSent = -1;
    const kept: Batch[] = [];
    for (const batch of this.#flying) {
      if (!covers(ack, batch)) {
        kept.push(batch);
        continue;
      }
      this.#flyingBytes -= batch.bytes;
      newestSent = Math.max(newestSent, batch.sentAt);
      if (batch.tries === 1) this.#measure(now - batch.sentAt);
    }
    const confirmed = kept.length < this.#flying.length;
    this.#flying = kept;
    if (confirmed) this.#backoff = 1;
    this.#base = kept.length > 0 ? (kept[0] as Batch).after : this.#lastUpTo;
    // A batch sent clearly before one that has arrived is taken for lost.
    for (const batch of kept) {
      if (batch.sentAt + (this.#smoothed >> 2) < newestSent) this.#again(side, batch, now);
    }
    this.pump(side, now);
    return confirmed;
  }

  /** The timer ran out. */
  timedOut(side: SendingSide, now: number): void {
    if (!this.started || this.#flying.length === 0) return;
    if (!side.resends()) {
      this.#flying = [];
      this.#flyingBytes = 0;
    } else if (!this.#heardThisEpoch && this.#backoff >= 4) {
      // Nobody ever answers: let go of the window and go on; at the end start over, in an epoch of its own.
      this.#flying = [];
      this.#flyingBytes = 0;
      this.#hasLetGo = this.#next < side.applied.length;
      if (!this.#hasLetGo) {
        this.epoch += 1;
        this.#next = this.#lastUpTo = this.#base;
      }
    } else {
      const due = now - this.#timeout();
      for (const batch of this.#flying) if (batch.sentAt <= due) this.#again(side, batch, now);
    }
    this.#backoff = Math.min(this.#backoff * 2, 1024);
    this.pump(side, now);
  }

  /** Microseconds until the timer should run out. */
  timeout(): number {
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
    copy.#smoothed = this.#smoothed;
    copy.#deviation = this.#deviation;
    copy.#backoff = this.#backoff;
    copy.#heardThisEpoch = this.#heardThisEpoch;
    copy.#hasLetGo = this.#hasLetGo;
    return copy;
  }

  /** The state as numbers, for fingerprints. */
  state(): readonly number[] {
    const flags = [this.started, this.armed, this.waiting, this.#heardThisEpoch, this.#hasLetGo].map(Number);
    const positions = [this.#base, this.#next, this.#lastUpTo, this.#greetedUpTo];
    const timing = [this.#smoothed, this.#deviation, this.#backoff];
    const flying = this.#flying.flatMap((batch) => [batch.after, batch.upTo, batch.sentAt, batch.tries]);
    const doubtful = [...this.#doubtful].flatMap(({ dot }) => [dot.stream, dot.origin, dot.incarnation, dot.sequence]);
    return [this.peer, this.epoch, ...flags, ...positions, ...timing, flying.length, ...flying, ...doubtful];
  }

  #rewind(): void {
    this.#next = this.#base;
    this.#lastUpTo = this.#base;
    this.#flying = [];
    this.#flyingBytes = 0;
    this.#backoff = 1;
    this.#heardThisEpoch = false;
    this.#hasLetGo = false;
  }

  // Somebody answers after all: begin again behind what is known to be stored, since not all that was sent is in flight.
  #startOver(side: SendingSide, upTo: number, now: number): boolean {
    const confirmed = upTo > this.#base;
    this.#base = Math.max(this.#base, upTo);
    this.epoch += 1;
    this.#rewind();
    this.#heardThisEpoch = true;
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
      base: this.#base <= batch.after ? this.#base : batch.after,
      after: batch.after,
      upTo: batch.upTo,
      records: batch.records,
    });
  }

  // Retransmission timeout as in RFC 6298, in whole microseconds.
  #measure(sample: number): void {
    if (this.#smoothed === 0) {
      this.#smoothed = sample;
      this.#deviation = sample >> 1;
      return;
    }
    const error = sample - this.#smoothed;
    this.#smoothed += error >> 3;
    this.#deviation += (Math.abs(error) - this.#deviation) >> 2;
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
