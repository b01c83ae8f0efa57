// The sessions of a small world that move: they leave, for a cloudlet that is known or not, with a bundle that is small enough
// or not, and go on there, or elsewhere, or give their past up. Checks by brute force what they take along and what every
// answer says of what is missing. For worlds with one plan.

import { assert } from "../model/assert.ts";
import type { CloudletId, SessionId } from "../model/ids.ts";
import type { Rng } from "../model/random.ts";
import { pick } from "../model/random.ts";
import type { ClientOp, ClientResult } from "../model/replication/io.ts";
import type { Covered } from "../model/replication/messages.ts";
import type { CarriedContext } from "../model/replication/carried.ts";
import { dotName, sameDot } from "../model/replication/record.ts";
import type { CausalRecord, Dot } from "../model/replication/record.ts";
import type { Topology } from "../model/topology/topology.ts";
import type { Bytes } from "../model/units.ts";
import { cannotReturn } from "./liveness.ts";
import type { SmallDisk } from "../model/testing/small-disk.ts";
import type { Told } from "./small-truth.ts";

/** A session between two cloudlets. */
interface Traveller {
  readonly session: SessionId;
  readonly context: CarriedContext;
  readonly bundle: readonly CausalRecord[] | null;
  readonly to: CloudletId;
}

/** The answers to moving. */
type Left = Extract<ClientResult, { kind: "detached" }>;
type Attached = Extract<ClientResult, { kind: "attached" }>;

/** A cloudlet, as far as travellers look at it. */
interface Station {
  sessions: SessionId[];
  readonly disk: SmallDisk;
  readonly applied: bigint;
}

/** What travellers need of their world. */
export interface TravelSurroundings {
  readonly rng: Rng;
  readonly topology: Topology;
  readonly hosts: readonly Station[];
  /** The true past of each session, one bit per record. */
  readonly pasts: ReadonlyMap<SessionId, bigint>;
  readonly told: readonly Told[];
  /** Takes sentences. */
  readonly violations: string[];
  ask(id: CloudletId, session: SessionId, op: ClientOp): void;
  newSession(): SessionId;
}

/** All sessions of a world that are on their way or have been. */
export class Travellers {
  readonly #world: TravelSurroundings;
  readonly #underWay: Traveller[] = [];
  // Sessions whose cloudlet has not answered yet that they go on there.
  readonly #arriving = new Map<SessionId, Traveller>();
  // What cloudlets said they had applied when the session left them.
  readonly #applied = new Map<SessionId, Map<CloudletId, readonly Covered[]>>();
  // The pasts that clients gave up, by the session that they began instead.
  readonly #forgone = new Map<SessionId, bigint>();
  #left: Left | null = null;
  movedCount = 0;
  #refusedCount = 0;
  behindCount = 0;
  #regressedCount = 0;
  // Sessions that were answered in this step, and not told that they are behind.
  #unmarked: SessionId[] = [];

  constructor(world: TravelSurroundings) {
    this.#world = world;
  }

