// What faults did in a run: when each set in and was over as it happened, and what it hit. A fault that waits for a write, or that
// ends with the healing, is told as it went and not as it was planned.
//
// What happens is put down to every fault that is going on there: a message that two cuts stop counts for both. A way between two
// replication neighbours is at every link of its route. What a disk turns out to have lost only when its process starts again is put
// down to the last fault that may have taken it.
//
// Leaves out drawing it (sim/report/episodes.ts).

import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { DiskFailure, DropReason, MachineChange, MessageTrouble, Observer } from "../oracles/observer.ts";
import { faultForm } from "../scenario/form-of-load.ts";
import type { Fault } from "../scenario/scenario.ts";
import type { FaultEvent, FaultHit, FaultTimelineReport } from "./report.ts";

/** Faults told one by one; more are counted. */
const FAULTS_MAX = 200;
/** Names of a group told one by one. */
const NAMES_MAX = 6;

interface Happened {
  readonly fault: Fault;
  readonly from: Instant;
  until: Instant | null;
  /** Directions of links, as sim/world/ways.ts numbers them; none for faults of machines. */
  readonly channels: ReadonlySet<number>;
  readonly hits: Map<FaultHit, number>;
}

type Kind = Fault["kind"];

const cuts: ReadonlySet<Kind> = new Set<Kind>(["linkDown", "partition", "isolate"]);
const stops: ReadonlySet<Kind> = new Set<Kind>(["crash", "restoreBackup", "cloneDisk"]);

/** Listens to a world, and tells in the end. */
export class FaultTimeline implements Observer {
  readonly #topology: Topology;
  readonly #faults: readonly Fault[];
  readonly #all: Happened[] = [];
  // Those that go on, by fault; and by cloudlet and kind the last ones that set in.
  readonly #open = new Map<number, Happened>();
  readonly #last = new Map<string, Happened>();
  readonly #routes = new Map<number, readonly number[]>();
  #moreCount = 0;

  constructor(faults: readonly Fault[], topology: Topology) {
    this.#faults = faults;
    this.#topology = topology;
  }

  faultChanged(at: Instant, index: number, isBeginning: boolean, channels: readonly number[]): void {
    if (!isBeginning) {
      const over = this.#open.get(index);
      if (over !== undefined) over.until = at;
      this.#open.delete(index);
      return;
    }
    const fault = this.#faults[index] as Fault;
    const place = "cloudlet" in fault ? `${fault.kind} ${fault.cloudlet}` : null;
    if (this.#all.length === FAULTS_MAX) {
      // Long runs keep no more than what is told, and what this one takes is not put down to an earlier one.
      this.#moreCount += 1;
      if (place !== null) this.#last.delete(place);
      return;
    }
    const isMoment = fault.kind === "bitRot" || fault.kind === "clockStep";
    const happened: Happened = {
      fault,
      from: at,
      until: isMoment ? at : null,
      channels: new Set(channels),
      hits: new Map(),
    };
    this.#all.push(happened);
    if (!isMoment) this.#open.set(index, happened);
    if (place !== null) this.#last.set(place, happened);
  }

  linkChanged(_at: Instant, from: CloudletId, to: CloudletId, up: boolean): void {
    if (!up) this.#hitWay(from, to, (kind) => cuts.has(kind), "ways closed");
  }

  dropped(_at: Instant, from: CloudletId, to: CloudletId, _message: unknown, reason: DropReason): void {
    if (reason === "linkDown") this.#hitWay(from, to, (kind) => cuts.has(kind), "messages lost");
    if (reason === "hostDown") this.#hitAt(to, (kind) => stops.has(kind), "messages lost", 1);
  }

  troubled(_at: Instant, from: CloudletId, to: CloudletId, trouble: MessageTrouble): void {
    if (trouble === "held") this.#hitWay(from, to, (kind) => kind === "clog", "messages held");
    else this.#hitWay(from, to, (kind) => kind === "degrade", "messages changed");
  }

  crashed(_at: Instant, cloudlet: CloudletId, unsynced: readonly unknown[]): void {
    this.#hitAt(cloudlet, (kind) => stops.has(kind), "entries not synced", unsynced.length);
  }

  diskFailed(_at: Instant, cloudlet: CloudletId, failure: DiskFailure): void {
    switch (failure.kind) {
      case "torn":
        this.#hitAt(cloudlet, (kind) => kind === "crash", "entries torn", failure.isTorn ? 1 : 0);
        this.#hitAt(cloudlet, (kind) => kind === "crash", "entries that survived", failure.survived.length);
        break;
      case "lied":
        this.#hitLast("lyingFsync", cloudlet, failure.lost.length);
        break;
      case "rotten":
        this.#hitLast("bitRot", cloudlet, failure.lost.length);
        break;
      case "replaced":
        this.#hitLast("crash", cloudlet, failure.lost.length);
        break;
      case "restored":
        this.#hitLast("restoreBackup", cloudlet, failure.lost.length);
        break;
      case "cloned":
        this.#hitLast("cloneDisk", cloudlet, failure.lost.length);
        break;
    }
  }

