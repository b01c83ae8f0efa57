/**
 * Edges between operations that are neither session order nor reads-from: found one by one, asked for by their end, or, once all
 * are known, by their beginning.
 *
 * Lists threaded through flat columns, since there may be millions. Leaves out why an edge is there: its number says it to
 * whoever added it.
 */
import { UintColumn } from "../columns.ts";

/** Ends a list. */
export const NO_EDGE = -1;

/** A set of edges, numbered 0, 1, 2, ... in the order in which they were added. */
export class EdgeLists {
  readonly #from = new UintColumn();
  readonly #to = new UintColumn();
  /** By edge: the edge added before it with the same end, plus 1; 0 for none. */
  readonly #nextInto = new UintColumn();
  /** By operation: the last edge that ends there, plus 1. */
  readonly #lastInto: Uint32Array;

  constructor(operationCount: number) {
    this.#lastInto = new Uint32Array(operationCount);
  }

  get count(): number {
    return this.#from.length;
  }

  add(from: number, to: number): void {
    this.#from.push(from);
    this.#to.push(to);
    this.#nextInto.push(this.#lastInto[to]!);
    this.#lastInto[to] = this.#from.length;
  }

  from(edge: number): number {
    return this.#from.data[edge]!;
  }

  to(edge: number): number {
    return this.#to.data[edge]!;
  }

  /** The first edge of the list of those that end at an operation, or NO_EDGE. */
  firstInto(operation: number): number {
    return this.#lastInto[operation]! - 1;
  }

  /** The next one of that list, or NO_EDGE. */
  nextInto(edge: number): number {
    return this.#nextInto.data[edge]! - 1;
  }

  /** The edges by their beginning: `edges[start[operation]]` to `edges[start[operation + 1] - 1]`, in the order added. */
  byBeginning(): { readonly start: Uint32Array; readonly edges: Uint32Array } {
    const start = new Uint32Array(this.#lastInto.length + 1);
    for (let edge = 0; edge < this.count; edge += 1) start[this.from(edge) + 1]! += 1;
    for (let operation = 0; operation < this.#lastInto.length; operation += 1)
      start[operation + 1]! += start[operation]!;
    const next = start.slice();
    const edges = new Uint32Array(this.count);
    for (let edge = 0; edge < this.count; edge += 1) edges[next[this.from(edge)]!++] = edge;
    return { start, edges };
  }
}
