// What is said of a line that is none of its format: when it is one of another format, that. Leaves out telling formats (detect.ts).

import { detectFormat } from "./detect.ts";
import { type FormatName, formatOf } from "./format.ts";
import type { Input } from "./input.ts";
import { shown } from "./problem.ts";

/** A refusal of the current line, which begins at this offset and has not the form it should. */
export function unknownLine(input: Input, at: number, format: FormatName, form: string): Error {
  const found = shown(input.restOfLine(at));
  const other = detectFormat(input.bytes, at, input.to);
  if (other === null || other === format) {
    const remedy = "every line is one operation; if the file has another format, name it with --format";
    return input.refusal(at, form, found, remedy);
  }
  const expected = `a line of ${formatOf(format).title}`;
  return input.refusal(at, expected, `${formatOf(other).title}: ${found}`, "one file holds one format; split it");
}
