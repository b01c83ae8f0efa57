// Records that are stored here and not applied: what each of them waits for, when it may be applied, and which are held back since
// their writer was detached (held-back.ts). What applying means, and what waits in cuts, is in holdings.ts.

import type { CloudletId, StreamId } from "../ids.ts";
import type { Cut } from "./cut.ts";
import { HeldBack } from "./held-back.ts";
import type { LocalTime, PendingRecord, ReplicaEvent } from "./io.ts";
import type { Ledger } from "./ledger.ts";
import type { Bringer } from "./log.ts";
import { cannotReturn, overrides } from "./moving.ts";
import { isNotice, lastUncovered } from "./notice.ts";
import type { Opening } from "./opening.ts";
import { dotName, type CausalRecord, type Dot } from "./record.ts";
import type { Retention } from "./retention.ts";
import type { Standing } from "./standing.ts";
import { Unmet } from "./unmet.ts";
import { WaitingIndex, type Waiter } from "./waiting.ts";
import type { WriterTable } from "./writers.ts";

/** What lies behind the waiting room. */
export interface Gate {
  readonly writers: WriterTable;
  readonly retention: Retention;
  readonly ledger: Ledger;
  /** What must come before everything is open; null when all is. */
  readonly opening: Opening | null;
  /** Has a cut covered this while it was on its way to the disk, or waited? Then it is not to be applied any more. */
  isPassed(record: CausalRecord): boolean;
  /** Nothing keeps this record any longer. */
  apply(record: CausalRecord, from: Bringer, now: LocalTime, events: ReplicaEvent[]): void;
}

const noDots: readonly Dot[] = [];
const noStreams: ReadonlySet<StreamId> = new Set();

/** The waiting records of one replica. */
export class WaitingRoom {
  readonly #config: Standing;
  readonly #gate: Gate;
  readonly #held: HeldBack;
  readonly #waiting: WaitingIndex;
  /** Deletes that are to be written anew before what was held back may go ahead of a return. */
  readonly unmet: Unmet;
  // Waiters whose last missing dot was just applied, and held ones that somebody waits for; always empty between steps.
  readonly #ready: Waiter[] = [];
  readonly #released: Waiter[] = [];

  constructor(config: Standing, gate: Gate, like: WaitingRoom | null) {
    this.#config = config;
    this.#gate = gate;
    const { writers, ledger } = gate;
    const heldBefore = like === null ? null : like.#held;
    const hasApplied = (dot: Dot): boolean => ledger.hasApplied(dot);
    this.#held = new HeldBack(config.rules, writers, gate.retention.absences, hasApplied, heldBefore);
    this.#waiting = like === null ? new WaitingIndex() : like.#waiting.clone();
    this.unmet = new Unmet(gate.retention, config.self, like === null ? null : like.unmet);
  }

  /**
   * Applies a stored record now if its past is here, else once it is. Also applies all that waited for it, and judges anew what
   * waits when it has become known who is away.
   */
  settle(record: CausalRecord, from: Bringer, now: LocalTime, events: ReplicaEvent[]): void {
    const { absences } = this.#gate.retention;
    this.#settleOne(record, from, now, events);
    while (this.#ready.length + this.#released.length > 0 || absences.hasNews) {
      const ready = this.#ready.pop();
      const released = ready === undefined ? this.#released.pop() : undefined;
      if (ready !== undefined) this.#applyOrAwait(ready.record, ready.from, ready.by, now, events);
      else if (released !== undefined) this.#settleOne(released.record, released.from, now, events, released.by);
      else if (absences.takeNews()) this.#judgeAnew(now, events);
    }
  }

