// Faults that make links worse without closing them: what several of them make of one channel, and the random streams that they
// draw from. Of shares and of bandwidths the worst counts, delays add up: so the order of faults makes no difference.
//
// Leaves out what a channel does with it (network/channel.ts).

import type { Rng } from "../../model/random.ts";
import { micros } from "../../model/units.ts";
import type { LinkHarm } from "../scenario/scenario.ts";
import type { Ways } from "../world/ways.ts";

/** The harm that faults do to channels now. */
export class LinkFaults {
  readonly #ways: Ways;
  readonly #rng: Rng;
  // By channel, by fault.
  readonly #harms = new Map<number, Map<number, LinkHarm>>();
  readonly #streams = new Map<number, Rng>();

  /** @param rng the stream of these faults; each channel gets a fork */
  constructor(ways: Ways, rng: Rng) {
    this.#ways = ways;
    this.#rng = rng;
  }

  /** A fault begins to harm these channels. */
  begin(fault: number, channels: readonly number[], harm: LinkHarm): void {
    for (const channel of channels) {
      const harms = this.#harms.get(channel) ?? new Map<number, LinkHarm>();
      this.#harms.set(channel, harms.set(fault, harm));
      this.#apply(channel, harms);
    }
  }

  /** It does no longer. */
  end(fault: number, channels: readonly number[]): void {
    for (const channel of channels) {
      const harms = this.#harms.get(channel);
      if (harms?.delete(fault) === true) this.#apply(channel, harms);
    }
  }

  #apply(channel: number, harms: ReadonlyMap<number, LinkHarm>): void {
    const all = [...harms.values()];
    const [first] = all;
    let rng = this.#streams.get(channel);
    if (rng === undefined) {
      rng = this.#rng.fork(String(channel));
      this.#streams.set(channel, rng);
    }
    this.#ways.channel(channel).suffer(first === undefined ? null : all.slice(1).reduce(worse, first), rng);
  }
}

function worse(one: LinkHarm, other: LinkHarm): LinkHarm {
  return {
    loss: Math.max(one.loss, other.loss),
    duplication: Math.max(one.duplication, other.duplication),
    reordering: Math.max(one.reordering, other.reordering),
    reorderDelay: micros(Math.max(one.reorderDelay, other.reorderDelay)),
    corruption: Math.max(one.corruption, other.corruption),
    delay: micros(one.delay + other.delay),
    jitter: micros(one.jitter + other.jitter),
    bandwidth:
      one.bandwidth === null
        ? other.bandwidth
        : other.bandwidth === null
          ? one.bandwidth
          : Math.min(one.bandwidth, other.bandwidth),
  };
}
