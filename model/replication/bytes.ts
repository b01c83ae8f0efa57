// Reading and writing bytes: unsigned variable-length integers (7 bits per byte, least significant first, up to 2^53 - 1)
// and UTF-8 text. By hand, because the model may use neither Node nor the browser. What is written where, wire.ts says.

import { assert } from "../assert.ts";
import { checksum, checksumSize } from "./checksum.ts";
import { asciiText } from "./known-texts.ts";

/** Bytes an unsigned integer takes. */
export function integerSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** Bytes a text takes in UTF-8, without its length. The text must be well formed (no lone surrogate). */
export function textSize(text: string): number {
  if (text === lastLong) return lastLongSize;
  let size = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit >= 0x800) size += isSurrogate(unit) ? 1 : 2;
    else if (unit >= 0x80) size += 1;
  }
  if (text.length >= longFrom) [lastLong, lastLongSize] = [text, size];
  return size;
}

// The text of a record is measured several times in a row, with its key in between.
const longFrom = 48;
const firstSurrogate = 0xd800;
let lastLong = "";
let lastLongSize = 0;

/** Is every surrogate of this text paired? Only such a text has a UTF-8 form. */
export function isWellFormed(text: string): boolean {
  if (text.length >= longFrom) return (text === lastLong && text.length === lastLongSize) || text.isWellFormed();
  // Of a short one that is seen sooner than it is asked.
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) >= firstSurrogate) return text.isWellFormed();
  return true;
}

/** Bytes a text takes in UTF-8, with its length before it. */
export function lengthAndText(text: string): number {
  const size = textSize(text);
  return integerSize(size) + size;
}

/** Writes into a buffer of known size. */
export class ByteWriter {
  readonly bytes: Uint8Array;
  #at = 0;

  /** `into`: how many bytes, or where they are to go. */
  constructor(into: number | Uint8Array) {
    this.bytes = typeof into === "number" ? new Uint8Array(into) : into;
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#at;
  }

  /** What is written next goes there. */
  goTo(at: number): void {
    this.#at = at;
  }

  integer(value: number): void {
    assert(Number.isSafeInteger(value) && value >= 0, "only whole numbers from 0 to 2^53 - 1 are encoded");
    let rest = value;
    while (rest >= 128) {
      this.#put((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    this.#put(rest);
  }

  /** The text's length, then the text. */
  text(text: string): void {
    this.integer(textSize(text));
    this.bareText(text);
  }

  /** The text alone: whoever reads it knows its length already. */
  bareText(text: string): void {
    const ascii = this.#ascii(text);
    if (ascii === text.length) return;
    for (const character of text.slice(ascii)) {
      const point = character.codePointAt(0) as number;
      if (point < 0x80) this.#put(point);
      else if (point < 0x800) this.#putAll(0xc0 + (point >> 6), 0x80 + (point & 63));
      else if (point < 0x10000) this.#putAll(0xe0 + (point >> 12), 0x80 + ((point >> 6) & 63), 0x80 + (point & 63));
      else {
        this.#putAll(
          0xf0 + (point >> 18),
          0x80 + ((point >> 12) & 63),
          0x80 + ((point >> 6) & 63),
          0x80 + (point & 63),
        );
      }
    }
  }

