// Marks: the machine does what its table of transitions says and nothing else, agrees with a slow reading of all that happened, and does
// not swing. Each property meets the bug that it is there for.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { Duration } from "../units.ts";
import {
  beginWatch,
  changesMax,
  type Evidence,
  type Judge,
  type KnownPlane,
  type Mark,
  markOf,
  marks,
  watchDue,
  watched,
  type Watch,
  type WatchEvent,
  type WatchSettings,
} from "./aliveness.ts";
import { confirmationKinds } from "./confirmations.ts";
import { transitions } from "./transitions.ts";

const settings: WatchSettings = { silentAfter: 4 as Duration, calmFor: 2 as Duration };
const planes: readonly KnownPlane[] = ["unknown", "none", "healthy", "failed"];
const confirmations = [null, ...confirmationKinds];

const events: readonly WatchEvent[] = [
  { kind: "passed" },
  { kind: "heard" },
  { kind: "backlog", isBehind: true },
  { kind: "backlog", isBehind: false },
  ...planes.map((plane): WatchEvent => ({ kind: "plane", plane })),
  ...confirmations.map((confirmed): WatchEvent => ({ kind: "record", confirmed })),
];

describe("the evidence decides", () => {
  test.each<[Evidence["heard"], boolean, KnownPlane, Mark]>([
    ["never", false, "unknown", "unknown"],
    ["never", false, "healthy", "unknown"],
    ["recently", false, "healthy", "synchronizing"],
    ["recently", true, "healthy", "connected"],
    ["recently", true, "none", "connected"],
    ["recently", true, "failed", "connected"],
    ["silent", false, "healthy", "autonomous"],
    ["silent", false, "failed", "unknown"],
    ["silent", false, "none", "unknown"],
    ["silent", false, "unknown", "unknown"],
  ])("heard %s, calm %s, control plane %s: %s; and a record stands above all of it", (heard, isCalm, plane, mark) => {
    expect(markOf({ heard, isCalm, plane, confirmed: null })).toBe(mark);
    for (const confirmed of confirmationKinds) expect(markOf({ heard, isCalm, plane, confirmed })).toBe(confirmed);
  });
});

/** What can be told apart of a watch at a moment: ages, up to where they no longer matter. */
function shape(watch: Watch, now: number): string {
  const age = (at: number | null, most: number): number | null => (at === null ? null : Math.min(now - at, most));
  const { mark, began, heardAt, calmSince, isBehind, plane, confirmed } = watch;
  return JSON.stringify([mark, age(began, 4), age(heardAt, 4), age(calmSince, 2), isBehind, plane, confirmed]);
}

/** Every change that any sequence of events leads to, as `from>to by`. */
function reachableChanges(judge: Judge = markOf): ReadonlySet<string> {
  const found = new Set<string>();
  const start = planes.flatMap((plane) =>
    confirmations.map((confirmed) => ({ watch: beginWatch(0, plane, confirmed, judge), now: 0 })),
  );
  const known = new Set(start.map(({ watch, now }) => shape(watch, now)));
  const open = [...start];
  for (const { watch, now } of open) {
    for (let pause = 0; pause <= 4; pause += 1) {
      for (const event of events) {
        const next = watched(watch, event, now + pause, settings, judge);
        for (const { from, to, by } of next.changes) found.add(`${from}>${to} ${by}`);
        const key = shape(next.watch, now + pause);
        if (known.has(key)) continue;
        known.add(key);
        open.push({ watch: next.watch, now: now + pause });
      }
    }
  }
  return found;
}

const declared = new Set(transitions.flatMap(({ from, to, by }) => by.map((kind) => `${from}>${to} ${kind}`)));

describe("the table of transitions", () => {
  test("is what any sequence of events leads to, both ways", () => {
    expect([...reachableChanges()].sort()).toEqual([...declared].sort());
  });

  test("reaches every mark, and says of each change what it means", () => {
    expect(new Set(transitions.map(({ to }) => to))).toEqual(new Set(marks));
    expect(new Set(transitions.map(({ from, to }) => `${from}>${to}`)).size).toBe(transitions.length);
    for (const { says } of transitions) expect(says).toMatch(/\.$/);
  });

  test.each<[string, Judge]>([
    ["believes the first message", (evidence) => markOf({ ...evidence, isCalm: evidence.heard === "recently" })],
    ["takes silence for a failure", nova],
    ["forgets records", (evidence) => markOf({ ...evidence, confirmed: null })],
  ])("is not that of a machine that %s", (_name, judge) => {
    expect([...reachableChanges(judge)].sort()).not.toEqual([...declared].sort());
  });
});

// Down after silence, as a compute service is in a cloud that knows no better.
function nova(evidence: Evidence): Mark {
  return evidence.heard === "silent" && evidence.confirmed === null ? "failed" : markOf(evidence);
}

interface Timed {
  readonly pause: number;
  readonly event: WatchEvent;
}

/** Does some story break it? */
function isBroken(arbitrary: fc.Arbitrary<readonly Timed[]>, predicate: (story: readonly Timed[]) => boolean): boolean {
  return fc.check(fc.property(arbitrary, predicate), { numRuns: 500, seed: 1 }).failed;
}

const stories = fc.array(fc.record({ pause: fc.nat({ max: 6 }), event: fc.constantFrom(...events) }), {
  maxLength: 40,
});

interface Moment {
  readonly now: number;
  readonly watch: Watch;
  readonly seen: readonly { readonly at: number; readonly event: WatchEvent }[];
  readonly changes: number;
}

