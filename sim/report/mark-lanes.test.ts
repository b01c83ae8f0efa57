// Marks over time on the page of a run: each stretch where it was, nothing told by its colour alone, and readable for many cloudlets.

import { expect, test } from "vitest";
import type { Mark } from "../../model/control/aliveness.ts";
import type { AlivenessReport } from "../run/report.ts";
import { renderMarkLanes } from "./mark-lanes.ts";

const time = { width: 1_000_000, end: 100_000_000, healedAt: 90_000_000, episodes: [] };

type Watched = AlivenessReport["marks"][number];

function watched(
  cloudlet: string,
  stretches: readonly (readonly [number, Mark | null, string?])[],
  moreCount = 0,
): Watched {
  return {
    cloudlet,
    upper: "hub",
    changes: stretches.length + moreCount,
    stretches: stretches.map(([at, mark, was = ""]) => ({ at: at * 1_000_000, mark, was })),
    moreCount,
  };
}

function drawn(...marks: readonly Watched[]): string {
  return renderMarkLanes({ marks, ages: [] }, time);
}

const titlesOf = (page: string): readonly string[] =>
  [...page.matchAll(/<g><title>([^<]*)<\/title><rect class="state/g)].map(([, title = ""]) => title);

test("each stretch lasts until the next one, and its title tells who saw it and what its plane turned out to have been", () => {
  const page = drawn(
    watched("edge", [
      [0, "unknown"],
      [10, "connected"],
      [40, "autonomous", "healthy"],
      [60, null],
      [80, "fenced"],
    ]),
  );
  expect(titlesOf(page)).toEqual([
    "edge, as hub saw it: unknown from 0us to 10s",
    "edge, as hub saw it: connected from 10s to 40s",
    "edge, as hub saw it: autonomous from 40s to 1min, its plane had been healthy",
    "edge, as hub saw it: nobody watches: its upper is down from 1min to 1.33min",
    "edge, as hub saw it: fenced from 1.33min to 1.67min",
  ]);
  const [, x, width] = /state-autonomous" x="([\d.]+)" width="([\d.]+)"/.exec(page) ?? [];
  expect([Number(x), Number(width)]).toEqual([76 + 868 * 0.4, 868 * 0.2].map((one) => Math.round(one * 10) / 10));
  expect(page).toContain('class="past past-healthy"');
  // The legend names what is there, and nothing else.
  const legend = page.slice(page.indexOf('<div class="legend">'));
  const named = ["unknown", "autonomous", "connected", "fenced", "nobody watches"];
  for (const mark of named) expect(legend).toContain(mark);
  for (const mark of ["failed", "disconnected", "synchronizing", "counted"]) expect(legend).not.toContain(mark);
});

test("what nobody could see alone is drawn as one, as the gravest of it; what is only counted is said to be", () => {
  const quick = Array.from({ length: 50 }, (_, at): readonly [number, Mark] => [
    20 + at / 1_000,
    at === 25 ? "failed" : at % 2 === 0 ? "synchronizing" : "connected",
  ]);
  const page = drawn(watched("edge", [[0, "connected"], ...quick, [21, "connected"], [50, "synchronizing"]], 70));
  const titles = titlesOf(page);
  expect(titles).toHaveLength(5);
  expect(titles[1]).toMatch(/^edge, as hub saw it: synchronizing from 20s to 20s; .*; and 43 more$/);
  expect(page).toContain("state-failed");
  expect(titles.at(-1)).toBe("edge, as hub saw it: 71 changes that are only counted from 50s to 1.67min");
});

test("a hundred cloudlets have a lane each within two screens; of more the page shows those that changed most, in their order", () => {
  const many = (count: number): readonly Watched[] =>
    Array.from({ length: count }, (_, at) =>
      watched(`a-site-of-number-${at}`, [
        [0, "unknown"],
        [5, "connected"],
        ...(at % 2 === 0 ? ([[50, "autonomous"]] as const) : []),
      ]),
    );
  const page = drawn(...many(100));
  expect(page.match(/<g class="lane">/g)).toHaveLength(100);
  expect(Number(/viewBox="0 0 960 (\d+)"/.exec(page)?.[1])).toBeLessThan(1_400);
  expect(page).toContain(">…-number-99<");
  expect(page).not.toContain("left out");
  const crowded = drawn(...many(200));
  expect(crowded.match(/<g class="lane">/g)).toHaveLength(120);
  expect(crowded).toContain("The 120 whose marks changed most; 80 more are left out.");
  const shown = [...crowded.matchAll(/<title>a-site-of-number-(\d+), watched/g)].map(([, at]) => Number(at));
  expect(shown).toEqual(shown.toSorted((a, b) => a - b));
  expect(shown.filter((at) => at % 2 === 0)).toHaveLength(100);
});

test("names are text, and where nobody is watched there are no lanes", () => {
  expect(drawn(watched("<b>&", [[0, "connected"]]))).toContain("&lt;b&gt;&amp;");
  expect(renderMarkLanes(undefined, time)).toBe("");
  expect(drawn()).toBe("");
});
