// Other names for cloudlets in everything that mentions them, and one cloudlet taken for another. Leaves out what the names are, and
// which cloudlets to try (passes.ts, simpler.ts).

import type { TopologySpec } from "../../model/topology/spec.ts";
import type { Fault, Scenario } from "../scenario/scenario.ts";
import { renamedAliveness } from "./aliveness.ts";
import { renamedOperations } from "./operations.ts";
import { withoutCloudlets, withTopologies } from "./edits.ts";

type Named = (name: string) => string;

/** The same with other names for its cloudlets, no two alike. */
export function renamed(scenario: Scenario, named: Named): Scenario {
  const ofTopology = (spec: TopologySpec): TopologySpec => ({
    ...spec,
    cloudlets: spec.cloudlets.map(({ name, upper }) => ({
      name: named(name),
      ...(upper !== undefined && { upper: named(upper) }),
    })),
    flows: spec.flows.map(({ via, ...flow }) => ({
      ...flow,
      upper: named(flow.upper),
      lower: named(flow.lower),
      ...(via !== undefined && { via: via.map(named) }),
    })),
    links: spec.links.map((link) => ({ ...link, a: named(link.a), b: named(link.b) })),
  });
  const moved = withTopologies(loadRenamed(scenario, named), ofTopology);
  const at = <One extends { readonly cloudlet: string }>(one: One): One => ({ ...one, cloudlet: named(one.cloudlet) });
  return {
    ...moved,
    clocks: moved.clocks.map(at),
    disks: moved.disks.map(at),
    cpus: moved.cpus.map(at),
    wire: { ...moved.wire, versions: moved.wire.versions.map(at) },
  };
}

/** The same with one cloudlet taken for another one: what happened at the one happens at the other. */
export function merged(scenario: Scenario, lower: string, upper: string): Scenario {
  const named = (name: string): string => (name === lower ? upper : name);
  return withoutCloudlets(loadRenamed(scenario, named), new Set([lower]));
}

/** The same with what is asked, decided and broken at other cloudlets; the cloudlets themselves stay. */
function loadRenamed(scenario: Scenario, named: Named): Scenario {
  const { travellers, detachments, core, operations, aliveness } = scenario;
  return {
    ...scenario,
    script: scenario.script.map((step) => ({ ...step, cloudlet: named(step.cloudlet) })),
    clients: scenario.clients.map((group) => ({ ...group, at: [...new Set(group.at.map(named))] })),
    ...(travellers !== undefined && {
      travellers: travellers.map(({ session, at, travel }) => ({
        session,
        at: named(at),
        travel: {
          ...travel,
          stops: travel.stops.map((stop) => ({ ...stop, to: stop.to === null ? null : named(stop.to) })),
        },
      })),
    }),
    ...(detachments !== undefined && {
      detachments: detachments.map((one) => ({ ...one, decides: named(one.decides), member: named(one.member) })),
    }),
    ...(operations !== undefined && { operations: renamedOperations(operations, named) }),
    ...(aliveness !== undefined && { aliveness: renamedAliveness(aliveness, named) }),
    faults: scenario.faults.map((fault) => faultRenamed(fault, named)),
    ...(core !== undefined && { core: [...new Set(core.map(named))] }),
  };
}

function faultRenamed(fault: Fault, named: Named): Fault {
  switch (fault.kind) {
    case "linkDown":
    case "clog":
    case "degrade":
      return { ...fault, a: named(fault.a), b: named(fault.b) };
    case "partition":
      return { ...fault, groups: fault.groups.map((names) => [...new Set(names.map(named))]) };
    case "cloneDisk":
      return { ...fault, source: named(fault.source), cloudlet: named(fault.cloudlet) };
    default:
      return { ...fault, cloudlet: named(fault.cloudlet) };
  }
}
