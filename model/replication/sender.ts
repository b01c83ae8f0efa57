// The sending half of a link: a cursor over this replica's apply order, batches in flight, acknowledgements,
// retransmission. Acknowledgements are an optimisation only: where none ever come the sender cycles over everything
// that was never acknowledged, for ever. What the log no longer retains goes as a snapshot. The receiving half is
// receiver.ts; greetings are in peer.ts.
//
// The conversation, in order:
// 1. The way opens; the peer's greeting says what it has. A new epoch begins at the last position known to be stored there.
// 2. Batches cover the apply order without gaps, at most `windowBytes` unacknowledged.
// 3. A batch is sent again when a later one was acknowledged first; when the timer runs out, the oldest one is.
// 4. Several timeouts in a row without a word: nobody answers, perhaps nobody can. What is in flight is let go, and the
//    sender goes on without acknowledgements: new records first, as they come; when there are none it repeats what was
//    never acknowledged, window by window, more slowly with every round. This needs no way back at all.
// 5. Somebody answers after all: a new epoch begins behind what the answer confirms.
//
// Where a snapshot comes in:
// 1. The next position lies before the base of the log, or holds the installation of a cut: those records cannot be sent one
//    by one. The sender takes a cut of all it has applied, as far as flows carry it to the peer; records behind it follow.
// 2. The cut goes in parts, each like a batch in the window; the peer says which have come. The last part stays in flight
//    until the position is acknowledged, so that this acknowledgement is asked for again.
// 3. Where nobody answers a round costs no more than the state: the cut is repeated when the log is longer than that, and
//    the same cut a few times, or a part that is lost in every round would keep the whole from ever being complete.
// 4. Cuts that wait here may lack what lies beyond the peer, and what waits there may lack them: then the peer is sent all
//    that is stored, not only what is applied (docs/model.md).

import { assert } from "../assert.ts";
import { adding, nothing } from "./adding.ts";
import type { CloudletId, Incarnation, ScopeId } from "../ids.ts";
import { partsOf } from "./cut.ts";
import type { AckMessage, PartsMessage } from "./messages.ts";
import { compareDots } from "./record.ts";
import type { CausalRecord } from "./record.ts";
import type { AbstractTime } from "./io.ts";
import { RoundTrip, timeoutMax } from "./round-trip.ts";
import { covers, coversAny, flyingState, stateOf, unheardBytes, unheardPause, unheardState } from "./sending.ts";
import { partMessage, partOf, recordsMessage, silenceMax, windowBytes, windowBytesFirst } from "./sending.ts";
import type { Batch, OpenCut, SendingSide, Unheard } from "./sending.ts";

