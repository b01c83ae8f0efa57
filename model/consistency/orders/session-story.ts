/**
 * Whether one session can explain all that it read with one sequence of writes: the happens-before relation of causal memory and of
 * pipelined memory, as a fixpoint of one number per operation.
 *
 * Source: Bouajjani et al., POPL 2017, definition 6 (HBo for the last operation o of a session; earlier ones follow). Happens-before
 * holds the base order (causal order for CM; for PRAM session order and what this session read), and with it: if w1 comes before
 * a read r of this session that returned w2 of the same key, w1 comes before w2. The session can be explained if there is no
 * cycle and nobody comes before a read of the initial value of his key.
 *
 * The relation itself would be quadratic. But all that matters of an operation is the first read of this session that it must
 * come before: its place. Then:
 *
 * 1. What comes before an operation has at most its place: one walk backwards gives the places of the base order.
 * 2. A version that the session read lives from its place to its last read. Every other write of the key whose place falls into
 *    that life must come before the version: its place becomes the version's. So two versions whose lives overlap must each
 *    come before the other: a cycle.
 * 3. A place that shrinks takes with it all that comes before, which may shrink other keys' places; until nothing changes. An
 *    operation of the session itself whose place comes to lie before it is a cycle.
 * 4. What is left are cycles among operations of equal place. They hold some edge of rule 2 between writes of equal place, and are
 *    searched backwards from those, within that place.
 *
 * One session costs O(operations) when little changes; each place can only shrink, to no less than zero, so the worst case is
 * O(operations x reads of the session). Leaves out evidence, beyond the edges of rule 2 in the order in which they were found.
 */
import { UintColumn } from "../columns.ts";
import { ABSENT, type History, INITIAL, operationKind } from "../history.ts";
import type { ReadsFrom } from "../reads-from.ts";
import { onRegister, readWriter } from "../registers.ts";
import type { KeyWrites } from "./key-writes.ts";
import { NEVER, SessionPasts } from "./session-past.ts";

const NO_TIGHT = 0;

/** What cannot be explained. */
export type Unexplained =
  | { readonly kind: "cycle" }
  /** `write` must come before `read`, which returned the initial value. */
  | { readonly kind: "initial"; readonly write: number; readonly read: number };

/** Told of every edge by rule 2 that changed something or closes a cycle: `older` before `newer`, which the session read. */
export type EdgeListener = (older: number, newer: number) => void;

/** What a session needs to be asked; arrays are kept from one session to the next. */
export class SessionStories {
  readonly #history: History;
  readonly #reads: ReadsFrom;
  readonly #writes: KeyWrites;
  /** The causal order, for causal memory; null for pipelined memory. */
  readonly #pasts: SessionPasts | null;
  readonly #tell: EdgeListener | null;
  /** By operation: its place, NEVER where it need come before no read. */
  readonly #place: Int32Array;
  /** By write: the last read (its number) of the session that returned it, or ABSENT. */
  readonly #lastRead: Int32Array;
  /** By key: the last read of the session that returned its initial value, or ABSENT. */
  readonly #initialRead: Int32Array;
  /** By key: the writes that the session read, where it read any. */
  readonly #versions = new Map<number, number[]>();
  /** Keys to be looked at as a whole, since the life of a version has changed; and single other writes whose place has. */
  #dirty = new Set<number>();
  readonly #moved: number[] = [];
  #session = 0;
  /** Reads of the session by number, and by operation of the session: how many come before it. */
  #sessionReads: readonly number[] = [];
  readonly #readsBefore: Uint32Array;
  readonly #open: number[] = [];
  /** Edges of rule 2 between equal places, by the one that comes later: lists in columns. */
  readonly #tightHead: Uint32Array;
  readonly #tightFrom = new UintColumn();
  readonly #tightNext = new UintColumn();
  readonly #targets: number[] = [];
  /** By place with tight edges: the earliest of their ends in causal order. Then those places that have an edge against that order. */
  readonly #earliest = new Map<number, number>();
  readonly #against = new Set<number>();
  /** By operation: twice the session plus 1 where it is being searched for that session, plus 2 once done. */
  readonly #searched: Uint32Array;

