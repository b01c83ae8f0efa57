// One neighbour: whether the way to it is open, the greetings exchanged, and the two halves of the link.
//
// How a connection begins, told for both ends at once:
// 1. The way opens. Each end greets with what it has, and asks for the other's greeting.
// 2. A greeting that is new (another incarnation or round) starts the sender: what the greeting names is not sent.
// 3. Every greeting says which one of the other end its speaker has heard last. Only an end that finds its own there is
//    done; until then it greets again and again. (A greeting of an ended process may arrive late, before that of its
//    successor, which is lost: believing it would leave the successor without what it said to have.)
// 4. An end that is asked answers: at once what is new, else unless it has answered just now.
// 5. Where no way leads back no greeting ever comes: after the second try the sender starts from the beginning.

import type { CloudletId, Incarnation, ScopeId } from "../ids.ts";
import type { Adjacency } from "../topology/topology.ts";
import { holds } from "./cut.ts";
import type { AbstractTime } from "./io.ts";
import type { AckMessage, HelloMessage, Known, Range } from "./messages.ts";
import { Receiver } from "./receiver.ts";
import { compareDots } from "./record.ts";
import { Sender } from "./sender.ts";
import { agreedVersion } from "./wire.ts";
import type { Speaks } from "./wire.ts";

/** First wait for a greeting, microseconds; doubled with every try. */
const greetingWait = 1_000_000;
const greetingWaitMax = 32_000_000;
/** A greeting sent less than this ago may still be on its way. */
const greetingFresh = 500_000;
/** Greetings without an answer before the sender starts blindly. */
const triesBeforeBlind = 2;

// Most neighbours have nothing yet when they greet, and hold on to no list of their own for that.
const nothing: ReadonlyMap<number, readonly Range[]> = new Map();
const nothingTold: readonly Known[] = [];

/** A neighbour and the conversation with it. */
export class Peer {
  readonly id: CloudletId;
  /** What flows between the two under the present plan: nothing when they are no neighbours under it. */
  adjacency: Adjacency;
  /** Made when the first scope flows that way, and kept: epochs never count anew. */
  sender: Sender | null;
  receiver: Receiver | null;
  up = false;
  /** Its place among the neighbours, and where it stands among those that wait for an acknowledgement, -1 for nowhere: neighbourhood.ts. */
  place = 0;
  listedAt = -1;
  /** Counts our greetings' rounds: one per opening of the way. */
  round = 0;
  /** True once the other has said that it heard the greeting of this round. */
  heard = false;
  #greetedAt = -greetingFresh;
  #tries = 0;
  #theirIncarnation: Incarnation | null = null;
  #theirRound = 0;
  #theySpeak: Speaks | null = null;
  // What the peer said it has: ranges per slot of this replica's writer table.
  #has = nothing;
  // The same in the peer's words. Slots are numbered as writers are first heard of: they name nothing in a fingerprint.
  #told = nothingTold;
  // What flows from it, as a set: made when it is greeted.
  #incoming: ReadonlySet<ScopeId> | null = null;

  constructor(adjacency: Adjacency, like?: Peer) {
    this.id = adjacency.peer;
    this.adjacency = adjacency;
    this.sender =
      like?.sender?.clone() ?? (adjacency.out.length > 0 ? new Sender(adjacency.peer, adjacency.out) : null);
    this.receiver = like?.receiver?.clone() ?? (adjacency.in.length > 0 ? new Receiver(adjacency.peer) : null);
    if (like === undefined) return;
    this.up = like.up;
    this.round = like.round;
    this.heard = like.heard;
    this.#greetedAt = like.#greetedAt;
    this.#tries = like.#tries;
    this.#theirIncarnation = like.#theirIncarnation;
    this.#theirRound = like.#theirRound;
    this.#theySpeak = like.#theySpeak;
    this.#has = like.#has;
    this.#told = like.#told;
  }

  /** The scopes that flow from it under the present plan. */
  get incoming(): ReadonlySet<ScopeId> {
    this.#incoming ??= new Set(this.adjacency.in);
    return this.#incoming;
  }

  /** Are the two neighbours under the present plan? */
  get isNeighbour(): boolean {
    return this.adjacency.out.length + this.adjacency.in.length > 0;
  }

  /**
   * Another plan: other scopes may flow, and others may have reached the peer before. A sender goes through its whole apply
   * order again, since it passed over what was not for the peer then; the greeting says what the peer has.
   */
  adopt(adjacency: Adjacency, forgetsPositions: boolean): void {
    this.adjacency = adjacency;
    this.#incoming = null;
    if (forgetsPositions) this.sender?.forget();
    if (adjacency.out.length > 0) this.sender ??= new Sender(this.id, adjacency.out);
    if (adjacency.in.length > 0) this.receiver ??= new Receiver(this.id);
  }

  /** The way opened. */
  opened(): void {
    this.up = true;
    this.heard = false;
    this.round += 1;
    this.#tries = 0;
    this.#theirRound = 0;
    // What a former connection learned may no longer be true, and here no greeting may ever come to say so.
    this.#has = nothing;
    this.#told = nothingTold;
    this.#greetedAt = -greetingFresh;
  }

