/**
 * A run's operations as lines of our own history format (docs/history-format.md), written while the run goes on.
 *
 * Lines come in the order in which operations ended, so that a reader who follows them hears of a write before anybody who read
 * it. Leaves out files.
 */
import { jsonlHeader, jsonlLine, type JsonlOperation } from "../../model/consistency/formats/write-jsonl.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Observer } from "../oracles/observer.ts";
import { HistoryRecorder, type RecordedOperation } from "./recorder.ts";

/** Characters that are written at once. */
const CHUNK = 65_536;

/** Records a run as text. */
export class HistoryText {
  readonly #recorder: HistoryRecorder;
  readonly #write: (text: string) => void;
  #waiting = jsonlHeader({ timeUnit: "us", replaces: true });
  #count = 0;

  constructor(scenario: Scenario, write: (text: string) => void) {
    this.#write = write;
    this.#recorder = new HistoryRecorder(scenario, (operation) => void this.#take(operation));
  }

  /** Listens to the run. */
  get observer(): Observer {
    return this.#recorder;
  }

  /** Writes what has not been written yet. Call once, after the run. */
  end(): void {
    this.#write(this.#waiting);
    this.#waiting = "";
  }

  /** How many operations were written, and what was left out and why, in one line. */
  summary(): string {
    const { resolver, behind, sealed, partial, lost, moved, collected } = this.#recorder.leftOut;
    const reasons = [
      [resolver, "on keys whose resolver no model judges"],
      [behind, "answered behind"],
      [sealed, "of values that could not be read"],
      [partial, "where not all of the scope arrives"],
      [lost, "of which a disk had lost something"],
      [moved, "replaced by sessions that had moved"],
      [collected, "where deletes go for good"],
    ] as const;
    const left = reasons.filter(([count]) => count > 0).map(([count, why]) => `${count} ${why}`);
    return `history: ${this.#count} operations${left.length === 0 ? "" : `; left out: ${left.join(", ")}`}\n`;
  }

  #take(operation: RecordedOperation): void {
    this.#count += 1;
    this.#waiting += lineOf(operation);
    if (this.#waiting.length < CHUNK) return;
    this.end();
  }
}

/** An operation as a line; versions go by the names of their records beside their values. */
function lineOf(operation: RecordedOperation): string {
  const { session, op, key, outcome, start, end, replica, transaction, seen } = operation;
  return jsonlLine({
    session,
    op,
    key,
    ...(op === "read" ? answerOf(operation) : writingOf(operation)),
    outcome,
    ...(start !== null && { start }),
    ...(end !== null && { end }),
    replica,
    ...(transaction !== null && { transaction }),
    ...(seen !== null && { seen }),
  });
}

function answerOf({ isSiblings, values, versions }: RecordedOperation): Partial<JsonlOperation> {
  if (isSiblings) return { values, versions };
  const [value = null] = values;
  const [version = null] = versions;
  return { value, version };
}

function writingOf({ op, values, versions, replaces, isSiblings }: RecordedOperation): Partial<JsonlOperation> {
  const [value = null] = values;
  const [version] = versions;
  return {
    ...(op === "write" && { value }),
    ...(version !== undefined && { version }),
    ...(isSiblings && { replaces }),
  };
}
