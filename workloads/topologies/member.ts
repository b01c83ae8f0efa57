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
}

/** An ancestor and a descendant more than one layer below it. */
export interface Shortcut {
  readonly upper: number;
  readonly lower: number;
}
