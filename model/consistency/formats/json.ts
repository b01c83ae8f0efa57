/**
 * JSON from bytes, token by token: what `JSON.parse` cannot do, which needs the whole text as one string and does not say where in
 * the file it stopped.
 *
 * Reads either inside the current line of an input or across the whole file, of which only the current token is in memory. Integers
 * that no double holds keep their digits. Leaves out what the values mean.
 */
import { atom, compound, type Datum } from "./datum.ts";
import type { Input } from "./input.ts";
import { type Refusal, shown } from "./problem.ts";
import { Strings } from "./strings.ts";
import { decode, isDigit } from "./text.ts";

/** How deep arrays and objects may lie in each other. */
export const DEPTH_MAX = 100;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
const DIGITS_EXACT = 15;
const NUMBER_FORM = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const INTEGER_FORM = /^-?\d+$/;

const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Reads JSON where an input stands. */
export class JsonScanner {
  readonly input: Input;
  readonly #isInLine: boolean;
  readonly #strings = new Strings();

  /** @param isInLine whether to end with the current line of the input instead of with the file */
  constructor(input: Input, isInLine: boolean) {
    this.input = input;
    this.#isInLine = isInLine;
  }

  /** Where reading stands. In a line that is behind `input.at`, which is already at the next one. */
  at = 0;
  #end = 0;

  /** Begins at the input's current line, or where the input stands. */
  begin(): void {
    this.at = this.#isInLine ? this.input.from : this.input.at;
    this.#end = this.#isInLine ? this.input.to : this.input.bytes.length;
  }

  /** The next byte that is not blank; -1 at the end. */
  peek(): number {
    for (;;) {
      const { bytes } = this.input;
      while (this.at < this.#end) {
        const byte = bytes[this.at]!;
        if (byte > 0x20) return byte;
        if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) return byte;
        this.at += 1;
        if (byte === NEWLINE) {
          this.input.at = this.at;
          this.input.newline();
        }
      }
      if (!this.#more()) return -1;
    }
  }

  /** Steps over this byte if it comes next. */
  take(byte: number): boolean {
    if (this.peek() !== byte) return false;
    this.at += 1;
    return true;
  }

  /** Steps over this byte, which must come next. */
  expect(byte: number): void {
    if (!this.take(byte)) throw this.unexpected(`"${String.fromCharCode(byte)}"`);
  }

  /**
   * After a value inside brackets: true when another one follows.
   *
   * @param close what ends the brackets
   */
  another(close: number): boolean {
    if (this.take(COMMA)) return true;
    if (this.take(close)) return false;
    throw this.unexpected(`"," or "${String.fromCharCode(close)}"`);
  }

  /** A key of an object and its colon. */
  key(): string {
    if (this.peek() !== QUOTE) throw this.unexpected("a key in quotes");
    const text = this.string();
    this.expect(COLON);
    return text;
  }

