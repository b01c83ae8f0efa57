// The simulated world: machines with their processes, the network between them, the clients, and the faults, driven by
// one queue of events. It carries out what cores want done and tells its observers everything; what they make of it, it
// never learns.
//
// Leaves out: judging (oracles), when a run is over (run/runner.ts), and what it has others for (world/: processes, announcer, post).

import { assert, unreachable } from "../model/assert.ts";
import type { CloudletId, OpId, SessionId } from "../model/ids.ts";
import { isWriteOp } from "../model/replication/draft.ts";
import type { ClientOp, Effect, Input, ReplicationCore } from "../model/replication/io.ts";
import type { Topology } from "../model/topology/topology.ts";
import type { Duration, Instant } from "../model/units.ts";
import { Faults } from "./faults/inject.ts";
import { LinkFaults } from "./faults/link-faults.ts";
import { Clients } from "./hosts/client.ts";
import type { CpuUse } from "./hosts/cpu.ts";
import { NO_SYNC } from "./hosts/disk.ts";
import { isOnlyControl } from "./hosts/control-kinds.ts";
import { createHosts, type Host, type MachineBugs } from "./hosts/host.ts";
import { Timers } from "./hosts/timers.ts";
import { EventQueue } from "./kernel/queue.ts";
import { RngRoot } from "./kernel/rng.ts";
import type { Observer } from "./oracles/observer.ts";
import { Quirks } from "./quirks/quirks.ts";
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
  EVENT_OPERATION,
  EVENT_OUTBOX,
  EVENT_PLAN,
  EVENT_REVIVE,
  EVENT_SCRIPT,
  EVENT_SERVED,
  EVENT_STALE_TIMER,
  EVENT_SYNCED,
  EVENT_TIMER,
} from "./world/events.ts";
import { Decisions } from "./world/decisions.ts";
import type { Flight } from "./world/flight.ts";
import { Machines } from "./world/machines.ts";
import { Damage } from "./world/mail.ts";
import { gatherObservers, type Audience } from "./world/observers.ts";
import { governing, operationsOf, type Operations, type OperationsWatch } from "./world/operations.ts";
import { tellWritten } from "./world/own-record.ts";
import { Announcer } from "./world/announcer.ts";
import { Mishaps } from "./world/mishaps.ts";
import { Post } from "./world/post.ts";
import { type CreateCore, Processes } from "./world/processes.ts";
import { Processors, requestSize } from "./world/processors.ts";
import { adoptPlan, PlanChanges } from "./world/plan-changes.ts";
import { coreOf } from "./faults/core.ts";
import { tellInput } from "./world/tell-input.ts";
import { Ways } from "./world/ways.ts";

/** What a world is made of. */
export interface WorldOptions extends OperationsWatch {
  readonly scenario: Scenario;
  /** Built from the scenario's topology. */
  readonly topology: Topology;
  /** Makes the core of a cloudlet, once per start of its process, under the plan that it was told last. */
  readonly createCore: CreateCore;
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
  readonly #quirks: Quirks;
  readonly #mishaps: Mishaps;
  readonly #announcer: Announcer;
  readonly #processes: Processes;
  readonly #operations: Operations | null;
  #opCount = 0;

