// A sweep as a plan: which runs there are, each by its number, and what is expected of all of them together. Plain data that crosses
// threads, but for `caseAt`, by which whoever hands out cases asks for the one with a number.
//
// A case is small enough to be sent by the thousand; whoever runs it makes the scenario of it (case.ts). Leaves out how a plan is read
// from a file, and how its results are laid out (columns.ts).

import type { TreeOptions } from "../../workloads/topologies/index.ts";
import type { FaultName } from "../faults/table.ts";
import type { MarkName } from "../oracles/names.ts";
import type { ControlStory } from "../run/generate-control.ts";
import type { Attached } from "../scenario/attached.ts";
import type { Setting } from "../scenario/read.ts";
import type { Problem } from "../scenario/problem.ts";
import type { MetricBound, ResolverCode } from "../scenario/scenario.ts";

/** A column of the results that the sweep's file brings: `topology`, `workload`, a parameter's path. */
export interface ParameterColumn {
  readonly name: string;
  /** `integer`: safe integers only. */
  readonly kind: "text" | "integer" | "number";
}

/** The value of a case in such a column; null where it has none. */
export type ParameterValue = string | number | null;

/** A scenario's text that cases are made of. */
export interface PlanSource {
  /** How messages name it. */
  readonly file: string;
  readonly text: string;
  /** Texts of the tables that it names, where there are any. */
  readonly attached?: Attached;
  /** Code that its scopes name, or that settings put in their place; left out: none. */
  readonly resolvers?: readonly ResolverCode[];
}

/** Code of the user's that runs of a plan call; whoever runs the plan has to be allowed to. */
export interface PlanCode {
  readonly code: ResolverCode;
  /** As the text names its file: a path from the text's own. */
  readonly module: string;
  /** A problem with it, at the first place that names it. */
  readonly problem: (message: string) => Problem;
}

/** A value that is set in a text's form, as `--set` would: `topology`, `links`, `faults`, `logs.retain`. */
export type CaseSetting = Exclude<Setting, { readonly value: string }>;

/**
 * What scenarios are about that are drawn whole: members that are detached (run/generate-returns.ts), operations or marks
 * (run/generate-control.ts), or everything else (run/generate.ts).
 */
export type DrawnStory = "data" | "detachments" | ControlStory;

/** One run. */
export interface SweepCase {
  readonly index: number;
  /** What all chance of the run comes from, drawn faults among it. */
  readonly seed: string;
  readonly workload:
    /** The number of a text in the plan's sources. */
    | { readonly kind: "text"; readonly source: number }
    /** Drawn whole. */
    | { readonly kind: "generated"; readonly story: DrawnStory; readonly tree: TreeOptions };
  /** Of a text only. */
  readonly settings: readonly CaseSetting[];
  /** Those of the text alone; or more on top, drawn from the whole table, these kinds for certain. */
  readonly faults: { readonly kind: "own" } | { readonly kind: "swarm"; readonly wanted: readonly FaultName[] };
  /** One value per column of the plan, in their order. */
  readonly parameters: readonly ParameterValue[];
}

/** Over which runs' values of a metric a bound goes; percentiles by nearest rank. */
export const statistics = ["min", "mean", "max", "p50", "p90", "p95", "p99"] as const;

/** One of them. */
export type Statistic = (typeof statistics)[number];

/** A bound on all runs together. Runs in which the metric was not measured do not count. */
export interface SweepBound extends MetricBound {
  readonly over: Statistic;
}

/** At least so many topologies that differ in shape or parameters, counting runs alone that have done enough to prove something. */
export interface TopologiesExpected {
  readonly count: number;
  /** Fewer requests than this do not count. */
  readonly requests: number;
  /** A run that has not reached each of them does not count. */
  readonly marks: readonly MarkName[];
}

/** What is expected of all runs together; each is judged by its own scenario besides. */
export interface SweepExpectations {
  /** Marks that some run has to reach. */
  readonly sometimes: readonly MarkName[];
  readonly bounds: readonly SweepBound[];
  /** Null: not asked. */
  readonly topologies: TopologiesExpected | null;
  /** Whether every kind of fault has to be drawn somewhere. */
  readonly everyFault: boolean;
}

/** A sweep that may be run. */
export interface SweepPlan {
  readonly name: string;
  readonly seed: string;
  readonly sources: readonly PlanSource[];
  /** What its sources have of it; left out: none. */
  readonly code?: readonly PlanCode[];
  /** None is named like a column of the results themselves (`isOwnColumn` of columns.ts). */
  readonly columns: readonly ParameterColumn[];
  readonly caseCount: number;
  /** The case of a number from 0 on: the same one whoever asks, and in whatever order. Shards and `--resume` need no list of all. */
  readonly caseAt: (index: number) => SweepCase;
  readonly expectations: SweepExpectations;
  /** SHA-256 in hexadecimal digits over all that decides what is run, the engine left out. */
  readonly fingerprint: string;
}
