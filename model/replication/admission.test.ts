// Bytes at a replica's border: what is refused changes nothing, what a relay cannot read it passes on unchanged, and ends
// that have no version in common wait for each other. What bytes may do at all is the fuzzer's (sim/fuzz).

import { describe, expect, test } from "vitest";
import type { CloudletId, Incarnation, OpId, SessionId, StreamId } from "../ids.ts";
import { buildTopology } from "../topology/build.ts";
import { millis } from "../units.ts";
import type { DiskImage, Effect, Input, ReplicaEvent } from "./io.ts";
import type { Message, RecordsMessage } from "./messages.ts";
import type { CausalRecord } from "./record.ts";
import { createReplica } from "./replica.ts";
import type { Replica } from "./replica.ts";
import type { WireConfig } from "./wire-config.ts";
import { recordBytes } from "./wire-record.ts";
import { encode, recordSize } from "./wire.ts";

const built = buildTopology({
  cloudlets: [{ name: "hub" }, { name: "relay", upper: "hub" }, { name: "edge", upper: "relay" }],
  scopes: [{ name: "s", prefix: "s/" }],
  flows: [
    { scope: "s", upper: "hub", lower: "relay", direction: "both" },
    { scope: "s", upper: "relay", lower: "edge", direction: "both" },
  ],
  links: [
    { a: "hub", b: "relay", forth: { delay: millis(1) } },
    { a: "relay", b: "edge", forth: { delay: millis(1) } },
  ],
});
if (built.kind === "refused") throw new Error("refused");
const { topology } = built;
const [hub, relay, edge] = [0, 1, 2].map((id) => id as CloudletId) as [CloudletId, CloudletId, CloudletId];
const life = 1 as Incarnation;
const now = { monotonic: 1_000_000, wall: 2_000_000 };
const old: WireConfig = { least: 1, most: 1, writes: 1 };
const recent: WireConfig = { least: 1, most: 2, writes: 2 };

function started(self: CloudletId, wire: WireConfig = old, from: DiskImage | null = null, incarnation = life): Replica {
  const replica = createReplica({ topology, self, clockBound: millis(500), wire });
  replica.step({ kind: "started", incarnation, from }, now);
  for (const { peer } of topology.neighbours(self)) replica.step({ kind: "linkUp", peer }, now);
  return replica;
}

function eventsOf(effects: readonly Effect[]): readonly ReplicaEvent[] {
  return effects.flatMap((effect) => (effect.kind === "notify" ? [effect.event] : []));
}

function record(sequence: number, more: Partial<CausalRecord> = {}): CausalRecord {
  const stream = topology.streamOf(0 as never, hub) as StreamId;
  const content = {
    kind: "put" as const,
    dot: { origin: hub, incarnation: life, stream, sequence },
    key: "s/k",
    value: `v${sequence}`,
    prev: [],
    deps: [],
    stamp: { wall: 1_000 + sequence, logical: 0, lamport: sequence },
    ...more,
  };
  return { ...content, size: recordSize(content) };
}

function batch(...records: readonly CausalRecord[]): RecordsMessage {
  return { kind: "records", incarnation: life, epoch: 1, to: 0, base: 0, after: 0, upTo: records.length, records };
}

const bytes = (from: CloudletId, message: Message, version = 1): Input => ({
  kind: "receiveBytes",
  from,
  bytes: encode(message, version),
});

describe("a message that is refused changes nothing and says why", () => {
  const far = 77 as CloudletId;
  const nowhere = { ...record(1).dot, stream: 99 as StreamId };
  const flipped = encode(batch(record(1), record(2)));
  flipped[9] = (flipped[9] as number) ^ 4;
  test.each<[string, Input, object]>([
    ["from nobody's neighbour", bytes(edge, batch(record(1))), { kind: "notNeighbour" }],
    ["damaged", { kind: "receiveBytes", from: relay, bytes: flipped }, { kind: "corrupted" }],
    ["of a later version", bytes(relay, batch(record(1)), 2), { kind: "unknownVersion", version: 2 }],
    [
      "of an unknown stream",
      bytes(relay, batch(record(1), record(2, { dot: nowhere }))),
      { kind: "unknownName", why: "record c0.1/t99#1: there is no stream 99" },
    ],
    [
      "that depends on an unknown cloudlet",
      bytes(relay, batch(record(1), record(2, { deps: [{ ...record(1).dot, origin: far }] }))),
      { kind: "unknownName", why: "record c0.1/t0#2: there is no cloudlet 77" },
    ],
    [
      "about a key outside of its scope",
      bytes(relay, batch(record(1), record(2, { key: "elsewhere" }))),
      { kind: "unknownName", why: "record c0.1/t0#2: its key lies outside of its stream's scope" },
    ],
    [
      "that acknowledges what was never sent",
      bytes(relay, { kind: "ack", incarnation: life, epoch: 1, upTo: 9, beyond: [] }),
      { kind: "unknownName", why: "acknowledgement: of more than the 0 records that are here" },
    ],
  ])("%s", (_name, input, why) => {
    const replica = started(hub);
    const before = replica.fingerprint();
    const effects = replica.step(input, now);
    expect(effects).toEqual([
      { kind: "notify", event: { kind: "messageRefused", from: (input as { from: CloudletId }).from, why } },
    ]);
    expect(replica.fingerprint()).toBe(before);
  });

  test("an object from nobody's neighbour, too", () => {
    const replica = started(hub);
    const effects = replica.step({ kind: "receive", from: edge, message: batch(record(1)) }, now);
    expect(eventsOf(effects)).toEqual([{ kind: "messageRefused", from: edge, why: { kind: "notNeighbour" } }]);
  });
});

