// Operations when a world is made smaller: people who ask and planes go one by one, and a planted bug of the control layer is left with
// a few lines.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { plantNamed, plantOptions } from "../plants/plants.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { writeScenario } from "../scenario/write.ts";
import { cuts } from "./cuts.ts";
import { tidied } from "./edits.ts";
import { shrink } from "./shrink.ts";

const file = "workloads/operations.yaml";

function read(settings: Readonly<Record<string, string>>): Scenario {
  const outcome = readScenario(readFileSync(new URL(`../../${file}`, import.meta.url), "utf8"), {
    file,
    settings: Object.entries(settings).map(([path, value]) => ({ label: `--set ${path}=${value}`, path, value })),
  });
  if (outcome.kind === "invalid") throw new Error(outcome.problems[0]?.message);
  return outcome.scenario;
}

test("a planted bug of the control layer shrinks to two cloudlets, one who asks, and no plane", async () => {
  const plant = plantNamed("keeps-all") ?? expect.fail("no such plant");
  const scenario = read({ "operations.caps.records": "3" });
  const options = { run: plantOptions(plant), clean: {}, budget: 400 };
  const outcome = await shrink(scenario, { kind: "property", name: "queue-caps" }, options);
  if ("kind" in outcome) throw new Error(outcome.why);
  const { scenario: smallest } = outcome.smallest;
  const { topology, operations, faults } = smallest;
  expect(topology.cloudlets).toHaveLength(2);
  expect([operations?.issuers.length, operations?.missing, operations?.outages]).toEqual([1, [], []]);
  expect(faults.length).toBeLessThan(2);
  expect(readScenario(writeScenario(smallest), { file: "small.yaml" }).kind).toBe("scenario");
});

test("who comes after somebody that is gone comes after nobody", async () => {
  const scenario = read({
    "operations.issuers.region.after": "{ issuer: owner }",
    "operations.issuers.owner.at": "[centre, north]",
  });
  const people = cuts.find(({ kind }) => kind === "people who ask for operations") ?? expect.fail("no such cut");
  const left: string[] = [];
  await people.reduce(scenario, (smaller) => {
    const world = tidied(smaller);
    const issuers = world?.operations?.issuers ?? [];
    if (world !== null && issuers.length > 0) {
      left.push(issuers.map(({ name, after }) => `${name} after ${after?.issuer ?? "nobody"}`).join(", "));
      expect(readScenario(writeScenario(world), { file: "small.yaml" }).kind).toBe("scenario");
    }
    return Promise.resolve(issuers.some(({ name }) => name === "region"));
  });
  expect(left).toContain("region after nobody");
});
