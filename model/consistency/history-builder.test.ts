// The builder by tables: how rows become columns, versions get numbers, and who takes part.

import { expect, test } from "vitest";
import { checkHistory } from "./check.ts";
import { ABSENT, INITIAL, operationKind, outcome } from "./history.ts";
import { HistoryBuilder } from "./history-builder.ts";
import { readsFrom } from "./reads-from.ts";

const { read, write } = operationKind;

/** Rows of "session r|w key value", in the order told. */
function built(rows: string, builder = new HistoryBuilder({ initialValues: "implicit", zero: 0 })) {
  rows.split(",").forEach((row, at) => {
    const [session, what, name, value] = row.trim().split(" ") as [string, string, string, string];
    const key = builder.key(name);
    const version = builder.version(key, Number(value));
    builder.add(
      builder.session(session),
      what === "w" ? write : read,
      outcome.ok,
      key,
      what === "w" ? version : 0,
      at + 1,
    );
    if (what === "r") builder.list(version);
  });
  return builder.build();
}

test("operations are numbered session after session, in the order of each session", () => {
  const history = built("b w x 1, a w x 2, b r x 2, a r x 0");
  expect([...history.sessionStart]).toEqual([0, 2, 4]);
  expect([...history.line]).toEqual([1, 3, 2, 4]);
  expect([...history.session]).toEqual([0, 0, 1, 1]);
  expect([...history.listed]).toEqual([2, INITIAL]);
  expect(history.sessions.of(1)).toBe("a");
  expect(history.values.of(2)).toBe("2");
  expect(history.values.of(INITIAL)).toBe("0");
});

test("the same value at two keys is two versions, the number and the text too", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const [x, y] = [builder.key("x"), builder.key("y")];
  const versions = [builder.version(x, 1), builder.version(y, 1), builder.version(x, "1"), builder.version(x, 1.5)];
  expect(new Set(versions).size).toBe(4);
  expect(builder.version(x, 1)).toBe(versions[0]);
  expect(builder.version(x, null)).toBe(INITIAL);
});

test("versions keep their numbers while the table grows", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const key = builder.key("x");
  const many = 20_000;
  for (let value = 1; value <= many; value += 1) expect(builder.version(key, value * 7_777_777)).toBe(value);
  for (let value = 1; value <= many; value += 1) expect(builder.version(key, value * 7_777_777)).toBe(value);
});

test("writes of the zero are the beginning where the history writes its own, and a doubt where it does not", () => {
  const explicit = built("a w x 0, b r x 0", new HistoryBuilder({ initialValues: "explicit", zero: 0 }));
  expect(explicit.operationCount).toBe(1);
  expect(explicit.duplicateCount).toBe(0);
  expect(built("a w x 0, b r x 0").duplicates).toEqual([{ first: ABSENT, second: 0 }]);
  expect(built("a w x 3, b w x 3").duplicates).toEqual([{ first: 0, second: 1 }]);
  const none = built("a w x 0, b r x 0", new HistoryBuilder({ initialValues: "none", zero: 0 }));
  expect(readsFrom(none).writerOf[none.listed[0]!]).toBe(0);
});

test("operations of one transaction stay side by side though sessions are told mixed", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const x = builder.key("x");
  const sessions = [builder.session(0), builder.session(1)] as const;
  for (let value = 1; value <= 3; value += 1) {
    builder.beginTransaction();
    const session = sessions[value % 2]!;
    builder.add(session, write, outcome.ok, x, builder.version(x, value * 10), value);
    builder.add(session, write, outcome.ok, x, builder.version(x, value * 10 + 1), value);
  }
  const history = builder.build();
  expect([...history.line]).toEqual([2, 2, 1, 1, 3, 3]);
  expect([...history.transactionStart!]).toEqual([0, 2, 4, 6]);
  expect([...history.transaction!]).toEqual([0, 0, 1, 1, 2, 2]);
});

