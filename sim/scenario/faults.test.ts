/** What is said of faults that cannot be, and what composites become. */
import { describe, expect, test } from "vitest";
import { readScenario } from "./read.ts";
import type { Fault } from "./scenario.ts";
import { scenario, told } from "./testing.ts";

/** The faults that this one becomes, without what it leaves as it is. */
function read(fault: string, ...more: string[]): readonly Fault[] {
  const outcome = readScenario(scenario(`faults: [${fault}]`, ...more), { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
  return outcome.scenario.faults;
}

describe("mistakes", () => {
  test.each([
    ["{ degrade: [hub, edge], from: 1s }", "expected something that the link does worse, found nothing"],
    ["{ degrade: [edge, far], loss: 5%, from: 1s }", "expected the two ends of a link, found edge and far"],
    ["{ degrade: [hub, edge], loss: 5, from: 1s }", "loss"],
    ["{ degrade: [hub, edge], loss: 5ms, from: 1s }", "loss: expected"],
    ["{ degrade: [hub, edge], bandwidth: 0bit, from: 1s }", "bandwidth: expected"],
    ["{ degrade: [hub, edge], reordering: 5%, from: 1s }", "expected reordering and reorderDelay together"],
    ["{ clog: [hub, egde], from: 1s }", 'did you mean "edge"?'],
    ["{ clog: [hub, edge], from: 11s }", "expected a time before the load ends (duration), found 11s"],
    ["{ slowDisk: edge, sync: 1s, from: 2s, until: 1s }", "expected a time after from (2s), found 1s"],
    ["{ slowDisk: edge, sync: fast, from: 2s }", "sync: expected"],
    ["{ fullDisk: nowhere, from: 2s }", 'expected the name of a cloudlet, found "nowhere"'],
    ["{ pause: edge, clock: stops, from: 2s }", "expected runs or stands"],
    [
      "{ pause: edge, from: 1s, until: 4s }, { pause: edge, from: 3s, until: 5s }",
      "expected one pause at a time of edge, found one that begins 3s before another has ended",
    ],
    [
      "{ slowDisk: edge, sync: 1s, from: 1s }, { slowDisk: edge, sync: 2s, from: 3s, until: 5s }",
      "expected one slowDisk at a time of edge",
    ],
    [
      "{ clockDrift: edge, by: 6%, from: 1s }, { clockSlew: edge, at: 3s, by: 1ms, rate: 5% }",
      "expected a clock of edge that is at most 10% off, found 110000ppm 3s after the beginning",
    ],
    ["{ clockSlew: edge, at: 3s, by: 0ms }", "expected some way to go"],
    ["{ clockStrobe: edge, by: 1s, every: 0ms, from: 1s }", "expected a time, found 0ms"],
    ["{ farFuture: edge, at: 1s, by: 5s }", "expected more than the clock bound (1min), found 5s"],
    ["{ farFuture: edge, at: 1s, for: 20s }", "expected an end before the load ends"],
    ["{ cutSubtree: hub, from: 1s }", "expected a cloudlet with somebody above or beside it, found hub"],
    ["{ ring: [hub, edge], from: 1s }", "expected at least three cloudlets, found 2"],
    ["{ ring: [hub, edge, far], from: 1s }", "expected that some link is cut by it, found none"],
    ["{ bridge: hub, between: [[edge], [far]], from: 1s }", "expected that some link is cut by it, found none"],
    ["{ bridge: hub, between: [[edge], [edge]], from: 1s }", 'cloudlet "edge" is named twice'],
    ["{ flapping: [hub, edge], down: 0s, up: 0s, from: 1s }", "expected down and up that take time"],
    ["{ flapping: [hub, edge], down: 10us, up: 10us, from: 1s }", "expected at most 10000 changes"],
    ["{ swizzle: [edge], from: 1s, until: 2s }", "expected at least two cloudlets, found 1"],
    ["{ upgrade: edge, version: 9, at: 1s, for: 1s }", "version: expected"],
    ["{ cascade: edge, every: 1s, for: 1s, from: 1s }", "expected a cloudlet with others below it, found edge"],
    ["{ crash: edge, at: 1s, for: 1s, when: writesPendng }", 'did you mean "writesPending"?'],
  ])("%s", (faults, expected) => {
    const lines = told(scenario(`faults: [${faults}]`));
    expect(lines.join("\n")).toContain(expected);
    for (const line of lines) expect(line).toMatch(/^s\.yaml:8:[0-9]+: faults\[/);
  });
});

describe("composites", () => {
  test("a flapping link is down and up in turns, and up when it is over", () => {
    const fault = "{ flapping: [hub, edge], down: 100ms, up: 300ms, from: 1s, until: 2s }";
    const link = { kind: "linkDown", a: "hub", b: "edge", direction: "both" };
    expect(read(fault)).toEqual([
      { ...link, from: 1_000_000, until: 1_100_000 },
      { ...link, from: 1_400_000, until: 1_500_000 },
      { ...link, from: 1_800_000, until: 1_900_000 },
    ]);
  });

  test("a swizzle cuts everybody off by half of its time, and brings them back in another order", () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const outcome = readScenario(scenario("faults: [{ swizzle: all, from: 2s, until: 8s }]"), {
        file: "s.yaml",
        seed: String(seed),
      });
      if (outcome.kind === "invalid") throw new Error("refused");
      const cuts = outcome.scenario.faults.map((fault) => {
        if (fault.kind !== "isolate") throw new Error(fault.kind);
        return { name: fault.cloudlet, from: fault.from, until: fault.until as number };
      });
      expect(cuts.map(({ from }) => from)).toEqual([2_000_000, 3_000_000, 4_000_000]);
      expect(cuts.map(({ until }) => until).sort()).toEqual([6_000_000, 7_000_000, 8_000_000]);
      expect(cuts.map(({ until }) => until)).not.toEqual([6_000_000, 7_000_000, 8_000_000]);
      expect(new Set(cuts.map(({ name }) => name)).size).toBe(3);
    }
  });

  test("a slew is a drift for as long as it takes, and a strobe ends where it began", () => {
    expect(read("{ clockSlew: edge, at: 1s, by: -1ms }")).toEqual([
      { kind: "clockDrift", cloudlet: "edge", ppm: -500, from: 1_000_000, until: 3_000_000 },
    ]);
    const steps = read("{ clockStrobe: edge, by: 80ms, every: 100ms, from: 1s, until: 1500ms }");
    expect(steps.map((step) => (step.kind === "clockStep" ? [step.at, step.by] : step))).toEqual([
      [1_000_000, 80_000],
      [1_100_000, -80_000],
      [1_200_000, 80_000],
      [1_300_000, -80_000],
      [1_400_000, 80_000],
      [1_500_000, -80_000],
    ]);
  });

  test("a subtree is all below, a cascade goes through its layers, a mass return ends for all at once", () => {
    const tree = "topology: { tree: { hub: { mid: { low: { edge: null } }, far: null } } }";
    const readTree = (fault: string): readonly Fault[] => {
      const text = scenario(`faults: [${fault}]`).replace(/topology: .*/, tree);
      const outcome = readScenario(text, { file: "s.yaml" });
      if (outcome.kind === "invalid") throw new Error(outcome.problems.map(({ message }) => message).join("\n"));
      return outcome.scenario.faults;
    };
    expect(readTree("{ cutSubtree: mid, from: 1s, until: 2s }")).toEqual([
      { kind: "partition", groups: [["mid", "low", "edge"]], from: 1_000_000, until: 2_000_000 },
    ]);
    const crash = { kind: "crash", after: 2_000_000, disk: "keep" };
    const cascade = "{ cascade: hub, every: 1s, for: 2s, from: 1s, how: crash";
    expect(readTree(`${cascade} }`)).toEqual([
      { ...crash, cloudlet: "low", at: 1_000_000 },
      { ...crash, cloudlet: "mid", at: 2_000_000 },
      { ...crash, cloudlet: "hub", at: 3_000_000 },
    ]);
    expect(readTree(`${cascade}, first: top }`).map((fault) => "cloudlet" in fault && fault.cloudlet)).toEqual([
      "hub",
      "mid",
      "low",
    ]);
    expect(readTree("{ massReturn: leaves, from: 1s, until: 3s }")).toEqual([
      { kind: "isolate", cloudlet: "edge", from: 1_000_000, until: 3_000_000 },
      { kind: "isolate", cloudlet: "far", from: 1_000_000, until: 3_000_000 },
    ]);
  });

  test("far in the future and back, upgrades and downgrades are steps and crashes", () => {
    expect(read("{ farFuture: edge, at: 1s, for: 2s }")).toEqual([
      { kind: "clockStep", cloudlet: "edge", at: 1_000_000, by: 86_400_000_000 },
      { kind: "clockStep", cloudlet: "edge", at: 3_000_000, by: -86_400_000_000 },
    ]);
    expect(read("{ upgrade: edge, version: 2, at: 1s, for: 2s }")).toEqual([
      { kind: "crash", cloudlet: "edge", at: 1_000_000, after: 2_000_000, disk: "keep", version: 2 },
    ]);
  });
});
