// How the control layer writes: records of its own, by ordinary requests to the replica. Each is made in a session of its own that
// has seen nothing but what the record is about, so that it depends on that and on nothing else; the session is over with it.
// Nothing here waits: what was written is known to stand when it shows among what is applied.

import { assert } from "../assert.ts";
import type { OpId, SessionId } from "../ids.ts";
import type { ClientOp, ClientResult } from "../replication/io.ts";

/** Sessions from here on are the control layer's own; whoever runs a core with one gives its clients smaller numbers. */
export const ownSessions = 0x4000_0000;

const anyOp = 0 as OpId;

/** The control layer's sessions at its replica. */
export class Desk {
  readonly #ask: (session: SessionId, id: OpId, op: ClientOp) => void;
  #next: number;
  #isMute: boolean;

  constructor(ask: (session: SessionId, id: OpId, op: ClientOp) => void, like: Desk | null = null) {
    this.#ask = ask;
    this.#next = like === null ? ownSessions : like.#next;
    this.#isMute = like !== null && like.#isMute;
  }

  /** This life writes nothing any more: another process writes under its name. */
  get isMute(): boolean {
    return this.#isMute;
  }

  /** Puts a value in place of all that stands at the key; the record follows what stands there, and at the keys that are read. */
  write(key: string, value: string, reads: readonly string[]): void {
    const session = this.#next as SessionId;
    this.#next += 1;
    this.#ask(session, anyOp, { kind: "put", key, value, replaceAll: true, reads, leaves: true });
  }

  /** Takes away all that stands at the key. */
  remove(key: string): void {
    const session = this.#next as SessionId;
    this.#next += 1;
    this.#ask(session, anyOp, { kind: "delete", key, replaceAll: true, leaves: true });
  }

  /** An answer to one of these sessions. */
  answered(result: ClientResult): void {
    if (result.kind !== "refused") return;
    assert(result.code === "fenced", `the control layer asks for what a replica can do: ${result.why}`);
    this.#isMute = true;
  }
}
