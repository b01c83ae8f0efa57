// Pictures of runs: what they show of a violation, that nothing in them goes back in time or hides something else, and that they
// are the same drawing every time. The drawing of workloads/fifo-shortcut.yaml is kept as a file to look at.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { OracleName } from "../oracles/names.ts";
import { plantOptions, plantTable } from "../plants/plants.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { drawScene } from "./draw.ts";
import { layOut, widthOf } from "./layout.ts";
import { renderPicturePage } from "./page.ts";
import { recordRun } from "./record-run.ts";
import { makeScene } from "./make-scene.ts";
import type { Scene } from "./scene.ts";
import { renderShiViz } from "./shiviz.ts";
import { chooseWindow } from "./window.ts";

function workload(name: string, change: (text: string) => string = (text) => text): Scenario {
  const file = fileURLToPath(new URL(`../../workloads/${name}.yaml`, import.meta.url));
  const read = readScenario(change(readFileSync(file, "utf8")), { file });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  return read.scenario;
}

async function sceneOf(scenario: Scenario, plant: string | null, properties: readonly OracleName[]): Promise<Scene> {
  const planted = plantTable.find(({ name }) => name === plant);
  const run = await recordRun(scenario, {
    ...(planted !== undefined && plantOptions(planted)),
    properties: new Set(properties),
    until: null,
    pause: () => Promise.resolve(),
  });
  const chosen = chooseWindow(run, { from: null, until: null, allLanes: false });
  if (chosen.kind === "refused") throw new Error(chosen.why);
  return makeScene(run, chosen.window);
}

const cases: readonly (readonly [string, string | null, OracleName])[] = [
  ["fifo-shortcut", null, "causal-delivery"],
  ["figure-1", "apply-on-arrival", "causal-delivery"],
  ["figure-1", "never-resends", "convergence"],
  ["figure-1", "stale-cache", "reads-resolve"],
  ["figure-1", "waits-for-neighbour", "local-wait"],
  ["figure-1", "store-drops-loser", "exact-conflicts"],
  ["one-way", "forwards-everything", "direction"],
];

describe.each(cases)("a picture of %s with the planted bug %s, around %s", (name, plant, property) => {
  const made = sceneOf(workload(name), plant, [property]);

  test("shows where it is violated, and what the violation is about", async () => {
    const { breach, marks, from, until } = await made;
    expect(breach?.property).toBe(property);
    expect(breach?.lane).not.toBeNull();
    expect(marks.some(({ weight }) => weight === "breach")).toBe(true);
    expect(marks.every(({ at }) => at >= from && at <= until)).toBe(true);
  });

  test("sends no message back in time, and puts no label on another", async () => {
    const scene = await made;
    const { x } = layOut(scene);
    let whole = 0;
    for (const { from, to } of scene.arrows) {
      if (from === null || to === null) continue;
      whole += 1;
      expect(x[to]).toBeGreaterThan(x[from]!);
    }
    expect(whole).toBeGreaterThan(3);
    const ends = scene.lanes.map(() => 0);
    const ordered = scene.marks.map((mark, index) => ({ mark, x: x[index]! })).sort((a, b) => a.x - b.x);
    for (const { mark, x: place } of ordered) {
      if (mark.label === "") continue;
      expect(place).toBeGreaterThanOrEqual(ends[mark.lane]!);
      ends[mark.lane] = place + widthOf(mark);
    }
  });

  test("is the same drawing a second time", async () => {
    expect(drawScene(await sceneOf(workload(name), plant, [property]), true)).toBe(drawScene(await made, true));
  });
});

test("the drawing of a FIFO shortcut is the one that is kept", async () => {
  const scene = await sceneOf(workload("fifo-shortcut"), null, ["causal-delivery"]);
  await expect(`${drawScene(scene, true)}\n`).toMatchFileSnapshot("testdata/fifo-shortcut.svg");
});

test("what the violation follows is thick: the record that is missing, on its way until it comes too late", async () => {
  const { arrows, lanes } = await sceneOf(workload("fifo-shortcut"), null, ["causal-delivery"]);
  const ways = (weight: string): string[] =>
    arrows
      .filter((arrow) => arrow.weight === weight)
      .map(({ fromLane, toLane }) => `${lanes[fromLane]!} to ${lanes[toLane]!}`);
  expect(ways("breach")).toEqual([
    "device-edge to infrastructure-edge",
    "infrastructure-edge to access-edge",
    "access-edge to EAL1",
  ]);
  expect(ways("past")).toContain("device-edge to infrastructure-edge");
});