  /** What happened how often. */
  counts(): { readonly moved: number; readonly refused: number; readonly regressed: number } {
    return { moved: this.movedCount, refused: this.#refusedCount, regressed: this.#regressedCount };
  }

  /** Does this session wait to be let in? */
  isArriving(session: SessionId): boolean {
    return this.#arriving.has(session);
  }

  /** The past that this session's client gave up when it began; empty for nearly all. */
  forgone(session: SessionId): bigint {
    return this.#forgone.get(session) ?? 0n;
  }

  /** Some session of this cloudlet leaves, unless it waits for an answer; or one that is under way arrives. */
  stir(id: CloudletId, open: { has(session: SessionId): boolean }): void {
    if (this.#world.rng.chance(400_000)) this.#leave(id, open);
    else this.#arrive();
  }

  #leave(id: CloudletId, open: { has(session: SessionId): boolean }): void {
    const { rng, topology } = this.#world;
    const { sessions } = this.#at(id);
    const free = sessions.filter((session) => !open.has(session) && !this.#arriving.has(session));
    if (free.length === 0) return;
    const session = pick(rng, free);
    const to = pick(rng, topology.cloudlets).id;
    const known = this.#applied.get(session) ?? new Map<CloudletId, readonly Covered[]>();
    const bytesMax = (rng.chance(200_000) ? 100 : 1_000_000) as Bytes;
    const applied = known.get(to) ?? [];
    this.#left = null;
    this.#world.ask(id, session, { kind: "detach", to: rng.chance(200_000) ? null : to, applied, bytesMax });
    const left = this.#left as Left | null;
    assert(left !== null, "a session that waits for nothing may leave at once");
    sessions.splice(sessions.indexOf(session), 1);
    this.#checkBundle(id, session, to, left.bundle ?? []);
    this.#applied.set(session, known.set(id, left.applied));
    // One in ten ends up elsewhere than its bundle was packed for.
    const goal = rng.chance(100_000) ? pick(rng, topology.cloudlets).id : to;
    this.#underWay.push({ session, context: left.context, bundle: left.bundle, to: goal });
  }

  /** A cloudlet's answer to one that leaves or comes. */
  heard(id: CloudletId, session: SessionId, result: Exclude<ClientResult, { kind: "written" | "read" }>): void {
    if (result.kind === "detached") this.#left = result;
    else if (result.kind === "attached") this.#attached(id, session, result);
    else this.#refused(id, session);
  }

  // Some session goes on elsewhere, or gives its past up and begins anew.
  #arrive(): void {
    const { rng } = this.#world;
    if (this.#underWay.length === 0) return;
    const [traveller] = this.#underWay.splice(rng.intInclusive(this.#underWay.length - 1), 1) as [Traveller];
    const { context, to, bundle } = traveller;
    const isForgoing = rng.chance(150_000);
    const session = isForgoing ? this.#world.newSession() : traveller.session;
    if (isForgoing) this.#forgone.set(session, this.#pastOf(traveller.session));
    else this.#arriving.set(session, traveller);
    this.#at(to).sessions.push(session);
    this.#world.ask(to, session, { kind: "attach", policy: isForgoing ? "forgo" : "carry", context, bundle });
  }

  #attached(id: CloudletId, session: SessionId, { state, behind }: Attached): void {
    this.movedCount += 1;
    if ((state === "forgone") === this.#arriving.has(session)) {
      this.#violate(`move: cloudlet ${id} said ${state} to session ${session}`);
    }
    this.#arriving.delete(session);
    this.answered(id, session, behind);
  }

  // A bundle was refused: the session has not begun, and its client tries without.
  #refused(id: CloudletId, session: SessionId): void {
    const traveller = this.#arriving.get(session);
    if (traveller === undefined) return;
    if (traveller.bundle === null) this.#violate(`move: cloudlet ${id} refused what has no bundle`);
    this.#refusedCount += 1;
    this.#arriving.delete(session);
    const { sessions } = this.#at(id);
    sessions.splice(sessions.indexOf(session), 1);
    this.#underWay.push({ ...traveller, bundle: null });
  }

  /** The process of these died. A client that was not told that its session goes on there still has what it carries. */
  crashed(sessions: readonly SessionId[]): void {
    for (const session of sessions) {
      const traveller = this.#arriving.get(session);
      if (traveller !== undefined) this.#underWay.push(traveller);
      this.#arriving.delete(session);
    }
  }

  // Only what is in the session's past moves, and only to where flows lead it; nothing unstored escapes.
  #checkBundle(from: CloudletId, session: SessionId, to: CloudletId, bundle: readonly CausalRecord[]): void {
    const { topology } = this.#world;
    const past = this.#pastOf(session);
    for (const record of bundle) {
      const { scope } = topology.streams[record.dot.stream] ?? { scope: -1 };
      const isStored = this.#at(from).disk.holds(record.dot) || topology.scopes[scope]?.durability === "memory";
      if (this.#isWithin(record.dot, past) && topology.reaches(record.dot.stream, to) && isStored) continue;
      const name = dotName(record.dot);
      this.#violate(`bundle: ${name} is no stored part of the past of session ${session} that reaches ${to}`);
    }
  }

