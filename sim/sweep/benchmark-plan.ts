// The sweep that benchmarks of sweeps run: the worlds of `swarm.small`, one after the other, under drawn faults. Nothing is expected of
// them together.

import { smallWorld, smallWorldText } from "../swarm/small-worlds.ts";
import type { CaseSetting, SweepPlan } from "./plan.ts";

/** A plan with so many runs; its one parameter is the shape of the tree. */
export function benchmarkPlan(caseCount: number): SweepPlan {
  return {
    name: "small",
    seed: "bench",
    sources: [{ file: "small.yaml", text: smallWorldText(smallWorld(0)) }],
    columns: [{ name: "topology", kind: "text" }],
    caseCount,
    caseAt: (index) => {
      const { topology, think } = smallWorld(index);
      const set = (path: string, data: unknown): CaseSetting => ({ label: path, path, data });
      return {
        index,
        seed: `bench/${index}`,
        workload: { kind: "text", source: 0 },
        settings: [set("topology", topology), set("clients[0].think", think)],
        faults: { kind: "swarm", wanted: [] },
        parameters: [topology.family.shape],
      };
    },
    expectations: { sometimes: [], bounds: [], topologies: null, everyFault: false },
    fingerprint: "bench",
  };
}
