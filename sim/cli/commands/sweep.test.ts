// The commands of sweeps: run, stopped and gone on with, in shards and merged, asked in SQL; and what is said when something is wrong.

import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filesOf, query } from "../../sweep/query.ts";
import { readShard } from "../sweep-shard.ts";
import { startSweepProgress } from "../sweep-progress.ts";
import { openWorkplace, type Workplace } from "../testing.ts";

let place: Workplace;
beforeAll(() => {
  place = openWorkplace();
  const scenario = (name: string, ...lines: string[]): void =>
    writeFileSync(
      join(place.path, `${name}.yaml`),
      [
        "causeway: 1",
        `name: ${name}`,
        "topology: { tree: { hub: { shop: , ship: } } }",
        "scopes: [{ name: state, prefix: s/ }]",
        "flows: [{ scope: state, between: tree, direction: both }]",
        "clients: [{ name: people, at: all, think: 50ms, mix: [{ put: s/, keys: 4 }, { get: s/, keys: 4 }] }]",
        "duration: 1s",
        ...lines,
        "",
      ].join("\n"),
    );
  scenario("plain");
  scenario("late", "expectations: { always: [causal-delivery], bounds: { visibility.max: '< 10us' } }");
  const sweep = (name: string, workload: string): void =>
    writeFileSync(
      join(place.path, `${name}.yaml`),
      `sweep: 1\nname: ${name}\nworkloads: [{ file: ${workload}.yaml }]\nseeds: 7\n`,
    );
  sweep("seven", "plain");
  sweep("bad", "late");
});
afterAll(() => place.remove());

const digestOf = (text: string): string => /digest ([0-9a-f]{64})\n$/.exec(text)?.[1] ?? "none";

test("a sweep ends with a verdict, and its folder answers questions", async () => {
  const { code, out, err } = await place.run("sweep", "seven.yaml", "--workers", "1");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^sweep seven, seed 1, 7 runs, engine /);
  expect(out).toMatch(/\npassed: 7 of 7 runs, failed 0 of 7: below 43 % at 95 %, digest [0-9a-f]{64}\n$/);
  expect(out).toMatch(/\ncausal-delivery +holds +7 +0 +0 of 7: below 43 % at 95 %\n/);
  const sql =
    "select count(*) as n, sum(requests) > 0 as some, max(\"mark.conflict\") as m from runs where outcome = 'passed'";
  const asked = await place.run("query", "results/seven", sql);
  expect(asked.code).toBe(0);
  expect(asked.out).toMatch(/^n +some +m\n7 +true +\d+\n$/);
  const csv = await place.run("query", "results/seven", "--csv", "select index, seed from runs order by index limit 2");
  expect(csv.out).toMatch(/^index,seed\n0,\S+\n1,\S+\n$/);
  const whole = await place.run("query", "results/seven", "--csv");
  expect(whole.out.split("\n")).toHaveLength(9);
  expect(whole.out).toMatch(/^index,seed,.*,outcome,why,digest,/);
});

test("results are not run over, and go on only when that is asked for", async () => {
  const again = await place.run("sweep", "seven.yaml");
  expect(again.code).toBe(2);
  expect(again.err).toMatch(/results\/seven: it holds results of this sweep; add --resume to go on with it/);
  const none = await place.run("sweep", "seven.yaml", "--out", "timed", "--for", "1us");
  expect([none.code, none.err]).toEqual([3, ""]);
  expect(none.out).toMatch(/\n--resume goes on with what was not run\n/);
  const done = await place.run("sweep", "seven.yaml", "--out", "timed", "--resume");
  expect(done.code).toBe(0);
  const first = await place.run("sweep", "seven.yaml", "--resume");
  expect(digestOf(done.out)).toBe(digestOf(first.out));
  expect(first.out).toContain("7 of them done before");
});

