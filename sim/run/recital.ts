// A run told passage by passage, each with a hash: what two threads compare without handing every event across. A passage is one block
// of the trace; its rows stay at hand until the next one is asked for, so that the first that differs can be looked for in them.
//
// Leaves out comparing (runner.ts in one thread, twice/ in two).

import { createHash } from "node:crypto";
import { assert } from "../../model/assert.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { bytesOf } from "../trace/trace.ts";
import { Run, type RunOptions, type RunOutcome } from "./run.ts";

/** Events between two looks whether a passage is complete: few, since most make several rows. */
const EVENTS_AT_ONCE = 512;

/** Some consecutive rows of a trace. Plain data. */
export interface Passage {
  /** Place of the first row in the whole trace. */
  readonly first: number;
  readonly count: number;
  /** SHA-256 over the rows. */
  readonly hash: string;
}

interface Kept {
  readonly passage: Passage;
  readonly numbers: Float64Array<ArrayBuffer>;
}

/** A run as it is told. */
export class Recital {
  readonly #run: Run;
  // Complete and not handed out yet: one event may complete several.
  readonly #ahead: Kept[] = [];
  #current: Kept | null = null;
  #isOver = false;
  #outcome: RunOutcome | null = null;

  /** @throws TopologyRefused */
  constructor(scenario: Scenario, options: RunOptions) {
    this.#run = new Run(scenario, {
      ...options,
      trace: {
        ...options.trace,
        sink: ({ first, count, numbers }) => {
          const own = numbers.slice();
          const hash = createHash("sha256").update(bytesOf(own, own.length)).digest("hex");
          this.#ahead.push({ passage: { first, count, hash }, numbers: own });
        },
      },
    });
  }

  /** How much of the longest possible time of the run has passed, from 0 to 1. */
  get fraction(): number {
    return this.#run.fraction;
  }

  /** Goes on to the end of the next passage; null when there is none. Whatever the run throws comes from here. */
  next(): Passage | null {
    while (this.#ahead.length === 0 && !this.#isOver) {
      if (this.#run.advance(EVENTS_AT_ONCE)) continue;
      this.#isOver = true;
      this.#outcome = this.#run.finish();
    }
    this.#current = this.#ahead.shift() ?? null;
    return this.#current?.passage ?? null;
  }

  /** The rows of the passage handed out last, as the trace packs them; none after the end. */
  numbers(): Float64Array<ArrayBuffer> {
    return this.#current?.numbers ?? new Float64Array(0);
  }

  /** What came of the run. Only after its end. */
  outcome(): RunOutcome {
    assert(this.#outcome !== null, "the outcome of a run that is not over");
    return this.#outcome;
  }

  /** How each random stream that was drawn from ended, one line each. Only after the end. */
  states(): readonly string[] {
    const lines: string[] = [];
    this.outcome().world.rng.forEachState((line) => lines.push(line));
    return lines;
  }
}
