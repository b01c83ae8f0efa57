// What is told of a file with several problems: where readers know how to go on, a few of them, each sort once.

import { expect, test } from "vitest";
import { readHistory } from "./read-history.ts";
import { utf8 } from "./text.ts";

/** Where the problems are, and what was found there. */
function problemsOf(text: string): readonly string[] {
  const outcome = readHistory(utf8(text), { fileName: "h" });
  if (outcome.kind === "read") return [];
  return outcome.problems.map(({ line, column, found }) => `${line}:${column} ${found}`);
}

test.each([
  [
    "jsonl",
    [
      '{"session":"a","op":"write","key":"x","value":1}',
      '{"session":"a","op":"write","key":"x"}',
      '{"session":"a","op":"reed","key":"x","value":1}',
      '{"session":"a","op":"write","key":"y"}',
      '{"session":"a","op":"read","key":"x","valeu":1}',
    ].join("\n"),
    ["2:1 none", '3:21 "\\"reed\\",\\"key\\":\\"x\\",\\"value\\":1}"', '5:38 "valeu"'],
  ],
  ["plume", "w(1,1,0,0)\nw(1,x,0,1)\nw(z,2,0,2)\nr(1,1,1,3) 5", ['2:5 "x,0,1)"', '3:3 "z,2,0,2)"', '4:12 "5"']],
  ["awdit", "w 0 0\nw x 1\n-----\nr 0 y\n=====\nr 0", ['2:3 "x 1"', '4:5 "y"', "6:4 the end of the line"]],
  [
    "jepsen-edn",
    "{:process 0 :type :ok :f :write :value [1 1]}\n{:process 0 :type :huh :f :read :value [1 1]}\n{:type :ok :f :read :value [1 1]}\n{:process 0 :type :ok :f :pop :value 1}",
    ["2:19 :huh", "3:1 none", "4:26 :pop"],
  ],
  [
    "dbcop",
    '[[{"events":[{"Read":{"variable":0,"version":1}}],"committed":1},\n{"events":[{"Raed":{"variable":0,"version":1}}],"committed":true}]]',
    ['1:3 {"events" [{"Read" {"variable" 0 "version" 1}}] "committed" ...', '2:12 {"Raed" {"variable" 0 "version" 1}}'],
  ],
])("of a file in the format of %s several problems are told", (_, text, problems) => {
  expect(problemsOf(text)).toEqual(problems);
});

test("of problems of one sort the first is told, and of all no more than five", () => {
  const wrong = ["session", "op", "key"].map((field) =>
    JSON.stringify({ session: "a", op: "write", key: "x", value: 1, [field]: undefined }),
  );
  const more = ['{"session":1.5e,"op":1}', "{", '{"session":"a","op":"write","key":"x","value":[]}', '{"x":1}'];
  const lines = [...wrong, ...wrong, ...more];
  const told = problemsOf(lines.join("\n"));
  expect(told).toHaveLength(5);
  expect(told.slice(0, 3)).toEqual(["1:1 none", "2:1 none", "3:1 none"]);
});

test("behind what cannot be cut into lines or events nothing is told", () => {
  expect(problemsOf('{"session":"a","op":"reed","key":"x","value":1}\nw(1,1,0,0)\n{"x":1}')).toHaveLength(2);
  expect(problemsOf("{:process 0 :type :huh}\n{:process")).toHaveLength(2);
});
