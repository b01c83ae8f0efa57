// The text of GML (Himsolt: "GML: A portable graph file format", 1996): keys with values, which are numbers, texts in quotes, or lists of
// keys in brackets. It becomes plain lists with places; lines that begin with # are passed over. Depth is bounded.
//
// Leaves out what the keys mean (shadow.ts).

import type { ImportProblem, TextPlace } from "./outcome.ts";

/** A key and what stands behind it; the place is the key's. */
export interface GmlEntry extends TextPlace {
  readonly key: string;
  readonly value: string | number | GmlList;
}

/** What stands between two brackets. */
export interface GmlList extends TextPlace {
  readonly entries: readonly GmlEntry[];
}

/** The whole text as a list, or what is wrong with it. */
export type GmlOutcome =
  | { readonly kind: "list"; readonly list: GmlList }
  | { readonly kind: "refused"; readonly problems: readonly ImportProblem[] };

const DEPTH_MAX = 100;
const SHOWN_MAX = 40;
const skipped = /(?:[\s\uFEFF]+|#[^\n]*)/uy;
const key = /[A-Za-z_]\w*/uy;
const number = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/uy;
const quoted = /"([^"]*)"/uy;

/** Does this look like it? */
export function looksLikeGml(begins: string): boolean {
  return /^(?:\uFEFF)?(?:\s|#[^\n]*\n)*(?:[A-Za-z_]\w*\s+(?:"[^"]*"|[-+.\d]+)\s+)*graph\s*\[/u.test(begins);
}

/** Reads it. */
export function readGml(text: string): GmlOutcome {
  const reader = new Reader(text);
  const whole: Open = { line: 1, column: 1, entries: [] };
  const open: Open[] = [whole];
  for (;;) {
    reader.skip();
    if (reader.isAtEnd) break;
    const place = reader.place;
    const list = open.at(-1) as Open;
    if (reader.takes("]")) {
      open.pop();
      if (open.length === 0) return no(place, "expected a key, found a ] that closes nothing; take it away");
      continue;
    }
    const name = reader.match(key)?.[0];
    if (name === undefined) return no(place, `expected a key${closing(open)}, found ${reader.shown}; mend it`);
    reader.skip();
    const behind = reader.place;
    if (reader.takes("[")) {
      if (open.length > DEPTH_MAX)
        return no(behind, `expected lists nested at most ${DEPTH_MAX} deep, found more; is this the right file?`);
      const inner: Open = { ...behind, entries: [] };
      list.entries.push({ ...place, key: name, value: inner });
      open.push(inner);
      continue;
    }
    const value = reader.value();
    if (value === null) {
      return no(behind, `expected a number, a text in quotes or [ behind ${name}, found ${reader.shown}; mend it`);
    }
    list.entries.push({ ...place, key: name, value });
  }
  if (open.length === 1) return { kind: "list", list: whole };
  const { line } = open.at(-1) as Open;
  return no(
    reader.place,
    `expected a ] for the [ on line ${line}, found the end of the text; close it, or is the file cut short?`,
  );
}

interface Open extends GmlList {
  readonly entries: GmlEntry[];
}

function no(place: TextPlace, message: string): GmlOutcome {
  return { kind: "refused", problems: [{ ...place, message }] };
}

function closing(open: readonly Open[]): string {
  return open.length > 1 ? " or a ]" : "";
}

class Reader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineBegins = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  get place(): TextPlace {
    return { line: this.#line, column: this.#at - this.#lineBegins + 1 };
  }

  /** What stands here, for messages. */
  get shown(): string {
    if (this.isAtEnd) return "the end of the text";
    const [word = ""] = /^\S+/u.exec(this.#text.slice(this.#at, this.#at + SHOWN_MAX)) ?? [];
    return JSON.stringify(word);
  }

  skip(): void {
    while (this.match(skipped) !== null);
  }

  takes(mark: string): boolean {
    if (this.#text[this.#at] !== mark) return false;
    this.#at += 1;
    return true;
  }

  value(): string | number | null {
    const digits = this.match(number);
    if (digits !== null) return Number(digits[0]);
    const found = this.match(quoted);
    return found === null ? null : unescaped(found[1] ?? "");
  }

  match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) return null;
    const end = this.#at + found[0].length;
    for (let at = this.#text.indexOf("\n", this.#at); at >= 0 && at < end; at = this.#text.indexOf("\n", at + 1)) {
      this.#line += 1;
      this.#lineBegins = at + 1;
    }
    this.#at = end;
    return found;
  }
}

const named = new Map([
  ["quot", '"'],
  ["amp", "&"],
  ["lt", "<"],
  ["gt", ">"],
  ["apos", "'"],
]);

// Texts are in ASCII by the book, and other characters are written as in HTML. Names that are not known stay as they are.
function unescaped(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([\dA-Fa-f]{1,6})|(\w+));/gu, (whole, decimal, hex, name) => {
    if (typeof name === "string") return named.get(name) ?? whole;
    const code = typeof decimal === "string" ? Number(decimal) : parseInt(String(hex), 16);
    return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : whole;
  });
}
