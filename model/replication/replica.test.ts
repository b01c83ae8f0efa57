// The replica as a value: the same inputs make the same state and effects, a fork is another replica, a fingerprint names
// the whole state, and a restart from a snapshot answers the same. What replicas do together is in transcripts and in
// properties/replication.test.ts.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { topologySpecs } from "../../properties/arbitraries/topology.ts";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, OpId, ScopeId, SessionId } from "../ids.ts";
import { buildTopology } from "../topology/build.ts";
import type { TopologySpec } from "../topology/spec.ts";
import type { Topology } from "../topology/topology.ts";
import { millis } from "../units.ts";
import type { ClientOp, Effect, Input, LocalTime } from "./io.ts";
import type { Known, Message } from "./messages.ts";
import type { CausalRecord } from "./record.ts";
import { createReplica } from "./replica.ts";
import type { Replica } from "./replica.ts";

/** One input and when it came. */
interface Happening {
  readonly input: Input;
  readonly now: LocalTime;
}

/** A cluster that is driven by a list of numbers, and keeps what every replica was told. */
class Driven {
  readonly histories: Happening[][];
  readonly #topology: Topology;
  readonly #replicas: Replica[];
  readonly #unstored: number[];
  readonly #stored: number[];
  readonly #timers: Set<number>[];
  readonly #bag: { readonly from: CloudletId; readonly to: CloudletId; readonly message: Message }[] = [];
  readonly #busy = new Set<SessionId>();
  #now = 1_000_000;
  #serial = 0;

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#replicas = topology.cloudlets.map(({ id }) => makeReplica(topology, id));
    this.histories = topology.cloudlets.map(() => []);
    this.#unstored = topology.cloudlets.map(() => 0);
    this.#stored = topology.cloudlets.map(() => 0);
    this.#timers = topology.cloudlets.map(() => new Set());
    for (const { id } of topology.cloudlets) {
      this.#step(id, { kind: "started", incarnation: 1 as Incarnation, from: null });
      for (const { peer } of topology.neighbours(id)) this.#step(id, { kind: "linkUp", peer });
    }
  }

  run(script: readonly number[]): void {
    for (const number of script) this.#one(number % 10, Math.floor(number / 10));
  }

  #one(what: number, number: number): void {
    this.#now += number % 30_000;
    const id = (number % this.#replicas.length) as CloudletId;
    const neighbours = this.#topology.neighbours(id);
    if (what < 3) this.#ask(id, number);
    else if (what < 6) {
      const flying = this.#bag[number % Math.max(1, this.#bag.length)];
      if (flying === undefined) return;
      if (number % 5 > 0) this.#bag.splice(this.#bag.indexOf(flying), 1);
      this.#step(flying.to, { kind: "receive", from: flying.from, message: flying.message });
    } else if (what < 8) {
      if ((this.#unstored[id] as number) === 0) return;
      this.#stored[id] = (this.#stored[id] as number) + (this.#unstored[id] as number);
      this.#unstored[id] = 0;
      this.#step(id, { kind: "stored", upTo: this.#stored[id] });
    } else if (what === 8) {
      const [timer] = this.#timers[id] as Set<number>;
      if (timer === undefined) return;
      this.#timers[id]?.delete(timer);
      this.#now += 1_000_000;
      this.#step(id, { kind: "fired", timer });
    } else if (neighbours.length > 0) {
      const { peer } = neighbours[number % neighbours.length] as (typeof neighbours)[number];
      this.#step(id, { kind: number % 2 === 0 ? "linkDown" : "linkUp", peer });
    }
  }

  #ask(id: CloudletId, number: number): void {
    const session = (id * 10 + (number % 3)) as SessionId;
    if (this.#busy.has(session)) return;
    this.#serial += 1;
    const scope = this.#topology.scopes[number % this.#topology.scopes.length];
    const key = `${scope?.prefix ?? ""}k${number % 2}`;
    const ops: readonly ClientOp[] = [
      { kind: "put", key, value: `v${this.#serial}` },
      { kind: "get", key },
      { kind: "delete", key },
      { kind: "scan", prefix: scope?.prefix ?? "" },
    ];
    const op = ops[number % ops.length] as ClientOp;
    if (op.kind === "put" || op.kind === "delete") this.#busy.add(session);
    this.#step(id, { kind: "request", session, id: this.#serial as OpId, op });
  }

  #step(id: CloudletId, input: Input): void {
    const now: LocalTime = { monotonic: this.#now, wall: this.#now + id };
    (this.histories[id] as Happening[]).push({ input, now });
    for (const effect of (this.#replicas[id] as Replica).step(input, now)) {
      if (effect.kind === "send") this.#bag.push({ from: id, to: effect.to, message: effect.message });
      else if (effect.kind === "store") {
        this.#unstored[id] = (this.#unstored[id] as number) + effect.entries.length;
      } else if (effect.kind === "arm") this.#timers[id]?.add(effect.timer);
      else if (effect.kind === "disarm") this.#timers[id]?.delete(effect.timer);
      else if (effect.kind === "reply") this.#busy.delete(effect.session);
    }
  }
}

function makeReplica(topology: Topology, self: CloudletId): Replica {
  return createReplica({ topology, self, clockBound: millis(500) });
}

function feed(replica: Replica, happenings: readonly Happening[]): (readonly Effect[])[] {
  return happenings.map(({ input, now }) => replica.step(input, now).slice());
}

// Everything one can ask a replica.
function answersOf(replica: Replica): unknown {
  return {
    keys: replica.keys(),
    versions: replica.keys().map((key) => replica.versions(key)),
    pending: replica.pending(),
    snapshot: replica.snapshot(),
  };
}

// Three layers, two scopes, a shortcut: records overtake their past here.
const layered: TopologySpec = {
  cloudlets: [{ name: "a" }, { name: "b", upper: "a" }, { name: "c", upper: "b" }],
  scopes: [
    { name: "s", prefix: "s/" },
    { name: "t", prefix: "t/", resolver: "return-them-all" },
  ],
  flows: [
    { scope: "s", upper: "a", lower: "b", direction: "both" },
    { scope: "s", upper: "b", lower: "c", direction: "both" },
    { scope: "t", upper: "a", lower: "c", direction: "both" },
  ],
  links: [
    { a: "a", b: "b", forth: { delay: millis(1) } },
    { a: "b", b: "c", forth: { delay: millis(1) } },
  ],
};

const cases = fc
  .record({
    spec: fc.oneof(topologySpecs({ cloudletsMax: 4, scopesMax: 2 }), fc.constant(layered)),
    script: fc.array(fc.noBias(fc.nat({ max: 999_999 })), { minLength: 5, maxLength: 250, size: "max" }),
    subject: fc.nat(),
    cut: fc.noBias(fc.nat({ max: 1_000 })),
  })
  .map(({ spec, script, subject, cut }) => {
    const built = buildTopology(spec);
    if (built.kind === "refused") throw new Error(built.refusals.map(({ message }) => message).join("\n"));
    const { topology } = built;
    const driven = new Driven(topology);
    driven.run(script);
    const self = (subject % topology.cloudlets.length) as CloudletId;
    const history = driven.histories[self] as Happening[];
    const at = Math.max(1, Math.floor((history.length * cut) / 1_000));
    const text = JSON.stringify({ spec, script, self, at });
    return { topology, self, history, at, toString: () => text };
  });

const runs = 200;
const census = { runs: 0, applied: 0, pending: 0 };

prop(
  "the same inputs make the same effects and the same fingerprint",
  cases,
  ({ topology, self, history }) => {
    const one = makeReplica(topology, self);
    const other = makeReplica(topology, self);
    const effects = history.map(({ input, now }) => {
      const made = one.step(input, now).slice();
      if (one.pending().length > 0) census.pending += 1;
      return made;
    });
    expect(feed(other, history)).toEqual(effects);
    expect(one.fingerprint()).toBe(other.fingerprint());
    expect(answersOf(one)).toEqual(answersOf(other));
    census.runs += 1;
    if (one.snapshot().tail.length > 3) census.applied += 1;
    if (one.pending().length > 0) census.pending += 1;
  },
  { numRuns: runs },
);

afterAll(() => {
  if (census.runs < runs) return;
  expect(census.applied).toBeGreaterThan(runs / 4);
  expect(census.pending).toBeGreaterThan(runs / 4);
});

prop(
  "a fork goes its own way, and the same way on the same inputs",
  cases,
  ({ topology, self, history, at }) => {
    const original = makeReplica(topology, self);
    feed(original, history.slice(0, at));
    const before = original.fingerprint();
    const answers = structuredClone(answersOf(original));
    const fork = original.fork();
    expect(fork.fingerprint()).toBe(before);

    const effects = feed(fork, history.slice(at));
    expect(original.fingerprint()).toBe(before);
    expect(answersOf(original)).toEqual(answers);

    const forkAfter = fork.fingerprint();
    expect(feed(original, history.slice(at))).toEqual(effects);
    expect(original.fingerprint()).toBe(forkAfter);
    expect(answersOf(fork)).toEqual(answersOf(original));
  },
  { numRuns: runs },
);

prop("what changes what a replica does changes its fingerprint", cases, ({ topology, self, history }) => {
  const replica = makeReplica(topology, self);
  let before = replica.fingerprint();
  for (const { input, now } of history) {
    const effects = replica.step(input, now);
    const after = replica.fingerprint();
    // A timer that fires before anything is due is set again, and that is all.
    const isSetAgain = input.kind === "fired";
    const hasChanged = effects.some(
      ({ kind }) => kind === "store" || kind === "notify" || (kind === "arm" && !isSetAgain),
    );
    if (hasChanged) expect(after).not.toBe(before);
    before = after;
  }
});

prop(
  "states are equal by what they are, not by how long they took: an input that is no news leaves no trace",
  cases,
  ({ topology, self, history }) => {
    const replica = makeReplica(topology, self);
    feed(replica, history);
    const before = replica.fingerprint();
    const { now } = history.at(-1) as Happening;
    for (const { peer } of topology.neighbours(self)) {
      for (const kind of ["linkDown", "linkDown"] as const) replica.step({ kind, peer }, now);
      const down = replica.fingerprint();
      replica.step({ kind: "linkDown", peer }, now);
      expect(replica.fingerprint()).toBe(down);
    }
    expect(before).toHaveLength(16);
  },
);

// Two replicas that were told the same but for one thing.
test.each([
  ["another value", { kind: "put", key: "s/k", value: "2" }],
  ["another key", { kind: "put", key: "s/l", value: "1" }],
  ["a delete", { kind: "delete", key: "s/k" }],
] as const)("%s makes another fingerprint", (_name, op) => {
  const built = buildTopology({
    cloudlets: [{ name: "a" }],
    scopes: [{ name: "s", prefix: "s/" }],
    flows: [],
    links: [],
  });
  if (built.kind === "refused") throw new Error("refused");
  const fingerprintAfter = (asked: ClientOp): string => {
    const replica = makeReplica(built.topology, 0 as CloudletId);
    const now = { monotonic: 1, wall: 1 };
    replica.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, now);
    replica.step({ kind: "request", session: 1 as SessionId, id: 1 as OpId, op: asked }, now);
    replica.step({ kind: "stored", upTo: 1 }, now);
    return replica.fingerprint();
  };
  const usual: ClientOp = { kind: "put", key: "s/k", value: "1" };
  expect(fingerprintAfter(usual)).toBe(fingerprintAfter(usual));
  expect(fingerprintAfter(op)).not.toBe(fingerprintAfter(usual));
});

test.each([
  ["greeted by two neighbours in the other order", [0, 1], [1, 0]],
  ["told of the writers in another order", [0], [2]],
] as const)("a replica %s has the same fingerprint", (_name, order, otherOrder) => {
  const built = buildTopology(layered);
  if (built.kind === "refused") throw new Error("refused");
  const { topology } = built;
  const [a, b, c] = [0, 1, 2].map((id) => id as CloudletId) as [CloudletId, CloudletId, CloudletId];
  const knownOf = (scope: number, cloudlet: CloudletId): Known => {
    const stream = topology.streamOf(scope as ScopeId, cloudlet);
    if (stream === null) throw new Error("no stream");
    return {
      stream,
      origin: cloudlet,
      incarnation: 1 as Incarnation,
      ranges: [{ first: 1, last: 3 + cloudlet }],
      digest: 0,
    };
  };
  const hello = (from: CloudletId, known: readonly Known[]): Input => {
    const hears = { incarnation: 1 as Incarnation, round: 1 };
    const speaks = { least: 1, most: 1 };
    const message = {
      kind: "hello" as const,
      incarnation: 1 as Incarnation,
      round: 1,
      hears,
      asks: false,
      speaks,
      known,
    };
    return { kind: "receive", from, message };
  };
  // c is a neighbour of both: of b in the scope s, of a in the scope t.
  const greetings = [
    hello(b, [knownOf(0, a), knownOf(0, b)]),
    hello(a, [knownOf(1, a)]),
    hello(b, [knownOf(0, b), knownOf(0, a)]),
  ];
  const fingerprintAfter = (heard: readonly number[]): string => {
    const replica = makeReplica(topology, c);
    const now = { monotonic: 1, wall: 1 };
    replica.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, now);
    for (const peer of [a, b]) replica.step({ kind: "linkUp", peer }, now);
    for (const greeting of heard) replica.step(greetings[greeting] as Input, now);
    return replica.fingerprint();
  };
  expect(fingerprintAfter(otherOrder)).toBe(fingerprintAfter(order));
  expect(fingerprintAfter(order.slice(1))).not.toBe(fingerprintAfter(order));
});

