// Our own format by tables: every field, every complaint, and that what is written is read again.

import { expect, test } from "vitest";
import { readsFrom } from "../reads-from.ts";
import { readHistory } from "./read-history.ts";
import { told } from "./testing.ts";
import { utf8 } from "./text.ts";
import { jsonlHeader, jsonlLine, writeJsonl } from "./write-jsonl.ts";

const read = (text: string) => readHistory(utf8(text), { fileName: "h.jsonl" });
const header = '{"causeway-history":1,"timeUnit":"us"}\n';

const accepted = [
  [
    "one value",
    '{"session":"a","op":"write","key":"x","value":1}\n{"op":"read","key":"x","value":1,"session":"b"}',
    '"a": w "x" 1\n"b": r "x" 1',
  ],
  ["nothing", '{"session":1,"op":"read","key":7,"value":null}', "1: r 7 null"],
  [
    "times, replicas, marks",
    `${header}{"session":"a","op":"write","key":"x","value":1,"start":5,"end":9.5,"replica":"hub","seen":"v1","final":true}\n{"session":"a","op":"write","key":"x","value":2,"outcome":"unknown","start":10}`,
    '"a": w "x" 1 @5-9.5 at "hub" final seen 1, w? "x" 2 @10-',
  ],
  [
    "siblings",
    '{"session":"a","op":"write","key":"x","value":1}\n{"session":"a","op":"read","key":"x","values":[1,2]}\n{"session":"a","op":"read","key":"x","value":null}',
    '"a": w "x" 1, r "x" {1 2}, r "x" {}',
  ],
  [
    "lists",
    '{"session":"a","op":"read","key":"x","values":[]}\n{"session":"a","op":"read","key":"x","values":[1,"1"]}\n{"session":"b","op":"append","key":"x","value":1}',
    '"a": r "x" [], r "x" [1 "1"]\n"b": a "x" 1',
  ],
  [
    "names of versions, deletes, what is replaced",
    '{"session":"a","op":"write","key":"x","value":1,"version":"a1"}\n{"session":"a","op":"delete","key":"x","version":"a2","replaces":["a1"]}\n{"session":"b","op":"write","key":"x","value":1,"version":"b1","replaces":[]}\n{"session":"b","op":"read","key":"x","values":[1,null],"versions":["b1","a2"]}',
    '"a": w "x" 1#a1, d "x" null#a2 over 1#a1\n"b": w "x" 1#b1, r "x" {1#b1 null#a2}',
  ],
  [
    "nothing with the name of a delete, without a name, and from the beginning",
    '{"session":"a","op":"delete","key":"x","version":"a1"}\n{"session":"a","op":"read","key":"x","value":null,"version":"a1"}\n{"session":"a","op":"read","key":"x","value":null}\n{"session":"b","op":"read","key":"x","value":null,"version":null}',
    '"a": d "x" null#a1, r "x" null#a1, r "x" null unnamed\n"b": r "x" null',
  ],
  [
    "one name told with two values: the second read is of what nobody wrote",
    '{"session":"a","op":"write","key":"x","value":1,"version":"a1"}\n{"session":"b","op":"read","key":"x","value":1,"version":"a1"}\n{"session":"b","op":"read","key":"x","value":2,"version":"a1"}',
    '"a": w "x" 1#a1\n"b": r "x" 1#a1, r "x" 2#a1 as 2',
  ],
  [
    "transactions of mixed sessions",
    '{"session":"a","op":"write","key":"x","value":1,"transaction":"t"}\n{"session":"b","op":"write","key":"x","value":2,"transaction":1}\n{"session":"a","op":"read","key":"y","value":null,"transaction":"t"}\n{"session":"a","op":"read","key":"y","value":null}',
    '"a": w "x" 1, r "y" null | r "y" null\n"b": w "x" 2',
  ],
  [
    "failed operations",
    '{"session":"a","op":"write","key":"x","value":1,"outcome":"failed"}\n{"session":"a","op":"read","key":"x","outcome":"unknown"}',
    '"a": w! "x" 1, r? "x"',
  ],
  [
    "an explicit beginning",
    '{"causeway-history":1,"init":"explicit","zero":0}\n{"session":"i","op":"write","key":"x","value":0}\n{"session":"a","op":"read","key":"x","value":0}',
    '"a": r "x" null',
  ],
  [
    "a beginning that is written when another value had been",
    '{"causeway-history":1,"init":"explicit","zero":0}\n{"session":"i","op":"write","key":"x","value":0,"start":5,"end":6}\n{"session":"a","op":"write","key":"x","value":1,"start":1,"end":4}\n{"session":"a","op":"read","key":"x","value":0,"start":7,"end":8}',
    '"i": w "x" 0 @5-6\n"a": w "x" 1 @1-4, r "x" 0 @7-8',
  ],
  [
    "a beginning that may not have happened, and a key that has none",
    '{"causeway-history":1,"init":"explicit"}\n{"session":"i","op":"write","key":"x","value":null,"outcome":"unknown"}\n{"session":"a","op":"read","key":"x","value":null}\n{"session":"b","op":"read","key":"y","value":null}\n{"session":"b","op":"write","key":"y","value":"nothing"}',
    '"i": w? "x" null\n"a": r "x" null\n"b": r "y" null, w "y" "nothing"',
  ],
  [
    "an end whose beginning is unknown",
    '{"session":"a","op":"read","key":"x","value":1,"end":3}\n{"session":"b","op":"write","key":"x","value":1,"start":4,"end":5}',
    '"a": r "x" 1 @-3\n"b": w "x" 1 @4-5',
  ],
  [
    "nanoseconds since 1970, counted from the first",
    '{"session":"a","op":"write","key":"x","value":1,"start":1700000000000000001,"end":1700000000000000002}\n{"session":"b","op":"write","key":"x","value":2,"start":1699999999999999999,"end":1700000000000000003}',
    '"a": w "x" 1 @0-1\n"b": w "x" 2 @-2-2',
  ],
  [
    "an integer and its text, a text and its mark",
    String.raw`{"session":"a","op":"write","key":12345678901234567890,"value":12345678901234567890}
{"session":"b","op":"read","key":12345678901234567890,"value":"12345678901234567890"}
{"session":"b","op":"write","key":"12345678901234567890","value":"\u0000x"}
{"session":"b","op":"read","key":"12345678901234567890","value":"x"}`,
    String.raw`"a": w 12345678901234567890 12345678901234567890
"b": r 12345678901234567890 "12345678901234567890", w "12345678901234567890" "\u0000x", r "12345678901234567890" "x"`,
  ],
  [
    "no beginning: nothing is not the text",
    '{"causeway-history":1,"init":"none"}\n{"session":"a","op":"write","key":"x","value":"nothing"}\n{"session":"b","op":"read","key":"x","value":null}',
    '"a": w "x" "nothing"\n"b": r "x" null',
  ],
  [
    "large integers, escapes, remarks, and blanks",
    '\n  { "session" : "\\u00e4\\n\\"é", "op":"write" , "key":"x","value":12345678901234567890, "note": {"a":[1,{"b":null}]} } \n',
    '"ä\\n\\"é": w "x" 12345678901234567890',
  ],
] as const;

