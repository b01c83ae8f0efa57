/**
 * Bytes to text and back, by hand: the model may use neither Node nor the browser. And the small tests on bytes that all
 * readers share.
 *
 * Bytes that are no UTF-8 become the replacement character, as everywhere: a history is not refused for a name in another
 * encoding. Leaves out finding lines (input.ts).
 */

const REPLACEMENT = 0xfffd;
/** What `String.fromCharCode` takes at once. */
const PIECE = 4096;

/** The text of `bytes[from]` to `bytes[to - 1]`. */
export function decode(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  let units: number[] = [];
  for (let at = from; at < to;) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      units.push(lead);
      at += 1;
    } else {
      const extra = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
      let point = lead >= 0xc2 && lead < 0xf5 && at + extra < to ? lead & (0x3f >> extra) : -1;
      for (let more = 1; point >= 0 && more <= extra; more += 1) {
        const byte = bytes[at + more]!;
        point = (byte & 0xc0) === 0x80 ? point * 64 + (byte & 63) : -1;
      }
      const least = extra === 1 ? 0x80 : extra === 2 ? 0x800 : 0x10000;
      if (point < least || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
        units.push(REPLACEMENT);
        at += 1;
      } else {
        if (point >= 0x10000) units.push(0xd800 + ((point - 0x10000) >> 10), 0xdc00 + ((point - 0x10000) & 0x3ff));
        else units.push(point);
        at += extra + 1;
      }
    }
    if (units.length >= PIECE) {
      text += String.fromCharCode(...units);
      units = [];
    }
  }
  return text + String.fromCharCode(...units);
}

/** A text as UTF-8; halves of surrogate pairs become the replacement character. */
export function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    let point = text.codePointAt(at)!;
    if (point >= 0x10000) at += 1;
    else if (point >= 0xd800 && point < 0xe000) point = REPLACEMENT;
    if (point < 0x80) bytes[length++] = point;
    else {
      if (point < 0x800) bytes[length++] = 0xc0 | (point >> 6);
      else {
        if (point < 0x10000) bytes[length++] = 0xe0 | (point >> 12);
        else {
          bytes[length++] = 0xf0 | (point >> 18);
          bytes[length++] = 0x80 | ((point >> 12) & 63);
        }
        bytes[length++] = 0x80 | ((point >> 6) & 63);
      }
      bytes[length++] = 0x80 | (point & 63);
    }
  }
  return bytes.subarray(0, length);
}

/** Blank, tab, carriage return, line feed. */
export function isBlank(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}
