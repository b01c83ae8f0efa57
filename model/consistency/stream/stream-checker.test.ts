// Streams by tables: what is certain while lines come, what only at the end, and what is forgotten on the way.

import { describe, expect, test } from "vitest";
import { StreamChecker } from "./stream-checker.ts";
import { type StreamEnd, streamLimits, streamModels, type StreamOperation } from "./stream-types.ts";

/** Lines `a w x 1`, `a r x 0`, `a w? x 1`, `a w! x 1`, `a r s {1,2}` (with `~` in a stream whose writes say what they replace) and
 * `a + l 1`, after semicolons or line feeds. */
function operations(text: string): readonly StreamOperation[] {
  return text
    .split(/[;\n]/)
    .map((row) => row.trim())
    .filter((row) => row !== "")
    .map((row, at) => {
      const [session = "", what = "", key = "", value = ""] = row.split(" ");
      const values = value.match(/\w+/g) ?? [];
      return {
        line: at + 1,
        session,
        key,
        kind: what.startsWith("r") ? "read" : "write",
        outcome: what.endsWith("?") ? "unknown" : what.endsWith("!") ? "failed" : "ok",
        versions: values.map((id) => ({ id: id === "0" ? null : id, text: `${key} = ${id}` })),
        text: `${what} ${key} = ${value}`,
        isRegister: !/[{[]/.test(value),
        showsMore: what === "r" && /[{[]/.test(value) && !value.endsWith("~"),
        isElement: what.startsWith("+"),
      };
    });
}

/** The line at which the answer was certain (0: only at the end), and the answer in short. */
function judged(text: string, limits = streamLimits, checker = new StreamChecker(streamModels, limits)): string {
  let line = 0;
  for (const operation of operations(text)) {
    checker.add(operation);
    if (!checker.isOver) continue;
    line = operation.line;
    break;
  }
  return `${line}: ${shortly(checker.end())}`;
}

function shortly(end: StreamEnd): string {
  if (end.kind === "holds") return "holds";
  if (end.kind !== "violated") return `${end.kind}: ${end.reason}`;
  const { models, pattern, operations: told } = end.violation;
  return `${models.join("+")} ${pattern} ${told.map((step) => step.line).join(" ")}`;
}

describe("certain at once", () => {
  test.each([
    ["a write that was replaced in the reader's past", "a w x 1; a w x 2; b r x 2; b r x 1", "4: CC WriteCORead 1 2 4"],
    [
      "the same over two sessions",
      "a w x 1; a w y 1; b r y 1; b w x 2; c r x 2; c r x 1; c r x 2",
      "6: CC WriteCORead 1 4 6",
    ],
    ["a session that lost its own write", "a w x 1; a r x 0", "2: CC WriteCOInitRead 1 2"],
    ["a session that saw a write and lost it", "b w x 1; a r x 1; a r x 0", "3: MR+CC WriteCOInitRead 1 3"],
    [
      "reads that went back between concurrent writes",
      "a w x 1; b w x 2; c r x 1; c r x 2; c r x 1",
      "5: MR NonMonotonicRead 1 2 5",
    ],
    ["a read before its own write", "a r x 1; a w x 1", "2: CC CyclicCO 1 2"],
    ["two that read each other's future", "a r x 1; b r y 1; a w y 1; b w x 1", "4: CC CyclicCO 2 3 1 4"],
    ["a read that had to wait for its line", "b r x 2; b r x 1; a w x 1; a w x 2", "4: CC WriteCORead 3 4 2"],
    [
      "a value written twice",
      "a w x 1; b w x 1",
      "2: not-applicable: x = 1 is there twice, at line 1 and at line 2: a read of it may have returned either",
    ],
    [
      "a write of what was there",
      "a w x 0",
      "1: not-applicable: x = 0 is there twice, as the initial value and at line 1: a read of it may have returned either",
    ],
  ])("%s", (_, text, answer) => {
    expect(judged(text)).toBe(answer);
  });
});

describe("certain at the end", () => {
  test.each([
    ["nothing", "", "0: holds"],
    [
      "concurrent writes that two sessions see in two orders",
      "a w x 1; b w x 2; c r x 1; c r x 2; d r x 2; d r x 1",
      "0: holds",
    ],
    ["a write that never came", "a r x 1", "0: MR+CC ThinAirRead 1"],
    ["a write that failed", "a r x 1; b w! x 1", "0: MR+CC AbortedRead 2 1"],
    ["a write of unknown outcome that nobody read", "a w x 1; a w? x 2; a r x 1", "0: holds"],
    ["one that was read", "a w x 1; a w? x 2; b r x 2; b r x 1", "4: CC WriteCORead 1 2 4"],
    [
      "one that was read after another read had passed it over",
      "a w x 1; a w? x 2; a r x 1; b r x 2",
      "0: unknown: line 2, whose outcome nobody told, was read only after another read had passed it over",
    ],
    ["sets say what was seen, and no more", "a w x 1; a w x 2; b r x {1,2}~; b r x {1}~", "0: holds"],
    [
      "where writes do not say what they replace, sets ask for more",
      "a w x 1; b r x {1}",
      "0: unknown: line 2 reads several values; what sets show is judged in whole histories only",
    ],
    ["what a set showed is in the past", "a w x 1; a w y 1; b r y {1}; b r x 0", "4: CC WriteCOInitRead 1 4"],
  ])("%s", (_, text, answer) => {
    expect(judged(text)).toBe(answer);
  });
});

describe("with little memory", () => {
  /** Two sessions take turns at one key, each reading what the other wrote. */
  const turns = (count: number): string =>
    Array.from({ length: count }, (_, at) => {
      const [writer, reader] = at % 2 === 0 ? ["a", "b"] : ["b", "a"];
      return `${writer} w x ${at + 1}\n${reader} r x ${at + 1}`;
    }).join("\n");
  const tight = { ...streamLimits, firstLook: 4, remembered: 3 };

  test("what everybody has seen replaced is forgotten", () => {
    const checker = new StreamChecker(streamModels, tight);
    let most = 0;
    for (const operation of operations(turns(500))) {
      checker.add(operation);
      most = Math.max(most, checker.versionCount);
    }
    expect(checker.end()).toEqual({ kind: "holds" });
    expect(most).toBeLessThanOrEqual(4);
  });

  test("a session that says nothing any more keeps nothing alive", () => {
    const checker = new StreamChecker(streamModels, { ...tight, idle: 20 });
    let most = 0;
    for (const operation of operations(`c r x 0\n${turns(500)}`)) {
      checker.add(operation);
      most = Math.max(most, checker.versionCount);
    }
    expect(checker.end()).toEqual({ kind: "holds" });
    expect(most).toBeLessThan(30);
  });

  test("a read of what was forgotten is a violation by its name alone", () => {
    expect(judged(`${turns(10)}\nb r x 8`, tight)).toBe("21: CC WriteCORead 15 17 21");
  });

  test("where even the name is gone, it is one at the end", () => {
    expect(judged(`${turns(10)}\nb r x 1`, tight)).toBe("0: MR+CC ThinAirRead 21");
  });

  test("a session that is first heard of afterwards may read what was forgotten", () => {
    expect(judged(`${turns(10)}\nc r x 8`, tight)).toBe(
      "0: unknown: line 21 returned what had been forgotten before its session was heard of",
    );
    expect(judged(`${turns(10)}\nc r x 1`, tight)).toBe(
      "0: unknown: line 21 returned what nobody wrote, or what had been forgotten",
    );
  });

  test("one that was taken to have ended is such a session when it comes back", () => {
    const text = `c r x 0\n${turns(20)}\nc r x 12`;
    expect(judged(text, { ...tight, idle: 20 })).toContain("unknown");
    expect(judged(text, tight)).toBe("0: holds");
  });

  test("a read that waits too long is let go, and then nothing holds", () => {
    const text = "a r x 1; a r y 0; a r y 0; a r y 0; b w x 1";
    expect(judged(text, { ...streamLimits, waiting: 2 })).toBe(
      "0: unknown: line 5 wrote what a read had returned so many lines before that it was let go",
    );
    expect(judged("a r x 1; a w y 1; a r y 0; a r y 0", { ...streamLimits, waiting: 2 })).toBe(
      "3: CC WriteCOInitRead 2 3",
    );
  });

  test("elements of lists stay readable", () => {
    const text = "a + l 1; b r l [1]; a + l 2; b r l [1,2]; a + l 3; b r l [1,2,3]; a + l 4; a + l 5; c r l [1]";
    expect(judged(text, { ...tight, firstLook: 2, remembered: 1 })).toBe(
      "0: unknown: line 1 appends to a list; what lists show is judged in whole histories only",
    );
  });
});