  /** A text in quotes, which must come next. */
  string(): string {
    if (this.peek() !== QUOTE) throw this.unexpected("a text in quotes");
    this.input.keep = this.at;
    let at = this.at + 1;
    let hasEscapes = false;
    for (;;) {
      const { bytes } = this.input;
      if (at >= this.#end) {
        const length = at - this.at;
        if (!this.#more()) throw this.unexpected("a text in quotes", "one without an end");
        at = this.at + length;
        continue;
      }
      const byte = bytes[at]!;
      if (byte === QUOTE) break;
      if (byte === BACKSLASH) {
        hasEscapes = true;
        at += 2;
      } else {
        if (byte < 0x20) throw this.unexpected("a text in quotes", "one without an end on its line");
        at += 1;
      }
    }
    const from = this.at + 1;
    const text = hasEscapes ? this.#unescaped(from, at) : this.#strings.of(this.input.bytes, from, at);
    this.input.keep = -1;
    this.at = at + 1;
    return text;
  }

  /** A number, which must come next; the digits of an integer that no double holds. */
  number(): number | string {
    this.peek();
    const { bytes } = this.input;
    const from = this.at;
    const digits = bytes[from] === MINUS ? from + 1 : from;
    let value = 0;
    let at = digits;
    for (; at < this.#end; at += 1) {
      const byte = bytes[at]!;
      if (!isDigit(byte)) break;
      value = value * 10 + (byte - 0x30);
    }
    const count = at - digits;
    const ends = at < this.#end && !continuesNumber(bytes[at]!);
    if (ends && count > 0 && count <= DIGITS_EXACT && (count === 1 || bytes[digits] !== 0x30)) {
      this.at = at;
      return digits === from || value === 0 ? value : -value;
    }
    return this.#longNumber();
  }

  /** true, false or null, which must come next. */
  literal(): boolean | null {
    const word = this.#word();
    if (word === "true") return true;
    if (word === "false") return false;
    if (word === "null") return null;
    this.at -= word.length;
    throw this.unexpected("a JSON value");
  }

  /** Any value. */
  value(depth = 0): Datum {
    const byte = this.peek();
    const { line } = this.input;
    const column = this.input.columnOf(this.at);
    if (byte === QUOTE) return atom("text", this.string(), 0, line, column);
    if (byte === MINUS || isDigit(byte)) {
      const number = this.number();
      return typeof number === "number"
        ? atom("number", "", number, line, column)
        : atom("number", number, 0, line, column);
    }
    if (byte !== OPEN_LIST && byte !== OPEN_MAP) {
      const literal = this.literal();
      return literal === null ? atom("nil", "", 0, line, column) : atom("boolean", String(literal), 0, line, column);
    }
    if (depth >= DEPTH_MAX) throw this.unexpected(`values nested at most ${DEPTH_MAX} deep`, "deeper ones");
    this.at += 1;
    const isMap = byte === OPEN_MAP;
    const close = isMap ? CLOSE_MAP : CLOSE_LIST;
    const items: Datum[] = [];
    if (!this.take(close)) {
      do {
        if (isMap) {
          this.peek();
          const keyLine = this.input.line;
          const keyColumn = this.input.columnOf(this.at);
          items.push(atom("text", this.key(), 0, keyLine, keyColumn));
        }
        items.push(this.value(depth + 1));
      } while (this.another(close));
    }
    return compound(isMap ? "map" : "list", items, line, column);
  }

  /** Steps over any value. */
  skipValue(): void {
    let depth = 0;
    do {
      const byte = this.peek();
      if (byte === QUOTE) this.string();
      else if (byte === OPEN_LIST || byte === OPEN_MAP) {
        depth += 1;
        this.at += 1;
        continue;
      } else if (byte === CLOSE_LIST || byte === CLOSE_MAP) {
        if (depth === 0) throw this.unexpected("a JSON value");
        depth -= 1;
        this.at += 1;
        continue;
      } else if (depth > 0 && (byte === COMMA || byte === COLON)) {
        this.at += 1;
        continue;
      } else if (byte === MINUS || isDigit(byte)) this.number();
      else this.literal();
    } while (depth > 0);
  }

  /** Nothing may follow. */
  end(expected: string): void {
    if (this.peek() !== -1) throw this.unexpected(expected);
  }

  /** A refusal at the cursor. */
  unexpected(expected: string, found?: string): Refusal {
    const isEnd = this.at >= this.#end;
    const end = this.#isInLine ? "the end of the line" : "the end of the file";
    const what = found ?? (isEnd ? end : shown(this.input.restOfLine(this.at)));
    const remedy = isEnd ? "it is cut off here; complete it, or remove what is incomplete" : "correct it here";
    return this.input.refusal(this.at, expected, what, remedy);
  }

  #longNumber(): number | string {
    const text = this.#word();
    const value = Number(text);
    if (!NUMBER_FORM.test(text) || !Number.isFinite(value)) {
      this.at -= text.length;
      throw this.unexpected("a number");
    }
    return Number.isSafeInteger(value) || !INTEGER_FORM.test(text) ? value : text;
  }

  /** What stands here up to something that ends a number or a literal; ASCII alone. */
  #word(): string {
    this.input.keep = this.at;
    let at = this.at;
    for (;;) {
      if (at >= this.#end) {
        const length = at - this.at;
        if (!this.#more()) break;
        at = this.at + length;
        continue;
      }
      if (!continuesNumber(this.input.bytes[at]!)) break;
      at += 1;
    }
    const text = decode(this.input.bytes, this.at, at);
    this.input.keep = -1;
    this.at = at;
    return text;
  }

  #unescaped(from: number, to: number): string {
    const text = decode(this.input.bytes, from, to);
    const parts: string[] = [];
    for (let at = 0; at < text.length;) {
      const next = text.indexOf("\\", at);
      if (next < 0) {
        parts.push(text.slice(at));
        break;
      }
      parts.push(text.slice(at, next));
      const letter = text[next + 1] ?? "";
      const plain = escapes[letter];
      const code = text.slice(next + 2, next + 6);
      if (plain !== undefined) parts.push(plain);
      else if (letter === "u" && /^[0-9a-fA-F]{4}$/.test(code))
        parts.push(String.fromCharCode(Number.parseInt(code, 16)));
      else throw this.unexpected("a text in quotes", `the unknown escape ${shown(text.slice(next, next + 6))}`);
      at = next + (plain === undefined ? 6 : 2);
    }
    return parts.join("");
  }

  #more(): boolean {
    if (this.#isInLine) return false;
    this.input.at = this.at;
    const isMore = this.input.fill();
    this.at = this.input.at;
    this.#end = this.input.bytes.length;
    return isMore;
  }
}

/** Whether a byte can be part of a number or a literal: letters, digits, signs, points. */
function continuesNumber(byte: number): boolean {
  return (
    isDigit(byte) ||
    byte === MINUS ||
    byte === 0x2b ||
    byte === 0x2e ||
    ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a)
  );
}
