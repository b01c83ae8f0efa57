// Operations in a world: people who ask for them, and the planes that carry them out. Planes are apart from processes: a crash takes
// the process, and what its plane is at goes on without anybody to tell. A plane that fails stands still, and goes on with what
// it was at when it works again; it answers no question meanwhile.
//
// Leaves out the control layer itself (model/control), and how its requests are told (own-requests.ts).

import { assert } from "../../model/assert.ts";
import type { OperationRequest } from "../../model/control/authority.ts";
import type { PlaneName } from "../../model/control/catalogue.ts";
import { ControlCore, controlTimers } from "../../model/control/control-core.ts";
import type { ControlEffect, ControlInput, Outcome } from "../../model/control/io.ts";
import type { OperationId } from "../../model/control/operation.ts";
import type { Planes } from "../../model/control/planes.ts";
import type { ControlRules } from "../../model/control/rules.ts";
import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import { pick, type Rng } from "../../model/random.ts";
import type { Effect, Input, ReplicationCore } from "../../model/replication/io.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { later, type Instant } from "../../model/units.ts";
import { samplerOf, type Sampler } from "../kernel/distributions.ts";
import { CLIENT_SESSIONS_END } from "../hosts/client.ts";
import type { Host } from "../hosts/host.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { RngRoot } from "../kernel/rng.ts";
import type { OperationsJudge } from "../oracles/operations.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { objectName, type OperationIssuer, type OperationsSetting } from "../scenario/operations.ts";
import { EVENT_OPERATION } from "./events.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Audience } from "./observers.ts";
import type { CreateCore } from "./processes.ts";
import { Governed, Watched } from "./own-requests.ts";
import { tellWritten } from "./own-record.ts";

/** What only a control layer hears leads to timers of its own alone, which nobody asks for their cause. */
const NO_CAUSE: Input = { kind: "fired", timer: controlTimers };

/** What an event is about: its integer `a`; `b` is an index. */
const ASKS = 0;
const ASKS_NOW = 1;
const CARRIED_OUT = 2;
const ANSWERS = 3;
const PLANE_FAILS = 4;
const PLANE_HEALS = 5;

/** What operations need of their world. */
export interface OperationsWorld {
  readonly queue: EventQueue;
  readonly rng: RngRoot;
  readonly chronicle: Chronicle;
  readonly audience: Audience;
  nextRequest(): OpId;
  host(cloudlet: CloudletId): Host;
  /** Carries out what a process wants, whose step with this input it came of. */
  perform(host: Host, effect: Effect, input: Input): void;
}

/** Who follows the operations of a world, and what is wrong with it on purpose. */
export interface OperationsWatch {
  /** Hears of operations; there where the scenario has some. */
  readonly operations?: OperationsJudge | null;
  /** Planted bugs of the control layer. */
  readonly controlPlant?: (() => Partial<ControlRules>) | undefined;
}

interface Seat {
  readonly issuer: OperationIssuer;
  readonly cloudlet: CloudletId;
  readonly targets: readonly CloudletId[];
  readonly interval: Sampler;
  readonly rng: Rng;
  session: SessionId;
  waitsFor: OpId | null;
  /** Came up while it waited. */
  owed: number;
  left: number;
}

interface Deed {
  readonly id: OperationId;
  readonly cloudlet: CloudletId;
  readonly plane: PlaneName;
  readonly isOwn: boolean;
  isDone: boolean;
  isSuspended: boolean;
  /** The life of the process that is to be told. */
  life: number;
}

interface Inquiry {
  readonly cloudlet: CloudletId;
  readonly id: OperationId;
  readonly plane: PlaneName;
}

interface Place {
  governed: Governed | null;
  /** Of its process. */
  life: number;
  /** As that was told. */
  isUpperOpen: boolean;
  readonly missing: Set<PlaneName>;
  /** How many outages each plane is in. */
  readonly failing: Record<PlaneName, number>;
}

/** The operations of a scenario; null where it has none. */
export function operationsOf(
  { operations }: Scenario,
  topology: Topology,
  { operations: judge = null, controlPlant }: OperationsWatch,
  world: OperationsWorld,
): Operations | null {
  if (operations === undefined) return null;
  assert(judge !== null, "operations that nobody judges");
  return new Operations(operations, topology, judge, world, controlPlant);
}

