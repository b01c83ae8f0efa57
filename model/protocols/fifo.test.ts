/** FIFO forwarding step by step: what is sent where and when, what a restart repeats, what a handshake replays. */
import { describe, expect, test } from "vitest";
import { topologyOfEdges } from "../../sim/compare/topologies.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import type { Effect, Input } from "../replication/io.ts";
import type { CausalRecord } from "../replication/record.ts";
import { buildTopology } from "../topology/build.ts";
import type { Topology } from "../topology/topology.ts";
import { millis, seconds } from "../units.ts";
import { FifoCore, type FifoConfig } from "./fifo.ts";
import { protocolNamed, protocolTable } from "./protocols.ts";

const [a, b, c] = [0, 1, 2] as CloudletId[] as [CloudletId, CloudletId, CloudletId];
const cloudlets = [{ name: "a" }, { name: "b", upper: "a" }, { name: "c", upper: "b" }];
const chain = topologyOfEdges({
  cloudlets,
  scopes: [
    [
      "all",
      [
        ["a", "b"],
        ["b", "c"],
      ],
    ],
  ],
});

/** A core at the middle of the chain, or elsewhere, with what it does. */
function opened(config: Partial<FifoConfig> = {}, records: readonly CausalRecord[] = []) {
  const { topology = chain, self = b } = config;
  const core = new FifoCore({ clockBound: seconds(1), handshake: false, ...config, topology, self });
  let now = 1_000_000;
  const step = (input: Input): readonly Effect[] => core.step(input, { monotonic: (now += 1_000), wall: now }).slice();
  const from = records.length === 0 ? null : { checkpoint: null, entries: records };
  step({ kind: "started", incarnation: (records.length === 0 ? 1 : 2) as Incarnation, from });
  const put = (key: string, id: number) =>
    step({ kind: "request", session: 1 as SessionId, id: id as OpId, op: { kind: "put", key, value: String(id) } });
  return { core, step, put };
}

/** Who is sent which keys. */
function sentTo(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.kind === "send" && effect.message.kind === "records"
      ? effect.message.records.map(({ key }) => `${key} to ${effect.to}`)
      : [],
  );
}

/** A record that another cloudlet of the chain wrote. */
function written(self: CloudletId, key: string, id = 1): CausalRecord {
  const found = opened({ self }).put(key, id);
  const [store] = found.flatMap((effect) =>
    effect.kind === "store" ? (effect.entries as readonly CausalRecord[]) : [],
  );
  if (store === undefined) throw new Error("nothing was written");
  return store;
}

const brings = (record: CausalRecord, from: CloudletId): Input => ({
  kind: "receive",
  from,
  message: {
    kind: "records",
    incarnation: 1 as Incarnation,
    epoch: 1,
    to: 0,
    base: 0,
    after: 0,
    upTo: 1,
    records: [record],
  },
});

describe("forwarding", () => {
  test("a write is stored, then answered and sent on every link; nothing depends on anything", () => {
    const { step, put, core } = opened();
    step({ kind: "linkUp", peer: a });
    step({ kind: "linkUp", peer: c });
    const asked = put("all/x", 1);
    expect(asked.map(({ kind }) => kind)).toEqual(["store"]);
    const stored = step({ kind: "stored", upTo: 1 });
    expect(sentTo(stored)).toEqual(["all/x to 0", "all/x to 2"]);
    expect(stored.filter(({ kind }) => kind === "reply")).toHaveLength(1);
    expect(core.versions("all/x")).toMatchObject([{ value: "1", deps: [] }]);
    expect(core.pending()).toEqual([]);
  });

  test("a received record goes on to all but its bringer, once", () => {
    const { step, core } = opened();
    step({ kind: "linkUp", peer: a });
    step({ kind: "linkUp", peer: c });
    const record = written(a, "all/x");
    expect(step(brings(record, a)).map(({ kind }) => kind)).toEqual(["store"]);
    expect(sentTo(step({ kind: "stored", upTo: 1 }))).toEqual(["all/x to 2"]);
    expect(core.hasApplied(record.dot)).toBe(true);
    const again = step(brings(record, c));
    expect(again.some(({ kind }) => kind === "store")).toBe(false);
    expect(sentTo(again)).toEqual([]);
  });

  test("a link that opens late has nothing of before, and one that opens again all that was not acknowledged", () => {
    const { step, put } = opened();
    step({ kind: "linkUp", peer: a });
    put("all/x", 1);
    step({ kind: "stored", upTo: 1 });
    expect(sentTo(step({ kind: "linkUp", peer: c }))).toEqual([]);
    step({ kind: "linkDown", peer: a });
    put("all/y", 2);
    expect(sentTo(step({ kind: "stored", upTo: 2 }))).toEqual(["all/y to 2"]);
    expect(sentTo(step({ kind: "linkUp", peer: a }))).toEqual(["all/x to 0", "all/y to 0"]);
  });

  test("a process that comes back sends its whole log", () => {
    const { step } = opened({}, [written(a, "all/x"), written(b, "all/y")]);
    expect(sentTo(step({ kind: "linkUp", peer: c }))).toEqual(["all/x to 2", "all/y to 2"]);
  });

  test("what expires in a queue is not sent, and later records are", () => {
    const { step, put } = opened({ expires: ({ key }, peer) => key === "all/x" && peer === a });
    step({ kind: "linkUp", peer: a });
    step({ kind: "linkUp", peer: c });
    put("all/x", 1);
    expect(sentTo(step({ kind: "stored", upTo: 1 }))).toEqual(["all/x to 2"]);
    put("all/y", 2);
    expect(sentTo(step({ kind: "stored", upTo: 2 }))).toEqual(["all/y to 0", "all/y to 2"]);
  });

  test("a record goes only where its scope does", () => {
    const topology = topologyOfEdges({
      cloudlets,
      scopes: [
        [
          "all",
          [
            ["a", "b"],
            ["b", "c"],
          ],
        ],
        ["up", [["a", "b"]]],
      ],
    });
    const { step, put } = opened({ topology });
    step({ kind: "linkUp", peer: a });
    step({ kind: "linkUp", peer: c });
    put("up/x", 1);
    expect(sentTo(step({ kind: "stored", upTo: 1 }))).toEqual(["up/x to 0"]);
  });
});

