/**
 * A history under judgement: what several checkers need is computed once, when the first one asks.
 *
 * Leaves out verdicts, beyond remembering them: those are the checkers'.
 */
import type { History } from "./history.ts";
import type { ModelName } from "./models.ts";
import { decisions, type Decisions } from "./orders/decisions.ts";
import { keyWrites, type KeyWrites } from "./orders/key-writes.ts";
import { sortOperations, type SortedOperations } from "./orders/sort-operations.ts";
import { visibility, type Visibility } from "./orders/visibility.ts";
import { type ReadsFrom, readsFrom } from "./reads-from.ts";
import { type Commits, commitsOf } from "./transactions/commits.ts";
import type { Verdict } from "./verdict.ts";

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
  #keyWrites: KeyWrites | null = null;
  #causal: SortedOperations | null = null;
  #visibility: Visibility | null = null;
  #decisions: Decisions | null = null;
  readonly #verdicts = new Map<ModelName, Verdict>();

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

  /** Writes by key and session. */
  get keyWrites(): KeyWrites {
    this.#keyWrites ??= keyWrites(this.history, this.readsFrom);
    return this.#keyWrites;
  }

  /** Session order and reads-from in one sequence, as far as there is one. */
  get causal(): SortedOperations {
    this.#causal ??= sortOperations(this.history, this.readsFrom);
    return this.#causal;
  }

  /** Who saw what. Only for histories whose causal order has no cycle. */
  get visibility(): Visibility {
    this.#visibility ??= visibility(this.history, this.readsFrom, this.keyWrites, this.causal.order);
    return this.#visibility;
  }

  /** The causal order with all that reads say of how conflicts ended. Only where the causal order has no cycle. */
  get decisions(): Decisions {
    this.#decisions ??= decisions(this.history, this.readsFrom, this.visibility);
    return this.#decisions;
  }

  /** The verdict of one model, decided when first asked for: stronger models begin with those of weaker ones. */
  remember(model: ModelName, decide: (judgement: Judgement) => Verdict): Verdict {
    const known = this.#verdicts.get(model);
    if (known !== undefined) return known;
    const verdict = decide(this);
    this.#verdicts.set(model, verdict);
    return verdict;
  }
}
