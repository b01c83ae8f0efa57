// Marks and views in whole runs whose topology changes beside operations: a layer is put in between, a site moves, another is detached and
// attached again. Right runs are silent, and wrong rules of the control layer are caught.

import { expect, test } from "vitest";
import type { ControlRules } from "../../model/control/rules.ts";
import type { RunReport } from "../run/report.ts";
import { firstPlanOf, runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";

const text = `
causeway: 1
name: rewatched
seed: 1
topology: { tree: { centre: { north: { site1: , site2: }, south: { site3: , site4: }, spare: } } }
scopes: [{ name: inventory, prefix: inventory/, resolver: lww-hlc }]
flows: [{ scope: inventory, between: tree, direction: both }]
links: { defaults: { delay: 20ms, jitter: 30ms, loss: 2% } }
plans:
  - { at: 8s, told: "uniform(0s, 1s)", reparent: { spare: north, site1: spare } }
  - { at: 11s, told: "uniform(0s, 1s)", reparent: { site2: south } }
  - { at: 13s, told: "uniform(0s, 1s)", detach: [site3] }
  - { at: 17s, told: "uniform(0s, 1s)", reparent: { site3: north } }
aliveness:
  period: 500ms
  slowest: 2s
  silentAfter: 1500ms
  calmFor: 800ms
  backlogAge: 600ms
  observe:
    - { at: [site1, site2, site3, spare], every: exponential(700ms) }
  confirmations:
    - { at: 6s, by: north, about: site2, says: failed }
    - { at: 9s, by: centre, about: site1, says: fenced }
    - { at: 12500ms, by: north, about: site2, says: clear }
    - { at: 15s, by: south, about: site3, says: failed }
    - { at: 19s, by: spare, about: site1, says: clear }
    - { at: 21s, by: north, about: site3, says: disconnected }
operations:
  custody: shared
  caps: { records: 300, bytes: 300kB }
  takes: exponential(500ms)
  issuers:
    - name: owner
      at: [centre, north, south, spare]
      kinds: [vm.create, vm.update]
      every: exponential(900ms)
      objects: 20
    - { name: local, at: [site3], targets: [site3], kinds: [vm.create], every: exponential(900ms), objects: 20 }
faults:
  - { isolate: site1, from: 2s, until: 6s }
  - { isolate: site2, from: 7s, until: 14s }
  - { crash: north, at: 9500ms, for: 2s }
duration: 24s
settle: 60s
`;

function read(seed: number, from = text): Scenario {
  const outcome = readScenario(from, { file: "rewatched.yaml", seed: String(seed) });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.scenario;
}

function evidence({ properties }: RunReport): readonly string[] {
  return properties.flatMap(([, verdict]) => verdict.evidence);
}

test("whatever the plans do, everybody is watched by whoever is right above it, and no oracle complains", () => {
  const scenario = read(1);
  const topology = firstPlanOf(scenario);
  const named = (name: string): number => topology.cloudletNamed(name) ?? -1;
  const watchers = new Map<string, Set<number>>();
  const { report } = runScenario(scenario, {
    observers: [
      {
        watching(_at, cloudlet, event) {
          if (event.kind !== "looked") return;
          const name = topology.cloudlets[event.about]?.name ?? "";
          watchers.set(name, (watchers.get(name) ?? new Set()).add(cloudlet));
        },
      },
    ],
  });
  expect([report.verdict, evidence(report), report.unmet]).toEqual(["passed", [], []]);
  const byName = (name: string): readonly number[] => [...(watchers.get(name) ?? [])];
  expect(byName("spare")).toEqual(["centre", "north"].map(named));
  expect(byName("site1")).toEqual(["north", "spare"].map(named));
  expect(byName("site2")).toEqual(["north", "south"].map(named));
  expect(byName("site3")).toEqual(["south", "north"].map(named));
  expect(byName("site4")).toEqual(["south"].map(named));

  const lines = new Map(report.aliveness?.marks.map((line) => [line.cloudlet, line]));
  const [moved, back, between] = ["site2", "site3", "site1"].map((name) => lines.get(name));
  expect([moved?.upper, back?.upper, between?.upper]).toEqual(["south", "north", "spare"]);
  // Nobody watches who is out of the tree; who watches it then knows nothing of it at first.
  const known = back?.stretches.map(({ mark }) => mark) ?? [];
  expect(known.slice(known.indexOf(null), known.indexOf(null) + 2)).toEqual([null, "unknown"]);
  // What had been confirmed by somebody who is not above it any more does not count for the new upper.
  const marks = moved?.stretches.map(({ mark }) => mark) ?? [];
  expect(marks).toContain("failed");
  expect(marks.slice(marks.lastIndexOf(null))).not.toContain("failed");
});

// 1. The centre says that site2 is disconnected, and the north, which has got that, that it has failed instead. 2. site2 comes below the south:
// the word of the north counts for nothing any more. 3. What it took the place of does not come back.
test("what a former upper took the place of stays taken back, and no oracle complains", () => {
  const failed = "    - { at: 6s, by: north, about: site2, says: failed }\n";
  const said = text.replace(failed, `    - { at: 5s, by: centre, about: site2, says: disconnected }\n${failed}`);
  const { report } = runScenario(read(1, said));
  expect([report.verdict, evidence(report), report.unmet]).toEqual(["passed", [], []]);
});

const plants: readonly (readonly [string, Partial<ControlRules>, RegExp])[] = [
  [
    "an upper keeps the mark of who has left",
    { forgets: () => false },
    /^(north|south) marked site[23] \w+ at .*, which is not below it$/,
  ],
  [
    "the word of a former upper counts on",
    { dropsFormerWords: () => false },
    /^centre marks site2 failed at .*, and what has come there says nothing of it that stands$/,
  ],
];

test.each(plants)("%s: caught", (_name, rules, symptom) => {
  const { report } = runScenario(read(1), { controlPlant: () => rules });
  expect(evidence(report).filter((line) => symptom.test(line))).not.toEqual([]);
});
