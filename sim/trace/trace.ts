// The trace of a run: one row of whole numbers per event, digested as it grows, kept only as far as somebody wants it.
// Two runs are the same run when their digests are equal. Knows nothing of what the kinds mean (kinds.ts) and makes no
// text (render.ts).
//
// Rows go into a block of doubles; full blocks go to SHA-256 at once, which costs less per row than filling it. The
// digest covers the ordered rows and, at the end, the state of every random stream.

import { createHash } from "node:crypto";
import { endianness } from "node:os";
import { assert } from "../../model/assert.ts";
import type { Instant } from "../../model/units.ts";
import { TRACE_COLUMN_COUNT_MAX } from "./kinds.ts";

/** What of a trace stays in memory: nothing, at least the last so many rows, or all of it (80 bytes a row). */
export type TraceKeep = "nothing" | "all" | { readonly last: number };

/** Rows completed together. */
export interface TraceBlock extends TraceRows {
  /** The same rows as they are packed; `unpacked` reads them. */
  readonly numbers: Float64Array<ArrayBuffer>;
}

/** Takes rows as they are completed, in blocks: for writing them away while the run goes on. */
export type TraceSink = (rows: TraceBlock) => void;

/** How a trace is made. */
export interface TraceOptions {
  /** Default: nothing. */
  readonly keep?: TraceKeep;
  /** Called with each block of rows when it is full, and with the rest at the end. Rows are valid during the call. */
  readonly sink?: TraceSink;
}

/** One event, unpacked. */
export interface TraceRow {
  readonly at: number;
  readonly seq: number;
  readonly kind: number;
  readonly cloudlet: number;
  readonly peer: number;
  /** As many as `TRACE_COLUMN_COUNT_MAX`; what they mean depends on the kind. */
  readonly values: readonly number[];
}

/** Recorded rows, the oldest kept one first. */
export interface TraceRows {
  /** Place of the first row in the whole trace: above 0 when older ones were given up. */
  readonly first: number;
  readonly count: number;
  /** The row at `index`, 0 to `count` - 1. */
  row(index: number): TraceRow;
}

/** Names the layout below; whoever changes the layout or the table of kinds changes every digest. */
const FORMAT = "causeway trace 1\n";
const FIXED_COLUMN_COUNT = 5;
const ROW_WIDTH = FIXED_COLUMN_COUNT + TRACE_COLUMN_COUNT_MAX;
const BLOCK_ROW_COUNT = 4096;
const BLOCK_WIDTH = BLOCK_ROW_COUNT * ROW_WIDTH;
// The block of a run that is over and kept none: the next run writes over it, row by row. A block for each would be most of what small
// runs take in one piece.
let spare: Float64Array<ArrayBuffer> | null = null;

function takeBlock(): Float64Array<ArrayBuffer> {
  const block = spare ?? new Float64Array(BLOCK_WIDTH);
  spare = null;
  return block;
}
const isLittleEndian = endianness() === "LE";

/** The trace of one run. */
export class Trace {
  readonly #hash = createHash("sha256").update(FORMAT);
  readonly #sink: TraceSink | null;
  readonly #blockCountMax: number;
  #blocks: Float64Array<ArrayBuffer>[] = [];
  #block = takeBlock();
  #width = 0;
  #count = 0;
  #digest: string | null = null;

  constructor(options: TraceOptions = {}) {
    this.#sink = options.sink ?? null;
    this.#blockCountMax = blockCountMax(options.keep ?? "nothing");
  }

  /** How many rows were added, kept or not. */
  get count(): number {
    return this.#count;
  }

