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
import type { Wanted } from "./wanted.ts";

/** Is there among those that this one waits for, and that these wait for, one that is open with a reason? */
export function isHeldUp(
  wanted: Wanted,
  find: (id: OperationId) => Wanted | null,
  reasonOf: (other: Wanted) => string | null,
): boolean {
  const open = openBefore(wanted, (one) => [...one.beside, ...(one.request.after ?? [])], find);
  const { issuer, request } = wanted;
  if (issuer !== request.target || open.some(awaitsUpgrade)) return open.some((other) => reasonOf(other) !== null);
  const isPassed = (id: OperationId): boolean => {
    const other = find(id);
    return other !== null && other.issuer !== issuer && other.deed === null;
  };
  const unpassed = openBefore(
    wanted,
    (one) => [...one.beside.filter((id) => !isPassed(id)), ...(one.request.after ?? [])],
    find,
  );
  return unpassed.some((other) => reasonOf(other) !== null);
}

// Its target is in no hurry to do what it cannot read, and what follows it waits with it, whoever has asked for that.
function awaitsUpgrade({ request: { needs = 1 } }: Wanted): boolean {
  return needs > 1;
}

// All that are open of those before it, and before these.
function openBefore(
  wanted: Wanted,
  before: (one: Wanted) => readonly OperationId[],
  find: (id: OperationId) => Wanted | null,
): readonly Wanted[] {
  const waitedFor = new Set(before(wanted));
  const open: Wanted[] = [];
  for (const id of waitedFor) {
    const other = find(id);
    if (other === null || other.end !== null) continue;
    open.push(other);
    for (const more of before(other)) waitedFor.add(more);
  }
  return open;
}
