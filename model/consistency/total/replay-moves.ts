/**
 * Serial orders where values were written twice: transactions are run one after the other on what is there, and the next one may be
 * any that gets the answers it got.
 *
 * Besides how far each session has come, the state holds what is in every register. A transaction of unknown outcome may be run or
 * passed over: two ways for every session. If it is run, it gets what it is known to have got if it happened.
 *
 * Leaves out the search (search.ts), and lists: an element that was appended twice cannot be found again in them.
 */
import { ABSENT, type History, operationKind, outcome } from "../history.ts";
import type { Moves } from "./search.ts";

/** Runs transactions; ways 2s and 2s + 1 run and pass over the next one of session s. */
export class ReplayMoves implements Moves {
  readonly wayCount: number;
  readonly stateWidth: number;
  readonly #history: History;
  readonly #rank: Float64Array;
  /** By transaction, and one more: its first operation. */
  readonly #start: Uint32Array;
  /** By session: its next transaction and the one after its last. */
  readonly #next: Uint32Array;
  readonly #end: Uint32Array;
  /** By transaction: 1 where it may be passed over. */
  readonly #optional: Uint8Array;
  readonly #current: Uint32Array;
  readonly #overwritten: number[] = [];
  #left = 0;

  /** @param rank by transaction: what to try first */
  constructor(history: History, rank: Float64Array) {
    const { sessionCount, transactionCount } = history;
    this.#history = history;
    this.#rank = rank;
    this.wayCount = 2 * sessionCount;
    this.stateWidth = sessionCount + history.keyCount;
    this.#start =
      history.transactionStart ?? Uint32Array.from({ length: history.operationCount + 1 }, (_, operation) => operation);
    this.#next = new Uint32Array(sessionCount);
    this.#end = new Uint32Array(sessionCount);
    this.#optional = new Uint8Array(transactionCount);
    for (let txn = 0, session = -1; txn < transactionCount; txn += 1) {
      const of = history.session[this.#start[txn]!]!;
      if (of !== session) this.#next[of] = txn;
      session = of;
      this.#end[of] = txn + 1;
      const results = history.outcome.subarray(this.#start[txn], this.#start[txn + 1]);
      if (results.includes(outcome.unknown) && !results.includes(outcome.ok)) this.#optional[txn] = 1;
      if (this.#optional[txn] === 0) this.#left += 1;
    }
    this.#current = new Uint32Array(history.keyCount);
  }

  left(): number {
    return this.#left;
  }

  priority(way: number): number {
    const next = this.#next[way >> 1]!;
    if (next === this.#end[way >> 1] || ((way & 1) === 1 && this.#optional[next] === 0)) return ABSENT;
    return this.#rank[next]!;
  }

  place(way: number): boolean {
    const { kind, key, version, listed, listStart } = this.#history;
    const session = way >> 1;
    const next = this.#next[session]!;
    const isRun = (way & 1) === 0;
    for (let at = this.#start[next]!; isRun && at < this.#start[next + 1]!; at += 1) {
      const result = this.#history.outcome[at];
      if (result === outcome.failed) continue;
      const on = key[at]!;
      if (kind[at] !== operationKind.read) {
        this.#overwritten.push(this.#current[on]!);
        this.#current[on] = version[at]!;
      } else if (this.#isTold(next, at) && this.#current[on] !== listed[listStart[at]!]) {
        this.#takeBack(next, at);
        return false;
      }
    }
    this.#next[session] = next + 1;
    this.#left -= this.#optional[next] === 0 ? 1 : 0;
    return true;
  }

  undo(way: number): void {
    const session = way >> 1;
    const back = this.#next[session]! - 1;
    if ((way & 1) === 0) this.#takeBack(back, this.#start[back + 1]!);
    this.#next[session] = back;
    this.#left += this.#optional[back] === 0 ? 1 : 0;
  }

  state(into: Uint32Array): void {
    into.set(this.#next);
    into.set(this.#current, this.#next.length);
  }

  /** Whether it is known what a read returned, now that its transaction is run. */
  #isTold(transaction: number, read: number): boolean {
    const { listStart } = this.#history;
    if (this.#history.outcome[read] === outcome.ok) return true;
    return this.#optional[transaction] === 1 && listStart[read]! < listStart[read + 1]!;
  }

  /** Takes back the writes of a transaction before an operation. */
  #takeBack(transaction: number, end: number): void {
    const { kind, key } = this.#history;
    for (let at = end - 1; at >= this.#start[transaction]!; at -= 1) {
      if (kind[at] === operationKind.read || this.#history.outcome[at] === outcome.failed) continue;
      this.#current[key[at]!] = this.#overwritten.pop()!;
    }
  }
}
