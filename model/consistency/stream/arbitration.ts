/**
 * The order by which conflicts end, while operations arrive: what CCv asks beyond CC.
 *
 * A read that returned w, with another write x of the key in its past, has decided that x loses against w: x comes before w in the
 * one order that all share (CF in the paper). CCv holds as long as these decisions and the causal order have no cycle together.
 * For that every session and every version that can still be read has a second clock, its arbitration past: all that must come
 * before it. Three things make this exact, and bounded:
 *
 * 1. The past is closed under session order, so a clock can say it.
 * 2. A decision x before w adds the past of x to w, and to whatever has w in its past and x not yet. Nothing else changes: who has
 *    something of those in its past has w there too, and so all that w had: only what x has and w had not needs to be added. The
 *    versions of one session have growing pasts, so those to be changed lie side by side among the session's versions, and a search
 *    by halves finds the first of them. What one read decides is told at once, since the losers of one winner change nothing for
 *    each other: none has it in its past.
 * 3. A decision closes a cycle exactly if w is in the arbitration past of x before it is made. A new operation closes none: nothing
 *    comes after it yet.
 *
 * What is forgotten matters no more. A write x is forgotten when a later one l of its key, which has x in its causal past, is in the
 * past of every session. Who then reads another w of the key decides that l, or one that took the place of l, loses, which has the
 * past of x in its own; and if w were l itself, x is before it anyway. Nothing forgotten wins any more, as who reads it violates CC.
 * Only a session that came later may have seen x and not l: then `hasUnknownLosers` says that a decision may be missing.
 *
 * Source: Bouajjani et al., POPL 2017, definition 5 and Table 3 (CyclicCF). That a chosen order of all follows from the absence of
 * cycles is theirs. Leaves out when a conflict is decided (stream-checker.ts), and how a cycle is told (conflict-story.ts).
 */
import { type Clock, Gain } from "./clock.ts";
import { Knowers } from "./knowers.ts";
import type { Key, Session, Version } from "./stream-state.ts";

/** Keeps the arbitration pasts of one stream, and with them the causal ones of its sessions. */
export class Arbitration {
  readonly #sessions: readonly Session[];
  readonly #knowers: Knowers;
  /** What the last winner gained by its losers; kept so that its memory is used again. */
  readonly #gain = new Gain();

  /**
   * @param sessions all of them by number, also those that are still to come
   * @param kept how many of them are kept in a form that is quick to ask (knowers.ts)
   */
  constructor(sessions: readonly Session[], kept: number) {
    this.#sessions = sessions;
    this.#knowers = new Knowers(kept);
  }

  /** One more session has come. */
  add(): void {
    this.#knowers.add();
  }

  /** A session does one more operation. */
  advance(session: Session): void {
    const { clock, arbitration, number } = session;
    session.count += 1;
    clock.set(number, session.count);
    if (arbitration !== clock) arbitration.set(number, session.count);
    this.#knowers.note(number, number, session.count);
  }

  /** A session learns what came before a version that it reads. */
  learn(session: Session, { clock, arbitration }: Version): void {
    if (session.arbitration === session.clock) {
      if (arbitration === clock) {
        session.clock.joinNoting(clock, this.#knowers, session.number);
        return;
      }
      session.arbitration = session.clock.copy();
    }
    session.clock.join(clock);
    session.arbitration.joinNoting(arbitration, this.#knowers, session.number);
  }

  /** Some writes come before another one and what follows on that, everywhere. None of them has the winner in its past. */
  spread(losers: readonly Version[], winner: Version): void {
    this.#gain.clear();
    for (const { arbitration } of losers) arbitration.tellMore(winner.arbitration, this.#gain);
    const { number } = winner.session;
    const isKept = number < this.#knowers.kept;
    if (isKept) {
      for (let at = this.#knowers.next(number, winner.index, 0); at >= 0;) {
        this.#tell(this.#sessions[at]!, losers, winner);
        at = this.#knowers.next(number, winner.index, at + 1);
      }
    }
    for (let at = isKept ? this.#knowers.kept : 0; at < this.#sessions.length; at += 1) {
      const session = this.#sessions[at]!;
      if (hasIn(session.arbitration, winner)) this.#tell(session, losers, winner);
    }
  }

  /** The same of a session that knows the winner: what it wrote since then, as far as that does not know the losers, too. */
  #tell(session: Session, losers: readonly Version[], winner: Version): void {
    const { written } = session;
    if (!hasAll(session.arbitration, losers)) {
      if (session.arbitration === session.clock) session.arbitration = session.clock.copy();
      session.arbitration.takeNoting(this.#gain, this.#knowers, session.number);
    }
    for (let at = firstWith(written, winner); at < written.length; at += 1) {
      const version = written[at]!;
      if (hasAll(version.arbitration, losers)) return;
      if (version.arbitration === version.clock) version.arbitration = version.clock.copy();
      version.arbitration.take(this.#gain);
    }
  }
}

/** The arbitration past of what a session writes now, whose causal past is given. */
export function arbitrationOfWrite(session: Session, clock: Clock): Clock {
  return session.arbitration === session.clock ? clock : session.arbitration.copy();
}

/** Whether a write is in a past. */
export function hasIn(past: Clock, { session, index }: Version): boolean {
  return past.of(session.number) >= index;
}

/** Whether a session may have seen a forgotten write of the key that is not known to come before what it read. */
export function hasUnknownLosers(session: Session, key: Key, { arbitration }: Version): boolean {
  for (const [writer, { index, forgotten }] of key.writers) {
    const seen = Math.min(forgotten, session.clock.of(writer.number));
    if (seen >= index && seen > arbitration.of(writer.number)) return true;
  }
  return false;
}

function hasAll(past: Clock, writes: readonly Version[]): boolean {
  for (let at = 0; at < writes.length; at += 1) if (!hasIn(past, writes[at]!)) return false;
  return true;
}

/** Place of the first of a session's versions that has a write in its arbitration past. */
function firstWith(written: readonly Version[], write: Version): number {
  // Mostly it is one of the last.
  let high = written.length;
  let low = high - 1;
  for (let step = 1; low >= 0 && hasIn(written[low]!.arbitration, write); step *= 2) {
    high = low;
    low -= step;
  }
  low = Math.max(0, low + 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hasIn(written[middle]!.arbitration, write)) high = middle;
    else low = middle + 1;
  }
  return low;
}
