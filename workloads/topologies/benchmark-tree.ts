// The topology that speed is measured on: a three-level tree with four two-way scopes that everyone holds, and for each
// leaf a one-way scope of its own that reports to the middle and the root. Nothing is drawn, so that two measurements of
// one size are measurements of one topology.

import { assert } from "../../model/assert.ts";
import type { CloudletSpec, FlowSpec, LinkSpec, ScopeSpec, TopologySpec } from "../../model/topology/spec.ts";
import { micros } from "../../model/units.ts";

/** Number of two-way scopes over all edges of the tree. */
export const BENCHMARK_SHARED_SCOPES = 4;

const DELAY_MIN = 5_000;
const DELAY_MAX = 40_000;
const LOSS = 20_000;

/**
 * The benchmark's tree: `root`, about as many middles as each has leaves, the rest leaves; scopes `shared0` to `shared3`
 * with prefixes `shared0/` and so on, and `report-leaf7` with prefix `report/leaf7/`. Links take 5 to 40 ms and lose 2 %.
 *
 * @param cloudlets all of them together, at least 3
 */
export function benchmarkTree(cloudlets: number): TopologySpec {
  assert(Number.isSafeInteger(cloudlets) && cloudlets >= 3, "a three-level tree has at least 3 cloudlets");
  const middles = Math.max(1, Math.floor(Math.sqrt(cloudlets)) - 1);
  const leaves = cloudlets - 1 - middles;
  const tree: CloudletSpec[] = [{ name: "root" }];
  const scopes: ScopeSpec[] = [];
  const flows: FlowSpec[] = [];
  for (let scope = 0; scope < BENCHMARK_SHARED_SCOPES; scope += 1) {
    scopes.push({ name: `shared${scope}`, prefix: `shared${scope}/` });
  }
  for (let middle = 0; middle < middles; middle += 1) tree.push({ name: `middle${middle}`, upper: "root" });
  for (let leaf = 0; leaf < leaves; leaf += 1) {
    const middle = `middle${leaf % middles}`;
    const name = `leaf${leaf}`;
    const scope = `report-${name}`;
    tree.push({ name, upper: middle });
    scopes.push({ name: scope, prefix: `report/${name}/` });
    flows.push({ scope, upper: middle, lower: name, direction: "up" });
    flows.push({ scope, upper: "root", lower: middle, direction: "up" });
  }
  const links: LinkSpec[] = [];
  for (const { name, upper } of tree) {
    if (upper === undefined) continue;
    for (let scope = 0; scope < BENCHMARK_SHARED_SCOPES; scope += 1) {
      flows.push({ scope: `shared${scope}`, upper, lower: name, direction: "both" });
    }
    // A prime step scatters the delays evenly without a draw.
    const delay = DELAY_MIN + ((links.length * 7_919) % (DELAY_MAX - DELAY_MIN + 1));
    links.push({ a: upper, b: name, forth: { delay: micros(delay), loss: LOSS } });
  }
  return { cloudlets: tree, scopes, flows, links };
}
