// What a run tells of its faults: when they set in and were over, and what they hit, against counts that are kept another way.

import { expect, test } from "vitest";
import { renderReport } from "../cli/render-report.ts";
import pc from "picocolors";
import type { DropReason, Observer } from "../oracles/observer.ts";
import { renderProblems } from "../scenario/problem.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { FaultEvent, RunReport } from "./report.ts";
import { runScenario } from "./runner.ts";

function scenarioOf(faults: string, ...more: readonly string[]): Scenario {
  const lines = [
    "causeway: 1",
    "name: timeline",
    "seed: 1",
    "topology: { tree: { top: { left: null, right: { leaf: null } } } }",
    "scopes: [{ name: users, prefix: users/ }]",
    "flows: [{ scope: users, between: tree, direction: both }]",
    "links: { defaults: { delay: 40ms } }",
    "clients: [{ name: all, at: all, think: 10ms, mix: [{ put: users/, keys: 4 }, { get: users/, keys: 4 }] }]",
    "duration: 10s",
    `faults: [${faults}]`,
    ...more,
  ];
  const read = readScenario(lines.join("\n"), { file: "timeline.yaml" });
  if (read.kind === "invalid") throw new Error(renderProblems(read.problems));
  return read.scenario;
}

const run = (faults: string, observer: Observer = {}, ...more: readonly string[]): RunReport =>
  runScenario(scenarioOf(faults, ...more), { observers: [observer] }).report;

const told = ({ faults }: RunReport): readonly string[] =>
  faults.events.map(({ kind, where, how, from, until, hits }: FaultEvent) => {
    const what = hits.map((hit) => hit.what).join(", ");
    return `${kind} ${where} ${how} ${from / 1_000}-${until === null ? "" : until / 1_000}: ${what}`;
  });

test("each is told with its place, its times, and what it hit", () => {
  const report = run(
    [
      "{ linkDown: [top, left], direction: forth, from: 500ms, until: 1s }",
      "{ clog: [top, left], from: 1s, until: 2s }",
      "{ degrade: [top, right], delay: 20ms, from: 1s, until: 2s }",
      "{ slowDisk: left, sync: 30ms, from: 2s, until: 3s }",
      "{ fullDisk: left, from: 3s, until: 4s }",
      "{ pause: left, from: 4s, until: 5s }",
      "{ crash: right, at: 5s, for: 500ms, disk: lose }",
      "{ clockStep: left, at: 6s, by: -20ms }",
      "{ partition: [[left], [right, leaf]], from: 7s, until: 8s }",
      "{ lyingFsync: leaf, from: 8s, until: 9s }",
      "{ crash: leaf, at: 8500ms, for: 100ms }",
      "{ bitRot: top, at: 9s, entries: 2 }",
      "{ crash: top, at: 9200ms, for: 100ms }",
    ].join(", "),
  );
  expect(report.verdict).toBe("passed");
  expect(told(report)).toEqual([
    "linkDown top -> left  500-1000: ways closed, messages lost",
    "clog top - left  1000-2000: messages held",
    "degrade top - right delay 20ms 1000-2000: messages changed",
    "slowDisk left sync 30ms 2000-3000: syncs slowed",
    "fullDisk left  3000-4000: writes refused",
    "pause left  4000-5000: inputs that waited",
    "crash right disk lose 5000-5500: messages lost, entries lost",
    "clockStep left by -20ms 6000-6000: ",
    "partition left | right, leaf  7000-8000: ways closed, messages lost",
    "lyingFsync leaf  8000-9000: entries lost",
    "crash leaf  8500-8600: messages lost",
    "bitRot top entries 2 9000-9000: entries lost",
    "crash top  9200-9300: messages lost",
  ]);
});

test("where one fault stands alone, its counts are all there is", () => {
  const counts = { linkDown: 0, hostDown: 0, ways: 0, held: 0, refused: 0 };
  const observer: Observer = {
    dropped(_at, _from, _to, _message, reason: DropReason) {
      if (reason === "linkDown" || reason === "hostDown") counts[reason] += 1;
    },
    linkChanged: (at, _from, _to, up) => void (counts.ways += at >= 1_000_000 && at <= 2_000_000 && !up ? 1 : 0),
    troubled: (_at, _from, _to, trouble) => void (counts.held += trouble === "held" ? 1 : 0),
    machineChanged: (_at, _cloudlet, { kind }) => void (counts.refused += kind === "writeRefused" ? 1 : 0),
  };
  const report = run(
    [
      "{ isolate: right, from: 1s, until: 2s }",
      "{ crash: left, at: 3s, for: 1s }",
      "{ clog: [right, leaf], from: 5s, until: 6s }",
      "{ fullDisk: top, from: 7s, until: 8s }",
    ].join(", "),
    observer,
  );
  const hit = (kind: string, what: string): number =>
    report.faults.events.find((event) => event.kind === kind)?.hits.find((one) => one.what === what)?.count ?? 0;
  expect(Object.values(counts).every((count) => count > 0)).toBe(true);
  expect({
    linkDown: hit("isolate", "messages lost"),
    hostDown: hit("crash", "messages lost"),
    ways: hit("isolate", "ways closed"),
    held: hit("clog", "messages held"),
    refused: hit("fullDisk", "writes refused"),
  }).toEqual(counts);
});

test("what waits for a write is told when it happens, what never happens is counted, and what is not healed has no end", () => {
  const report = run(
    [
      "{ crash: left, at: 1s, for: 2s }",
      "{ crash: left, at: 2s, for: 1s }",
      "{ pause: left, from: 2500ms, until: 2600ms }",
      "{ crash: right, at: 100us, for: 100ms, when: writesPending }",
      "{ isolate: leaf, from: 9s }",
    ].join(", "),
    {},
    "core: [top, left]",
  );
  expect(report.faults.missedCount).toBe(2);
  const [waited, first, last] = report.faults.events;
  expect([first?.from, first?.until]).toEqual([1_000_000, 3_000_000]);
  expect(waited?.from).toBeGreaterThan(1_000);
  expect(waited?.hits).toContainEqual({ what: "entries not synced", count: expect.any(Number) as number });
  expect([last?.where, last?.until]).toEqual(["leaf", null]);
});

test("long lists are cut short in words, in the text and in the report", () => {
  const scenario = scenarioOf("{ flapping: [top, left], down: 5ms, up: 5ms, from: 1s, until: 9s }");
  const { report } = runScenario(scenario);
  expect(report.faults.events).toHaveLength(200);
  expect(report.faults.moreCount).toBe(scenario.faults.length - 200);
  const text = renderReport(report, scenario, pc.createColors(false));
  const table = text.slice(text.indexOf("fault     where"), text.indexOf("\n\n", text.indexOf("fault     where")));
  expect(table.split("\n")).toHaveLength(1 + 24 + 1);
  expect(table.split("\n").at(-1)).toBe(`and ${scenario.faults.length - 24} more`);
  // One is told as one.
  const once = run("{ clockStep: left, at: 6s, by: 1ms }, { crash: left, at: 1s, for: 9s }, { pause: left, from: 2s }");
  expect(renderReport(once, scenario, pc.createColors(false))).toContain(
    "1 did not set in: there was no process to crash or to pause, or no write pending\n",
  );
});