  constructor(
    history: History,
    reads: ReadsFrom,
    writes: KeyWrites,
    causalOrder: Uint32Array | null,
    tell: EdgeListener | null = null,
  ) {
    this.#history = history;
    this.#reads = reads;
    this.#writes = writes;
    this.#pasts = causalOrder === null ? null : new SessionPasts(history, reads, causalOrder, false);
    this.#tell = tell;
    this.#place = new Int32Array(history.operationCount);
    this.#lastRead = new Int32Array(history.operationCount).fill(ABSENT);
    this.#initialRead = new Int32Array(history.keyCount).fill(ABSENT);
    let longest = 0;
    for (let session = 0; session < history.sessionCount; session += 1)
      longest = Math.max(longest, history.sessionStart[session + 1]! - history.sessionStart[session]!);
    this.#readsBefore = new Uint32Array(longest);
    this.#tightHead = new Uint32Array(history.operationCount);
    this.#searched = new Uint32Array(history.operationCount);
  }

  /** Asks one session; null where it can be explained. */
  ask(session: number): Unexplained | null {
    this.#session = session;
    this.#sessionReads = this.#pasts === null ? this.#placeBySessions(session) : this.#pasts.of(session, this.#place);
    this.#note();
    const found = this.#settle();
    this.#forget();
    return found;
  }

  /** The base order of pipelined memory: session order, and what this session read. */
  #placeBySessions(session: number): readonly number[] {
    const { operationCount, sessionStart, session: sessionOf, kind, listStart, listed } = this.#history;
    const place = this.#place.fill(NEVER);
    const reads: number[] = [];
    for (let operation = sessionStart[session]!; operation < sessionStart[session + 1]!; operation += 1) {
      if (kind[operation] !== operationKind.read || this.#reads.counts[operation] === 0) continue;
      for (let at = listStart[operation]!; at < listStart[operation + 1]!; at += 1) {
        const writer = listed[at] === INITIAL ? ABSENT : this.#reads.writerOf[listed[at]!]!;
        if (writer !== ABSENT && place[writer]! > reads.length) place[writer] = reads.length;
      }
      if (place[operation]! > reads.length) place[operation] = reads.length;
      reads.push(operation);
    }
    for (let operation = operationCount - 2; operation >= 0; operation -= 1)
      if (place[operation + 1]! < place[operation]! && sessionOf[operation] === sessionOf[operation + 1])
        place[operation] = place[operation + 1]!;
    return reads;
  }

