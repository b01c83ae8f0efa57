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
/** Of so many words it is known how often they were met; then counting begins anew. */
const countedMax = 1_024;

/** The words of one shelf. */
export class Words {
  readonly #byCode: string[] = [];
  readonly #codes = new Map<string, string>();
  readonly #met = new Map<string, number>();

  /** The text with codes in the place of words. */
  pack(text: string): string {
    if (hasCodes(text)) return asItIs + text;
    let packed = "";
    let at = 0;
    for (let count = 0; count < wordsMax; count += 1) {
      const end = text.indexOf(" ", at) + 1;
      if (end === 0 || end - at > lengthMax) break;
      const word = text.slice(at, end);
      packed += this.#codes.get(word) ?? this.#meet(word);
      at = end;
    }
    return at === 0 ? text : packed + text.slice(at);
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
    for (const word of this.#byCode) copy.#give(word);
    for (const [word, count] of this.#met) copy.#met.set(word, count);
    return copy;
  }

  // What stands for it: the word, or the code that it has got just now.
  #meet(word: string): string {
    if (this.#byCode.length === codesMax) return word;
    const count = (this.#met.get(word) ?? 0) + 1;
    if (count < metOften) {
      if (this.#met.size >= countedMax) this.#met.clear();
      this.#met.set(word, count);
      return word;
    }
    this.#met.delete(word);
    return this.#give(word);
  }

  #give(word: string): string {
    this.#byCode.push(word);
    const code = String.fromCharCode(this.#byCode.length);
    this.#codes.set(word, code);
    return code;
  }
}

function hasCodes(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) if (text.charCodeAt(at) < space) return true;
  return false;
}
