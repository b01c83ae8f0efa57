// What travels between cloudlets: messages leave by the route of their way, hop by hop, are lost, damaged, doubled or held as
// the links have it, and are handed to the process at the far end.
//
// A link that is clogged takes nothing on: what comes to it waits before it, in order, and is sent on when that is over. Nobody is
// told, unlike of a link that is down. What waits there takes up its queue, and is lost when the link goes down. Messages that were
// on the wire before arrive.
//
// Leaves out who is told of open and closed ways (world.ts), and what one link does to a message (network/channel.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Input } from "../../model/replication/io.ts";
import type { Message } from "../../model/replication/messages.ts";
import { encodedSize, isIntact } from "../../model/replication/wire.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Bytes, Instant } from "../../model/units.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { DropReason } from "../oracles/observer.ts";
import type { Chronicle } from "./chronicle.ts";
import { EVENT_HOP, EVENT_OUTBOX } from "./events.ts";
import type { Flight } from "./flight.ts";
import { type Damage, letterOf, written } from "./mail.ts";
import type { Audience } from "./observers.ts";
import type { Ways } from "./ways.ts";
import type { Quirks } from "../quirks/quirks.ts";

/** What the post needs of the world. */
export interface PostSurroundings {
  readonly queue: EventQueue;
  readonly ways: Ways;
  readonly topology: Topology;
  readonly chronicle: Chronicle;
  readonly audience: Audience;
  readonly damage: Damage;
  readonly quirks: Quirks;
  /** Does every message go through its bytes? */
  readonly encodes: boolean;
  isRunning(cloudlet: CloudletId): boolean;
  /** Hands an input of this many bytes to a running process. */
  deliver(cloudlet: CloudletId, from: CloudletId, input: Input, sentAt: Instant, size: Bytes): void;
}

const MILLISECOND = 1_000;
/** Microseconds that a message stays in a slow outbox at most. */
const SLOW_OUTBOX_MAX = 100_000;

/** Messages that wait before a clogged channel. */
interface Clog {
  /** Faults that clog it. */
  holdCount: number;
  bytes: number;
  readonly waiting: { readonly flight: Flight; readonly hop: number }[];
}

/** All messages of a run. */
export class Post {
  /** Messages that cores have sent. */
  messageCount = 0;
  readonly #world: PostSurroundings;
  // By channel; empty while nothing is clogged.
  readonly #clogs = new Map<number, Clog>();

  constructor(world: PostSurroundings) {
    this.#world = world;
  }

  /** A core sends a message. */
  send(from: CloudletId, to: CloudletId, message: Message, version: number): void {
    const { ways, encodes, chronicle, audience, queue, quirks } = this.#world;
    const way = ways.between(from, to);
    assert(way !== null, "a message to a cloudlet that is no neighbour");
    const number = this.messageCount;
    this.messageCount += 1;
    const size = encodedSize(message, version);
    const bytes = encodes ? written(message, version, size) : null;
    const flight: Flight = {
      number,
      from,
      to,
      message,
      size,
      bytes,
      isDamaged: false,
      sentAt: queue.at,
      route: way.route,
    };
    chronicle.sent(flight);
    audience.sent(queue.at, from, to, message, size);
    if (quirks.areQuiet) {
      this.#forward(flight, 0);
    } else if (quirks.acts("full-outbox", from)) {
      this.#drop(flight, "queueFull");
    } else if (quirks.acts("slow-outbox", from)) {
      const at = queue.at + quirks.amount("slow-outbox", SLOW_OUTBOX_MAX);
      queue.push(at as Instant, EVENT_OUTBOX, 0, 0, 0, flight);
    } else {
      this.#forward(flight, 0);
    }
  }

  /** Handles EVENT_OUTBOX. */
  leave(flight: Flight): void {
    this.#forward(flight, 0);
  }

