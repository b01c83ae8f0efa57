// Histories written in every format: what the files look like, what is read from them again, and what is refused.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { prop } from "../../../properties/prop.ts";
import { checkHistory } from "../check.ts";
import type { History } from "../history.ts";
import { eventsInOrder } from "./events.ts";
import { readHistory } from "./read-history.ts";
import { told, toldHistory } from "./testing.ts";
import { utf8 } from "./text.ts";
import { type WrittenFormatName, writeHistory, writtenFormats } from "./write-history.ts";
import { jsonlHeader, jsonlLine, type JsonlOperation } from "./write-jsonl.ts";

const read = (text: string, format?: WrittenFormatName) =>
  readHistory(utf8(text), { fileName: "h", ...(format !== undefined && { format }) });

const historyOf = (text: string) => {
  const outcome = read(text);
  if (outcome.kind === "refused") throw new Error(told(outcome));
  return outcome.history;
};

const written = (text: string, format: WrittenFormatName) => {
  const outcome = writeHistory(historyOf(text), format);
  return outcome.kind === "written" ? { text: [...outcome.pieces].join(""), notes: outcome.notes } : outcome;
};

const timed = `{"causeway-history":1,"timeUnit":"us"}
{"session":"a","op":"write","key":"x","value":1,"start":1,"end":4}
{"session":"b","op":"write","key":"x","value":2,"outcome":"failed","start":2,"end":3}
{"session":"a","op":"read","key":"x","value":1,"start":4,"end":5}
{"session":"c","op":"write","key":"y","value":"t","outcome":"unknown","start":4}
`;

const transactions = "w(1,1,0,0)\nr(2,0,0,0)\nw(2,5,1,1)\nw(1,9,1,-1)\nr(2,5,0,2)\n";

const lists = `{"session":1,"op":"append","key":"l","value":1}
{"session":2,"op":"read","key":"l","values":[1]}
`;

const sets = `{"session":1,"op":"write","key":"s","value":1}
{"session":2,"op":"read","key":"s","values":[1,2]}
`;

describe("what files look like", () => {
  test("Jepsen's EDN: events in the order of their times, which are nanoseconds", () => {
    expect(written(timed, "jepsen-edn")).toEqual({
      text: `[{:index 0, :type :invoke, :process 0, :f :write, :value ["x" 1], :time 1000}
 {:index 1, :type :invoke, :process 1, :f :write, :value ["x" 2], :time 2000}
 {:index 2, :type :fail, :process 1, :f :write, :value ["x" 2], :time 3000}
 {:index 3, :type :invoke, :process 2, :f :write, :value ["y" "t"], :time 4000}
 {:index 4, :type :ok, :process 0, :f :write, :value ["x" 1], :time 4000}
 {:index 5, :type :invoke, :process 0, :f :read, :value ["x" nil], :time 4000}
 {:index 6, :type :info, :process 2, :f :write, :value ["y" "t"]}
 {:index 7, :type :ok, :process 0, :f :read, :value ["x" 1], :time 5000}]
`,
      notes: ["sessions are numbered: the format needs whole numbers, each with one meaning"],
    });
  });

  test("Jepsen's JSON: transactions and lists", () => {
    expect(written(transactions, "jepsen-json")).toEqual({
      text: `[{"index":0,"type":"ok","process":0,"f":"txn","value":[["w",1,1],["r",2,null]]},
 {"index":1,"type":"ok","process":0,"f":"txn","value":[["r",2,5]]},
 {"index":2,"type":"ok","process":1,"f":"txn","value":[["w",2,5]]},
 {"index":3,"type":"fail","process":1,"f":"txn","value":[["w",1,9]]}]
`,
      notes: ["the history has no times: completions are written alone, without invocations"],
    });
    expect(written(lists, "jepsen-json")).toMatchObject({
      text: `[{"index":0,"type":"ok","process":1,"f":"txn","value":[["append","l",1]]},
 {"index":1,"type":"ok","process":2,"f":"txn","value":[["r","l",[1]]]}]
`,
    });
  });

  test("Plume's text: everything in whole numbers", () => {
    expect(written(timed, "plume")).toEqual({
      text: "w(0,1,0,0)\nr(0,1,0,1)\nw(0,2,1,-1)\n",
      notes: [
        "keys are numbered: the format needs whole numbers, each with one meaning",
        "sessions are numbered: the format needs whole numbers, each with one meaning",
        "values are numbered: the format needs whole numbers, each with one meaning",
        "operations of unknown outcome that nobody read are left out: 1",
        "the format cannot say, and the file does not: times",
      ],
    });
    expect(written(transactions, "plume")).toMatchObject({
      text: "w(1,1,0,0)\nr(2,0,0,0)\nr(2,5,0,1)\nw(2,5,1,2)\nw(1,9,1,-1)\n",
      notes: [],
    });
  });

  test("dbcop's JSON", () => {
    expect(written(transactions, "dbcop")).toEqual({
      text: `[[
{"events":[{"Write":{"variable":1,"version":1}},{"Read":{"variable":2,"version":null}}],"committed":true},
{"events":[{"Read":{"variable":2,"version":5}}],"committed":true}],
[
{"events":[{"Write":{"variable":2,"version":5}}],"committed":true},
{"events":[{"Write":{"variable":1,"version":9}}],"committed":false}]]
`,
      notes: ["sessions are numbered from 1 by their places"],
    });
  });

  test("sets in Jepsen's EDN", () => {
    expect(written(sets, "jepsen-edn")).toMatchObject({
      text: `[{:index 0, :type :ok, :process 1, :f :write, :value ["s" 1]}
 {:index 1, :type :ok, :process 2, :f :read, :value ["s" #{1 2}]}]
`,
    });
  });

  test("what was read counts as done, and everything else that is lost is named", () => {
    const text = `{"causeway-history":1,"timeUnit":"us","replaces":true}
{"session":1,"op":"write","key":1,"value":1,"version":"a1","outcome":"unknown","replica":"hub","seen":"m"}
{"session":2,"op":"read","key":1,"value":1,"version":"a1","final":true}
{"session":2,"op":"delete","key":1,"version":"b1","replaces":["a1"]}
{"session":1,"op":"write","key":1,"value":1,"version":"a2"}
`;
    expect(written(text, "plume")).toEqual({
      text: "w(1,1,1,0)\nw(1,3,1,1)\nr(1,1,2,2)\nw(1,2,2,3)\n",
      notes: [
        "values are numbered: the format needs whole numbers, each with one meaning",
        "writes of unknown outcome that were read are written as done: 1",
        "the format cannot say, and the file does not: replicas, what writes replace, what replicas had seen, which reads are final, that deletes are no writes",
      ],
    });
    expect(written(text, "jepsen-edn")).toMatchObject({
      notes: [
        "the history has no times: completions are written alone, without invocations",
        "values are numbered, since they repeat",
        "sessions that go on after an operation of unknown outcome, which readers take for new ones: 1",
        "the format cannot say, and the file does not: replicas, what writes replace, what replicas had seen, which reads are final, that deletes are no writes",
      ],
    });
  });
});

