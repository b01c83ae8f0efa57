// That the tree for benchmarks has the size, the streams and the links that measurements name.

import { expect, test } from "vitest";
import { buildTopology } from "../../model/topology/index.ts";
import { BENCHMARK_SHARED_SCOPES, benchmarkTree } from "./benchmark-tree.ts";

test.each([3, 10, 100, 1_000, 10_000])(
  "the benchmark's tree of %i cloudlets has three levels and reports upwards",
  (cloudlets) => {
    const result = buildTopology(benchmarkTree(cloudlets));
    if (result.kind === "refused") throw new Error(result.refusals[0]?.message ?? "");
    const { topology } = result;
    expect(topology.cloudlets).toHaveLength(cloudlets);
    const leaves = topology.cloudlets.filter(({ depth }) => depth === 2);
    expect(leaves.every(({ lowers }) => lowers.length === 0)).toBe(true);
    expect(topology.scopes).toHaveLength(BENCHMARK_SHARED_SCOPES + leaves.length);
    // One stream per shared scope; of a report, one each for leaf, middle and root.
    expect(topology.streams).toHaveLength(BENCHMARK_SHARED_SCOPES + 3 * leaves.length);
    for (const { id, upper, name } of leaves) {
      const scope = topology.scopeOf(`report/${name}/load`)!;
      expect(topology.scopes[scope]!.members).toEqual([0, upper, id]);
      expect(topology.receivers(topology.streamOf(scope, id)!)).toEqual([0, upper, id]);
      expect(topology.receivers(topology.streamOf(scope, topology.cloudletNamed("root")!)!)).toEqual([0]);
    }
    for (const { forth } of topology.links) {
      expect(forth.delay).toBeGreaterThanOrEqual(5_000);
      expect(forth.delay).toBeLessThanOrEqual(40_000);
      expect(forth.loss).toBe(20_000);
    }
  },
);
