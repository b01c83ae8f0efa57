// What stands in the queues of each cloudlet over the time of a run, all targets together: the most of it, when that was, and how it
// goes up and down. Time is cut into as many slices as a picture can show; each has the most that stood in it.
//
// Leaves out whether caps are kept (queue-caps.ts).

import type { CloudletId } from "../../model/ids.ts";
import type { QueueFigures } from "../run/report.ts";
import type { OperationTruth } from "./operation-truth.ts";

/** Slices of time. */
const SLICES = 200;

interface Course {
  readonly records: number[];
  readonly bytes: number[];
  now: { readonly records: number; readonly bytes: number };
  mostRecords: number;
  mostRecordsAt: number;
  mostBytes: number;
  mostBytesAt: number;
}

/** Follows all queues of a run. */
export class QueueCourses {
  readonly #truth: OperationTruth;
  readonly #width: number;
  readonly #courses = new Map<CloudletId, Course>();

  /** @param horizon the longest that the run may take, in microseconds */
  constructor(truth: OperationTruth, horizon: number) {
    this.#truth = truth;
    this.#width = Math.max(1, Math.ceil(horizon / SLICES));
    truth.queues.tell((at, cloudlet, _targets, _queue, total) => this.#note(at, cloudlet, { ...total }));
  }

  /** By cloudlet; those at which nothing ever stood are left out. */
  figures(end: number): readonly QueueFigures[] {
    return [...this.#courses]
      .sort(([a], [b]) => a - b)
      .map(([cloudlet, course]) => {
        this.#reach(course, Math.floor(end / this.#width));
        const { mostRecords, mostRecordsAt, mostBytes, mostBytesAt, records, bytes } = course;
        return {
          cloudlet: this.#truth.name(cloudlet),
          records: mostRecords,
          recordsAt: mostRecordsAt,
          bytes: mostBytes,
          bytesAt: mostBytesAt,
          series: records.flatMap((count, slice) => {
            const isSame = count === records[slice - 1] && bytes[slice] === bytes[slice - 1];
            return isSame ? [] : [{ at: slice * this.#width, records: count, bytes: bytes[slice] as number }];
          }),
        };
      });
  }

  #note(at: number, cloudlet: CloudletId, total: Course["now"]): void {
    let course = this.#courses.get(cloudlet);
    if (course === undefined) {
      const nothing = { records: 0, bytes: 0 };
      const most = { mostRecords: 0, mostRecordsAt: 0, mostBytes: 0, mostBytesAt: 0 };
      this.#courses.set(cloudlet, (course = { records: [], bytes: [], now: nothing, ...most }));
    }
    const slice = Math.floor(at / this.#width);
    this.#reach(course, slice);
    course.now = total;
    course.records[slice] = Math.max(course.records[slice] as number, total.records);
    course.bytes[slice] = Math.max(course.bytes[slice] as number, total.bytes);
    if (total.records > course.mostRecords) [course.mostRecords, course.mostRecordsAt] = [total.records, at];
    if (total.bytes > course.mostBytes) [course.mostBytes, course.mostBytesAt] = [total.bytes, at];
  }

  // Nothing has changed since the last slice.
  #reach({ records, bytes, now }: Course, slice: number): void {
    while (records.length <= slice) {
      records.push(now.records);
      bytes.push(now.bytes);
    }
  }
}