  synced(_at: Instant, cloudlet: CloudletId): void {
    if (this.#open.size > 0) this.#hitAt(cloudlet, (kind) => kind === "slowDisk", "syncs slowed", 1);
  }

  machineChanged(_at: Instant, cloudlet: CloudletId, change: MachineChange): void {
    if (change.kind === "writeRefused") this.#hitAt(cloudlet, (kind) => kind === "fullDisk", "writes refused", 1);
    if (change.kind === "downgradeRefused") this.#count(this.#lastOf("crash", cloudlet), "starts refused", 1);
    // Told when it is over.
    if (change.kind === "resumed") this.#count(this.#lastOf("pause", cloudlet), "inputs that waited", change.waited);
  }

  /** All of it, in the order in which it set in. */
  report(): FaultTimelineReport {
    return {
      events: this.#all.map(eventOf),
      moreCount: this.#moreCount,
      missedCount: this.#faults.length - this.#all.length - this.#moreCount,
    };
  }

  #hitWay(from: CloudletId, to: CloudletId, isOf: (kind: Kind) => boolean, what: FaultHit): void {
    if (this.#open.size === 0) return;
    let route: readonly number[] | null = null;
    for (const happened of this.#open.values()) {
      if (!isOf(happened.fault.kind)) continue;
      route ??= this.#routeOf(from, to);
      if (route.some((channel) => happened.channels.has(channel))) this.#count(happened, what, 1);
    }
  }

  #hitAt(cloudlet: CloudletId, isOf: (kind: Kind) => boolean, what: FaultHit, count: number): void {
    if (count === 0) return;
    const name = this.#nameOf(cloudlet);
    for (const happened of this.#open.values()) {
      const { fault } = happened;
      if (isOf(fault.kind) && "cloudlet" in fault && fault.cloudlet === name) this.#count(happened, what, count);
    }
  }

  #hitLast(kind: Kind, cloudlet: CloudletId, count: number): void {
    this.#count(this.#lastOf(kind, cloudlet), "entries lost", count);
  }

  #lastOf(kind: Kind, cloudlet: CloudletId): Happened | undefined {
    return this.#last.get(`${kind} ${this.#nameOf(cloudlet)}`);
  }

  #count(happened: Happened | undefined, what: FaultHit, count: number): void {
    if (happened !== undefined && count > 0) happened.hits.set(what, (happened.hits.get(what) ?? 0) + count);
  }

  #nameOf(cloudlet: CloudletId): string {
    return this.#topology.cloudlets[cloudlet]?.name ?? "";
  }

  // Under whichever plan.
  #routeOf(from: CloudletId, to: CloudletId): readonly number[] {
    const key = from * this.#topology.cloudlets.length + to;
    let route = this.#routes.get(key);
    if (route === undefined) {
      const hops = this.#topology.plans.flatMap((plan) => plan.routeBetween(from, to) ?? []);
      route = [...new Set(hops.map(({ link, forward }) => link * 2 + (forward ? 0 : 1)))];
      this.#routes.set(key, route);
    }
    return route;
  }
}

function eventOf({ fault, from, until, hits }: Happened): FaultEvent {
  return { ...wordsOf(fault), from, until, hits: [...hits].map(([what, count]) => ({ what, count })) };
}

/** A fault as a scenario file would have it, but for its times, which are told beside it. */
export function wordsOf(fault: Fault): Pick<FaultEvent, "kind" | "where" | "how"> {
  const how = Object.entries(faultForm(fault))
    .slice(1)
    .filter(([name]) => !unsaid.has(name))
    .map(([name, value]) => `${name} ${String(value)}`);
  return { kind: fault.kind, where: whereOf(fault), how: how.join(", ") };
}

const unsaid: ReadonlySet<string> = new Set(["from", "until", "at", "for", "direction", "to"]);

function namesText(names: readonly string[]): string {
  const more = names.length - NAMES_MAX;
  return more > 0 ? `${names.slice(0, NAMES_MAX).join(", ")} and ${more} more` : names.join(", ");
}

function whereOf(fault: Fault): string {
  switch (fault.kind) {
    case "linkDown":
    case "clog":
    case "degrade": {
      const { a, b, direction } = fault;
      return direction === "both" ? `${a} - ${b}` : direction === "forth" ? `${a} -> ${b}` : `${b} -> ${a}`;
    }
    case "partition":
      return fault.groups.map(namesText).join(" | ");
    case "cloneDisk":
      return `${fault.source} -> ${fault.cloudlet}`;
    default:
      return fault.cloudlet;
  }
}
