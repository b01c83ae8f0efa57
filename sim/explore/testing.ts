/**
 * For tests and measurements: worlds to explore, written as the lines of a scenario that matter.
 *
 * Leaves out files; `causeway explore` reads those.
 */
import { assert } from "../../model/assert.ts";
import type { Rules } from "../../model/replication/rules.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import { exploredWorld } from "./explore.ts";
import type { Reductions } from "./reduce.ts";
import type { SpentRule } from "./spent.ts";
import type { Believed } from "./symmetry.ts";
import type { ExploredWorld } from "./world.ts";

/** What a world is made of. */
export interface SmallWorld {
  /** The control tree in brackets: `a: { b: , c: }`. */
  readonly tree: string;
  /** Requests as `cloudlet session put key value`, `cloudlet session delete key` or `cloudlet session get key`. */
  readonly script: readonly string[];
  /** The section `explore`, as YAML in one line. */
  readonly bounds?: string;
  /** Which cloudlets hold the scope of the keys below `one/`; left out: all. */
  readonly among?: string;
  /** The section `plans`, as YAML in one line. */
  readonly plans?: string;
  readonly protocol?: string;
  readonly plant?: () => Partial<Rules>;
  /** Left out: all that may be. */
  readonly reductions?: Reductions;
  /** Left out: the one that is proved. */
  readonly spentRule?: SpentRule;
  readonly believed?: Believed;
}

/** The scenario of a small world: keys below `all/` and `one/`, where all siblings are returned or the last writer wins. */
export function smallScenario({ tree, script, bounds = "", among, plans, protocol }: SmallWorld): string {
  const steps = script.map((line, index) => {
    const [cloudlet, session, verb, key, value] = line.split(" ");
    const rest = value === undefined ? "" : `, value: "${value}"`;
    return `  - { ${verb}: ${key}${rest}, at: ${index + 1}ms, cloudlet: ${cloudlet}, session: ${session} }`;
  });
  return [
    "causeway: 1",
    "name: small",
    "seed: 1",
    `topology: { tree: { ${tree} } }`,
    "scopes: [{ name: one, prefix: one/ }, { name: all, prefix: all/, resolver: return-them-all }]",
    "flows:",
    `  - { scope: one, ${among === undefined ? "between: tree" : `among: [${among}]`}, direction: both }`,
    "  - { scope: all, between: tree, direction: both }",
    "duration: 1s",
    `explore: { ${bounds} }`,
    ...(plans === undefined ? [] : [`plans: ${plans}`]),
    ...(protocol === undefined ? [] : [`protocol: ${protocol}`]),
    "script:",
    ...steps,
    "",
  ].join("\n");
}

/** The same as a world. */
export function smallWorld(small: SmallWorld): ExploredWorld {
  const outcome = readScenario(smallScenario(small), { file: "small.yaml" });
  assert(outcome.kind === "scenario", outcome.kind === "invalid" ? renderProblems(outcome.problems) : "");
  const { reductions, spentRule, believed } = small;
  return exploredWorld(outcome.scenario, outcome.topology, small.plant ?? null, {
    ...(reductions !== undefined && { reductions }),
    ...(spentRule !== undefined && { spentRule }),
    ...(believed !== undefined && { believed }),
  });
}

/** What a test's search may take, in bytes. */
export const unbounded = { memory: Infinity, depth: null } as const;
