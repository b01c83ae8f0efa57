// The text formats by tables: what becomes of its lines, and what is said of lines that make no sense.

import { expect, test } from "vitest";
import { checkHistory } from "../check.ts";
import { readHistory } from "./read-history.ts";
import { told } from "./testing.ts";
import { utf8 } from "./text.ts";

const read = (text: string) => readHistory(utf8(text), { fileName: "h.txt" });

test.each([
  ["w(1,2,0,0)\nr(1,2,1,1)", "0: w 1 2\n1: r 1 2"],
  ["w(1,2,0,0)\r\n\r\n  r( 1 , 0 , 1 , 1 )  \r\n", "0: w 1 2\n1: r 1 null"],
  ["w(1,2,0,7)\nw(1,3,1,8)\nw(2,2,0,7)\nw(2,3,1,8)", "0: w 1 2, w 2 2\n1: w 1 3, w 2 3"],
  ["w(1,2,0,-1)\nr(1,2,1,0)\nr(1,9,1,-1)", "0: w! 1 2\n1: r 1 2, r! 1"],
  ["w(-1,9007199254740993,0,0)\nr(-1,9007199254740992,0,1)", "0: w -1 9007199254740993, r -1 9007199254740992"],
  ["w(1,1,0,5)\nw(1,2,0,3)\nw(1,3,0,4)", "0: w 1 1, w 1 2, w 1 3"],
  ["w 0 0\nw 1 0\n=====\nw 0 1\nw 1 2\n-----\nr 1 2\n=====\nr 0 0", "1: w 0 1, w 1 2 | r 1 2\n2: r 0 null"],
  ["w 0 1\n---\nw 0 0\n---\nr 0 0", "0: w 0 1, w 0 0, r 0 0"],
  ["w 0 5\n---\nw 0 0\n===\nr 0 0\n---\nr 0 5", "0: w 0 5, w 0 0\n1: r 0 0, r 0 5"],
  ["w 1 5\n===\nr 0 0", "0: w 1 5\n1: r 0 0"],
  ["w 0 0\n===\nw 0 0\n---\nr 0 0", "1: w 0 null, r 0 null"],
  ["r 1 0\nw 0 0\n===\nr 0 0", "0: r 1 0, w 0 0\n1: r 0 0"],
  ["===\nw 0 5\n---\n---\nr\t0  5 ", "0: w 0 5, r 0 5"],
])("%j is read as %s", (text, expected) => {
  expect(told(read(text))).toBe(expected);
});

test.each([
  ["a zero written after another value is a value like others", "w 0 1\n---\nw 0 0\n---\nr 0 0", "holds", null],
  [
    "which is read before that value against its session's order",
    "w 0 5\n---\nw 0 0\n===\nr 0 0\n---\nr 0 5",
    "violated",
    null,
  ],
  [
    "told after another value by another session, it comes when it likes",
    "w 0 5\n===\nw 0 0\n===\nr 0 5\n---\nr 0 0",
    "holds",
    null,
  ],
  ["a zero that nobody wrote", "w 1 5\n===\nr 0 0", "violated", "ThinAirRead"],
  ["the beginning, read after one's own write", "w 0 0\n===\nw 0 1\n---\nr 0 0", "violated", null],
  ["the beginning, written twice", "w 0 0\n===\nw 0 0\n---\nr 0 0", "not-applicable", null],
])("%s: causal consistency of %j %s", (_, text, kind, pattern) => {
  const outcome = read(text);
  if (outcome.kind === "refused") throw new Error("the example is read");
  const verdict = checkHistory(outcome.history).verdicts.get("CC")!;
  expect(verdict.kind).toBe(kind);
  if (pattern !== null) expect(verdict).toMatchObject({ evidence: { pattern } });
});

test.each([
  ["", "h.txt:1:1: expected a history, found an empty file; record some operations first, or name another file"],
  [" \n\n ", "h.txt:3:2: expected a history, found an empty file; record some operations first, or name another file"],
  ["hello\n", 'h.txt:1:1: expected a history in a known format, found "hello"; name the format with --format'],
  [
    "w(1,2,0,0)\nw(1,2",
    'h.txt:2:6: expected ",", found the end of the line; the line is cut off; complete or remove it',
  ],
  [
    "w(1,2,0,0)\nw(1,x,0,0)",
    'h.txt:2:5: expected a value, an integer, found "x,0,0)"; every line is r(key,value,session,transaction) or w(key,value,session,transaction)',
  ],
  [
    "w(1,2,0,0) w(1,3,0,0)",
    'h.txt:1:12: expected the end of the line, found "w(1,3,0,0)"; every line is r(key,value,session,transaction) or w(key,value,session,transaction)',
  ],
  [
    "w(1,2,0,0)\nd(1,2,0,0)",
    'h.txt:2:1: expected r(key,value,session,transaction) or w(key,value,session,transaction), found "d(1,2,0,0)"; every line is one operation; if the file has another format, name it with --format',
  ],
  [
    "w(1,2,0,1)\nw(1,3,0,2)\nw(1,4,0,1)",
    "h.txt:3:9: expected the operations of a transaction of one session side by side, found transaction 1 again after another one of the same session; give every transaction of a session its own number, or order the lines",
  ],
  [
    "w 1 0\n=====\nw 1",
    "h.txt:3:4: expected a blank and a value, found the end of the line; the line is cut off; complete or remove it",
  ],
  [
    "w 1 0\nw(1,2,0,0)",
    'h.txt:2:1: expected a line of AWDIT text, found Plume text: "w(1,2,0,0)"; one file holds one format; split it',
  ],
  [
    "w 1 0\n-----x",
    'h.txt:2:6: expected the end of the line, found "x"; every line is r KEY VALUE or w KEY VALUE, ----- between transactions, ===== between sessions',
  ],
])("%j is refused: %s", (text, expected) => {
  expect(told(read(text))).toBe(expected);
});

test.each([
  [[0x1f, 0x8b, 8, 0], "found a compressed file (gzip); unpack it first"],
  [[0x28, 0xb5, 0x2f, 0xfd], "found a compressed file (zstd); unpack it first"],
  [[0x50, 0x4b, 3, 4], "found an archive (zip); unpack it first"],
  [[0xff, 0xfe, 0x77, 0], "found text in UTF-16; save it as UTF-8"],
  [[0xfe, 0xff, 0, 0x77], "found text in UTF-16; save it as UTF-8"],
])("%j is no text", (bytes, message) => {
  const outcome = readHistory(Uint8Array.from(bytes), { fileName: "h" });
  expect(told(outcome)).toBe(`h:1:1: expected a history in a known format, ${message}`);
});

test("a line longer than the limit is refused by its number, in one piece or in many", () => {
  const bytes = utf8(`w(1,2,0,0)\nw(1,2,0,${"0".repeat(5_000)})\n`);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 64) }, (_, at) => bytes.subarray(at * 64, at * 64 + 64));
  for (const source of [bytes, pieces]) {
    const outcome = readHistory(source, { fileName: "h.txt", itemSizeMax: 1_000 });
    expect(outcome).toMatchObject({ kind: "refused", problems: [{ line: 2, column: 1, found: "a longer one" }] });
  }
});

test("chunks of any size are the same file", () => {
  const bytes = utf8("w(10,20,3,4)\r\n\nr(10,20,5,6)\nw(11,21,3,7)");
  const whole = readHistory(bytes, { fileName: "h.txt" });
  for (let size = 1; size < 20; size += 1) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
      bytes.subarray(at * size, (at + 1) * size),
    );
    expect(told(readHistory(pieces, { fileName: "h.txt" }))).toBe(told(whole));
  }
});