/** Rounds of repeating in which the same cut is sent. */
const cutRounds = 4;
/** Where nobody answers, a snapshot is repeated in place of the log when that has so many positions more than keys. */
const logSlack = 64;

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
  #doubtful: Set<CausalRecord> | null = null;
  #flying: Batch[] = [];
  #flyingBytes = 0;
  #window = windowBytesFirst;
  #roundTrip = new RoundTrip();
  // Within a step: the timer was set for a longer wait than is needed now.
  #isTimedAnew = false;
  // Timeouts since the last acknowledgement.
  #silence = 0;
  #cut: OpenCut | null = null;
  #cutsTaken = 0;
  // The cut that was being sent when the way closed: some of its parts are there.
  #unfinished: OpenCut | null = null;
  // Position of the last cut of all that is stored.
  #aheadAt = 0;
  // Set while nobody answers.
  #unheard: Unheard | null = null;

  constructor(peer: CloudletId, scopes: readonly ScopeId[]) {
    this.peer = peer;
    this.scopes = scopes;
  }

  /** Begins a new epoch. `trusted`: the peer still has what this process saw acknowledged; else from the beginning. */
  start(side: SendingSide, to: Incarnation | 0, trusted: boolean, heedsGreeting: boolean): void {
    this.to = to;
    if (!trusted) {
      this.#base = 0;
      const unapplied = side.unappliedFrom(this.peer);
      this.#doubtful = unapplied.length === 0 ? null : new Set(unapplied);
    }
    this.epoch += 1;
    this.started = true;
    this.#rewind();
    // A sender that does not heed the greeting believes that everything it once sent has arrived.
    if (!heedsGreeting) this.#base = this.#next = this.#lastUpTo = Math.max(this.#next, this.#greetedUpTo);
    this.#greetedUpTo = side.log.end;
    // What is no longer retained need not be sent when the greeting says that the peer has it.
    const { base } = side.log;
    if (this.#base >= base || !side.peerHasOlder(this.peer)) return;
    // Cuts that wait are named in no greeting.
    const blockedAt = side.blockedAt(this.peer);
    this.#base =
      this.#next =
      this.#lastUpTo =
        blockedAt === 0 ? base : Math.max(this.#base, Math.min(base, blockedAt - 1));
  }

  /** The first index that this conversation has yet to send: the log is to be kept from there on, if it can be. */
  get neededFrom(): number {
    return this.started && this.#unheard === null ? this.#next : Infinity;
  }

  /** Positions stand for other records from now on: what was acknowledged no longer says what the peer has. */
  forget(): void {
    this.stop();
    this.#base = 0;
    this.#rewind();
  }

  /** A former life of the peer brought this, and only now: whether the present one has it, its greeting tells. */
  doubt(record: CausalRecord): void {
    this.#doubtful ??= new Set();
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
      if (this.#next >= side.log.end) return;
      if (now - this.#unheard.sentAt >= unheardPause) this.#sendUnheard(side, now);
      else this.#unheard.rounds = 0;
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
    if (this.#isTimedAnew && this.waiting) this.armed = false;
    this.#isTimedAnew = false;
  }

  /** An acknowledgement came. Returns true when something new was confirmed. */
  acknowledged(side: SendingSide, ack: AckMessage, now: number): boolean {
    if (!this.started || ack.incarnation !== side.incarnation || ack.epoch !== this.epoch) return false;
    this.#silence = 0;
    if (this.#unheard !== null) return this.#startOver(side, ack.upTo, now);
    const confirmed = this.#confirm(side, (batch) => covers(ack, batch), now);
    if (this.#cut !== null && !this.#flying.some(({ part }) => part > 0) && this.#cut.sent === this.#cut.parts.length) {
      this.#cut = null;
    }
    this.#base = this.#flying[0]?.after ?? this.#cut?.after ?? this.#lastUpTo;
    this.pump(side, now);
    return confirmed;
  }

  /** The peer says which parts of the cut have come. Stored they are not: the cut stays open until it is acknowledged. */
  heardParts(side: SendingSide, heard: PartsMessage, now: number): void {
    const isOurs = heard.incarnation === side.incarnation && heard.epoch === this.epoch;
    if (!this.started || !isOurs) return;
    this.#silence = 0;
    if (this.#unheard !== null) {
      this.#startOver(side, this.#base, now);
      return;
    }
    const cut = this.#cut;
    if (cut === null || cut.serial !== heard.cut) return;
    const isHeard = ({ part }: Batch): boolean =>
      part > 0 && part < cut.parts.length && heard.ranges.some(({ first, last }) => first <= part && part <= last);
    this.#confirm(side, isHeard, now);
    this.pump(side, now);
  }

  // What is confirmed leaves the window; what was sent clearly before something that has arrived is taken for lost.
  #confirm(side: SendingSide, isConfirmed: (batch: Batch) => boolean, now: number): boolean {
    let newestSent = -1;
    let confirmedBytes = 0;
    let kept = 0;
    const flying = this.#flying;
    for (let at = 0; at < flying.length; at += 1) {
      const batch = flying[at] as Batch;
      if (!isConfirmed(batch)) {
        flying[kept] = batch;
        kept += 1;
        continue;
      }
      confirmedBytes += batch.bytes;
      newestSent = Math.max(newestSent, batch.sentAt);
      // Only a batch that was sent once says how long the way takes (Karn and Partridge 1987).
      if (batch.tries > 1) continue;
      if (this.#roundTrip.measured(now - batch.sentAt)) this.#isTimedAnew = true;
    }
    if (kept === flying.length) return false;
    while (flying.length > kept) flying.pop();
    this.#flyingBytes -= confirmedBytes;
    this.#window = Math.min(windowBytes, this.#window + confirmedBytes);
    const slack = Math.floor(this.#roundTrip.smoothed / 4);
    for (const batch of flying) if (batch.sentAt + slack < newestSent) this.#again(side, batch, now);
    return true;
  }

  /** The timer ran out. */
  timedOut(side: SendingSide, now: number): void {
    if (!this.started) return;
    if (this.#unheard !== null) {
      this.#sendUnheard(side, now);
      return;
    }
    const oldest = this.#flying[0];
    if (oldest === undefined || oldest.sentAt + this.#roundTrip.timeout > now) return;
    this.#silence += 1;
    this.#window = Math.max(windowBytesFirst, Math.floor(this.#window / 2));
    if (!side.resends()) {
      this.#flying = [];
      this.#flyingBytes = 0;
      this.pump(side, now);
    } else if (this.#silence >= silenceMax) {
      this.#flying = [];
      this.#flyingBytes = 0;
      this.#unheard = { part: 0, lap: this.#base, rounds: 0, sentAt: now };
      this.#sendUnheard(side, now);
    } else {
      this.#roundTrip.backOff();
      this.#again(side, oldest, now);
    }
  }

  /** Microseconds until the timer should run out. */
  timeout(): number {
    if (this.#unheard !== null) return Math.min(unheardPause * (1 << Math.min(this.#unheard.rounds, 7)), timeoutMax);
    return this.#roundTrip.patience;
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
    copy.#doubtful = this.#doubtful === null ? null : new Set(this.#doubtful);
    copy.#flying = this.#flying.map((batch) => ({ ...batch }));
    copy.#flyingBytes = this.#flyingBytes;
    copy.#window = this.#window;
    copy.to = this.to;
    copy.#roundTrip = this.#roundTrip.clone();
    copy.#silence = this.#silence;
    copy.#cut = this.#cut === null ? null : { ...this.#cut };
    copy.#cutsTaken = this.#cutsTaken;
    copy.#unfinished = this.#unfinished;
    copy.#aheadAt = this.#aheadAt;
    copy.#unheard = this.#unheard === null ? null : { ...this.#unheard };
    return copy;
  }

  /**
   * The state as numbers, for fingerprints. `time`: see `AbstractTime`. How many timeouts there were in a row is told whatever the
   * bounds: 1. a timer fires once, and its batch is on its way as before; 2. taken for the state before, that state stands for one in
   * which the timer may fire still; 3. after a few such steps a sender goes on without answers that has not timed out so often.
   */
  state(time: AbstractTime | null = null): readonly number[] {
    const flags = [this.started, this.armed, this.waiting].map(Number);
    const positions = [this.#base, this.#next, this.#lastUpTo, this.#greetedUpTo, this.#aheadAt];
    const timing = time === null ? [...this.#roundTrip.state(), this.#window] : [];
    const lap = unheardState(this.#unheard, time);
    const cut = [...stateOf(this.#cut), ...stateOf(this.#unfinished), this.#cutsTaken];
    const flying = flyingState(this.#flying, time);
    const doubtful = [...(this.#doubtful ?? [])].map(({ dot }) => dot).sort(compareDots);
    const doubted = doubtful.flatMap((dot) => [dot.stream, dot.origin, dot.incarnation, dot.sequence]);
    const lists = [lap.length, ...lap, cut.length, ...cut, flying.length, ...flying, ...doubted];
    return [this.peer, this.epoch, ...flags, ...positions, ...timing, this.#silence, this.to, ...lists];
  }

  #rewind(): void {
    this.#next = this.#base;
    this.#lastUpTo = this.#base;
    this.#flying = [];
    this.#flyingBytes = 0;
    this.#roundTrip.forgive();
    this.#silence = 0;
    this.#unfinished = this.#cut ?? this.#unfinished;
    this.#cut = null;
    this.#aheadAt = 0;
    this.#unheard = null;
  }

  // The next batch of what was never sent in this epoch, or the next part of a cut; null when there is none. What was
  // passed over since the last batch is covered by this one, so that positions leave no gap.
  #newBatch(side: SendingSide, now: number): Batch | null {
    const cut = this.#cut;
    if (cut !== null && cut.sent < cut.parts.length) return partOf(cut, (cut.sent += 1), now);
    const { end } = side.log;
    if (cut !== null && !side.followsSnapshot()) this.#next = end;
    if (this.#next < side.log.base) return this.#takeCut(side, "applied", now);
    // What waits at a position goes as a cut of its own. A batch that passed over it would be acknowledged in its place.
    const blockedAt = side.blockedAt(this.peer);
    const isBlocked = blockedAt > Math.max(this.#aheadAt, this.#base);
    if (this.#next === end && !isBlocked) return null;
    const until = isBlocked ? Math.max(this.#next, blockedAt - 1) : end;
    const batch = this.#batch(side, { from: this.#next, after: this.#lastUpTo, end: until }, now);
    if (batch === "needsCut") return this.#takeCut(side, "applied", now);
    this.#next = batch === null ? end : batch.upTo;
    if (batch !== null) this.#lastUpTo = batch.upTo;
    else if (isBlocked) return this.#takeCut(side, "stored", now);
    return batch;
  }

  #takeCut(side: SendingSide, content: "applied" | "stored", now: number): Batch | null {
    const { end } = side.log;
    if (content === "stored") this.#aheadAt = end;
    // Parts of another cut are parts of nothing from now on. All that is in flight is in the new one, which begins where that did.
    if (this.#flying.some(({ part }) => part > 0)) {
      this.#flying = [];
      this.#flyingBytes = 0;
    }
    const old = this.#unfinished;
    const isStillOfUse = old !== null && old.content === content && old.at >= side.log.base && old.at > this.#next;
    if (isStillOfUse) this.#cut = { ...old, after: this.#base, sent: 0 };
    else this.#openCut(side, content);
    this.#unfinished = null;
    this.#next = this.#cut?.at ?? end;
    // A round of repeating that was under way begins again, with this cut.
    if (this.#unheard !== null) [this.#unheard.part, this.#unheard.lap] = [0, this.#base];
    // Where nothing is to be sent, later batches cover these positions silently.
    if (this.#cut === null) return null;
    this.#lastUpTo = this.#cut.at;
    return this.#newBatch(side, now);
  }

  #openCut(side: SendingSide, content: "applied" | "stored"): void {
    const cut = side.cutFor(this.peer, content);
    this.#cut = null;
    if (cut === null) return;
    this.#cutsTaken += 1;
    const [serial, after, at] = [this.#cutsTaken, this.#base, side.log.end];
    this.#cut = { serial, content, after, at, parts: partsOf(cut, side.batchBytes), sent: 0, rounds: 0 };
  }

  #batch(
    side: SendingSide,
    { from, after, end }: { readonly from: number; readonly after: number; readonly end: number },
    now: number,
  ): Batch | "needsCut" | null {
    const { log } = side;
    const bytesMax = Math.min(side.batchBytes, this.#window);
    let records: CausalRecord[] = nothing;
    let size = 0;
    let at = side.next(this.peer, from, end);
    for (; at < end; at = side.next(this.peer, at + 1, end)) {
      const item = log.at(at);
      if (item.kind === "blocked") continue;
      if (item.kind === "installation") {
        if (!side.carries(item, this.peer)) continue;
        const isBrought =
          log.broughtBy(at) === this.peer && (this.#doubtful === null || !coversAny(item, this.#doubtful));
        if (at < this.#greetedUpTo ? side.peerHasAll(this.peer, item) : isBrought) continue;
        if (size === 0) return "needsCut";
        break;
      }
      if (!side.forwards(item, this.peer)) continue;
      // What the peer brought before its greeting it may have lost with its disk: then only the greeting counts.
      const isToldByGreeting = at < this.#greetedUpTo || this.#doubtful?.has(item) === true;
      if (isToldByGreeting ? side.peerHas(this.peer, item) : log.broughtBy(at) === this.peer) continue;
      if (size > 0 && size + item.size > bytesMax) break;
      records = adding(records, item);
      size += item.size;
    }
    return records.length === 0 ? null : { after, upTo: at, bytes: size, records, part: 0, sentAt: now, tries: 1 };
  }

  // One window without hope of an answer: what is new, or else what comes next in the round of repeating.
  #sendUnheard(side: SendingSide, now: number): void {
    const unheard = this.#unheard as Unheard;
    for (let sent = 0; sent < unheardBytes;) {
      const fresh = this.#newBatch(side, now);
      if (fresh !== null) {
        unheard.rounds = 0;
        sent += fresh.bytes;
        this.#transmit(side, fresh);
        continue;
      }
      const batch = unheard.rounds === 0 || side.repeatsForEver() ? this.#repeated(side, now) : null;
      if (batch !== null) {
        sent += batch.bytes;
        this.#transmit(side, batch);
      }
      if (batch === null || unheard.lap >= this.#lastUpTo) {
        unheard.part = 0;
        unheard.lap = this.#base;
        unheard.rounds += 1;
        break;
      }
    }
    unheard.sentAt = now;
    this.waiting = true;
  }

  // The next piece of the round: the parts of the cut, if there is one, then the log behind it. Null at its end.
  #repeated(side: SendingSide, now: number): Batch | null {
    const unheard = this.#unheard as Unheard;
    if (unheard.part === 0 && unheard.lap <= this.#base) this.#beginRound(side);
    const cut = this.#cut;
    if (cut !== null && unheard.part < cut.parts.length) {
      unheard.part += 1;
      if (unheard.part === cut.parts.length) unheard.lap = Math.max(cut.at, side.log.base);
      return partOf(cut, unheard.part, now);
    }
    const from = Math.max(unheard.lap, cut?.at ?? this.#base);
    const batch =
      from < side.log.base ? "needsCut" : this.#batch(side, { from, after: from, end: this.#lastUpTo }, now);
    if (batch === "needsCut") {
      // The log has moved on beneath this round.
      this.#openCut(side, "applied");
      unheard.part = 0;
      unheard.lap = this.#base;
      return this.#cut === null ? null : this.#repeated(side, now);
    }
    unheard.lap = batch === null ? this.#lastUpTo : batch.upTo;
    return batch;
  }

  // A round repeats the log, or a cut and what is behind it, whichever is shorter. While cuts wait here every other cut is
  // one of all that is stored.
  #beginRound(side: SendingSide): void {
    const { log } = side;
    const isBlocked = side.blockedAt(this.peer) > this.#base;
    if (this.#cut === null || this.#cut.rounds >= cutRounds || this.#cut.at < log.base) {
      const isLong = this.#lastUpTo - this.#base > side.keyCount + logSlack;
      const wasAhead = this.#cut?.content === "stored";
      if (this.#base >= log.base && !isLong && !isBlocked) this.#cut = null;
      else if (isBlocked && !wasAhead) {
        this.#aheadAt = log.end;
        this.#openCut(side, "stored");
      } else if (this.#cut?.at !== log.end || isBlocked) this.#openCut(side, "applied");
      else this.#cut.rounds = 0;
    }
    if (this.#cut === null) return;
    // Parts of a round are no news.
    this.#cut.sent = this.#cut.parts.length;
    this.#cut.rounds += 1;
    this.#lastUpTo = Math.max(this.#lastUpTo, this.#cut.at);
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
    const from = { incarnation: side.incarnation, epoch: this.epoch, to: this.to };
    const message =
      batch.part > 0 ? partMessage(this.#cut as OpenCut, batch, from) : recordsMessage(this.#base, batch, from);
    side.send(this.peer, message);
  }
}
