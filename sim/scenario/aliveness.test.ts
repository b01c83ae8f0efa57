/** The section `aliveness` of a scenario: what it stands for, what is refused and how, and the way back into a file. */
import { describe, expect, test } from "vitest";
import { defaultAliveness } from "../../model/control/aliveness-settings.ts";
import { viewClasses } from "../../model/control/view.ts";
import { readScenario } from "./read.ts";
import { scenario, told } from "./testing.ts";
import type { AlivenessSetting } from "./aliveness.ts";
import { writeScenario } from "./write.ts";

function read(text: string): AlivenessSetting | undefined {
  const outcome = readScenario(text, { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error(outcome.problems[0]?.message);
  return outcome.scenario.aliveness;
}

test("what is left out is as usual", () => {
  expect(read(scenario("aliveness: {}"))).toEqual({ settings: defaultAliveness, observed: [], confirmations: [] });
  expect(read(scenario())).toBeUndefined();
});

const whole = scenario(
  "aliveness:",
  "  period: 2s",
  "  slowest: 10min",
  "  silentAfter: 7s",
  "  calmFor: 3s",
  "  backlogAge: 1s",
  "  fencing: { on: [cloned, wentBack], schemaMin: 2 }",
  "  observe:",
  "    - { at: all, every: exponential(1s) }",
  "    - { at: edge, classes: [power, alerts], every: 2s, least: 5, most: 9 }",
  "  confirmations:",
  "    - { at: 3s, by: hub, about: edge, says: failed, why: nobody answers there }",
  "    - { at: 4s, by: hub, about: edge, says: clear }",
);

test("what is written is read, and written again the same", () => {
  const found = read(whole);
  expect(found?.settings).toEqual({
    watch: { silentAfter: 7_000_000, calmFor: 3_000_000 },
    reporting: { period: 2_000_000, slowest: 600_000_000 },
    backlogAge: 1_000_000,
    fencing: { on: ["cloned", "wentBack"], schemaMin: 2 },
  });
  expect(found?.observed).toEqual([
    {
      at: ["hub", "edge", "far"],
      classes: viewClasses.map(({ name }) => name),
      interval: { kind: "exponential", mean: 1_000_000 },
      least: 0,
      most: 100,
    },
    { at: ["edge"], classes: ["power", "alerts"], interval: { kind: "constant", value: 2_000_000 }, least: 5, most: 9 },
  ]);
  expect(found?.confirmations).toEqual([
    { at: 3_000_000, by: "hub", about: "edge", says: "failed", detail: "nobody answers there" },
    { at: 4_000_000, by: "hub", about: "edge", says: "clear", detail: "" },
  ]);
  const outcome = readScenario(whole, { file: "s.yaml" });
  if (outcome.kind === "invalid") throw new Error("it was read before");
  expect(read(writeScenario(outcome.scenario))).toEqual(found);
});

describe("refused, with the place and what to do", () => {
  test.each([
    [
      "silence sooner than the next report",
      "aliveness: { period: 10s, silentAfter: 10s }",
      "s.yaml:8:40: aliveness.silentAfter: expected a time longer than the period of reports, 10s, found 10s; who reports in time would count as silent: write for example silentAfter: 30s",
    ],
    [
      "a period beyond the usual silence",
      "aliveness: { period: 1min }",
      "s.yaml:8:22: aliveness.period: expected a time longer than the period of reports, 1min, found 30s; who reports in time would count as silent: write for example silentAfter: 3min",
    ],
    [
      "reports that become more frequent out of reach",
      "aliveness: { slowest: 1s }",
      "s.yaml:8:23: aliveness.slowest: expected a time not shorter than the period of reports, 10s, found 1s; out of reach reports only become rarer: write a longer slowest",
    ],
    [
      "no time at all",
      "aliveness: { calmFor: 0s }",
      "s.yaml:8:23: aliveness.calmFor: expected a time longer than nothing, found 0s; write for example 5s",
    ],
    [
      "a word about somebody who is not below",
      "aliveness: { confirmations: [{ at: 1s, by: edge, about: far, says: failed }] }",
      "s.yaml:8:44: aliveness.confirmations[0].by: expected a cloudlet above far, found edge; only who is above it may say so: write by: hub",
    ],
    [
      "a word about itself",
      "aliveness: { confirmations: [{ at: 1s, by: hub, about: hub, says: failed }] }",
      "s.yaml:8:56: aliveness.confirmations[0].about: expected a cloudlet below hub, found hub, which has nobody above it: nobody can say so of it; leave it out",
    ],
    [
      "somebody who does not exist",
      "aliveness: { confirmations: [{ at: 1s, by: hub, about: egde, says: failed }] }",
      's.yaml:8:56: aliveness.confirmations[0].about: expected the name of a cloudlet, found "egde"; did you mean "edge"?',
    ],
    [
      "a word after the end",
      "aliveness: { confirmations: [{ at: 10s, by: hub, about: edge, says: fenced }] }",
      "s.yaml:8:36: aliveness.confirmations[0].at: expected a time before the load ends (duration), found 10s; make one of them fit",
    ],
    [
      "a mark that nobody can confirm",
      "aliveness: { confirmations: [{ at: 1s, by: hub, about: edge, says: connected }] }",
      's.yaml:8:68: aliveness.confirmations[0].says: expected failed, disconnected, fenced or clear, found "connected"; did you mean "disconnected"?',
    ],
    [
      "a class that there is not",
      "aliveness: { observe: [{ at: all, classes: [powr], every: 1s }] }",
      's.yaml:8:45: aliveness.observe[0].classes[0]: expected hardware, power, states, alerts, performance or metering, found "powr"; did you mean "power"?',
    ],
    [
      "observations without a pause",
      "aliveness: { observe: [{ at: all, every: 0s }] }",
      "s.yaml:8:42: aliveness.observe[0].every: expected a time longer than nothing, found 0s; write for example 1s",
    ],
    [
      "values the wrong way round",
      "aliveness: { observe: [{ at: all, every: 1s, least: 5, most: 4 }] }",
      "s.yaml:8:62: aliveness.observe[0].most: expected a value of at least 5, the least, found 4; exchange the two",
    ],
    [
      "a protocol that knows nothing of it",
      "aliveness: {}\nprotocol: fifo",
      "s.yaml:9:11: protocol: the protocol fifo cannot stand together with aliveness; leave one of the two out",
    ],
    [
      "operations that nobody asks for, where nobody is watched",
      "operations: {}",
      "s.yaml:8:13: operations.issuers: missing: expected a list: who asks; nobody asks for operations, and nobody is watched",
    ],
  ])("%s", (_what, line, message) => {
    expect(told(scenario(...line.split("\n")))).toEqual([message]);
  });
});

test("planes may fail where nobody asks for operations, if cloudlets are watched", () => {
  const planes = "operations: { planes: [{ at: edge, plane: control, fails: [{ from: 1s, until: 2s }] }] }";
  expect(told(scenario("aliveness: {}", planes))).toEqual([]);
});

test("the topology may change, whether anybody is watched or asks for operations", () => {
  const plans = "plans: [{ at: 1s, detach: [edge] }]";
  const issuers = "operations: { issuers: [{ name: o, at: hub, kinds: [vm.create], every: 1s }] }";
  expect(told(scenario(issuers, plans))).toEqual([]);
  expect(told(scenario("aliveness: {}", plans))).toEqual([]);
});

test("disks may be lost or set back, whether anybody asks for operations or not", () => {
  const faults = "faults: [{ restoreBackup: edge, of: 1s, at: 3s, for: 1s }]";
  const issuers = "operations: { issuers: [{ name: o, at: hub, kinds: [vm.create], every: 1s }] }";
  expect(told(scenario("aliveness: {}", faults))).toEqual([]);
  expect(told(scenario("aliveness: {}", faults, issuers))).toEqual([]);
});
