// The flat lists of records by key and the flat shadow store, each beside plain collections that are put through the same.

import fc from "fast-check";
import { expect } from "vitest";
import { prop } from "../../properties/prop.ts";
import { RecordsByKey } from "./records-by-key.ts";
import { Renumbering } from "./renumbering.ts";
import { ShadowStore } from "./shadow.ts";

const KEYS = 4;

type Change =
  | { readonly kind: "add"; readonly key: number }
  | { readonly kind: "keep"; readonly key: number; readonly modulus: number }
  | { readonly kind: "give up"; readonly every: number };

const changes = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant("add" as const), key: fc.nat(KEYS - 1) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant("keep" as const),
        key: fc.nat(KEYS),
        modulus: fc.integer({ min: 1, max: 3 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant("give up" as const), every: fc.integer({ min: 1, max: 3 }) }),
    },
  ),
  { maxLength: 80 },
);

function listOf(lists: RecordsByKey, key: number): number[] {
  const list: number[] = [];
  for (let place = lists.first(key); place >= 0; place = lists.next(place)) list.push(lists.at(place));
  return list;
}

prop("records by key are lists of records, whatever is added, taken away and numbered anew", changes, (all) => {
  const lists = new RecordsByKey();
  let twin: number[][] = Array.from({ length: KEYS + 1 }, () => []);
  let count = 0;
  for (const change of all as readonly Change[]) {
    if (change.kind === "add") {
      lists.add(change.key, count);
      twin[change.key]!.push(count);
      count += 1;
    } else if (change.kind === "keep") {
      const isKept = (record: number): boolean => record % change.modulus !== 0;
      lists.keep(change.key, isKept);
      twin[change.key] = twin[change.key]!.filter(isKept);
    } else {
      const to = new Renumbering(
        Uint8Array.from({ length: count }, (_, record) => (record % change.every === 0 ? 0 : 1)),
      );
      lists.renumber(to);
      twin = twin.map((list) => list.map((record) => to.of(record)).filter((record) => record >= 0));
      count = to.count;
    }
    for (let key = 0; key <= KEYS; key += 1) expect(listOf(lists, key)).toEqual(twin[key]);
  }
});

prop(
  "the shadow store is a map from cloudlet and key to a version, while few cloudlets hold the key and when many do",
  fc.tuple(
    fc.integer({ min: 1, max: 60 }),
    fc.array(fc.tuple(fc.nat(59), fc.nat(2), fc.nat(99), fc.boolean()), { maxLength: 150 }),
  ),
  ([cloudlets, sets]) => {
    const store = new ShadowStore(cloudlets);
    const twin = new Map<string, number>();
    for (const [any, key, record, isRemoved] of sets) {
      const cloudlet = any % cloudlets;
      const name = `${cloudlet} ${key}`;
      if (!isRemoved) {
        store.setSingle(cloudlet, key, record);
        twin.set(name, record);
      } else {
        const standing = twin.get(name) ?? record;
        store.remove(cloudlet, key, standing);
        twin.delete(name);
      }
    }
    for (let key = 0; key <= 3; key += 1) {
      for (let cloudlet = 0; cloudlet < cloudlets; cloudlet += 1) {
        expect(store.codeOf(cloudlet, key)).toBe(twin.get(`${cloudlet} ${key}`) ?? -1);
      }
    }
    const found = new Map<string, number>();
    store.each((cloudlet, key, code) => void found.set(`${cloudlet} ${key}`, code));
    expect(found).toEqual(twin);
  },
);
