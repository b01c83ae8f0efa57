// What a sweep's report says: as text, as JUnit XML and as a page; that nothing a scenario brings becomes markup; that the page's statistics
// are those of slow and plain ones; and that of too many runs those that did not pass are kept.

import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { prop } from "../../../properties/prop.ts";
import { summarise } from "../summary.ts";
import { failureInterval, failureText } from "./interval.ts";
import { renderJunit } from "./junit.ts";
import { renderMaps, showMaps } from "./maps.ts";
import { renderSweepPage } from "./page.ts";
import { readRunColumns } from "./page-data.ts";
import { showTopologies } from "./shown.ts";
import * as page from "./stats.client.mjs";
import { HOSTILE, manyRuns } from "./testing.ts";
import { renderSweepText } from "./text.ts";

const place = mkdtempSync(join(tmpdir(), "causeway-report-"));
afterAll(() => rmSync(place, { recursive: true, force: true }));
const again = (index: number): string => `causeway sweep study.yaml --case ${index}`;

const { plan, results } = manyRuns(60, [7, 31], mkdtempSync(join(place, "r-")));
const totals = await summarise(results);
const runs = await readRunColumns(results);

test("the text tells outcomes, properties, what was drawn, failures with the command that repeats them, and the verdict last", () => {
  const { body: text, verdict } = renderSweepText(totals, runs, {
    againOf: again,
    keptOf: (index) => (index === 7 ? ["3 cloudlets are left"] : []),
  });
  expect(text).toMatch(/\npassed +58\n/);
  expect(text).toMatch(/\nfailed +2\n/);
  expect(text).toMatch(/\ncausal-delivery +violated +60 +2 +2 of 60: 0\.92 % to 11 % at 95 %\n/);
  expect(text).toMatch(/\nconvergence +holds +60 +0 +0 of 60: below 5 % at 95 %\n/);
  expect(text).toMatch(/\nrun 7, seed t-7: failed\n {2}causal-delivery was .*\n {2}3 cloudlets are left\n {2}again: /);
  expect(text).toContain("  again: causeway sweep study.yaml --case 31\n");
  expect(verdict).toMatch(/^not passed: 58 of 60 runs, failed 2 of 60: 0\.92 % to 11 % at 95 %, digest [0-9a-f]{64}$/);
});

test("JUnit has a case per property and per failed run, escaped, and counts that are right", () => {
  const xml = renderJunit(totals, again);
  const cases = xml.match(/<testcase /g)?.length ?? 0;
  expect(xml).toContain(
    `<testsuites tests="${cases}" failures="3" errors="0" skipped="${xml.match(/<skipped/g)?.length ?? 0}">`,
  );
  expect(xml).not.toContain("<img");
  expect(xml).toContain('name="run 7, seed t-7: failed"');
  expect(xml).toContain("again: causeway sweep study.yaml --case 7");
  const open = [...xml.matchAll(/<([a-z]+)[^>]*[^/]>/g)].map(([, name]) => name);
  const closed = [...xml.matchAll(/<\/([a-z]+)>/g)].map(([, name]) => name);
  expect(closed.toSorted()).toEqual(open.toSorted());
});