/** Makes cores with control layers around them, where there are operations. */
export function governing(createCore: CreateCore, operations: () => Operations | null): CreateCore {
  return (cloudlet, plan, wire, limits) => {
    const core = createCore(cloudlet, plan, wire, limits);
    return operations()?.govern(cloudlet, plan, core) ?? core;
  };
}

/** All operations of a run. */
export class Operations {
  readonly #setting: OperationsSetting;
  readonly #topology: Topology;
  readonly #world: OperationsWorld;
  readonly #judge: OperationsJudge;
  readonly #plant: OperationsWatch["controlPlant"];
  readonly #rng: Rng;
  readonly #localTime = { monotonic: 0, wall: 0 };
  readonly #seats: Seat[] = [];
  readonly #places: readonly Place[];
  readonly #takes: Sampler;
  readonly #planeRng: Rng;
  readonly #deeds: Deed[] = [];
  readonly #deedOf = new Map<OperationId, Deed>();
  readonly #seatOf = new Map<OpId, Seat>();
  readonly #inquiries: Inquiry[] = [];
  #sessionCount = 0;
  #isOver = false;

  constructor(
    setting: OperationsSetting,
    topology: Topology,
    judge: OperationsJudge,
    world: OperationsWorld,
    plant: OperationsWatch["controlPlant"],
  ) {
    this.#plant = plant;
    this.#rng = world.rng.stream.fork("operations");
    this.#setting = setting;
    this.#topology = topology;
    this.#judge = judge;
    this.#world = world;
    this.#takes = samplerOf(setting.takes);
    this.#planeRng = this.#rng.fork("planes");
    this.#places = topology.cloudlets.map(({ name }) => ({
      governed: null,
      life: 0,
      isUpperOpen: false,
      missing: new Set(setting.missing.filter(({ cloudlet }) => cloudlet === name).map(({ plane }) => plane)),
      failing: { control: 0, management: 0 },
    }));
    for (const issuer of setting.issuers) for (const name of issuer.at) this.#addSeat(issuer, this.#named(name));
    for (const [index, { from, until }] of setting.outages.entries()) {
      this.#push(from, PLANE_FAILS, index);
      if (until !== null) this.#push(until, PLANE_HEALS, index);
    }
  }

  /** A process is about to start: the control layer around its replica. */
  govern(cloudlet: CloudletId, plan: Topology, replica: ReplicationCore): ReplicationCore {
    const place = this.#places[cloudlet] as Place;
    place.life += 1;
    place.isUpperOpen = false;
    for (const seat of this.#seats) {
      if (seat.cloudlet !== cloudlet) continue;
      if (seat.waitsFor !== null) this.#seatOf.delete(seat.waitsFor);
      Object.assign(seat, { session: this.#nextSession(), waitsFor: null, owed: 0 });
    }
    const { custody, caps, policy } = this.#setting;
    const plant = this.#plant;
    const watched = new Watched(replica, {
      nextSession: () => this.#nextSession(),
      nextRequest: () => this.#world.nextRequest(),
      linkTold: (peer, isOpen) => {
        if (peer === this.#topology.cloudlets[cloudlet]?.upper) place.isUpperOpen = isOpen;
      },
      requested: ({ session, id, op }) => {
        const { queue, chronicle, audience } = this.#world;
        chronicle.requested(cloudlet, session, id, op);
        audience.requested(queue.at, cloudlet, session, id, op, queue.at);
      },
      stepped: (input, effects) => {
        const { queue, chronicle, audience } = this.#world;
        const host = this.#world.host(cloudlet);
        tellWritten(input, effects, host, queue.at, chronicle, audience);
        for (const effect of effects) this.#world.perform(host, effect, input);
      },
    });
    const control = new ControlCore({
      topology: plan,
      self: cloudlet,
      core: watched,
      settings: { custody, caps, policy },
      planes: this.#planes(place),
      ...(plant !== undefined && { plant }),
    });
    place.governed = new Governed(control, watched, (effect) => this.#heed(cloudlet, effect));
    return place.governed;
  }

  /** Handles EVENT_OPERATION. */
  due(what: number, index: number): void {
    switch (what) {
      case ASKS:
        this.#asks(this.#seats[index] as Seat, index);
        break;
      case ASKS_NOW:
        this.#ask(this.#seats[index] as Seat);
        break;
      case CARRIED_OUT:
        this.#carriedOut(this.#deeds[index] as Deed, index);
        break;
      case ANSWERS:
        this.#answer(index);
        break;
      case PLANE_FAILS:
      case PLANE_HEALS: {
        const { cloudlet, plane } = this.#setting.outages[index] as OperationsSetting["outages"][number];
        if (!this.#isOver) this.#turn(this.#named(cloudlet), plane, what === PLANE_FAILS ? 1 : -1);
        break;
      }
      default:
        assert(false, "an event of operations of no known kind");
    }
  }

  /** The load is over: nobody asks any more, and all planes that there are work. */
  heal(): void {
    this.#isOver = true;
    for (const [cloudlet, { failing }] of this.#places.entries()) {
      for (const plane of ["control", "management"] as const) {
        if (failing[plane] > 0) this.#turn(cloudlet as CloudletId, plane, -failing[plane]);
      }
    }
  }

  // --- people ---

  #addSeat(issuer: OperationIssuer, cloudlet: CloudletId): void {
    const rng = this.#rng.fork(`${issuer.name}/${cloudlet}`);
    const interval = samplerOf(issuer.interval);
    const named = issuer.targets?.map((name) => this.#named(name));
    this.#seats.push({
      issuer,
      cloudlet,
      targets: named ?? this.#topology.descendants(cloudlet),
      interval,
      rng,
      session: -1 as SessionId,
      waitsFor: null,
      owed: 0,
      left: issuer.count ?? Infinity,
    });
    this.#push(later(this.#world.queue.at, interval(rng)), ASKS, this.#seats.length - 1);
  }

  #asks(seat: Seat, index: number): void {
    if (this.#isOver || seat.left <= 0) return;
    this.#push(later(this.#world.queue.at, seat.interval(seat.rng)), ASKS, index);
    // Where no process runs there is nobody to ask.
    if (!this.#isRunning(seat.cloudlet)) return;
    if (seat.waitsFor === null) this.#ask(seat);
    else seat.owed += 1;
  }

  #ask(seat: Seat): void {
    const { issuer, cloudlet, targets, rng, session } = seat;
    if (this.#isOver || seat.left <= 0 || seat.waitsFor !== null || !this.#isRunning(cloudlet)) return;
    seat.left -= 1;
    const { kinds, actor, priority, expiry } = issuer;
    const request: OperationRequest = {
      target: pick(rng, targets),
      kind: pick(rng, kinds),
      object: objectName(issuer, rng.intInclusive(issuer.objects - 1)),
      actor,
      priority,
      ...(expiry !== null && { expiry }),
    };
    const id = this.#world.nextRequest();
    seat.waitsFor = id;
    this.#seatOf.set(id, seat);
    this.#judge.asked(this.#world.queue.at, cloudlet, id, request);
    this.#step(cloudlet, { kind: "issue", session, id, request });
  }

  // --- what the control layer wants; nothing here takes another step of it ---

  #heed(cloudlet: CloudletId, effect: ControlEffect): void {
    const now = this.#world.queue.at;
    switch (effect.kind) {
      case "issued": {
        const seat = this.#seatOf.get(effect.id);
        assert(seat !== undefined, "an answer to a person who asked nothing");
        this.#seatOf.delete(effect.id);
        this.#judge.answered(effect.id, effect.result);
        seat.waitsFor = null;
        if (seat.owed === 0) break;
        seat.owed -= 1;
        this.#push(now, ASKS_NOW, this.#seats.indexOf(seat));
        break;
      }
      case "execute":
        this.#begin(cloudlet, effect);
        break;
      case "inquire":
        this.#inquiries.push({ cloudlet, id: effect.operation, plane: effect.plane });
        this.#push(now, ANSWERS, this.#inquiries.length - 1);
        break;
      case "ended":
        this.#judge.ended(now, cloudlet, effect.operation, effect.end);
        break;
      default:
        break;
    }
  }

  // --- planes ---

  #begin(cloudlet: CloudletId, { operation, plane, by }: Extract<ControlEffect, { readonly kind: "execute" }>): void {
    const now = this.#world.queue.at;
    const place = this.#places[cloudlet] as Place;
    this.#judge.begun(now, cloudlet, operation, plane, by, {
      state: this.#planes(place)[plane],
      isUpperOpen: place.isUpperOpen,
    });
    const deed: Deed = {
      id: operation.id,
      cloudlet,
      plane,
      isOwn: by === "own",
      isDone: false,
      isSuspended: false,
      life: place.life,
    };
    this.#deeds.push(deed);
    this.#deedOf.set(operation.id, deed);
    this.#push(later(now, this.#takes(this.#planeRng)), CARRIED_OUT, this.#deeds.length - 1);
  }

  #carriedOut(deed: Deed, index: number): void {
    const place = this.#places[deed.cloudlet] as Place;
    if (deed.isOwn && place.failing[deed.plane] > 0) {
      deed.isSuspended = true;
      return;
    }
    assert(!deed.isDone && this.#deeds[index] === deed, "a deed that is done once");
    deed.isDone = true;
    this.#judge.carriedOut(deed.id);
    if (deed.life !== place.life || !this.#isRunning(deed.cloudlet)) return;
    this.#step(deed.cloudlet, { kind: "executed", operation: deed.id, outcome: { kind: "done", detail: "" } });
  }

  // Who is asked while it is at it answers when it is through.
  #answer(index: number): void {
    const { cloudlet, id, plane } = this.#inquiries[index] as Inquiry;
    const place = this.#places[cloudlet] as Place;
    if (!this.#isRunning(cloudlet) || place.failing[plane] > 0) return;
    const deed = this.#deedOf.get(id);
    if (deed !== undefined && !deed.isDone) {
      deed.life = place.life;
      return;
    }
    const outcome: Outcome = deed === undefined ? { kind: "never" } : { kind: "done", detail: "" };
    this.#step(cloudlet, { kind: "answered", operation: id, outcome });
  }

  #turn(cloudlet: CloudletId, plane: PlaneName, by: number): void {
    const place = this.#places[cloudlet] as Place;
    place.failing[plane] += by;
    if (this.#isRunning(cloudlet)) this.#step(cloudlet, { kind: "planes", planes: this.#planes(place) });
    if (place.failing[plane] > 0) return;
    for (const [index, deed] of this.#deeds.entries()) {
      if (!deed.isSuspended || deed.cloudlet !== cloudlet || deed.plane !== plane) continue;
      deed.isSuspended = false;
      this.#push(this.#world.queue.at, CARRIED_OUT, index);
    }
  }

  #planes({ missing, failing }: Place): Planes {
    const stateOf = (plane: PlaneName): Planes[PlaneName] =>
      missing.has(plane) ? "none" : failing[plane] > 0 ? "failed" : "healthy";
    return { control: stateOf("control"), management: stateOf("management") };
  }

  // --- the rest ---

  #step(cloudlet: CloudletId, input: ControlInput): void {
    const { governed } = this.#places[cloudlet] as Place;
    assert(governed !== null, "a step of a process that never started");
    const host = this.#world.host(cloudlet);
    host.tellTime(this.#world.queue.at, this.#localTime);
    for (const effect of governed.govern(input, this.#localTime)) this.#world.perform(host, effect, NO_CAUSE);
  }

  #isRunning(cloudlet: CloudletId): boolean {
    return this.#world.host(cloudlet).core !== null;
  }

  #push(at: Instant, what: number, index: number): void {
    this.#world.queue.push(at, EVENT_OPERATION, what, index, 0, null);
  }

  #nextSession(): SessionId {
    this.#sessionCount += 1;
    return (CLIENT_SESSIONS_END + this.#sessionCount) as SessionId;
  }

  #named(name: string): CloudletId {
    const found = this.#topology.cloudletNamed(name);
    assert(found !== null, "an operation names a cloudlet that does not exist");
    return found;
  }
}
