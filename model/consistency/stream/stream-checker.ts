/**
 * Checks CC, CCv and the session guarantees while operations arrive, in memory that does not grow with the length of the stream.
 *
 * Operations take effect here in an order that session order and reads-from allow: a read waits, and its session behind it, until
 * the line of the write that it returned has come. Every session has a clock, how much of each other session is in its causal past;
 * every version that can still be read has the clock of its write. Both have a second one for the order by which conflicts end
 * (arbitration.ts).
 *
 * 1. A read that returns v, while a write that v is causally before is in its past, returns what was replaced: WriteCORead. Only
 *    then RYW, MW and WFR can be broken, too (guarantees.ts).
 * 2. A read of the initial value with any write of the key in its past: WriteCOInitRead.
 * 3. Sessions that wait for each other's waiting writes have read in a circle: CyclicCO.
 * 4. A read that returns what its session had read before and left is a NonMonotonicRead.
 * 5. A read of w, with a concurrent write x of the key in its past, puts x before w for everybody; a cycle of that is a CyclicCF.
 *
 * These are certain when they are seen: more lines only add to pasts. That nobody wrote what was read (ThinAirRead, AbortedRead) is
 * certain only at the end, since the line of the write may still come. What is violated beside the models that are asked for does
 * not end the check.
 *
 * A write of unknown outcome takes part once somebody reads it (unanswered.ts).
 *
 * What is forgotten: a version is, once a later one that replaced it is in the past of every session; from then on any session that
 * reads it violates CC by 1, which its name is enough to say (as long as the name is remembered). A session that is first heard of
 * after that has no such past. Where it reads something forgotten, or where so much waits that a read is let go without its write,
 * the check goes on with less order than there is: what it finds is still a violation, but in the end it does not say "holds".
 *
 * Leaves out PRAM, CM and all others that need to look at the whole history; what lists and sets show beyond causality, so that CC
 * never holds on a stream that has any (with sets it does where writes say what they replace); reading lines; words.
 */
import { assert } from "../../assert.ts";
import { Arbitration, arbitrationOfWrite } from "./arbitration.ts";
import { Clock, ClockMemory } from "./clock.ts";
import { Findings } from "./findings.ts";
import { commonPast, forgetReplaced } from "./forgetting.ts";
import { Reads } from "./reads.ts";
import { Recent } from "./recent.ts";
import { causal, circleStory, forgottenStory, unwrittenStory } from "./stories.ts";
import {
  type Key,
  nameOf,
  newKey,
  newSession,
  noteFirst,
  type Remembered,
  type Session,
  stepOf,
  type Version,
  writtenBy,
} from "./stream-state.ts";
import {
  type StreamLimits,
  streamLimits,
  type StreamModel,
  streamModels,
  type StreamOperation,
  type StreamStep,
  type StreamVerdict,
} from "./stream-types.ts";
import { type Unanswered, UnansweredWrites } from "./unanswered.ts";
import { type CircleStep, WaitingRoom } from "./waiting-room.ts";

/** Checks one stream. Feed operations with `add` until it answers, or ask for the `end`. */
export class StreamChecker {
  readonly #limits: StreamLimits;
  readonly #findings: Findings;
  readonly #reads: Reads;
  readonly #sessions = new Map<number | string, Session>();
  readonly #byNumber: Session[] = [];
  readonly #keys = new Map<string, Key>();
  readonly #versions = new Map<string, Version>();
  readonly #remembered: Recent<Remembered>;
  readonly #failedWrites: Recent<StreamStep>;
  /** Reads that were let go without their write, by version. */
  readonly #letGo: Recent<{ readonly step: StreamStep; readonly mayBeForgotten: boolean }>;
  readonly #unanswered: UnansweredWrites;
  readonly #room = new WaitingRoom();
  readonly #memory = new ClockMemory();
  readonly #arbitration: Arbitration;
  /** The read that takes effect whatever it misses. */
  #forced: StreamOperation | null = null;
  /** The operation that was named last, and its name. */
  #named: StreamOperation | null = null;
  #name: string | null = null;
  #looks = 0;
  #nextLook: number;
  #duplicate: string | null = null;
  /** Whether something was forgotten down to its name. */
  #hasLostNames = false;
  #operations = 0;
  #hasRegisterReads = false;
  #hasSetReads = false;
  #hasListReads = false;
  #hasUnansweredReads = false;

