// Topologies that the page of a sweep draws: of each kind the run in which records took longest to be seen, with the figures of its
// cloudlets and links, which rows do not have. Whoever ran it may have drawn it (gallery.ts); otherwise it is run once more.
//
// Leaves out the drawing (sim/report/tree.ts).

import type { MergeFunctions } from "../../../model/replication/resolver.ts";
import { renderMicros, renderNumber } from "../../cli/tables.ts";
import type { RunReport } from "../../run/report.ts";
import { type EndedRun, measureScenario } from "../../run/runner.ts";
import { renderTree, type Heat } from "../../report/tree.ts";
import { CaseMaker } from "../case.ts";
import type { SweepPlan } from "../plan.ts";
import type { Results } from "../results.ts";

/** A picture with its title. */
export interface ShownTopology {
  readonly title: string;
  /** Markup. */
  readonly picture: string;
}

/** More kinds than this are not drawn: the first ones in the order of cases are. */
export const SHOWN_MAX = 12;
/** The column by which runs are of one kind. */
export const KIND = "topology";
/** The column by which they are compared. */
export const FELT = "visibility.p99";

/**
 * Draws them. Runs a case per kind once more, where it is not drawn yet.
 *
 * @param merges the code of the plan's sources, where it may be run; a case that needs it is left out otherwise
 * @param drawn some by their index
 */
export async function showTopologies(
  plan: SweepPlan,
  results: Results,
  merges?: readonly MergeFunctions[],
  drawn: ReadonlyMap<number, ShownTopology> = new Map(),
): Promise<readonly ShownTopology[]> {
  const slowest = new Map<string, { readonly index: number; readonly value: number }>();
  const hasKinds = plan.columns.some(({ name }) => name === KIND);
  for await (const batch of results.batches(["outcome", FELT, ...(hasKinds ? [KIND] : [])])) {
    const [outcomes, felt] = [batch.column("outcome"), batch.column(FELT)];
    const kinds = hasKinds ? batch.column(KIND) : null;
    for (const [at, value] of felt.entries()) {
      if (typeof value !== "number" || outcomes[at] !== "passed") continue;
      const kind = String(kinds?.[at] ?? "");
      const known = slowest.get(kind);
      if (known === undefined && slowest.size === SHOWN_MAX) continue;
      if (known === undefined || value > known.value) slowest.set(kind, { index: batch.from + at, value });
    }
  }
  const maker = new CaseMaker(plan.sources, merges);
  return [...slowest].flatMap(([kind, { index, value }]): ShownTopology[] => {
    const known = drawn.get(index);
    if (known !== undefined) return [known];
    const made = maker.make(plan.caseAt(index));
    if (made.kind === "refused") return [];
    const { scenario, resolvers } = made;
    if (!scenario.resolvers.every((code) => resolvers.has(code.name))) return [];
    // Judged it has been already: only what is measured is asked for.
    return [drawTopology({ kind, index, value }, measureScenario(scenario, { only: [], resolvers }))];
  });
}

/** Draws one run of a kind, in which 99 % of records were seen within so many microseconds. */
export function drawTopology(
  { kind, index, value }: { readonly kind: string; readonly index: number; readonly value: number },
  { end, topology, figures }: Pick<EndedRun, "end" | "topology" | "figures">,
): ShownTopology {
  const { flows, links } = figures();
  const size = `${renderNumber(topology.cloudlets.length)} cloudlets, run ${index}`;
  const picture = renderTree({
    topology,
    links,
    troubled: new Set(),
    moved: new Set(),
    titleId: `topology-${index}`,
    isExplained: false,
    heat: heatOf(flows),
  });
  const name = kind === "" ? end.scenario : kind;
  return { title: `${name}: ${size}, 99 % of records seen within ${renderMicros(value)}`, picture };
}

/** How long records took to get to each cloudlet, by its slowest flow, against the slowest of all. */
function heatOf(flows: RunReport["flows"]): ReadonlyMap<string, Heat> {
  const slowest = new Map<string, number>();
  for (const { to, p99 } of flows) slowest.set(to, Math.max(slowest.get(to) ?? 0, p99));
  const most = Math.max(1, ...slowest.values());
  return new Map(
    [...slowest].map(([name, p99]) => [name, { share: p99 / most, says: `99 % seen within ${renderMicros(p99)}` }]),
  );
}