test("shards that are merged say what one machine says, in text and in JSON", async () => {
  for (const shard of ["1/2", "2/2"]) {
    expect((await place.run("sweep", "seven.yaml", "--shard", shard)).code).toBe(0);
  }
  const [one, two] = ["results/seven-shard-1-of-2", "results/seven-shard-2-of-2"] as const;
  const merged = await place.run("merge", "merged", two, one);
  expect(merged.code).toBe(0);
  const page = (folder: string): string => readFileSync(join(place.path, folder, "report.html"), "utf8");
  expect(page("merged")).toContain("npx causeway sweep FILE");
  expect((await place.run("merge", "drawn", two, one, "--sweep", "seven.yaml")).code).toBe(0);
  expect(page("drawn")).toContain("npx causeway sweep seven.yaml");
  expect(page("drawn").match(/topology-0/g)?.length).toBeGreaterThan(0);
  expect(page("merged")).not.toContain("topology-0");
  const other = await place.run("merge", "other", two, one, "--sweep", "bad.yaml");
  expect([other.code, existsSync(join(place.path, "other"))]).toEqual([2, false]);
  expect(other.err).toMatch(
    /bad.yaml: expected the sweep that these are results of, found another; name the file that made/,
  );
  const whole = await place.run("sweep", "seven.yaml", "--resume", "--json");
  const told = JSON.parse(whole.out) as Readonly<Record<string, unknown>>;
  expect(digestOf(merged.out)).toBe(told["digest"]);
  expect(told).toMatchObject({
    "causeway-sweep": 1,
    runCount: 7,
    missingCount: 0,
    exitCode: 0,
    folder: "results/seven",
  });

  const twice = await place.run("merge", "other", one, one, two);
  expect([twice.code, twice.err]).toEqual([
    2,
    expect.stringMatching(/shard-1-of-2: runs 0 to 0 are in .*shard-1-of-2, too; leave one/),
  ]);
  const rows = await place.run("query", two, one, "--csv");
  expect(rows.out.split("\n").map((line) => line.split(",")[0])).toEqual([
    "index",
    "3",
    "4",
    "5",
    "6",
    "0",
    "1",
    "2",
    "",
  ]);
  const half = await place.run("merge", "other", two);
  expect([half.code, half.err]).toEqual([
    2,
    expect.stringMatching(/other: runs 0 to 2 are in none of the folders; go on with the shard/),
  ]);
  await place.run("sweep", "seven.yaml", "--out", "commit", "--seed-from-commit", "0123abc", "--for", "1us");
  const mixed = await place.run("merge", "other", one, "commit");
  expect([mixed.code, mixed.err]).toEqual([
    2,
    expect.stringMatching(/commit: it does not fit .*: its results are of another plan/),
  ]);
  expect(existsSync(join(place.path, "other"))).toBe(false);
});

test.each([
  ["../../away", "..-..-away", "results/..-..-away"],
  ["..", "-", "results/-"],
  ["of two words", "of two words", "'results/of two words'"],
])(
  "results of a sweep called %s are in one folder below results, and the command that asks them can be pasted",
  async (name, folder, word) => {
    writeFileSync(join(place.path, "named.yaml"), `sweep: 1\nname: "${name}"\nworkloads: [{ file: plain.yaml }]\n`);
    const { code, out } = await place.run("sweep", "named.yaml", "--workers", "1");
    expect(code).toBe(0);
    expect(readdirSync(join(place.path, "results", folder))).toContain("sweep.json");
    expect(out).toContain(`\nask: npx causeway query ${word} "select `);
  },
);

test("what a run may take is said on the command line: whatever takes more costs itself alone", async () => {
  const late = await place.run("sweep", "seven.yaml", "--out", "late", "--case-time", "1us", "--workers", "1");
  expect(late.code).toBe(4);
  expect(late.out).toMatch(/the job was still running after 1 ms and was stopped with its worker/);
  const little = await place.run("sweep", "seven.yaml", "--out", "little", "--case-memory", "1");
  expect(little.code).toBe(2);
  expect(little.err).toMatch(
    /'--case-memory <MiB>' argument '1' is invalid. expected a whole number from 64 to 1048576/,
  );
});

test("a commit's hash is a seed", async () => {
  const { out } = await place.run(
    "sweep",
    "seven.yaml",
    "--out",
    "by-commit",
    "--seed-from-commit",
    "DEADBEEF01",
    "--for",
    "1us",
  );
  expect(out).toMatch(/^sweep seven, seed deadbeef01, 7 runs/);
});

