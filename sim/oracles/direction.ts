// No record travels horizontally, against the direction of its scope's flows, or to where they do not lead (D8, D12, D17).
//
// Tested: at every write, that its record is in the stream of its key's scope and of its cloudlet; at every batch sent,
// that a flow of each record's scope leads from the sender to the receiver; at every other message, that the two are the
// ends of some flow; at every apply, that the flows lead from the record's origin to the cloudlet, and that whoever brought
// it has a flow of its scope there: by the plan of whoever writes, sends or applies. Flows between
// horizontal cloudlets do not exist: the topology refuses them. What a session brings with it when it moves comes over no flow
// (session-moves.ts), and must be of a stream that reaches the cloudlet all the same.

import type { CloudletId, ScopeId, StreamId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import { dotName } from "../../model/replication/record.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** Judges where records go. */
export function direction(truth: Truth): Oracle {
  const judge = new Judge();
  const { reach, topology, scopeOfStream } = truth;

  const scopeName = (scope: number): string => topology.scopes[scope]?.name ?? "none";
  const noLane = (scope: number, from: CloudletId, to: CloudletId): string => {
    const relation = reach.planOf(from).relation(from, to);
    const how = relation === "horizontal" ? "the two are horizontal" : "no flow leads that way";
    return `scope ${scopeName(scope)} does not go from ${cloudletText(truth, from)} to ${cloudletText(truth, to)}: ${how}`;
  };

  return {
    name: "direction",
    written(_at, record) {
      judge.checks += 1;
      const { dot, key } = truth.records[record] as CausalRecord;
      const stream = topology.streams[dot.stream];
      if (stream !== undefined && stream.scope === topology.scopeOf(key) && stream.origins.includes(dot.origin)) return;
      judge.violate(() => `${recordText(truth, record)} is in a stream that is not its cloudlet's for its key's scope`);
    },
    sent(at, from, to, message) {
      judge.checks += 1;
      if (!reach.areNeighbours(from, to)) {
        judge.violate(() => {
          const ends = `${cloudletText(truth, from)} to ${cloudletText(truth, to)}`;
          return `${message.kind} sent from ${ends} ${atTime(at)}: they are the ends of no flow`;
        });
        return;
      }
      if (message.kind !== "records") return;
      let checked = -1;
      for (const { dot } of message.records) {
        const scope = scopeOfStream[dot.stream] ?? -1;
        if (scope === checked) continue;
        checked = scope;
        if (scope >= 0 && reach.hasLane(scope as ScopeId, from, to, from)) continue;
        judge.violate(() => `${dotName(dot)} was sent ${atTime(at)}, and ${noLane(scope, from, to)}`);
      }
    },
    applied(at, cloudlet, record, from, _isAgain, isReached, lane) {
      judge.checks += 1;
      if (!isReached) {
        judge.violate(() => {
          const what = `${cloudletText(truth, cloudlet)} applied ${recordText(truth, record)} ${atTime(at)}`;
          return `${what}: no flows of its scope lead there from its origin`;
        });
        return;
      }
      const scope = scopeOfStream[truth.streamOf.data[record] as StreamId] as ScopeId;
      if (from === null || (lane >= 0 && reach.hasLane(scope, from, cloudlet, cloudlet))) return;
      // What came in under a former plan may be applied under the present one.
      if (lane >= 0 && truth.plans.isCarriedOver(cloudlet, record)) return;
      judge.violate(
        () => `${recordText(truth, record)} was brought ${atTime(at)}, and ${noLane(scope, from, cloudlet)}`,
      );
    },
    verdict: () => judge.verdict(),
  };
}
