// Where the core's word on what a write overwrites is taken after all. A cloudlet that has compacted its log, installed a cut or
// lost records with its disk does not see every precedence any more: in a scope where all versions are returned, a write there may leave a version
// standing that is in its session's past (shadow.ts, docs/model.md). Nowhere else may one.

import type { ClientOp } from "../../model/replication/io.ts";
import { sameDot, type CausalRecord } from "../../model/replication/record.ts";
import type { ResolverName } from "../../model/topology/resolvers.ts";
import { keepsSiblings } from "./resolution.ts";
import type { Renumbering } from "./renumbering.ts";
import type { SessionTruth } from "./session-truth.ts";
import { Unproven, type Written } from "./unproven.ts";

/** What of the truth this looks at. */
export interface Remembered extends Written {
  readonly resolverOfKey: readonly ResolverName[];
}

/** Cloudlets that forget, and writes made there; and what others cannot see because they have lost records (unproven.ts). */
export class Forgetting {
  /** Versions left standing by what a cloudlet has forgotten. */
  count = 0;
  readonly unproven: Unproven;
  readonly #truth: Remembered;
  readonly #forgets: Uint8Array;
  readonly #writes = new Set<number>();

  constructor(truth: Remembered, cloudlets: number) {
    this.#truth = truth;
    this.#forgets = new Uint8Array(cloudlets);
    this.unproven = new Unproven(truth, cloudlets);
  }

  /** From now on this cloudlet does not see everything; a restart changes nothing about that. */
  begin(cloudlet: number): void {
    this.#forgets[cloudlet] = 1;
    this.unproven.forgets(cloudlet);
  }

  /** Of what a session's write overwrites there, what is taken as overwritten: all, or what its record names. */
  overwritten(
    cloudlet: number,
    session: SessionTruth,
    key: number,
    record: CausalRecord,
    overwrites: readonly number[],
  ): readonly number[] {
    if (!this.#isOfSeen(session.open?.op ?? null, key)) return overwrites;
    const forgets = this.#forgets[cloudlet] === 1;
    if (!forgets && !this.unproven.hasLostOf(cloudlet, session.clock)) return overwrites;
    const named = overwrites.filter((version) => {
      const { dot } = this.#truth.records[version] as CausalRecord;
      return record.prev.some((other) => sameDot(other, dot));
    });
    if (forgets) this.count += overwrites.length - named.length;
    return named;
  }

  /** That session wrote this record of the key there. */
  wrote(cloudlet: number, session: SessionTruth, key: number, record: number): void {
    if (this.#forgets[cloudlet] === 1 && this.#isOfSeen(session.open?.op ?? null, key)) this.#writes.add(record);
    this.unproven.wrote(cloudlet, record);
  }

  /** May this record, applied here, leave a version standing that it should replace? */
  mayLeave(cloudlet: number, record: number): boolean {
    return (this.#writes.size > 0 && this.#writes.has(record)) || this.unproven.mayLeave(cloudlet, record);
  }

  /** Records are given up; the others take new numbers. */
  renumber(to: Renumbering): void {
    to.set(this.#writes);
    this.unproven.renumber(to);
  }

  // Does such a write replace only what its session has seen, and not all that stands?
  #isOfSeen(op: ClientOp | null, key: number): boolean {
    const isAll = op?.kind === "resolve" || ((op?.kind === "put" || op?.kind === "delete") && op.replaceAll === true);
    return !isAll && keepsSiblings(this.#truth.resolverOfKey[key] ?? "lww-hlc");
  }
}
