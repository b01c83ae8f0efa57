// The simulator for other people's programs: read or draw a scenario, run it, look at the report; or put another protocol
// in the core's place (`RunOptions.createCore`) and let the same oracles judge it.

export type { Plant } from "./plants/plant.ts";
export { plantNamed, plantTable } from "./plants/plants.ts";
export { markTable, oracleTable, type MarkName, type OracleName } from "./oracles/names.ts";
export type { DropReason, Observer } from "./oracles/observer.ts";
export { generatedScenario, generateScenario, type GeneratedScenario, type GenerateOptions } from "./run/generate.ts";
export type { PropertyVerdict, RunReport, RunVerdict } from "./run/report.ts";
export { checkDeterminism, type Repetition } from "./run/repetition.ts";
export { runScenario, TopologyRefused, type RunOptions, type RunOutcome } from "./run/runner.ts";
export { protocolTable, type Protocol, type ProtocolName } from "../model/protocols/protocols.ts";
export { loadResolver, type LoadOutcome, type ResolverRequest } from "./resolvers/load.ts";
export { readScenario } from "./scenario/read.ts";
export type { ResolverCode, Scenario } from "./scenario/scenario.ts";
