// Operations in a world: a control layer around every replica, the people who ask it (people.ts), and the planes that carry
// operations out (planes.ts). What is watched is in watching.ts.
//
// Leaves out the control layer itself (model/control), and how its requests are told (own-requests.ts).

import { assert } from "../../model/assert.ts";
import { ControlCore, controlTimers } from "../../model/control/control-core.ts";
import type { ControlSettings } from "../../model/control/bench.ts";
import type { ControlEffect } from "../../model/control/io.ts";
import type { AlivenessSettings } from "../../model/control/aliveness-settings.ts";
import type { ControlRules } from "../../model/control/rules.ts";
import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import type { Effect, Input, LocalTime, ReplicationCore } from "../../model/replication/io.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import { CLIENT_SESSIONS_END } from "../hosts/client.ts";
import type { OnlyControl } from "../hosts/control-kinds.ts";
import type { Host } from "../hosts/host.ts";
import type { EventQueue } from "../kernel/queue.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { OperationTruth } from "../oracles/operation-truth.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { operationsIn } from "../scenario/control.ts";
import type { OperationsSetting } from "../scenario/operations.ts";
import { EVENT_OPERATION } from "./events.ts";
import type { Chronicle } from "./chronicle.ts";
import type { Audience } from "./observers.ts";
import type { CreateCore } from "./processes.ts";
import { Governed, Watched } from "./own-requests.ts";
import { tellWritten } from "./own-record.ts";
import { ASKS, ASKS_NOW, People, TAKES_BACK } from "./people.ts";
import { PlanesAtWork } from "./planes.ts";
import { CONFIRMS, OBSERVES, Watching } from "./watching.ts";

/** What only a control layer hears leads to timers of its own alone, which nobody asks for their cause. */
const NO_CAUSE: Input = { kind: "fired", timer: controlTimers };

/** Of all runs, in parts per million: what rests is kept as bytes in these. That takes about a tenth more time. */
const SHELVING = 125_000;

/** What operations need of their world. */
export interface OperationsWorld {
  readonly queue: EventQueue;
  readonly rng: RngRoot;
  readonly chronicle: Chronicle;
  readonly audience: Audience;
  nextRequest(): OpId;
  /** The plan that its process goes by. */
  planOf(cloudlet: CloudletId): Topology;
  host(cloudlet: CloudletId): Host;
  /** Hands it to a process, which comes to it in its turn: `take` follows. */
  handle(host: Host, input: OnlyControl): void;
  /** Carries out what a process wants, whose step with this input it came of. */
  perform(host: Host, effect: Effect, input: Input): void;
}

/** Who follows the operations of a world, and what is wrong with it on purpose. */
export interface OperationsWatch {
  /** Hears of operations; there where the scenario has some. */
  readonly operations?: OperationTruth | null;
  /** Planted bugs of the control layer. */
  readonly controlPlant?: (() => Partial<ControlRules>) | undefined;
}

/** The operations of a scenario; null where it has none. */
export function operationsOf(
  scenario: Scenario,
  topology: Topology,
  { operations: truth = null, controlPlant }: OperationsWatch,
  world: OperationsWorld,
): Operations | null {
  const operations = operationsIn(scenario);
  if (operations === null) return null;
  assert(truth !== null, "operations of which nobody keeps the truth");
  return new Operations(operations, scenario, topology, truth, world, controlPlant);
}

