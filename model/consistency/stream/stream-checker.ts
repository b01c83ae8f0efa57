/**
 * Checks CC and monotonic reads while operations arrive, in memory that does not grow with the length of the stream.
 *
 * Operations take effect here in an order that session order and reads-from allow: a read waits, and its session behind it, until
 * the line of the write that it returned has come. Every session has a clock, how much of each other session is in its causal past;
 * every version that can still be read has the clock of its write.
 *
 * 1. A read that returns v, while a write that v is causally before is in its past, returns what was replaced: WriteCORead.
 * 2. A read of the initial value with any write of the key in its past: WriteCOInitRead.
 * 3. Sessions that wait for each other's waiting writes have read in a circle: CyclicCO.
 * 4. A read that returns what its session had read before and left is a NonMonotonicRead.
 *
 * These are certain when they are seen: more lines only add to pasts. That nobody wrote what was read (ThinAirRead, AbortedRead) is
 * certain only at the end, since the line of the write may still come.
 *
 * What is forgotten: a version is, once a later one that replaced it is in the past of every session; from then on any session that
 * reads it violates CC by 1, which its name is enough to say (as long as the name is remembered). A session that is first heard of
 * after that has no such past. Where it reads something forgotten, or where so much waits that a read is let go without its write,
 * the check goes on with less order than there is: what it finds is still a violation, but in the end it does not say "holds".
 *
 * Leaves out CCv, CM and all others that need to look at the whole history; what lists and sets show beyond causality, so that a
 * stream that has any never holds (sets do where writes say what they replace); reading lines; words.
 */
import { assert } from "../../assert.ts";
import { Clock } from "./clock.ts";
import { Recent } from "./recent.ts";
import { backStory, circleStory, initialStory, replacedStory, unwrittenStory } from "./stories.ts";
import {
  type Key,
  nameOf,
  noteFirst,
  type Remembered,
  type Session,
  stepOf,
  type Version,
  writtenBy,
} from "./stream-state.ts";
import {
  type StreamEnd,
  type StreamLimits,
  streamLimits,
  type StreamModel,
  streamModels,
  type StreamOperation,
  type StreamStep,
  type StreamViolation,
} from "./stream-types.ts";
import { type CircleStep, WaitingRoom } from "./waiting-room.ts";

/** Checks one stream. Feed operations with `add` until it answers, or ask for the `end`. */
export class StreamChecker {
  readonly #limits: StreamLimits;
  readonly #watched: readonly StreamModel[];
  readonly #sessions = new Map<string, Session>();
  readonly #byNumber: Session[] = [];
  readonly #keys = new Map<string, Key>();
  readonly #versions = new Map<string, Version>();
  readonly #remembered: Recent<Remembered>;
  readonly #failedWrites: Recent<StreamStep>;
  /** Reads that were let go without their write, by version. */
  readonly #letGo: Recent<{ readonly step: StreamStep; readonly mayBeForgotten: boolean }>;
  readonly #room = new WaitingRoom();
  /** The read that takes effect whatever it misses. */
  #forced: StreamOperation | null = null;
  #looks = 0;
  #nextLook: number;
  /** The first reason why "holds" cannot be said. */
  #doubt: string | null = null;
  #duplicate: string | null = null;
  #found: StreamViolation | null = null;
  #operations = 0;

  /** @param watched the models whose violations end the check */
  constructor(watched: readonly StreamModel[] = streamModels, limits: StreamLimits = streamLimits) {
    this.#watched = watched;
    this.#limits = limits;
    this.#nextLook = limits.firstLook;
    this.#remembered = new Recent(limits.remembered);
    this.#failedWrites = new Recent(limits.remembered);
    this.#letGo = new Recent(limits.remembered);
  }

  /** Operations that arrived. */
  get operationCount(): number {
    return this.#operations;
  }

