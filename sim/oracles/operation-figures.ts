// What became of the operations of a run: per kind and plane how many were accepted, refused, carried out, queued, and how long it took
// until their issuers knew the end; per cloudlet what stood in its queues; and which cloudlets need not carry out their own, since they
// have no plane for it.
//
// Leaves out what is wrong with any of it: that is for the oracles.

import type { CloudletId } from "../../model/ids.ts";
import type { PlaneName } from "../../model/control/catalogue.ts";
import type { Instant } from "../../model/units.ts";
import type { ExemptCloudlet, OperationCount, OperationsReport } from "../run/report.ts";
import type { OperationsSetting } from "../scenario/operations.ts";
import type { Observer } from "./observer.ts";
import { openOperations } from "./operation-ends.ts";
import { kindNamed, type OperationTruth } from "./operation-truth.ts";
import { QueueCourses } from "./queue-figures.ts";

type Counts = { -readonly [Name in keyof Omit<OperationCount, "kind" | "plane" | "endP50" | "endP99">]: number };

interface Tally extends Counts {
  readonly times: number[];
}

/** Counts what becomes of operations. */
export class OperationFigures implements Observer {
  readonly #truth: OperationTruth;
  readonly #queues: QueueCourses;
  readonly #missing: OperationsSetting["missing"];
  readonly #refused = new Map<string, number>();
  readonly #byUpper = new Map<string, number>();
  readonly #refusedHere = new Map<string, number>();
  #healedAt = Infinity;
  #endedAt = 0;

  /** @param horizon the longest that the run may take, in microseconds */
  constructor(truth: OperationTruth, { missing }: Pick<OperationsSetting, "missing">, horizon: number) {
    this.#truth = truth;
    this.#missing = missing;
    this.#queues = new QueueCourses(truth, horizon);
    truth.tell({
      refused: (_at, _id, { cloudlet, request: { kind } }, { code }) => {
        add(this.#refused, kind);
        if (code === "noPlane") add(this.#refusedHere, placeOf(cloudlet, kindNamed(kind)?.plane ?? "control"));
      },
      begun: (_at, cloudlet, _operation, _wanted, { by, plane }) => {
        if (by === "upper") add(this.#byUpper, placeOf(cloudlet, plane));
      },
    });
  }

  healed(at: Instant): void {
    this.#healedAt = at;
  }

  finished(at: Instant): void {
    this.#endedAt = at;
  }

  /** What it has come to: once the run is over. */
  report(): OperationsReport {
    const { open, exempt } = openOperations(this.#truth);
    return {
      kinds: [...this.#tallies()]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, { times, ...counts }]) => {
          const [endP50, endP99] = [percentile(times, 50), percentile(times, 99)];
          return { kind, plane: kindNamed(kind)?.plane ?? "control", ...counts, endP50, endP99 };
        }),
      queues: this.#queues.figures(this.#endedAt),
      planeless: this.#planeless(),
      open,
      exempt: [
        ...exempt,
        ...[this.#truth.lost, this.#truth.forgotten].flatMap((of) => of.notes((one) => this.#truth.name(one))),
      ],
    };
  }

  /** Metrics; of a run that is over. */
  values(): readonly (readonly [string, number])[] {
    const all = [...this.#tallies().values()];
    const sum = (of: keyof Counts): number => all.reduce((total, counts) => total + counts[of], 0);
    const times = all.flatMap((one) => one.times).sort((a, b) => a - b);
    const queues = this.#queues.figures(this.#endedAt);
    const ends = ([["p50", 50] as const, ["p99", 99] as const, ["max", 100] as const] as const).flatMap(
      ([name, share]) => {
        const value = percentile(times, share);
        return value === null ? [] : [[`operations.end.${name}`, value] as const];
      },
    );
    return [
      ["operations.accepted", sum("accepted")],
      ["operations.refused", sum("refused")],
      ["operations.executed", sum("executed")],
      ["operations.done", sum("done")],
      ["operations.queued", sum("queued")],
      ["operations.open", sum("open")],
      ...ends,
      ["queue.peak.records", queues.reduce((most, { records }) => Math.max(most, records), 0)],
      ["queue.peak.bytes", queues.reduce((most, { bytes }) => Math.max(most, bytes), 0)],
    ];
  }

  #tallies(): ReadonlyMap<string, Tally> {
    const tallies = new Map<string, Tally>();
    const of = (kind: string): Tally => {
      let found = tallies.get(kind);
      if (found === undefined) {
        found = { accepted: 0, refused: 0, executed: 0, queued: 0, done: 0, endedOtherwise: 0, open: 0, times: [] };
        tallies.set(kind, found);
      }
      return found;
    };
    for (const [kind, count] of this.#refused) of(kind).refused = count;
    for (const { acceptedAt, askedAt, deed, end, endedAt, request } of this.#truth.all()) {
      if (acceptedAt === null) continue;
      const kind = of(request.kind);
      kind.accepted += 1;
      if (deed !== null && deed.state !== "told") kind.executed += 1;
      if ((endedAt ?? Infinity) > this.#healedAt) kind.queued += 1;
      if (end === null) kind.open += 1;
      else if (end.kind === "done") kind.done += 1;
      else kind.endedOtherwise += 1;
      if (endedAt !== null) kind.times.push(endedAt - askedAt);
    }
    for (const { times } of tallies.values()) times.sort((a, b) => a - b);
    return tallies;
  }

  #planeless(): readonly ExemptCloudlet[] {
    return this.#missing.map(({ cloudlet, plane }) => {
      const place = placeOf(this.#truth.topology.cloudletNamed(cloudlet) as CloudletId, plane);
      return {
        cloudlet,
        plane,
        byUpper: this.#byUpper.get(place) ?? 0,
        refused: this.#refusedHere.get(place) ?? 0,
        why: `${cloudlet} has no ${plane} plane: what is for it waits above, and its upper's plane carries it out while it can be reached`,
      };
    });
  }
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function placeOf(cloudlet: CloudletId, plane: PlaneName): string {
  return `${cloudlet} ${plane}`;
}

// Of sorted values; null where there are none.
function percentile(values: readonly number[], share: number): number | null {
  return values[Math.max(0, Math.ceil((values.length * share) / 100) - 1)] ?? null;
}
