/**
 * JSON from bytes, token by token: what `JSON.parse` cannot do, which needs the whole text as one string and does not say where in
 * the file it stopped.
 *
 * Reads either inside the current line of an input or across the whole file, of which only the current token is in memory. Integers
 * that no double holds keep their digits. Leaves out what the values mean.
 */
import { atom, compound, type Datum, repeatedKey, repetition } from "./datum.ts";
import { shown } from "./problem.ts";
import { ByteScanner, DEPTH_MAX } from "./scanner.ts";
import { isDigit } from "./text.ts";

const NEWLINE = 0x0a;
const QUOTE = 0x22;
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

/** Reads JSON where an input stands, or inside its current line. */
export class JsonScanner extends ByteScanner {
  /** The next byte that is not blank; -1 at the end. */
  peek(): number {
    for (;;) {
      const byte = this.at < this.end ? this.input.bytes[this.at]! : this.ahead(0);
      if (byte > 0x20 || byte === -1) return byte;
      if (byte === NEWLINE) this.stepOverNewline();
      else if (byte === 0x20 || byte === 0x09 || byte === 0x0d) this.at += 1;
      else return byte;
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
    const length = this.quotedLength(false);
    const raw = this.takeQuoted(length);
    if (!this.hasEscapes) return raw;
    return raw.replaceAll(/\\(u[0-9a-fA-F]{4}|[^])?/g, (whole, code: string | undefined) => {
      const plain = code === undefined ? undefined : escapes[code];
      if (plain !== undefined) return plain;
      if (code !== undefined && code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
      this.at -= length;
      throw this.unexpected("a text in quotes", `the unknown escape ${shown(whole)}`);
    });
  }

  /** A number, which must come next; the digits of an integer that no double holds. */
  number(): number | string {
    this.peek();
    const { bytes } = this.input;
    const from = this.at;
    const digits = bytes[from] === MINUS ? from + 1 : from;
    let value = 0;
    let at = digits;
    for (; at < this.end; at += 1) {
      const byte = bytes[at]!;
      if (!isDigit(byte)) break;
      value = value * 10 + (byte - 0x30);
    }
    const count = at - digits;
    const ends = at < this.end && !continuesNumber(bytes[at]!);
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
    const whole = compound(isMap ? "map" : "list", items, line, column);
    const twice = isMap ? repeatedKey(whole) : null;
    if (twice !== null) throw repetition(twice);
    return whole;
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
  nothingMore(expected: string): void {
    if (this.peek() !== -1) throw this.unexpected(expected);
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
    let length = 0;
    while (continuesNumber(this.ahead(length))) length += 1;
    return this.takeText(length);
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
