/** Faults as a timeline shows them: in words, in order, and within the run. */
import { expect, test } from "vitest";
import { micros, type Duration, type Instant } from "../../model/units.ts";
import type { Fault, Scenario } from "../scenario/scenario.ts";
import { plainScenario } from "../scenario/plain.ts";
import { episodesOf } from "./episodes.ts";

function scenarioWith(faults: readonly Fault[]): Scenario {
  const topology = { cloudlets: [{ name: "a" }], scopes: [], flows: [], links: [] };
  return plainScenario({ seed: "1", topology, faults, duration: micros(1_000) });
}

const at = (value: number): Instant => value as Instant;

test("every kind of fault is told in words", () => {
  const faults: readonly Fault[] = [
    { kind: "linkDown", a: "a", b: "b", direction: "forth", from: at(10), until: at(20) },
    { kind: "partition", groups: [["a", "b"], ["c"]], from: at(30), until: null },
    { kind: "isolate", cloudlet: "c", from: at(40), until: at(5_000) },
    { kind: "crash", cloudlet: "a", at: at(50), after: 25 as Duration, disk: "lose" },
    { kind: "clockStep", cloudlet: "b", at: at(60), by: -500_000 },
    { kind: "restoreBackup", cloudlet: "a", of: at(5), at: at(70), after: 10 as Duration },
    { kind: "cloneDisk", source: "a", cloudlet: "b", at: at(80), after: 10 as Duration },
    { kind: "isolate", cloudlet: "a", from: at(3_000), until: null },
  ];
  expect(episodesOf(scenarioWith(faults), 2_000)).toEqual([
    { text: "link down a b (direction: forth)", from: 10, until: 20 },
    { text: "partition a, b | c", from: 30, until: 1_000 },
    { text: "isolate c", from: 40, until: 2_000 },
    { text: "crash a (disk: lose)", from: 50, until: 75 },
    { text: "clock step b by -500ms", from: 60, until: 60 },
    { text: "restore backup a (of: 5us)", from: 70, until: 80 },
    { text: "clone disk (source: a) b", from: 80, until: 90 },
  ]);
});

test("what ends with the healing ends there, and faults come in the order of their beginnings", () => {
  const faults = [7, 3, 5].map((from): Fault => ({ kind: "isolate", cloudlet: "a", from: at(from), until: null }));
  expect(episodesOf(scenarioWith(faults), 2_000).map(({ from, until }) => [from, until])).toEqual([
    [3, 1_000],
    [5, 1_000],
    [7, 1_000],
  ]);
});

test("a member is away from its detachment to its return, to the end, or not at all where that was refused", () => {
  const scenario: Scenario = {
    ...scenarioWith([]),
    detachments: [
      { at: at(10), kind: "detach", decides: "a", member: "b" },
      { at: at(20), kind: "close", decides: "a", member: "c" },
      { at: at(30), kind: "detach", decides: "b", member: "c" },
    ],
  };
  const event = { cloudlet: "b", member: "b", what: "" };
  const absences = [
    { ...event, at: 30, kind: "refused", member: "c" },
    { ...event, at: 500, kind: "returned" },
  ] as const;
  expect(episodesOf(scenario, 900, absences)).toEqual([
    { text: "a detaches b", from: 10, until: 500 },
    { text: "a closes c", from: 20, until: 900 },
    { text: "b detaches c (refused)", from: 30, until: 30 },
  ]);
});

test("of very many the last ones are counted", () => {
  const faults = Array.from({ length: 100 }, (_, from): Fault => {
    return { kind: "isolate", cloudlet: "a", from: at(from), until: at(from + 1) };
  });
  const episodes = episodesOf(scenarioWith(faults), 2_000);
  expect(episodes).toHaveLength(60);
  expect(episodes.at(-1)).toEqual({ text: "41 more faults", from: 59, until: 100 });
});
