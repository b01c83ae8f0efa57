// The fact that operations are data (R0): a run in which nobody writes anything but operations, judged by the oracles of data. They have
// enough to judge, find nothing wrong, and find each bug of the core there that they find among data.
//
// Leaves out that an operation's effect is what was asked for, which oracles of operations judge.

import { type Fact, Trial } from "./fact.ts";
import { runText } from "./run-facts.ts";

const scenario = `causeway: 1
name: one-record
seed: 8
topology: { tree: { hub: { north: { north-1: null, north-2: null }, south: { south-1: null } } } }
scopes: [{ name: data, prefix: data/ }]
flows: [{ scope: data, between: tree, direction: both }]
links: { defaults: { delay: 15ms, jitter: 10ms, loss: 5% } }
operations:
  issuers:
    - { name: owner, at: hub, kinds: [vm.create, vm.delete, host.hotfix], by: owner, every: 400ms, objects: 3 }
    - { name: region, at: north, targets: [north-1, north-2], kinds: [vm.update], every: 700ms, objects: 3 }
faults: [{ isolate: north, from: 4s, until: 9s }, { crash: south, at: 10s, for: 1s }, { crash: north-1, at: 12s, for: 1s }]
duration: 16s
settle: 60s
expectations: {}
`;

/** Oracles of data that must have judged operations. */
const judging = [
  "causal-delivery",
  "exact-conflicts",
  "monotonic-writes",
  "durability",
  "unique-dots",
  "direction",
  "local-wait",
  "convergence",
] as const;

/** It. */
export const oneRecordFact: Fact = {
  name: "operations-are-records",
  says: "Operations are records like data: the oracles of data judge them, and notice there what is wrong with a core.",
  deviations: [
    { name: "relays-nothing", says: "A cloudlet sends on only what was written there." },
    { name: "never-resends", says: "A batch that was lost stays lost." },
    { name: "waits-for-neighbour", says: "A write is answered once a neighbour has it." },
  ],
  try(deviation) {
    const trial = new Trial();
    const { report } = runText("one-record.yaml", scenario, {}, deviation);
    const verdicts = new Map(report.properties);
    for (const name of judging) {
      const found = verdicts.get(name);
      trial.expect((found?.checks ?? 0) > 0, () => `${name} had nothing to judge among operations`);
      trial.expect(
        found?.verdict === "holds",
        () => `${name}: ${found?.evidence[0] ?? found?.verdict ?? "not judged"}`,
      );
    }
    for (const { kind, accepted, open } of report.operations?.kinds ?? []) {
      trial.expect(accepted > 0 && open === 0, () => `${open} of ${accepted} times ${kind} has no end`);
    }
    return trial.end();
  },
};
