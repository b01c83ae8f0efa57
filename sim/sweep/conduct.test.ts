// Results are a function of the plan: the same rows with 1, 2 and 8 workers, stopped at every boundary and gone on with, in shards, and
// beside cases that take their workers with them. Each check is shown a planted bug that it catches.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Range, shardRange } from "./chunks.ts";
import { benchmarkPlan } from "./benchmark-plan.ts";
import { conductSweep, type ConductOrder } from "./conduct.ts";
import { openFolder } from "./folder.ts";
import { manifestOf } from "./manifest.ts";
import type { SweepPlan } from "./plan.ts";
import { openResults } from "./results.ts";
import { showTopologies } from "./report/shown.ts";
import { summarise } from "./summary.ts";
import type { SweepRow } from "./row.ts";
import { rowsOf, smallPlan } from "./testing.ts";

let place = "";
beforeEach(() => void (place = mkdtempSync(join(tmpdir(), "causeway-sweep-"))));
afterEach(() => rmSync(place, { recursive: true, force: true }));

const entry = new URL("../workers/sweep-trouble-worker.ts", import.meta.url);

interface Going extends Partial<
  Pick<ConductOrder, "workerCount" | "bug" | "timeLimitMilliseconds" | "heapLimitMebibytes">
> {
  readonly resume?: boolean;
  /** Stops when so many cases are done. */
  readonly until?: number;
  readonly cases?: Range;
}

async function go(plan: SweepPlan, name: string, going: Going = {}): Promise<string> {
  const { resume = false, until = Infinity, cases = { from: 0, to: plan.caseCount }, ...rest } = going;
  const path = join(place, name);
  const folder = openFolder(path, manifestOf(plan, "test", cases), { resume });
  let done = 0;
  try {
    await conductSweep({
      plan,
      folder,
      entry,
      workerCount: 1,
      timeLimitMilliseconds: 20_000,
      heapLimitMebibytes: 256,
      isStopping: () => done >= until,
      onCase: () => void (done += 1),
      ...rest,
    });
  } finally {
    folder.close();
  }
  return path;
}

/** All rows that a folder has, in the order in which it gives them. */
async function rowsIn(path: string): Promise<readonly SweepRow[]> {
  const results = openResults(path);
  const names = results.manifest.columns.map(({ name }) => name);
  const rows: SweepRow[] = [];
  for await (const batch of results.batches(names)) {
    const columns = names.map(batch.column);
    for (let at = 0; at < batch.count; at += 1) rows.push(columns.map((column) => column[at] ?? null));
  }
  return rows;
}

/** Whether a check finds something wrong. */
async function isCaught(check: () => Promise<void>): Promise<boolean> {
  try {
    await check();
    return false;
  } catch {
    return true;
  }
}

// Parts of 4, of which the first ones are run. The first case of some takes its time, so that others end before it.
const plan = smallPlan({ caseCount: 130, differing: (index) => (index % 16 === 0 ? { seed: "slow" } : {}) });
const few: Range = { from: 0, to: 34 };
const fewer: Range = { from: 0, to: 12 };
const expected = rowsOf(plan, few);

describe("the same rows, whatever the number of workers", () => {
  const check = async (going: Going): Promise<void> => {
    const path = await go(plan, `w${going.workerCount ?? 1}`, { ...going, cases: few });
    expect(await rowsIn(path)).toEqual(expected);
  };

  test("with 1, 2 and 8, as the same files", async () => {
    for (const workerCount of [1, 2, 8]) await check({ workerCount });
    const files = (name: string): readonly (readonly [string, string])[] =>
      readdirSync(join(place, name))
        .filter((file) => file.endsWith(".parquet"))
        .map((file) => [file, readFileSync(join(place, name, file), "base64")]);
    expect(files("w1")).toHaveLength(9);
    expect(files("w2")).toEqual(files("w1"));
    expect(files("w8")).toEqual(files("w1"));
    const totals = await Promise.all(["w1", "w2", "w8"].map((name) => summarise(openResults(join(place, name)))));
    expect(totals[1]).toEqual(totals[0]);
    expect(totals[2]).toEqual(totals[0]);
    expect(totals[0]).toMatchObject({ runCount: 34, missingCount: 0, unmet: [], exitCode: 0 });
  });

  test("rows kept in the order in which they came are noticed", async () => {
    expect(await isCaught(() => check({ workerCount: 2, bug: "completion-order" }))).toBe(true);
  });
});

