// Each oracle of order and answers alone, on a hand-made history that keeps its property and on one that breaks it. Those of
// operation are in operation.test.ts.

import { describe, expect, test } from "vitest";
import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { OracleName } from "./names.ts";
import { EAST, HUB, trio, WEST } from "./stage-worlds.ts";
import { Stage } from "./stage.ts";

const alone = (name: OracleName): Stage => new Stage(trio, [name]);
const id = (cloudlet: number): CloudletId => cloudlet as CloudletId;

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
    expect(stage.oracles.truth.conflicts.count).toBe(1);
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

  test.for([2, 7, 8, 20])(
    "of %i versions side by side each must be there, and as many of others are not enough",
    (count) => {
      const stage = alone("exact-conflicts");
      const blind = Array.from({ length: count }, (_, at) => stage.write(EAST, at + 1, "all/x"));
      stage.apply(HUB, ...blind);
      stage.oracles.truth.settle();
      expect(stage.verdict("exact-conflicts")).toMatchObject({ violations: 0 });
      stage.apply(WEST, ...blind);
      stage.booth(WEST).stands.set("all/x", [...blind.slice(1), blind[1]!]);
      stage.finish();
      expect(stage.verdict("exact-conflicts")).toMatchObject({ verdict: "violated", violations: 1 });
      expect(stage.verdict("exact-conflicts").evidence[0]).toContain("no version there follows c1.1/t");
    },
  );

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
    const op = { kind: "put", key: "last/y", value: "" } as const;
    observer.requested(stage.at, id(EAST), 1 as SessionId, 99 as OpId, op, stage.at);
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