test("failures are told, and the first ones kept in their smallest form, which can be run again", async () => {
  const { code, out } = await place.run("sweep", "bad.yaml", "--shrink", "2");
  expect(code).toBe(1);
  expect(out).toMatch(/\nrun 0, seed \S+: failed\n {2}visibility\.max < 10 was asked for, and it was \d+\n/);
  expect(out).toMatch(
    /\n {2}2 cloudlets are left after \d+ runs \(visibility\.max < 10\): failures\/case-000000\/replay\.json\n/,
  );
  expect(out).toMatch(/\nnot passed: 0 of 7 runs, failed 7 of 7: 65 % to 100 % at 95 %, digest/);
  const failures = join(place.path, "results/bad/failures");
  expect(readdirSync(failures)).toEqual(["case-000000", "case-000001"]);
  expect(readdirSync(join(failures, "case-000000"))).toEqual(["picture.svg", "replay.json", "scenario.yaml"]);
  const again = /again: npx causeway (sweep \S+ --case 1)/.exec(out)?.[1]?.split(" ") ?? [];
  expect((await place.run(...again)).code).toBe(1);
  expect((await place.run("replay", "results/bad/failures/case-000000/replay.json")).code).toBe(1);
  expect((await place.run("run", "results/bad/failures/case-000001/scenario.yaml")).code).toBe(1);
});

test("whole rows of several folders have one head, or are refused", async () => {
  writeFileSync(
    join(place.path, "tuned.yaml"),
    "sweep: 1\nname: tuned\nworkloads: [{ file: plain.yaml }]\nparameters: { logs.retain: [4] }\n",
  );
  await place.run("sweep", "tuned.yaml", "--workers", "1");
  const { code, out, err } = await place.run("query", "results/seven", "results/tuned", "--csv");
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toMatch(
    /results\/tuned: expected the columns of .*results\/seven, .* found others \(logs\.retain\); ask/,
  );
});

test("what shards have kept of failures is told when they are merged", async () => {
  for (const shard of ["1/2", "2/2"]) await place.run("sweep", "bad.yaml", "--shard", shard, "--shrink", "1");
  const { code, out } = await place.run("merge", "bads", "results/bad-shard-1-of-2", "results/bad-shard-2-of-2");
  expect(code).toBe(1);
  expect(out.match(/kept before: failures\/case-\d+\/replay\.json/g)).toEqual([
    "kept before: failures/case-000000/replay.json",
    "kept before: failures/case-000003/replay.json",
  ]);
});

describe("mistakes are told with their place, and end with 2", () => {
  test.each([
    [["sweep", "none.yaml"], /^none\.yaml: there is no such file/],
    [["sweep", "plain.yaml"], /^plain\.yaml:1:1: expected a sweep, found a scenario/],
    [["sweep", "seven.yaml", "--shard", "3/2"], /^--shard 3\/2: expected a shard from 1/],
    [["sweep", "seven.yaml", "--out", "plain.yaml"], /plain\.yaml: expected a folder, found a file/],
    [["sweep", "seven.yaml", "--workers", "0"], /expected a whole number from 1 to 1000/],
    [["sweep", "seven.yaml", "--seed-from-commit", "main"], /expected the hash of a commit/],
    [["query", "results/seven"], /^expected results folders and then SQL, found no SQL behind the folders/],
    [["query", "select 1"], /^expected results folders and then SQL, found only select 1/],
    [
      ["query", "results/seven", "selec 1"],
      /^SQL: Parser Error: syntax error at or near "selec"[^]*LINE 1[^]*docs\/sweeps\.md/,
    ],
    [["query", "results/seven", "select nothing from runs"], /^SQL: Binder Error: [^]*nothing/],
    [["query", "none", "select 1"], /none: expected a results folder, found no such folder/],
    [["query", "plain.yaml", "--csv"], /plain\.yaml: expected a results folder, found a file/],
    [["query", "timed-out", "--csv", "select 1"], /timed-out: expected a results folder/],
    [["merge", "other", "none"], /none: expected a results folder/],
  ] as const)("%j", async (argv, message) => {
    const { code, out, err } = await place.run(...argv);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(message);
  });

  test("a part that is damaged, in every command", async () => {
    await place.run("sweep", "seven.yaml", "--out", "hurt");
    truncateSync(join(place.path, "hurt/rows-000003-000003.parquet"), 100);
    for (const argv of [
      ["sweep", "seven.yaml", "--out", "hurt", "--resume"],
      ["query", "hurt", "select 1"],
      ["merge", "new", "hurt"],
    ]) {
      const { code, err } = await place.run(...argv);
      expect([code, err]).toEqual([2, expect.stringMatching(/rows-000003-000003\.parquet: it is damaged: .*--resume/)]);
    }
    expect(readFileSync(join(place.path, "hurt/journal.jsonl"), "utf8").split("\n")).toHaveLength(8);
  });

  test("without the optional engine the remedy is told", async () => {
    const missing = (): Promise<never> => Promise.reject(new Error("no such module"));
    const outcome = await query(filesOf([join(place.path, "results/seven")]), "select 1", missing);
    expect(outcome).toMatchObject({
      kind: "refused",
      why: expect.stringMatching(/npm install @duckdb\/node-api@.*--csv$/) as string,
    });
  });
});

