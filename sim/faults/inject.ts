// Makes the faults of a scenario happen: each is scheduled when the run begins, sets in, is repaired at its time or at the
// healing, whichever is first. Faults overlap freely: a link is up again when the last fault that holds it down is over,
// and a crash of a process that is down already does nothing.
//
// Leaves out what a crash or a cut means for processes (world.ts) and which faults to choose (run/generate.ts).

import { assert, unreachable } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { later } from "../../model/units.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { Fault } from "../scenario/scenario.ts";
import { EVENT_FAULT_BEGINS, EVENT_FAULT_ENDS } from "../world/events.ts";

/** What faults need of the world. */
export interface FaultSurroundings {
  readonly queue: EventQueue;
  /** Keeps these channels down, or takes that back; told to processes once for all of them. */
  holdChannels(channels: readonly number[]): void;
  releaseChannels(channels: readonly number[]): void;
  /** Whether a cloudlet's process runs. */
  isRunning(cloudlet: CloudletId): boolean;
  crash(cloudlet: CloudletId): void;
  restart(cloudlet: CloudletId, disk: "keep" | "lose"): void;
  stepClock(cloudlet: CloudletId, by: number): void;
  /** For the trace: a fault set in, or was repaired. */
  faultChanged(fault: number, isBeginning: boolean): void;
}

/** What a fault that is going on has to give back. */
type Debt =
  | { readonly kind: "channels"; readonly channels: readonly number[] }
  | { readonly kind: "process"; readonly cloudlet: CloudletId; readonly disk: "keep" | "lose" };

/** The faults of a run. */
export class Faults {
  readonly #faults: readonly Fault[];
  readonly #topology: Topology;
  readonly #world: FaultSurroundings;
  /** By fault, while it is going on. */
  readonly #debts = new Map<number, Debt>();
  #isHealed = false;

  constructor(faults: readonly Fault[], topology: Topology, world: FaultSurroundings) {
    this.#faults = faults;
    this.#topology = topology;
    this.#world = world;
    for (const [index, fault] of faults.entries()) {
      const at = fault.kind === "crash" || fault.kind === "clockStep" ? fault.at : fault.from;
      world.queue.push(at, EVENT_FAULT_BEGINS, index, 0, 0, null);
    }
  }

  /** Handles EVENT_FAULT_BEGINS. */
  begin(index: number): void {
    if (this.#isHealed) return;
    const fault = this.#faults[index] as Fault;
    const world = this.#world;
    switch (fault.kind) {
      case "linkDown":
      case "partition":
      case "isolate": {
        const channels = this.#channelsOf(fault);
        world.faultChanged(index, true);
        this.#debts.set(index, { kind: "channels", channels });
        world.holdChannels(channels);
        if (fault.until !== null) world.queue.push(fault.until, EVENT_FAULT_ENDS, index, 0, 0, null);
        break;
      }
      case "crash": {
        const cloudlet = this.#named(fault.cloudlet);
        if (!world.isRunning(cloudlet)) return;
        world.faultChanged(index, true);
        this.#debts.set(index, { kind: "process", cloudlet, disk: fault.disk });
        world.crash(cloudlet);
        world.queue.push(later(world.queue.at, fault.after), EVENT_FAULT_ENDS, index, 0, 0, null);
        break;
      }
      case "clockStep":
        world.faultChanged(index, true);
        world.stepClock(this.#named(fault.cloudlet), fault.by);
        break;
      default:
        unreachable(fault);
    }
  }

  /** Handles EVENT_FAULT_ENDS. Nothing happens when the healing was earlier. */
  end(index: number): void {
    const debt = this.#debts.get(index);
    if (debt === undefined) return;
    this.#debts.delete(index);
    this.#world.faultChanged(index, false);
    if (debt.kind === "channels") this.#world.releaseChannels(debt.channels);
    else this.#world.restart(debt.cloudlet, debt.disk);
  }

  /** Repairs all that is broken, links before processes; nothing breaks afterwards. */
  heal(): void {
    this.#isHealed = true;
    const open = [...this.#debts].sort(([a], [b]) => a - b);
    for (const [index, debt] of open) if (debt.kind === "channels") this.end(index);
    for (const [index, debt] of open) if (debt.kind === "process") this.end(index);
  }

  #named(name: string): CloudletId {
    const cloudlet = this.#topology.cloudletNamed(name);
    assert(cloudlet !== null, "a fault at a cloudlet that does not exist");
    return cloudlet;
  }

  /** The directions of links that a fault takes down, ascending. */
  #channelsOf(fault: Extract<Fault, { kind: "linkDown" | "partition" | "isolate" }>): readonly number[] {
    const { links } = this.#topology;
    switch (fault.kind) {
      case "linkDown": {
        const a = this.#named(fault.a);
        const b = this.#named(fault.b);
        const channels: number[] = [];
        for (const link of links) {
          const isAlong = link.a === a && link.b === b;
          if (!isAlong && !(link.a === b && link.b === a)) continue;
          // "forth" is from the fault's a to its b, whichever way round the link was written.
          if (fault.direction !== "back") channels.push(link.index * 2 + (isAlong ? 0 : 1));
          if (fault.direction !== "forth") channels.push(link.index * 2 + (isAlong ? 1 : 0));
        }
        return channels.sort((left, right) => left - right);
      }
      case "partition": {
        const groupOf = new Int32Array(this.#topology.cloudlets.length).fill(-1);
        for (const [group, names] of fault.groups.entries()) {
          for (const name of names) groupOf[this.#named(name)] = group;
        }
        return bothDirections(links.filter(({ a, b }) => groupOf[a] !== groupOf[b]));
      }
      case "isolate": {
        const cloudlet = this.#named(fault.cloudlet);
        return bothDirections(links.filter(({ a, b }) => a === cloudlet || b === cloudlet));
      }
      default:
        return unreachable(fault);
    }
  }
}

function bothDirections(links: readonly { readonly index: number }[]): readonly number[] {
  return links.flatMap(({ index }) => [index * 2, index * 2 + 1]);
}
