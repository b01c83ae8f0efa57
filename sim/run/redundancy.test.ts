// Redundant bytes: counted for what had come before and for nothing else, on every link of the way and on no other.

import { expect, test } from "vitest";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { readScenario } from "../scenario/read.ts";
import type { LinkFigures } from "./report.ts";
import { runScenario } from "./runner.ts";

// The flow leads over the middle, which holds nothing of it.
function scenarioWith(link: string): Scenario {
  const text = `causeway: 1
name: redundant
seed: 7
topology: { tree: { top: { middle: { bottom: {} } } } }
scopes: [{ name: images, prefix: images/ }]
flows: [{ scope: images, upper: top, lower: bottom, direction: down }]
links: { defaults: { delay: 5ms }, list: [{ between: [middle, bottom], ${link} }] }
clients: [{ name: builder, at: top, think: 50ms, operations: 20, mix: [{ put: images/, keys: 4, size: 100B }] }]
duration: 12s
settle: 20s
`;
  const read = readScenario(text, { file: "redundant.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("; "));
  return read.scenario;
}

function figuresOf(scenario: Scenario) {
  const { report, oracles } = runScenario(scenario);
  const { truth } = oracles;
  let written = 0;
  for (let record = 0; record < truth.recordCount; record += 1) written += (truth.records[record] as CausalRecord).size;
  const link = (from: string, to: string): LinkFigures =>
    report.links.find((one) => one.from === from && one.to === to) as LinkFigures;
  const down = [link("top", "middle"), link("middle", "bottom")];
  const total = new Map(report.metrics).get("links.redundant");
  return { report, written, down: down.map(({ redundant }) => redundant), total };
}

test("what comes once is not redundant", () => {
  const { report, written, down, total } = figuresOf(scenarioWith("delay: 5ms"));
  expect(report.verdict).toBe("passed");
  expect(written).toBeGreaterThan(20 * 100);
  expect(down).toEqual([0, 0]);
  expect(total).toBe(0);
});

test("each record of a message that comes twice is, on every link of its way and on no way back", () => {
  const { report, written, down, total } = figuresOf(scenarioWith("delay: 5ms, duplication: 100%"));
  expect(down).toEqual([written, written]);
  expect(total).toBe(2 * written);
  expect(report.links.filter(({ redundant }) => redundant > 0)).toHaveLength(2);
});

test("where no way leads back, the same records come again and again", () => {
  const { report, written, down } = figuresOf(scenarioWith("delay: 5ms, back: { loss: 100% }"));
  expect(report.verdict).toBe("passed");
  expect(down[0]).toBeGreaterThan(3 * written);
  expect(down[1]).toBe(down[0]);
});
