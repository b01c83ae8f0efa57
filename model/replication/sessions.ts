// The clients' side of a replica: sessions with their contexts, what a read returns, and how a request to write becomes a
// record; and how a session begins and ends here when it moves (moving.ts). Storing, answering and sending is the replica's
// business. Sessions live as long as their process, unless they leave.
//
// Where the operations of a cloudlet are ordered, all its sessions share one past. An operation enters it when it is
// answered: until then another one may begin that knows nothing of it, and two writes that wait for the disk together are
// concurrent, as they are for everybody who receives them. A session that came from elsewhere brings its past along.

import { adding } from "./adding.ts";
import { assert } from "../assert.ts";
import { Few } from "../few.ts";
import type { Incarnation, OpId, SessionId, StreamId } from "../ids.ts";
import { hasRemovals, type ResolverName } from "../topology/resolvers.ts";
import type { Scope } from "../topology/topology.ts";
import { bytes } from "../units.ts";
import { Context } from "./context.ts";
import { draftOf, refusal, refusedText } from "./draft.ts";
import type { Draft, Refusal, WriteOp } from "./draft.ts";
import type { FingerprintParts } from "./fingerprint.ts";
import type { Holdings } from "./holdings.ts";
import type { CarriedContext } from "./carried.ts";
import { Descent } from "./coverage.ts";
import type { KeyAnswer, LocalTime } from "./io.ts";
import { reachClasses } from "./reach.ts";
import type { ReachClasses } from "./reach.ts";
import { sameDot } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { answer, mergedValue } from "./resolver.ts";
import type { Merging } from "./resolver.ts";
import type { Standing } from "./standing.ts";
import { recordSize } from "./wire.ts";

/** What somebody has seen, and what of it had not come here when that was last asked. */
export interface Past {
  readonly context: Context;
  behind: readonly Dot[];
  /** Does it come from elsewhere with a past? Then its writes may not be able to name all that they replace. */
  hasMoved: boolean;
}

/** A session: its own past, and the request it waits for. */
export interface Session extends Past {
  open: OpId | null;
  /** Is it over once what it waits for is stored? */
  isLeaving: boolean;
}

const noSequences: ReadonlyMap<StreamId, number> = new Map();

/** All sessions of one replica. */
export class Sessions {
  readonly #config: Standing;
  readonly #holdings: Holdings;
  readonly #classes: ReachClasses;
  readonly #merging: Merging;
  readonly #sessions = new Map<SessionId, Session>();
  // Those that leave with what they wait for: they come and go all the time.
  readonly #leaving = new Few<SessionId, Session>();
  // The one that asked last: it is looked up again when it is answered.
  #lastId = -1;
  #last: Session | null = null;
  // What all sessions share where the operations of the cloudlet are ordered; their own pasts are not used then.
  readonly #shared: Past | null;
  // The last sequence given per stream, in this life. Made with the first write.
  #sequences: Map<StreamId, number> | null;

  constructor(config: Standing, holdings: Holdings, like: Sessions | null = null) {
    this.#config = config;
    this.#holdings = holdings;
    this.#classes = reachClasses(config.topology);
    this.#merging = { deltas: holdings.deltas, resolvers: config.resolvers, layerOf: holdings.layerOf };
    const isOrdered = config.causality === "cloudlet" && config.rules.followsOthers();
    const ofLike = like === null ? null : like.#shared;
    if (ofLike !== null) this.#shared = { ...ofLike, context: ofLike.context.clone() };
    else this.#shared = isOrdered ? { context: new Context(), behind: noDots, hasMoved: false } : null;
    this.#sequences = like === null || like.#sequences === null ? null : new Map(like.#sequences);
    if (like === null) return;
    for (const [id, session] of like.#sessions) {
      this.#sessions.set(id, { ...session, context: session.context.clone() });
    }
    for (const [id, session] of like.#leaving) {
      this.#leaving.set(id, { ...session, context: session.context.clone() });
    }
  }