prop(
  "a replica that starts from a snapshot answers what its predecessor answered",
  cases,
  ({ topology, self, history, at }) => {
    const former = makeReplica(topology, self);
    feed(former, history.slice(0, at));
    const { now } = history.at(-1) as Happening;
    const next = makeReplica(topology, self);
    next.step(
      { kind: "started", incarnation: 2 as Incarnation, from: { checkpoint: former.snapshot(), entries: [] } },
      now,
    );
    expect(next.keys()).toEqual(former.keys());
    for (const key of former.keys()) {
      expect(next.versions(key)).toEqual(former.versions(key));
      const get: Input = { kind: "request", session: 900 as SessionId, id: 900 as OpId, op: { kind: "get", key } };
      const isReply = ({ kind }: Effect): boolean => kind === "reply";
      expect(next.step(get, now).filter(isReply)).toEqual(former.step(get, now).filter(isReply));
    }
    for (const { dot } of former.snapshot().cut.versions) expect(next.hasApplied(dot)).toBe(true);
    for (const { record } of former.pending()) expect(next.hasApplied(record.dot)).toBe(false);
    const byName = (replica: Replica): string[] =>
      replica
        .pending()
        .map((waiting) => JSON.stringify(waiting))
        .sort();
    expect(byName(next)).toEqual(byName(former));
  },
  { numRuns: runs },
);

