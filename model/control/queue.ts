// Queues: what stands at one cloudlet for one target and has no end. Each has a cap in bytes and in records. What happens at
// the cap is decided here, as a function of what stands in the queue: somebody who is accepted may have to make room.
//
//   refuse          the newcomer is not accepted
//   expire-oldest   those that stand longest are given up, whatever they are
//   expire-lowest   those of lowest priority are given up, of these the oldest; a newcomer of lower priority than all is refused
//
// At a cloudlet on the way operations arrive that others have accepted. They cannot be refused any more: under `refuse` the
// newcomer itself is given up there.

import type { Bytes } from "../units.ts";
import type { OperationId } from "./operation.ts";

/** What a queue holds at most. */
export interface Caps {
  readonly records: number;
  readonly bytes: Bytes;
}

/** What happens at the cap. */
export type CapPolicy = "refuse" | "expire-oldest" | "expire-lowest";

/** An operation as its queue sees it. */
export interface Queued {
  readonly id: OperationId;
  readonly priority: number;
  readonly weight: Bytes;
}

/** Who makes room for a newcomer; or that there is none. */
export type Room =
  | { readonly kind: "room"; readonly givenUp: readonly OperationId[] }
  | { readonly kind: "full" }
  /** It would not fit into an empty queue. */
  | { readonly kind: "tooLarge" };

/** A queue as it stands, without the newcomer. */
export interface QueueState {
  readonly records: number;
  readonly bytes: number;
  /** What may be given up of it, the oldest first; asked for only at the cap. */
  standing(): Iterable<Queued>;
}

const hasRoom: Room = { kind: "room", givenUp: [] };

/** Makes room for one more. */
export function roomFor(newcomer: Queued, queue: QueueState, caps: Caps, policy: CapPolicy): Room {
  if (caps.records < 1 || newcomer.weight > caps.bytes) return { kind: "tooLarge" };
  let records = queue.records + 1;
  let weight = queue.bytes + newcomer.weight;
  if (records <= caps.records && weight <= caps.bytes) return hasRoom;
  if (policy === "refuse") return { kind: "full" };
  const givenUp: OperationId[] = [];
  for (const one of policy === "expire-oldest" ? queue.standing() : lowestFirst(queue, newcomer.priority)) {
    if (records <= caps.records && weight <= caps.bytes) break;
    givenUp.push(one.id);
    records -= 1;
    weight -= one.weight;
  }
  const isOver = records > caps.records || weight > caps.bytes;
  return isOver ? { kind: "full" } : { kind: "room", givenUp };
}

function lowestFirst(queue: QueueState, priorityMost: number): readonly Queued[] {
  const yielding = [...queue.standing()].filter(({ priority }) => priority <= priorityMost);
  return yielding.sort((a, b) => a.priority - b.priority);
}
