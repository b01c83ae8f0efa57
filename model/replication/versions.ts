// The store: for each key all causally maximal versions applied here, tombstones included. Applying u removes exactly the
// versions that u replaces (`prev`) and adds u; nothing is ever dropped because a resolver would not choose it, since
// two stores that drop losers at different moments end in different states. What a reader gets, resolver.ts decides.

import { Few } from "../few.ts";
import type { ScopeId, StreamId } from "../ids.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { compareDots, sameDot } from "./record.ts";
import { RowLists } from "./row-lists.ts";
import { ScopeKeys } from "./scope-keys.ts";
import type { Shelf } from "./shelf.ts";

const none: readonly CausalRecord[] = [];
/** A store of fewer keys is gone through for every cut. */
const keysFrom = 1_024;

interface ByScope {
  readonly keys: ScopeKeys;
  // In the order in which they came to stand there.
  readonly rows: RowLists<ScopeId>;
  readonly scopeOf: (stream: StreamId) => ScopeId;
}

/** Key to versions. */
export class VersionStore {
  // A key with one version, as most are, holds it directly: one object less to make and to look into.
  readonly #keys = new Few<string, CausalRecord | CausalRecord[]>();
  /** Keys whose only version is kept as bytes are found there, and not here; null while there are none. */
  shelf: Shelf | null = null;
  // The key that was looked for there last, and its row: until something changes there.
  #asked: string | null = null;
  #found = -1;
  // The key that was looked for here last, and what stands there: of one key it is asked several times in a row.
  #looked: string | null = null;
  #stands: CausalRecord | CausalRecord[] | undefined = undefined;
  // Keys in ascending order, made when asked for and dropped when a key is added.
  #sorted: string[] | null = null;
  // Null until somebody asks for a few scopes of many.
  #byScope: ByScope | null = null;

  /** Live versions of a key, in the order they were applied; empty when nothing stands. */
  of(key: string): readonly CausalRecord[] {
    const held = this.#at(key);
    if (held === undefined) return this.shelf === null ? none : this.#shelved(this.shelf, key);
    return Array.isArray(held) ? held : [held];
  }

