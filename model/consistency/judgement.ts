/**
 * A history under judgement: what several checkers need is computed once, when the first one asks.
 *
 * Leaves out verdicts: those are the checkers'.
 */
import type { History } from "./history.ts";
import { type ReadsFrom, readsFrom } from "./reads-from.ts";
import { type Commits, commitsOf } from "./transactions/commits.ts";

/** How far searches go. */
export interface Limits {
  /** Steps that a capped search (SER, LIN of values written twice) may take before it answers `unknown`. */
  readonly searchSteps: number;
}

/** What every checker is given. */
export class Judgement {
  readonly history: History;
  readonly limits: Limits;
  #readsFrom: ReadsFrom | null = null;
  #commits: Commits | null = null;

  constructor(history: History, limits: Limits = { searchSteps: 1_000_000 }) {
    this.history = history;
    this.limits = limits;
  }

  get readsFrom(): ReadsFrom {
    this.#readsFrom ??= readsFrom(this.history);
    return this.#readsFrom;
  }

  /** The history as transactions; values must not have been written twice. */
  get commits(): Commits {
    this.#commits ??= commitsOf(this.history, this.readsFrom);
    return this.#commits;
  }
}
