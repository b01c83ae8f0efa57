// A map for what comes and goes, and of which there is mostly one at a time, or none: that one needs no table, and no hash of its key. A
// `Map` makes a new table whenever its last entry goes, or it is full, and each table leads to the next: where one has grown old, all later
// ones outlive their use, with whatever is in them.
//
// What is entered while it is gone through is not seen.

/** Key to value; what is undefined is not in it. In the order in which keys were entered. */
export class Few<Key, Value> {
  #key: Key | undefined = undefined;
  #value: Value | undefined = undefined;
  // All of them, as long as there were several since there was none.
  #all: Map<Key, Value> | null = null;

  get size(): number {
    return this.#all === null ? Number(this.#value !== undefined) : this.#all.size;
  }

  get(key: Key): Value | undefined {
    if (this.#all !== null) return this.#all.get(key);
    return this.#value !== undefined && this.#key === key ? this.#value : undefined;
  }

  has(key: Key): boolean {
    return this.get(key) !== undefined;
  }

  set(key: Key, value: Value): void {
    if (this.#all !== null) this.#all.set(key, value);
    else if (this.#value === undefined || this.#key === key) [this.#key, this.#value] = [key, value];
    else {
      this.#all = new Map<Key, Value>([[this.#key as Key, this.#value]]).set(key, value);
      this.#key = this.#value = undefined;
    }
  }

  /** Takes it out; was it there? */
  delete(key: Key): boolean {
    if (this.#all === null) {
      if (this.#value === undefined || this.#key !== key) return false;
      this.#key = this.#value = undefined;
      return true;
    }
    if (this.#all.size > 1) return this.#all.delete(key);
    if (!this.#all.has(key)) return false;
    this.#all = null;
    return true;
  }

  /** Takes all out. */
  clear(): void {
    this.#key = this.#value = undefined;
    this.#all = null;
  }

  keys(): Iterable<Key> {
    if (this.#all !== null) return this.#all.keys();
    return this.#value === undefined ? [] : [this.#key as Key];
  }

  values(): Iterable<Value> {
    if (this.#all !== null) return this.#all.values();
    return this.#value === undefined ? [] : [this.#value];
  }

  [Symbol.iterator](): Iterator<[Key, Value]> {
    if (this.#all !== null) return this.#all[Symbol.iterator]();
    const only: [Key, Value][] = this.#value === undefined ? [] : [[this.#key as Key, this.#value]];
    return only[Symbol.iterator]();
  }
}
