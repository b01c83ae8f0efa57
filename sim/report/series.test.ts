/** What the series add up to is what the report says, and following a run does not change it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { runScenario } from "../run/runner.ts";
import { readScenario } from "../scenario/read.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { mostOf, SeriesWatcher, type Line, type RunSeries } from "./series.ts";

function scenarioOf(name: string): Scenario {
  const file = fileURLToPath(new URL(`../../workloads/${name}.yaml`, import.meta.url));
  const read = readScenario(readFileSync(file, "utf8"), { file });
  if (read.kind === "invalid") throw new Error(read.problems.map(({ message }) => message).join("; "));
  return read.scenario;
}

function follow(scenario: Scenario) {
  const watchers: SeriesWatcher[] = [];
  const outcome = runScenario(scenario, {
    watch: (world, truth, redundancy) => {
      const watcher = new SeriesWatcher(scenario, world, truth, redundancy);
      watchers.push(watcher);
      return watcher;
    },
  });
  return { ...outcome, series: (watchers[0] as SeriesWatcher).series() };
}

const sum = (lines: readonly Line[]): number =>
  lines.flatMap(({ values }) => values).reduce<number>((so, value) => so + (value ?? 0), 0);
const allLines = (series: RunSeries): readonly Line[] =>
  Object.values(series).flatMap((part: unknown) => (Array.isArray(part) ? (part as readonly Line[]) : []));

const figure = scenarioOf("figure-1");
const followed = follow(figure);

test("following a run leaves its digest as it is", () => {
  expect(followed.report.digest).toBe(runScenario(figure).report.digest);
});

test("every line has a value for each slice, and the last slice holds the end", () => {
  const { series } = followed;
  const count = Math.ceil(series.end / series.width);
  expect(count).toBeGreaterThanOrEqual(160);
  for (const { label, values } of allLines(series)) expect({ label, count: values.length }).toEqual({ label, count });
});

test("bytes over all slices are the bytes of the report", () => {
  const { series, report } = followed;
  const bytes = new Map(report.metrics).get("links.bytes") ?? 0;
  const found = (sum(series.linksTogether) * series.width) / 1_000_000;
  // Each slice of each link is rounded to whole bytes per second.
  expect(Math.abs(found - bytes)).toBeLessThan(report.links.length * 160 * 0.5 * (series.width / 1_000_000) + 1);
});

test("redundant bytes over all slices are those of the report", () => {
  const { series, report } = followed;
  const bytes = new Map(report.metrics).get("links.redundant") ?? 0;
  const all = series.redundant.filter(({ label }) => label === "all links");
  expect(bytes).toBeGreaterThan(0);
  expect(Math.abs((sum(all) * series.width) / 1_000_000 - bytes)).toBeLessThan(
    report.links.length * 160 * 0.5 * (series.width / 1_000_000) + 1,
  );
});

test("the slowest delivery of a slice is nowhere above the slowest of the run", () => {
  const { series, report } = followed;
  const most = Math.max(...series.visibleP99.flatMap(({ values }) => values.map((value) => value ?? 0)));
  const max = new Map(report.metrics).get("visibility.max") ?? 0;
  expect(most).toBeLessThanOrEqual(max * 1.01);
  expect(most).toBeGreaterThan(max * 0.9);
  expect(series.visibleP50.map(({ label }) => label)).toEqual([0, 1, 2, 3, 4, 5].map((depth) => `layer ${depth}`));
});

test("open siblings at the end are those that stand in the stores", () => {
  const { series, topology, world } = followed;
  const open = topology.cloudlets.map(({ id }) => {
    const core = world.core(id);
    return (core?.keys() ?? []).filter((key) => (core?.versions(key).length ?? 0) > 1);
  });
  const [some, most] = series.siblings.map(({ values }) => values.at(-1));
  expect(some).toBe(new Set(open.flat()).size);
  expect(most).toBe(Math.max(...open.map(({ length }) => length)));
  expect(some).toBeGreaterThan(0);
});

// The first cloudlet on the way waits, and forwards nothing that waits.
test("records that wait behind a cut are seen waiting", () => {
  const scenario = { ...scenarioOf("fifo-shortcut"), protocol: "causeway" as const };
  const { series } = follow(scenario);
  const waiting = series.waiting.find(({ label }) => label === "access-edge")?.values ?? [];
  const at = (second: number): number | null | undefined => waiting[Math.floor((second * 1_000_000) / series.width)];
  expect([at(2), at(5), at(9)]).toEqual([0, 1, 0]);
  expect(series.waiting.at(-1)?.label).toBe("all cloudlets together");
});

test("of many lines those that weigh most are kept, in order, and lines of nothing are not", () => {
  const lines = Array.from({ length: 12 }, (_, index): Line => ({ label: `l${index}`, values: [index, null] }));
  const kept = mostOf(lines, ({ values }) => values[0] ?? 0).map(({ label }) => label);
  expect(kept).toEqual(["l11", "l10", "l9", "l8", "l7", "l6", "l5"]);
  expect(mostOf(lines.slice(0, 1), () => 0)).toEqual([]);
});
