/** Comparing and rewriting console sessions: what counts as the same, and what must not. */
import { describe, expect, test } from "vitest";
import { bind, bound, compared, exchangesOf, rewritten, wordsOf, type Bindings } from "./session.ts";

const digest = "90aed6786779368f085f01abbc170da92914945e16389d82e710dc366baddff5";
const isSame = (shown: readonly string[], printed: readonly string[], anyCounts = false): boolean =>
  compared(shown, printed, anyCounts).kind === "same";

describe("commands", () => {
  test("are what follows the dollar, with their output", () => {
    expect(exchangesOf(["$ a b \\", "    --c", "out", "", "$ d"])).toEqual([
      { command: "a b --c", lines: ["$ a b \\", "    --c"], shown: ["out", ""] },
      { command: "d", lines: ["$ d"], shown: [] },
    ]);
  });

  test.each([[["out"]], [[]]])("%j has none, and is refused", (content) => {
    expect(() => exchangesOf(content)).toThrow("command");
  });

  test("are words, quotes and all", () => {
    expect(wordsOf(`run a --set clocks='[]' --set "b c=d e"`)).toEqual([
      "run",
      "a",
      "--set",
      "clocks=[]",
      "--set",
      "b c=d e",
    ]);
  });
});

describe("the same", () => {
  test.each([
    [
      ["a", "b"],
      ["a", "b"],
    ],
    [[], []],
    [
      ["a", "...", "z"],
      ["a", "b", "c", "z"],
    ],
    [
      ["a", "...", "z"],
      ["a", "z"],
    ],
    [
      ["...", "z"],
      ["a", "z"],
    ],
    [
      ["a", "..."],
      ["a", "b"],
    ],
    [
      ["a", "...", "c", "...", "z"],
      ["a", "b", "c", "c", "z"],
    ],
    [["..."], []],
    [["passed, digest 1234abcd..."], [`passed, digest ${digest}`]],
    [["engine 0.1.0+9cfd262eccc0"], ["engine 0.1.0+4157ff06b455"]],
    [["a long ..."], ["a long story"]],
  ])("%j stands for %j", (shown, printed) => {
    expect(isSame(shown, printed)).toBe(true);
  });

  test.each([
    [["a", "b"], ["a"]],
    [["a"], ["a", "b"]],
    [["a"], ["b"]],
    [["a  b"], ["a b"]],
    [
      ["a", "...", "z"],
      ["a", "b"],
    ],
    [
      ["a", "...", "z"],
      ["b", "z"],
    ],
    [["a", "...", "a"], ["a"]],
    [
      ["a", "...", "b", "c", "...", "z"],
      ["a", "b", "d", "c", "z"],
    ],
    [
      ["...", " z"],
      ["z", "a"],
    ],
    [["failed, digest 1234abcd..."], [`passed, digest ${digest}`]],
    [["a long ..."], ["a longer story"]],
    [["a long ..."], ["a long"]],
    [["7 checks"], ["8 checks"]],
  ])("%j does not stand for %j", (shown, printed) => {
    expect(isSame(shown, printed)).toBe(false);
  });

  test.each([
    ["rtc   holds   7 314     0", "rtc  holds  18 580   0"],
    ["p99  4.8ms  94B  0us", "p99  1.02s  2.3MiB  0ms"],
    ["chain  42  #####", "chain  7  ##"],
  ])("with any counts, %j stands for %j", (shown, printed) => {
    expect(isSame([shown], [printed], true)).toBe(true);
    expect(isSame([shown], [printed])).toBe(false);
  });

  test.each([
    ["rtc  holds  7 314  0", "rtc  violated  7 314  0"],
    ["rtc  holds  7 314  0", "rtc  holds  7 314  1"],
    ["p99  4.8ms", "p99  4.8MiB"],
    ["p99  4.8ms", "p99  0ms"],
    ["c1.1/t0#3 at west", "c1.1/t0#3 at east"],
    ["EAL1", "EAL2"],
  ])("even with any counts, %j does not stand for %j", (shown, printed) => {
    expect(isSame([shown], [printed], true)).toBe(false);
  });

  test("the difference names the line that nothing fits", () => {
    expect(compared(["a", "...", "b", "x", "...", "z"], ["a", "b", "c", "z"], false)).toEqual({
      kind: "different",
      shown: "x",
    });
  });
});

test("a name that a document shows stands for the one that came up in its place", () => {
  const bindings: Bindings = new Map();
  const shown = ["replay: npx causeway replay causeway-replay-11111111.json"];
  const printed = ["replay: npx causeway replay causeway-replay-22222222.json"];
  const comparison = compared(shown, printed, false);
  if (comparison.kind === "same") bind(comparison.pairs, bindings);
  expect(bound("replay causeway-replay-11111111.json", bindings)).toBe("replay causeway-replay-22222222.json");
  expect(bound("replay causeway-replay-33333333.json", bindings)).toBe("replay causeway-replay-33333333.json");
});

describe("what is shown anew", () => {
  test.each([
    [["old"], ["new", "newer"], ["new", "newer"]],
    [
      ["a 1", "...", "c 1", "...", "z 1"],
      ["a 2", "b 2", "c 2", "d 2", "z 2"],
      ["a 2", "...", "c 2", "...", "z 2"],
    ],
    [
      ["...", "z 1"],
      ["a 2", "z 2"],
      ["...", "z 2"],
    ],
    [
      ["a", "...", "gone", "...", "z"],
      ["a", "b", "z"],
      ["a", "b", "z"],
    ],
    [["digest 1234abcd..."], [`digest ${digest}`], ["digest 90aed678..."]],
    [["a first ..."], ["a second story"], ["a second ..."]],
  ])("for %j and %j is %j", (shown, printed, expected) => {
    expect(rewritten(shown, printed)).toEqual(expected);
  });

  test("is then the same", () => {
    const printed = ["seed 1", "", "a  1", "b  2", `digest ${digest}`];
    const shown = rewritten(["seed 2", "...", "digest 1234abcd..."], printed);
    expect(isSame(shown, printed)).toBe(true);
  });
});
