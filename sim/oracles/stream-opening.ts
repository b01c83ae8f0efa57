// A cloudlet that goes over to another plan opens what it receives newly only when it has everything of it that lies in the
// past of anything applied there, and says of every answer in between that it is behind.
//
// Tested: when the core says that nothing is missing (at once, or later), that nothing is; at every answer, that it is marked
// while something of a scope that it is about has still to come. What has still to come is worked out from clocks, at the
// moment the cloudlet is told (plan-truth.ts).

import type { SessionId } from "../../model/ids.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** Requests about keys. */
type DataOp = Exclude<ClientOp, { readonly kind: "detach" | "attach" }>;

/** Judges when newly received streams are open. */
export function streamOpening(truth: Truth): Oracle {
  const judge = new Judge();
  const asked = new Map<SessionId, DataOp>();

  const prefixOf = (record: number): string => {
    const stream = truth.topology.streams[truth.streamOf.data[record] as number];
    return truth.topology.scopes[stream?.scope ?? -1]?.prefix ?? "";
  };

  return {
    name: "stream-opening",
    requested(_at, _cloudlet, session, _id, op) {
      if (truth.reach.isFamily && op.kind !== "detach" && op.kind !== "attach") asked.set(session, op);
    },
    replied(at, cloudlet, session, _id, result) {
      const op = asked.get(session);
      if (op === undefined || !asked.delete(session)) return;
      if ((result.kind !== "written" && result.kind !== "read") || result.behind !== undefined) return;
      const gap = truth.plans.gap(cloudlet);
      if (gap.length === 0) return;
      judge.checks += 1;
      const key = op.kind === "scan" ? op.prefix : op.key;
      const lacking = gap.find((record) => {
        const prefix = prefixOf(record);
        return key.startsWith(prefix) || (op.kind === "scan" && prefix.startsWith(key));
      });
      if (lacking === undefined) return;
      judge.violate(() => {
        const what = `${cloudletText(truth, cloudlet)} answered a ${op.kind} of ${key} ${atTime(at)} as if nothing lacked`;
        return `${what}, and ${recordText(truth, lacking)} has still to come`;
      });
    },
    notified(at, cloudlet, event) {
      const isOpen = event.kind === "streamsOpened" || (event.kind === "planAdopted" && event.missing.length === 0);
      if (!isOpen) return;
      judge.checks += 1;
      const [first] = truth.plans.gap(cloudlet);
      if (first === undefined) return;
      judge.violate(() => {
        const where = `${cloudletText(truth, cloudlet)} opened what it receives newly ${atTime(at)}`;
        return `${where} before ${recordText(truth, first)}, which is in the past of something applied there`;
      });
    },
    verdict: () => judge.verdict(),
  };
}
