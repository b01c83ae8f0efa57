// Vector clocks over sessions that share most of themselves: how many writes of each session lie in a past. A clock is a
// tree of three levels with 32 branches below the top; advancing copies one path, and merging two clocks returns one of
// them whole wherever it already covers the other. So "is x in the past of y" is three loads and exact, and a clock over
// ten thousand sessions costs a few hundred bytes per write. Clocks are never changed once made.

type Leaf = readonly number[];
type Branch = readonly Leaf[];

/** How many writes of each session are in a past, by session index. */
export type Clock = readonly Branch[];

const ZERO_LEAF: Leaf = new Array<number>(32).fill(0);
const ZERO_BRANCH: Branch = new Array<Leaf>(32).fill(ZERO_LEAF);

/** The clock of an empty past. */
export const ZERO_CLOCK: Clock = [];

/** How many writes of this session are in the past. */
export function writesOf(clock: Clock, session: number): number {
  const branch = clock[session >>> 10];
  if (branch === undefined) return 0;
  return (branch[(session >>> 5) & 31] as Leaf)[session & 31] as number;
}

/** The same past with `count` writes of this session in it, which must be more than before. */
export function advanced(clock: Clock, session: number, count: number): Clock {
  const top = clock.slice();
  while (top.length <= session >>> 10) top.push(ZERO_BRANCH);
  const branch = (top[session >>> 10] as Branch).slice();
  const leaf = (branch[(session >>> 5) & 31] as Leaf).slice();
  leaf[session & 31] = count;
  branch[(session >>> 5) & 31] = leaf;
  top[session >>> 10] = branch;
  return top;
}

/** The union of two pasts; one of the two clocks itself when it covers the other. */
export function merged(a: Clock, b: Clock): Clock {
  if (a === b || b.length === 0) return a;
  const length = Math.max(a.length, b.length);
  let isA = a.length === length;
  let isB = b.length === length;
  let result: Branch[] | null = null;
  for (let at = 0; at < length; at += 1) {
    const one = a[at] ?? ZERO_BRANCH;
    const other = b[at] ?? ZERO_BRANCH;
    const both = mergedBranch(one, other);
    if (result === null) {
      const stillA: boolean = isA && both === one;
      const stillB: boolean = isB && both === other;
      if (!stillA && !stillB) result = (isA ? a : b).slice(0, at);
      isA = stillA;
      isB = stillB;
    }
    if (result !== null) result.push(both);
  }
  if (result !== null) return result;
  return isA ? a : b;
}

function mergedBranch(a: Branch, b: Branch): Branch {
  if (a === b || b === ZERO_BRANCH) return a;
  if (a === ZERO_BRANCH) return b;
  let isA = true;
  let isB = true;
  let result: Leaf[] | null = null;
  for (let at = 0; at < 32; at += 1) {
    const one = a[at] as Leaf;
    const other = b[at] as Leaf;
    const both = mergedLeaf(one, other);
    if (result === null) {
      const stillA: boolean = isA && both === one;
      const stillB: boolean = isB && both === other;
      if (!stillA && !stillB) result = (isA ? a : b).slice(0, at);
      isA = stillA;
      isB = stillB;
    }
    if (result !== null) result.push(both);
  }
  if (result !== null) return result;
  return isA ? a : b;
}

function mergedLeaf(a: Leaf, b: Leaf): Leaf {
  if (a === b || b === ZERO_LEAF) return a;
  if (a === ZERO_LEAF) return b;
  let isA = true;
  let isB = true;
  for (let at = 0; at < 32; at += 1) {
    const one = a[at] as number;
    const other = b[at] as number;
    if (one < other) isA = false;
    else if (other < one) isB = false;
  }
  if (isA) return a;
  if (isB) return b;
  const result = a.slice();
  for (let at = 0; at < 32; at += 1) {
    const other = b[at] as number;
    if (other > (result[at] as number)) result[at] = other;
  }
  return result;
}
