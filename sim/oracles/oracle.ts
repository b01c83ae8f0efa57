// What an oracle is: an observer that also hears what the ground truth makes of events, and comes to a verdict. The truth
// (truth.ts) numbers records densely and decodes each event once; oracles get the numbers. All methods but `verdict`
// are optional, and a moment that nobody listens to costs nothing.

import type { CloudletId, OpId } from "../../model/ids.ts";
import type { ClientOp, KeyAnswer } from "../../model/replication/io.ts";
import type { Message } from "../../model/replication/messages.ts";
import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import type { PropertyVerdict } from "../run/report.ts";
import type { OracleName } from "./names.ts";
import type { Observer } from "./observer.ts";
import type { Recovered } from "./recovered.ts";
import type { Renumbering } from "./renumbering.ts";
import type { SessionTruth } from "./session-truth.ts";

/** A request to leave. */
export type DetachOp = Extract<ClientOp, { readonly kind: "detach" }>;

/** What the truth tells. Records and keys are numbers of the truth; lists are valid during the call only. */
export interface TruthListener {
  /**
   * A session wrote a record, or a replica did by itself, and `session` stands for that record alone (unasked.ts). What it
   * overwrites and its nearest past are in the truth's lists by then.
   */
  written?(at: Instant, record: number, session: SessionTruth): void;
  /** A session wrote a record whose dot another one has already; the truth keeps only that other one. */
  dotReused?(at: Instant, cloudlet: CloudletId, record: number, written: CausalRecord): void;
  /** A write was answered. */
  acknowledged?(at: Instant, cloudlet: CloudletId, record: number): void;
  /** One key of a read's answer; `returned` are the versions and tombstones in it. The session's past has them already. */
  read?(at: Instant, session: SessionTruth, key: number, answer: KeyAnswer, returned: readonly number[]): void;
  /** A whole get or scan was answered, after `read` for each of its keys. */
  answered?(
    at: Instant,
    session: SessionTruth,
    id: OpId,
    op: ClientOp,
    answers: readonly KeyAnswer[],
    returned: readonly number[],
  ): void;
  /** A session left its cloudlet with these records (-1 where nobody wrote one), as it had asked to. */
  departed?(at: Instant, session: SessionTruth, op: DetachOp, bundle: readonly number[]): void;
  /**
   * A session that has moved was answered, after `read` and `answered`: with the dots it is said to be behind of (-1 where
   * nobody wrote one), or null when the answer is not marked. `brought` when it was let in with this: what its bundle had.
   */
  said?(at: Instant, session: SessionTruth, behind: readonly number[] | null, brought: readonly number[] | null): void;
  /** A version was returned or applied whose record nobody wrote. */
  unwritten?(at: Instant, cloudlet: CloudletId, dot: Dot): void;
  /**
   * A record is being applied: its own mark is not set yet. `from` is the peer that brought it, null for a local one.
   * `isAgain`: this cloudlet had applied it before its process restarted. `isReached`: its stream reaches this cloudlet.
   * `lane`: the direction of a flow that brought it (reachability.ts), -1 when none did.
   */
  applied?(
    at: Instant,
    cloudlet: CloudletId,
    record: number,
    from: CloudletId | null,
    isAgain: boolean,
    isReached: boolean,
    lane: number,
  ): void;
  /** A record was applied where it already was, in the same life of the process. */
  appliedTwice?(at: Instant, cloudlet: CloudletId, record: number): void;
  /** Of what is made visible, a record is told next that a session had brought with it; nobody may have written it. */
  bundled?(): void;
  /** A cloudlet says that it has dropped this delete for good; it still stands in the truth's store. */
  collected?(at: Instant, cloudlet: CloudletId, record: number): void;
  /** A record that is being applied stands beside a concurrent version, and these two never met before. */
  met?(at: Instant, cloudlet: CloudletId, newcomer: number, resident: number): void;
  /** The step that touched this key at this cloudlet is over. */
  settled?(at: Instant, cloudlet: CloudletId, key: number): void;
  /** A restart took this record's mark away; it may be applied again. */
  unapplied?(cloudlet: CloudletId, record: number): void;
  /** A record came in with a message; `isKnown` when it had come before, or is the receiver's own. */
  arrived?(
    at: Instant,
    from: CloudletId,
    cloudlet: CloudletId,
    record: number,
    isKnown: boolean,
    sentAt: Instant,
  ): void;
  /** A record that was given up, of this size, came in once more where it is known. */
  arrivedAgain?(from: CloudletId, cloudlet: CloudletId, size: number): void;
  /** A batch or a part of a snapshot came in, after `arrived` for each record in it; -1 where nobody wrote it, or it is given up. */
  batchArrived?(
    at: Instant,
    from: CloudletId,
    cloudlet: CloudletId,
    message: Message & { readonly kind: "records" | "snapshot" },
    records: readonly number[],
  ): void;
  /** A process began, after marks of what it lost are gone. */
  restarted?(at: Instant, cloudlet: CloudletId, recovered: Recovered, diskLost: boolean): void;

  // Records are given up (giving-up.ts), between two events: these are asked and told in this order.

  /** Names the records that this may still compare with something. Those that are not final are kept anyway. */
  keeps?(keep: (record: number) => void): void;
  /** Names what each session may be held to of each key: the versions that its reads must not lie behind. */
  holdsTo?(visit: (key: number, record: number) => void): void;
  /** This record is given up; it has its old number, and is still there. */
  givenUp?(record: number): void;
  /** All numbers of records change; the truth has the old ones still. */
  renumbered?(to: Renumbering): void;
}

/** An observer of both kinds. */
export interface Listener extends Observer, TruthListener {}

/** A property under observation. */
export interface Oracle extends Listener {
  readonly name: OracleName;
  /** What it has come to. Call it at the end, after `finished`. */
  verdict(): PropertyVerdict;
}

/** Evidences kept; violations beyond them are only counted. */
export const EVIDENCE_MAX = 5;

/** Counts checks and violations, and keeps the first evidences. */
export class Judge {
  checks = 0;
  violations = 0;
  readonly #evidence: string[] = [];

  /** Counts a violation. The words are made only when they will be kept. */
  violate(words: () => string): void {
    this.violations += 1;
    if (this.#evidence.length < EVIDENCE_MAX) this.#evidence.push(words());
  }

  /** The verdict so far: a property that was never put to the test is not judged. */
  verdict(): PropertyVerdict {
    const { checks, violations } = this;
    const verdict = violations > 0 ? "violated" : checks > 0 ? "holds" : "not-judged";
    return { verdict, checks, violations, evidence: this.#evidence.slice() };
  }
}
