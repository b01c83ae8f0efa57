/**
 * Linear orders of one register whose values were written twice: the next operation may be any that began before all that are left
 * have ended, and that gets the answer it got.
 *
 * What moves is a unit: an operation, or a transaction, which runs as a whole at one moment. The state is how far each session has
 * come, and what is there; a session whose moments do not show its order counts as several. Units of unknown outcome come last in their sessions and may stay out (Wing, Gong, Testing and Verifying Concurrent Objects, J. Parallel Distrib. Comput. 1993, with the memory of Lowe, Testing for
 * Linearizability, 2017).
 *
 * Leaves out the search (search.ts).
 */
import { ABSENT, type History, INITIAL, operationKind } from "../history.ts";
import type { Moves } from "./search.ts";
import type { UnitTimes } from "./unit-times.ts";

/** Places the operations of one key; a way is a session that has some, or a part of one whose moments do not show its order. */
export class RealTimeMoves implements Moves {
  readonly wayCount: number;
  readonly stateWidth: number;
  readonly #history: History;
  readonly #times: UnitTimes;
  /** Operations of the key by way, one list after the other. */
  readonly #operations: readonly number[];
  readonly #next: Uint32Array;
  readonly #end: Uint32Array;
  /** By place in `#operations`: the first place of its unit. */
  readonly #unitStart: Uint32Array;
  #current = INITIAL;
  readonly #overwritten: number[] = [];
  #left = 0;

  /** @param operations of one key, ascending; writes that did not fail and reads of which it is told what they returned */
  constructor(history: History, times: UnitTimes, operations: readonly number[]) {
    this.#history = history;
    this.#times = times;
    const { transaction } = history;
    const ways = chains(history, times, operations);
    this.#operations = ways.flat();
    this.#unitStart = new Uint32Array(operations.length);
    this.#operations.forEach((operation, at) => {
      const before = this.#operations[at - 1];
      const isOneUnit = before !== undefined && transaction !== null && transaction[before] === transaction[operation];
      this.#unitStart[at] = isOneUnit ? this.#unitStart[at - 1]! : at;
      if (!isOneUnit && this.#isCertain(at)) this.#left += 1;
    });
    let place = 0;
    const starts = ways.map((way) => (place += way.length) - way.length);
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
    const first = this.#next[way]!;
    const start = this.#times.start[this.#operations[first]!]!;
    for (let other = 0; other < this.wayCount; other += 1) {
      const next = this.#next[other]!;
      if (next !== this.#end[other] && this.#times.end[this.#operations[next]!]! < start) return false;
    }
    let now = this.#current;
    let at = first;
    for (; at < this.#end[way]! && this.#unitStart[at] === first; at += 1) {
      const operation = this.#operations[at]!;
      if (kind[operation] !== operationKind.read) now = version[operation]!;
      else if (listed[listStart[operation]!] !== now) return false;
    }
    this.#overwritten.push(this.#current);
    this.#current = now;
    this.#next[way] = at;
    if (this.#isCertain(first)) this.#left -= 1;
    return true;
  }

  undo(way: number): void {
    const first = this.#unitStart[this.#next[way]! - 1]!;
    this.#next[way] = first;
    this.#current = this.#overwritten.pop()!;
    if (this.#isCertain(first)) this.#left += 1;
  }

  state(into: Uint32Array): void {
    into.set(this.#next);
    into[this.#next.length] = this.#current;
  }

  /** What is next in every way that has something left. */
  pending(): readonly number[] {
    const found: number[] = [];
    this.#next.forEach((next, way) => {
      for (let at = next; at < this.#end[way]! && this.#unitStart[at] === next; at += 1)
        found.push(this.#operations[at]!);
    });
    return found;
  }

  /** Whether the unit that begins at a place is known to have happened. */
  #isCertain(place: number): boolean {
    return this.#times.isOpen[this.#operations[place]!] === 0;
  }
}

/**
 * The operations by session, in lists in which each unit begins after the one before it has ended. 1. A session's second unit begins at
 * the very moment at which its first ended. 2. Such moments are taken for concurrent, so either may have come first. 3. In one list
 * the second would wait for the first; so it begins a list of its own, and what follows goes where it is certainly later.
 */
function chains(
  { session, transaction }: History,
  { start, end }: UnitTimes,
  operations: readonly number[],
): readonly (readonly number[])[] {
  const all: number[][] = [];
  /** Lists of the session that is looked at. */
  let own: number[][] = [];
  let chain: number[] | undefined;
  let before = ABSENT;
  for (const operation of operations) {
    if (before === ABSENT || session[before] !== session[operation]) own = [];
    const isOneUnit = before !== ABSENT && transaction !== null && transaction[before] === transaction[operation];
    if (!isOneUnit) {
      chain = own.find((list) => end[list.at(-1)!]! < start[operation]!);
      if (chain === undefined) {
        chain = [];
        own.push(chain);
        all.push(chain);
      }
    }
    chain!.push(operation);
    before = operation;
  }
  return all;
}
