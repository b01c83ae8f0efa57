/** Operations in whole runs: right ones are silent, planted bugs are caught, bad input is refused with its place. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { End } from "../../model/control/ends.ts";
import { operationId, readOperation } from "../../model/control/operation.ts";
import type { ControlRules } from "../../model/control/rules.ts";
import type { CloudletId, Incarnation, OpId } from "../../model/ids.ts";
import { bytes, type Instant } from "../../model/units.ts";
import type { RunReport } from "../run/report.ts";
import { firstPlanOf, runScenario } from "../run/runner.ts";
import { formOf } from "../scenario/form-of.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readForm, readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { createOracles } from "./oracles.ts";
import { operationOracles, type OracleName } from "./names.ts";
import { OperationTruth } from "./operation-truth.ts";

const file = "workloads/operations.yaml";
const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");

function outcome(settings: Readonly<Record<string, string>>) {
  const given = Object.entries(settings).map(([path, value]) => ({ label: `--set ${path}=${value}`, path, value }));
  return readScenario(text, { file, settings: given });
}

function read(settings: Readonly<Record<string, string>> = {}): Scenario {
  const found = outcome(settings);
  if (found.kind === "invalid") throw new Error(renderProblems(found.problems));
  return found.scenario;
}

function operationsOf({ operations }: RunReport): NonNullable<RunReport["operations"]> {
  if (operations === undefined) throw new Error("a run without operations");
  return operations;
}

function sum(report: RunReport, of: "accepted" | "done" | "refused" | "endedOtherwise" | "open"): number {
  return operationsOf(report).kinds.reduce((total, counts) => total + counts[of], 0);
}

function evidence({ properties }: RunReport): readonly string[] {
  const ofOperations: readonly OracleName[] = operationOracles;
  return properties.flatMap(([name, verdict]) => (ofOperations.includes(name) ? verdict.evidence : []));
}

const violated = ({ properties }: RunReport): readonly string[] =>
  properties.filter(([, { verdict }]) => verdict === "violated").map(([name]) => name);

describe("right runs", () => {
  test.each(["shared", "distributed"])("custody %s: every operation ends once, and no oracle cries", (custody) => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const { report } = runScenario(read({ seed: String(seed), "operations.custody": custody }));
      expect([seed, report.verdict, violated(report)]).toEqual([seed, "passed", []]);
      expect(operationsOf(report).open).toEqual([]);
      for (const name of operationOracles) {
        expect([name, new Map(report.properties).get(name)?.verdict]).toEqual([name, "holds"]);
      }
      expect(sum(report, "accepted")).toBe(sum(report, "done") + sum(report, "endedOtherwise"));
      expect(sum(report, "done")).toBeGreaterThan(20);
    }
  });

  test("the same seed gives the same run", () => {
    const [first, second] = [runScenario(read()).report, runScenario(read()).report];
    expect(second).toEqual(first);
  });

  test("full queues refuse, or give somebody up, and nothing is lost silently", () => {
    const caps = { "operations.caps.records": "2", "operations.issuers.owner.every": "200ms" };
    const refusing = runScenario(read(caps)).report;
    expect([refusing.verdict, evidence(refusing)]).toEqual(["passed", []]);
    expect(sum(refusing, "refused")).toBeGreaterThan(0);
    const giving = runScenario(read({ ...caps, "operations.policy": "expire-oldest" })).report;
    expect([giving.verdict, sum(giving, "endedOtherwise") > 0]).toEqual(["passed", true]);
  });

  test("who is out of reach for good keeps operations open, and the report says why", () => {
    const isolated = read({ core: "[centre, south, south-1, south-2]" });
    const { report } = runScenario(isolated);
    expect([report.verdict, evidence(report), operationsOf(report).open]).toEqual(["passed", [], []]);
    const lasting = runScenario(
      read({ core: "[centre, south, south-1, south-2]", "faults[0]": "{ isolate: north, from: 15s }" }),
    );
    expect(lasting.report.verdict).toBe("passed");
    expect(sum(lasting.report, "open")).toBeGreaterThan(0);
    const notes = lasting.report.notes.filter((note) => note.includes("stayed open"));
    expect(notes).not.toEqual([]);
    for (const note of notes) {
      expect(note).toMatch(
        /^\d+ operations? stayed open: north(-[12])? is on the way and is not among those that are healed$/,
      );
    }
  });

  test("a scenario without operations reports none, and its properties are those of data alone", () => {
    const without = read();
    Reflect.deleteProperty(without, "operations");
    const { report } = runScenario(without);
    expect(report.operations).toBeUndefined();
    const ofOperations: readonly OracleName[] = operationOracles;
    expect(report.properties.filter(([name]) => ofOperations.includes(name))).toEqual([]);
  });
});

describe("planted bugs of the control layer", () => {
  const hurried = { "operations.issuers.owner.expiry": "3s", "operations.takes": "exponential(1s)" };
  const often = { "operations.issuers.owner.every": "300ms" };
  const plants: readonly (readonly [string, Partial<ControlRules>, RegExp, Readonly<Record<string, string>>])[] = [
    [
      "a plane is told before that is written down",
      { storesIntent: () => false, asksOfFormerLives: () => false },
      /, and had been told of it/,
      { ...often, disks: "[{ at: all, sync: 400ms }]" },
    ],
    ["a plane is told again after a restart", { asksAfterRestart: () => false }, /, and had been told of it/, hurried],
    [
      "an end is told before the target has confirmed it",
      { tellsProvisional: () => true },
      /a plane had been told of it|before that it had been told/,
      hurried,
    ],
    [
      "a cloudlet without planes carries operations out",
      { executor: (right) => (right === "noPlane" ? "own" : right) },
      /carried out by its upper's, which was out of reach/,
      { ...often, "operations.takes": "8s", "faults[0]": "{ isolate: south-2, from: 15s, until: 50s }" },
    ],
    [
      "a plane that has failed carries operations out",
      { executor: (right) => (right === "planeFailed" ? "own" : right) },
      /carried out by that plane, which is failed/,
      hurried,
    ],
    ["every end is told as done", { ends: (right) => ({ ...right, kind: "done" }) }, /it was not carried out/, hurried],
  ];

  test.each(plants)("%s: caught", (_name, rules, symptom, settings) => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const { report } = runScenario(read({ seed: String(seed), ...settings }), { controlPlant: () => rules });
      if (!evidence(report).some((line) => symptom.test(line))) continue;
      expect(report.verdict).toBe("failed");
      expect(report.unmet.some((line) => symptom.test(line))).toBe(true);
      // It is the bug that is told of: without it the same run is right.
      const right = runScenario(read({ seed: String(seed), ...settings })).report;
      expect([right.verdict, evidence(right)]).toEqual(["passed", []]);
      return;
    }
    expect.unreachable("no run of forty shows it");
  });

  test("whoever asks is accepted: caught", () => {
    const scenario = read();
    if (scenario.operations === undefined) throw new Error("the workload has operations");
    const issuers = scenario.operations.issuers.map((one) => ({ ...one, actor: "tenant" as const }));
    const wrong = { ...scenario, operations: { ...scenario.operations, issuers } };
    const right = runScenario(wrong).report;
    expect([evidence(right), sum(right, "refused") > 0]).toEqual([[], true]);
    const { report } = runScenario(wrong, { controlPlant: () => ({ heedsAuthority: () => false }) });
    expect(evidence(report)[0]).toMatch(/was accepted: a tenant's (host\.hotfix|metrics\.collect)/);
  });

  test("an operation begins at a target that is too old for it: caught, and nothing is wrong without that", () => {
    const name = "workloads/patch-while-offline.yaml";
    const found = readScenario(readFileSync(new URL(`../../${name}`, import.meta.url), "utf8"), { file: name });
    if (found.kind === "invalid") throw new Error(renderProblems(found.problems));
    const only = ["operation-order"] as const;
    const { report } = runScenario(found.scenario, { only, controlPlant: () => ({ awaitsVersion: () => false }) });
    expect(evidence(report)[0]).toMatch(
      /^\S+ \(vm\.\w+ newer-\d+\) began at \w+ .*, which needs version 2; it was at 1$/,
    );
    expect(evidence(runScenario(found.scenario, { only }).report)).toEqual([]);
  });

  test("an operation that never ends leaves the run undecided", () => {
    const { report } = runScenario(read(), { controlPlant: () => ({ executor: () => "noPlane" }) });
    expect(report.verdict).toBe("undecided");
    expect(report.unmet[0]).toMatch(
      /^operations-over was to hold in the end, and was violated \d+ times: .* was accepted at .* and has no end$/,
    );
  });
});

describe("the judge alone, told of what no run does", () => {
  const topology = firstPlanOf(read());
  const [centre, north, north1, south] = ["centre", "north", "north-1", "south"].map((name) => {
    const found = topology.cloudletNamed(name);
    if (found === null) throw new Error(`there is no ${name}`);
    return found;
  }) as [CloudletId, CloudletId, CloudletId, CloudletId];
  const at = 1_000_000 as Instant;
  const asked = 1 as OpId;
  const id = operationId(centre, 1 as Incarnation, 1);
  const operation = readOperation(id, `op vm.create vm to=${north1} by=owner`);
  if (operation === null) throw new Error("an operation that cannot be read");
  const done: End = { kind: "done", why: "executed", at: north1, cause: null, detail: "" };

  function told(issuer: CloudletId, tell: (truth: OperationTruth) => void): readonly string[] {
    const truth = new OperationTruth(topology, null);
    const caps = { records: 10, bytes: bytes(1_000) };
    const oracles = createOracles(topology, { operations: { truth, caps } });
    const planes = { control: "healthy", management: "healthy" } as const;
    truth.asked(at, issuer, asked, { target: north1, kind: "vm.create", object: "vm", actor: "owner" });
    truth.answered(at, asked, { kind: "accepted", operation: id }, planes);
    tell(truth);
    const verdicts = new Map(oracles.verdicts());
    const names: readonly OracleName[] = ["operation-authority", "operation-ends", "at-most-one-effect"];
    return names.flatMap((name) => verdicts.get(name)?.evidence ?? []);
  }
  const healthy = { plane: "control", by: "own", state: "healthy", isUpperOpen: false } as const;
  const begin = (truth: OperationTruth): void => truth.begun(at, north1, operation, healthy);

  test("what is right is not complained of, and told the same once more neither", () => {
    const right = told(centre, (truth) => {
      begin(truth);
      truth.carriedOut(id, "done");
      truth.ended(at, centre, id, done);
      truth.ended(at, centre, id, done);
    });
    expect(right).toEqual([]);
  });

  test.each<[string, CloudletId, (truth: OperationTruth) => void, RegExp]>([
    ["accepted for somebody beside", south, () => undefined, /accepted at south for north-1, which is not below/],
    ["carried out elsewhere", centre, (truth) => truth.begun(at, north, operation, healthy), /is for north-1/],
    [
      "carried out beside",
      centre,
      (truth) => truth.begun(at, north1, { ...operation, id: operationId(south, 1 as Incarnation, 1) }, healthy),
      /not below south, where it was issued/,
    ],
    [
      "never asked for",
      centre,
      (truth) => truth.begun(at, north1, { ...operation, object: "other" }, healthy),
      /nobody asked for it/,
    ],
    [
      "told to somebody else",
      centre,
      (truth) => truth.ended(at, north, id, { ...done, kind: "failed" }),
      /had not issued it/,
    ],
    [
      "superseded for the sake of nothing",
      centre,
      (truth) => truth.ended(at, centre, id, { ...done, kind: "superseded", why: "conflict" }),
      /for the sake of nothing, which is not about its object/,
    ],
    [
      "ended for want of what it does not come after",
      centre,
      (truth) => truth.ended(at, centre, id, { ...done, kind: "failed", why: "after", cause: id }),
      /for want of 0\.1\.1, which it does not come after/,
    ],
    [
      "ended twice",
      centre,
      (truth) => {
        begin(truth);
        truth.carriedOut(id, "done");
        truth.ended(at, centre, id, done);
        truth.ended(at, centre, id, { ...done, kind: "failed" });
      },
      /before that it had been told done/,
    ],
  ])("%s", (_name, issuer, tell, symptom) => {
    expect(told(issuer, tell).join("\n")).toMatch(symptom);
  });
});

describe("the form", () => {
  test("what is written reads back as the same scenario", () => {
    const scenario = read({
      "operations.custody": "distributed",
      "operations.issuers.region.count": "7",
      "operations.issuers.owner.takesBack": "{ share: 20%, after: 2s }",
      "operations.issuers.owner.after": "{ issuer: owner, share: 50% }",
      "operations.issuers.owner.payload": "1kB",
      "operations.issuers.local.priorities": "[1, 7]",
      "operations.issuers.region.kinds": "[host.hotfix, cloud.majorUpgrade]",
      "operations.issuers.region.needs": "3",
      "operations.planes[1].failure": "5%",
      "operations.planes[1].memory": "disk",
    });
    expect(scenario.operations?.forgetful).not.toHaveLength(0);
    expect(readForm(formOf(scenario))?.scenario.operations).toEqual(scenario.operations);
  });

  test.each([
    ["operations.issuers.owner.kinds", "[vm.craete]", 'found "vm.craete"; did you mean "vm.create"?'],
    ["operations.issuers.owner.kinds", "[host.hotfix]", "expected a kind that a tenant may ask for, found host.hotfix"],
    [
      "operations.issuers.local.targets",
      "[south-1]",
      "expected cloudlets below north-1, or north-1 itself, found south-1",
    ],
    ["operations.issuers.owner.at", "leaves", "expected cloudlets with others below, found north-1"],
    ["operations.caps.bytes", "10B", "expected room for one operation at least, found 10B; an operation takes up to"],
    ["operations.issuers.region.after", "{ issuer: ownr }", 'found "ownr"; did you mean "owner"?'],
    [
      "operations.issuers.region.after",
      "{ issuer: local }",
      'found "local", who never does; operations come after others',
    ],
    ["operations.issuers.region.priorities", "[1, 2]", "expected either priority or priorities, found both"],
    [
      "operations.issuers.region.needs",
      "2",
      "expected a version that north-1 comes to by upgrades, found 2; write another issuer, who asks for cloud.majorUpgrade there once, or",
    ],
    [
      "operations.oneWay",
      "north-1",
      "missing: expected how long operations may wait, since nothing comes back from north-1",
    ],
    ["operations.oneWay", "roots", "which has nobody above it; leave it out"],
    ["operations.planes[0].failure", "10%", "a plane that is not there cannot fail; leave out failure, or state: none"],
    ["operations.planes[0].memory", "disk", "a plane that is not there has none; leave out memory, or state: none"],
    ["expectations.always", "[queue-cap]", "queue-caps"],
    ["operations.planes[1].fails[0].until", "5s", "expected a time after 10s, when it fails, found 5s"],
    [
      "detachments",
      "[{ at: 5s, decides: centre, close: north-1 }]",
      "detachments[0].close: expected members that may come back beside operations, since what is lost with a closed one may be an end; found",
    ],
    ["protocol", "fifo", "the protocol fifo cannot stand together with operations; leave one of the two out"],
  ])("%s: %s is refused with place and remedy", (path, value, message) => {
    const found = outcome({ [path]: value });
    if (found.kind !== "invalid") throw new Error("it was accepted");
    expect(renderProblems(found.problems)).toContain(message);
  });
});
