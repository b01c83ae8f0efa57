// Which positions of the apply order concern which neighbour, where there are many: an aggregation layer with a thousand cloudlets under it
// has a thousand scopes that concern one of them each, and must not go through all of its log for every one.
//
// 1. Positions are noted by the scope of their record; places beside records (installations, cuts that wait) concern everybody.
// 2. A sender with few scopes goes from one of their positions to the next. One with many goes through the log: most of it is its own.
// 3. Something new is told to those alone to whom its scope flows. What others have passed over they pass over later, all at once.
//
// It is derived from the log and says nothing of its own: a copy of a replica begins with an empty one. Leaves out whether a record is to
// be sent (sending-side.ts), and changes of the plan: under several plans everybody goes through the log.

import type { ScopeId, StreamId } from "../ids.ts";
import type { AppliedLog } from "./applied-log.ts";
import { ScopePositions, firstFrom } from "./scope-positions.ts";

/** With fewer neighbours going through the log costs less than knowing where to look: with some thirty a twentieth less. */
const neighboursFrom = 65;
/** A neighbour to whom more scopes flow goes through the log. */
const scopesMax = 8;

/** What is new and concerns nobody in particular is told to all. */
export type Audience = readonly number[] | "all";

/** The lanes of one log. Neighbours are named by their place among all. */
export class Lanes {
  readonly #log: AppliedLog;
  readonly #scopeOf: (stream: StreamId) => ScopeId;
  // By neighbour; null: it goes through the log.
  readonly #scopes: readonly (readonly ScopeId[] | null)[];
  readonly #audience = new Map<ScopeId, number[]>();
  readonly #positions: ScopePositions;

  private constructor(
    log: AppliedLog,
    scopeOf: (stream: StreamId) => ScopeId,
    out: readonly (readonly ScopeId[])[],
    positions: ScopePositions,
  ) {
    this.#log = log;
    this.#scopeOf = scopeOf;
    this.#positions = positions;
    this.#scopes = out.map((scopes) => (scopes.length > scopesMax ? null : scopes));
    for (const [place, scopes] of out.entries()) {
      for (const scope of scopes) {
        const audience = this.#audience.get(scope);
        if (audience === undefined) this.#audience.set(scope, [place]);
        else audience.push(place);
      }
    }
  }

  /**
   * Null where it is not worth it.
   *
   * @param out the scopes that flow to each neighbour
   * @param positions those of this log, when others look at them too
   */
  static of(
    log: AppliedLog,
    scopeOf: (stream: StreamId) => ScopeId,
    out: readonly (readonly ScopeId[])[],
    positions = (): ScopePositions => new ScopePositions(log, scopeOf),
  ): Lanes | null {
    return out.length < neighboursFrom ? null : new Lanes(log, scopeOf, out, positions());
  }

  /** The first index from `at` on, and below `end`, whose item may concern the neighbour in this place; `end` when there is none. */
  next(place: number, at: number, end: number): number {
    const scopes = this.#scopes[place] as readonly ScopeId[] | null;
    if (scopes === null || at >= end) return at;
    const stream = this.#log.streamAt(at);
    // Where most is shared, the next position is nearly always one.
    if (stream === null || scopes.includes(this.#scopeOf(stream))) return at;
    this.#positions.note();
    let first = firstFrom(this.#positions.places, at, end);
    for (const scope of scopes) first = firstFrom(this.#positions.of(scope), at, first);
    return first;
  }

  /** Whom something from this index on may concern, ascending. Of one scope it is the same list each time. */
  audienceFrom(index: number): Audience {
    this.#positions.note();
    const { end } = this.#log;
    let found: readonly number[] = nobody;
    let several: Set<number> | null = null;
    let last: ScopeId | null = null;
    for (let at = index; at < end; at += 1) {
      const stream = this.#log.streamAt(at);
      if (stream === null) return "all";
      const scope = this.#scopeOf(stream);
      if (scope === last) continue;
      const audience = this.#audience.get(scope) ?? nobody;
      if (last === null) found = audience;
      else {
        several ??= new Set(found);
        for (const place of audience) several.add(place);
      }
      last = scope;
    }
    return several === null ? found : [...several].sort((a, b) => a - b);
  }
}

const nobody: readonly number[] = [];
