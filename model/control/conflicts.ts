// Which of two operations on one object stands, when neither knew of the other (V5). A table by verbs, which a user may
// replace; it is asked at the target, where the two meet: before either has begun, or when one has been done already.
//
// What has been done cannot be undone: an operation that stands above one that was done is carried out after it, one that
// stands below it is superseded. Leaves out how it is found that neither knew of the other (target.ts).

import type { Verb } from "./catalogue.ts";

/** What stands of two operations: the one with the first verb, the other, the earlier of the two, or both. */
export type Standing = "first" | "second" | "earlier" | "both";

/** One line of the table. */
export interface ConflictRule {
  readonly first: Verb;
  readonly second: Verb;
  readonly stands: Standing;
}

/**
 * The built-in table. Of two that create one object the earlier stands: the other one's issuer learns that it is there. A
 * delete stands above whatever changes what it deletes. A stop stands above a start: what somebody wanted stopped does not run.
 */
export const conflictRules: readonly ConflictRule[] = [
  { first: "create", second: "create", stands: "earlier" },
  { first: "delete", second: "update", stands: "first" },
  { first: "delete", second: "resize", stands: "first" },
  { first: "delete", second: "start", stands: "first" },
  { first: "delete", second: "stop", stands: "first" },
  { first: "stop", second: "start", stands: "first" },
];

/** Which of two operations stands. `a` and `b` both stand where the table says nothing. */
export type Judgement = "a" | "b" | "both";

/**
 * Judges two operations on one object of which neither knew of the other.
 *
 * @param isEarlier does a come before b in an order that is the same everywhere, or was a done already?
 */
export function judgeConflict(a: Verb, b: Verb, isEarlier: boolean, rules: readonly ConflictRule[]): Judgement {
  for (const { first, second, stands } of rules) {
    const isStraight = a === first && b === second;
    if (!isStraight && !(a === second && b === first)) continue;
    if (stands === "both") return "both";
    if (stands === "earlier") return isEarlier ? "a" : "b";
    return (stands === "first") === isStraight ? "a" : "b";
  }
  return "both";
}
