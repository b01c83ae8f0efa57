// The book of one cloudlet: a line for every operation that it has to do with and that is not over. All of it is read off the
// records that stand in the store, but for when a line was opened and what is on its way to the disk: after a restart the
// book is read anew, and time is counted from then on.
//
// A line is dropped when the operation is over and this cloudlet owes nothing more about it. What became of it can still be
// looked up among the records.

import type { CloudletId } from "../ids.ts";
import type { CausalRecord, Dot, Stamp } from "../replication/record.ts";
import { bytes, type Bytes } from "../units.ts";
import { wordAmong, type End, type Subject } from "./ends.ts";
import type { ControlKey, Keys } from "./keys.ts";
import { operationText, weightOf, type Operation, type OperationId } from "./operation.ts";
import type { Queued, QueueState } from "./queue.ts";

/** A word of this cloudlet about an operation that is on its way to the disk. */
export type Writing = "operation" | "intent" | "end" | "provisional" | "over" | null;

/** One operation as it stands here. */
export interface Line {
  readonly id: OperationId;
  readonly target: CloudletId;
  /** The operation itself; null when only its end is known here. */
  operation: Operation | null;
  subject: Subject | null;
  weight: Bytes;
  /** Of the record that brought it: an order that is the same everywhere. */
  stamp: Stamp | null;
  /** What stands at its own key. */
  directive: "none" | "open" | "ending" | "over";
  /** An end that was decided away from the target. */
  ending: End | null;
  /** What stands among the target's results. */
  result: "none" | "intent" | "end";
  final: End | null;
  /** The record that says the end. */
  finalDot: Dot | null;
  /** When it came to stand here, by the monotonic clock of this process. */
  since: number;
  writing: Writing;
  /** The target has handed it to its plane in this life, or has asked the plane about it. */
  isRunning: boolean;
  /** Its intent is stored, and its plane is surely not told yet. */
  isUntold: boolean;
  /** Until when the plane may answer; infinity while it was not asked. */
  answerBy: number;
  /** Its issuer has told its end in this life. */
  isTold: boolean;
  /** It counts in its queue. */
  isQueued: boolean;
}

/** One target's queue. */
class Queue implements QueueState {
  readonly lines = new Map<OperationId, Line>();
  bytes = 0;

  get records(): number {
    return this.lines.size;
  }

  // What has begun, or is not on the disk yet, makes no room.
  *standing(): Iterable<Queued> {
    for (const line of this.lines.values()) {
      if (line.result !== "none" || line.writing !== null) continue;
      yield { id: line.id, priority: line.operation?.priority ?? 0, weight: line.weight };
    }
  }
}

const emptyQueue: QueueState = { records: 0, bytes: 0, standing: () => [] };

/** The lines of one cloudlet, and the queues that they stand in. */
export class Book {
  readonly #self: CloudletId;
  readonly #keys: Keys;
  readonly #versions: (key: string) => readonly CausalRecord[];
  readonly #lines = new Map<OperationId, Line>();
  readonly #here = new Map<OperationId, Line>();
  readonly #queues = new Map<CloudletId, Queue>();

