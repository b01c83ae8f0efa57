/** Logs of what people asked for, replayed: every line is asked when, where and by whom the log says; what cannot be asked is refused. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { runLoad } from "../shrink/run-load.ts";
import type { World } from "../world.ts";
import { renderProblems } from "./problem.ts";
import { type ReadOutcome, readScenario, readSource, scenarioSource } from "./read.ts";
import type { Scenario } from "./scenario.ts";
import { writeScenario } from "./write.ts";

const story = (...lines: readonly string[]): string =>
  [
    "causeway: 1",
    "name: story",
    "seed: 1",
    "topology: { tree: { core: { north: , south: } } }",
    "scopes: [{ name: state, prefix: state/ }, { name: news, prefix: news/, resolver: log }]",
    "flows: [{ scope: state, between: tree, direction: both }, { scope: news, between: tree, direction: both }]",
    "duration: 60s",
    ...lines,
    "",
  ].join("\n");

const columns = "time_ms,site,session,verb,key,size_bytes";
const outcomeOf = (lines: readonly string[], ...more: readonly string[]): ReadOutcome =>
  readSource(scenarioSource("story.yaml", story(...more), { "log.csv": `${lines.join("\n")}\n` }));
const usual = "measured: { operations: log.csv, keys: state/ }";

function read(lines: readonly string[], ...more: readonly string[]): Extract<ReadOutcome, { kind: "scenario" }> {
  const outcome = outcomeOf(lines, ...more);
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome;
}

// --- the twin: the log itself, beside what a run is heard to ask ---

interface Line {
  readonly at: number;
  readonly site: string;
  readonly session: string;
  readonly verb: string;
  readonly key: string;
  readonly size: number;
}

const logs = fc
  .array(
    fc.record({
      site: fc.constantFrom("core", "north", "south"),
      session: fc.constantFrom("ada", "ben"),
      verb: fc.constantFrom("put", "get", "delete"),
      key: fc.constantFrom("x", "y"),
      size: fc.integer({ min: 8, max: 300 }),
    }),
    { minLength: 1, maxLength: 10 },
  )
  .map((list) => list.map((line, at): Line => ({ ...line, at: 1_000 * (at + 1) })));

const tableOf = (log: readonly Line[]): readonly string[] => [
  columns,
  ...log.map(({ at, site, session, verb, key, size }) => `${at},${site},${session},${verb},${key},${size}`),
];

/** What a run asks, line by line as a log has it. */
function heard(scenario: Scenario): readonly Line[] {
  const names = [...new Set(scenario.script.map(({ session }) => session))];
  const sites = scenario.topology.cloudlets.map(({ name }) => name);
  const lines: Line[] = [];
  let world: World | null = null;
  const requested = (
    _at: number,
    cloudlet: number,
    session: number,
    _id: number,
    op: { readonly kind: string },
    askedAt: number,
  ): void => {
    const { kind, key, value } = op as { readonly kind: string; readonly key?: string; readonly value?: string };
    if (key === undefined) return;
    const client = world?.clientOf(session as Parameters<World["clientOf"]>[0]) ?? -1;
    lines.push({
      at: askedAt / 1_000,
      site: sites[cloudlet] ?? "",
      session: names[client] ?? "",
      verb: kind,
      key: key.slice("state/".length),
      size: value?.length ?? 0,
    });
  };
  runLoad(scenario, {}, { requested }, (of) => void (world = of));
  return lines;
}

test("a run asks what each line says, when, where and by whom; one that leaves sessions where they began does not", () => {
  let moves = 0;
  fc.assert(
    fc.property(logs, (log) => {
      const { scenario } = read(tableOf(log), usual);
      const said = log.map((line) => ({ ...line, size: line.verb === "put" ? line.size : 0 }));
      expect(heard(scenario)).toEqual(said);
      const { travellers = [] } = scenario;
      moves += travellers.length;
      if (travellers.length === 0) return;
      const still = travellers.map((one) => ({ ...one, travel: { ...one.travel, stops: [] } }));
      expect(heard({ ...scenario, travellers: still })).not.toEqual(said);
    }),
    { numRuns: 20 },
  );
  expect(moves).toBeGreaterThan(0);
});

