// Snapshots as bytes: what was written is read again, and whatever is no snapshot of this engine is refused as what it is.

import { describe, expect, test } from "vitest";
import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import { seconds } from "../units.ts";
import { pairTopology, written } from "../testing/written-replica.ts";
import { createReplica } from "./replica.ts";
import { decodeSnapshot, encodeSnapshot } from "./snapshot-bytes.ts";
import type { Snapshot } from "./snapshot.ts";
import { ByteWriter, lengthAndText } from "./bytes.ts";

const topology = pairTopology();

/** The state of a reader that got all records of a writer but one, so that some of them wait. */
function stateWithWaiting(retain: number): Snapshot {
  const { records } = written(topology, 40, 7);
  const reader = createReplica({
    topology,
    self: 1 as CloudletId,
    clockBound: seconds(1),
    retain: { records: retain },
  });
  const now = { monotonic: 0, wall: 1_700_000_000_000_000 };
  reader.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, now);
  const some = records.filter((_, at) => at !== 20);
  const message = {
    kind: "records",
    incarnation: 1 as Incarnation,
    epoch: 1,
    to: 1 as Incarnation,
    base: 0,
    after: 0,
    upTo: 40,
  } as const;
  reader.step({ kind: "receive", from: 0 as CloudletId, message: { ...message, records: some } }, now);
  reader.step({ kind: "stored", upTo: some.length }, now);
  const put = { kind: "put", key: "shared/ä", value: "naïve 💾" } as const;
  reader.step({ kind: "request", session: 1 as SessionId, id: 1 as OpId, op: put }, now);
  reader.step({ kind: "stored", upTo: some.length + 1 }, now);
  return reader.snapshot();
}

describe("snapshot bytes", () => {
  test.each([0, 3, 1_000])("with %i records retained, what is written is read again, bytes and all", (retain) => {
    const snapshot = stateWithWaiting(retain);
    expect(snapshot.waiting.length).toBeGreaterThan(0);
    const bytes = encodeSnapshot(snapshot);
    const decoded = decodeSnapshot(bytes);
    expect(decoded).toEqual({ kind: "snapshot", snapshot });
    if (decoded.kind !== "snapshot") return;
    expect(encodeSnapshot(decoded.snapshot)).toEqual(bytes);
  });

  test("a replica that starts from what was read holds what the first one held", () => {
    const snapshot = stateWithWaiting(1_000);
    const decoded = decodeSnapshot(encodeSnapshot(snapshot));
    if (decoded.kind !== "snapshot") throw new Error(decoded.kind);
    const again = createReplica({ topology, self: 1 as CloudletId, clockBound: seconds(1) });
    const from = { checkpoint: decoded.snapshot, entries: [] };
    again.step({ kind: "started", incarnation: 2 as Incarnation, from }, { monotonic: 0, wall: 1_700_000_000_000_000 });
    expect(again.keys().map((key) => again.versions(key))).toEqual(
      again.keys().map((key) => [...snapshot.cut.versions].filter((record) => record.key === key)),
    );
    expect(again.pending().map(({ record }) => record.dot)).toEqual(snapshot.waiting.map(({ dot }) => dot));
  });

  test("another engine's snapshot is told by its name and version, damaged or not", () => {
    const bytesOf = (protocol: string, version: number): Uint8Array => {
      const out = new ByteWriter(lengthAndText(protocol) + 1);
      out.text(protocol);
      out.integer(version);
      return out.bytes;
    };
    expect(decodeSnapshot(bytesOf("fifo", 1))).toEqual({ kind: "otherEngine", protocol: "fifo", version: 1 });
    expect(decodeSnapshot(bytesOf("causeway", 9))).toEqual({ kind: "otherEngine", protocol: "causeway", version: 9 });
  });

  test("cut off anywhere, or with any bit turned, it is refused and nothing is thrown", () => {
    const bytes = encodeSnapshot(stateWithWaiting(3));
    const kinds = new Set<string>();
    for (let length = 0; length < bytes.length; length += 1) kinds.add(decodeSnapshot(bytes.subarray(0, length)).kind);
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const turned = bytes.slice();
      turned[bit >> 3]! ^= 1 << (bit & 7);
      kinds.add(decodeSnapshot(turned).kind);
    }
    expect([...kinds].sort()).toEqual(["corrupted", "otherEngine"]);
  });

  test("undamaged bytes that no encoder writes are malformed, with the place", () => {
    const snapshot = stateWithWaiting(3);
    const { tail } = snapshot;
    const longer = encodeSnapshot({ ...snapshot, tail: [...tail, ...tail.slice(0, 1)] });
    expect(decodeSnapshot(longer).kind).toBe("snapshot");
    const out = new ByteWriter(lengthAndText("causeway") + 1 + 7 + 4);
    out.text("causeway");
    out.integer(1);
    // Cloudlet, base, clock; no records; a list of scopes that the bytes have no room for.
    for (const value of [0, 0, 0, 0, 0, 0, 99]) out.integer(value);
    out.checksum(0);
    expect(decodeSnapshot(out.bytes)).toMatchObject({ kind: "malformed", at: 16 });
  });
});
