// Results folders that are cut short, damaged, in use, of something else, or on a full disk: what is sound stays, and what is not is told
// with its place and a remedy.

import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFolder, type SweepFolder } from "./folder.ts";
import { JOURNAL, journalLine, readJournal } from "./journal.ts";
import { LOCK, takeLock } from "./lock.ts";
import { type Manifest, MANIFEST, manifestOf } from "./manifest.ts";
import { mergeResults } from "./merge.ts";
import { writePart } from "./part.ts";
import { openResults } from "./results.ts";
import type { SweepRow } from "./row.ts";
import { summarise } from "./summary.ts";
import { rowsOf, smallPlan } from "./testing.ts";
import { ResultsTrouble } from "./trouble.ts";
import type { WriteBytes } from "./files.ts";

let place = "";
let path = "";
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "causeway-folder-"));
  path = join(place, "results");
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const plan = smallPlan({ caseCount: 6 });
const rows = rowsOf(plan);
const manifest = manifestOf(plan, "engine-1", { from: 0, to: 6 });

function put(folder: SweepFolder, from: number, some: readonly SweepRow[], write?: WriteBytes): void {
  const { columns, fingerprint } = manifest;
  const outcome = writePart({ folder: folder.path, columns, fingerprint }, from, some, write);
  if (outcome.kind === "refused") throw new ResultsTrouble(null, outcome.why);
  folder.finish(
    outcome.entry,
    some.map(() => 1.5),
  );
}

/** Three parts of two cases each, and the folder is closed. */
function threeParts(): void {
  const folder = openFolder(path, manifest, { resume: false });
  for (const from of [2, 0, 4]) put(folder, from, rows.slice(from, from + 2));
  folder.close();
}

function told(work: () => void): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ResultsTrouble) return error.message.replaceAll(place, "");
    throw error;
  }
  return "nothing";
}

const resume = (wanted: Manifest = manifest): void => openFolder(path, wanted, { resume: true }).close();

test("what was written is read in the order of cases, and its cost stands beside it", async () => {
  threeParts();
  const results = openResults(path);
  expect([results.rowCount, results.missing, results.parts.map(({ from }) => from)]).toEqual([6, [], [0, 2, 4]]);
  const seeds: unknown[] = [];
  for await (const batch of results.batches(["seed"])) seeds.push(...batch.column("seed"));
  expect(seeds).toEqual(rows.map((row) => row[1]));
  expect(readFileSync(join(path, "cost.csv"), "utf8").split("\n").slice(0, 3)).toEqual([
    "index,milliseconds",
    "2,1.5",
    "3,1.5",
  ]);
  expect(readdirSync(path).filter((name) => name === LOCK || name.endsWith(".part"))).toEqual([]);
});

test("a journal that is cut at any byte has all parts before it, and goes on", async () => {
  threeParts();
  const whole = readFileSync(join(path, JOURNAL));
  const ends = [...whole.entries()].filter(([, byte]) => byte === 10).map(([at]) => at + 1);
  expect(ends).toHaveLength(3);
  for (let cut = 0; cut <= whole.length; cut += 1) {
    writeFileSync(join(path, JOURNAL), whole.subarray(0, cut));
    const sound = ends.filter((end) => end <= cut).length;
    const { parts, soundBytes } = readJournal(join(path, JOURNAL));
    expect([parts.length, soundBytes]).toEqual([sound, sound === 0 ? 0 : ends[sound - 1]]);
    // Every place would take minutes; all lengths behind a line, and some others.
    if (cut % 37 !== 0 && !ends.includes(cut)) continue;
    const folder = openFolder(path, manifest, { resume: true });
    const done = new Set(folder.done.map(({ from }) => from));
    expect(done.size).toBe(sound);
    for (const from of [0, 2, 4]) if (!done.has(from)) put(folder, from, rows.slice(from, from + 2));
    folder.close();
    expect((await summarise(openResults(path))).runCount).toBe(6);
  }
});

test("a byte of the journal that is another one is noticed, wherever it is but in the last line feed", () => {
  threeParts();
  const whole = readFileSync(join(path, JOURNAL));
  for (let at = 0; at < whole.length - 1; at += 1) {
    const damaged = Buffer.from(whole);
    damaged[at] = (damaged[at] as number) ^ 1;
    writeFileSync(join(path, JOURNAL), damaged);
    expect(told(() => void readJournal(join(path, JOURNAL)))).toMatch(
      /^\/results\/journal\.jsonl:[123]: this line is damaged; /,
    );
  }
});

