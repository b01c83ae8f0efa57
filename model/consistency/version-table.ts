/**
 * Numbers for pairs of key and value: a hash table of three columns with open addressing, since a million pairs in a `Map` of
 * texts would cost more than the history itself.
 *
 * Values are whole or broken numbers, or texts; the number 1 and the text "1" differ. Leaves out removing.
 */
import { DoubleColumn, UintColumn } from "./columns.ts";
import { INITIAL } from "./history.ts";

const FIRST_SLOTS = 4096;

/** A value as files write it. Nothing (nil, null) is `null`. */
export type Value = number | string | null;

/** All versions of a history: number of a pair, pair of a number. Version 0 is the initial one of every key. */
export class VersionTable {
  /** By version: its key. */
  readonly keys = new UintColumn();
  /** By version: its value, or the number of its text. */
  readonly #values = new DoubleColumn();
  readonly #texts: string[] = [];
  readonly #textNumbers = new Map<string, number>();
  /** By version: 1 where the value is a text. */
  #isText = new Uint8Array(1024);
  #slots = new Uint32Array(FIRST_SLOTS);
  readonly #initialName: string;

  /** @param initialName what to call version 0 */
  constructor(initialName: string) {
    this.#initialName = initialName;
    this.keys.push(0);
    this.#values.push(0);
  }

  get count(): number {
    return this.keys.length;
  }

  /** The version of this value at this key; a new number for a new pair. */
  of(key: number, value: number | string): number {
    const isText = typeof value === "string";
    const stored = isText ? this.#textNumber(value) : value;
    const mask = this.#slots.length - 1;
    let slot = hash(key, stored) & mask;
    for (;;) {
      const version = this.#slots[slot]!;
      if (version === INITIAL) break;
      if (
        this.keys.data[version] === key &&
        this.#values.data[version] === stored &&
        (this.#isText[version] === 1) === isText
      )
        return version;
      slot = (slot + 1) & mask;
    }
    const version = this.keys.length;
    this.keys.push(key);
    this.#values.push(stored);
    if (this.#isText.length <= version) {
      const grown = new Uint8Array(this.#isText.length * 2);
      grown.set(this.#isText);
      this.#isText = grown;
    }
    if (isText) this.#isText[version] = 1;
    this.#slots[slot] = version;
    if (this.keys.length * 2 > this.#slots.length) this.#grow();
    return version;
  }

  /** The value of a version as it was given; of version 0 what to call it. */
  rawOf(version: number): string | number {
    if (version === INITIAL) return this.#initialName;
    const value = this.#values.data[version]!;
    return this.#isText[version] === 1 ? this.#texts[value]! : value;
  }

  #textNumber(text: string): number {
    const known = this.#textNumbers.get(text);
    if (known !== undefined) return known;
    this.#texts.push(text);
    this.#textNumbers.set(text, this.#texts.length - 1);
    return this.#texts.length - 1;
  }

  #grow(): void {
    const slots = new Uint32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    for (let version = 1; version < this.keys.length; version += 1) {
      let slot = hash(this.keys.data[version]!, this.#values.data[version]!) & mask;
      while (slots[slot] !== INITIAL) slot = (slot + 1) & mask;
      slots[slot] = version;
    }
    this.#slots = slots;
  }
}

/** Mixes a key and a value into 32 bits; large and broken values fold their parts. */
function hash(key: number, value: number): number {
  let mixed = Math.imul(key + 0x9e37, 0x85ebca6b) ^ (value | 0) ^ Math.imul((value / 0x1_0000_0000) | 0, 0x27d4eb2f);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
