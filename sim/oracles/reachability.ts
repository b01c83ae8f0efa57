// Which records can reach whom, worked out anew from the flows alone: the oracles do not ask the topology's own index.
// From each stream's origins a search along the flows of its scope, in their directions; equal sets are kept once.
// A lane is one direction of a flow: what a record may travel over.

import { assert } from "../../model/assert.ts";
import type { CloudletId, ScopeId, StreamId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { mixed, PairMap } from "./tables.ts";

/** One direction of a flow. */
export interface Lane {
  /** The flow's name. */
  readonly name: string;
  readonly scope: ScopeId;
  readonly from: CloudletId;
  readonly to: CloudletId;
}

interface CloudletSet {
  readonly isAll: boolean;
  /** Ascending. */
  readonly members: Int32Array;
  /** One bit per cloudlet, where that is smaller than the members. */
  readonly bits: Uint32Array | null;
}

/** The oracles' own view of a topology. */
export class Reachability {
  /** Index of the set of cloudlets that each stream reaches. */
  readonly setOfStream: Int32Array;
  readonly lanes: readonly Lane[];
  readonly #cloudlets: number;
  readonly #sets: CloudletSet[] = [];
  readonly #setByHash = new Map<number, number[]>();
  readonly #laneBetween = new PairMap();
  readonly #neighbours = new PairMap();
  readonly #covers = new PairMap();
  // Lanes sorted by (scope, from): the next steps from a cloudlet are a run of this list, which begins at #firstLane.
  readonly #order: readonly Lane[];
  readonly #firstLane = new PairMap();

  constructor(topology: Topology) {
    this.#cloudlets = topology.cloudlets.length;
    assert(this.#cloudlets * (topology.scopes.length + 1) < 2 ** 31, "too many cloudlets times scopes");
    const lanes: Lane[] = [];
    for (const { name, scope, upper, lower, direction } of topology.flows) {
      if (direction !== "down") lanes.push({ name, scope, from: lower, to: upper });
      if (direction !== "up") lanes.push({ name, scope, from: upper, to: lower });
    }
    this.lanes = lanes;
    for (const [index, { scope, from, to }] of lanes.entries()) {
      if (this.laneOf(scope, from, to) < 0) this.#laneBetween.set(scope * this.#cloudlets + from, to, index);
      this.#neighbours.set(from, to, 1);
      this.#neighbours.set(to, from, 1);
    }
    this.#order = lanes.slice().sort((a, b) => a.scope - b.scope || a.from - b.from);
    this.setOfStream = this.#search(topology);
  }

  /** Is this cloudlet in the set? */
  holds(set: number, cloudlet: number): boolean {
    const { isAll, members, bits } = this.#sets[set] as CloudletSet;
    if (isAll) return true;
    if (bits !== null) return (((bits[cloudlet >>> 5] as number) >>> (cloudlet & 31)) & 1) === 1;
    let low = 0;
    let high = members.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const member = members[middle] as number;
      if (member === cloudlet) return true;
      if (member < cloudlet) low = middle + 1;
      else high = middle - 1;
    }
    return false;
  }

  /** Does a record of this stream ever arrive at this cloudlet, its origins included? */
  reaches(stream: StreamId, cloudlet: CloudletId): boolean {
    return this.holds(this.setOfStream[stream] as number, cloudlet);
  }

  /** The cloudlets of a set, ascending. */
  membersOf(set: number): Int32Array {
    return (this.#sets[set] as CloudletSet).members;
  }

  /** Is every cloudlet of the smaller set in the larger one? */
  covers(larger: number, smaller: number): boolean {
    if (larger === smaller) return true;
    const big = this.#sets[larger] as CloudletSet;
    if (big.isAll) return true;
    const { members } = this.#sets[smaller] as CloudletSet;
    if (members.length > big.members.length) return false;
    const known = this.#covers.get(larger, smaller);
    if (known >= 0) return known === 1;
    let isCovered = true;
    for (let at = 0; at < members.length && isCovered; at += 1) {
      isCovered = this.holds(larger, members[at] as number);
    }
    this.#covers.set(larger, smaller, isCovered ? 1 : 0);
    return isCovered;
  }

  /** The lane that brings records of a scope from one cloudlet directly to another; -1 when there is none. */
  laneOf(scope: ScopeId, from: CloudletId, to: CloudletId): number {
    return this.#laneBetween.get(scope * this.#cloudlets + from, to);
  }

  /** Are these the two ends of some flow, in any direction? */
  areNeighbours(a: CloudletId, b: CloudletId): boolean {
    return this.#neighbours.get(a, b) === 1;
  }

  /** Everyone to whom lanes of a scope lead from any of these, themselves included, over cloudlets that `passes`. */
  reachedFrom(scope: ScopeId, sources: readonly number[], passes: (cloudlet: number) => boolean): ReadonlySet<number> {
    const found = new Set(sources);
    for (const from of found) {
      for (let next = this.#firstLane.get(scope, from); next >= 0 && next < this.#order.length; next += 1) {
        const lane = this.#order[next] as Lane;
        if (lane.scope !== scope || lane.from !== (from as CloudletId)) break;
        if (passes(lane.to)) found.add(lane.to);
      }
    }
    return found;
  }

  // One search per stream.
  #search(topology: Topology): Int32Array {
    const order = this.#order;
    for (let at = order.length - 1; at >= 0; at -= 1) {
      const { scope, from } = order[at] as Lane;
      this.#firstLane.set(scope, from, at);
    }
    const seenBy = new Int32Array(this.#cloudlets).fill(-1);
    const setOfStream = new Int32Array(topology.streams.length);
    const found: number[] = [];
    for (const { id, scope, origins } of topology.streams) {
      const first = origins[0];
      assert(first !== undefined, "a stream without origins");
      found.length = 0;
      found.push(first);
      seenBy[first] = id;
      for (let at = 0; at < found.length; at += 1) {
        const from = found[at] as number;
        let next = this.#firstLane.get(scope, from);
        if (next < 0) continue;
        for (; next < order.length; next += 1) {
          const lane = order[next] as Lane;
          if (lane.scope !== scope || lane.from !== (from as CloudletId)) break;
          if (seenBy[lane.to] === id) continue;
          seenBy[lane.to] = id;
          found.push(lane.to);
        }
      }
      const isHeld = this.#firstLane.get(scope, first) >= 0 || found.length > 1;
      for (const origin of origins) {
        assert(!isHeld || seenBy[origin] === id, "origins of one stream do not reach each other");
      }
      setOfStream[id] = this.#intern(found.sort(ascending));
    }
    return setOfStream;
  }

  /** The index of a set; the list is the caller's. */
  #intern(list: readonly number[]): number {
    let hash = list.length;
    for (const member of list) hash = mixed(hash ^ member);
    const candidates = this.#setByHash.get(hash);
    if (candidates !== undefined) {
      for (const index of candidates) if (areEqual((this.#sets[index] as CloudletSet).members, list)) return index;
    }
    const members = Int32Array.from(list);
    const words = (this.#cloudlets + 31) >>> 5;
    let bits: Uint32Array | null = null;
    if (members.length > words) {
      bits = new Uint32Array(words);
      for (const member of members) bits[member >>> 5] = (bits[member >>> 5] as number) | (1 << (member & 31));
    }
    const index = this.#sets.length;
    this.#sets.push({ isAll: members.length === this.#cloudlets, members, bits });
    if (candidates === undefined) this.#setByHash.set(hash, [index]);
    else candidates.push(index);
    return index;
  }
}

function areEqual(one: Int32Array, other: readonly number[]): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false;
  return true;
}

function ascending(one: number, other: number): number {
  return one - other;
}
