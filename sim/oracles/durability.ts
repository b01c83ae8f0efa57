// Nothing that was acknowledged is lost while its disk keeps its word.
//
// Acknowledged at a cloudlet are the writes it answered, and the records of batches that it acknowledged to a neighbour.
// When its process starts again with its disk, all of them are among what the disk gives back, as they were written; in scopes kept in memory
// what is missing is counted, and no violation. At the end every write that was answered is applied where it was written.
// Where a fault of the scenario made the disk lie, brought a backup back or put another disk in its place, the promise is
// suspended for exactly the records that this took (suspended.ts): they are counted and told in notes. What was answered and
// is gone everywhere in the end is named, whatever took it.

import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import { BatchQueue } from "./batch-queue.ts";
import { BitRows } from "./bit-rows.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { goneNotes, SuspendedPromises } from "./suspended.ts";
import { PairMap } from "./tables.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** The oracle, and what was lost without breaking a promise. */
export interface Durability extends Oracle {
  /** Acknowledged records of scopes without durability that a crash took. */
  lostFromMemory(): number;
  /** Promises that faults suspended, and answered writes that are gone everywhere: one sentence each. */
  losses(): readonly string[];
}

// Does a disk give back what was written? What is sealed there says nothing of itself.
function isUnchanged(record: CausalRecord, written: CausalRecord): boolean {
  if (record === written || record.kind === "sealed") return true;
  return record.kind === written.kind && record.key === written.key && record.value === written.value;
}

/** Judges what survives. */
export function durability(truth: Truth): Durability {
  const judge = new Judge();
  const { topology } = truth;
  const promised = new BitRows(topology.cloudlets.length);
  const exempt = new BitRows(1);
  const answered = new BitRows(1);
  const queues: BatchQueue[] = [];
  const queueOf = new PairMap();
  const suspended = new SuspendedPromises(truth);
  let lostFromMemory = 0;
  let waiting = 0;
  // Answered writes that were given up, by where they were written: they are applied there for good.
  const answeredAt = new Int32Array(topology.cloudlets.length);

  const isOnDisk = (record: number): boolean => {
    const scope = topology.streams[truth.streamOf.data[record] as number]?.scope;
    return scope !== undefined && topology.scopes[scope]?.durability === "disk";
  };
  const queueBetween = (from: CloudletId, to: CloudletId): BatchQueue => {
    let index = queueOf.get(from, to);
    if (index < 0) {
      index = queues.length;
      queues.push(new BatchQueue());
      queueOf.set(from, to, index);
    }
    return queues[index] as BatchQueue;
  };

  // Nowhere applied, but come in somewhere: it waits there.
  const isHeld = (record: number): boolean => topology.cloudlets.some(({ id }) => truth.isReceived(id, record));

  const isPending = (cloudlet: number, record: number): boolean =>
    truth.cores[cloudlet]?.pending().some((waiting) => truth.numberOf(waiting.record.dot) === record) === true;

  // A process that started anew under another plan lets its own wait, too, where they follow what has still to come under that.
  const isWaiting = (cloudlet: number, record: number): boolean =>
    (truth.records[record]?.moved === true || topology.plans.length > 1) && isPending(cloudlet, record);

  // What a fault took need not have been acknowledged there: a session may have brought it in a bundle.
  const isWithTaken = (cloudlet: number, record: number): boolean =>
    truth.isReceived(cloudlet, record) &&
    (suspended.isAt(cloudlet) || (suspended.tookAt(cloudlet) && isPending(cloudlet, record)));

  const promise = (cloudlet: number, record: number): void => {
    promised.add(cloudlet, record);
  };

  return {
    name: "durability",
    acknowledged(_at, cloudlet, record) {
      promised.add(cloudlet, record);
      answered.add(0, record);
    },
    batchArrived(_at, from, cloudlet, message, records) {
      queueBetween(from, cloudlet).add(message, records);
    },
    sentAck(_at, from, to, message) {
      queueBetween(to, from).acknowledge(message, promise, from);
    },
    crashed(_at, cloudlet) {
      // A new process knows nothing of what came in before it.
      for (const { id } of topology.cloudlets) if (queueOf.get(id, cloudlet) >= 0) queueBetween(id, cloudlet).clear();
    },
    diskFailed(at, cloudlet, failure) {
      suspended.failed(at, cloudlet, failure);
    },
    restarted(at, cloudlet, recovered) {
      const former = promised.take(cloudlet);
      const kept = new Set<number>();
      for (const record of recovered.records) {
        const number = truth.numberOfRecord(record);
        if (number >= 0 && isUnchanged(record, truth.records[number] as CausalRecord)) kept.add(number);
      }
      const isKept = (record: number): boolean =>
        kept.has(record) || (recovered.hasCuts && recovered.holds((truth.records[record] as CausalRecord).dot));
      former.forEach((record) => {
        const isOwn = truth.originOf.data[record] === (cloudlet as number);
        judge.checks += 1;
        if (isKept(record)) {
          promised.add(cloudlet, record);
          return;
        }
        if (isOwn) exempt.add(0, record);
        if (suspended.excuses(cloudlet, record)) return;
        if (!isOnDisk(record)) {
          lostFromMemory += 1;
          return;
        }
        judge.violate(() => {
          const where = cloudletText(truth, cloudlet);
          const how = isOwn && answered.has(0, record) ? "answered" : "acknowledged to a neighbour";
          return `${where} came back ${atTime(at)} without ${recordText(truth, record)}, which it had ${how}`;
        });
      });
    },
    keeps(keep) {
      suspended.keep(keep);
    },
    givenUp(record) {
      const origin = truth.originOf.data[record] as number;
      if (answered.has(0, record) && !exempt.has(0, record)) answeredAt[origin] = (answeredAt[origin] as number) + 1;
    },
    // What is final stays where it is: nothing asks again who had promised it.
    renumbered(to) {
      promised.renumber(to, true, (_cloudlet, record) => !truth.isFinal(record));
      answered.renumber(to, false, () => true);
      exempt.renumber(to, false, () => true);
      for (const queue of queues) queue.renumber(to);
      suspended.renumber(to);
    },
    finished(at) {
      for (const [origin, count] of answeredAt.entries()) if (truth.cores[origin] !== null) judge.checks += count;
      for (let record = 0; record < truth.recordCount; record += 1) {
        const origin = truth.originOf.data[record] as number;
        if (!answered.has(0, record) || exempt.has(0, record) || truth.cores[origin] === null) continue;
        judge.checks += 1;
        // One that was made behind is kept until its past comes, which convergence judges.
        if (truth.isApplied(origin, record) || isWaiting(origin, record)) continue;
        // It is there and waits for a record that a fault took with it: how long it may, convergence judges.
        if (isWithTaken(origin, record)) {
          waiting += 1;
          continue;
        }
        judge.violate(() => {
          const where = cloudletText(truth, origin);
          return `${recordText(truth, record)} was answered and is not applied at ${where} at the end, ${atTime(at)}`;
        });
      }
    },
    lostFromMemory: () => lostFromMemory,
    losses() {
      const gone: number[] = [];
      for (let record = 0; record < truth.recordCount; record += 1) {
        if (answered.has(0, record) && truth.appliedCount.data[record] === 0 && !isHeld(record)) gone.push(record);
      }
      const notes = [...suspended.notes(), ...goneNotes(truth, gone)];
      if (waiting > 0)
        notes.push(
          `${waiting} answered ${waiting === 1 ? "write waits" : "writes wait"} at home for others that such faults took`,
        );
      return notes;
    },
    verdict: () => judge.verdict(),
  };
}
