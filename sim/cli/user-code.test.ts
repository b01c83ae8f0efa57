/** A user's own resolver from the scenario file to the verdict and the replay; and each way in which it is refused. */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { MergeFunction } from "../../model/replication/resolver.ts";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";
import { openWorkplace, type Workplace } from "./testing.ts";

let place: Workplace;
beforeEach(() => {
  place = openWorkplace();
});
afterEach(() => {
  place.remove();
});

const story = (resolver: string, more = "") => `causeway: 1
name: story
seed: 1
topology: { tree: { hub: { edge: null, far: null } } }
scopes: [{ name: users, prefix: users/, resolver: ${resolver} }]
flows: [{ scope: users, between: tree, direction: both }]
duration: 4s
clients:
  - { name: writers, at: all, think: 20ms, mix: [{ put: users/, keys: 3 }, { delete: users/, keys: 3 }, { get: users/, keys: 3 }, { scan: users/ }] }
${more}`;
const own = "{ module: ./own.mjs, export: merge }";
const at = "s.yaml:5:51: scopes[0].resolver: ";
const greatest = `export function merge(a, b) {
  if (a.deleted !== b.deleted) return a.deleted ? b : a;
  return a.value >= b.value ? a : b;
}
`;

function write(name: string, text: string): void {
  writeFileSync(join(place.path, name), text);
}

test("it runs when that is allowed, and the digest is the same each time", async () => {
  write("s.yaml", story(own));
  write("own.mjs", greatest);
  const first = await place.run("run", "s.yaml", "--allow-code", "--twice");
  expect(first.err).toContain("twice the same");
  expect(first.code).toBe(0);
  const again = await place.run("run", "s.yaml", "--allow-code");
  expect(again.out.split("\n").at(-2)).toBe(first.out.split("\n").at(-2));
  const other = await place.run("run", "s.yaml", "--allow-code", "--protocol", "fifo");
  expect(other.err).toBe("");
});

