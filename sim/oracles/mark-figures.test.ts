// What a report tells of marks, held against the story of workloads/marks.yaml, whose times are known.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderMarks } from "../cli/render-marks.ts";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";

const file = new URL("../../workloads/marks.yaml", import.meta.url);

test("who was marked what and when, with what it turned out to have been, and how old views were", () => {
  const read = readScenario(readFileSync(file, "utf8"), { file: "marks.yaml" });
  if (read.kind === "invalid") throw new Error(read.problems[0]?.message);
  const { aliveness } = runScenario(read.scenario).report;
  const of = (name: string) => aliveness?.marks.find(({ cloudlet }) => cloudlet === name);
  const told = (name: string) => of(name)?.stretches.map(({ mark, was }) => (was === "" ? mark : `${mark}: ${was}`));
  expect(told("mill")?.slice(3, 6)).toEqual(["synchronizing", "unknown: failed", "synchronizing"]);
  expect(told("harbour")?.slice(4, 8)).toEqual(["autonomous", "disconnected", "autonomous: healthy", "synchronizing"]);
  expect(told("depot")?.at(-1)).toBe("fenced");
  // Said at one minute, and heeded once the disk has it.
  expect(of("annex")?.stretches.find(({ mark }) => mark === "failed")?.at).toBe(60_000_200);
  expect(aliveness?.ages).toHaveLength(6);
  for (const { median, max, looks } of aliveness?.ages ?? []) {
    expect(looks).toBeGreaterThan(100);
    expect(median).toBeLessThan(20_000_000);
    expect(max).toBeGreaterThan(median);
  }
  expect(renderMarks(aliveness, 40)).toMatch(/^mill +north +\d+ {2}0s unknown, .*unknown \(was failed\), /m);
  expect(renderMarks(undefined, 40)).toBe("");
});
