/**
 * Operations on keys that hold one value. Leaves out sets and lists, whose reads name several versions.
 */
import { ABSENT, type History, INITIAL, keyKind } from "./history.ts";
import type { ReadsFrom } from "./reads-from.ts";

/** Whether an operation takes part and is on a key that holds one value. */
export function onRegister(history: History, { counts }: ReadsFrom, operation: number): boolean {
  return counts[operation] === 1 && history.keyKind[history.key[operation]!] === keyKind.register;
}

/** Who wrote what a read of a single value returned; ABSENT for the initial version. */
export function readWriter(history: History, { writerOf }: ReadsFrom, read: number): number {
  const version = history.listed[history.listStart[read]!] ?? INITIAL;
  return version === INITIAL ? ABSENT : writerOf[version]!;
}