test("a replica asks to be started first, and once", () => {
  const built = buildTopology({ cloudlets: [{ name: "a" }], scopes: [], flows: [], links: [] });
  if (built.kind === "refused") throw new Error("refused");
  const replica = makeReplica(built.topology, 0 as CloudletId);
  const now = { monotonic: 1, wall: 1 };
  expect(() => replica.step({ kind: "stored", upTo: 0 }, now)).toThrow("`started`");
  replica.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, now);
  expect(() => replica.step({ kind: "started", incarnation: 2 as Incarnation, from: null }, now)).toThrow(
    "starts once",
  );
  expect(() => replica.step({ kind: "stored", upTo: 1 }, now)).toThrow("confirms only what it was given");
});

test("a batch meant for a former life is taken in, but acknowledged to nobody: its positions are not this one's", () => {
  const built = buildTopology({
    cloudlets: [{ name: "a" }, { name: "b", upper: "a" }],
    scopes: [{ name: "s", prefix: "s/" }],
    flows: [{ scope: "s", upper: "a", lower: "b", direction: "both" }],
    links: [{ a: "a", b: "b", forth: { delay: millis(1) } }],
  });
  if (built.kind === "refused") throw new Error("refused");
  const now = { monotonic: 1, wall: 1 };
  const a = 0 as CloudletId;
  const b = 1 as CloudletId;
  const writer = makeReplica(built.topology, a);
  writer.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, now);
  const op = { kind: "put", key: "s/k", value: "1" } as const;
  writer.step({ kind: "request", session: 1 as SessionId, id: 1 as OpId, op }, now);
  writer.step({ kind: "stored", upTo: 1 }, now);
  const acknowledgements = (to: number): Message[] => {
    const replica = makeReplica(built.topology, b);
    replica.step({ kind: "started", incarnation: 2 as Incarnation, from: null }, now);
    replica.step({ kind: "linkUp", peer: a }, now);
    const records = writer.snapshot().tail;
    const epoch = { kind: "records", incarnation: 1 as Incarnation, epoch: 1, to: to as Incarnation } as const;
    const message: Message = { ...epoch, base: 3, after: 3, upTo: 4, records };
    const effects = [
      ...replica.step({ kind: "receive", from: a, message }, now),
      ...replica.step({ kind: "stored", upTo: 1 }, now),
    ];
    expect(replica.versions("s/k")).toEqual(records);
    return effects.flatMap((effect) =>
      effect.kind === "send" && effect.message.kind === "ack" ? [effect.message] : [],
    );
  };
  expect(acknowledgements(1)).toEqual([]);
  expect(acknowledgements(2)).toMatchObject([{ upTo: 4, beyond: [] }]);
  // A sender that never heard us cannot know what we have: its base says nothing.
  expect(acknowledgements(0)).toMatchObject([{ upTo: 0, beyond: [{ first: 4, last: 4 }] }]);
});