test("what scenarios bring is no markup in the page, and the page asks for nothing outside", async () => {
  const topologies = await showTopologies(plan, results);
  const maps = await showMaps(plan, results);
  const failures = [{ ...totals.troubles[0]!, again: HOSTILE, scenario: HOSTILE, picture: null }];
  const text = renderSweepPage({ totals, runs, topologies, maps, failures, repeat: HOSTILE });
  expect(text).not.toContain("<img");
  expect(text.match(/<\/script>/g)).toHaveLength(2);
  expect(text).not.toMatch(/(src|href)="?https?:/);
  expect(text).not.toMatch(/\bimport\b[^\n]*from "/);
  expect(topologies).toHaveLength(3);
});

test("every map of a file is shown with its size and its runs, those that failed first; what a family draws is no map", async () => {
  const { shown, left } = await showMaps(plan, results);
  expect(left).toBe(0);
  expect(shown.map(({ name, runs: count, failed }) => [name, count, failed])).toEqual([
    ["chain", 20, 2],
    [HOSTILE, 20, 0],
  ]);
  expect(shown.map(({ drawn }) => [drawn?.cloudlets, drawn?.layers, drawn?.links, drawn?.spareCount])).toEqual([
    [3, 3, 2, 0],
    [3, 2, 3, 1],
  ]);
  const text = renderMaps({ shown, left });
  expect(text).toContain("20 runs, 2 failed");
  expect(text.match(/class="spare"/g)).toHaveLength(1);
  const some = await showMaps(plan, results, 1);
  expect([some.shown.map(({ name }) => name), some.left]).toEqual([["chain"], 1]);
  expect(renderMaps(some)).toContain("and 1 more");
});

test("of more runs than a page holds it keeps those that did not pass, and others from all over", async () => {
  const some = await readRunColumns(results, 20);
  expect(some.count).toBeLessThanOrEqual(21);
  expect(some.index).toContain(7);
  expect(some.index).toContain(31);
  expect(some.index.some((index) => index < 10) && some.index.some((index) => index > 50)).toBe(true);
  expect(some.words[0]?.codes).toHaveLength(some.count);
  const extra = Buffer.from(some.extra ?? "", "base64");
  const isExtra = (run: number): boolean => (((extra[run >> 3] ?? 0) >> (run & 7)) & 1) === 1;
  expect(some.index.filter((_, run) => isExtra(run))).toEqual([7, 31]);
  expect(runs.extra).toBe(null);
});

test("metrics that are the same as another say as what", () => {
  const says = new Map(runs.numbers.map((column) => [column.name, column.says]));
  expect(says.get("visibility.p99")).toBe("from a write's request to its being applied elsewhere, 99th percentile");
  expect([...says.values()].filter((text) => text.startsWith("the same"))).toEqual([]);
});

test.each([
  [0, 240, "0 of 240: below 1.3 % at 95 %"],
  [0, 2, "0 of 2: below 100 % at 95 %"],
  [3, 240, "3 of 240: 0.43 % to 3.6 % at 95 %"],
  [5, 5, "5 of 5: 57 % to 100 % at 95 %"],
  [0, 0, "no runs"],
])("%i failures in %i runs: %s", (failed, count, text) => {
  expect(failureText(failed, count)).toBe(text);
});

const counts = fc
  .integer({ min: 0, max: 5_000 })
  .chain((count) => fc.tuple(fc.integer({ min: 0, max: count }), fc.constant(count)));

prop(
  "the page's interval of failures is that of the text, and holds the share that was seen",
  counts,
  ([failed, count]) => {
    const { least, most } = failureInterval(failed, count);
    expect(page.failureInterval(failed, count)).toEqual([least, most]);
    if (count > 0) expect(least <= failed / count && failed / count <= most).toBe(true);
  },
);

const values = fc
  .array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 200 })
  .map((all) => Float64Array.from(all).sort());

prop(
  "a percentile is the least value that so many do not exceed, and the median lies in its interval",
  values,
  (sorted) => {
    for (const percent of [5, 50, 95]) {
      const value = page.ranked(sorted, percent);
      const atMost = (limit: number): number => sorted.filter((other) => other <= limit).length;
      expect(atMost(value)).toBeGreaterThanOrEqual((percent / 100) * sorted.length);
      const smaller = sorted.filter((other) => other < value).at(-1);
      if (smaller !== undefined) expect(atMost(smaller)).toBeLessThan((percent / 100) * sorted.length);
    }
    const interval = page.medianInterval(sorted);
    const median = page.ranked(sorted, 50);
    expect(interval === null || (interval[0] <= median && median <= interval[1])).toBe(true);
    // All of five values are on one side of it in two samples of 32, which is more than one of 20; of six it is two of 64.
    expect(interval === null).toBe(sorted.length < 6);
  },
);

prop("a histogram counts every value once, in the bin that its place lies in", values, (sorted) => {
  const { counts: bins, placeOf } = page.histogram(sorted, 12);
  expect(bins.reduce((sum, count) => sum + count, 0)).toBe(sorted.length);
  for (const value of sorted) expect(placeOf(value)).toBeGreaterThanOrEqual(0);
  expect(bins).toEqual(
    bins.map((_, bin) => sorted.filter((value) => Math.min(11, Math.floor(placeOf(value) * 12)) === bin).length),
  );
});

// Of medians of samples from a known distribution the interval has to hold the true one about as often as it says.
test("the interval of the median holds the true median in about 95 of 100 samples", () => {
  let state = 1;
  const draw = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  let held = 0;
  for (let sample = 0; sample < 1_000; sample += 1) {
    const sorted = Float64Array.from({ length: 60 }, () => -Math.log(draw())).sort();
    const [low, high] = page.medianInterval(sorted) ?? expect.fail("60 values are enough");
    if (low <= Math.LN2 && Math.LN2 <= high) held += 1;
  }
  expect(held).toBeGreaterThan(930);
  expect(held).toBeLessThan(985);
});
