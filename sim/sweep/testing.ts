// For tests: small plans made in code, whose runs take milliseconds, and what they come to when one thread runs them.
//
// Leaves out workers.

import { createHash } from "node:crypto";
import { type FaultName, faultNames } from "../faults/table.ts";
import type { Range } from "./chunks.ts";
import { CaseMaker } from "./case.ts";
import { openFolder } from "./folder.ts";
import { manifestOf } from "./manifest.ts";
import { writePart } from "./part.ts";
import type { SweepCase, SweepExpectations, SweepPlan } from "./plan.ts";
import { openResults, type Results } from "./results.ts";
import { runCase, type SweepRow } from "./row.ts";

/** A scenario of three cloudlets and some twenty requests. */
export const smallText = `causeway: 1
name: small
topology: { tree: { hub: { edge: null, far: null } } }
scopes: [{ name: users, prefix: users/ }]
flows: [{ scope: users, between: tree, direction: both }]
clients:
  - { name: people, at: all, think: 200ms, mix: [{ put: users/, keys: 4, weight: 1 }, { get: users/, keys: 4, weight: 1 }] }
duration: 1s
`;

/** Nothing is expected of the runs together. */
export const nothingExpected: SweepExpectations = { sometimes: [], bounds: [], topologies: null, everyFault: false };

/** What a plan for a test may differ in. */
export interface SmallPlanOptions {
  readonly caseCount: number;
  readonly name?: string;
  readonly text?: string;
  readonly expectations?: SweepExpectations;
  /** What differs in the case with a number. */
  readonly differing?: (index: number) => Partial<SweepCase>;
}

/** A plan over `smallText`: every other case under drawn faults, one parameter. */
export function smallPlan(options: SmallPlanOptions): SweepPlan {
  const { caseCount, name = "small", text = smallText, expectations = nothingExpected, differing } = options;
  const caseAt = (index: number): SweepCase => ({
    index,
    seed: `t-${index}`,
    workload: { kind: "text", source: 0 },
    settings: [{ label: "retain", path: "logs.retain", data: 8 + (index % 3) }],
    faults: index % 2 === 0 ? { kind: "own" } : { kind: "swarm", wanted: [faultNames[index % 3] as FaultName] },
    parameters: [8 + (index % 3)],
    ...differing?.(index),
  });
  return {
    name,
    seed: "t",
    sources: [{ file: "small.yaml", text }],
    columns: [{ name: "logs.retain", kind: "integer" }],
    caseCount,
    caseAt,
    expectations,
    fingerprint: createHash("sha256")
      .update(JSON.stringify([name, text, caseCount]))
      .digest("hex"),
  };
}

/** The rows of a plan's cases, of all of them if nothing else is said, run one after the other in this thread. */
export function rowsOf(plan: SweepPlan, cases: Range = { from: 0, to: plan.caseCount }): readonly SweepRow[] {
  const maker = new CaseMaker(plan.sources);
  return Array.from({ length: cases.to - cases.from }, (_, at) => runCase(maker, plan.caseAt(cases.from + at)));
}

/** These rows as the results of a plan, in one part in this empty folder. */
export function resultsOf(plan: SweepPlan, rows: readonly SweepRow[], path: string): Results {
  const manifest = manifestOf(plan, "test", { from: 0, to: plan.caseCount });
  const folder = openFolder(path, manifest, { resume: false });
  const { columns, fingerprint } = manifest;
  const outcome = writePart({ folder: path, columns, fingerprint }, 0, rows);
  if (outcome.kind === "written") folder.finish(outcome.entry, []);
  folder.close();
  return openResults(path);
}
