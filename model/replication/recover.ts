// What a process takes from its disk when it starts. The disk may not be what the process thinks: it may have gone back in
// time, or be a copy of another cloudlet's. Nothing of that can be seen from inside, so nothing is concluded from it; what
// this life writes has names of its own, and neighbours bring what is missing (docs/simulator.md tells it in full).

import type { CloudletId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import type { Holdings } from "./holdings.ts";
import type { LocalTime, ReplicaEvent } from "./io.ts";
import type { CausalRecord } from "./record.ts";
import type { Rules } from "./rules.ts";

/** Whose disk it is. */
export interface RecoveryConfig {
  readonly topology: Topology;
  readonly self: CloudletId;
  readonly rules: Rules;
}

/**
 * Takes in what the disk returned, in the order of its log, but first all of it and then its application: a copied disk has
 * this cloudlet's own records in the order in which they came in elsewhere. What no flow brings here is left out and told.
 */
export function recover(
  records: readonly CausalRecord[],
  holdings: Holdings,
  config: RecoveryConfig,
  now: LocalTime,
  events: ReplicaEvent[],
): void {
  const { topology, self, rules } = config;
  const held = records.filter((record) => {
    if (rules.keepsFromDisk(topology.reaches(record.dot.stream, self))) return holdings.learn(record, events);
    events.push({ kind: "foreignRecord", dot: record.dot });
    return false;
  });
  for (const record of held) {
    holdings.follow(record.stamp, now);
    holdings.settle(record, null, now, events);
  }
}
