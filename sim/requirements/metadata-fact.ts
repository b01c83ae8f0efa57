// The fact that a record's metadata does not grow with the number of cloudlets: the same habits in trees of several sizes. What may deviate
// is the habits: somebody who reads every reporter and then writes has a past that really is that wide, and the fact must notice it.
//
// Leaves out thousands of cloudlets, which a benchmark has (model/replication/metadata.bench.ts).

import { type Fact, Trial } from "./fact.ts";
import { runText } from "./run-facts.ts";

const sizes = [10, 40, 160] as const;
/** By how much the 99th percentile may grow from the smallest tree to the largest: numbers of cloudlets take a byte or two. */
const GROWTH_MAX = 1.5;

function tree(cloudlets: number, isDashboard: boolean): string {
  const dashboard =
    "  - { name: dashboard, at: c0, sessions: 4, think: 200ms, mix: [{ scan: metrics/ }, { put: users/, keys: 9 }] }\n";
  return `causeway: 1
name: sizes
seed: 3
topology: { family: { cloudlets: ${cloudlets}, shape: balanced } }
scopes:
  - { name: users, prefix: users/ }
  - { name: notes, prefix: notes/, resolver: return-them-all }
  - { name: "metrics-{cloudlet}", prefix: "metrics/{cloudlet}/", at: leaves }
flows:
  - { scope: users, between: tree, direction: both }
  - { scope: notes, between: tree, direction: both }
  - { scope: "metrics-{cloudlet}", between: ancestors, direction: up }
links: { defaults: { delay: 5ms } }
clients:
  - { name: editors, at: leaves, think: 2s, mix: [{ put: users/, keys: 40 }, { get: users/, keys: 40 }, { put: notes/, keys: 40 }] }
  - { name: reporters, at: leaves, every: 2s, mix: [{ put: "metrics/{cloudlet}/load" }] }
${isDashboard ? dashboard : ""}duration: 6s
settle: 20s
expectations: {}
`;
}

/** It. */
export const metadataFact: Fact = {
  name: "metadata-stays-small",
  says: "What a record holds besides key and value does not grow with the number of cloudlets.",
  deviations: [
    {
      name: "reads-every-reporter",
      says: "A dashboard reads every reporter before it writes: the honest exception, which must show.",
    },
  ],
  try(deviation) {
    const trial = new Trial();
    const largest = sizes.map((cloudlets) => {
      const { report } = runText("sizes.yaml", tree(cloudlets, deviation !== null), {}, null);
      return new Map(report.metrics).get("metadata.p99") ?? 0;
    });
    const [first = 0] = largest;
    trial.expect(first > 0, () => "nothing was measured");
    for (const [index, bytes] of largest.entries()) {
      trial.expect(
        bytes <= first * GROWTH_MAX,
        () => `${bytes} bytes with ${sizes[index] ?? 0} cloudlets, ${first} with ${sizes[0]}`,
      );
    }
    return trial.end();
  },
};
