// What a run's report tells of marks and views: how each cloudlet was marked by its upper over time, with what it turned out to have been,
// and how old what was shown of it was while it was connected. No verdict: that is mark-rules.ts and view-age.ts.

import type { Mark } from "../../model/control/aliveness.ts";
import { viewClasses, type ViewClass } from "../../model/control/view.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { AlivenessReport, MarkStretch } from "../run/report.ts";
import type { WatchEvent } from "./observer.ts";
import { rewatched } from "./plans-in-force.ts";
import type { Listener } from "./oracle.ts";

/** Clocks run apart by less than this part of their time. */
const CLOCKS_APART = 50;
/** Stretches that are told of one cloudlet; more are counted. */
const STRETCHES_MAX = 200;

interface Line {
  readonly cloudlet: string;
  /** Of several plans the one that it came to last. */
  upper: CloudletId;
  mark: Mark | null;
  stretches: { at: number; mark: Mark | null; was: Set<string> }[];
  moreCount: number;
  changes: number;
}

/** Gathers it. */
export interface MarkFigures extends Listener {
  /** Call it after `finished`. */
  report(): AlivenessReport;
}

/** Begins with nobody marked. */
export function markFigures(topology: Topology): MarkFigures {
  const lines = new Map<CloudletId, Line>();
  const begin = (at: number, id: CloudletId, cloudlet: string, upper: CloudletId): void => {
    const first = { at, mark: "unknown" as const, was: new Set<string>() };
    lines.set(id, { cloudlet, upper, mark: "unknown", stretches: [first], moreCount: 0, changes: 0 });
  };
  for (const { id, name, upper } of topology.cloudlets) if (upper !== null) begin(0, id, name, upper);
  const ages = new Map<ViewClass, number[]>(viewClasses.map(({ name }) => [name, []]));

  const enter = (at: Instant, line: Line, mark: Mark | null): void => {
    if (line.mark === mark) return;
    line.mark = mark;
    if (line.stretches.length < STRETCHES_MAX) line.stretches.push({ at, mark, was: new Set() });
    else line.moreCount += 1;
  };

  // What was learned last, to the stretch that it is about; in the first moment there is nothing to learn.
  const learn = (line: Line, { sight }: Extract<WatchEvent, { readonly kind: "looked" }>): void => {
    const known = sight.history.filter(
      ({ mark, was }) => was !== null && (mark === "autonomous" || mark === "unknown"),
    );
    const last = known.at(-1);
    if (last === undefined || last.was === null) return;
    // Histories are by the upper's clock, which may be a little fast.
    const until = last.from + last.from / CLOCKS_APART + 1_000_000;
    const stretch = line.stretches.findLast(({ at, mark }) => mark === last.mark && at <= until);
    if (stretch !== undefined && stretch.at > 0) stretch.was.add(last.was);
  };

  return {
    started(at, cloudlet) {
      for (const line of lines.values()) if (line.upper === cloudlet) enter(at, line, "unknown");
    },
    crashed(at, cloudlet) {
      for (const line of lines.values()) if (line.upper === cloudlet) enter(at, line, null);
    },
    planTold(at, cloudlet, former, plan) {
      for (const { about, isAdjacent } of rewatched(cloudlet, former, plan)) {
        const line = lines.get(about);
        if (line === undefined) {
          if (isAdjacent) begin(at, about, plan.cloudlets[about]?.name ?? "", cloudlet);
        } else if (isAdjacent) {
          line.upper = cloudlet;
          enter(at, line, "unknown");
        } else if (line.upper === cloudlet) enter(at, line, null);
      }
    },
    watching(at, cloudlet, event) {
      if (event.kind !== "marked" && event.kind !== "looked") return;
      const line = lines.get(event.about);
      if (line?.upper !== cloudlet) return;
      if (event.kind === "marked") {
        line.changes += 1;
        enter(at, line, event.to);
        return;
      }
      learn(line, event);
      if (line.mark !== "connected") return;
      for (const { name } of viewClasses) {
        const one = event.sight.view[name];
        if (one !== undefined) ages.get(name)?.push(one.age);
      }
    },
    report: () => ({
      marks: [...lines.values()].map(({ cloudlet, upper, stretches, moreCount, changes }) => ({
        cloudlet,
        upper: topology.cloudlets[upper]?.name ?? "",
        changes,
        stretches: stretches.map(({ at, mark, was }): MarkStretch => ({ at, mark, was: [...was].sort().join(", ") })),
        moreCount,
      })),
      ages: [...ages].flatMap(([name, all]) => {
        if (all.length === 0) return [];
        const sorted = all.toSorted((one, other) => one - other);
        const median = sorted[Math.floor(sorted.length / 2)] as number;
        return [{ class: name, looks: sorted.length, median, max: sorted.at(-1) as number }];
      }),
    }),
  };
}
