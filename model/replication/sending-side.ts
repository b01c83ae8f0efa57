// What a replica lends to the senders of its links: its apply order, and who needs what of it. A view, made once; it holds
// nothing of its own.

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation, ScopeId } from "../ids.ts";
import { listOf } from "../lists.ts";
import type { Stream } from "../topology/topology.ts";
import { isRecord } from "./applied-log.ts";
import type { AppliedLog, Installation } from "./applied-log.ts";
import type { Cut } from "./cut.ts";
import type { Holdings } from "./holdings.ts";
import type { Identity } from "./identity.ts";
import type { Lanes } from "./lanes.ts";
import type { LogEntry } from "./log.ts";
import type { Covered, Message, Range, RecordsMessage, SnapshotMessage } from "./messages.ts";
import type { Peer } from "./peer.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import { batchBytes, type SendingSide } from "./sending.ts";
import type { Standing } from "./standing.ts";

/** What of the replica is not in its holdings. */
export interface Lender {
  readonly peers: readonly Peer[];
  /** The place of each among the peers. */
  readonly peerAt: ReadonlyMap<CloudletId, number>;
  /** Null: senders go through the log. */
  readonly lanes: Lanes | null;
  readonly identity: Identity;
  /** What is on its way to the disk. */
  unstored(): readonly LogEntry[];
  send(peer: Peer, message: Message): void;
}

/** The view of one replica; its topology is the plan in force, and may be another one later. */
export class LendingSide implements SendingSide {
  readonly #standing: Standing;
  readonly #rules: Rules;
  readonly #holdings: Holdings;
  readonly #lender: Lender;
  readonly #isAlone: boolean;
  readonly #batchBytes: number;
  // The scopes that flow to each peer under the first plan.
  readonly #carried: readonly ReadonlySet<ScopeId>[];
  // Of one peer many things are asked in a row: who was asked about last, and its place.
  #asked = -1;
  #place = 0;

  constructor(standing: Standing, holdings: Holdings, lender: Lender) {
    this.#standing = standing;
    this.#rules = standing.rules;
    this.#holdings = holdings;
    this.#lender = lender;
    this.#isAlone = standing.topology.plans.length === 1;
    this.#batchBytes = standing.batchBytes ?? batchBytes;
    this.#carried = listOf(lender.peers, (peer) => new Set(peer.adjacency.out));
  }

  get incarnation(): Incarnation {
    return this.#lender.identity.life;
  }

  get batchBytes(): number {
    return this.#batchBytes;
  }

  // Where replicas may go over to other plans no cut is ever taken (retention.ts): the log alone is repeated there.
  get keyCount(): number {
    return this.#isAlone ? this.#holdings.versions.size : Infinity;
  }

  get log(): AppliedLog {
    return this.#holdings.log;
  }

