// The fact that being offline is ordinary (G5): one load over sites that are out of reach for a half, nine tenths, or all but a hundredth of
// the time. Nobody is refused anything for that, nothing ends as given up, no oracle complains, and in the end all agree.
//
// Leaves out sites that never come back (workloads/written-off.yaml), and what of a month stands in queues (workloads/offline-month.yaml).

import type { RunOutcome } from "../run/runner.ts";
import { type Fact, Trial } from "./fact.ts";
import { runText } from "./run-facts.ts";

/** Of a hundred. */
const shares = [50, 90, 99] as const;
const sites = ["north-1", "north-2", "south-1", "south-2"] as const;
const PERIOD_MS = 20_000;
const PERIODS = 2;
/** A disk's sync and what waits for it, in microseconds: less than one way to a neighbour. */
const WAIT_MAX = 9_000;

function scenario(offline: number, isHasty: boolean): string {
  const cuts = sites.flatMap((site, place) =>
    Array.from({ length: PERIODS }, (_, period) => {
      // Each site has its hour: no two are back at the same moment.
      const from = period * PERIOD_MS + place * 1_500 + 1;
      return `{ isolate: ${site}, from: ${from}ms, until: ${from + (PERIOD_MS * offline) / 100}ms }`;
    }),
  );
  return `causeway: 1
name: offline
seed: 4
topology: { tree: { hub: { north: { north-1: null, north-2: null }, south: { south-1: null, south-2: null } } } }
scopes:
  - { name: state, prefix: state/, resolver: return-them-all }
  - { name: sums, prefix: sums/, resolver: counter }
flows:
  - { scope: state, between: tree, direction: both }
  - { scope: sums, between: tree, direction: both }
links: { defaults: { delay: 10ms, loss: 1% } }
clients:
  - { name: users, at: all, think: 2s, mix: [{ put: state/, keys: 5 }, { get: state/, keys: 5 }, { add: sums/, keys: 2 }, { get: sums/, keys: 2 }] }
operations:
  issuers:
    - { name: owner, at: hub, targets: leaves, kinds: [vm.update, vm.start], every: 1s${isHasty ? ", expiry: 2s" : ""} }
    - { name: local, at: north-1, targets: north-1, kinds: [vm.create], every: 3s, objects: 50 }
faults: [${cuts.join(", ")}]
duration: ${(PERIOD_MS * PERIODS) / 1_000}s
settle: 60s
expectations: {}
`;
}

/** Every version that stands under data of people, per cloudlet, and what deltas make of them. */
function states({ topology, world }: RunOutcome): readonly string[] {
  return topology.cloudlets.map(({ id }) => {
    const core = world.core(id);
    const keys = (core?.keys() ?? []).filter((key) => !key.startsWith("~"));
    return keys
      .map(
        (key) =>
          `${key}=${(core?.versions(key) ?? [])
            .map(({ value }) => value)
            .sort()
            .join("|")}`,
      )
      .join(" ");
  });
}

/** It. */
export const offlineFact: Fact = {
  name: "offline-is-ordinary",
  says: "Whether sites are offline half or nearly all of the time: nothing is refused or given up, and all agree in the end.",
  deviations: [
    { name: "never-resends", says: "A batch that was lost stays lost." },
    { name: "gives-up-the-absent", says: "What cannot be done within two seconds is given up." },
  ],
  try(deviation) {
    const trial = new Trial();
    const plant = deviation === "never-resends" ? deviation : null;
    for (const share of shares) {
      const outcome = runText("offline.yaml", scenario(share, deviation === "gives-up-the-absent"), {}, plant);
      const { report } = outcome;
      const where = `${share} % of the time offline`;
      trial.expect(report.verdict === "passed", () => `${where}: ${report.unmet[0] ?? report.verdict}`);
      trial.expect(report.pending.length === 0, () => `${where}: ${report.pending[0] ?? ""}`);
      const metrics = new Map(report.metrics);
      const sum = (...names: readonly string[]): number =>
        names.reduce((all, name) => all + (metrics.get(name) ?? 0), 0);
      const unwritten = sum("requests.put", "requests.delta") - sum("records.written");
      trial.expect(unwritten === 0, () => `${where}: ${unwritten} writes were refused or not answered`);
      trial.expect(
        sum("write.max") <= WAIT_MAX,
        () => `${where}: somebody waited ${sum("write.max")} us for an answer`,
      );
      const struck = report.faults.events.filter(({ hits }) => hits.length > 0).length;
      trial.expect(struck === sites.length * PERIODS, () => `${where}: ${struck} cuts cut nothing off`);
      for (const { kind, accepted, refused: turnedAway, done } of report.operations?.kinds ?? []) {
        trial.expect(accepted > 0, () => `${where}: nobody asked for ${kind}`);
        trial.expect(turnedAway === 0, () => `${where}: ${turnedAway} times ${kind} was refused`);
        trial.expect(done === accepted, () => `${where}: ${accepted} times ${kind} was accepted, ${done} times done`);
      }
      const [first, ...others] = states(outcome);
      trial.expect(first !== "", () => `${where}: nothing was written`);
      trial.expect(
        others.every((state) => state === first),
        () => `${where}: cloudlets disagree in the end`,
      );
    }
    return trial.end();
  },
};
