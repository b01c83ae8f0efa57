// The store: for each key all causally maximal versions applied here, tombstones included. Applying u removes exactly the
// versions that u replaces (`prev`) and adds u; nothing is ever dropped because a resolver would not choose it, since
// two stores that drop losers at different moments end in different states. What a reader gets, resolver.ts decides.

import type { CausalRecord, Dot } from "./record.ts";
import { sameDot } from "./record.ts";

const none: readonly CausalRecord[] = [];

/** Key to versions. */
export class VersionStore {
  readonly #keys = new Map<string, CausalRecord[]>();
  // Keys in ascending order, made when asked for and dropped when a key is added.
  #sorted: string[] | null = null;

  /** Live versions of a key, in the order they were applied; empty when it was never written. The list is not a copy. */
  of(key: string): readonly CausalRecord[] {
    return this.#keys.get(key) ?? none;
  }

  /** Applies a record: removes what it replaces, adds it. Returns the versions now live (not a copy). */
  apply(record: CausalRecord): CausalRecord[] {
    const versions = this.#keys.get(record.key);
    if (versions === undefined) {
      const made = [record];
      this.#keys.set(record.key, made);
      this.#sorted = null;
      return made;
    }
    if (versions.length === 1) {
      if (contains(record.prev, (versions[0] as CausalRecord).dot)) versions[0] = record;
      else versions.push(record);
      return versions;
    }
    let kept = 0;
    for (let at = 0; at < versions.length; at += 1) {
      const version = versions[at] as CausalRecord;
      if (!contains(record.prev, version.dot)) {
        versions[kept] = version;
        kept += 1;
      }
    }
    versions[kept] = record;
    if (versions.length > kept + 1) versions.length = kept + 1;
    return versions;
  }

  /** All keys ever written here, ascending by code unit. The list is not a copy. */
  keys(): readonly string[] {
    this.#sorted ??= [...this.#keys.keys()].sort();
    return this.#sorted;
  }

  /** All keys that begin with this prefix, ascending. */
  keysFrom(prefix: string): readonly string[] {
    const keys = this.keys();
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] as string) < prefix) low = middle + 1;
      else high = middle;
    }
    let end = low;
    while (end < keys.length && (keys[end] as string).startsWith(prefix)) end += 1;
    return keys.slice(low, end);
  }

  /** A copy that shares nothing mutable. */
  clone(): VersionStore {
    const copy = new VersionStore();
    for (const [key, versions] of this.#keys) copy.#keys.set(key, versions.slice());
    return copy;
  }
}

function contains(dots: readonly Dot[], dot: Dot): boolean {
  for (let at = 0; at < dots.length; at += 1) if (sameDot(dots[at] as Dot, dot)) return true;
  return false;
}
