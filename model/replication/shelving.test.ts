// Replicas that keep as bytes what they are told will wait, each beside one that is told nothing: the same inputs have the same effects,
// answers, snapshots and fingerprints, whatever replaces, doubles, outlives or retires what lies there.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { prop } from "../../properties/prop.ts";
import type { CloudletId, Incarnation, OpId, SessionId, StreamId } from "../ids.ts";
import { buildTopology } from "../topology/build.ts";
import { seconds } from "../units.ts";
import { Holdings } from "./holdings.ts";
import type { ClientOp, DiskImage, Effect, Input } from "./io.ts";
import { createReplica, type Replica } from "./replica.ts";
import { rightRules } from "./rules.ts";
import type { Snapshot } from "./snapshot.ts";
import { firstVersionAlone } from "./wire-config.ts";
import { recordSize } from "./wire-record.ts";

const scopes = ["plain", "all", "down", "sum"] as const;
const built = buildTopology({
  cloudlets: [{ name: "hub" }, { name: "a", upper: "hub" }, { name: "b", upper: "hub" }],
  scopes: [
    { name: "plain", prefix: "plain/" },
    { name: "all", prefix: "all/", resolver: "return-them-all", collect: seconds(1) },
    { name: "down", prefix: "down/", resolver: "return-them-all" },
    { name: "sum", prefix: "sum/", resolver: "counter" },
  ],
  flows: scopes.flatMap((scope) =>
    ["a", "b"].map((lower) => ({ scope, upper: "hub", lower, direction: scope === "down" ? "down" : "both" }) as const),
  ),
  links: ["a", "b"].map((b) => ({ a: "hub", b, forth: { delay: seconds(0) } })),
});
if (built.kind === "refused") throw new Error(built.refusals.map(({ message }) => message).join("\n"));
const { topology } = built;

const cloudlets = [0, 1, 2].map((one) => one as CloudletId);
const keys = scopes.flatMap((scope) => ["1", "2", "3"].map((name) => `${scope}/${name}`));

const seen = { shelved: 0, aside: 0, replaced: 0, doubled: 0, sentOn: 0, restarted: 0, cuts: 0, pointed: 0, astray: 0 };
afterAll(() => {
  for (const [what, count] of Object.entries(seen)) expect(count, `a story with: ${what}`).toBeGreaterThan(0);
});

// Versions of a cut have no order of their own.
function textOf(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) => {
    if (one === null || typeof one !== "object" || !("versions" in one)) return one;
    if (!("applied" in one) && !("covered" in one)) return one;
    const versions = (one.versions as readonly unknown[]).map((version) => JSON.stringify(version)).sort();
    return { ...one, versions };
  });
}

/** Two of each replica. */
class Pairs {
  readonly pairs: [plain: Replica, shelving: Replica][];
  readonly lives = cloudlets.map(() => 1);
  readonly open = new Set<CloudletId>();
  readonly lying = cloudlets.map(() => new Set<string>());
  readonly placed = cloudlets.map(() => new Map<string, number>());
  readonly timers = cloudlets.map(() => new Set<number>());
  readonly due: { readonly at: CloudletId; readonly input: Input }[] = [];
  now = 1_000_000;
  ops = 0;

  constructor() {
    this.pairs = cloudlets.map((self) => [this.made(self), this.made(self)]);
    for (const at of cloudlets) this.give(at, { kind: "started", incarnation: 1 as Incarnation, from: null });
  }

  made(self: CloudletId): Replica {
    return createReplica({ topology, self, clockBound: seconds(10), retain: { records: 4 } });
  }

  give(at: CloudletId, input: Input): void {
    this.due.push({ at, input });
    for (let next = this.due.shift(); next !== undefined; next = this.due.shift()) this.step(next.at, next.input);
  }

  step(at: CloudletId, input: Input): void {
    const [plain, shelving] = this.pairs[at]!;
    const local = { monotonic: this.now, wall: this.now };
    const effects = plain.step(input, local).slice();
    if (input.kind === "request" && "key" in input.op) this.point(at, input.op.key);
    expect(textOf(shelving.step(input, local))).toBe(textOf(effects));
    this.look(at);
    for (const effect of effects) this.heed(at, effect);
  }

