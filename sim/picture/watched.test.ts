// Marks in a space-time picture: each stretch where the run had it, people's words as points, nothing told by its colour alone; operations by
// what is said of them; and a whole run that is too much to be read as marks alone.

import { beforeAll, describe, expect, test } from "vitest";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { TRACE } from "../trace/kinds.ts";
import { drawScene } from "./draw.ts";
import { layOut } from "./layout.ts";
import { makeScene } from "./make-scene.ts";
import { type RecordedRun, recordRun } from "./record-run.ts";
import type { Scene } from "./scene.ts";
import { chooseWindow } from "./window.ts";

const open = { from: null, until: null, allLanes: false };

// The near site is written off and taken back while it is out of reach; `think` says how much else happens.
function world(think: string): Scenario {
  const text = [
    "causeway: 1",
    "name: watched",
    "seed: 1",
    "topology: { tree: { hub: { near: null, far: null } } }",
    "scopes: [{ name: users, prefix: users/ }]",
    "flows: [{ scope: users, between: tree, direction: both }]",
    "links: { defaults: { delay: 20ms } }",
    `clients: [{ name: clerks, at: leaves, think: ${think}, mix: [{ put: users/, keys: 9 }] }]`,
    "aliveness:",
    "  period: 5s",
    "  slowest: 10s",
    "  silentAfter: 12s",
    "  calmFor: 2s",
    "  backlogAge: 1s",
    "  confirmations:",
    "    - { at: 30s, by: hub, about: near, says: failed, why: nobody answers }",
    "    - { at: 35s, by: hub, about: near, says: clear, why: somebody does }",
    "operations: { takes: 1s, issuers: [{ name: boss, at: hub, targets: far, kinds: [vm.create], every: 9s, count: 1 }] }",
    "faults: [{ isolate: near, from: 10s, until: 40s }]",
    "duration: 50s",
  ].join("\n");
  const read = readScenario(text, { file: "watched.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("\n"));
  return read.scenario;
}

async function recorded(think: string): Promise<RecordedRun> {
  return recordRun(world(think), { properties: new Set(), until: null, pause: () => Promise.resolve() });
}

function sceneOf(run: RecordedRun): Scene {
  const chosen = chooseWindow(run, open);
  if (chosen.kind === "refused") throw new Error(chosen.why);
  return makeScene(run, chosen.window);
}

/** Attributes of all elements of a class, in the order of the drawing. */
function elementsOf(drawing: string, name: string): readonly (readonly [string, string])[] {
  return [...drawing.matchAll(new RegExp(`<(\\w+) class="(${name}[^"]*)"[^>]*>`, "g"))].map(([all, , own]) => [
    own ?? "",
    all,
  ]);
}

const numberOf = (text: string, attribute: string): number =>
  Number(new RegExp(` ${attribute}="([\\d.]+)"`).exec(text)?.[1]);

describe("a picture of a run in which somebody is watched", () => {
  let run: RecordedRun;
  let scene: Scene;
  let drawing: string;
  beforeAll(async () => {
    run = await recorded("10s");
    scene = sceneOf(run);
    drawing = drawScene(scene, true);
  });

  test("has below each lane but that of the root what its upper saw, one stretch beside the other, each where it was", () => {
    expect(scene.isCoarse).toBe(false);
    expect(scene.watched.map(({ lane }) => scene.lanes[lane])).toEqual(["near", "far"]);
    const [near] = scene.watched;
    const marks = near!.watched.stretches.map(({ mark }) => mark);
    expect(marks).toContain("autonomous");
    expect(marks).toContain("failed");
    const layout = layOut(scene);
    const strip = elementsOf(drawing.split('<g class="watched">')[1]!.split("</svg>")[0]!, "state ");
    const wide = near!.watched.stretches.filter(({ at }, index, all) => all[index + 1]?.at !== at);
    expect(strip.slice(0, wide.length).map(([name]) => name)).toEqual(
      wide.map(({ mark }) => `state state-${mark ?? "nobody"}`),
    );
    const left = numberOf(strip[0]![1], "x") - layout.place(0);
    for (const [index, { at }] of wide.entries()) {
      const text = strip[index]![1];
      expect(numberOf(text, "x") - left).toBeCloseTo(layout.place(at), 0);
      expect(numberOf(text, "width")).toBeCloseTo(
        layout.place(wide[index + 1]?.at ?? scene.until) - layout.place(at),
        0,
      );
    }
    // What it turned out to have been is below its stretch.
    expect(drawing).toMatch(/near, as hub saw it: autonomous from [^<]*, its plane had been healthy/);
  });

  test("names marks on the strip and hatches what people confirm, so that colour is not all that tells them apart", () => {
    for (const name of ["autonomous", "failed", "connected"])
      expect(drawing).toMatch(new RegExp(`<text class="of-mark"[^>]*>${name}<`));
    expect(drawing).toContain('svg .state-failed {\n  fill: url("#hatch-failed")');
    expect(drawing).toContain('<pattern id="hatch-failed"');
  });

  test("has a point where a person says something, at his lane and on the strip of whom it is about", () => {
    const [near, far] = scene.watched;
    expect(near!.confirmations).toEqual([
      { at: 30_000_000, says: "failed", title: "hub says of near: failed, at 30.000000 s" },
      { at: 35_000_000, says: "clear", title: "hub says of near: clear, at 35.000000 s" },
    ]);
    expect(far!.confirmations).toEqual([]);
    const spoken = scene.marks.filter(({ kind }) => kind === "confirmed");
    expect(spoken.map(({ label, lane }) => [label, scene.lanes[lane]])).toEqual([
      ["near: failed", "hub"],
      ["near: clear", "hub"],
    ]);
    // Two on the strip, one of each kind in the legend.
    expect(drawing.match(/<circle [^>]*class="said/g)).toHaveLength(4);
  });

  test("has a legend of the marks that it shows, and of no others", () => {
    const legend = drawing.slice(drawing.lastIndexOf("</g>"));
    const texts = [...legend.matchAll(/<text class="small"[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(texts).toEqual(
      expect.arrayContaining([
        "autonomous",
        "failed",
        "connected",
        "a person confirms it",
        "below: its plane had been healthy",
      ]),
    );
    expect(texts).not.toContain("fenced");
  });

  test("tells operations, reports and confirmations by what they say", () => {
    const labels = scene.marks.map(({ label }) => label.replace(/ #\d+$/, ""));
    for (const label of [
      "vm.create 0.1.1",
      "begun 0.1.1",
      "done 0.1.1",
      "over 0.1.1",
      "report of near",
      "near: failed",
    ])
      expect(labels).toContain(label);
  });
});

test("a whole run of too many events is drawn as marks and what happened to machines; where nobody is watched it is refused", async () => {
  const run = await recorded("130ms");
  const scene = sceneOf(run);
  expect(scene.isCoarse).toBe(true);
  expect(scene.arrows).toEqual([]);
  expect(new Set(scene.marks.map(({ kind }) => kind))).toEqual(
    new Set(["started", "way-up", "way-down", "marked", "confirmed"]),
  );
  let marked = 0;
  for (let index = 0; index < run.rows.count; index += 1) if (run.rows.row(index).kind === TRACE.marked) marked += 1;
  expect(scene.marks.filter(({ kind }) => kind === "marked")).toHaveLength(marked);
  expect(drawScene(scene, true)).toContain("too many to be drawn: name a part of it");
  expect(chooseWindow({ ...run, marked: [] }, open)).toMatchObject({ kind: "refused" });
});
