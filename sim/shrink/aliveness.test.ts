// Aliveness goes along when a world is made smaller: with its cloudlets, their names and its moments, and by itself.

import { expect, test } from "vitest";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { scenario } from "../scenario/testing.ts";
import { writeScenario } from "../scenario/write.ts";
import { cuts } from "./cuts.ts";
import { tidied, withoutCloudlets } from "./edits.ts";
import { momentsOf, movedMoments } from "./moments.ts";
import { merged, renamed } from "./renaming.ts";
import { sizeOf } from "./size.ts";

const text = scenario(
  "aliveness:",
  "  observe: [{ at: [edge, far], every: 1s }, { at: far, classes: [power], every: 2s }]",
  "  confirmations:",
  "    - { at: 3s, by: hub, about: edge, says: failed }",
  "    - { at: 4s, by: hub, about: far, says: disconnected }",
  "operations: { planes: [{ at: edge, plane: control, state: none }] }",
);

function read(): Scenario {
  const outcome = readScenario(text, { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(outcome.problems[0]?.message);
  return outcome.scenario;
}

const sources = ({ aliveness }: Scenario) => aliveness?.observed.map(({ at }) => at.join(" "));
const words = ({ aliveness }: Scenario) => aliveness?.confirmations.map(({ at, about }) => `${at / 1e6} ${about}`);

test("what names a cloudlet that is gone goes with it; planes stay where somebody watches", () => {
  const left = tidied(withoutCloudlets(read(), new Set(["far"])));
  if (left === null) throw new Error("a topology is left");
  expect([sources(left), words(left)]).toEqual([["edge"], ["3 edge"]]);
  expect(left.operations?.missing).toEqual([{ cloudlet: "edge", plane: "control" }]);
  expect(readScenario(writeScenario(left), { file: "left.yaml" }).kind).toBe("scenario");
});

test("nobody says anything of himself when two cloudlets become one", () => {
  const left = tidied(merged(read(), "edge", "hub"));
  if (left === null) throw new Error("a topology is left");
  expect(words(left)).toEqual(["4 far"]);
});

test("names and moments change everywhere", () => {
  const other = renamed(read(), (name) => name.toUpperCase());
  expect([sources(other), words(other)]).toEqual([
    ["EDGE FAR", "FAR"],
    ["3 EDGE", "4 FAR"],
  ]);
  expect(momentsOf(read())).toEqual([3e6, 4e6, 10e6]);
  expect(words(movedMoments(read(), (moment) => moment / 2))).toEqual(["1.5 edge", "2 far"]);
});

test.each([
  ["what people say of cloudlets", "4 far", "edge far,far"],
  ["what is observed", "3 edge,4 far", "far"],
])("%s can go one by one", async (kind, said, observed) => {
  const cut = cuts.find((one) => one.kind === kind);
  let smallest = read();
  await cut?.reduce(read(), (smaller) => {
    const holds = words(smaller)?.includes("4 far") === true && sources(smaller)?.includes("far") === true;
    if (holds) smallest = smaller;
    return Promise.resolve(holds);
  });
  expect([words(smallest)?.join(), sources(smallest)?.join()]).toEqual([said, observed]);
  expect(sizeOf(smallest).turns).toBe(words(smallest)?.length);
});