  constructor(
    self: CloudletId,
    keys: Keys,
    versions: (key: string) => readonly CausalRecord[],
    like: Book | null = null,
  ) {
    this.#self = self;
    this.#keys = keys;
    this.#versions = versions;
    if (like === null) return;
    for (const line of like.#lines.values()) this.#lines.set(line.id, { ...line });
    for (const id of like.#here.keys()) this.#here.set(id, this.#lines.get(id) as Line);
    for (const [target, queue] of like.#queues) {
      const copy = new Queue();
      copy.bytes = queue.bytes;
      for (const id of queue.lines.keys()) copy.lines.set(id, this.#lines.get(id) as Line);
      this.#queues.set(target, copy);
    }
  }

  /** The line of that name, or null. */
  line(id: OperationId): Line | null {
    return this.#lines.get(id) ?? null;
  }

  /** All lines, in the order in which they were opened. */
  lines(): Iterable<Line> {
    return this.#lines.values();
  }

  /** What stands here for that target and has no end, the oldest first. */
  queue(target: CloudletId): QueueState {
    return this.#queues.get(target) ?? emptyQueue;
  }

  /** The open lines of one target, the oldest first. */
  queued(target: CloudletId): Iterable<Line> {
    return this.#queues.get(target)?.lines.values() ?? [];
  }

  /** What is for this cloudlet itself and has no final end, in the order in which it came. */
  here(): Iterable<Line> {
    return this.#here.values();
  }

  /** An operation is accepted here; it is on its way to the disk. */
  accept(operation: Operation, now: number): Line {
    const line = this.#open(operation.id, operation.target, now);
    line.operation = operation;
    line.subject = operation;
    line.weight = weightOf(operationText(operation));
    line.writing = "operation";
    this.count(line);
    return line;
  }

  /** Reads anew what stands at a key; the line that it belongs to, or null when there is nothing to keep. */
  refresh(key: ControlKey, now: number): Line | null {
    const { carrier, cloudlet, operation: id } = key;
    const said = wordAmong(id, this.#versions(this.#keys.of(carrier, cloudlet, id)));
    if (said === null && !this.#lines.has(id)) return null;
    const line = this.#lines.get(id) ?? this.#open(id, cloudlet, now);
    if (carrier === "results") {
      line.result = said === null ? "none" : said.word.says === "intent" ? "intent" : "end";
      if (said?.word.says === "end") [line.final, line.finalDot] = [said.word.end, said.dot];
    } else if (carrier === "directives") {
      this.#readDirective(line, said, now);
    }
    if (said !== null && said.word.says !== "operation") line.subject ??= said.word.subject;
    if (line.result === "end") this.#here.delete(id);
    this.count(line);
    return line;
  }

  /** Whether a line counts in its queue follows from what it says; to be called when that changes. */
  count(line: Line): void {
    const isOpen =
      (line.directive === "open" || line.writing === "operation") &&
      line.result !== "end" &&
      line.writing !== "provisional" &&
      line.writing !== "end";
    if (isOpen === line.isQueued) return;
    line.isQueued = isOpen;
    let queue = this.#queues.get(line.target);
    if (queue === undefined) this.#queues.set(line.target, (queue = new Queue()));
    queue.bytes += (isOpen ? 1 : -1) * line.weight;
    if (isOpen) queue.lines.set(line.id, line);
    else queue.lines.delete(line.id);
  }

  /** Nothing more is owed about it. */
  drop(line: Line): void {
    line.directive = "over";
    line.writing = null;
    this.count(line);
    this.#lines.delete(line.id);
    this.#here.delete(line.id);
  }

  /** How an operation ended for good that there is no line of any more; null when it has not, or is unknown here. */
  pastEnd(id: OperationId, target: CloudletId): End | null {
    const there = (carrier: "directives" | "results"): readonly CausalRecord[] =>
      this.#versions(this.#keys.of(carrier, target, id));
    const result = wordAmong(id, there("results"));
    if (result?.word.says === "end") return result.word.end;
    const directive = wordAmong(id, there("directives"));
    return directive?.word.says === "over" ? directive.word.end : null;
  }

  /** Is anything known here of that name? */
  isKnown(id: OperationId, target: CloudletId): boolean {
    return this.#lines.has(id) || this.#versions(this.#keys.of("directives", target, id)).length > 0;
  }

  #open(id: OperationId, target: CloudletId, now: number): Line {
    const line: Line = {
      id,
      target,
      operation: null,
      subject: null,
      weight: bytes(0),
      stamp: null,
      directive: "none",
      ending: null,
      result: "none",
      final: null,
      finalDot: null,
      since: now,
      writing: null,
      isRunning: false,
      isUntold: false,
      answerBy: Infinity,
      isTold: false,
      isQueued: false,
    };
    this.#lines.set(id, line);
    if (target === this.#self) this.#here.set(id, line);
    return line;
  }

  #readDirective(line: Line, said: ReturnType<typeof wordAmong>, now: number): void {
    if (said === null) return;
    const { word } = said;
    if (word.says === "operation" && word.operation.target === line.target) {
      if (line.directive === "none" && line.writing !== "operation") line.since = now;
      line.directive = "open";
      if (line.operation !== null) return;
      const record = this.#versions(this.#keys.of("directives", line.target, line.id)).find(
        ({ dot }) => dot === said.dot,
      );
      line.operation = word.operation;
      line.subject = word.operation;
      line.stamp = record?.stamp ?? null;
      line.weight = weightOf(record?.value ?? "");
    } else if (word.says === "end") {
      line.directive = "ending";
      line.ending = word.end;
    } else if (word.says === "over") {
      line.directive = "over";
      line.ending = word.end;
    }
  }
}
