// Any bytes, and files that were damaged: every reader answers with a history or with a problem that has a place, and says the
// same of a file in one piece and in many.

import fc from "fast-check";
import { expect } from "vitest";
import { prop } from "../../../properties/prop.ts";
import { checkHistory } from "../check.ts";
import { keyKind, operationKind, outcome } from "../history.ts";
import { type FormatName, formats } from "./format.ts";
import { readHistory } from "./read-history.ts";
import { told } from "./testing.ts";
import { utf8 } from "./text.ts";

const samples: Readonly<Record<FormatName, string>> = {
  plume: "w(1,1,0,0)\nr(1,1,1,1)\r\nw(2,12345678901234567890,0,2)\nw(1,3,0,-1)\n",
  awdit: "w 0 0\n=====\nw 0 1\n-----\nr 0 1\nr 1 0\n=====\nr 0 0\n",
  dbcop:
    '{"params":{"n":[1]},"data":[[{"events":[{"Write":{"variable":0,"version":1}},{"Read":{"variable":1,"version":null}}],"committed":true}],\n[{"events":[],"committed":false}]]}',
  "jepsen-edn":
    '; by hand\n[{:process 0, :type :invoke, :f :txn, :value [[:append 1 1] [:r 1 nil]], :time 5}\n #jepsen.history.Op{:process 0, :type :ok, :f :txn, :value [[:append 1 1] [:r 1 [1 2N]]], :time 7} #_ ignored\n{:process :nemesis, :type :info, :f "a\\n\\u00e9", :value #{1 \\x}}]',
  "jepsen-json":
    '[{"process":0,"type":"invoke","f":"write","value":["x",1]},\n{"process":0,"type":"ok","f":"write","value":["x",1]},{"process":1,"type":"ok","f":"read","value":["x",[1,2.5]]}]',
  porcupine:
    "INFO  jepsen.util - 2\t:invoke\t:write\t4\nINFO  jepsen.core - hello\nINFO  jepsen.util - 2\t:ok\t:write\t4\n",
  jsonl:
    '{"causeway-history":1,"timeUnit":"us","replaces":true}\n{"session":"a\\u00e9","op":"write","key":"x","value":1,"version":"v","start":1,"end":2,"replaces":[]}\n{"session":"b","op":"read","key":"x","values":[1,null],"versions":["v","w"],"replica":1,"final":true}\n',
};

/** What tokens of all formats are made of. */
const scraps = fc.constantFrom(
  ..."()[]{}\"'\\#:;,^_-=+.0123456789nNrwM/\n\r\t ".split(""),
  "nil",
  "null",
  "true",
  '"op"',
  '"session"',
  '"key"',
  '"value"',
  ":type",
  ":process",
  ":f",
  "#_",
  "#{",
  "##Inf",
  "\\u12",
  "1e9",
  "é",
  "jepsen.util",
  "[[",
  "-----",
);
const soup = fc.array(scraps, { maxLength: 60 }).map((parts) => utf8(parts.join("")));
const anyBytes = fc.uint8Array({ maxLength: 80 });

/** A sample with some bytes taken out, put in, or changed. */
const damaged = (name: FormatName): fc.Arbitrary<Uint8Array> =>
  fc
    .array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        removed: fc.integer({ min: 0, max: 20 }),
        added: fc.oneof(soup, anyBytes, fc.constant(new Uint8Array(0))),
      }),
      { minLength: 1, maxLength: 3 },
    )
    .map((damages) => {
      let bytes: Uint8Array = utf8(samples[name]);
      for (const { at, removed, added } of damages) {
        const from = Math.floor(at * bytes.length);
        bytes = Uint8Array.from([...bytes.subarray(0, from), ...added, ...bytes.subarray(from + removed)]);
      }
      return bytes;
    });

/** In one piece and in many; the answer must be the same and make sense. */
function answer(bytes: Uint8Array, format: FormatName | undefined, size: number): void {
  const options = { fileName: "f", ...(format !== undefined && { format }), itemSizeMax: 1_000 };
  const whole = readHistory(bytes, options);
  const count = Math.ceil(bytes.length / size);
  const pieces = Array.from({ length: count }, (_, at) => bytes.subarray(at * size, (at + 1) * size));
  const inPieces = readHistory(pieces, options);
  expect(told(inPieces)).toBe(told(whole));
  if (whole.kind === "refused") {
    for (const { line, column, expected, found, remedy } of whole.problems) {
      expect(Math.min(line, column)).toBeGreaterThanOrEqual(0);
      expect(line === 0).toBe(column === 0);
      for (const text of [expected, found, remedy]) expect(text).toMatch(/^[^\n]+$/);
    }
    return;
  }
  const { history } = whole;
  // Whatever was read, the checkers answer.
  for (const { kind } of checkHistory(history).verdicts.values()) expect(kind).toMatch(/^[a-z-]+$/);
  for (let operation = 0; operation < history.operationCount; operation += 1) {
    const listed = history.listStart[operation + 1]! - history.listStart[operation]!;
    const isAnswered = history.kind[operation] === operationKind.read && history.outcome[operation] === outcome.ok;
    const kind = history.keyKind[history.key[operation]!];
    if (isAnswered && kind === keyKind.register) expect(listed).toBe(1);
    for (let at = history.listStart[operation]!; at < history.listStart[operation + 1]!; at += 1)
      expect(history.listed[at]).toBeLessThan(history.versionCount);
  }
}

const chunkSize = fc.integer({ min: 1, max: 40 });

for (const { name } of formats) {
  prop(
    `${name}: any bytes`,
    fc.tuple(fc.oneof(soup, anyBytes), chunkSize),
    ([bytes, size]) => {
      answer(bytes, name, size);
    },
    { numRuns: 300 },
  );
  prop(
    `${name}: damaged files`,
    fc.tuple(damaged(name), chunkSize),
    ([bytes, size]) => {
      answer(bytes, name, size);
    },
    { numRuns: 300 },
  );
  prop(
    `${name}: files that are cut off anywhere, their format told from what is left`,
    fc.tuple(fc.integer({ min: 0, max: samples[name].length }), chunkSize),
    ([length, size]) => {
      answer(utf8(samples[name]).subarray(0, length), undefined, size);
    },
  );
}