test("another plan ends a link with its queue, and the new one has nothing of before", () => {
  const star = [{ name: "a" }, { name: "b", upper: "a" }, { name: "c", upper: "a" }];
  const topology = topologyOfEdges(
    {
      cloudlets: star,
      scopes: [
        [
          "all",
          [
            ["a", "b"],
            ["a", "c"],
          ],
        ],
      ],
    },
    {
      cloudlets,
      scopes: [
        [
          "all",
          [
            ["a", "b"],
            ["b", "c"],
          ],
        ],
      ],
    },
  );
  const { step, put } = opened({ topology, self: b });
  step({ kind: "linkUp", peer: a });
  expect(step({ kind: "linkUp", peer: c })).toEqual([]);
  put("all/x", 1);
  expect(sentTo(step({ kind: "stored", upTo: 1 }))).toEqual(["all/x to 0"]);
  const adopt = (plan: number) => step({ kind: "administer", command: { kind: "adoptPlan", plan } });
  expect(adopt(1)).toMatchObject([{ kind: "notify", event: { kind: "planAdopted", plan: 1 } }]);
  expect(sentTo(step({ kind: "linkUp", peer: c }))).toEqual([]);
  put("all/y", 2);
  expect(sentTo(step({ kind: "stored", upTo: 2 }))).toEqual(["all/y to 0", "all/y to 2"]);
  adopt(0);
  put("all/z", 3);
  expect(sentTo(step({ kind: "stored", upTo: 3 }))).toEqual(["all/z to 0"]);
  expect(adopt(7)).toMatchObject([{ kind: "notify", event: { kind: "planRefused", plan: 7 } }]);
});

describe("a handshake", () => {
  test("is awaited before anything is sent, and then the log is replayed without what is known", () => {
    const { step, put } = opened({ handshake: true });
    put("all/x", 1);
    step({ kind: "stored", upTo: 1 });
    const greeted = step({ kind: "linkUp", peer: a });
    expect(greeted).toMatchObject([{ kind: "send", message: { kind: "hello", asks: true } }, { kind: "arm" }]);
    put("all/y", 2);
    expect(sentTo(step({ kind: "stored", upTo: 2 }))).toEqual([]);
    const known = [{ stream: 0, origin: b, incarnation: 1, ranges: [{ first: 1, last: 1 }] }];
    const message = {
      kind: "hello",
      incarnation: 1,
      round: 1,
      hears: { incarnation: 1, round: 1 },
      asks: false,
      known,
    };
    expect(sentTo(step({ kind: "receive", from: a, message } as unknown as Input))).toEqual(["all/y to 0"]);
    // The same greeting again changes nothing.
    expect(sentTo(step({ kind: "receive", from: a, message } as unknown as Input))).toEqual([]);
  });

  test("is asked for again until it is heard", () => {
    const { step } = opened({ handshake: true });
    const [, first] = step({ kind: "linkUp", peer: a });
    const [hello, second] = step({ kind: "fired", timer: 1 });
    expect(hello).toMatchObject({ kind: "send", to: a, message: { kind: "hello", round: 1 } });
    expect(first).toMatchObject({ kind: "arm", timer: 1, after: [1_000_000, 1_250_000] });
    expect(second).toMatchObject({ kind: "arm", timer: 1, after: [2_000_000, 2_500_000] });
  });
});

