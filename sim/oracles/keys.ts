// Dense numbers for keys, in the order they are first heard of, with the resolver of each: looked up once per key, so that
// nothing that happens per record compares strings.

import type { ResolverName } from "../../model/topology/resolvers.ts";
import type { Topology } from "../../model/topology/topology.ts";

/** Keys by number. */
export class KeyNumbers {
  readonly names: string[] = [];
  readonly resolvers: ResolverName[] = [];
  readonly #topology: Topology;
  readonly #numbers = new Map<string, number>();

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** The number of a key; new keys get the next one. */
  numberOf(key: string): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.names.length;
    this.#numbers.set(key, number);
    this.names.push(key);
    const scope = this.#topology.scopeOf(key);
    this.resolvers.push(scope === null ? "lww-hlc" : (this.#topology.scopes[scope]?.resolver ?? "lww-hlc"));
    return number;
  }

  /** The number of a key that was heard of; -1 when it was not. */
  find(key: string): number {
    return this.#numbers.get(key) ?? -1;
  }
}
