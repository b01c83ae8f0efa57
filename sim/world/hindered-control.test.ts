// Control layers whose process is paused, has a processor that takes its time, or is under quirks: what people and planes say waits in order with all else,
// marks and answers come late and are right, and wrong rules are caught there, too.

import { expect, test } from "vitest";
import type { ControlRules } from "../../model/control/rules.ts";
import { markOf } from "../../model/control/aliveness.ts";
import type { OracleName } from "../oracles/names.ts";
import type { Observer } from "../oracles/observer.ts";
import { quirkNames } from "../quirks/table.ts";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";

const head = [
  "causeway: 1",
  "name: paused-control",
  "seed: 1",
  "topology: { tree: { hub: { mid: { leaf: } } } }",
  "scopes: [{ name: users, prefix: users/ }]",
  "flows: [{ scope: users, between: tree, direction: both }]",
  "links: { defaults: { delay: 20ms } }",
  "duration: 40s",
  "settle: 60s",
];
const asking =
  "operations: { takes: 200ms, issuers: [{ name: owner, at: hub, targets: [leaf], kinds: [vm.create], every: 1s, objects: 99 }] }";
const watching = "aliveness: { period: 1s, silentAfter: 4s, calmFor: 500ms, backlogAge: 500ms }";

function read(...lines: readonly string[]): Scenario {
  const outcome = readScenario([...head, ...lines].join("\n"), { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.scenario;
}

// How the leaf was marked at its upper: whole seconds of true time, and the mark.
function marks(scenario: Scenario): readonly (readonly [number, string | null])[] {
  const { report } = runScenario(scenario);
  expect(report.unmet).toEqual([]);
  const leaf = report.aliveness?.marks.find(({ cloudlet }) => cloudlet === "leaf");
  return leaf?.stretches.map(({ at, mark }) => [Math.round(at / 1e6), mark]) ?? [];
}

test("operations for who is paused wait and are done when it goes on; who is paused itself answers then", () => {
  const operationsOf = (pause: string) => {
    const { report } = runScenario(read(asking, `faults: [{ pause: ${pause}, from: 10s, until: 30s }]`));
    expect(report.unmet).toEqual([]);
    return report.operations?.kinds[0] ?? expect.fail("nobody asked");
  };
  for (const pause of ["leaf", "leaf, clock: stands", "hub", "hub, clock: stands"]) {
    const { accepted, done, endP99 } = operationsOf(pause);
    expect([pause, accepted, done]).toEqual([pause, expect.any(Number), accepted]);
    expect(accepted).toBeGreaterThan(20);
    // From when it was asked for, or from when its issuer was asked: the one that waited longest waited for all of the pause.
    expect(endP99).toBeGreaterThan(15_000_000);
  }
});

test("who was paused believes nobody silent before it has looked at what has come, and says all changes of a mark", () => {
  // The leaf was heard all the time, and its messages wait.
  expect(marks(read(watching, "faults: [{ pause: mid, clock: stands, from: 10s, until: 20s }]"))).toEqual([
    [0, "unknown"],
    [0, "synchronizing"],
    [expect.any(Number), "connected"],
  ]);
  // By its clock the leaf has been silent for ten seconds; the first thing that it comes to is a message from there.
  expect(marks(read(watching, "faults: [{ pause: mid, from: 10s, until: 20s }]")).slice(3, 5)).toEqual([
    [20, "autonomous"],
    [20, "synchronizing"],
  ]);
  expect(marks(read(watching, "faults: [{ pause: leaf, from: 10s, until: 20s }]")).slice(3)).toEqual([
    [11, "synchronizing"],
    [13, "autonomous"],
    [20, "synchronizing"],
    [expect.any(Number), "connected"],
  ]);
});

test("what a person has said to a paused process is said again to its next life, and once", () => {
  const word = "confirmations: [{ at: 12s, by: mid, about: leaf, says: failed }]";
  const said: number[] = [];
  const observer: Observer = {
    watching: (at, _cloudlet, event) => void (event.kind === "confirms" && said.push(at)),
  };
  const faults = "faults: [{ pause: mid, from: 10s, until: 30s }, { crash: mid, at: 15s, for: 5s }]";
  const { report } = runScenario(read(`aliveness: { ${word} }`, faults), { observers: [observer] });
  expect(report.unmet).toEqual([]);
  expect(said).toEqual([20_000_000]);
  said.length = 0;
  runScenario(read(`aliveness: { ${word} }`, "faults: [{ pause: mid, from: 10s, until: 30s }]"), {
    observers: [observer],
  });
  expect(said).toEqual([30_000_000]);
});

test("a processor takes as long for what a person asks for as for a request, and nobody complains of that", () => {
  const cpus = "cpus: [{ at: all, request: 50ms, receive: 20ms, stored: 5ms, fired: 5ms }]";
  const { report } = runScenario(read(asking, watching, cpus));
  expect(report.unmet).toEqual([]);
  const { accepted = 0, done } = report.operations?.kinds[0] ?? {};
  expect(done).toBe(accepted);
  expect(report.aliveness?.marks.map(({ stretches }) => stretches.at(-1)?.mark)).toEqual(["connected", "connected"]);
});

const blind: Partial<ControlRules> = {
  marks: (evidence) => markOf(evidence.heard === "silent" ? { ...evidence, heard: "recently" } : evidence),
};

const quirks = quirkNames.filter((name) => name !== "edge-clock").join(", ");

test("under every quirk at once marks, views and ends are right, and who is silent is noticed all the same", () => {
  const lines = [asking, watching, `quirks: [${quirks}]`, "faults: [{ isolate: leaf, from: 10s, until: 20s }]"];
  const scenario = read(...lines);
  const { report } = runScenario(scenario);
  expect(report.unmet).toEqual([]);
  const { accepted = 0, done } = report.operations?.kinds[0] ?? {};
  expect([accepted > 20, done]).toEqual([true, accepted]);
  const reached = new Map<string, number>(report.marks);
  expect([reached.get("marked-autonomous"), reached.get("marked-connected")]).not.toContain(0);
  const silent = runScenario(scenario, { controlPlant: () => blind, only: ["mark-rules"] }).report.properties;
  expect(silent.find(([name]) => name === "mark-rules")?.[1].verdict).toBe("violated");
});

const plants: readonly (readonly [string, Partial<ControlRules>, OracleName])[] = [
  ["who is silent stays connected", blind, "mark-rules"],
  ["nothing is taken for who is autonomous", { refusesFor: (mark) => mark === "autonomous" }, "accepts-whatever-marks"],
  ["after a restart a plane is told again", { asksAfterRestart: () => false }, "at-most-one-effect"],
];

test.each(plants)("%s: caught where processes are paused", (_name, rules, oracle) => {
  const faults =
    "faults: [{ pause: leaf, from: 5s, until: 15s }, { pause: leaf, clock: stands, from: 20s, until: 30s }, { crash: leaf, at: 15010ms, for: 1s }]";
  const { properties } = runScenario(read(asking, watching, faults), {
    controlPlant: () => rules,
    only: [oracle],
  }).report;
  expect(properties.find(([name]) => name === oracle)?.[1].verdict).toBe("violated");
});
