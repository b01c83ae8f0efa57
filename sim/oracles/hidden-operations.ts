// Operations that whoever issued them does not see for a while. A process that starts anew under another plan than its former life lets wait
// what follows records that have still to come (docs/model.md, "Plans"): its own operations, too. So does one whose disk has
// been set back or is a copy of another's, which knew less of the rest. So whoever issues another one then does
// not know of the earlier one, and no target can tell.
//
// Leaves out what follows for the order of operations (operation-order.ts).

import type { Keys } from "../../model/control/keys.ts";
import type { OperationId } from "../../model/control/operation.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Wanted } from "./wanted.ts";

const nothing: ReadonlySet<OperationId> = new Set();

/** Follows them. Without several plans and with good disks there are none. */
export class HiddenOperations {
  readonly #topology: Topology;
  readonly #keys: Keys;
  readonly #hidden: Set<OperationId>[];

  constructor(topology: Topology, keys: Keys) {
    this.#topology = topology;
    this.#keys = keys;
    this.#hidden = topology.cloudlets.map(() => new Set());
  }

  /** A process has started; `isLossy`: some disk has lost something; `versions`: what stands there at a key. */
  started(
    cloudlet: CloudletId,
    all: Iterable<Wanted>,
    isLossy: boolean,
    versions: (key: string) => readonly CausalRecord[],
  ): void {
    if (this.#topology.plans.length === 1 && !isLossy) return;
    const hidden = this.#of(cloudlet);
    hidden.clear();
    for (const { id, issuer, request } of all) {
      if (issuer === cloudlet && !this.#stands(id, request.target, versions)) hidden.add(id);
    }
  }

  /** Something about an operation is applied there. */
  touched(cloudlet: CloudletId, id: OperationId): void {
    this.#of(cloudlet).delete(id);
  }

  /** Of which whoever issues an operation there now does not know. */
  at(cloudlet: CloudletId): ReadonlySet<OperationId> {
    const hidden = this.#of(cloudlet);
    return hidden.size === 0 ? nothing : new Set(hidden);
  }

  #stands(id: OperationId, target: CloudletId, versions: (key: string) => readonly CausalRecord[]): boolean {
    const keys = (["directives", "results", "held"] as const).map((carrier) => this.#keys.of(carrier, target, id));
    const handed = this.#topology.cloudlets.map((next) => this.#keys.of("custody", next.id, id));
    return [...keys, ...handed].some((key) => versions(key).length > 0);
  }

  #of(cloudlet: CloudletId): Set<OperationId> {
    return this.#hidden[cloudlet] as Set<OperationId>;
  }
}
