// Each oracle alone, on a hand-made history that keeps its property and on one that breaks it; and the set as a whole.

import { describe, expect, test } from "vitest";
import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import type { Message } from "../../model/replication/messages.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import { type OracleName, oracleTable } from "./names.ts";
import { EAST, HUB, trio, WEST } from "./stage-worlds.ts";
import { Stage } from "./stage.ts";

const alone = (name: OracleName): Stage => new Stage(trio, [name]);
const id = (cloudlet: number): CloudletId => cloudlet as CloudletId;

function batch(records: readonly CausalRecord[], after = 0): Message & { kind: "records" } {
  const upTo = after + records.length;
  return { kind: "records", incarnation: 1 as Incarnation, epoch: 1, base: 0, after, upTo, records };
}

describe("causal-delivery", () => {
  test("a record after its past, over another session's read and another key", () => {
    const stage = alone("causal-delivery");
    const cause = stage.write(EAST, 1, "last/cause");
    stage.apply(HUB, cause);
    stage.read(HUB, 2, "last/cause");
    const effect = stage.write(HUB, 2, "all/effect");
    stage.apply(WEST, cause, effect);
    expect(stage.verdict("causal-delivery")).toMatchObject({ verdict: "holds", checks: 5, violations: 0 });
  });

  test("an effect before its cause, named with place and time", () => {
    const stage = alone("causal-delivery");
    const cause = stage.write(EAST, 1, "last/cause");
    stage.apply(HUB, cause);
    stage.read(HUB, 2, "last/cause");
    const effect = stage.write(HUB, 2, "all/effect");
    stage.apply(WEST, effect);
    const { verdict, violations, evidence } = stage.verdict("causal-delivery");
    expect([verdict, violations]).toEqual(["violated", 1]);
    expect(evidence[0]).toBe(
      'west applied c0.1/t2#1 (put of "all/effect" by s2 at hub at 0.000060 s) at 0.000090 s before ' +
        'c1.1/t0#1 (put of "last/cause" by s1 at east at 0.000010 s), which is in its past and reaches west',
    );
  });

  test("what never reaches the cloudlet is not waited for, but what lies behind it is", () => {
    // 1. West writes x, which goes everywhere. 2. East reads it and writes y into the scope that west does not hold.
    // 3. The hub reads y and writes z, which goes everywhere: z follows x over y, and west must see x before z.
    const stage = alone("causal-delivery");
    const x = stage.write(WEST, 1, "last/x");
    stage.apply(EAST, x);
    stage.read(EAST, 2, "last/x");
    const y = stage.write(EAST, 2, "east/y");
    stage.apply(HUB, x, y);
    stage.read(HUB, 3, "east/y");
    const z = stage.write(HUB, 3, "last/z");
    const third = stage.booth(WEST);
    stage.apply(WEST, z);
    expect(stage.verdict("causal-delivery").violations).toBe(0);
    expect(third.applied.has(x)).toBe(true);
    // The east is another matter: it does receive y.
    stage.booth(EAST).applied.delete(y);
    stage.apply(EAST, z);
    expect(stage.verdict("causal-delivery").violations).toBe(0);
  });

  test("a dependency behind one that does not reach the cloudlet is missed", () => {
    const stage = alone("causal-delivery");
    const x = stage.write(HUB, 1, "last/x");
    stage.apply(EAST, x);
    stage.read(EAST, 2, "last/x");
    const y = stage.write(EAST, 2, "east/y");
    stage.apply(HUB, y);
    stage.read(HUB, 3, "east/y");
    const z = stage.write(HUB, 3, "all/z");
    stage.apply(WEST, z);
    expect(stage.verdict("causal-delivery").evidence[0]).toContain('c0.1/t0#1 (put of "last/x"');
  });
});

