// The border of a replica: bytes from outside become a message that the core may believe in, or a refusal that says why not.
// Nothing here throws on bytes, and nothing is let in by halves: a batch with one bad record is refused whole.
//
// What a message must be, besides well-formed:
// 1. Its sender is a replication neighbour.
// 2. Every stream and cloudlet it names exists, and every record's key lies in the scope of its stream.
// 3. It acknowledges nothing that was never sent.
// A neighbour that lies within these bounds, about what it has or what somebody wrote, is believed: harm by insiders is not
// what this protocol is about.

import { unreachable } from "../assert.ts";
import type { Incarnation } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import type { Message } from "./messages.ts";
import { dotName } from "./record.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { decode } from "./wire.ts";
import type { Decoded, Speaks } from "./wire.ts";

/** Why a message was not let in. Nothing of it has had any effect. */
export type MessageRefusal =
  | Exclude<Decoded, { readonly kind: "message" }>
  | { readonly kind: "notNeighbour" }
  /** Well-formed, and about things that do not exist here. */
  | { readonly kind: "unknownName"; readonly why: string };

/** What the border knows of the replica behind it. */
export interface Border {
  readonly topology: Topology;
  readonly speaks: Speaks;
  readonly incarnation: Incarnation;
  /** How many records this life of the replica has applied: more cannot be acknowledged to it. */
  readonly applied: number;
}

/** The message in these bytes, or why there is none that may be let in. */
export function admit(
  bytes: Uint8Array,
  border: Border,
): { readonly kind: "message"; readonly message: Message } | MessageRefusal {
  const decoded = decode(bytes, border.speaks);
  if (decoded.kind !== "message") return decoded;
  const why = objection(decoded.message, border);
  return why === null ? decoded : { kind: "unknownName", why };
}

/** What a well-formed message says that cannot be; null when nothing. */
export function objection(message: Message, { topology, incarnation, applied }: Border): string | null {
  switch (message.kind) {
    case "hello":
      for (const known of message.known) {
        const why = unknownWriter(known, topology);
        if (why !== null) return `greeting: ${why}`;
      }
      return null;
    case "records":
      for (const record of message.records) {
        const why = unknownIn(record, topology);
        if (why !== null) return `record ${dotName(record.dot)}: ${why}`;
      }
      return null;
    case "ack":
      // An acknowledgement meant for a former life counts positions that only that one had.
      if (message.incarnation !== incarnation) return null;
      if (message.upTo > applied || (message.beyond.at(-1)?.last ?? 0) > applied) {
        return `acknowledgement: of more than the ${applied} records that are here`;
      }
      return null;
    case "snapshot":
      for (const known of [...message.applied, ...message.outside.flatMap(({ needs }) => needs)]) {
        const why = unknownWriter(known, topology);
        if (why !== null) return `snapshot: ${why}`;
      }
      for (const { scope } of message.outside) {
        if (scope >= topology.scopes.length) return `snapshot: there is no scope ${scope}`;
      }
      for (const record of message.versions) {
        const why = unknownIn(record, topology);
        if (why !== null) return `record ${dotName(record.dot)}: ${why}`;
      }
      return null;
    case "parts":
      return null;
    default:
      return unreachable(message);
  }
}

function unknownWriter({ stream, origin }: Pick<Dot, "stream" | "origin">, topology: Topology): string | null {
  if (stream >= topology.streams.length) return `there is no stream ${stream}`;
  if (origin >= topology.cloudlets.length) return `there is no cloudlet ${origin}`;
  return null;
}

function unknownIn(record: CausalRecord, topology: Topology): string | null {
  const why =
    unknownWriter(record.dot, topology) ?? firstUnknown(record.prev, topology) ?? firstUnknown(record.deps, topology);
  if (why !== null) return why;
  if (record.notice !== undefined) {
    const { covers, ready, members } = record.notice;
    const stranger = members.find((member) => member >= topology.cloudlets.length);
    if (stranger !== undefined) return `there is no cloudlet ${stranger}`;
    for (const known of covers) {
      const unknown = unknownWriter(known, topology);
      if (unknown !== null) return unknown;
    }
    return firstUnknown(ready, topology) ?? (record.key === "" ? null : "a notice has no key");
  }
  const scope = topology.streams[record.dot.stream]?.scope;
  return topology.scopeOf(record.key) === scope ? null : `its key lies outside of its stream's scope`;
}

function firstUnknown(dots: readonly Dot[], topology: Topology): string | null {
  for (const dot of dots) {
    const why = unknownWriter(dot, topology);
    if (why !== null) return why;
  }
  return null;
}
