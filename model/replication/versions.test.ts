// The store of versions against the definition: what is live is what was applied and what nothing applied later replaces.

import fc from "fast-check";
import { expect } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import { sameDot } from "./record.ts";
import type { CausalRecord } from "./record.ts";
import { VersionStore } from "./versions.ts";

const keyNames = ["a", "a/", "a/b", "ab", "b", "", "é", "\u{1f600}", "__proto__", "constructor"];
// Which key, and which of the earlier records it replaces.
const writes = fc.array(
  fc.tuple(fc.nat({ max: keyNames.length - 1 }), fc.array(fc.nat({ max: 60 }), { maxLength: 4 })),
  {
    maxLength: 60,
  },
);

function recordsOf(list: readonly (readonly [number, readonly number[]])[]): CausalRecord[] {
  const records: CausalRecord[] = [];
  for (const [key, replaced] of list) {
    const dot = {
      stream: 0 as StreamId,
      origin: 0 as CloudletId,
      incarnation: 1 as Incarnation,
      sequence: records.length + 1,
    };
    const prev = replaced.flatMap((at) => {
      const before = records[at];
      return before !== undefined && before.key === keyNames[key] ? [before.dot] : [];
    });
    records.push({ dot, key: keyNames[key] as string, prev } as unknown as CausalRecord);
  }
  return records;
}

prop("live is what was applied and not replaced since", writes, (list) => {
  const store = new VersionStore();
  const records = recordsOf(list);
  const applied: CausalRecord[] = [];
  for (const record of records) {
    store.apply(record);
    applied.push(record);
    const live = applied.filter(
      ({ dot, key }) =>
        key === record.key && !applied.some(({ prev }) => prev.some((replaced) => sameDot(replaced, dot))),
    );
    expect(store.of(record.key)).toEqual(live);
  }
  const keys = [...new Set(records.map(({ key }) => key))].sort();
  expect(store.keys()).toEqual(keys);
  for (const prefix of [...keyNames, "a/b/c", "\u{1f601}"]) {
    expect(store.keysFrom(prefix)).toEqual(keys.filter((key) => key.startsWith(prefix)));
  }
  const copy = store.clone();
  for (const record of recordsOf([[0, [0, 1, 2]], ...list])) copy.apply({ ...record, key: "a" });
  for (const key of keys) {
    const ofKey = applied.filter((record) => record.key === key);
    const live = ofKey.filter(
      ({ dot }) => !applied.some(({ prev }) => prev.some((replaced) => sameDot(replaced, dot))),
    );
    expect(store.of(key)).toEqual(live);
  }
});