test.each([
  [
    sets,
    "plume",
    'expected reads of single values, as Plume text has them, found reads of several values at key "s" (line 1); write jsonl or jepsen-edn, which know them',
  ],
  [
    lists,
    "dbcop",
    'expected reads of single values, as dbcop\'s JSON has them, found reads of lists at key "l" (line 1); write jsonl or jepsen-edn, which know them',
  ],
  [
    `${lists}${sets}`,
    "jepsen-json",
    'expected no sets in transactions, as Jepsen\'s JSON has them, found reads of several values at key "s" (line 3); write jsonl or jepsen-edn, which know them',
  ],
  [
    `{"causeway-history":1,"init":"explicit","zero":0}\n{"session":"i","op":"write","key":"x","value":0}\n{"session":"a","op":"read","key":"y","value":null}\n`,
    "jepsen-json",
    'expected keys that hold nothing in the beginning, as Jepsen\'s JSON has them, found nothing where there is no beginning at key "y" (line 3); write jsonl, or plume or dbcop, which number values',
  ],
  [
    `{"causeway-history":1,"init":"none"}\n{"session":"a","op":"write","key":"x","value":null}\n`,
    "jepsen-edn",
    'expected keys that hold nothing in the beginning, as Jepsen\'s EDN has them, found nothing where there is no beginning at key "x" (line 2); write jsonl, or plume or dbcop, which number values',
  ],
  [
    `{"session":"a","op":"write","key":"x","value":1}\n{"session":"a","op":"write","key":"x","value":null}\n`,
    "dbcop",
    'expected writes of values that no key begins with, as dbcop\'s JSON has them, found a write of the initial value at key "x" (line 2); write jsonl, jepsen-edn or plume, which know it',
  ],
] as const)("%j is not written as %s", (text, format, message) => {
  const outcome = writeHistory(historyOf(text), format);
  if (outcome.kind === "written") throw new Error("it is written");
  const { expected, found, remedy, line } = outcome;
  expect(`expected ${expected}, found ${found} (line ${line}); ${remedy}`).toBe(message);
});

// --- round trips ---

const integer = fc.integer({ min: 1, max: 5 });
const name = fc.oneof(integer, fc.constantFrom("x", "y", 'é\n"', ":k"));

