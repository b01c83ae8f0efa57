// Digests over what is held of a writer: two cloudlets that hold the same records of it find the same number, and two that hold
// different records under the same names find different ones, however few of these ever travel again. They are worked out
// when a greeting needs them, from where the last greeting left off; applying a record costs nothing more.
//
// A digest is a sum over records, so that it can be carried on. It takes in what a record says and not what it depends on,
// which may be listed differently on different ways. Of a record that cannot be read here there is none. No security is
// intended.

import { Mixer } from "./fingerprint.ts";
import type { Range } from "./messages.ts";
import type { RecordIndex } from "./record-index.ts";
import type { CausalRecord } from "./record.ts";

/** No digest: not all of the records are held, or can be read. */
export const NO_DIGEST = 0;

/** In place of a digest, and none that records have: whoever greets has found this life of its own doubled (identity.ts). */
export const DOUBLED = 0x4000_0000;

const modulus = 0x3fff_ffff;

/** Digests of one replica's records, by writer slot. */
export class WriterDigests {
  readonly #index: RecordIndex;
  // By slot: the sums over the first records, up to each sequence; null until it is asked for.
  #sums: Map<number, number[]> | null = null;

  constructor(index: RecordIndex) {
    this.#index = index;
  }

  /** The digest over these records of a writer, from 1 up; `NO_DIGEST` when one of them is not held or cannot be read. */
  of(slot: number, ranges: readonly Range[]): number {
    let sum = 0;
    for (const { first, last } of ranges) {
      const part = first === 1 ? this.#upTo(slot, last) : this.#between(slot, first, last);
      if (part < 0) return NO_DIGEST;
      sum = added(sum, part);
    }
    return sum + 1;
  }

  #upTo(slot: number, last: number): number {
    this.#sums ??= new Map();
    let sums = this.#sums.get(slot);
    if (sums === undefined) {
      sums = [0];
      this.#sums.set(slot, sums);
    }
    while (sums.length <= last) {
      const record = this.#index.at(slot, sums.length);
      if (record === null || record.kind === "sealed") return -1;
      sums.push(added(sums[sums.length - 1] as number, contentOf(record)));
    }
    return sums[last] as number;
  }

  #between(slot: number, first: number, last: number): number {
    let sum = 0;
    for (let sequence = first; sequence <= last; sequence += 1) {
      const record = this.#index.at(slot, sequence);
      if (record === null || record.kind === "sealed") return -1;
      sum = added(sum, contentOf(record));
    }
    return sum;
  }
}

// A record is digested at every cloudlet of a simulated world, and anew in every state of an explored one, mostly soon after each other: the
// last ones are remembered, one in each place.
const places = 512;
const digested: (CausalRecord | null)[] = Array.from({ length: places }, () => null);
const contents = new Int32Array(places);

function contentOf(record: CausalRecord): number {
  const { dot } = record;
  const place = (Math.imul(dot.sequence, 61) + Math.imul(dot.origin, 17) + dot.stream) & (places - 1);
  if (digested[place] === record) return contents[place] as number;
  const content = mixedOf(record);
  digested[place] = record;
  contents[place] = content;
  return content;
}

function mixedOf({ kind, dot, key, value, stamp }: CausalRecord): number {
  const mixer = new Mixer();
  mixer.add(kind === "put" ? 0 : 1);
  mixer.add(dot.sequence);
  mixer.add(stamp.wall);
  mixer.add(stamp.logical);
  mixer.add(stamp.lamport);
  mixer.addText(key);
  mixer.addText(value);
  return mixer.word() >>> 4;
}

// Both are below the modulus, and so is what is returned.
function added(sum: number, more: number): number {
  const both = sum + more;
  return both >= modulus ? both - modulus : both;
}
