// Streams by tables: what is certain while lines come, what only at the end, and what is forgotten on the way.

import { describe, expect, test } from "vitest";
import { StreamChecker } from "./stream-checker.ts";
import {
  streamLimits,
  type StreamModel,
  streamModels,
  type StreamOperation,
  type StreamVerdict,
} from "./stream-types.ts";

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
        outcome: what.includes("?") ? "unknown" : what.endsWith("!") ? "failed" : "ok",
        versions: values.map((id) => ({ id: id === "0" || id === "_" ? null : id, text: `${key} = ${id}` })),
        text: `${what} ${key} = ${value}`,
        isRegister: !/[{[]/.test(value),
        showsMore: what === "r" && /[{[]/.test(value) && !value.endsWith("~"),
        isOfList: what.startsWith("+") || value.startsWith("["),
        isUnnamed: value === "_",
        isDelete: what === "d",
        mayBeNamed: text.includes(" d "),
        isInTransaction: what.endsWith("t"),
      };
    });
}

/** The line at which the answer was certain (0: only at the end), and the answer in short. */
function judged(text: string, limits = streamLimits, watched: readonly StreamModel[] = streamModels): string {
  const checker = new StreamChecker(watched, limits);
  let line = 0;
  for (const operation of operations(text)) {
    checker.add(operation);
    if (!checker.isOver) continue;
    line = operation.line;
    break;
  }
  return `${line}: ${shortly(checker.end())}`;
}

/** Violations with their lines, or else what is not known; models that hold are not named, and nor are others beside violated ones. */
function shortly(verdicts: ReadonlyMap<StreamModel, StreamVerdict>): string {
  const groups = new Map<string, StreamModel[]>();
  for (const [model, verdict] of verdicts) {
    const words = wordsOf(verdict);
    groups.set(words, [...(groups.get(words) ?? []), model]);
  }
  const isViolated = [...verdicts.values()].some(({ kind }) => kind === "violated");
  const told = [...groups].flatMap(([words, models]) =>
    words === "holds" || (isViolated && !/^[A-Z]/.test(words)) ? [] : [`${models.join("+")} ${words}`],
  );
  return told.length === 0 ? "holds" : told.join("; ").replace(streamModels.join("+"), "all");
}

function wordsOf(verdict: StreamVerdict): string {
  if (verdict.kind === "holds") return "holds";
  if (verdict.kind !== "violated") return `${verdict.kind}: ${verdict.reason}`;
  const { pattern, operations: told } = verdict.violation;
  return `${pattern} ${told.map((step) => step.line).join(" ")}`;
}

describe("certain at once", () => {
  test.each([
    [
      "a write that was replaced in the reader's past",
      "a w x 1; a w x 2; b r x 2; b r x 1",
      "4: MW+CC+CCv WriteCORead 1 2 3 4",
    ],
    [
      "the same over two sessions",
      "a w x 1; a w y 1; b r y 1; b w x 2; c r x 2; c r x 1; c r x 2",
      "6: CC+CCv WriteCORead 1 4 5 6",
    ],
    ["a session that lost its own write", "a w x 1; a r x 0", "2: RYW+CC+CCv WriteCOInitRead 1 2"],
    [
      "a session that saw a write and lost it",
      "b w x 1; a r x 1; a r x 0",
      "3: MR NonMonotonicRead 1 2 3; CC+CCv WriteCOInitRead 1 3",
    ],
    [
      "reads that went back between concurrent writes",
      "a w x 1; b w x 2; c r x 1; c r x 2; c r x 1",
      "5: MR NonMonotonicRead 1 2 5; CCv CyclicCF 1 3 4 2 5",
    ],
    ["a read before its own write", "a r x 1; a w x 1", "2: CC+CCv CyclicCO 1 2"],
    ["two that read each other's future", "a r x 1; b r y 1; a w y 1; b w x 1", "4: CC+CCv CyclicCO 2 3 1 4"],
    ["a read that had to wait for its line", "b r x 2; b r x 1; a w x 1; a w x 2", "4: MW+CC+CCv WriteCORead 3 4 1 2"],
    [
      "a value written twice",
      "a w x 1; b w x 1",
      "2: all not-applicable: x = 1 is there twice, at line 1 and at line 2: a read of it may have returned either",
    ],
    [
      "a write of what was there",
      "a w x 0",
      "1: all not-applicable: x = 0 is there twice, as the initial value and at line 1: a read of it may have returned either",
    ],
  ])("%s", (_, text, answer) => {
    expect(judged(text)).toBe(answer);
  });
});

