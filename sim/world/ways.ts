// The ways between replication neighbours over the physical network: for each ordered pair the route its messages take,
// whether it is open, and what happens to it when links go up and down.
//
// A way is open when every hop of its route is up, in its direction. A cut in one direction closes one of the two ways of
// a pair and leaves the other open: the end that still can send does not notice. Whether the process at the far end runs
// is the world's knowledge, not this file's. Leaves out: what travels (traffic.ts) and why links fail (faults/inject.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import { listOf } from "../../model/lists.ts";
import type { Rng } from "../../model/random.ts";
import type { LinkDirectionSpec } from "../../model/topology/spec.ts";
import type { RouteHop, Topology } from "../../model/topology/topology.ts";
import { Channel, channelOptions, type ChannelOptions } from "../network/channel.ts";
import { Route, RouteBook, type Hop } from "../network/route.ts";
import { openPath } from "./detour.ts";

/** One ordered pair of replication neighbours. */
export interface Way {
  /** Dense from 0, ascending by (from, to). */
  readonly index: number;
  readonly from: CloudletId;
  readonly to: CloudletId;
  /** Whether the two are neighbours under the plan that `from` was told last. */
  isInPlan: boolean;
  /** The route that this plan names, or the last one that named any. */
  primary: Route;
  /** Whether another route may be taken while the primary one is closed. */
  readonly reroutes: boolean;
  /** The route that messages take now. */
  route: Route;
  /** What `from` was last told: true after linkUp, false after linkDown and before the first linkUp. */
  isPerceivedUp: boolean;
}

/** All channels and ways of a run. Channel 2i is link i from a to b, channel 2i + 1 its other direction. */
export class Ways {
  readonly hops: readonly Hop[];
  readonly all: readonly Way[];
  readonly #topology: Topology;
  readonly #book = new RouteBook();
  readonly #wayOfRoute = new Map<Route, Way>();
  readonly #detours = new Map<string, Route>();
  readonly #rerouting: readonly Way[];
  /** Ways from cloudlet c: positions #from[c] to #from[c + 1] - 1 in `all`. */
  readonly #from: Int32Array;
  /** The far end of each way: what `between` searches without touching the ways. */
  readonly #to: Int32Array;
  /** Why each channel is down: one count per fault that holds it. */
  readonly #holds: Int32Array;
  /** Routes of plans by way and channels: many plans have the same. */
  readonly #planned = new Map<string, Route>();
  readonly #touched = new Set<Way>();

  /** @param rng the network's stream; each channel gets a fork named after its ends */
  constructor(topology: Topology, rng: Rng) {
    this.#topology = topology;
    this.hops = channelsOf(topology, rng);
    this.#holds = new Int32Array(this.hops.length);
    this.#from = new Int32Array(topology.cloudlets.length + 1);
    this.all = this.#waysOf(topology);
    this.#to = Int32Array.from(this.all, (way) => way.to);
    this.#rerouting = this.all.filter((way) => way.reroutes);
  }

  /** The ways that begin at a cloudlet, ascending by their far end: a range of positions in `all`. */
  firstFrom(cloudlet: CloudletId): number {
    return this.#from[cloudlet] as number;
  }

  /** One past the last way that begins at a cloudlet. */
  endFrom(cloudlet: CloudletId): number {
    return this.#from[cloudlet + 1] as number;
  }

  /** The ways that begin at a cloudlet, then those that lead back to it. */
  waysOf(cloudlet: CloudletId): readonly Way[] {
    const out = this.all.slice(this.firstFrom(cloudlet), this.endFrom(cloudlet));
    return [...out, ...out.flatMap((way) => this.between(way.to, cloudlet) ?? [])];
  }

