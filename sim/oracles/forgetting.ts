// Where the core's word on what a write overwrites is taken after all. A cloudlet that has compacted its log, installed a cut or
// lost records with its disk does not see every precedence any more: in a scope where all versions are returned, a write there may leave a version
// standing that is in its session's past (shadow.ts, docs/model.md). Nowhere else may one.

import type { ClientOp } from "../../model/replication/io.ts";
import { sameDot, type CausalRecord } from "../../model/replication/record.ts";
import type { ResolverName } from "../../model/topology/resolvers.ts";
import { keepsSiblings } from "./resolution.ts";

/** What of the truth this looks at. */
export interface Remembered {
  readonly records: readonly CausalRecord[];
  readonly resolverOfKey: readonly ResolverName[];
}

/** Cloudlets that forget, and writes made there. */
export class Forgetting {
  /** Versions left standing. */
  count = 0;
  readonly #truth: Remembered;
  readonly #forgets: Uint8Array;
  readonly #writes = new Set<number>();

  constructor(truth: Remembered, cloudlets: number) {
    this.#truth = truth;
    this.#forgets = new Uint8Array(cloudlets);
  }

  /** From now on this cloudlet does not see everything; a restart changes nothing about that. */
  begin(cloudlet: number): void {
    this.#forgets[cloudlet] = 1;
  }

  /** May a write of this key there leave a version standing that it should replace? */
  mayLeave(cloudlet: number, op: ClientOp | null, key: number): boolean {
    const isAll = op?.kind === "resolve" || ((op?.kind === "put" || op?.kind === "delete") && op.replaceAll === true);
    return this.#forgets[cloudlet] === 1 && !isAll && keepsSiblings(this.#truth.resolverOfKey[key] ?? "lww-hlc");
  }

  /** Of what a write overwrites, what its record names; the rest is counted. */
  named(record: CausalRecord, overwrites: readonly number[]): readonly number[] {
    const named = overwrites.filter((version) => {
      const { dot } = this.#truth.records[version] as CausalRecord;
      return record.prev.some((other) => sameDot(other, dot));
    });
    this.count += overwrites.length - named.length;
    return named;
  }

  /** This record is of such a write. */
  noteWrite(record: number): void {
    this.#writes.add(record);
  }

  /** Is it? */
  isForgetful(record: number): boolean {
    return this.#writes.size > 0 && this.#writes.has(record);
  }
}
