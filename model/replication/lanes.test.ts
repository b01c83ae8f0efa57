// Lanes beside the walk through the log that they stand for: the same positions, and nobody left out.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, ScopeId, StreamId } from "../ids.ts";
import { AppliedLog, isRecord, type LogItem } from "./applied-log.ts";
import { Lanes } from "./lanes.ts";
import type { CausalRecord } from "./record.ts";

const scopeCount = 12;
const neighbourCount = 65;
const scopeOf = (stream: StreamId): ScopeId => (stream % scopeCount) as ScopeId;

function recordOf(stream: number, sequence: number): CausalRecord {
  const dot = { origin: 0 as CloudletId, incarnation: 1 as Incarnation, stream: stream as StreamId, sequence };
  const stamp = { wall: 0, logical: 0, lamport: 0 };
  return { kind: "put", dot, key: "k", value: "", prev: [], deps: [], stamp, size: 0 } as unknown as CausalRecord;
}

/** What happens to a log: records of some streams, a place that concerns everybody, or a prefix that goes. */
const happening = fc.oneof(
  { weight: 8, arbitrary: fc.record({ kind: fc.constant("record" as const), stream: fc.nat(40) }) },
  { weight: 1, arbitrary: fc.constant({ kind: "blocked" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop" as const), share: fc.nat(100) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("look" as const), share: fc.nat(100), short: fc.nat(3) }) },
);
const scopes = fc.uniqueArray(fc.nat(scopeCount - 1), { maxLength: 10 });

let looks = 0;
let found = 0;
afterAll(() => expect({ looks: looks > 0, found: found > 0 }).toEqual({ looks: true, found: true }));

prop(
  "lanes lead to the positions that a walk through the log finds, and tell whom news concern",
  fc.tuple(
    fc.array(scopes, { minLength: neighbourCount, maxLength: neighbourCount }),
    fc.array(happening, { minLength: 1, maxLength: 120 }),
  ),
  ([out, happenings]) => {
    const log = new AppliedLog();
    const lanes = Lanes.of(log, scopeOf, out as unknown as readonly (readonly ScopeId[])[])!;
    for (const [sequence, one] of happenings.entries()) {
      if (one.kind === "record") log.append(recordOf(one.stream, sequence + 1), null);
      else if (one.kind === "blocked") log.append({ kind: "blocked" }, null);
      else if (one.kind === "drop") log.dropTo(log.base + Math.floor(((log.end - log.base) * one.share) / 100));
      else {
        const at = log.base + Math.floor(((log.end - log.base) * one.share) / 100);
        const end = Math.max(at, log.end - one.short);
        const concerns = (item: LogItem, place: number): boolean =>
          !isRecord(item) || out[place]!.includes(scopeOf(item.dot.stream));
        for (let place = 0; place < neighbourCount; place += 1) {
          let right = at;
          // One to whom many scopes flow walks by itself.
          while (out[place]!.length <= 8 && right < end && !concerns(log.at(right), place)) right += 1;
          expect(lanes.next(place, at, end)).toBe(right);
          if (right > at) found += 1;
        }
        const news = Array.from({ length: log.end - at }, (_, index) => log.at(at + index));
        const audience = lanes.audienceFrom(at);
        if (news.some((item) => !isRecord(item))) expect(audience).toBe("all");
        else {
          const right = out.flatMap((_, place) => (news.some((item) => concerns(item, place)) ? [place] : []));
          expect(audience).toEqual(right);
        }
        looks += 1;
      }
    }
  },
);

test("where most of a long log has gone, lanes lead to the same positions", () => {
  const log = new AppliedLog();
  const out = Array.from({ length: neighbourCount }, (_, place) => [(place % scopeCount) as ScopeId]);
  const lanes = Lanes.of(log, scopeOf, out)!;
  for (let sequence = 1; sequence <= 5_000; sequence += 1) log.append(recordOf(sequence % 40, sequence), null);
  lanes.audienceFrom(log.end - 1);
  log.dropTo(4_000);
  for (let place = 0; place < scopeCount; place += 1) {
    for (let at = log.base; at < log.base + 80; at += 1) {
      let right = at;
      while (scopeOf((log.at(right) as CausalRecord).dot.stream) !== place) right += 1;
      expect(lanes.next(place, at, log.end)).toBe(right);
    }
  }
});

test("few neighbours have no lanes", () => {
  expect(Lanes.of(new AppliedLog(), scopeOf, [[], []])).toBeNull();
});
