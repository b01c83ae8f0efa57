// The store: for each key all causally maximal versions applied here, tombstones included. Applying u removes exactly the
// versions that u replaces (`prev`) and adds u; nothing is ever dropped because a resolver would not choose it, since
// two stores that drop losers at different moments end in different states. What a reader gets, resolver.ts decides.

import type { CausalRecord, Dot } from "./record.ts";
import { sameDot } from "./record.ts";

const none: readonly CausalRecord[] = [];

/** Key to versions. */
export class VersionStore {
  // A key with one version, as most are, holds it directly: one object less to make and to look into.
  readonly #keys = new Map<string, CausalRecord | CausalRecord[]>();
  // Keys in ascending order, made when asked for and dropped when a key is added.
  #sorted: string[] | null = null;

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
    if (held === undefined) {
      this.#sorted = null;
      this.#keys.set(record.key, record);
    } else if (!Array.isArray(held)) {
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
    if (held === undefined) {
      this.#sorted = null;
      this.#keys.set(record.key, record);
    } else if (Array.isArray(held)) held.push(record);
    else this.#keys.set(record.key, [held, record]);
  }

  /** Removes a live version. A key without any is as if it had never been written. */
  remove(record: CausalRecord): void {
    const kept = this.of(record.key).filter((version) => version !== record);
    if (kept.length > 0) this.keepOnly(record.key, kept);
    else if (this.#keys.delete(record.key)) this.#sorted = null;
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
