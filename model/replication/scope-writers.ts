// Which writers write into which scope, so that a greeting or a cut of a few scopes costs what is in them, however many writers of others
// are known: an aggregation layer knows two for each cloudlet below it, and greets each of these.
//
// It is derived from the table of writers, which only grows, and brought up to date when it is asked.

import type { ScopeId, StreamId } from "../ids.ts";
import type { WriterTable } from "./writers.ts";

/** A table of fewer writers is gone through. */
export const scopeWritersFrom = 64;

const none: readonly number[] = [];

/** Slots of writers, by scope. */
export class ScopeWriters {
  readonly #writers: WriterTable;
  readonly #scopeOf: (stream: StreamId) => ScopeId;
  readonly #slots = new Map<ScopeId, number[]>();
  // Slots from here on are in no list yet.
  #next = 0;

  /** `scopeOf`: always the same. */
  constructor(writers: WriterTable, scopeOf: (stream: StreamId) => ScopeId) {
    this.#writers = writers;
    this.#scopeOf = scopeOf;
  }

  /** The writers of these scopes, in the order in which they were heard of. */
  of(scopes: ReadonlySet<ScopeId>): readonly number[] {
    for (; this.#next < this.#writers.size; this.#next += 1) this.#list(this.#next);
    const found = [...scopes].flatMap((scope) => this.#slots.get(scope) ?? none);
    return found.sort((a, b) => a - b);
  }

  #list(slot: number): void {
    const scope = this.#scopeOf(this.#writers.streamOf(slot));
    const slots = this.#slots.get(scope);
    if (slots === undefined) this.#slots.set(scope, [slot]);
    else slots.push(slot);
  }
}
