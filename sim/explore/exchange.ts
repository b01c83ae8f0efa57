// Which cloudlets and sessions of a world may be exchanged, so far as its topology and its script show: all ways to do so, each a
// permutation that keeps who is above whom, which scopes flow between neighbours under every plan, and who asks what of which keys.
// Values may differ, since no property asks what they are. These are candidates: whether the cores do alike when they are exchanged
// is seen while they run (symmetry.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import { limitTimer } from "../../model/replication/limits.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { Adjacency, Topology } from "../../model/topology/topology.ts";
import type { Program, ProgramKey, ProgramSession } from "./program.ts";
import type { Ways } from "./ways.ts";

/** One way to exchange. Each list tells for a number which one takes its place. */
export interface Exchange {
  readonly cloudlets: readonly number[];
  readonly sessions: readonly number[];
  readonly requests: readonly number[];
  readonly writes: readonly number[];
  readonly keys: readonly number[];
  readonly ways: readonly number[];
}

/** Names of a state are made once for each: more than these are not worth it. */
const exchangesMax = 24;

/** All that may be exchanged, closed under doing one after another; the first one exchanges nothing. */
export function exchangesOf(topology: Topology, program: Program, ways: Ways): readonly Exchange[] {
  const points = topology.cloudlets.length + program.sessions.length;
  let found: readonly Exchange[] = [];
  // Those that keep the last few points where they are make up a group as well: the largest one that is small enough.
  for (let moving = 1; moving <= points; moving += 1) {
    const more = new Exchanging(topology, program, ways, moving).all();
    if (more.length > exchangesMax) break;
    found = more;
  }
  assert(found.length > 0, "nothing can always be exchanged");
  return found;
}

/** Which timer of its new place takes the place of one of a cloudlet's: a replica has two per neighbour, these ascending. */
export function exchangedTimer(ways: Ways, { cloudlets }: Exchange, cloudlet: number, timer: number): number {
  if (timer >= limitTimer) return timer;
  const peer = ways.peersOf(cloudlet)[timer >> 1];
  assert(peer !== undefined, "a replica has two timers per neighbour");
  const place = ways.peersOf(cloudlets[cloudlet] as number).indexOf(cloudlets[peer] as CloudletId);
  return place * 2 + (timer & 1);
}

// Looks for all of them, a point at a time: cloudlets by their numbers, then sessions.
class Exchanging {
  readonly #topology: Topology;
  readonly #program: Program;
  readonly #ways: Ways;
  readonly #moving: number;
  readonly #found: Exchange[] = [];

  /** @param moving so many points may move, the others stay */
  constructor(topology: Topology, program: Program, ways: Ways, moving: number) {
    this.#topology = topology;
    this.#program = program;
    this.#ways = ways;
    this.#moving = moving;
  }

  /** All, or a few more than are worth it. */
  all(): readonly Exchange[] {
    this.#placeCloudlet([]);
    return this.#found;
  }

  #placeCloudlet(placed: readonly number[]): void {
    if (this.#found.length > exchangesMax) return;
    const { length } = this.#topology.cloudlets;
    const next = placed.length;
    if (next === length) {
      this.#placeSession(placed, [], []);
      return;
    }
    for (let to = 0; to < length; to += 1) {
      if (placed.includes(to) || (next >= this.#moving && to !== next)) continue;
      const more = [...placed, to];
      if (this.#fits(more)) this.#placeCloudlet(more);
    }
  }

  // Is the last one that was placed, under every plan, to those before it what the one was whose place it takes?
  #fits(placed: readonly number[]): boolean {
    const last = placed.length - 1;
    const to = placed[last] as number;
    return this.#topology.plans.every((plan) => {
      const [own, others] = [plan.cloudlets[last], plan.cloudlets[to]];
      if (own?.depth !== others?.depth || own?.lowers.length !== others?.lowers.length) return false;
      if (plan.neighbours(last as CloudletId).length !== plan.neighbours(to as CloudletId).length) return false;
      return placed.every((other, at) => {
        const isAbove = own?.upper === at;
        if (
          isAbove !== (others?.upper === other) ||
          (plan.cloudlets[at]?.upper === last) !== (plan.cloudlets[other]?.upper === to)
        )
          return false;
        return linkText(plan, last, at) === linkText(plan, to, other);
      });
    });
  }