describe("stopped and gone on with", () => {
  const all = expected.slice(0, fewer.to);
  const check = async (until: number, going: Going = {}): Promise<void> => {
    const name = `stop-${until}`;
    await go(plan, name, { ...going, until, cases: fewer });
    const before = await rowsIn(join(place, name));
    expect(before).toEqual(all.slice(0, until));
    const path = await go(plan, name, { ...going, resume: true, cases: fewer });
    expect(await rowsIn(path)).toEqual(all);
    expect(readdirSync(path).filter((file) => file.endsWith(".part"))).toEqual([]);
  };

  test("at the first and the last boundary of three parts, and on both sides of one between", async () => {
    for (const until of [0, 3, 4, 5, 12]) await check(until);
  });

  test("again and again, one case further each time", async () => {
    await go(plan, "slow", { until: 0, cases: fewer });
    for (let turn = 0; turn < 5; turn += 1) await go(plan, "slow", { resume: true, until: 1, cases: fewer });
    expect(await rowsIn(join(place, "slow"))).toEqual(all.slice(0, 5));
    expect(await rowsIn(await go(plan, "slow", { resume: true, cases: fewer }))).toEqual(all);
  });

  test("a part cut short and noted as whole, and one done twice, are noticed", async () => {
    expect(await isCaught(() => check(3, { bug: "notes-whole" }))).toBe(true);
    expect(await isCaught(() => check(4, { bug: "forgets-done" }))).toBe(true);
  });
});

test("shards together have the rows of the whole, each once", async () => {
  const small = smallPlan({ caseCount: 10 });
  const rows: SweepRow[] = [];
  for (let shard = 1; shard <= 3; shard += 1) {
    const path = await go(small, `shard-${shard}`, { cases: shardRange(small.caseCount, shard, 3) });
    rows.push(...(await rowsIn(path)));
  }
  expect(rows).toEqual(rowsOf(small));
});

test("a case that throws, exits, hangs or overfills its worker costs itself alone", async () => {
  const trouble = new Map([
    [3, "throw"],
    [5, "exit"],
    [6, "hang"],
    [11, "overfill"],
  ]);
  const differing = (index: number): { seed?: string } => {
    const seed = trouble.get(index);
    return seed === undefined ? {} : { seed };
  };
  const bad = smallPlan({ caseCount: 14, differing });
  const good = rowsOf(smallPlan({ caseCount: 14 }));
  const path = await go(bad, "bad", {
    workerCount: 2,
    timeLimitMilliseconds: 4_000,
    heapLimitMebibytes: 64,
  });
  const rows = await rowsIn(path);
  expect(rows.map((row) => row[4]).map((outcome, index) => (trouble.has(index) ? outcome : "ran"))).toEqual(
    good.map((_, index) => {
      const names = new Map([
        [3, "threw"],
        [5, "exited"],
        [6, "timed-out"],
        [11, "out-of-memory"],
      ]);
      return names.get(index) ?? "ran";
    }),
  );
  for (const [index, row] of rows.entries()) if (!trouble.has(index)) expect(row).toEqual(good[index]);
  const totals = await summarise(openResults(path));
  expect(totals.troubles.map(({ index }) => index)).toEqual([...trouble.keys()]);
  expect(totals.exitCode).toBe(4);
}, 60_000);

test("what workers draw is what whoever runs the slowest of each kind once more draws, by one worker and by two", async () => {
  const cities = benchmarkPlan(24);
  for (const workerCount of [1, 2]) {
    const path = join(place, `drawn-${workerCount}`);
    const folder = openFolder(path, manifestOf(cities, "test", { from: 0, to: 24 }), { resume: false });
    const { shown } = await conductSweep({
      plan: cities,
      folder,
      workerCount,
      timeLimitMilliseconds: 20_000,
      heapLimitMebibytes: 256,
    });
    folder.close();
    const anew = await showTopologies(cities, openResults(path));
    expect(anew.length).toBeGreaterThan(3);
    // None is run again: there is no code to run it with.
    const nothing = { ...cities, sources: [] };
    expect(await showTopologies(nothing, openResults(path), [], shown)).toEqual(anew);
  }
});