  heed(at: CloudletId, effect: Effect): void {
    if (effect.kind === "store") this.due.push({ at, input: { kind: "stored", upTo: effect.upTo } });
    else if (effect.kind === "notify" && effect.event.kind === "compacted" && this.lying[at]!.size > 0) seen.aside += 1;
    else if (effect.kind === "arm") this.timers[at]!.add(effect.timer);
    else if (effect.kind === "disarm") this.timers[at]!.delete(effect.timer);
    else if (effect.kind === "send" && this.open.has(at === 0 ? effect.to : at)) {
      this.due.push({ at: effect.to, input: { kind: "receive", from: at, message: effect.message } });
      const { message } = effect;
      const isSent = (key: string): boolean => this.lying[at]!.has(key);
      if (message.kind === "records" && message.records.some(({ key }) => isSent(key))) seen.sentOn += 1;
      if (message.kind === "snapshot" && message.versions.some(({ key }) => isSent(key))) seen.cuts += 1;
    }
  }

  /** Shelves, and goes on with copies: of what lies as bytes a copy makes objects of its own. */
  shelve(at: CloudletId, which: readonly string[]): void {
    const [plain, shelving] = this.pairs[at]!;
    const placed = shelving.shelving.shelve(which);
    for (const [index, key] of which.entries()) {
      const [place, end] = [placed[index] as number, key.lastIndexOf("/") + 1];
      const lying = shelving.shelving.shelved(place, key.slice(0, end), key.slice(end));
      if (place >= 0) this.placed[at]!.set(key, place);
      expect(lying).toBe(place < 0 ? null : shelving.versions(key)[0]);
    }
    this.pairs[at] = [plain.fork(), shelving.fork()];
    for (const key of which) {
      if (shelving.versions(key)[0] === this.pairs[at][1].versions(key)[0]) continue;
      this.lying[at]!.add(key);
      seen.shelved += 1;
    }
  }

  // Says where a key lay last: whether it does, it has to find out itself.
  point(at: CloudletId, key: string): void {
    const { shelving } = this.pairs[at]![1];
    const place = this.placed[at]!.get(key) ?? -1;
    if (this.lying[at]!.has(key)) seen.pointed += 1;
    else if (place >= 0) seen.astray += 1;
    shelving.point(place, key);
  }

  // What became of what lay there.
  look(at: CloudletId): void {
    const [plain, shelving] = this.pairs[at]!;
    for (const key of this.lying[at]!) {
      const versions = shelving.versions(key);
      if (versions.length > 1) seen.doubled += 1;
      else if (versions[0] === undefined || versions[0] === plain.versions(key)[0]) seen.replaced += 1;
      else continue;
      this.lying[at]!.delete(key);
    }
  }

  ask(at: CloudletId, session: number, op: ClientOp): void {
    this.ops += 1;
    // A session is of one cloudlet.
    this.give(at, { kind: "request", session: (at * 10 + session) as SessionId, id: this.ops as OpId, op });
  }

  write(at: CloudletId, session: number, key: string, replaceAll: boolean): void {
    const value = `v${this.ops}`;
    this.ask(
      at,
      session,
      key.startsWith("sum/") ? { kind: "add", key, amount: 1 } : { kind: "put", key, value, replaceAll },
    );
  }

  /** So much time passes that every timer runs out. */
  fireAll(): void {
    this.now += seconds(20);
    for (const at of cloudlets) {
      const timers = [...this.timers[at]!];
      this.timers[at]!.clear();
      for (const timer of timers) this.give(at, { kind: "fired", timer });
    }
  }

  setWay(leaf: CloudletId, isOpen: boolean): void {
    if (this.open.has(leaf) === isOpen) return;
    if (isOpen) this.open.add(leaf);
    else this.open.delete(leaf);
    const kind = isOpen ? "linkUp" : "linkDown";
    this.give(leaf, { kind, peer: 0 as CloudletId });
    this.give(0 as CloudletId, { kind, peer: leaf });
  }

  restart(at: CloudletId): void {
    const [plain, shelving] = this.pairs[at]!;
    const snapshots: readonly Snapshot[] = [plain.snapshot(), shelving.snapshot()];
    expect(textOf(snapshots[1])).toBe(textOf(snapshots[0]));
    const open = [...this.open];
    for (const leaf of open) if (at === 0 || at === leaf) this.setWay(leaf, false);
    this.lives[at]! += 1;
    this.timers[at]!.clear();
    this.lying[at]!.clear();
    this.placed[at]!.clear();
    seen.restarted += 1;
    this.pairs[at] = [this.made(at), this.made(at)];
    const from: DiskImage = { checkpoint: snapshots[0]!, entries: [] };
    this.give(at, { kind: "started", incarnation: this.lives[at] as Incarnation, from });
    for (const leaf of open) this.setWay(leaf, true);
  }