function play(story: readonly Timed[], judge: Judge = markOf, believes: WatchSettings = settings): readonly Moment[] {
  let watch = beginWatch(0, "unknown", null, judge);
  let now = 0;
  const seen: { at: number; event: WatchEvent }[] = [];
  return story.map(({ pause, event }) => {
    now += pause;
    const next = watched(watch, event, now, believes, judge);
    watch = next.watch;
    seen.push({ at: now, event });
    return { now, watch, seen: seen.slice(), changes: next.changes.length };
  });
}

/** What the mark should be, read off all that has happened, from the beginning, step by step of time. */
function slowMark(seen: Moment["seen"], now: number): Mark {
  let plane: KnownPlane = "unknown";
  let confirmed: Evidence["confirmed"] = null;
  let isBehind = false;
  let heardAt = -Infinity;
  let calm = 0;
  let wasGood = false;
  for (let at = 0; at <= now; at += 1) {
    if (at > 0) calm = wasGood && at - heardAt < settings.silentAfter ? calm + 1 : 0;
    if (at - heardAt >= settings.silentAfter) wasGood = false;
    for (const { event } of seen.filter((one) => one.at === at)) {
      if (event.kind === "heard") heardAt = at;
      if (event.kind === "plane") plane = event.plane;
      if (event.kind === "record") confirmed = event.confirmed;
      if (event.kind === "backlog") isBehind = event.isBehind;
      const isGood: boolean = !isBehind && at - heardAt < settings.silentAfter;
      if (!isGood || !wasGood) calm = 0;
      wasGood = isGood;
    }
  }
  if (confirmed !== null) return confirmed;
  if (now - heardAt < settings.silentAfter) return calm >= settings.calmFor ? "connected" : "synchronizing";
  const isSilent = heardAt > -Infinity || now >= settings.silentAfter;
  return isSilent && plane === "healthy" ? "autonomous" : "unknown";
}

prop("marks are those of a slow reading of all that has happened", stories, (story) => {
  for (const { watch, seen, now } of play(story)) expect(watch.mark, JSON.stringify(seen)).toBe(slowMark(seen, now));
});

const byRecordAlone = (judge: Judge) => (story: readonly Timed[]) =>
  play(story, judge).every(({ watch: { mark, confirmed } }) =>
    confirmed === null ? !confirmationKinds.some((kind) => kind === mark) : mark === confirmed,
  );

prop("failed, disconnected and fenced are there exactly while a record says so (N6)", stories, byRecordAlone(markOf));

test("which a machine that takes silence for a failure breaks", () => {
  expect(isBroken(stories, byRecordAlone(nova))).toBe(true);
});

const onlyWithPlane = (judge: Judge) => (story: readonly Timed[]) =>
  play(story, judge).every(({ watch: { mark, plane } }) => mark !== "autonomous" || plane === "healthy");

prop(
  "nobody is autonomous without a control plane that was last known to be healthy (N8)",
  stories,
  onlyWithPlane(markOf),
);

test("which a machine that thinks well of the silent breaks", () => {
  const hopeful: Judge = (evidence) => markOf({ ...evidence, plane: "healthy" });
  expect(isBroken(stories, onlyWithPlane(hopeful))).toBe(true);
});

// A link that flaps and traffic that stutters, in any rhythm: no records, and reports of a plane that stays healthy.
const flapping = fc.array(
  fc.record({
    pause: fc.nat({ max: 6 }),
    event: fc.constantFrom(...events.slice(0, 4)),
  }),
  { minLength: 20, maxLength: 80 },
);

const within = (believes: WatchSettings) => (story: readonly Timed[]) => {
  const healthy: Timed = { pause: 0, event: { kind: "plane", plane: "healthy" } };
  // Time is looked at as it passes, so that no change is late.
  const tick: Timed = { pause: 1, event: { kind: "passed" } };
  const ticking = story.flatMap(({ pause, event }) => [
    ...Array.from({ length: pause }, () => tick),
    { pause: 0, event },
  ]);
  const moments = play([healthy, ...ticking], markOf, believes);
  return moments.every((first, index) => {
    let changes = 0;
    return moments.slice(index).every((last) => {
      changes += last.changes;
      return changes <= changesMax(last.now - first.now, settings);
    });
  });
};

prop("a mark changes no more often than the bound says, in any stretch of any story", flapping, within(settings));

test("which a machine that believes at once breaks, where traffic stutters", () => {
  const stutter: readonly Timed[] = [
    { pause: 0, event: { kind: "backlog", isBehind: true } },
    { pause: 0, event: { kind: "heard" } },
    { pause: 0, event: { kind: "backlog", isBehind: false } },
    { pause: 1, event: { kind: "passed" } },
  ];
  const story = Array.from({ length: 20 }, () => stutter).flat();
  expect(within({ silentAfter: 4 as Duration, calmFor: 1 as Duration })(story)).toBe(false);
  expect(within(settings)(story)).toBe(true);
});

test("a link that comes for a moment whenever silence has set in makes two changes each time, no more", () => {
  const beat: readonly Timed[] = [
    { pause: 0, event: { kind: "heard" } },
    { pause: 4, event: { kind: "passed" } },
  ];
  const changes = play(Array.from({ length: 20 }, () => beat).flat()).reduce((sum, one) => sum + one.changes, 0);
  expect(changes).toBe(40);
  expect(changesMax(80, settings)).toBe(126);
});

prop("nothing changes by time alone before it is due", stories, (story) => {
  for (const { watch, now } of play(story)) {
    const due = watchDue(watch, now, settings);
    expect(due).toBeGreaterThan(now);
    const before = Math.min(due - 1, now + 20);
    expect(watched(watch, { kind: "passed" }, before, settings).changes).toEqual([]);
  }
});
