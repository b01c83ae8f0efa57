// What replaced records depended on outside their own scope, kept per scope after the records themselves are gone: a cut of
// that scope may not be shown to anybody who lacks it. Kept as interval sets of dots, exact while there are few gaps; a
// writer with more than `rangesMax` of them gets its lowest ones joined, which makes a cut wait for more than it must and
// never for less. Which dots are worth keeping holdings.ts decides.

import type { ScopeId } from "../ids.ts";
import type { Covered, Outside } from "./messages.ts";
import { insert, rangesOf } from "./sequences.ts";
import type { WriterTable } from "./writers.ts";

/** Intervals kept per scope and writer. */
const rangesMax = 64;

/** Dots by scope. Shares the replica's writer table. */
export class OutsideNeeds {
  readonly #writers: WriterTable;
  // Scope, then slot, to flat ascending ranges; null while there is nothing.
  #byScope: Map<ScopeId, Map<number, number[]>> | null = null;

  constructor(writers: WriterTable) {
    this.#writers = writers;
  }

  /** Something of this scope depends on this dot. */
  add(scope: ScopeId, slot: number, sequence: number): void {
    this.#byScope ??= new Map();
    let slots = this.#byScope.get(scope);
    if (slots === undefined) {
      slots = new Map();
      this.#byScope.set(scope, slots);
    }
    const flat = slots.get(slot);
    if (flat === undefined) {
      slots.set(slot, [sequence, sequence]);
      return;
    }
    insert(flat, sequence);
    // Removes the end of the lowest range and the beginning of the next.
    if (flat.length > rangesMax * 2) flat.splice(1, 2);
  }

  /** Everything of these scopes, all when null; in ascending scopes, writers in the order they were heard of. */
  of(scopes: ReadonlySet<ScopeId> | null): Outside[] {
    const writers = this.#writers;
    return [...(this.#byScope ?? [])]
      .filter(([scope]) => scopes === null || scopes.has(scope))
      .sort(([a], [b]) => a - b)
      .map(([scope, slots]) => ({
        scope,
        needs: [...slots]
          .sort(([a], [b]) => a - b)
          .map(([slot, flat]): Covered => ({
            stream: writers.streamOf(slot),
            origin: writers.originOf(slot),
            incarnation: writers.incarnationOf(slot),
            ranges: rangesOf(flat),
          })),
      }));
  }

  /** A copy over another writer table with the same slots: of these scopes, of all when null. */
  clone(writers: WriterTable, scopes: ReadonlySet<ScopeId> | null = null): OutsideNeeds {
    const copy = new OutsideNeeds(writers);
    if (this.#byScope === null) return copy;
    copy.#byScope = new Map();
    for (const scope of scopes ?? this.#byScope.keys()) {
      const slots = this.#byScope.get(scope);
      if (slots === undefined) continue;
      copy.#byScope.set(scope, new Map([...slots].map(([slot, flat]) => [slot, flat.slice()])));
    }
    return copy;
  }
}
