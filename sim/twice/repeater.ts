// Two runs of one scenario, the first in this thread and the second in a worker, compared passage by passage as they go. They stop
// at the first event that differs.
//
// Why in two threads: what a run must not depend on (a module's variables, what ran before, who else is running) is the same twice
// in one thread. Leaves out the comparison itself (run/repetition.ts).

import { assert } from "../../model/assert.ts";
import type { MergeFunctions } from "../../model/replication/resolver.ts";
import { GivenUpRecord } from "../oracles/given-up.ts";
import { bugOptions } from "../plants/leaks.ts";
import { Recital, type Passage } from "../run/recital.ts";
import { differentPassages, endOf, isSamePassage, type Repetition, sameEvents } from "../run/repetition.ts";
import type { RunOptions, RunOutcome } from "../run/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { startWorker, type WorkerHandle } from "../workers/worker.ts";
import { WorkerStartError } from "../workers/pool.ts";
import type { ReciterAnswer, ReciterJob } from "./reciter.ts";

/** What is run twice. */
export interface RepeatOrder {
  readonly scenario: Scenario;
  /** The users' resolvers that its scopes name; the worker loads its own. */
  readonly resolvers: MergeFunctions;
  /** The name of a planted bug or leak, or null. */
  readonly bug: string | null;
  readonly onProgress?: (fraction: number) => void;
}

/** What came of it; where both are the same, with the first of the two runs. */
export type Repeated =
  | Extract<Repetition, { readonly kind: "different" }>
  | (Extract<Repetition, { readonly kind: "same" }> & { readonly outcome: RunOutcome });

/** One passage takes far less. */
const TIME_LIMIT = 600_000;

/** A second thread, for as many repetitions as one likes. */
export class Repeater {
  #worker: WorkerHandle<ReciterJob, ReciterAnswer> | null = null;

  /**
   * Runs a scenario twice.
   *
   * @throws TopologyRefused; ResolverFailed; InvariantViolation on a bug; Error when the second thread has no answer
   */
  async repeat(order: RepeatOrder): Promise<Repeated> {
    try {
      return await this.#compare(order, false);
    } catch (error) {
      if (!(error instanceof GivenUpRecord)) throw error;
      return this.#compare(order, true);
    }
  }

  /** Ends the thread. */
  async end(): Promise<void> {
    await this.#worker?.end();
    this.#worker = null;
  }

  async #compare({ scenario, resolvers, bug, onProgress }: RepeatOrder, keepsAll: boolean): Promise<Repeated> {
    const worker = await this.#started();
    const options: RunOptions = { resolvers, ...bugOptions(bug), ...(keepsAll && { givesUpFrom: Infinity }) };
    await ask(worker, { kind: "begin", scenario, bug, keepsAll });
    const first = new Recital(scenario, options);
    for (;;) {
      // Asked first, so that both threads work at once; awaited whatever becomes of the first run.
      const asked = ask(worker, { kind: "next" });
      let passage: Passage | null;
      try {
        passage = first.next();
      } catch (error) {
        await asked.catch(() => null);
        throw error;
      }
      const answer = await asked;
      assert(answer.kind === "passage", "another answer than was asked for");
      if (!isSamePassage(passage, answer.passage)) {
        const rows = await ask(worker, { kind: "rows" });
        assert(rows.kind === "rows", "another answer than was asked for");
        const one = { passage, numbers: first.numbers() };
        const other = { passage: answer.passage, numbers: rows.numbers };
        return differentPassages(one, other);
      }
      if (passage !== null) {
        onProgress?.(first.fraction);
        continue;
      }
      const end = await ask(worker, { kind: "end" });
      assert(end.kind === "ended", "another answer than was asked for");
      const repetition = sameEvents(endOf(first), end);
      return repetition.kind === "same" ? { ...repetition, outcome: first.outcome() } : repetition;
    }
  }

  async #started(): Promise<WorkerHandle<ReciterJob, ReciterAnswer>> {
    if (this.#worker !== null) return this.#worker;
    const entry = new URL(`../workers/twice-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
    const worker = await startWorker<ReciterJob, ReciterAnswer>(entry, {});
    const flaw = await worker.ready;
    if (flaw !== null) throw new WorkerStartError(`${entry.href} does not start: ${flaw.why}`);
    this.#worker = worker;
    return worker;
  }
}

async function ask(worker: WorkerHandle<ReciterJob, ReciterAnswer>, job: ReciterJob): Promise<ReciterAnswer> {
  const outcome = await worker.run(job, TIME_LIMIT);
  if (outcome.kind === "done") return outcome.result;
  throw new Error(`the second run has no answer: ${outcome.reason}: ${outcome.why}`);
}