/** Operations that every format can say: registers, decided outcomes, whole numbers, a value once per key. */
const plainRows = fc.array(
  fc.record({
    session: fc.integer({ min: 0, max: 3 }),
    isRead: fc.boolean(),
    key: integer,
    value: fc.integer({ min: 0, max: 9 }),
    hasFailed: fc.boolean(),
    joins: fc.boolean(),
  }),
  { minLength: 1, maxLength: 12 },
);
const plain = plainRows.map((rows) => {
  const used = new Set<string>();
  let transaction = 0;
  const lines = rows.flatMap(({ session, isRead, key, value, hasFailed, joins }) => {
    if (!joins) transaction += 1;
    const pair = `${key}/${value}`;
    const isLost = isRead ? hasFailed : value === 0 || used.has(pair);
    if (isLost) return [];
    if (!isRead) used.add(pair);
    return [`${isRead ? "r" : "w"}(${key},${value},${session},${!isRead && hasFailed ? -1 : transaction})`];
  });
  return lines.length === 0 ? "w(1,1,0,0)" : lines.join("\n");
});

for (const format of writtenFormats) {
  prop(`whole numbers survive ${format}`, plain, (text) => {
    const first = read(text);
    const outcome = writeHistory(historyOf(text), format);
    if (outcome.kind === "refused") throw new Error("it is written");
    const again = read([...outcome.pieces].join(""), format);
    const bySession = (text: string) =>
      text
        .replaceAll(/^\d+: /gm, "")
        .split("\n")
        .sort()
        .join("\n");
    const options = { sessionNames: false };
    // A value that is unique at its key alone is numbered for dbcop.
    if (format === "dbcop" && outcome.notes.some((note) => note.startsWith("values are numbered")))
      expect(told(again, options).replaceAll(/[1-9]\d*/g, "n")).toBe(told(first, options).replaceAll(/[1-9]\d*/g, "n"));
    else expect(bySession(told(again, options))).toBe(bySession(told(first, options)));
  });
}

/** Lines that begin keys, or do not, under any policy of initial values. */
const begun = fc.record({
  init: fc.constantFrom("implicit", "explicit", "none"),
  rows: fc.array(
    fc.record({
      session: fc.integer({ min: 0, max: 2 }),
      op: fc.constantFrom("read", "write"),
      key: fc.constantFrom("x", "y"),
      value: fc.constantFrom(null, 0, 1, 2),
    }),
    { minLength: 1, maxLength: 8 },
  ),
});

for (const format of writtenFormats) {
  const census = new Map<string, number>();
  prop(
    `what begins a key begins it in ${format}, too, or the history is refused`,
    begun,
    ({ init, rows }) => {
      const header = `{"causeway-history":1,"init":"${init}","zero":0}\n`;
      const text = header + rows.map((row) => `${JSON.stringify(row)}\n`).join("");
      const first = read(text);
      // Nothing but beginnings is no history.
      if (first.kind === "refused") return;
      const outcome = writeHistory(first.history, format);
      census.set(outcome.kind, (census.get(outcome.kind) ?? 0) + 1);
      if (outcome.kind === "refused") return;
      const again = read([...outcome.pieces].join(""), format);
      if (again.kind === "refused") throw new Error(told(again));
      const models = ["RYW", "CC", "CCv", "RC", "SER"] as const;
      const kinds = (history: History): readonly string[] =>
        Array.from(checkHistory(history, { models }).verdicts.values(), ({ kind }) => kind);
      expect(kinds(again.history)).toEqual(kinds(first.history));
    },
    { numRuns: 500 },
  );

  test(`histories are written as ${format}, and some refused where it cannot tell them`, () => {
    expect(census.get("written")).toBeGreaterThan(100);
    expect((census.get("refused") ?? 0) > 0).toBe(format !== "jsonl" && format !== "plume");
  });
}

const outcomeName = fc.constantFrom<"ok" | "failed" | "unknown">("ok", "ok", "ok", "failed", "unknown");