describe("guarantees to sessions that a read breaks which CC forbids, too", () => {
  test.each([
    ["what it had replaced itself", "a w x 1; a w x 2; a r x 1", "3: RYW+CC+CCv WriteCORead 1 2 3"],
    [
      "what somebody else had replaced, its own or not",
      "a w x 1; b r x 1; b w x 2; a r x 2; a r x 1",
      "5: WFR+CC+CCv WriteCORead 1 2 3 4 5",
    ],
    [
      "what the writer of what the writer of what it had read had read",
      "a w x 1; b r x 1; b w x 2; c r x 2; c w x 3; d r x 3; d r x 1",
      "7: WFR WriteCORead 1 2 3 4 5 6 7; CC+CCv WriteCORead 1 2 3 7",
    ],
    [
      "what it had seen replaced by way of another key",
      "a w x 1; b r x 1; b w x 2; b w y 1; c r y 1; c r x 1",
      "6: CC+CCv WriteCORead 1 2 3 6",
    ],
    [
      "what it had read of this writer, in the wrong order",
      "a w x 1; a w x 2; b r x 2; b r x 1",
      "4: MW+CC+CCv WriteCORead 1 2 3 4",
    ],
  ])("%s", (_, text, answer) => {
    expect(judged(text)).toBe(answer);
  });
});

describe("conflicts", () => {
  test.each([
    ["each reads the other's write", "a w x 1; b w x 2; a r x 2; b r x 1", "4: CCv CyclicCF 1 3 2 4"],
    [
      "two sessions see two writes in two orders",
      "a w x 1; b w x 2; c r x 1; c r x 2; d r x 2; d r x 1",
      "6: CCv CyclicCF 1 3 4 2 5 6",
    ],
    [
      "two decisions on two keys, tied by session order",
      "a w x 1; a w y 1; b w y 2; b w x 2; c r x 2; c r x 1; d r y 1; d r y 2",
      "8: CCv CyclicCF 3 4 5 6 1 2 7 8",
    ],
    [
      "three decisions in a round over three keys",
      "a w x 1; a w y 1; b w y 2; b w z 2; c w z 3; c w x 3; d r y 1; d r y 2; e r z 2; e r z 3; f r x 3; f r x 1",
      "12: CCv CyclicCF 1 2 7 8 3 4 9 10 5 6 11 12",
    ],
  ])("%s", (_, text, answer) => {
    expect(judged(text)).toBe(answer);
  });

  test("do not end a check that is asked for less", () => {
    const text = "a w x 1; b w x 2; a r x 2; b r x 1; a w y 1";
    expect(judged(text, streamLimits, ["CC"])).toBe("0: CCv CyclicCF 1 3 2 4");
    expect(judged(`${text}; a r y 0`, streamLimits, ["CC"])).toBe(
      "6: RYW+CC WriteCOInitRead 5 6; CCv CyclicCF 1 3 2 4",
    );
  });
});

