// Changes of plan in a world: when one is due, every cloudlet is told after a delay of its own. Who is down hears of it when
// its process starts; who hears of a later plan first ignores the earlier one.
//
// Leaves out: what a core makes of it, and how a plan is built (model/topology/plans.ts).

import type { CloudletId } from "../../model/ids.ts";
import type { Rng } from "../../model/random.ts";
import type { Input } from "../../model/replication/io.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { later, type Instant } from "../../model/units.ts";
import { samplerOf } from "../kernel/distributions.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { Audience } from "./observers.ts";
import type { PlanChange } from "../scenario/scenario.ts";
import { EVENT_PLAN } from "./events.ts";

/** In the cloudlet's place: the change itself is due. */
const CHANGE = -1;

/** What the changes need of their world. */
export interface PlanWorld {
  readonly queue: EventQueue;
  readonly audience: Audience;
  /** This cloudlet goes by another plan from now on. */
  adopt(cloudlet: CloudletId, plan: Topology): void;
}

/** What a core hears of a plan. */
export function adoptPlan({ plan }: Topology): Input {
  return { kind: "administer", command: { kind: "adoptPlan", plan } };
}

/** All changes of a run. */
export class PlanChanges {
  readonly #changes: readonly PlanChange[];
  readonly #topology: Topology;
  readonly #rng: Rng;
  readonly #world: PlanWorld;
  // By cloudlet: the plan it was told last, and the plan that its process goes by, as observers know it.
  readonly #told: Uint16Array;
  readonly #inForce: Uint16Array;

  constructor(changes: readonly PlanChange[], topology: Topology, rng: Rng, world: PlanWorld) {
    this.#changes = changes;
    this.#topology = topology;
    this.#rng = rng;
    this.#world = world;
    this.#told = new Uint16Array(topology.cloudlets.length);
    this.#inForce = new Uint16Array(topology.cloudlets.length);
    for (const [index, { at }] of changes.entries()) world.queue.push(at, EVENT_PLAN, index + 1, CHANGE, 0, null);
  }

  /** The plan that a process starting now is made with, which observers are told if it is news. */
  starting(at: Instant, cloudlet: CloudletId): Topology {
    const plan = this.#told[cloudlet] as number;
    this.enterIntoForce(at, cloudlet, plan);
    return this.#plan(plan);
  }

  /** Handles EVENT_PLAN. */
  due(plan: number, cloudlet: number): void {
    if (cloudlet === CHANGE) this.#begin(plan);
    else this.#tell(cloudlet as CloudletId, plan);
  }

  // Each cloudlet will hear of it at a time of its own.
  #begin(plan: number): void {
    const { told } = this.#changes[plan - 1] as PlanChange;
    const delay = samplerOf(told);
    const { queue } = this.#world;
    for (const { id } of this.#topology.cloudlets) {
      queue.push(later(queue.at, delay(this.#rng)), EVENT_PLAN, plan, id, 0, null);
    }
  }

  #tell(cloudlet: CloudletId, plan: number): void {
    if (plan <= (this.#told[cloudlet] as number)) return;
    this.#told[cloudlet] = plan;
    this.#world.adopt(cloudlet, this.#plan(plan));
  }

  /** Tells everybody of the last plan who has not heard of it. */
  heal(): void {
    for (const { id } of this.#topology.cloudlets) this.#tell(id, this.#changes.length);
  }

  /** A process goes by this plan now: observers are told if that is news. */
  enterIntoForce(at: Instant, cloudlet: CloudletId, plan: number): void {
    const former = this.#inForce[cloudlet] as number;
    if (former === plan) return;
    this.#inForce[cloudlet] = plan;
    this.#world.audience.planTold(at, cloudlet, this.#plan(former), this.#plan(plan));
  }

  /** The plan that its process goes by. */
  inForce(cloudlet: CloudletId): Topology {
    return this.#plan(this.#inForce[cloudlet] as number);
  }

  #plan(index: number): Topology {
    return this.#topology.plans[index] as Topology;
  }
}
