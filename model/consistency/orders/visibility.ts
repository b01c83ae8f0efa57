/**
 * What follows from who sees what: one pass over blocks of clocks, from which CC, CCv, RTC and the reads of sets take their facts.
 *
 * 1. A read r returned what w wrote, and some other write v of the key is in its past. So v lost against w: v is before w in any
 *    order by which all decide. That is a conflict edge (CF in the paper) v -> w.
 * 2. Of the writes of one session only the newest visible one matters, the others are before it. Of all reads of w only the union
 *    of what they saw matters. Where v is in the past of w anyway the edge says nothing new. What is left are few edges.
 * 3. A read returned the beginning although a write of the key is in its past.
 * 4. A list holds everything that its reader had seen: as many elements as there are appends in its past, or one is missing.
 * 5. A set holds the maximal writes of its reader's past: every visible write of the key is in the past of an element, and no
 *    element is in that of another. (If an element were before a visible write, that write would be in the past of an element
 *    again, or one: so the second half needs to look at elements only.)
 *
 * 6. Deletes stand for nothing that must be returned: what a visible delete had seen need not be in the set, and a delete that stands
 *    need not be listed. To know which deletes are visible takes the clocks of all sessions at once; where these do not fit into one
 *    block, sets that something was deleted from are not judged (`isUndecided`).
 *
 * For sets under recorded overwrites see siblings.ts. Leaves out evidence: what is wrong is named by operations.
 *
 * Source of the patterns: Bouajjani et al., POPL 2017, Table 2 and definition 5. That the newest per session is enough: since
 * session order is part of the causal order, any older one reaches the same edges through it.
 */
