/**
 * What a checker says of a history under one model, and what it shows for it.
 *
 * Evidence is data: operations by number and edges with reasons. explain/ puts it into words, pictures draw it, shrink.ts makes
 * it smaller. Every edge must be one that a reader can check by hand with the history before him.
 */
import type { ModelName } from "./models.ts";

/** A verdict. Only `violated` carries evidence; a search that gave up is `unknown`, never `holds`. */
export type Verdict =
  | { readonly kind: "holds" }
  | { readonly kind: "violated"; readonly evidence: Evidence }
  /** A search gave up, or the history does not say enough; the reason ends without a full stop. */
  | { readonly kind: "unknown"; readonly reason: string }
  /** The model says nothing about such a history: no times, no replicas, values written twice, ... */
  | { readonly kind: "not-applicable"; readonly reason: string };

/** Names of the ways in which a history can be wrong; the catalogue with sources is `patterns.ts`. */
export type PatternName =
  | "ThinAirRead"
  | "AbortedRead"
  | "FutureRead"
  | "NotMyOwnWrite"
  | "NotMyLastWrite"
  | "IntermediateRead"
  | "NonRepeatableRead"
  | "NonMonotonicRead"
  | "FracturedRead"
  | "CyclicCO"
  | "WriteCOInitRead"
  | "WriteCORead"
  | "WriteHBInitRead"
  | "CyclicHB"
  | "CyclicCF"
  | "CyclicVersions"
  | "CyclicRealTime"
  | "ReadFromFuture"
  | "MissingSibling"
  | "ReplacedSibling"
  | "MissingElement"
  | "RepeatedElement"
  | "IncompatibleOrder"
  | "Diverged"
  | "NoOrder";

/** Why something is wrong. */
export interface Evidence {
  readonly pattern: PatternName;
  /** The operations that matter, in the order in which the story is told; each number once. */
  readonly operations: readonly number[];
  /** A cycle (the last edge ends where the first begins), a path, or edges that stand side by side. May be empty. */
  readonly edges: readonly Edge[];
  /** Whether `edges` form a cycle. */
  readonly cyclic: boolean;
  /** RTC-arb: by how much the clearest pair of writes stands against real time, in the history's `timeUnit`; absent where none does. */
  readonly margin?: number;
  /** What is wrong with the operations beyond the edges, in one sentence, when the pattern alone does not say it. */
  readonly note?: string;
}

/** `from` comes before `to`, and why. ABSENT as `from` is the beginning of the history, before every operation. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly why: EdgeReason;
}

/** Why an edge must be there. */
export type EdgeReason =
  /** One session did both, in this order. */
  | { readonly kind: "session" }
  /** `to` returned what `from` wrote. */
  | { readonly kind: "reads-from" }
  /** `to` says that it replaces what `from` wrote. */
  | { readonly kind: "replaces" }
  /**
   * Both write one key. `from` is visible to the read `by`, which returned what `to` wrote: so `from` lost against `to`. Where more
   * than session order and reads-from make it visible, `via` is the way, step by step, each step justified in the same manner.
   */
  | { readonly kind: "hidden-by"; readonly by: number; readonly via?: readonly Edge[] }
  /** The read `from` returned something older than what `to` wrote. `via`: the way from that to `to`, where it needs to be told. */
  | { readonly kind: "overwritten-by"; readonly via?: readonly Edge[] }
  /** `from` ended before `to` began. */
  | { readonly kind: "real-time" }
  /** A guarantee asks for this order of versions: named by the model, because of the operations `because`. */
  | { readonly kind: "guarantee"; readonly model: ModelName; readonly because: readonly number[] }
  /** A list that `by` returned shows `from` before `to`. */
  | { readonly kind: "listed"; readonly by: number }
  /** A list that `by` returned shows `from` and lacks `to`: so `to` was appended later. */
  | { readonly kind: "unlisted"; readonly by: number }
  /** One transaction did both. It takes effect at one moment, so this edge may run against the order in which it did them. */
  | { readonly kind: "transaction" };
