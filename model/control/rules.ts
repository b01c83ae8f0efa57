// The control layer's decisions as functions, each with one right answer, beside the rules of the replica (replication/rules.ts).
// A core is made with these; a planted bug replaces one of them. Nothing else may pass other rules.

import { type Evidence, type Mark, markOf } from "./aliveness.ts";
import type { Duration } from "../units.ts";
import type { End } from "./ends.ts";
import type { Executor } from "./planes.ts";
import type { Observations } from "./view.ts";

/** What the control layer decides, and how. */
export interface ControlRules {
  /** Does a cloudlet accept operations for those alone that are below it, or are itself? Right: yes. */
  heedsAuthority(): boolean;
  /** Is it written down before a plane is told to do something? Right: yes. */
  storesIntent(): boolean;
  /** After a restart: is the plane asked what became of what it was told, or told again? Right: asked. */
  asksAfterRestart(): boolean;
  /** Is the plane asked before anything comes of what a former life may have begun, whatever stands on the disk? Right: yes. */
  asksOfFormerLives(): boolean;
  /** Is a plane that does not answer asked again while somebody waits for the operation? Right: yes. */
  asksAgain(): boolean;
  /** Does an operation wait for those that it comes after? Right: yes. */
  awaitsAfter(): boolean;
  /** Does an operation end as the one ended that it comes after? Right: yes; a bug carries it out all the same. */
  cascades(): boolean;
  /** Does what was done stand above an end that was decided elsewhere meanwhile? Right: yes. */
  doneBeatsEnd(): boolean;
  /** Is an end told to the issuer that the target has not confirmed? Right: no. */
  tellsProvisional(): boolean;
  /** Does an operation whose time is over at its target begin all the same? Right: no. */
  beginsLate(): boolean;
  /** Does an operation need an expiry where nothing comes back from its target? Right: yes. */
  demandsExpiry(): boolean;
  /** Does one that was given up end there without its target's word? Right: yes. */
  endsUnconfirmed(): boolean;
  /** Are caps kept? Right: yes. */
  keepsCaps(): boolean;
  /** Does a custodian keep an operation until the next one has said that it has it? Right: yes. */
  awaitsReceipt(): boolean;
  /** Does it take its copy away then? Right: yes. */
  removesHanded(): boolean;
  /** Is an end final that was decided away from a target that is closed? Right: yes. */
  closes(): boolean;
  /** Does a target that was closed begin nothing of an issuer that does not know that this was taken back? Right: yes. */
  awaitsClearance(): boolean;
  /** Does a clearance wait for the ends that are on their way to the disk? Right: yes. */
  awaitsEnds(): boolean;
  /** Does a target that has come back without its disk wait for what issuers know of its former lives? Right: yes. */
  awaitsAnswer(): boolean;
  /** Is what lay with a custodian that has come back without its disk given up? Right: yes. */
  givesUpForgotten(): boolean;
  /** Does a target begin nothing of somebody who is not above it any more? Right: yes. */
  judgesOnArrival(): boolean;
  /** Does what was given back after a change of plans go on from the lowest cloudlet above both? Right: yes. */
  takesBack(): boolean;
  /** Does whoever gave an operation back hand it on who is on its way again under a later plan? Right: yes. */
  takesAgain(): boolean;
  /** Is all that stands open at a target looked at each time? Right: no, what may have changed is enough; yes comes to the same. */
  looksAtAll(): boolean;
  /** Do operations that merely wait rest as rows of numbers? Right: yes; no comes to the same. */
  putsToRest(): boolean;
  /** Who carries an operation out, given who should. Right: that one. */
  executor(right: Executor, isUpperReachable: boolean): Executor;
  /** The mark that evidence leads to. Right: `markOf`. */
  marks(evidence: Evidence): Mark;
  /** Is an operation refused for how its target is marked? Right: never (A2a). */
  refusesFor(mark: Mark): boolean;
  /** Does a report that has waited count as one that has just been written? Right: no. */
  trustsLate(): boolean;
  /** Is of who is not below any more, under the plan in force, forgotten how it was seen and what it told? Right: yes. */
  forgets(): boolean;
  /** Does what somebody confirmed who is not above the cloudlet any more count for nothing? Right: yes. */
  dropsFormerWords(): boolean;
  /** Is what is seen of a cloudlet told further up? Right: yes. */
  relays(): boolean;
  /** How long a cloudlet waits from one report to the next. Right: that long. */
  reportsAfter(right: Duration): Duration;
  /** Is an operation taken while the way to the upper is open, or not? Right: either way (A2a). */
  acceptsWhile(isUpperReachable: boolean): boolean;
  /** Is who has asked answered once the disk has it, while that way is open, or not? Right: either way (A2b). */
  answersWhile(isUpperReachable: boolean): boolean;
  /** Does an operation wait for earlier ones on its object that its issuer knew of? Right: yes. */
  awaitsBeside(): boolean;
  /** Does an operation wait at a cloudlet that is older than it needs? Right: yes. */
  awaitsVersion(): boolean;
  /** Is an operation still to come, by whether an end was decided on its way, and whether its target has said how it ended? Right: until that. */
  isPending(ends: { readonly isEnding: boolean; readonly isFinal: boolean }): boolean;
  /** Do readers hear of what is pending on what they read? Right: yes. */
  tellsPending(): boolean;
  /** What of its view a cloudlet reports. Right: all of it. */
  tells(right: Observations): Observations;
  /** The end that a target writes, given the right one. Right: that one. */
  ends(right: End): End;
}

/** The right answers. */
export const rightControlRules: ControlRules = {
  heedsAuthority: () => true,
  storesIntent: () => true,
  asksAfterRestart: () => true,
  asksOfFormerLives: () => true,
  asksAgain: () => true,
  awaitsAfter: () => true,
  cascades: () => true,
  doneBeatsEnd: () => true,
  tellsProvisional: () => false,
  beginsLate: () => false,
  demandsExpiry: () => true,
  endsUnconfirmed: () => true,
  keepsCaps: () => true,
  awaitsReceipt: () => true,
  removesHanded: () => true,
  judgesOnArrival: () => true,
  takesBack: () => true,
  takesAgain: () => true,
  closes: () => true,
  awaitsClearance: () => true,
  awaitsEnds: () => true,
  awaitsAnswer: () => true,
  givesUpForgotten: () => true,
  looksAtAll: () => false,
  putsToRest: () => true,
  executor: (right) => right,
  marks: markOf,
  refusesFor: () => false,
  trustsLate: () => false,
  forgets: () => true,
  dropsFormerWords: () => true,
  relays: () => true,
  reportsAfter: (right) => right,
  tells: (right) => right,
  acceptsWhile: () => true,
  answersWhile: () => true,
  awaitsBeside: () => true,
  awaitsVersion: () => true,
  isPending: ({ isFinal }) => !isFinal,
  tellsPending: () => true,
  ends: (right) => right,
};
