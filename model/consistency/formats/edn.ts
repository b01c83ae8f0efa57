/**
 * EDN from bytes, value by value: as much of it as Clojure prints into histories.
 *
 * Vectors and lists are lists; tags and metadata are dropped and what they belong to is kept, so that records are maps; characters
 * are texts; numbers that no double holds keep their digits. Nesting has a limit, so that no file can exhaust the stack.
 *
 * Leaves out what the values mean, and whole files as one value: a history is read operation by operation.
 *
 * Source: the edn-format specification (edn-format/edn on GitHub), and Clojure's reader for what that leaves open.
 */
import { atom, compound, type Datum, type DatumKind, repeatedKey, repetition } from "./datum.ts";
import type { Input } from "./input.ts";
import { type Refusal, shown } from "./problem.ts";
import { ByteScanner, DEPTH_MAX } from "./scanner.ts";
import { isDigit } from "./text.ts";

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const HASH = 0x23;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
const CARET = 0x5e;
const UNDERSCORE = 0x5f;
const OPEN_PAREN = 0x28;
const CLOSE_PAREN = 0x29;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const DIGITS_EXACT = 15;

const escapes: Readonly<Record<string, string>> = { t: "\t", r: "\r", n: "\n", b: "\b", f: "\f", "\\": "\\", '"': '"' };
const characters: Readonly<Record<string, string>> = {
  newline: "\n",
  return: "\r",
  space: " ",
  tab: "\t",
  formfeed: "\f",
  backspace: "\b",
};
const INTEGER_FORM = /^[+-]?\d+N?$/;
const DECIMAL_FORM = /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?M?$/;
const RATIO_FORM = /^[+-]?\d+\/\d+$/;
const OTHER_INTEGER_FORM = /^[+-]?(0[xX][0-9a-fA-F]+|0[0-7]+|\d{1,2}[rR][0-9a-zA-Z]+)N?$/;

/** Reads EDN where an input stands, or inside its current line. */
export class EdnScanner {
  readonly #scanner: ByteScanner;

  constructor(input: Input, isInLine: boolean) {
    this.#scanner = new ByteScanner(input, isInLine);
  }

  begin(): void {
    this.#scanner.begin();
  }

  /** Goes on at an offset of the current line. */
  beginAt(offset: number): void {
    this.#scanner.begin();
    this.#scanner.at = offset;
  }

  /** The first byte of the next value or bracket, behind blanks, comments and what is discarded; -1 at the end. */
  peek(depth = 0): number {
    const scanner = this.#scanner;
    for (;;) {
      const byte = scanner.at < scanner.end ? scanner.input.bytes[scanner.at]! : scanner.ahead(0);
      if (byte === NEWLINE) scanner.stepOverNewline();
      else if (byte === 0x20 || byte === COMMA || (byte >= 0x09 && byte <= 0x0d)) scanner.at += 1;
      else if (byte === SEMICOLON) this.#skipComment();
      else if (byte === HASH && scanner.ahead(1) === UNDERSCORE) {
        this.#deeper(depth);
        scanner.at += 2;
        this.value(depth + 1);
      } else return byte;
    }
  }

  /** Steps over this byte if it comes next. */
  take(byte: number, depth = 0): boolean {
    if (this.peek(depth) !== byte) return false;
    this.#scanner.at += 1;
    return true;
  }

