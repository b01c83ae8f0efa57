// Drawn faults: every draw is a scenario that can be read, says everything, and is the same again; whole kinds are off; and what is
// drawn is strong enough to catch planted bugs in the phase in which safety holds and in the one in which a core converges.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { faultNames } from "../faults/table.ts";
import { plantNamed, plantOptions } from "../plants/plants.ts";
import { runScenario } from "../run/runner.ts";
import { faultsAsWritten, readScenario, scenarioSource } from "../scenario/read.ts";
import { siteBetween } from "../scenario/resolve-core.ts";
import { writeScenario } from "../scenario/write.ts";
import { swarmSections, swarmSettings, withSections } from "./apply-swarm.ts";
import { drawSwarm, type Swarm } from "./draw-swarm.ts";
import { readSwarm } from "./read-swarm.ts";
import { groundOf } from "./under-faults.ts";

const small = `
# Kept as it is.
causeway: 1
name: swarm
seed: 1
topology: { tree: { hub: { east: { shop: null, stall: null }, west: { dock: null } } } }
scopes: [{ name: users, prefix: users/, resolver: return-them-all }, { name: news, prefix: news/ }]
flows:
  - { scope: users, between: tree, direction: both }
  - { scope: news, upper: hub, lower: shop, direction: both }
links: { defaults: { delay: 5ms }, list: [{ between: [hub, shop] }] }
clients:
  - name: editors
    at: all
    think: exponential(150ms)
    mix: [{ put: users/, keys: 5, weight: 2 }, { delete: users/, keys: 5 }, { get: users/, keys: 5, weight: 2 }]
  - { name: readers, at: [hub, shop], think: 200ms, mix: [{ put: news/ }, { get: news/ }] }
faults:
  - { isolate: stall, from: 1s, until: 2s } # its own
clockBound: 1s
duration: 6s
settle: 60s
expectations: { always: [causal-delivery, rtc, durability], sometimes: [conflict], bounds: { visibility.p99: "<= 1ms" } }
`;

function parts(text: string, seed: string) {
  const file = "swarm.yaml";
  const base = readScenario(text, { file });
  if (base.kind === "invalid") throw new Error(base.problems.map(({ message }) => message).join("\n"));
  const { scenario, topology } = base;
  const ground = groundOf(scenario, false);
  const swarm = drawSwarm(ground, topology, seed);
  const sections = swarmSections(faultsAsWritten(scenarioSource("x.yaml", text), []), scenario, swarm);
  const read = readScenario(text, { file, settings: swarmSettings(sections, `--swarm ${seed}`) });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  return { swarm, sections, topology, scenario: read.scenario, saved: withSections(text, sections, scenario.seed) };
}

test.each([
  ["a small world", small],
  [
    "two cloudlets",
    small.replace(/topology: .*/, "topology: { tree: { hub: { shop: null } } }").replaceAll("stall", "hub"),
  ],
  ["long-absence", readFileSync(new URL("../../workloads/long-absence.yaml", import.meta.url), "utf8")],
  ["drone", readFileSync(new URL("../../workloads/drone.yaml", import.meta.url), "utf8")],
])("every draw for %s can be read, and is what its file says (40 draws)", (_, text) => {
  for (let seed = 0; seed < 40; seed += 1) {
    const { scenario, saved, topology, swarm } = parts(text, `draw/${seed}`);
    const again = readScenario(saved, { file: "saved.yaml" });
    if (again.kind === "invalid") throw new Error(again.problems.map(({ message }) => message).join("\n"));
    expect(again.scenario).toEqual(scenario);
    // Written out without composites, too.
    const plain = readScenario(writeScenario(scenario), { file: "plain.yaml" });
    if (plain.kind === "invalid") throw new Error(plain.problems.map(({ message }) => message).join("\n"));
    const { faults, quirks, core } = scenario;
    expect([plain.scenario.faults, plain.scenario.quirks, plain.scenario.core]).toEqual([faults, quirks, core]);
    expect(siteBetween(topology, new Set(swarm.core))).toBeNull();
    expect(swarm.core.length).toBeGreaterThanOrEqual(2);
  }
});

test("every kind is drawn, each is off in about half of the draws, and a seed draws the same again (400 draws)", () => {
  const drawn = new Set<string>();
  const onCount = new Map<string, number>();
  const count = 400;
  const draws: Swarm[] = [];
  const source = scenarioSource("swarm.yaml", small);
  for (let seed = 0; seed < count; seed += 1) {
    const outcome = readSwarm(source, `kinds/${seed}`);
    if (outcome.kind === "invalid") throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
    const { swarm } = outcome;
    draws.push(swarm);
    for (const kind of swarm.on) onCount.set(kind, (onCount.get(kind) ?? 0) + 1);
    for (const fault of swarm.faults) for (const key of Object.keys(fault)) drawn.add(key);
    expect([...swarm.on, ...swarm.off].sort()).toEqual([...faultNames].sort());
  }
  expect(faultNames.filter((name) => !drawn.has(name))).toEqual([]);
  // Five standard deviations.
  for (const name of faultNames) expect(Math.abs((onCount.get(name) ?? 0) - count / 2)).toBeLessThan(50);
  expect(parts(small, "kinds/7").swarm).toEqual(draws[7]);
});

