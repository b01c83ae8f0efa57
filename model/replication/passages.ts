// How sessions leave a cloudlet and come in: what one is given to take along, whether one is let in with what it brings, and
// who waits for the disk to have that. Packing and judging bundles is in moving.ts, sessions in sessions.ts.

import type { CloudletId, OpId, SessionId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import type { Arriving } from "./carried.ts";
import type { Refusal } from "./draft.ts";
import type { Holdings } from "./holdings.ts";
import type { ClientOp, ClientResult } from "./io.ts";
import type { UnstoredLog } from "./log.ts";
import { missingFrom, packBundle } from "./moving.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import type { Session, Sessions } from "./sessions.ts";
import { readAs } from "./wire.ts";
import type { WireConfig } from "./wire-config.ts";

/** A request to leave, and one to be let in. */
export type DetachOp = Extract<ClientOp, { kind: "detach" }>;
export type AttachOp = Extract<ClientOp, { kind: "attach" }>;

/** What passages need to know about their replica. */
export interface PassagesConfig {
  readonly topology: Topology;
  readonly self: CloudletId;
  readonly rules: Rules;
  readonly wire: WireConfig;
}

/** The comings and goings of one replica. */
export class Passages {
  readonly #config: PassagesConfig;
  readonly #holdings: Holdings;
  readonly #sessions: Sessions;
  #arriving: readonly Arriving[];

  constructor(config: PassagesConfig, holdings: Holdings, sessions: Sessions, like: Passages | null = null) {
    this.#config = config;
    this.#holdings = holdings;
    this.#sessions = sessions;
    this.#arriving = like === null ? [] : like.#arriving;
  }

  /** Who waits for the disk. */
  get arriving(): readonly Arriving[] {
    return this.#arriving;
  }

  /**
   * A session leaves. What is not stored yet stays: nothing unstored escapes. Nor does what a session that is behind wrote here,
   * and waits: so whoever knows a record of this cloudlet knows that it is applied here, and all before it.
   */
  leave(id: SessionId, session: Session, op: DetachOp, log: UnstoredLog): ClientResult {
    const { to, applied, bytesMax, forGood = false } = op;
    if (forGood) return { kind: "detached", context: this.#sessions.detach(id), bundle: null, applied: [] };
    const { topology, self, rules } = this.#config;
    const unstored = new Set(
      log.entries().flatMap(({ stored, early }) => (early || stored.kind === "cut" ? [] : [stored])),
    );
    const find = (dot: Dot): CausalRecord | null => {
      const held = this.#holdings.index.find(dot);
      if (held === null || unstored.has(held)) return null;
      return dot.origin === self && !this.#holdings.hasApplied(dot) ? null : held;
    };
    const here = this.#holdings.appliedOf(null);
    const writtenThere = here
      .filter(({ origin }) => origin === to)
      .map(({ ranges, ...writer }) => ({ ...writer, sequence: ranges.at(-1)?.last ?? 0 }));
    const packing =
      to === null
        ? null
        : { topology, destination: to, applied, writtenThere, find, bytesMax, isClosed: rules.packsPasts() };
    const bundle = packing === null ? null : packBundle(this.#sessions.pastOf(session).context.dots(), packing);
    const context = this.#sessions.detach(id);
    return { kind: "detached", context, bundle, applied: here };
  }

  /**
   * What of a bundle is to be taken in, or why none of it is. What was lost here for good stays lost: what followed it has
   * been applied without it.
   */
  taken(bundle: readonly CausalRecord[] | null): readonly CausalRecord[] | Refusal {
    const { topology, self, rules, wire } = this.#config;
    const brought = (bundle ?? [])
      .filter(({ dot }) => !this.#holdings.room.isGoneForGood(dot))
      .map((record) => readAs(record, wire.most));
    const foreign = brought.find(({ dot }) => !topology.reaches(dot.stream, self));
    if (foreign !== undefined) {
      const why = "the bundle brings records of a stream that does not reach this cloudlet";
      return { kind: "refused", code: "bundleForeign", why, missing: [foreign.dot] };
    }
    const { index } = this.#holdings;
    const judging = { lacks: (dot: Dot) => this.#holdings.lacks(dot), find: (dot: Dot) => index.find(dot) };
    const missing = rules.trustsBundles() ? [] : missingFrom(brought, judging);
    if (missing.length === 0) return rules.takesOfBundle(brought);
    const why = "records of the bundle need others that are neither applied here nor in it";
    return { kind: "refused", code: "bundleNotClosed", why, missing };
  }

  /** A session begins here that comes from elsewhere; it waits for what it brings, if some of that was missing here. */
  letIn(id: SessionId, op: OpId, { context }: AttachOp, brought: readonly CausalRecord[], logEnd: number): void {
    this.#sessions.attach(id, context).open = op;
    const isWaiting = brought.some(({ dot }) => this.#holdings.lacks(dot));
    this.#arriving = [...this.#arriving, { session: id, id: op, position: isWaiting ? logEnd : 0 }];
  }

  /** Those who need not wait any longer. */
  takeReady(storedUpTo: number): readonly Arriving[] {
    const ready = this.#arriving.filter(({ position }) => position <= storedUpTo);
    this.#arriving = this.#arriving.filter(({ position }) => position > storedUpTo);
    return ready;
  }
}
