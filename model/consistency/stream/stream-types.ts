/**
 * What goes into an online check and what comes out of it. Leaves out how it is decided (stream-checker.ts).
 */
import type { PatternName } from "../verdict.ts";

/** The models that a stream is checked against while it comes in, weaker ones first. */
export const streamModels = ["RYW", "MR", "MW", "WFR", "CC", "CCv"] as const;

/** One of them. */
export type StreamModel = (typeof streamModels)[number];

/** One operation as it arrives; those of a session arrive in session order, sessions are mixed as they like. */
export interface StreamOperation {
  /** Line of the stream, from 1; arrivals have rising lines. */
  readonly line: number;
  /** By the name that the file gives it (literals.ts): a number and its text are two sessions. */
  readonly session: number | string;
  /** A name that no other key has. */
  readonly key: string;
  readonly kind: "read" | "write";
  readonly outcome: "ok" | "failed" | "unknown";
  /** The versions that a read returned, or the one that a write puts there, each by a name that no other version of the key has. */
  readonly versions: readonly StreamVersion[];
  /** `write x = 1`. */
  readonly text: string;
  /** Whether the key holds one value: reads of sets and lists only say what was seen. */
  readonly isRegister: boolean;
  /** Whether whole histories ask more of a read of a set or list than what it says about causes. */
  readonly showsMore: boolean;
  /** Whether the key holds a list, whose elements stay readable for ever. */
  readonly isOfList: boolean;
  /** Whether a read found nothing, and does not say whether that was the beginning or a delete. */
  readonly isUnnamed: boolean;
  readonly isDelete: boolean;
  /** Whether versions of the key may have names, without which nothing is deleted. */
  readonly mayBeNamed: boolean;
  /** Whether it may be part of a transaction: of unknown outcome, that happened whole or not at all. */
  readonly isInTransaction: boolean;
}

/** A version of a key; null as `id` is the initial one. */
export interface StreamVersion {
  readonly id: string | null;
  /** `x = 1`. */
  readonly text: string;
}

/** An operation of a story about a stream. */
export interface StreamStep {
  readonly line: number;
  readonly session: number | string;
  /** `write x = 1`. */
  readonly text: string;
}

/** `from` comes before `to`; all of these are places in `operations`. */
export type StreamEdge = { readonly from: number; readonly to: number } & StreamReason;

/** Why. */
export type StreamReason =
  | { readonly kind: "session" }
  | { readonly kind: "reads-from" }
  /** Causally, through reads and sessions on the way that the check no longer knows. */
  | { readonly kind: "causal" }
  /**
   * Both write one key, and the read `by` returned what `to` wrote although `from` was in its past, `seen` by a read of the same
   * session where that is known.
   */
  | { readonly kind: "hidden-by"; readonly by: number; readonly seen: number | null }
  /** Earlier reads ordered them so, at least one of them between lines that were forgotten. */
  | { readonly kind: "forgotten" };

/** A violation that no later line can undo. */
export interface StreamViolation {
  /** The models that it violates. */
  readonly models: readonly StreamModel[];
  readonly pattern: Extract<
    PatternName,
    "CyclicCO" | "CyclicCF" | "WriteCORead" | "WriteCOInitRead" | "ThinAirRead" | "AbortedRead" | "NonMonotonicRead"
  >;
  readonly operations: readonly StreamStep[];
  readonly edges: readonly StreamEdge[];
  /** What is wrong beyond the edges; a sentence. */
  readonly note: string;
}

/** What is known of one model at the end of a stream. */
export type StreamVerdict =
  | { readonly kind: "holds" }
  | { readonly kind: "violated"; readonly violation: StreamViolation }
  /** What was forgotten, or not read, could matter; the reason ends without a full stop. */
  | { readonly kind: "unknown"; readonly reason: string }
  /** A value was written twice, or there are no reads of which the model says anything. */
  | { readonly kind: "not-applicable"; readonly reason: string };

/** How much is kept. */
export interface StreamLimits {
  /** Operations that wait for the line of a write that was already read; beyond it the oldest read is let go. */
  readonly waiting: number;
  /** Versions that are remembered by name alone after they were forgotten. */
  readonly remembered: number;
  /** A session without a line for so many lines is taken to have ended. */
  readonly idle: number;
  /** Versions kept before the first look for what can be forgotten. */
  readonly firstLook: number;
  /** Sessions of which it is kept, side by side, who knows what (knowers.ts); 4096 of them take 64 MiB. */
  readonly knowers: number;
}

/** What the command uses. */
export const streamLimits: StreamLimits = {
  waiting: 100_000,
  remembered: 100_000,
  idle: 100_000,
  firstLook: 4_096,
  knowers: 4_096,
};
