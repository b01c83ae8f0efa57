// A session as the ground truth knows it, and how its past grows.
//
// The past of a write is a prefix of every session's writes, so a vector clock over sessions holds it exactly, and "x is
// in the past of y" costs three loads (clock.ts). Beside it each write keeps its *nearest past*, the list that causal
// delivery tests: some y with every x of the past at or before a y whose stream reaches everyone that x's reaches.
//   Invariant of a session's context K: for every x in its past there is y in K with x = y or x before y, and
//   reach(stream x) within reach(stream y).
//   - Reading or overwriting v adds v, and those of v's list that v does not cover: what is before v is covered by v's
//     list (the invariant when v was written) and hence by K. Elements that another one covers are dropped; covering is
//     transitive, so the invariant stays.
//   - Writing w takes K as w's list; then w replaces all that reaches nobody whom w does not reach.

import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { Instant } from "../../model/units.ts";
import { type Clock, merged, ZERO_CLOCK } from "./clock.ts";
import type { FamilyReach } from "./family-reach.ts";
import type { Renumbering } from "./renumbering.ts";
import type { IntColumn, IntLists } from "./tables.ts";

// No client has this number.
const NO_CLIENT = -1 as SessionId;

/** A session as the truth knows it. */
export interface SessionTruth {
  /** Dense, by first request. */
  readonly index: number;
  readonly id: SessionId;
  /** Where it is, or was last. */
  cloudlet: CloudletId;
  /** True from its first move on: only then can it be behind, unless all operations of its cloudlet are ordered. */
  hasMoved: boolean;
  /** Whether the answer that is being told is marked: given behind. */
  isBehind: boolean;
  /** The session whose past its client gave up when this one began; null for nearly all. */
  readonly former: SessionTruth | null;
  /** How many writes it has made. */
  writes: number;
  /** Its past, its own writes included. */
  clock: Clock;
  /** The nearest of its past. */
  context: number[];
  /** The request it waits for. */
  open: {
    readonly at: Instant;
    readonly id: OpId;
    readonly op: ClientOp;
    readonly overwrites: readonly number[];
    /** Something was over at its cloudlet that only the order of the cloudlet puts into its past. */
    readonly followsOthers: boolean;
  } | null;
}

/** All sessions of a run. */
export class SessionRoll {
  /** In the order of their first request. */
  readonly all: SessionTruth[] = [];
  readonly #byId = new Map<SessionId, SessionTruth>();

  /** The session of that id, unless it never asked. */
  find(id: SessionId): SessionTruth | undefined {
    return this.#byId.get(id);
  }

  /** The same; one that begins has seen nothing. */
  at(cloudlet: CloudletId, id: SessionId, former: SessionTruth | null = null): SessionTruth {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const session = this.#begun(cloudlet, id, former);
    this.#byId.set(id, session);
    return session;
  }

  /** One that stands for a single record which a replica writes by itself: it never asks, and nobody finds it. */
  unasked(cloudlet: CloudletId): SessionTruth {
    return this.#begun(cloudlet, NO_CLIENT, null);
  }

  /** A session that was `former` before goes on here. */
  moved(cloudlet: CloudletId, id: SessionId, former: SessionId): void {
    const session = this.at(cloudlet, id, id === former ? null : (this.find(former) ?? null));
    session.cloudlet = cloudlet;
    session.hasMoved = true;
  }

  /** Names the records that sessions have in their contexts, or are about to overwrite. */
  keep(keep: (record: number) => void): void {
    for (const { context, open } of this.all) {
      context.forEach(keep);
      open?.overwrites.forEach(keep);
    }
  }

  /** Records are given up; the others, these among them, take new numbers. */
  renumber(to: Renumbering): void {
    for (const session of this.all) {
      to.list(session.context);
      if (session.open === null) continue;
      session.open = { ...session.open, overwrites: session.open.overwrites.map((record) => to.of(record)) };
    }
  }

  #begun(cloudlet: CloudletId, id: SessionId, former: SessionTruth | null): SessionTruth {
    const nothing = { writes: 0, clock: ZERO_CLOCK, context: [], open: null };
    const session = { index: this.all.length, id, cloudlet, hasMoved: false, isBehind: false, former, ...nothing };
    this.all.push(session);
    return session;
  }
}

/** The pasts of records, as the truth keeps them. */
export interface Pasts {
  readonly clocks: readonly Clock[];
  readonly nearest: IntLists;
  readonly setOf: IntColumn;
  readonly reach: FamilyReach;
  isAtOrBefore(x: number, y: number): boolean;
  isWithin(x: number, clock: Clock): boolean;
}

/** Takes a record and its past into a session's past. */
export function absorb(pasts: Pasts, session: Pick<SessionTruth, "clock" | "context">, record: number): void {
  if (pasts.isWithin(record, session.clock)) return;
  addToContext(pasts, session.context, record);
  const set = pasts.setOf.data[record] as number;
  const items = pasts.nearest.items;
  const end = pasts.nearest.end(record);
  for (let at = pasts.nearest.begin(record); at < end; at += 1) {
    const other = items[at] as number;
    // What the session's past had already is covered by its context already.
    if (pasts.isWithin(other, session.clock)) continue;
    if (!pasts.reach.covers(set, pasts.setOf.data[other] as number)) addToContext(pasts, session.context, other);
  }
  session.clock = merged(session.clock, pasts.clocks[record] as Clock);
}

function addToContext(pasts: Pasts, context: number[], record: number): void {
  const set = pasts.setOf.data[record] as number;
  let kept = 0;
  for (let at = 0; at < context.length; at += 1) {
    const other = context[at] as number;
    const otherSet = pasts.setOf.data[other] as number;
    if (pasts.isAtOrBefore(record, other) && pasts.reach.covers(otherSet, set)) return;
    if (pasts.isAtOrBefore(other, record) && pasts.reach.covers(set, otherSet)) continue;
    context[kept] = other;
    kept += 1;
  }
  context.length = kept;
  context.push(record);
}
