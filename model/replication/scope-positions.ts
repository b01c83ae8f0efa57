// Where in the apply order the records of each scope lie: whoever asks for one scope of a thousand must not go through all of the log.
// Positions are noted when somebody asks, and forgotten when the log has dropped them.
//
// It is derived from the log and says nothing of its own: a copy of a replica begins with an empty one.

import type { ScopeId, StreamId } from "../ids.ts";
import type { AppliedLog } from "./applied-log.ts";

/** So many positions are dropped from the front of the log before the lists are shortened. */
const droppedMin = 1_024;

/** A shorter log is gone through. */
const lengthMin = 1_024;

const nowhere: readonly number[] = [];

/** The positions of one log, by scope; all lists ascend. They may begin with positions that the log has dropped. */
export class ScopePositions {
  readonly #log: AppliedLog;
  readonly #scopeOf: (stream: StreamId) => ScopeId;
  readonly #byScope = new Map<ScopeId, number[]>();
  #places: number[] = [];
  // Up to here everything was noted.
  #noted = 0;
  #shortenedAt = 0;

  constructor(log: AppliedLog, scopeOf: (stream: StreamId) => ScopeId) {
    this.#log = log;
    this.#scopeOf = scopeOf;
  }

  /** Positions of what is no record, and concerns everybody. */
  get places(): readonly number[] {
    return this.#places;
  }

  /** Positions of the records of this scope. */
  of(scope: ScopeId): readonly number[] {
    return this.#byScope.get(scope) ?? nowhere;
  }

  /** Takes note of all that came since this was called last; to be called before anything is asked. */
  note(): void {
    const { base, end } = this.#log;
    if (base - this.#shortenedAt > Math.max(droppedMin, end - base)) this.#shorten(base);
    for (let at = Math.max(this.#noted, base); at < end; at += 1) {
      const stream = this.#log.streamAt(at);
      if (stream === null) {
        this.#places.push(at);
        continue;
      }
      const scope = this.#scopeOf(stream);
      const positions = this.#byScope.get(scope);
      if (positions === undefined) this.#byScope.set(scope, [at]);
      else positions.push(at);
    }
    this.#noted = end;
  }

  /** The positions of the records of these scopes that the log still has, ascending. */
  among(scopes: ReadonlySet<ScopeId>): readonly number[] {
    const { base, end } = this.#log;
    const found: number[] = [];
    // Of a short log nothing is noted for this alone.
    if (end - base < lengthMin && this.#noted === 0) {
      for (let at = base; at < end; at += 1) {
        const stream = this.#log.streamAt(at);
        if (stream !== null && scopes.has(this.#scopeOf(stream))) found.push(at);
      }
      return found;
    }
    this.note();
    for (const scope of scopes) {
      const positions = this.of(scope);
      for (let at = indexFrom(positions, base); at < positions.length; at += 1) {
        found.push(positions[at] as number);
      }
    }
    return found.sort((a, b) => a - b);
  }

  #shorten(base: number): void {
    this.#places = this.#places.slice(indexFrom(this.#places, base));
    for (const [scope, positions] of this.#byScope) {
      const kept = positions.slice(indexFrom(positions, base));
      if (kept.length === 0) this.#byScope.delete(scope);
      else this.#byScope.set(scope, kept);
    }
    this.#shortenedAt = base;
  }
}

/** The first of these ascending numbers that is `at` or more, if it is below `end`; else `end`. */
export function firstFrom(ascending: readonly number[], at: number, end: number): number {
  const last = ascending.length - 1;
  if (last < 0 || (ascending[last] as number) < at) return end;
  return Math.min(end, ascending[indexFrom(ascending, at)] as number);
}

function indexFrom(ascending: readonly number[], at: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] as number) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}
