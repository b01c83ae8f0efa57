// Records that are stored here and held back, since their writer was detached and has not returned (absences.ts). They are not
// applied, not sent on, and wait for nothing; two things let them go:
//
// 1. The writer's return has come, and the deletes that it has written anew are applied. Then they are as any others. One of these
//    deletes may itself need what is held back, where it replaces another delete of the same writer. It lets go of that as if all
//    had applied it, and of what came before; so it goes after those of them that need nothing of the kind, or a value that one of
//    these is to meet would be let go before it.
// 2. Something waits for one of them that was written by a member that counts: a record, or a notice that covers it. So
//    whatever such a member has taken in before it knew of the detachment, all take in, and what came before that. Somebody who is
//    no member counts, too: what that has done to deletes is in unmet.ts.
//
// Of a cut that covers such records the scopes that have them are held back, until notices that are here cover them, or all deletes are here
// that go before them. Such a delete may itself wait for what is not here yet; so both become visible in one step (installing.ts).

import type { Absences } from "./absences.ts";
import { Coverings, anyDot, eachDot, type Cut } from "./cut.ts";
import type { CloudletId, StreamId } from "../ids.ts";
import { isNotice } from "./notice.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import type { Waiter } from "./waiting.ts";
import type { WriterTable } from "./writers.ts";

// A delete written anew lets go of what it waits for as if all had applied that.
const everybody = -1 as CloudletId;
const sequenceSpan = 4_294_967_296;

/** What is held back at one cloudlet. */
export class HeldBack {
  readonly #rules: Rules;
  readonly #writers: WriterTable;
  readonly #absences: Absences;
  readonly #hasApplied: (dot: Dot) => boolean;
  // Made when the first is held back.
  #held: Map<number, Waiter> | null = null;

  /** @param hasApplied is this applied here? */
  constructor(
    rules: Rules,
    writers: WriterTable,
    absences: Absences,
    hasApplied: (dot: Dot) => boolean,
    like: HeldBack | null,
  ) {
    this.#rules = rules;
    this.#writers = writers;
    this.#absences = absences;
    this.#hasApplied = hasApplied;
    if (like === null || like.#held === null) return;
    this.#held = new Map([...like.#held].map(([name, waiter]) => [name, { ...waiter }]));
  }

  /** Is nothing held back? */
  get isEmpty(): boolean {
    return this.#held === null || this.#held.size === 0;
  }

  /** All of it, in the order it came. */
  all(): readonly Waiter[] {
    return this.#held === null ? [] : [...this.#held.values()];
  }

  /**
   * Who is known to have applied what this record waits for, where that is nobody but its writer: that one. Null where it is to
   * be held back; what says that its writer is back never is.
   *
   * @param awaiting who waits for it
   * @param find what waits here and is not held back, by its name
   */
  freedBy(record: CausalRecord, awaiting: readonly Waiter[], find: (dot: Dot) => Waiter | null): CloudletId | null {
    const { dot } = record;
    if (this.#absences.isAnew(dot)) return this.#mayLead(record, find) ? everybody : null;
    if (isNotice(record) && (record.notice.kind === "back" || record.notice.kind === "return")) return dot.origin;
    if (!this.#absences.holds(dot)) return dot.origin;
    return awaiting.find((waiter) => this.frees(waiter, dot))?.by ?? null;
  }

  // May this delete, which was written anew, go now, and take along what it needs?
  #mayLead(record: CausalRecord, find: (dot: Dot) => Waiter | null): boolean {
    if (!needsItsWriter(record)) return true;
    const isLast = this.#absences.anewWith(record.dot).every((other) => {
      if (this.#hasApplied(other)) return true;
      const here = this.#held?.get(this.#nameOf(other)) ?? find(other);
      return here !== null && needsItsWriter(here.record);
    });
    return this.#rules.leads(isLast);
  }

  /** Holds it back. */
  add(waiter: Waiter): void {
    this.#held ??= new Map();
    this.#held.set(this.#nameOf(waiter.record.dot), waiter);
  }

  /** Does this waiter speak for a member that counts in the stream of what it waits for? */
  frees({ by }: Pick<Waiter, "by">, { stream }: Pick<Dot, "stream">): boolean {
    return !this.#absences.isAway(stream, by);
  }

  /** Lets go of this one, which something waits for; null when it is not held back. */
  take(dot: Dot): Waiter | null {
    const name = this.#nameOf(dot);
    const waiter = this.#held?.get(name) ?? null;
    if (waiter !== null) this.#held?.delete(name);
    return waiter;
  }

  /** Takes everything out, in the order it came. */
  takeAll(): readonly Waiter[] {
    const all = this.all();
    this.#held?.clear();
    return all;
  }

  /**
   * The streams of this cut that are to be held back.
   *
   * @param waiting records that are stored here and not applied yet
   */
  streamsHeldOf(cut: Cut, hasApplied: (dot: Dot) => boolean, waiting: readonly CausalRecord[]): ReadonlySet<StreamId> {
    const own = new Coverings([cut.applied]);
    // A delete written anew may wait for what the cut brings.
    const stored = new Set([...waiting].map(({ dot }) => this.#nameOf(dot)));
    const isCome = (dot: Dot): boolean => own.covers(dot) || hasApplied(dot) || stored.has(this.#nameOf(dot));
    const isHeld = (dot: Dot): boolean => this.#absences.holds(dot, isCome) && !hasApplied(dot);
    const streams = new Set<StreamId>();
    if (!anyDot(cut.applied, isHeld)) return streams;
    const covered = this.#wordsOn(cut, waiting);
    eachDot(cut.applied, (dot) => {
      if (isHeld(dot) && !covered.covers(dot)) streams.add(dot.stream);
    });
    return streams;
  }

  /** Deletes that were written anew, and that are to become visible with this cut at the latest. */
  anewBefore(cut: Cut, hasApplied: (dot: Dot) => boolean, waiting: readonly CausalRecord[]): readonly Dot[] {
    const own = new Coverings([cut.applied]);
    const isHeld = (dot: Dot): boolean =>
      !hasApplied(dot) && this.#absences.holds(dot, (one) => own.covers(one) || hasApplied(one));
    const before: Dot[] = [];
    if (!anyDot(cut.applied, isHeld)) return before;
    const covered = this.#wordsOn(cut, waiting);
    eachDot(cut.applied, (dot) => {
      if (isHeld(dot) && !covered.covers(dot)) before.push(...(this.#absences.anewBefore(dot) ?? []));
    });
    return before;
  }

  // What members that count have said that they have.
  #wordsOn({ versions }: Cut, waiting: readonly CausalRecord[]): Coverings {
    const words: CausalRecord[] = [...versions, ...waiting];
    return new Coverings(
      words.flatMap((record) => {
        const isWord = isNotice(record) && !this.#absences.isAway(record.dot.stream, record.dot.origin);
        return isWord ? [record.notice.covers] : [];
      }),
    );
  }

  #nameOf(dot: Dot): number {
    return this.#writers.slotOf(dot) * sequenceSpan + dot.sequence;
  }
}

// Does it replace what its own writer wrote?
function needsItsWriter({ dot: { origin }, prev }: CausalRecord): boolean {
  return prev.some((one) => one.origin === origin);
}