test.each(accepted)("%s", (_, text, expected) => {
  expect(told(read(text))).toBe(expected);
});

test.each(accepted)("%s: written and read again it is the same", (_, text) => {
  const outcome = read(text);
  if (outcome.kind === "refused") throw new Error("the example is read");
  const again = read([...writeJsonl(outcome.history)].join(""));
  expect(told(again)).toBe(told(outcome));
});

test("where there is no beginning, reading nothing is not reading the text that says so", () => {
  const outcome = read(
    '{"causeway-history":1,"init":"none"}\n{"session":"a","op":"write","key":"x","value":"nothing"}\n{"session":"b","op":"read","key":"x","value":null}',
  );
  if (outcome.kind === "refused") throw new Error("the example is read");
  expect(readsFrom(outcome.history).thinAir).toEqual([1]);
});

const ok = '{"session":"a","op":"write","key":"x","value":1}\n';
test.each([
  [
    "a list as a line",
    `${ok}[1]`,
    '2:1: expected one operation per line, such as {"session":"a","op":"read","key":"x","value":1}, found "[1]"; every line is one operation; if the file has another format, name it with --format',
  ],
  [
    "another format",
    `${ok}w(1,2,0,0)`,
    '2:1: expected a line of causeway\'s JSON lines, found Plume text: "w(1,2,0,0)"; one file holds one format; split it',
  ],
  [
    "a truncated line",
    `${ok}{"session":"a","op":"wri`,
    "2:21: expected a text in quotes, found one without an end; it is cut off here; complete it, or remove what is incomplete",
  ],
  [
    "a truncated object",
    `${ok}{"session":"a","op":"read"`,
    '2:27: expected "," or "}", found the end of the line; it is cut off here; complete it, or remove what is incomplete',
  ],
  [
    "an unknown operation",
    '{"session":"a","op":"inc","key":"x","value":1}',
    '1:21: expected "read" or "write" or "append" or "delete", found "\\"inc\\",\\"key\\":\\"x\\",\\"value\\":1}"; correct it here',
  ],
  [
    "an unknown field",
    '{"session":"a","op":"read","kee":"x","value":1}',
    '1:28: expected a field that docs/history-format.md names, found "kee"; correct its name, or put remarks under note',
  ],
  [
    "an unknown version",
    '{"causeway-history":2}',
    '1:21: expected version 1 of the format, the only one that this program reads, found "2}"; correct it here',
  ],
  [
    "an unknown field in the header",
    '{"causeway-history":1,"unit":"s"}',
    '1:30: expected causeway-history, timeUnit, init, zero, replaces or note in the header, found "unit"; correct it here',
  ],
  [
    "an unknown unit",
    '{"causeway-history":1,"timeUnit":"h"}',
    '1:34: expected "ns" or "us" or "ms" or "s" or "steps", found "\\"h\\"}"; correct it here',
  ],
  [
    "no session",
    '{"op":"read","key":"x","value":1}',
    "1:1: expected session in every operation, found none; add it; docs/history-format.md says what it means",
  ],
  [
    "no operation",
    '{"causeway-history":1}\n{"session":"a","key":"x","value":1}',
    "2:1: expected op in every operation, found none; add it; docs/history-format.md says what it means",
  ],
  [
    "a read without an answer",
    '{"session":"a","op":"read","key":"x"}',
    "1:1: expected value or values of a read that succeeded, found neither; correct the operation on this line",
  ],
  [
    "a read with two answers",
    '{"session":"a","op":"read","key":"x","value":1,"values":[1]}',
    "1:1: expected value or values of a read that succeeded, found both; correct the operation on this line",
  ],
  [
    "a write of several values",
    '{"session":"a","op":"write","key":"x","value":1,"values":[1]}',
    "1:1: expected value and version of a write, found values or versions, which reads have; correct the operation on this line",
  ],
  [
    "a write of no value",
    '{"session":"a","op":"write","key":"x"}',
    "1:1: expected value in every operation, found none; add it; docs/history-format.md says what it means",
  ],
  [
    "a delete without a name",
    '{"session":"a","op":"delete","key":"x"}',
    "1:1: expected a version of a delete, so that reads can name it, found none; correct the operation on this line",
  ],
  [
    "a delete of a value",
    '{"session":"a","op":"delete","key":"x","value":1,"version":"v"}',
    "1:1: expected a delete without a value, found one with a value; correct the operation on this line",
  ],
  [
    "a value that was there in the beginning",
    '{"session":"a","op":"read","key":"x","value":1,"version":null}',
    "1:1: expected the name of a version: a text, or null beside a value of null that was read, found null; correct the operation on this line",
  ],
  [
    "a write of the beginning by its name",
    '{"session":"a","op":"write","key":"x","value":null,"version":null}',
    "1:1: expected the name of a version: a text, or null beside a value of null that was read, found null; correct the operation on this line",
  ],
  [
    "fewer versions than values",
    '{"session":"a","op":"read","key":"x","values":[1,2],"versions":["v"]}',
    "1:1: expected as many versions as values, 2, found 1; correct the operation on this line",
  ],
  [
    "versions beside a value",
    '{"session":"a","op":"read","key":"x","value":1,"versions":["v"]}',
    "1:1: expected version beside value, found versions; correct the operation on this line",
  ],
  [
    "a version beside values",
    '{"session":"a","op":"read","key":"x","values":[1],"version":"v"}',
    "1:1: expected versions beside values, found version; correct the operation on this line",
  ],
  [
    "versions that are no texts",
    '{"session":"a","op":"read","key":"x","values":[1],"versions":[7]}',
    "1:1: expected names of versions as texts, found 7; correct the operation on this line",
  ],
  [
    "replaced versions that are no texts",
    '{"session":"a","op":"write","key":"x","value":1,"version":"a","replaces":[7]}',
    "1:1: expected names of versions in replaces, since this write has one, found 7; correct the operation on this line",
  ],
  [
    "values where versions have names",
    `{"session":"a","op":"write","key":"x","value":1,"version":"v"}\n${ok}`,
    '2:1: expected versions of key "x" told apart in one way, found only a value, where lines before have versions; correct the operation on this line',
  ],
  [
    "names where versions have values",
    `${ok}{"session":"a","op":"write","key":"x","value":1,"version":"v"}`,
    '2:1: expected versions of key "x" told apart in one way, found a version, where lines before have only values; correct the operation on this line',
  ],
  [
    "appends to what is written",
    `${ok}{"session":"a","op":"append","key":"x","value":2}`,
    '2:1: expected key "x" used in one way, found an operation that appends to it, where line 1 or one before writes the whole value of it; give objects of different kinds different keys',
  ],
  [
    "sets from what is read one by one",
    '{"session":"a","op":"read","key":"x","value":2}\n{"session":"a","op":"read","key":"x","values":[2]}',
    '2:1: expected key "x" used in one way, found an operation that reads several values of it, where line 1 or one before reads one value of it; give objects of different kinds different keys',
  ],
  [
    "a field twice",
    '{"session":"a","session":"b","op":"write","key":"x","value":1}',
    '1:16: expected each field once, found "session" again; leave one of the two out',
  ],
  [
    "a field of the header twice",
    '{"causeway-history":1,"init":"none","init":"implicit"}',
    '1:37: expected each field once, found "init" again; leave one of the two out',
  ],
  [
    "a session that goes back in time",
    '{"session":"a","op":"write","key":"x","value":1,"start":5,"end":6}\n{"session":"a","op":"write","key":"x","value":2,"start":4,"end":9}',
    "2:1: expected operations of a session in the order in which they began, found one that began at 4 after one at 5; correct the operation on this line",
  ],
  [
    "a transaction of which a part failed",
    '{"session":"a","op":"write","key":"x","value":1,"transaction":1,"outcome":"failed"}\n{"session":"a","op":"write","key":"y","value":1,"transaction":1}',
    "2:1: expected a transaction that failed as a whole, or not at all, found one of which a part failed; correct the operation on this line",
  ],
  [
    "times that no double tells apart",
    '{"session":"a","op":"write","key":"x","value":1,"start":5,"end":1700000000000000000}',
    '1:65: expected times that differ by less than 2^53 from the first one, found "1700000000000000000}"; correct it here',
  ],
  [
    "a start without an end",
    '{"session":"a","op":"read","key":"x","value":1,"start":3}',
    "1:1: expected end of an operation that succeeded in every operation, found none; add it; docs/history-format.md says what it means",
  ],
  [
    "an end before the start",
    '{"session":"a","op":"read","key":"x","value":1,"start":3,"end":2}',
    "1:1: expected an end that is not before the start, found 2 before 3; correct the operation on this line",
  ],
  [
    "a time that is no number",
    '{"session":"a","op":"read","key":"x","value":1,"start":"3"}',
    '1:56: expected a time: a number in the unit that the header names, found "\\"3\\"}"; correct it here',
  ],
  [
    "a value with parts",
    '{"session":"a","op":"write","key":"x","value":{}}',
    '1:47: expected a value: a number, a text or null, found "{}}"; correct it here',
  ],
  [
    "a value that is true",
    '{"session":"a","op":"write","key":"x","value":true}',
    '1:47: expected a value: a number, a text or null, found "true}"; correct it here',
  ],
  [
    "a number with a leading zero",
    '{"session":"a","op":"write","key":"x","value":01}',
    '1:47: expected a number, found "01}"; correct it here',
  ],
  [
    "a number beyond all",
    '{"session":"a","op":"write","key":"x","value":1e999}',
    '1:47: expected a number, found "1e999}"; correct it here',
  ],
  [
    "an unknown escape",
    '{"session":"\\q","op":"write","key":"x","value":1}',
    '1:12: expected a text in quotes, found the unknown escape "\\\\q"; correct it here',
  ],
  [
    "a word that is no value",
    '{"session":"a","op":"read","final":yes}',
    '1:36: expected a JSON value, found "yes}"; correct it here',
  ],
  [
    "a transaction that goes on after another",
    '{"session":"a","op":"write","key":"x","value":1,"transaction":1}\n{"session":"a","op":"write","key":"x","value":2,"transaction":2}\n{"session":"a","op":"write","key":"x","value":3,"transaction":1}',
    "3:1: expected the operations of a transaction of one session side by side, found transaction 1 again after another one; correct the operation on this line",
  ],
  [
    "more after the object",
    '{"session":"a","op":"write","key":"x","value":1} 2',
    '1:50: expected the end of the line, found "2"; correct it here',
  ],
  [
    "a header alone",
    header,
    "h.jsonl: expected at least one operation, found none; a history without operations would hold whatever one asks of it; record some",
  ],
])("%s is refused", (_, text, expected) => {
  expect(told(read(text))).toBe(expected.startsWith("h.jsonl") ? expected : `h.jsonl:${expected}`);
});

test("lines are written in one order of fields, whatever the order they are given in", () => {
  expect(jsonlHeader({ timeUnit: "us", replaces: true })).toBe(
    '{"causeway-history":1,"timeUnit":"us","replaces":true}\n',
  );
  expect(
    jsonlLine({ value: 1, outcome: "ok", key: "x", op: "write", session: "a", end: 2, start: 1, final: false }),
  ).toBe('{"session":"a","op":"write","key":"x","value":1,"start":1,"end":2}\n');
});