  agree(): void {
    for (const [plain, shelving] of this.pairs) {
      expect(shelving.keys()).toEqual(plain.keys());
      for (const key of keys) expect(shelving.versions(key)).toEqual(plain.versions(key));
      expect(textOf(shelving.snapshot())).toBe(textOf(plain.snapshot()));
      expect(shelving.fingerprint()).toBe(plain.fingerprint());
      expect(shelving.fork().fingerprint()).toBe(plain.fork().fingerprint());
    }
  }
}

// Most is written where most is kept.
const place = fc.constantFrom(...cloudlets, cloudlets[0]!, cloudlets[0]!);
const key = fc.constantFrom(...keys);
const happening = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      at: place,
      session: fc.nat(2),
      key,
      all: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("delete" as const), at: place, session: fc.nat(2), key }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("read" as const), at: place, session: fc.nat(2), key }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("shelve" as const), at: place, which: fc.subarray(keys) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("way" as const), leaf: fc.constantFrom(1, 2), open: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("time" as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("copy" as const), at: place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("restart" as const), at: place }) },
);

prop(
  "what lies as bytes is to everybody what it was",
  fc.array(happening, { minLength: 1, maxLength: 120, size: "max" }),
  (happenings) => {
    const pairs = new Pairs();
    for (const one of happenings) {
      pairs.now += 1_000;
      switch (one.kind) {
        case "write":
          pairs.write(one.at, one.session, one.key, one.all);
          break;
        case "delete":
          pairs.ask(one.at, one.session, { kind: "delete", key: one.key });
          break;
        case "read":
          pairs.ask(one.at, one.session, { kind: "get", key: one.key });
          pairs.ask(one.at, one.session, { kind: "scan", prefix: one.key.slice(0, -1) });
          break;
        case "shelve":
          pairs.shelve(one.at, one.which);
          break;
        case "way":
          pairs.setWay(one.leaf as CloudletId, one.open);
          break;
        case "time":
          pairs.fireAll();
          break;
        case "copy":
          pairs.pairs[one.at] = pairs.pairs[one.at]!.map((replica) => replica.fork()) as [Replica, Replica];
          break;
        case "restart":
          pairs.restart(one.at);
          break;
      }
    }
    pairs.agree();
  },
  { numRuns: 60 },
);

test("nothing is left of what was replaced and has left the log", () => {
  const self = cloudlets[0]!;
  const standing = { topology, self, rules: rightRules, clockBound: seconds(10), wire: firstVersionAlone } as const;
  const rest = { retain: { records: 20 }, batchBytes: undefined, resolvers: undefined, causality: "session" } as const;
  const holdings = new Holdings({ ...standing, ...rest });
  const { retention, versions } = holdings;
  const stream = topology.streams.findIndex(({ scope }) => topology.scopes[scope]!.name === "down") as StreamId;
  const names = Array.from({ length: 100 }, (_, at) => `down/${at}`);
  const write = (key: string, sequence: number): void => {
    const prev = versions.of(key).map(({ dot }) => dot);
    const dot = { origin: self, incarnation: 1 as Incarnation, stream, sequence };
    const stamp = { wall: sequence, logical: 0, lamport: sequence };
    const said = { kind: "put", dot, key, value: `v${sequence}`, prev, deps: [], stamp } as const;
    const record = { ...said, size: recordSize(said) };
    holdings.learn(record, []);
    holdings.settle(record, null, { monotonic: 0, wall: 0 }, []);
    retention.compact(Infinity);
  };
  for (const [at, key] of names.entries()) write(key, 1 + at);
  retention.shelve(names);
  expect(versions.shelf?.standing).toBe(20);
  for (const [at, key] of names.entries()) {
    write(key, 101 + at);
    retention.shelve([key]);
  }
  // The last ones are in the log, all others beside it.
  expect(versions.shelf).toMatchObject({ size: 100, standing: 100 });
  for (const [at, key] of names.entries()) write(key, 201 + at);
  expect(versions.shelf).toMatchObject({ size: 0, standing: 0 });
  expect(names.map((key) => versions.of(key)[0]?.value)).toEqual(names.map((_, at) => `v${201 + at}`));
});
