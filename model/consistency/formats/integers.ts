/**
 * Reads lines of the text formats from left to right: integers straight from bytes, without making a text of each.
 *
 * Integers may have any size; those that a double cannot hold are literals of their digits, so that none becomes another.
 * Leaves out what a line means.
 */
import { literal } from "../literals.ts";
import type { Input } from "./input.ts";
import { shown } from "./problem.ts";
import { decode, isBlank, isDigit } from "./text.ts";

const MINUS = 0x2d;
/** Digits that a double holds exactly, whatever they are. */
const DIGITS_EXACT = 15;

/** A cursor on the current line of an input. */
export class LineCursor {
  readonly #input: Input;
  /** What every line looks like, for messages. */
  readonly #form: string;
  at = 0;
  /** Where the last integer began. */
  began = 0;

  constructor(input: Input, form: string) {
    this.#input = input;
    this.#form = form;
  }

  /** Goes to the first byte of the line that is not blank; false on a blank line. */
  begin(): boolean {
    this.at = this.#input.from;
    this.skipBlanks();
    return this.at < this.#input.to;
  }

  /** The byte at the cursor; -1 at the end of the line. */
  peek(ahead = 0): number {
    const at = this.at + ahead;
    return at < this.#input.to ? this.#input.bytes[at]! : -1;
  }

  skipBlanks(): void {
    const { bytes, to } = this.#input;
    while (this.at < to && isBlank(bytes[this.at]!)) this.at += 1;
  }

  /** An integer. */
  integer(what: string): number | string {
    const { bytes, to } = this.#input;
    const from = this.at;
    this.began = from;
    const digits = from < to && bytes[from] === MINUS ? from + 1 : from;
    let value = 0;
    let at = digits;
    for (; at < to; at += 1) {
      const byte = bytes[at]!;
      if (!isDigit(byte)) break;
      value = value * 10 + (byte - 0x30);
    }
    if (at === digits) throw this.unexpected(`${what}, an integer`);
    this.at = at;
    if (at - digits > DIGITS_EXACT && !Number.isSafeInteger(value)) return literal(decode(bytes, from, at));
    return digits === from || value === 0 ? value : -value;
  }

  /** A byte that must come now, perhaps after blanks. */
  expect(byte: number): void {
    if (this.peek() !== byte) this.skipBlanks();
    if (this.peek() !== byte) throw this.unexpected(`"${String.fromCharCode(byte)}"`);
    this.at += 1;
  }

  /** Nothing but blanks may follow. */
  end(): void {
    if (this.at === this.#input.to) return;
    this.skipBlanks();
    if (this.at < this.#input.to) throw this.unexpected("the end of the line");
  }

  /** A refusal at the cursor. */
  unexpected(expected: string): Error {
    const isCut = this.at >= this.#input.to;
    const found = isCut ? "the end of the line" : shown(this.#input.restOfLine(this.at));
    const remedy = isCut ? "the line is cut off; complete or remove it" : `every line is ${this.#form}`;
    return this.#input.refusal(this.at, expected, found, remedy);
  }
}
