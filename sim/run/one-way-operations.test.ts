/** Operations in whole runs where nothing comes back from some site: they end unconfirmed, and oracles know the difference. */
import { expect, test } from "vitest";
import type { ControlRules } from "../../model/control/rules.ts";
import { instant, seconds } from "../../model/units.ts";
import { formOf } from "../scenario/form-of.ts";
import { readForm } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { generateOperations } from "./generate-operations.ts";
import type { RunReport } from "./report.ts";
import { runScenario } from "./runner.ts";

// The last site is heard by nobody until the load ends.
function unheard(seed: number): Scenario {
  const drawn = generateOperations(`one-way-${seed}`);
  const [last] = drawn.topology.cloudlets.slice(-1);
  const { operations } = drawn;
  if (operations === undefined || last?.upper === undefined) throw new Error("a scenario without operations");
  const issuers = operations.issuers.map((one) => ({ ...one, expiry: one.expiry ?? seconds(5) }));
  return {
    ...drawn,
    operations: { ...operations, issuers, oneWay: [last.name] },
    faults: [
      ...drawn.faults,
      { kind: "linkDown", a: last.upper, b: last.name, direction: "back", from: instant(0), until: null },
    ],
    expectations: { ...drawn.expectations, sometimes: [] },
  };
}

function violated({ properties }: RunReport): readonly string[] {
  return properties
    .filter(([, { verdict }]) => verdict === "violated")
    .map(([name, { evidence }]) => `${name}: ${evidence[0] ?? ""}`);
}

test("what is asked for over an edge without a way back ends, and no oracle cries", () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    const { report } = runScenario(unheard(seed));
    expect([seed, report.verdict, violated(report)]).toEqual([seed, "passed", []]);
    expect(report.operations?.open).toEqual([]);
  }
});

test("who accepts it without an expiry is caught", () => {
  const controlPlant = (): Partial<ControlRules> => ({ demandsExpiry: () => false });
  for (let seed = 1; seed <= 8; seed += 1) {
    const scenario = unheard(seed);
    const { operations } = scenario;
    if (operations === undefined) continue;
    const endless = { ...operations, issuers: operations.issuers.map((one) => ({ ...one, expiry: null })) };
    const { report } = runScenario({ ...scenario, operations: endless }, { controlPlant });
    if (violated(report).some((what) => what.startsWith("operation-authority"))) return;
  }
  expect.unreachable("no run of eight shows it");
});

test("the form of such a scenario says so", () => {
  const scenario = unheard(1);
  expect(readForm(formOf(scenario))?.scenario.operations?.oneWay).toEqual(scenario.operations?.oneWay);
});
