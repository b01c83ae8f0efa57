/** Tables of what was measured, replayed: what a run makes of each line, and what is said of lines that no run can have. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { micros } from "../../model/units.ts";
import { asItIsAt } from "../exporting/as-it-is-at.ts";
import { renderProblems } from "./problem.ts";
import { type ReadOutcome, readSource, scenarioSource } from "./read.ts";
import type { Fault, Scenario } from "./scenario.ts";

type Read = Extract<ReadOutcome, { kind: "scenario" }>;
type Tables = Readonly<Record<string, string>>;

const story = (...lines: readonly string[]): string =>
  [
    "causeway: 1",
    "name: story",
    "seed: 1",
    "topology: { tree: { core: { north: , south: } } }",
    "scopes: [{ name: state, prefix: state/ }]",
    "flows: [{ scope: state, between: tree, direction: both }]",
    "duration: 60s",
    ...lines,
    "",
  ].join("\n");

const outcomeOf = (tables: Tables, ...lines: readonly string[]): ReadOutcome =>
  readSource(scenarioSource("maps/story.yaml", story(...lines), tables));

function read(tables: Tables, ...lines: readonly string[]): Read {
  const outcome = outcomeOf(tables, ...lines);
  if (outcome.kind === "invalid") throw new Error(renderProblems(outcome.problems));
  return outcome;
}

/** A section with these tables, by what they are of. */
const measured = (...keys: readonly string[]): string =>
  `measured: { ${keys.map((key) => (key.includes(":") ? key : `${key}: ${key}.csv`)).join(", ")} }`;

const csv = (...lines: readonly string[]): string => `${lines.join("\n")}\n`;

test("a run that replays tables is the run whose links and faults are written out", () => {
  const { scenario } = read(
    {
      "outages.csv": csv("time_s,from,to,state", "2,core,north,down", "3.5,north,core,up", "9,core,south,down"),
      "delays.csv": csv("time_ms,from,to,rtt_ms", "0,core,north,8", "5000,core,north,31"),
      "losses.csv": csv("from,to,loss_percent,time_s", "south,core,50,1", "south,core,2,4"),
    },
    "links: { defaults: { delay: 10ms, loss: 1% } }",
    measured("outages", "delays", "losses"),
  );
  const { scenario: written } = read(
    {},
    "links:",
    "  defaults: { delay: 10ms, loss: 1% }",
    "  list:",
    "    - { between: [core, north], delay: 4ms, back: { delay: 4ms } }",
    "faults:",
    "  - { linkDown: [core, north], from: 2s, until: 3500ms }",
    "  - { linkDown: [core, south], from: 9s }",
    "  - { degrade: [core, north], direction: forth, delay: 11500us, from: 5s }",
    "  - { degrade: [north, core], direction: forth, delay: 11500us, from: 5s }",
    "  - { degrade: [south, core], direction: forth, loss: 494949ppm, from: 1s, until: 4s }",
    "  - { degrade: [south, core], direction: forth, loss: 10101ppm, from: 4s }",
  );
  expect(scenario).toEqual(written);
});

// --- the twin: each line as it stands, asked moment by moment ---

interface Sample {
  readonly at: number;
  readonly isBack: boolean;
  readonly value: number;
}

const samples = fc
  .array(
    fc.record({ at: fc.integer({ min: 0, max: 9 }), isBack: fc.boolean(), value: fc.integer({ min: 0, max: 4 }) }),
    {
      minLength: 1,
      maxLength: 8,
    },
  )
  .map((list) => {
    const sorted = list.toSorted((one, other) => one.at - other.at);
    return sorted.filter(
      ({ at, isBack }, index) => !sorted.slice(0, index).some((one) => one.at === at && one.isBack === isBack),
    );
  });

function table(kind: string, list: readonly Sample[]): string {
  const ends = (isBack: boolean): string => (isBack ? "north,core" : "core,north");
  return csv(`time_s,from,to,${kind}`, ...list.map(({ at, isBack, value }) => `${at},${ends(isBack)},${value}`));
}

/** What the link loses and how long it takes from one end to the other, at the middle of each second. */
function watched({ topology, faults }: Scenario, isBack: boolean): readonly (readonly [number, number])[] {
  return Array.from({ length: 10 }, (_, second) => {
    const moment = micros(second * 1_000_000 + 500_000);
    const [link] = asItIsAt(topology, faults, moment).topology.links;
    const way = isBack ? link?.back : link?.forth;
    return [way?.delay ?? -1, way?.loss ?? 0];
  });
}

/** The same by looking up the last line of that direction. */
function lookedUp(list: readonly Sample[], isBack: boolean, own: number, factor: number): readonly number[] {
  return Array.from({ length: 10 }, (_, second) => {
    const last = list.findLast((sample) => sample.at <= second && sample.isBack === isBack);
    return last === undefined ? own : last.value * factor;
  });
}

