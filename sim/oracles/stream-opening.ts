// A cloudlet that goes over to another plan opens what it receives newly only when it has everything of it that lies in the
// past of anything applied there, and says of every answer in between that it is behind.
//
// What a step makes visible is told after its answers: an answer is judged when the step is over.
//
// Tested: when the core says that nothing is missing (at once, or later), that nothing is; at every answer, that it is marked
// while something of a scope that it is about has still to come. What has still to come is worked out from clocks, at the
// moment the cloudlet is told (plan-truth.ts).

import type { CloudletId, SessionId } from "../../model/ids.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { Instant } from "../../model/units.ts";
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

  // Answers of this instant that were not marked, with what was still to come when they were told.
  let doubtful: { readonly at: Instant; readonly cloudlet: CloudletId; readonly op: DataOp; lacking: number[] }[] = [];

  const settle = (now: Instant): void => {
    if (doubtful.length === 0 || doubtful[0]?.at === now) return;
    for (const { at, cloudlet, op, lacking } of doubtful) {
      const [first] = lacking;
      if (first === undefined) continue;
      judge.violate(() => {
        const key = op.kind === "scan" ? op.prefix : op.key;
        const what = `${cloudletText(truth, cloudlet)} answered a ${op.kind} of ${key} ${atTime(at)} as if nothing lacked`;
        return `${what}, and ${recordText(truth, first)} has still to come`;
      });
    }
    doubtful = [];
  };

  const prefixOf = (record: number): string => {
    const stream = truth.topology.streams[truth.streamOf.data[record] as number];
    return truth.topology.scopes[stream?.scope ?? -1]?.prefix ?? "";
  };

  const noticed: Oracle["noticed"] = (at, cloudlet, event) => {
    const isOpen = event.kind === "streamsOpened" || (event.kind === "planAdopted" && event.missing.length === 0);
    if (!isOpen) return;
    judge.checks += 1;
    const [first] = truth.plans.gap(cloudlet);
    if (first === undefined) return;
    judge.violate(() => {
      const where = `${cloudletText(truth, cloudlet)} opened what it receives newly ${atTime(at)}`;
      return `${where} before ${recordText(truth, first)}, which is in the past of something applied there`;
    });
  };

  // Where no plan follows another, no answer is in doubt.
  if (!truth.reach.isFamily) return { name: "stream-opening", noticed, verdict: () => judge.verdict() };

  return {
    name: "stream-opening",
    requested(at, _cloudlet, session, _id, op) {
      settle(at);
      if (op.kind !== "detach" && op.kind !== "attach") asked.set(session, op);
    },
    replied(at, cloudlet, session, _id, result) {
      settle(at);
      const op = asked.get(session);
      if (op === undefined || !asked.delete(session)) return;
      if ((result.kind !== "written" && result.kind !== "read") || result.behind !== undefined) return;
      const gap = truth.plans.gap(cloudlet);
      if (gap.length === 0) return;
      judge.checks += 1;
      const key = op.kind === "scan" ? op.prefix : op.key;
      const lacking = gap.filter((record) => {
        const prefix = prefixOf(record);
        return key.startsWith(prefix) || (op.kind === "scan" && prefix.startsWith(key));
      });
      if (lacking.length > 0) doubtful.push({ at, cloudlet, op, lacking });
    },
    applied(at, cloudlet, record) {
      settle(at);
      for (const answer of doubtful) {
        if (answer.cloudlet === cloudlet) answer.lacking = answer.lacking.filter((one) => one !== record);
      }
    },
    finished: () => settle(Infinity as Instant),
    noticed,
    verdict: () => judge.verdict(),
  };
}
