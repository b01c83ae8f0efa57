// Quirks that come with a message: right after a process was handed one it may die, lose its connection for a moment, or be asked by a
// client that would have thought longer. What has happened by then is one step of the core, all of whose effects were carried out.
//
// A process that dies so starts again soon, or when everything is healed, whichever is first; no fault has ended it, and none that
// begins meanwhile touches it. What makes messages of its own (a connection that is greeted anew, a request) rests at that cloudlet
// for a while, or a world with a high rate would be busy with nothing else; in a large world for longer. Leaves out how often
// (quirks/quirks.ts).

import type { CloudletId } from "../../model/ids.ts";
import { later, type Duration } from "../../model/units.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { Quirks } from "../quirks/quirks.ts";
import { EVENT_REVIVE } from "./events.ts";
import type { Way, Ways } from "./ways.ts";

/** Microseconds that a process is down at most. */
const DOWN_MAX = 200_000;
/** Microseconds between two mishaps of a cloudlet that make messages, in a world of few cloudlets. */
const REST = 50_000;
/** In a world of more cloudlets they rest for longer. */
const FEW_CLOUDLETS = 32;

/** What mishaps need of the world. */
export interface MishapSurroundings {
  readonly cloudletCount: number;
  readonly queue: EventQueue;
  readonly quirks: Quirks;
  readonly ways: Ways;
  crash(cloudlet: CloudletId): void;
  restart(cloudlet: CloudletId): void;
  /** The near end of an open way is told that it closed, and that it opened. */
  reconnect(way: Way): void;
  /** Is some client of this cloudlet thinking? */
  canHurry(cloudlet: CloudletId): boolean;
  /** It asks now. */
  hurry(cloudlet: CloudletId): void;
}

/** All mishaps of a run. */
export class Mishaps {
  readonly #world: MishapSurroundings;
  // 1. A message makes a cloudlet's client ask. 2. What it writes is a message to every other cloudlet, and makes a client ask there.
  // So all are asked as often as they may be, and what there is to carry grows with the square of their number: that keeps step here.
  readonly #rest: number;
  // Processes that died so and are down.
  readonly #down = new Set<CloudletId>();
  // By cloudlet: until when it rests.
  readonly #restsUntil: Float64Array;

  constructor(world: MishapSurroundings) {
    this.#world = world;
    const share = Math.max(1, world.cloudletCount / FEW_CLOUDLETS);
    this.#rest = Math.ceil(REST * share * share);
    this.#restsUntil = new Float64Array(world.cloudletCount);
  }

  /** A process was handed a message. */
  delivered(to: CloudletId, from: CloudletId): void {
    const { quirks, queue } = this.#world;
    if (queue.at >= (this.#restsUntil[to] as number) && this.#makesTalk(to, from)) {
      this.#restsUntil[to] = queue.at + this.#rest;
    }
    if (!quirks.acts("crash-at-delivery", to)) return;
    this.#down.add(to);
    this.#world.crash(to);
    const after = quirks.amount("crash-at-delivery", DOWN_MAX) as Duration;
    queue.push(later(queue.at, after), EVENT_REVIVE, to, 0, 0, null);
  }

  #makesTalk(to: CloudletId, from: CloudletId): boolean {
    const { quirks, ways } = this.#world;
    if (quirks.isOn("impatient-client") && this.#world.canHurry(to) && quirks.acts("impatient-client", to)) {
      this.#world.hurry(to);
      return true;
    }
    const back = quirks.isOn("reconnect") ? ways.between(to, from) : null;
    if (back?.isPerceivedUp !== true || !quirks.acts("reconnect", to)) return false;
    this.#world.reconnect(back);
    return true;
  }

  /** Handles EVENT_REVIVE. Nothing happens when the healing was earlier. */
  revive(cloudlet: CloudletId): void {
    if (this.#down.delete(cloudlet)) this.#world.restart(cloudlet);
  }

  /** Everything is healed. */
  heal(): void {
    for (const cloudlet of [...this.#down].sort((one, other) => one - other)) this.revive(cloudlet);
  }
}
