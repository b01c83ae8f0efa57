// Families of plans: streams keep their ids while their reach changes, who shares one under every plan shares one at all,
// and whatever does not fit together is refused with its plan, its place and a remedy.

import { expect, test } from "vitest";
import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import { millis } from "../units.ts";
import { buildPlans, type BuiltPlans } from "./plans.ts";
import { renderSpecPath } from "./rules.ts";
import type { FlowSpec, TopologySpec } from "./spec.ts";
import type { Topology } from "./topology.ts";

/** root over left and right; leaf below one of the two. */
function plan(upperOfLeaf: "left" | "right", flows: readonly FlowSpec[]): TopologySpec {
  const link = (a: string, b: string): TopologySpec["links"][number] => ({ a, b, forth: { delay: millis(1) } });
  return {
    cloudlets: [
      { name: "root" },
      { name: "left", upper: "root" },
      { name: "right", upper: "root" },
      { name: "leaf", upper: upperOfLeaf },
    ],
    scopes: [
      { name: "users", prefix: "users/" },
      { name: "reports", prefix: "reports/" },
    ],
    flows,
    links: [link("root", "left"), link("root", "right"), link("left", "leaf"), link("right", "leaf")],
  };
}

function tree(upperOfLeaf: "left" | "right"): TopologySpec {
  const edges = [
    ["root", "left"],
    ["root", "right"],
    [upperOfLeaf, "leaf"],
  ] as const;
  return plan(
    upperOfLeaf,
    edges.flatMap(([upper, lower]): FlowSpec[] => [
      { scope: "users", upper, lower, direction: "both" },
      { scope: "reports", upper, lower, direction: "up" },
    ]),
  );
}

function familyOf(...specs: readonly TopologySpec[]): readonly Topology[] {
  const built = buildPlans(specs);
  if (built.kind === "refused") throw new Error(built.refusals.map(({ message }) => message).join("\n"));
  return built.plans;
}

function refusalsOf(built: BuiltPlans): readonly string[] {
  if (built.kind === "plans") return [];
  return built.refusals.map(({ plan: at, rule, path, message }) => `${at} ${rule} ${renderSpecPath(path)}: ${message}`);
}

const [root, left, right, leaf] = [0, 1, 2, 3] as [CloudletId, CloudletId, CloudletId, CloudletId];
const users = 0 as ScopeId;
const reports = 1 as ScopeId;

test("a cloudlet that moves keeps its streams; whom they reach changes", () => {
  const [before, after] = familyOf(tree("left"), tree("right")) as [Topology, Topology];
  expect([before.plan, after.plan]).toEqual([0, 1]);
  expect(after.plans).toBe(before.plans);
  expect(after.streams).toBe(before.streams);
  const shared = before.streamOf(users, root) as StreamId;
  for (const id of [left, right, leaf])
    expect([before, after].map((t) => t.streamOf(users, id))).toEqual([shared, shared]);
  const own = before.streamOf(reports, leaf) as StreamId;
  expect(after.streamOf(reports, leaf)).toBe(own);
  expect(before.receivers(own)).toEqual([root, left, leaf]);
  expect(after.receivers(own)).toEqual([root, right, leaf]);
  expect(before.circulates(shared)).toBe(true);
  expect(before.circulates(own)).toBe(false);
});

test("those that are apart under one plan are streams of their own under all", () => {
  const flow = (upper: string, lower: string): FlowSpec => ({ scope: "users", upper, lower, direction: "both" });
  const [before, after] = familyOf(
    plan("left", [flow("root", "left"), flow("left", "leaf")]),
    plan("right", [flow("root", "left")]),
  ) as [Topology, Topology];
  const ofRoot = before.streamOf(users, root) as StreamId;
  const ofLeaf = before.streamOf(users, leaf) as StreamId;
  expect(before.streamOf(users, left)).toBe(ofRoot);
  expect(ofLeaf).not.toBe(ofRoot);
  expect(before.streams[ofRoot]?.origins).toEqual([root, left]);
  expect([before.receivers(ofRoot), before.receivers(ofLeaf)]).toEqual([
    [root, left, leaf],
    [root, left, leaf],
  ]);
  expect([after.receivers(ofRoot), after.receivers(ofLeaf)]).toEqual([[root, left], [leaf]]);
  expect(after.streamOf(users, leaf)).toBeNull();
  expect([before.circulates(ofLeaf), after.circulates(ofLeaf)]).toEqual([true, false]);
});

test("a family of one is the topology itself", () => {
  const [only, ...others] = familyOf(tree("left"));
  expect(others).toEqual([]);
  expect(only?.plans).toEqual([only]);
});

const spec = tree("left");

test.each<readonly [what: string, changed: TopologySpec, expected: readonly string[]]>([
  [
    "a cloudlet is moved below its own descendant",
    {
      ...spec,
      cloudlets: spec.cloudlets.map((cloudlet) =>
        cloudlet.name === "left" ? { name: "left", upper: "leaf" } : cloudlet,
      ),
      flows: [],
    },
    [
      "1 T3 cloudlets[1].upper: control runs in a circle: left > leaf > left; give one of them an upper that does not stand below it",
    ],
  ],
  [
    "a scope changes its resolver mid-way",
    { ...spec, scopes: [{ ...spec.scopes[0]!, resolver: "return-them-all" }, spec.scopes[1]!] },
    [
      '1 T14 scopes[0].resolver: scope "users" changes its resolver from "lww-hlc" to "return-them-all"; what stands in it ' +
        "was written under the old one: add a scope of another name and prefix instead",
    ],
  ],
  [
    "a scope is missing",
    { ...spec, scopes: spec.scopes.slice(0, 1), flows: [] },
    [
      '1 T14 scopes[1]: scope "reports" of the first plan is missing or elsewhere in the list; list the same scopes in the ' +
        "same order in every plan",
    ],
  ],
  [
    "a cloudlet is missing",
    { ...spec, cloudlets: spec.cloudlets.slice(0, 3), flows: [] },
    [
      '1 T14 cloudlets[3]: "nobody" stands where the first plan has "leaf"; list the same cloudlets in the same order, and ' +
        "give no flows to those not in use",
    ],
  ],
  [
    "links differ",
    { ...spec, links: spec.links.slice(0, 3) },
    ["1 T14 links: links differ from those of the first plan; list the links of all plans in each of them"],
  ],
])("refused when %s", (_what, changed, expected) => {
  expect(refusalsOf(buildPlans([spec, changed]))).toEqual(expected);
});

test("what is wrong in all plans is told once, and no plan at all is no topology", () => {
  const broken = { ...spec, scopes: [{ name: "users", prefix: "" }, spec.scopes[1]!] };
  expect(refusalsOf(buildPlans([broken, broken]))).toHaveLength(1);
  expect(refusalsOf(buildPlans([]))).toEqual(["0 T13 cloudlets: there is no cloudlet; add one"]);
});
