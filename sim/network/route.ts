// A way over several links (N11): the sites in between forward a message without looking into it, but it takes bandwidth
// and queue on every link, and every link charges its bytes. A route is open while each of its channels is; `RouteBook`
// says which routes a channel that opens or closes takes along.
//
// Each hop is sent when the message is there, by an event per hop: deciding all hops at the first one would let a
// message take its place in a far queue before others that reach it earlier. Leaves out on purpose: which way to take.

import { assert } from "../../model/assert.ts";
import type { Rng } from "../../model/random.ts";
import type { Bytes, Instant } from "../../model/units.ts";
import type { Channel } from "./channel.ts";

/** A channel together with the random stream that is its alone, and its place among all channels. */
export interface Hop {
  /** Index of the channel, dense from 0. */
  readonly index: number;
  readonly channel: Channel;
  readonly rng: Rng;
}

/** A way from one site to another, over one or more channels. */
export class Route {
  readonly hops: readonly Hop[];
  #downCount = 0;

  /** @param hops in the order they are travelled, at least one, none twice */
  constructor(hops: readonly Hop[]) {
    assert(hops.length > 0, "a route over no link");
    this.hops = hops;
    for (const hop of hops) if (!hop.channel.up) this.#downCount += 1;
  }

  /** Whether every channel on the way is up. */
  get up(): boolean {
    return this.#downCount === 0;
  }

  /** Whether the message that has crossed this hop is at the end. */
  isLast(hop: number): boolean {
    return hop === this.hops.length - 1;
  }

  /** The channel of a hop, 0 for the first. Its fields tell what became of the message forwarded last. */
  channel(hop: number): Channel {
    const { channel } = this.hops[hop] as Hop;
    return channel;
  }

  /**
   * Sends a message over one hop, at the moment it stands before it: hop 0 by the sender, the next one whenever an
   * arrival over this one comes true (`channel(hop).arrives(epoch)`).
   *
   * @returns how many copies arrive at the other side; the instants are in the fields of `channel(hop)`
   */
  forward(hop: number, now: Instant, size: Bytes): number {
    const { channel, rng } = this.hops[hop] as Hop;
    return channel.transmit(now, size, rng);
  }

  /** Called by the book when one of its channels opened or closed; true when the route did, too. */
  channelChanged(up: boolean): boolean {
    this.#downCount += up ? -1 : 1;
    assert(this.#downCount >= 0 && this.#downCount <= this.hops.length, "a route with more closed links than links");
    return this.#downCount === (up ? 0 : 1);
  }
}

/** Knows which routes use which channel. Channels must be opened and closed through it, or routes would not notice. */
export class RouteBook {
  readonly #routesByChannel: Route[][] = [];

  /** Adds a route, which must be new to the book. */
  add(route: Route): void {
    for (const { index } of route.hops) {
      while (this.#routesByChannel.length <= index) this.#routesByChannel.push([]);
      (this.#routesByChannel[index] as Route[]).push(route);
    }
  }

  /**
   * Opens or closes a channel. Saying what is already so changes nothing.
   *
   * @param changed called for each route that opened or closed by that, in the order they were added
   */
  setUp(hop: Hop, up: boolean, changed: (route: Route) => void): void {
    if (hop.channel.up === up) return;
    hop.channel.setUp(up);
    for (const route of this.#routesByChannel[hop.index] ?? []) if (route.channelChanged(up)) changed(route);
  }
}