test("a log for ShiViz has a clock per event, and what takes a message in follows what sent it", async () => {
  const scene = await sceneOf(workload("fifo-shortcut"), null, ["causal-delivery"]);
  const log = renderShiViz(scene);
  const events = [...log.matchAll(/(?<host>\S*) (?<clock>{.*})\n(?<event>.*)/g)].map(({ groups }) => ({
    host: groups!["host"]!,
    clock: JSON.parse(groups!["clock"]!) as Record<string, number>,
    event: groups!["event"]!,
  }));
  expect(events).toHaveLength(scene.marks.length);
  for (const { from, to } of scene.arrows) {
    if (from === null || to === null) continue;
    const [sent, taken] = [events[from]!, events[to]!];
    expect(sent.event).toContain("sends");
    expect(taken.event).toContain("takes in");
    for (const [host, count] of Object.entries(sent.clock)) expect(taken.clock[host]).toBeGreaterThanOrEqual(count);
  }
  // Each host counts its own events without a gap, which ShiViz demands.
  const counts = new Map<string, number>();
  for (const { host, clock } of events) {
    counts.set(host, (counts.get(host) ?? 0) + 1);
    expect(clock[host]).toBe(counts.get(host));
  }
});

// A crash is planned for 1 s and waits for a write, another one waits in vain, and a cut goes on until the healing.
test("faults are shaded from when they set in until they were over, and say what they hit", async () => {
  const text = [
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
    "  - { isolate: top, from: 1600ms }",
    "duration: 2s",
  ].join("\n");
  const read = readScenario(text, { file: "timeline.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  const scene = await sceneOf(read.scenario, null, ["causal-delivery"]);
  const layout = layOut(scene);
  const drawing = drawScene(scene, true);
  const shades = [...drawing.matchAll(/<rect class="fault" x="(?<x>[\d.]+)"[^>]* width="(?<width>[\d.]+)"/g)].map(
    ({ groups }) => [Number(groups!["x"]), Number(groups!["width"])] as const,
  );
  const [crash, cut] = scene.faults;
  expect(scene.faults).toHaveLength(2);
  expect(crash!.from).toBeGreaterThanOrEqual(1_500_000);
  expect([cut!.from, cut!.until]).toEqual([1_600_000, 2_000_000]);
  for (const [index, { from, until }] of scene.faults.entries()) {
    expect(shades[index]![1]).toBeCloseTo(layout.place(until) - layout.place(from), 0);
  }
  expect(shades[1]![0] - shades[0]![0]).toBeCloseTo(layout.place(cut!.from) - layout.place(crash!.from), 0);
  expect(drawing).toMatch(
    /<title>crash left \(when writesPending\), from 1\.5\d*s to 1\.7\d*s; hit: 1 entry not synced<\/title>/,
  );
  expect(drawing).toMatch(/>isolate top: 2 ways closed<\/text>/);
  const words = [...drawing.matchAll(/<text class="says"[^>]*>(?<line>[^<]*)</g)].map(({ groups }) => groups!["line"]);
  expect(words.join(" ")).toContain("say what they hit; 1 did not set in: there was no process to crash");
});

test("names with markup in them are text", async () => {
  const scene = await sceneOf(workload("fifo-shortcut"), null, ["causal-delivery"]);
  const hostile: Scene = {
    ...scene,
    title: "<script>alert(1)</script>",
    lanes: scene.lanes.map(() => `"><img src=x onerror=alert(2)>`),
    marks: scene.marks.map((mark) => ({ ...mark, label: "</text><script>alert(3)</script>", title: "</title><b>" })),
    arrows: scene.arrows.map((arrow) => ({ ...arrow, title: "</title><i>" })),
    faults: [{ text: "</text><s>", from: scene.from, until: scene.until, hits: "</title><q>" }],
    breach: { property: "<u>", evidence: "<script>alert(4)</script>", at: scene.from, lane: 0 },
  };
  const page = renderPicturePage(hostile, "npx <x>");
  for (const tag of ["<script", "<img", "<b>", "<i>", "<u>", "<x>", "<s>", "<q>"]) expect(page).not.toContain(tag);
});

test("without a violation the whole run is drawn", async () => {
  const scene = await sceneOf(
    workload("fifo-shortcut", (text) => text.replace(/^protocol: .*$/m, "")),
    null,
    ["causal-delivery"],
  );
  expect(scene.breach).toBeNull();
  expect(scene.from).toBe(0);
  expect(scene.marks.length).toBeGreaterThan(50);
});