  get sessionCount(): number {
    return this.#byNumber.length;
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
    return this.#found !== null || this.#duplicate !== null;
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
    if (!isWrite && operation.outcome === "unknown") return;
    if (isWrite) this.#noteDuplicate(operation);
    if (this.#duplicate !== null) return;
    const missing = this.#room.isWaiting(session) ? null : this.#missing(operation);
    if (missing !== null || this.#room.isWaiting(session)) {
      this.#circle(this.#room.enter(session, operation, missing));
      if (this.#room.size > this.#limits.waiting) this.#letOldestGo();
    } else {
      this.#apply(session, operation);
      this.#settle(operation);
    }
    if (this.#versions.size >= this.#nextLook) this.#forget(operation.line);
  }

  /** What is known when no more lines come. */
  end(): StreamEnd {
    // What still waits, waits for lines that never came.
    while (!this.isOver && this.#room.size > 0) this.#letOldestGo();
    if (!this.isOver) this.#judgeLetGo();
    if (this.#found !== null) return { kind: "violated", violation: this.#found };
    if (this.#duplicate !== null) return { kind: "not-applicable", reason: this.#duplicate };
    return this.#doubt === null ? { kind: "holds" } : { kind: "unknown", reason: this.#doubt };
  }

  /** What is in the past of every one of these sessions: by session number how many of its operations. */
  protected commonPast(sessions: readonly { readonly clock: Clock }[], count: number): Clock {
    const common = new Clock();
    for (let number = 0; number < count; number += 1) {
      let least = Infinity;
      for (const { clock } of sessions) least = Math.min(least, clock.of(number));
      common.set(number, least === Infinity ? 0 : least);
    }
    return common;
  }

  #sessionOf({ session: name, line }: StreamOperation): Session {
    let session = this.#sessions.get(name);
    if (session === undefined) {
      const number = this.#byNumber.length;
      session = { name, number, clock: new Clock(), count: 0, lastLine: line, born: this.#looks, isEnded: false };
      this.#sessions.set(name, session);
      this.#byNumber.push(session);
    }
    session.lastLine = line;
    if (session.isEnded) {
      session.isEnded = false;
      session.born = this.#looks;
    }
    return session;
  }

  #keyOf(name: string): Key {
    let key = this.#keys.get(name);
    if (key === undefined) {
      key = { versions: [], firstWrites: new Map(), lastReads: new Map(), firstForgotten: Infinity, isList: false };
      this.#keys.set(name, key);
    }
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
    const name = version.id === null ? null : nameOf(operation.key, version.id);
    const before = name === null ? null : this.#knownWrite(name);
    if (name !== null && before === null) return;
    const where = before === null ? "as the initial value" : `at line ${before.line}`;
    this.#duplicate = `${version.text} is there twice, ${where} and at line ${operation.line}: a read of it may have returned either`;
  }

  #knownWrite(name: string): StreamStep | null {
    return this.#versions.get(name)?.step ?? this.#remembered.get(name)?.step ?? this.#room.writeOf(name);
  }

  // --- taking effect ---

  /** A version that a read returned and whose write has not taken effect; null where there is none. */
  #missing(operation: StreamOperation): string | null {
    const { kind, key, versions } = operation;
    if (kind === "write" || operation === this.#forced) return null;
    for (const { id } of versions) {
      if (id === null) continue;
      const name = nameOf(key, id);
      if (!this.#versions.has(name) && !this.#remembered.has(name) && !this.#letGo.has(name)) return name;
    }
    return null;
  }

  #apply(session: Session, operation: StreamOperation): void {
    session.count += 1;
    session.clock.set(session.number, session.count);
    const key = this.#keyOf(operation.key);
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

  /** Only what is watched for ends the check; after anything else less is known than the whole history would tell. */
  #report(violation: StreamViolation): void {
    if (violation.models.some((model) => this.#watched.includes(model))) this.#found ??= violation;
    else
      this.#doubt ??= `the stream violates ${violation.models.join(" and ")} (${violation.pattern}), after which only whole histories are judged`;
  }

  #circle(circle: readonly CircleStep[] | null): void {
    if (circle !== null) this.#report(circleStory(circle));
  }

  #applyWrite(session: Session, key: Key, operation: StreamOperation): void {
    const id = operation.versions[0]?.id;
    assert(id !== undefined && id !== null, "a write puts a version there");
    const name = nameOf(operation.key, id);
    const version: Version = {
      name,
      step: stepOf(operation),
      session,
      index: session.count,
      clock: session.clock.copy(),
      isCertain: operation.outcome === "ok",
      wasPassedOver: false,
      leftBy: new Set(),
    };
    key.versions.push(version);
    if (operation.isElement) {
      key.isList = true;
      this.#doubt ??= `line ${operation.line} appends to a list; what lists show is judged in whole histories only`;
    }
    this.#versions.set(name, version);
    if (version.isCertain) noteFirst(key, version);
    if (!this.#letGo.delete(name)) return;
    this.#doubt ??= `line ${operation.line} wrote what a read had returned so many lines before that it was let go`;
  }

  #applyRead(session: Session, key: Key, operation: StreamOperation): void {
    const read: Version[] = [];
    for (const { id } of operation.versions) {
      if (id === null) continue;
      const name = nameOf(operation.key, id);
      const version = this.#versions.get(name);
      if (version === undefined) {
        this.#readForgotten(session, operation, this.#remembered.get(name));
        continue;
      }
      read.push(version);
      if (!version.isCertain) this.#prove(key, version);
      session.clock.join(version.clock);
    }
    if (operation.showsMore)
      this.#doubt ??= `line ${operation.line} reads several values; what sets show is judged in whole histories only`;
    if (this.#found !== null || !operation.isRegister) return;
    const [returned] = read;
    if (returned !== undefined) {
      this.#judgeRead(session, key, returned, operation);
      this.#judgeMonotonic(session, key, returned, operation);
    } else if (operation.versions.some(({ id }) => id === null)) this.#judgeInitial(session, key, operation);
  }

  #prove(key: Key, version: Version): void {
    version.isCertain = true;
    noteFirst(key, version);
    if (!version.wasPassedOver) return;
    this.#doubt ??= `line ${version.step.line}, whose outcome nobody told, was read only after another read had passed it over`;
  }

  #judgeRead(session: Session, key: Key, returned: Version, operation: StreamOperation): void {
    for (const other of key.versions) {
      if (other === returned || session.clock.of(other.session.number) < other.index) continue;
      if (other.clock.of(returned.session.number) < returned.index) continue;
      if (other.isCertain) {
        const models = returned.leftBy.has(session) ? (["MR", "CC"] as const) : (["CC"] as const);
        this.#report(replacedStory(models, returned.step, other.step, stepOf(operation)));
        return;
      }
      other.wasPassedOver = true;
    }
  }

  #judgeInitial(session: Session, key: Key, operation: StreamOperation): void {
    for (const [writer, { index, step }] of key.firstWrites) {
      if (session.clock.of(writer.number) < index) continue;
      const models = key.lastReads.has(session) ? (["MR", "CC"] as const) : (["CC"] as const);
      this.#report(initialStory(models, step, stepOf(operation)));
      return;
    }
    for (const version of key.versions) {
      if (session.clock.of(version.session.number) >= version.index) version.wasPassedOver = true;
    }
  }

  #judgeMonotonic(session: Session, key: Key, returned: Version, operation: StreamOperation): void {
    const last = key.lastReads.get(session);
    if (last === returned) return;
    if (last !== undefined) {
      if (returned.leftBy.has(session)) this.#report(backStory(returned.step, last.step, stepOf(operation)));
      last.leftBy.add(session);
    }
    key.lastReads.set(session, returned);
  }

  /** A read of a version of which only the name is left (or nothing, where it was let go). */
  #readForgotten(session: Session, operation: StreamOperation, remembered: Remembered | undefined): void {
    if (remembered === undefined) return;
    if (session.born >= remembered.look) {
      this.#doubt ??= `line ${operation.line} returned what had been forgotten before its session was heard of`;
    } else if (operation.isRegister) {
      // Its past is in the session's past already, and so is what replaced it.
      this.#report(replacedStory(["CC"], remembered.step, remembered.replacedBy, stepOf(operation)));
    }
  }

