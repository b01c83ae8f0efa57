/**
 * A cursor over the bytes of an input for what has no lines: JSON and EDN. Only the token at hand is in memory.
 *
 * A token begins at `at` and is looked at by its distance from there, since bringing in more bytes moves every offset. Leaves out
 * all syntax.
 */
import type { Input } from "./input.ts";
import { type Refusal, shown } from "./problem.ts";
import { Strings } from "./strings.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;

/** Bytes that a message may show. */
const SHOWN = 100;
const CUT_OFF = "it is cut off here; complete it, or remove what is incomplete";

/** How deep values may lie in each other. */
export const DEPTH_MAX = 100;

/** Reads forward from where an input stands, or inside its current line. */
export class ByteScanner {
  readonly input: Input;
  /** Where the next token begins. Inside a line that is behind `input.at`, which is already at the next one. */
  at = 0;
  /** The end of what is in memory, or of the line. */
  end = 0;
  readonly strings = new Strings();
  readonly #isInLine: boolean;

  /** @param isInLine whether to end with the current line of the input instead of with the file */
  constructor(input: Input, isInLine: boolean) {
    this.input = input;
    this.#isInLine = isInLine;
  }

  /** Begins at the input's current line, or where the input stands. */
  begin(): void {
    this.at = this.#isInLine ? this.input.from : this.input.at;
    this.end = this.#isInLine ? this.input.to : this.input.bytes.length;
  }

  /** Brings in more bytes, keeping those from `at`; false at the end. */
  more(): boolean {
    if (this.#isInLine) return false;
    this.input.at = this.at;
    const isMore = this.input.fill();
    this.at = this.input.at;
    this.end = this.input.bytes.length;
    return isMore;
  }

  /** The byte at this distance from `at`; -1 behind the end. */
  ahead(distance: number): number {
    while (this.at + distance >= this.end) if (!this.more()) return -1;
    return this.input.bytes[this.at + distance]!;
  }

  /** Steps over the byte at `at`, which is a line feed. */
  stepOverNewline(): void {
    this.at += 1;
    this.input.at = this.at;
    this.input.newline();
  }

  /** Of the text last measured. */
  hasEscapes = false;
  hasNewlines = false;

  /** Length of the text in quotes that begins at `at`, quotes included. */
  quotedLength(mayHoldNewlines: boolean): number {
    this.hasEscapes = false;
    this.hasNewlines = false;
    let length = 1;
    for (;;) {
      const byte = this.at + length < this.end ? this.input.bytes[this.at + length]! : this.ahead(length);
      if (byte === QUOTE) return length + 1;
      if (byte === -1) throw this.unexpected("a text in quotes", "one without an end", CUT_OFF);
      if (byte === BACKSLASH) {
        this.hasEscapes = true;
        length += 2;
      } else {
        if (byte < 0x20 && !mayHoldNewlines)
          throw this.unexpected("a text in quotes", "one without an end on its line");
        if (byte === NEWLINE) this.hasNewlines = true;
        length += 1;
      }
    }
  }

  /** Takes the text in quotes that was just measured, without the quotes and with escapes as they stand. */
  takeQuoted(length: number): string {
    this.input.limit(length);
    const from = this.at + 1;
    const to = this.at + length - 1;
    const { bytes } = this.input;
    const text = this.strings.of(bytes, from, to);
    if (this.hasNewlines) {
      for (let at = from; at < to; at += 1) {
        if (bytes[at] !== NEWLINE) continue;
        this.at = at;
        this.stepOverNewline();
      }
    }
    this.at = to + 1;
    return text;
  }

  /** Takes the next bytes as a text. */
  takeText(length: number): string {
    this.input.limit(length);
    const text = this.strings.of(this.input.bytes, this.at, this.at + length);
    this.at += length;
    return text;
  }

  /** A refusal at the cursor. What is found and what to do follow from there unless they are given. */
  unexpected(expected: string, found?: string, remedy?: string): Refusal {
    // As much of the line as is shown, however the file comes in pieces.
    this.ahead(SHOWN);
    const isEnd = this.at >= this.end;
    const end = this.#isInLine ? "the end of the line" : "the end of the file";
    const what = found ?? (isEnd ? end : shown(this.input.restOfLine(this.at)));
    return this.input.refusal(this.at, expected, what, remedy ?? (isEnd ? CUT_OFF : "correct it here"));
  }
}