  /** The way closed. */
  closed(): void {
    this.up = false;
    this.sender?.stop();
  }

  /** Everything up to this position is stored here: what the peer is to be told of it; null when nothing. */
  acknowledgement(storedUpTo: number): AckMessage | null {
    this.receiver?.stored(storedUpTo);
    return this.up ? (this.receiver?.acknowledgement() ?? null) : null;
  }

  /** We greet now, with this. */
  greeting(now: number, from: Pick<HelloMessage, "incarnation" | "speaks" | "known">): HelloMessage {
    this.#greetedAt = now;
    this.#tries += 1;
    const { incarnation, known } = from;
    const speaks = { least: from.speaks.least, most: from.speaks.most };
    return { kind: "hello", round: this.round, hears: this.hears, asks: !this.heard, incarnation, speaks, known };
  }

  /** Microseconds until we should greet again if nothing is heard. */
  greetingTimeout(): number {
    return Math.min(greetingWait * (1 << Math.min(5, Math.max(0, this.#tries - 1))), greetingWaitMax);
  }

  /** Has it been silent long enough to start sending without a greeting? */
  isSilent(): boolean {
    return !this.heard && this.#tries >= triesBeforeBlind;
  }

  /** May our own greeting still be on its way? */
  greetedJustNow(now: number): boolean {
    return now - this.#greetedAt < greetingFresh;
  }

  /**
   * Takes a greeting in. `late`: sent by a process that has ended since, not to be believed; `again`: heard before,
   * nothing to do; `sameLife`: the process we spoke with last.
   *
   * @param own this replica's incarnation
   */
  hear(
    message: HelloMessage,
    has: ReadonlyMap<number, readonly Range[]>,
    own: Incarnation,
  ): "late" | "again" | "sameLife" | "newLife" {
    if (this.isFormerLife(message.incarnation)) return "late";
    if (message.hears.incarnation === own && message.hears.round === this.round) this.heard = true;
    if (message.incarnation === this.#theirIncarnation && message.round === this.#theirRound) return "again";
    const life = message.incarnation === this.#theirIncarnation ? "sameLife" : "newLife";
    this.#theirIncarnation = message.incarnation;
    this.#theirRound = message.round;
    this.#theySpeak = message.speaks;
    this.#has = has.size === 0 ? nothing : has;
    this.#told = message.known.length === 0 ? nothingTold : message.known;
    return life;
  }

  /** The other's greeting that was heard last. */
  get hears(): HelloMessage["hears"] {
    return { incarnation: this.#theirIncarnation ?? 0, round: this.#theirRound };
  }

  /** The version to write to it in: the highest that both know, `own.least` while it was never heard; null: none. */
  version(own: Speaks): number | null {
    return this.#theySpeak === null ? own.least : agreedVersion(own, this.#theySpeak);
  }

  /** Does this come from a process that ended before the one we hear? */
  isFormerLife(incarnation: Incarnation): boolean {
    return this.#theirIncarnation !== null && incarnation < this.#theirIncarnation;
  }

  /** Did its greeting name this record? */
  has(slot: number, sequence: number): boolean {
    const ranges = this.#has.get(slot);
    return ranges !== undefined && holds(ranges, sequence);
  }

  /** What its greeting named of the writer in this slot. */
  hasOf(slot: number): readonly Range[] {
    return this.#has.get(slot) ?? [];
  }

  /** Did its greeting name anything at all? */
  get hasAny(): boolean {
    return this.#has.size > 0;
  }

  /** The process that we heard last; 0 when none. */
  get life(): Incarnation | 0 {
    return this.#theirIncarnation ?? 0;
  }

  /** A copy that shares nothing mutable. */
  clone(): Peer {
    return new Peer(this.adjacency, this);
  }

  /** The state as numbers, for fingerprints: canonical, whatever order writers were heard of in. `time`: see `AbstractTime`. */
  state(time: AbstractTime | null): readonly number[] {
    const told = this.#told.map((known) => ({ ...known, sequence: 0 })).sort(compareDots);
    const has = told.flatMap(({ stream, origin, incarnation, ranges }) => [
      stream,
      origin,
      incarnation,
      ranges.length,
      ...ranges.flatMap(({ first, last }) => [first, last]),
    ]);
    // How often it has greeted matters until it is heard, and then only whether that was often enough.
    const [greeted, tries] =
      time === null
        ? [this.#greetedAt, this.#tries]
        : [Number(this.greetedJustNow(time.now)), this.heard ? 0 : Math.min(this.#tries, triesBeforeBlind)];
    const greetings = [this.round, greeted, tries, this.#theirIncarnation ?? 0, this.#theirRound];
    const sending = this.sender?.state(time) ?? [];
    const receiving = this.receiver?.state() ?? [];
    const flags = [Number(this.up), Number(this.heard)];
    const versions = [this.#theySpeak?.least ?? 0, this.#theySpeak?.most ?? 0];
    return [this.id, ...flags, ...greetings, ...versions, has.length, ...has, sending.length, ...sending, ...receiving];
  }
}