describe("clients", () => {
  test("requests that cannot be served are refused", () => {
    const { step, put } = opened();
    const codes = (effects: readonly Effect[]): readonly string[] =>
      effects.flatMap((effect) =>
        effect.kind === "reply" && effect.result.kind === "refused" ? [effect.result.code] : [],
      );
    expect(codes(put("nowhere", 1))).toEqual(["noScope"]);
    expect(codes(put("all/\ud800", 2))).toEqual(["badText"]);
    put("all/x", 3);
    expect(codes(put("all/y", 4))).toEqual(["sessionBusy"]);
    const get = { kind: "get", key: "all/x" } as const;
    expect(codes(step({ kind: "request", session: 1 as SessionId, id: 5 as OpId, op: get }))).toEqual(["sessionBusy"]);
    expect(opened({ topology: withMemory, self: c }).put("disk/x", 1)).toMatchObject([
      { result: { code: "scopeNotHeld" } },
    ]);
  });

  test("where all versions are returned, a write replaces what its session has seen", () => {
    const { step, put, core } = opened();
    step(brings(written(a, "all/x", 7), a));
    step({ kind: "stored", upTo: 1 });
    put("all/x", 8);
    step({ kind: "stored", upTo: 2 });
    expect(core.versions("all/x").map(({ value }) => value)).toEqual(["7", "8"]);
    const op = { kind: "scan", prefix: "all/" } as const;
    step({ kind: "request", session: 1 as SessionId, id: 9 as OpId, op });
    put("all/x", 9);
    step({ kind: "stored", upTo: 3 });
    expect(core.versions("all/x").map(({ value }) => value)).toEqual(["9"]);
  });

  test("a local write to a scope in memory is answered at once; a received one waits behind what came before it", () => {
    const { put, step } = opened({ topology: withMemory, self: b });
    step({ kind: "linkUp", peer: a });
    const effects = put("memory/x", 1);
    expect(effects.map(({ kind }) => kind)).toEqual(["reply", "store", "notify", "send", "arm"]);
    const record = { ...written(a, "all/x"), key: "memory/y" };
    expect(step(brings(record, a)).some(({ kind }) => kind === "notify")).toBe(false);
  });
});

describe("as a value", () => {
  test("a fork goes its own way, and equal states have equal fingerprints", () => {
    const { core, put, step } = opened();
    step({ kind: "linkUp", peer: a });
    const before = core.fingerprint();
    const fork = core.fork();
    expect(fork.fingerprint()).toBe(before);
    put("all/x", 1);
    step({ kind: "stored", upTo: 1 });
    expect(core.fingerprint()).not.toBe(before);
    expect(fork.fingerprint()).toBe(before);
    expect(fork.keys()).toEqual([]);
    expect(core.keys()).toEqual(["all/x"]);
    expect(core.snapshot()).toBeNull();
    expect(core.fork().fork().fingerprint()).toBe(core.fingerprint());
  });
});

test("every protocol makes a core that answers", () => {
  for (const { name } of protocolTable) {
    const core = protocolNamed(name).createCore({ topology: chain, self: a, clockBound: millis(10) });
    const time = { monotonic: 1, wall: 1 };
    core.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, time);
    const op = { kind: "get", key: "all/x" } as const;
    expect(core.step({ kind: "request", session: 1 as SessionId, id: 1 as OpId, op }, time)).toMatchObject([
      { kind: "reply", result: { kind: "read" } },
    ]);
  }
});

const withMemory: Topology = (() => {
  const built = buildTopology({
    cloudlets: [{ name: "a" }, { name: "b", upper: "a" }, { name: "c", upper: "b" }],
    scopes: [
      { name: "memory", prefix: "memory/", durability: "memory" },
      { name: "disk", prefix: "disk/" },
    ],
    flows: [
      { scope: "memory", upper: "a", lower: "b", direction: "both" },
      { scope: "disk", upper: "a", lower: "b", direction: "both" },
    ],
    links: [
      { a: "a", b: "b", forth: { delay: millis(1) } },
      { a: "b", b: "c", forth: { delay: millis(1) } },
    ],
  });
  if (built.kind === "refused") throw new Error("the topology is refused");
  return built.topology;
})();