  /** Notes what the session read of which key. */
  #note(): void {
    const { sessionStart, key, kind } = this.#history;
    const first = sessionStart[this.#session]!;
    let number = 0;
    for (let operation = first; operation < sessionStart[this.#session + 1]!; operation += 1) {
      this.#readsBefore[operation - first] = number;
      if (this.#sessionReads[number] !== operation) continue;
      number += 1;
      if (kind[operation] !== operationKind.read || !onRegister(this.#history, this.#reads, operation)) continue;
      const of = key[operation]!;
      this.#dirty.add(of);
      const writer = readWriter(this.#history, this.#reads, operation);
      if (writer === ABSENT) {
        this.#initialRead[of] = number - 1;
        continue;
      }
      if (this.#lastRead[writer] === ABSENT) {
        const versions = this.#versions.get(of);
        if (versions === undefined) this.#versions.set(of, [writer]);
        else versions.push(writer);
      }
      this.#lastRead[writer] = number - 1;
    }
  }

  #forget(): void {
    for (const versions of this.#versions.values()) for (const writer of versions) this.#lastRead[writer] = ABSENT;
    for (const read of this.#sessionReads) this.#initialRead[this.#history.key[read]!] = ABSENT;
    for (const target of this.#targets) this.#tightHead[target] = NO_TIGHT;
    this.#versions.clear();
    this.#dirty.clear();
    this.#moved.length = 0;
    this.#targets.length = 0;
    this.#earliest.clear();
    this.#against.clear();
    this.#tightFrom.length = 0;
    this.#tightNext.length = 0;
  }

  #settle(): Unexplained | null {
    const { sessionStart } = this.#history;
    const first = sessionStart[this.#session]!;
    for (let operation = first; operation < sessionStart[this.#session + 1]!; operation += 1)
      if (this.#place[operation]! < this.#readsBefore[operation - first]!) return { kind: "cycle" };
    const keys = [...this.#dirty];
    for (const key of keys) if (!this.#versions.has(key)) this.#versions.set(key, []);
    while (this.#dirty.size > 0) {
      const round = this.#dirty;
      this.#dirty = new Set();
      for (const key of round) {
        const found = this.#settleKey(key);
        if (found !== null) return found;
      }
      for (let write = this.#moved.pop(); write !== undefined; write = this.#moved.pop()) {
        const key = this.#history.key[write]!;
        const found = this.#dirty.has(key) ? null : this.#settleWrite(write, this.#versions.get(key)!);
        if (found !== null) return found;
      }
    }
    for (const key of keys) this.#findTight(key);
    return this.#targets.some((target) => this.#comesRound(target)) ? { kind: "cycle" } : null;
  }

  /** Rule 2 for one key. */
  #settleKey(key: number): Unexplained | null {
    const place = this.#place;
    const { keyRuns, runStart, writes } = this.#writes;
    const versions = this.#versions.get(key)!;
    versions.sort((one, other) => place[one]! - place[other]!);
    const initial = this.#initialRead[key]!;
    for (let at = 0; at < versions.length; at += 1) {
      const version = versions[at]!;
      if (place[version]! <= initial) return this.#beforeInitial(version, initial);
      const before = versions[at - 1];
      if (before === undefined || this.#lastRead[before]! < place[version]!) continue;
      this.#tell?.(version, before);
      this.#tell?.(before, version);
      return { kind: "cycle" };
    }
    for (let run = keyRuns[key]!; run < keyRuns[key + 1]!; run += 1) {
      // From the newest back, since a place that shrinks takes those before it along.
      for (let at = runStart[run + 1]! - 1; at >= runStart[run]!; at -= 1) {
        const write = writes[at]!;
        if (place[write] === NEVER || this.#lastRead[write] !== ABSENT) continue;
        const found = this.#settleWrite(write, versions);
        if (found !== null) return found;
      }
    }
    return null;
  }

  /** Rule 2 for a write that the session did not read. */
  #settleWrite(write: number, versions: readonly number[]): Unexplained | null {
    const place = this.#place;
    const initial = this.#initialRead[this.#history.key[write]!]!;
    if (place[write]! <= initial) return this.#beforeInitial(write, initial);
    const version = this.#livingAt(versions, place[write]!);
    if (version === ABSENT || place[version] === place[write]) return null;
    this.#tell?.(write, version);
    return this.#shrink(write, place[version]!) ? { kind: "cycle" } : null;
  }

  #beforeInitial(write: number, initial: number): Unexplained {
    return { kind: "initial", write, read: this.#sessionReads[initial]! };
  }

  /** The version in whose life a place falls, its beginning included; ABSENT where none lives. `versions` are sorted by place. */
  #livingAt(versions: readonly number[], at: number): number {
    let low = 0;
    let high = versions.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#place[versions[middle]!]! <= at) low = middle + 1;
      else high = middle;
    }
    const version = versions[low - 1];
    return version === undefined || this.#lastRead[version]! < at ? ABSENT : version;
  }

  /** Rule 3: an operation and all before it get at most this place. True where one of the session's own comes before itself. */
  #shrink(operation: number, to: number): boolean {
    const { sessionStart, session, kind, key, listStart, listed } = this.#history;
    const place = this.#place;
    const open = this.#open;
    const first = sessionStart[this.#session]!;
    open.length = 0;
    open.push(operation);
    place[operation] = to;
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const of = session[at]!;
      if (of === this.#session && to < this.#readsBefore[at - first]!) return true;
      if (kind[at] !== operationKind.read && this.#reads.counts[at] === 1 && this.#versions.has(key[at]!)) {
        if (this.#lastRead[at] === ABSENT) this.#moved.push(at);
        else this.#dirty.add(key[at]!);
      }
      if (at > sessionStart[of]! && place[at - 1]! > to) {
        place[at - 1] = to;
        open.push(at - 1);
      }
      if (!this.#passesOn(at)) continue;
      for (let item = listStart[at]!; item < listStart[at + 1]!; item += 1) {
        const writer = listed[item] === INITIAL ? ABSENT : this.#reads.writerOf[listed[item]!]!;
        if (writer === ABSENT || place[writer]! <= to) continue;
        place[writer] = to;
        open.push(writer);
      }
    }
    return false;
  }

  /** Whether what a read returned comes before it: always in causal memory, only in the session itself in pipelined memory. */
  #passesOn(operation: number): boolean {
    if (this.#history.kind[operation] !== operationKind.read || this.#reads.counts[operation] === 0) return false;
    return this.#pasts !== null || this.#history.session[operation] === this.#session;
  }

  /** Edges of rule 2 between writes of equal place. */
  #findTight(key: number): void {
    const place = this.#place;
    const { keyRuns, runStart, writes } = this.#writes;
    const versions = this.#versions.get(key)!;
    if (versions.length === 0) return;
    for (let run = keyRuns[key]!; run < keyRuns[key + 1]!; run += 1) {
      for (let item = runStart[run]!; item < runStart[run + 1]!; item += 1) {
        const write = writes[item]!;
        if (place[write] === NEVER) break;
        if (this.#lastRead[write] !== ABSENT) continue;
        const version = this.#livingAt(versions, place[write]!);
        if (version === ABSENT) continue;
        if (this.#history.session[version] === this.#history.session[write] && write < version) continue;
        const at = this.#pasts?.placeOf[version] ?? 0;
        this.#earliest.set(place[write]!, Math.min(this.#earliest.get(place[write]!) ?? at, at));
        if (this.#pasts === null || this.#pasts.placeOf[write]! > at) this.#against.add(place[write]!);
        if (this.#tightHead[version] === NO_TIGHT) this.#targets.push(version);
        this.#tightFrom.push(write);
        this.#tightNext.push(this.#tightHead[version]!);
        this.#tightHead[version] = this.#tightFrom.length;
      }
    }
  }

  /**
   * Rule 4: depth first backwards among operations of one place, without recursion. Where all edges of rule 2 keep the causal order,
   * there is no cycle; and what comes before all their ends leads to none.
   */
  #comesRound(target: number): boolean {
    const { sessionStart, session, listStart, listed } = this.#history;
    const searched = this.#searched;
    const opened = this.#session * 2 + 1;
    const done = opened + 1;
    const place = this.#place[target]!;
    if (searched[target] === done || !this.#against.has(place)) return false;
    const earliest = this.#earliest.get(place)!;
    const stack = [target];
    /** By operation on the stack: how many of its neighbours in the base order have been looked at, and the tight edge to come. */
    const looked = [0];
    const tights = [this.#tightHead[target]!];
    searched[target] = opened;
    while (stack.length > 0) {
      const at = stack[stack.length - 1]!;
      const step = looked[looked.length - 1]!++;
      let before = ABSENT;
      const reads = this.#passesOn(at) ? listStart[at + 1]! - listStart[at]! : 0;
      if (step === 0) {
        if (at > sessionStart[session[at]!]!) before = at - 1;
      } else if (step <= reads) {
        const version = listed[listStart[at]! + step - 1]!;
        if (version !== INITIAL) before = this.#reads.writerOf[version]!;
      } else {
        const tight = tights[tights.length - 1]!;
        if (tight === NO_TIGHT) {
          searched[at] = done;
          stack.pop();
          looked.pop();
          tights.pop();
          continue;
        }
        tights[tights.length - 1] = this.#tightNext.data[tight - 1]!;
        before = this.#tightFrom.data[tight - 1]!;
      }
      if (before === ABSENT || this.#place[before] !== place || searched[before] === done) continue;
      if (this.#pasts !== null && this.#pasts.placeOf[before]! < earliest) continue;
      if (searched[before] === opened) {
        this.#tellTight(stack, before);
        return true;
      }
      searched[before] = opened;
      stack.push(before);
      looked.push(0);
      tights.push(this.#tightHead[before]!);
    }
    return false;
  }

  /** Tells the tight edges of the cycle that an operation on the stack closes. */
  #tellTight(stack: readonly number[], closing: number): void {
    if (this.#tell === null) return;
    const cycle = stack.slice(stack.indexOf(closing));
    cycle.forEach((later, at) => {
      const earlier = cycle[at + 1] ?? closing;
      for (let tight = this.#tightHead[later]!; tight !== NO_TIGHT; tight = this.#tightNext.data[tight - 1]!)
        if (this.#tightFrom.data[tight - 1] === earlier) this.#tell?.(earlier, later);
    });
  }
}
