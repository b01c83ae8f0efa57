// A run is the same run wherever it is run: the same digests in this thread and in one, two or four workers.

import { expect, test } from "vitest";
import { generatedScenario } from "../run/generate.ts";
import { runSweepJob, type SweepJob, type SweepResult } from "../run/sweep.ts";
import { runJobs } from "./pool.ts";

const text = `causeway: 1
name: pair
topology: { tree: { hub: { edge: , far: } } }
scopes: [{ name: users, prefix: users/ }]
flows: [{ scope: users, between: tree, direction: both }]
clients: [{ name: people, at: all, think: 50ms, mix: [{ put: users/, keys: 4 }, { get: users/, keys: 4 }] }]
duration: 2s
`;

// Drawn where they are run, and handed over whole: small ones, since each is run four times.
const jobs: readonly SweepJob[] = [
  ...["a", "b", "c"].map((seed): SweepJob => ({
    kind: "swarm",
    file: "pair",
    text,
    swarm: seed,
    options: {},
    resolvers: [],
  })),
  ...["d", "e", "f", "g", "h"].map((seed): SweepJob => ({
    kind: "scenario",
    scenario: generatedScenario(seed, { operations: 60, tree: { cloudletsMax: 8 } }),
  })),
];

test("eight runs have the same results in this thread and in 1, 2 and 4 workers", async () => {
  const here = await Promise.all(jobs.map(runSweepJob));
  const entry = new URL("./simulation-worker.ts", import.meta.url);
  for (const workerCount of [1, 2, 4]) {
    const outcomes = await runJobs<SweepJob, SweepResult | null>(jobs, { entry, workerCount });
    expect(outcomes).toEqual(here.map((result) => ({ kind: "done", result })));
  }
});
