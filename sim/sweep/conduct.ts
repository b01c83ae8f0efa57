// Runs the cases of a sweep that are not done yet, on all processors, and keeps their rows.
//
// 1. Cases are handed out one by one in their order, to whichever worker is free: none waits for another.
// 2. A row comes back here and takes its place in its part, wherever its worker stands in time. A part whose rows are all there is
//    written by the next worker that is free, put into place, and only then noted in the journal.
// 3. A case that throws, or takes its worker with it, is a row that says so; a fresh worker goes on. Nothing else is lost.
// 4. When it is to stop, what runs is let end; then rows of parts that are not complete are written as shorter parts. What was given up
//    after that leaves gaps, and each run of rows between them is a part.
//
// So the rows are a function of the plan: not of the number of workers, of which ended first, or of how often it was stopped.

import { assert } from "../../model/assert.ts";
import { eachJob } from "../workers/pool.ts";
import type { JobOutcome } from "../workers/worker.ts";
import { chunkSize, missingChunks, type Range } from "./chunks.ts";
import type { SweepFolder } from "./folder.ts";
import { type PartOutcome, type PartPlace, writePart } from "./part.ts";
import type { SweepPlan } from "./plan.ts";
import type { ShownTopology } from "./report/shown.ts";
import { rowOfFailure, type SweepRow } from "./row.ts";
import { ResultsTrouble } from "./trouble.ts";
import type { SweepGiven, SweepWork, SweepWorkResult } from "./work.ts";

/** A planted bug of the keeping of results, for tests of what catches it. */
export type ConductBug =
  /** Rows are kept in the order in which they came. */
  | "completion-order"
  /** A part that was cut short by a stop is noted as if it were whole. */
  | "notes-whole"
  /** What was done before is done again. */
  | "forgets-done";

/** What to run, and how. */
export interface ConductOrder {
  readonly plan: SweepPlan;
  readonly folder: SweepFolder;
  /** Threads; absent: as many as the machine can really run at once. */
  readonly workerCount?: number;
  /** The worker's module; tests put one in its place that gets into trouble. */
  readonly entry?: URL;
  /** Milliseconds that one case may take. */
  readonly timeLimitMilliseconds: number;
  readonly heapLimitMebibytes: number;
  /** Asked before each case is handed out: whether to stop. */
  readonly isStopping?: () => boolean;
  /** Gives up what is running. */
  readonly signal?: AbortSignal;
  /** Told after each case. */
  readonly onCase?: (row: SweepRow) => void;
  readonly bug?: ConductBug;
}

/** What it has come to. */
export interface Conducted {
  /** Cases run now. */
  readonly ranCount: number;
  /** Milliseconds that workers spent on writing, and on everything. */
  readonly writing: number;
  readonly working: number;
  /** By their index, runs that workers have drawn for the page. */
  readonly shown: ReadonlyMap<number, ShownTopology>;
}

/** A part under way. */
interface OpenPart extends Range {
  readonly rows: (SweepRow | undefined)[];
  readonly costs: number[];
  left: number;
}

/**
 * Runs what is not done.
 *
 * @throws ResultsTrouble when results cannot be written: what is in the journal by then is kept; WorkerStartError
 */
export async function conductSweep(order: ConductOrder): Promise<Conducted> {
  const conduct = new Conduct(order);
  await conduct.run();
  return conduct;
}

class Conduct implements Conducted {
  ranCount = 0;
  writing = 0;
  working = 0;
  readonly shown = new Map<number, ShownTopology>();
  readonly #order: ConductOrder;
  readonly #place: PartPlace;
  readonly #complete: OpenPart[] = [];
  readonly #open = new Set<OpenPart>();
  readonly #partOf = new Map<number, OpenPart>();
  #trouble: ResultsTrouble | null = null;

  constructor(order: ConductOrder) {
    this.#order = order;
    const { path, manifest } = order.folder;
    this.#place = { folder: path, columns: manifest.columns, fingerprint: manifest.fingerprint };
  }

