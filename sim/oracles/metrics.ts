// What a run measures by watching: how long records take to become visible, what their metadata weighs, how often they
// come twice, how many conflicts meet. Bytes on physical links and queue figures are the network's.

import type { Duration } from "../../model/units.ts";
import { Histogram } from "../kernel/histogram.ts";
import type { FlowFigures } from "../run/report.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import { LAYERS_MEASURED } from "../scenario/metric-names.ts";
import type { Listener } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { cloudletText } from "./words.ts";

/** Layers of a deep tree that are measured by themselves; those below are one. */
const LAYERS_MAX = LAYERS_MEASURED - 1;

/** The measurements. */
export interface Metrics extends Listener {
  /** Records applied at a cloudlet other than their origin. */
  delivered(): number;
  /** Name and value, in a fixed order; durations in microseconds, sizes in bytes. Names without a value are left out. */
  values(): readonly (readonly [string, number])[];
  /** Visibility latency per flow and direction, in the order of the flows; those that carried nothing included. */
  flows(): readonly FlowFigures[];
}

/** Measures. */
export function metrics(truth: Truth): Metrics {
  const { lanes } = truth.reach;
  // Of records that came over no lane: those that a restart found waiting on its disk.
  const unbrought = new Histogram();
  const byLane: (Histogram | undefined)[] = new Array<Histogram | undefined>(lanes.length).fill(undefined);
  const metadata = new Histogram();
  const requests = { put: 0, delete: 0, resolve: 0, get: 0, scan: 0, detach: 0, attach: 0 };
  // Adding, inserting, removing and appending.
  let deltas = 0;
  const answers = new Histogram();
  let delivered = 0;
  let collected = 0;
  let limited = 0;
  let ended = 0;
  let received = 0;
  let redundant = 0;
  let messages = 0;
  let bytes = 0;

  // By depth of the cloudlet that received; what came over no lane is left out.
  const visibilityByLayer = (): [string, number | null][] => {
    const layers: (Histogram | undefined)[] = [];
    for (const [lane, histogram] of byLane.entries()) {
      if (histogram === undefined) continue;
      const depth = truth.topology.cloudlets[(lanes[lane] as (typeof lanes)[number]).to]?.depth ?? 0;
      (layers[Math.min(depth, LAYERS_MAX)] ??= new Histogram()).merge(histogram);
    }
    return layers.flatMap((histogram, layer): [string, number | null][] =>
      histogram === undefined
        ? []
        : [
            [`visibility.layer${layer}.p50`, histogram.percentile(50)],
            [`visibility.layer${layer}.p99`, histogram.percentile(99)],
          ],
    );
  };

  return {
    requested(_at, _cloudlet, _session, _id, op) {
      if (op.kind === "add" || op.kind === "insert" || op.kind === "remove" || op.kind === "append") deltas += 1;
      else requests[op.kind] += 1;
    },
    written(_at, record) {
      const { size, key, value, ttl, ends } = truth.records[record] as CausalRecord;
      if (ttl !== undefined) limited += 1;
      if (ends === true) ended += 1;
      metadata.record(Math.max(0, size - utf8Size(key) - utf8Size(value)));
    },
    acknowledged(at, _cloudlet, record) {
      answers.record(at - (truth.requestedAt.data[record] as number));
    },
    applied(at, cloudlet, record, _from, isAgain, _isReached, lane) {
      if (isAgain || truth.originOf.data[record] === (cloudlet as number)) return;
      delivered += 1;
      const latency = at - (truth.requestedAt.data[record] as number);
      if (latency < 0) return;
      if (lane >= 0) (byLane[lane] ??= new Histogram()).record(latency);
      else unbrought.record(latency);
    },
    collected() {
      collected += 1;
    },
    arrived(_at, _from, _cloudlet, _record, isKnown) {
      received += 1;
      if (isKnown) redundant += 1;
    },
    arrivedAgain() {
      received += 1;
      redundant += 1;
    },
    sent(_at, _from, _to, _message, size) {
      messages += 1;
      bytes += size;
    },
    delivered: () => delivered,
    values() {
      const visibility = new Histogram();
      for (const histogram of [unbrought, ...byLane]) if (histogram !== undefined) visibility.merge(histogram);
      const named: [string, number | null][] = [
        ["records.written", truth.recordCount + truth.givenUpCount],
        ["records.delivered", delivered],
        ["records.received", received],
        ["records.redundant", redundant],
        ["requests.put", requests.put],
        ["requests.delete", requests.delete],
        ["requests.resolve", requests.resolve],
        ["requests.delta", deltas],
        ["requests.get", requests.get],
        ["requests.scan", requests.scan],
        ["deletes.collected", collected],
        ["deletes.standing", requests.delete + ended === 0 ? 0 : standingDeletes(truth)],
        ["puts.limited", limited === 0 ? null : limited],
        ["puts.ended", limited === 0 ? null : ended],
        ["messages.sent", messages],
        ["bytes.sent", bytes],
        ["conflicts", truth.conflicts.count],
        ["conflicts.met", truth.meetingCount],
        ["write.p50", answers.percentile(50)],
        ["write.p99", answers.percentile(99)],
        ["write.max", answers.max],
        ["visibility.p50", visibility.percentile(50)],
        ["visibility.p90", visibility.percentile(90)],
        ["visibility.p99", visibility.percentile(99)],
        ["visibility.max", visibility.max],
        ...visibilityByLayer(),
        ["metadata.mean", metadata.mean === null ? null : Math.round(metadata.mean)],
        ["metadata.p99", metadata.percentile(99)],
        ["metadata.max", metadata.max],
      ];
      return named.filter((entry): entry is [string, number] => entry[1] !== null);
    },
    flows: () =>
      lanes.map(({ name, from, to }, lane) => {
        const histogram = byLane[lane];
        return {
          flow: name,
          from: cloudletText(truth, from),
          to: cloudletText(truth, to),
          records: histogram?.count ?? 0,
          p50: (histogram?.percentile(50) ?? 0) as Duration,
          p90: (histogram?.percentile(90) ?? 0) as Duration,
          p99: (histogram?.percentile(99) ?? 0) as Duration,
          max: (histogram?.max ?? 0) as Duration,
        };
      }),
  };
}

// Deletes that stand in stores now, over all cloudlets.
function standingDeletes(truth: Truth): number {
  let count = 0;
  for (const core of truth.cores) {
    for (const key of core?.keys() ?? []) {
      for (const { kind } of core?.versions(key) ?? []) if (kind === "delete") count += 1;
    }
  }
  return count;
}

// Bytes of well-formed text in UTF-8.
function utf8Size(text: string): number {
  let size = text.length;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit < 0x80) continue;
    // A surrogate is half of a pair of four bytes.
    size += unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 1 : 2;
  }
  return size;
}
