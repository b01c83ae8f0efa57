/** The list of conflicts that nobody ended: on hand-made histories, and beside what the cores of a whole run hold. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { dotName } from "../../model/replication/record.ts";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";
import { EAST, HUB, trio, WEST } from "./stage-worlds.ts";
import { Stage } from "./stage.ts";

test("a key is listed from when its versions first meet until a write ends that everywhere", () => {
  const stage = new Stage(trio);
  const { truth } = stage.oracles;
  const one = stage.write(EAST, 1, "all/x");
  const two = stage.write(WEST, 2, "all/x");
  expect(stage.oracles.openSiblings()).toEqual([]);
  stage.apply(HUB, one, two);
  const metAt = stage.at;
  stage.apply(EAST, two);
  const [open, ...others] = stage.oracles.openSiblings();
  expect(others).toEqual([]);
  expect(open).toMatchObject({ key: "all/x", cloudlets: 2, versions: [{ cloudlet: "east" }, { cloudlet: "west" }] });
  expect(open?.since).toBeLessThanOrEqual(metAt);
  expect(open?.since).toBeGreaterThan(truth.requestedAt.data[1] as number);
  expect(open?.versions.map(({ dot }) => dot)).toEqual([dotName(one.dot), dotName(two.dot)]);

  // Ended at the hub, and still open in the east until it hears of that.
  const end = stage.write(HUB, 3, "all/x", { replaceAll: true });
  expect(stage.oracles.openSiblings()).toMatchObject([{ since: open?.since, cloudlets: 1 }]);
  stage.apply(EAST, end);
  expect(stage.oracles.openSiblings()).toEqual([]);
});

test("a hidden loser is in the other list, and the store's own versions are not asked", () => {
  const stage = new Stage(trio);
  stage.apply(HUB, stage.write(EAST, 1, "last/x"), stage.write(WEST, 2, "last/x"));
  stage.apply(HUB, stage.write(EAST, 1, "all/x"), stage.write(WEST, 2, "all/x"));
  stage.booth(HUB).stands.set("all/x", []);
  expect(stage.oracles.openSiblings().map(({ key }) => key)).toEqual(["all/x"]);
  expect(stage.oracles.hiddenLosers().map(({ key }) => key)).toEqual(["last/x"]);
});

test.each(["split-and-merge", "restore-from-backup"])("%s: exactly what the cores hold in the end", (name) => {
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
      if (versions.length < 2 || topology.scopes[scope ?? -1]?.resolver !== "return-them-all") continue;
      const found = held.get(key) ?? { cloudlets: 0, dots: new Set() };
      found.cloudlets += 1;
      for (const { dot } of versions) found.dots.add(dotName(dot));
      held.set(key, found);
    }
  }
  const listed = report.openSiblings.map(({ key, cloudlets, versions }) => {
    return [key, { cloudlets, dots: new Set(versions.map(({ dot }) => dot)) }] as const;
  });
  expect(listed.length).toBeGreaterThan(0);
  expect(new Map(listed)).toEqual(held);
});
