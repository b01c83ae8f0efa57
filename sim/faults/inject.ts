// Makes the faults of a scenario happen: each is scheduled when the run begins, sets in, is repaired at its time or at the
// healing, whichever is first. Faults overlap freely: a link is up again when the last fault that holds it down is over,
// and a crash of a process that is down already does nothing.
//
// Leaves out what a crash or a cut means for processes (world.ts) and which faults to choose (run/generate.ts).

import { assert, unreachable } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { later, type Duration, type Instant } from "../../model/units.ts";
import type { DiskImage } from "../hosts/disk.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { Fault } from "../scenario/scenario.ts";
import { EVENT_BACKUP, EVENT_FAULT_BEGINS, EVENT_FAULT_ENDS } from "../world/events.ts";
import type { Machines } from "../world/machines.ts";
import type { Post } from "../world/post.ts";
import type { LinkFaults } from "./link-faults.ts";

/** What faults need of the world. */
export interface FaultSurroundings {
  readonly queue: EventQueue;
  readonly machines: Machines;
  readonly links: LinkFaults;
  readonly post: Pick<Post, "clog" | "unclog">;
  /** Keeps these channels down, or takes that back; told to processes once for all of them. */
  setChannels(channels: readonly number[], up: boolean): void;
  /** Whether a cloudlet's process runs. */
  isRunning(cloudlet: CloudletId): boolean;
  /** Whether its disk has been handed something that it has not confirmed. */
  isPending(cloudlet: CloudletId): boolean;
  /** `tears`: some of what was not synced may survive. */
  crash(cloudlet: CloudletId, tears: boolean): void;
  /** How long a process that a fault ends is to be down. */
  downtime(cloudlet: CloudletId, planned: Duration): Duration;
  /** `version`: from now on it speaks and writes the byte form up to this one. */
  restart(cloudlet: CloudletId, disk: DiskAtStart, version?: number): void;
  /** What a cloudlet's disk holds now. */
  backUp(cloudlet: CloudletId): DiskImage<StoredEntry>;
  /** Bits flip in so many entries that a cloudlet's disk holds. */
  rot(cloudlet: CloudletId, count: number): void;
  /** A disk begins to lie about its syncs, or ends that. */
  setLying(cloudlet: CloudletId, isLying: boolean): void;
  /** For the trace and who listens: a fault set in, at these directions of links, or was repaired. */
  faultChanged(fault: number, isBeginning: boolean, channels: readonly number[]): void;
}

/** Which disk a process starts from: its own, an empty one, its own of an earlier time, or a copy of another's. */
export type DiskAtStart =
  | { readonly kind: "keep" }
  | { readonly kind: "lose" }
  | { readonly kind: "restored"; readonly image: DiskImage<StoredEntry>; readonly of: Instant }
  | { readonly kind: "cloned"; readonly image: DiskImage<StoredEntry>; readonly source: CloudletId };

/** What a fault that is going on has to give back. */
type Debt =
  | { readonly kind: "channels" | "harm" | "clog"; readonly channels: readonly number[] }
  | {
      readonly kind: "process";
      readonly cloudlet: CloudletId;
      readonly disk: DiskAtStart;
      readonly version: number | undefined;
    }
  | { readonly kind: "drift"; readonly cloudlet: CloudletId; readonly ppm: number }
  | { readonly kind: "lie" | "slow" | "full" | "pause"; readonly cloudlet: CloudletId };

/** Faults that last for a stated time, or until everything is healed. */
type LastingFault = Extract<Fault, { readonly until: Instant | null }>;

const nowhere: readonly number[] = [];

/** The faults of a run. */
export class Faults {
  readonly #faults: readonly Fault[];
  readonly #topology: Topology;
  readonly #world: FaultSurroundings;
  /** By fault, while it is going on. */
  readonly #debts = new Map<number, Debt>();
  // Backups that were taken and not yet used, by fault.
  readonly #backups = new Map<number, DiskImage<StoredEntry>>();
  // Crashes that wait for a write that is pending, by fault: where.
  readonly #awaiting = new Map<number, CloudletId>();
  #isHealed = false;