function isLikeTwin(list: readonly Sample[], spoil: (faults: readonly Fault[]) => readonly Fault[]): boolean {
  const tables = { "delays.csv": table("delay_ms", list), "losses.csv": table("loss_percent", list) };
  const { scenario } = read(tables, "links: { defaults: { delay: 2ms, loss: 3% } }", measured("delays", "losses"));
  const seen = { ...scenario, faults: spoil(scenario.faults) };
  return [false, true].every((isBack) => {
    const delays = lookedUp(list, isBack, 2_000, 1_000);
    const losses = lookedUp(list, isBack, 30_000, 10_000);
    return watched(seen, isBack).every(
      ([delay, loss], second) => delay === delays[second] && Math.abs(loss - (losses[second] as number)) <= 1,
    );
  });
}

test("at every moment a link is as the last line before it says; a run that leaves a line's fault out is not like that", () => {
  let changes = 0;
  fc.assert(
    fc.property(samples, (list) => {
      expect(isLikeTwin(list, (faults) => faults)).toBe(true);
      const { faults } = read(
        { "delays.csv": table("delay_ms", list) },
        "links: { defaults: { delay: 2ms } }",
        measured("delays"),
      ).scenario;
      if (faults.length === 0) return;
      changes += faults.length;
      expect(
        isLikeTwin(list, (all) => all.filter((fault) => JSON.stringify(fault) !== JSON.stringify(faults.at(-1)))),
      ).toBe(false);
    }),
    { numRuns: 40 },
  );
  expect(changes).toBeGreaterThan(0);
});

// --- times ---

describe("times", () => {
  test("an hour that is there twice is read in the order of the lines, which is told", () => {
    const hours = ["02:10", "02:50", "02:10", "02:50"].map((time, at) => `2026-10-25T${time}:00,core,north,${at + 1}`);
    const zoned = measured("delays", "timeZone: Europe/Prague");
    const { scenario, replayed } = read({ "delays.csv": csv("time,from,to,delay_ms", ...hours) }, zoned, "settle: 1s");
    // Forty minutes after the first one is past the load.
    expect(scenario.topology.links[0]?.forth.delay).toBe(1_000);
    const notes = replayed[0]?.notes.map(({ kind, what, count }) => `${kind} ${count} ${what}`);
    expect(notes).toContain(
      "assumed 4 a time that the clocks of Europe/Prague show twice: the first that does not go backwards",
    );
    expect(notes).toContain("dropped 3 a line of a time after the load");
  });

  test("lines before the run begins say how a link is then", () => {
    const lines = csv(
      "unix_s,from,to,state",
      "90,core,north,down",
      "95,core,north,up",
      "99,core,north,down",
      "130,core,north,up",
    );
    const { scenario } = read({ "outages.csv": lines }, measured("outages", 'begins: "1970-01-01T00:01:40Z"'));
    expect(scenario.faults).toEqual([
      { kind: "linkDown", a: "core", b: "north", direction: "both", from: 0, until: 30_000_000 },
    ]);
  });
});

// --- what is refused ---

const head = "time,from,to,state";
const dayTime = "2026-03-29T00:00:00Z";
test.each([
  [
    ["time_s,from,to,state", "5,core,north,down", "4,core,north,up"],
    "3:1: expected a time not before 5 of a line above, found 4; sort the lines by time",
  ],
  [[head, "2026-03-29T00:00:00,core,north,down"], "2:1: expected a time with its offset"],
  [[head, `${dayTime},core,nort,down`], '2:22: expected the name of a cloudlet, found "nort"; did you mean "north"?'],
  [
    [head, `${dayTime},north,south,down`],
    "2:22: expected the two ends of a link, found north and south; north has links to core",
  ],
  [[head, `${dayTime},core,north,broken`], '2:33: expected up or down, found "broken"; mend it'],
  [[head, `${dayTime},core,north,`], "2:33: expected up or down, found an empty cell; mend it"],
  [[head, `${dayTime},,north,up`], "2:22: expected the name of a cloudlet, found an empty cell; name one"],
  [
    [head, `${dayTime},core,north,up`, `${dayTime},north,core,down`],
    "3:33: expected one value of north and core at this time, found up in line 2 and down here; keep one",
  ],
  [[head], "1:1: expected a line of column names (time or time_us"],
  [
    [],
    "1:1: expected a line of column names (time or time_us or time_ms or time_s or unix_us or unix_ms or unix_s, from, to, state) and a line for each entry, found nothing",
  ],
  [["when,from,to,state", "1,core,north,up"], "1:1: expected a column time or time_us or"],
  [["time_s,time,from,to,state", "1,2,core,north,up"], "1:8: expected one column of time or"],
  [
    ["time_s,from,to,state", "-1,core,north,up"],
    '2:1: expected s since the run began, a number from 0 up, found "-1"; mend it',
  ],
  [[head, `"2026-03-29T00:00:00Z,core,north,down`], "expected a table of comma-separated values"],
])("a table of outages %j is refused with its place", (lines, message) => {
  const outcome = outcomeOf({ "outages.csv": csv(...lines) }, measured("outages"));
  expect(outcome.kind === "invalid" && renderProblems(outcome.problems)).toContain(
    `maps/outages.csv:${message.startsWith("expected") ? "" : message}`,
  );
  expect(outcome.kind === "invalid" && renderProblems(outcome.problems)).toContain(message);
});