test("an unknown write takes part once somebody read it; a failed one never does", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const [x, session] = [builder.key("x"), builder.session("a")];
  for (const [value, result] of [
    [1, outcome.unknown],
    [2, outcome.unknown],
    [3, outcome.failed],
  ] as const)
    builder.add(session, write, result, x, builder.version(x, value), value);
  for (const value of [1, 3, 4]) {
    builder.add(session, read, outcome.ok, x, INITIAL, value);
    builder.list(builder.version(x, value));
  }
  const found = readsFrom(builder.build());
  expect([...found.counts]).toEqual([1, 0, 0, 1, 1, 1]);
  expect(found.provenUnknown).toEqual([0]);
  expect(found.aborted).toEqual([4]);
  expect(found.thinAir).toEqual([5]);
});

test("an unknown transaction takes part with all that it wrote once one of its writes was read", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const [x, y] = [builder.key("x"), builder.key("y")];
  const [writer, reader] = [builder.session("a"), builder.session("b")];
  for (const value of [1, 2]) {
    builder.beginTransaction();
    for (const key of [x, y]) builder.add(writer, write, outcome.unknown, key, builder.version(key, value), value);
  }
  builder.endTransactions();
  builder.add(reader, read, outcome.ok, y, INITIAL, 3);
  builder.list(builder.version(y, 1));
  builder.add(reader, read, outcome.ok, x, INITIAL, 4);
  builder.list(INITIAL);
  const history = builder.build();
  expect([...readsFrom(history).counts]).toEqual([1, 1, 0, 0, 1, 1]);
  expect(checkHistory(history, { models: ["CC"] }).verdicts.get("CC")).toMatchObject({
    kind: "violated",
    evidence: { pattern: "WriteCOInitRead", operations: [0, 1, 4, 5] },
  });
});

test("what is known of a read of unknown outcome counts once a write of its transaction was read, over any number of steps", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const x = builder.key("x");
  for (const [from, to] of [
    [1, 2],
    [2, 3],
    [3, 4],
  ] as const) {
    builder.beginTransaction();
    builder.add(builder.session(from), read, outcome.unknown, x, INITIAL, from);
    builder.list(builder.version(x, from));
    builder.add(builder.session(from), write, outcome.unknown, x, builder.version(x, to), from);
  }
  builder.beginTransaction();
  builder.add(builder.session(9), write, outcome.unknown, x, builder.version(x, 9), 4);
  builder.add(builder.session(9), read, outcome.unknown, x, INITIAL, 4);
  builder.endTransactions();
  for (const value of [3, 9]) {
    builder.add(builder.session("reader"), read, outcome.ok, x, INITIAL, 5);
    builder.list(builder.version(x, value));
  }
  const found = readsFrom(builder.build());
  // The last read of nobody knows what says nothing.
  expect([...found.counts]).toEqual([1, 1, 1, 1, 0, 0, 1, 0, 1, 1]);
  expect(found.thinAir).toEqual([0]);
  expect(found.provenUnknown).toEqual([3, 6, 1]);
});

test("columns that few rows have are filled where they do not", () => {
  const builder = new HistoryBuilder({ initialValues: "implicit" });
  const [x, session] = [builder.key("x"), builder.session("a")];
  builder.add(session, write, outcome.ok, x, builder.version(x, 1), 1);
  builder.add(session, write, outcome.ok, x, builder.version(x, 2), 2);
  builder.times(10, 20);
  builder.at("c1");
  builder.seen("all");
  builder.isFinal();
  builder.add(session, write, outcome.ok, x, builder.version(x, 3), 3);
  const history = builder.build();
  expect([...history.start!]).toEqual([Number.NaN, 10, Number.NaN]);
  expect([...history.end!]).toEqual([Number.POSITIVE_INFINITY, 20, Number.POSITIVE_INFINITY]);
  expect([...history.replica!]).toEqual([ABSENT, 0, ABSENT]);
  expect([...history.seen!]).toEqual([0, 1, 0]);
  expect([...history.final!]).toEqual([0, 1, 0]);
});
