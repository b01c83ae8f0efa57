// The moments of a world, moved together: every time that a scenario names, and where each goes. The order of moments is kept, so that
// what came first still does; how far apart they are is not. Leaves out which moves to try (simpler.ts).

import { instant, micros, type Instant } from "../../model/units.ts";
import type { Fault, Scenario } from "../scenario/scenario.ts";
import { movedAliveness } from "./aliveness.ts";
import { movedOperations } from "./operations.ts";

/** All moments that a scenario names, ascending, each once; the end of its load is the last. */
export function momentsOf(world: Scenario): readonly number[] {
  const found = new Set<number>([world.duration]);
  movedMoments(world, (moment) => {
    found.add(moment);
    return moment;
  });
  return [...found].filter((moment) => moment <= world.duration).sort((one, other) => one - other);
}

/** The same with every moment moved. How long a process is down follows from when it dies and when it is back. */
export function movedMoments(world: Scenario, moved: (moment: number) => number): Scenario {
  const to = (at: number): Instant => instant(moved(at));
  const { plans, detachments, travellers, operations, aliveness } = world;
  const script = world.script.map((step) => ({ ...step, at: to(step.at) }));
  return {
    ...world,
    script: script.toSorted((one, other) => one.at - other.at),
    faults: world.faults.map((fault) => faultMoved(fault, to)),
    ...(plans !== undefined && { plans: plans.map((plan) => ({ ...plan, at: to(plan.at) })) }),
    ...(detachments !== undefined && { detachments: detachments.map((one) => ({ ...one, at: to(one.at) })) }),
    ...(operations !== undefined && { operations: movedOperations(operations, to) }),
    ...(aliveness !== undefined && { aliveness: movedAliveness(aliveness, to) }),
    ...(travellers !== undefined && {
      travellers: travellers.map(({ travel, ...one }) => ({
        ...one,
        travel: {
          ...travel,
          stops: travel.stops.map((stop) => ({ ...stop, at: stop.at === 0 ? stop.at : to(stop.at) })),
        },
      })),
    }),
    duration: micros(moved(world.duration)),
  };
}

function faultMoved(fault: Fault, to: (at: number) => Instant): Fault {
  const until = (moment: Instant | null): Instant | null => (moment === null ? null : to(moment));
  switch (fault.kind) {
    case "linkDown":
    case "partition":
    case "isolate":
    case "lyingFsync":
    case "fullDisk":
    case "slowDisk":
    case "pause":
    case "clog":
    case "degrade":
    case "clockDrift":
      return { ...fault, from: to(fault.from), until: until(fault.until) };
    case "bitRot":
    case "clockStep":
      return { ...fault, at: to(fault.at) };
    case "crash":
    case "restoreBackup":
    case "cloneDisk": {
      const at = to(fault.at);
      const after = micros(to(fault.at + fault.after) - at);
      return fault.kind === "restoreBackup" ? { ...fault, of: to(fault.of), at, after } : { ...fault, at, after };
    }
  }
}

/** Each moment at a multiple of the step, in their order; what is beyond the end of the load stays as far beyond it. */
export function onGrid(world: Scenario, step: number): Scenario {
  const moments = momentsOf(world);
  const places = new Map(moments.map((moment, index) => [moment, (index + 1) * step]));
  const end = moments.length * step;
  return movedMoments(world, (moment) => places.get(moment) ?? end + Math.max(step, moment - world.duration));
}

/** Each moment at the nearest multiple of the step. */
export function rounded(world: Scenario, step: number): Scenario {
  return movedMoments(world, (moment) => Math.max(step, Math.round(moment / step) * step));
}

/** One moment at a multiple of the step between its neighbours: the lower or the higher one. */
export function oneRounded(world: Scenario, moment: number, step: number, isDown: boolean): Scenario | null {
  const to = (isDown ? Math.floor(moment / step) : Math.ceil(moment / step)) * step;
  const moments = momentsOf(world);
  const index = moments.indexOf(moment);
  const isFree = to > (moments[index - 1] ?? 0) && to < (moments[index + 1] ?? Infinity);
  return isFree ? movedMoments(world, (found) => (found === moment ? to : found)) : null;
}