  /** @param watched the models whose violations end the check */
  constructor(watched: readonly StreamModel[] = streamModels, limits: StreamLimits = streamLimits) {
    this.#findings = new Findings(watched);
    this.#reads = new Reads(this.#findings, this.#byNumber, (losers, winner) => this.spread(losers, winner));
    this.#limits = limits;
    this.#arbitration = new Arbitration(this.#byNumber, limits.knowers);
    this.#nextLook = limits.firstLook;
    this.#remembered = new Recent(limits.remembered);
    this.#unanswered = new UnansweredWrites(limits.remembered);
    this.#failedWrites = new Recent(limits.remembered);
    this.#letGo = new Recent(limits.remembered);
  }

  /** Operations that arrived. */
  get operationCount(): number {
    return this.#operations;
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  get keyCount(): number {
    return this.#keys.size;
  }

  /** Versions kept now: what bounds the memory, beside sessions and keys. */
  get versionCount(): number {
    return this.#versions.size;
  }

  /** Whether no later line can change the answer. */
  get isOver(): boolean {
    return this.#findings.isOver || this.#duplicate !== null;
  }

  /** Takes the next operation; nothing more is taken once the answer `isOver`. */
  add(operation: StreamOperation): void {
    if (this.isOver) return;
    this.#operations += 1;
    const session = this.#sessionOf(operation);
    const isWrite = operation.kind === "write";
    if (operation.outcome === "failed") {
      if (isWrite) this.#noteFailed(operation);
      return;
    }
    if (!isWrite && operation.outcome === "unknown") {
      this.#hasUnansweredReads ||= operation.isRegister;
      return;
    }
    if (isWrite) this.#noteDuplicate(operation);
    if (this.#duplicate !== null) return;
    if (operation.outcome === "unknown") {
      this.#noteUnanswered(session, operation);
      return;
    }
    const missing = this.#room.isWaiting(session) ? null : this.#missing(operation);
    if (missing !== null || this.#room.isWaiting(session)) {
      this.#circle(this.#room.enter(session, operation, missing));
      if (this.#room.size > this.#limits.waiting) this.#letOldestGo();
    } else {
      this.#apply(session, operation);
      if (this.#room.size > 0) this.#settle(operation);
    }
    if (this.#versions.size >= this.#nextLook) this.#forget(operation.line);
  }

  /** What is known of each model when no more lines come, or when the answer `isOver`. */
  end(): ReadonlyMap<StreamModel, StreamVerdict> {
    let unread = this.isOver ? "the rest of the stream was not read" : null;
    // What still waits, waits for lines that never came.
    while (!this.isOver && this.#room.size > 0) this.#letOldestGo();
    if (this.#room.size > 0) unread ??= "the rest of the stream was not judged";
    if (unread === null) this.#judgeEnd();
    return new Map(streamModels.map((model) => [model, this.#verdictOf(model, unread)]));
  }

  /** What is in the past of every one of these sessions: by session number how many of its operations. */
  protected commonPast(sessions: readonly { readonly clock: Clock }[], count: number): Clock {
    return commonPast(sessions, count, new Clock(this.#memory));
  }

  /** Puts writes and their pasts before another one, everywhere. */
  protected spread(losers: readonly Version[], winner: Version): void {
    this.#arbitration.spread(losers, winner);
  }

  #verdictOf(model: StreamModel, unread: string | null): StreamVerdict {
    if (this.#duplicate !== null) return { kind: "not-applicable", reason: this.#duplicate };
    const hasReads = this.#hasSetReads || this.#hasListReads;
    if (unread === null && hasReads && !this.#hasRegisterReads && model !== "CC") {
      if (this.#hasUnansweredReads)
        return { kind: "unknown", reason: "only reads without an answer are of single values" };
      if (model !== "CCv") return { kind: "not-applicable", reason: "no reads of single values" };
      if (!this.#hasListReads) return { kind: "not-applicable", reason: "no reads of single values or of lists" };
    }
    return this.#findings.verdictOf(model, unread);
  }

  #sessionOf({ session: name, line }: StreamOperation): Session {
    let session = this.#sessions.get(name);
    if (session === undefined) {
      session = this.#newSession(name, line, false);
      this.#sessions.set(name, session);
    }
    session.lastLine = line;
    if (session.isEnded) {
      session.isEnded = false;
      session.born = this.#looks;
    }
    return session;
  }

  #newSession(name: number | string, line: number, isEnded: boolean): Session {
    const session = newSession(name, this.#byNumber.length, new Clock(this.#memory), line, this.#looks, isEnded);
    this.#byNumber.push(session);
    this.#arbitration.add();
    return session;
  }

  #keyOf({ key: name, mayBeNamed }: StreamOperation): Key {
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = newKey();
      this.#keys.set(name, key);
    }
    key.mayBeNamed ||= mayBeNamed;
    return key;
  }

  #noteFailed(operation: StreamOperation): void {
    for (const { id } of operation.versions) {
      if (id === null) continue;
      this.#failedWrites.set(nameOf(operation.key, id), stepOf(operation));
    }
  }

  /** A value written twice by writes that may have happened: who reads it may have read either. */
  #noteDuplicate(operation: StreamOperation): void {
    const [version] = operation.versions;
    assert(version !== undefined, "a write puts a version there");
    const name = this.#firstName(operation);
    const before = name === null ? null : this.#knownWrite(name);
    if (name !== null && before === null) return;
    const where = before === null ? "as the initial value" : `at line ${before.line}`;
    this.#duplicate = `${version.text} is there twice, ${where} and at line ${operation.line}: a read of it may have returned either`;
  }

  #knownWrite(name: string): StreamStep | null {
    const known = this.#versions.get(name) ?? this.#remembered.get(name);
    return known?.step ?? this.#unanswered.stepOf(name) ?? this.#room.writeOf(name);
  }

  /** The name of the first version of an operation; null for the initial one and where there is none. Several ask in turn. */
  #firstName(operation: StreamOperation): string | null {
    if (operation !== this.#named) {
      const id = operation.versions[0]?.id ?? null;
      this.#named = operation;
      this.#name = id === null ? null : nameOf(operation.key, id);
    }
    return this.#name;
  }

  // --- taking effect ---

  /** A version that a read returned and whose write has not taken effect; null where there is none. */
  #missing(operation: StreamOperation): string | null {
    const { kind, key, versions } = operation;
    if (kind === "write" || operation === this.#forced) return null;
    for (let at = 0; at < versions.length; at += 1) {
      const { id } = versions[at]!;
      const name = at === 0 ? this.#firstName(operation) : id === null ? null : nameOf(key, id);
      if (name === null) continue;
      if (!this.#isKnown(name)) return name;
    }
    return null;
  }

  /** Whether the write of a version has taken effect, or may do so at any time, or is not waited for. */
  #isKnown(name: string): boolean {
    if (this.#versions.has(name) || this.#remembered.has(name)) return true;
    return this.#letGo.has(name) || this.#unanswered.stepOf(name) !== null;
  }

  #apply(session: Session, operation: StreamOperation): void {
    this.#arbitration.advance(session);
    const key = this.#keyOf(operation);
    if (operation.kind === "write") this.#applyWrite(session, key, operation);
    else this.#applyRead(session, key, operation);
  }

  /** After operations took effect: whoever waited for them goes on, and whoever waited for those. */
  #settle(first: StreamOperation): void {
    const done: StreamOperation[] = [first];
    for (let next = done.pop(); next !== undefined && !this.isOver; next = done.pop()) {
      const written = writtenBy(next);
      if (written !== null) this.#release(written, done);
    }
  }

  #release(name: string, done: StreamOperation[]): void {
    this.#circle(
      this.#room.release(name, (session, operation) => {
        const missing = this.#missing(operation);
        if (missing !== null || this.isOver) return missing ?? name;
        this.#apply(session, operation);
        done.push(operation);
        return null;
      }),
    );
  }

  #circle(circle: readonly CircleStep[] | null): void {
    if (circle === null) return;
    const violation = circleStory(circle);
    this.#findings.report(violation);
    this.#findings.doubt(
      `the stream violates ${violation.models.join(" and ")} (${violation.pattern}), after which only whole histories are judged`,
    );
  }

