// Lists by scope beside the walks that they stand for: the same versions of the store, and the same positions of the log, in the same
// order; of what is kept as bytes, the same versions.

import fc from "fast-check";
import { afterAll, expect } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, ScopeId, StreamId } from "../ids.ts";
import { AppliedLog, isRecord } from "./applied-log.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { RecordIndex } from "./record-index.ts";
import { ScopePositions } from "./scope-positions.ts";
import { shelveAll } from "./shelving.ts";
import { VersionStore } from "./versions.ts";
import { recordSize } from "./wire-record.ts";
import { WriterTable } from "./writers.ts";

const scopeCount = 5;
const scopeOf = (stream: StreamId): ScopeId => (stream % scopeCount) as ScopeId;

function recordOf(key: number, sequence: number, prev: readonly Dot[]): CausalRecord {
  // Of one key all records are of one scope, by two writers.
  const stream = ((key % scopeCount) + (sequence % 2) * scopeCount) as StreamId;
  const dot = { origin: 0 as CloudletId, incarnation: 1 as Incarnation, stream, sequence };
  const stamp = { wall: 0, logical: 0, lamport: 0 };
  const said = { kind: "put", dot, key: `k${key}`, value: "", prev, deps: [], stamp } as const;
  return { ...said, size: recordSize(said) };
}

const keysOfStories = Array.from({ length: 31 }, (_, key) => key);

/**
 * What happens to a replica: a write over some of what stands, a version that goes, a prefix of the log that goes, some that are kept as
 * bytes from then on, or a cut.
 */
const happening = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({ kind: fc.constant("write" as const), key: fc.nat(30), replaces: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("remove" as const), key: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop" as const), share: fc.nat(100) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("shelve" as const), keys: fc.subarray(keysOfStories) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("cut" as const), scopes: fc.uniqueArray(fc.nat(scopeCount - 1)) }),
  },
);

const seen = { empty: 0, merged: 0, siblings: 0, gone: 0, shelved: 0 };
afterAll(() => {
  for (const [what, count] of Object.entries(seen)) expect(count, `a story with: ${what}`).toBeGreaterThan(0);
});

prop(
  "lists by scope lead to what a walk through all keys and all of the log finds",
  fc.tuple(fc.boolean(), fc.array(happening, { minLength: 1, maxLength: 150, size: "+1" })),
  ([isLong, happenings]) => {
    const log = new AppliedLog();
    const store = new VersionStore();
    const writers = new WriterTable();
    const index = new RecordIndex(writers);
    const positions = new ScopePositions(log, scopeOf);
    let sequence = 0;
    const write = (key: number, prev: readonly Dot[]): void => {
      sequence += 1;
      const record = recordOf(key, sequence, prev);
      index.add(writers.slotOf(record.dot), record);
      store.apply(record);
      log.append(record, null);
    };
    // Short ones are gone through: most that is to be tried begins with many keys.
    if (isLong) for (let key = 0; key < 1_100; key += 1) write(100 + key, []);
    for (const one of happenings) {
      if (one.kind === "write") {
        write(one.key, one.replaces ? store.of(`k${one.key}`).map(({ dot }) => dot) : []);
      } else if (one.kind === "remove") {
        const [version] = store.of(`k${one.key}`);
        if (version !== undefined) store.remove(version);
        seen.gone += 1;
      } else if (one.kind === "shelve") {
        const alone = one.keys.filter((key) => store.of(`k${key}`).length === 1).map((key) => `k${key}`);
        shelveAll(alone, { log, index, versions: store, writers }, () => "return-them-all");
      } else if (one.kind === "drop") {
        log.dropTo(log.base + Math.floor(((log.end - log.base) * one.share) / 100));
      } else {
        const scopes = new Set(one.scopes as ScopeId[]);
        const live = [...store.all()].filter(({ dot }) => scopes.has(scopeOf(dot.stream)));
        if (store.shelf === null) expect(store.ofScopes(scopes, scopeOf)).toEqual(live);
        else {
          seen.shelved += live.length;
          const inOrder = (some: CausalRecord[]): CausalRecord[] =>
            some.sort((a, b) => a.dot.sequence - b.dot.sequence);
          expect(inOrder(store.ofScopes(scopes, scopeOf))).toEqual(inOrder(live));
        }
        const at = Array.from({ length: log.end - log.base }, (_, index) => log.base + index);
        const right = at.filter((index) => {
          const item = log.at(index);
          return isRecord(item) && scopes.has(scopeOf(item.dot.stream));
        });
        expect(positions.among(scopes)).toEqual(right);
        if (live.length === 0) seen.empty += 1;
        if (scopes.size > 1) seen.merged += 1;
        if (new Set(live.map(({ key }) => key)).size < live.length) seen.siblings += 1;
      }
    }
  },
  { numRuns: 60 },
);
