// Who listens to the ground truth, by what they listen to: a moment that nobody listens to costs nothing, and one that many
// do costs a plain loop.

import type { TruthListener } from "./oracle.ts";
import { unbound } from "./unbound.ts";

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
    if (listener.written) this.written.push(unbound(listener, "written"));
    if (listener.dotReused) this.dotReused.push(unbound(listener, "dotReused"));
    if (listener.acknowledged) this.acknowledged.push(unbound(listener, "acknowledged"));
    if (listener.read) this.read.push(unbound(listener, "read"));
    if (listener.answered) this.answered.push(unbound(listener, "answered"));
    if (listener.departed) this.departed.push(unbound(listener, "departed"));
    if (listener.said) this.said.push(unbound(listener, "said"));
    if (listener.unwritten) this.unwritten.push(unbound(listener, "unwritten"));
    if (listener.applied) this.applied.push(unbound(listener, "applied"));
    if (listener.appliedTwice) this.appliedTwice.push(unbound(listener, "appliedTwice"));
    if (listener.collected) this.collected.push(unbound(listener, "collected"));
    if (listener.met) this.met.push(unbound(listener, "met"));
    if (listener.settled) this.settled.push(unbound(listener, "settled"));
    if (listener.unapplied) this.unapplied.push(unbound(listener, "unapplied"));
    if (listener.arrived) this.arrived.push(unbound(listener, "arrived"));
    if (listener.batchArrived) this.batchArrived.push(unbound(listener, "batchArrived"));
    if (listener.arrivedAgain) this.arrivedAgain.push(unbound(listener, "arrivedAgain"));
    if (listener.keeps) this.keeps.push(unbound(listener, "keeps"));
    if (listener.holdsTo) this.holdsTo.push(unbound(listener, "holdsTo"));
    if (listener.givenUp) this.givenUp.push(unbound(listener, "givenUp"));
    if (listener.renumbered) this.renumbered.push(unbound(listener, "renumbered"));
    if (listener.restarted) this.restarted.push(unbound(listener, "restarted"));
  }
}
