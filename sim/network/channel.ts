// One direction of a physical link: how long a message takes, where it waits, and how it gets lost. A channel decides at
// once what becomes of a message and leaves the rest to whoever keeps the event queue.
//
// The order of things on the wire: wait for the messages before, be sent at the bandwidth, travel for the delay (which
// keeps order), plus the jitter and, for held-back messages, the reordering delay (which both let messages overtake).
// Leaves out on purpose: what a message is, paths over several links (route.ts), which bits of a corrupted message are
// flipped (world/mail.ts), congestion control.

import { assert } from "../../model/assert.ts";
import type { Rng } from "../../model/random.ts";
import type { LinkDirectionSpec } from "../../model/topology/spec.ts";
import type { Bytes, Duration, Instant } from "../../model/units.ts";
import type { Sampler } from "../kernel/distributions.ts";
import { samplerOf } from "../kernel/distributions.ts";
import type { LinkHarm } from "../scenario/scenario.ts";

/** Why a channel did not deliver: lost on the way, no room in the queue, or the link down before the message arrived. */
export type ChannelDropReason = "lost" | "queueFull" | "linkDown";

/** Properties of a channel. Probabilities are in parts per million. */
export interface ChannelOptions {
  /** Travel time of every message. A sample that would overtake an earlier message is lengthened until it does not. */
  readonly delay: Sampler;
  /** Added to the delay; may let messages overtake. Null: none. */
  readonly jitter: Sampler | null;
  /** Bits per second, whole, above 0. Null: sending takes no time. */
  readonly bandwidth: number | null;
  /**
   * Bytes that may wait, the unsent part of the message being sent included. Null: no limit. An idle link takes a message
   * of any size, or one larger than the queue could never be sent.
   */
  readonly queue: Bytes | null;
  readonly loss: number;
  /** Messages that arrive twice; the copy travels with a delay and jitter of its own. */
  readonly duplication: number;
  /** Messages that are held back by `reorderDelay` more. */
  readonly reordering: number;
  readonly reorderDelay: Sampler | null;
  /** Messages, and copies, that arrive with flipped bits; left out: none. */
  readonly corruption?: number;
}

/** Bits per byte times microseconds per second: what makes bytes over bits per second microseconds. */
const MICROBITS_PER_BYTE = 8_000_000;
/** A message of this size keeps all products below 2^53. */
const MESSAGE_SIZE_MAX = 2 ** 29;
const ZERO = 0 as Duration;
/** An arrival that does not happen. */
export const NO_ARRIVAL = -1;

/**
 * One direction of one link.
 *
 * 1. Without jitter and reordering, messages arrive in the order they were sent.
 * 2. A channel that goes down loses all that waits or travels on it: an arrival counts only while `epoch` is what it was
 *    at `transmit`. Whoever scheduled the arrival asks `arrives`.
 * 3. Which numbers are drawn from the stream depends on the options, and on whether a message is duplicated, alone; not
 *    on time or load, except that a message that never gets onto the wire draws nothing.
 * 4. `transmit` allocates nothing; its results are in the fields `arrival`, `arrivalOfCopy`, `dropReason`.
 * 5. What a fault adds (`harm`) is drawn from a stream of its own, after everything else: what the channel itself draws is the
 *    same with and without it. Messages that wait for a bandwidth which changes keep the place and the time they have.
 */
export class Channel {
  /** Arrival of the message transmitted last, `NO_ARRIVAL` when it was dropped. */
  arrival: Instant | typeof NO_ARRIVAL = NO_ARRIVAL;
  /** Arrival of its duplicate, `NO_ARRIVAL` for most. May be before `arrival`. */
  arrivalOfCopy: Instant | typeof NO_ARRIVAL = NO_ARRIVAL;
  /** Whether bits of the message transmitted last, and of its duplicate, are flipped underway. */
  isDamaged = false;
  isCopyDamaged = false;
  /** Why the message transmitted last was dropped; null when it was not. */
  dropReason: ChannelDropReason | null = null;

  /** Messages and bytes that got onto the wire, lost ones included, duplicates made underway not. */
  messages = 0;
  bytes = 0;
  /** Duplicates made underway. */
  copies = 0;
  /** Messages dropped, by reason; `lost` and `linkDown` may count messages that were on the wire. */
  droppedLost = 0;
  droppedQueueFull = 0;
  droppedLinkDown = 0;
  /** Messages and copies damaged underway. */
  damaged = 0;

