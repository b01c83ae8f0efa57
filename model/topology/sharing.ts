// One copy of equal lists. Ten thousand cloudlets in the same four scopes have ten thousand equal lists of scopes; kept
// once, they take the memory of one. Lists handed in belong to the collection from then on and are never changed again.

/** A list of whole numbers. */
type Numbers = ArrayLike<number> & { slice(): ArrayLike<number> };

/** A collection in which equal lists are the same list. */
export interface Shared<List extends Numbers> {
  /** The list that equals this one: this one itself when it is the first of its kind. */
  one(list: List): List;
  /** The same of a list that whoever hands it in goes on to change: what is kept is a copy. */
  copyOf(list: List): List;
}

/** An empty collection for lists of whole numbers. */
export function shareLists<List extends Numbers>(): Shared<List> {
  const byHash = new Map<number, List[]>();
  const find = (list: List, isLent: boolean): List => {
    const hash = hashOf(list);
    const alike = byHash.get(hash);
    if (alike !== undefined) for (const known of alike) if (equal(known, list)) return known;
    const kept = isLent ? (list.slice() as List) : list;
    if (alike === undefined) byHash.set(hash, [kept]);
    else alike.push(kept);
    return kept;
  };
  return {
    one: (list) => find(list, false),
    copyOf: (list) => find(list, true),
  };
}

/** FNV-1a over 32-bit words. */
function hashOf(list: ArrayLike<number>): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < list.length; index += 1) hash = Math.imul(hash ^ list[index]!, 0x01000193);
  // Without this the low bits would see only the low bits of the words.
  return (hash ^ (hash >>> 15)) | 0;
}

function equal(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}
