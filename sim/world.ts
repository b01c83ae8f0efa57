// The simulated world: machines with their processes, the network between them, the clients, and the faults, driven by
// one queue of events. It carries out what cores want done and tells its observers everything; what they make of it, it
// never learns.
//
// What a process is told of the ways to its neighbours:
// 1. Process a gets `linkUp` for b when every hop of the route from a to b is up in that direction and b's process runs;
//    `linkDown` when that ends. The way back is no part of it: of a cut in one direction only one end hears.
// 2. A process that starts gets `linkUp` for each way that is open then, and its neighbours get theirs to it.
// 3. Sites on a route forward without looking; that the process of such a site is down does not stop them.
// 4. A message that arrives where no process runs is lost. One sent to or by an earlier life of a process still arrives.
//
// Leaves out: judging (oracles), and when a run is over (run/runner.ts).

import { assert, unreachable } from "../model/assert.ts";
import type { CloudletId, OpId, SessionId } from "../model/ids.ts";
import { isWriteOp } from "../model/replication/draft.ts";
import type { ClientOp, Effect, Input, ReplicationCore } from "../model/replication/io.ts";
import type { WireConfig } from "../model/replication/wire-config.ts";
import type { Topology } from "../model/topology/topology.ts";
import type { Instant } from "../model/units.ts";
import { Faults, type DiskAtStart } from "./faults/inject.ts";
import { LinkFaults } from "./faults/link-faults.ts";
import { Clients } from "./hosts/client.ts";
import type { CpuUse } from "./hosts/cpu.ts";
import { NO_SYNC } from "./hosts/disk.ts";
import { createHosts, type Host, type MachineBugs } from "./hosts/host.ts";
import { Timers } from "./hosts/timers.ts";
import { EventQueue } from "./kernel/queue.ts";
import { RngRoot } from "./kernel/rng.ts";
import type { DiskFailure, Observer } from "./oracles/observer.ts";
import type { Scenario } from "./scenario/scenario.ts";
import type { Trace } from "./trace/trace.ts";
import { Chronicle } from "./world/chronicle.ts";
import {
  EVENT_BACKUP,
  EVENT_CLIENT_SENDS,
  EVENT_CLIENT_WAKES,
  EVENT_DECISION,
  EVENT_FAULT_BEGINS,
  EVENT_FAULT_ENDS,
  EVENT_HEAL,
  EVENT_HOP,
  EVENT_JUDGE,
  EVENT_PLAN,
  EVENT_SCRIPT,
  EVENT_SERVED,
  EVENT_SYNCED,
  EVENT_TIMER,
} from "./world/events.ts";
import { Decisions } from "./world/decisions.ts";
import type { Flight } from "./world/flight.ts";
import { Machines } from "./world/machines.ts";
import { Damage } from "./world/mail.ts";
import { gatherObservers, type Audience } from "./world/observers.ts";
import { tellWritten } from "./world/own-record.ts";
import { Post } from "./world/post.ts";
import { Processors, requestSize } from "./world/processors.ts";
import { adoptPlan, PlanChanges } from "./world/plan-changes.ts";
import { coreOf } from "./faults/core.ts";
import { tellInput } from "./world/tell-input.ts";
import { Ways, type Way } from "./world/ways.ts";

/** What a world is made of. */
export interface WorldOptions {
  readonly scenario: Scenario;
  /** Built from the scenario's topology. */
  readonly topology: Topology;
  /** Makes the core of a cloudlet, once per start of its process, under the plan that it was told last. */
  readonly createCore: (cloudlet: CloudletId, plan: Topology, wire: WireConfig) => ReplicationCore;
  readonly observers: readonly Observer[];
  readonly trace: Trace;
  /** True: events of the same instant happen in a drawn order instead of the order they were planned in. */
  readonly shuffleTies?: boolean;
  /** Planted bugs of the machines. */
  readonly machineBugs?: MachineBugs;
}

/** What the last event was about, for whoever drives the world. */
export type Advance = "went-on" | "judgement-due" | "nothing-left";

/** A world. It exists from its construction on; `boot` starts all processes at instant 0. */
export class World {
  readonly topology: Topology;
  readonly rng: RngRoot;
  readonly ways: Ways;
  /** Events handled. */
  steps = 0;

