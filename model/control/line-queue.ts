// The lines of one target that stand open at a cloudlet, and those of them that count in its queue. Some of them rest (resting.ts).
// Leaves out caps, and what happens at them (queue.ts).

import { Few } from "../few.ts";
import type { CloudletId } from "../ids.ts";
import { bytes } from "../units.ts";
import type { Line } from "./line.ts";
import type { OperationId } from "./operation.ts";
import type { Queued, QueueState } from "./queue.ts";
import type { RestingRows } from "./resting.ts";

/** One target's queue. */
export class LineQueue implements QueueState {
  readonly lines = new Few<OperationId, Line>();
  // Most objects have one operation that stands open, and need no list for that.
  readonly byObject = new Few<string, Line | Set<Line>>();
  bytes = 0;
  /** So many more rest. */
  resting = 0;
  /** Some have rested: the others may be in another order than the queue is. */
  isMixed = false;
  readonly target: CloudletId;
  readonly #rows: RestingRows;

  constructor(target: CloudletId, rows: RestingRows) {
    this.target = target;
    this.#rows = rows;
  }

  get records(): number {
    return this.lines.size + this.resting;
  }

  add(line: Line): void {
    this.bytes += line.weight;
    this.lines.set(line.id, line);
  }

  remove(line: Line): void {
    this.bytes -= line.weight;
    this.lines.delete(line.id);
  }

  /** It is one of those that are about its object, whoever has custody of it. */
  note(line: Line): void {
    const object = line.operation?.object ?? "";
    const others = this.byObject.get(object);
    if (others === undefined) this.byObject.set(object, line);
    else if (others instanceof Set) others.add(line);
    else this.byObject.set(object, new Set([others, line]));
  }

  forget(line: Line): void {
    const object = line.operation?.object ?? "";
    const others = this.byObject.get(object);
    if (others === line) this.byObject.delete(object);
    else if (others instanceof Set && others.delete(line) && others.size === 0) this.byObject.delete(object);
  }

  // What has begun, or is not on the disk yet, makes no room.
  *standing(): Iterable<Queued> {
    const awake = [...this.lines.values()].filter(({ result, writing }) => result === "none" && writing === null);
    if (this.isMixed) awake.sort((a, b) => a.place - b.place);
    let next = 0;
    for (const row of this.resting === 0 ? [] : this.#rows.of(this.target)) {
      const { issuer, incarnation, number, priority, weight, place } = this.#rows.read(row);
      for (; next < awake.length && (awake[next] as Line).place < place; next += 1) yield queuedOf(awake[next] as Line);
      yield { id: `${issuer}.${incarnation}.${number}` as OperationId, priority, weight: bytes(weight) };
    }
    for (; next < awake.length; next += 1) yield queuedOf(awake[next] as Line);
  }
}

function queuedOf({ id, operation, weight }: Line): Queued {
  return { id, priority: operation?.priority ?? 0, weight };
}
