// What a run says in the end. Plain data: it crosses threads and is what `--json` prints. The JSON Schema of the printed
// form is generated beside the scenario's.

import type { Mark } from "../../model/control/aliveness.ts";
import type { ViewClass } from "../../model/control/view.ts";
import type { PlaneName } from "../../model/control/catalogue.ts";
import type { ProtocolName } from "../../model/protocols/protocols.ts";
import type { ResolverName } from "../../model/topology/resolvers.ts";
import type { MarkName, OracleName } from "../oracles/names.ts";

/** A property's verdict. `evidence` is one or more lines a person understands: who, when, which records, why wrong. */
export interface PropertyVerdict {
  readonly verdict: "holds" | "violated" | "not-judged";
  /** How many times the property was really put to the test. */
  readonly checks: number;
  /** How many violations were seen; evidence describes the first ones. */
  readonly violations: number;
  readonly evidence: readonly string[];
}

/** The whole verdict: `passed` as expected; `failed` a safety property or a `sometimes`; `undecided` not converged. */
export type RunVerdict = "passed" | "failed" | "undecided";

/** How a run ended: what is added up over many. Maps are lists of pairs in a fixed order. */
export interface RunEnd {
  readonly scenario: string;
  readonly verdict: RunVerdict;
  readonly seed: string;
  readonly digest: string;
  /** Events handled by the kernel. */
  readonly steps: number;
  readonly properties: readonly (readonly [OracleName, PropertyVerdict])[];
  readonly marks: readonly (readonly [MarkName, number])[];
  /** Expectations that were not met, each as one sentence. Empty iff the verdict is `passed`. */
  readonly unmet: readonly string[];
}

/** One run's result. Maps are lists of pairs in a fixed order, so that the report's bytes are stable. */
export interface RunReport extends RunEnd {
  readonly protocol: ProtocolName;
  readonly engine: string;
  /** Metric name to value; durations in microseconds, sizes in bytes. */
  readonly metrics: readonly (readonly [string, number])[];
  /** Why convergence was not reached, one sentence per reason; empty when it was. */
  readonly pending: readonly string[];
  /** Per flow and direction: visibility latency percentiles in microseconds. */
  readonly flows: readonly FlowFigures[];
  /** Per physical link and direction. */
  readonly links: readonly LinkFigures[];
  /** Per cloudlet whose processor takes time. */
  readonly cpus: readonly CpuFigures[];
  /** What faults did. */
  readonly faults: FaultTimelineReport;
  /** What became of members that were detached, in order of time; empty when nobody was. */
  readonly absences: readonly AbsenceEvent[];
  /** What became of operations; left out where the scenario has none. */
  readonly operations?: OperationsReport;
  /** How cloudlets were marked, and how old views were; left out where nobody is watched. */
  readonly aliveness?: AlivenessReport;
  /** Conflicts that were left to people and that nobody has ended, the oldest first. */
  readonly openSiblings: readonly OpenSiblings[];
  /** Conflicts that resolvers have settled by themselves, and whose losers still stand. */
  readonly hiddenLosers: readonly HiddenLosers[];
  /** Declared, not violations: conflicts of the declared limit, losses without durability, and the like. */
  readonly notes: readonly string[];
}

/** How a cloudlet was marked from a moment on. */
export interface MarkStretch {
  /** True time in microseconds. */
  readonly at: number;
  /** Null: the process of its upper was down. */
  readonly mark: Mark | null;
  /** What its control plane turned out to have been, in words; empty where nothing was learned. */
  readonly was: string;
}

/** Marks and views of a run. */
export interface AlivenessReport {
  /** Of everybody but roots, as the adjacent upper saw it; of many stretches the first ones, and how many more. */
  readonly marks: readonly {
    readonly cloudlet: string;
    readonly upper: string;
    readonly changes: number;
    readonly stretches: readonly MarkStretch[];
    readonly moreCount: number;
  }[];
  /** By class, over all looks at cloudlets that were connected, most of them just before a report came: ages in microseconds. */
  readonly ages: readonly {
    readonly class: ViewClass;
    readonly looks: number;
    readonly median: number;
    readonly max: number;
  }[];
}

/** What became of the operations of one kind, and so of one plane. */
export interface OperationCount {
  readonly kind: string;
  readonly plane: PlaneName;
  readonly accepted: number;
  readonly refused: number;
  /** Its plane was through with them, whatever was told. */
  readonly executed: number;
  /** Their end had not come to their issuers when the load ended. */
  readonly queued: number;
  readonly done: number;
  /** As failed, expired, superseded or revoked. */
  readonly endedOtherwise: number;
  readonly open: number;
  /** From the request until its issuer knew the end, in microseconds; null where none has ended. */
  readonly endP50: number | null;
  readonly endP99: number | null;
}

/** What stood in the queues of one cloudlet, all targets together. Times in microseconds. */
export interface QueueFigures {
  readonly cloudlet: string;
  readonly records: number;
  readonly recordsAt: number;
  readonly bytes: number;
  readonly bytesAt: number;
  /** The most in each slice of time; slices that are like the one before are left out. */
  readonly series: readonly { readonly at: number; readonly records: number; readonly bytes: number }[];
}

