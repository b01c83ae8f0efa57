// Which keys stand in which scope, so that a cut of one scope costs what is in it, however many keys of others there are.
//
// It is derived from the store, made when the first such cut is taken, and kept up to date from then on: a replica that never takes one
// pays nothing for it. A key lies in one scope, and so do all records of it (admission.ts).

import type { ScopeId } from "../ids.ts";

/** Keys by scope, each with its place among all keys in the order in which they were first written. */
export class ScopeKeys {
  readonly #byScope = new Map<ScopeId, Map<string, number>>();
  #next = 0;

  /** A key is written that did not stand here. */
  add(scope: ScopeId, key: string): void {
    let places = this.#byScope.get(scope);
    if (places === undefined) this.#byScope.set(scope, (places = new Map<string, number>()));
    places.set(key, this.#next);
    this.#next += 1;
  }

  /** Nothing stands at the key any more. */
  remove(scope: ScopeId, key: string): void {
    this.#byScope.get(scope)?.delete(key);
  }

  /** The keys of these scopes, in the order in which they were first written. */
  of(scopes: Iterable<ScopeId>): readonly string[] {
    const lists: Map<string, number>[] = [];
    for (const scope of scopes) {
      const places = this.#byScope.get(scope);
      if (places !== undefined && places.size > 0) lists.push(places);
    }
    if (lists.length <= 1) return [...(lists[0]?.keys() ?? [])];
    return lists
      .flatMap((places) => [...places])
      .sort(([, a], [, b]) => a - b)
      .map(([key]) => key);
  }
}