// In some runs from the first operation on that rests, since hardly any has as many as it takes otherwise. No digest depends on it, so the
// stream is none of the world's.
function shelvingOf(seed: string): Partial<ControlSettings> {
  return new RngRoot(`${seed}/shelving`).stream.chance(SHELVING) ? { shelvesFrom: 0 } : {};
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
  readonly #truth: OperationTruth;
  readonly #plant: OperationsWatch["controlPlant"];
  readonly #localTime = { monotonic: 0, wall: 0 };
  readonly #governed: (Governed | null)[];
  readonly #people: People;
  readonly #planes: PlanesAtWork;
  /** Null where nobody is watched. */
  readonly #watching: Watching | null;
  readonly #aliveness: AlivenessSettings | null;
  readonly #shelving: Partial<ControlSettings>;
  #sessionCount = 0;

  constructor(
    setting: OperationsSetting,
    { seed, aliveness: watched }: Pick<Scenario, "seed" | "aliveness">,
    topology: Topology,
    truth: OperationTruth,
    world: OperationsWorld,
    plant: OperationsWatch["controlPlant"],
  ) {
    this.#shelving = shelvingOf(seed);
    const aliveness = watched ?? null;
    this.#plant = plant;
    this.#setting = setting;
    this.#topology = topology;
    this.#truth = truth;
    this.#world = world;
    this.#governed = topology.cloudlets.map(() => null);
    const rng = world.rng.stream.fork("operations");
    const shared = {
      truth,
      now: () => world.queue.at,
      push: (at: Instant, what: number, index: number) => world.queue.push(at, EVENT_OPERATION, what, index, 0, null),
      named: (name: string) => this.#named(name),
      planOf: (cloudlet: CloudletId) => world.planOf(cloudlet),
      isRunning: (cloudlet: CloudletId) => world.host(cloudlet).core !== null,
      step: (cloudlet: CloudletId, input: OnlyControl) => void world.handle(world.host(cloudlet), input),
    };
    this.#aliveness = aliveness?.settings ?? null;
    this.#watching =
      aliveness === null
        ? null
        : new Watching(aliveness, {
            ...shared,
            topology,
            rng: rng.fork("watching"),
            timeAt: (cloudlet) => this.#timeAt(cloudlet),
            tell: (cloudlet, event) => {
              world.chronicle.watching(cloudlet, event);
              world.audience.watching(world.queue.at, cloudlet, event);
            },
          });
    this.#people = new People(setting.issuers, {
      ...shared,
      rng,
      planes: (cloudlet) => this.#planes.told(cloudlet),
      nextSession: () => this.#nextSession(),
      nextRequest: () => world.nextRequest(),
    });
    const cloudletNames = topology.cloudlets.map(({ name }) => name);
    this.#planes = new PlanesAtWork(setting, { ...shared, rng: rng.fork("planes"), cloudletNames });
  }

  /** A process is about to start: the control layer around its replica. */
  govern(cloudlet: CloudletId, plan: Topology, replica: ReplicationCore): ReplicationCore {
    this.#planes.started(cloudlet);
    this.#people.started(cloudlet);
    const { custody, caps, policy, kept = [], oneWay = [] } = this.#setting;
    const plant = this.#plant;
    const watched = new Watched(replica, {
      nextSession: () => this.#nextSession(),
      nextRequest: () => this.#world.nextRequest(),
      linkTold: (peer, isOpen) => {
        this.#planes.linkTold(cloudlet, peer, isOpen);
      },
      hearing: (from) => this.#watching?.hearing(cloudlet, from),
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
      settings: {
        custody,
        caps,
        policy,
        oneWay: new Set(oneWay.map((name) => this.#named(name))),
        aliveness: this.#aliveness,
        kept: new Map(kept.map(({ objects, at }) => [objects, at])),
        ...this.#shelving,
      },
      planes: this.#planes.of(cloudlet),
      ...(plant !== undefined && { plant }),
    });
    this.#watching?.starting(cloudlet, control, this.#planes.of(cloudlet));
    const governed = new Governed(control, watched, {
      heed: (effect) => this.#heed(cloudlet, effect),
      stepped: ({ kind }) => this.#truth.stepped(this.#world.queue.at, cloudlet, kind, (key) => watched.versions(key)),
    });
    this.#governed[cloudlet] = governed;
    return governed;
  }

  /** Handles EVENT_OPERATION. */
  due(what: number, index: number): void {
    if (what === ASKS || what === ASKS_NOW || what === TAKES_BACK) this.#people.due(what, index);
    else if (what === OBSERVES || what === CONFIRMS) this.#watching?.due(what, index);
    else this.#planes.due(what, index);
  }

  /** A process comes to what only its control layer hears, which was said at `since`. */
  take(cloudlet: CloudletId, input: OnlyControl, since: Instant): void {
    if (input.kind === "planes") this.#planes.hear(cloudlet, input.planes);
    if (input.kind === "issue") this.#truth.asked(since, cloudlet, input.id, input.request);
    if (input.kind === "revoke") this.#truth.takingBack(since, cloudlet, input.id, input.operation);
    const governed = this.#governed[cloudlet] ?? null;
    assert(governed !== null, "a step of a process that never started");
    const host = this.#world.host(cloudlet);
    const step = (): void => {
      for (const effect of governed.govern(input, this.#timeAt(cloudlet))) this.#world.perform(host, effect, NO_CAUSE);
    };
    if (this.#watching === null) step();
    else this.#watching.stepping(cloudlet, input, step);
  }

  /** The load is over: nobody asks any more, and all planes that there are work. */
  heal(): void {
    this.#people.stop();
    this.#planes.heal();
    this.#watching?.stop();
  }

  // What the control layer wants; nothing here takes another step of it.
  #heed(cloudlet: CloudletId, effect: ControlEffect): void {
    this.#watching?.heed(cloudlet, effect);
    switch (effect.kind) {
      case "issued":
        this.#people.answered(effect.id, effect.result);
        break;
      case "execute":
        this.#planes.begin(cloudlet, effect);
        break;
      case "inquire":
        this.#planes.inquire(cloudlet, effect);
        break;
      case "ended":
        this.#people.ended(effect.operation, effect.end);
        this.#truth.ended(this.#world.queue.at, cloudlet, effect.operation, effect.end);
        break;
      default:
        break;
    }
  }

  #timeAt(cloudlet: CloudletId): LocalTime {
    this.#world.host(cloudlet).tellTime(this.#world.queue.at, this.#localTime);
    return this.#localTime;
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