import { UintColumn } from "../columns.ts";
import { ABSENT, type History, INITIAL, keyKind, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import { ClockBlock, readWrites } from "./clock-block.ts";
import { type Deletes, deletesOf, newestSeen } from "./deletes.ts";
import { EdgeLists } from "./edge-lists.ts";
import { type KeyWrites, seenOfRun } from "./key-writes.ts";

/** Findings kept of each sort. */
const KEPT = 100;
const NO_DELETES: readonly number[] = [];

/** What was found. */
export interface Visibility {
  /** Conflict edges between writes of registers, and of sets without recorded overwrites: the first lost against the second. */
  readonly conflicts: EdgeLists;
  /** Writes that somebody had seen who read the beginning of their key. */
  readonly initial: readonly number[];
  /** Reads of lists that hold fewer elements than their reader had seen. */
  readonly shortLists: readonly number[];
  /** Sets: a write seen by the reader and in the past of no element. */
  readonly missing: readonly { readonly read: number; readonly write: number }[];
  /** Sets: an element in the past of another one, or of a delete that was seen. */
  readonly replaced: readonly { readonly read: number; readonly older: number; readonly newer: number }[];
  /** Empty sets of keys that something was deleted from: a write seen by the reader that nothing it had seen replaces. */
  readonly emptied: readonly { readonly read: number; readonly write: number }[];
  /** Whether there are sets that were not judged. */
  readonly isUndecided: boolean;
}

/**
 * Walks through the operations once per block of sessions.
 *
 * @param order all operations in causal order
 */
export function visibility(history: History, reads: ReadsFrom, writes: KeyWrites, order: Uint32Array): Visibility {
  return new Pass(history, reads, writes, order).run();
}

class Pass {
  readonly #history: History;
  readonly #reads: ReadsFrom;
  readonly #writes: KeyWrites;
  readonly #order: Uint32Array;
  readonly #slotOf: Int32Array;
  readonly #slotWrites: Uint32Array;
  readonly #block: ClockBlock;
  /** By key: the slot in `#seenBy` of its beginning, where somebody read that; else ABSENT. */
  readonly #initialSlot: Int32Array;
  /** By slot, `width` entries: what all readers of that write (or beginning) together have seen. */
  readonly #seenBy: Uint32Array;
  /** By key: the first of its runs that belongs to the block or one behind it. */
  readonly #firstRun: Uint32Array;
  /** By read of a list, in causal order: appends of its key that it has seen. */
  readonly #appendsSeen = new UintColumn();
  readonly #covered: Uint32Array;
  /** Of one key at a time, its runs in the block: number, entry of a clock, oldest and newest write. */
  readonly #runs: Uint32Array;
  readonly #entries: Uint32Array;
  readonly #oldests: Uint32Array;
  readonly #newests: Uint32Array;
  readonly #judgesSets: boolean;
  readonly #deletes: Deletes | null;
  readonly #isUndecided: boolean;

  readonly #conflicts: EdgeLists;
  readonly #initial: number[] = [];
  readonly #missing: { read: number; write: number }[] = [];
  readonly #replaced: { read: number; older: number; newer: number }[] = [];
  readonly #emptied: { read: number; write: number }[] = [];

  constructor(history: History, reads: ReadsFrom, writes: KeyWrites, order: Uint32Array) {
    this.#history = history;
    this.#reads = reads;
    this.#writes = writes;
    this.#deletes = deletesOf(history, reads);
    const { slotOf, writes: slotWrites } = readWrites(history, reads, order, this.#deletes?.ofKey);
    this.#order = order;
    this.#slotOf = slotOf;
    this.#slotWrites = slotWrites;
    this.#judgesSets = !history.hasReplaced;
    this.#initialSlot = new Int32Array(history.keyCount).fill(ABSENT);
    const slots = this.#findInitialReads(slotWrites.length);
    // The two tables of clocks share what a block may take.
    this.#block = new ClockBlock(history.sessionCount, slots);
    this.#isUndecided = this.#deletes !== null && this.#block.width < history.sessionCount;
    this.#seenBy = new Uint32Array(slots * this.#block.width);
    const { width } = this.#block;
    this.#covered = new Uint32Array(width);
    this.#runs = new Uint32Array(width);
    this.#entries = new Uint32Array(width);
    this.#oldests = new Uint32Array(width);
    this.#newests = new Uint32Array(width);
    this.#firstRun = writes.keyRuns.slice(0, history.keyCount);
    this.#conflicts = new EdgeLists(history.operationCount);
  }

  run(): Visibility {
    const { sessionCount } = this.#history;
    for (let first = 0; first < sessionCount; first += this.#block.width) {
      this.#block.begin(first, sessionCount);
      this.#seenBy.fill(0);
      this.#walk();
      this.#takeConflicts();
      this.#advanceRuns();
    }
    return {
      conflicts: this.#conflicts,
      initial: this.#initial,
      shortLists: this.#shortLists(),
      missing: this.#missing,
      replaced: this.#replaced,
      emptied: this.#emptied,
      isUndecided: this.#isUndecided,
    };
  }

  /** Gives slots behind those of writes to beginnings that were read; returns the number of all slots. */
  #findInitialReads(slots: number): number {
    const { operationCount, kind, key, listStart, listed } = this.#history;
    for (let operation = 0; operation < operationCount; operation += 1) {
      if (kind[operation] !== operationKind.read || this.#reads.counts[operation] === 0) continue;
      const at = listStart[operation]!;
      const isInitial = listStart[operation + 1] === at || listed[at] === INITIAL;
      const of = key[operation]!;
      // Whether an empty set is wrong where something was deleted is asked of each read.
      if (!isInitial || this.#deletes?.ofKey[of] === 1) continue;
      if (this.#countsConflicts(of) && this.#initialSlot[of] === ABSENT) this.#initialSlot[of] = slots++;
    }
    return slots;
  }

  #countsConflicts(key: number): boolean {
    const kind = this.#history.keyKind[key];
    return kind === keyKind.register || (kind === keyKind.siblings && this.#judgesSets);
  }

  #walk(): void {
    const order = this.#order;
    const { kind, key, session, keyKind: kinds, listStart } = this.#history;
    const { counts } = this.#reads;
    const block = this.#block;
    const slotOf = this.#slotOf;
    let listReads = 0;
    for (let place = 0; place < order.length; place += 1) {
      const operation = order[place]!;
      const of = session[operation]!;
      if (counts[operation] === 1 && kind[operation] === operationKind.read) {
        const first = listStart[operation]!;
        const last = listStart[operation + 1]!;
        if (last === first + 1) this.#learnOne(operation, of, first);
        else this.#learnAll(of, first, last);
        block.reach(of, operation);
        const kindOfKey = kinds[key[operation]!];
        if (kindOfKey === keyKind.list) {
          this.#countAppends(listReads, of, key[operation]!);
          listReads += 1;
        } else if (last !== first + 1) this.#tellReaders(of, key[operation]!, first, last);
        if (kindOfKey !== keyKind.siblings || !this.#judgesSets) continue;
        if (this.#deletes?.ofKey[key[operation]!] !== 1) this.#judgeSet(operation, of, first, last, NO_DELETES);
        else if (!this.#isUndecided) this.#judgeAmongDeletes(this.#deletes, operation, of, first, last);
      } else {
        block.reach(of, operation);
        const slot = slotOf[operation]!;
        if (slot !== ABSENT) block.keep(of, slot);
      }
    }
  }

  /** The common case, a read of one version, in one loop: the reader learns, and is added to those who saw. */
  #learnOne(operation: number, session: number, at: number): void {
    const { listed, key } = this.#history;
    const { width, sessions, writes } = this.#block;
    const seenBy = this.#seenBy;
    const version = listed[at]!;
    const writer = version === INITIAL ? ABSENT : this.#reads.writerOf[version]!;
    const of = key[operation]!;
    const to = session * width;
    this.#block.reach(session, operation);
    if (writer === ABSENT) {
      const initial = version === INITIAL ? this.#initialSlot[of]! : ABSENT;
      if (initial === ABSENT) return;
      const seen = initial * width;
      for (let entry = 0; entry < width; entry += 1)
        if (sessions[to + entry]! > seenBy[seen + entry]!) seenBy[seen + entry] = sessions[to + entry]!;
      return;
    }
    const from = this.#slotOf[writer]! * width;
    if (!this.#countsConflicts(of)) {
      this.#block.learn(session, this.#slotOf[writer]!);
      return;
    }
    for (let entry = 0; entry < width; entry += 1) {
      const told = writes[from + entry]!;
      let known = sessions[to + entry]!;
      if (told > known) {
        known = told;
        sessions[to + entry] = told;
      }
      if (known > seenBy[from + entry]!) seenBy[from + entry] = known;
    }
  }

  #learnAll(session: number, first: number, last: number): void {
    for (let at = first; at < last; at += 1) {
      const slot = this.#slotOfVersion(this.#history.listed[at]!);
      if (slot !== ABSENT) this.#block.learn(session, slot);
    }
  }

  #slotOfVersion(version: number): number {
    const writer = version === INITIAL ? ABSENT : this.#reads.writerOf[version]!;
    return writer === ABSENT ? ABSENT : this.#slotOf[writer]!;
  }

  /** Adds a reader of several versions, or of none, to those who saw them. */
  #tellReaders(session: number, key: number, first: number, last: number): void {
    if (!this.#countsConflicts(key)) return;
    if (first === last) this.#tell(session, this.#initialSlot[key]!);
    for (let at = first; at < last; at += 1) this.#tell(session, this.#slotOfVersion(this.#history.listed[at]!));
  }

  #tell(session: number, slot: number): void {
    if (slot === ABSENT) return;
    const { width, sessions } = this.#block;
    const seenBy = this.#seenBy;
    for (let entry = 0; entry < width; entry += 1) {
      const known = sessions[session * width + entry]!;
      if (known > seenBy[slot * width + entry]!) seenBy[slot * width + entry] = known;
    }
  }

  #countAppends(listRead: number, session: number, key: number): void {
    const { first, end, width, sessions } = this.#block;
    const { runSession, keyRuns } = this.#writes;
    if (first === 0) this.#appendsSeen.push(0);
    const lastRun = keyRuns[key + 1]!;
    let seen = 0;
    for (let run = this.#firstRun[key]!; run < lastRun && runSession[run]! < end; run += 1)
      seen += seenOfRun(this.#writes, run, sessions[session * width + runSession[run]! - first]!);
    this.#appendsSeen.data[listRead]! += seen;
  }

  /** @param deletes that the reader had seen, of each session the newest */
  #judgeSet(read: number, session: number, from: number, to: number, deletes: readonly number[]): void {
    const { first, end, width, sessions, writes } = this.#block;
    const { listed, key } = this.#history;
    const { runSession, runStart, keyRuns, writes: byRun } = this.#writes;
    const covered = this.#covered.fill(0);
    const count = to - from + deletes.length;
    for (let at = 0; at < count; at += 1) {
      const slot = from + at < to ? this.#slotOfVersion(listed[from + at]!) : this.#slotOf[deletes[from + at - to]!]!;
      if (slot === ABSENT) continue;
      for (let entry = 0; entry < width; entry += 1)
        if (writes[slot * width + entry]! > covered[entry]!) covered[entry] = writes[slot * width + entry]!;
      if (from + at < to) this.#judgeElement(read, this.#slotWrites[slot]!, from, to, deletes);
    }
    const of = key[read]!;
    const lastRun = keyRuns[of + 1]!;
    for (let run = this.#firstRun[of]!; run < lastRun && runSession[run]! < end; run += 1) {
      const entry = runSession[run]! - first;
      const seen = seenOfRun(this.#writes, run, sessions[session * width + entry]!);
      if (seen === 0 || this.#missing.length === KEPT) continue;
      const write = byRun[runStart[run]! + seen - 1]!;
      if (write >= covered[entry]!) this.#missing.push({ read, write });
    }
  }

  /** Whether an element is in the past of another one, or of a delete; decided in the block of its session. */
  #judgeElement(read: number, older: number, from: number, to: number, deletes: readonly number[]): void {
    const { first, end, width, writes } = this.#block;
    const session = this.#history.session[older]!;
    if (session < first || session >= end) return;
    const count = to - from + deletes.length;
    for (let at = 0; at < count && this.#replaced.length < KEPT; at += 1) {
      const slot =
        from + at < to
          ? this.#slotOfVersion(this.#history.listed[from + at]!)
          : this.#slotOf[deletes[from + at - to]!]!;
      if (slot === ABSENT || this.#slotWrites[slot] === older) continue;
      if (writes[slot * width + session - first]! > older)
        this.#replaced.push({ read, older, newer: this.#slotWrites[slot]! });
    }
  }

  /** A set of a key that something was deleted from. All sessions are in the block. */
  #judgeAmongDeletes({ runs }: Deletes, read: number, session: number, from: number, to: number): void {
    const { width, sessions, writes } = this.#block;
    const { key, session: sessionOf, isDelete } = this.#history;
    const clock = sessions.subarray(session * width, (session + 1) * width);
    this.#judgeSet(read, session, from, to, newestSeen(runs, key[read]!, clock));
    if (from !== to || this.#emptied.length === KEPT) return;
    // An empty set shows a delete that stands, or that nothing had been seen.
    const seen = newestSeen(this.#writes, key[read]!, clock);
    const standing = seen.filter((write) =>
      seen.every((other) => other === write || writes[this.#slotOf[other]! * width + sessionOf[write]!]! <= write),
    );
    const [first] = standing;
    if (first !== undefined && !standing.some((write) => isDelete![write] === 1))
      this.#emptied.push({ read, write: first });
  }

  /** By key, by write that was read (and the beginning), by run of the block: the newest write seen by its readers. */
  #takeConflicts(): void {
    const { keyRuns, runStart, writes: byRun } = this.#writes;
    const { width, writes } = this.#block;
    const seenBy = this.#seenBy;
    const slotOf = this.#slotOf;
    const [runs, entries, oldests, newests] = [this.#runs, this.#entries, this.#oldests, this.#newests];
    for (let key = 0; key < this.#firstRun.length; key += 1) {
      const count = this.#countsConflicts(key) ? this.#gatherRuns(key) : 0;
      if (count === 0) continue;
      const placeEnd = runStart[keyRuns[key + 1]!]!;
      for (let place = runStart[keyRuns[key]!]!; place < placeEnd; place += 1) {
        const write = byRun[place]!;
        const slot = slotOf[write]!;
        if (slot === ABSENT) continue;
        const base = slot * width;
        for (let at = 0; at < count; at += 1) {
          const known = writes[base + entries[at]!]!;
          // Most runs end here: the write itself had seen all of them, or its readers nothing.
          if (newests[at]! < known) continue;
          const bound = seenBy[base + entries[at]!]!;
          if (bound <= known || oldests[at]! >= bound) continue;
          const run = runs[at]!;
          const newest =
            newests[at]! < bound ? newests[at]! : byRun[runStart[run]! + seenOfRun(this.#writes, run, bound) - 1]!;
          if (newest >= known) this.#conflicts.add(newest, write);
        }
      }
      const initial = this.#initialSlot[key]!;
      if (initial === ABSENT) continue;
      for (let at = 0; at < count && this.#initial.length < KEPT; at += 1)
        if (oldests[at]! < seenBy[initial * width + entries[at]!]!) this.#initial.push(oldests[at]!);
    }
  }

  /** Lays the runs of a key that belong to the block side by side; returns how many there are. */
  #gatherRuns(key: number): number {
    const { keyRuns, runSession, runStart, writes: byRun } = this.#writes;
    const { first, end } = this.#block;
    let count = 0;
    for (let run = this.#firstRun[key]!; run < keyRuns[key + 1]! && runSession[run]! < end; run += 1) {
      this.#runs[count] = run;
      this.#entries[count] = runSession[run]! - first;
      this.#oldests[count] = byRun[runStart[run]!]!;
      this.#newests[count] = byRun[runStart[run + 1]! - 1]!;
      count += 1;
    }
    return count;
  }

  #advanceRuns(): void {
    const { runSession, keyRuns } = this.#writes;
    for (let key = 0; key < this.#firstRun.length; key += 1) {
      let run = this.#firstRun[key]!;
      while (run < keyRuns[key + 1]! && runSession[run]! < this.#block.end) run += 1;
      this.#firstRun[key] = run;
    }
  }

  #shortLists(): readonly number[] {
    const { kind, key, keyKind: kinds, listStart, listed } = this.#history;
    const short: number[] = [];
    let listReads = 0;
    for (const operation of this.#order) {
      if (kind[operation] !== operationKind.read || this.#reads.counts[operation] === 0) continue;
      if (kinds[key[operation]!] !== keyKind.list) continue;
      let elements = 0;
      for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1)
        if (listed[at] !== INITIAL) elements += 1;
      if (elements < this.#appendsSeen.data[listReads]! && short.length < KEPT) short.push(operation);
      listReads += 1;
    }
    return short;
  }
}
