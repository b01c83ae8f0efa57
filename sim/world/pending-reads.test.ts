// What clients of simulated worlds are told of operations that are pending on what they read (D2): where an operation was issued it is named
// from when it was accepted to when its end was told, and at no other time, whatever is cut off or crashes meanwhile.

import { expect, test } from "vitest";
import type { ControlRules } from "../../model/control/rules.ts";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";

const kept = "kept: [{ objects: vm, at: 'vms/{cloudlet}/{object}' }]";

function text(section: string): string {
  return `causeway: 1
name: pending
seed: 9
topology: { tree: { hub: { north: { site: null }, south: null } } }
scopes: [{ name: vms, prefix: vms/, resolver: return-them-all }]
flows: [{ scope: vms, between: tree, direction: both }]
links: { defaults: { delay: 20ms, loss: 2% } }
clients:
  - { name: readers, at: all, think: 200ms, mix: [{ get: vms/site/owner-, keys: 3 }, { put: vms/site/owner-, keys: 3, weight: 1 }] }
operations:
  ${section}
  takes: 400ms
  issuers: [{ name: owner, at: hub, targets: site, kinds: [vm.update, vm.stop], every: 2s, objects: 3, expiry: 6s }]
faults: [{ isolate: site, from: 5s, until: 15s }, { crash: hub, at: 20s, for: 1s }]
duration: 30s
settle: 30s
expectations: {}
`;
}

interface Seen {
  readonly named: ReadonlySet<string>;
  readonly plain: number;
  readonly late: readonly string[];
}

function run(plant?: () => Partial<ControlRules>): Seen {
  const read = readScenario(text(kept), { file: "s.yaml" });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  const named = new Set<string>();
  const late: string[] = [];
  let plain = 0;
  const { report } = runScenario(read.scenario, {
    ...(plant !== undefined && { controlPlant: plant }),
    observers: [
      {
        replied(_at, cloudlet, _session, _id, result) {
          if (result.kind !== "read") return;
          for (const { key, bestKnown, pending, versions } of result.answers) {
            if (!key.startsWith("vms/")) continue;
            if (pending === undefined && versions.length < 2) plain += 1;
            if ((pending !== undefined || versions.length > 1) !== bestKnown) late.push(`${key} is best known or not`);
            for (const id of pending ?? []) named.add(`${cloudlet} ${id}`);
          }
        },
      },
    ],
  });
  expect(report.unmet).toEqual([]);
  return { named, plain, late };
}

test("readers are told at the issuer, on the way and at the target, and everything is plain in between", () => {
  const { named, plain, late } = run();
  expect(late).toEqual([]);
  for (const cloudlet of ["0 ", "1 ", "2 "]) {
    expect([...named].filter((one) => one.startsWith(cloudlet)).length, cloudlet).toBeGreaterThan(3);
  }
  // What is for the north concerns nobody in the south.
  expect([...named].filter((one) => one.startsWith("3 "))).toEqual([]);
  expect(plain).toBeGreaterThan(20);
});

test("a control layer that says nothing of them is noticed", () => {
  expect(run(() => ({ tellsPending: () => false })).named.size).toBe(0);
});

test.each([
  ["another kind", "kept: [{ objects: vn, at: 'vms/{object}' }]", 'found "vn"; did you mean "vm"?'],
  [
    "a key that all share",
    "kept: [{ objects: vm, at: vms/all }]",
    "expected a key with {object} in the place of its name",
  ],
  ["a key in no scope", "kept: [{ objects: vm, at: 'machines/{object}' }]", "expected a key in some scope"],
])("%s is refused with its place", (_what, section, message) => {
  const read = readScenario(text(section), { file: "s.yaml" });
  expect(read.kind === "invalid" ? renderProblems(read.problems) : "").toContain(message);
});
