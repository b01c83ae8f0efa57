// Growing columns of numbers, for what is built before its length is known. Read `data` up to `length`, or take `trimmed()`.
// Leaves out removing and searching.

const FIRST_CAPACITY = 1024;

/** A growing list of whole numbers from 0 to 2^32 - 1. */
export class UintColumn {
  data = new Uint32Array(FIRST_CAPACITY);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const grown = new Uint32Array(this.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length] = value;
    this.length += 1;
  }

  trimmed(): Uint32Array {
    return this.data.slice(0, this.length);
  }
}

/** A growing list of doubles. */
export class DoubleColumn {
  data = new Float64Array(FIRST_CAPACITY);
  length = 0;

  push(value: number): void {
    if (this.length === this.data.length) {
      const grown = new Float64Array(this.length * 2);
      grown.set(this.data);
      this.data = grown;
    }
    this.data[this.length] = value;
    this.length += 1;
  }

  trimmed(): Float64Array {
    return this.data.slice(0, this.length);
  }
}
