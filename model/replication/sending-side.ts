// What a replica lends to the senders of its links: its apply order, and who needs what of it. A view, made once; it holds
// nothing of its own.

import type { CloudletId, Incarnation, ScopeId, StreamId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import { isRecord } from "./applied-log.ts";
import type { Holdings } from "./holdings.ts";
import type { LogEntry } from "./log.ts";
import type { Covered, Message, Range } from "./messages.ts";
import type { Peer } from "./peer.ts";
import type { Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import type { SendingSide } from "./sending.ts";

/** What of the replica is not in its holdings. */
export interface Lender {
  readonly peers: readonly Peer[];
  incarnation(): Incarnation;
  /** Is this a record that must not leave: written by a life that has found itself doubled? */
  keepsBack(dot: Dot): boolean;
  /** What is on its way to the disk. */
  unstored(): readonly LogEntry[];
  send(peer: Peer, message: Message): void;
}

/** The view of one replica; its topology is the plan in force, and may be another one later. */
export function sendingSide(
  standing: { readonly topology: Topology; readonly self: CloudletId },
  rules: Rules,
  holdings: Holdings,
  lender: Lender,
): SendingSide {
  const { streams, plans } = standing.topology;
  const carried = new Map(lender.peers.map((peer) => [peer.id, new Set(peer.adjacency.out)]));
  const peers = new Map(lender.peers.map((peer) => [peer.id, peer]));
  const scopeOf = (stream: StreamId): ScopeId => (streams[stream] as Topology["streams"][number]).scope;
  const peerNamed = (peer: CloudletId): Peer => peers.get(peer) as Peer;
  const isCarried = ({ stream }: Pick<Dot, "stream">, peer: CloudletId): boolean => {
    const scope = scopeOf(stream);
    if (plans.length === 1) return carried.get(peer)?.has(scope) === true;
    // What lies here may have come under another plan than the one in force, and reach the peer no more.
    return standing.topology.reaches(stream, peer) && peerNamed(peer).adjacency.out.includes(scope);
  };
  // Cuts are taken only where there is one plan (retention.ts).
  const scopesTo = (peer: CloudletId): ReadonlySet<ScopeId> => carried.get(peer) as ReadonlySet<ScopeId>;
  // How many of these records the peer's greeting did not name.
  const lackedOf = ({ ranges, ...writer }: Covered, peer: CloudletId): number =>
    sizeOf(ranges) - overlap(ranges, peerNamed(peer).hasOf(holdings.writers.find({ ...writer, sequence: 1 })));
  return {
    get incarnation() {
      return lender.incarnation();
    },
    get keyCount() {
      // Where replicas may go over to other plans no cut is ever taken (retention.ts): the log alone is repeated there.
      return standing.topology.plans.length > 1 ? Infinity : holdings.versions.size;
    },
    log: holdings.log,
    forwards: (record, peer) =>
      !lender.keepsBack(record.dot) && rules.forwards(isCarried(record.dot, peer), record.dot.origin === standing.self),
    peerHas: (peer, record) => {
      const slot = holdings.writers.find(record.dot);
      return peerNamed(peer).has(slot, record.dot.sequence);
    },
    carries: ({ covered }, peer) => covered.some((known) => isCarried(known, peer)),
    peerHasAll: (peer, { covered }) => covered.every((known) => !isCarried(known, peer) || lackedOf(known, peer) === 0),
    // What is applied and the peer has not, less what of it the log retains: nothing, when the peer has all that is older.
    peerHasOlder: (peer) => {
      const { log } = holdings;
      let lacking = 0;
      for (const known of holdings.appliedOf(scopesTo(peer))) lacking += lackedOf(known, peer);
      for (let at = log.base; at < log.end && lacking > 0; at += 1) {
        const item = log.at(at);
        if (!isRecord(item) || !isCarried(item.dot, peer)) continue;
        if (!peerNamed(peer).has(holdings.writers.find(item.dot), item.dot.sequence)) lacking -= 1;
      }
      return lacking === 0;
    },
    cutFor: (peer, content) => {
      const scopes = scopesTo(peer);
      const cut = content === "stored" ? holdings.aheadCutOf(scopes) : holdings.cutOf(scopes);
      // Of a doubled life nothing may leave, and a cut without it would not be closed: the next life takes the cut.
      const isDoubled = cut.applied.some((covered) => lender.keepsBack({ ...covered, sequence: 1 }));
      return cut.applied.length === 0 || isDoubled ? null : cut;
    },
    blockedAt: (peer) => {
      if (holdings.blockedAt === 0) return 0;
      const isOfUse = holdings.pendingCuts.some(
        ({ cut, from }) => from !== peer && cut.applied.some((known) => isCarried(known, peer)),
      );
      return isOfUse ? holdings.blockedAt : 0;
    },
    unappliedFrom: (peer) => [
      ...lender.unstored().flatMap(({ stored, from, early }) => {
        return from === peer && !early && stored.kind !== "cut" ? [stored] : [];
      }),
      ...holdings.waiting().flatMap(({ record, from }) => (from === peer ? [record] : [])),
    ],
    send: (to, message) => {
      lender.send(peerNamed(to), message);
    },
    resends: () => rules.resends(),
    repeatsForEver: () => rules.repeatsForEver(),
    followsSnapshot: () => rules.followsSnapshot(),
  };
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
