/**
 * Short texts straight from bytes: the same few names of sessions, keys and fields come again on every line, and making each anew
 * would be most of the time of reading.
 *
 * A table of the last text by hash; a collision only costs the making. Leaves out long texts and those that are not ASCII.
 */
import { decode } from "./text.ts";

const SLOTS = 8192;
const LENGTH_MAX = 48;

/** Makes texts, and remembers some. */
export class Strings {
  readonly #texts: string[] = Array.from({ length: SLOTS }, () => "");

  /** The text of `bytes[from]` to `bytes[to - 1]`. */
  of(bytes: Uint8Array, from: number, to: number): string {
    const length = to - from;
    if (length === 0) return "";
    if (length > LENGTH_MAX) return decode(bytes, from, to);
    let hash = length;
    for (let at = from; at < to; at += 1) hash = Math.imul(hash ^ bytes[at]!, 0x0100_0193);
    const slot = (hash ^ (hash >>> 15)) & (SLOTS - 1);
    const known = this.#texts[slot]!;
    if (isSame(known, bytes, from, length)) return known;
    const text = decode(bytes, from, to);
    this.#texts[slot] = text;
    return text;
  }
}

/** Whether a text consists of these bytes. Never true of bytes beyond ASCII, which are decoded every time. */
function isSame(text: string, bytes: Uint8Array, from: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let at = 0; at < length; at += 1) {
    const byte = bytes[from + at]!;
    if (text.charCodeAt(at) !== byte || byte >= 0x80) return false;
  }
  return true;
}