describe("certain at the end", () => {
  test.each([
    ["nothing", "", "0: holds"],
    ["a stale read of what lost nothing", "a w x 1; b w x 2; c r x 1; d r x 2; c r x 2; d r x 2", "0: holds"],
    ["a write that never came", "a r x 1", "0: all ThinAirRead 1"],
    ["a write that failed", "a r x 1; b w! x 1", "0: all AbortedRead 2 1"],
    ["a write of unknown outcome that nobody read", "a w x 1; a w? x 2; a r x 1", "0: holds"],
    [
      "one that was read",
      "a w? x 1; a w y 1; b r x 1; b w x 2; c r x 2; c r x 1",
      "6: WFR+CC+CCv WriteCORead 1 3 4 5 6",
    ],
    ["one that was still on its way when its session went on", "a w x 1; a w? x 2; a r x 1; b r x 2", "0: holds"],
    [
      "one after which its session did nothing more",
      "a w x 1; a w? x 2; b r x 2; b r x 1",
      "0: all unknown: line 2, whose outcome nobody told, was read and is the last of its session: what comes before it is judged in whole histories only",
    ],
    [
      "one of a transaction, which happened whole",
      "a w?t x 1; a w?t y 1; b r x 1; b r y 0",
      "0: all unknown: line 1, whose outcome nobody told, was read, and all of its transaction happened, which is judged in whole histories only",
    ],
    ["nothing where nothing has a name", "a w x 1; a r x _", "2: RYW+CC+CCv WriteCOInitRead 1 2"],
    [
      "nothing where something might have been deleted",
      "a w x 1; a r x _; a d y 2",
      "0: RYW+CC+CCv WriteCOInitRead 1 2",
    ],
    [
      "nothing where something was deleted before",
      "a w x 1; a d x 2; a r x _",
      "0: all unknown: a read of nothing may have returned the beginning of a key or a delete of it (line 3), and does not name the version",
    ],
    [
      "nothing where something was deleted by a later line",
      "a w x 1; a r x _; b d x 2",
      "0: all unknown: a read of nothing may have returned the beginning of a key or a delete of it (line 3), and does not name the version",
    ],
    ["the beginning, by its name", "a w x 1; a r x 0; b d x 2", "2: RYW+CC+CCv WriteCOInitRead 1 2"],
    ["sets say what was seen, and no more", "a w x 1; a w x 2; b r x {1,2}~; b r x {1}~; b r y 0", "0: holds"],
    [
      "where nothing else is read, most models say nothing",
      "a w x 1; b r x {1}~",
      "0: RYW+MR+MW+WFR not-applicable: no reads of single values; CCv not-applicable: no reads of single values or of lists",
    ],
    [
      "where writes do not say what they replace, sets ask for more",
      "a w x 1; b r x {1}; b r y 0",
      "0: CC+CCv unknown: line 2 reads several values; what sets show is judged in whole histories only",
    ],
    ["what a set showed is in the past", "a w x 1; a w y 1; b r y {1}; b r x 0", "4: CC+CCv WriteCOInitRead 1 4"],
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
    expect(shortly(checker.end())).toBe("holds");
    expect(most).toBeLessThanOrEqual(4);
  });

  test("a session that says nothing any more keeps nothing alive", () => {
    const checker = new StreamChecker(streamModels, { ...tight, idle: 20 });
    let most = 0;
    for (const operation of operations(`c r x 0\n${turns(500)}`)) {
      checker.add(operation);
      most = Math.max(most, checker.versionCount);
    }
    expect(shortly(checker.end())).toBe("holds");
    expect(most).toBeLessThan(30);
  });

  test("a read of what was forgotten is a violation by its name alone", () => {
    expect(judged(`${turns(10)}\nb r x 8`, tight)).toBe("21: CC+CCv WriteCORead 15 17 21");
  });

  test("where even the name is gone, it is one at the end", () => {
    expect(judged(`${turns(10)}\nb r x 1`, tight)).toBe("0: CC+CCv ThinAirRead 21");
  });

  test("a session that is first heard of afterwards may read what was forgotten", () => {
    expect(judged(`${turns(10)}\nc r x 8`, tight)).toBe(
      "0: all unknown: line 21 returned what had been forgotten before its session was heard of",
    );
    expect(judged(`${turns(10)}\nc r x 1`, tight)).toBe(
      "0: all unknown: line 21 returned what nobody wrote, or what had been forgotten",
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
      "0: all unknown: line 5 wrote what a read had returned so many lines before that it was let go",
    );
    expect(judged("a r x 1; a w y 1; a r y 0; a r y 0", { ...streamLimits, waiting: 2 })).toBe(
      "3: RYW+CC+CCv WriteCOInitRead 2 3",
    );
  });

  /** Key k: 1 lost against 2, which t replaced by 3 for all to see; so 2 is forgotten, and 1 is not. */
  const decided =
    "b w k 1; t w k 2; a r k 1; a r k 2; t w y 5; t w k 3; a r k 3; b r k 3; a w f 1; a w f 2; a w f 3; a w f 4";
  const late = { ...streamLimits, firstLook: 8 };

  test("a conflict is told as far as it is remembered", () => {
    expect(judged(`${decided}; b r k 1`)).toBe("13: CCv CyclicCF 1 3 4 2 13");
    expect(judged(`${decided}; b r k 1`, late)).toBe("13: CCv CyclicCF 1 6 8 13");
  });

  test("a session that is first heard of afterwards may have decided what is not seen", () => {
    expect(judged(`${decided}; c r y 5; c r k 1`)).toBe("14: CCv CyclicCF 1 3 4 2 14");
    expect(judged(`${decided}; c r y 5; c r k 1`, late)).toBe(
      "0: CCv unknown: line 14 may have decided a conflict with what had been forgotten before its session was heard of",
    );
    expect(judged(`${decided}; c r y 5; c r k 3`, late)).toBe("0: holds");
  });

  test("elements of lists stay readable", () => {
    const text =
      "a + l 1; b r l [1]; a + l 2; b r l [1,2]; a + l 3; b r l [1,2,3]; a + l 4; a + l 5; c r l [1]; c r x 0";
    expect(judged(text, { ...tight, firstLook: 2, remembered: 1 })).toBe(
      "0: CC+CCv unknown: line 1 appends to a list; what lists show is judged in whole histories only",
    );
  });
});
