// Who counts as failed, disconnected or fenced: whoever a standing record says so of, and nobody else (A6c, N6). Such a record is written
// by somebody above, and stands at one key among the results of the cloudlet that it is about, so that it reaches everyone above. A
// record replaces those that its writer had: of two that did not know of each other both stand, and the graver one counts.
//
//   mark failed by=0 why=operator about=- | burnt down
//
// 1. An operator at the region confirms that the site has failed; one at the center, cut off from there, that it is fenced.
// 2. They meet: both stand, and it is fenced. 3. The center clears what it knew of, before they met: what the region said still stands.
//
// Leaves out what makes a cloudlet fence another by itself (fencing.ts).

import { assert } from "../assert.ts";
import type { CloudletId } from "../ids.ts";
import { isWellFormed } from "../replication/bytes.ts";
import type { CausalRecord } from "../replication/record.ts";
import type { Topology } from "../topology/topology.ts";

/** What may be confirmed of a cloudlet, the gravest first. */
export const confirmationKinds = ["fenced", "failed", "disconnected"] as const;

/** One of them. */
export type ConfirmationKind = (typeof confirmationKinds)[number];

/** Why: `operator`: a person decided; the others: see fencing.ts. */
export const confirmationReasons = ["operator", "cloned", "wentBack", "wireRefused", "policy"] as const;

/** One of them. */
export type ConfirmationReason = (typeof confirmationReasons)[number];

/** What a record says of a cloudlet; `clear` takes back all that its writer had. */
export interface Confirmation {
  readonly says: ConfirmationKind | "clear";
  /** Who wrote it. */
  readonly by: CloudletId;
  readonly why: ConfirmationReason;
  /** The evidence that it rests on, by name; of a `clear`: the one that is settled by it. Null for none. No blanks. */
  readonly about: string | null;
  /** In words; may be empty. */
  readonly detail: string;
}

/** The value of the record that carries it. */
export function confirmationText({ says, by, why, about, detail }: Confirmation): string {
  assert(about === null || /^[^\s|]+$/.test(about), "evidence has a name without blanks");
  assert(isWellFormed(detail), "a reason in words is a text");
  const head = `mark ${says} by=${by} why=${why} about=${about ?? "-"}`;
  return detail === "" ? head : `${head} | ${detail}`;
}

/** Reads it; null for what is not known here. */
export function readConfirmation(text: string): Confirmation | null {
  const bar = text.indexOf(" | ");
  const [head, detail] = bar < 0 ? [text, ""] : [text.slice(0, bar), text.slice(bar + 3)];
  const parts = /^mark (\w+) by=(0|[1-9]\d{0,8}) why=(\w+) about=(\S+)$/.exec(head);
  if (parts === null) return null;
  const says = [...confirmationKinds, "clear" as const].find((one) => one === parts[1]);
  const why = confirmationReasons.find((one) => one === parts[3]);
  if (says === undefined || why === undefined) return null;
  const about = parts[4] === "-" ? null : (parts[4] as string);
  return { says, by: Number(parts[2]) as CloudletId, why, about, detail };
}

/** What the records that stand at a cloudlet's key say; what cannot be read here says nothing. */
export function confirmationsAmong(versions: readonly CausalRecord[]): readonly Confirmation[] {
  return versions.flatMap((record) => {
    const read = record.kind === "put" ? readConfirmation(record.value) : null;
    return read === null ? [] : [read];
  });
}

/** The gravest of those that stand; null where none of them confirms anything. */
export function standing(confirmations: readonly Confirmation[]): ConfirmationKind | null {
  return confirmationKinds.find((kind) => confirmations.some(({ says }) => says === kind)) ?? null;
}

/** Why a cloudlet may not confirm anything of another, in words; null where it may: it is above it. */
export function confirmationRefusal(topology: Topology, self: CloudletId, about: CloudletId): string | null {
  const judged = topology.mayTarget(self, about);
  if (judged.kind === "allowed") return null;
  const name = topology.cloudlets[about]?.name ?? "";
  return `only who is above ${name} may say so: ${judged.why}`;
}
