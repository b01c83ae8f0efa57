// Operations of which a disk has lost a word: the operation itself, who has it, or how it ended. Promises that rest on such a word are
// suspended, for this operation alone, and the run says which disk it was. What others hold of it is not touched by that: an
// operation that still stands anywhere has to end.
//
// Leaves out data records that disks lost (suspended.ts).

import type { Keys } from "../../model/control/keys.ts";
import type { OperationId } from "../../model/control/operation.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { DiskFailure } from "./observer.ts";
import { counted } from "./words.ts";

/** What disks have lost of operations. */
export class LostOperations {
  readonly #keys: Keys;
  readonly #losers = new Map<OperationId, Set<CloudletId>>();
  // Of which a disk has lost a word that was not taken away as a whole.
  readonly #unasked = new Set<OperationId>();
  // By whose disk it was: operations for which a promise could not be kept.
  readonly #suspended = new Map<CloudletId, Set<OperationId>>();

  constructor(keys: Keys) {
    this.#keys = keys;
  }

  /** A disk failed. */
  failed(cloudlet: CloudletId, failure: DiskFailure): void {
    if (failure.kind === "torn") return;
    for (const entry of failure.lost) {
      const isAsked = failure.kind === "replaced";
      if (entry.kind !== "cut") this.#note(cloudlet, entry, isAsked);
      else for (const version of entry.versions) this.#note(cloudlet, version, isAsked);
    }
  }

  /** Has no disk lost anything of any? */
  get isEmpty(): boolean {
    return this.#losers.size === 0;
  }

  /** Whose disk has lost a word of it: the first; null: nobody's. */
  loserOf(id: OperationId): CloudletId | null {
    return this.#losers.get(id)?.values().next().value ?? null;
  }

  /** Did whoever lost a word of it see that its disk was empty, so that all above are asked about it (model/control/anew.ts)? */
  isAskedAbout(id: OperationId): boolean {
    return !this.#unasked.has(id);
  }

  /** Has the disk of that cloudlet lost a word of it? */
  isLostAt(id: OperationId, cloudlet: CloudletId): boolean {
    return this.#losers.get(id)?.has(cloudlet) === true;
  }

  /**
   * An operation ended twice, each time otherwise. Has one of these disks lost a word of it? Then the promise of one end is suspended
   * for it, and told.
   */
  excuses(id: OperationId, cloudlets: readonly CloudletId[]): boolean {
    const loser = cloudlets.find((cloudlet) => this.isLostAt(id, cloudlet));
    if (loser === undefined) return false;
    this.#suspended.set(loser, (this.#suspended.get(loser) ?? new Set()).add(id));
    return true;
  }

  /** One sentence for each disk that made it impossible to keep to one end. */
  notes(nameOf: (cloudlet: CloudletId) => string): readonly string[] {
    return [...this.#suspended].map(([cloudlet, ids]) => {
      const which = [...ids].slice(0, 3).join(", ");
      const what = `${counted(ids.size, "operation")} that ended once more, and otherwise (${which})`;
      return `operation-ends was suspended for ${what}: the disk of ${nameOf(cloudlet)} had lost the first end`;
    });
  }

  #note(cloudlet: CloudletId, { key }: Pick<CausalRecord, "key">, isAsked: boolean): void {
    const read = this.#keys.read(key);
    if (read === null) return;
    if (!isAsked) this.#unasked.add(read.operation);
    const losers = this.#losers.get(read.operation);
    if (losers === undefined) this.#losers.set(read.operation, new Set([cloudlet]));
    else losers.add(cloudlet);
  }
}
