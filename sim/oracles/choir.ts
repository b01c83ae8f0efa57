// Who listens to the ground truth, by what they listen to: a moment that nobody listens to costs nothing, and one that many
// do costs a plain loop.

import type { TruthListener } from "./oracle.ts";

/** One method of every listener that has it. */
export type Chorus<Name extends keyof TruthListener> = NonNullable<TruthListener[Name]>[];

/** All listeners, method by method; each is told in the order in which they were added (unbound.ts). */
export type Choir = { readonly [Name in keyof TruthListener]-?: Chorus<Name> };

/** Nobody listens yet. */
export function createChoir(): Choir {
  return {
    written: [],
    dotReused: [],
    acknowledged: [],
    read: [],
    answered: [],
    departed: [],
    said: [],
    unwritten: [],
    applied: [],
    appliedTwice: [],
    bundled: [],
    collected: [],
    met: [],
    settled: [],
    unapplied: [],
    arrived: [],
    batchArrived: [],
    restarted: [],
    renumbered: [],
    holdsTo: [],
    givenUp: [],
    keeps: [],
    arrivedAgain: [],
  };
}