describe("what cannot be gone on with is told, and stays as it was", () => {
  const cases: readonly (readonly [string, () => void, RegExp])[] = [
    [
      "results that nobody asked to go on with",
      () => openFolder(path, manifest, { resume: false }).close(),
      /^\/results: it holds results of this sweep; add --resume/,
    ],
    [
      "results of another engine",
      () => resume({ ...manifest, engine: "engine-2" }),
      /^\/results: its results are of engine engine-1, this is engine-2/,
    ],
    [
      "results of another plan",
      () => resume({ ...manifest, fingerprint: "0" }),
      /^\/results: its results are of another plan \(sweep small, seed t, 6 runs\)/,
    ],
    [
      "results of another shard",
      () => resume({ ...manifest, cases: { from: 0, to: 3 } }),
      /^\/results: it is for runs 0 to 5, this shard is runs 0 to 2/,
    ],
    [
      "a manifest that is cut short",
      () => {
        truncateSync(join(path, MANIFEST), 40);
        resume();
      },
      /^\/results\/sweep\.json: it is damaged: no complete JSON/,
    ],
    [
      "a manifest of something else",
      () => {
        writeFileSync(join(path, MANIFEST), '{"causeway-sweep":2}');
        resume();
      },
      /^\/results\/sweep\.json: expected a results folder of this version of causeway, found something else at causeway-sweep/,
    ],
    [
      "a part that is gone",
      () => {
        rmSync(join(path, "rows-000002-000003.parquet"));
        resume();
      },
      /^\/results\/rows-000002-000003\.parquet: it is in the journal, and cannot be read; .*--resume/,
    ],
    [
      "a part that is half there",
      () => {
        truncateSync(join(path, "rows-000002-000003.parquet"), 1_000);
        resume();
      },
      /^\/results\/rows-000002-000003\.parquet: it is damaged/,
    ],
    [
      "a part that is in the journal twice",
      () => {
        const [line = ""] = readFileSync(join(path, JOURNAL), "utf8").split("\n");
        appendFileSync(join(path, JOURNAL), `${line}\n`);
        resume();
      },
      /^\/results\/journal\.jsonl: cases 2 to 3 are in it twice/,
    ],
    [
      "a part of cases that are not of this folder",
      () => {
        appendFileSync(
          join(path, JOURNAL),
          journalLine({ from: 6, to: 8, file: "x.parquet", bytes: 1, sha256: "0".repeat(64) }),
        );
        resume();
      },
      /^\/results\/x\.parquet: it holds runs that are not of this folder/,
    ],
  ];
  test.each(cases)("%s", (_, work, message) => {
    threeParts();
    const before = readFileSync(join(path, "rows-000000-000001.parquet"));
    expect(told(work)).toMatch(message);
    expect(readFileSync(join(path, "rows-000000-000001.parquet"))).toEqual(before);
    expect(readdirSync(path)).not.toContain(LOCK);
  });

  test("a folder of other files, a file, and a folder that nobody has written", () => {
    mkdirSync(path);
    writeFileSync(join(path, "letter.txt"), "dear");
    const begin = (at: string): string => told(() => openFolder(at, manifest, { resume: false }).close());
    expect(begin(path)).toMatch(/^\/results: expected an empty folder or results of this sweep, found letter\.txt; /);
    expect(readdirSync(path)).toEqual(["letter.txt"]);
    expect(begin(join(path, "letter.txt"))).toMatch(/expected a folder, found a file; name another one with --out$/);
    expect(told(() => void openResults(join(place, "none")))).toMatch(
      /^\/none: expected a results folder, found no such folder/,
    );
    expect(told(() => void openResults(path))).toMatch(/found no sweep\.json in it/);
  });
});

test("a part whose rows are not those of its cases is noticed when it is read", async () => {
  threeParts();
  const folder = openFolder(path, { ...manifest }, { resume: true });
  folder.close();
  rmSync(path, { recursive: true });
  const fresh = openFolder(path, manifest, { resume: false });
  put(fresh, 0, rows.slice(2, 4));
  fresh.close();
  await expect(summarise(openResults(path))).rejects.toThrow(/expected runs 0 to 1 in order, found others/);
});

