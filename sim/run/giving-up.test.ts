// Giving records up changes nothing that a run says: each run here is judged twice, once with everything kept and once with as
// much given up as may be, and the two reports are the same bytes.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { GivenUpRecord } from "../oracles/given-up.ts";
import { givingUpBugs, type GivingUpBug } from "../oracles/giving-up.ts";
import { plantOptions, plantTable } from "../plants/plants.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { generateScenario } from "./generate.ts";
import type { RunReport } from "./report.ts";
import { runOnce, runScenario, type RunOptions } from "./runner.ts";

/** Records that there must be before some are given up: few, so that it happens again and again. */
const FROM = 20;

/** What came of judging a run with and without. */
interface Twin {
  /** `stopped`: what was given up turned out to matter, and the run would be repeated. */
  readonly outcome: "same" | "different" | "stopped";
  readonly givenUp: number;
  readonly isViolated: boolean;
}

// What is said with everything kept, of the worlds that several tests judge; what gives up too much has no part in it.
const wholes = new Map<Scenario, RunReport>();

function wholeOf(scenario: Scenario): RunReport {
  const known = wholes.get(scenario);
  if (known !== undefined) return known;
  const { report } = runOnce(scenario, { givesUpFrom: Infinity });
  wholes.set(scenario, report);
  return report;
}

function twin(scenario: Scenario, options?: RunOptions, bug?: GivingUpBug): Twin {
  const whole =
    options === undefined ? wholeOf(scenario) : runOnce(scenario, { ...options, givesUpFrom: Infinity }).report;
  const isViolated = whole.properties.some(([, { verdict }]) => verdict === "violated");
  try {
    const { report, oracles } = runOnce(scenario, {
      ...options,
      givesUpFrom: FROM,
      ...(bug !== undefined && { givingUpBug: bug }),
    });
    const isSame = JSON.stringify(report) === JSON.stringify(whole);
    return { outcome: isSame ? "same" : "different", givenUp: oracles.truth.givenUpCount, isViolated };
  } catch (error) {
    if (!(error instanceof GivenUpRecord)) throw error;
    return { outcome: "stopped", givenUp: 0, isViolated };
  }
}

/** A drawn world in which records can be given up: one plan, clients that stay, values that
 * last, and processes that end early if at all. */
function world(seed: string, operations: number): Scenario {
  const drawn = generateScenario(seed, { operations, tree: { cloudletsMax: 5 } }).scenario;
  const early = (at: number): number => Math.round(at / 3);
  return {
    ...drawn,
    plans: [],
    clients: drawn.clients
      .filter(({ travel }) => travel === undefined)
      .map((group) => ({
        ...group,
        mix: group.mix.filter((action) => action.kind !== "put" || action.ttl === undefined),
      })),
    script: drawn.script.filter(({ op }) => op.kind !== "put" || op.ttl === undefined),
    faults: drawn.faults.map((fault) => {
      if (fault.kind !== "crash" && fault.kind !== "restoreBackup" && fault.kind !== "cloneDisk") return fault;
      const sooner = { at: early(fault.at) as typeof fault.at, after: early(fault.after) as typeof fault.after };
      return fault.kind === "restoreBackup"
        ? { ...fault, ...sooner, of: early(fault.of) as typeof fault.of }
        : { ...fault, ...sooner };
    }),
  };
}

/** The year of churn, smaller: so many sites, keys for each, and hours between two requests of a client. */
function churn(keys: number, hours: number, change: (text: string) => string = (text) => text): Scenario {
  const text = readFileSync("workloads/churn-year.yaml", "utf8")
    .replace("cloudlets: 1000", "cloudlets: 40")
    .replaceAll("keys: 400", `keys: ${keys}`)
    .replace("exponential(478min)", `exponential(${hours}h)`);
  const read = readScenario(change(text), { file: "churn-year.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems[0]?.message);
  return read.scenario;
}

const shared = (text: string): string =>
  text
    .replace(
      'scopes:\n  - { name: "site/{cloudlet}", prefix: "site/{cloudlet}/", collect: 14d }',
      "scopes:\n  - { name: all, prefix: site/, collect: 14d, resolver: by-hand }",
    )
    .replace(
      'flows:\n  - { scope: "site/{cloudlet}", between: upper, direction: both }',
      "flows:\n  - { scope: all, between: tree, direction: both }",
    )
    .replaceAll('"site/{cloudlet}/vm"', "site/vm")
    .replaceAll(/\n {2}- \{ crash: c(25|38|14),.*/g, "");

// Drawn ones that leave much to give up, among others; and churn, at each site alone and in one scope for all.
const drawn = ["giving-up-5", "giving-up-12", "planted-5", "planted-8"];
const worlds = [
  ...drawn.map((seed) => world(seed, seed.startsWith("planted") ? 500 : 1_000)),
  churn(3, 200),
  churn(2, 300, shared),
  churn(2, 300, (text) => shared(text).replace(", resolver: by-hand", "")),
];

test("worlds with faults are judged alike, byte for byte", () => {
  const twins = worlds.map((scenario) => twin(scenario));
  expect(twins.map(({ outcome }) => outcome)).toEqual(worlds.map(() => "same"));
  expect(twins.filter(({ givenUp }) => givenUp > 100).length).toBeGreaterThan(worlds.length / 2);
});

describe("with a planted bug", () => {
  const small = [world("planted-5", 500), churn(2, 500)];
  test.for(plantTable.map((plant) => [plant.name, plant] as const))("%s", ([, plant]) => {
    // A run that is stopped is repeated with all records kept, so it may only be one that has found something.
    for (const scenario of small) {
      const { outcome, isViolated } = attempt(scenario, plantOptions(plant));
      expect(outcome === "same" || (outcome === "stopped" && isViolated)).toBe(true);
    }
  });
});

// Some bugs stop a run before any verdict; then they must do so in both.
function attempt(scenario: Scenario, options: RunOptions): Twin {
  try {
    return twin(scenario, options);
  } catch (whole) {
    expect(() => runOnce(scenario, { ...options, givesUpFrom: FROM })).toThrow((whole as Error).message);
    return { outcome: "same", givenUp: 0, isViolated: true };
  }
}

describe("giving up too early is found", () => {
  test.for(givingUpBugs.map((bug) => [bug] as const))("%s", ([bug]) => {
    expect(worlds.some((scenario) => twin(scenario, undefined, bug).outcome !== "same")).toBe(true);
  });
});

test("a run in which something matters after all is repeated with all records kept", () => {
  const bug = "before-everybody-has-it";
  const scenario = worlds.find((one) => twin(one, undefined, bug).outcome === "stopped");
  if (scenario === undefined) throw new Error("no world stops");
  const report = (options: RunOptions): string => JSON.stringify(runScenario(scenario, options).report);
  expect(report({ givesUpFrom: FROM, givingUpBug: bug })).toBe(report({}));
});

test("what is kept does not grow with the length of the run", () => {
  const kept = [365, 730].map((days) => {
    const scenario = churn(4, 64, (text) => text.replace("duration: 365d", `duration: ${days}d`));
    const { recordCount, givenUpCount } = runOnce(scenario, { givesUpFrom: 250 }).oracles.truth;
    return { recordCount, written: recordCount + givenUpCount };
  });
  const [year, years] = kept as [(typeof kept)[0], (typeof kept)[0]];
  expect(years.written).toBeGreaterThan(year.written * 1.9);
  // 40 sites with 4 keys each, and what came since records were given up last.
  for (const { recordCount } of kept) expect(recordCount).toBeLessThan(1_200);
});
