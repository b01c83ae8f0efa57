// The shadow store: for every cloudlet and key the versions that should stand there by the ground truth. Nearly always it
// is one, kept as a number; where several stand, a small object.
//
// Which versions should stand. When u is applied beside v, both of one key:
// - u overwrote v (v was visible to the writer of u, see truth.ts): v goes.
// - v precedes u in another way, and u's writer had received v: v goes. Whatever replaced v at u's origin either is in the
//   past of u, and reaches whomever u reaches, because a cloudlet that brings u here would also have brought what u's
//   origin had; or it is not, and then u's record names v.
// - v precedes u, but u's record cannot say so: *the declared limit*. v never reaches u's origin, it is in its past through
//   another stream only. Such a v may stand or be gone; both are right, and standing is counted as a note.
// - The same holds for a v that u's writer had received, when that cloudlet had compacted its log or installed a cut by then
//   and the scope returns them all: it may no longer see that v is in its session's past. Counted as another note.
// - And for a v that precedes u only by way of records that a cloudlet has lost for good: the one where u was written or, when
//   its session had moved, the one where the two meet (unproven.ts). Another note.
// - u precedes v: u does not stand (it comes too late, which causal delivery reports).
// - neither: both stand.

import type { Renumbering } from "./renumbering.ts";
import { empty, IntColumn, IntMap } from "./tables.ts";

/** Versions of one key at one cloudlet when there are several, or any that only the declared limit excuses. */
export interface Siblings {
  /** No two of them are ordered. None only where a delete has gone while others that need not stand do. */
  readonly standing: number[];
  /** Precede one of the standing, and may be gone. */
  readonly excused: number[];
}

const ABSENT = -1;

/** Of a key that so large a part of all cloudlets holds, every cloudlet gets a place. */
const PART_OF_ALL = 8;

/** Cloudlets of a key that are searched one by one: a place for each lies in a column. */
const PLACES = 2;

const NOBODY = -1;

/** What stands at each cloudlet for one key that more hold: a table while they are few, then a list with a place for everyone. */
interface Stands {
  few: IntMap | null;
  all: Int32Array | null;
}

/**
 * Versions by key and cloudlet, as record numbers. By key first: a record reaches its cloudlets within a short time, and
 * then what it touches lies together.
 */
export class ShadowStore {
  readonly #cloudlets: number;
  // By key, side by side: cloudlets that hold it, and what stands there. No objects, since there are as many as keys.
  readonly #holders = new IntColumn();
  readonly #codes = new IntColumn();
  // Of keys that more cloudlets hold, and then of all of them.
  readonly #wide: (Stands | undefined)[] = [];
  // Siblings come and go with every conflict: their objects are used again.
  readonly #siblings: Siblings[] = [];
  readonly #free: number[] = [];
  readonly #single = [0];

  constructor(cloudlets: number) {
    this.#cloudlets = cloudlets;
  }

