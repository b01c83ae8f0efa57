// Jepsen's histories by tables: in EDN, in JSON and as logs, what becomes of their events, and what is said of broken ones.

import { describe, expect, test } from "vitest";
import { checkHistory } from "../check.ts";
import type { History } from "../history.ts";
import { readsFrom } from "../reads-from.ts";
import type { FormatName } from "./format.ts";
import { readHistory } from "./read-history.ts";
import { told } from "./testing.ts";
import { utf8 } from "./text.ts";
import { writeHistory } from "./write-history.ts";

const read = (text: string, format?: FormatName) =>
  readHistory(utf8(text), { fileName: "h", ...(format !== undefined && { format }) });

describe("EDN", () => {
  test.each([
    [
      "a vector of events with times: invocations and completions are one operation",
      `[{:type :invoke, :f :write, :value [0 1], :process 1, :time 5, :index 0}
        {:type :invoke, :f :read, :value [0 nil], :process 2, :time 6, :index 7}
        {:type :ok, :f :write, :value [0 1], :process 1, :time 8, :position 6811491125530984454, :link nil}
        {:type :ok, :f :read, :value [0 1], :process 2, :time 9}]`,
      "1: w 0 1 @5-8\n2: r 0 1 @6-9",
    ],
    [
      "one map per line, commas and all, completions alone",
      "{:process 0, :type :ok, :f :write, :value [:x 1]}\n{:process 0, :type :ok, :f :read, :value [:x nil]}\n",
      '0: w ":x" 1, r ":x" null',
    ],
    [
      "a register without a key",
      "{:process 0 :type :invoke :f :write :value 3}{:process 0 :type :ok :f :write :value 3}{:process 1 :type :invoke :f :read :value nil}{:process 1 :type :ok :f :read :value 3}",
      '0: w "register" 3 @1-2\n1: r "register" 3 @3-4',
    ],
    [
      "a set that a register without a key returns",
      "{:process 0 :type :invoke :f :read :value nil}{:process 0 :type :ok :f :read :value #{3 4}}",
      '0: r "register" {3 4} @1-2',
    ],
    [
      "transactions of registers; nil is the beginning",
      "{:process 0 :type :ok :f :txn :value [[:w :x 1] [:r :y nil]]}{:process 0 :type :ok :f :txn :value [[:r :x 1]]}",
      '0: w ":x" 1, r ":y" null | r ":x" 1',
    ],
    [
      "transactions that append to lists",
      "{:process 0 :type :invoke :f :txn :value [[:append 1 1] [:r 1 nil]]}{:process 0 :type :ok :f :txn :value [[:append 1 1] [:r 1 [1]]]}{:process 1 :type :ok :value [[:r 1 nil] [:r 2 []]]}",
      "0: a 1 1 @1-2, r 1 [1] @1-2\n1: r 1 [] @-3, r 2 [] @-3",
    ],
    [
      "failed and undecided writes; what has not ended may have happened; aborted reads say nothing",
      "{:process 0 :type :invoke :f :write :value [1 1]}{:process 0 :type :fail :f :write :value [1 :timeout]}{:process 0 :type :invoke :f :write :value [1 2]}{:process 0 :type :info :f :write :value :timed-out}{:process 1 :type :invoke :f :write :value [1 3]}{:process 2 :type :invoke :f :txn :value [[:r 1 nil] [:w 1 4]]}{:process 2 :type :fail :f :txn :value [[:r 1 nil] [:w 1 4]]}",
      "0: w! 1 1 @1-2 | w? 1 2 @3-\n2: r! 1 @6-7, w! 1 4 @6-7\n1: w? 1 3 @5-",
    ],
    [
      "a process that goes on after :info, or before it has ended, is another session",
      "{:process 0 :type :invoke :f :write :value [1 1]}{:process 0 :type :info :f :write :value [1 1]}{:process 0 :type :invoke :f :write :value [1 2]}{:process 0 :type :invoke :f :write :value [1 3]}{:process 0 :type :ok :f :write :value [1 3]}",
      '0: w? 1 1 @1-\n"0 (2)": w? 1 2 @3-\n"0 (3)": w 1 3 @4-5',
    ],
    [
      "a compare-and-set is a read and a write when it succeeds, and nothing when it fails",
      "{:process 0 :type :invoke :f :cas :value [1 2]}{:process 0 :type :ok :f :cas :value [1 2]}{:process 1 :type :invoke :f :cas :value [7 [3 4]]}{:process 1 :type :fail :f :cas :value [7 [3 4]]}{:process 1 :type :invoke :f :cas :value [7 [5 6]]}{:process 1 :type :info :f :cas :value [7 [5 6]]}",
      '0: r "register" 1 @1-2, w "register" 2 @1-2\n1: r? 7 5 @5-, w? 7 6 @5-',
    ],
    [
      "faults and whatever is no client",
      "{:process :nemesis :type :info :f :start :value nil}{:process 0 :type :ok :f :write :value [1 1]}",
      "0: w 1 1",
    ],
    [
      "tags, records, comments, discarded values, metadata, characters, strings, ratios, large numbers",
      `; a history
       [#jepsen.history.Op{:process 0, :type :ok, #_ #_ :f :nonsense :f :write, :value [#uuid "a b" "1 \\"\\u00e9\\n"]}
        ^{:a 1} {:process 0, :type :ok, :f :write, :value [\\x \\newline]} #_{:process 1}
        {:process 0 :type :ok :f :write :value [1/2 12345678901234567890N]}
        {:process 0 :type :ok :f :write :value [true 1.5M]}
        {:process 0 :type :ok :f :write :value [-3 +4]}
        {:process 0 :type :ok :f :write :value [0x1F ##Inf]}
        {:process 0 :type :ok :f :write :value [#"a\\d" #{2 1}]}
        {:process 0 :type :ok :f :write :value [\\( {:a [nil "b"]}]}]`,
      String.raw`0: w "a b" "1 \"é\n", w "x" "\n", w "1/2" 12345678901234567890, w "true" 1.5, w -3 4, w "0x1F" "##Inf", w "a\\d" "#{1 2}", w "(" "{:a [nil \"b\"]}"`,
    ],
    [
      "texts that grow, taken apart again; a rest that nobody appended is an element more",
      '{:process 0, :type :ok, :f :put, :key "0", :value ""}{:process 0, :type :ok, :f :append, :key "0", :value "x 0 y"}{:process 1, :type :ok, :f :append, :key "0", :value "x 1 y"}{:process 0, :type :ok, :f :get, :key "0", :value "x 1 yx 0 yzz"}{:process 1, :type :ok, :f :get, :key "0", :value ""}',
      '0: a "0" "x 0 y", r "0" ["x 1 y" "x 0 y" "zz"]\n1: a "0" "x 1 y", r "0" []',
    ],
    [
      "texts that are put and appended to: the last of them was read, or what nobody wrote",
      '{:process 0, :type :ok, :f :get, :key 1, :value ""}{:process 0, :type :ok, :f :append, :key 1, :value "a;"}{:process 0, :type :ok, :f :put, :key 1, :value "b;"}{:process 0, :type :ok, :f :append, :key 1, :value "c;"}{:process 1, :type :ok, :f :get, :key 1, :value "b;"}{:process 1, :type :ok, :f :get, :key 1, :value "b;c;"}{:process 1, :type :ok, :f :get, :key 1, :value "b;d"}',
      '0: r 1 null, w 1 "a;", w 1 "b;", w 1 "c;"\n1: r 1 "b;", r 1 "c;", r 1 "b;d"',
    ],
    [
      "texts that are only put",
      '{:process 0, :type :ok, :f :get, :key "0", :value ""}{:process 0, :type :ok, :f :put, :key "0", :value "a"}{:process 0, :type :ok, :f :put, :key "1", :value ""}{:process 0, :type :ok, :f :get, :key "1", :value ""}',
      '0: r "0" null, w "0" "a", w "1" "", r "1" ""',
    ],
    [
      "an event without its time: that one is unknown, the others are not",
      "{:type :invoke :process 0 :f :write :value 1}{:type :ok :process 0 :f :write :value 1 :time 100}{:type :invoke :process 1 :f :read :value nil :time 50}{:type :ok :process 1 :f :read :value nil :time 60}{:type :invoke :process 1 :f :read :value nil :time 70}{:type :ok :process 1 :f :read :value nil}",
      '0: w "register" 1 @-100\n1: r "register" null @50-60, r "register" null @70-',
    ],
    [
      "the same of operations that name their keys",
      "{:type :invoke :process 0 :f :put :key 1 :value 1}{:type :ok :process 0 :f :put :key 1 :value 1}{:type :invoke :process 1 :f :get :key 1 :value nil :time 50}{:type :ok :process 1 :f :get :key 1 :value nil :time 60}",
      "0: w 1 1\n1: r 1 null @50-60",
    ],
    [
      "a completion alone, whose end is known",
      "{:type :invoke :process 1 :f :write :value 1 :time 10}{:type :ok :process 1 :f :write :value 1 :time 15}{:type :ok :process 2 :f :read :value 2 :time 20}",
      '1: w "register" 1 @10-15\n2: r "register" 2 @-20',
    ],
    [
      "nanoseconds since 1970, counted from the first",
      "{:type :invoke :process 0 :f :write :value 1 :time 1700000000000000000}{:type :ok :process 0 :f :write :value 1 :time 1700000000000000050}{:type :invoke :process 1 :f :read :value nil :time 1700000000000000100}{:type :ok :process 1 :f :read :value nil :time 1700000000000000120}",
      '0: w "register" 1 @0-50\n1: r "register" null @100-120',
    ],
    [
      "writes that complete with another value than they were asked for, with a key and without",
      "{:type :invoke :process 1 :f :write :value 1}{:type :ok :process 1 :f :write :value 2}{:type :invoke :process 1 :f :write :value [7 1]}{:type :ok :process 1 :f :write :value [7 3]}{:type :invoke :process 1 :f :write :value [7 4]}{:type :info :process 1 :f :write :value [7 :lost]}",
      '1: w "register" 2 @1-2, w 7 3 @3-4, w? 7 4 @5-',
    ],
  ])("%s", (_, text, expected) => {
    expect(told(read(text))).toBe(expected);
  });

  test.each([
    [
      "a key of a map twice",
      "{:type :ok :type :fail :process 0 :f :write :value 1}",
      '1:12: expected each key of a map once, found ":type"; leave one of the two out',
    ],
    [
      "an end before its beginning",
      "{:type :invoke :process 0 :f :write :value 1 :time 10}{:type :ok :process 0 :f :write :value 1 :time 5}",
      "1:55: expected an operation that ends after it began, found 5 before 10; correct it, or leave the operation out",
    ],
    [
      "a process that begins before it had ended",
      "{:type :invoke :process 0 :f :write :value 1 :time 10}{:type :ok :process 0 :f :write :value 1 :time 15}\n{:type :invoke :process 0 :f :write :value 2 :time 12}",
      "2:1: expected events of a process in the order of their times, found 12 after 15; correct it, or leave the operation out",
    ],
    [
      "completions of a process that go back in time",
      "{:type :ok :process 0 :f :write :value 1 :time 10}{:type :ok :process 1 :f :write :value 3 :time 4}\n{:type :ok :process 0 :f :write :value 2 :time 9}",
      "2:1: expected events of a process in the order of their times, found 9 after 10; correct it, or leave the operation out",
    ],
    [
      "times that no double tells apart",
      "{:type :invoke :process 0 :f :write :value 1 :time 17000}{:type :ok :process 0 :f :write :value 1 :time 1700000000000000100}",
      "1:105: expected times that differ by less than 2^53 from the first one, found 1700000000000000100; correct it, or leave the operation out",
    ],
    [
      "a vector that does not end",
      "[{:process 0 :type :ok :f :write :value [1 1]}",
      '1:47: expected "]" at the end of the history, found the end of the file; it is cut off here; complete it, or remove what is incomplete',
    ],
    [
      "a map that does not end",
      "[{:process 0\n :type :ok",
      '2:11: expected "}", for what opens in line 1, found the end of the file; it is cut off here; complete it, or remove what is incomplete',
    ],
    [
      "brackets that do not fit",
      "{:process 0 :value [1 2}}",
      '1:24: expected "]", for what opens in line 1, found "}}"; correct it here',
    ],
    [
      "a map of an odd number",
      "{:process 0 :value}",
      '1:19: expected a value for the last key of the map, found "}"; correct it here',
    ],
    [
      "a text that does not end",
      '{:process "a\nb',
      "1:11: expected a text in quotes, found one without an end; it is cut off here; complete it, or remove what is incomplete",
    ],
    [
      "an unknown escape",
      '{:process "\\q"}',
      '1:15: expected a text in quotes, found the unknown escape "\\\\q" in the text of line 1; correct it here',
    ],
    ["a number that is none", "{:process 12ab}", '1:11: expected a number, found "12ab}"; correct it here'],
    ["a lone colon", "{:process : 1}", '1:12: expected a name after the colon, found " 1}"; correct it here'],
    ["a lone hash", "{:process # 1}", '1:12: expected a tag after #, found " 1}"; correct it here'],
    [
      "deep nesting",
      `{:process ${"[".repeat(200)}`,
      "1:110: expected values nested at most 100 deep, found deeper ones; correct it here",
    ],
    [
      "deep discarding",
      `{:process ${"#_ ".repeat(200)}`,
      "1:308: expected values nested at most 100 deep, found deeper ones; correct it here",
    ],
    [
      "what is no map",
      "[{:process 0 :type :ok :f :read :value 1} 7]",
      "1:43: expected a map with :process, :type, :f and :value, found 7; correct it, or leave the operation out",
    ],
    [
      "no process",
      "{:type :ok :f :read :value 1}",
      "1:1: expected :process of an operation, found none; correct it, or leave the operation out",
    ],
    [
      "no type",
      "{:process 0 :f :read :value 1}",
      "1:1: expected :type of an operation, found none; correct it, or leave the operation out",
    ],
    [
      "an unknown type",
      "{:process 0 :type :done :f :read :value 1}",
      "1:19: expected :type :invoke, :ok, :fail or :info, found :done; correct it, or leave the operation out",
    ],
    [
      "an unknown operation",
      "{:process 0 :type :ok :f :enqueue :value 1}",
      "1:26: expected :f :read, :write, :get, :put, :append, :cas or :txn, found :enqueue; correct it, or leave the operation out",
    ],
    [
      "no value",
      "{:process 0 :type :ok :f :read}",
      "1:1: expected :value of an operation, found none; correct it, or leave the operation out",
    ],
    [
      "no transaction",
      "{:process 0 :type :ok :f :txn}",
      "1:1: expected :value of a transaction, found none; correct it, or leave the operation out",
    ],
    [
      "a transaction that is none",
      "{:process 0 :type :ok :f :txn :value 1}",
      "1:38: expected :value of a transaction, such as [[:r 1 nil] [:w 2 3]], found 1; correct it, or leave the operation out",
    ],
    [
      "a step that is none",
      "{:process 0 :type :ok :f :txn :value [[:r 1]]}",
      "1:39: expected [:r KEY VALUE], [:w KEY VALUE] or [:append KEY VALUE], found [:r 1]; correct it, or leave the operation out",
    ],
    [
      "an unknown step",
      "{:process 0 :type :ok :f :txn :value [[:inc 1 1]]}",
      "1:40: expected :r, :w or :append in a transaction, found :inc; correct it, or leave the operation out",
    ],
    [
      "a compare-and-set without values",
      "{:process 0 :type :ok :f :cas :value 1}",
      "1:38: expected :value [FROM TO] of a :cas, found 1; correct it, or leave the operation out",
    ],
    [
      "appends to what is written",
      "{:process 0 :type :ok :f :txn :value [[:w 1 1] [:append 1 2]]}",
      "1:59: expected key 1 used in one way, found an operation that appends to it, where line 1 or one before writes the whole value of it; give objects of different kinds different keys",
    ],
    [
      "texts that are put and appended and cannot be told apart",
      '{:process 0 :type :ok :f :append :key 1 :value "a"}{:process 0 :type :ok :f :put :key 1 :value "ba"}',
      '1:96: expected appended texts at key 1 of which none ends with another, so that reads can be taken apart, found "a" and "ba"; correct it, or leave the operation out',
    ],
    [
      "appended texts that cannot be told apart",
      '{:process 0 :type :ok :f :append :key 1 :value "a"}{:process 0 :type :ok :f :append :key 1 :value "ab"}',
      '1:99: expected appended texts at key 1 of which none begins with another, so that reads can be taken apart, found "a" and "ab"; correct it, or leave the operation out',
    ],
    [
      "more after the vector",
      "[{:process 0 :type :ok :f :read :value 1}] 1",
      '1:44: expected the end of the file, found "1"; correct it here',
    ],
    [
      "transactions after operations with keys",
      "{:process 0 :type :ok :f :get :key 1 :value 1}{:process 0 :type :ok :f :txn :value []}",
      "1:84: expected operations that name their :key, as those before, found a transaction; correct it, or leave the operation out",
    ],
    [
      "nothing but faults",
      "[{:process :nemesis :type :info :f :kill :value nil}]",
      "h: expected at least one operation, found none; a history without operations would hold whatever one asks of it; record some",
    ],
  ])("%s is refused", (_, text, expected) => {
    expect(told(read(text, "jepsen-edn"))).toBe(expected.startsWith("h:") ? expected : `h:${expected}`);
  });

  test("registers may begin with a value", () => {
    const text = "{:process 0 :type :ok :f :read-init :value [:x 0]}{:process 0 :type :ok :f :write :value [:x 1]}";
    const outcome = readHistory(utf8(text), { fileName: "h", zero: 0 });
    expect(told(outcome)).toBe('0: r ":x" null, w ":x" 1');
    expect(outcome.kind === "read" && outcome.notes).toEqual([
      "initial values: implicit, a read of nothing or 0 returns what was there before the history",
    ]);
    expect(told(readHistory(utf8(text), { fileName: "h", zero: 1, init: "explicit" }))).toBe('0: r ":x" 0, w ":x" 1');
  });

  test("times that some events lack, values that changed and first reads of a value are noted", () => {
    const outcome = read(
      "{:type :invoke :process 1 :f :write :value 1}{:type :ok :process 1 :f :write :value 2 :time 1700000000000000000}{:type :ok :process 2 :f :read-init :value [7 0]}",
    );
    expect(outcome.kind === "read" && outcome.notes.slice(1)).toEqual([
      "events without a :time, which counts as unknown: 2",
      "times are counted from the first one, 1700000000000000000",
      ":read-init returned 0; if keys begin with that and not with nil, --zero 0 says so",
      "writes that completed with another value than they were asked for, which counts: 1, the first in line 1",
    ]);
  });

  test.each([
    ["an integer that no double holds", "9007199254740993", '"9007199254740993"'],
    ["a keyword", ":a", '":a"'],
    ["a boolean", "true", '"true"'],
    ["a vector in a transaction's write", "[1]", '"[1]"'],
    ["a text with a mark", String.raw`"\u0000a"`, "a"],
  ])("%s is not the text that looks like it, and is written as it was", (_, one, other) => {
    const event = (process: number, step: string, value: string): string =>
      `{:process ${process} :type :ok :f :txn :value [[:${step} :x ${value}]]}`;
    const history = (outcome: ReturnType<typeof read>): History => {
      if (outcome.kind === "refused") throw new Error("the example is read");
      return outcome.history;
    };
    const different = history(read(event(0, "w", one) + event(1, "r", other)));
    expect(readsFrom(different).thinAir).toEqual([1]);
    const written = writeHistory(different, "jepsen-edn");
    if (written.kind === "refused") throw new Error("it is written");
    const again = history(read([...written.pieces].join("")));
    expect(readsFrom(again).thinAir).toEqual([1]);
    expect([again.values.raw(1), again.values.raw(2), again.keys.raw(0)]).toEqual([
      different.values.raw(1),
      different.values.raw(2),
      different.keys.raw(0),
    ]);
  });

  test.each([
    ["a front that nobody wrote", "QQQz", "violated", "violated"],
    ["a front in an order that is not judged", "yxz", "unknown", "holds"],
    ["one piece", "z", "holds", "holds"],
  ])("a text that was put and appended to, read with %s", (_, text, serializable, causal) => {
    const event = (name: string, value: string, process = 0): string =>
      `{:process ${process}, :type :ok, :f :${name}, :key 0, :value "${value}"}`;
    const outcome = read(event("put", "x") + event("append", "y") + event("append", "z") + event("get", text, 1));
    if (outcome.kind === "refused") throw new Error("the example is read");
    const { verdicts } = checkHistory(outcome.history);
    expect([verdicts.get("SER")!.kind, verdicts.get("CC")!.kind]).toEqual([serializable, causal]);
  });

  test("a zero may be named that is no number", () => {
    const outcome = readHistory(utf8("{:process 0 :type :ok :f :read :value [:x :none]}"), {
      fileName: "h",
      zero: ":none",
    });
    expect(told(outcome)).toBe('0: r ":x" null');
  });

  test("what was made of the file is noted", () => {
    const outcome = read(
      "{:process :nemesis :type :info :f :kill :value nil}{:process 0 :type :invoke :f :cas :value [0 1]}{:process 0 :type :ok :f :cas :value [0 1]}{:process 1 :type :info :f :write :value [2 1]}{:process 1 :type :ok :f :write :value [2 2]}",
    );
    expect(outcome.kind === "read" && outcome.notes).toEqual([
      "initial values: implicit, a read of nothing returns what was there before the history",
      "times: none in the file, the order of its events stands for them",
      "events of processes that are no numbers, left out: 1",
      "processes that went on while an operation of theirs was undecided, each as a new session: 1, the first in line 1",
      ":cas that did not fail, each as a read and a write in one transaction: 1",
    ]);
    expect(outcome.kind === "read" && outcome.history.timeUnit).toBe("steps");
  });
});

