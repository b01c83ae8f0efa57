// What stands at keys of the control layer, read word by word, beside the same by patterns: of whatever text, both say the same.

import fc from "fast-check";
import { afterAll, expect } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId } from "../ids.ts";
import type { Duration } from "../units.ts";
import { readWord, type EndKind, type EndReason, type Word } from "./ends.ts";
import { isOperationId, type KnownUpTo, type Operation, type OperationId } from "./operation.ts";

const id = "0.1.4" as OperationId;

// The words that texts of the control layer are made of, and what somebody may have put in their place.
const words = fc.constantFrom(
  ...["op", "intent", "taken", "end", "over", "done", "failed", "expired", "gone", "vm.create", "vm7", "a\tb", "", "="],
  ...["why=executed", "why=time", "why=never", "why=", "at=1", "at=x", "at=", "cause=0.1.2", "cause=0.1", "cause="],
  ...["to=3", "to=", "to=-1", "by=tenant", "by=nobody", "priority=3", "priority=1e3", "expiry=5", "age=7", "needs=2"],
  ...["after=0.1.2,0.1.3", "after=1", "beside=1.2.9", "beside=", "knows=2.17", "knows=2", "size=4", "size", "|", "a|b"],
);
const whole = fc.constantFrom(
  "op vm.create vm7 to=3 by=tenant priority=3 expiry=5 age=1 after=0.1.2 beside=1.2.9 knows=2.17 needs=2 | 4 cores | x",
  "op vm.create vm7 to=3 by=owner",
  "intent vm.create vm7",
  "taken vm.create vm7",
  "end done vm.create vm7 why=executed at=3 | took | long",
  "end expired vm.create vm7 why=cap at=1 to=3",
  "over superseded vm.create vm7 why=conflict at=3 cause=0.1.2",
);
const changes = fc.array(fc.record({ at: fc.nat(12), kind: fc.constantFrom("put", "drop", "add"), word: words }), {
  maxLength: 3,
});
const texts = fc.oneof(
  fc.array(words, { maxLength: 10 }).map((list) => list.join(" ")),
  fc.tuple(whole, changes).map(([text, list]) => changed(text, list)),
);

function changed(text: string, list: readonly { at: number; kind: string; word: string }[]): string {
  const parts = text.split(" ");
  for (const { at, kind, word } of list) {
    const place = at % (parts.length + 1);
    if (kind === "put") parts[place] = word;
    else parts.splice(place, kind === "drop" ? 1 : 0, ...(kind === "drop" ? [] : [word]));
  }
  return parts.join(" ");
}

const seen = { operation: 0, intent: 0, taken: 0, end: 0, over: 0, nothing: 0 };
afterAll(() => {
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
});

// Enough runs for each of six kinds of words to come up, whatever the seed.
prop(
  "a text is read as it is by patterns",
  texts,
  (text) => {
    const word = byPatterns(text);
    expect(readWord(id, text)).toEqual(word);
    seen[word?.says ?? "nothing"] += 1;
  },
  { numRuns: 1_500 },
);

const subjects = /^(intent|taken) (\S+) (\S+)$/;
const ends =
  /^(end|over) (done|failed|expired|superseded|revoked) (\S+) (\S+) why=(executed|unknown|time|cap|after|conflict|issuer|authority|closed|custody) at=(\d+)(?: cause=(\S+))?(?: to=(\d+))?$/;

function byPatterns(text: string): Word | null {
  const [head, detail] = cutAtBar(text);
  const operation = operationIn(head, detail);
  if (operation !== null) return { says: "operation", operation };
  const subject = subjects.exec(text);
  if (subject !== null) {
    const [, says, kind, object] = subject as unknown as readonly [string, "intent" | "taken", string, string];
    return { says, subject: { kind, object } };
  }
  const end = ends.exec(head);
  const cause = end?.[7] ?? null;
  if (end === null || (cause !== null && !isOperationId(cause))) return null;
  const [kind, why] = [end[2] as EndKind, end[5] as EndReason];
  return {
    says: end[1] as "end" | "over",
    subject: { kind: end[3] as string, object: end[4] as string },
    end: { kind, why, at: Number(end[6]) as CloudletId, cause, detail },
    to: end[8] === undefined ? null : (Number(end[8]) as CloudletId),
  };
}

function cutAtBar(text: string): readonly [head: string, rest: string] {
  const bar = text.indexOf(" | ");
  return bar < 0 ? [text, ""] : [text.slice(0, bar), text.slice(bar + 3)];
}

function operationIn(head: string, payload: string): Operation | null {
  const [form, kind, object, ...rest] = head.split(" ");
  if (form !== "op" || kind === undefined || object === undefined) return null;
  if (!rest.every((word) => word.includes("="))) return null;
  const said = new Map(rest.map((word) => cutAtEquals(word)));
  const actor = said.get("by") ?? "";
  if (actor !== "owner" && actor !== "operator" && actor !== "tenant") return null;
  const number = (name: string): number => (/^\d+$/.test(said.get(name) ?? "0") ? Number(said.get(name) ?? "0") : NaN);
  const list = (name: string): readonly string[] => said.get(name)?.split(",") ?? [];
  const numbers = ["to", "priority", "expiry", "age", "needs"].map(number);
  if (!said.has("to") || numbers.some((value) => !Number.isSafeInteger(value))) return null;
  if (![...list("after"), ...list("beside")].every((name) => isOperationId(name))) return null;
  const knows = said.get("knows") ?? null;
  if (knows !== null && !/^\d+\.\d+$/.test(knows)) return null;
  return {
    id,
    target: number("to") as CloudletId,
    kind,
    object,
    actor,
    priority: number("priority"),
    expiry: said.has("expiry") ? (number("expiry") as Duration) : null,
    age: number("age") as Duration,
    after: list("after") as readonly OperationId[],
    beside: list("beside") as readonly OperationId[],
    knows: knows === null ? null : knownIn(knows),
    needs: said.has("needs") ? number("needs") : 1,
    payload,
  };
}

function cutAtEquals(word: string): readonly [string, string] {
  return [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)];
}

function knownIn(text: string): KnownUpTo {
  const [incarnation, sequence] = text.split(".").map(Number) as [number, number];
  return { incarnation, sequence };
}
