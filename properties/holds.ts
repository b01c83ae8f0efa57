// Whether a world keeps what it promises: one run under every oracle, of the replication core or of somebody else's core or resolver.
// Made for the body of a property: it returns when all holds and throws what does not, so that fast-check shrinks the world.

import { assert } from "../model/assert.ts";
import type { MergeFunction } from "../model/replication/resolver.ts";
import type { CustomResolverName } from "../model/topology/resolvers.ts";
import type { OracleName } from "../sim/oracles/names.ts";
import { plantNamed, plantOptions } from "../sim/plants/plants.ts";
import type { RunReport } from "../sim/run/report.ts";
import { runScenario, type RunOptions } from "../sim/run/runner.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { writeScenario } from "../sim/scenario/write.ts";

/** What is put under the properties in place of the replication core as it is. */
export interface HoldsOptions {
  /** Makes another core, once per start of a process. */
  readonly createCore?: RunOptions["createCore"];
  /** The resolver of all scopes. */
  readonly resolver?: MergeFunction;
  /** A planted bug of the core, by its name. */
  readonly plant?: string;
  /** Only these are judged; default: all that the world expects. */
  readonly properties?: readonly OracleName[];
}

/** A property that a world does not keep. */
export class PropertyViolated extends Error {
  override readonly name = "PropertyViolated";
  readonly property: OracleName;
  readonly report: RunReport;
  /** The world as the text of a scenario file, for `causeway run`, `causeway shrink` and whoever reads it. */
  readonly scenario: string;

  constructor(property: OracleName, evidence: string, report: RunReport, world: Scenario) {
    const scenario = writeScenario(world);
    super(`${property} is violated: ${evidence}\n\nthe world as a scenario file:\n\n${scenario}`);
    this.property = property;
    this.report = report;
    this.scenario = scenario;
  }
}

const UNDER_TEST: CustomResolverName = "custom:under-test";

/**
 * Runs the world and judges it.
 *
 * @throws PropertyViolated the first property that is violated or, at the end, has not come about, with the evidence
 */
export function holds(world: Scenario, { createCore, resolver, plant, properties }: HoldsOptions = {}): RunReport {
  const planted = plant === undefined ? null : plantNamed(plant);
  if (plant !== undefined) assert(planted !== null, `no planted bug is called ${plant} (causeway list plants)`);
  const scenario = resolver === undefined ? world : withResolver(world);
  const { report } = runScenario(scenario, {
    ...(createCore !== undefined && { createCore }),
    ...(resolver !== undefined && { resolvers: new Map([[UNDER_TEST, resolver]]) }),
    ...(planted !== null && plantOptions(planted)),
  });
  const { always, eventually } = scenario.expectations;
  const judged = new Set(properties ?? [...always, ...eventually]);
  for (const [name, { verdict, evidence }] of report.properties) {
    if (verdict !== "violated" || !judged.has(name)) continue;
    throw new PropertyViolated(name, evidence[0] ?? "without evidence", report, scenario);
  }
  return report;
}

function withResolver(world: Scenario): Scenario {
  const { topology } = world;
  const scopes = topology.scopes.map((scope) => ({ ...scope, resolver: UNDER_TEST }));
  return { ...world, topology: { ...topology, scopes } };
}