  // Nearly all texts are ASCII to their end. Writes characters until one is not; returns how many.
  #ascii(text: string): number {
    const from = this.#at;
    const end = Math.min(text.length, this.bytes.length - from);
    let at = 0;
    for (; at < end; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit >= 0x80) break;
      this.bytes[from + at] = unit;
    }
    this.#at = from + at;
    return at;
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    assert(this.#at + bytes.length <= this.bytes.length, "the size function promised fewer bytes than are written");
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  /** So many of these bytes, of which there are few: a view of them would be more work. */
  copy(bytes: Uint8Array, length: number): void {
    const from = this.#at;
    assert(from + length <= this.bytes.length, "the size function promised fewer bytes than are written");
    for (let at = 0; at < length; at += 1) this.bytes[from + at] = bytes[at] as number;
    this.#at = from + length;
  }

  /** The checksum of everything written from this place on. */
  checksum(from: number): void {
    const sum = checksum(this.bytes, from, this.#at);
    for (let index = 0; index < checksumSize; index += 1) this.#put((sum >>> (8 * index)) & 255);
  }

  #put(byte: number): void {
    assert(this.#at < this.bytes.length, "the size function promised fewer bytes than the encoder writes");
    this.bytes[this.#at] = byte;
    this.#at += 1;
  }

  #putAll(...bytes: readonly number[]): void {
    for (const byte of bytes) this.#put(byte);
  }
}

/** What is wrong with bytes, and where. Thrown inside the decoder only; wire.ts turns it into a result. */
export class Malformed extends Error {
  override readonly name = "Malformed";
  readonly at: number;

  constructor(at: number, why: string) {
    super(why);
    this.at = at;
  }
}

/** Reads from a buffer; throws Malformed on anything that no encoder writes. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(bytes: Uint8Array, from = 0, end = bytes.length) {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
  }

  /** Where the next byte is read. */
  get at(): number {
    return this.#at;
  }

  /** Bytes not read yet. */
  get left(): number {
    return this.#end - this.#at;
  }

  /** Do the last bytes from here on hold the checksum of all from `from` up to them? */
  checks(from: number): boolean {
    const at = this.#end - checksumSize;
    if (at < this.#at) return false;
    const sum = checksum(this.#bytes, from, at);
    for (let index = 0; index < checksumSize; index += 1) {
      if (this.#bytes[at + index] !== ((sum >>> (8 * index)) & 255)) return false;
    }
    return true;
  }

  /** A reader of the next `length` bytes alone, which this one passes over. */
  part(length: number): ByteReader {
    const from = this.#at;
    this.#at += length;
    return new ByteReader(this.#bytes, from, this.#at);
  }

  /** A copy of all that is left. */
  rest(): Uint8Array {
    const bytes = this.#bytes.slice(this.#at, this.#end);
    this.#at = this.#end;
    return bytes;
  }

  /** Nothing may be left. */
  finish(what: string): void {
    if (this.left > 0) throw new Malformed(this.#at, `${this.left} bytes after the end of ${what}`);
  }

  integer(what: string): number {
    const start = this.#at;
    // Most numbers take one byte.
    const only = start < this.#end ? (this.#bytes[start] as number) : 128;
    if (only < 128) {
      this.#at = start + 1;
      return only;
    }
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#next(what);
      value += (byte & 127) * scale;
      if (!Number.isSafeInteger(value)) throw new Malformed(start, `${what}: number above 2^53 - 1`);
      if (byte < 128) {
        if (byte === 0 && scale > 1) throw new Malformed(start, `${what}: number not in its shortest form`);
        return value;
      }
      scale *= 128;
    }
  }

  /** A count of things that take at least `each` bytes, so that a lying count cannot make the reader allocate. */
  count(what: string, each: number): number {
    const start = this.#at;
    const count = this.integer(what);
    if (count * each > this.left) throw new Malformed(start, `${what}: ${count} announced, ${this.left} bytes left`);
    return count;
  }

  /** A length, then a text of that many bytes. */
  text(what: string): string {
    return this.bareText(what, this.count(what, 1));
  }

  /** Is the next thing this text, after its length? It is passed over. */
  isText(what: string, text: string): boolean {
    const length = this.count(what, 1);
    // As many bytes as characters are ASCII on both sides, or not equal.
    if (length !== text.length) return this.bareText(what, length) === text;
    const from = this.#at;
    this.#at += length;
    for (let at = 0; at < length; at += 1) {
      const byte = this.#bytes[from + at] as number;
      if (byte >= 0x80 || byte !== text.charCodeAt(at)) return false;
    }
    return true;
  }

  /** A text of this many bytes. */
  bareText(what: string, length: number): string {
    const end = length + this.#at;
    const bound = Math.min(end, this.#end);
    // Nearly all texts are ASCII to their end.
    let ascii = this.#at;
    while (ascii < bound && (this.#bytes[ascii] as number) < 0x80) ascii += 1;
    let text = asciiText(this.#bytes, this.#at, ascii);
    this.#at = ascii;
    while (this.#at < end) text += this.#character(what, end);
    return text;
  }

  #character(what: string, end: number): string {
    const start = this.#at;
    const lead = this.#next(what);
    if (lead < 0x80) return String.fromCharCode(lead);
    const extra =
      lead >= 0xf0 && lead < 0xf5 ? 3 : lead >= 0xe0 && lead < 0xf0 ? 2 : lead >= 0xc2 && lead < 0xe0 ? 1 : 0;
    if (extra === 0 || start + extra >= end) throw new Malformed(start, `${what}: not UTF-8`);
    let point = lead & (0x3f >> extra);
    for (let index = 0; index < extra; index += 1) {
      const byte = this.#next(what);
      if ((byte & 0xc0) !== 0x80) throw new Malformed(start, `${what}: not UTF-8`);
      point = point * 64 + (byte & 63);
    }
    const least = extra === 1 ? 0x80 : extra === 2 ? 0x800 : 0x10000;
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) {
      throw new Malformed(start, `${what}: not UTF-8`);
    }
    return String.fromCodePoint(point);
  }

  #next(what: string): number {
    if (this.#at >= this.#end) throw new Malformed(this.#at, `${what}: the bytes end here`);
    const byte = this.#bytes[this.#at] as number;
    this.#at += 1;
    return byte;
  }
}

function isSurrogate(unit: number): boolean {
  return unit >= firstSurrogate && unit <= 0xdfff;
}
