/**
 * What a read of a single value says about the models, at the moment at which it takes effect.
 *
 * The session has learned by then what came before the version that it returned (arbitration.ts). Every other write of the key that
 * is in its past is older than that version, then (most are known to be) there is nothing to do; or it has that version in its own
 * causal past, then it replaced it (WriteCORead), and guarantees.ts tells which guarantees to sessions that breaks; or the two are
 * concurrent, then the read has decided their conflict, which may close a cycle (CyclicCF).
 *
 * Once CCv is violated the arbitration order is not kept any longer. A read of nothing that does not say whether it found the beginning
 * or a delete is judged as one of the beginning, and what that would violate is held until it is known that nothing was deleted.
 *
 * Leaves out what is read of sets and lists, and who has to wait.
 */
import { hasIn, hasUnknownLosers } from "./arbitration.ts";
import { conflictStory } from "./conflict-story.ts";
import type { Findings } from "./findings.ts";
import { newerByReading, newerOfWriter, newerOwn } from "./guarantees.ts";
import { type Conflict, type Key, type Session, stepOf, type Version } from "./stream-state.ts";
import { backStory, causal, emptiedStory, initialStory, replacedStory } from "./stories.ts";
import type { StreamOperation, StreamViolation } from "./stream-types.ts";

/** Judges the reads of one stream. */
export class Reads {
  readonly #findings: Findings;
  readonly #sessions: readonly Session[];
  readonly #spread: (losers: readonly Version[], winner: Version) => void;
  /** What lost against the version that is judged now. */
  readonly #losers: Version[] = [];
  #keepsOrder = true;

  /**
   * @param sessions all of them, also those that are still to come
   * @param spread puts writes and their pasts before another one, everywhere
   */
  constructor(
    findings: Findings,
    sessions: readonly Session[],
    spread: (losers: readonly Version[], winner: Version) => void,
  ) {
    this.#findings = findings;
    this.#sessions = sessions;
    this.#spread = spread;
  }

  /** Whether the arbitration order is kept: until CCv is violated. */
  get keepsOrder(): boolean {
    return this.#keepsOrder;
  }

  /** A read returned a version that is kept. */
  judge(session: Session, key: Key, returned: Version, read: StreamOperation): void {
    this.#judgeOthers(session, key, returned, read);
    this.#judgeMonotonic(session, key, returned, read);
  }

  /** A read returned the initial value. */
  judgeInitial(session: Session, key: Key, read: StreamOperation): void {
    const found: StreamViolation[] = [];
    const own = key.writers.get(session);
    if (own !== undefined) found.push(initialStory(own.step, stepOf(read)));
    const last = key.lastReads.get(session);
    if (last !== undefined) found.push(emptiedStory(last, session, read));
    for (const [writer, { index, step }] of key.writers) {
      if (session.clock.of(writer.number) < index) continue;
      found.push(initialStory(step, stepOf(read)));
      break;
    }
    const mayBeDelete = read.isUnnamed && key.mayBeNamed;
    for (const violation of found) {
      if (mayBeDelete) this.#findings.hold(key, violation);
      else if (violation.models.includes("CC")) this.#breakCausality(violation);
      else this.#findings.report(violation);
    }
  }

  #judgeOthers(session: Session, key: Key, returned: Version, read: StreamOperation): void {
    const { clock } = session;
    this.#losers.length = 0;
    for (const other of key.versions) {
      // Most are older by now: and none of these has `returned` in its past, or the cycle would have been found.
      if (this.#keepsOrder && (hasIn(returned.arbitration, other) || this.#comesBeforeLoser(other))) continue;
      if (!hasIn(clock, other) || other === returned) continue;
      if (hasIn(other.clock, returned)) {
        this.#replacedBy(session, key, returned, other, read);
        return;
      }
      if (this.#keepsOrder) this.#decide(session, other, returned, read);
    }
    if (this.#keepsOrder && this.#losers.length > 0) this.#spread(this.#losers, returned);
    if (this.#keepsOrder && session.born >= key.firstForgotten && hasUnknownLosers(session, key, returned)) {
      this.#findings.doubt(
        `line ${read.line} may have decided a conflict with what had been forgotten before its session was heard of`,
        ["CCv"],
      );
    }
  }

  #comesBeforeLoser(other: Version): boolean {
    for (const { arbitration } of this.#losers) if (hasIn(arbitration, other)) return true;
    return false;
  }

  /** Two concurrent writes, and the read returned one of them. */
  #decide(session: Session, loser: Version, winner: Version, read: StreamOperation): void {
    const conflict: Conflict = { loser, reader: session, read };
    if (hasIn(loser.arbitration, winner)) {
      this.#findings.report(conflictStory(this.#sessions, conflict, winner));
      this.#endOrder();
      return;
    }
    remember(winner, conflict);
    this.#losers.push(loser);
  }

  #replacedBy(session: Session, key: Key, returned: Version, later: Version, read: StreamOperation): void {
    const findings = this.#findings;
    this.#breakCausality(replacedStory(causal, [returned, later], session, read));
    const own = findings.isViolated("RYW") ? null : newerOwn(session, key, returned);
    if (own !== null) findings.report(replacedStory(["RYW"], [returned, own], session, read));
    const written = findings.isViolated("MW") ? null : newerOfWriter(session, key, returned);
    if (written !== null) findings.report(replacedStory(["MW"], [returned, written], session, read));
    const way = findings.isViolated("WFR") ? null : newerByReading(session, key, returned);
    if (way !== null) findings.report(replacedStory(["WFR"], way, session, read));
  }

  #breakCausality(violation: StreamViolation): void {
    this.#findings.report(violation);
    if (this.#keepsOrder) this.#endOrder();
  }

  #endOrder(): void {
    this.#keepsOrder = false;
    for (const session of this.#sessions) {
      session.arbitration = session.clock;
      for (const version of session.written) {
        version.arbitration = version.clock;
        version.beaten = null;
      }
      session.written = [];
    }
  }

  #judgeMonotonic(session: Session, key: Key, returned: Version, read: StreamOperation): void {
    const last = key.lastReads.get(session);
    if (last === returned) return;
    returned.readBy ??= new Map();
    if (!returned.readBy.has(session)) returned.readBy.set(session, read.line);
    else if (last !== undefined) this.#findings.report(backStory(returned.step, last.step, stepOf(read)));
    key.lastReads.set(session, returned);
  }
}

/** The winner keeps what it beat, of each session only the newest: older ones come before that. */
function remember(winner: Version, conflict: Conflict): void {
  const { beaten } = winner;
  if (beaten === null) {
    winner.beaten = [conflict];
    return;
  }
  const { session } = conflict.loser;
  for (let at = 0; at < beaten.length; at += 1) {
    if (beaten[at]!.loser.session !== session) continue;
    beaten[at] = conflict;
    return;
  }
  beaten.push(conflict);
}
