// Runs that the page of a sweep may draw, drawn where they are run: of each kind those in which records took longer to be seen than in all
// of its kind before, in one thread. The one that took longest of all is among them, and of two that took as long the first one: cases
// come to a thread in their order. To run them once more when all are done, in a thread that has run nothing yet, took 9 s of `npm start`.
//
// Leaves out which are shown (shown.ts).

import type { EndedRun } from "../../run/runner.ts";
import type { SweepRow } from "../row.ts";
import { drawTopology, FELT, KIND, SHOWN_MAX, type ShownTopology } from "./shown.ts";

/** What one thread has run. */
export class Gallery {
  readonly #kindAt: number;
  readonly #feltAt: number;
  readonly #outcomeAt: number;
  readonly #slowest = new Map<string, number>();

  /** @param columns of the results */
  constructor(columns: readonly { readonly name: string }[]) {
    const at = (name: string): number => columns.findIndex((column) => column.name === name);
    this.#kindAt = at(KIND);
    this.#feltAt = at(FELT);
    this.#outcomeAt = at("outcome");
  }

  /** The run's picture, where the page may show it. Rows come in the order of cases. */
  pictureOf(index: number, row: SweepRow, ended: EndedRun): ShownTopology | null {
    const value = row[this.#feltAt];
    if (typeof value !== "number" || row[this.#outcomeAt] !== "passed") return null;
    const kind = String(row[this.#kindAt] ?? "");
    const known = this.#slowest.get(kind);
    // Another thread may have met other kinds first: what it has not drawn is run once more.
    if (known === undefined && this.#slowest.size === SHOWN_MAX) return null;
    if (known !== undefined && value <= known) return null;
    this.#slowest.set(kind, value);
    return drawTopology({ kind, index, value }, ended);
  }
}