  async run(): Promise<void> {
    const { plan, workerCount, timeLimitMilliseconds, heapLimitMebibytes, signal } = this.#order;
    const given: SweepGiven = { sources: plan.sources, place: this.#place };
    const options = {
      entry: this.#order.entry ?? new URL(`../workers/sweep-worker.${extension}`, import.meta.url),
      timeLimitMilliseconds,
      heapLimitMebibytes,
      given,
      jobCount: plan.caseCount,
      ...(workerCount !== undefined && { workerCount }),
      ...(signal !== undefined && { signal }),
    };
    await eachJob<SweepWork, SweepWorkResult>(this.#jobs(), options, (outcome, _, work) => {
      if (work.kind === "case") this.#takeCase(work.one.index, outcome);
      else this.#takePart(work.from, work.rows, outcome);
    });
    // A worker that ended may have left complete ones behind.
    for (const part of [...this.#complete, ...this.#open]) this.#writeHere(part);
    if (this.#trouble !== null) throw this.#trouble;
  }

  *#jobs(): Iterable<SweepWork> {
    const { plan, folder, bug, isStopping = () => false } = this.#order;
    const done = bug === "forgets-done" ? [] : folder.done;
    for (const chunk of missingChunks(folder.manifest.cases, done, chunkSize(plan.caseCount))) {
      const count = chunk.to - chunk.from;
      const part: OpenPart = {
        ...chunk,
        rows: Array.from({ length: count }),
        costs: new Array<number>(count).fill(0),
        left: count,
      };
      for (let index = chunk.from; index < chunk.to; index += 1) {
        yield* this.#writes();
        if (this.#trouble !== null || isStopping()) return;
        this.#open.add(part);
        this.#partOf.set(index, part);
        yield { kind: "case", one: plan.caseAt(index) };
      }
    }
    yield* this.#writes();
  }

  *#writes(): Iterable<SweepWork> {
    for (let part = this.#complete.shift(); part !== undefined; part = this.#complete.shift()) {
      this.#partOf.set(part.from, part);
      yield { kind: "part", from: part.from, rows: part.rows as SweepRow[] };
    }
  }

  #takeCase(index: number, outcome: JobOutcome<SweepWorkResult>): void {
    const { plan, onCase, bug } = this.#order;
    const part = this.#partOf.get(index);
    assert(part !== undefined, "a row of a case that nobody was given");
    this.#partOf.delete(index);
    const row =
      outcome.kind === "failed" ? rowOfFailure(plan.caseAt(index), outcome) : this.#rowOf(outcome.result, index, part);
    const at = bug === "completion-order" ? part.rows.findIndex((taken) => taken === undefined) : index - part.from;
    part.rows[at] = row;
    part.left -= 1;
    this.ranCount += 1;
    onCase?.(row);
    if (part.left > 0) return;
    this.#open.delete(part);
    this.#complete.push(part);
  }

  #rowOf(result: SweepWorkResult, index: number, part: OpenPart): SweepRow {
    assert(result.kind === "row", "a worker that was asked for a row has none");
    if (result.shown !== null) this.shown.set(index, result.shown);
    part.costs[index - part.from] = result.milliseconds;
    this.working += result.milliseconds;
    return result.row;
  }

  #takePart(from: number, rows: readonly SweepRow[], outcome: JobOutcome<SweepWorkResult>): void {
    const part = this.#partOf.get(from);
    assert(part !== undefined, "a part that nobody has");
    this.#partOf.delete(from);
    // A worker that died over it may have met what this thread does not.
    if (outcome.kind === "failed") {
      this.#note(writePart(this.#place, from, rows), part.costs);
      return;
    }
    const { result } = outcome;
    assert(result.kind === "part", "a worker that was asked to write has not");
    this.writing += result.milliseconds;
    this.working += result.milliseconds;
    this.#note(result.outcome, part.costs);
  }

  /** Every run of rows that are there, as a part. */
  #writeHere(part: OpenPart): void {
    for (let at = 0; at < part.rows.length; at += 1) {
      const begin = at;
      while (at < part.rows.length && part.rows[at] !== undefined) at += 1;
      if (at === begin || this.#trouble !== null) continue;
      const rows = part.rows.slice(begin, at) as SweepRow[];
      const outcome = writePart(this.#place, part.from + begin, rows);
      if (this.#order.bug === "notes-whole" && outcome.kind === "written") {
        this.#note({ kind: "written", entry: { ...outcome.entry, to: part.to } }, []);
      } else this.#note(outcome, part.costs.slice(begin, at));
    }
  }

  #note(outcome: PartOutcome, costs: readonly number[]): void {
    try {
      if (outcome.kind === "written") this.#order.folder.finish(outcome.entry, costs);
      else this.#trouble ??= new ResultsTrouble(null, outcome.why);
    } catch (error) {
      if (!(error instanceof ResultsTrouble)) throw error;
      this.#trouble ??= error;
    }
  }
}

const extension = import.meta.url.endsWith(".ts") ? "ts" : "js";
