// The store: for each key all causally maximal versions applied here, tombstones included. Applying u removes exactly the
// versions that u replaces (`prev`) and adds u; nothing is ever dropped because a resolver would not choose it, since
// two stores that drop losers at different moments end in different states. What a reader gets, resolver.ts decides.

import type { ScopeId, StreamId } from "../ids.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { sameDot } from "./record.ts";
import { ScopeKeys } from "./scope-keys.ts";

const none: readonly CausalRecord[] = [];
/** A store of fewer keys is gone through for every cut. */
const keysFrom = 1_024;

interface ByScope {
  readonly keys: ScopeKeys;
  readonly scopeOf: (stream: StreamId) => ScopeId;
}

/** Key to versions. */
export class VersionStore {
  // A key with one version, as most are, holds it directly: one object less to make and to look into.
  readonly #keys = new Map<string, CausalRecord | CausalRecord[]>();
  // Keys in ascending order, made when asked for and dropped when a key is added.
  #sorted: string[] | null = null;
  // Null until somebody asks for a few scopes of many.
  #byScope: ByScope | null = null;

  /** Live versions of a key, in the order they were applied; empty when nothing stands. */
  of(key: string): readonly CausalRecord[] {
    const held = this.#keys.get(key);
    if (held === undefined) return none;
    return Array.isArray(held) ? held : [held];
  }

  /**
   * Applies a record: removes what it replaces, adds it. `isReplaced`: something applied earlier has replaced it already,
   * so that it only removes.
   */
  apply(record: CausalRecord, isReplaced = false): void {
    const held = this.#keys.get(record.key);
    if (isReplaced) {
      this.#removeReplaced(record);
      return;
    }
    if (held === undefined) this.#begin(record);
    else if (!Array.isArray(held)) {
      this.#keys.set(record.key, contains(record.prev, held.dot) ? record : [held, record]);
    } else {
      const kept = held.filter((version) => !contains(record.prev, version.dot));
      if (kept.length === 0) this.#keys.set(record.key, record);
      else {
        kept.push(record);
        this.#keys.set(record.key, kept);
      }
    }
  }

  /** Adds a version beside those that are there: one that is known to be live. */
  add(record: CausalRecord): void {
    const held = this.#keys.get(record.key);
    if (held === undefined) this.#begin(record);
    else if (Array.isArray(held)) held.push(record);
    else this.#keys.set(record.key, [held, record]);
  }

  /** Removes a live version. A key without any is as if it had never been written. */
  remove(record: CausalRecord): void {
    const kept = this.of(record.key).filter((version) => version !== record);
    if (kept.length > 0) this.keepOnly(record.key, kept);
    else if (this.#keys.delete(record.key)) {
      this.#sorted = null;
      this.#byScope?.keys.remove(this.#byScope.scopeOf(record.dot.stream), record.key);
    }
  }

  // A key of which nothing stood.
  #begin(record: CausalRecord): void {
    this.#sorted = null;
    this.#keys.set(record.key, record);
    this.#byScope?.keys.add(this.#byScope.scopeOf(record.dot.stream), record.key);
  }

  /** Number of keys. */
  get size(): number {
    return this.#keys.size;
  }

  /** Every live version of every key, in the order in which the keys were first written here. */
  *all(): Iterable<CausalRecord> {
    for (const held of this.#keys.values()) {
      if (Array.isArray(held)) yield* held;
      else yield held;
    }
  }

  /**
   * Every live version of these scopes, in the same order.
   *
   * @param scopeOf always the same
   */
  ofScopes(scopes: ReadonlySet<ScopeId>, scopeOf: (stream: StreamId) => ScopeId): CausalRecord[] {
    const found: CausalRecord[] = [];
    if (this.#keys.size < keysFrom) {
      for (const record of this.all()) if (scopes.has(scopeOf(record.dot.stream))) found.push(record);
      return found;
    }
    this.#byScope ??= this.#sortedByScope(scopeOf);
    for (const key of this.#byScope.keys.of(scopes)) {
      const held = this.#keys.get(key) as CausalRecord | CausalRecord[];
      if (Array.isArray(held)) for (const record of held) found.push(record);
      else found.push(held);
    }
    return found;
  }

  #sortedByScope(scopeOf: (stream: StreamId) => ScopeId): ByScope {
    const keys = new ScopeKeys();
    for (const [key, held] of this.#keys) {
      const record = Array.isArray(held) ? (held[0] as CausalRecord) : held;
      keys.add(scopeOf(record.dot.stream), key);
    }
    return { keys, scopeOf };
  }

  // What replaced the record stands, or what has replaced that; unless it was a delete, and has gone for good.
  #removeReplaced({ key, prev }: CausalRecord): void {
    const held = this.of(key);
    const kept = held.filter((version) => !contains(prev, version.dot));
    if (kept.length < held.length) for (const version of held) if (!kept.includes(version)) this.remove(version);
  }

  /** Drops live versions of a key that `keep` does not name. Never for what a resolver would choose. */
  keepOnly(key: string, keep: readonly CausalRecord[]): void {
    this.#keys.set(key, keep.length === 1 ? (keep[0] as CausalRecord) : keep.slice());
  }

  /** All keys of which something stands here, ascending by code unit. The list is not a copy. */
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
    for (const [key, held] of this.#keys) copy.#keys.set(key, Array.isArray(held) ? held.slice() : held);
    return copy;
  }
}

function contains(dots: readonly Dot[], dot: Dot): boolean {
  for (let at = 0; at < dots.length; at += 1) if (sameDot(dots[at] as Dot, dot)) return true;
  return false;
}