describe("exact-conflicts", () => {
  test("concurrent versions stand side by side, an overwriting one stands alone", () => {
    const stage = alone("exact-conflicts");
    const one = stage.write(EAST, 1, "last/x");
    const two = stage.write(WEST, 2, "last/x");
    stage.apply(HUB, one, two);
    const both = stage.write(HUB, 3, "last/x");
    stage.apply(EAST, two, both);
    stage.finish();
    expect(stage.booth(HUB).versions("last/x")).toEqual([both]);
    expect(stage.verdict("exact-conflicts")).toMatchObject({ verdict: "holds", violations: 0 });
    expect(stage.oracles.truth.conflicts.size).toBe(1);
  });

  test("a dropped loser and a replaced version that stays are violations", () => {
    const stage = alone("exact-conflicts");
    const one = stage.write(EAST, 1, "last/x");
    const two = stage.write(WEST, 2, "last/x");
    stage.apply(HUB, one, two);
    stage.booth(HUB).stands.set("last/x", [two]);
    stage.finish();
    expect(stage.verdict("exact-conflicts").evidence[0]).toContain("no version there follows c1.1/t0#1");

    const other = alone("exact-conflicts");
    const old = other.write(EAST, 1, "last/x");
    const fresh = other.write(EAST, 1, "last/x");
    other.booth(EAST).stands.set("last/x", [old, fresh]);
    other.finish();
    expect(other.verdict("exact-conflicts").evidence[0]).toContain("precedes c1.1/t0#2");
  });

  test("return-them-all: a write replaces what its session has read, or all when it says so", () => {
    const stage = alone("exact-conflicts");
    const one = stage.write(EAST, 1, "all/x");
    const blind = stage.write(EAST, 2, "all/x");
    expect(stage.booth(EAST).versions("all/x")).toEqual([one, blind]);
    const all = stage.write(EAST, 3, "all/x", { replaceAll: true });
    expect(stage.booth(EAST).versions("all/x")).toEqual([all]);
    stage.finish();
    expect(stage.verdict("exact-conflicts")).toMatchObject({ verdict: "holds", violations: 0 });
  });

  test("the declared limit is a note: a writer that never receives what it follows", () => {
    // East reports x upwards; the hub tells it on in another scope; west reads that and reports x, too.
    const stage = alone("exact-conflicts");
    const x = stage.write(EAST, 1, "up/x");
    stage.apply(HUB, x);
    stage.read(HUB, 2, "up/x");
    const told = stage.write(HUB, 2, "last/told");
    stage.apply(WEST, told);
    stage.read(WEST, 3, "last/told");
    const later = stage.write(WEST, 3, "up/x");
    stage.apply(HUB, later);
    stage.finish();
    expect(stage.booth(HUB).versions("up/x")).toEqual([x, later]);
    expect(stage.verdict("exact-conflicts")).toMatchObject({ verdict: "holds", violations: 0 });
    expect(stage.oracles.notes()).toEqual([
      "once a version stood beside a later one whose writer's cloudlet it never reaches",
    ]);
  });

  test("return-them-all: a version is gone where a follower of it stands, though its replacement has not come", () => {
    // 1. Two sessions at the east read x. 2. One replaces it by y. 3. The other, not having seen y, writes z: x is in its
    // past, yet no longer there to be replaced. 4. The west gets z before y: x must go, so z must have named it.
    const stage = alone("exact-conflicts");
    const x = stage.write(EAST, 1, "all/k");
    stage.read(EAST, 2, "all/k");
    stage.write(EAST, 1, "all/k");
    const z = stage.write(EAST, 2, "all/k", { namesOnlyStanding: true });
    stage.apply(WEST, x);
    stage.apply(WEST, z);
    expect(stage.booth(WEST).versions("all/k")).toEqual([x, z]);
    stage.finish();
    expect(stage.verdict("exact-conflicts")).toMatchObject({ verdict: "violated", violations: 1 });
    expect(stage.verdict("exact-conflicts").evidence[0]).toContain("precedes");
  });

  test("a record that is applied twice", () => {
    const stage = alone("exact-conflicts");
    const record = stage.write(EAST, 1, "last/x");
    stage.apply(EAST, record);
    expect(stage.verdict("exact-conflicts").evidence[0]).toContain("again");
  });
});

