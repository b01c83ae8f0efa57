/**
 * Fields of our own format's lines: names, values, arrays of them, words out of a few.
 *
 * Leaves out which fields there are (jsonl.ts).
 */
import { literal, textValue } from "../literals.ts";
import type { Value } from "../version-table.ts";
import type { JsonScanner } from "./json.ts";
import { type Refusal, shown } from "./problem.ts";
import { isDigit } from "./text.ts";

const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const QUOTE = 0x22;
const MINUS = 0x2d;
const SMALL_N = 0x6e;

/** The refusal of a field that a line has twice. */
export function repeated(scanner: JsonScanner, at: number, name: string): Refusal {
  return scanner.input.refusal(at, "each field once", `${shown(name)} again`, "leave one of the two out");
}

/** A text or a number. */
export function nameOf(scanner: JsonScanner, what: string): number | string {
  const byte = scanner.peek();
  if (byte === QUOTE) return textValue(scanner.string());
  if (byte === MINUS || isDigit(byte)) {
    const number = scanner.number();
    return typeof number === "number" ? number : literal(number);
  }
  throw scanner.unexpected(what);
}

/** A text, a number or null. */
export function scalar(scanner: JsonScanner, what: string): Value {
  if (scanner.peek() !== SMALL_N) return nameOf(scanner, what);
  const from = scanner.at;
  if (scanner.literal() === null) return null;
  scanner.at = from;
  throw scanner.unexpected(what);
}

/** An array of scalars. */
export function list(scanner: JsonScanner, into: Value[], what: string): void {
  scanner.peek();
  if (!scanner.take(OPEN_LIST)) throw scanner.unexpected("an array");
  into.length = 0;
  if (scanner.take(CLOSE_LIST)) return;
  do into.push(scalar(scanner, what));
  while (scanner.another(CLOSE_LIST));
}

/** One of these words. */
export function oneOf(scanner: JsonScanner, words: readonly string[]): string {
  scanner.peek();
  const at = scanner.at;
  const word = scanner.string();
  if (words.includes(word)) return word;
  scanner.at = at;
  throw scanner.unexpected(words.map((each) => JSON.stringify(each)).join(" or "));
}

export function choice(scanner: JsonScanner, numbers: Readonly<Record<string, number>>): number {
  scanner.peek();
  const at = scanner.at;
  const word = scanner.string();
  const number = Object.hasOwn(numbers, word) ? numbers[word] : undefined;
  if (number !== undefined) return number;
  scanner.at = at;
  throw scanner.unexpected(
    Object.keys(numbers)
      .map((each) => JSON.stringify(each))
      .join(" or "),
  );
}