test("a log that is written out as a scenario is the same one, with sizes and moves; what was done with it is told", () => {
  const { scenario, replayed } = read(
    [
      columns,
      "0,north,ada,PUT,state/door,2000",
      "10,south,ben,get,state/door,",
      "20,core,ada,append,news/door,1",
      "20,core,ada,scan,state/,",
      "30,core,ada,put,state/lamp,",
      "70000,core,ada,get,state/door,",
    ],
    "measured: { operations: log.csv }",
    "script: [{ put: state/first, value: x, size: 1MiB, at: 10ms, cloudlet: core, session: carl }]",
  );
  const again = readScenario(writeScenario(scenario), { file: "again.yaml" });
  expect(again.kind === "scenario" && again.scenario).toEqual(scenario);
  expect(replayed[0]?.notes.map(({ kind, what, count }) => `${kind} ${count} ${what}`)).toEqual([
    "assumed 1 a write whose size the log does not say: 128 bytes",
    "read 6 a line that asks for something",
    "repaired 1 a size that is less than the name of its line, which is written whole",
    "dropped 1 a line of a time after the load",
    "assumed 1 a session that shows up at another site: it moves there at that moment",
  ]);
});

test("what a session did before the run says where it begins", () => {
  const { scenario } = read(
    [
      "unix_s,site,session,verb,key",
      "90,north,ada,put,x",
      "95,south,ada,put,y",
      "101,south,ada,get,x",
      "102,core,ada,get,y",
    ],
    'measured: { operations: log.csv, keys: state/, begins: "1970-01-01T00:01:40Z" }',
  );
  expect(scenario.script.map(({ at, cloudlet }) => [at, cloudlet])).toEqual([
    [1_000_000, "south"],
    [2_000_000, "south"],
  ]);
  expect(scenario.travellers?.map(({ at, travel }) => [at, travel.stops])).toEqual([
    ["south", [{ at: 2_000_000, to: "core" }]],
  ]);
});

test.each([
  ["5,nort,ada,get,x,", '2:3: expected the name of a cloudlet, found "nort"; did you mean "north"?'],
  ["5,north,,get,x,", "2:9: expected the name of a session, found an empty cell; fill it in, or leave the line out"],
  ["5,north,ada,get,,", "2:17: expected a key, found an empty cell; fill it in, or leave the line out"],
  [
    "5,north,ada,cas,x,",
    '2:13: expected put, get, delete, append, scan, found "cas"; write one of them, or leave the line out',
  ],
  [
    "5,north,ada,put,x,-1",
    '2:19: expected whole bytes from 0 to 16777216, found "-1"; mend the cell, or leave it empty',
  ],
  ["5,north,ada,put,x,17000000", "2:19: expected whole bytes from 0 to 16777216"],
  ["5,north,ada,append,x,", "2:20: expected a request of the scope state, found append"],
  [
    "5,south,ada,get,x,\n5,north,ada,get,x,",
    "3:3: expected ada at south, where it is at this time in a line above, found north; mend the time or the site",
  ],
  [
    "5,south,ada,get,x,\n4,south,ada,get,x,",
    "3:1: expected a time not before 5 of a line above, found 4; sort the lines by time",
  ],
  ["5,south,carl,get,x,", "2:9: expected a session that the script does not have, found carl; rename one of them"],
])("%j is refused with its place", (lines, message) => {
  const script = "script: [{ get: state/x, at: 1s, cloudlet: core, session: carl }]";
  const outcome = outcomeOf([columns, lines], usual, script);
  expect(outcome.kind === "invalid" && renderProblems(outcome.problems)).toContain(`log.csv:${message}`);
});

test("keys that no scope has are refused once for each session, and a prefix is proposed", () => {
  const outcome = outcomeOf([columns, "5,north,ada,put,x,", "6,north,ada,put,y,"], "measured: { operations: log.csv }");
  expect(outcome.kind === "invalid" && renderProblems(outcome.problems)).toBe(
    'log.csv:2:17: expected a key inside a scope, found "x"; prefixes: state/, news/; measured.keys puts a prefix before the keys of a log\n',
  );
});