describe("reads-resolve", () => {
  test("last-writer-wins by stamp, with losers counted and tombstones told", () => {
    const stage = alone("reads-resolve");
    const one = stage.write(EAST, 1, "last/x", { wall: 900 });
    const two = stage.write(WEST, 2, "last/x", { wall: 800, kind: "delete" });
    stage.apply(HUB, one, two);
    expect(stage.read(HUB, 3, "last/x")).toEqual([one]);
    stage.read(HUB, 3, "last/nothing");
    expect(stage.verdict("reads-resolve")).toMatchObject({ verdict: "holds", violations: 0 });
    expect(stage.oracles.marks.counts()).toContainEqual(["hidden-loser", 1]);
  });

  test.each([
    ["the loser", (one: CausalRecord) => [one]],
    ["nothing", () => []],
    ["both", (one: CausalRecord, two: CausalRecord) => [one, two]],
    ["another value", (_one: CausalRecord, two: CausalRecord) => [{ ...two, value: "forged" }]],
    ["an unwritten version", (_one: CausalRecord, two: CausalRecord) => [{ ...two, dot: { ...two.dot, sequence: 9 } }]],
  ])("an answer of %s is a violation", (_what, answer) => {
    const stage = alone("reads-resolve");
    const one = stage.write(EAST, 1, "last/x", { wall: 800 });
    const two = stage.write(WEST, 2, "last/x", { wall: 900 });
    stage.apply(HUB, one, two);
    stage.read(HUB, 3, "last/x", answer(one, two));
    expect(stage.verdict("reads-resolve").violations).toBeGreaterThan(0);
  });

  test("ties go to the greater dot, by either stamp", () => {
    for (const scope of ["last", "lamport"]) {
      const stage = alone("reads-resolve");
      const one = stage.write(EAST, 1, `${scope}/x`, { wall: 500 });
      const two = stage.write(WEST, 2, `${scope}/x`, { wall: 500 });
      stage.apply(HUB, one, two);
      stage.read(HUB, 3, `${scope}/x`, [two]);
      expect(stage.verdict("reads-resolve").violations).toBe(0);
      stage.read(HUB, 3, `${scope}/x`, [one]);
      expect(stage.verdict("reads-resolve").violations).toBe(1);
    }
  });

  test("a scan returns every key up to the one with the last value it asked for", () => {
    const stage = alone("reads-resolve");
    const gone = stage.write(HUB, 1, "last/a", { kind: "delete" });
    const there = stage.write(HUB, 1, "last/b");
    stage.write(HUB, 1, "last/c");
    const plain = { hidden: 0, bestKnown: false };
    const a = { key: "last/a", versions: [], tombstones: [gone], ...plain };
    const b = { key: "last/b", versions: [there], tombstones: [], ...plain };
    stage.answer(HUB, 2, { kind: "scan", prefix: "last/", limit: 1 }, [a, b]);
    expect(stage.verdict("reads-resolve").violations).toBe(0);
    stage.answer(HUB, 2, { kind: "scan", prefix: "last/" }, [a, b]);
    expect(stage.verdict("reads-resolve").evidence[0]).toContain('there are "last/a", "last/b", "last/c"');
  });

  test("a stamp that does not exceed one of its past", () => {
    const stage = alone("reads-resolve");
    const record = stage.write(EAST, 1, "last/x");
    const { observer } = stage.oracles;
    const stale = { ...record, key: "last/y", dot: { ...record.dot, sequence: 2 }, prev: [] };
    observer.requested(stage.at, id(EAST), 1 as SessionId, 99 as OpId, { kind: "put", key: "last/y", value: "" });
    observer.wrote(stage.at, id(EAST), 1 as SessionId, 99 as OpId, stale);
    expect(stage.verdict("reads-resolve").evidence[0]).toContain("the hybrid stamp of c1.1/t0#2");
  });
});

