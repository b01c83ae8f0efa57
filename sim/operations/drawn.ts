// Small worlds of control layers as a few numbers, so that one that fails can shrink; and hard ones, in which wrong rules show.

import type { ControlRules } from "../../model/control/rules.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { OperationsResult } from "./small-options.ts";
import { runOperationsWorld } from "./small-world.ts";

/** A world as a few numbers. */
export interface DrawnOperations {
  readonly seed: number;
  /** The upper of each cloudlet; -1 for the root. */
  readonly shape: readonly number[];
  readonly requests: number;
  readonly loss: number;
  readonly crashes: boolean;
  readonly cuts: boolean;
  readonly planes: boolean;
  readonly alone?: boolean;
  readonly away?: boolean;
  readonly closings?: boolean;
  readonly gone?: boolean;
  readonly custody: "shared" | "distributed";
  readonly retain: number | null;
  readonly records: number;
  readonly policy: "refuse" | "expire-oldest" | "expire-lowest";
}

/** A chain of two and of three, a fork, and two mixtures of them. */
export const shapes: readonly (readonly number[])[] = [
  [-1, 0],
  [-1, 0, 1],
  [-1, 0, 0],
  [-1, 0, 1, 1],
  [-1, 0, 1, 2, 0],
];

/** A world in which all that may go wrong does. */
export function hardOperations(seed: number): DrawnOperations {
  return {
    seed,
    shape: shapes[seed % shapes.length] as readonly number[],
    requests: 40,
    loss: 100_000,
    crashes: true,
    cuts: true,
    planes: seed % 2 === 0,
    custody: seed % 4 < 2 ? "shared" : "distributed",
    retain: null,
    records: seed % 3 === 0 ? 2 : 50,
    policy: "refuse",
  };
}

/** Runs one, with a planted bug or none. */
export function runDrawn(drawn: DrawnOperations, plant?: () => Partial<ControlRules>): OperationsResult {
  const { seed, shape, records, policy, ...rest } = drawn;
  const rng = new RngRoot(String(seed)).stream;
  const options = { ...rest, rng, uppers: shape, caps: { records, policy } };
  return runOperationsWorld(plant === undefined ? options : { ...options, plant });
}
