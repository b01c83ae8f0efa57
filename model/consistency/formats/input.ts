/**
 * A file as bytes, whole or in chunks, with the line that is being read: what every reader reads from.
 *
 * Bytes and not text, since a file may be longer than any string of the engine; chunks, so that it need not be in memory at all.
 * Only what is being read lies in `bytes`: a line, or a token of a JSON or EDN file. Both have a limit, so that a file without
 * line ends is refused by its first line instead of filling the memory.
 *
 * Leaves out what the bytes mean.
 */
import { Refusal } from "./problem.ts";
import { decode } from "./text.ts";

/** A whole file, or its chunks in order, each of any length. */
export type Source = Uint8Array | Iterable<Uint8Array>;

/** Longest line, or longest text or number of a file without lines, in bytes: 64 MiB. */
export const ITEM_SIZE_MAX = 64 * 1024 * 1024;

const NEWLINE = 0x0a;
const RETURN = 0x0d;
const EMPTY = new Uint8Array(0);

/** Where reading stands. Readers may move `at` up to `bytes.length`, then `fill` for more. */
export class Input {
  bytes: Uint8Array;
  /** The next byte to read. */
  at = 0;
  /** The line that `at` is on, from 1. Whoever steps over a line feed by hand calls `newline`. */
  line = 1;
  /** The current line for those who read by lines: `bytes[from]` to `bytes[to - 1]`, without its end. */
  from = 0;
  to = 0;
  /** Offset at which the current line begins; negative where its beginning is no longer in memory. */
  #lineStart = 0;
  /** Longest line or item. */
  readonly #sizeMax: number;
  readonly #chunks: Iterator<Uint8Array>;
  #isFirst = true;

  constructor(source: Source, sizeMax = ITEM_SIZE_MAX) {
    this.#sizeMax = sizeMax;
    this.#chunks = source instanceof Uint8Array ? [source][Symbol.iterator]() : source[Symbol.iterator]();
    this.bytes = EMPTY;
    while (this.bytes.length < 4 && this.fill());
    // A mark of the byte order, which some editors put before UTF-8.
    if (this.bytes[0] === 0xef && this.bytes[1] === 0xbb && this.bytes[2] === 0xbf) {
      this.at = 3;
      this.#lineStart = 3;
    }
  }

  /**
   * Brings in more bytes after the last one, and lets go of what lies before `at`; all offsets move along.
   *
   * @returns false at the end of the file
   * @throws Refusal when what must be kept is too long
   */
  fill(): boolean {
    const from = this.at;
    const kept = this.bytes.length - from;
    this.limit(kept);
    // As much again as is kept, so that a long item is not copied once for every chunk.
    const chunks: Uint8Array[] = [];
    let size = 0;
    while (size <= kept) {
      const next = this.#chunks.next();
      if (next.done === true) break;
      if (next.value.length === 0) continue;
      chunks.push(next.value);
      size += next.value.length;
      // Whoever feeds a pipe is not asked for more than is needed now.
      if (kept === 0) break;
    }
    if (size === 0) return false;
    if (kept === 0 && chunks.length === 1) this.bytes = chunks[0]!;
    else {
      const joined = new Uint8Array(kept + size);
      joined.set(this.bytes.subarray(from));
      let at = kept;
      for (const chunk of chunks) {
        joined.set(chunk, at);
        at += chunk.length;
      }
      this.bytes = joined;
    }
    this.at = 0;
    this.#lineStart -= from;
    return true;
  }

  /**
   * Goes to the next line.
   *
   * @returns false when there is none; the line that the file ends in need not have an end
   * @throws Refusal when it is too long
   */
  nextLine(): boolean {
    if (this.#isFirst) this.#isFirst = false;
    else this.newline();
    let searched = this.at;
    for (;;) {
      const newline = this.bytes.indexOf(NEWLINE, searched);
      if (newline >= 0) {
        this.from = this.at;
        this.to = newline > this.at && this.bytes[newline - 1] === RETURN ? newline - 1 : newline;
        this.at = newline + 1;
        break;
      }
      const have = this.bytes.length - this.at;
      if (this.fill()) searched = this.at + have;
      else {
        if (this.at === this.bytes.length) return false;
        this.from = this.at;
        this.to = this.bytes.length;
        this.at = this.to;
        break;
      }
    }
    this.limit(this.to - this.from);
    return true;
  }

  /** Tells that the byte at `at` begins a new line. */
  newline(): void {
    this.line += 1;
    this.#lineStart = this.at;
  }

  /** The column of an offset on the current line, from 1, in bytes. */
  columnOf(offset: number): number {
    return offset - this.#lineStart + 1;
  }

  /** A refusal at an offset on the current line. */
  refusal(offset: number, expected: string, found: string, remedy: string): Refusal {
    return new Refusal(this.line, this.columnOf(offset), expected, found, remedy);
  }

  /** What stands from an offset to the end of the line, at most a little. */
  restOfLine(offset: number): string {
    const { bytes } = this;
    let to = offset;
    while (to < bytes.length && to < offset + 100 && bytes[to] !== NEWLINE && bytes[to] !== RETURN) to += 1;
    return decode(bytes, offset, to);
  }

  /** Refuses what is longer than lines and operations may be. */
  limit(size: number): void {
    if (size <= this.#sizeMax) return;
    const expected = `lines and texts of at most ${this.#sizeMax} bytes`;
    throw new Refusal(this.line, 1, expected, "a longer one", "put every operation on a line of its own");
  }
}