  /** The next value. */
  value(depth = 0): Datum {
    const scanner = this.#scanner;
    const byte = this.peek(depth);
    const { line } = scanner.input;
    const column = scanner.input.columnOf(scanner.at);
    if (isDigit(byte)) return this.#number(line, column);
    switch (byte) {
      case COLON: {
        scanner.at += 1;
        const name = this.#word();
        if (name === "") throw this.unexpected("a name after the colon");
        return atom("keyword", name, 0, line, column);
      }
      case QUOTE:
        return atom("text", this.#text(), 0, line, column);
      case OPEN_BRACKET:
        return this.#compound("list", CLOSE_BRACKET, depth, line, column);
      case OPEN_PAREN:
        return this.#compound("list", CLOSE_PAREN, depth, line, column);
      case OPEN_BRACE:
        return this.#compound("map", CLOSE_BRACE, depth, line, column);
      case HASH:
        return this.#dispatch(depth, line, column);
      case BACKSLASH:
        return atom("text", this.#character(), 0, line, column);
      case CARET:
        this.#deeper(depth);
        scanner.at += 1;
        this.value(depth + 1);
        return this.value(depth + 1);
      case PLUS:
      case MINUS:
        if (isDigit(scanner.ahead(1))) return this.#number(line, column);
        break;
      case CLOSE_PAREN:
      case CLOSE_BRACKET:
      case CLOSE_BRACE:
      case -1:
        throw this.unexpected("a value");
    }
    const word = this.#word();
    if (word === "") throw this.unexpected("a value");
    if (word === "nil") return atom("nil", "", 0, line, column);
    return atom(word === "true" || word === "false" ? "boolean" : "symbol", word, 0, line, column);
  }

  /** A refusal at the cursor. */
  unexpected(expected: string, found?: string): Refusal {
    return this.#scanner.unexpected(expected, found);
  }

  #compound(kind: DatumKind, close: number, depth: number, line: number, column: number): Datum {
    this.#deeper(depth);
    const scanner = this.#scanner;
    scanner.at += 1;
    const items: Datum[] = [];
    for (;;) {
      const byte = this.peek(depth + 1);
      if (byte === close) break;
      if (byte === CLOSE_PAREN || byte === CLOSE_BRACKET || byte === CLOSE_BRACE || byte === -1)
        throw this.unexpected(`"${String.fromCharCode(close)}", for what opens in line ${line}`);
      items.push(this.value(depth + 1));
    }
    if (kind === "map" && items.length % 2 === 1) throw this.unexpected("a value for the last key of the map");
    scanner.at += 1;
    const whole = compound(kind, items, line, column);
    const twice = kind === "map" ? repeatedKey(whole) : null;
    if (twice !== null) throw repetition(twice);
    return whole;
  }

  /** What begins with a hash: sets, patterns, symbolic numbers, and tags, of which the value is kept. */
  #dispatch(depth: number, line: number, column: number): Datum {
    const scanner = this.#scanner;
    const next = scanner.ahead(1);
    if (next === OPEN_BRACE) {
      scanner.at += 1;
      return this.#compound("set", CLOSE_BRACE, depth, line, column);
    }
    if (next === QUOTE) {
      scanner.at += 1;
      return atom("text", this.#pattern(), 0, line, column);
    }
    this.#deeper(depth);
    scanner.at += next === HASH ? 2 : 1;
    const word = this.#word();
    if (next === HASH) return atom("symbol", `##${word}`, 0, line, column);
    if (word === "") throw this.unexpected("a tag after #");
    return this.value(depth + 1);
  }

  #number(line: number, column: number): Datum {
    const scanner = this.#scanner;
    const { bytes } = scanner.input;
    const from = scanner.at;
    let at = from;
    let value = 0;
    for (; at < scanner.end; at += 1) {
      const byte = bytes[at]!;
      if (!isDigit(byte)) break;
      value = value * 10 + (byte - 0x30);
    }
    const count = at - from;
    if (
      at < scanner.end &&
      count > 0 &&
      count <= DIGITS_EXACT &&
      endsWord(bytes[at]!) &&
      (count === 1 || bytes[from] !== 0x30)
    ) {
      scanner.at = at;
      return atom("number", "", value, line, column);
    }
    const word = this.#word();
    if (INTEGER_FORM.test(word) && !/^[+-]?0\d/.test(word)) {
      const digits = word.replace(/^\+|N$/g, "");
      const number = Number(digits);
      return Number.isSafeInteger(number)
        ? atom("number", "", number, line, column)
        : atom("number", digits, 0, line, column);
    }
    if (DECIMAL_FORM.test(word) && !INTEGER_FORM.test(word)) {
      const number = Number(word.replace(/M$/, ""));
      if (Number.isFinite(number)) return atom("number", "", number, line, column);
    }
    if (RATIO_FORM.test(word) || OTHER_INTEGER_FORM.test(word)) return atom("symbol", word, 0, line, column);
    scanner.at -= word.length;
    throw this.unexpected("a number");
  }

  #text(): string {
    const scanner = this.#scanner;
    const { line } = scanner.input;
    const raw = scanner.takeQuoted(scanner.quotedLength(true));
    if (!scanner.hasEscapes) return raw;
    return raw.replaceAll(/\\(u[0-9a-fA-F]{4}|[^])?/g, (whole, code: string | undefined) => {
      const plain = code === undefined ? undefined : escapes[code];
      if (plain !== undefined) return plain;
      if (code !== undefined && code.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
      throw this.unexpected("a text in quotes", `the unknown escape ${shown(whole)} in the text of line ${line}`);
    });
  }

  /** A regular expression: its text as it stands. */
  #pattern(): string {
    return this.#scanner.takeQuoted(this.#scanner.quotedLength(true));
  }

  #character(): string {
    const scanner = this.#scanner;
    scanner.at += 1;
    const lead = scanner.ahead(0);
    if (lead === -1) throw this.unexpected("a character");
    let length = 1;
    while (
      lead >= 0x80
        ? (scanner.ahead(length) & 0xc0) === 0x80 && scanner.ahead(length) >= 0
        : !endsWordOrEnd(scanner.ahead(length))
    )
      length += 1;
    // A bracket or a blank after the backslash is the character itself.
    const name = scanner.takeText(endsWord(lead) ? 1 : length);
    if (/^u[0-9a-fA-F]{4}$/.test(name)) return String.fromCharCode(Number.parseInt(name.slice(1), 16));
    return characters[name] ?? name;
  }

  /** What stands here up to a blank, a bracket or a quote. */
  #word(): string {
    const scanner = this.#scanner;
    let length = 0;
    for (;;) {
      const byte =
        scanner.at + length < scanner.end ? scanner.input.bytes[scanner.at + length]! : scanner.ahead(length);
      if (endsWordOrEnd(byte)) break;
      length += 1;
    }
    return scanner.takeText(length);
  }

  #skipComment(): void {
    const scanner = this.#scanner;
    for (;;) {
      const byte = scanner.ahead(0);
      if (byte === NEWLINE || byte === -1) return;
      scanner.at += 1;
    }
  }

  #deeper(depth: number): void {
    if (depth >= DEPTH_MAX) throw this.unexpected(`values nested at most ${DEPTH_MAX} deep`, "deeper ones");
  }
}

function endsWordOrEnd(byte: number): boolean {
  return byte === -1 || endsWord(byte);
}

/** Blanks, commas, brackets, quotes and semicolons end names and numbers. */
function endsWord(byte: number): boolean {
  if (byte <= 0x20 || byte === COMMA || byte === QUOTE || byte === SEMICOLON) return true;
  return (
    byte === OPEN_PAREN ||
    byte === CLOSE_PAREN ||
    byte === OPEN_BRACKET ||
    byte === CLOSE_BRACKET ||
    byte === OPEN_BRACE ||
    byte === CLOSE_BRACE
  );
}