describe("JSON", () => {
  test.each([
    [
      "an array of events",
      '[{"type":"invoke","f":"txn","value":[["w","x",2]],"process":0,"time":3,"index":1},\n {"type":"ok","f":"txn","value":[["w","x",2]],"process":0,"time":4},{"process":"nemesis","type":"info","f":"kill"}]',
      '0: w "x" 2 @3-4',
    ],
    [
      "one object per line",
      '{"process":0,"type":"ok","f":"txn","value":[["append",1,7],["r",1,[7]],["r",2,null]]}\n{"process":1,"type":"fail","f":"txn","value":[["append",1,8]]}\n',
      "0: a 1 7, r 1 [7], r 2 null\n1: a! 1 8",
    ],
    [
      "registers",
      '{"process":0,"type":"ok","f":"write","value":["k",1]}{"process":0,"type":"ok","f":"read","value":["k",1]}',
      '0: w "k" 1, r "k" 1',
    ],
  ])("%s", (_, text, expected) => {
    expect(told(read(text))).toBe(expected);
  });

  test.each([
    [
      "an array that does not end",
      '[{"process":0,"type":"ok","f":"write","value":["k",1]}',
      '1:55: expected "," or "]", found the end of the file; it is cut off here; complete it, or remove what is incomplete',
    ],
    [
      "a field twice",
      '[{"process":0,"process":1,"type":"ok","f":"write","value":["k",1]}]',
      '1:15: expected each key of a map once, found "\\"process\\""; leave one of the two out',
    ],
    [
      "no commas",
      '[{"process":0,"type":"ok","f":"write","value":["k",1]} {}]',
      '1:56: expected "," or "]", found "{}]"; correct it here',
    ],
    [
      "more after the array",
      '[{"process":0,"type":"ok","f":"write","value":["k",1]}]\n[]',
      '2:1: expected the end of the file, found "[]"; correct it here',
    ],
    [
      "a key without quotes",
      '[{"process":0,type:1}]',
      '1:15: expected a key in quotes, found "type:1}]"; correct it here',
    ],
    [
      "deep nesting",
      `[{"process":0,"type":${"[".repeat(200)}`,
      "1:121: expected values nested at most 100 deep, found deeper ones; correct it here",
    ],
  ])("%s is refused", (_, text, expected) => {
    expect(told(read(text, "jepsen-json"))).toBe(`h:${expected}`);
  });
});