/** A cloudlet that need not carry out its own operations, and why (I2b). */
export interface ExemptCloudlet {
  readonly cloudlet: string;
  readonly plane: PlaneName;
  /** Operations that its upper's plane was told to do in its place. */
  readonly byUpper: number;
  /** Those that it refused to take for itself. */
  readonly refused: number;
  readonly why: string;
}

/** What became of operations. */
export interface OperationsReport {
  /** By name. */
  readonly kinds: readonly OperationCount[];
  /** By cloudlet, where anything ever stood. */
  readonly queues: readonly QueueFigures[];
  /** Cloudlets without a plane. */
  readonly planeless: readonly ExemptCloudlet[];
  /** Accepted, and without an end that they should have: one sentence each. */
  readonly open: readonly string[];
  /** How many stayed open for a reason, one sentence per reason. */
  readonly exempt: readonly string[];
}

/** What a fault hit, in the plural. */
export const faultHits = [
  "ways closed",
  "messages lost",
  "messages held",
  "messages changed",
  "entries not synced",
  "entries torn",
  "entries that survived",
  "entries lost",
  "syncs slowed",
  "writes refused",
  "starts refused",
  "inputs that waited",
] as const;

/** One of them. */
export type FaultHit = (typeof faultHits)[number];

/** A fault that set in. Composites are told as what they were made of. */
export interface FaultEvent {
  readonly kind: string;
  /** A cloudlet, the ends of a link, or groups. */
  readonly where: string;
  /** Its other parameters, as a scenario file has them; may be empty. */
  readonly how: string;
  /** True time in microseconds. */
  readonly from: number;
  /** When it was over; null: never. What has no length is over at once. */
  readonly until: number | null;
  /** What it hit, and how often; nothing is left out but what was never hit. */
  readonly hits: readonly { readonly what: FaultHit; readonly count: number }[];
}

/** The faults of a run, in the order in which they set in. */
export interface FaultTimelineReport {
  readonly events: readonly FaultEvent[];
  /** How many more set in. */
  readonly moreCount: number;
  /** How many of the scenario's never did: there was no process to crash or to pause, or no write pending. */
  readonly missedCount: number;
}

/** Visibility latency over one flow in one direction: from the write's request to its being applied at the far end. */
export interface FlowFigures {
  readonly flow: string;
  readonly from: string;
  readonly to: string;
  readonly records: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

/** A key of which several versions stand when the run is over. */
export interface OpenSiblings {
  readonly key: string;
  readonly scope: string;
  /** True time in microseconds at which two of them first stood together at some cloudlet. */
  readonly since: number;
  /** At how many cloudlets two or more of them stand. */
  readonly cloudlets: number;
  /** In the order in which they were written. */
  readonly versions: readonly SiblingVersion[];
}

/** Something that became of a member that was detached. */
export interface AbsenceEvent {
  /** True time in microseconds. */
  readonly at: number;
  readonly kind: "detached" | "closed" | "refused" | "returned" | "released";
  /** Where it happened. */
  readonly cloudlet: string;
  /** Whom it is about. */
  readonly member: string;
  /** In words. */
  readonly what: string;
}

/** One of several versions that stand. */
export interface SiblingVersion {
  readonly dot: string;
  /** Shortened when it is long; null for a deletion. */
  readonly value: string | null;
  readonly session: string;
  /** Where it was written. */
  readonly cloudlet: string;
  /** True time of its request in microseconds. */
  readonly writtenAt: number;
}

/**
 * What became of one of several versions where a resolver chooses by itself: reads return it; they do not, though a session
 * was returned it before; no session ever was; or a user's function makes one value of it and the others.
 */
export type LoserFate = "returned" | "hidden" | "never-shown" | "merged";

/** A key of which several versions stand when the run is over, and whose resolver chooses by itself. */
export interface HiddenLosers {
  readonly key: string;
  readonly scope: string;
  readonly resolver: ResolverName;
  /** At how many cloudlets two or more of them stand. */
  readonly cloudlets: number;
  /** In the order in which they were written. */
  readonly versions: readonly (SiblingVersion & { readonly fate: LoserFate })[];
}

/** How busy a processor was. */
export interface CpuFigures {
  readonly cloudlet: string;
  /** Share of the run in which it was serving, in parts per million. */
  readonly utilisation: number;
  /** Inputs served. */
  readonly served: number;
  /** From coming to the processor to the beginning of service, microseconds. */
  readonly waitP50: number;
  readonly waitP99: number;
  readonly waitMax: number;
  /** The most inputs that ever waited at once. */
  readonly queueMax: number;
}

/** Traffic over one direction of a physical link. */
export interface LinkFigures {
  readonly from: string;
  readonly to: string;
  readonly messages: number;
  readonly bytes: number;
  /** Bytes of records that had come before to the cloudlet that they came to. */
  readonly redundant: number;
  readonly dropped: number;
}
