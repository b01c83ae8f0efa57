/** `causeway run FILE --swarm SEED` in process: what is drawn is told and can be kept, and many runs end with the bound they show. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { openWorkplace } from "../testing.ts";

const place = openWorkplace();
afterAll(() => place.remove());
const workload = (name: string): void =>
  cpSync(fileURLToPath(new URL(`../../../workloads/${name}.yaml`, import.meta.url)), join(place.path, `${name}.yaml`));
workload("split-and-merge");
workload("one-way");
workload("fifo-shortcut");

test("a drawn run says what was drawn, and the saved scenario is the same run", async () => {
  const drawn = await place.run("run", "split-and-merge.yaml", "--swarm", "4", "--save", "saved.yaml");
  expect([drawn.code, drawn.err]).toEqual([0, ""]);
  expect(drawn.out).toMatch(/^seed 4\n/);
  expect(drawn.out).toMatch(
    /\nswarm 4: kinds on: [^\n]+\n {2}off: [^\n]+\n( {2}- \{ [^\n]+ \}\n)+ {2}quirks: [^\n]+\n {2}core: [^\n]+\n/,
  );
  const saved = await place.run("run", "saved.yaml");
  const last = (text: string): string | undefined => text.trimEnd().split("\n").at(-1);
  expect(last(saved.out)).toBe(last(drawn.out));
  expect(readFileSync(join(place.path, "saved.yaml"), "utf8")).toContain("\ncore: [");
  expect(await place.run("validate", "saved.yaml")).toMatchObject({ code: 0 });
});

test("a scenario that names tables is saved beside them alone, since it would not find them from elsewhere", async () => {
  writeFileSync(join(place.path, "outages.csv"), "time_s,from,to,state\n1,core,north,down\n2,core,north,up\n");
  mkdirSync(join(place.path, "elsewhere"));
  writeFileSync(
    join(place.path, "tables.yaml"),
    "causeway: 1\nname: tables\nseed: 1\ntopology: { tree: { core: { north: null } } }\nscopes: [{ name: state, prefix: state/ }]\n" +
      "flows: [{ scope: state, between: tree, direction: both }]\nmeasured: { outages: outages.csv }\nduration: 5s\n",
  );
  const away = await place.run("run", "tables.yaml", "--swarm", "1", "--save", "elsewhere/saved.yaml");
  expect([away.code, away.err]).toEqual([2, expect.stringContaining("names files from there (outages.csv)")]);
  const beside = await place.run("run", "tables.yaml", "--swarm", "1", "--save", "beside.yaml");
  expect(beside.err).toBe("");
  expect(await place.run("validate", "beside.yaml")).toMatchObject({ code: 0 });
});

test("many runs end with the bound that they show, and say how often each kind was drawn", async () => {
  const { code, out } = await place.run("run", "split-and-merge.yaml", "--swarm", "5", "--runs", "20");
  expect(out.trimEnd().split("\n").at(-1)).toMatch(
    /^passed: 0 failures in 20 runs: rate below 15 % at 95 %, [0-9 ]+ steps, digest [0-9a-f]{64}$/,
  );
  expect(code).toBe(0);
  expect(out).toMatch(/\nfault +drawn\nlinkDown +[0-9]+\n/);
}, 60_000);

test("a mark that the scenario lists and no run reaches fails the sweep, which names it", async () => {
  const file = join(place.path, "split-and-merge.yaml");
  writeFileSync(
    join(place.path, "listed.yaml"),
    readFileSync(file, "utf8").replace(/sometimes: \[[^\]]*\]/, "sometimes: [conflict, member-detached]"),
  );
  const { code, out } = await place.run(...["run", "listed.yaml", "--swarm", "5", "--runs", "2"]);
  expect(out).toContain("not as expected: member-detached is listed under sometimes, and no run has reached it\n");
  expect([code, out.trimEnd().split("\n").at(-1)]).toEqual([
    1,
    expect.stringMatching(/^not passed: 0 failures in 2 runs/),
  ]);
}, 60_000);

test("time is a bound, too: at least one batch is run", async () => {
  const { code, out } = await place.run("run", "split-and-merge.yaml", "--swarm", "6", "--for", "1ms");
  expect([code, out.trimEnd().split("\n").at(-1)]).toEqual([0, expect.stringContaining("0 failures in 16 runs")]);
}, 60_000);

test("a run that does not pass ends the rest, and is told with the command that repeats it", async () => {
  const swarm = ["run", "fifo-shortcut.yaml", "--swarm", "1", "--runs", "64"];
  const refused = await place.run(...swarm);
  expect([refused.code, refused.err]).toEqual([
    2,
    expect.stringContaining("expected a scenario in which properties hold"),
  ]);
  const { code, out } = await place.run(
    ...["run", "one-way.yaml", "--protocol", "fifo", "--swarm", "1", "--runs", "64"],
  );
  expect(code).toBe(1);
  expect(out).toMatch(/\n {2}again: npx causeway run one-way\.yaml --protocol fifo --swarm 1\/[0-9]+\n/);
  expect(out.trimEnd().split("\n").at(-1)).toMatch(/^not passed: [0-9]+ failures in [0-9]+ runs, /);
}, 120_000);

test.each([
  [["--save", "x.yaml"], "--save: expected it with --swarm"],
  [["--runs", "5"], "--runs: expected it with --swarm"],
  [["--swarm", "1", "--runs", "0"], "expected a whole number from 1"],
  [["--swarm", "1", "--for", "soon"], "expected a duration such as 30s, 5m or 2h"],
  [["--swarm", "1", "--for", "5m", "--html", "x.html"], "--html: expected one run, found --for"],
  [["--swarm", "1", "--save", "x.yaml", "--set", "duration=5s"], "--save: expected a scenario as its file has it"],
  [["--swarm", "1", "--save", "split-and-merge.yaml"], "--save split-and-merge.yaml:"],
])("%j is refused", async (options, expected) => {
  const { code, err } = await place.run("run", "split-and-merge.yaml", ...options);
  expect([code, err]).toEqual([2, expect.stringContaining(expected)]);
});
