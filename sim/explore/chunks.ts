// Rows of whole numbers that only grow: columns with one number per state, and the states of one layer of the search. Both
// in chunks, so that growing copies nothing and no array is too long for the machine.

const chunkBits = 20;
const chunkLength = 1 << chunkBits;

/** One 32-bit number per state. */
export class Column {
  readonly #chunks: Uint32Array[] = [];
  #length = 0;

  /** How many there are. */
  get length(): number {
    return this.#length;
  }

  /** What they take, in bytes. */
  get bytes(): number {
    return this.#chunks.length * chunkLength * 4;
  }

  /** Adds one. */
  push(value: number): void {
    const at = this.#length & (chunkLength - 1);
    if (at === 0) this.#chunks.push(new Uint32Array(chunkLength));
    (this.#chunks[this.#chunks.length - 1] as Uint32Array)[at] = value;
    this.#length += 1;
  }

  /** The one at this index. */
  at(index: number): number {
    return (this.#chunks[index >>> chunkBits] as Uint32Array)[index & (chunkLength - 1)] as number;
  }
}

/** States of one layer, each its length and then its numbers, read in the order in which they were written. One may be struck out. */
export class Layer {
  readonly #chunks: Int32Array[] = [];
  #end = chunkLength;
  #count = 0;

  /** How many states there are. */
  get count(): number {
    return this.#count;
  }

  /** What they take, in bytes. */
  get bytes(): number {
    return this.#chunks.length * chunkLength * 4;
  }

  /** Adds the state in the first `length` numbers of `state`. */
  push(state: Int32Array, length: number): void {
    if (this.#end + length + 1 > chunkLength) {
      this.#chunks.push(new Int32Array(chunkLength));
      this.#end = 0;
    }
    const chunk = this.#chunks[this.#chunks.length - 1] as Int32Array;
    chunk[this.#end] = length;
    for (let at = 0; at < length; at += 1) chunk[this.#end + 1 + at] = state[at] as number;
    this.#end += length + 1;
    this.#count += 1;
    // A zero ends a chunk that is not full.
  }

  /** Strikes out those of which it is said so, and returns how many. */
  strike(isOut: (state: Int32Array, length: number) => boolean): number {
    let count = 0;
    for (const chunk of this.#chunks) {
      for (let at = 0; at < chunkLength && chunk[at] !== 0;) {
        const length = Math.abs(chunk[at] as number);
        if ((chunk[at] as number) > 0 && isOut(chunk.subarray(at + 1, at + 1 + length), length)) {
          chunk[at] = -length;
          count += 1;
        }
        at += length + 1;
      }
    }
    return count;
  }

  /** Calls back with each state in order, of one that was struck out with length 0; `state` is the callee's until it returns. A chunk that was read is let go. */
  drain(visit: (state: Int32Array, length: number) => boolean): void {
    const scratch = new Int32Array(chunkLength >>> 4);
    for (let which = 0; which < this.#chunks.length; which += 1) {
      const chunk = this.#chunks[which] as Int32Array;
      for (let at = 0; at < chunkLength;) {
        const length = chunk[at] as number;
        if (length === 0) break;
        for (let index = 0; index < length; index += 1) scratch[index] = chunk[at + 1 + index] as number;
        if (!visit(scratch, Math.max(length, 0))) return;
        at += Math.abs(length) + 1;
      }
      this.#chunks[which] = noChunk;
    }
  }
}

const noChunk = new Int32Array(0);