/** Anything that our own format can say; keys by kind, so that lines do not contradict each other. */
const anyOperation: fc.Arbitrary<JsonlOperation> = fc
  .record({
    session: name,
    what: fc.constantFrom("register", "set", "list", "named"),
    isRead: fc.boolean(),
    isDelete: fc.boolean(),
    value: fc.oneof(fc.integer(), fc.string({ unit: "binary" }), fc.double({ noNaN: true, noDefaultInfinity: true })),
    more: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
    nothing: fc.boolean(),
    outcome: outcomeName,
    start: fc.integer({ min: 0, max: 20 }),
    length: fc.integer({ min: 0, max: 5 }),
    extras: fc.record({ replica: name, seen: fc.constantFrom("m", "n"), final: fc.boolean() }, { requiredKeys: [] }),
    isTimed: fc.boolean(),
  })
  .map((row): JsonlOperation => {
    const value = Object.is(row.value, -0) ? 0 : row.value;
    const version = `v${JSON.stringify(value)}`;
    const base = {
      session: row.session,
      key: row.what,
      outcome: row.outcome,
      ...(row.isTimed && { start: row.start, end: row.start + row.length }),
      ...row.extras,
    };
    const isPlural = row.what === "set" || row.what === "list";
    if (row.isRead) {
      if (isPlural) return { ...base, op: "read", values: row.more };
      if (row.nothing) return { ...base, op: "read", value: null };
      return { ...base, op: "read", value, ...(row.what === "named" && { version }) };
    }
    if (row.what === "list") return { ...base, op: "append", value };
    if (row.what !== "named") return { ...base, op: "write", value };
    if (row.isDelete) return { ...base, op: "delete", version: `d${version}`, replaces: [version] };
    return { ...base, op: "write", value, version, replaces: row.more.map((each) => `v${each}`) };
  });
const anyOperations = fc.array(anyOperation, { minLength: 1, maxLength: 15 }).map((operations) => {
  // Operations of a session begin in its order.
  const last = new Map<string | number, number>();
  return operations.map((operation) => {
    if (operation.start === undefined) return operation;
    const start = Math.max(operation.start, last.get(operation.session) ?? 0);
    last.set(operation.session, start);
    return { ...operation, start, end: start + operation.end! - operation.start };
  });
});

prop(
  "our own format says everything again",
  fc.tuple(
    anyOperations,
    fc.constantFrom("ns", "us", "s", "steps" as const),
    fc.constantFrom("implicit", "explicit", "none" as const),
  ),
  ([operations, timeUnit, init]) => {
    const text = jsonlHeader({ timeUnit, init }) + operations.map(jsonlLine).join("");
    const history = historyOf(text);
    checkHistory(history);
    const outcome = writeHistory(history, "jsonl");
    if (outcome.kind === "refused") throw new Error("it is written");
    const again = historyOf([...outcome.pieces].join(""));
    expect(toldHistory(again)).toBe(toldHistory(history));
    expect([again.timeUnit, again.initialValues, again.duplicateCount]).toEqual([
      timeUnit,
      init,
      history.duplicateCount,
    ]);
  },
  { numRuns: 300 },
);

prop(
  "Jepsen's EDN says all of registers, sets and lists again, times included",
  anyOperations,
  (operations) => {
    // A process ends with an operation of unknown outcome, and repeated values would be numbered.
    const ended = new Set<string | number>();
    const kept = operations.filter(({ session, outcome: result, key }) => {
      if (ended.has(session) || key === "named") return false;
      if (result === "unknown") ended.add(session);
      return true;
    });
    const lines = kept.map(({ session, op, key, value, values, outcome: result, start, end }, at) =>
      jsonlLine({
        session,
        op,
        key,
        // What operations of unknown outcome read, it does not say.
        ...(value !== undefined && !(op === "read" && result === "unknown") && { value }),
        ...(values !== undefined && result !== "unknown" && { values }),
        ...(result !== undefined && { outcome: result }),
        // All have times, or none.
        ...(operations[0]?.start !== undefined && {
          start: 10 * at,
          ...(result !== "unknown" && { end: 10 * at + 1 + (end ?? 0) - (start ?? 0) }),
        }),
      }),
    );
    if (lines.length === 0) return;
    const history = historyOf(jsonlHeader({ timeUnit: "ns" }) + lines.join(""));
    const outcome = writeHistory(history, "jepsen-edn");
    if (outcome.kind === "refused") throw new Error("it is written");
    const again = historyOf([...outcome.pieces].join(""));
    // Sessions come in the order of their first events.
    const sorted = (text: string) =>
      text
        .replaceAll(/^\d+: /gm, "")
        .split("\n")
        .sort();
    expect(sorted(toldHistory(again, { sessionNames: false }))).toEqual(
      sorted(toldHistory(history, { sessionNames: false })),
    );
  },
  { numRuns: 300 },
);

test("events at one moment: others begin before anything ends, a session keeps its order", () => {
  const history = historyOf(
    `${jsonlHeader({ timeUnit: "us" })}${[
      { session: "a", start: 1, end: 5 },
      { session: "a", start: 5, end: 5 },
      { session: "b", start: 5, end: 6 },
      { session: "c", start: 0, end: 5 },
    ]
      .map(({ session, start, end }, at) => jsonlLine({ session, op: "write", key: "x", value: at, start, end }))
      .join("")}`,
  );
  const events = Array.from(eventsInOrder(history), (event) => `${event >> 1}${(event & 1) === 0 ? "(" : ")"}`);
  expect(events).toEqual(["3(", "0(", "2(", "0)", "3)", "1(", "1)", "2)"]);
});
