// The ways between cloudlets of an explored world: one per pair of neighbours under any plan, open or closed in both directions at
// once. A direction is the way's number doubled, plus one towards the cloudlet with the lower number.

import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";

/** All ways. */
export class Ways {
  /** The lower number first. */
  readonly ends: readonly (readonly [CloudletId, CloudletId])[];
  readonly #count: number;
  readonly #peers: readonly (readonly CloudletId[])[];
  // By from and to; -1 where no way leads.
  readonly #numbers: Int32Array;

  constructor(topology: Topology) {
    this.#count = topology.cloudlets.length;
    this.#numbers = new Int32Array(this.#count * this.#count).fill(-1);
    const ends: [CloudletId, CloudletId][] = [];
    for (const plan of topology.plans) {
      for (const { id } of plan.cloudlets) {
        for (const { peer } of plan.neighbours(id)) {
          if (peer < id || this.between(id, peer) >= 0) continue;
          this.#numbers[id * this.#count + peer] = ends.length;
          this.#numbers[peer * this.#count + id] = ends.length;
          ends.push([id, peer]);
        }
      }
    }
    this.ends = ends;
    this.#peers = topology.cloudlets.map(({ id }) =>
      ends.flatMap(([a, b]) => (a === id ? [b] : b === id ? [a] : [])).sort((a, b) => a - b),
    );
  }

  /** All that a cloudlet has a way to, ascending. */
  peersOf(cloudlet: number): readonly CloudletId[] {
    return this.#peers[cloudlet] as readonly CloudletId[];
  }

  /** The way between two cloudlets; -1 when there is none. */
  between(from: number, to: number): number {
    return this.#numbers[from * this.#count + to] as number;
  }

  /** The direction from one to the other. */
  direction(from: number, to: number): number {
    return this.between(from, to) * 2 + (from < to ? 0 : 1);
  }
}