  // --- letting go and forgetting ---

  /** The read that has waited longest is taken without the write that it waits for. */
  #letOldestGo(): void {
    const oldest = this.#room.oldest();
    assert(oldest !== null, "where something waits, there is somebody who waits");
    const { session, read, waitsFor } = oldest;
    this.#forced = read;
    const key = this.#keyOf(read.key);
    // Of sets and lists a forgotten version may be returned by anybody.
    const mayBeForgotten = read.isRegister ? key.firstForgotten <= session.born : key.firstForgotten < Infinity;
    for (const { id } of read.versions) {
      const name = id === null ? null : nameOf(read.key, id);
      if (name === null || this.#versions.has(name) || this.#remembered.has(name) || this.#letGo.has(name)) continue;
      if (this.#letGo.set(name, { step: stepOf(read), mayBeForgotten }))
        this.#doubt ??= "more reads were let go than are remembered";
    }
    const done: StreamOperation[] = [];
    this.#release(waitsFor, done);
    for (const operation of done) this.#settle(operation);
  }

  /** At the end: what was let go and never written. */
  #judgeLetGo(): void {
    for (const [name, { step, mayBeForgotten }] of this.#letGo.entries()) {
      if (!mayBeForgotten) this.#report(unwrittenStory(step, this.#failedWrites.get(name) ?? null));
      else this.#doubt ??= `line ${step.line} returned what nobody wrote, or what had been forgotten`;
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
    for (const key of this.#keys.values()) {
      const { versions } = key;
      if (versions.length === 1 || key.isList) continue;
      const settled = versions.filter(
        ({ session, index, isCertain }) => isCertain && common.of(session.number) >= index,
      );
      let kept = 0;
      for (const version of versions) {
        const later = settled.find(
          (other) => other !== version && other.clock.of(version.session.number) >= version.index,
        );
        if (later === undefined) {
          versions[kept] = version;
          kept += 1;
        } else this.#forgetOne(key, version, later);
      }
      versions.length = kept;
    }
    this.#nextLook = Math.max(this.#limits.firstLook, this.#versions.size * 2);
  }

  #forgetOne(key: Key, version: Version, later: Version): void {
    key.firstForgotten = Math.min(key.firstForgotten, this.#looks);
    version.clock.clear();
    version.leftBy.clear();
    this.#versions.delete(version.name);
    this.#remembered.set(version.name, { step: version.step, replacedBy: later.step, look: this.#looks });
  }
}
