// Names as people give them: whether a name can be a name (T1), which index it stands for, and which known name a
// misspelt one probably meant. Maps throughout, so that a cloudlet may be called `__proto__` or `constructor`.

import type { Refusals } from "./rules.ts";

/** Length of the longest name: names appear in tables and traces. */
export const NAME_LENGTH_MAX = 200;

/** Misspelt names that get a suggestion; each costs a walk over all names, and a file may be wrong throughout. */
const SUGGESTIONS_MAX = 20;

/** Which index each name stands for. */
export interface NameIndex {
  /** The index of the first thing with that name, or null. */
  find(name: string): number | null;
  /** `there is no cloudlet "c2"; did you mean "c3"?` or, without a near name, a pointer to where names are given. */
  unknown(name: string): string;
}

/**
 * Indexes the names of one kind of thing and refuses those that break T1. A later thing of the same name is refused and
 * not indexed.
 *
 * @param kind what the names stand for, as in messages: "cloudlet"
 * @param list where the things stand in the spec: "cloudlets"
 */
export function indexNames(kind: string, list: string, names: readonly string[], refusals: Refusals): NameIndex {
  const indexOf = new Map<string, number>();
  for (const [index, name] of names.entries()) {
    const flaw = flawOfName(name);
    if (flaw !== null) refusals.add("T1", [list, index, "name"], `a ${kind} is named ${quoted(name)}, which ${flaw}`);
    const first = indexOf.get(name);
    if (first === undefined) indexOf.set(name, index);
    else {
      refusals.add(
        "T1",
        [list, index, "name"],
        `${kind} ${quoted(name)} is given twice, as number ${first + 1} and ${index + 1}; rename one`,
      );
    }
  }
  let suggestionsLeft = SUGGESTIONS_MAX;
  return {
    find: (name) => indexOf.get(name) ?? null,
    unknown(name) {
      suggestionsLeft -= 1;
      const near = suggestionsLeft >= 0 ? nearestName(name, names) : null;
      const remedy = near === null ? `add it to ${list}, or name another` : `did you mean ${quoted(near)}?`;
      return `there is no ${kind} ${quoted(name)}; ${remedy}`;
    },
  };
}

/** Why a text cannot be a name, with the remedy; null when it can. */
export function flawOfName(name: string): string | null {
  if (name === "") return "is empty; give it a name";
  if (name.length > NAME_LENGTH_MAX) return `is longer than ${NAME_LENGTH_MAX} characters; shorten it`;
  // Blanks, control characters and halves of surrogate pairs would break the columns of traces and tables.
  if (/[\s\p{Cc}\p{Cs}]/u.test(name)) return "has a blank or control character; write a hyphen instead";
  return null;
}

/** A name in quotation marks, escaped where it would not print, cut where it is long. */
export function quoted(name: string): string {
  return JSON.stringify(name.length > 60 ? `${name.slice(0, 57)}...` : name);
}

/**
 * The known name that differs least, of equals the first; null when more than a third of the characters (one at least)
 * would have to be inserted, deleted or replaced. Case makes no difference.
 */
export function nearestName(name: string, known: readonly string[]): string | null {
  if (name.length > NAME_LENGTH_MAX) return null;
  let nearest: string | null = null;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    if (candidate === "" || Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

/**
 * The least number of single-character insertions, deletions, replacements and swaps of neighbours from one text to the
 * other (optimal string alignment): a swap is the commonest slip of fingers.
 */
function editDistance(from: string, to: string): number {
  let twoAbove: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row += 1) {
    const here = [row];
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (above[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1);
      const isSwap = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const swapped = isSwap ? (twoAbove[column - 2] ?? Infinity) + 1 : Infinity;
      here.push(Math.min(replaced, swapped, (above[column] ?? 0) + 1, (here[column - 1] ?? 0) + 1));
    }
    twoAbove = above;
    above = here;
  }
  return above[to.length] ?? 0;
}
