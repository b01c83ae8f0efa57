// Why an operation may stay open that nothing but another one holds up: what it comes after, or what stood open for its object when it
// was issued, has to end first at the target, and may itself stay open for good.
//
// 1. The top issues 0.1.2 for a leaf, which is closed and opened again; the way from the top is cut, and its word on that never comes.
// 2. The middle, which the top's word does not concern, issues 1.1.5 for the same object, and knows of the other one.
// 3. 0.1.2 waits for the top, and 1.1.5 for 0.1.2.
//
// What is issued at the leaf itself passes both, as it passes all from above that its plane was never told of: it waits for nobody there (A1).
//
// Leaves out the reasons themselves (operation-truth.ts).

import type { OperationId } from "../../model/control/operation.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Wanted } from "./wanted.ts";

/** Is there among those that this one waits for, and that these wait for, one that is open with a reason? */
export function isHeldUp(
  wanted: Wanted,
  find: (id: OperationId) => Wanted | null,
  reasonOf: (other: Wanted) => string | null,
): boolean {
  const before = ({ beside, issuer, request: { target, after = [] } }: Wanted): readonly OperationId[] =>
    issuer === target ? [...beside.filter((id) => !isPassed(issuer, find(id))), ...after] : [...beside, ...after];
  const waitedFor = new Set(before(wanted));
  for (const id of waitedFor) {
    const other = find(id);
    if (other === null || other.end !== null) continue;
    if (reasonOf(other) !== null) return true;
    for (const more of before(other)) waitedFor.add(more);
  }
  return false;
}

function isPassed(target: CloudletId, other: Wanted | null): boolean {
  return other !== null && other.issuer !== target && other.deed === null;
}
