// Where clients are served: what becomes of a request, and when its answer goes out. A session that comes from elsewhere is
// let in once what it brings is stored and applied. Every answer to a session that moves says what of its past is missing
// here; no answer waits for a neighbour. Contexts and records are made in sessions.ts, bundles judged in passages.ts; storing
// what a write became, or what a session brings, is the replica's business.

import { unreachable } from "../assert.ts";
import type { Incarnation, OpId, SessionId } from "../ids.ts";
import { isWriteOp } from "./draft.ts";
import type { Holdings } from "./holdings.ts";
import type { Identity } from "./identity.ts";
import type { ClientOp, ClientResult, Effect, Input, LocalTime } from "./io.ts";
import type { LogEntry, UnstoredLog } from "./log.ts";
import { Passages } from "./passages.ts";
import type { AttachOp } from "./passages.ts";
import { sameDot } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import type { Session, Sessions } from "./sessions.ts";
import type { Standing } from "./standing.ts";

/** A request to read. */
type ReadOp = Extract<ClientOp, { readonly kind: "get" | "scan" }>;

/** What stands behind a desk. */
export interface BackOffice {
  readonly standing: Standing;
  readonly sessions: Sessions;
  readonly holdings: Holdings;
  readonly identity: Identity;
  /** Stores a record that was written here, or that a bundle brings. */
  readonly take: (record: CausalRecord, from: "bundle" | null, request: LogEntry["request"], now: LocalTime) => void;
  /** Hands out an answer. */
  readonly emit: (answer: Extract<Effect, { kind: "reply" }>) => void;
}

/** A request, as it comes in. */
export type Request = Extract<Input, { readonly kind: "request" }>;

/** The process as it is when a request comes in. */
export interface ProcessState {
  readonly incarnation: Incarnation;
  readonly log: UnstoredLog;
}

/** The desk of one replica. */
export class Desk {
  readonly #sessions: Sessions;
  readonly #passages: Passages;
  readonly #holdings: Holdings;
  readonly #identity: Identity;
  readonly #rules: Rules;
  readonly #take: BackOffice["take"];
  readonly #emit: BackOffice["emit"];
  // Answers that a planted bug holds back until some neighbour acknowledges; empty under the right rules.
  #heldBack: { readonly session: SessionId; readonly id: OpId; readonly result: ClientResult }[];

  constructor({ standing, sessions, holdings, identity, take, emit }: BackOffice, like: Desk | null = null) {
    this.#sessions = sessions;
    this.#passages = new Passages(standing, holdings, sessions, like === null ? null : like.#passages);
    this.#holdings = holdings;
    this.#identity = identity;
    this.#rules = standing.rules;
    this.#take = take;
    this.#emit = emit;
    this.#heldBack = like === null ? [] : like.#heldBack.slice();
  }

  /** Sessions that wait for the disk to have their bundles. */
  get arriving(): Passages["arriving"] {
    return this.#passages.arriving;
  }

  /** A client asks. A read is answered at once; a write becomes a record, and is answered later. */
  request({ session: id, id: op, op: asked }: Request, process: ProcessState, now: LocalTime): void {
    if (asked.kind === "attach" && !this.#sessions.isOpen(id)) {
      this.#attach(id, op, asked, process.log, now);
      return;
    }
    const isLeaving = (asked.kind === "put" || asked.kind === "delete") && asked.leaves === true;
    const session = this.#sessions.session(id, isLeaving);
    if (session.open !== null) {
      const why = "this session has a request open; a session asks one thing at a time";
      this.#reply(id, op, { kind: "refused", code: "sessionBusy", why });
      return;
    }
    if (isWriteOp(asked)) {
      const { isFenced } = this.#identity;
      if (asked.kind === "put" || asked.kind === "delete") {
        session.isLeaving = isLeaving;
        if (asked.reads !== undefined) this.#sessions.look(session, asked.reads);
      }
      const written = isFenced
        ? this.#identity.refusal()
        : this.#sessions.write(session, asked, process.incarnation, now);
      if (written.kind === "refused") {
        if (session.isLeaving) this.#sessions.drop(id);
        this.#reply(id, op, written);
        return;
      }
      session.open = op;
      this.#holdings.follow(written.stamp, now);
      if (written.ttl !== undefined) this.#holdings.retention.limited().wrote(written, now);
      this.#take(written, null, { session: id, id: op }, now);
      return;
    }
    switch (asked.kind) {
      case "get":
        this.#answerRead(id, op, asked, session, [asked.key]);
        return;
      case "scan":
        this.#answerRead(id, op, asked, session, this.#holdings.versions.keysFrom(asked.prefix));
        return;
      case "detach":
        this.#reply(id, op, this.#passages.leave(id, session, asked, process.log));
        return;
      case "attach": {
        const why = "this session has begun here; one that comes from elsewhere begins with `attach`";
        this.#reply(id, op, { kind: "refused", code: "sessionOpen", why });
        return;
      }
      default:
        unreachable(asked);
    }
  }

