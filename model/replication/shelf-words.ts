// Words that recur in what is kept as bytes, as one character each. Which words these are shows as texts come: one that is met often gets
// one of thirty-one control characters, which texts hardly ever have, and keeps it.
//
// 1. A word ends with the space behind it; the last word of a text stays as it is, and so do all behind the first few, which are somebody's
//    own.
// 2. A text that has control characters itself is marked by one more in front, and stays as it is.

/** In front of a text that stays as it is. */
const asItIs = "\0";
const codesMax = 31;
const space = 0x20;
/** Longer words are looked at no further: they do not recur. */
const lengthMax = 24;
const wordsMax = 12;
/** A word that was met so often gets a code. */
const metOften = 64;
/** Hashes of words that are told apart when they are counted. */
const countedMax = 1_024;
/** After so many counting begins anew. */
const meetsMax = 8_192;
const asciiEnd = 0x80;
const hashTimes = 0x0100_0193;
/** Places for codes: several times as many as there are codes. */
const codePlaces = 128;

/** The words of one shelf. */
export class Words {
  readonly #byCode: string[] = [];
  // By hash: the code of a word of that hash, or 0. Of several words the later ones lie behind the first.
  readonly #codes = new Uint8Array(codePlaces);
  // By hash: how often words of it were met.
  readonly #met = new Uint8Array(countedMax);
  #meets = 0;

  /** The text with codes in the place of words. */
  pack(text: string): string {
    if (hasCodes(text)) return asItIs + text;
    let packed = "";
    // What is not packed yet, and what stays as it is before the word that is looked at.
    let from = 0;
    let at = 0;
    for (let count = 0; count < wordsMax; count += 1) {
      const end = text.indexOf(" ", at) + 1;
      if (end === 0 || end - at > lengthMax) break;
      const hash = hashOf(text, at, end);
      const code = this.#codeOf(hash, text, at, end) || this.#meet(hash, text, at, end);
      if (code > 0) {
        if (at > from) packed += text.slice(from, at);
        packed += String.fromCharCode(code);
        from = end;
      }
      at = end;
    }
    return from === 0 ? text : packed + text.slice(from);
  }

  /** The same as bytes, at the beginning of `into`: how many. -1, where the text has other characters than ASCII or codes, or no room there. */
  packInto(text: string, into: Uint8Array): number {
    const { length } = text;
    if (length > into.length) return -1;
    // The word that is looked at: where it begins, in the text and there; none where that is beyond the text.
    let [from, begins, count, hash] = [0, 0, 0, 0];
    let size = 0;
    for (let at = 0; at < length; at += 1) {
      const unit = text.charCodeAt(at);
      if (unit < space || unit >= asciiEnd) return -1;
      into[size] = unit;
      size += 1;
      if (from > at) continue;
      hash = Math.imul(hash ^ unit, hashTimes);
      if (unit !== space) continue;
      const end = at + 1;
      count += 1;
      if (end - from > lengthMax) {
        from = length;
        continue;
      }
      const mixed = hash ^ (hash >>> 15);
      const code = this.#codeOf(mixed, text, from, end) || this.#meet(mixed, text, from, end);
      if (code > 0) {
        into[begins] = code;
        size = begins + 1;
      }
      [from, begins, hash] = [count === wordsMax ? length : end, size, 0];
    }
    return size;
  }

  /** The text that was packed. */
  unpack(packed: string): string {
    if (!hasCodes(packed)) return packed;
    if (packed.startsWith(asItIs)) return packed.slice(1);
    let text = "";
    let from = 0;
    for (let at = 0; at < packed.length; at += 1) {
      const code = packed.charCodeAt(at);
      if (code >= space) continue;
      text += packed.slice(from, at) + (this.#byCode[code - 1] as string);
      from = at + 1;
    }
    return text + packed.slice(from);
  }

  /** A copy that shares nothing mutable. */
  clone(): Words {
    const copy = new Words();
    copy.#byCode.push(...this.#byCode);
    copy.#codes.set(this.#codes);
    copy.#met.set(this.#met);
    copy.#meets = this.#meets;
    return copy;
  }

  // The code of the word between these places; 0 where it has none.
  #codeOf(hash: number, text: string, from: number, end: number): number {
    for (let place = hash & (codePlaces - 1); ; place = (place + 1) & (codePlaces - 1)) {
      const code = this.#codes[place] as number;
      if (code === 0) return 0;
      const word = this.#byCode[code - 1] as string;
      if (word.length === end - from && text.startsWith(word, from)) return code;
    }
  }

  // The code that it has got just now; 0 where it gets none. Words of one hash are taken for one: only how soon codes are given shows that.
  #meet(hash: number, text: string, from: number, end: number): number {
    if (this.#byCode.length === codesMax) return 0;
    const place = (hash >>> 8) & (countedMax - 1);
    const count = (this.#met[place] as number) + 1;
    this.#meets += 1;
    if (count >= metOften) {
      this.#met[place] = 0;
      return this.#give(hash, text.slice(from, end));
    }
    this.#met[place] = count;
    if (this.#meets >= meetsMax) {
      this.#meets = 0;
      this.#met.fill(0);
    }
    return 0;
  }

  #give(hash: number, word: string): number {
    this.#byCode.push(word);
    let place = hash & (codePlaces - 1);
    while ((this.#codes[place] as number) > 0) place = (place + 1) & (codePlaces - 1);
    this.#codes[place] = this.#byCode.length;
    return this.#byCode.length;
  }
}

function hashOf(text: string, from: number, end: number): number {
  let hash = 0;
  for (let at = from; at < end; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), hashTimes);
  return hash ^ (hash >>> 15);
}

function hasCodes(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) < space) return true;
  return false;
}