  /** What waits is judged anew. */
  settleAll(now: LocalTime, events: ReplicaEvent[]): void {
    this.#gate.retention.absences.takeNews();
    for (const { record, from } of this.#takeAll()) this.settle(record, from, now, events);
  }

  /** This record was applied. */
  wake(record: CausalRecord): void {
    const { dot } = record;
    this.#waiting.wake(this.#gate.writers.slotOf(dot), dot.sequence, this.#ready);
    if (this.unmet.applied(record)) this.#gate.retention.absences.hasNews = true;
  }

  /** Waiting records that are not held back. */
  waiters(): readonly Waiter[] {
    return [...this.#waiting.all()];
  }

  /** Records that are held back and that a return vouches for, each with the deletes that go before it. */
  vouched(): ReadonlyMap<Waiter, readonly Dot[]> {
    const vouched = new Map<Waiter, readonly Dot[]>();
    if (this.#held.isEmpty || !this.#config.rules.joinsVouched()) return vouched;
    for (const waiter of this.#held.all()) {
      const before = this.#gate.retention.absences.anewBefore(waiter.record.dot);
      if (before !== null && waiter.record.kind !== "notice") vouched.set(waiter, before);
    }
    return vouched;
  }

  /** All that wait. */
  all(): readonly Waiter[] {
    return this.#held.isEmpty ? [...this.#waiting.all()] : [...this.#waiting.all(), ...this.#held.all()];
  }

  /** The same, each with what it waits for. */
  pending(): PendingRecord[] {
    const records = [...this.#waiting.all()].map(({ record }) => ({
      record,
      missing: [
        ...record.deps.filter((dot) => this.isMissing(dot, "deps")),
        ...record.prev.filter((dot) => this.isMissing(dot, "prev")),
        ...this.#uncovered(record),
      ],
    }));
    return [...records, ...this.#held.all().map(({ record }) => ({ record, missing: [], awaits: record.dot.origin }))];
  }

  #judgeAnew(now: LocalTime, events: ReplicaEvent[]): void {
    for (const { record, from } of this.#takeAll()) this.#settleOne(record, from, now, events);
  }

  #takeAll(): readonly Waiter[] {
    return [...this.#waiting.takeAll(), ...this.#held.takeAll()];
  }

  // `by`: not its writer where it was held back, and somebody who counts has applied it.
  #settleOne(
    record: CausalRecord,
    from: Bringer,
    now: LocalTime,
    events: ReplicaEvent[],
    by: CloudletId = record.dot.origin,
  ): void {
    const { absences } = this.#gate.retention;
    if (this.#gate.isPassed(record)) return;
    if (isNotice(record)) absences.expect(record);
    if (!absences.isEmpty && by === record.dot.origin) {
      const freedBy = this.#freedBy(record);
      if (freedBy === null) this.#held.add({ record, from, by, missing: 0 });
      else if (freedBy !== by) this.#settleOne(record, from, now, events, freedBy);
      if (freedBy !== by) return;
    }
    // What this cloudlet writes while streams are not open yet follows what was read here before: it waits for no link.
    const excused = from === null ? this.#gate.opening : null;
    const isWaiting = this.#misses(record.deps, "deps", excused) || this.#misses(record.prev, "prev", excused);
    if (isWaiting && !overrides(this.#config.rules, record, from)) {
      const waiter: Waiter = { record, from, by, missing: 0 };
      this.#awaitAll(waiter, record.deps, "deps");
      this.#awaitAll(waiter, record.prev, "prev");
      return;
    }
    this.#applyOrAwait(record, from, by, now, events);
  }

  #freedBy(record: CausalRecord): CloudletId | null {
    const { dot } = record;
    if (!this.#config.rules.holdsBack()) return dot.origin;
    const awaiting = this.#waiting.awaiting(this.#gate.writers.slotOf(dot), dot.sequence);
    return this.#held.freedBy(record, awaiting, (other) => this.#waiting.find(other));
  }

  /** Is any of this cut to be held back? */
  isHeldBack(cut: Cut): boolean {
    return this.streamsHeldOf(cut).size > 0;
  }

  /** The streams of this cut that are to be held back. */
  streamsHeldOf(cut: Cut): ReadonlySet<StreamId> {
    if (this.#gate.retention.absences.isEmpty || !this.#config.rules.holdsBack()) return noStreams;
    const waiting = [...this.#waiting.all()].map(({ record }) => record);
    return this.#held.streamsHeldOf(cut, (dot) => this.#gate.ledger.hasApplied(dot), waiting);
  }

  /** Deletes that were written anew and that this cut, which is not held back, may not come before. */
  anewBefore(cut: Cut): readonly Dot[] {
    const { rules } = this.#config;
    if (this.#gate.retention.absences.isEmpty || !rules.holdsBack() || !rules.awaitsAnew()) return noDots;
    const waiting = [...this.#waiting.all()].map(({ record }) => record);
    return this.#held.anewBefore(cut, (dot) => this.#gate.ledger.hasApplied(dot), waiting);
  }

  #misses(dots: readonly Dot[], listed: "deps" | "prev", excused: Opening | null): boolean {
    for (let at = 0; at < dots.length; at += 1) {
      const dot = dots[at] as Dot;
      if (this.isMissing(dot, listed) && excused?.lacks(dot) !== true) return true;
    }
    return false;
  }

  #awaitAll(waiter: Waiter, dots: readonly Dot[], listed: "deps" | "prev"): void {
    for (let at = 0; at < dots.length; at += 1) {
      const dot = dots[at] as Dot;
      if (this.isMissing(dot, listed)) this.#await(waiter, dot);
    }
  }

  // What a member that counts waits for is held back no longer.
  #await(waiter: Waiter, dot: Dot): void {
    this.#waiting.await(waiter, this.#gate.writers.slotOf(dot), dot.sequence);
    if (this.#held.isEmpty) return;
    this.#free(dot, waiter.by);
    for (const { by } of this.#waiting.awaiting(
      this.#gate.writers.slotOf(waiter.record.dot),
      waiter.record.dot.sequence,
    )) {
      if (by !== waiter.by) this.#free(dot, by);
    }
  }

  // Somebody is known to have applied this: it is held back no longer, nor is what it waits for.
  #free(dot: Dot, by: CloudletId): void {
    const named = new Set([dotName(dot)]);
    const dots = [dot];
    for (let next = dots.pop(); next !== undefined; next = dots.pop()) {
      const held = this.#held.frees({ by }, next) ? this.#held.take(next) : null;
      if (held !== null) this.#released.push({ ...held, by });
      const waiter = held ?? this.#waiting.find(next);
      if (waiter === null) continue;
      if (held === null && this.#held.frees({ by }, next)) waiter.by = by;
      const { record } = waiter;
      for (const before of [...record.prev, ...record.deps, ...this.#uncovered(record)]) {
        if (this.#gate.ledger.hasApplied(before) || named.has(dotName(before))) continue;
        named.add(dotName(before));
        dots.push(before);
      }
    }
  }

  /** Has this cloudlet to wait for this dot, which is listed there? */
  isMissing(dot: Dot, listed: "deps" | "prev"): boolean {
    const { topology, self, rules } = this.#config;
    if (this.#gate.ledger.hasApplied(dot)) return false;
    return rules.awaits(listed, topology.reaches(dot.stream, self)) && !this.isGoneForGood(dot);
  }

  /** Lost with the disk of an earlier life, and no flow can bring it back; or with a cloudlet that is gone for good. */
  isGoneForGood(dot: Dot): boolean {
    const { topology, self } = this.#config;
    return (cannotReturn(topology, self, dot) || this.isLost(dot)) && !this.#gate.ledger.isKnown(dot);
  }

  /** Gone with a cloudlet that was closed. */
  isLost(dot: Dot): boolean {
    const { absences, collector } = this.#gate.retention;
    return !absences.isEmpty && absences.isLost(dot, collector?.words(dot.stream) ?? []);
  }

  // A notice waits for all that it covers, for one missing record at a time: after a long absence many are missing.
  #applyOrAwait(record: CausalRecord, from: Bringer, by: CloudletId, now: LocalTime, events: ReplicaEvent[]): void {
    const missing = record.kind === "notice" ? this.#uncovered(record)[0] : undefined;
    if (missing !== undefined) this.#await({ record, from, by, missing: 0 }, missing);
    else if (this.orderIfLone(record)) this.#held.add({ record, from, by, missing: 0 });
    else this.#gate.apply(record, from, now, events);
  }

  /**
   * Was this held back, and would it stand here as if nothing had been deleted? Then a delete is ordered for it; returns whether it was.
   *
   * @param before what stood of its key before
   */
  orderIfLone(record: CausalRecord, before?: readonly CausalRecord[]): boolean {
    const { retention } = this.#gate;
    const { rules } = this.#config;
    return (
      !retention.absences.isEmpty && rules.holdsBack() && rules.meetsAhead() && this.unmet.orderIfLone(record, before)
    );
  }

  #uncovered(record: CausalRecord): readonly Dot[] {
    const { rules, topology, self } = this.#config;
    if (!isNotice(record) || !rules.awaits("covers", topology.reaches(record.dot.stream, self))) return [];
    // The others name what they are about, and say nothing of what follows from it.
    if (record.notice.kind !== "summary" && record.notice.kind !== "return") return [];
    const dot = lastUncovered(record.notice, this.#gate.ledger.applied, this.#gate.writers);
    return dot === null ? [] : [dot];
  }
}
