// What is known of a member of a family of control trees, beyond who is above whom. Leaves out how members are drawn.

import type { Duration } from "../../model/units.ts";

/** A member of a family: who is above whom, and what the family knows beyond that. Lists go by cloudlet. */
export interface DrawnFamily {
  /** -1 for the root. */
  readonly uppers: readonly number[];
  /** What they are called, all different; null: c0, c1 and so on. */
  readonly names: readonly string[] | null;
  /** How long an empty message takes from a cloudlet to its upper; null where the family says nothing (and for the root, zero). */
  readonly delays: readonly Duration[] | null;
  /** Pairs further apart than one layer that replicate with each other directly. */
  readonly shortcuts: readonly Shortcut[];
  /** Links beside those of the tree and of shortcuts, that no flow takes until a route needs them; left out: none. */
  readonly spares?: readonly SpareLink[];
  /** Links that are up at times alone, each of the tree or spare; left out: all are always up. */
  readonly contacts?: readonly ContactPlan[];
}

/** When the link between two cloudlets is up, again and again. */
export interface ContactPlan {
  readonly a: number;
  readonly b: number;
  /** After this time all begins again. */
  readonly round: Duration;
  /** Within a round, in order of time, none over another; at all other times the link is down. */
  readonly windows: readonly ContactWindow[];
}

/** Microseconds from the beginning of a round; `until` is within it. */
export interface ContactWindow {
  readonly from: number;
  readonly until: number;
}

/** What may be chosen about a member of a family beside its size; each family takes some of these (`FamilyEntry.takes`). */
export interface FamilyParameters {
  /** The side of the square that cloudlets lie in, in km, above 0. */
  readonly km?: number;
  /** Of a Waxman graph: how far links reach, from above 0 to 1. */
  readonly alpha?: number;
  /** Of a Waxman graph: how many links there are, from above 0 to 1. */
  readonly beta?: number;
  /** How long a round of whoever moves takes: another one than theirs makes all of them faster or slower. */
  readonly round?: Duration;
}

/** The name of one. */
export type FamilyParameter = keyof FamilyParameters;

/** All of them. */
export const familyParameterNames: readonly FamilyParameter[] = ["km", "alpha", "beta", "round"];

/** A link between any two cloudlets. */
export interface SpareLink {
  readonly a: number;
  readonly b: number;
  readonly delay: Duration;
}

/** An ancestor and a descendant more than one layer below it. */
export interface Shortcut {
  readonly upper: number;
  readonly lower: number;
}
