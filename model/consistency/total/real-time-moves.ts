/**
 * Linear orders of one register whose values were written twice: the next operation may be any that began before all that are left
 * have ended, and that gets the answer it got.
 *
 * The state is how far each session has come, and what is there. Writes of unknown outcome come last in their sessions and may stay
 * out (Wing, Gong, Testing and Verifying Concurrent Objects, J. Parallel Distrib. Comput. 1993, with the memory of Lowe, Testing for
 * Linearizability, 2017).
 *
 * Leaves out the search (search.ts).
 */
import { ABSENT, type History, INITIAL, operationKind, outcome } from "../history.ts";
import type { Moves } from "./search.ts";
import type { Intervals } from "./zones.ts";

/** Places the operations of one key; a way is a session that has some. */
export class RealTimeMoves implements Moves {
  readonly wayCount: number;
  readonly stateWidth: number;
  readonly #history: History;
  readonly #times: Intervals;
  /** Operations of the key by session, one list after the other. */
  readonly #operations: readonly number[];
  readonly #next: Uint32Array;
  readonly #end: Uint32Array;
  #current = INITIAL;
  readonly #overwritten: number[] = [];
  #left = 0;

  /** @param operations of one key, ascending; writes that did not fail and reads with an answer */
  constructor(history: History, times: Intervals, operations: readonly number[]) {
    this.#history = history;
    this.#times = times;
    this.#operations = operations;
    const starts: number[] = [];
    operations.forEach((operation, at) => {
      if (at === 0 || history.session[operations[at - 1]!] !== history.session[operation]) starts.push(at);
      if (history.outcome[operation] === outcome.ok) this.#left += 1;
    });
    this.#next = Uint32Array.from(starts);
    this.#end = Uint32Array.from([...starts.slice(1), operations.length]);
    this.wayCount = starts.length;
    this.stateWidth = starts.length + 1;
  }

  left(): number {
    return this.#left;
  }

  priority(way: number): number {
    const next = this.#next[way]!;
    if (next === this.#end[way]) return ABSENT;
    const end = this.#times.end[this.#operations[next]!]!;
    return end < Number.POSITIVE_INFINITY ? end : Number.MAX_VALUE;
  }

  place(way: number): boolean {
    const { kind, listed, listStart, version } = this.#history;
    const operation = this.#operations[this.#next[way]!]!;
    for (let other = 0; other < this.wayCount; other += 1) {
      const next = this.#next[other]!;
      if (next !== this.#end[other] && this.#times.end[this.#operations[next]!]! < this.#times.start[operation]!)
        return false;
    }
    const isRead = kind[operation] === operationKind.read;
    if (isRead && listed[listStart[operation]!] !== this.#current) return false;
    this.#overwritten.push(this.#current);
    if (!isRead) this.#current = version[operation]!;
    this.#next[way]! += 1;
    if (this.#history.outcome[operation] === outcome.ok) this.#left -= 1;
    return true;
  }

  undo(way: number): void {
    this.#next[way]! -= 1;
    this.#current = this.#overwritten.pop()!;
    if (this.#history.outcome[this.#operations[this.#next[way]!]!] === outcome.ok) this.#left += 1;
  }

  state(into: Uint32Array): void {
    into.set(this.#next);
    into[this.#next.length] = this.#current;
  }

  /** What is next in every session that has something left. */
  pending(): readonly number[] {
    const found: number[] = [];
    this.#next.forEach((next, way) => {
      if (next !== this.#end[way]) found.push(this.#operations[next]!);
    });
    return found;
  }
}