  /** The session of that id, made when it is new; `isLeaving`: then it leaves with what it is made for. */
  session(id: SessionId, isLeaving = false): Session {
    if (id === this.#lastId && this.#last !== null) return this.#last;
    let session = this.#leaving.get(id) ?? this.#sessions.get(id);
    if (session === undefined) {
      session = { context: new Context(), open: null, behind: noDots, hasMoved: false, isLeaving };
      if (isLeaving) this.#leaving.set(id, session);
      else this.#sessions.set(id, session);
    }
    [this.#lastId, this.#last] = [id, session];
    return session;
  }

  /** Has this session begun here? */
  isOpen(id: SessionId): boolean {
    return this.#sessions.has(id) || this.#leaving.has(id);
  }

  /** A session begins that comes from elsewhere; behind of what is missing when this is asked. */
  attach(id: SessionId, context: CarriedContext): Session {
    const { rules, topology, self } = this.#config;
    const dots = context.dots.filter(({ stream }) => rules.keepsCarried(topology.reaches(stream, self)));
    const made = Context.from({ ...context, dots }, this.#classes);
    const hasMoved = dots.length > 0;
    const session: Session = { context: made, open: null, behind: dots, hasMoved, isLeaving: false };
    this.#sessions.set(id, session);
    [this.#lastId, this.#last] = [id, session];
    return session;
  }

  /** What an operation of this session follows. */
  pastOf(session: Session): Past {
    return this.#shared ?? session;
  }

  /** A session leaves; what it takes along besides a bundle. */
  detach(id: SessionId): CarriedContext {
    const carried = this.pastOf(this.session(id)).context.carried();
    this.drop(id);
    return carried;
  }

  /** A session is over, and takes nothing along. */
  drop(id: SessionId): void {
    if (id === this.#lastId) this.#last = null;
    if (!this.#leaving.delete(id)) this.#sessions.delete(id);
  }

  /**
   * What of a session's past reaches this cloudlet and is not applied here. Only a session that moved here can miss
   * anything, and what it reads and writes here meanwhile adds nothing: that is applied here, or waits for the same.
   */
  behindOf(session: Session): readonly Dot[] {
    const past = this.pastOf(session);
    if (past.behind.length > 0) past.behind = past.behind.filter((dot) => this.#holdings.lacks(dot));
    return past.behind;
  }

  /** A write is answered, or a session that moved is: it may ask again. */
  close(id: SessionId, op: OpId, written: CausalRecord | null): Session {
    const session = this.session(id);
    assert(session.open === op, "a write is answered once, while its session waits for it");
    session.open = null;
    const shared = this.#shared;
    if (shared === null) return session;
    const { coverage } = this.#holdings;
    if (written !== null) {
      shared.context.observe(written, this.#classes, coverage);
      return session;
    }
    // Whoever asks next follows what this one has seen elsewhere, and is behind of it.
    shared.context.join(session.context, this.#classes, coverage);
    const added = session.behind.filter((dot) => !shared.behind.some((other) => sameDot(other, dot)));
    shared.behind = [...shared.behind, ...added];
    shared.hasMoved ||= session.hasMoved;
    return session;
  }

  /** Sessions and sequences by number, for fingerprints. */
  state(): Pick<FingerprintParts, "sessions" | "sequences" | "shared"> {
    const sessions = new Map([...this.#sessions, ...this.#leaving]);
    return { sessions, sequences: this.#sequences ?? noSequences, shared: this.#shared };
  }

  /** Answers for these keys, until so many have a value. What is returned becomes part of the session's past. */
  read(session: Session, keys: readonly string[], valuesMax: number): KeyAnswer[] {
    const answers: KeyAnswer[] = [];
    let values = 0;
    for (const key of keys) {
      if (values >= valuesMax) break;
      const live = this.#holdings.versions.of(key);
      const resolver = this.#resolverOf(key);
      const returned = this.#see(session, key, live, resolver);
      const made = answer(key, resolver, live, returned, mergedValue(resolver, key, returned, this.#merging));
      if (made.versions.length > 0 || made.sealed !== undefined) values += 1;
      answers.push(made);
    }
    return answers;
  }

  /** What would be returned for these keys becomes part of the session's past, and nobody is told. */
  look(session: Session, keys: readonly string[]): void {
    for (const key of keys) this.#see(session, key, this.#holdings.versions.of(key), this.#resolverOf(key));
  }

  #see(
    session: Session,
    key: string,
    live: readonly CausalRecord[],
    resolver: ResolverName,
  ): ReturnType<Standing["rules"]["chooses"]> {
    const { rules } = this.#config;
    const returned = rules.chooses(resolver, live, key, this.#holdings.layerOf);
    if (!rules.remembersReads()) return returned;
    const { context } = this.pastOf(session);
    for (const record of returned) context.observe(record, this.#classes, this.#holdings.coverage);
    return returned;
  }

  #resolverOf(key: string): ResolverName {
    const scope = this.#config.topology.scopeOf(key);
    return scope === null ? "return-them-all" : this.#scope(scope).resolver;
  }

  /** Turns a request to write into a record of this life, or says why not. The session's past then holds the record. */
  write(session: Session, asked: WriteOp, incarnation: Incarnation, now: LocalTime): CausalRecord | Refusal {
    const { topology, self, rules } = this.#config;
    const badText = refusedText(asked);
    if (badText !== null) return badText;
    const scope = topology.scopeOf(asked.key);
    if (scope === null) return refusal("noScope", `no scope covers the key ${JSON.stringify(asked.key)}`);
    const { name, resolver } = this.#scope(scope);
    const stream = topology.streamOf(scope, self);
    if (stream === null) {
      return refusal("scopeNotHeld", `this cloudlet does not hold the scope ${name}: no flow of it ends here`);
    }
    const live = this.#holdings.versions.of(asked.key);
    const draft = draftOf(asked, resolver, live.length);
    if (draft.kind === "refused") return draft;
    const { context } = this.pastOf(session);
    // Where only deletes stand a write is a creation after them, whether its session has read them or not.
    const isFree = live.length > 0 && rules.replacesTombstones() && live.every(({ kind }) => kind === "delete");
    const replaced = rules.replaces(draft.isAll || isFree ? live : this.#seenOf(context, live));
    const taken = hasRemovals(resolver) ? (this.#holdings.deltas?.takenBy(asked.key, draft.value, stream) ?? []) : [];
    const sequence = this.nextSequence(stream);
    const record = this.#makeRecord(
      this.#shared === null ? context : context.clone(),
      asked.key,
      draft,
      { origin: self, incarnation, stream, sequence },
      replaced,
      taken,
      now,
      this.pastOf(session).hasMoved,
    );
    // What is shared has the record once it is answered. Of a session that leaves nobody asks any more.
    if (this.#shared === null && !session.isLeaving) rules.afterWrite(context, record, this.#classes);
    return record;
  }

  /** The number of the next record that this life writes into a stream. */
  nextSequence(stream: StreamId): number {
    this.#sequences ??= new Map();
    const sequence = (this.#sequences.get(stream) ?? 0) + 1;
    this.#sequences.set(stream, sequence);
    return sequence;
  }

  /** What a record depends on that takes the place of these, besides them, when it follows nothing else. */
  depsBeside(replaced: readonly CausalRecord[]): readonly Dot[] {
    const context = new Context();
    for (const version of replaced) context.observe(version, this.#classes, this.#holdings.coverage);
    return context.dots().filter((dep) => !replaced.some(({ dot }) => sameDot(dep, dot)));
  }

  // The session's context takes in what is replaced, and is the record's dependencies.
  #makeRecord(
    context: Context,
    key: string,
    draft: Draft,
    dot: Dot,
    replaced: readonly CausalRecord[],
    taken: readonly Dot[],
    now: LocalTime,
    hasMoved: boolean,
  ): CausalRecord {
    const { rules, clockBound } = this.#config;
    let prev = nothing;
    for (let at = 0; at < replaced.length; at += 1) prev = adding(prev, (replaced[at] as CausalRecord).dot);
    for (const other of taken) if (!prev.some((listed) => sameDot(listed, other))) prev = adding(prev, other);
    const ceiling = context.ceiling.clone();
    for (const version of replaced) {
      ceiling.raise(version.stamp);
      if (rules.inheritsFromReplaced()) context.observe(version, this.#classes, this.#holdings.coverage);
    }
    ceiling.raise(this.#holdings.clock);
    // One object of one shape, filled in place: it is read at every cloudlet, over and over.
    const record: { -readonly [Name in keyof CausalRecord]: CausalRecord[Name] } = {
      kind: draft.kind,
      dot,
      key,
      value: draft.value,
      prev: prev.length === 1 ? prev : tight(prev),
      deps: beside(context.dots(), prev),
      stamp: rules.stamps(ceiling.above(now), now, clockBound),
      size: bytes(0),
    };
    if (hasMoved) record.moved = true;
    if (draft.ttl !== undefined) record.ttl = draft.ttl;
    if (this.#config.wire.writes !== 1) record.version = this.#config.wire.writes;
    record.size = recordSize(record);
    return record;
  }

  // The versions of a key that are in the session's past, down from those that live here.
  // 1. A session reads v. 2. Another one replaces v by w here. 3. The session writes u without having seen w: u must replace
  // v where v still lives, at a neighbour that has not got w, and must leave w alone everywhere.
  #seenOf(past: Context, live: readonly CausalRecord[]): readonly CausalRecord[] {
    if (live.length === 0) return live;
    const context = past.dots();
    if (context.length === 0) return [];
    const seen: CausalRecord[] = [];
    const visited = new Set<CausalRecord>(live);
    const isMany = live.length * context.length >= MANY_QUESTIONS;
    const walked = isMany ? new Descent(this.#holdings.index, context) : null;
    for (const version of visited) {
      if (walked === null ? this.#isInPast(context, version) : walked.holds(version)) {
        seen.push(version);
        continue;
      }
      for (const dot of version.prev) {
        const replaced = this.#holdings.index.find(dot);
        if (replaced !== null) visited.add(replaced);
      }
      for (const replaced of this.#holdings.retention.unnamed.by(version)) visited.add(replaced);
    }
    return seen;
  }

  // Is this version in a past? Some dot of its context that reaches this cloudlet equals or follows it.
  #isInPast(context: readonly Dot[], version: CausalRecord): boolean {
    const { index, coverage } = this.#holdings;
    return context.some((dot) => {
      if (sameDot(dot, version.dot)) return true;
      const held = index.find(dot);
      return held !== null && coverage.precedesExactly(version, held);
    });
  }

  #scope(scope: number): Scope {
    return this.#config.topology.scopes[scope] as Scope;
  }
}

// These dots without those; the list is nobody else's.
function beside(dots: readonly Dot[], others: readonly Dot[]): readonly Dot[] {
  if (dots.length > 0 && others.length === 0) return dots;
  if (dots.length === 0 || (dots.length === 1 && others.length === 1 && sameDot(dots[0] as Dot, others[0] as Dot))) {
    return noDots;
  }
  return tight(dots.filter((dot) => !others.some((other) => sameDot(dot, other))));
}

// A list that grew by adding to it has room for many more, and one that is empty takes room too: records stay for long.
function tight(dots: readonly Dot[]): readonly Dot[] {
  return dots.length === 0 ? noDots : dots.slice();
}

const noDots: readonly Dot[] = [];
const nothing: Dot[] = [];
/** From so many pairs of a version and a dot on, all of them are answered by one walk. */
const MANY_QUESTIONS = 64;
