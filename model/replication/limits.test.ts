// Puts that are not to last, at one replica: its one timer, what is no time, copies of a replica, checkpoints, a life that
// may not write. Stories with others are in testdata/limit*.txt, all of it at once in properties/replication.test.ts.

import { expect, test } from "vitest";
import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import { buildTopology } from "../topology/build.ts";
import { seconds, type Duration } from "../units.ts";
import type { ClientOp, DiskImage, Effect } from "./io.ts";
import { limitTimer } from "./limits.ts";
import type { StoredEntry } from "./log.ts";
import type { CausalRecord } from "./record.ts";
import { createReplica, type Replica } from "./replica.ts";

const built = buildTopology({
  cloudlets: [{ name: "up" }, { name: "low", upper: "up" }],
  scopes: [
    { name: "users", prefix: "users/" },
    { name: "sums", prefix: "sums/", resolver: "counter" },
  ],
  flows: ["users", "sums"].map((scope) => ({ scope, upper: "up", lower: "low", direction: "both" })),
  links: [{ a: "up", b: "low", forth: { delay: seconds(0) } }],
});
if (built.kind === "refused") throw new Error(built.refusals.map(({ message }) => message).join("\n"));
const { topology } = built;

/** One replica with a disk that stores at once. */
class Bench {
  replica = this.#made();
  now = 1_000_000;
  wall = 0;
  life = 1;
  disk: StoredEntry[] = [];
  behind = 0;
  timer: number | null = null;
  armed = 0;
  #ops = 0;

  constructor() {
    this.start(null);
  }

  #made(): Replica {
    return createReplica({ topology, self: 1 as CloudletId, clockBound: seconds(10) });
  }

  start(from: DiskImage | null): readonly CausalRecord[] {
    this.replica = this.#made();
    this.timer = null;
    return this.step({ kind: "started", incarnation: this.life as Incarnation, from });
  }

  restart(): readonly CausalRecord[] {
    this.life += 1;
    return this.start({ checkpoint: null, entries: this.disk.slice() });
  }

  /** A step, and the disk has it all. Returns what was stored. */
  step(input: Parameters<Replica["step"]>[0]): readonly CausalRecord[] {
    const effects: readonly Effect[] = this.replica.step(input, { monotonic: this.now, wall: this.now + this.wall });
    const stored: CausalRecord[] = [];
    let upTo = 0;
    for (const effect of effects.slice()) {
      if (effect.kind === "arm" && effect.timer === limitTimer) {
        this.timer = this.now + effect.after[0];
        this.armed += 1;
      }
      if (effect.kind === "disarm" && effect.timer === limitTimer) this.timer = null;
      if (effect.kind !== "store") continue;
      upTo = effect.upTo;
      this.disk.push(...effect.entries);
      stored.push(...effect.entries.filter((entry): entry is CausalRecord => entry.kind !== "cut"));
    }
    if (upTo > 0) this.step({ kind: "stored", upTo });
    return stored;
  }

  ask(op: ClientOp): Effect | undefined {
    this.#ops += 1;
    const request = { kind: "request", session: this.#ops as SessionId, id: this.#ops as OpId, op } as const;
    const copy = this.replica.fork();
    this.step(request);
    return copy.step(request, { monotonic: this.now, wall: this.now }).find(({ kind }) => kind === "reply");
  }

  put(key: string, ttl: number): Effect | undefined {
    return this.ask({ kind: "put", key: `users/${key}`, value: "v", ttl: ttl as Duration });
  }

  /** Time passes; the timer fires where it is due. Returns what was written meanwhile. */
  pass(micros: number): readonly CausalRecord[] {
    const end = this.now + micros;
    const written: CausalRecord[] = [];
    while (this.timer !== null && this.timer <= end) {
      this.now = Math.max(this.now, this.timer);
      this.timer = null;
      written.push(...this.step({ kind: "fired", timer: limitTimer }));
    }
    this.now = end;
    return written;
  }
}

const keysOf = (records: readonly CausalRecord[]): readonly string[] => records.map(({ key }) => key);

test("one timer is set, for the put whose time is over first", () => {
  const bench = new Bench();
  bench.put("late", 9_000);
  bench.put("soon", 3_000);
  bench.put("later", 9_500);
  expect([bench.timer, bench.armed]).toEqual([1_003_000, 2]);
  expect(keysOf(bench.pass(2_999))).toEqual([]);
  expect(keysOf(bench.pass(1))).toEqual(["users/soon"]);
  expect(bench.timer).toBe(1_009_000);
  // What was replaced is forgotten, and the timer with it when nothing else is left.
  bench.ask({ kind: "put", key: "users/late", value: "for good" });
  expect(bench.timer).toBe(1_009_500);
  bench.ask({ kind: "delete", key: "users/later" });
  expect(bench.timer).toBe(null);
  expect(bench.pass(20_000)).toEqual([]);
});

