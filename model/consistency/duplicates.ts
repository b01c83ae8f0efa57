/**
 * Values that were written twice to one key. Leaves out what that means for a model.
 */
import { ABSENT, type DuplicateWrite, INITIAL, operationKind, outcome } from "./history.ts";

const DUPLICATES_KEPT = 1_000;

/** Writes of one version by two operations that did not fail; a write of the initial version is one beside the beginning. */
export function duplicatesOf(
  kinds: Uint8Array,
  outcomes: Uint8Array,
  versions: Uint32Array,
  versionCount: number,
): { kept: readonly DuplicateWrite[]; count: number } {
  const kept: DuplicateWrite[] = [];
  let count = 0;
  const writer = new Int32Array(versionCount).fill(ABSENT);
  for (let operation = 0; operation < kinds.length; operation += 1) {
    if (kinds[operation] === operationKind.read || outcomes[operation] === outcome.failed) continue;
    const version = versions[operation]!;
    if (version === INITIAL || writer[version] !== ABSENT) {
      if (kept.length < DUPLICATES_KEPT)
        kept.push({ first: version === INITIAL ? ABSENT : writer[version]!, second: operation });
      count += 1;
    } else writer[version] = operation;
  }
  return { kept, count };
}