test("the saved text keeps its comments and its own faults, and what cannot be asked for is said", () => {
  const clocks = Array.from({ length: 60 }, (_, seed) => parts(small, `saved/${seed}`)).find(({ sections }) =>
    sections.suspended.some((sentence) => sentence.startsWith("rtc is suspended because of ")),
  );
  if (clocks === undefined) throw new Error("no draw with a clock that is wrong");
  expect(clocks.saved).toContain("# Kept as it is.");
  expect(clocks.sections.faults[0]).toEqual({ isolate: "stall", from: "1s", until: "2s" });
  expect(clocks.sections.suspended.slice(1)).toEqual([
    "marks of the scenario's own story are not asked for",
    "bounds of the scenario's own story are not asked for",
  ]);
  expect(clocks.scenario.expectations).toMatchObject({
    always: ["causal-delivery", "durability"],
    eventually: ["convergence"],
    sometimes: [],
    bounds: [],
  });
});

describe("both phases", () => {
  const usual = small.replace(/expectations: .*/, "");

  test("no property is violated, and where only a core is healed the run says so (24 runs)", () => {
    let partCount = 0;
    for (let seed = 0; seed < 24; seed += 1) {
      const { scenario, swarm } = parts(usual, `clean/${seed}`);
      const { report } = runScenario(scenario);
      expect([`clean/${seed}`, report.verdict, report.unmet, report.pending]).toEqual([
        `clean/${seed}`,
        "passed",
        [],
        [],
      ]);
      expect(report.notes.filter((note) => note.includes("a core alone"))).toHaveLength(1);
      if (swarm.core.length < 6) partCount += 1;
    }
    expect(partCount).toBeGreaterThan(6);
  }, 120_000);

  test.each([
    ["trusts-old-positions", "convergence"],
    ["acknowledges-before-stored", "durability"],
    ["relays-nothing", "convergence"],
    ["apply-on-arrival", "causal-delivery"],
    ["answers-before-stored", "durability"],
  ] as const)(
    "the planted bug %s is caught by %s (within 60 runs)",
    (plant, property) => {
      for (let seed = 0; seed < 60; seed += 1) {
        const { scenario } = parts(usual, `planted/${seed}`);
        const { report } = runScenario(scenario, plantOptions(plantNamed(plant)!));
        const found = new Map(report.properties).get(property);
        if (found?.verdict !== "violated") continue;
        if (property === "convergence") expect(report.pending.join("\n")).toMatch(/has not arrived at|waits at/);
        return;
      }
      throw new Error("not caught");
    },
    120_000,
  );

  test("what is broken outside of the core stays so, and nobody is asked for what is there alone", () => {
    const text = usual
      .replace(/faults:\n.*\n/, "")
      .concat(
        "faults: [{ isolate: dock, from: 1s }, { crash: stall, at: 2s, for: 1s }, { crash: west, at: 5500ms, for: 20s }]\n",
        "core: [hub, east, shop]\n",
      );
    const read = readScenario(text, { file: "core.yaml" });
    if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
    const { report, world } = runScenario(read.scenario);
    expect([report.verdict, report.pending]).toEqual(["passed", []]);
    expect(report.notes.join("\n")).toContain("convergence was asked of a core alone (hub, east, shop)");
    const coreOf = (name: string) => world.core(world.topology.cloudletNamed(name)!);
    expect([coreOf("west"), coreOf("stall") === null]).toEqual([null, false]);
    // With everybody healed both would be back.
    const whole = readScenario(text.replace(/core: .*/, ""), { file: "core.yaml" });
    if (whole.kind === "invalid") throw new Error("refused");
    expect(runScenario(whole.scenario).report.notes).toEqual([]);
  });

  test("an answered write that waits at home for what rot took of a bundle is there, and no broken promise", () => {
    const text = `
causeway: 1
name: drone-at-home
seed: 1
topology: { tree: { base: { ridge: null } } }
scopes: [{ name: orders, prefix: orders/ }, { name: readings, prefix: readings/ }]
flows: [{ scope: readings, between: tree, direction: up }]
script:
  - { put: readings/3, value: a, at: 2s, cloudlet: ridge, session: sensor }
  - { scan: readings/, at: 3s, session: drone }
  - { scan: readings/, at: 6s, cloudlet: base, session: operator }
  - { put: orders/0, value: b, at: 7s, cloudlet: base, session: operator }
travellers: [{ session: drone, at: ridge, travel: { moves: [{ at: 4s, to: base }] } }]
faults: [{ linkDown: [base, ridge], from: 1s }, { crash: base, at: 8s, for: 1s }, { bitRot: base, at: 5s }]
core: [base]
duration: 10s
`;
    const read = readScenario(text, { file: "drone.yaml" });
    if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
    const { report } = runScenario(read.scenario);
    expect([report.verdict, report.unmet]).toEqual(["passed", []]);
    expect(report.notes).toContain("1 answered write waits at home for others that such faults took");
  });

  test("a core over a site that is not in it is refused, and so is an empty one", () => {
    const refusal = (core: string): string => {
      const read = readScenario(`${usual}core: ${core}\n`, { file: "core.yaml" });
      return read.kind === "invalid" ? read.problems.map(({ message }) => message).join("\n") : "";
    };
    const viaEast = usual.replace("upper: hub, lower: shop,", "upper: hub, lower: shop, via: [east],");
    const read = readScenario(`${viaEast}core: [hub, shop]\n`, { file: "core.yaml" });
    expect(read.kind === "invalid" && read.problems[0]?.message).toContain(
      "found that hub replicates with shop over east; add east",
    );
    expect(refusal("[]")).toContain("expected at least one cloudlet, found none");
    expect(refusal("[hub, nobody]")).toContain('found "nobody"');
    expect(refusal("[hub, shop]")).toBe("");
  });
});
