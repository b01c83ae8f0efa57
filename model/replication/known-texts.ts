// Texts that were read from bytes a while ago: a key comes again and again, and a record over several ways. What is found here need not be
// put together anew, character by character. One place per text, found by its length and its ends: whoever comes later has it. What is
// kept makes no difference but in time.

const places = 512;
/** Longer texts are read anew. */
const longest = 192;

const known: string[] = Array.from({ length: places }, () => "");

/** The text that these ASCII bytes spell. */
export function asciiText(bytes: Uint8Array, from: number, end: number): string {
  if (end - from > longest) return spelled(bytes, from, end);
  const place = placeOf(bytes, from, end);
  const held = known[place] as string;
  if (isSpelled(held, bytes, from, end)) return held;
  const text = spelled(bytes, from, end);
  known[place] = text;
  return text;
}

// What is numbered differs at its end, what is filled up at its beginning.
function placeOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = end - from;
  const few = Math.min(end, from + 4);
  for (let at = from; at < few; at += 1) hash = Math.imul(hash, 31) + (bytes[at] as number);
  for (let at = Math.max(few, end - 4); at < end; at += 1) hash = Math.imul(hash, 31) + (bytes[at] as number);
  return (hash ^ (hash >>> 9)) & (places - 1);
}

function isSpelled(text: string, bytes: Uint8Array, from: number, end: number): boolean {
  const { length } = text;
  if (length !== end - from) return false;
  for (let at = 0; at < length; at += 1) if (text.charCodeAt(at) !== bytes[from + at]) return false;
  return true;
}

// Eight characters at once: one by one, each would be an object that points to all before it.
function spelled(bytes: Uint8Array, from: number, end: number): string {
  let text = "";
  let at = from;
  for (; at + 8 <= end; at += 8) {
    text += String.fromCharCode(
      bytes[at] as number,
      bytes[at + 1] as number,
      bytes[at + 2] as number,
      bytes[at + 3] as number,
      bytes[at + 4] as number,
      bytes[at + 5] as number,
      bytes[at + 6] as number,
      bytes[at + 7] as number,
    );
  }
  for (; at < end; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}