  /** The way between two neighbours; null when they are none. */
  between(from: CloudletId, to: CloudletId): Way | null {
    let low = this.firstFrom(from);
    let high = this.endFrom(from) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const found = this.#to[middle] as number;
      if (found === (to as number)) return this.all[middle] as Way;
      if (found < to) low = middle + 1;
      else high = middle - 1;
    }
    return null;
  }

  /** From now on a cloudlet sends by the routes of another plan. Hands over the ways touched. */
  adopt(cloudlet: CloudletId, plan: Topology): readonly Way[] {
    for (let index = this.firstFrom(cloudlet); index < this.endFrom(cloudlet); index += 1) {
      const way = this.all[index] as Way;
      const steps = plan.routeBetween(way.from, way.to);
      way.isInPlan = steps !== null;
      if (steps !== null) {
        way.primary = this.#plannedRoute(way, steps);
        way.route = way.primary;
      }
      this.#touched.add(way);
    }
    return this.takeTouched();
  }

  /** One direction of a link. */
  channel(index: number): Channel {
    return (this.hops[index] as Hop).channel;
  }

  /** Keeps a channel down until `release`; holds of several faults add up. */
  hold(channel: number): void {
    this.#holds[channel] = (this.#holds[channel] as number) + 1;
    if (this.#holds[channel] === 1) this.#setUp(channel, false);
  }

  /** Takes one hold back; the channel comes up with the last one. */
  release(channel: number): void {
    assert((this.#holds[channel] as number) > 0, "a link released more often than it was held down");
    this.#holds[channel] = (this.#holds[channel] as number) - 1;
    if (this.#holds[channel] === 0) this.#setUp(channel, true);
  }

  /**
   * Hands over the ways touched since the last call, ascending, routes chosen anew where they may be. Called once after
   * all links of one fault have changed, so that a way that closes and opens within one moment is not told.
   */
  takeTouched(): readonly Way[] {
    if (this.#touched.size === 0) return [];
    for (const way of this.#rerouting) this.#chooseRoute(way);
    const ways = [...this.#touched].sort((a, b) => a.index - b.index);
    this.#touched.clear();
    return ways;
  }

  #setUp(channel: number, up: boolean): void {
    const hop = this.hops[channel] as Hop;
    this.#book.setUp(hop, up, (route) => {
      const way = this.#wayOfRoute.get(route);
      assert(way !== undefined, "a route that belongs to no way");
      this.#touched.add(way);
    });
    // A link that comes up may open a way whose known routes do not use it.
    if (up) for (const way of this.#rerouting) if (!way.route.up) this.#touched.add(way);
  }

  /** The primary route when it is open, else the present one, else the quickest open one, else the primary again. */
  #chooseRoute(way: Way): void {
    if (way.primary.up) way.route = way.primary;
    else if (!way.route.up) way.route = this.#detour(way) ?? way.primary;
  }

  #detour(way: Way): Route | null {
    const path = openPath(this.#topology, this.hops, way.from, way.to);
    if (path === null) return null;
    const key = `${way.index}:${path.join()}`;
    let route = this.#detours.get(key);
    if (route === undefined) {
      route = new Route(listOf(path, (channel) => this.hops[channel] as Hop));
      this.#detours.set(key, route);
      this.#register(route, way);
    }
    return route;
  }

  #plannedRoute(way: Way, steps: readonly RouteHop[]): Route {
    const key = `${way.index}:${steps.map(channelOf).join()}`;
    let route = this.#planned.get(key);
    if (route === undefined) {
      route = new Route(listOf(steps, (step) => this.hops[channelOf(step)] as Hop));
      this.#planned.set(key, route);
      this.#register(route, way);
    }
    return route;
  }

  #register(route: Route, way: Way): void {
    this.#book.add(route);
    this.#wayOfRoute.set(route, way);
  }

  #waysOf(topology: Topology): readonly Way[] {
    const rerouting = new Set<string>();
    for (const { flows } of topology.plans) {
      for (const { upper, lower, reroute } of flows) {
        if (reroute) rerouting.add(`${upper}>${lower}`).add(`${lower}>${upper}`);
      }
    }
    const ways: Way[] = [];
    for (const { id: from } of topology.cloudlets) {
      this.#from[from] = ways.length;
      for (const to of neighboursInAnyPlan(topology, from)) {
        const present = topology.routeBetween(from, to);
        const own =
          present ?? topology.plans.map((plan) => plan.routeBetween(from, to)).find((route) => route !== null);
        assert(own !== undefined, "replication neighbours without a route");
        const primary = new Route(listOf(own, (step) => this.hops[channelOf(step)] as Hop));
        const reroutes = rerouting.size > 0 && rerouting.has(`${from}>${to}`);
        const index = ways.length;
        const way: Way = {
          index,
          from,
          to,
          isInPlan: present !== null,
          primary,
          reroutes,
          route: primary,
          isPerceivedUp: false,
        };
        // Where there is one plan nobody goes over to another.
        if (topology.plans.length > 1) this.#planned.set(`${index}:${own.map(channelOf).join()}`, primary);
        this.#register(primary, way);
        ways.push(way);
      }
    }
    this.#from[topology.cloudlets.length] = ways.length;
    return ways;
  }
}

function neighboursInAnyPlan(topology: Topology, cloudlet: CloudletId): readonly CloudletId[] {
  if (topology.plans.length === 1) return topology.neighbours(cloudlet).map(({ peer }) => peer);
  const peers = new Set(topology.plans.flatMap((plan) => plan.neighbours(cloudlet).map(({ peer }) => peer)));
  return [...peers].sort((a, b) => a - b);
}

/** Index of the channel that one step of a route uses. */
export function channelOf(step: RouteHop): number {
  return step.link * 2 + (step.forward ? 0 : 1);
}

function channelsOf(topology: Topology, rng: Rng): readonly Hop[] {
  const names = topology.cloudlets.map((cloudlet) => cloudlet.name);
  // Links of one kind often share one specification; so do their options.
  const known = new Map<LinkDirectionSpec, ChannelOptions>();
  const taken = new Map<string, number>();
  const hops: Hop[] = [];
  for (const { index, a, b, forth, back } of topology.links) {
    assert(hops.length === index * 2, "links out of order");
    for (const [spec, from, to] of [
      [forth, a, b],
      [back, b, a],
    ] as const) {
      let options = known.get(spec);
      if (options === undefined) {
        options = channelOptions(spec);
        known.set(spec, options);
      }
      // Two sites may be joined by several links.
      const label = `${names[from] as string}>${names[to] as string}`;
      const count = taken.get(label) ?? 0;
      taken.set(label, count + 1);
      const stream = rng.fork(count === 0 ? label : `${label}/${count}`);
      hops.push({ index: hops.length, channel: new Channel(options), rng: stream });
    }
  }
  return hops;
}
