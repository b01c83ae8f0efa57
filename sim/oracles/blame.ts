// Whether the operation that an end names as its cause can be one: what ends for the sake of another operation comes after that one; and what
// is superseded is of one object with it, its issuer knew nothing of it, and the table of conflicts has the other one stand above it.
//
// Leaves out how the other one ended, and whether it stood at the target then.

import { catalogueOf, operationKinds } from "../../model/control/catalogue.ts";
import { conflictRules, judgeConflict } from "../../model/control/conflicts.ts";
import type { OperationRequest } from "../../model/control/authority.ts";
import type { End } from "../../model/control/ends.ts";
import type { OperationId } from "../../model/control/operation.ts";

const catalogue = catalogueOf(operationKinds);

type Asked = Pick<OperationRequest, "target" | "kind" | "object" | "after">;

/**
 * What is wrong with the cause that an end names, as the rest of a sentence; null where nothing is.
 *
 * @param beside what the operation's issuer knew to stand open for its object
 * @param find what was asked for under that name
 */
export function flawOfCause(
  request: Asked,
  beside: readonly OperationId[],
  { kind, why, cause }: Pick<End, "kind" | "why" | "cause">,
  find: (id: OperationId) => Asked | null,
): string | null {
  if (why === "after") {
    return cause !== null && request.after?.includes(cause) === true
      ? null
      : `for want of ${cause ?? "nothing"}, which it does not come after`;
  }
  if (kind === "superseded" && why !== "conflict") return "and nothing stood above it";
  if (why !== "conflict") return null;
  const other = cause === null ? null : find(cause);
  const [mine, its] = [catalogue.get(request.kind), catalogue.get(other?.kind ?? "")];
  const isOfOneObject =
    other?.target === request.target && other.object === request.object && mine?.object === its?.object;
  if (cause === null || mine === undefined || its === undefined || !isOfOneObject) {
    return `for the sake of ${cause ?? "nothing"}, which is not about its object`;
  }
  if (beside.includes(cause)) return `for the sake of ${cause}, of which its issuer knew`;
  const standsAbove = [true, false].some(
    (isEarlier) => judgeConflict(mine.verb, its.verb, isEarlier, conflictRules) === "b",
  );
  return standsAbove ? null : `for the sake of ${cause}, which does not stand above it`;
}