  /** The only version; -1 when there is none, -2 or less when there are siblings (`siblingsOf` tells). */
  codeOf(cloudlet: number, key: number): number {
    const wide = this.#wide[key];
    if (wide !== undefined)
      return wide.all === null ? (wide.few as IntMap).get(cloudlet) : (wide.all[cloudlet] as number);
    const holders = this.#holders.data;
    const end = Math.min((key + 1) * PLACES, this.#holders.length);
    for (let at = key * PLACES; at < end; at += 1) if (holders[at] === cloudlet) return this.#codes.data[at] as number;
    return ABSENT;
  }

  /** What a code of -2 or less stands for. Change it in place, then `close` it. */
  siblingsOf(code: number): Siblings {
    return this.#siblings[-2 - code] as Siblings;
  }

  /** All versions that a reader there would find; empty when there are none. Valid until the next change. */
  visible(cloudlet: number, key: number): readonly number[] {
    const code = this.codeOf(cloudlet, key);
    if (code === ABSENT) return [];
    if (code >= 0) {
      this.#single[0] = code;
      return this.#single;
    }
    const { standing, excused } = this.siblingsOf(code);
    return excused.length === 0 ? standing : [...standing, ...excused];
  }

  /** Those of them that nothing excuses. Valid until the next change. */
  standing(cloudlet: number, key: number): readonly number[] {
    const code = this.codeOf(cloudlet, key);
    return code < ABSENT ? this.siblingsOf(code).standing : this.visible(cloudlet, key);
  }

  /** Hands over every cloudlet where a key has siblings, in no order that means anything. */
  eachWithSiblings(key: number, visit: (cloudlet: number, siblings: Siblings) => void): void {
    this.#eachCode(key, (cloudlet, code) => {
      if (code < ABSENT) visit(cloudlet, this.siblingsOf(code));
    });
  }

  /** Makes this the only version. */
  setSingle(cloudlet: number, key: number, record: number): void {
    const code = this.codeOf(cloudlet, key);
    if (code <= -2) this.#free.push(code);
    this.#set(cloudlet, key, record);
  }

  /** Siblings to be changed in place; a single version becomes the only one standing. Then `close` them. */
  open(cloudlet: number, key: number): Siblings {
    const old = this.codeOf(cloudlet, key);
    if (old <= -2) return this.siblingsOf(old);
    let code = this.#free.pop();
    if (code === undefined) {
      code = -2 - this.#siblings.length;
      this.#siblings.push({ standing: [], excused: [] });
    }
    this.#set(cloudlet, key, code);
    const siblings = this.siblingsOf(code);
    empty(siblings.standing);
    empty(siblings.excused);
    if (old >= 0) siblings.standing.push(old);
    return siblings;
  }

  /** Ends a change: siblings that are but one version become that version again, and none are none. */
  close(cloudlet: number, key: number): void {
    const code = this.codeOf(cloudlet, key);
    if (code >= -1) return;
    const { standing, excused } = this.siblingsOf(code);
    if (standing.length + excused.length === 0) {
      this.#free.push(code);
      this.#set(cloudlet, key, ABSENT);
    }
    if (standing.length === 1 && excused.length === 0) this.setSingle(cloudlet, key, standing[0] as number);
  }

  /** Takes one version away: a delete that was collected. */
  remove(cloudlet: number, key: number, record: number): void {
    const code = this.codeOf(cloudlet, key);
    if (code === record) this.#set(cloudlet, key, ABSENT);
    if (code >= ABSENT) return;
    const siblings = this.siblingsOf(code);
    for (const list of [siblings.standing, siblings.excused]) {
      const place = list.indexOf(record);
      if (place >= 0) list.splice(place, 1);
    }
    this.close(cloudlet, key);
  }

  /** Forgets what stands at a cloudlet: its process ended. */
  forget(cloudlet: number): void {
    for (let key = 0; key < this.#keys; key += 1) {
      const code = this.codeOf(cloudlet, key);
      if (code === ABSENT) continue;
      if (code <= -2) this.#free.push(code);
      this.#set(cloudlet, key, ABSENT);
    }
  }

  /** Hands over what stands where, key by key: a version, or a code of -2 or less for siblings. */
  each(visit: (cloudlet: number, key: number, code: number) => void): void {
    for (let key = 0; key < this.#keys; key += 1) {
      this.#eachCode(key, (cloudlet, code) => {
        if (code !== ABSENT) visit(cloudlet, key, code);
      });
    }
  }

  /** Hands over every version that stands anywhere, or may, once for each cloudlet. */
  eachVersion(visit: (key: number, record: number) => void): void {
    this.each((_cloudlet, key, code) => {
      if (code >= 0) {
        visit(key, code);
        return;
      }
      const { standing, excused } = this.siblingsOf(code);
      for (const record of standing) visit(key, record);
      for (const record of excused) visit(key, record);
    });
  }

  /** Versions take new numbers; all that stand are kept. */
  renumber(to: Renumbering): void {
    this.each((cloudlet, key, code) => {
      if (code >= 0) this.#set(cloudlet, key, to.of(code));
    });
    for (const { standing, excused } of this.#siblings) {
      to.list(standing);
      to.list(excused);
    }
  }

  get #keys(): number {
    return this.#holders.length / PLACES;
  }

  #set(cloudlet: number, key: number, code: number): void {
    while (this.#keys <= key) {
      for (let place = 0; place < PLACES; place += 1) {
        this.#holders.push(NOBODY);
        this.#codes.push(ABSENT);
      }
      this.#wide.push(undefined);
    }
    const stands = this.#wide[key] ?? this.#setNarrow(cloudlet, key, code);
    if (stands === null) return;
    if (stands.all !== null) {
      stands.all[cloudlet] = code;
      return;
    }
    const few = stands.few as IntMap;
    few.set(cloudlet, code);
    if (few.size * PART_OF_ALL <= this.#cloudlets) return;
    const all = new Int32Array(this.#cloudlets).fill(ABSENT);
    few.forEach((other, value) => {
      all[other] = value;
    });
    stands.all = all;
    stands.few = null;
  }

  // Null when there was a place; what stands in the places, as a table, when there was none.
  #setNarrow(cloudlet: number, key: number, code: number): Stands | null {
    const [holders, codes] = [this.#holders.data, this.#codes.data];
    const from = key * PLACES;
    for (let at = from; at < from + PLACES; at += 1) {
      if (holders[at] !== NOBODY && holders[at] !== cloudlet) continue;
      holders[at] = cloudlet;
      codes[at] = code;
      return null;
    }
    const few = new IntMap();
    for (let at = from; at < from + PLACES; at += 1) few.set(holders[at] as number, codes[at] as number);
    const stands: Stands = { few, all: null };
    this.#wide[key] = stands;
    return stands;
  }

  #eachCode(key: number, visit: (cloudlet: number, code: number) => void): void {
    const wide = this.#wide[key];
    if (wide === undefined) {
      const from = key * PLACES;
      for (let at = from; at < from + PLACES && at < this.#holders.length; at += 1) {
        const cloudlet = this.#holders.data[at] as number;
        if (cloudlet !== NOBODY) visit(cloudlet, this.#codes.data[at] as number);
      }
      return;
    }
    wide.few?.forEach(visit);
    const { all } = wide;
    for (let cloudlet = 0; all !== null && cloudlet < all.length; cloudlet += 1)
      visit(cloudlet, all[cloudlet] as number);
  }
}