  #applyWrite(session: Session, key: Key, operation: StreamOperation): Version {
    const name = this.#firstName(operation);
    assert(name !== null, "a write puts a version there");
    const clock = session.clock.copy();
    const version: Version = {
      name,
      text: operation.versions[0]?.text ?? "",
      step: { ...stepOf(operation), session: session.name },
      session,
      index: session.count,
      clock,
      arbitration: arbitrationOfWrite(session, clock),
      isForgotten: false,
      readBy: null,
      beaten: null,
    };
    key.versions.push(version);
    noteFirst(key, version);
    if (this.#reads.keepsOrder) session.written.push(version);
    this.#versions.set(name, version);
    this.#noteWritten(key, operation, name);
    return version;
  }

  /** What a write says of its key, whether or not its outcome is known. */
  #noteWritten(key: Key, { line, isOfList, isDelete }: StreamOperation, name: string): void {
    if (isOfList) {
      key.isList = true;
      if (!this.#findings.isDoubted("CC"))
        this.#findings.doubt(
          `line ${line} appends to a list; what lists show is judged in whole histories only`,
          causal,
        );
    }
    if (isDelete) {
      key.isDeleted = true;
      if (key.hasUnnamed) this.#doubtNothing(key, line);
    }
    if (!this.#letGo.delete(name)) return;
    this.#findings.doubt(`line ${line} wrote what a read had returned so many lines before that it was let go`);
  }

