// Processes begin and end: from which disk and with which software they start, what a crash takes, and who is told.
//
// A message that arrives where no process runs is lost. One sent to or by an earlier life of a process still arrives. Leaves out why
// a process ends (faults/inject.ts, mishaps.ts).

import type { CloudletId } from "../../model/ids.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import type { ReplicaConfig } from "../../model/replication/standing.ts";
import type { WireConfig } from "../../model/replication/wire-config.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Duration } from "../../model/units.ts";
import type { DiskAtStart } from "../faults/inject.ts";
import type { Clients } from "../hosts/client.ts";
import type { Host } from "../hosts/host.ts";
import type { Timers } from "../hosts/timers.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { DiskFailure } from "../oracles/observer.ts";
import { limitsOf, type Quirks } from "../quirks/quirks.ts";
import type { Announcer } from "./announcer.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Decisions } from "./decisions.ts";
import type { Machines } from "./machines.ts";
import type { Audience } from "./observers.ts";
import type { PlanChanges } from "./plan-changes.ts";
import type { Processors } from "./processors.ts";

/** Makes the core of a cloudlet under a plan; `limits` has what quirks make of its settings. */
export type CreateCore = (
  cloudlet: CloudletId,
  plan: Topology,
  wire: WireConfig,
  limits: Pick<ReplicaConfig, "retain" | "batchBytes">,
) => ReplicationCore;

/** What processes need of the world. */
export interface ProcessSurroundings {
  readonly queue: EventQueue;
  readonly timers: Timers;
  readonly processors: Processors;
  readonly chronicle: Chronicle;
  readonly audience: Audience;
  readonly announcer: Announcer;
  readonly plans: PlanChanges;
  readonly decisions: Decisions;
  readonly machines: Machines;
  readonly quirks: Quirks;
  readonly clockBound: Duration;
  readonly createCore: CreateCore;
  clients(): Clients;
}

/** All processes of a run. */
export class Processes {
  readonly #world: ProcessSurroundings;

  constructor(world: ProcessSurroundings) {
    this.#world = world;
  }

  /** A process begins; ways are told by the caller. */
  start(host: Host, disk: DiskAtStart): void {
    const { queue, quirks, machines, plans, chronicle, audience, processors, decisions } = this.#world;
    const diskLost = disk.kind === "lose";
    if (disk.kind !== "keep") this.#replaceDisk(host, disk);
    host.scrub((lost, isCheckpointLost) => void this.#diskFailed(host, { kind: "rotten", lost, isCheckpointLost }));
    if (quirks.acts("edge-clock", host.id)) machines.stepClock(host.id, this.#world.clockBound - host.clock.offset);
    const limits = limitsOf(quirks, host.id);
    const core = this.#world.createCore(host.id, plans.starting(queue.at, host.id), host.wire, limits);
    const incarnation = host.start(core);
    const image = host.image();
    chronicle.started(host.id, incarnation, image.entries.length, diskLost);
    audience.started(queue.at, host.id, incarnation, core, image, diskLost);
    const from = image.checkpoint === null && image.entries.length === 0 ? null : image;
    processors.handle(host, { kind: "started", incarnation, from }, queue.at, 0);
    decisions.started(host.id);
  }

  /** A process dies. `tears`: some of what was not synced may survive. */
  crash(host: Host, tears: boolean): void {
    const { queue, timers, machines, chronicle, audience, announcer } = this.#world;
    const { unsynced, lied, survived, isTorn } = host.crash(queue.at, tears);
    timers.disarmAll(host.id);
    machines.crashed(host.id);
    this.#world.clients().crashed(host.id);
    chronicle.crashed(host.id, unsynced.length);
    audience.crashed(queue.at, host.id, unsynced);
    if (lied.length > 0) this.#diskFailed(host, { kind: "lied", lost: lied });
    if (survived.length > 0 || isTorn) this.#diskFailed(host, { kind: "torn", survived, isTorn });
    announcer.tellOf(host.id);
  }

  /** A process comes back. `version`: with other software. */
  restart(host: Host, disk: DiskAtStart, version?: number): void {
    if (version !== undefined) this.#install(host, version, disk);
    this.start(host, disk);
    this.#world.announcer.tellOf(host.id);
    this.#world.clients().restarted(host.id);
  }

  #replaceDisk(host: Host, disk: Exclude<DiskAtStart, { kind: "keep" }>): void {
    const lost = host.replaceDisk(disk.kind === "lose" ? null : disk.image);
    if (disk.kind === "lose") this.#diskFailed(host, { kind: "replaced", lost });
    else if (disk.kind === "restored") this.#diskFailed(host, { kind: "restored", of: disk.of, lost });
    else this.#diskFailed(host, { kind: "cloned", source: disk.source, lost });
  }

  #diskFailed(host: Host, failure: DiskFailure): void {
    this.#world.chronicle.diskFailed(host.id, failure);
    this.#world.audience.diskFailed(this.#world.queue.at, host.id, failure);
  }

  // Software that does not know the form in which the disk is written is not let start from it.
  #install(host: Host, version: number, disk: DiskAtStart): void {
    const former = host.wire.most;
    const { checkpoint, entries } = host.image();
    const isEmpty = disk.kind === "lose" || (checkpoint === null && entries.length === 0);
    const isRefused = version < host.wire.writes && !isEmpty;
    if (!isRefused) host.wire = { least: 1, most: version, writes: version };
    const kind = isRefused ? "downgradeRefused" : "versionChanged";
    this.#world.audience.machineChanged(this.#world.queue.at, host.id, { kind, former, version });
  }
}