  readonly #scenario: Scenario;
  readonly #createCore: (cloudlet: CloudletId, plan: Topology, wire: WireConfig) => ReplicationCore;
  readonly #plans: PlanChanges;
  readonly #decisions: Decisions;
  readonly #queue: EventQueue;
  readonly #hosts: readonly Host[];
  readonly #processors: Processors;
  readonly #timers: Timers;
  readonly #clients: Clients;
  readonly #faults: Faults;
  readonly #audience: Audience;
  readonly #chronicle: Chronicle;
  // One object for all steps: cores take what they need of it during the step.
  readonly #localTime = { monotonic: 0, wall: 0 };
  readonly #post: Post;
  readonly #machines: Machines;
  #opCount = 0;

  constructor(options: WorldOptions) {
    const { scenario, topology } = options;
    this.#scenario = scenario;
    this.topology = topology;
    this.#createCore = options.createCore;
    this.rng = new RngRoot(scenario.seed);
    this.#queue = new EventQueue(options.shuffleTies === true ? { shuffle: this.rng.stream.fork("ties") } : {});
    this.#audience = gatherObservers(options.observers);
    this.#chronicle = new Chronicle(options.trace, this.#queue);
    const names = topology.cloudlets.map((cloudlet) => cloudlet.name);
    this.#hosts = createHosts(scenario, names, this.rng, options.machineBugs ?? {});
    this.ways = new Ways(topology, this.rng.stream.fork("network"));
    this.#timers = new Timers(this.#queue, names.length);
    this.#processors = new Processors(this.#queue, this.#chronicle, (host, input, since) => {
      this.#step(host, input, since);
    });
    const isRunning = (cloudlet: CloudletId): boolean => this.#host(cloudlet).core !== null;
    this.#plans = new PlanChanges(scenario.plans ?? [], topology, this.rng.stream.fork("plans"), {
      queue: this.#queue,
      audience: this.#audience,
      adopt: (cloudlet, plan) => this.#adopt(this.#host(cloudlet), plan),
    });
    this.#decisions = new Decisions(scenario.detachments ?? [], topology, {
      queue: this.#queue,
      isRunning,
      tell: (cloudlet, input) => this.#processors.handle(this.#host(cloudlet), input, this.now, 0),
    });
    // Pushed before the first fault and request, so that at the same instant the healing comes first.
    this.#queue.push(scenario.duration as number as Instant, EVENT_HEAL, 0, 0, 0, null);
    this.#machines = new Machines({
      queue: this.#queue,
      timers: this.#timers,
      processors: this.#processors,
      chronicle: this.#chronicle,
      audience: this.#audience,
      host: (cloudlet) => this.#host(cloudlet),
      beginSync: (host) => this.#beginSync(host),
    });
    this.#post = new Post({
      queue: this.#queue,
      ways: this.ways,
      topology,
      chronicle: this.#chronicle,
      audience: this.#audience,
      damage: new Damage(() => this.rng.stream.fork("damage")),
      encodes: scenario.wire.encodes,
      isRunning,
      deliver: (cloudlet, input, sentAt, size) => this.#processors.handle(this.#host(cloudlet), input, sentAt, size),
    });
    this.#faults = new Faults(scenario.faults, topology, {
      queue: this.#queue,
      machines: this.#machines,
      links: new LinkFaults(this.ways, this.rng.stream.fork("faults").fork("links")),
      post: this.#post,
      isRunning,
      isPending: (cloudlet) => this.#host(cloudlet).disk.isPending,
      setChannels: (channels, up) => this.#setChannels(channels, up),
      crash: (cloudlet, tears) => this.#crash(this.#host(cloudlet), tears),
      backUp: (cloudlet) => this.#host(cloudlet).backUp(),
      rot: (cloudlet, count) => void this.#host(cloudlet).rot(count),
      setLying: (cloudlet, isLying) => this.#host(cloudlet).disk[isLying ? "lie" : "stopLying"](),
      restart: (cloudlet, disk, version) => this.#restart(this.#host(cloudlet), disk, version),
      faultChanged: (fault, isBeginning, channels) => {
        this.#chronicle.faultChanged(fault, isBeginning);
        this.#audience.faultChanged(this.now, fault, isBeginning, channels);
      },
    });
    this.#clients = new Clients(scenario, topology, this.rng.stream.fork("clients"), {
      queue: this.#queue,
      isRunning,
      ask: (cloudlet, session, op) => this.#ask(this.#host(cloudlet), session, op),
      audience: this.#audience,
    });
  }

  /** The present. */
  get now(): Instant {
    return this.#queue.at;
  }

  /** Messages that cores have sent. */
  get messageCount(): number {
    return this.#post.messageCount;
  }

  /** How many requests clients have made. */
  get requestCount(): number {
    return this.#clients.requestCount;
  }

  /** Whose session this is (hosts/client.ts). A client whose cloudlet's process died goes on with a new one. */
  clientOf(session: SessionId): number {
    return this.#clients.clientOf(session);
  }

  /** A cloudlet's running core; null while its process is down. */
  core(cloudlet: CloudletId): ReplicationCore | null {
    return this.#host(cloudlet).core;
  }

  /** Starts all processes, in order, then opens the ways between them. Call once. */
  boot(): void {
    for (const host of this.#hosts) this.#start(host, { kind: "keep" });
    for (const way of this.ways.all) this.#tellWay(way);
  }

  /** Handles the next event. */
  advance(): Advance {
    const queue = this.#queue;
    if (!queue.pop()) return "nothing-left";
    this.steps += 1;
    switch (queue.kind) {
      case EVENT_HOP:
        this.#post.arrive(queue.payload as Flight, queue.a, queue.b);
        break;
      case EVENT_TIMER:
        if (this.#timers.due(queue.a, queue.b)) this.#fire(this.#host(this.#timers.cloudlet), this.#timers.timer);
        break;
      case EVENT_SYNCED:
        this.#synced(this.#host(queue.a), queue.b);
        break;
      case EVENT_CLIENT_WAKES:
        this.#clients.wake(queue.a, queue.b);
        break;
      case EVENT_CLIENT_SENDS:
        this.#clients.send(queue.a, queue.b);
        break;
      case EVENT_SCRIPT:
        this.#clients.due(queue.a);
        break;
      case EVENT_FAULT_BEGINS:
        this.#faults.begin(queue.a);
        break;
      case EVENT_FAULT_ENDS:
        this.#faults.end(queue.a);
        break;
      case EVENT_BACKUP:
        this.#faults.backUp(queue.a);
        break;
      case EVENT_HEAL:
        this.#heal();
        return "judgement-due";
      case EVENT_PLAN:
        this.#plans.due(queue.a, queue.b);
        break;
      case EVENT_DECISION:
        this.#decisions.due(queue.a);
        break;
      case EVENT_SERVED:
        this.#processors.served(this.#host(queue.a), queue.b);
        break;
      case EVENT_JUDGE:
        return "judgement-due";
      default:
        assert(false, "an event of no known kind");
    }
    return "went-on";
  }

  /** Plans a moment at which `advance` says "judgement-due". The healing is one by itself. */
  judgeAt(at: Instant): void {
    this.#queue.push(at, EVENT_JUDGE, 0, 0, 0, null);
  }

  /** The run is over: tells everybody. */
  finish(): void {
    this.#chronicle.finished();
    this.#audience.finished(this.now);
  }

  /** What the processors have done, by cloudlet; null where inputs take no time. */
  cpuUse(): readonly (CpuUse | null)[] {
    return this.#hosts.map(({ cpu }) => (cpu?.isDeclared === true ? cpu.use(this.now) : null));
  }

  /** Requests that their cloudlet's processor has not come to, or not finished, by cloudlet. */
  unservedRequests(): readonly number[] {
    return this.#hosts.map(({ cpu }) => cpu?.requestCount ?? 0);
  }

  // --- processes ---

  #start(host: Host, disk: DiskAtStart): void {
    const diskLost = disk.kind === "lose";
    if (disk.kind !== "keep") this.#replaceDisk(host, disk);
    host.scrub((lost, isCheckpointLost) => void this.#diskFailed(host, { kind: "rotten", lost, isCheckpointLost }));
    const core = this.#createCore(host.id, this.#plans.starting(this.now, host.id), host.wire);
    const incarnation = host.start(core);
    const image = host.image();
    this.#chronicle.started(host.id, incarnation, image.entries.length, diskLost);
    this.#audience.started(this.now, host.id, incarnation, core, image, diskLost);
    const from = image.checkpoint === null && image.entries.length === 0 ? null : image;
    this.#processors.handle(host, { kind: "started", incarnation, from }, this.now, 0);
    this.#decisions.started(host.id);
  }

  #replaceDisk(host: Host, disk: Exclude<DiskAtStart, { kind: "keep" }>): void {
    const lost = host.replaceDisk(disk.kind === "lose" ? null : disk.image);
    if (disk.kind === "lose") this.#diskFailed(host, { kind: "replaced", lost });
    else if (disk.kind === "restored") this.#diskFailed(host, { kind: "restored", of: disk.of, lost });
    else this.#diskFailed(host, { kind: "cloned", source: disk.source, lost });
  }

  #diskFailed(host: Host, failure: DiskFailure): void {
    this.#chronicle.diskFailed(host.id, failure);
    this.#audience.diskFailed(this.now, host.id, failure);
  }

  #crash(host: Host, tears: boolean): void {
    const { unsynced, lied, survived, isTorn } = host.crash(this.now, tears);
    this.#timers.disarmAll(host.id);
    this.#machines.crashed(host.id);
    this.#clients.crashed(host.id);
    this.#chronicle.crashed(host.id, unsynced.length);
    this.#audience.crashed(this.now, host.id, unsynced);
    if (lied.length > 0) this.#diskFailed(host, { kind: "lied", lost: lied });
    if (survived.length > 0 || isTorn) this.#diskFailed(host, { kind: "torn", survived, isTorn });
    for (const way of this.ways.waysOf(host.id)) this.#tellWay(way);
  }

  #restart(host: Host, disk: DiskAtStart, version: number | undefined): void {
    if (version !== undefined) this.#install(host, version, disk);
    this.#start(host, disk);
    for (const way of this.ways.waysOf(host.id)) this.#tellWay(way);
    this.#clients.restarted(host.id);
  }

  // Software that does not know the form in which the disk is written is not let start from it.
  #install(host: Host, version: number, disk: DiskAtStart): void {
    const former = host.wire.most;
    const { checkpoint, entries } = host.image();
    const isEmpty = disk.kind === "lose" || (checkpoint === null && entries.length === 0);
    const isRefused = version < host.wire.writes && !isEmpty;
    if (!isRefused) host.wire = { least: 1, most: version, writes: version };
    const kind = isRefused ? "downgradeRefused" : "versionChanged";
    this.#audience.machineChanged(this.now, host.id, { kind, former, version });
  }

  #heal(): void {
    const budgetEnds = (this.now + this.#scenario.settle) as Instant;
    this.#clients.stop();
    this.#faults.heal(coreOf(this.#scenario, this.topology));
    this.#plans.heal();
    this.#chronicle.healed(budgetEnds);
    this.#audience.healed(this.now, budgetEnds);
  }

  #adopt(host: Host, plan: Topology): void {
    if (host.core !== null) this.#processors.handle(host, adoptPlan(plan), this.now, 0);
    for (const way of this.ways.adopt(host.id, plan)) this.#tellWay(way);
  }

  // --- ways ---

  #setChannels(channels: readonly number[], up: boolean): void {
    for (const channel of channels) {
      const wasUp = this.ways.channel(channel).up;
      if (up) this.ways.release(channel);
      else this.ways.hold(channel);
      if (this.ways.channel(channel).up === wasUp) continue;
      const { a, b } = this.topology.links[channel >> 1]!;
      const isForth = channel % 2 === 0;
      this.#chronicle.linkChanged(isForth ? a : b, isForth ? b : a, channel >> 1, up);
      if (!up) this.#post.wentDown(channel);
    }
    for (const way of this.ways.takeTouched()) this.#tellWay(way);
  }

  /** Tells the near end of a way what has become of it, if that is news. */
  #tellWay(way: Way): void {
    const host = this.#host(way.from);
    if (host.core === null) {
      way.isPerceivedUp = false;
      return;
    }
    const up = way.isInPlan && way.route.up && this.#host(way.to).core !== null;
    if (up === way.isPerceivedUp) return;
    way.isPerceivedUp = up;
    this.#chronicle.wayChanged(way.from, way.to, up);
    if (way.isInPlan) this.#audience.linkChanged(this.now, way.from, way.to, up);
    this.#processors.handle(host, { kind: up ? "linkUp" : "linkDown", peer: way.to }, this.now, 0);
  }

  // --- requests, timers, disk ---

  #ask(host: Host, session: SessionId, op: ClientOp): void {
    this.#opCount += 1;
    const id = this.#opCount as OpId;
    this.#chronicle.requested(host.id, session, id, op);
    const size = host.cpu === null ? 0 : requestSize(op);
    this.#processors.handle(host, { kind: "request", session, id, op }, this.now, size);
  }

  #fire(host: Host, timer: number): void {
    this.#chronicle.fired(host.id, timer);
    this.#processors.handle(host, { kind: "fired", timer }, this.now, 0);
  }

  #synced(host: Host, epoch: number): void {
    const diskUpTo = host.endSync(this.now, epoch);
    if (diskUpTo === NO_SYNC) return;
    const upTo = host.corePosition(diskUpTo);
    this.#beginSync(host);
    this.#chronicle.synced(host.id, upTo);
    this.#processors.handle(host, { kind: "stored", upTo }, this.now, 0);
  }

  #beginSync(host: Host): void {
    const at = host.disk.beginSync(this.now, host.diskRng);
    if (at !== NO_SYNC) this.#queue.push(at, EVENT_SYNCED, host.id, host.disk.epoch, 0, null);
  }

  // --- steps and effects ---

  #step(host: Host, input: Input, since: Instant): void {
    const core = host.core;
    assert(core !== null, "a step of a process that does not run");
    tellInput(this.#audience, this.now, host.id, input, since);
    const localTime = this.#localTime;
    localTime.monotonic = host.clock.monotonic(this.now);
    localTime.wall = localTime.monotonic + host.clock.offset;
    if (input.kind === "administer") {
      if (input.command.kind === "adoptPlan") this.#plans.enterIntoForce(this.now, host.id, input.command.plan);
      else this.#decisions.heard(input);
    }
    if (host.disk.isFull && input.kind === "request" && isWriteOp(input.op)) {
      this.#refuse(host, input);
      return;
    }
    const effects = core.step(input, localTime);
    tellWritten(input, effects, host, this.now, this.#chronicle, this.#audience);
    // No effect leads to another step of this core, so the core's array stays as it is.
    for (const effect of this.#decisions.ordered(effects)) this.#perform(host, effect, input);
    if (input.kind === "stored") this.#checkpoint(host, input.upTo);
  }

  // Whoever runs the core knows that there is no room, and does not ask it.
  #refuse(host: Host, input: Extract<Input, { readonly kind: "request" }>): void {
    const { session, id } = input;
    this.#audience.machineChanged(this.now, host.id, { kind: "writeRefused" });
    const result = { kind: "refused", code: "diskFull", why: "there is no room on the disk; try again later" } as const;
    this.#perform(host, { kind: "reply", session, id, result }, input);
  }

  /** The disk of a cloudlet whose log has grown long enough gets a snapshot in its place. */
  #checkpoint(host: Host, upTo: number): void {
    const { checkpoint } = this.#scenario.logs;
    if (checkpoint === null || host.disk.entryCount < checkpoint || !host.keep(upTo)) return;
    this.#chronicle.checkpointed(host.id, upTo);
  }

  #perform(host: Host, effect: Effect, input: Input): void {
    switch (effect.kind) {
      case "send":
        this.#post.send(host.id, effect.to, effect.message, effect.version ?? 1);
        break;
      case "store":
        host.store(effect.entries, effect.upTo);
        this.#chronicle.storing(host.id, effect.entries.length, effect.upTo);
        this.#audience.storing(this.now, host.id, effect.entries, effect.upTo);
        this.#beginSync(host);
        this.#faults.stored(host.id);
        break;
      case "reply": {
        const { session, id, result } = effect;
        this.#chronicle.replied(host.id, session, id, result);
        this.#audience.replied(this.now, host.id, session, id, result, input.kind);
        this.#clients.answered(session, result);
        break;
      }
      case "arm":
        host.cpu?.forgetFiring(effect.timer);
        this.#timers.arm(host.id, effect.timer, host.timerInstant(this.now, effect.after));
        break;
      case "disarm":
        host.cpu?.forgetFiring(effect.timer);
        this.#timers.disarm(host.id, effect.timer);
        break;
      case "notify":
        this.#chronicle.notified(host.id, effect.event);
        this.#audience.notified(this.now, host.id, effect.event);
        break;
      default:
        unreachable(effect);
    }
  }

  #host(cloudlet: number): Host {
    return this.#hosts[cloudlet] as Host;
  }
}
