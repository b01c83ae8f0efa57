// The public names of the topology: what people write, what is built from it, and why it may be refused.

export { buildTopology, type Built } from "./build.ts";
export { describeTopology } from "./describe.ts";
export {
  FIGURE_1_CLOUDLETS,
  figure1,
  type Figure1Options,
  type Figure1Routing,
  type Figure1Scope,
} from "./figure-1.ts";
export { nearestName } from "./names.ts";
export { type Refusal, renderSpecPath, type Rule, type RuleId, RULES, type SpecPath } from "./rules.ts";
export type {
  CloudletSpec,
  FlowDirection,
  FlowSpec,
  LinkDirectionSpec,
  LinkSpec,
  ScopeSpec,
  TopologySpec,
} from "./spec.ts";
export {
  type BuiltInResolver,
  builtInResolvers,
  type CustomResolverName,
  type DeltaResolver,
  type ResolverName,
  resolverTable,
} from "./resolvers.ts";
export type {
  Adjacency,
  Cloudlet,
  Flow,
  Link,
  Relation,
  RouteHop,
  Scope,
  Stream,
  TargetJudgement,
  Topology,
} from "./topology.ts";
