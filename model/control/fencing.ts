// What makes a cloudlet fence another one that is below it by itself: evidence that goes on being true whoever is asked, never silence
// (G6). Four kinds:
//
//   cloned       two records of one name with different content: two processes write as the same life of it; or it has said so itself
//   wentBack     its later life knows less than an earlier one had told: its disk has gone back in time
//   wireRefused  it speaks no version of messages that this cloudlet speaks
//   policy       it is older than operators allow
//
// Each piece of evidence has a name. Who clears a fence settles the evidence under that name, so that the same is not held
// against the cloudlet again, while new evidence of the same kind is.
//
// Leaves out the record that is written then (confirmations.ts).

import type { CloudletId } from "../ids.ts";
import type { ReplicaEvent } from "../replication/io.ts";
import { type Confirmation, type ConfirmationReason, standing } from "./confirmations.ts";

/** Something that speaks against a cloudlet. */
export interface FencingEvidence {
  readonly cloudlet: CloudletId;
  readonly why: Exclude<ConfirmationReason, "operator">;
  /** Its name, without blanks. */
  readonly about: string;
}

/** What fences by itself. */
export interface FencingPolicy {
  readonly on: readonly FencingEvidence["why"][];
  /** Software whose operation schema is older than this is fenced under `policy`; null: none is. */
  readonly schemaMin: number | null;
}

/** All kinds; no demands on software. */
export const fencingPolicy: FencingPolicy = { on: ["cloned", "wentBack", "wireRefused", "policy"], schemaMin: null };

/** Who wrote what about itself: as much as tells whether its disk went back. */
export interface LifeTold {
  readonly incarnation: number;
  /** Reports that the cloudlet knows to have written in all its lives, this one included. */
  readonly number: number;
  /** How many of them it knew of when this life began. */
  readonly base: number;
}

/** What an event of the replica says against a cloudlet; null for most. */
export function evidenceInEvent(event: ReplicaEvent): FencingEvidence | null {
  switch (event.kind) {
    case "dotCollision":
      return {
        cloudlet: event.dot.origin,
        why: "cloned",
        about: `life-${event.dot.incarnation}`,
      };
    case "noCommonVersion":
      return { cloudlet: event.peer, why: "wireRefused", about: `wire-${event.speaks.least}-${event.speaks.most}` };
    default:
      return null;
  }
}

/**
 * What two reports of one cloudlet say against it: a later life that began with fewer than an earlier one had told has
 * not got what that one wrote. `before` and `after` in whatever order they came.
 */
export function evidenceInReports(cloudlet: CloudletId, before: LifeTold, after: LifeTold): FencingEvidence | null {
  const [, later] = inOrder(before, after);
  if (!hasForgotten(before, after)) return null;
  // Whose disk is empty has lost everything and knows it: it begins anew, as it should.
  if (later.base === 0) return null;
  return { cloudlet, why: "wentBack", about: `life-${later.incarnation}` };
}

/** Does the later of these lives know less than the earlier one had told, whether it knows that or not? */
export function hasForgotten(before: LifeTold, after: LifeTold): boolean {
  const [earlier, later] = inOrder(before, after);
  return earlier.incarnation !== later.incarnation && later.base < earlier.number;
}

function inOrder(before: LifeTold, after: LifeTold): readonly [LifeTold, LifeTold] {
  return before.incarnation <= after.incarnation ? [before, after] : [after, before];
}

/** What the software of a cloudlet says against it, where operators demand something. */
export function evidenceInSchema(
  cloudlet: CloudletId,
  schema: number,
  { schemaMin }: FencingPolicy,
): FencingEvidence | null {
  return schemaMin === null || schema >= schemaMin ? null : { cloudlet, why: "policy", about: `schema-${schema}` };
}

/** The name of a piece of evidence, as confirmations have it. */
export function evidenceName({ why, about }: FencingEvidence): string {
  return `${why}:${about}`;
}

/**
 * Is a record to be written: is this kind heeded, not fenced for already, and not settled by somebody who cleared it? A fence that was
 * taken back counts as settled, whether it is still there to be seen or not.
 */
export function fences(
  evidence: FencingEvidence,
  confirmations: readonly Confirmation[],
  { on }: FencingPolicy,
): boolean {
  if (!on.includes(evidence.why) || standing(confirmations) === "fenced") return false;
  return confirmations.every(({ about }) => !about.includes(evidenceName(evidence)));
}
