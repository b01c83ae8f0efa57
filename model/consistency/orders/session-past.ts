/**
 * What one session has in its past, by the read at which it came into sight: one walk backwards through the causal order.
 *
 * Leaves out what is concluded from it.
 */
import { ABSENT, type History, INITIAL, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";

/** What no read of the session has in its past. */
export const NEVER = 0x7fff_ffff;

/**
 * Fills `firstRead`: by operation, the number (from 0) of the first read of the session that has it in its past or is it, NEVER
 * where there is none.
 *
 * @param order all operations in causal order
 * @param replaces whether recorded overwrites are causes, as they must have been for `order`
 * @returns the reads of the session that take part, in session order
 */
export function firstReadAfter(
  history: History,
  { writerOf, counts }: ReadsFrom,
  order: Uint32Array,
  session: number,
  replaces: boolean,
  firstRead: Int32Array,
): readonly number[] {
  const { kind, listStart, listed, sessionStart, session: sessionOf } = history;
  firstRead.fill(NEVER);
  const reads: number[] = [];
  for (let operation = sessionStart[session]!; operation < sessionStart[session + 1]!; operation += 1) {
    if (kind[operation] !== operationKind.read || counts[operation] === 0) continue;
    firstRead[operation] = reads.length;
    reads.push(operation);
  }
  for (let place = order.length - 1; place >= 0; place -= 1) {
    const operation = order[place]!;
    const read = firstRead[operation]!;
    if (read === NEVER) continue;
    if (operation > sessionStart[sessionOf[operation]!]! && firstRead[operation - 1]! > read)
      firstRead[operation - 1] = read;
    if (counts[operation] === 0 || (kind[operation] !== operationKind.read && !replaces)) continue;
    for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1) {
      const writer = listed[at] === INITIAL ? ABSENT : writerOf[listed[at]!]!;
      if (writer !== ABSENT && firstRead[writer]! > read && counts[writer] === 1) firstRead[writer] = read;
    }
  }
  return reads;
}