test("a disk with own records out of their order, as a copy from a neighbour has them, is applied in their order", () => {
  const built = buildTopology({
    cloudlets: [{ name: "hub" }, { name: "edge", upper: "hub" }],
    scopes: [{ name: "s", prefix: "s/" }],
    flows: [{ scope: "s", upper: "hub", lower: "edge", direction: "up" }],
    links: [{ a: "hub", b: "edge", forth: { delay: millis(1) } }],
  });
  if (built.kind === "refused") throw new Error("refused");
  const { topology } = built;
  const edge = topology.cloudletNamed("edge") as CloudletId;
  const first = makeReplica(topology, edge);
  const now = { monotonic: 1, wall: 1 };
  first.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, now);
  const written = [1, 2, 3].map((number) => {
    const op = { kind: "put", key: "s/k", value: `${number}` } as const;
    first.step({ kind: "request", session: 1 as SessionId, id: number as OpId, op }, now);
    first.step({ kind: "stored", upTo: number }, now);
    return first.versions("s/k")[0] as CausalRecord;
  });
  const [one, two, three] = written as [CausalRecord, CausalRecord, CausalRecord];
  const next = makeReplica(topology, edge);
  next.step(
    { kind: "started", incarnation: 2 as Incarnation, from: { checkpoint: null, entries: [three, one, two] } },
    now,
  );
  expect(next.versions("s/k")).toEqual([three]);
  expect(next.snapshot().tail).toEqual([one, two, three]);
});

test("a plan that a replica was not made with is refused, and changes nothing", () => {
  const built = buildTopology({ cloudlets: [{ name: "a" }], scopes: [], flows: [], links: [] });
  if (built.kind === "refused") throw new Error("refused");
  const now = { monotonic: 1, wall: 1 };
  const replica = makeReplica(built.topology, 0 as CloudletId);
  replica.step({ kind: "started", incarnation: 1 as Incarnation, from: null }, now);
  const before = replica.fingerprint();
  const effects = replica.step({ kind: "administer", command: { kind: "adoptPlan", plan: 1 } }, now);
  expect(effects).toEqual([{ kind: "notify", event: { kind: "planRefused", plan: 1 } }]);
  expect(replica.fingerprint()).toBe(before);
});
