// The pool under workers that die, hang and overfill. One lane means that the next job needs the replacement.

import { expect, test } from "vitest";
import { runJobs, WorkerStartError, type PoolOptions } from "./pool.ts";
import type { TroubleJob } from "./trouble-worker.ts";

const options: PoolOptions = {
  entry: new URL("./trouble-worker.ts", import.meta.url),
  workerCount: 1,
  timeLimitMilliseconds: 5_000,
};

const double = (value: number, afterMilliseconds = 0): TroubleJob => ({ kind: "double", value, afterMilliseconds });

test("results come in job order though the first job ends last (3 workers)", async () => {
  const ended: number[] = [];
  const jobs = [double(1, 300), double(2), double(3), double(4), double(5)];
  const outcomes = await runJobs<TroubleJob, number>(jobs, { ...options, workerCount: 3 }, (_, index) =>
    ended.push(index),
  );
  expect(outcomes.map((outcome) => (outcome.kind === "done" ? outcome.result : outcome))).toEqual([2, 4, 6, 8, 10]);
  expect(ended.toSorted()).toEqual([0, 1, 2, 3, 4]);
  expect(ended[0]).not.toBe(0);
});

test.each([
  ["throw", "threw", /a job of its own mind/],
  ["exit", "exited", /code 7/],
  ["hang", "timed-out", /400 ms/],
  ["overfill", "out-of-memory", /memory/],
] as const)("a job that makes its worker %s fails alone, and the next one is done", async (kind, reason, why) => {
  const limits = kind === "hang" ? { timeLimitMilliseconds: 400 } : {};
  const outcomes = await runJobs<TroubleJob, number>([double(1), { kind }, double(3)], {
    ...options,
    ...limits,
    heapLimitMebibytes: 48,
  });
  expect(outcomes[0]).toEqual({ kind: "done", result: 2 });
  expect(outcomes[1]).toMatchObject({ kind: "failed", reason, why: expect.stringMatching(why) as string });
  expect(outcomes[2]).toEqual({ kind: "done", result: 6 });
});

test("a pool that is given up in the middle of a job ends, and keeps what was done", async () => {
  const giveUp = new AbortController();
  const outcomes = await runJobs<TroubleJob, number>(
    [double(1), { kind: "hang" }, double(3)],
    { ...options, signal: giveUp.signal },
    () => setTimeout(() => giveUp.abort(), 50),
  );
  expect(outcomes[0]).toEqual({ kind: "done", result: 2 });
  expect(outcomes[1]).toBeUndefined();
});

test("no jobs need no worker", async () => {
  expect(await runJobs([], options)).toEqual([]);
});

test("a worker that does not load is an error of its own, not a failed job", async () => {
  const entry = new URL("./no-such-worker.ts", import.meta.url);
  await expect(runJobs([1, 2, 3], { ...options, entry, workerCount: 2 })).rejects.toThrow(WorkerStartError);
});