test("a disk that is full is told once, and what was done before is kept", async () => {
  const full = new Error("no space");
  Object.assign(full, { code: "ENOSPC" });
  // Takes some bytes first, as disks do.
  const write: WriteBytes = () => {
    throw full;
  };
  const folder = openFolder(path, manifest, { resume: false });
  put(folder, 0, rows.slice(0, 2));
  expect(told(() => put(folder, 2, rows.slice(2, 4), write))).toMatch(
    /^\/results\/rows-000002-000003\.parquet: the disk is full \(ENOSPC\); .*--resume/,
  );
  folder.close();
  expect(readdirSync(path).filter((name) => name.startsWith("rows-"))).toEqual(["rows-000000-000001.parquet"]);
  let room = 100;
  const nearly: WriteBytes = (_, bytes, from) => {
    if (room === 0) throw full;
    const count = Math.min(room, bytes.length - from);
    room -= count;
    return count;
  };
  const again = openFolder(path, manifest, { resume: true, write: nearly });
  expect(told(() => put(again, 2, rows.slice(2, 4)))).toMatch(
    /^\/results\/journal\.jsonl: the disk is full \(ENOSPC\)/,
  );
  again.close();
  expect((await summarise(openResults(path))).runCount).toBe(2);
  expect(told(() => openFolder(join(place, "new"), manifest, { resume: false, write }).close())).toMatch(
    /^\/new\/sweep\.json: the disk is full/,
  );
});

test("shards that find no room when they are merged leave nothing of it, and are merged when there is some", async () => {
  threeParts();
  let room = 2;
  const write: WriteBytes = (descriptor, bytes, from) => {
    if (room === 0) throw Object.assign(new Error("no space"), { code: "ENOSPC" });
    room -= 1;
    return writeSync(descriptor, bytes, from);
  };
  const all = join(place, "all");
  expect(told(() => mergeResults(all, [path], write))).toMatch(
    /^\/all\/rows-000004-000005\.parquet: the disk is full \(ENOSPC\); nothing is left of the merge, .* merge again$/,
  );
  expect(readdirSync(all)).toEqual([]);
  expect((await summarise(mergeResults(all, [path]))).runCount).toBe(6);
  expect(told(() => mergeResults(all, [path]))).toMatch(/^\/all: it holds results already; name another folder/);
  expect((await summarise(openResults(all))).runCount).toBe(6);
});

describe("locks", () => {
  test("two sweeps into one folder: the second is refused, and the first goes on", () => {
    const first = openFolder(path, manifest, { resume: false });
    const second = (): void => openFolder(path, manifest, { resume: true }).close();
    expect(told(second)).toMatch(
      new RegExp(
        `^/results/lock: process ${process.pid} on .* writes into this folder; .*remove this file if that process is gone$`,
      ),
    );
    put(first, 0, rows.slice(0, 2));
    first.close();
    expect(told(second)).toBe("nothing");
  });

  const other = { pid: process.pid, host: hostname(), started: "" };
  test.each([
    [
      "of a process that is gone",
      JSON.stringify({ ...other, pid: 2 ** 22 + 1 }),
      /the lock of process 4194305, which is gone, was taken over$/,
    ],
    [
      "of an earlier process of the same number",
      JSON.stringify({ ...other, started: "1" }),
      /which is gone, was taken over$/,
    ],
    ["that was not finished", '{"pid":', /an unfinished lock was taken over$/],
  ])("a lock %s is taken over, and that is said", (_, text, note) => {
    mkdirSync(path);
    writeFileSync(join(path, LOCK), text);
    const folder = openFolder(path, manifest, { resume: false });
    expect(folder.notes.join()).toMatch(note);
    folder.close();
    expect(readdirSync(path)).not.toContain(LOCK);
  });

  test.each([
    ["of another host", JSON.stringify({ ...other, host: "elsewhere", pid: 2 ** 22 + 1 })],
    ["of a process that is there", JSON.stringify(other)],
  ])("a lock %s stays", (_, text) => {
    mkdirSync(path);
    writeFileSync(join(path, LOCK), text);
    expect(told(() => takeLock(path).release())).toMatch(
      /^\/results\/lock: process \d+ on \S+ writes into this folder/,
    );
    expect(readFileSync(join(path, LOCK), "utf8")).toBe(text);
  });
});
