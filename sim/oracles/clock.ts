// Vector clocks over sessions that share most of themselves: how many writes of each session lie in a past. A clock names one
// session, the one that wrote last, beside a tree of three levels with 32 branches below the top for the others; so a
// session that writes again shares the tree of its write before. Putting another session into the tree copies one path, and
// merging two clocks returns one of them whole wherever it already covers the other. So "is x in the past of y" is a few loads
// and exact, and a clock over ten thousand sessions costs some hundred bytes where a past has grown, and fifty where it has
// not. Clocks are never changed once made.

type Leaf = readonly number[];
/** As long as it needs to be: what is behind its end is zero. */
type Branch = readonly Leaf[];
type Tree = readonly Branch[];

/** How many writes of each session are in a past, by session index. */
export interface Clock {
  /** Of all sessions but the next; what it says of that one is less, or nothing. */
  readonly tree: Tree;
  /** The session that is kept apart, and how many writes of it there are. */
  readonly session: number;
  readonly count: number;
}

const ZERO_LEAF: Leaf = new Array<number>(32).fill(0);
const ZERO_BRANCH: Branch = [];
const ZERO_TREE: Tree = [];

/** The clock of an empty past. */
export const ZERO_CLOCK: Clock = { tree: ZERO_TREE, session: -1, count: 0 };

/** How many writes of this session are in the past. */
export function writesOf(clock: Clock, session: number): number {
  return clock.session === session ? clock.count : writesIn(clock.tree, session);
}

/** The same past with `count` writes of this session in it, which must be more than before. */
export function advanced({ tree, session: other, count: others }: Clock, session: number, count: number): Clock {
  return { tree: other === session ? tree : withWrites(tree, other, others), session, count };
}

/** The union of two pasts; one of the two clocks itself when it covers the other. */
export function merged(a: Clock, b: Clock): Clock {
  if (a === b || covers(a, b)) return a;
  if (covers(b, a)) return b;
  const { session } = a;
  const tree = mergedTree(a.tree, b.tree);
  return {
    tree: b.session === session ? tree : withWrites(tree, b.session, b.count),
    session,
    count: Math.max(a.count, writesOf(b, session)),
  };
}

function covers(a: Clock, b: Clock): boolean {
  if (b.count > 0 && writesOf(a, b.session) < b.count) return false;
  for (let at = 0; at < b.tree.length; at += 1) {
    const branch = b.tree[at] as Branch;
    const own = branchAt(a.tree, at);
    if (branch === own || branch === ZERO_BRANCH) continue;
    for (let place = 0; place < branch.length; place += 1) {
      const leaf = branch[place] as Leaf;
      const mine = leafAt(own, place);
      if (leaf === mine || leaf === ZERO_LEAF) continue;
      if (!coversLeaf(a, mine, leaf, at * 1024 + place * 32)) return false;
    }
  }
  return true;
}

function coversLeaf({ session, count }: Clock, own: Leaf, leaf: Leaf, first: number): boolean {
  for (let at = 0; at < 32; at += 1) {
    const writes = leaf[at] as number;
    if (writes > (own[at] as number) && (first + at !== session || writes > count)) return false;
  }
  return true;
}

// Lengths are asked for first: what reads behind the end of a list once is compiled anew for lists of which that is to be expected.
function branchAt(tree: Tree, at: number): Branch {
  return at < tree.length ? (tree[at] as Branch) : ZERO_BRANCH;
}

function leafAt(branch: Branch, place: number): Leaf {
  return place < branch.length ? (branch[place] as Leaf) : ZERO_LEAF;
}

function writesIn(tree: Tree, session: number): number {
  return leafAt(branchAt(tree, session >>> 10), (session >>> 5) & 31)[session & 31] as number;
}

// The tree with so many writes of this session; as it is where it has them.
function withWrites(tree: Tree, session: number, count: number): Tree {
  if (session < 0 || writesIn(tree, session) >= count) return tree;
  const top = tree.slice();
  while (top.length <= session >>> 10) top.push(ZERO_BRANCH);
  const branch = (top[session >>> 10] as Branch).slice();
  const place = (session >>> 5) & 31;
  while (branch.length <= place) branch.push(ZERO_LEAF);
  const leaf = (branch[place] as Leaf).slice();
  leaf[session & 31] = count;
  branch[place] = leaf;
  top[session >>> 10] = branch;
  return top;
}

function mergedTree(a: Tree, b: Tree): Tree {
  if (a === b || b.length === 0) return a;
  const length = Math.max(a.length, b.length);
  let isA = a.length === length;
  let isB = b.length === length;
  let result: Branch[] | null = null;
  for (let at = 0; at < length; at += 1) {
    const one = branchAt(a, at);
    const other = branchAt(b, at);
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
  if (a === b || b.length === 0) return a;
  if (a.length === 0) return b;
  const length = Math.max(a.length, b.length);
  let isA = a.length === length;
  let isB = b.length === length;
  let result: Leaf[] | null = null;
  for (let at = 0; at < length; at += 1) {
    const one = leafAt(a, at);
    const other = leafAt(b, at);
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
