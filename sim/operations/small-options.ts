// What a small world of control layers is drawn from, and what is found in it.

import type { CapPolicy } from "../../model/control/queue.ts";
import type { ControlRules } from "../../model/control/rules.ts";
import type { Rng } from "../../model/random.ts";

/** What a world is drawn from. */
export interface OperationsWorld {
  readonly rng: Rng;
  /** The upper of each cloudlet, by number; -1 for a root. */
  readonly uppers: readonly number[];
  readonly requests: number;
  readonly loss: number;
  readonly crashes: boolean;
  readonly cuts: boolean;
  /** Planes fail, or are not there. */
  readonly planes: boolean;
  /** Everybody is cut off from the first moment to the last, and asks for nothing but what is to be done where he is. */
  readonly alone?: boolean;
  /** The last cloudlet is out of reach until everything heals. */
  readonly away?: boolean;
  /** People confirm of others that they have failed or are fenced or disconnected, and take that back in the end. */
  readonly closings?: boolean;
  /** The last cloudlet is cut off for good before everything else heals, and its upper confirms that. */
  readonly gone?: boolean;
  /** How many records a log retains; null: all. */
  readonly retain: number | null;
  readonly custody: "shared" | "distributed";
  readonly caps: { readonly records: number; readonly policy: CapPolicy };
  readonly plant?: () => Partial<ControlRules>;
}

/** What was found. */
export interface OperationsResult {
  readonly violations: readonly string[];
  /** How many ended so, by kind and reason. */
  readonly ended: ReadonlyMap<string, number>;
  readonly inquiries: number;
  readonly refused: ReadonlySet<string>;
  readonly installed: number;
  readonly byUpper: number;
  /** Operations that stood at the first cloudlet at once, at most. */
  readonly standingMax: number;
}
