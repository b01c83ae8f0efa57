// What the members of a crew (crew.ts) share: flags and counts, and between any two of them a box with names of states that one has found
// and the other one keeps. Everything moves in rounds. In one half of a round a member writes into its boxes and flags, in the other half
// all read them; between the halves everybody waits for everybody, so that nothing that is read is written meanwhile. Leaves out what a
// member does in each (crew-member.ts).

import { assert } from "../../model/assert.ts";

/** Names that a box holds; the member whose boxes are nearly full ends its half. */
export const boxMax = 1 << 15;

/** Why all members stop, in the bits of one number. */
export const stops = { violation: 1, refusal: 2, memory: 4 } as const;

/** The memory itself, as it is handed to each member. */
export interface CrewBuffers {
  readonly control: SharedArrayBuffer;
  readonly boxes: SharedArrayBuffer;
  readonly answers: SharedArrayBuffer;
}

const places = { generation: 0, arrived: 1, aborted: 2, stop: 3, depth: 4, members: 8 } as const;
const perMember = { visited: 0, kibibytes: 1, left: 2, next: 3, words: 4 } as const;
const boxWords = 1 + 3 * boxMax;
/** Milliseconds that members wait for each other to have started. */
const startMax = 60_000;

/** Another member has died, or did not start. */
export class CrewBroken extends Error {
  override readonly name = "CrewBroken";
}

/** What a member has told of itself. */
export interface MemberCounts {
  /** States visited. */
  readonly visited: number;
  readonly kibibytes: number;
  /** Whether it has more of this layer, or more to tell. */
  readonly left: number;
  /** States of the next layer that it has found. */
  readonly next: number;
}

/** A view of the memory. */
export class CrewMemory {
  readonly count: number;
  readonly #control: Int32Array;
  readonly #boxes: Uint32Array;
  readonly #answers: Uint8Array;
  #rounds = 0;

  constructor(count: number, { control, boxes, answers }: CrewBuffers) {
    this.count = count;
    this.#control = new Int32Array(control);
    this.#boxes = new Uint32Array(boxes);
    this.#answers = new Uint8Array(answers);
  }

  /** Memory for so many members. */
  static buffers(count: number): CrewBuffers {
    return {
      control: new SharedArrayBuffer((places.members + count * perMember.words) * 4),
      boxes: new SharedArrayBuffer(count * count * boxWords * 4),
      answers: new SharedArrayBuffer(count * count * boxMax),
    };
  }

  /** What all of it takes, in bytes. */
  get bytes(): number {
    return this.#control.byteLength + this.#boxes.byteLength + this.#answers.byteLength;
  }

  /** A half of a round is over for this member: waits until it is over for all. */
  meet(): void {
    const control = this.#control;
    const generation = Atomics.load(control, places.generation);
    this.#rounds += 1;
    if (Atomics.add(control, places.arrived, 1) === this.count - 1) {
      Atomics.store(control, places.arrived, 0);
      Atomics.add(control, places.generation, 1);
      Atomics.notify(control, places.generation);
    }
    while (Atomics.load(control, places.generation) === generation) {
      const waited = Atomics.wait(control, places.generation, generation, this.#rounds === 1 ? startMax : Infinity);
      if (waited === "timed-out") throw new CrewBroken("another worker does not start");
    }
    if (Atomics.load(control, places.aborted) !== 0) throw new CrewBroken("another worker has died");
  }

  /** Nobody waits any longer: somebody has died. */
  abort(): void {
    Atomics.store(this.#control, places.aborted, 1);
    Atomics.add(this.#control, places.generation, 1);
    Atomics.notify(this.#control, places.generation);
  }

  /** All are to stop when the half is over. */
  stop(why: number): void {
    Atomics.or(this.#control, places.stop, why);
  }

  /** Why all stop; 0 when nobody has said so. */
  get stopped(): number {
    return Atomics.load(this.#control, places.stop);
  }

  get depth(): number {
    return Atomics.load(this.#control, places.depth);
  }

  set depth(depth: number) {
    Atomics.store(this.#control, places.depth, depth);
  }

  /** A member tells of itself. */
  tell(member: number, { visited, kibibytes, left, next }: MemberCounts): void {
    const at = places.members + member * perMember.words;
    Atomics.store(this.#control, at + perMember.visited, visited);
    Atomics.store(this.#control, at + perMember.kibibytes, kibibytes);
    Atomics.store(this.#control, at + perMember.left, left);
    Atomics.store(this.#control, at + perMember.next, next);
  }

  /** All of them together. */
  told(): MemberCounts {
    let [visited, kibibytes, left, next] = [0, 0, 0, 0];
    for (let member = 0; member < this.count; member += 1) {
      const at = places.members + member * perMember.words;
      visited += Atomics.load(this.#control, at + perMember.visited);
      kibibytes += Atomics.load(this.#control, at + perMember.kibibytes);
      left += Atomics.load(this.#control, at + perMember.left);
      next += Atomics.load(this.#control, at + perMember.next);
    }
    return { visited, kibibytes, left, next };
  }

  /** How many names lie in the box from one member to another. */
  size(from: number, to: number): number {
    return this.#boxes[this.#box(from, to)] as number;
  }

  /** Empties it. */
  empty(from: number, to: number): void {
    this.#boxes[this.#box(from, to)] = 0;
  }

  /** Puts a name into it, and returns its place. */
  put(from: number, to: number, low: number, high: number, used: number): number {
    const box = this.#box(from, to);
    const place = this.#boxes[box] as number;
    assert(place < boxMax, "a member ends its half before a box is full");
    this.#boxes[box + 1 + place * 3] = low;
    this.#boxes[box + 2 + place * 3] = high;
    this.#boxes[box + 3 + place * 3] = used;
    this.#boxes[box] = place + 1;
    return place;
  }

  /** A part of the name at a place: 0 and 1 are its halves, 2 is what is used up. */
  nameAt(from: number, to: number, place: number, part: number): number {
    return this.#boxes[this.#box(from, to) + 1 + place * 3 + part] as number;
  }

  /** The state of this name is new: who has found it goes on from it. */
  answer(from: number, to: number, place: number, isNew: boolean): void {
    this.#answers[(from * this.count + to) * boxMax + place] = isNew ? 1 : 0;
  }

  /** What was answered. */
  isNew(from: number, to: number, place: number): boolean {
    return this.#answers[(from * this.count + to) * boxMax + place] === 1;
  }

  #box(from: number, to: number): number {
    return (from * this.count + to) * boxWords;
  }
}
