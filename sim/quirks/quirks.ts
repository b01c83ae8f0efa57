// The quirks of a run (table.ts): whoever is about to do something that a quirk may do otherwise asks here whether it acts now. A
// quirk that is off costs one look and draws nothing; each that is on draws from a stream of its own, so that one more or less shifts
// no other. All of them rest from the healing on, so that the budget for convergence is that of a usual world.

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { ReplicaConfig } from "../../model/replication/standing.ts";
import type { Rng } from "../../model/random.ts";
import type { QuirkSetting } from "../scenario/scenario.ts";
import type { QuirkName } from "./table.ts";

interface Active {
  readonly quirk: QuirkName;
  readonly rate: number;
  readonly rng: Rng;
}

/** Hears of a quirk that acted. */
export type TellQuirk = (cloudlet: CloudletId | null, quirk: QuirkName) => void;

/** What a core is made with that starts now, beside what the scenario says. */
export function limitsOf(quirks: Quirks, cloudlet: CloudletId): Pick<ReplicaConfig, "retain" | "batchBytes"> {
  const isShort = quirks.acts("shortest-log", cloudlet);
  const isSmall = quirks.acts("smallest-batch", cloudlet);
  return { ...(isShort && { retain: { records: 0 } }), ...(isSmall && { batchBytes: 1 }) };
}

/** The quirks that are on. */
export class Quirks {
  #areQuiet: boolean;
  // Few are on at a time: they are looked through faster than hashed.
  readonly #active: readonly Active[];
  readonly #tell: TellQuirk;

  /** @param rng of the quirks alone; not forked where none is on */
  constructor(settings: readonly QuirkSetting[], rng: () => Rng, tell: TellQuirk) {
    this.#tell = tell;
    this.#areQuiet = settings.length === 0;
    this.#active = this.#areQuiet ? [] : activeOf(settings, rng());
  }

  /** Does none act any more, or ever? */
  get areQuiet(): boolean {
    return this.#areQuiet;
  }

  /** Is it on, and not resting? */
  isOn(quirk: QuirkName): boolean {
    return !this.#areQuiet && this.#find(quirk) !== null;
  }

  /** An occasion: does it act? Where it does, that is told. */
  acts(quirk: QuirkName, cloudlet: CloudletId | null): boolean {
    if (this.#areQuiet) return false;
    const active = this.#find(quirk);
    if (active === null || !active.rng.chance(active.rate)) return false;
    this.#tell(cloudlet, quirk);
    return true;
  }

  /** How much, from 1 to `most`, of a quirk that acts. */
  amount(quirk: QuirkName, most: number): number {
    const active = this.#find(quirk);
    assert(active !== null, "an amount of a quirk that is off");
    return 1 + active.rng.intInclusive(most - 1);
  }

  /** From now on none acts. */
  rest(): void {
    this.#areQuiet = true;
  }

  #find(quirk: QuirkName): Active | null {
    const active = this.#active;
    for (let index = 0; index < active.length; index += 1) {
      const one = active[index] as Active;
      if (one.quirk === quirk) return one;
    }
    return null;
  }
}

function activeOf(settings: readonly QuirkSetting[], rng: Rng): readonly Active[] {
  return settings.map(({ quirk, rate }) => ({ quirk, rate, rng: rng.fork(quirk) }));
}
