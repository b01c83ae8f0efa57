// What a replica lends to the senders of its links: its apply order, and who needs what of it. A view, made once; it holds
// nothing of its own.

import type { CloudletId, Incarnation, ScopeId, StreamId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import type { Holdings } from "./holdings.ts";
import type { LogEntry } from "./log.ts";
import type { Message } from "./messages.ts";
import type { Peer } from "./peer.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import type { SendingSide } from "./sender.ts";

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
  const isCarried = ({ dot }: CausalRecord, peer: CloudletId): boolean => {
    const scope = scopeOf(dot.stream);
    if (plans.length === 1) return carried.get(peer)?.has(scope) === true;
    // What lies here may have come under another plan than the one in force, and reach the peer no more.
    return standing.topology.reaches(dot.stream, peer) && (peers.get(peer) as Peer).adjacency.out.includes(scope);
  };
  return {
    get incarnation() {
      return lender.incarnation();
    },
    applied: holdings.applied,
    broughtBy: holdings.broughtBy,
    forwards: (record, peer) =>
      !lender.keepsBack(record.dot) && rules.forwards(isCarried(record, peer), record.dot.origin === standing.self),
    peerHas: (peer, record) => {
      const slot = holdings.writers.find(record.dot);
      return (peers.get(peer) as Peer).has(slot, record.dot.sequence);
    },
    unappliedFrom: (peer) => [
      ...lender.unstored().flatMap(({ record, from, early }) => (from === peer && !early ? [record] : [])),
      ...holdings.waiting().flatMap(({ record, from }) => (from === peer ? [record] : [])),
    ],
    send: (to, message) => {
      lender.send(peers.get(to) as Peer, message);
    },
    resends: () => rules.resends(),
  };
}
