// One copy of equal lists. Ten thousand cloudlets in the same four scopes have ten thousand equal lists of scopes; kept
// once, they take the memory of one. Lists handed in belong to the collection from then on and are never changed again.

/** A collection in which equal lists are the same list. */
export interface Shared<List extends ArrayLike<number>> {
  /** The list that equals this one: this one itself when it is the first of its kind. */
  one(list: List): List;
}

/** An empty collection for lists of whole numbers. */
export function shareLists<List extends ArrayLike<number>>(): Shared<List> {
  const byHash = new Map<number, List[]>();
  return {
    one(list) {
      const hash = hashOf(list);
      const alike = byHash.get(hash);
      if (alike === undefined) {
        byHash.set(hash, [list]);
        return list;
      }
      for (const known of alike) if (equal(known, list)) return known;
      alike.push(list);
      return list;
    },
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