  constructor(options: WorldOptions) {
    const { scenario, topology } = options;
    this.#scenario = scenario;
    this.topology = topology;
    this.rng = new RngRoot(scenario.seed);
    this.#quirks = new Quirks(
      scenario.quirks ?? [],
      () => this.rng.stream.fork("quirks"),
      (cloudlet, quirk) => {
        this.#chronicle.quirked(cloudlet, quirk);
        this.#audience.quirked(this.now, cloudlet, quirk);
      },
    );
    const isShuffled = options.shuffleTies === true || this.#quirks.isOn("swapped-instant");
    this.#queue = new EventQueue(isShuffled ? { shuffle: this.rng.stream.fork("ties") } : {});
    this.#audience = gatherObservers(options.observers);
    this.#chronicle = new Chronicle(options.trace, this.#queue);
    const names = topology.cloudlets.map((cloudlet) => cloudlet.name);
    this.#hosts = createHosts(scenario, names, this.rng, options.machineBugs ?? {}, this.#quirks);
    this.ways = new Ways(topology, this.rng.stream.fork("network"));
    this.#timers = new Timers(this.#queue, names.length);
    this.#processors = new Processors(this.#queue, this.#chronicle, this.#audience, (host, input, since) => {
      if (isOnlyControl(input)) this.#operations?.take(host.id, input, since);
      else this.#step(host, input, since);
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
    const told = { queue: this.#queue, chronicle: this.#chronicle, audience: this.#audience };
    this.#machines = new Machines({
      ...told,
      timers: this.#timers,
      processors: this.#processors,
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
      quirks: this.#quirks,
      encodes: scenario.wire.encodes,
      isRunning,
      deliver: (cloudlet, from, input, sentAt, size) => {
        this.#processors.handle(this.#host(cloudlet), input, sentAt, size);
        if (!this.#quirks.areQuiet) this.#mishaps.delivered(cloudlet, from);
      },
    });
    this.#announcer = new Announcer({
      ...told,
      topology,
      ways: this.ways,
      processors: this.#processors,
      post: this.#post,
      host: (cloudlet) => this.#host(cloudlet),
    });
    this.#processes = new Processes({
      ...told,
      timers: this.#timers,
      processors: this.#processors,
      announcer: this.#announcer,
      plans: this.#plans,
      decisions: this.#decisions,
      machines: this.#machines,
      quirks: this.#quirks,
      clockBound: scenario.clockBound,
      createCore: governing(options.createCore, () => this.#operations),
      clients: () => this.#clients,
    });
    this.#mishaps = new Mishaps({
      cloudletCount: topology.cloudlets.length,
      queue: this.#queue,
      quirks: this.#quirks,
      ways: this.ways,
      crash: (cloudlet) => this.#processes.crash(this.#host(cloudlet), false),
      restart: (cloudlet) => this.#processes.restart(this.#host(cloudlet), { kind: "keep" }),
      reconnect: (way) => this.#announcer.reconnect(way),
      canHurry: (cloudlet) => this.#clients.isThinking(cloudlet),
      hurry: (cloudlet) => this.#clients.hurry(cloudlet),
    });
    this.#faults = new Faults(scenario.faults, topology, {
      queue: this.#queue,
      machines: this.#machines,
      links: new LinkFaults(this.ways, this.rng.stream.fork("faults").fork("links")),
      post: this.#post,
      isRunning,
      isPending: (cloudlet) => this.#host(cloudlet).disk.isPending,
      setChannels: (channels, up) => this.#announcer.setChannels(channels, up),
      crash: (cloudlet, tears) => this.#processes.crash(this.#host(cloudlet), tears),
      backUp: (cloudlet) => this.#host(cloudlet).backUp(),
      rot: (cloudlet, count) => void this.#host(cloudlet).rot(count),
      setLying: (cloudlet, isLying) => this.#host(cloudlet).disk[isLying ? "lie" : "stopLying"](),
      restart: (cloudlet, disk, version) => this.#processes.restart(this.#host(cloudlet), disk, version),
      downtime: (cloudlet, planned) => (this.#quirks.acts("instant-restart", cloudlet) ? (0 as Duration) : planned),
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
    this.#operations = operationsOf(scenario, topology, options, {
      ...told,
      rng: this.rng,
      nextRequest: () => (this.#opCount += 1) as OpId,
      planOf: (cloudlet) => this.#plans.inForce(cloudlet),
      host: (cloudlet) => this.#host(cloudlet),
      handle: (host, input) => void this.#processors.handle(host, input, this.now, 0),
      perform: (host, effect, input) => this.#perform(host, effect, input),
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
    for (const host of this.#hosts) this.#processes.start(host, { kind: "keep" });
    this.#announcer.tellAll();
  }

  /** Handles the next event. */
  advance(): Advance {
    const queue = this.#queue;
    const { at, seq } = queue;
    if (!queue.pop()) return "nothing-left";
    this.steps += 1;
    if (queue.at === at && queue.seq < seq) this.#quirks.acts("swapped-instant", null);
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
      case EVENT_OPERATION:
        this.#operations?.due(queue.a, queue.b);
        break;
      case EVENT_DECISION:
        this.#decisions.due(queue.a);
        break;
      case EVENT_SERVED:
        this.#processors.served(this.#host(queue.a), queue.b);
        break;
      case EVENT_OUTBOX:
        this.#post.leave(queue.payload as Flight);
        break;
      case EVENT_STALE_TIMER:
        this.#fireStale(this.#host(queue.a), queue.b, queue.c);
        break;
      case EVENT_REVIVE:
        this.#mishaps.revive(queue.a as CloudletId);
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

  #heal(): void {
    const budgetEnds = (this.now + this.#scenario.settle) as Instant;
    this.#clients.stop();
    this.#quirks.rest();
    this.#mishaps.heal();
    this.#faults.heal(coreOf(this.#scenario, this.topology));
    this.#plans.heal();
    this.#operations?.heal();
    this.#chronicle.healed(budgetEnds);
    this.#audience.healed(this.now, budgetEnds);
  }

  #adopt(host: Host, plan: Topology): void {
    if (host.core !== null) this.#processors.handle(host, adoptPlan(plan), this.now, 0);
    for (const way of this.ways.adopt(host.id, plan)) this.#announcer.tell(way);
  }

  // --- requests, timers, disk ---

  #ask(host: Host, session: SessionId, op: ClientOp): void {
    const id = (this.#opCount += 1) as OpId;
    this.#chronicle.requested(host.id, session, id, op);
    const size = host.cpu === null ? 0 : requestSize(op);
    this.#processors.handle(host, { kind: "request", session, id, op }, this.now, size);
  }

  #fire(host: Host, timer: number): void {
    this.#chronicle.fired(host.id, timer);
    this.#processors.handle(host, { kind: "fired", timer }, this.now, 0);
  }

  #fireStale(host: Host, timer: number, incarnation: number): void {
    if (host.core === null || host.incarnation !== incarnation || !this.#quirks.acts("stale-timer", host.id)) return;
    this.#fire(host, timer);
  }

  // A timer is armed anew or disarmed: its firing may be under way.
  #mayGoStale(host: Host, timer: number): void {
    if (!this.#quirks.isOn("stale-timer")) return;
    const at = this.#timers.deadlineOf(host.id, timer);
    if (at !== null) this.#queue.push(at, EVENT_STALE_TIMER, host.id, timer, host.incarnation, null);
  }

  #synced(host: Host, epoch: number): void {
    const diskUpTo = host.endSync(this.now, epoch);
    if (diskUpTo === NO_SYNC) return;
    const upTo = host.corePosition(diskUpTo);
    this.#beginSync(host);
    this.#chronicle.synced(host.id, upTo);
    this.#processors.handle(host, { kind: "stored", upTo }, this.now, 0);
    if (this.#quirks.acts("repeated-sync", host.id)) {
      this.#processors.handle(host, { kind: "stored", upTo }, this.now, 0);
    }
  }

  #beginSync(host: Host): void {
    const at = host.beginSync(this.now);
    if (at !== NO_SYNC) this.#queue.push(at as Instant, EVENT_SYNCED, host.id, host.disk.epoch, 0, null);
  }

  // --- steps and effects ---

  #step(host: Host, input: Input, since: Instant): void {
    const core = host.core;
    assert(core !== null, "a step of a process that does not run");
    const { kind } = input;
    tellInput(this.#audience, this.now, host.id, input, since);
    host.tellTime(this.now, this.#localTime);
    if (kind === "administer") {
      if (input.command.kind === "adoptPlan") this.#plans.enterIntoForce(this.now, host.id, input.command.plan);
      else this.#decisions.heard(input);
    }
    if (host.disk.isFull && kind === "request" && isWriteOp(input.op)) {
      this.#refuse(host, input);
      return;
    }
    const effects = core.step(input, this.#localTime);
    tellWritten(input, effects, host, this.now, this.#chronicle, this.#audience);
    // No effect leads to another step of this core, so the core's array stays as it is.
    for (const effect of this.#decisions.ordered(effects)) this.#perform(host, effect, input);
    if (kind === "stored") this.#checkpoint(host, input.upTo);
  }

  // Whoever runs the core knows that there is no room, and does not ask it.
  #refuse(host: Host, input: Extract<Input, { readonly kind: "request" }>): void {
    this.#audience.machineChanged(this.now, host.id, { kind: "writeRefused" });
    const result = { kind: "refused", code: "diskFull", why: "there is no room on the disk; try again later" } as const;
    this.#perform(host, { kind: "reply", session: input.session, id: input.id, result }, input);
  }

  /** The disk of a cloudlet whose log has grown long enough gets a snapshot in its place. */
  #checkpoint(host: Host, upTo: number): void {
    const { entryCount } = host.disk;
    const isDue = entryCount >= (this.#scenario.logs.checkpoint ?? Infinity);
    if (!isDue && (entryCount === 0 || !this.#quirks.acts("early-checkpoint", host.id))) return;
    if (host.keep(upTo)) this.#chronicle.checkpointed(host.id, upTo);
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
        this.#mayGoStale(host, effect.timer);
        this.#timers.arm(host.id, effect.timer, host.timerInstant(this.now, effect.after));
        break;
      case "disarm":
        host.cpu?.forgetFiring(effect.timer);
        this.#mayGoStale(host, effect.timer);
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
