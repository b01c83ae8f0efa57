/**
 * Values of a file that are neither numbers nor texts, kept as texts with a mark before them, so that none equals a text: nothing
 * where nothing is a value, integers that no double holds, keywords, `true`, vectors.
 *
 * The mark is a character that hardly any text begins with; a text that does gets one more, so that each value has one form and each
 * form one value. Names that people see are plain: without marks. Leaves out what the values mean.
 */

const MARK = "\u0000";
const INTEGER_FORM = /^-?\d+$/;

/** Nothing, where it is a value of its own: a literal of no characters. */
export const NOTHING = MARK;

/** What stands in a file as these characters without being a text. */
export function literal(written: string): string {
  return MARK + written;
}

/** A text of a file. */
export function textValue(text: string): string {
  return text.startsWith(MARK) ? MARK + text : text;
}

/** The characters of a literal; null for texts and numbers. */
export function literalOf(value: number | string | null): string | null {
  if (typeof value !== "string" || !value.startsWith(MARK) || value[1] === MARK) return null;
  return value.slice(1);
}

/** A value without its mark: what people read. */
export function plain<T extends number | string | null>(value: T): T | string {
  return typeof value === "string" && value.startsWith(MARK) ? value.slice(1) : value;
}

/** A value as JSON has it: integers of any size as integers, other literals as texts. */
export function jsonValue(value: number | string | null): string {
  const written = literalOf(value);
  return written !== null && INTEGER_FORM.test(written) ? written : JSON.stringify(plain(value));
}