  /**
   * Adds one event. All arguments are whole numbers; unused columns are 0, an unused cloudlet or peer is -1.
   *
   * @param seq the event's place in push order, as the queue tells it
   * @param kind a number of `TRACE`
   * @throws InvariantViolation on a value that is no whole number, or after `close`
   */
  add(at: Instant, seq: number, kind: number, cloudlet: number, peer: number, a = 0, b = 0, c = 0, d = 0, e = 0): void {
    const sum = kind + cloudlet + peer + a + b + c + d + e;
    assert(Math.floor(sum) === sum, "a trace column that is no whole number");
    assert(this.#digest === null, "a trace that goes on after its end");
    const block = this.#block;
    const width = this.#width;
    // Adding 0 turns -0 into 0, which has other bits and would change the digest.
    block[width] = at + 0;
    block[width + 1] = seq;
    block[width + 2] = kind;
    block[width + 3] = cloudlet + 0;
    block[width + 4] = peer + 0;
    block[width + 5] = a + 0;
    block[width + 6] = b + 0;
    block[width + 7] = c + 0;
    block[width + 8] = d + 0;
    block[width + 9] = e + 0;
    this.#width = width + ROW_WIDTH;
    this.#count += 1;
    if (this.#width === BLOCK_WIDTH) this.#flush();
  }

  /**
   * Ends the trace and returns its digest: SHA-256 in lower-case hexadecimal, over the rows and the lines given here.
   *
   * @param states hands out the end states of the random streams (`RngRoot.forEachState`)
   */
  close(states: (visit: (line: string) => void) => void): string {
    assert(this.#digest === null, "a trace closed twice");
    this.#flush();
    states((line) => this.#hash.update(line));
    this.#digest = this.#hash.digest("hex");
    if (this.#blockCountMax === 0) spare = this.#block;
    return this.#digest;
  }

  /** The rows that are kept, up to the one added last. Valid until the next one is added. */
  rows(): TraceRows {
    const blocks = [...this.#blocks];
    let count = blocks.length * BLOCK_ROW_COUNT;
    if (this.#digest !== null && blocks.length > 0) count -= BLOCK_ROW_COUNT - this.#lastBlockCount();
    else if (this.#blockCountMax > 0 && this.#width > 0) {
      blocks.push(this.#block);
      count += this.#width / ROW_WIDTH;
    }
    return rowsOf(blocks, this.#count - count, count);
  }

  #lastBlockCount(): number {
    return this.#count % BLOCK_ROW_COUNT || BLOCK_ROW_COUNT;
  }

  #flush(): void {
    const width = this.#width;
    if (width === 0) return;
    const block = this.#block;
    this.#width = 0;
    this.#hash.update(bytesOf(block, width));
    const count = width / ROW_WIDTH;
    if (this.#sink !== null) {
      this.#sink({ ...rowsOf([block], this.#count - count, count), numbers: block.subarray(0, width) });
    }
    if (this.#blockCountMax === 0) return;
    // A ring: the oldest block is given up and written over.
    this.#blocks.push(block);
    this.#block =
      this.#blocks.length > this.#blockCountMax
        ? (this.#blocks.shift() as Float64Array<ArrayBuffer>)
        : new Float64Array(BLOCK_WIDTH);
  }
}

/** The bytes of the first `width` doubles in little-endian order, whatever the machine's; its own memory if that fits. */
export function bytesOf(block: Float64Array<ArrayBuffer>, width: number, isNative = isLittleEndian): Uint8Array {
  const bytes = Buffer.from(block.buffer, 0, width * Float64Array.BYTES_PER_ELEMENT);
  return isNative ? bytes : Buffer.from(bytes).swap64();
}

/** Rows that were packed (`TraceBlock.numbers`), the first of which is at this place of the whole trace. */
export function unpacked(numbers: Float64Array, first: number): TraceRows {
  return rowsOf([numbers], first, numbers.length / ROW_WIDTH);
}

function blockCountMax(keep: TraceKeep): number {
  if (keep === "nothing") return 0;
  if (keep === "all") return Infinity;
  assert(Number.isSafeInteger(keep.last) && keep.last >= 1, "a trace of no rows");
  return Math.ceil(keep.last / BLOCK_ROW_COUNT) + 1;
}

function rowsOf(blocks: readonly Float64Array[], first: number, count: number): TraceRows {
  return {
    first,
    count,
    row(index) {
      assert(index >= 0 && index < count, "a trace row that is not kept");
      const block = blocks[Math.floor(index / BLOCK_ROW_COUNT)] as Float64Array;
      const from = (index % BLOCK_ROW_COUNT) * ROW_WIDTH;
      const [at, seq, kind, cloudlet, peer, ...values] = block.subarray(from, from + ROW_WIDTH) as unknown as [
        number,
        number,
        number,
        number,
        number,
        ...number[],
      ];
      return { at, seq, kind, cloudlet, peer, values };
    },
  };
}
