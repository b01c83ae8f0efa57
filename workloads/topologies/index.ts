// Families of topologies: random trees for sweeps, what becomes of them, named families, one fixed tree for benchmarks.

export { BENCHMARK_SHARED_SCOPES, benchmarkTree } from "./benchmark-tree.ts";
export { drawFamily, type FamilyEntry, type FamilyName, familyNames, familyTable } from "./families.ts";
export { fingerprintTopology } from "./fingerprint.ts";
export { drawPlans, type PlanStyle } from "./plan-changes.ts";
export { TREE_SHAPES, type TreeShape } from "./shapes.ts";
export { generateTree, type GeneratedTree, type TreeOptions } from "./trees.ts";
export {
  type ContactWindow,
  type DrawnFamily,
  type FamilyParameter,
  familyParameterNames,
  type FamilyParameters,
  type Shortcut,
} from "./member.ts";
