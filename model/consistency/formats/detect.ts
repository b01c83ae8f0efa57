/**
 * Which format a file has, told from its first bytes.
 *
 * Leaves out being sure: a file that begins like one format and goes on like another is refused by that format's reader.
 */
import { isBlank } from "./text.ts";
import type { FormatName } from "./format.ts";

const OPEN = 0x28;
const READ = 0x72;
const WRITE = 0x77;
const BLANK = 0x20;
const TAB = 0x09;
const DASH = 0x2d;
const EQUALS = 0x3d;

/** The format of these bytes, the first of a file or of a line; null where they look like none. */
export function detectFormat(bytes: Uint8Array, from = 0, to = bytes.length): FormatName | null {
  let at = from;
  if (bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf) at += 3;
  while (at < to && isBlank(bytes[at]!)) at += 1;
  const first = bytes[at];
  const second = at + 1 < to ? bytes[at + 1] : undefined;
  if (first === READ || first === WRITE) {
    if (second === OPEN) return "plume";
    if (second === BLANK || second === TAB) return "awdit";
  }
  if ((first === DASH || first === EQUALS) && second === first) return "awdit";
  return null;
}