  /** Handles EVENT_HOP. */
  arrive(flight: Flight, hop: number, epoch: number): void {
    const { to, route } = flight;
    const { topology, chronicle, quirks } = this.#world;
    if (!route.channel(hop).arrives(epoch)) {
      this.#drop(flight, "linkDown");
      return;
    }
    if (!route.isLast(hop)) {
      const site = topology.links[route.hops[hop]!.index >> 1]!;
      chronicle.forwarded(route.hops[hop]!.index % 2 === 0 ? site.b : site.a, flight, hop + 1);
      this.#forward(flight, hop + 1);
      return;
    }
    if (!this.#world.isRunning(to)) {
      this.#drop(flight, "hostDown");
      return;
    }
    this.#handIn(flight);
    if (quirks.acts("double-delivery", to) && this.#world.isRunning(to)) this.#handIn(flight);
  }

  #handIn(flight: Flight): void {
    const { from, to, message, bytes, isDamaged, sentAt, size } = flight;
    const { chronicle } = this.#world;
    // What is damaged reaches the core all the same, which has to refuse it.
    if (bytes !== null && isDamaged && !isIntact(bytes)) this.#drop(flight, "corrupted");
    else chronicle.received(flight);
    const input = bytes === null ? ({ kind: "receive", from, message } as const) : letterOf(flight, bytes);
    this.#world.deliver(to, from, input, sentAt, size);
  }

  /** These channels hold what comes to them until `unclog`; clogs of several faults add up. */
  clog(channels: readonly number[]): void {
    for (const channel of channels) {
      const clog = this.#clogs.get(channel);
      if (clog === undefined) this.#clogs.set(channel, { holdCount: 1, bytes: 0, waiting: [] });
      else clog.holdCount += 1;
    }
  }

  /** Takes one clog back; with the last one, what waits is sent on in its order. */
  unclog(channels: readonly number[]): void {
    for (const channel of channels) {
      const clog = this.#clogs.get(channel);
      assert(clog !== undefined, "a link unclogged more often than it was clogged");
      clog.holdCount -= 1;
      if (clog.holdCount > 0) continue;
      this.#clogs.delete(channel);
      for (const { flight, hop } of clog.waiting) this.#forward(flight, hop);
    }
  }

  /** A channel went down: what waits before it is lost. */
  wentDown(channel: number): void {
    const clog = this.#clogs.get(channel);
    if (clog === undefined) return;
    for (const { flight, hop } of clog.waiting.splice(0)) {
      flight.route.channel(hop).droppedLinkDown += 1;
      this.#drop(flight, "linkDown");
    }
    clog.bytes = 0;
  }

  #forward(flight: Flight, hop: number): void {
    const { queue, damage } = this.#world;
    const channel = flight.route.channel(hop);
    if (this.#clogs.size > 0 && channel.up && this.#isHeld(flight, hop)) return;
    const copyCount = flight.route.forward(hop, queue.at, flight.size);
    if (channel.isHarmed) this.#world.audience.troubled(queue.at, flight.from, flight.to, "degraded");
    if (copyCount === 0) {
      assert(channel.dropReason !== null, "a message that was dropped for no reason");
      this.#drop(flight, channel.dropReason);
      return;
    }
    const first = channel.isDamaged ? damage.of(flight) : flight;
    queue.push(this.#arrival(channel.arrival as Instant, flight), EVENT_HOP, hop, channel.epoch, 0, first);
    if (copyCount === 1) return;
    const copy = channel.isCopyDamaged ? damage.of(flight) : flight;
    queue.push(channel.arrivalOfCopy as Instant, EVENT_HOP, hop, channel.epoch, 0, copy);
  }

  // When the next hop is over.
  #arrival(at: Instant, { to }: Flight): Instant {
    const { quirks } = this.#world;
    if (!quirks.isOn("same-instant")) return at;
    const full = (Math.ceil(at / MILLISECOND) * MILLISECOND) as Instant;
    return full > at && quirks.acts("same-instant", to) ? full : at;
  }

  // True when the message waits before its next link, or did not fit there.
  #isHeld(flight: Flight, hop: number): boolean {
    const clog = this.#clogs.get(flight.route.hops[hop]!.index);
    if (clog === undefined) return false;
    const channel = flight.route.channel(hop);
    if (channel.room !== null && clog.bytes > 0 && clog.bytes + flight.size > channel.room) {
      channel.droppedQueueFull += 1;
      this.#drop(flight, "queueFull");
      return true;
    }
    clog.bytes += flight.size;
    clog.waiting.push({ flight, hop });
    this.#world.audience.troubled(this.#world.queue.at, flight.from, flight.to, "held");
    return true;
  }

  #drop(flight: Flight, reason: DropReason): void {
    const { chronicle, audience, queue } = this.#world;
    chronicle.dropped(flight, reason);
    audience.dropped(queue.at, flight.from, flight.to, flight.message, reason);
  }
}
