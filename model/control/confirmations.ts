// Who counts as failed, disconnected or fenced: whoever a standing record says so of, and nobody else (A6c, N6). Such a record is written
// by somebody above: among the results of the cloudlet that it is about, which flow up from there, and among its directives, which
// flow down to it, so that all who are above it get it, and it itself. Each has a name, and who takes it back does so by name.
//
//   mark fenced 0.1.4 why=cloned about=cloned:life-3 | two of them
//   mark clear 1.2.7 why=operator about=cloned:life-3 revokes=0.1.4
//
// 1. An operator at the region confirms that the site has failed; one at the center, cut off from there, that it is fenced.
// 2. They meet: both stand, and it is fenced: the graver one counts. 3. The region clears all that it has got, and the center hears
// of that: none of them stands. Had the center's word been on its way still, it would.
//
// Whatever somebody says takes the place of all that he has got, as a clear does: he who says that the site is disconnected now, and
// had said that it has failed, means that it is disconnected, wherever both words come.
//
// A writer's disk may lose what it had said, and no name is known then by which that could be taken back. So a word takes the place of all that
// its writer had said in former lives: 1. The region says that the site is disconnected, and its disk loses that. 2. The site has got
// it, and begins nothing. 3. The region says `clear`, in its next life, naming nothing. The first word stands no more all the same.
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

/** What a record says of a cloudlet; `clear` takes back what it names. */
export interface Confirmation {
  readonly says: ConfirmationKind | "clear";
  /** Its name: who wrote it, in which life, as which one. */
  readonly id: string;
  readonly why: ConfirmationReason;
  /** Names of the evidence that a fence rests on, or that is settled; no blanks, no commas. */
  readonly about: readonly string[];
  /** Names of those that do not stand any more. */
  readonly revokes: readonly string[];
  /** In words; may be empty. */
  readonly detail: string;
}

/** Names that one record can take back or settle: the latest ones. */
const namesMax = 32;

/** The value of the record that carries it. */
export function confirmationText({ says, id, why, about, revokes, detail }: Confirmation): string {
  assert([id, ...about, ...revokes].every(isName), "names have no blanks and no commas");
  assert(isWellFormed(detail), "a reason in words is a text");
  const words = ["mark", says, id, `why=${why}`];
  if (about.length > 0) words.push(`about=${about.slice(-namesMax).join(",")}`);
  if (revokes.length > 0) words.push(`revokes=${revokes.slice(-namesMax).join(",")}`);
  return detail === "" ? words.join(" ") : `${words.join(" ")} | ${detail}`;
}

/** Reads it; null for what is not known here. */
export function readConfirmation(text: string): Confirmation | null {
  const bar = text.indexOf(" | ");
  const [head, detail] = bar < 0 ? [text, ""] : [text.slice(0, bar), text.slice(bar + 3)];
  const parts = /^mark (\w+) ([^\s,|=]+) why=(\w+)(?: about=(\S+))?(?: revokes=(\S+))?$/.exec(head);
  const says = [...confirmationKinds, "clear" as const].find((one) => one === parts?.[1]);
  const why = confirmationReasons.find((one) => one === parts?.[3]);
  if (parts === null || says === undefined || why === undefined) return null;
  const [about, revokes] = [parts[4], parts[5]].map((list) => (list === undefined ? [] : list.split(",")));
  return { says, id: parts[2] as string, why, about: about ?? [], revokes: revokes ?? [], detail };
}

/** Who wrote the confirmation of that name. */
export function writerOf(name: string): CloudletId {
  return Number(name.slice(0, name.indexOf("."))) as CloudletId;
}

function isName(text: string): boolean {
  return /^[^\s,|=]+$/.test(text);
}

/** What records say; what cannot be read here says nothing. */
export function confirmationsAmong(versions: readonly CausalRecord[]): readonly Confirmation[] {
  return versions.flatMap((record) => {
    const read = record.kind === "put" ? readConfirmation(record.value) : null;
    return read === null ? [] : [read];
  });
}

/** The gravest of those that nobody has taken back; null where none is left. In whatever order they come. */
export function standing(confirmations: readonly Confirmation[]): ConfirmationKind | null {
  const revoked = new Set(takenBack(confirmations));
  const says = new Set(confirmations.filter(({ id }) => !revoked.has(id)).map((one) => one.says));
  return confirmationKinds.find((kind) => says.has(kind)) ?? null;
}

/** Names of those that do not stand any more: taken back by name, or of a writer that has said something else in a later life. */
export function takenBack(confirmations: readonly Confirmation[]): readonly string[] {
  const named = confirmations.flatMap(({ revokes }) => revokes);
  if (confirmations.length < 2) return named;
  const followed = confirmations.filter(({ id }) => confirmations.some((other) => isOfLaterLife(other.id, id)));
  return [...named, ...followed.flatMap(({ id, says }) => (says === "clear" ? [] : [id]))];
}

/** Is the first name one that the same writer gave in a later life than the other? */
export function isOfLaterLife(name: string, than: string): boolean {
  const [writer, life] = name.split(".", 2).map(Number);
  const [otherWriter, otherLife] = than.split(".", 2).map(Number);
  return writer === otherWriter && (life ?? 0) > (otherLife ?? 0);
}

/**
 * The next record, given all that are known here: it stands in place of them, and takes back by name every one of them, since where it
 * does not follow them in the store they stay beside it; and it says on what they took back. `clear` settles what they rest on.
 */
export function nextConfirmation(
  next: Pick<Confirmation, "says" | "id" | "why" | "about" | "detail">,
  known: readonly Confirmation[],
): Confirmation {
  const takesBack = known.filter(({ says }) => says !== "clear");
  const settled = next.says === "clear" ? known : known.filter(({ says }) => says === "clear");
  return {
    ...next,
    about: unique([...settled.flatMap(({ about }) => about), ...next.about]),
    revokes: unique([...known.flatMap(({ revokes }) => revokes), ...takesBack.map(({ id }) => id)]),
  };
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)];
}

/** Why a cloudlet may not confirm anything of another, in words; null where it may: it is above it. */
export function confirmationRefusal(topology: Topology, self: CloudletId, about: CloudletId): string | null {
  const judged = topology.mayTarget(self, about);
  if (judged.kind === "allowed") return null;
  const name = topology.cloudlets[about]?.name ?? "";
  return `only who is above ${name} may say so: ${judged.why}`;
}
