// No queue ever holds more than its cap, in records or in bytes, at any layer: neither where operations are accepted nor where they
// come by. Judged after each step by what really stands there (operation-queues.ts). An operation of which the cloudlet's own disk has lost a
// word does not count: it may have been given up there.

import type { Caps } from "../../model/control/queue.ts";
import { Judge } from "./oracle.ts";
import type { OperationOracle, OperationTruth } from "./operation-truth.ts";
import { atTime } from "./words.ts";

/** Judges what queues hold. */
export function queueCaps(truth: OperationTruth, caps: Caps): OperationOracle {
  const judge = new Judge();
  truth.queues.tell((at, cloudlet, targets, queue) => {
    for (const target of targets) {
      const { records, bytes } = queue(target);
      judge.checks += 1;
      if (records <= caps.records && bytes <= caps.bytes) continue;
      const doubtful = [...truth.queues.at(cloudlet)].filter(
        ({ id, request }) => request.target === target && truth.lost.isLostAt(id, cloudlet),
      );
      const weight = doubtful.reduce((sum, one) => sum + one.weight, 0);
      if (records - doubtful.length <= caps.records && bytes - weight <= caps.bytes) continue;
      judge.violate(() => {
        const where = `the queue at ${truth.name(cloudlet)} for ${truth.name(target)} held ${atTime(at)}`;
        return records > caps.records
          ? `${where} ${records} operations, and may hold ${caps.records}`
          : `${where} ${bytes} bytes, and may hold ${caps.bytes}`;
      });
    }
  });
  return { name: "queue-caps", verdict: () => judge.verdict() };
}
