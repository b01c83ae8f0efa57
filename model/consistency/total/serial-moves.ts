/**
 * The serial orders of transactions whose writes are told apart: the next transaction must have all before it that must be, and must
 * not overwrite what somebody still has to read.
 *
 * Then how far each session has come says everything: whoever still has to read a version finds it there (Biswas, Enea, OOPSLA 2019,
 * section 4.1, the serialization of a prefix).
 *
 * Leaves out the search (search.ts) and values written twice (replay-moves.ts).
 */
import { ABSENT, type History, keyKind } from "../history.ts";
import type { Graph } from "../orders/graph.ts";
import type { Transactions } from "../transactions/form.ts";
import type { Moves } from "./search.ts";

/** Places transactions; a way is a session. */
export class SerialMoves implements Moves {
  readonly wayCount: number;
  readonly stateWidth: number;
  readonly #transactions: Transactions;
  readonly #before: Graph;
  readonly #rank: Float64Array;
  /** By session: its next transaction. */
  readonly #next: Uint32Array;
  /** By transaction: how many must still come before it. */
  readonly #waits: Uint32Array;
  /** By version on a register (a place in `written`, then by key the beginning): who has yet to read it. */
  readonly #readers: Uint32Array;
  /** By outside read of a register: the version, as above; ABSENT for lists. */
  readonly #versionOf: Int32Array;
  /** By key: the version that is there. */
  readonly #current: Uint32Array;
  /** Versions that were overwritten, to be put back. */
  readonly #overwritten: number[] = [];
  readonly #isRegister: Uint8Array;
  #left: number;

  /**
   * @param before what must come before what; its chains are the sessions
   * @param rank by transaction: what to try first
   */
  constructor(history: History, transactions: Transactions, before: Graph, rank: Float64Array) {
    const { count, sessionStart, written, writtenStart, read, readFrom } = transactions;
    this.wayCount = history.sessionCount;
    this.stateWidth = history.sessionCount;
    this.#transactions = transactions;
    this.#before = before;
    this.#rank = rank;
    this.#next = sessionStart.slice(0, history.sessionCount);
    this.#left = count;
    this.#waits = new Uint32Array(count);
    for (const to of before.target) this.#waits[to]! += 1;
    this.#isRegister = history.keyKind.map((kind) => (kind === keyKind.register ? 1 : 0));
    this.#current = Uint32Array.from({ length: history.keyCount }, (_, key) => written.length + key);
    this.#readers = new Uint32Array(written.length + history.keyCount);
    this.#versionOf = new Int32Array(read.length).fill(ABSENT);
    for (let entry = 0; entry < read.length; entry += 1) {
      const key = history.key[read[entry]!]!;
      if (this.#isRegister[key] === 0) continue;
      const from = readFrom[entry]!;
      let version = written.length + key;
      if (from !== ABSENT) {
        version = writtenStart[from]!;
        while (written[version] !== key) version += 1;
      }
      this.#versionOf[entry] = version;
      this.#readers[version]! += 1;
    }
  }

  left(): number {
    return this.#left;
  }

  priority(session: number): number {
    const next = this.#next[session]!;
    return next < this.#transactions.sessionStart[session + 1]! ? this.#rank[next]! : ABSENT;
  }

  place(session: number): boolean {
    const { readStart, written, writtenStart } = this.#transactions;
    const next = this.#next[session]!;
    if (this.#waits[next] !== 0) return false;
    for (let entry = readStart[next]!; entry < readStart[next + 1]!; entry += 1) {
      const version = this.#versionOf[entry]!;
      if (version !== ABSENT) this.#readers[version]! -= 1;
    }
    for (let write = writtenStart[next]!; write < writtenStart[next + 1]!; write += 1) {
      const key = written[write]!;
      if (this.#isRegister[key] === 0 || this.#readers[this.#current[key]!] === 0) continue;
      this.#unread(next);
      return false;
    }
    for (let write = writtenStart[next]!; write < writtenStart[next + 1]!; write += 1) {
      const key = written[write]!;
      this.#overwritten.push(this.#current[key]!);
      this.#current[key] = write;
    }
    for (let edge = this.#before.start[next]!; edge < this.#before.start[next + 1]!; edge += 1) {
      this.#waits[this.#before.target[edge]!]! -= 1;
    }
    this.#next[session] = next + 1;
    this.#left -= 1;
    return true;
  }

  undo(session: number): void {
    const { written, writtenStart } = this.#transactions;
    const back = this.#next[session]! - 1;
    for (let edge = this.#before.start[back]!; edge < this.#before.start[back + 1]!; edge += 1) {
      this.#waits[this.#before.target[edge]!]! += 1;
    }
    for (let write = writtenStart[back + 1]! - 1; write >= writtenStart[back]!; write -= 1) {
      this.#current[written[write]!] = this.#overwritten.pop()!;
    }
    this.#unread(back);
    this.#next[session] = back;
    this.#left += 1;
  }

  state(into: Uint32Array): void {
    into.set(this.#next);
  }

  #unread(transaction: number): void {
    const { readStart } = this.#transactions;
    for (let entry = readStart[transaction]!; entry < readStart[transaction + 1]!; entry += 1) {
      const version = this.#versionOf[entry]!;
      if (version !== ABSENT) this.#readers[version]! += 1;
    }
  }
}
