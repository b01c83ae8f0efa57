// Scenarios for sweeps in which members are detached: what each promises is kept on trees of nine families, alone and under faults of
// all kinds, and a bug of a member that returns is caught in them.

import { expect, test } from "vitest";
import { familyNames } from "../../workloads/topologies/index.ts";
import { faultNames } from "../faults/table.ts";
import type { OracleName } from "../oracles/names.ts";
import { plantNamed, plantOptions } from "../plants/plants.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { underFaults } from "../swarm/under-faults.ts";
import { generateReturns } from "./generate-returns.ts";
import type { RunOptions } from "./run.ts";
import { runScenario } from "./runner.ts";

/** Those of `npm start`: of later ones drawn scenarios take no more than a tree. */
const families = familyNames.slice(0, 9);

function drawn(number: number): Scenario {
  const cloudlets = 3 + (number % 12);
  const shape = families[number % families.length]!;
  return generateReturns(`returns-${number}`, { shape, cloudletsMin: cloudlets, cloudletsMax: cloudlets });
}

const underAll = (number: number): Scenario =>
  underFaults(
    drawn(number),
    [0, 1].map((more) => faultNames[(number * 2 + more) % faultNames.length]!),
  ).scenario;

test.each([
  ["alone", drawn],
  ["under faults of all kinds", underAll],
] as const)("forty-five keep their promises, %s", { timeout: 120_000 }, (_, scenarioOf) => {
  const reached = new Map<string, number>();
  for (let number = 0; number < 45; number += 1) {
    const { report, world } = runScenario(scenarioOf(number));
    const { seed } = report;
    expect({ seed, unmet: report.unmet }).toEqual({ seed, unmet: [] });
    expect(world.requestCount).toBeGreaterThanOrEqual(50);
    const properties = new Map(report.properties);
    expect([seed, properties.get("revived")?.verdict]).toEqual([seed, "holds"]);
    for (const [mark, count] of report.marks) if (count > 0) reached.set(mark, (reached.get(mark) ?? 0) + 1);
  }
  for (const mark of ["conflict", "partition-healed", "member-detached"]) {
    expect([mark, reached.get(mark)]).toEqual([mark, 45]);
  }
  for (const mark of ["record-held-back", "member-returned", "delete-written-anew", "tombstone-collected"]) {
    expect([mark, (reached.get(mark) ?? 0) >= 20]).toEqual([mark, true]);
  }
});

test("some members are closed, some are far away, and some scenarios are long", () => {
  const all = Array.from({ length: 60 }, (_, number) => drawn(number));
  const countOf = (has: (scenario: Scenario) => boolean): number => all.filter(has).length;
  const counts = [
    countOf(({ detachments = [] }) => detachments.some(({ kind }) => kind === "close")),
    countOf(({ faults }) => faults.length === 1),
    countOf(({ duration }) => duration === 120_000_000),
  ];
  for (const count of counts) {
    expect(count).toBeGreaterThan(5);
    expect(count).toBeLessThan(30);
  }
});

test("a seed draws the same again, and without a family some cloudlets of any", () => {
  expect(generateReturns("again", {})).toEqual(generateReturns("again", {}));
  const sizes = Array.from({ length: 20 }, (_, number) => generateReturns(`${number}`, {}).topology.cloudlets.length);
  expect(new Set(sizes)).toEqual(new Set([3, 4, 5]));
  const { cloudlets } = generateReturns("least", { cloudletsMin: 2, cloudletsMax: 2 }).topology;
  expect(cloudlets).toHaveLength(2);
});

const planted: readonly (readonly [string, OracleName])[] = [
  ["lets-in-the-detached", "revived"],
  ["returns-without-deletes", "revived"],
  ["waits-for-detached", "convergence"],
];

test.each(planted)("the planted bug %s is caught by %s under faults", { timeout: 120_000 }, (name, oracle) => {
  const options: RunOptions = plantOptions(plantNamed(name)!);
  for (let number = 0; number < 100; number += 1) {
    const { report } = runScenario(underAll(number), options);
    const verdict = new Map(report.properties).get(oracle);
    if (verdict?.verdict === "violated") return;
  }
  expect.fail("it was not caught in a hundred runs");
});
