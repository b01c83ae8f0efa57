// Entries of a disk as bytes: what was written is read again, and no flipped bit is ever read as something else.

import { expect, test } from "vitest";
import { pairTopology, written } from "../testing/written-replica.ts";
import { ByteWriter } from "./bytes.ts";
import { decodeEntry, encodeEntry } from "./entry-bytes.ts";
import type { StoredEntry } from "./log.ts";

const { replica, records } = written(pairTopology(), 24, 5);
const { cut } = replica.snapshot();
const entries: readonly StoredEntry[] = [records[0], records[23], cut].flatMap((entry) => entry ?? []);

test("what was written is read again", () => {
  expect(entries).toHaveLength(3);
  for (const entry of entries) expect(decodeEntry(encodeEntry(entry))).toEqual({ kind: "entry", entry });
});

test("each single flipped bit, and each missing end, is found by the checksum", () => {
  for (const entry of entries) {
    const bytes = encodeEntry(entry);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = bytes.slice();
      damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(decodeEntry(damaged).kind).toBe("corrupted");
    }
    for (let end = 0; end < bytes.length; end += 1) {
      expect(decodeEntry(bytes.subarray(0, end)).kind).toBe("corrupted");
    }
  }
});

test("undamaged bytes that are no entry are told with their place", () => {
  const out = new ByteWriter(8);
  out.integer(7);
  out.checksum(0);
  expect(decodeEntry(out.bytes.subarray(0, out.length))).toEqual({
    kind: "malformed",
    at: 0,
    why: "kind: there is no entry of kind 7",
  });
});
