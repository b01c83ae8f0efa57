// Who may ask for what, where: an operation is targeted at a cloudlet below, or at the one where it is issued (D15, D18, D19); its
// kind is known; whoever asks may ask for that kind (D5); and what it is to follow is known and may still be done. Refused
// otherwise, with a code for programs and a sentence for people. Accepted or refused at once, whatever the state of any link:
// nothing here asks whether the target can be reached, or what mark it bears (A2a).

import { unreachable } from "../assert.ts";
import type { CloudletId } from "../ids.ts";
import { isWellFormed } from "../replication/bytes.ts";
import { isTimeLimit } from "../replication/time-limit.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import type { Actor, Catalogue } from "./catalogue.ts";
import { nameOf } from "./keys.ts";
import { isObjectName, priorityMax, type OperationId } from "./operation.ts";
import type { Planes } from "./planes.ts";

/** What a person, or a plane, asks its cloudlet to have done. Everything but the first four has a default. */
export interface OperationRequest {
  readonly target: CloudletId;
  readonly kind: string;
  readonly object: string;
  readonly actor: Actor;
  readonly priority?: number;
  /** From now on; left out: it waits for as long as it takes. */
  readonly expiry?: Duration;
  /** Operations for the same target whose records are known here, whoever issued them. */
  readonly after?: readonly OperationId[];
  /** The version of the operation schema that it needs; left out: 1. */
  readonly needs?: number;
  readonly payload?: string;
}

/** Why an operation is not accepted: nothing has happened, and nothing will. */
export interface OperationRefusal {
  readonly kind: "refused";
  readonly code:
    /** The target is neither below nor here. */
    | "notBelow"
    | "unknownKind"
    /** This kind is not for whoever asks. */
    | "notForActor"
    /** An object's name, a payload, a priority, a time or a schema version that cannot be. */
    | "malformed"
    /** Nothing comes back from its target, so it would stand open for ever. */
    | "needsExpiry"
    /** It is to follow an operation that is not known here, or is for another target. */
    | "afterUnknown"
    /** It is to follow an operation that has ended without being done, or is about to. */
    | "afterEnded"
    /** It weighs more than the queue may hold. */
    | "largerThanQueue"
    | "queueFull"
    /** It is issued where it is to be done, and there is no such plane here, or it has failed. */
    | "noPlane"
    | "planeFailed"
    /** What is to be revoked is not known here as open, or was issued elsewhere. */
    | "notOpen"
    /** The replica would not take it: this life is fenced, or the session waits for an answer. */
    | "notWritten";
  readonly why: string;
}

/** How an operation stands here. */
export type IssuedState = "open" | "done" | "ended" | "unknown";

/** What judging needs to know of the cloudlet. */
export interface Office {
  readonly topology: Topology;
  readonly self: CloudletId;
  readonly catalogue: Catalogue;
  readonly planes: Planes;
  /** Does nothing come back from that target? Left out: everything does. */
  readonly isOneWay?: (target: CloudletId) => boolean;
  /** An operation for that target. */
  readonly stateOf: (id: OperationId, target: CloudletId) => IssuedState;
}

/** Judges a request: why it is refused, or null when it is accepted as far as authority goes. */
export function judgeRequest(request: OperationRequest, office: Office): OperationRefusal | null {
  const { topology, self, catalogue, planes } = office;
  const { target, actor } = request;
  if (target !== self) {
    const judgement = topology.mayTarget(self, target);
    if (judgement.kind === "refused") return refusal("notBelow", judgement.why);
  }
  const kind = catalogue.get(request.kind);
  if (kind === undefined) {
    return refusal(
      "unknownKind",
      `no operation is called ${JSON.stringify(request.kind)}; the catalogue lists those that are`,
    );
  }
  if (!kind.issuers.includes(actor)) {
    const who = kind.issuers.join(" or ");
    return refusal(
      "notForActor",
      `${kind.name} is an operation of the ${kind.plane} plane, for an ${who}, not for a ${actor}`,
    );
  }
  const flaw = flawOf(request);
  if (flaw !== null) return refusal("malformed", flaw);
  if (request.expiry === undefined && office.isOneWay?.(target) === true) {
    const why = `nothing comes back from ${nameOf(topology, target)}, so that nobody would ever know of its end; give it an expiry`;
    return refusal("needsExpiry", why);
  }
  if (target === self && planes[kind.plane] !== "healthy") {
    const name = nameOf(topology, self);
    if (planes[kind.plane] === "failed") {
      return refusal("planeFailed", `the ${kind.plane} plane of ${name} has failed; issue it at a cloudlet above`);
    }
    return refusal("noPlane", `${name} has no ${kind.plane} plane of its own; issue it at a cloudlet above`);
  }
  for (const id of request.after ?? []) {
    const refused = refusalOfAfter(id, office.stateOf(id, target));
    if (refused !== null) return refused;
  }
  return null;
}

function refusalOfAfter(id: OperationId, state: IssuedState): OperationRefusal | null {
  switch (state) {
    case "open":
    case "done":
      return null;
    case "unknown":
      return refusal("afterUnknown", `no operation ${id} for this target is known here: nothing can be done after it`);
    case "ended":
      return refusal(
        "afterEnded",
        `operation ${id} has ended, or is about to, without being done: what follows it never would be`,
      );
    default:
      return unreachable(state);
  }
}

function flawOf({ object, payload, priority = 0, expiry, needs = 1 }: OperationRequest): string | null {
  if (!isObjectName(object))
    return `an object is named ${JSON.stringify(object)}; a name is not empty and has no blanks`;
  if (payload !== undefined && !isWellFormed(payload)) return "the payload is no well-formed text";
  if (!Number.isInteger(priority) || priority < 0 || priority > priorityMax) {
    return `priority ${priority} is no whole number from 0 to ${priorityMax}`;
  }
  if (!Number.isSafeInteger(needs) || needs < 1) return `${needs} is no version of the operation schema`;
  if (expiry !== undefined && !isTimeLimit(expiry)) return `${expiry} is no time that an operation can wait for`;
  return null;
}

/** A refusal in words. */
export function refusal(code: OperationRefusal["code"], why: string): OperationRefusal {
  return { kind: "refused", code, why };
}