describe("session guarantees", () => {
  test("read-your-writes: one's own version or a winner over it, never an older one", () => {
    const stage = alone("read-your-writes");
    const before = stage.write(EAST, 1, "last/x", { wall: 100 });
    const own = stage.write(EAST, 2, "last/x", { wall: 200 });
    const other = stage.write(WEST, 3, "last/x", { wall: 900 });
    stage.read(EAST, 2, "last/x", [own]);
    stage.apply(EAST, other);
    stage.read(EAST, 2, "last/x", [other]);
    expect(stage.verdict("read-your-writes")).toMatchObject({ verdict: "holds", checks: 2 });
    stage.read(EAST, 2, "last/x", [before]);
    stage.read(EAST, 2, "last/x", []);
    expect(stage.verdict("read-your-writes").violations).toBe(2);
  });

  test("read-your-writes where all versions are returned: one of them must cover the write", () => {
    const stage = alone("read-your-writes");
    const other = stage.write(EAST, 1, "all/x");
    const own = stage.write(EAST, 2, "all/x");
    stage.read(EAST, 2, "all/x", [other, own]);
    expect(stage.verdict("read-your-writes").violations).toBe(0);
    stage.read(EAST, 2, "all/x", [other]);
    expect(stage.verdict("read-your-writes").violations).toBe(1);
  });

  test("monotonic-reads: never back, though a concurrent winner may come and go", () => {
    const stage = alone("monotonic-reads");
    const one = stage.write(EAST, 1, "last/x");
    const two = stage.write(EAST, 1, "last/x");
    const other = stage.write(WEST, 2, "last/x");
    stage.read(EAST, 3, "last/x", [two]);
    stage.read(EAST, 3, "last/x", [other]);
    stage.read(EAST, 3, "last/x", [two]);
    expect(stage.verdict("monotonic-reads")).toMatchObject({ verdict: "holds", violations: 0 });
    stage.read(EAST, 3, "last/x", [one]);
    expect(stage.verdict("monotonic-reads").evidence[0]).toContain("s3 had read c1.1/t0#2");
    stage.read(EAST, 4, "last/x", [one]);
    expect(stage.verdict("monotonic-reads").violations).toBe(1);
  });

  test("monotonic-writes: in order wherever both arrive", () => {
    const stage = alone("monotonic-writes");
    const one = stage.write(EAST, 1, "last/x");
    const hidden = stage.write(EAST, 1, "east/y");
    const two = stage.write(EAST, 1, "all/z");
    stage.apply(WEST, one, two);
    expect(stage.verdict("monotonic-writes")).toMatchObject({ verdict: "holds", violations: 0 });
    stage.apply(HUB, one, two);
    expect(stage.verdict("monotonic-writes").evidence[0]).toContain('before c1.1/t10#1 (put of "east/y"');
    expect(hidden.key).toBe("east/y");
  });

  test("writes-follow-reads: after what was read, also where the write between is missing", () => {
    const stage = alone("writes-follow-reads");
    const read = stage.write(EAST, 1, "last/x");
    stage.apply(HUB, read);
    stage.read(HUB, 2, "last/x");
    const first = stage.write(HUB, 2, "last/y");
    const second = stage.write(HUB, 2, "last/z");
    stage.apply(WEST, read, first, second);
    expect(stage.verdict("writes-follow-reads")).toMatchObject({ verdict: "holds", violations: 0 });

    const other = alone("writes-follow-reads");
    const r = other.write(EAST, 1, "last/x");
    other.apply(HUB, r);
    other.read(HUB, 2, "last/x");
    other.write(HUB, 2, "last/y");
    const last = other.write(HUB, 2, "last/z");
    other.apply(WEST, last);
    expect(other.verdict("writes-follow-reads").evidence[0]).toContain("which its session had read");
  });
});

describe("rtc-arb", () => {
  test("inversion and headroom in microseconds, each pair once", () => {
    const stage = alone("rtc-arb");
    const early = stage.write(EAST, 1, "last/x", { wall: 900 });
    stage.now += 100;
    const late = stage.write(WEST, 2, "last/x", { wall: 400 });
    stage.apply(HUB, early, late);
    stage.apply(WEST, early);
    const { violations, evidence, checks } = stage.verdict("rtc-arb");
    expect([checks, violations]).toEqual([1, 1]);
    expect(evidence[0]).toContain("120 us before c2.1/t0#1");
    expect(stage.oracles.measured()).toContainEqual(["rtc.inversion", 120]);
    expect(stage.oracles.measured().map(([name]) => name)).not.toContain("rtc.headroom");

    const first = stage.write(EAST, 1, "last/y", { wall: 1_000 });
    const second = stage.write(WEST, 2, "last/y", { wall: 1_250 });
    stage.apply(HUB, second, first);
    expect(stage.oracles.measured()).toContainEqual(["rtc.headroom", 250]);
  });

  test("overlapping writes, and scopes that return all, have no order to break", () => {
    const stage = alone("rtc-arb");
    const one = stage.begin(EAST, 1, "last/x", { wall: 900 });
    const two = stage.write(WEST, 2, "last/x", { wall: 100 });
    stage.apply(HUB, one.end(), two);
    stage.apply(HUB, stage.write(EAST, 1, "all/x", { wall: 900 }), stage.write(WEST, 2, "all/x", { wall: 100 }));
    expect(stage.verdict("rtc-arb").verdict).toBe("not-judged");
  });
});

