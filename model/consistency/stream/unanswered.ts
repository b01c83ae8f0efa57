/**
 * Writes whose outcome nobody told: they happened if somebody reads them, at some time after they were asked for.
 *
 * A session that goes on after such a write is not ordered by it (open-writes.ts says why), and nothing it did before is known to come
 * before the write. So a write that is read becomes a session of its own then, of which nobody has known yet; one that nobody reads
 * is nothing but a name. Whether its session goes on a stream may tell only later. If it never does, whole histories keep the write
 * in its session, and know more order than the check had.
 *
 * Leaves out what is made of a write that was read (stream-checker.ts).
 */
import { Recent } from "./recent.ts";
import { type Session, stepOf } from "./stream-state.ts";
import type { StreamOperation, StreamStep } from "./stream-types.ts";

/** A write and the session that asked for it. */
export interface Unanswered {
  readonly operation: StreamOperation;
  readonly session: Session;
}

/** Those of one stream. */
export class UnansweredWrites {
  readonly #byName: Recent<Unanswered>;
  /** By session: the line of its last write that was read. */
  readonly #lastRead = new Map<Session, number>();
  #hasLost = false;

  /** @param max how many that nobody has read are remembered */
  constructor(max: number) {
    this.#byName = new Recent(max);
  }

  /** Whether some were forgotten, which somebody may still read. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  /** The line of one that nobody has read; null where there is none of this name. */
  stepOf(name: string): StreamStep | null {
    const write = this.#byName.get(name);
    return write === undefined ? null : stepOf(write.operation);
  }

  add(name: string, write: Unanswered): void {
    if (this.#byName.set(name, write)) this.#hasLost = true;
  }

  /** Somebody reads it: it happened, and is no longer one of these. */
  take(name: string): Unanswered | undefined {
    const write = this.#byName.get(name);
    if (write === undefined) return undefined;
    this.#byName.delete(name);
    const { session, operation } = write;
    this.#lastRead.set(session, Math.max(operation.line, this.#lastRead.get(session) ?? 0));
    return write;
  }

  /** The line of one that was read and after which its session did nothing more; null where there is none. */
  lastOfSession(): number | null {
    for (const [{ lastLine }, line] of this.#lastRead) if (lastLine === line) return line;
    return null;
  }
}
