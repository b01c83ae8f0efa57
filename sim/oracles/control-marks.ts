// The interesting cases of operations and of marks by name (names.ts has all others): how operations end and what queues do at their caps;
// every mark, every change from one mark to another, and an operation that is asked for under each.
//
// Changes are those of the table of transitions, no more and no less: a sweep that demands them holds the table to what happens, and a
// change that is not in it is a violation (mark-rules.ts). Leaves out counting (marks.ts, operation-marks.ts).

import type { Mark } from "../../model/control/aliveness.ts";
import { transitions } from "../../model/control/transitions.ts";

const operated = <Name extends string>(name: Name, says: string) => ({ name, says, needsOperations: true }) as const;
const watched = <Name extends string>(name: Name, says: string) => ({ name, says, needsAliveness: true }) as const;

/** Of operations. */
export const operationCases = [
  operated("ended-done", "An issuer was told that an operation is done."),
  operated("ended-failed", "An issuer was told that an operation has failed."),
  operated("ended-expired", "An issuer was told that an operation has expired."),
  operated("ended-superseded", "An issuer was told that another operation stands above one."),
  operated("ended-revoked", "An issuer was told that what he took back was not done."),
  operated("expired-in-time", "An operation expired since it had waited for as long as it might."),
  operated("refused-at-cap", "An operation was refused since its queue was full."),
  operated(
    "given-up-on-its-way",
    "A full queue that refuses gave up an operation that had been accepted further above.",
  ),
  operated("oldest-made-room", "A full queue gave up the operation that had stood longest in it."),
  operated("lowest-made-room", "A full queue gave up an operation of lowest priority."),
  operated("refused-authority", "An operation was refused that was not for its issuer to ask for."),
  operated("begun-after", "An operation began that comes after another one."),
  operated("ended-after", "An operation ended since one ended that it comes after."),
  operated("begun-by-upper", "The plane of its upper began an operation of a cloudlet that has none."),
  operated("begun-upgraded", "An operation began that needs an upgrade."),
  operated("custody-taken", "A cloudlet said that it has taken custody of an operation."),
  operated("accepted-without-quorum", "An operation was accepted whose plane lacked most members of its store."),
  {
    name: "ended-unknown",
    says: "A plane could not say whether it had done what a former life of its cloudlet had begun.",
    needsOperations: true,
    isRare: true,
  },
  {
    name: "ended-unconfirmed",
    says: "The time of an operation was over at an issuer to whom nothing comes back from its target.",
    needsOperations: true,
    isRare: true,
  },
] as const;

/** Of operations whose targets are watched. */
const closedCases = [
  {
    name: "ended-closed",
    says: "An operation was given up since its target is confirmed as failed, disconnected or fenced.",
    needsOperations: true,
    needsAliveness: true,
  },
] as const;

const markCases = [
  watched("marked-unknown", "A cloudlet was marked unknown, and had been something else."),
  watched("marked-autonomous", "A cloudlet was marked autonomous by its upper."),
  watched("marked-synchronizing", "A cloudlet was marked synchronizing by its upper."),
  watched("marked-connected", "A cloudlet was marked connected by its upper."),
  watched("marked-failed", "A cloudlet was marked failed by its upper."),
  watched("marked-disconnected", "A cloudlet was marked disconnected by its upper."),
  watched("marked-fenced", "A cloudlet was marked fenced by its upper."),
  watched("mark-corrected", "A cloudlet that came back told its upper what it had been meanwhile."),
  watched("fenced-unasked", "A cloudlet was fenced by evidence, without a person."),
  watched("asked-while-unknown", "An operation was asked for whose target was marked unknown."),
  watched("asked-while-autonomous", "An operation was asked for whose target was marked autonomous."),
  watched("asked-while-synchronizing", "An operation was asked for whose target was marked synchronizing."),
  watched("asked-while-connected", "An operation was asked for whose target was marked connected."),
  watched("asked-while-failed", "An operation was asked for whose target was marked failed."),
  watched("asked-while-disconnected", "An operation was asked for whose target was marked disconnected."),
  watched("asked-while-fenced", "An operation was asked for whose target was marked fenced."),
] as const;

/** The mark of a change from one mark to another. */
type ChangeName = `${Mark}-to-${Mark}`;

/**
 * Changes that no drawn scenario comes to: a report has to come to a silent cloudlet's upper some other way than over the link between
 * them, or to become readable there. model/control/aliveness.test.ts and its transcripts have it.
 */
const elsewhere: readonly ChangeName[] = ["autonomous-to-unknown"];

/** The mark of that change; null where the table of transitions does not have it. */
export function changeNamed(from: Mark, to: Mark): ChangeName | null {
  return declared.has(`${from}-to-${to}`) ? `${from}-to-${to}` : null;
}

const declared: ReadonlySet<ChangeName> = new Set(transitions.map(({ from, to }): ChangeName => `${from}-to-${to}`));

const changeCases = [...declared].map((name) => {
  const [from, to] = name.split("-to-") as [Mark, Mark];
  const says = `A cloudlet was marked ${to} right after ${from} by its upper.`;
  return { name, says, needsAliveness: true as const, ...(elsewhere.includes(name) && { isRare: true as const }) };
});

/** Of who is watched. */
export const watchedCases = [...markCases, ...closedCases, ...changeCases];

/** The name of one of all these. */
export type ControlCase =
  | (typeof operationCases)[number]["name"]
  | (typeof markCases)[number]["name"]
  | (typeof closedCases)[number]["name"]
  | ChangeName;