  readonly #options: ChannelOptions;
  #up = true;
  #epoch = 0;
  #lastAt = 0;
  // When the sender becomes free: whole microseconds and a rest in units of 1 / bandwidth microseconds, so that nothing
  // is rounded away between messages that each take a fraction of a microsecond.
  #freeAt = 0;
  #freeRest = 0;
  // The latest arrival so far, jitter aside: what keeps order.
  #orderedArrival = 0;
  /** Whether a fault has changed what became of the message transmitted last. */
  isHarmed = false;
  #harm: LinkHarm | null = null;
  #harmRng: Rng | null = null;
  // The link's own, or less where a fault allows less.
  #bandwidth: number | null;
  #extraDelay = 0;

  constructor(options: ChannelOptions) {
    assert(options.bandwidth === null || options.bandwidth > 0, "a channel without bandwidth");
    this.#options = options;
    this.#bandwidth = options.bandwidth;
  }

  /** Bytes that may wait before the link; null: no limit. */
  get room(): Bytes | null {
    return this.#options.queue;
  }

  /** From now on the channel does worse than its options say; null: it does no longer. `rng` is for faults of this channel alone. */
  suffer(harm: LinkHarm | null, rng: Rng): void {
    const own = this.#options.bandwidth;
    const bandwidth = harm?.bandwidth ?? null;
    this.#bandwidth = own === null || (bandwidth !== null && bandwidth < own) ? (bandwidth ?? own) : own;
    // The rest is counted in parts of the bandwidth: it becomes the whole microsecond that it would be rounded up to.
    if (this.#freeRest > 0) this.#freeAt += 1;
    this.#freeRest = 0;
    this.#extraDelay = harm?.delay ?? 0;
    this.#harm = harm;
    this.#harmRng = rng;
    this.isHarmed = false;
    this.isDamaged = false;
    this.isCopyDamaged = false;
  }

  /** Whether messages can be sent now. */
  get up(): boolean {
    return this.#up;
  }

  /** How many times the channel went down, 0 to 2^31 - 1: to be remembered with each arrival. */
  get epoch(): number {
    return this.#epoch;
  }

  /** Opens or closes the channel. Closing loses what waits and travels. Saying what is already so does nothing. */
  setUp(up: boolean): void {
    if (up === this.#up) return;
    this.#up = up;
    if (!up) {
      this.#epoch += 1;
      this.#freeAt = 0;
      this.#freeRest = 0;
      this.#orderedArrival = 0;
    }
  }

  /** Bytes waiting at this moment, the unsent part of the message being sent included; fractions are cut. */
  backlog(now: Instant): number {
    const bandwidth = this.#bandwidth;
    if (bandwidth === null || this.#freeAt < now) return 0;
    return Math.floor(((this.#freeAt - now) * bandwidth + this.#freeRest) / MICROBITS_PER_BYTE);
  }

  /**
   * Sends a message.
   *
   * @param now never before the `now` of an earlier call
   * @param size at most 2^29 bytes
   * @param rng this channel's own stream
   * @returns how many copies arrive: 0, 1 or 2; when and why not is in the fields
   */
  transmit(now: Instant, size: Bytes, rng: Rng): number {
    assert(size >= 0 && size <= MESSAGE_SIZE_MAX, "a message of impossible size");
    assert(now >= this.#lastAt, "a message sent before an earlier one");
    this.#lastAt = now;
    const options = this.#options;
    this.arrival = NO_ARRIVAL;
    this.arrivalOfCopy = NO_ARRIVAL;
    this.isHarmed = false;
    if (!this.#up) {
      this.droppedLinkDown += 1;
      this.dropReason = "linkDown";
      return 0;
    }

    let departure: number = now;
    const bandwidth = this.#bandwidth;
    if (bandwidth !== null) {
      if (this.#freeAt < now) {
        this.#freeAt = now;
        this.#freeRest = 0;
      }
      const work = (this.#freeAt - now) * bandwidth + this.#freeRest;
      if (options.queue !== null && work > 0 && work + size * MICROBITS_PER_BYTE > options.queue * MICROBITS_PER_BYTE) {
        this.droppedQueueFull += 1;
        this.dropReason = "queueFull";
        return 0;
      }
      const rest = this.#freeRest + size * MICROBITS_PER_BYTE;
      const micros = Math.floor(rest / bandwidth);
      this.#freeAt += micros;
      this.#freeRest = rest - micros * bandwidth;
      departure = this.#freeRest > 0 ? this.#freeAt + 1 : this.#freeAt;
    }
    this.messages += 1;
    this.bytes += size;

    const isLost = options.loss > 0 && rng.chance(options.loss);
    const isDuplicated = options.duplication > 0 && rng.chance(options.duplication);
    const arrival = this.#arrivalOf(departure, rng);
    const arrivalOfCopy = isDuplicated ? this.#arrivalOf(departure, rng) : NO_ARRIVAL;
    if (options.corruption !== undefined) this.#damage(options.corruption, isLost, isDuplicated, rng);
    if (this.#harm !== null) return this.#harmed(this.#harm, isLost, arrival, arrivalOfCopy);
    if (isLost) {
      this.droppedLost += 1;
      this.dropReason = "lost";
      return 0;
    }
    this.dropReason = null;
    this.arrival = arrival;
    if (!isDuplicated) return 1;
    this.copies += 1;
    this.arrivalOfCopy = arrivalOfCopy;
    return 2;
  }

  /**
   * Whether a message or copy that was transmitted in `epoch` arrives, asked at its arrival. Counts it as dropped when
   * the link was down in between.
   */
  arrives(epoch: number): boolean {
    if (epoch === this.#epoch) return true;
    this.droppedLinkDown += 1;
    return false;
  }

  // What a fault makes of a message of which the channel itself has made this.
  #harmed(harm: LinkHarm, isLost: boolean, ownArrival: Instant, ownCopy: Instant | typeof NO_ARRIVAL): number {
    const rng = this.#harmRng as Rng;
    const isLostNow = harm.loss > 0 && rng.chance(harm.loss);
    const isDuplicatedNow = harm.duplication > 0 && rng.chance(harm.duplication);
    let arrival: number = ownArrival;
    let copy: number = ownCopy;
    if (isDuplicatedNow && copy === NO_ARRIVAL) copy = arrival;
    const isHeldBack = harm.reordering > 0 && rng.chance(harm.reordering);
    if (isHeldBack) arrival += harm.reorderDelay;
    if (harm.jitter > 0) {
      arrival += rng.intInclusive(harm.jitter);
      if (copy !== NO_ARRIVAL) copy += rng.intInclusive(harm.jitter);
    }
    const isDamagedNow = harm.corruption > 0 && rng.chance(harm.corruption);
    const isCopyDamagedNow = harm.corruption > 0 && copy !== NO_ARRIVAL && rng.chance(harm.corruption);
    const bandwidth = harm.bandwidth !== null && this.#bandwidth === harm.bandwidth;
    this.isHarmed =
      isLostNow || isDuplicatedNow || isHeldBack || isDamagedNow || harm.jitter > 0 || harm.delay > 0 || bandwidth;
    if (isLost || isLostNow) {
      this.droppedLost += 1;
      this.dropReason = "lost";
      return 0;
    }
    const ownDamage = this.#options.corruption !== undefined;
    this.isDamaged = isDamagedNow || (ownDamage && this.isDamaged);
    this.isCopyDamaged = isCopyDamagedNow || (ownDamage && this.isCopyDamaged);
    this.damaged += Number(isDamagedNow) + Number(isCopyDamagedNow);
    this.dropReason = null;
    this.arrival = arrival as Instant;
    if (copy === NO_ARRIVAL) return 1;
    this.copies += 1;
    this.arrivalOfCopy = copy as Instant;
    return 2;
  }

  #damage(share: number, isLost: boolean, isDuplicated: boolean, rng: Rng): void {
    this.isDamaged = share > 0 && rng.chance(share) && !isLost;
    this.isCopyDamaged = isDuplicated && share > 0 && rng.chance(share) && !isLost;
    this.damaged += Number(this.isDamaged) + Number(this.isCopyDamaged);
  }

  #arrivalOf(departure: number, rng: Rng): Instant {
    const { delay, jitter, reordering, reorderDelay } = this.#options;
    let arrival = departure + delay(rng) + this.#extraDelay;
    if (arrival < this.#orderedArrival) arrival = this.#orderedArrival;
    this.#orderedArrival = arrival;
    if (jitter !== null) arrival += jitter(rng);
    if (reordering > 0) {
      const isHeldBack = rng.chance(reordering);
      const extra = reorderDelay === null ? 0 : reorderDelay(rng);
      if (isHeldBack) arrival += extra;
    }
    return arrival as Instant;
  }
}

/** The channel options that a topology's link direction describes. */
export function channelOptions(spec: LinkDirectionSpec): ChannelOptions {
  const { delay, jitter, bandwidth, queue, loss, duplication, reordering, reorderDelay, corruption } = spec;
  return {
    delay: samplerOf({ kind: "constant", value: delay }),
    jitter: jitter === undefined || jitter === 0 ? null : samplerOf({ kind: "uniform", min: ZERO, max: jitter }),
    bandwidth: bandwidth ?? null,
    queue: queue ?? null,
    loss: loss ?? 0,
    duplication: duplication ?? 0,
    reordering: reordering ?? 0,
    reorderDelay: reorderDelay === undefined ? null : samplerOf({ kind: "constant", value: reorderDelay }),
    ...(corruption !== undefined && corruption > 0 && { corruption }),
  };
}
