// Nobody is refused an operation, or kept waiting for the answer, because of how its target is marked (A2a). Whoever asks for one is
// refused at once for a reason that stands in the catalogue or the queue, or else it is being written when the step is over that
// hears of it. That what is being written waits for the local disk alone is judged elsewhere (local-wait.ts).

import type { Mark } from "../../model/control/aliveness.ts";
import type { OperationRefusal } from "../../model/control/authority.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { MarkName } from "./names.ts";
import { rewatched } from "./plans-in-force.ts";
import { Judge, type Oracle } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText } from "./words.ts";

/** Reasons that have nothing to do with how anybody is marked. */
const fair: ReadonlySet<OperationRefusal["code"]> = new Set([
  "notBelow",
  "unknownKind",
  "notForActor",
  "malformed",
  "afterUnknown",
  "afterEnded",
  "largerThanQueue",
  "queueFull",
  "noPlane",
  "planeFailed",
  "notOpen",
] as const);

/** Judges it; `mark` counts under which marks somebody asked. */
export function acceptsWhateverMarks(truth: Truth, mark: (name: MarkName) => void): Oracle {
  const judge = new Judge();
  const marks = truth.topology.cloudlets.map(() => new Map<CloudletId, Mark>());
  const mute = new Set<CloudletId>();
  let asking: { readonly at: CloudletId; isHeard: boolean } | null = null;
  const markOf = (cloudlet: CloudletId, target: CloudletId): Mark => marks[cloudlet]?.get(target) ?? "unknown";
  const isBelow = (cloudlet: CloudletId, target: CloudletId): boolean =>
    truth.reach.planOf(cloudlet).relation(cloudlet, target) === "lower";

  return {
    name: "accepts-whatever-marks",
    started(_at, cloudlet) {
      marks[cloudlet]?.clear();
      mute.delete(cloudlet);
    },
    planTold(_at, cloudlet, former, plan) {
      for (const { about } of rewatched(cloudlet, former, plan)) marks[cloudlet]?.delete(about);
    },
    notified(_at, cloudlet, event) {
      if (event.kind === "fenced") mute.add(cloudlet);
    },
    requested(_at, cloudlet) {
      if (asking?.at === cloudlet) asking.isHeard = true;
    },
    watching(at, cloudlet, event) {
      switch (event.kind) {
        case "marked":
          marks[cloudlet]?.set(event.about, event.to);
          break;
        case "asks":
          asking = { at: cloudlet, isHeard: false };
          if (isBelow(cloudlet, event.target)) mark(`asked-while-${markOf(cloudlet, event.target)}`);
          break;
        case "answers": {
          if (asking?.at === cloudlet) asking.isHeard = true;
          const { result } = event;
          if (result.kind !== "refused" || fair.has(result.code) || mute.has(cloudlet)) break;
          judge.violate(() => {
            const what = `${cloudletText(truth, cloudlet)} refused an operation ${atTime(at)}`;
            return `${what} for no reason that lies in the operation or its queue: ${result.why}`;
          });
          break;
        }
        case "heard": {
          judge.checks += 1;
          const isHeard = asking?.isHeard === true;
          asking = null;
          if (isHeard || mute.has(cloudlet)) break;
          judge.violate(() => {
            const what = `${cloudletText(truth, cloudlet)} was asked for an operation ${atTime(at)}`;
            const whom = cloudletText(truth, event.target);
            return `${what}, and did nothing; ${whom} was ${markOf(cloudlet, event.target)} there`;
          });
          break;
        }
        default:
          break;
      }
    },
    verdict: () => judge.verdict(),
  };
}
