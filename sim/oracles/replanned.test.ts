// Operations in whole runs whose topology changes: a layer is put in between, sites move with their queues and are taken out of the tree.
// Right runs are silent, wrong rules of the control layer are caught, and who judged by the first plan would complain of what is right.

import { expect, test } from "vitest";
import { operationId, readOperation } from "../../model/control/operation.ts";
import type { ControlRules } from "../../model/control/rules.ts";
import type { CloudletId, Incarnation, OpId } from "../../model/ids.ts";
import { bytes, type Instant } from "../../model/units.ts";
import type { RunReport } from "../run/report.ts";
import { firstPlanOf, runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type OracleName, operationOracles } from "./names.ts";
import { createOracles } from "./oracles.ts";
import { OperationTruth } from "./operation-truth.ts";

const text = `
causeway: 1
name: replanned
seed: 1
topology: { tree: { centre: { north: { site1: , site2: }, south: { site3: , site4: }, spare: } } }
scopes: [{ name: inventory, prefix: inventory/, resolver: lww-hlc }]
flows: [{ scope: inventory, between: tree, direction: both }]
links: { defaults: { delay: 20ms, jitter: 30ms, loss: 2% } }
plans:
  - { at: 8s, told: "uniform(0s, 1s)", reparent: { spare: north, site1: spare } }
  - { at: 11s, told: "uniform(0s, 1s)", reparent: { site2: south } }
  - { at: 13s, told: "uniform(0s, 1s)", detach: [site3] }
  - { at: 17s, told: "uniform(0s, 1s)", reparent: { site3: north } }
operations:
  custody: shared
  caps: { records: 300, bytes: 300kB }
  takes: exponential(500ms)
  issuers:
    - name: owner
      at: [centre, north, south, spare]
      kinds: [vm.create, vm.update, image.create]
      every: exponential(500ms)
      objects: 20
      takesBack: { share: 10%, after: 1s }
    - { name: local, at: [site3], targets: [site3], kinds: [vm.create], every: exponential(900ms), objects: 20 }
    - { name: hurried, at: centre, kinds: [user.create], every: exponential(900ms), expiry: 3s }
faults:
  - { isolate: site1, from: 2s, until: 10s }
  - { isolate: site2, from: 5s, until: 15s }
  - { isolate: site3, from: 11s, until: 16s }
  - { crash: north, at: 9500ms, for: 2s }
duration: 20s
settle: 60s
`;

function read(seed: number, settings: Readonly<Record<string, string>> = {}): Scenario {
  const given = Object.entries(settings).map(([path, value]) => ({ label: path, path, value }));
  const outcome = readScenario(text, { file: "replanned.yaml", seed: String(seed), settings: given });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.scenario;
}

function evidence({ properties }: RunReport, of: readonly OracleName[] = operationOracles): readonly string[] {
  return properties.flatMap(([name, verdict]) => (of.includes(name) ? verdict.evidence : []));
}

test.each([
  ["shared", "300"],
  ["shared", "5"],
  ["distributed", "300"],
  ["distributed", "5"],
])(
  "custody %s, caps of %s: whatever the plans do, operations end once, and no oracle complains",
  (custody, records) => {
    const ends = new Map<string, number>();
    for (let seed = 1; seed <= 2; seed += 1) {
      const { report } = runScenario(read(seed, { "operations.custody": custody, "operations.caps.records": records }));
      expect([seed, report.verdict, report.unmet]).toEqual([seed, "passed", []]);
      for (const { done, endedOtherwise } of report.operations?.kinds ?? []) {
        ends.set("done", (ends.get("done") ?? 0) + done);
        ends.set("otherwise", (ends.get("otherwise") ?? 0) + endedOtherwise);
      }
    }
    expect(ends.get("done")).toBeGreaterThan(100);
    expect(ends.get("otherwise")).toBeGreaterThan(10);
  },
);

test("what an issuer had closed, and its disk has lost, may begin where it was detached and is attached again: told, no violation", () => {
  const faults = `[
    { lyingFsync: centre, from: 12s, until: 18s },
    { crash: centre, at: 17500ms, for: 2s },
    { isolate: site3, from: 9s, until: 20s },
  ]`;
  const settings = {
    faults,
    duration: "22s",
    "operations.custody": "distributed",
    "operations.issuers.owner.at": "centre",
  };
  const { report } = runScenario(read(7, settings));
  expect([report.verdict, evidence(report)]).toEqual(["passed", []]);
  const note = expect.stringMatching(
    /^operation-ends was suspended for \d+ operations? .* the disk of centre had lost the first end$/,
  ) as string;
  expect(report.notes).toContainEqual(note);
});

