// Where operations stand, by the records that stand in stores: at which cloudlet, for which target, of what weight. It is the
// truth that queues are held to, and it is found by looking at what a replica has of an operation after each step, and at what
// it has just accepted or ended; what the control layer counts is not asked.
//
// An operation stands in the queue of a cloudlet while a record of it stands there that somebody else could carry out or hand on,
// and no end: neither one that the target wrote, nor one that was decided on the way. It weighs what its text weighed when it was
// issued, wherever it stands. A copy that lies beside the way to its target, under the plan that its cloudlet goes by, stands in no queue, nor
// does what its target will refuse, since its issuer is not above it any more.

import { wordAmong, type Word } from "../../model/control/ends.ts";
import { keysOf, type Keys } from "../../model/control/keys.ts";
import { issuerOf, type OperationId } from "../../model/control/operation.ts";
import type { CloudletId } from "../../model/ids.ts";
import { sameDot, type CausalRecord } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import type { PlansInForce } from "./plans-in-force.ts";
import type { Wanted } from "./wanted.ts";

/** What stands at one cloudlet, for one target or for all of them. */
export interface Standing {
  records: number;
  bytes: number;
}

interface Place {
  readonly standing: Map<OperationId, Wanted>;
  readonly byTarget: Map<CloudletId, Standing>;
  readonly total: Standing;
  /** Words of this cloudlet on their way to its disk, by key. */
  readonly writing: Map<string, CausalRecord>;
  readonly touched: Set<OperationId>;
}

/** Told after each step in which something changed: what stands at a cloudlet for those targets now. */
export type QueueListener = (
  at: Instant,
  cloudlet: CloudletId,
  targets: ReadonlySet<CloudletId>,
  queue: (target: CloudletId) => Readonly<Standing>,
  total: Readonly<Standing>,
) => void;

const nothing: Readonly<Standing> = { records: 0, bytes: 0 };

/** All queues of a run. */
export class QueueTruth {
  readonly #plans: PlansInForce;
  readonly #keys: Keys;
  readonly #wanted: (id: OperationId) => Wanted | null;
  readonly #places: readonly Place[];
  readonly #listeners: QueueListener[] = [];

  constructor(plans: PlansInForce, wanted: (id: OperationId) => Wanted | null) {
    this.#plans = plans;
    this.#keys = keysOf(plans.first);
    this.#wanted = wanted;
    this.#places = plans.first.cloudlets.map(() => ({
      standing: new Map(),
      byTarget: new Map(),
      total: { records: 0, bytes: 0 },
      writing: new Map(),
      touched: new Set(),
    }));
  }

  /** Adds a listener. */
  tell(listener: QueueListener): void {
    this.#listeners.push(listener);
  }

  /** What stands at a cloudlet for a target. */
  of(cloudlet: CloudletId, target: CloudletId): Readonly<Standing> {
    return this.#place(cloudlet).byTarget.get(target) ?? nothing;
  }

  /** What stands at a cloudlet. */
  at(cloudlet: CloudletId): Iterable<Wanted> {
    return this.#place(cloudlet).standing.values();
  }

  /** Does it stand anywhere? */
  isAnywhere(id: OperationId): boolean {
    return this.#places.some(({ standing }) => standing.has(id));
  }

  /** A cloudlet writes a record about an operation. `returns`: it had given it away, and has it again once that is on its disk. */
  writes(cloudlet: CloudletId, id: OperationId, record: CausalRecord, returns: boolean): void {
    const { touched, writing, standing } = this.#place(cloudlet);
    touched.add(id);
    if (record.kind === "put" && (!returns || standing.has(id))) writing.set(record.key, record);
  }

  /** A record about an operation is applied there. */
  touched(cloudlet: CloudletId, id: OperationId, record: CausalRecord): void {
    const { touched, writing } = this.#place(cloudlet);
    touched.add(id);
    const written = writing.get(record.key);
    if (written !== undefined && sameDot(written.dot, record.dot)) writing.delete(record.key);
  }

  /** A process starts: what it had not written down is gone. */
  started(cloudlet: CloudletId): void {
    this.#place(cloudlet).writing.clear();
  }

  /** Much of what stands there may have changed at once. */
  restarted(cloudlet: CloudletId, all: Iterable<Wanted>): void {
    const { touched, standing } = this.#place(cloudlet);
    for (const { id, request } of all) {
      const isOnTheWay = request.target === cloudlet || this.#plans.isAbove(cloudlet, request.target, cloudlet);
      if (isOnTheWay || standing.has(id)) touched.add(id);
    }
  }

  /** A step is over there. */
  settle(at: Instant, cloudlet: CloudletId, versions: (key: string) => readonly CausalRecord[]): void {
    const place = this.#place(cloudlet);
    if (place.touched.size === 0) return;
    const changed = new Set<CloudletId>();
    for (const id of place.touched) {
      const wanted = this.#wanted(id);
      if (wanted === null) continue;
      const { target } = wanted.request;
      const isStanding = this.#stands(cloudlet, id, target, (key) => wordAt(place, id, key, versions));
      if (isStanding === place.standing.has(id)) continue;
      if (isStanding) place.standing.set(id, wanted);
      else place.standing.delete(id);
      let queue = place.byTarget.get(target);
      if (queue === undefined) place.byTarget.set(target, (queue = { records: 0, bytes: 0 }));
      for (const one of [queue, place.total]) {
        const by = isStanding ? 1 : -1;
        one.records += by;
        one.bytes += by * wanted.weight;
      }
      changed.add(target);
    }
    place.touched.clear();
    if (changed.size === 0) return;
    const queue = (target: CloudletId): Readonly<Standing> => place.byTarget.get(target) ?? nothing;
    for (const listener of this.#listeners) listener(at, cloudlet, changed, queue, place.total);
  }

  #stands(
    cloudlet: CloudletId,
    id: OperationId,
    target: CloudletId,
    said: (key: string) => Word["says"] | null,
  ): boolean {
    const keys = this.#keys;
    if (target !== cloudlet && !this.#plans.isAbove(cloudlet, target, cloudlet)) return false;
    const issuer = issuerOf(id);
    if (issuer !== target && !this.#plans.isAbove(issuer, target, cloudlet)) return false;
    const directive = said(keys.of("directives", target, id));
    if (directive === "end" || directive === "over") return false;
    if (said(keys.of("results", target, id)) === "end") return false;
    if (directive === "operation" || said(keys.of("custody", cloudlet, id)) === "operation") return true;
    if (target === cloudlet) return said(keys.of("held", target, id)) === "operation";
    const way = [target, ...this.#plans.of(cloudlet).ancestors(target)];
    const next = way[way.indexOf(cloudlet) - 1];
    return next !== undefined && said(keys.of("custody", next, id)) === "operation";
  }

  #place(cloudlet: CloudletId): Place {
    return this.#places[cloudlet] as Place;
  }
}

// What counts at a key: what was written there last, though it is not on the disk yet, or what stands.
function wordAt(
  { writing }: Place,
  id: OperationId,
  key: string,
  versions: (key: string) => readonly CausalRecord[],
): Word["says"] | null {
  const written = writing.get(key);
  const standing = versions(key);
  return wordAmong(id, written === undefined ? standing : [...standing, written])?.word.says ?? null;
}