test.each([
  ["2/8", {}, { shard: 2, of: 8 }],
  ["auto", { SLURM_ARRAY_TASK_ID: "7", SLURM_ARRAY_TASK_MIN: "5", SLURM_ARRAY_TASK_COUNT: "4" }, { shard: 3, of: 4 }],
  ["auto/9", { SLURM_ARRAY_TASK_ID: "0" }, { shard: 1, of: 9 }],
  ["auto/3", { JOB_COMPLETION_INDEX: "2" }, { shard: 3, of: 3 }],
  ["auto", { JOB_COMPLETION_INDEX: "2" }, { why: /write auto\/n$/ }],
  ["auto", {}, { why: /neither SLURM_ARRAY_TASK_ID nor JOB_COMPLETION_INDEX is set/ }],
  ["auto/2", { JOB_COMPLETION_INDEX: "2" }, { why: /JOB_COMPLETION_INDEX is 2, and there are 2/ }],
  ["0/2", {}, { why: /expected a shard from 1/ }],
  [
    "auto",
    { SLURM_ARRAY_TASK_ID: "5", SLURM_ARRAY_TASK_MIN: "1", SLURM_ARRAY_TASK_STEP: "2", SLURM_ARRAY_TASK_COUNT: "4" },
    { shard: 3, of: 4 },
  ],
  [
    "auto",
    { SLURM_ARRAY_TASK_ID: "9", SLURM_ARRAY_TASK_MIN: "1", SLURM_ARRAY_TASK_STEP: "1", SLURM_ARRAY_TASK_COUNT: "3" },
    { why: /SLURM_ARRAY_TASK_ID is 9, the least is 1, and there are 3/ },
  ],
  ["half", {}, { why: /expected i\/n such as 2\/8/ }],
] as const)("--shard %s with %j", (text, environment, expected) => {
  const outcome = readShard(text, environment);
  if ("why" in expected)
    expect(outcome).toMatchObject({ kind: "refused", why: expect.stringMatching(expected.why) as string });
  else expect(outcome).toEqual({ kind: "shard", ...expected });
});

test("in a log a line every ten seconds says how much is done, how fast, and what is left", () => {
  let now = 0;
  let err = "";
  const io = { stdout: () => undefined, stderr: (text: string) => void (err += text), isTerminal: false, cwd: "/" };
  const progress = startSweepProgress(io, 100, () => now);
  for (let run = 0; run < 50; run += 1) {
    now += 500;
    progress.advance(run !== 3);
  }
  progress.stop();
  expect(err).toBe("20 of 100 runs, 2.0/s, 40 s left, 1 not passed\n40 of 100 runs, 2.0/s, 30 s left, 1 not passed\n");
});
