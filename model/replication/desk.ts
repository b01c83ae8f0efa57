// Where clients are served: what becomes of a request, and when its answer goes out. Contexts and records are made in
// sessions.ts; storing what a write became is the replica's business.

import { unreachable } from "../assert.ts";
import type { Incarnation, OpId, SessionId } from "../ids.ts";
import { isWriteOp } from "./draft.ts";
import type { Holdings } from "./holdings.ts";
import type { Identity } from "./identity.ts";
import type { ClientOp, ClientResult, Effect, KeyAnswer, LocalTime } from "./io.ts";
import type { CausalRecord } from "./record.ts";
import type { Rules } from "./rules.ts";
import type { Sessions } from "./sessions.ts";

/** Hands out an answer. */
export type Reply = (answer: Extract<Effect, { kind: "reply" }>) => void;

/** The desk of one replica. */
export class Desk {
  readonly #sessions: Sessions;
  readonly #holdings: Holdings;
  readonly #identity: Identity;
  readonly #rules: Rules;
  readonly #emit: Reply;
  // Answers that a planted bug holds back until some neighbour acknowledges; empty under the right rules.
  #heldBack: { readonly session: SessionId; readonly id: OpId; readonly result: ClientResult }[];

  constructor(
    sessions: Sessions,
    holdings: Holdings,
    identity: Identity,
    rules: Rules,
    emit: Reply,
    like: Desk | null = null,
  ) {
    this.#sessions = sessions;
    this.#holdings = holdings;
    this.#identity = identity;
    this.#rules = rules;
    this.#emit = emit;
    this.#heldBack = like === null ? [] : like.#heldBack.slice();
  }

  /** A client asks. A read is answered at once; a write becomes the record that is returned, and is answered later. */
  request(id: SessionId, op: OpId, asked: ClientOp, incarnation: Incarnation, now: LocalTime): CausalRecord | null {
    const session = this.#sessions.session(id);
    if (session.open !== null) {
      const why = "this session has a request open; a session asks one thing at a time";
      this.#reply(id, op, { kind: "refused", code: "sessionBusy", why });
      return null;
    }
    if (isWriteOp(asked)) {
      const { isFenced } = this.#identity;
      const written = isFenced ? this.#identity.refusal() : this.#sessions.write(session, asked, incarnation, now);
      if (written.kind === "refused") {
        this.#reply(id, op, written);
        return null;
      }
      session.open = op;
      return written;
    }
    switch (asked.kind) {
      case "get":
        this.#answerRead(id, op, asked.key, false, this.#sessions.read(session, [asked.key], 1));
        return null;
      case "scan": {
        const keys = this.#holdings.versions.keysFrom(asked.prefix);
        this.#answerRead(id, op, asked.prefix, true, this.#sessions.read(session, keys, asked.limit ?? Infinity));
        return null;
      }
      default:
        return unreachable(asked);
    }
  }

  #answerRead(id: SessionId, op: OpId, key: string, isPrefix: boolean, answers: readonly KeyAnswer[]): void {
    const behind = this.#holdings.behind(key, isPrefix);
    this.#reply(id, op, behind === null ? { kind: "read", answers } : { kind: "read", answers, behind });
  }

  /** A write is as durable as its scope demands. */
  answerWrite(session: SessionId, id: OpId, { dot, key }: CausalRecord): void {
    this.#sessions.close(session, id);
    const result = this.#identity.written(dot, this.#holdings.behind(key, false));
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