type Settings = Readonly<Record<string, string>>;

const plants: readonly (readonly [string, Partial<ControlRules>, Settings, RegExp])[] = [
  [
    "a target begins what somebody issued who is not above it any more",
    { judgesOnArrival: () => false },
    // What has come to a site waits there for its plane until the plans have changed.
    {
      "operations.planes": "[{ at: [site2], plane: control, fails: [{ from: 3s, until: 13s }] }]",
      "faults[1]": "{ isolate: site4, from: 5s, until: 6s }",
    },
    /was told of .*, which is not below \w+, where it was issued/,
  ],
  [
    "what stands open for somebody who was detached never ends",
    { closes: () => false },
    {},
    /was accepted at .* and has no end$/,
  ],
  [
    "what was given back goes on from nowhere",
    { takesBack: () => false },
    { "operations.custody": "distributed" },
    /was accepted at .* and has no end$/,
  ],
  [
    "who is attached again begins what stands there without clearance",
    { awaitsClearance: () => false },
    // It is down while it is out of the tree: what stands there it judges when it is attached again, out of reach.
    {
      "operations.planes": "[{ at: [site3], plane: control, fails: [{ from: 3s, until: 18500ms }] }]",
      faults: "[{ crash: site3, at: 12500ms, for: 5700ms }, { isolate: site3, from: 12s, until: 19500ms }]",
    },
    /began at \w+ .*, since its target had been detached: plan \d says so, which the target knew/,
  ],
];

test.each(plants)("%s: caught, and right without that", (_name, rules, settings, symptom) => {
  for (let seed = 1; seed <= 10; seed += 1) {
    const scenario = read(seed, settings);
    const { report } = runScenario(scenario, { controlPlant: () => rules });
    if (!evidence(report).some((line) => symptom.test(line))) continue;
    expect(evidence(runScenario(scenario).report)).toEqual([]);
    return;
  }
  expect.unreachable("no run of ten shows it");
});

const isId = (id: CloudletId | null | undefined): id is CloudletId => typeof id === "number";

// The spare layer asks for something for a site that comes below it with the first change of plan.
function judged(told: readonly string[]): readonly string[] {
  const topology = firstPlanOf(read(1));
  const [, changed] = topology.plans;
  const [spare, site1] = ["spare", "site1"].map((name) => topology.cloudletNamed(name));
  const at = 1_000_000 as Instant;
  if (changed === undefined || !isId(spare) || !isId(site1)) throw new Error("the scenario has them");
  const truth = new OperationTruth(topology, null);
  const oracles = createOracles(topology, { operations: { truth, caps: { records: 9, bytes: bytes(1_000) } } });
  for (const name of told) truth.planTold(at, topology.cloudletNamed(name) ?? spare, topology, changed);
  const id = operationId(spare, 1 as Incarnation, 1);
  const operation = readOperation(id, `op vm.create vm to=${site1} by=owner`);
  if (operation === null) throw new Error("an operation that cannot be read");
  const planes = { control: "healthy", management: "healthy" } as const;
  truth.asked(at, spare, 1 as OpId, { target: site1, kind: "vm.create", object: "vm", actor: "owner" });
  truth.answered(at, 1 as OpId, { kind: "accepted", operation: id }, planes);
  truth.begun(at, site1, operation, { plane: "control", by: "own", state: "healthy", isUpperOpen: false });
  truth.carriedOut(id, "done");
  return oracles.verdicts().flatMap(([name, { evidence: found }]) => (name === "operation-authority" ? found : []));
}

test("who is below whom is judged by the plan of whoever acts, as he goes by it then", () => {
  expect(judged(["spare", "site1"])).toEqual([]);
  expect(judged(["site1"])).toEqual(["7.1.1 was accepted at spare for site1, which is not below"]);
  expect(judged(["spare"]).join()).toMatch(/the control plane of site1 was told of .*, which is not below spare/);
});