test.each([
  [
    "delays",
    ["time_s,from,to,rtt_ms", "1,core,north,4,5"],
    "2:16: expected no more cells than the 4 of the first line, found 5; put cells with a comma in quotes, and write decimals with a point",
  ],
  ["delays", ["time_s,from,to,rtt_ms", "1,core,north,-4"], '2:14: expected ms from 0 up to a day, found "-4"; mend it'],
  [
    "delays",
    ["time_s,from,to,rtt", "1,core,north,4"],
    "1:1: expected a column rtt_us or rtt_ms or rtt_s or delay_us or delay_ms or delay_s, found time_s, from, to, rtt; name it in the first line, with its unit",
  ],
  [
    "losses",
    ["time_s,from,to,loss", "1,core,north,5"],
    '2:14: expected a share from 0 to 1 (percent have a column loss_percent), found "5"; mend it',
  ],
  [
    "losses",
    ["time_s,from,to,loss_percent", "1,core,north,101"],
    '2:14: expected percent from 0 to 100, found "101"; mend it',
  ],
  [
    "losses",
    ["time_s,from,to,loss", "1,core,north,0.1", "1,core,north,0.2"],
    "3:14: expected one value of core and north at this time, found 0.1 in line 2 and 0.2 here; keep one",
  ],
])("a table of %s %j is refused with its place", (key, lines, message) => {
  const outcome = outcomeOf({ [`${key}.csv`]: csv(...lines) }, measured(key));
  expect(outcome.kind === "invalid" && renderProblems(outcome.problems)).toBe(`maps/${key}.csv:${message}\n`);
});

test("what the section itself says wrong is told where it stands", () => {
  const told = (...keys: readonly string[]): string => {
    const outcome = outcomeOf({ "outages.csv": csv(head, `${dayTime},core,north,up`) }, measured(...keys));
    return outcome.kind === "invalid" ? renderProblems(outcome.problems) : "";
  };
  expect(told("outages", "timeZone: Europe/Praha")).toBe(
    'maps/story.yaml:8:45: measured.timeZone: expected the name of a time zone such as Europe/Prague, found "Europe/Praha"; write it as the IANA database does\n',
  );
  expect(told("outages", "begins: noon")).toContain("maps/story.yaml:8:43: measured.begins: expected a time such as");
  expect(told("delays")).toContain("measured.delays: expected a table that the scenario's file names");
});

// --- hostile tables ---

const nasty = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "1",
    "-1",
    "1e999",
    "1e-9",
    "NaN",
    "up",
    "down",
    "core",
    "north",
    "put",
    "get",
    "ada",
    "__proto__",
    '"',
    "0.5",
    "3,3",
  ),
  fc.constantFrom(
    "2026-03-29T02:30:00",
    "2026-10-25T02:30:00Z",
    "0000-01-01T00:00:00",
    "9999-12-31T23:59:59.9999999-23:59",
    "1970-01-01T00:00",
  ),
  fc.string({ maxLength: 6, unit: "binary" }),
);
const sound: Readonly<Record<string, readonly (readonly string[])[]>> = {
  outages: [
    ["time", "from", "to", "state"],
    ["2026-03-29T01:59:00", "core", "north", "down"],
    ["2026-03-29T01:59:30", "core", "north", "up"],
  ],
  delays: [
    ["unix_us", "from", "to", "rtt_ms"],
    ["7", "core", "north", "3"],
    ["8", "north", "core", "4.5"],
  ],
  losses: [
    ["time_s", "from", "to", "loss"],
    ["1", "core", "south", "0.25"],
    ["2", "core", "south", "0"],
  ],
  operations: [
    ["time_ms", "site", "session", "verb", "key", "size_bytes"],
    ["1", "core", "ada", "put", "x", "9"],
    ["2", "north", "ada", "get", "x", ""],
  ],
};

test("a table in which one cell is something else is read, or refused with a place in it", () => {
  const seen = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(sound)), fc.nat(2), fc.nat(5), nasty, (key, row, column, cell) => {
      const rows = (sound[key] ?? []).map((cells, at) =>
        cells.map((one, index) => (at === row && index === column ? cell : one)).join(","),
      );
      const outcome = outcomeOf(
        { [`${key}.csv`]: csv(...rows) },
        measured(key, "timeZone: Europe/Prague", 'keys: "state/"'),
      );
      seen[outcome.kind === "scenario" ? "read" : "refused"] += 1;
      const places = outcome.kind === "invalid" ? outcome.problems : [];
      for (const { file, line, column: at } of places)
        expect([file, line > 0 && at > 0]).toEqual([`maps/${key}.csv`, true]);
    }),
    { numRuns: 200 },
  );
  expect(Math.min(seen.read, seen.refused)).toBeGreaterThan(0);
});
