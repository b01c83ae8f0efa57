// For tests of reports: results of as many runs as wanted, made of a few that were really run, with kinds of topologies, workloads and
// failures among them, and names that would be markup if somebody let them.

import { columnsOf } from "../columns.ts";
import type { CaseSetting, ParameterValue, SweepPlan } from "../plan.ts";
import type { Results } from "../results.ts";
import type { SweepRow } from "../row.ts";
import { resultsOf, rowsOf, smallPlan } from "../testing.ts";

/** A name that runs a script where it is taken for markup. */
export const HOSTILE = `</script><img src=x onerror="document.title='broken'">&'`;

const kinds = ["star", "chain", HOSTILE];

/** The first is drawn of a family, the others are of files: maps. */
const topologies: readonly (readonly CaseSetting[])[] = [
  [{ label: "family", path: "topology", data: { family: { shape: "star", cloudlets: 3 } } }],
  [{ label: "file", path: "topology", data: { tree: { hub: { edge: { far: null } } } } }],
  [
    { label: "file", path: "topology", data: { tree: { hub: { edge: null, far: null } } } },
    { label: "file", path: "links", data: { list: [{ between: ["edge", "far"] }] } },
  ],
];

/** A plan of two kinds of columns beside the parameter. */
function planOf(caseCount: number): SweepPlan {
  const plan = smallPlan({
    caseCount,
    differing: (index) => ({
      parameters: [kinds[index % 3] ?? "", 8 + (index % 3)],
      settings: topologies[index % 3] ?? [],
    }),
  });
  return {
    ...plan,
    name: `study ${HOSTILE}`,
    columns: [
      { name: "topology", kind: "text" },
      { name: "logs.retain", kind: "integer" },
    ],
  };
}

/** Results of so many runs in this empty folder; each of `failing` violates causal-delivery. */
export function manyRuns(
  count: number,
  failing: readonly number[],
  path: string,
): { readonly plan: SweepPlan; readonly results: Results } {
  const few = rowsOf(planOf(Math.min(count, 12)));
  const plan = planOf(count);
  const names = columnsOf(plan.columns).map(({ name }) => name);
  const rows = Array.from({ length: count }, (_, index): SweepRow => {
    const own = new Map<string, ParameterValue>([
      ["index", index],
      ["seed", `t-${index}`],
      ["topology", kinds[index % 3] ?? ""],
      ...(failing.includes(index)
        ? ([
            ["outcome", "failed"],
            ["why", `causal-delivery was to hold always, and ${HOSTILE}`],
            ["property.causal-delivery", "violated"],
            ["violations.causal-delivery", 1],
          ] as const)
        : []),
    ]);
    const like = few[index % few.length] ?? [];
    // Spread, so that pictures have something to show.
    return like.map((value, at) => {
      const name = names[at] ?? "";
      if (own.has(name)) return own.get(name) ?? null;
      return name.startsWith("visibility.") && typeof value === "number" ? value * (1 + (index % 50)) : value;
    });
  });
  return { plan, results: resultsOf(plan, rows, path) };
}
