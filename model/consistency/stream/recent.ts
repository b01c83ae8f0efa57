/**
 * A map that keeps the newest entries and drops the oldest one for every new one beyond its size.
 *
 * Names stand in a ring beside the map: to ask a map for its first key costs as much as was deleted before it. Leaves out renewing an
 * entry: one that is set again keeps its age.
 */

/** The newest entries by name. */
export class Recent<Value> {
  readonly #values = new Map<string, Value>();
  readonly #names: string[] = [];
  readonly #max: number;
  #next = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  delete(name: string): boolean {
    return this.#values.delete(name);
  }

  entries(): Iterable<readonly [string, Value]> {
    return this.#values;
  }

  /** Sets an entry; true when another one had to go. */
  set(name: string, value: Value): boolean {
    const isNew = !this.#values.has(name);
    this.#values.set(name, value);
    if (!isNew) return false;
    if (this.#names.length < this.#max) {
      this.#names.push(name);
      return false;
    }
    const oldest = this.#names[this.#next]!;
    this.#names[this.#next] = name;
    this.#next = (this.#next + 1) % this.#max;
    return oldest !== name && this.#values.delete(oldest);
  }
}
