/**
 * Which format a file has, told from its first bytes.
 *
 * Leaves out being sure: a file that begins like one format and goes on like another is refused by that format's reader.
 */
import type { FormatName } from "./format.ts";
import { decode, isBlank } from "./text.ts";

/** No format needs more to be told from the others. */
const HEAD_SIZE = 4096;

/** What files of each format begin with; the first that fits stands. */
const beginnings: readonly (readonly [RegExp, FormatName])[] = [
  [/^[rw]\(/, "plume"],
  [/^(?:[rw][ \t]|--|==)/, "awdit"],
  [/^\{\s*"causeway-history"/, "jsonl"],
  [/^\{\s*"(?:params|data)"\s*:/, "dbcop"],
  [/^\[\s*\[/, "dbcop"],
  [/^(?:\[\s*)?\{\s*(?:"[^]*)?"(?:process|type|f)"\s*:/, "jepsen-json"],
  [/^\{\s*(?:"[^]*)?"(?:op|session)"\s*:/, "jsonl"],
  [/^\{\s*"[^]*"data"\s*:\s*\[/, "dbcop"],
  [/^[^\n]*\bjepsen\.util\b/, "porcupine"],
  [/^(?:[[(][\s,]*)?(?:\{[\s,]*:|#[\w_])/, "jepsen-edn"],
  [/^;/, "jepsen-edn"],
];

/** The format of these bytes, the first of a file or of a line; null where they look like none. */
export function detectFormat(bytes: Uint8Array, from = 0, to = bytes.length): FormatName | null {
  let at = from;
  while (at < to && isBlank(bytes[at]!)) at += 1;
  const head = decode(bytes, at, Math.min(to, at + HEAD_SIZE));
  return beginnings.find(([beginning]) => beginning.test(head))?.[1] ?? null;
}