test("what it makes of versions that stand side by side is listed as merged", async () => {
  const apart = `faults: [{ linkDown: [hub, edge], from: 10ms, until: 3s }]
script:
  - { put: users/alice, value: one, at: 100ms, cloudlet: hub, session: first }
  - { put: users/alice, value: two, at: 100ms, cloudlet: edge, session: second }
`;
  write("s.yaml", story(own, apart).replace(/clients:\n.*\n/, ""));
  write("own.mjs", greatest);
  const { out } = await place.run("run", "s.yaml", "--allow-code");
  expect(out).toMatch(/^users\/alice +users +custom:\.\/own\.mjs#merge +3 +"one" by .*: merged; "two" by .*: merged$/m);
});

test("without being allowed it is not even loaded", async () => {
  write("s.yaml", story(own));
  const trace = join(place.path, "loaded");
  write(
    "own.mjs",
    `import { writeFileSync } from "node:fs";\nwriteFileSync(${JSON.stringify(trace)}, "");\n${greatest}`,
  );
  const refused = await place.run("run", "s.yaml");
  expect(refused).toEqual({
    code: 2,
    out: "",
    err: `${at}this resolver is code in ./own.mjs, which is not run unasked; read it, and add --allow-code if you trust it\n`,
  });
  const validated = await place.run("validate", "s.yaml");
  expect(validated.code).toBe(0);
  expect(validated.err).toBe(`${at}the code in ./own.mjs was not checked; --allow-code loads and checks it\n`);
  expect(existsSync(trace)).toBe(false);
  expect((await place.run("validate", "s.yaml", "--allow-code")).code).toBe(0);
  expect(existsSync(trace)).toBe(true);
});

test.each([
  ["no file", null, "there is no such file; check the path"],
  ["no JavaScript", "export function merge(a, b {", 'it cannot be loaded: "SyntaxError: '],
  ["a module that throws", 'throw new Error("no");', 'it cannot be loaded: "Error: no"; correct it'],
  ["a module that imports its neighbour", 'import "./x.mjs";', "it imports another file or package"],
  ["a module that imports a package", 'import "yaml";', "it imports another file or package"],
  ["no export", "export const other = () => 1;", 'expected a function "merge", found no such export; it exports other'],
  ["no function", "export const merge = 1;", 'expected a function "merge", found a value of type number'],
  ["a broken law", "export const merge = (a) => a;", "merge: it is not commutative: with a = {"],
  [
    "one that throws",
    'export const merge = () => { throw new Error("no"); };',
    'merge: merge(a, b) throws "Error: no"',
  ],
])("%s is refused at its place, on one line", async (_, module, says) => {
  write("s.yaml", story(own));
  if (module !== null) write("own.mjs", module);
  for (const command of ["run", "validate"]) {
    const { code, out, err } = await place.run(command, "s.yaml", "--allow-code");
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(`${at}${join(place.path, "own.mjs")}: ${says}`);
    expect(err.trimEnd()).not.toContain("\n");
  }
});

test.each([
  ["{ module: ./own.mjs }", "s.yaml:5:51: scopes[0].resolver.export: missing: expected a text"],
  ["{ module: ./own.mjs, exports: merge }", 'unknown key "exports"; did you mean "export"?'],
  ["{ module: 3, export: merge }", "scopes[0].resolver.module: expected a text, found 3; put it in quotes"],
  ["custom", 'found "custom"'],
])("the form %s is refused", async (resolver, says) => {
  write("s.yaml", story(resolver));
  const { code, err } = await place.run("run", "s.yaml", "--allow-code");
  expect(code).toBe(2);
  expect(err).toContain(says);
});

test("a replay carries the hash, and runs nothing else", async () => {
  write("s.yaml", story(own, "expectations: { sometimes: [crash] }\n"));
  write("own.mjs", greatest);
  const ran = await place.run("run", "s.yaml", "--allow-code");
  expect(ran.code).toBe(1);
  const name = readdirSync(place.path).find((file) => file.startsWith("causeway-replay-")) as string;
  expect(ran.out).toContain(`replay: npx causeway replay ${name} --allow-code\n`);
  expect(readFileSync(join(place.path, name), "utf8")).toMatch(/"sha256": "[0-9a-f]{64}"/);
  const url = `file://${join(place.path, "own.mjs")}`;
  const unasked = await place.run("replay", name);
  expect(unasked).toMatchObject({ code: 2, out: "" });
  expect(unasked.err).toContain(`${name}: it runs the code in ${url}, which is not run unasked`);
  expect((await place.run("replay", name, "--allow-code")).err).toContain("the digest is the recorded one");
  write("own.mjs", `${greatest}\n`);
  expect((await place.run("replay", name, "--allow-code")).err).toMatch(
    /own\.mjs: expected the file that was recorded, sha256 [0-9a-f]{64}, found [0-9a-f]{64}; bring back/,
  );
  rmSync(join(place.path, "own.mjs"));
  const gone = await place.run("replay", name, "--allow-code");
  expect(gone).toMatchObject({ code: 2, out: "" });
  expect(gone.err).toContain("own.mjs: there is no such file");
});

test("one that throws only in a run ends it as bad input, with the versions", async () => {
  write("s.yaml", story(own));
  write("own.mjs", greatest.replace("{", '{\n  if (a.sequence > 8) throw new Error("early");'));
  const { code, err } = await place.run("run", "s.yaml", "--allow-code");
  expect(code).toBe(2);
  expect(err).toContain(`${at}${join(place.path, "own.mjs")}: merge: merge(a, b) throws "Error: early" where a = {`);
});

test("a function that slipped through although the order matters to it is seen by reads-resolve", () => {
  const read = readScenario(story(own), { file: "s.yaml" });
  if (read.kind === "invalid") expect.fail(JSON.stringify(read.problems));
  const first: MergeFunction = (a) => a;
  const name = "custom:./own.mjs#merge" as const;
  const { report } = runScenario(read.scenario, { resolvers: new Map([[name, first]]) });
  const verdict = new Map(report.properties).get("reads-resolve");
  expect(verdict?.verdict).toBe("violated");
  expect(verdict?.evidence[0]).toContain(name);
  expect(() => runScenario(read.scenario)).toThrow("without the code");
});

test("a sweep runs it in its workers when that is allowed, and goes on with the same file alone", async () => {
  write("s.yaml", story(own));
  write("own.mjs", greatest);
  write("sweep.yaml", "sweep: 1\nname: many\nworkloads: [{ file: s.yaml }]\nfaults: [own, swarm]\nseeds: 2\n");
  const refused = await place.run("sweep", "sweep.yaml");
  expect(refused).toMatchObject({ code: 2, out: "" });
  expect(refused.err).toBe(
    `${at}this resolver is code in ./own.mjs, which is not run unasked; read it, and add --allow-code if you trust it\n`,
  );
  const digestOf = (text: string): string => /digest ([0-9a-f]{64})\n$/.exec(text)?.[1] ?? "none";
  const one = await place.run("sweep", "sweep.yaml", "--allow-code", "--workers", "1", "--out", "one");
  expect(one.code).toBe(0);
  // Lines of progress at most: a slow machine has some.
  expect(one.err).toMatch(/^(?:\d+ of \d+ runs, [^\n]*\n)*$/);
  const two = await place.run("sweep", "sweep.yaml", "--allow-code", "--workers", "2", "--out", "two");
  expect(digestOf(two.out)).toBe(digestOf(one.out));
  const single = await place.run("sweep", "sweep.yaml", "--allow-code", "--case", "0");
  expect(single.out).toMatch(/\npassed: [^\n]*\n$/);
  expect(single.code).toBe(0);
  write("own.mjs", `${greatest}// Another file from now on.\n`);
  const resumed = await place.run("sweep", "sweep.yaml", "--allow-code", "--resume", "--out", "one");
  expect(resumed.code).toBe(2);
  write("own.mjs", "export function merge(a, b) { return a; }\n");
  const unlawful = await place.run("sweep", "sweep.yaml", "--allow-code", "--out", "three");
  expect(unlawful.code).toBe(2);
  expect(unlawful.err).toMatch(/own\.mjs: merge: /);
  expect(existsSync(join(place.path, "three"))).toBe(false);
});

test("a failure of a sweep is kept as a scenario that names the file from where it lies", async () => {
  write("s.yaml", story(own, "expectations: { always: [causal-delivery], bounds: { visibility.max: '< 10us' } }\n"));
  write("own.mjs", greatest);
  write("sweep.yaml", "sweep: 1\nname: few\nworkloads: [{ file: s.yaml }]\n");
  const failed = await place.run("sweep", "sweep.yaml", "--allow-code", "--workers", "1", "--out", "results");
  expect(failed.code).toBe(1);
  expect(failed.out).toContain("causeway sweep sweep.yaml --allow-code --case 0");
  const kept = await place.run("run", "results/failures/case-000000/scenario.yaml", "--allow-code");
  expect({ code: kept.code, err: kept.err }).toEqual({ code: 1, err: "" });
});

test("one that throws in runs of a sweep costs these runs alone: the others have their rows, and all of them a report", async () => {
  const thrower = greatest.replace("{", '{\n  if (a.sequence > 8) throw new Error("early");');
  write("s.yaml", story(own));
  write("calm.yaml", story(own).replace("think: 20ms", "think: 2s").replace("name: story", "name: calm"));
  write("own.mjs", thrower);
  write("sweep.yaml", "sweep: 1\nname: early\nworkloads: [{ file: s.yaml }, { file: calm.yaml }]\n");
  const { code, out, err } = await place.run(
    "sweep",
    "sweep.yaml",
    "--allow-code",
    "--workers",
    "1",
    "--out",
    "results",
  );
  expect(code).toBe(4);
  expect(err).not.toContain("internal error");
  expect(out).toMatch(/\nthrew +1\n/);
  expect(out).toMatch(
    /run 0, seed 1\/0: threw\n {2}ResolverFailed: [^\n]*"Error: early"[^\n]*\n {2}kept as it is: failures/,
  );
  expect(out).toMatch(/\nnot passed: 1 of 2 runs, failed 1 of 2: /);
  const kept = readdirSync(join(place.path, "results"));
  expect(kept).toEqual(expect.arrayContaining(["report.html", "summary.txt", "junit.xml"]));
  expect(readdirSync(join(place.path, "results/failures/case-000000"))).toEqual(["replay.json", "scenario.yaml"]);
});

test("one that keeps ever more in a map costs its run alone, though V8 would end the whole process for such a map", async () => {
  const keeper = greatest.replace(
    "{",
    "{\n  if (a.sequence > 8) for (let more = 0; more < 40_000; more += 1) kept.set(kept.size, 1);",
  );
  write("s.yaml", story(own, "duration: 30s").replace("duration: 4s\n", ""));
  write("calm.yaml", story(own).replace("think: 20ms", "think: 2s").replace("name: story", "name: calm"));
  write("own.mjs", `const kept = new Map();\n${keeper}`);
  write("sweep.yaml", "sweep: 1\nname: full\nworkloads: [{ file: s.yaml }, { file: calm.yaml }]\n");
  const words = ["--allow-code", "--case-memory", "64", "--workers", "1", "--out", "results"];
  const { code, out, err } = await place.run("sweep", "sweep.yaml", ...words);
  expect(err).not.toContain("FATAL");
  expect({ code, err: err.replaceAll(/\d+ of \d+ runs, [^\n]*\n/g, "") }).toEqual({ code: 4, err: "" });
  expect(out).toContain("needed more memory than the 64 MiB that it may have");
  expect(out).toMatch(/\nout-of-memory +1\n/);
  expect(out).toMatch(/\nnot passed: 1 of 2 runs, failed 1 of 2: /);
});

test("worlds in which it throws are no smaller form of a run in which it did not", async () => {
  // The clocks of a run are before 2020: there its answer depends on the order, and in whole seconds, which shrinking tries, it throws.
  const simulated = "a.wall < 1_600_000_000_000_000 && a.sequence + a.origin !== b.sequence + b.origin";
  const thrower = `\n  if (${simulated}) {\n    if (a.wall % 1_000_000 === 0) throw new Error("whole");\n    return a;\n  }`;
  write("s.yaml", story(own));
  write("own.mjs", greatest.replace("{", `{${thrower}`));
  const { code, out, err } = await place.run("shrink", "s.yaml", "--allow-code", "--budget", "300");
  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/to stay violated: reads-resolve\n/);
  expect(out).toContain("nothing more can be taken away");
});
