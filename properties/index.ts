// Properties for other people's CI: arbitraries of topologies and messages, and small random worlds around a core. Needs
// fast-check beside it. The tests in this folder are not part of it.

export { dots, messages, records, stamps } from "./arbitraries/messages.ts";
export { topologySpecs, type TopologySpecConstraints } from "./arbitraries/topology.ts";
export { worlds, type WorldConstraints } from "./arbitraries/worlds.ts";
export { holds, PropertyViolated, type HoldsOptions } from "./holds.ts";
export { runSmallWorld } from "./small-world.ts";
export type { SmallWorldOptions, SmallWorldResult } from "./small-world-options.ts";