  constructor(faults: readonly Fault[], topology: Topology, world: FaultSurroundings) {
    this.#faults = faults;
    this.#topology = topology;
    this.#world = world;
    for (const [index, fault] of faults.entries()) {
      world.queue.push("at" in fault ? fault.at : fault.from, EVENT_FAULT_BEGINS, index, 0, 0, null);
      if (fault.kind === "restoreBackup") world.queue.push(fault.of, EVENT_BACKUP, index, 0, 0, null);
    }
  }

  /** Handles EVENT_FAULT_BEGINS. */
  begin(index: number): void {
    if (this.#isHealed) return;
    const fault = this.#faults[index] as Fault;
    const world = this.#world;
    switch (fault.kind) {
      case "crash":
      case "restoreBackup":
      case "cloneDisk": {
        const cloudlet = this.#named(fault.cloudlet);
        if (!world.isRunning(cloudlet)) return;
        if (fault.kind === "crash" && fault.whenPending === true && !world.isPending(cloudlet)) {
          this.#awaiting.set(index, cloudlet);
          return;
        }
        world.faultChanged(index, true, nowhere);
        const version = fault.kind === "crash" ? fault.version : undefined;
        this.#debts.set(index, { kind: "process", cloudlet, disk: this.#diskAfter(index, fault), version });
        world.crash(cloudlet, fault.kind === "crash" && fault.disk === "torn");
        world.queue.push(
          later(world.queue.at, world.downtime(cloudlet, fault.after)),
          EVENT_FAULT_ENDS,
          index,
          0,
          0,
          null,
        );
        break;
      }
      case "bitRot":
        world.faultChanged(index, true, nowhere);
        world.rot(this.#named(fault.cloudlet), fault.entries);
        break;
      case "clockStep":
        world.faultChanged(index, true, nowhere);
        world.machines.stepClock(this.#named(fault.cloudlet), fault.by);
        break;
      default:
        this.#beginLasting(index, fault);
    }
  }

  /** A core has handed something to its disk: whoever waits for that dies before it is there. */
  stored(cloudlet: CloudletId): void {
    if (this.#awaiting.size === 0) return;
    for (const [index, where] of this.#awaiting) {
      if (where !== cloudlet) continue;
      this.#awaiting.delete(index);
      this.#world.queue.push(this.#world.queue.at, EVENT_FAULT_BEGINS, index, 0, 0, null);
    }
  }

  /** Handles EVENT_FAULT_ENDS. Nothing happens when the healing was earlier. */
  end(index: number): void {
    const debt = this.#debts.get(index);
    if (debt === undefined) return;
    this.#debts.delete(index);
    const world = this.#world;
    world.faultChanged(index, false, nowhere);
    switch (debt.kind) {
      case "channels":
        world.setChannels(debt.channels, true);
        break;
      case "harm":
        world.links.end(index, debt.channels);
        break;
      case "clog":
        world.post.unclog(debt.channels);
        break;
      case "lie":
        world.setLying(debt.cloudlet, false);
        break;
      case "slow":
        world.machines.slowDisk(debt.cloudlet, null);
        break;
      case "full":
        world.machines.fillDisk(debt.cloudlet, false);
        break;
      case "drift":
        world.machines.drift(debt.cloudlet, -debt.ppm);
        break;
      case "pause":
        world.machines.resume(debt.cloudlet);
        break;
      case "process":
        world.restart(debt.cloudlet, debt.disk, debt.version);
        break;
      default:
        unreachable(debt);
    }
  }

  /** Handles EVENT_BACKUP. */
  backUp(index: number): void {
    const fault = this.#faults[index] as Extract<Fault, { kind: "restoreBackup" }>;
    this.#backups.set(index, this.#world.backUp(this.#named(fault.cloudlet)));
  }

  /**
   * Repairs all that is broken, links before processes; nothing breaks afterwards.
   *
   * @param core only what is broken among these is repaired, and the rest stays as it is for good; null: everything
   */
  heal(core: ReadonlySet<CloudletId> | null): void {
    this.#isHealed = true;
    const open = [...this.#debts].sort(([a], [b]) => a - b);
    const healed = core === null ? open : open.flatMap(([index, debt]) => this.#partInCore(index, debt, core));
    for (const [index, debt] of healed) if (debt.kind !== "process") this.end(index);
    for (const [index, debt] of healed) if (debt.kind === "process") this.end(index);
  }

  // What a core gets back of a debt; the rest of it is never paid.
  #partInCore(index: number, debt: Debt, core: ReadonlySet<CloudletId>): readonly (readonly [number, Debt])[] {
    this.#debts.delete(index);
    let part: Debt = debt;
    if ("channels" in debt) {
      const isIn = (channel: number): boolean => {
        const { a, b } = this.#topology.links[channel >> 1] as Topology["links"][number];
        return core.has(a) && core.has(b);
      };
      const channels = debt.channels.filter(isIn);
      if (channels.length === 0) return [];
      part = { kind: debt.kind, channels };
    } else if (!core.has(debt.cloudlet)) {
      return [];
    }
    this.#debts.set(index, part);
    return [[index, part]];
  }

  #beginLasting(index: number, fault: LastingFault): void {
    const world = this.#world;
    const debt = this.#debtOf(fault);
    // A process that is down, or paused already, cannot be paused.
    if (debt.kind === "pause" && (!world.isRunning(debt.cloudlet) || world.machines.isPaused(debt.cloudlet))) return;
    world.faultChanged(index, true, "channels" in debt ? debt.channels : nowhere);
    this.#debts.set(index, debt);
    switch (fault.kind) {
      case "linkDown":
      case "partition":
      case "isolate":
        world.setChannels(this.#channelsOf(fault), false);
        break;
      case "degrade":
        world.links.begin(index, this.#channelsOf(fault), fault.harm);
        break;
      case "clog":
        world.post.clog(this.#channelsOf(fault));
        break;
      case "lyingFsync":
        world.setLying(this.#named(fault.cloudlet), true);
        break;
      case "slowDisk":
        world.machines.slowDisk(this.#named(fault.cloudlet), fault.sync);
        break;
      case "fullDisk":
        world.machines.fillDisk(this.#named(fault.cloudlet), true);
        break;
      case "clockDrift":
        world.machines.drift(this.#named(fault.cloudlet), fault.ppm);
        break;
      case "pause":
        world.machines.pause(this.#named(fault.cloudlet), fault.clock);
        break;
      default:
        unreachable(fault);
    }
    if (fault.until !== null) world.queue.push(fault.until, EVENT_FAULT_ENDS, index, 0, 0, null);
  }

  #debtOf(fault: LastingFault): Debt {
    switch (fault.kind) {
      case "linkDown":
      case "partition":
      case "isolate":
        return { kind: "channels", channels: this.#channelsOf(fault) };
      case "degrade":
        return { kind: "harm", channels: this.#channelsOf(fault) };
      case "clog":
        return { kind: "clog", channels: this.#channelsOf(fault) };
      case "lyingFsync":
        return { kind: "lie", cloudlet: this.#named(fault.cloudlet) };
      case "slowDisk":
        return { kind: "slow", cloudlet: this.#named(fault.cloudlet) };
      case "fullDisk":
        return { kind: "full", cloudlet: this.#named(fault.cloudlet) };
      case "clockDrift":
        return { kind: "drift", cloudlet: this.#named(fault.cloudlet), ppm: fault.ppm };
      case "pause":
        return { kind: "pause", cloudlet: this.#named(fault.cloudlet) };
      default:
        return unreachable(fault);
    }
  }

  #named(name: string): CloudletId {
    const cloudlet = this.#topology.cloudletNamed(name);
    assert(cloudlet !== null, "a fault at a cloudlet that does not exist");
    return cloudlet;
  }

  /** The disk that a process which dies now comes back with. */
  #diskAfter(index: number, fault: Extract<Fault, { kind: "crash" | "restoreBackup" | "cloneDisk" }>): DiskAtStart {
    switch (fault.kind) {
      case "crash":
        return { kind: fault.disk === "lose" ? "lose" : "keep" };
      case "restoreBackup": {
        const image = this.#backups.get(index);
        assert(image !== undefined, "a backup that was never taken");
        this.#backups.delete(index);
        return { kind: "restored", image, of: fault.of };
      }
      case "cloneDisk": {
        const source = this.#named(fault.source);
        return { kind: "cloned", image: this.#world.backUp(source), source };
      }
      default:
        return unreachable(fault);
    }
  }

  /** The directions of links that a fault takes down, ascending. */
  #channelsOf(
    fault: Extract<Fault, { kind: "linkDown" | "degrade" | "clog" | "partition" | "isolate" }>,
  ): readonly number[] {
    const { links } = this.#topology;
    switch (fault.kind) {
      case "linkDown":
      case "degrade":
      case "clog": {
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
