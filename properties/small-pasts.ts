// The true pasts of the sessions of a small world, one bit per record; and those of cloudlets whose operations are ordered:
// what was over there when an operation begins is in its past, whoever asked.

import type { CloudletId, SessionId } from "../model/ids.ts";
import type { ClientOp } from "../model/replication/io.ts";
import type { Causality } from "../model/replication/standing.ts";

/** All pasts of one world. */
export class SmallPasts {
  readonly bySession = new Map<SessionId, bigint>();
  /** Operations that followed what another session had done at their cloudlet, and their own had not seen. */
  followed = 0;
  readonly #isOrdered: boolean;
  readonly #byCloudlet = new Map<CloudletId, bigint>();

  constructor(causality: Causality) {
    this.#isOrdered = causality === "cloudlet";
  }

  /** What this session has seen. */
  of(session: SessionId): bigint {
    return this.bySession.get(session) ?? 0n;
  }

  /** A cloudlet's order ends with its process. */
  restarted(id: CloudletId): void {
    this.#byCloudlet.delete(id);
  }

  /** An operation begins: what it follows. A session that comes from elsewhere is let in first. */
  begins(id: CloudletId, session: SessionId, op: ClientOp): bigint {
    const own = this.of(session);
    if (!this.#isOrdered || op.kind === "attach") return own;
    const shared = this.#byCloudlet.get(id) ?? 0n;
    if ((shared & ~own) > 0n) this.followed += 1;
    this.bySession.set(session, own | shared);
    return own | shared;
  }

  /** An operation is over, and its session has seen this; whatever begins at its cloudlet now follows it. */
  over(id: CloudletId, session: SessionId, past: bigint): void {
    const shared = this.#isOrdered ? past | (this.#byCloudlet.get(id) ?? 0n) : past;
    if (this.#isOrdered) this.#byCloudlet.set(id, shared);
    this.bySession.set(session, shared);
  }
}