  /** A session was answered: what it is told to be behind of is of its past, due here, and not applied before the step. */
  answered(id: CloudletId, session: SessionId, behind: readonly Dot[] | undefined): void {
    if (behind === undefined) {
      this.#unmarked.push(session);
      return;
    }
    this.behindCount += 1;
    const missing = this.#pastOf(session) & ~this.#at(id).applied;
    for (const dot of behind) {
      if (this.#isWithin(dot, missing) && this.#world.topology.reaches(dot.stream, id)) continue;
      this.#violate(`behind: cloudlet ${id} names ${dotName(dot)}, which is applied or not of the past`);
    }
    if (behind.length === 0) this.#violate(`behind: cloudlet ${id} does not say what of`);
  }

  /** A session has read: what is it told, and was that older than what its client gave up? */
  hasRead(id: CloudletId, session: SessionId, behind: readonly Dot[] | undefined): void {
    this.answered(id, session, behind);
    if ((this.forgone(session) & this.due(id, ~this.#at(id).applied)) > 0n) this.#regressedCount += 1;
  }

  /** A step is over: whoever was told of nothing missing has nothing missing. */
  stepped(id: CloudletId): void {
    for (const session of this.#unmarked) {
      if (this.due(id, this.#pastOf(session) & ~this.#at(id).applied) === 0n) continue;
      this.#violate(`behind: cloudlet ${id} does not say that session ${session} is behind`);
    }
    this.#unmarked = [];
  }

  /**
   * What a new record replaces beyond what it names. A session that has moved may have versions in its past that its cloudlet
   * cannot name; wherever its write is applied, all versions of its past give way to it.
   */
  replacedUnnamed(id: CloudletId, record: CausalRecord, past: bigint): bigint {
    if (this.movedCount === 0) return 0n;
    if (record.moved !== true) {
      if (this.due(id, past & ~this.#at(id).applied) > 0n) {
        this.#violate(`behind: ${dotName(record.dot)} does not say that its session has moved`);
      }
      return 0n;
    }
    return this.#world.told.reduce((replaced, told, at) => {
      const bit = 1n << BigInt(at);
      return told.record.key === record.key && (past & bit) > 0n ? replaced | bit | told.replaced : replaced;
    }, 0n);
  }

  /**
   * Of records that are missing at a cloudlet, those that it has to wait for: what cannot return and is not held there is not
   * waited for, nor what is known there only through it.
   */
  due(id: CloudletId, missing: bigint): bigint {
    const { topology } = this.#world;
    let due = 0n;
    let excused = 0n;
    for (const [at, { record, past }] of this.#world.told.entries()) {
      const bit = 1n << BigInt(at);
      if ((missing & bit) === 0n) continue;
      if (cannotReturn(topology, id, record.dot) && !this.#isHeld(id, record)) excused |= past;
      else if (topology.reaches(record.dot.stream, id)) due |= bit;
    }
    return due & ~excused;
  }

  #at(id: CloudletId): Station {
    return this.#world.hosts[id] as Station;
  }

  #pastOf(session: SessionId): bigint {
    return this.#world.pasts.get(session) ?? 0n;
  }

  #isWithin(dot: Dot, past: bigint): boolean {
    const index = this.#world.told.findIndex(({ record }) => sameDot(record.dot, dot));
    return index >= 0 && ((past >> BigInt(index)) & 1n) === 1n;
  }

  #isHeld(id: CloudletId, record: CausalRecord): boolean {
    const { disk } = this.#at(id);
    return disk.holds(record.dot) || disk.unsynced.includes(record);
  }

  #violate(sentence: string): void {
    this.#world.violations.push(sentence);
  }
}
