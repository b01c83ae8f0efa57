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
 *    something of those in its past has w there too. The versions of one session have growing pasts, so those to be changed lie side
 *    by side among the session's versions, and a search by halves finds the last of them.
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
import type { Clock } from "./clock.ts";
import type { Key, Ordered, Session, Version } from "./stream-state.ts";

/** A session learns what came before a version that it reads. */
export function learn(session: Session, { clock, arbitration }: Version): void {
  if (session.arbitration === session.clock) {
    session.clock.join(clock);
    if (arbitration !== clock) grow(session, arbitration);
  } else {
    session.clock.join(clock);
    session.arbitration.join(arbitration);
  }
}

/** The arbitration past of what a session writes now, whose causal past is given. */
export function arbitrationOfWrite(session: Session, clock: Clock): Clock {
  return session.arbitration === session.clock ? clock : session.arbitration.copy();
}

/** One write comes before another one and what follows on that, everywhere. The loser does not have the winner in its past. */
export function spread(sessions: readonly Session[], loser: Version, winner: Version): void {
  const past = loser.arbitration;
  for (const session of sessions) {
    if (!hasIn(session.arbitration, winner)) continue;
    const { written } = session;
    let at = written.length;
    if (hasIn(session.arbitration, loser)) at = firstAfter(written, loser);
    else grow(session, past);
    for (at -= 1; at >= 0 && hasIn(written[at]!.arbitration, winner); at -= 1) grow(written[at]!, past);
  }
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

/** Place of the first of a session's versions that has a write in its arbitration past. */
function firstAfter(written: readonly Version[], write: Version): number {
  let low = 0;
  let high = written.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hasIn(written[middle]!.arbitration, write)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function grow(ordered: Ordered, past: Clock): void {
  if (ordered.arbitration === ordered.clock) ordered.arbitration = ordered.clock.copy();
  ordered.arbitration.join(past);
}