  /** A write that may happen at any time, or never: it takes no part until somebody reads it. */
  #noteUnanswered(session: Session, operation: StreamOperation): void {
    const name = this.#firstName(operation);
    assert(name !== null, "a write puts a version there");
    this.#unanswered.add(name, { operation, session });
    this.#noteWritten(this.#keyOf(operation), operation, name);
    if (this.#room.size > 0) this.#settle(operation);
  }

  /** Somebody reads what a write wrote whose outcome nobody told: it happened, and was no part of its session. */
  #prove(unanswered: Unanswered | undefined): Version | undefined {
    if (unanswered === undefined) return undefined;
    const { operation, session } = unanswered;
    const { line } = operation;
    const happened = `line ${line}, whose outcome nobody told, was read, and all of its transaction happened`;
    if (operation.isInTransaction) this.#findings.doubt(`${happened}, which is judged in whole histories only`);
    const apart = this.#newSession(`${session.name} (line ${line})`, line, true);
    this.#arbitration.advance(apart);
    return this.#applyWrite(apart, this.#keyOf(operation), operation);
  }

  #doubtNothing(key: Key, line: number): void {
    key.hasUnnamed = true;
    const what = `the beginning of a key or a delete of it (line ${line}), and does not name the version`;
    this.#findings.doubt(`a read of nothing may have returned ${what}`);
  }

  #applyRead(session: Session, key: Key, operation: StreamOperation): void {
    if (operation.isRegister) this.#hasRegisterReads = true;
    else if (operation.isOfList || key.isList) this.#hasListReads = true;
    else this.#hasSetReads = true;
    const { versions } = operation;
    let returned: Version | null = null;
    for (let at = 0; at < versions.length; at += 1) {
      const { id } = versions[at]!;
      const name = at === 0 ? this.#firstName(operation) : id === null ? null : nameOf(operation.key, id);
      if (name === null) continue;
      const version = this.#versions.get(name) ?? this.#prove(this.#unanswered.take(name));
      if (version === undefined) {
        this.#readForgotten(session, operation, this.#remembered.get(name));
        continue;
      }
      returned = version;
      this.#arbitration.learn(session, version);
    }
    if (operation.showsMore && !this.#findings.isDoubted("CC"))
      this.#findings.doubt(
        `line ${operation.line} reads several values; what sets show is judged in whole histories only`,
        causal,
      );
    if (!operation.isRegister) {
      // No model allows a list that has an element twice; and on sets that name one twice nobody should rely.
      if (new Set(versions.map(({ id }) => id)).size < versions.length)
        this.#findings.doubt(
          `line ${operation.line} returned one element twice, which is judged in whole histories only`,
        );
      return;
    }
    if (this.isOver) return;
    if (returned !== null) this.#reads.judge(session, key, returned, operation);
    else if (versions[0]?.id === null) {
      if (operation.isUnnamed && key.isDeleted) this.#doubtNothing(key, operation.line);
      else this.#reads.judgeInitial(session, key, operation);
      key.hasUnnamed ||= operation.isUnnamed;
    }
  }

  /** A read of a version of which only the name is left (or nothing, where it was let go). */
  #readForgotten(session: Session, operation: StreamOperation, remembered: Remembered | undefined): void {
    if (remembered === undefined) return;
    const findings = this.#findings;
    if (session.born >= remembered.look) {
      findings.doubt(`line ${operation.line} returned what had been forgotten before its session was heard of`);
      return;
    }
    if (!operation.isRegister) return;
    // Its past is in the session's past already, and so is what replaced it.
    findings.report(forgottenStory(remembered.step, remembered.replacedBy, stepOf(operation)));
    findings.doubt(`line ${operation.line} returned what had been forgotten, since everybody had seen it replaced`);
  }

  // --- letting go and forgetting ---

  /** The read that has waited longest is taken without the write that it waits for. */
  #letOldestGo(): void {
    const oldest = this.#room.oldest();
    assert(oldest !== null, "where something waits, there is somebody who waits");
    const { session, read, waitsFor } = oldest;
    this.#forced = read;
    const key = this.#keyOf(read);
    // Of sets and lists a forgotten version may be returned by anybody.
    const mayBeForgotten = read.isRegister ? key.firstForgotten <= session.born : key.firstForgotten < Infinity;
    for (const { id } of read.versions) {
      const name = id === null ? null : nameOf(read.key, id);
      if (name === null || this.#isKnown(name)) continue;
      if (this.#letGo.set(name, { step: stepOf(read), mayBeForgotten }))
        this.#findings.doubt("more reads were let go than are remembered");
    }
    const done: StreamOperation[] = [];
    this.#release(waitsFor, done);
    for (const operation of done) this.#settle(operation);
  }

  /** What is known only when no more lines come. */
  #judgeEnd(): void {
    const findings = this.#findings;
    findings.settleHeld();
    const last = this.#unanswered.lastOfSession();
    if (last !== null)
      findings.doubt(
        `line ${last}, whose outcome nobody told, was read and is the last of its session: what comes before it is judged in whole histories only`,
      );
    for (const [name, { step, mayBeForgotten }] of this.#letGo.entries()) {
      const reason = `line ${step.line} returned what nobody wrote, or what had been forgotten`;
      // If it was forgotten, this session had it replaced in its past.
      if (mayBeForgotten || this.#unanswered.hasLost) findings.doubt(reason);
      else findings.report(unwrittenStory(step, this.#failedWrites.get(name) ?? null, this.#hasLostNames));
      if (this.#hasLostNames) findings.doubt(reason);
    }
  }

  /** Looks at all versions and forgets those that a version in everybody's past has replaced. */
  #forget(line: number): void {
    this.#looks += 1;
    for (const session of this.#byNumber) {
      if (!this.#room.isWaiting(session) && line - session.lastLine > this.#limits.idle) session.isEnded = true;
    }
    const going = this.#byNumber.filter(({ isEnded }) => !isEnded);
    const common = this.commonPast(going, this.#byNumber.length);
    forgetReplaced(this.#keys.values(), common, (key, version, later) => this.#forgetOne(key, version, later));
    for (const session of this.#byNumber) session.written = session.written.filter(({ isForgotten }) => !isForgotten);
    this.#nextLook = Math.max(this.#limits.firstLook, this.#versions.size * 2);
  }

  #forgetOne(key: Key, version: Version, later: Version): void {
    key.firstForgotten = Math.min(key.firstForgotten, this.#looks);
    this.#versions.delete(version.name);
    const remembered = { step: version.step, replacedBy: later.step, look: this.#looks };
    if (this.#remembered.set(version.name, remembered)) this.#hasLostNames = true;
  }
}