describe("local-wait", () => {
  const written = (record: CausalRecord) => ({ kind: "written" as const, dot: record.dot });

  test("a write in the step that hears from the disk, a read in its own step", () => {
    const stage = alone("local-wait");
    stage.write(EAST, 1, "last/x");
    stage.read(EAST, 1, "last/x");
    stage.finish();
    expect(stage.verdict("local-wait")).toMatchObject({ verdict: "holds", checks: 2, violations: 0 });
  });

  test.each([
    ["before the disk", "request", 0],
    ["with a neighbour's message", "receive", 1],
    ["one confirmation too late", "stored", 2],
  ] as const)("a durable write answered %s is a violation", (_when, cause, syncs) => {
    const stage = alone("local-wait");
    const { observer } = stage.oracles;
    const { record } = stage.begin(EAST, 1, "last/x");
    for (let sync = 1; sync <= syncs; sync += 1) observer.synced((stage.now + sync) as Instant, id(EAST), sync);
    const at = (stage.now + syncs) as Instant;
    observer.replied(at, id(EAST), 1 as SessionId, 1 as OpId, written(record), cause);
    expect(stage.verdict("local-wait").violations).toBe(1);
  });

  test("a request that is never answered, unless its disk is slow or its process died", () => {
    const slow = alone("local-wait");
    slow.begin(EAST, 1, "last/x");
    slow.finish();
    expect(slow.verdict("local-wait").violations).toBe(0);

    const stuck = alone("local-wait");
    stuck.begin(EAST, 1, "last/x");
    stuck.oracles.observer.synced(stuck.at, id(EAST), 1);
    stuck.oracles.observer.requested(stuck.at, id(WEST), 2 as SessionId, 50 as OpId, { kind: "get", key: "last/x" });
    stuck.finish();
    expect(stuck.verdict("local-wait").violations).toBe(2);
    expect(stuck.verdict("local-wait").evidence[1]).toContain('op50, a get of "last/x" that s2 asked of west');

    const dead = alone("local-wait");
    dead.oracles.observer.requested(dead.at, id(WEST), 2 as SessionId, 50 as OpId, { kind: "get", key: "last/x" });
    dead.oracles.observer.crashed(dead.at, id(WEST), []);
    dead.finish();
    expect(dead.verdict("local-wait").violations).toBe(0);
  });
});

describe("direction", () => {
  test("up and down along the flows", () => {
    const stage = alone("direction");
    const { observer } = stage.oracles;
    const report = stage.write(EAST, 1, "up/x");
    observer.sent(stage.at, id(EAST), id(HUB), batch([report]));
    stage.applyFrom(EAST, HUB, [report]);
    const directive = stage.write(HUB, 2, "down/x");
    observer.sent(stage.at, id(HUB), id(WEST), batch([directive]));
    stage.applyFrom(HUB, WEST, [directive]);
    expect(stage.verdict("direction")).toMatchObject({ verdict: "holds", violations: 0 });
  });

  test("a report sent down, a batch sent horizontally, an apply beyond the scope", () => {
    const stage = alone("direction");
    const { observer } = stage.oracles;
    const report = stage.write(EAST, 1, "up/x");
    observer.sent(stage.at, id(HUB), id(WEST), batch([report]));
    observer.sent(stage.at, id(EAST), id(WEST), batch([stage.write(EAST, 1, "last/x")]));
    stage.apply(WEST, stage.write(HUB, 2, "east/x"));
    const { violations, evidence } = stage.verdict("direction");
    expect(violations).toBe(3);
    expect(evidence[0]).toContain("scope up does not go from hub to west: no flow leads that way");
    expect(evidence[1]).toContain("records sent from east to west");
    expect(evidence[2]).toContain("no flows of its scope lead there from its origin");
  });
});