  #at(key: string): CausalRecord | CausalRecord[] | undefined {
    if (this.#looked === key) return this.#stands;
    // What lies in a row is not here.
    if (this.#found >= 0 && this.#asked === key) return undefined;
    [this.#looked, this.#stands] = [key, this.#keys.get(key)];
    return this.#stands;
  }

  #put(key: string, versions: CausalRecord | CausalRecord[]): void {
    if (this.#asked === key) this.#asked = null;
    this.#keys.set(key, versions);
    [this.#looked, this.#stands] = [key, versions];
  }

  #take(key: string): boolean {
    [this.#looked, this.#stands] = [key, undefined];
    return this.#keys.delete(key);
  }

  #shelved(shelf: Shelf, key: string): readonly CausalRecord[] {
    const row = this.#findRow(shelf, key);
    return row < 0 ? none : [shelf.read(row)];
  }

  // Of one key it is asked several times in a row.
  #findRow(shelf: Shelf, key: string): number {
    if (this.#asked !== key) [this.#asked, this.#found] = [key, shelf.find(key)];
    return this.#found;
  }

  /** The row of a key's only version, where that is kept as bytes; else -1. */
  rowOf(key: string): number {
    return this.shelf === null || this.#at(key) !== undefined ? -1 : this.#findRow(this.shelf, key);
  }

  /** What stands alone at this key is in that row: nobody need look for it. */
  found(key: string, row: number): void {
    [this.#looked, this.#stands] = [key, undefined];
    [this.#asked, this.#found] = [key, row];
  }

  /** Is this object, which is not read from a row, a live version? */
  holds(record: CausalRecord): boolean {
    const held = this.#at(record.key);
    return held === record || (Array.isArray(held) && held.includes(record));
  }

  /** Live versions of a key in ascending dots. */
  inOrder(key: string): readonly CausalRecord[] {
    const live = this.of(key);
    return live.length < 2 ? live : live.toSorted((a, b) => compareDots(a.dot, b.dot));
  }

  /** The only version of a key, as an object; null where there is none, or there are several, or it is kept as bytes. */
  only(key: string): CausalRecord | null {
    const held = this.#at(key);
    return held === undefined || Array.isArray(held) ? null : held;
  }

  /** This record, the only one at its key, is kept as bytes from now on. */
  shelve({ key, dot }: CausalRecord, row: number): void {
    this.#take(key);
    this.#asked = null;
    const scope = this.#byScope?.scopeOf(dot.stream);
    if (scope === undefined) return;
    this.#byScope?.keys.remove(scope, key);
    this.#byScope?.rows.add(scope, row);
  }

  /** It is an object again. */
  unshelve(record: CausalRecord, row: number): void {
    this.#leave(row, record);
    this.#put(record.key, record);
    this.#byScope?.keys.add(this.#byScope.scopeOf(record.dot.stream), record.key);
  }

  #leave(row: number, { dot }: CausalRecord): void {
    this.shelf?.leave(row);
    this.#asked = null;
    this.#byScope?.rows.remove(this.#byScope.scopeOf(dot.stream), row);
  }

  /**
   * Applies a record: removes what it replaces, adds it. `isReplaced`: something applied earlier has replaced it already,
   * so that it only removes.
   */
  apply(record: CausalRecord, isReplaced = false): void {
    const held = this.#at(record.key);
    if (isReplaced) {
      this.#removeReplaced(record);
      return;
    }
    if (held === undefined) this.#begin(record);
    else if (!Array.isArray(held)) {
      this.#put(record.key, contains(record.prev, held.dot) ? record : [held, record]);
    } else {
      const kept = held.filter((version) => !contains(record.prev, version.dot));
      if (kept.length === 0) this.#put(record.key, record);
      else {
        kept.push(record);
        this.#put(record.key, kept);
      }
    }
  }

  /** Adds a version beside those that are there: one that is known to be live. */
  add(record: CausalRecord): void {
    const held = this.#at(record.key);
    if (held === undefined) this.#begin(record);
    else if (Array.isArray(held)) held.push(record);
    else this.#put(record.key, [held, record]);
  }

  /** Removes a live version. A key without any is as if it had never been written. */
  remove(record: CausalRecord): void {
    const row = this.rowOf(record.key);
    if (row >= 0) {
      if (!sameDot((this.shelf as Shelf).read(row).dot, record.dot)) return;
      this.#leave(row, record);
      this.#sorted = null;
      return;
    }
    const kept = this.of(record.key).filter((version) => version !== record);
    if (kept.length > 0) this.keepOnly(record.key, kept);
    else if (this.#take(record.key)) {
      this.#sorted = null;
      this.#byScope?.keys.remove(this.#byScope.scopeOf(record.dot.stream), record.key);
    }
  }

  // A key of which nothing stood, or something that was kept as bytes and is replaced.
  #begin(record: CausalRecord): void {
    const row = this.shelf === null ? -1 : this.#findRow(this.shelf, record.key);
    if (row < 0) this.#sorted = null;
    else this.#leave(row, record);
    this.#put(record.key, record);
    this.#byScope?.keys.add(this.#byScope.scopeOf(record.dot.stream), record.key);
  }

  /** Number of keys. */
  get size(): number {
    return this.#keys.size + (this.shelf?.standing ?? 0);
  }

  /** Every live version of every key, in the order in which the keys were first written here; what is kept as bytes comes last. */
  *all(): Iterable<CausalRecord> {
    for (const held of this.#keys.values()) {
      if (Array.isArray(held)) yield* held;
      else yield held;
    }
    if (this.shelf !== null) for (const row of this.shelf.rows()) yield this.shelf.read(row);
  }

  /**
   * Every live version of these scopes, in the same order.
   *
   * @param scopeOf always the same
   */
  ofScopes(scopes: ReadonlySet<ScopeId>, scopeOf: (stream: StreamId) => ScopeId): CausalRecord[] {
    const found: CausalRecord[] = [];
    if (this.size < keysFrom) {
      for (const record of this.all()) if (scopes.has(scopeOf(record.dot.stream))) found.push(record);
      return found;
    }
    this.#byScope ??= this.#sortedByScope(scopeOf);
    for (const key of this.#byScope.keys.of(scopes)) {
      const held = this.#at(key) as CausalRecord | CausalRecord[];
      if (Array.isArray(held)) for (const record of held) found.push(record);
      else found.push(held);
    }
    for (const row of this.#byScope.rows.ofAll(scopes)) found.push((this.shelf as Shelf).read(row));
    return found;
  }

  #sortedByScope(scopeOf: (stream: StreamId) => ScopeId): ByScope {
    const keys = new ScopeKeys();
    for (const [key, held] of this.#keys) {
      const record = Array.isArray(held) ? (held[0] as CausalRecord) : held;
      keys.add(scopeOf(record.dot.stream), key);
    }
    const rows = new RowLists<ScopeId>();
    for (const row of this.shelf?.rows() ?? []) rows.add(scopeOf((this.shelf as Shelf).streamOf(row)), row);
    return { keys, rows, scopeOf };
  }

  // What replaced the record stands, or what has replaced that; unless it was a delete, and has gone for good.
  #removeReplaced({ key, prev }: CausalRecord): void {
    const held = this.of(key);
    const kept = held.filter((version) => !contains(prev, version.dot));
    if (kept.length < held.length) for (const version of held) if (!kept.includes(version)) this.remove(version);
  }

  /** Drops live versions of a key that `keep` does not name. Never for what a resolver would choose. */
  keepOnly(key: string, keep: readonly CausalRecord[]): void {
    this.#put(key, keep.length === 1 ? (keep[0] as CausalRecord) : keep.slice());
  }

  /** All keys of which something stands here, ascending by code unit. The list is not a copy. */
  keys(): readonly string[] {
    this.#sorted ??= [...this.#keys.keys(), ...this.#shelvedKeys()].sort();
    return this.#sorted;
  }

  #shelvedKeys(): string[] {
    const { shelf } = this;
    return shelf === null ? [] : Array.from(shelf.rows(), (row) => shelf.keyOf(row));
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
