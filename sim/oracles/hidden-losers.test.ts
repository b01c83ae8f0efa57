/** The list of what resolvers have settled by themselves: on hand-made histories, and beside what the cores of runs hold. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { dotName } from "../../model/replication/record.ts";
import { familyOf } from "../../model/topology/resolvers.ts";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";
import { EAST, HUB, trio, WEST } from "./stage-worlds.ts";
import { Stage } from "./stage.ts";

const fatesOf = (stage: Stage) =>
  stage.oracles.hiddenLosers().map(({ key, versions }) => [key, versions.map(({ fate }) => fate)]);

test("a loser is never shown until some session has read it, and is listed until a write takes its place", () => {
  const stage = new Stage(trio);
  const one = stage.write(EAST, 1, "last/x");
  const two = stage.write(WEST, 2, "last/x");
  expect(stage.oracles.hiddenLosers()).toEqual([]);
  stage.apply(HUB, one, two);
  stage.read(HUB, 3, "last/x");
  expect(stage.oracles.hiddenLosers()).toMatchObject([
    { key: "last/x", scope: "last", resolver: "lww-hlc", cloudlets: 1, versions: [{ cloudlet: "east" }, {}] },
  ]);
  expect(fatesOf(stage)).toEqual([["last/x", ["never-shown", "returned"]]]);
  // In the east it is the only version: somebody is shown it there.
  stage.read(EAST, 4, "last/x");
  expect(fatesOf(stage)).toEqual([["last/x", ["hidden", "returned"]]]);
  stage.apply(EAST, two);
  expect(stage.oracles.hiddenLosers()).toMatchObject([{ cloudlets: 2 }]);

  const end = stage.write(HUB, 3, "last/x");
  expect(stage.oracles.hiddenLosers()).toMatchObject([{ cloudlets: 1 }]);
  stage.apply(EAST, end);
  expect(stage.oracles.hiddenLosers()).toEqual([]);
});

test("what the store returns against its resolver does not change the list, but counts as shown", () => {
  const stage = new Stage(trio);
  const one = stage.write(EAST, 1, "lamport/x");
  stage.apply(HUB, one, stage.write(WEST, 2, "lamport/x"));
  stage.read(HUB, 3, "lamport/x", [one]);
  expect(fatesOf(stage)).toEqual([["lamport/x", ["hidden", "returned"]]]);
});

test("keys with a version that nobody was shown come first", () => {
  const stage = new Stage(trio);
  for (const key of ["last/a", "last/b", "last/c"]) {
    const one = stage.write(EAST, 1, key);
    if (key !== "last/b") stage.read(EAST, 4, key);
    stage.apply(HUB, one, stage.write(WEST, 2, key));
  }
  expect(stage.oracles.hiddenLosers().map(({ key }) => key)).toEqual(["last/b", "last/a", "last/c"]);
});

test.each([
  ["split-and-merge", 2],
  ["resolvers", 4],
  ["figure-1", 0],
])("%s: exactly the %i keys that the cores hold several versions of", (name, count) => {
  const file = fileURLToPath(new URL(`../../workloads/${name}.yaml`, import.meta.url));
  const outcome = readScenario(readFileSync(file, "utf8"), { file });
  if (outcome.kind === "invalid") throw new Error(`${file} is refused`);
  const { report, topology, world } = runScenario(outcome.scenario);
  const held = new Map<string, { cloudlets: number; dots: Set<string> }>();
  for (const { id } of topology.cloudlets) {
    const core = world.core(id);
    for (const key of core?.keys() ?? []) {
      const scope = topology.scopeOf(key);
      const versions = core?.versions(key) ?? [];
      if (versions.length < 2 || familyOf(topology.scopes[scope ?? -1]?.resolver ?? "lww-hlc") !== "one") continue;
      const found = held.get(key) ?? { cloudlets: 0, dots: new Set() };
      found.cloudlets += 1;
      for (const { dot } of versions) found.dots.add(dotName(dot));
      held.set(key, found);
    }
  }
  const listed = report.hiddenLosers.map(({ key, cloudlets, versions }) => {
    expect(versions.filter(({ fate }) => fate === "returned")).toHaveLength(1);
    return [key, { cloudlets, dots: new Set(versions.map(({ dot }) => dot)) }] as const;
  });
  expect(listed).toHaveLength(count);
  expect(new Map(listed)).toEqual(held);
});
