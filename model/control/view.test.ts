// The extended view and the reports that carry it: what is written is read again, what is later stays, and layers join in any order.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { Duration } from "../units.ts";
import { readReport, type Report, reportText } from "./report.ts";
import { beginReporting, reachable, reportDue, reported, type Reporting, type ReportingSettings } from "./reporting.ts";
import {
  join,
  joinedOf,
  type JoinedView,
  type KeptView,
  type Observation,
  type Observations,
  observed,
  told,
  viewAt,
  viewClasses,
} from "./view.ts";

const names = viewClasses.map(({ name }) => name);
const perClass = <T>(one: fc.Arbitrary<T>) =>
  fc.record(Object.fromEntries(names.map((name) => [name, one])), { requiredKeys: [] });

const observations = perClass(
  fc.record({
    number: fc.integer({ min: 1, max: 9 }),
    value: fc.nat({ max: 1_000 }),
    age: fc.nat({ max: 1_000_000 }),
    text: fc.string({ unit: "grapheme", maxLength: 6 }),
  }),
) as fc.Arbitrary<Observations>;

const joinedViews = perClass(
  fc.record({ count: fc.integer({ min: 1, max: 9 }), value: fc.nat({ max: 99 }), age: fc.nat({ max: 99 }) }),
) as fc.Arbitrary<JoinedView>;

const plane = fc.constantFrom("none" as const, "healthy" as const, "failed" as const);
const reports: fc.Arbitrary<Report> = fc.record({
  number: fc.integer({ min: 1, max: 99 }),
  incarnation: fc.integer({ min: 1, max: 9 }),
  base: fc.nat({ max: 9 }),
  inReach: fc.boolean(),
  schema: fc.integer({ min: 1, max: 3 }),
  control: fc.array(fc.record({ plane, lasted: fc.nat() }), { minLength: 1, maxLength: 16 }),
  management: plane,
  view: observations,
  below: joinedViews,
});

prop("what is written of a report is read again", reports, (report) => {
  expect(readReport(reportText(report))).toEqual(report);
});

const example =
  "report 7 of 2 after 5 apart schema=1 control=healthy:30 management=none alerts=2:1:500:disk%20full below.power=4:820:9";

test("a report is a line that a person can read, and later versions may say more", () => {
  const read = readReport(`${example} mood=fine`);
  expect(read?.view).toEqual({ alerts: { number: 2, value: 1, age: 500, text: "disk full" } });
  expect(read?.below).toEqual({ power: { count: 4, value: 820, age: 9 } });
});

test.each([
  ["the number", "report 7", "report seven"],
  ["the life", "of 2", "of"],
  ["where it began", "after 5", "after"],
  ["where it was", "apart", "somewhere"],
  ["the planes", "control=healthy:30", "control="],
  ["a state of a plane", "healthy:30", "well:30"],
  ["management", "management=none", "management=maybe"],
  ["an observation", "2:1:500:disk%20full", "2:1:500"],
  ["its text", "disk%20full", "%zz"],
  ["what is joined", "4:820:9", "4:820"],
])("with something else for %s it is no report", (_what, right, wrong) => {
  expect(example).toContain(right);
  expect(readReport(example.replace(right, wrong))).toBeNull();
});

describe("what is kept", () => {
  const arrivals = fc.array(fc.record({ pause: fc.nat({ max: 5 }), told: observations }), { maxLength: 12 });
  type Tell = typeof told;
  const keepsLatest = (tell: Tell) => (story: readonly { readonly pause: number; readonly told: Observations }[]) => {
    let view: KeptView = {};
    let now = 2_000_000;
    const best = new Map<string, Observation & { readonly at: number }>();
    return story.every(({ pause, told: news }) => {
      now += pause;
      view = tell(view, news, now);
      for (const name of names) {
        const one = news[name];
        const known = best.get(name);
        if (one === undefined || one.number < (known?.number ?? 0)) continue;
        const at = one.number === known?.number ? Math.min(known.at, now - one.age) : now - one.age;
        best.set(name, { ...one, at });
      }
      const seen = viewAt(view, now);
      return names.every((name) => {
        const [is, should] = [seen[name], best.get(name)];
        return is?.number === should?.number && (should === undefined || is?.age === now - should.at);
      });
    });
  };

  prop("of each class the latest observation stays, and its age grows with time", arrivals, keepsLatest(told));

  test("which a view that believes whatever comes last breaks", () => {
    const naive: Tell = (view, news, now) =>
      names.reduce<KeptView>((kept, name) => {
        const one = news[name];
        return one === undefined ? kept : { ...kept, [name]: { ...one, madeAt: now - one.age } };
      }, view);
    expect(fc.check(fc.property(arrivals, keepsLatest(naive)), { seed: 1 }).failed).toBe(true);
  });

  test("a cloudlet numbers its observations by class", () => {
    let view: KeptView = {};
    view = observed(view, "power", 300, "", 10);
    view = observed(view, "power", 320, "", 20);
    view = observed(view, "alerts", 1, "disk full", 25);
    expect(viewAt(view, 30)).toEqual({
      power: { number: 2, value: 320, age: 10, text: "" },
      alerts: { number: 1, value: 1, age: 5, text: "disk full" },
    });
    expect(() => observed(view, "power", -1, "", 30)).toThrow("whole number");
  });
});

describe("layers", () => {
  prop("join in any order and any grouping", fc.tuple(joinedViews, joinedViews, joinedViews), ([a, b, c]) => {
    expect(join(a, b)).toEqual(join(b, a));
    expect(join(join(a, b), c)).toEqual(join(a, join(b, c)));
    expect(join(a, {})).toEqual(a);
  });

  test("count who has told, add or take the largest, and are as old as the oldest", () => {
    const one = joinedOf({
      power: { number: 5, value: 300, age: 7, text: "" },
      hardware: { number: 1, value: 0, age: 1, text: "" },
    });
    const two = joinedOf({
      power: { number: 2, value: 200, age: 9, text: "" },
      hardware: { number: 3, value: 2, age: 0, text: "" },
    });
    expect(join(one, two)).toEqual({
      hardware: { count: 2, value: 2, age: 1 },
      power: { count: 2, value: 500, age: 9 },
    });
  });
});

describe("reports are written", () => {
  const settings: ReportingSettings = { period: 10 as Duration, slowest: 60 as Duration };

  /** When reports fall due between two moments, with the way open or not. */
  function run(state: Reporting, isReachable: boolean, from: number, until: number): [readonly number[], Reporting] {
    const times: number[] = [];
    let current = state;
    for (let now = from; now <= until; now += 1) {
      if (now < reportDue(current)) continue;
      times.push(now);
      current = reported(current, isReachable, now, settings);
    }
    return [times, current];
  }

  test("every period to who can be reached, ever more rarely to who cannot, and at once when the way opens", () => {
    const [open, afterOpen] = run(beginReporting(settings), true, 0, 30);
    expect(open).toEqual([0, 10, 20, 30]);
    const [closed, afterClosed] = run(afterOpen, false, 31, 300);
    expect(closed).toEqual([40, 60, 100, 160, 220, 280]);
    const [back] = run(reachable(afterClosed, settings), true, 301, 325);
    expect(back).toEqual([301, 311, 321]);
  });
});
