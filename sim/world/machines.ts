// What faults do to machines that go on running: clocks that step, drift or stand still, disks that are slow or full, processes
// that are paused.
//
// A paused process takes no step; what comes for it waits in its processor's queue, in order, as it would in the buffers of its
// system, and is handled at once when it goes on. Timers that came due meanwhile fire then, unless something that waited before them
// has put them off. Where the clocks of the machine stand still as well, its timers are later by as long. A crash ends a pause.
//
// Whose clock changes its speed, its timers keep their moments by that clock: their instants of true time move.
//
// Leaves out when any of this happens (faults/inject.ts), and crashes (world.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Instant } from "../../model/units.ts";
import type { Host } from "../hosts/host.ts";
import type { Timers } from "../hosts/timers.ts";
import { samplerOf } from "../kernel/distributions.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { DurationSpec } from "../scenario/scenario.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Audience } from "./observers.ts";
import type { Processors } from "./processors.ts";

/** Where deadlines by a clock that stands still are kept: beyond every instant of a run, and exact. */
const NEVER = 2 ** 50;

/** What machines need of the world. */
export interface MachineSurroundings {
  readonly queue: EventQueue;
  readonly timers: Timers;
  readonly processors: Processors;
  readonly chronicle: Chronicle;
  readonly audience: Audience;
  host(cloudlet: CloudletId): Host;
  /** Begins a sync of a disk where there is something to do and nothing in the way. */
  beginSync(host: Host): void;
}

/** All machines of a run, as faults see them. */
export class Machines {
  readonly #world: MachineSurroundings;
  // By paused cloudlet: since when its clocks stand still, or null where they run.
  readonly #paused = new Map<CloudletId, Instant | null>();

  constructor(world: MachineSurroundings) {
    this.#world = world;
  }

  /** A wall clock jumps. */
  stepClock(cloudlet: CloudletId, by: number): void {
    const { queue, chronicle, audience } = this.#world;
    this.#world.host(cloudlet).clock.step(by);
    chronicle.clockStepped(cloudlet, by);
    audience.clockStepped(queue.at, cloudlet, by);
  }

  /** Both clocks run so many parts per million faster than before. */
  drift(cloudlet: CloudletId, by: number): void {
    const { queue, timers, audience } = this.#world;
    const { clock } = this.#world.host(cloudlet);
    const now = queue.at;
    const shown = new Map<number, number>();
    // Deadlines by a clock that stands still are kept elsewhere until it goes on.
    const isFrozen = typeof this.#paused.get(cloudlet) === "number";
    const note = (at: Instant): Instant => {
      shown.set(at, clock.monotonic(at));
      return at;
    };
    if (!isFrozen) timers.remap(cloudlet, note);
    clock.setDrift(now, clock.driftPpm + by);
    if (!isFrozen) timers.remap(cloudlet, (at) => clock.instantOf(now, shown.get(at) as number));
    audience.machineChanged(now, cloudlet, { kind: "drifted", driftPpm: clock.driftPpm });
  }

  /** Syncs take another time; null: the usual one. */
  slowDisk(cloudlet: CloudletId, sync: DurationSpec | null): void {
    const { queue, audience } = this.#world;
    this.#world.host(cloudlet).slowDown(sync === null ? null : samplerOf(sync));
    audience.machineChanged(queue.at, cloudlet, { kind: "diskSlow", isSo: sync !== null });
  }

  /** A disk has no room, or has some again: what waits is written then. */
  fillDisk(cloudlet: CloudletId, isFull: boolean): void {
    const { queue, audience } = this.#world;
    const host = this.#world.host(cloudlet);
    host.disk.setFull(isFull);
    audience.machineChanged(queue.at, cloudlet, { kind: "diskFull", isSo: host.disk.isFull });
    this.#world.beginSync(host);
  }

  /** A process that runs and is not paused stops doing anything. */
  pause(cloudlet: CloudletId, clock: "runs" | "stands"): void {
    const { queue, timers, audience } = this.#world;
    const host = this.#world.host(cloudlet);
    assert(host.cpu !== null && !this.#paused.has(cloudlet), "a pause of what cannot be paused");
    const isFrozen = clock === "stands";
    this.#paused.set(cloudlet, isFrozen ? queue.at : null);
    host.cpu.hold();
    if (isFrozen) {
      host.clock.setFrozen(queue.at, true);
      timers.remap(cloudlet, (at) => (at + NEVER) as Instant);
    }
    audience.machineChanged(queue.at, cloudlet, { kind: "paused", clock });
  }

  /** Is this process paused? */
  isPaused(cloudlet: CloudletId): boolean {
    return this.#paused.has(cloudlet);
  }

  /** A paused process goes on; nothing happens where a crash was earlier. */
  resume(cloudlet: CloudletId): void {
    const { queue, timers, audience, processors } = this.#world;
    const since = this.#paused.get(cloudlet);
    if (since === undefined) return;
    this.#paused.delete(cloudlet);
    const host = this.#world.host(cloudlet);
    if (since !== null) {
      host.clock.setFrozen(queue.at, false);
      const passed = queue.at - since;
      timers.remap(cloudlet, (at) => (at - NEVER + passed) as Instant);
    }
    audience.machineChanged(queue.at, cloudlet, { kind: "resumed", waited: host.cpu?.waitingCount ?? 0 });
    processors.resume(host);
  }

  /** A process died: its pause is over, and its machine's clocks go on. */
  crashed(cloudlet: CloudletId): void {
    if (!this.#paused.delete(cloudlet)) return;
    this.#world.host(cloudlet).clock.setFrozen(this.#world.queue.at, false);
  }
}
