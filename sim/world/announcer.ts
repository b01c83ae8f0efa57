// What processes are told of the ways to their neighbours, and what links that go down or up mean for them.
//
// 1. Process a gets `linkUp` for b when every hop of the route from a to b is up in that direction and b's process runs;
//    `linkDown` when that ends. The way back is no part of it: of a cut in one direction only one end hears.
// 2. A process that starts gets `linkUp` for each way that is open then, and its neighbours get theirs to it.
// 3. Sites on a route forward without looking; that the process of such a site is down does not stop them.
//
// Leaves out what becomes of messages (post.ts).

import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Host } from "../hosts/host.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Audience } from "./observers.ts";
import type { Post } from "./post.ts";
import type { Processors } from "./processors.ts";
import type { Way, Ways } from "./ways.ts";

/** What an announcer needs of the world. */
export interface AnnouncerSurroundings {
  readonly queue: EventQueue;
  readonly topology: Topology;
  readonly ways: Ways;
  readonly chronicle: Chronicle;
  readonly audience: Audience;
  readonly processors: Processors;
  readonly post: Pick<Post, "wentDown">;
  host(cloudlet: CloudletId): Host;
}

/** Tells all processes of a run. */
export class Announcer {
  readonly #world: AnnouncerSurroundings;

  constructor(world: AnnouncerSurroundings) {
    this.#world = world;
  }

  /** Tells of all ways, once, when all processes have started. */
  tellAll(): void {
    for (const way of this.#world.ways.all) this.tell(way);
  }

  /** A cloudlet's process has started or died: it and its neighbours are told. */
  tellOf(cloudlet: CloudletId): void {
    for (const way of this.#world.ways.waysOf(cloudlet)) this.tell(way);
  }

  /** Faults keep these channels down, or take that back. */
  setChannels(channels: readonly number[], up: boolean): void {
    const { ways, topology, chronicle, post } = this.#world;
    for (const channel of channels) {
      const wasUp = ways.channel(channel).up;
      if (up) ways.release(channel);
      else ways.hold(channel);
      if (ways.channel(channel).up === wasUp) continue;
      const { a, b } = topology.links[channel >> 1]!;
      const isForth = channel % 2 === 0;
      chronicle.linkChanged(isForth ? a : b, isForth ? b : a, channel >> 1, up);
      if (!up) post.wentDown(channel);
    }
    for (const way of ways.takeTouched()) this.tell(way);
  }

  /** Tells the near end of a way what has become of it, if that is news. */
  tell(way: Way): void {
    const host = this.#world.host(way.from);
    if (host.core === null) {
      way.isPerceivedUp = false;
      return;
    }
    const up = way.isInPlan && way.route.up && this.#world.host(way.to).core !== null;
    if (up !== way.isPerceivedUp) this.#say(host, way, up);
  }

  /** The near end of an open way is told that it has closed, and that it has opened. */
  reconnect(way: Way): void {
    this.#say(this.#world.host(way.from), way, false);
    this.tell(way);
  }

  #say(host: Host, way: Way, up: boolean): void {
    const { queue, chronicle, audience, processors } = this.#world;
    way.isPerceivedUp = up;
    chronicle.wayChanged(way.from, way.to, up);
    if (way.isInPlan) audience.linkChanged(queue.at, way.from, way.to, up);
    processors.handle(host, { kind: up ? "linkUp" : "linkDown", peer: way.to }, queue.at, 0);
  }
}
