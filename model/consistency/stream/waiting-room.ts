/**
 * Operations that wait: a read whose write has not come, and behind it the rest of its session.
 *
 * Knows who waits for whom, so that sessions that wait for each other in a circle are found when the circle closes. Leaves out
 * when a read can go on (stream-checker.ts decides).
 */
import { assert } from "../../assert.ts";
import { type Session, stepOf, writtenBy } from "./stream-state.ts";
import type { StreamOperation, StreamStep } from "./stream-types.ts";

/** Operations of one session, the first one waiting for a version. */
interface Queue {
  readonly session: Session;
  operations: StreamOperation[];
  /** Those before have gone on. */
  head: number;
  waitsFor: string;
}

/** A read that waits, and the write it waits for, which waits in the next session of a circle. */
export interface CircleStep {
  readonly read: StreamOperation;
  readonly write: StreamStep;
}

/** All that waits. */
export class WaitingRoom {
  readonly #queues = new Map<Session, Queue>();
  /** By version: who waits for it. */
  readonly #waiters = new Map<string, Queue[]>();
  /** By version whose write waits itself. */
  readonly #writes = new Map<string, { readonly queue: Queue; readonly step: StreamStep }>();
  #size = 0;

  /** Operations that wait. */
  get size(): number {
    return this.#size;
  }

  isWaiting(session: Session): boolean {
    return this.#size > 0 && this.#queues.has(session);
  }

  /** The write of a version, where it waits itself. */
  writeOf(name: string): StreamStep | null {
    return this.#writes.get(name)?.step ?? null;
  }

  /**
   * An operation waits: the first of its session for a version, or behind others.
   *
   * @param waitsFor the version; null where the session waits already
   * @returns the circle that this closes, or null
   */
  enter(session: Session, operation: StreamOperation, waitsFor: string | null): readonly CircleStep[] | null {
    let queue = this.#queues.get(session);
    if (queue === undefined) {
      assert(waitsFor !== null, "the first who waits, waits for something");
      queue = { session, operations: [], head: 0, waitsFor };
      this.#queues.set(session, queue);
      this.#awaits(queue);
    }
    queue.operations.push(operation);
    this.#size += 1;
    const written = writtenBy(operation);
    if (written !== null) this.#writes.set(written, { queue, step: stepOf(operation) });
    return this.#circleFrom(queue);
  }

  /**
   * A version has come, or is not waited for any longer: its readers go on as far as they can.
   *
   * @param goOn applies an operation and returns null, or returns the version that it still waits for
   * @returns the circle that a new wait closes, or null
   */
  release(
    name: string,
    goOn: (session: Session, operation: StreamOperation) => string | null,
  ): readonly CircleStep[] | null {
    const queues = this.#waiters.get(name) ?? [];
    this.#waiters.delete(name);
    let first: readonly CircleStep[] | null = null;
    for (const queue of queues) {
      const circle = this.#advance(queue, goOn);
      first ??= circle;
    }
    return first;
  }

  /**
   * The read that has waited longest, of those whose write has not come at all; where all writes wait themselves (in a circle that
   * nobody watches for), of all. Null where nothing waits.
   */
  oldest(): { readonly session: Session; readonly read: StreamOperation; readonly waitsFor: string } | null {
    let found: Queue | null = null;
    for (const queue of this.#queues.values()) {
      const isWritten = this.#writes.has(queue.waitsFor);
      if (found !== null && isWritten !== this.#writes.has(found.waitsFor)) {
        if (!isWritten) found = queue;
      } else if (found === null || headOf(queue).line < headOf(found).line) found = queue;
    }
    return found === null ? null : { session: found.session, read: headOf(found), waitsFor: found.waitsFor };
  }

  #awaits(queue: Queue): void {
    const waiters = this.#waiters.get(queue.waitsFor);
    if (waiters === undefined) this.#waiters.set(queue.waitsFor, [queue]);
    else waiters.push(queue);
  }

  #advance(
    queue: Queue,
    goOn: (session: Session, operation: StreamOperation) => string | null,
  ): readonly CircleStep[] | null {
    while (queue.head < queue.operations.length) {
      const operation = headOf(queue);
      // Before it is applied: who hears of it then finds no waiting write.
      const written = writtenBy(operation);
      if (written !== null) this.#writes.delete(written);
      const waitsFor = goOn(queue.session, operation);
      if (waitsFor !== null) {
        queue.waitsFor = waitsFor;
        this.#awaits(queue);
        if (queue.head * 2 > queue.operations.length) {
          queue.operations = queue.operations.slice(queue.head);
          queue.head = 0;
        }
        return this.#circleFrom(queue);
      }
      queue.head += 1;
      this.#size -= 1;
    }
    this.#queues.delete(queue.session);
    return null;
  }

  /** Follows who waits for whom, from a session back to itself. */
  #circleFrom(from: Queue): readonly CircleStep[] | null {
    const circle: CircleStep[] = [];
    let at = from;
    // No circle is longer than there are sessions that wait.
    for (let steps = 0; steps < this.#queues.size; steps += 1) {
      const write = this.#writes.get(at.waitsFor);
      if (write === undefined) return null;
      circle.push({ read: headOf(at), write: write.step });
      at = write.queue;
      if (at === from) return circle;
    }
    return null;
  }
}

function headOf({ operations, head }: Queue): StreamOperation {
  const operation = operations[head];
  assert(operation !== undefined, "who waits has an operation that waits");
  return operation;
}