  // A session comes from elsewhere. A bundle that is not closed is refused as a whole: nothing of it is taken, the session has
  // not begun. What it brings is stored, then applied, then the session is answered; without a bundle that is in this step.
  #attach(id: SessionId, op: OpId, asked: AttachOp, log: UnstoredLog, now: LocalTime): void {
    if (asked.policy === "forgo") {
      // It begins with nothing of its own; where operations of the cloudlet are ordered, with what all others follow.
      const behind = this.#sessions.behindOf(this.#sessions.session(id));
      this.#reply(id, op, { kind: "attached", state: "forgone", ...(behind.length > 0 && { behind }) });
      return;
    }
    const brought = this.#passages.taken(asked.bundle);
    if ("kind" in brought) {
      this.#reply(id, op, brought);
      return;
    }
    for (const record of brought) this.#take(record, "bundle", null, now);
    this.#passages.letIn(id, op, asked, brought, log.end);
  }

  /** Answers the sessions whose bundles are stored up to here, and with that applied. */
  welcome(storedUpTo: number): void {
    if (this.#passages.arriving.length === 0) return;
    for (const { session, id } of this.#passages.takeReady(storedUpTo)) {
      this.#sessions.close(session, id, null);
      const behind = this.#rules.saysBehind() ? this.#sessions.behindOf(this.#sessions.session(session)) : [];
      const said = behind.length > 0 ? ({ state: "behind", behind } as const) : ({ state: "current" } as const);
      this.#reply(session, id, { kind: "attached", ...said });
    }
  }

  #answerRead(id: SessionId, op: OpId, asked: ReadOp, session: Session, keys: readonly string[]): void {
    const isPrefix = asked.kind === "scan";
    const answers = this.#sessions.read(session, keys, isPrefix ? (asked.limit ?? Infinity) : 1);
    const behind = this.#behind(session, isPrefix ? asked.prefix : asked.key, isPrefix);
    this.#reply(id, op, behind === null ? { kind: "read", answers } : { kind: "read", answers, behind });
  }

  // What an answer is behind of: of its session's past, and of what a scope that is not open yet waits for; null when of
  // nothing.
  #behind(session: Session, key: string, isPrefix: boolean): readonly Dot[] | null {
    const opening = this.#holdings.behind(key, isPrefix);
    const past = this.#rules.saysBehind() ? this.#sessions.behindOf(session) : [];
    if (past.length === 0) return opening;
    if (opening === null) return past;
    return [...opening, ...past.filter((dot) => !opening.some((other) => sameDot(dot, other)))];
  }

  /** A write is as durable as its scope demands. */
  answerWrite(session: SessionId, id: OpId, record: CausalRecord): void {
    const { dot, key } = record;
    const closed = this.#sessions.close(session, id, record);
    if (closed.isLeaving) this.#sessions.drop(session);
    const behind = this.#behind(closed, key, false);
    const result = this.#identity.written(dot, behind);
    if (this.#rules.repliesWhen() === "acknowledged") this.#heldBack.push({ session, id, result });
    else this.#reply(session, id, result);
  }

  /** Some neighbour has acknowledged something: only a planted bug waits for that. */
  release(): void {
    for (const { session, id, result } of this.#heldBack) this.#reply(session, id, result);
    this.#heldBack = [];
  }

  #reply(session: SessionId, id: OpId, result: ClientResult): void {
    this.#emit({ kind: "reply", session, id, result });
  }
}
