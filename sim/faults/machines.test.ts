// Processes that are paused, clocks that drift and stand still, disks that are full or slow, links that are clogged, with the real
// core: who waits, who is told what, and what is there in the end.

import { expect, test } from "vitest";
import type { ClientResult } from "../../model/replication/io.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { instant, micros, millis, seconds } from "../../model/units.ts";
import type { MachineChange } from "../oracles/observer.ts";
import { runScenario } from "../run/runner.ts";
import { plainScenario } from "../scenario/plain.ts";
import type { Fault, Scenario, ScriptStep } from "../scenario/scenario.ts";

const pair: TopologySpec = {
  cloudlets: [{ name: "hub" }, { name: "edge", upper: "hub" }],
  scopes: [{ name: "users", prefix: "users/" }],
  flows: [{ scope: "users", upper: "hub", lower: "edge", direction: "both" }],
  links: [{ a: "hub", b: "edge", forth: { delay: millis(5) } }],
};

const put = (at: number, cloudlet: string, key: string, ttl?: number): ScriptStep => ({
  at: instant(at),
  cloudlet,
  session: `${cloudlet}-${at}`,
  op: { kind: "put", key, value: `${at}`, ...(ttl !== undefined && { ttl: micros(ttl) }) },
});
const get = (at: number, cloudlet: string, key: string): ScriptStep => ({
  at: instant(at),
  cloudlet,
  session: `${cloudlet}-${at}`,
  op: { kind: "get", key },
});

/** Runs a script with faults: when who was answered what, what happened to machines, when records became visible elsewhere. */
function run(script: readonly ScriptStep[], faults: readonly Fault[], more: Partial<Scenario> = {}) {
  const answers: string[] = [];
  const changes: MachineChange[] = [];
  const applied: string[] = [];
  const word = (result: ClientResult): string => (result.kind === "refused" ? result.code : result.kind);
  const { report, world } = runScenario(
    plainScenario({ seed: "machines", topology: pair, script, faults, duration: seconds(10), ...more }),
    {
      observers: [
        {
          replied: (at, _cloudlet, _session, _id, result) => answers.push(`${at} ${word(result)}`),
          machineChanged: (_at, _cloudlet, change) => changes.push(change),
          notified: (at, cloudlet, event) => {
            if (event.kind === "applied" && cloudlet === 0) applied.push(`${at} at ${cloudlet}`);
          },
        },
      ],
    },
  );
  expect(report.properties.filter(([, { verdict }]) => verdict === "violated")).toEqual([]);
  const reached = new Map<string, number>(report.marks);
  return { report, world, answers, changes, applied, reached };
}

const span = (from: number, until: number | null) => ({
  from: instant(from),
  until: until === null ? null : instant(until),
});

test("a paused process answers when it goes on, in the order in which it was asked; others do not wait for it", () => {
  const script = [
    put(1_000_000, "edge", "users/a"),
    get(1_200_000, "edge", "users/a"),
    put(1_300_000, "hub", "users/b"),
  ];
  const pause: Fault = { kind: "pause", cloudlet: "edge", clock: "runs", ...span(900_000, 2_000_000) };
  const { answers, changes, reached } = run(script, [pause]);
  expect(answers).toEqual(["1300200 written", "2000000 read", "2000200 written"]);
  expect(changes.map(({ kind }) => kind)).toEqual(["paused", "resumed"]);
  expect(reached.get("process-paused")).toBe(1);
});

test("a crash ends a pause: what had waited is gone with the process, and the next life is not paused", () => {
  const script = [put(1_000_000, "edge", "users/a"), put(1_600_000, "edge", "users/b")];
  const pause: Fault = { kind: "pause", cloudlet: "edge", clock: "stands", ...span(900_000, 5_000_000) };
  const crash: Fault = { kind: "crash", cloudlet: "edge", at: instant(1_200_000), after: millis(100), disk: "keep" };
  const { answers, changes, world } = run(script, [pause, crash]);
  expect(answers).toEqual(["1600200 written"]);
  expect(changes.map(({ kind }) => kind)).toEqual(["paused"]);
  expect(world.core(world.topology.cloudletNamed("hub")!)?.keys()).toEqual(["users/b"]);
});

test("a pause that the end of the load finds is over then", () => {
  const pause: Fault = { kind: "pause", cloudlet: "edge", clock: "stands", ...span(9_000_000, null) };
  const { answers, report } = run([put(9_500_000, "edge", "users/a")], [pause]);
  expect(answers).toEqual(["10000200 written"]);
  expect(report.pending).toEqual([]);
});

test.each([
  ["runs", 3_000_000],
  ["stands", 3_000_000 + 1_000_000],
] as const)("timers of a paused process whose clocks are as in %s fire when its clock says so", (clock, endsAt) => {
  // A put that is to last 2s, and in them a pause of 1s: by a clock that stands still its time is over later.
  const pause: Fault = { kind: "pause", cloudlet: "edge", clock, ...span(1_500_000, 2_500_000) };
  const ends: number[] = [];
  const { report } = runScenario(
    plainScenario({
      seed: "ttl",
      topology: pair,
      script: [put(1_000_000, "edge", "users/a", 2_000_000)],
      faults: [pause],
      duration: seconds(10),
    }),
    { observers: [{ wroteUnasked: (at) => ends.push(at) }] },
  );
  expect(report.properties.filter(([, { verdict }]) => verdict === "violated")).toEqual([]);
  expect(ends).toEqual([endsAt]);
});

