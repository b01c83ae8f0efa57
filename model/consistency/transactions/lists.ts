/**
 * Lists that only grow: every list that was read is a state of its key, and the states of one key are beginnings of each other.
 *
 * So the longest list that was read of a key tells the order of its elements, and all other lists of the key must be beginnings of
 * it; what is in none of them was appended after all that is (rules of Elle: Kingsbury, Alvaro, VLDB 2020, section 4).
 *
 * Leaves out which appends a reader had to see: that depends on the model.
 */
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "../history.ts";
import type { Evidence } from "../verdict.ts";

/** What the lists of a history show about the order of elements. */
export interface Lists {
  /** By key: the read that returned most elements, ABSENT where no list was read. Empty where no key is a list. */
  readonly longest: Int32Array;
  /** By version: where it stands in the longest list of its key, ABSENT where it does not. Empty where no key is a list. */
  readonly position: Int32Array;
}

/** Finds the longest list of every key. Linear in the history. */
export function listsOf(history: History, counts: Uint8Array): Lists {
  const { operationCount, kind, key, listStart, listed } = history;
  if (!history.keyKind.includes(keyKind.list)) return { longest: new Int32Array(0), position: new Int32Array(0) };
  const longest = new Int32Array(history.keyCount).fill(ABSENT);
  const lengthOf = (read: number): number => listStart[read + 1]! - listStart[read]!;
  for (let at = 0; at < operationCount; at += 1) {
    if (counts[at] === 0 || kind[at] !== operationKind.read || history.keyKind[key[at]!] !== keyKind.list) continue;
    const best = longest[key[at]!]!;
    if (best === ABSENT || lengthOf(at) > lengthOf(best)) longest[key[at]!] = at;
  }
  const position = new Int32Array(history.versionCount).fill(ABSENT);
  for (const read of longest) {
    if (read === ABSENT) continue;
    for (let entry = listStart[read]!; entry < listStart[read + 1]!; entry += 1) {
      // Where an element stands twice the first place counts; the list is refused then anyway.
      const version = listed[entry]!;
      if (version !== INITIAL && position[version] === ABSENT) position[version] = entry - listStart[read]!;
    }
  }
  return { longest, position };
}

/** Lists that cannot be states of one growing list; null where all can. Linear in what the lists hold. */
export function listFlaw(history: History, counts: Uint8Array, { longest, position }: Lists): Evidence | null {
  const { operationCount, kind, key, listStart, listed } = history;
  if (longest.length === 0) return null;
  const seenIn = new Int32Array(history.versionCount).fill(ABSENT);
  for (let read = 0; read < operationCount; read += 1) {
    if (counts[read] === 0 || kind[read] !== operationKind.read || history.keyKind[key[read]!] !== keyKind.list)
      continue;
    const first = listStart[read]!;
    let agrees = true;
    for (let entry = first; entry < listStart[read + 1]!; entry += 1) {
      const version = listed[entry]!;
      if (version === INITIAL) continue;
      if (seenIn[version] === read) {
        return { pattern: "RepeatedElement", operations: [read], edges: [], cyclic: false };
      }
      seenIn[version] = read;
      agrees &&= position[version] === entry - first;
    }
    if (!agrees) {
      return { pattern: "IncompatibleOrder", operations: [longest[key[read]!]!, read], edges: [], cyclic: false };
    }
  }
  return null;
}