describe("an old relay between new ends", () => {
  const hello = (most: number): Message => ({
    kind: "hello",
    incarnation: life,
    round: 1,
    hears: { incarnation: life, round: 1 },
    asks: false,
    speaks: { least: 1, most },
    known: [],
  });

  test("passes on what it cannot read as it came, says so to readers, and reads it once upgraded", () => {
    const replica = started(relay);
    replica.step(bytes(edge, hello(2)), now);
    const written = record(1, { version: 2 });
    replica.step(bytes(hub, batch(record(1, { key: "s/other", dot: { ...written.dot, sequence: 2 } }), written)), now);
    const effects = replica.step({ kind: "stored", upTo: 2 }, now);
    expect(eventsOf(effects)).toContainEqual({ kind: "sealedRecord", dot: written.dot, version: 2 });
    const sent = effects.flatMap((effect) => (effect.kind === "send" && effect.to === edge ? [effect] : []));
    expect(sent.map(({ version }) => version)).toEqual([undefined]);
    const passedOn = sent[0]?.message as RecordsMessage;
    expect(passedOn.records.map(recordBytes)).toContainEqual(recordBytes(written));

    const get: Input = { kind: "request", session: 1 as SessionId, id: 1 as OpId, op: { kind: "get", key: "s/k" } };
    expect(replica.step(get, now)).toMatchObject([
      { kind: "reply", result: { answers: [{ versions: [], tombstones: [], sealed: [{ dot: written.dot }] }] } },
    ]);
    const upgraded = started(relay, recent, { checkpoint: replica.snapshot(), entries: [] }, 2 as Incarnation);
    expect(upgraded.step(get, now)).toMatchObject([
      { kind: "reply", result: { answers: [{ versions: [written], tombstones: [] }] } },
    ]);
  });

  test("an older value is not shown in place of a newer one that cannot be read", () => {
    const replica = started(relay);
    const first = record(1);
    const second = record(2, { version: 2, prev: [first.dot] });
    replica.step(bytes(hub, batch(first, second)), now);
    replica.step({ kind: "stored", upTo: 2 }, now);
    expect(replica.versions("s/k")).toMatchObject([{ kind: "sealed", dot: second.dot }]);
  });

  test("new ends speak version 2 with each other, version 1 with what is old or was never heard", () => {
    const versionsSaidTo = (most: number | null): readonly (number | undefined)[] => {
      const replica = started(relay, recent);
      if (most !== null) replica.step(bytes(hub, hello(most)), now);
      replica.step(bytes(hub, batch(record(1))), now);
      const effects = replica.step({ kind: "stored", upTo: 1 }, now);
      return effects.flatMap((effect) => (effect.kind === "send" && effect.to === hub ? [effect.version] : []));
    };
    expect(versionsSaidTo(2)).toEqual([2]);
    expect(versionsSaidTo(1)).toEqual([undefined]);
    expect(versionsSaidTo(null)).toEqual([undefined]);
  });

  test("ends without a common version keep what is for the other until one of them is upgraded", () => {
    const replica = started(hub, { least: 2, most: 2, writes: 2 });
    const told = eventsOf(replica.step(bytes(relay, hello(1)), now));
    expect(told).toEqual([{ kind: "noCommonVersion", peer: relay, speaks: { least: 1, most: 1 } }]);
    const put: Input = {
      kind: "request",
      session: 1 as SessionId,
      id: 1 as OpId,
      op: { kind: "put", key: "s/k", value: "v" },
    };
    replica.step(put, now);
    const effects = replica.step({ kind: "stored", upTo: 1 }, now);
    expect(effects.filter(({ kind }) => kind === "reply")).toHaveLength(1);
    expect(effects.filter(({ kind }) => kind === "send")).toEqual([]);
    const later = { ...hello(2), incarnation: 2 as Incarnation } as Message;
    const sent = replica.step(bytes(relay, later), now).flatMap((effect) => (effect.kind === "send" ? [effect] : []));
    expect(sent).toMatchObject([{ to: relay, version: 2, message: { kind: "records", records: [{ key: "s/k" }] } }]);
  });
});