test("a clock that runs 10% fast ends a put by its own time, and timers armed before keep their moments by it", () => {
  const drift: Fault = { kind: "clockDrift", cloudlet: "edge", ppm: 100_000, ...span(2_000_000, 2_500_000) };
  const ends: number[] = [];
  const { report } = runScenario(
    plainScenario({
      seed: "drift",
      topology: pair,
      script: [put(1_000_000, "edge", "users/a", 2_000_000)],
      faults: [drift],
      duration: seconds(10),
    }),
    { observers: [{ wroteUnasked: (at) => ends.push(at) }] },
  );
  expect(report.properties.filter(([, { verdict }]) => verdict === "violated")).toEqual([]);
  // In half a second of true time its clock gained 50 ms.
  expect(ends).toEqual([2_950_000]);
});

test("a full disk: clients are refused with a code, reads go on, and what comes from others waits and is there afterwards", () => {
  const script = [
    put(1_000_000, "edge", "users/a"),
    put(2_000_000, "edge", "users/b"),
    get(2_100_000, "edge", "users/a"),
    put(2_200_000, "hub", "users/c"),
    put(4_000_000, "edge", "users/d"),
  ];
  const full: Fault = { kind: "fullDisk", cloudlet: "edge", ...span(1_500_000, 3_000_000) };
  const { answers, world, reached } = run(script, [full]);
  expect(answers).toEqual([
    "1000200 written",
    "2000000 diskFull",
    "2100000 read",
    "2200200 written",
    "4000200 written",
  ]);
  expect(reached.get("disk-full")).toBe(1);
  for (const { id } of world.topology.cloudlets) {
    expect(world.core(id)?.keys()).toEqual(["users/a", "users/c", "users/d"]);
  }
});

test("a slow disk delays answers of writes by what it takes, and nothing else", () => {
  const sync = { kind: "constant", value: millis(700) } as const;
  const slow: Fault = { kind: "slowDisk", cloudlet: "edge", sync, ...span(500_000, 3_000_000) };
  const script = [
    put(1_000_000, "edge", "users/a"),
    get(1_100_000, "edge", "users/a"),
    put(4_000_000, "edge", "users/b"),
  ];
  const { answers, reached } = run(script, [slow]);
  expect(answers).toEqual(["1100000 read", "1700000 written", "4000200 written"]);
  expect(reached.get("disk-slow")).toBe(1);
});

test("a clogged link holds what comes to it and tells nobody; when it ends all of it arrives, in order", () => {
  const script = [put(1_000_000, "edge", "users/a"), put(1_400_000, "edge", "users/b")];
  const clog: Fault = { kind: "clog", a: "edge", b: "hub", direction: "forth", ...span(900_000, 1_500_000) };
  const { applied, reached } = run(script, [clog]);
  expect(applied).toEqual(["1505200 at 0", "1505400 at 0"]);
  expect([reached.get("message-held"), reached.get("partition")]).toEqual([expect.any(Number), 0]);
});

test("what waits before a clogged link is lost when the link goes down", () => {
  const clog: Fault = { kind: "clog", a: "edge", b: "hub", direction: "both", ...span(900_000, 2_000_000) };
  const cut: Fault = { kind: "linkDown", a: "hub", b: "edge", direction: "both", ...span(1_200_000, 1_300_000) };
  const { reached, report } = run([put(1_000_000, "edge", "users/a")], [clog, cut]);
  expect(reached.get("message-held")).toBeGreaterThan(0);
  expect(new Map(report.metrics).get("links.dropped.linkDown")).toBeGreaterThan(0);
  expect(report.pending).toEqual([]);
});

test("a crash that waits for a pending write takes it: nobody was answered, and nobody has it", () => {
  const crash: Fault = {
    kind: "crash",
    cloudlet: "edge",
    at: instant(500_000),
    after: millis(100),
    disk: "keep",
    whenPending: true,
  };
  const script = [put(1_000_000, "edge", "users/a"), put(2_000_000, "edge", "users/b")];
  const { answers, world, reached } = run(script, [crash]);
  expect(answers).toEqual(["2000200 written"]);
  expect(reached.get("crash-with-unsynced")).toBe(1);
  expect(world.core(world.topology.cloudletNamed("hub")!)?.keys()).toEqual(["users/b"]);
  // Where nobody writes it never comes.
  expect(run([], [crash]).reached.get("crash")).toBe(0);
});

test("older software is refused by a disk that newer software wrote, and let start from an empty one", () => {
  const restart = (at: number, version: number, disk: "keep" | "lose"): Fault => ({
    kind: "crash",
    cloudlet: "edge",
    at: instant(at),
    after: millis(100),
    disk,
    version,
  });
  const script = [put(2_000_000, "edge", "users/a")];
  const changesOf = (disk: "keep" | "lose") =>
    run(script, [restart(1_000_000, 2, "keep"), restart(3_000_000, 1, disk)], {
      wire: { encodes: true, versions: [] },
    }).changes;
  const upgraded = { kind: "versionChanged", former: 1, version: 2 };
  expect(changesOf("keep")).toEqual([upgraded, { kind: "downgradeRefused", former: 2, version: 1 }]);
  expect(changesOf("lose")).toEqual([upgraded, { kind: "versionChanged", former: 2, version: 1 }]);
});
