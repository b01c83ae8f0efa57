// Users' functions that never return: stopped where they are tried, where a run calls them, and in a worker. And the same
// code by its URL in workers: the same run as here.

import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, expect, test } from "vitest";
import type { PlainVersion } from "../../model/replication/resolver.ts";
import { generatedScenario } from "../run/generate.ts";
import { runSweepJob, type SweepJob, type SweepResult } from "../run/sweep.ts";
import { readScenario } from "../scenario/read.ts";
import { runJobs } from "../workers/pool.ts";
import { withDeadline } from "./deadline.ts";
import { guarded, ResolverFailed } from "./guard.ts";
import { loadResolver } from "./load.ts";

const folder = mkdtempSync(join(tmpdir(), "causeway-endless-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function request(name: string, text: string) {
  const path = join(folder, name);
  writeFileSync(path, text);
  return { name: `custom:./${name}#merge` as const, url: pathToFileURL(path).href, export: "merge", sha256: null };
}

const greatest = `export function merge(a, b) {
  if (a.deleted !== b.deleted) return a.deleted ? b : a;
  return a.value >= b.value ? a : b;
}
`;

test.each([
  ["function", "export function merge(a, b) { for (;;); }"],
  ["file", "for (;;); export const merge = (a) => a;"],
])("a %s that never comes to an end is given up while it is tried", async (_, text) => {
  const outcome = await loadResolver(request("endless.mjs", text), "s.yaml:5:51: ", 3_000);
  expect(outcome).toMatchObject({
    kind: "refused",
    why: `s.yaml:5:51: ${join(folder, "endless.mjs")}: merge: its trial was stopped after 3 s: the file, or a call of the function, never comes to an end; let every loop end`,
  });
});

test("one that ends its thread is refused, and ends nothing else", async () => {
  const outcome = await loadResolver(request("exits.mjs", "export const merge = () => process.exit(0);"), "");
  expect(outcome).toMatchObject({
    kind: "refused",
    why: expect.stringContaining("its trial ended with its thread") as string,
  });
});

test("a call that does not return in a run is told with its versions", () => {
  const version: PlainVersion = Object.freeze({
    value: "x",
    deleted: false,
    wall: 1,
    logical: 0,
    lamport: 1,
    layer: 0,
    origin: 0,
    incarnation: 1,
    stream: 0,
    sequence: 1,
  });
  const merge = guarded(() => {
    for (;;);
  }, "own.mjs: merge: ");
  const run = () => {
    withDeadline(() => void merge(version, version), 200);
  };
  expect(run).toThrow(ResolverFailed);
  expect(run).toThrow(/^own\.mjs: merge: merge\(a, b\) had not returned after 0\.2 s where a = \{"value":"x"/);
  // What comes after it is not touched by it.
  let isDone = false;
  withDeadline(() => {
    isDone = true;
  }, 200);
  expect(isDone).toBe(true);
});

async function jobWith(text: string): Promise<SweepJob> {
  const loaded = await loadResolver(request("own.mjs", text), "");
  if (loaded.kind === "refused") throw new Error(loaded.why);
  const story = `causeway: 1
name: story
seed: 1
topology: { tree: { hub: { edge: null, far: null } } }
scopes: [{ name: users, prefix: users/, resolver: { module: ./own.mjs, export: merge } }]
flows: [{ scope: users, between: tree, direction: both }]
clients: [{ name: writers, at: all, think: 20ms, mix: [{ put: users/, keys: 3 }, { get: users/, keys: 3 }] }]
duration: 2s
`;
  const read = readScenario(story, { file: "s.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("; "));
  return { kind: "scenario", scenario: { ...read.scenario, resolvers: [loaded.code] } };
}

const entry = new URL("../workers/simulation-worker.ts", import.meta.url);

test("a worker loads the code by its URL, and runs the same run", async () => {
  const job = await jobWith(greatest);
  const here = await runSweepJob(job);
  expect(here?.verdict).toBe("passed");
  expect(await runJobs<SweepJob, SweepResult | null>([job], { entry })).toEqual([{ kind: "done", result: here }]);
  request("own.mjs", `${greatest}\n`);
  const [changed] = await runJobs<SweepJob, SweepResult | null>([job], { entry });
  expect(changed).toMatchObject({ kind: "failed", reason: "threw" });
  expect(changed?.kind === "failed" && changed.why).toContain("expected the file that was recorded");
});

test("a job in a worker that calls one which does not return fails alone", async () => {
  const job = await jobWith(greatest);
  if (job.kind !== "scenario") throw new Error("a job of another kind");
  // As if it had got through its trial.
  const text = greatest.replace("{\n", "{\n  for (;;);\n");
  const { url } = request("hangs.mjs", text);
  const sha256 = createHash("sha256").update(text).digest("hex");
  const resolvers = job.scenario.resolvers.map((code) => ({ ...code, url, sha256 }));
  const endless: SweepJob = { ...job, scenario: { ...job.scenario, resolvers } };
  const outcomes = await runJobs<SweepJob, SweepResult | null>(
    [endless, { kind: "scenario", scenario: generatedScenario("a") }],
    {
      entry,
      workerCount: 1,
      timeLimitMilliseconds: 8_000,
    },
  );
  expect(outcomes[0]).toMatchObject({ kind: "failed", reason: "timed-out" });
  expect(outcomes[1]?.kind).toBe("done");
});