  next(peer: CloudletId, at: number, end: number): number {
    const { lanes } = this.#lender;
    return lanes === null ? at : lanes.next(this.#placeOf(peer), at, end);
  }

  forwards({ dot }: CausalRecord, peer: CloudletId): boolean {
    if (this.#lender.identity.keepsBack(dot)) return false;
    return this.#rules.forwards(this.#isCarried(dot, peer), dot.origin === this.#standing.self);
  }

  peerHas(peer: CloudletId, { dot }: CausalRecord): boolean {
    return this.#peer(peer).has(this.#holdings.writers.find(dot), dot.sequence);
  }

  carries({ covered }: Installation, peer: CloudletId): boolean {
    return covered.some((known) => this.#isCarried(known, peer));
  }

  peerHasAll(peer: CloudletId, { covered }: Installation): boolean {
    return covered.every((known) => !this.#isCarried(known, peer) || this.#lackedOf(known, peer) === 0);
  }

  // What is applied and the peer has not, less what of it the log retains: nothing, when the peer has all that is older.
  peerHasOlder(peer: CloudletId): boolean {
    const { log, writers } = this.#holdings;
    let lacking = 0;
    for (const known of this.#holdings.appliedOf(this.#scopesTo(peer))) lacking += this.#lackedOf(known, peer);
    const next = (at: number): number => this.next(peer, at, log.end);
    for (let at = next(log.base); at < log.end && lacking > 0; at = next(at + 1)) {
      const item = log.at(at);
      if (!isRecord(item) || !this.#isCarried(item.dot, peer)) continue;
      if (!this.#peer(peer).has(writers.find(item.dot), item.dot.sequence)) lacking -= 1;
    }
    return lacking === 0;
  }

  cutFor(peer: CloudletId, content: "applied" | "stored"): Cut | null {
    const scopes = this.#scopesTo(peer);
    const cut = content === "stored" ? this.#holdings.aheadCutOf(scopes) : this.#holdings.cutOf(scopes);
    // Of a doubled life nothing may leave, and a cut without it would not be closed: the next life takes the cut.
    const { identity } = this.#lender;
    const isDoubled = cut.applied.some((covered) => identity.keepsBack({ ...covered, sequence: 1 }));
    return cut.applied.length === 0 || isDoubled ? null : cut;
  }

  blockedAt(peer: CloudletId): number {
    const { blockedAt, pendingCuts } = this.#holdings;
    if (blockedAt === 0) return 0;
    const isOfUse = pendingCuts.some(
      ({ cut, from }) => from !== peer && cut.applied.some((known) => this.#isCarried(known, peer)),
    );
    return isOfUse ? blockedAt : 0;
  }

  unappliedFrom(peer: CloudletId): readonly CausalRecord[] {
    const unstored = this.#lender.unstored().flatMap(({ stored, from, early }) => {
      return from === peer && !early && stored.kind !== "cut" ? [stored] : [];
    });
    const waiting = this.#holdings.waiting().flatMap(({ record, from }) => (from === peer ? [record] : []));
    return [...unstored, ...waiting];
  }

  send(to: CloudletId, message: RecordsMessage | SnapshotMessage): void {
    this.#lender.send(this.#peer(to), message);
  }

  resends(): boolean {
    return this.#rules.resends();
  }

  repeatsForEver(): boolean {
    return this.#rules.repeatsForEver();
  }

  followsSnapshot(): boolean {
    return this.#rules.followsSnapshot();
  }

  #peer(peer: CloudletId): Peer {
    return this.#lender.peers[this.#placeOf(peer)] as Peer;
  }

  // Cuts are taken only where there is one plan (retention.ts).
  #scopesTo(peer: CloudletId): ReadonlySet<ScopeId> {
    return this.#carried[this.#placeOf(peer)] as ReadonlySet<ScopeId>;
  }

  #placeOf(peer: CloudletId): number {
    if (peer === this.#asked) return this.#place;
    const found = this.#lender.peerAt.get(peer);
    assert(found !== undefined, "only replication neighbours are sent to");
    this.#asked = peer;
    this.#place = found;
    return found;
  }

  #isCarried({ stream }: Pick<Dot, "stream">, to: CloudletId): boolean {
    const { topology } = this.#standing;
    const { scope } = topology.streams[stream] as Stream;
    if (this.#isAlone) return this.#scopesTo(to).has(scope);
    // What lies here may have come under another plan than the one in force, and reach the peer no more.
    return topology.reaches(stream, to) && this.#peer(to).adjacency.out.includes(scope);
  }

  // How many of these records the peer's greeting did not name.
  #lackedOf({ stream, origin, incarnation, ranges }: Covered, peer: CloudletId): number {
    const slot = this.#holdings.writers.findWriter(stream, origin, incarnation);
    return sizeOf(ranges) - overlap(ranges, this.#peer(peer).hasOf(slot));
  }
}

function sizeOf(ranges: readonly Range[]): number {
  return ranges.reduce((sum, { first, last }) => sum + last - first + 1, 0);
}

// How many numbers both lists of ranges hold.
function overlap(some: readonly Range[], others: readonly Range[]): number {
  let count = 0;
  for (const one of some) {
    for (const other of others) {
      count += Math.max(0, Math.min(one.last, other.last) - Math.max(one.first, other.first) + 1);
    }
  }
  return count;
}
