// dbcop's JSON by tables, and which format a file is taken for.

import { describe, expect, test } from "vitest";
import { readHistory } from "./read-history.ts";
import { told } from "./testing.ts";
import { utf8 } from "./text.ts";

const read = (text: string) => readHistory(utf8(text), { fileName: "h.json" });
const sessions = `[[{"events":[{"Write":{"variable":0,"version":1}},{"Read":{"variable":1,"version":null}}],"committed":true},
 {"events":[{"Write":{"variable":0,"version":2}}],"committed":false}],[],
 [{"events":[],"committed":true},{"events":[{"Read":{"variable":0,"version":1}}],"committed":true}]]`;
const expected = "1: w 0 1, r 1 null | w! 0 2\n3: r 0 1";

test.each([
  ["a bare array", sessions],
  [
    "with what the command line puts around it",
    `{"params":{"id":0,"n":[1,{"a":"]"}]},"info":"generated","start":"s","end":"e","data":${sessions}}`,
  ],
  ["with the array first", `{"data":${sessions},"info":null}`],
])("%s", (_, text) => {
  expect(told(read(text))).toBe(expected);
});

test.each([
  [
    "no data",
    '{"params":{}}',
    "1:14: expected data, the array of sessions, in the object, found none; add it, or name another format with --format",
  ],
  ["no sessions", '{"data":{}}', '1:9: expected "[", found "{}}"; correct it here'],
  [
    "no transaction",
    "[[1]]",
    '1:3: expected a transaction {"events":[...],"committed":true}, found 1; correct it here',
  ],
  [
    "no word whether it committed",
    '[[{"events":[]}]]',
    '1:3: expected a transaction {"events":[...],"committed":true}, found {"events" []}; correct it here',
  ],
  [
    "no event",
    '[[{"events":[{"Delete":{}}],"committed":true}]]',
    '1:14: expected {"Read":{"variable":0,"version":1}} or {"Write":{"variable":0,"version":1}}, found {"Delete" {}}; correct it here',
  ],
  [
    "a write of nothing",
    '[[{"events":[{"Write":{"variable":0,"version":null}}],"committed":true}]]',
    "1:47: expected the version that is written: a number or a text, found nil; correct it here",
  ],
  [
    "a variable that is nothing",
    '[[{"events":[{"Write":{"variable":null,"version":1}}],"committed":true}]]',
    "1:35: expected a variable: a number or a text, found nil; correct it here",
  ],
  [
    "a file that is cut off",
    sessions.slice(0, 100),
    "1:91: expected a text in quotes, found one without an end; it is cut off here; complete it, or remove what is incomplete",
  ],
])("%s is refused", (_, text, message) => {
  expect(told(read(text))).toBe(`h.json:${message}`);
});

describe("chunks", () => {
  test("of any size are the same file", () => {
    const bytes = utf8(sessions);
    for (let size = 1; size < 40; size += 1) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
        bytes.subarray(at * size, (at + 1) * size),
      );
      expect(told(readHistory(pieces, { fileName: "h.json" }))).toBe(expected);
    }
  });
});

test.each([
  ["r(1,2,3,4)", "plume"],
  ["\n\n  w 1 2", "awdit"],
  ["=====", "awdit"],
  [sessions, "dbcop"],
  ['{"params": {"id": 0}, "data": [[]]}', "dbcop"],
  ['{ "info": 1, "start": 2, "data": [ [] ] }', "dbcop"],
  ['[\n  {"index": 1, "type": "ok"}]', "jepsen-json"],
  ['{"type":"ok","process":1}', "jepsen-json"],
  ["[ {:type :ok}]", "jepsen-edn"],
  ["({:type :ok})", "jepsen-edn"],
  ["; made by hand\n{:type :ok}", "jepsen-edn"],
  ["#jepsen.history.Op{:index 0}", "jepsen-edn"],
  ["[#jepsen.history.Op{:index 0}]", "jepsen-edn"],
  ["INFO  jepsen.util - 2\t:invoke\t:write\t4", "porcupine"],
  ['{"causeway-history":1}', "jsonl"],
  ['{"op":"read","session":1}', "jsonl"],
  ['{"note":{"type":"x"},"session":"a","op":"read"}', "jsonl"],
  ['{"note":"{\\"type\\":1","session":"a"}', "jsonl"],
  ['{"value":[{"op":1}],"process":0,"type":"ok"}', "jepsen-json"],
  ['[{"session":1}]', null],
  ["hello", null],
  ['{"a":1}', null],
])("%j is taken for %s", (text, format) => {
  const outcome = read(text);
  const [problem] = outcome.kind === "refused" ? outcome.problems : [];
  if (format === null) expect(problem?.expected).toBe("a history in a known format");
  else if (outcome.kind === "read") expect(outcome.format).toBe(format);
  else {
    expect(problem?.expected).not.toBe("a history in a known format");
    expect(readHistory(utf8(text), { fileName: "h.json", format: format as never })).toEqual(outcome);
  }
});
