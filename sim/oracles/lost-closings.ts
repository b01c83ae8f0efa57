// Whose operations may stay open since it has been told that it is gone, and whoever said so has lost that with its disk: it begins nothing, and
// nobody above knows why. Whatever its writer says of it in a later life takes the place of that (model/control/confirmations.ts),
// and then they must end.
//
// Leaves out what those above mark it (closed-targets.ts).

import { readConfirmation } from "../../model/control/confirmations.ts";
import { type MarkKeys, markKeysOf } from "../../model/control/mark-keys.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { DiskFailure } from "./observer.ts";

/** What was said of cloudlets, and lost by whoever said it. */
export class LostClosings {
  readonly #keys: MarkKeys;
  // By cloudlet: who has lost such a word about it.
  readonly #losers = new Map<CloudletId, Set<CloudletId>>();

  constructor(topology: Topology) {
    this.#keys = markKeysOf(topology);
  }

  /** A disk failed. */
  failed(cloudlet: CloudletId, failure: DiskFailure): void {
    if (failure.kind === "torn") return;
    for (const entry of failure.lost) {
      for (const record of entry.kind === "cut" ? entry.versions : [entry]) this.#note(cloudlet, record);
    }
  }

  /** A record was written there. */
  wrote(cloudlet: CloudletId, { key }: Pick<CausalRecord, "key">): void {
    if (this.#losers.size === 0) return;
    const read = this.#keys.read(key);
    if (read?.kind === "confirmed") this.#losers.get(read.cloudlet)?.delete(cloudlet);
  }

  /** Who has lost what it had said of this one, and has said nothing since; null: nobody. */
  loserOf(about: CloudletId): CloudletId | null {
    return this.#losers.get(about)?.values().next().value ?? null;
  }

  #note(cloudlet: CloudletId, { key, kind, value, dot }: CausalRecord): void {
    const read = dot.origin === cloudlet && kind === "put" ? this.#keys.read(key) : null;
    if (read?.kind !== "confirmed" || readConfirmation(value)?.says === "clear") return;
    this.#losers.set(read.cloudlet, (this.#losers.get(read.cloudlet) ?? new Set()).add(cloudlet));
  }
}
