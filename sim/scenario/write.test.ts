// A scenario that is written and read again is the same scenario: those that are committed, and drawn ones.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { generateDetachments } from "../run/generate-detachments.ts";
import { generateScenario } from "../run/generate.ts";
import { runScenario } from "../run/runner.ts";
import { materialise } from "../shrink/materialise.ts";
import { formOf } from "./form-of.ts";
import { renderProblems } from "./problem.ts";
import { readForm, readScenario } from "./read.ts";
import type { Scenario } from "./scenario.ts";
import { scenario } from "./testing.ts";
import { writeScenario } from "./write.ts";

function read(text: string): Scenario {
  const outcome = readScenario(text, { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(`${renderProblems(outcome.problems)}\n${text}`);
  return outcome.scenario;
}

// What a form cannot tell apart: nothing, and none of it; a stop after the run, or where somebody is already.
function plain(whole: Scenario): unknown {
  const { duration } = whole;
  const isNothing = (key: string, value: unknown): boolean =>
    (value === 0 && ["jitter", "loss", "duplication", "reordering", "corruption"].includes(key)) ||
    (key === "reorderDelay" && value !== undefined);
  return JSON.parse(
    JSON.stringify(whole, (key, value: unknown) => {
      if (isNothing(key, value)) return undefined;
      if (key === "stops") {
        const stops = (value as { at: number; to: string | null }[]).filter(({ at }) => at < duration);
        return stops.filter(({ to }, index) => to !== stops[index - 1]?.to);
      }
      if (key === "links") {
        return (value as { back?: unknown; forth: unknown }[]).map((link) => ({ back: link.forth, ...link }));
      }
      return value;
    }),
  );
}

const folder = fileURLToPath(new URL("../../workloads/", import.meta.url));
// A thousand cloudlets drawn from the seed are written as a list of a thousand.
const committed = readdirSync(folder).filter((name) => name.endsWith(".yaml") && name !== "churn-year.yaml");

test.each(committed)("%s is the same when it was written and read", (name) => {
  const given = read(readFileSync(`${folder}${name}`, "utf8"));
  const text = writeScenario(given);
  expect(plain(read(text))).toEqual(plain(given));
  expect(writeScenario(read(text))).toBe(text);
});

test("bounds of an exploration are the same when they were written and read, whatever they are", () => {
  const text = readFileSync(`${folder}explore-3.yaml`, "utf8");
  const begin = text.indexOf("explore:\n");
  const end = text.indexOf("duration:");
  for (const bounds of [
    "{}",
    "{ crashes: 2, cuts: 1, duplicates: 3 }",
    "{ crashes: 1, disks: prompt, firings: 0, memory: 64MiB }",
    "{ order: kept, start: apart, acknowledgements: free, depth: 12 }",
    "{ greetings: free, disks: slow, losses: 2, sometimes: [conflict] }",
  ]) {
    const given = read(`${text.slice(0, begin)}explore: ${bounds}\n${text.slice(end)}`);
    expect(given.explore).toBeDefined();
    expect(plain(read(writeScenario(given)))).toEqual(plain(given));
  }
});

test("drawn scenarios with their load written down run the same when they were written and read (40 scenarios)", () => {
  for (let number = 0; number < 40; number += 1) {
    const seed = `written-${number}`;
    const drawn = number % 5 === 4 ? generateDetachments(seed) : generateScenario(seed, small).scenario;
    const given = materialise(drawn, {});
    const back = read(writeScenario(given));
    const [before, after] = [runScenario(given).report, runScenario(back).report];
    expect({ seed, steps: after.steps, unmet: after.unmet }).toEqual({
      seed,
      steps: before.steps,
      unmet: before.unmet,
    });
    // A way that is written as contacts has a turn more in its plan.
    if (given.travellers === undefined) expect(after.digest, seed).toBe(before.digest);
  }
});

const small = { tree: { cloudletsMax: 8 } } as const;

test("reading the form as data gives what reading its text gives", () => {
  const given = generateScenario("as data", small).scenario;
  expect(readForm(formOf(given))?.scenario).toEqual(read(writeScenario(given)));
});

test.each([
  ["no form at all", null],
  ["a key that there is not", { ...formOf(read(scenario())), cleints: [] }],
  ["a fault at nobody", { ...formOf(read(scenario())), faults: [{ isolate: "nobody", from: "1s" }] }],
  ["a topology that is none", { ...formOf(read(scenario())), topology: { cloudlets: [{ name: "a", upper: "b" }] } }],
])("a form with %s is refused", (_, form) => {
  expect(readForm(form)).toBeNull();
});

test("texts that YAML would take for something else stand in quotes", () => {
  const values = ["", "1", "1s", "true", "null", "no", "0x1f", "a: b", "# c", "~", "1e3", "-", "ä\n", "{", "'", '"'];
  const steps = values.map(
    (value, index) =>
      `{ put: users/k, value: ${JSON.stringify(value)}, at: ${index + 1}ms, cloudlet: hub, session: "y" }`,
  );
  const given = read(scenario(`script: [${steps.join(", ")}]`));
  expect(read(writeScenario(given))).toEqual(given);
});

test("every kind of fault is the same when it was written and read", () => {
  const faults = [
    "{ linkDown: [hub, edge], direction: forth, from: 1s, until: 2s }",
    "{ clog: [hub, far], from: 1s }",
    "{ degrade: [hub, edge], direction: back, delay: 20ms, jitter: 5ms, loss: 5%, duplication: 1%, from: 1s, until: 3s }",
    "{ degrade: [hub, edge], reorderDelay: 80ms, reordering: 2%, corruption: 10ppm, bandwidth: 1Mbit, from: 4s }",
    "{ partition: [[hub], [edge]], from: 1s }",
    "{ isolate: far, from: 2s, until: 2500ms }",
    "{ crash: edge, at: 2s, for: 1s, disk: torn, version: 2 }",
    "{ crash: edge, at: 5s, for: 1s, when: writesPending }",
    "{ lyingFsync: hub, from: 1s }",
    "{ fullDisk: hub, from: 2s, until: 3s }",
    `{ slowDisk: far, sync: "uniform(1ms, 20ms)", from: 1s }`,
    "{ bitRot: far, at: 3s, entries: 2 }",
    "{ restoreBackup: far, of: 1s, at: 6s, for: 200ms }",
    "{ cloneDisk: hub, to: edge, at: 7s, for: 300ms }",
    "{ clockStep: far, at: 1s, by: -20ms }",
    "{ clockDrift: edge, by: -300ppm, from: 1s, until: 4s }",
    "{ pause: hub, clock: stands, from: 8s, until: 8500ms }",
  ];
  const given = read(scenario("faults:", ...faults.map((fault) => `  - ${fault}`)));
  expect(new Set(given.faults.map(({ kind }) => kind)).size).toBe(15);
  const text = writeScenario(given);
  expect(read(text)).toEqual(given);
  for (const fault of faults) expect(text).toContain(fault);
});

test("a short scenario is a few lines that a person would have written", () => {
  const given = read(
    scenario(
      "script: [{ put: users/x, value: red, at: 1s, cloudlet: edge, session: anna }, { get: users/x, at: 2s, cloudlet: hub, session: ben }]",
      "faults: [{ linkDown: [hub, edge], from: 1s, until: 1500ms }]",
      "expectations: { always: [direction], eventually: [] }",
    ),
  );
  expect(writeScenario(given)).toBe(
    `causeway: 1
name: story
seed: 1
topology: { tree: { hub: { edge: null, far: null } } }
scopes: [{ name: users, prefix: users/ }]
flows: [{ scope: users, between: tree, direction: both }]
script:
  - { put: users/x, value: red, at: 1s, cloudlet: edge, session: anna }
  - { get: users/x, at: 2s, cloudlet: hub, session: ben }
faults: [{ linkDown: [hub, edge], from: 1s, until: 1500ms }]
duration: 10s
expectations: { always: [direction], eventually: [] }
`,
  );
});
