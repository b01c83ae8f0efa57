// Where a client that moves is, and what it has in hand. Its schedule says where it is to be from which moment on, or that it
// is out of reach of every cloudlet. It leaves with `detach` and goes on with `attach` as soon as it is where it is to be;
// what it wants to ask meanwhile it has to keep.
//
// 1. A client takes its past along only where its cloudlet's process lives to hand it out: with a process that dies, the
//    session is over, and the client begins a new one at the next cloudlet.
// 2. A bundle is asked for where the schedule says which cloudlet comes next. One that is refused is dropped, and the client
//    comes again without it.
// 3. A client that was not let in when a process died still has what it carries, and comes again.
//
// Leaves out asking and waiting (client.ts).

import { assert } from "../../model/assert.ts";
import type { CloudletId, SessionId } from "../../model/ids.ts";
import type { CarriedContext } from "../../model/replication/carried.ts";
import type { ClientOp, ClientResult } from "../../model/replication/io.ts";
import type { Covered } from "../../model/replication/messages.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import { bytes, type Instant } from "../../model/units.ts";
import type { Travel } from "../scenario/scenario.ts";

/** A stop of a schedule: where the client is to be from then on; null: out of reach. */
export interface Stop {
  readonly at: Instant;
  readonly to: CloudletId | null;
}

/** A session's past between two cloudlets. */
interface Baggage {
  /** The session that it is of. */
  readonly session: SessionId;
  readonly context: CarriedContext;
  readonly bundle: readonly CausalRecord[] | null;
}

/** One client's way. */
export class Journey {
  /** Where the schedule wants it now; null: out of reach. */
  goal: CloudletId | null;
  /** `settled`: at a cloudlet that serves it; `leaving` and `arriving`: waits for its cloudlet to let it out or in. */
  phase: "settled" | "leaving" | "between" | "arriving" = "settled";
  /** When each request came up that waits at the client, the oldest first. */
  readonly waitingSince: Instant[] = [];
  readonly isForgoing: boolean;
  readonly #stops: readonly Stop[];
  readonly #bundle: number | null;
  #nextStop = 0;
  #baggage: Baggage | null = null;
  // What each cloudlet said it had applied when the client left it last.
  readonly #applied = new Map<CloudletId, readonly Covered[]>();

  constructor(start: CloudletId, { policy, bundle }: Travel, stops: readonly Stop[]) {
    this.goal = start;
    this.isForgoing = policy === "forgo";
    this.#bundle = bundle;
    this.#stops = stops;
    if (stops[0]?.at !== 0) return;
    this.turn();
    if (this.goal !== start) this.phase = "between";
  }

  /** When the schedule next wants it elsewhere; null: never. */
  get turnsAt(): Instant | null {
    return this.#stops[this.#nextStop]?.at ?? null;
  }

  /** The session whose past it has in hand; null when it has none. */
  get carries(): SessionId | null {
    return this.#baggage?.session ?? null;
  }

  /** The schedule's next stop is due. */
  turn(): void {
    const stop = this.#stops[this.#nextStop];
    assert(stop !== undefined, "a stop beyond the last one");
    this.#nextStop += 1;
    this.goal = stop.to;
  }

  /** The request to leave. Who gives its past up needs nothing of it. Where it comes back to the cloudlet that it leaves, that one has all there is. */
  leave(from: CloudletId): ClientOp {
    this.phase = "leaving";
    const next = this.goal ?? this.#stops.slice(this.#nextStop).find(({ to }) => to !== null)?.to ?? null;
    const to = this.#bundle === null || this.isForgoing || next === from ? null : next;
    const applied = (to === null ? undefined : this.#applied.get(to)) ?? [];
    return { kind: "detach", to, applied, bytesMax: bytes(this.#bundle ?? 0) };
  }

  /** The request to be let in; the client carries something. */
  arrive(): ClientOp {
    assert(this.#baggage !== null, "a client that carries nothing begins without being let in");
    this.phase = "arriving";
    const { context, bundle } = this.#baggage;
    return this.isForgoing
      ? { kind: "attach", policy: "forgo", context, bundle: null }
      : { kind: "attach", policy: "carry", context, bundle };
  }

  /** The answer to one of these requests, from the cloudlet where the client is. */
  answered(at: CloudletId, session: SessionId, result: ClientResult): void {
    if (this.phase === "leaving") {
      assert(result.kind === "detached", "a session that waits for nothing may leave");
      this.#applied.set(at, result.applied);
      this.#baggage = { session, context: result.context, bundle: result.bundle };
      this.phase = "between";
      return;
    }
    assert(this.phase === "arriving" && this.#baggage !== null, "an answer to a move that was not asked for");
    if (result.kind === "attached") {
      this.#baggage = null;
      this.phase = "settled";
      return;
    }
    assert(result.kind === "refused" && this.#baggage.bundle !== null, "a session that brings nothing is let in");
    this.#baggage = { ...this.#baggage, bundle: null };
    this.phase = "between";
  }

  /** The process that served it, or was to let it out or in, died. False when the session was not lost with it. */
  losesSession(): boolean {
    if (this.phase === "arriving") {
      this.phase = "between";
      return false;
    }
    if (this.phase === "leaving") this.phase = "between";
    return true;
  }
}
