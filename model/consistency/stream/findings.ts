/**
 * What an online check has found out about each of its models: the first violation, or the first reason why "holds" cannot be said.
 *
 * Leaves out finding it.
 */
import type { Key } from "./stream-state.ts";
import { type StreamModel, streamModels, type StreamVerdict, type StreamViolation } from "./stream-types.ts";

/** Violations and doubts of one stream. */
export class Findings {
  readonly #watched: readonly StreamModel[];
  readonly #found = new Map<StreamModel, StreamViolation>();
  readonly #doubts = new Map<StreamModel, string>();
  /** By key, by model: what is violated if nothing was deleted there. */
  readonly #held = new Map<Key, Map<StreamModel, StreamViolation>>();
  #isOver = false;

  /** @param watched the models whose violations end the check */
  constructor(watched: readonly StreamModel[]) {
    this.#watched = watched;
  }

  /** Whether a model that is watched is violated. */
  get isOver(): boolean {
    return this.#isOver;
  }

  isViolated(model: StreamModel): boolean {
    return this.#found.has(model);
  }

  /** Whether "holds" cannot be said of a model any more. */
  isDoubted(model: StreamModel): boolean {
    return this.#doubts.has(model);
  }

  /** The first violation of each model counts. */
  report(violation: StreamViolation): void {
    for (const model of violation.models) {
      if (!this.#found.has(model)) this.#found.set(model, violation);
      this.#isOver ||= this.#watched.includes(model);
    }
  }

  /** Something is violated, unless a value of the key turns out to have been deleted. */
  hold(key: Key, violation: StreamViolation): void {
    const held = this.#held.get(key) ?? new Map<StreamModel, StreamViolation>();
    this.#held.set(key, held);
    for (const model of violation.models) if (!held.has(model)) held.set(model, violation);
  }

  /** At the end: what was held is so where nothing was deleted. */
  settleHeld(): void {
    for (const [key, held] of this.#held) {
      if (key.isDeleted) continue;
      for (const [model, violation] of held) this.report({ ...violation, models: [model] });
    }
  }

  /** Something that could matter to these models is not known; the reason ends without a full stop. */
  doubt(reason: string, models: readonly StreamModel[] = streamModels): void {
    for (const model of models) if (!this.#doubts.has(model)) this.#doubts.set(model, reason);
  }

  /** @param unread why nothing else can be said, where the stream was not read to its end; else null */
  verdictOf(model: StreamModel, unread: string | null): StreamVerdict {
    const violation = this.#found.get(model);
    if (violation !== undefined) return { kind: "violated", violation };
    const reason = unread ?? this.#doubts.get(model);
    return reason === undefined ? { kind: "holds" } : { kind: "unknown", reason };
  }
}
