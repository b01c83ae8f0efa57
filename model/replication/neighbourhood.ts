// The neighbours of one replica: by name, by place, and those that something concerns. Everything that is done for every neighbour in turn
// is done in the order of their places, which is that of their ids. Leaves out what is said to one (peer.ts).

import { assert } from "../assert.ts";
import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import type { Stream } from "../topology/topology.ts";
import { peersOf } from "./adoption.ts";
import type { Holdings } from "./holdings.ts";
import { Lanes } from "./lanes.ts";
import type { Peer } from "./peer.ts";
import { rightRules } from "./rules.ts";
import type { Sender } from "./sender.ts";
import type { Standing } from "./standing.ts";

/** Everybody who is a neighbour under some plan. */
export class Neighbourhood {
  /** Ascending by id. */
  readonly all: readonly Peer[];
  readonly places = new Map<CloudletId, number>();
  readonly lanes: Lanes | null;
  // By audience, as long as there is one.
  readonly #listening = new WeakMap<readonly number[], readonly Peer[]>();
  // Of whom something has come that is not acknowledged yet, in any order.
  readonly #unacknowledged: Peer[] = [];
  // To so many the way is open.
  #openCount = 0;

  constructor(standing: Standing, { log, retention }: Holdings, like: Neighbourhood | null = null) {
    const { topology, self, rules } = standing;
    this.all = like === null ? peersOf(topology, self) : like.all.map((peer) => peer.clone());
    for (let place = 0; place < this.all.length; place += 1) {
      const peer = this.all[place] as Peer;
      this.places.set(peer.id, place);
      peer.place = place;
      if (like !== null && peer.receiver?.isOpen === true) this.#list(peer);
      if (peer.up) this.#openCount += 1;
    }
    const scopes = this.all.map(({ adjacency }): readonly ScopeId[] => adjacency.out);
    // A planted bug may send what does not flow to a neighbour.
    const isPlain = topology.plans.length === 1 && rules.forwards === rightRules.forwards;
    const scopeOf = (stream: StreamId): ScopeId => (topology.streams[stream] as Stream).scope;
    this.lanes = isPlain ? Lanes.of(log, scopeOf, scopes, () => retention.positions) : null;
  }

  /** Null: no neighbour is of that name. */
  find(id: CloudletId): Peer | null {
    const at = this.places.get(id);
    return at === undefined ? null : (this.all[at] as Peer);
  }

  peer(id: CloudletId): Peer {
    const found = this.find(id);
    assert(found !== null, "only replication neighbours are spoken with");
    return found;
  }

  /** The way to one opens that was closed. */
  opened(peer: Peer): void {
    peer.opened();
    this.#openCount += 1;
  }

  /** The way to one closes that was open. */
  closed(peer: Peer): void {
    peer.closed();
    this.#openCount -= 1;
  }

  /** Those that something in the log from this index on may concern, and who may be told; nobody where all ways are closed. */
  listening(index: number): readonly Peer[] {
    if (this.#openCount === 0) return none;
    const audience = this.lanes?.audienceFrom(index) ?? "all";
    if (audience === "all" || audience.length === this.all.length) return this.all;
    if (audience.length === 1) return [this.all[audience[0] as number] as Peer];
    let found = this.#listening.get(audience);
    if (found === undefined) {
      found = audience.map((place) => this.all[place] as Peer);
      this.#listening.set(audience, found);
    }
    return found;
  }

  /** Those that have yet to send, or to pass over, something before this index, since news are not told to all. */
  lagging(index: number): readonly Peer[] {
    return this.lanes === null ? none : this.all.filter(({ sender }) => neededBy(sender) < index);
  }

  /** The first index that a conversation which is going on has yet to send. */
  neededFrom(): number {
    return this.all.reduce((least, { sender }) => Math.min(least, neededBy(sender)), Infinity);
  }

  /** Something has come from this neighbour that is to be acknowledged, at once or later. */
  heardFrom(peer: Peer): void {
    if (peer.receiver?.isOpen === true) this.#list(peer);
    else this.#unlist(peer);
  }

  /** Those to whom an acknowledgement may be owed. */
  unacknowledged(): readonly Peer[] {
    if (this.#unacknowledged.length === 0) return none;
    const found = this.#unacknowledged.slice();
    return found.length === 1 ? found : found.sort((a, b) => a.id - b.id);
  }

  #list(peer: Peer): void {
    if (peer.listedAt >= 0) return;
    peer.listedAt = this.#unacknowledged.length;
    this.#unacknowledged.push(peer);
  }

  // The last one takes its place: each knows where it stands, so that nothing is searched for.
  #unlist(peer: Peer): void {
    if (peer.listedAt < 0) return;
    const last = this.#unacknowledged.pop() as Peer;
    if (last !== peer) {
      this.#unacknowledged[peer.listedAt] = last;
      last.listedAt = peer.listedAt;
    }
    peer.listedAt = -1;
  }
}

const none: readonly Peer[] = [];

function neededBy(sender: Sender | null): number {
  return sender?.neededFrom ?? Infinity;
}
