/** Faults as a timeline shows them: in words, in order, within the run, and as they went. */
import { expect, test } from "vitest";
import type { Instant } from "../../model/units.ts";
import type { FaultEvent, FaultTimelineReport } from "../run/report.ts";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";
import type { Detachment } from "../scenario/scenario.ts";
import { episodeName, episodesOf, episodeTitle } from "./episodes.ts";

function told(events: readonly FaultEvent[], moreCount = 0): FaultTimelineReport {
  return { events, moreCount, missedCount: 0 };
}

const isolated = (from: number, until: number | null, hits: FaultEvent["hits"] = []): FaultEvent => {
  return { kind: "isolate", where: "a", how: "", from, until, hits };
};

test("each is told in words, with what it hit, and lies within the run", () => {
  const faults: readonly FaultEvent[] = [
    { ...isolated(10, 20, [{ what: "messages lost", count: 1 }]), kind: "linkDown", where: "a -> b" },
    { ...isolated(30, null), kind: "partition", where: "a, b | c" },
    { ...isolated(40, 5_000), kind: "degrade", where: "a - b", how: "delay 20ms, loss 5%" },
    { ...isolated(60, 60), kind: "clockStep", where: "b", how: "by -500ms" },
    isolated(3_000, null),
  ];
  const episodes = episodesOf({ faults: told(faults), end: 2_000 });
  expect(episodes).toEqual([
    { text: "link down a -> b", from: 10, until: 20, hits: "1 message lost" },
    { text: "partition a, b | c", from: 30, until: 2_000, hits: "" },
    { text: "degrade a - b (delay 20ms, loss 5%)", from: 40, until: 2_000, hits: "" },
    { text: "clock step b (by -500ms)", from: 60, until: 60, hits: "" },
  ]);
  expect(episodes.slice(0, 2).map(episodeName)).toEqual(["link down a -> b: 1 message lost", "partition a, b | c"]);
  expect(episodes.slice(0, 2).map((episode) => episodeTitle(episode, "now"))).toEqual([
    "link down a -> b, now; hit: 1 message lost",
    "partition a, b | c, now; hit: nothing",
  ]);
});

// A crash that waits for a write is planned for 1 s and comes with the first write after it; what has no end goes on until the healing.
test("times are those of the run, not those of the plan, and what never set in is none", () => {
  const lines = [
    "causeway: 1",
    "name: timeline",
    "seed: 1",
    "topology: { tree: { top: { left: null, right: null } } }",
    "scopes: [{ name: users, prefix: users/ }]",
    "flows: [{ scope: users, between: tree, direction: both }]",
    "links: { defaults: { delay: 40ms } }",
    "script: [{ at: 1500ms, cloudlet: left, session: s, put: users/a, value: x }]",
    "faults:",
    "  - { crash: left, at: 1s, for: 200ms, when: writesPending }",
    "  - { crash: right, at: 1s, for: 200ms, when: writesPending }",
    "  - { isolate: top, from: 1900ms }",
    "duration: 2s",
  ];
  const read = readScenario(lines.join("\n"), { file: "timeline.yaml" });
  if (read.kind === "invalid") throw new Error(JSON.stringify(read.problems));
  const { report, world } = runScenario(read.scenario);
  const episodes = episodesOf({ faults: report.faults, end: world.now });
  expect(episodes.map(({ text, hits }) => [text, hits])).toEqual([
    ["crash left (when writesPending)", "1 entry not synced"],
    ["isolate top", expect.stringContaining("ways closed")],
  ]);
  const [crash, cut] = episodes;
  expect(crash?.from).toBeGreaterThanOrEqual(1_500_000);
  expect(crash?.until).toBe((crash?.from ?? 0) + 200_000);
  expect([cut?.from, cut?.until]).toEqual([1_900_000, 2_000_000]);
  expect(report.faults.missedCount).toBe(1);
});

test("faults come in the order of their beginnings", () => {
  const faults = told([isolated(7, 9), isolated(3, 9), isolated(5, 9)]);
  expect(episodesOf({ faults, end: 2_000 }).map(({ from }) => from)).toEqual([3, 5, 7]);
});

test("a member is away from its detachment to its return, to the end, or not at all where that was refused", () => {
  const detachments: readonly Detachment[] = [
    { at: 10 as Instant, kind: "detach", decides: "a", member: "b" },
    { at: 20 as Instant, kind: "close", decides: "a", member: "c" },
    { at: 30 as Instant, kind: "detach", decides: "b", member: "c" },
  ];
  const event = { cloudlet: "b", member: "b", what: "" };
  const absences = [
    { ...event, at: 30, kind: "refused", member: "c" },
    { ...event, at: 500, kind: "returned" },
  ] as const;
  const episodes = episodesOf({ faults: told([]), detachments, absences, end: 900 });
  expect(episodes).toEqual([
    { text: "a detaches b", from: 10, until: 500, hits: null },
    { text: "a closes c", from: 20, until: 900, hits: null },
    { text: "b detaches c (refused)", from: 30, until: 30, hits: null },
  ]);
  expect(episodes.map((episode) => episodeTitle(episode, "now"))).toContain("a closes c, now");
});

test("of very many the last ones are counted, and so are those that the run has counted", () => {
  const events = Array.from({ length: 100 }, (_, from) => isolated(from, from + 1));
  const episodes = episodesOf({ faults: told(events), end: 2_000 });
  expect(episodes).toHaveLength(60);
  expect(episodes.at(-1)).toEqual({ text: "41 more", from: 59, until: 100, hits: null });
  const counted = episodesOf({ faults: told(events, 7), end: 2_000 });
  expect(counted.at(-1)).toEqual({ text: "48 more", from: 59, until: 2_000, hits: null });
});