describe("logs", () => {
  test("lines of other parts are left out, two forms of the line are read", () => {
    const outcome = read(
      [
        "INFO  jepsen.core - Worker 2 starting",
        "INFO  jepsen.util - 2\t:invoke\t:write\t4",
        "INFO  jepsen.util - 0\t:invoke\t:read\tnil",
        "INFO  jepsen.util - 2\t:ok\t:write\t4",
        "INFO  jepsen.util - :nemesis\t:info\t:start\tnil",
        "INFO  jepsen.util - 0\t:ok\t:read\t4",
        "2026-01-02 03:04:05 INFO [worker 1] jepsen.util: 1 :invoke :cas [4 5]",
        "2026-01-02 03:04:06 INFO [worker 1] jepsen.util: 1 :info :cas :timed-out",
        "INFO  jepsen.util - 3\t:invoke\t:read\tnil",
        "INFO  jepsen.util - 3\t:fail\t:read\t:timed-out",
        "INFO  jepsen.util - Run complete",
        "",
      ].join("\n"),
      "porcupine",
    );
    expect(told(outcome)).toBe(
      '2: w "register" 4 @1-3\n0: r "register" 4 @2-5\n1: r? "register" 4 @6-, w? "register" 5 @6-\n3: r! "register" @8-9',
    );
    expect(outcome.kind === "read" && outcome.notes.at(-1)).toBe("other lines of the log, left out: 2");
  });

  test("are told by their first line", () => {
    expect(read("INFO  jepsen.util - 2\t:invoke\t:write\t4\n")).toMatchObject({ kind: "read", format: "porcupine" });
  });
});
