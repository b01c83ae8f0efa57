// Who listens to the ground truth, by what they listen to: a moment that nobody listens to costs nothing, and one that many
// do costs a plain loop.

import type { TruthListener } from "./oracle.ts";

/** One method of every listener that has it. */
export type Chorus<Name extends keyof TruthListener> = NonNullable<TruthListener[Name]>[];

/** All listeners, method by method. */
export class Choir {
  readonly written: Chorus<"written"> = [];
  readonly dotReused: Chorus<"dotReused"> = [];
  readonly acknowledged: Chorus<"acknowledged"> = [];
  readonly read: Chorus<"read"> = [];
  readonly answered: Chorus<"answered"> = [];
  readonly departed: Chorus<"departed"> = [];
  readonly said: Chorus<"said"> = [];
  readonly unwritten: Chorus<"unwritten"> = [];
  readonly applied: Chorus<"applied"> = [];
  readonly appliedTwice: Chorus<"appliedTwice"> = [];
  readonly collected: Chorus<"collected"> = [];
  readonly met: Chorus<"met"> = [];
  readonly settled: Chorus<"settled"> = [];
  readonly unapplied: Chorus<"unapplied"> = [];
  readonly arrived: Chorus<"arrived"> = [];
  readonly batchArrived: Chorus<"batchArrived"> = [];
  readonly restarted: Chorus<"restarted"> = [];
  readonly renumbered: Chorus<"renumbered"> = [];
  readonly holdsTo: Chorus<"holdsTo"> = [];
  readonly givenUp: Chorus<"givenUp"> = [];
  readonly keeps: Chorus<"keeps"> = [];
  readonly arrivedAgain: Chorus<"arrivedAgain"> = [];

  /** Adds a listener; all are told in the order they were added. */
  add(listener: TruthListener): void {
    if (listener.written) this.written.push(listener.written.bind(listener));
    if (listener.dotReused) this.dotReused.push(listener.dotReused.bind(listener));
    if (listener.acknowledged) this.acknowledged.push(listener.acknowledged.bind(listener));
    if (listener.read) this.read.push(listener.read.bind(listener));
    if (listener.answered) this.answered.push(listener.answered.bind(listener));
    if (listener.departed) this.departed.push(listener.departed.bind(listener));
    if (listener.said) this.said.push(listener.said.bind(listener));
    if (listener.unwritten) this.unwritten.push(listener.unwritten.bind(listener));
    if (listener.applied) this.applied.push(listener.applied.bind(listener));
    if (listener.appliedTwice) this.appliedTwice.push(listener.appliedTwice.bind(listener));
    if (listener.collected) this.collected.push(listener.collected.bind(listener));
    if (listener.met) this.met.push(listener.met.bind(listener));
    if (listener.settled) this.settled.push(listener.settled.bind(listener));
    if (listener.unapplied) this.unapplied.push(listener.unapplied.bind(listener));
    if (listener.arrived) this.arrived.push(listener.arrived.bind(listener));
    if (listener.batchArrived) this.batchArrived.push(listener.batchArrived.bind(listener));
    if (listener.arrivedAgain) this.arrivedAgain.push(listener.arrivedAgain.bind(listener));
    if (listener.keeps) this.keeps.push(listener.keeps.bind(listener));
    if (listener.holdsTo) this.holdsTo.push(listener.holdsTo.bind(listener));
    if (listener.givenUp) this.givenUp.push(listener.givenUp.bind(listener));
    if (listener.renumbered) this.renumbered.push(listener.renumbered.bind(listener));
    if (listener.restarted) this.restarted.push(listener.restarted.bind(listener));
  }
}
