// What things say, as 64 bits each: of texts that name a cloudlet's state, a message, a dot. Numbers are given out in the order in which a
// search finds things, so nothing that is kept, compared or counted may hang on them: two searches that begin at different ends, and two
// threads, call the same state by the same name. Leaves out how names of whole states are made of these (state-name.ts).

/** The two halves of a text's content, made in one pass and in two ways. */
export class ContentHash {
  low = 0;
  high = 0;

  /** Takes the content of a text, each character up to 65535. */
  of(text: string): void {
    let low = 0x2c1b3c6d ^ text.length;
    let high = Math.imul(text.length + 1, 0x9f4a7c15);
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      // MurmurHash3 for 32 bits (Appleby 2011), and a multiplicative hash with a rotation of its own.
      let word = Math.imul(code, 0xcc9e2d51);
      word = Math.imul((word << 15) | (word >>> 17), 0x1b873593);
      low ^= word;
      low = (Math.imul((low << 13) | (low >>> 19), 5) + 0xe6546b64) | 0;
      high = Math.imul(high ^ code, 0x9e3779b1);
      high = ((high ^ (high >>> 15)) + 0x7f4a7c15) | 0;
    }
    this.low = mixed(low);
    this.high = mixed(Math.imul(high, 0x85ebca77));
  }
}

/** Spreads a word over all of its 32 bits (the end of MurmurHash3). */
export function mixed(word: number): number {
  let mix = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return (mix ^ (mix >>> 16)) >>> 0;
}

const hash = new ContentHash();

/** A short text for the content of a long one. */
export function contentText(text: string): string {
  hash.of(text);
  return `${hash.low.toString(36)}.${hash.high.toString(36)}`;
}

const countFirst = 1 << 10;

/** Contents of numbered things, in the order of their numbers. */
export class Contents {
  low = new Uint32Array(countFirst);
  high = new Uint32Array(countFirst);
  #count = 0;

  /** The next one. */
  push(text: string): void {
    if (this.#count === this.low.length) {
      this.low = grown(this.low);
      this.high = grown(this.high);
    }
    hash.of(text);
    this.low[this.#count] = hash.low;
    this.high[this.#count] = hash.high;
    this.#count += 1;
  }
}

function grown(old: Uint32Array): Uint32Array<ArrayBuffer> {
  const made = new Uint32Array(old.length * 2);
  made.set(old);
  return made;
}
