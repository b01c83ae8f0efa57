// What a former life of this cloudlet may have begun. No process can tell whether its disk has kept what the one before it wrote: it may
// have been replaced, set back to a backup, or have lied. So what stands among the results here proves that something has begun,
// and nothing proves that it has not:
//
// 1. c has its plane do 0.1.4, and its disk is lost, with the intent. The operation stands above it, and comes again.
// 2. Nothing stands among the results of c. But the plane is a thing apart, and may remember: it is asked before anything comes of the
//    operation, its end included. `never`: it goes on as if it were new. Done or failed: that is its end.
// 3. Until the plane answers it is asked again. Who gives the operation up meanwhile has it ended as `failed (unknown)`, since a plane that
//    is silent may have done it.
// 4. Or its own word is there, and waits for something that it follows, which the disk has lost alone: that word is waited for.
// A life asks once about each, and not about what was issued in it: here, or by somebody who knew something that this life had said.
// The first life of a cloudlet has nobody to ask about.
//
// Leaves out who asks, and what becomes of the answer (target.ts).

import type { PendingRecord } from "../replication/io.ts";
import type { Bench } from "./bench.ts";
import { issuerOf, numberOf, type Operation, type OperationId } from "./operation.ts";
import type { Line } from "./line.ts";

/** The number that a host gives the first life of a cloudlet. */
const firstLife = 1;

/** What is known at one target about its former lives. */
export class FormerLives {
  readonly #bench: Bench;
  /** Of which the plane has said that it was never told. */
  readonly #new: Set<OperationId>;
  readonly #pending: () => readonly PendingRecord[];
  /** Of which own words wait for what they follow; null while nobody has looked in this life. */
  #underWay: Set<OperationId> | null;

  constructor(bench: Bench, pending: () => readonly PendingRecord[], like: FormerLives | null = null) {
    this.#bench = bench;
    this.#pending = pending;
    this.#underWay = like === null || like.#underWay === null ? null : new Set(like.#underWay);
    this.#new = new Set(like === null ? null : like.#new);
  }

  /** May a former life have begun it, though nothing here says so? */
  mayHaveBegun({ id, operation }: Line): boolean {
    if (this.#bench.incarnation() <= firstLife || this.#new.has(id)) return false;
    return this.#bench.rules.asksOfFormerLives() && !this.#isOfThisLife(id, operation);
  }

  /** Has this cloudlet said something of it that waits for what it follows? */
  isUnderWay(id: OperationId): boolean {
    if (this.#bench.incarnation() <= firstLife || !this.#bench.rules.asksOfFormerLives()) return false;
    this.#underWay ??= this.#readPending();
    return this.#underWay.has(id);
  }

  /** Something stands of it. */
  stands(id: OperationId): void {
    this.#underWay?.delete(id);
  }

  /** The plane has said that it was never told of it. */
  neverTold(id: OperationId): void {
    this.#new.add(id);
  }

  /** It has ended. */
  forget(id: OperationId): void {
    this.#new.delete(id);
  }

  #readPending(): Set<OperationId> {
    const { keys, self } = this.#bench;
    const ids = this.#pending().flatMap(({ record: { key, dot } }) => {
      const read = dot.origin === self ? keys.read(key) : null;
      return read?.carrier === "results" && read.cloudlet === self ? [read.operation] : [];
    });
    return new Set(ids);
  }

  #isOfThisLife(id: OperationId, operation: Operation | null): boolean {
    const life = this.#bench.incarnation();
    if (issuerOf(id) === this.#bench.self) return numberOf(id).incarnation === life;
    return operation?.knows?.incarnation === life;
  }
}