  #placeSession(cloudlets: readonly number[], sessions: readonly number[], keys: readonly number[]): void {
    if (this.#found.length > exchangesMax) return;
    const all = this.#program.sessions;
    const next = sessions.length;
    const own = all[next];
    if (own === undefined) {
      this.#take(cloudlets, sessions, keys);
      return;
    }
    const isStaying = next + cloudlets.length >= this.#moving;
    for (const [to, other] of all.entries()) {
      if (sessions.includes(to) || (isStaying && to !== next)) continue;
      if (other.cloudlet !== cloudlets[own.cloudlet]) continue;
      const more = this.#keysOf(own, other, keys);
      if (more !== null) this.#placeSession(cloudlets, [...sessions, to], more);
    }
  }

  // Which key takes the place of which when one session takes the place of another; null when it cannot.
  #keysOf(own: ProgramSession, other: ProgramSession, known: readonly number[]): readonly number[] | null {
    if (own.requests.length !== other.requests.length) return null;
    const keys = known.slice();
    for (const [at, { op, key }] of own.requests.entries()) {
      const like = other.requests[at] as ProgramSession["requests"][number];
      if (shapeOf(op) !== shapeOf(like.op)) return null;
      if (key < 0) continue;
      const taken = keys[key];
      if (taken === undefined && keys.includes(like.key)) return null;
      if (taken !== undefined && taken !== like.key) return null;
      if (taken === undefined && !this.#areAlike(key, like.key)) return null;
      keys[key] = like.key;
    }
    return keys;
  }

  #areAlike(one: number, other: number): boolean {
    const [a, b] = [one, other].map((key) => this.#program.keys[key] as ProgramKey) as [ProgramKey, ProgramKey];
    return a.scope === b.scope && a.isJudged === b.isJudged && a.isDurable === b.isDurable;
  }

  // What leads where must be exchanged with the rest.
  #take(cloudlets: readonly number[], sessions: readonly number[], keys: readonly number[]): void {
    const { requests, writes, leadingTo } = this.#program;
    const requestOf = (number: number): number => {
      const { session } = requests[number] as Program["requests"][number];
      const at = this.#program.sessions[session]?.requests.findIndex((own) => own.number === number) ?? 0;
      return this.#program.sessions[sessions[session] as number]?.requests[at]?.number as number;
    };
    const moved = requests.map(({ number }) => requestOf(number));
    const movedWrites = writes.map(({ number }) => requests[moved[number] as number]?.write as number);
    const isKept = leadingTo.every((byCloudlet) =>
      byCloudlet.every((set, at) => exchangedSet(set, movedWrites) === byCloudlet[cloudlets[at] as number]),
    );
    if (!isKept) return;
    const ways = this.#ways.ends.map(([a, b]) => this.#ways.between(cloudlets[a] as number, cloudlets[b] as number));
    assert(!ways.includes(-1), "neighbours stay neighbours");
    this.#found.push({ cloudlets, sessions, keys, ways, requests: moved, writes: movedWrites });
  }
}

/** A set of writes, each replaced by the one that takes its place. */
export function exchangedSet(set: number, places: readonly number[]): number {
  let made = 0;
  for (let left = set; left !== 0; left &= left - 1) made |= 1 << (places[31 - Math.clz32(left & -left)] as number);
  return made;
}

// All of a request that may make a difference: the key is exchanged, the value is not looked at.
function shapeOf(op: ClientOp): string {
  const { kind } = op;
  const isAll = "replaceAll" in op;
  return `${kind} ${kind === "scan" ? `${op.limit} ${op.prefix}` : ""} ${isAll}`;
}

function linkText(plan: Topology, cloudlet: number, peer: number): string {
  const found: Adjacency | undefined = plan.neighbours(cloudlet as CloudletId).find((way) => way.peer === peer);
  if (found === undefined) return "";
  const list = (scopes: readonly number[]): string => scopes.toSorted((a, b) => a - b).join();
  return `${list(found.out)}/${list(found.in)}`;
}
