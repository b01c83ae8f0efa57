// Quirks: each acts and leaves its mark, a core keeps every promise under all of them, and bugs that only they show are seen.

import { describe, expect, test } from "vitest";
import type { CloudletId } from "../../model/ids.ts";
import type { Instant } from "../../model/units.ts";
import { EventQueue } from "../kernel/queue.ts";
import { RngRoot } from "../kernel/rng.ts";
import { quirkPlants } from "../plants/quirk-plants.ts";
import { generatedScenario } from "../run/generate.ts";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";
import type { QuirkSetting, Scenario } from "../scenario/scenario.ts";
import { EVENT_SCRIPT } from "../world/events.ts";
import { Mishaps } from "../world/mishaps.ts";
import type { Ways } from "../world/ways.ts";
import { drawQuirks, mayBeOn } from "./draw.ts";
import { quirkPlantWorld } from "./plant-world.ts";
import { Quirks } from "./quirks.ts";
import { quirkNames, quirkTable } from "./table.ts";

const text = `
causeway: 1
name: quirky
seed: 1
topology: { tree: { hub: { east: { shop: null, stall: null }, west: { dock: null } } } }
scopes: [{ name: users, prefix: users/, resolver: return-them-all }, { name: news, prefix: news/ }]
flows:
  - { scope: users, between: tree, direction: both }
  - { scope: news, between: tree, direction: down }
links: { defaults: { delay: 5ms, jitter: 2ms, loss: 2% } }
clients:
  - { name: editors, at: all, sessions: 2, think: 40ms, mix: [{ put: users/, keys: 5 }, { get: users/, keys: 5 }] }
  - { name: writers, at: hub, think: 40ms, mix: [{ put: news/ }] }
disks: [{ at: all, sync: exponential(8ms) }]
faults:
  - { isolate: stall, from: 200ms, until: 1s }
  - { crash: east, at: 1200ms, for: 200ms }
  - { crash: dock, at: 500ms, for: 100ms }
duration: 2s
settle: 60s
`;

function read(more: string): ReturnType<typeof readScenario> {
  return readScenario(text + more, { file: "quirky.yaml" });
}

function scenarioOf(more: string): Scenario {
  const outcome = read(more);
  if (outcome.kind === "invalid") throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
  return outcome.scenario;
}

function refusalOf(more: string): string {
  const outcome = read(more);
  return outcome.kind === "invalid" ? outcome.problems.map(({ message }) => message).join("\n") : "";
}

const all = quirkTable.map(({ name, rate }): QuirkSetting => ({ quirk: name, rate }));

test.each(quirkNames)("%s acts where it is on and nowhere else, leaves its mark, and breaks no promise", (name) => {
  // Of faults there are two.
  const rate = name === "instant-restart" ? "100%" : "60%";
  const { report } = runScenario(scenarioOf(`quirks: [{ quirk: ${name}, rate: ${rate} }]\n`));
  const marks = new Map<string, number>(report.marks);
  expect(marks.get(name)).toBeGreaterThan(0);
  expect(quirkNames.filter((other) => other !== name && marks.get(other) !== 0)).toEqual([]);
  expect([report.verdict, report.unmet, report.pending]).toEqual(["passed", [], []]);
});

test("a core keeps every promise where all of them are on at once (4 drawn worlds)", () => {
  for (let number = 0; number < 4; number += 1) {
    const base = generatedScenario(`quirks/${number}`, { operations: 60, tree: { cloudletsMax: 8 } });
    const mayBe = mayBeOn(base, base.expectations.always);
    const quirks = all.filter((_, index) => mayBe(quirkTable[index]!));
    const { report } = runScenario({ ...base, quirks });
    expect([number, report.unmet]).toEqual([number, []]);
    expect(
      report.marks.filter(([name, count]) => count > 0 && (quirkNames as readonly string[]).includes(name)).length,
    ).toBeGreaterThan(12);
  }
});

