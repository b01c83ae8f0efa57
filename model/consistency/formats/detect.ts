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
  [/^[^\n]*\bjepsen\.util\b/, "porcupine"],
  [/^(?:[[(][\s,]*)?(?:\{[\s,]*:|#[\w_])/, "jepsen-edn"],
  [/^;/, "jepsen-edn"],
];

/** What matters of JSON: brackets, names of fields with their colons, and texts, whose brackets are none. */
const tokens = /[[\]{}]|"((?:[^"\\]|\\[^])*)"\s*:|"(?:[^"\\]|\\[^])*"/g;

/** The format of these bytes, the first of a file or of a line; null where they look like none. */
export function detectFormat(bytes: Uint8Array, from = 0, to = bytes.length): FormatName | null {
  let at = from;
  while (at < to && isBlank(bytes[at]!)) at += 1;
  const head = decode(bytes, at, Math.min(to, at + HEAD_SIZE));
  return formatOfObject(head) ?? beginnings.find(([beginning]) => beginning.test(head))?.[1] ?? null;
}

/** Fields of objects that tell formats apart. */
const telling: Readonly<Record<string, FormatName | undefined>> = {
  process: "jepsen-json",
  type: "jepsen-json",
  f: "jepsen-json",
  op: "jsonl",
  session: "jsonl",
};

/**
 * The format of a JSON object, or of an array that begins with one, by the first of its own fields that tells; what lies deeper says
 * nothing. Null where the bytes at hand show none.
 */
function formatOfObject(head: string): FormatName | null {
  const opening = /^(\[\s*)?\{/.exec(head);
  if (opening === null) return null;
  let depth = 1;
  tokens.lastIndex = opening[0].length;
  for (let token = tokens.exec(head); token !== null && depth > 0; token = tokens.exec(head)) {
    const [whole, name] = token;
    if (whole === "{" || whole === "[") depth += 1;
    else if (whole === "}" || whole === "]") depth -= 1;
    else if (depth === 1 && name !== undefined) {
      const format = Object.hasOwn(telling, name) ? telling[name]! : null;
      const isInArray = opening[1] !== undefined;
      if (format !== null && !(isInArray && format === "jsonl")) return format;
      if (!isInArray && name === "data" && /^\s*\[/.test(head.slice(tokens.lastIndex))) return "dbcop";
    }
  }
  return null;
}
