// Deletes that replicas of a small world write without anybody having asked: their truth, by brute force over bit masks. Such a
// record has no session. Its past is what its `prev` and `deps` name and all that is before these; it replaces what `prev`
// names, and with that whatever these had replaced.

import type { CloudletId } from "../model/ids.ts";
import type { StoredEntry } from "../model/replication/log.ts";
import type { CausalRecord } from "../model/replication/record.ts";
import type { RecordNumbers } from "./record-numbers.ts";
import type { Told } from "./small-truth.ts";

/** A new record with its truth. */
export type Unasked = Pick<Told, "record" | "past" | "replaced">;

/**
 * The records among what a cloudlet hands to its disk that nobody asked for; what was asked for has its number already.
 *
 * @param isDirect several plans: what is replaced by way of another record is left out (small-truth.ts)
 */
export function* unaskedAmong(
  entries: readonly StoredEntry[],
  id: CloudletId,
  numbers: RecordNumbers,
  told: readonly Told[],
  isDirect: boolean,
): Iterable<Unasked> {
  for (const record of entries) {
    if (record.kind !== "delete" || record.dot.origin !== id || numbers.of(record.dot) !== undefined) continue;
    yield { record, ...truthOf(record, numbers, told, isDirect) };
  }
}

function truthOf(
  { prev, deps }: CausalRecord,
  numbers: RecordNumbers,
  told: readonly Told[],
  isDirect: boolean,
): Pick<Told, "past" | "replaced"> {
  let [past, replaced] = [0n, 0n];
  for (const at of numbers.list(prev)) {
    const { past: before, replaced: gone } = told[at] as Told;
    past |= before | (1n << BigInt(at));
    replaced |= (isDirect ? 0n : gone) | (1n << BigInt(at));
  }
  for (const at of numbers.list(deps)) past |= (told[at] as Told).past | (1n << BigInt(at));
  return { past, replaced };
}
