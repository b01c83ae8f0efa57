// The order of each cloudlet's operations, where it is promised (`causality: cloudlet`): what was over when another operation
// began is in its past, whoever asked. Kept as one past per cloudlet, which grows whenever an operation is answered and is
// taken over whenever one begins. Two operations of which neither was over when the other began stay concurrent.
//
// A cloudlet's order ends with its process, as its sessions do: the next life knows what its disk kept, not what was read.

import type { CloudletId } from "../../model/ids.ts";
import type { ClientOp, ClientResult } from "../../model/replication/io.ts";
import { type Clock, ZERO_CLOCK } from "./clock.ts";
import type { Renumbering } from "./renumbering.ts";
import { absorb, type Pasts } from "./session-truth.ts";

/** Somebody's past, as session-truth.ts keeps it. */
interface Past {
  clock: Clock;
  context: number[];
}

/** The pasts of all cloudlets. */
export class NodeOrder {
  readonly #pasts: Pasts;
  readonly #shared: Past[] = [];

  constructor(pasts: Pasts) {
    this.#pasts = pasts;
  }

  /** Another life. */
  started(cloudlet: CloudletId): void {
    this.#shared[cloudlet] = { clock: ZERO_CLOCK, context: [] };
  }

  /** An operation begins. Was something over that its session had not seen? One that comes from elsewhere is let in first. */
  begins(cloudlet: CloudletId, session: Past, op: ClientOp): boolean {
    return op.kind !== "attach" && this.#join(session, this.#of(cloudlet));
  }

  /** An operation is over. */
  ends(cloudlet: CloudletId, session: Past, result: ClientResult): void {
    if (result.kind !== "refused") this.#join(this.#of(cloudlet), session);
  }

  /** Names the records of these pasts. */
  keep(keep: (record: number) => void): void {
    for (const { context } of this.#shared) context.forEach(keep);
  }

  /** Records are given up; the others, these among them, take new numbers. */
  renumber(to: Renumbering): void {
    for (const { context } of this.#shared) to.list(context);
  }

  #of(cloudlet: CloudletId): Past {
    return this.#shared[cloudlet] as Past;
  }

  // For every x of a past some y of its context has x at or before y: so with all of them absorbed nothing is left out.
  #join(into: Past, from: Past): boolean {
    const before = into.clock;
    for (const record of from.context) absorb(this.#pasts, into, record);
    return into.clock !== before;
  }
}