test("none is on unless something says so, and one that is off draws nothing", () => {
  const plain = runScenario(scenarioOf("")).report;
  expect(plain.digest).toBe(runScenario({ ...scenarioOf(""), quirks: [] }).report.digest);
  expect(plain.marks.filter(([name]) => (quirkNames as readonly string[]).includes(name))).toEqual(
    quirkNames.map((name) => [name, 0]),
  );
  expect(runScenario(scenarioOf("quirks: [late-sync]\n")).report.digest).not.toBe(plain.digest);
});

test("drawn ones are a function of the seed, each on in one of five runs, and none where logs have to be whole (300 draws)", () => {
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 300; seed += 1) {
    const drawn = drawQuirks(new RngRoot(`draw/${seed}`).stream, () => true);
    for (const { quirk } of drawn) counts.set(quirk, (counts.get(quirk) ?? 0) + 1);
  }
  // Five standard deviations about 60.
  for (const name of quirkNames) expect(Math.abs((counts.get(name) ?? 0) - 60)).toBeLessThan(35);
  const mayBe = mayBeOn({ ...scenarioOf(""), plans: [] }, ["rtc"]);
  expect(quirkTable.filter((row) => !mayBe(row)).map(({ name }) => name)).toEqual(["edge-clock"]);
  const once = scenarioOf("quirks: drawn\n");
  expect(scenarioOf("quirks: drawn\n").quirks).toEqual(once.quirks);
});

test("in a large world impatient clients leave each other time, and in a small one they do not", () => {
  const countAmong = (cloudletCount: number): number => {
    const queue = new EventQueue();
    const quirks = new Quirks(
      [{ quirk: "impatient-client", rate: 1_000_000 }],
      () => new RngRoot("1").stream,
      () => undefined,
    );
    let count = 0;
    const never = (): never => {
      throw new Error("nobody dies and nothing is reset here");
    };
    const mishaps = new Mishaps({
      cloudletCount,
      queue,
      quirks,
      ways: { between: never } as unknown as Ways,
      crash: never,
      restart: never,
      reconnect: never,
      canHurry: () => true,
      hurry: () => void (count += 1),
    });
    // A message each millisecond.
    for (let at = 0; at < 800; at += 1) {
      queue.push((at * 1_000) as Instant, EVENT_SCRIPT, 0, 0, 0, null);
      queue.pop();
      mishaps.delivered(0 as CloudletId, 1 as CloudletId);
    }
    return count;
  };
  expect([2, 32, 64, 128, 512].map(countAmong)).toEqual([16, 16, 4, 1, 1]);
});

test("what cannot be is refused with the remedy", () => {
  expect(refusalOf("quirks: [late-sink]\n")).toContain('did you mean "late-sync"?');
  expect(refusalOf("quirks: often\n")).toContain("expected drawn, or a list of quirks");
  expect(refusalOf("quirks: [late-sync, { quirk: late-sync, rate: 5% }]\n")).toContain("is named twice; remove one");
  const exchanged = text.replace("faults:\n", "faults:\n  - { restoreBackup: hub, of: 100ms, at: 400ms, for: 50ms }\n");
  const outcome = readScenario(`${exchanged}quirks: [shortest-log]\n`, { file: "quirky.yaml" });
  expect(outcome.kind === "invalid" && outcome.problems[0]?.message).toContain(
    "found it together with a fault of kind restoreBackup; leave one of the two out",
  );
});

describe("planted bugs that only quirks show", () => {
  test.each(quirkPlants)("$name", ({ enclose, catches, needs, seen }) => {
    const { scenario, quirks } = quirkPlantWorld(seen.withQuirks - 1);
    expect(quirks.some(({ quirk }) => needs.includes(quirk))).toBe(true);
    const verdictOf = (world: Scenario): unknown =>
      new Map<string, { verdict: string }>(runScenario(world, { enclose }).report.properties).get(catches)?.verdict;
    expect(verdictOf({ ...scenario, quirks })).toBe("violated");
    expect(verdictOf(scenario)).not.toBe("violated");
  });
});
