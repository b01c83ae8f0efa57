// Members that are detached while operations are queued for them (A4c): deletes go without them, what is queued stays above them and is
// carried out when they are back, and what they had deleted past does not come back. Right runs are silent; wrong rules of the replica and
// of the control layer are caught in such a world, too.

import { expect, test } from "vitest";
import type { ControlRules } from "../../model/control/rules.ts";
import { dotName } from "../../model/replication/record.ts";
import type { Rules } from "../../model/replication/rules.ts";
import type { RunOptions } from "../run/run.ts";
import type { OperationsReport } from "../run/report.ts";
import { runScenario } from "../run/runner.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { OracleName } from "./names.ts";
import type { Observer } from "./observer.ts";

const CUT_AT = 4_000_000;
const BACK_AT = 24_000_000;

const keys = ["pump", "crane", "lift", "winch"];

const text = `
causeway: 1
name: detached-with-queues
seed: 1
topology: { tree: { port: { yard: { ship: } } } }
scopes: [{ name: machines, prefix: machines/, resolver: return-them-all, collect: 200ms }]
flows: [{ scope: machines, between: tree, direction: both }]
links: { defaults: { delay: 20ms, jitter: 30ms, loss: 2% } }
script:
  ${keys.map((key, at) => `- { at: ${1_000 + at}ms, cloudlet: port, session: p, put: machines/${key}, value: first }`).join("\n  ")}
  ${keys.map((key, at) => `- { at: ${2_000 + at}ms, cloudlet: ship, session: s, get: machines/${key} }`).join("\n  ")}
  ${keys.map((key, at) => `- { at: ${2_500 + at}ms, cloudlet: yard, session: y, get: machines/${key} }`).join("\n  ")}
  ${keys.map((key, at) => `- { at: ${6_000 + at}ms, cloudlet: yard, session: y, delete: machines/${key} }`).join("\n  ")}
  # Of half of them the ship knows better.
  ${keys
    .map((key, at) => `- { at: ${9_000 + at}ms, cloudlet: ship, session: s, put: machines/${key}, value: at sea }`)
    .slice(2)
    .join("\n  ")}
operations:
  custody: shared
  caps: { records: 300, bytes: 300kB }
  takes: exponential(300ms)
  issuers:
    - { name: owner, at: port, targets: [ship], kinds: [vm.create, vm.update], every: exponential(500ms), objects: 9 }
    - { name: hurried, at: port, targets: [ship], kinds: [user.create], every: exponential(2s), expiry: 3s }
    - { name: crew, at: ship, targets: [ship], kinds: [router.create], every: exponential(1s), objects: 9 }
faults:
  - { isolate: ship, from: 4s, until: 24s }
  - { crash: yard, at: 12s, for: 500ms }
  - { crash: ship, at: 15s, for: 1s }
detachments:
  - { at: 8s, decides: port, detach: ship }
duration: 30s
settle: 60s
expectations:
  sometimes: [member-detached, record-held-back, member-returned, delete-written-anew, tombstone-collected, offline-write]
`;

function read(seed: number, settings: Readonly<Record<string, string>> = {}): Scenario {
  const given = Object.entries(settings).map(([path, value]) => ({ label: path, path, value }));
  const outcome = readScenario(text, { file: "detached.yaml", seed: String(seed), settings: given });
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome.scenario;
}

// How many of the deletes that were written after the ship was cut off had gone at each cloudlet before it came back.
function collecting(): { readonly observer: Observer; readonly counts: Map<number, number> } {
  const counts = new Map<number, number>();
  const written = new Set<string>();
  const observer: Observer = {
    wrote(at, _cloudlet, _session, _id, record) {
      if (at >= CUT_AT && record.kind === "delete") written.add(dotName(record.dot));
    },
    notified(at, cloudlet, event) {
      if (event.kind !== "collected" || at >= BACK_AT) return;
      const count = event.records.filter(({ dot }) => written.has(dotName(dot))).length;
      if (count > 0) counts.set(cloudlet, (counts.get(cloudlet) ?? 0) + count);
    },
  };
  return { observer, counts };
}

function stood({ queues }: OperationsReport, cloudlet: string, from: number, until: number): number {
  const { series } = queues.find((one) => one.cloudlet === cloudlet) ?? expect.fail(`nothing stood at ${cloudlet}`);
  return Math.max(0, ...series.flatMap(({ at, records }) => (at >= from && at < until ? [records] : [])));
}

test.each(["shared", "distributed"])(
  "custody %s: deletes go on without who is detached, its queue stays above it, and gets to it when it is back",
  (custody) => {
    const { observer, counts } = collecting();
    const { report } = runScenario(read(1, { "operations.custody": custody }), { observers: [observer] });
    expect([report.verdict, report.unmet]).toEqual(["passed", []]);
    const operations = report.operations ?? expect.fail("a run without operations");
    expect(operations.open).toEqual([]);
    // What is deleted while the ship is away goes at the port and at the yard, with its queue above it all the time.
    expect([...counts.keys()].sort()).toEqual([0, 1]);
    expect(stood(operations, "yard", BACK_AT - 2_000_000, BACK_AT)).toBeGreaterThan(15);
    // What was asked for meanwhile is done, but for what was in a hurry; the crew waits for nobody.
    const of = (name: string) => operations.kinds.find(({ kind }) => kind === name) ?? expect.fail(name);
    for (const name of ["vm.create", "vm.update"]) expect([name, of(name).endedOtherwise]).toEqual([name, 0]);
    expect(of("vm.create").done + of("vm.update").done).toBeGreaterThan(30);
    expect(of("user.create").endedOtherwise).toBeGreaterThan(3);
    expect(of("router.create").queued).toBe(0);
  },
);

type Bug = Pick<RunOptions, "plant" | "controlPlant">;

const rules = (plant: Partial<Rules>): Bug => ({ plant: () => plant });
const control = (plant: Partial<ControlRules>): Bug => ({ controlPlant: () => plant });

const plants: readonly (readonly [string, Bug, OracleName])[] = [
  ["it returns without the deletes that its writes had missed", rules({ writesAnew: () => false }), "revived"],
  ["what is handed on is taken away without a receipt", control({ awaitsReceipt: () => false }), "operations-over"],
];

test.each(plants)("%s: caught by its oracle beside operations", (_name, bug, oracle) => {
  const scenario = read(1, { "operations.custody": "distributed" });
  const { properties } = runScenario(scenario, { ...bug, only: [oracle] }).report;
  expect(properties.find(([name]) => name === oracle)?.[1].verdict).toBe("violated");
});

test("where deletes wait for who is detached, none goes while it is away", () => {
  const { observer, counts } = collecting();
  runScenario(read(1), { ...rules({ excusesDetached: () => false }), only: [], observers: [observer] });
  expect(counts.size).toBe(0);
});
