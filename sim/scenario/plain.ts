// A scenario in which nothing goes wrong and nobody asks anything: what code that makes scenarios begins with. The file
// form has defaults of its own (schema.ts).

import type { TopologySpec } from "../../model/topology/spec.ts";
import { micros, seconds } from "../../model/units.ts";
import type { Scenario } from "./scenario.ts";

/** The scenario with everything left at its plainest but what is given. */
export function plainScenario(
  given: { readonly seed: string; readonly topology: TopologySpec } & Partial<Scenario>,
): Scenario {
  return {
    name: "plain",
    shows: [],
    protocol: "causeway",
    causality: "session",
    resolvers: [],
    clients: [],
    script: [],
    clocks: [],
    diskSync: { kind: "constant", value: micros(200) },
    disks: [],
    cpus: [],
    wire: { encodes: false, versions: [] },
    logs: { retain: null, checkpoint: null },
    faults: [],
    clockBound: seconds(1),
    duration: seconds(5),
    settle: seconds(30),
    expectations: { always: [], eventually: [], sometimes: [], violated: [], bounds: [] },
    ...given,
  };
}