describe("durability", () => {
  const restart = (stage: Stage, cloudlet: number, recovered: readonly CausalRecord[], diskLost = false): void => {
    const { observer } = stage.oracles;
    observer.crashed(stage.at, id(cloudlet), []);
    stage.booth(cloudlet).applied.clear();
    stage.booth(cloudlet).stands.clear();
    observer.started(stage.at, id(cloudlet), 2 as Incarnation, stage.booth(cloudlet), recovered, diskLost);
    stage.apply(cloudlet, ...recovered);
  };

  test("what was answered comes back with the disk", () => {
    const stage = alone("durability");
    const record = stage.write(EAST, 1, "last/x");
    restart(stage, EAST, [record]);
    stage.finish();
    expect(stage.verdict("durability")).toMatchObject({ verdict: "holds", checks: 2, violations: 0 });
  });

  test("an answered write that the disk does not return, unless the disk was lost or the scope is kept in memory", () => {
    const stage = alone("durability");
    stage.write(EAST, 1, "last/x");
    restart(stage, EAST, []);
    stage.finish();
    expect(stage.verdict("durability").violations).toBe(1);
    expect(stage.verdict("durability").evidence[0]).toMatch(/^east came back .* without c1\.1\/t0#1 .* answered$/);

    const lost = alone("durability");
    lost.write(EAST, 1, "last/x");
    restart(lost, EAST, [], true);
    lost.finish();
    expect(lost.verdict("durability").violations).toBe(0);

    const memory = alone("durability");
    memory.write(EAST, 1, "memory/x");
    restart(memory, EAST, []);
    memory.finish();
    expect(memory.verdict("durability").violations).toBe(0);
    expect(memory.oracles.notes()).toEqual(["crashes took 1 acknowledged record of scopes kept in memory"]);
  });

  test("a batch that was acknowledged and is not on the disk", () => {
    const stage = alone("durability");
    const { observer } = stage.oracles;
    const [one, two] = [stage.write(EAST, 1, "last/x"), stage.write(EAST, 1, "last/y")];
    observer.received(stage.at, id(EAST), id(HUB), batch([one]), stage.at);
    observer.received(stage.at, id(EAST), id(HUB), batch([two], 1), stage.at);
    const ack: Message = { kind: "ack", incarnation: 1 as Incarnation, epoch: 1, upTo: 1, beyond: [] };
    observer.sent(stage.at, id(HUB), id(EAST), ack);
    restart(stage, HUB, []);
    expect(stage.verdict("durability").violations).toBe(1);
    expect(stage.verdict("durability").evidence[0]).toContain("acknowledged to a neighbour");
    expect(stage.verdict("durability").evidence[0]).toContain("c1.1/t0#1");
  });

  test("an answered write that is not applied at its origin in the end", () => {
    const stage = alone("durability");
    const { record } = stage.begin(EAST, 1, "last/x");
    const result = { kind: "written" as const, dot: record.dot };
    stage.oracles.observer.replied(stage.at, id(EAST), 1 as SessionId, 1 as OpId, result, "stored");
    stage.finish();
    expect(stage.verdict("durability").evidence[0]).toContain("is not applied at east at the end");
  });
});

describe("convergence", () => {
  test("converged once everybody has what is due, with equal states", () => {
    const stage = alone("convergence");
    const record = stage.write(EAST, 1, "last/x");
    const report = stage.write(WEST, 2, "up/y");
    stage.apply(HUB, record, report);
    expect(stage.oracles.converged()).toBe(false);
    stage.apply(WEST, record);
    expect(stage.oracles.converged()).toBe(true);
    stage.finish();
    expect(stage.oracles.pending()).toEqual([]);
    expect(stage.verdict("convergence")).toMatchObject({ verdict: "holds", violations: 0 });
  });

  test("what is missing is said in words: not arrived, or waiting for what", () => {
    const stage = alone("convergence");
    const cause = stage.write(EAST, 1, "last/x");
    const effect = stage.write(EAST, 1, "last/y");
    stage.apply(HUB, cause, effect);
    stage.oracles.observer.received(stage.at, id(HUB), id(WEST), batch([effect]), stage.at);
    stage.booth(WEST).waiting = [{ record: effect, missing: [cause.dot] }];
    stage.finish();
    const [first, second] = stage.oracles.pending();
    expect(first).toMatch(/^c1\.1\/t0#1 .* has not arrived at west; it is at hub, east$/);
    expect(second).toMatch(/^c1\.1\/t0#2 .* waits at west for c1\.1\/t0#1 .*, which has not arrived there$/);
    expect(stage.verdict("convergence").violations).toBe(2);
  });

  test("equal deliveries, different states", () => {
    const stage = alone("convergence");
    const one = stage.write(EAST, 1, "last/x");
    const two = stage.write(WEST, 2, "last/x");
    stage.apply(HUB, one, two);
    stage.apply(WEST, one);
    stage.apply(EAST, two);
    stage.booth(WEST).stands.set("last/x", [two]);
    stage.finish();
    expect(stage.verdict("convergence").evidence[0]).toContain("hold different versions");
  });

  test("what a crash took from everybody is due to nobody, and what waits for it is excused", () => {
    const stage = alone("convergence");
    const { observer } = stage.oracles;
    const { record: lost } = stage.begin(EAST, 1, "last/x");
    observer.crashed(stage.at, id(EAST), [lost]);
    observer.started(stage.at, id(EAST), 2 as Incarnation, stage.booth(EAST), [], false);
    expect(stage.oracles.converged()).toBe(true);
    stage.finish();
    expect(stage.oracles.pending()).toEqual([]);
  });

  test("nothing is due over a cloudlet that stays down", () => {
    const stage = alone("convergence");
    stage.write(EAST, 1, "last/x");
    stage.oracles.observer.crashed(stage.at, id(HUB), []);
    expect(stage.oracles.converged()).toBe(true);
    stage.finish();
    expect(stage.verdict("convergence").violations).toBe(0);
  });

  test("without a healing nothing is judged", () => {
    const stage = alone("convergence");
    stage.write(EAST, 1, "last/x");
    stage.oracles.observer.finished(stage.at);
    expect(stage.verdict("convergence").verdict).toBe("not-judged");
    expect(stage.oracles.pending()).toHaveLength(2);
  });
});

describe("the set", () => {
  test("verdicts in the order of the table, of those that were asked for", () => {
    const names = oracleTable.map(({ name }) => name);
    expect(new Stage(trio).oracles.verdicts().map(([name]) => name)).toEqual(names);
    const some = new Stage(trio, ["rtc", "causal-delivery"]).oracles.verdicts().map(([name]) => name);
    expect(some).toEqual(["causal-delivery", "rtc"]);
  });

  test("metrics and marks of a small story", () => {
    const stage = new Stage(trio);
    const { observer } = stage.oracles;
    const record = stage.write(EAST, 1, "last/x");
    observer.received(stage.at, id(EAST), id(HUB), batch([record]), stage.at);
    observer.received(stage.at, id(EAST), id(HUB), batch([record]), stage.at);
    stage.applyFrom(EAST, HUB, [record]);
    stage.applyFrom(HUB, WEST, [record]);
    observer.clockStepped(stage.at, id(HUB), 5);
    const marks = new Map(stage.oracles.marks.counts());
    expect(["duplicate", "relay", "clock-step", "conflict"].map((name) => marks.get(name as never))).toEqual([
      1, 1, 1, 0,
    ]);
    const metrics = new Map(stage.oracles.measured());
    expect(metrics.get("records.delivered")).toBe(2);
    expect(metrics.get("records.redundant")).toBe(1);
    expect(metrics.get("visibility.max")).toBe(40);
    expect(stage.oracles.metrics.delivered()).toBe(2);
    const flow = stage.oracles.metrics.flows().find(({ records, from }) => records > 0 && from === "hub");
    expect(flow).toMatchObject({ flow: "last:hub-west", to: "west", records: 1, p50: 40, max: 40 });
  });
});
