// Decisions about members that are away, in a world: at its time each is told to the process of who decides. Where that process is
// down, or dies before it has come to it, it is told right after its next start, before anything else.
//
// Leaves out what a core makes of it (model/replication/absences.ts). What it writes down about it can be lost with what its disk
// had not stored when it crashed, as anything it writes; nobody tells it twice.

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Effect, Input } from "../../model/replication/io.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { Detachment } from "../scenario/scenario.ts";
import { EVENT_DECISION } from "./events.ts";

interface Decision {
  readonly decider: CloudletId;
  readonly input: Input;
  isDue: boolean;
  isHeard: boolean;
}

/** What decisions need of their world. */
export interface DecisionWorld {
  readonly queue: EventQueue;
  isRunning(cloudlet: CloudletId): boolean;
  /** Hands the decision to this process. */
  tell(cloudlet: CloudletId, input: Input): void;
}

/** All decisions of a run. */
export class Decisions {
  readonly #all: readonly Decision[];
  readonly #world: DecisionWorld;

  constructor(detachments: readonly Detachment[], topology: Topology, world: DecisionWorld) {
    this.#world = world;
    const idOf = (name: string): CloudletId => {
      const found = topology.cloudlets.find((cloudlet) => cloudlet.name === name);
      assert(found !== undefined, "a decision names a cloudlet that does not exist");
      return found.id;
    };
    this.#all = detachments.map(({ at, kind, decides, member }, index) => {
      world.queue.push(at, EVENT_DECISION, index, 0, 0, null);
      const command = { kind, member: idOf(member) };
      return { decider: idOf(decides), input: { kind: "administer", command }, isDue: false, isHeard: false };
    });
  }

  /** Handles EVENT_DECISION. */
  due(index: number): void {
    const decision = this.#all[index] as Decision;
    decision.isDue = true;
    if (this.#world.isRunning(decision.decider)) this.#world.tell(decision.decider, decision.input);
  }

  /** A process has started: it is told what it has not heard. */
  started(cloudlet: CloudletId): void {
    for (const { decider, input, isDue, isHeard } of this.#all) {
      if (decider === cloudlet && isDue && !isHeard) this.#world.tell(cloudlet, input);
    }
  }

  /** A core takes this step. */
  heard(input: Input): void {
    for (const decision of this.#all) if (decision.input === input) decision.isHeard = true;
  }

  /** The effects of a step; what a core says to be lost comes before what it lets go without that. */
  ordered(effects: readonly Effect[]): readonly Effect[] {
    if (this.#all.length === 0 || !effects.some(isRelease)) return effects;
    return [...effects.filter(isRelease), ...effects.filter((effect) => !isRelease(effect))];
  }
}

function isRelease(effect: Effect): boolean {
  return effect.kind === "notify" && effect.event.kind === "released";
}
