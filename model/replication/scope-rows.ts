// Which rows of a shelf stand in which scope, in the order in which they came to stand there: for cuts of a few scopes, as scope-keys.ts is
// for keys. Each scope's rows are in a chain.

import type { ScopeId } from "../ids.ts";

const rowBits = 10;
const rowsPerBlock = 1 << rowBits;
const width = 2;
const beforeAt = 0;
const behindAt = 1;
const none = -1;

interface Ends {
  first: number;
  last: number;
}

/** Rows by scope. */
export class ScopeRows {
  readonly #blocks: Int32Array[] = [];
  readonly #scopes = new Map<ScopeId, Ends>();

  /** A row stands that did not. */
  add(scope: ScopeId, row: number): void {
    while (this.#blocks.length <= row >> rowBits) this.#blocks.push(new Int32Array(rowsPerBlock * width));
    const ends = this.#scopes.get(scope);
    this.#set(row, beforeAt, ends === undefined ? none : ends.last);
    this.#set(row, behindAt, none);
    if (ends === undefined) this.#scopes.set(scope, { first: row, last: row });
    else {
      this.#set(ends.last, behindAt, row);
      ends.last = row;
    }
  }

  /** It stands no more. */
  remove(scope: ScopeId, row: number): void {
    const ends = this.#scopes.get(scope) as Ends;
    const before = this.#get(row, beforeAt);
    const behind = this.#get(row, behindAt);
    if (before === none) ends.first = behind;
    else this.#set(before, behindAt, behind);
    if (behind === none) ends.last = before;
    else this.#set(behind, beforeAt, before);
    if (ends.first === none) this.#scopes.delete(scope);
  }

  /** The rows of these scopes, one scope after the other. */
  of(scopes: Iterable<ScopeId>): readonly number[] {
    const rows: number[] = [];
    for (const scope of scopes) {
      let row = this.#scopes.get(scope)?.first ?? none;
      for (; row !== none; row = this.#get(row, behindAt)) rows.push(row);
    }
    return rows;
  }

  #get(row: number, at: number): number {
    return (this.#blocks[row >> rowBits] as Int32Array)[(row & (rowsPerBlock - 1)) * width + at] as number;
  }

  #set(row: number, at: number, value: number): void {
    (this.#blocks[row >> rowBits] as Int32Array)[(row & (rowsPerBlock - 1)) * width + at] = value;
  }
}