test("without a put that is not to last there is no timer", () => {
  const bench = new Bench();
  bench.ask({ kind: "put", key: "users/x", value: "v" });
  expect(bench.armed).toBe(0);
});

test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 50 + 1])("%d is no time limit", (ttl) => {
  const bench = new Bench();
  expect(bench.put("x", ttl)).toMatchObject({ result: { kind: "refused", code: "badTimeLimit" } });
});

test("where deltas are counted there is no put, and so no limit", () => {
  const asked = new Bench().ask({ kind: "put", key: "sums/x", value: "1", ttl: seconds(1) });
  expect(asked).toMatchObject({ result: { kind: "refused", code: "wrongRequest" } });
});

test("a copy of a replica ends its puts by itself", () => {
  const bench = new Bench();
  bench.put("x", 5_000);
  const copy = bench.replica.fork();
  expect(copy.fingerprint()).toBe(bench.replica.fingerprint());
  expect(keysOf(bench.pass(5_000))).toEqual(["users/x"]);
  expect(copy.fingerprint()).not.toBe(bench.replica.fingerprint());
  const effects = copy.step({ kind: "fired", timer: limitTimer }, { monotonic: bench.now, wall: bench.now });
  expect(effects.find(({ kind }) => kind === "store")).toMatchObject({ entries: [{ key: "users/x", ends: true }] });
});

test.each([
  ["its disk", (bench: Bench): DiskImage => ({ checkpoint: null, entries: bench.disk.slice() })],
  ["a checkpoint", (bench: Bench): DiskImage => ({ checkpoint: bench.replica.snapshot(), entries: [] })],
])("a process finds the limits of its puts again on %s", (_what, imageOf) => {
  const bench = new Bench();
  bench.put("over", 2_000);
  bench.put("replaced", 2_000);
  bench.put("open", 50_000);
  bench.ask({ kind: "put", key: "users/replaced", value: "for good" });
  const image = imageOf(bench);
  bench.life += 1;
  bench.now += 10_000;
  bench.start(image);
  expect(keysOf(bench.pass(0))).toEqual(["users/over"]);
  expect(keysOf(bench.pass(39_999))).toEqual([]);
  expect(keysOf(bench.pass(1))).toEqual(["users/open"]);
});

test.each([
  ["set back by an hour: no longer than all of its time again", -3_600_000_000, 50_000],
  ["set back by 20 ms", -20_000, 50_000],
  ["set back by 5 ms", -5_000, 45_000],
  ["right", 0, 40_000],
  ["set forward by 15 ms", 15_000, 25_000],
  ["set forward by an hour", 3_600_000_000, 0],
])("after 10 of 50 ms a process starts with a clock that was %s", (_how, wall, left) => {
  const bench = new Bench();
  bench.put("x", 50_000);
  bench.now += 10_000;
  bench.wall = wall;
  bench.restart();
  expect(bench.timer).toBe(bench.now + left);
});

test("while its process lives no step of the wall clock ends a put early or late", () => {
  const bench = new Bench();
  bench.put("x", 50_000);
  bench.wall = 3_600_000_000;
  expect(bench.pass(49_999)).toEqual([]);
  bench.wall = -3_600_000_000;
  expect(keysOf(bench.pass(1))).toEqual(["users/x"]);
});

test("a life that may not write ends nothing, and the next one does", () => {
  const bench = new Bench();
  bench.put("x", 5_000);
  const [put] = bench.disk as CausalRecord[];
  if (put === undefined) throw new Error("nothing was stored");
  // Somebody else writes under the name of this life.
  const stranger: CausalRecord = { ...put, dot: { ...put.dot, sequence: 7 } };
  const message = {
    kind: "records",
    incarnation: 1 as Incarnation,
    epoch: 1,
    to: 0,
    base: 0,
    after: 0,
    upTo: 1,
    records: [stranger],
  } as const;
  bench.step({ kind: "receive", from: 0 as CloudletId, message });
  expect(bench.timer).toBe(null);
  expect(bench.pass(100_000)).toEqual([]);
  expect(bench.step({ kind: "fired", timer: limitTimer })).toEqual([]);
  bench.restart();
  expect(keysOf(bench.pass(0))).toEqual(["users/x"]);
});
