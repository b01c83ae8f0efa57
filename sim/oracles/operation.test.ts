// Each oracle of operation alone (waiting, direction, durability, convergence), on a hand-made history that keeps its
// property and on one that breaks it; and the set as a whole.

import { describe, expect, test } from "vitest";
import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import type { Message } from "../../model/replication/messages.ts";
import type { DiskImage } from "../../model/replication/io.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Bytes, Instant } from "../../model/units.ts";
import { markOracles, operationOracles, type OracleName, oracleTable } from "./names.ts";
import { EAST, HUB, trio, WEST } from "./stage-worlds.ts";
import { Stage } from "./stage.ts";

const alone = (name: OracleName): Stage => new Stage(trio, [name]);
const id = (cloudlet: number): CloudletId => cloudlet as CloudletId;

// What messages weigh plays no part here.
const size = 100 as Bytes;

function batch(records: readonly CausalRecord[], after = 0): Message & { kind: "records" } {
  const upTo = after + records.length;
  return {
    kind: "records",
    incarnation: 1 as Incarnation,
    epoch: 1,
    to: 1 as Incarnation,
    base: 0,
    after,
    upTo,
    records,
  };
}

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
    stuck.oracles.observer.requested(
      stuck.at,
      id(WEST),
      2 as SessionId,
      50 as OpId,
      { kind: "get", key: "last/x" },
      stuck.at,
    );
    stuck.finish();
    expect(stuck.verdict("local-wait").violations).toBe(2);
    expect(stuck.verdict("local-wait").evidence[1]).toContain('op50, a get of "last/x" that s2 asked of west');

    const dead = alone("local-wait");
    dead.oracles.observer.requested(
      dead.at,
      id(WEST),
      2 as SessionId,
      50 as OpId,
      { kind: "get", key: "last/x" },
      dead.at,
    );
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
    observer.sent(stage.at, id(EAST), id(HUB), batch([report]), size);
    stage.applyFrom(EAST, HUB, [report]);
    const directive = stage.write(HUB, 2, "down/x");
    observer.sent(stage.at, id(HUB), id(WEST), batch([directive]), size);
    stage.applyFrom(HUB, WEST, [directive]);
    expect(stage.verdict("direction")).toMatchObject({ verdict: "holds", violations: 0 });
  });

  test("a report sent down, a batch sent horizontally, an apply beyond the scope", () => {
    const stage = alone("direction");
    const { observer } = stage.oracles;
    const report = stage.write(EAST, 1, "up/x");
    observer.sent(stage.at, id(HUB), id(WEST), batch([report]), size);
    observer.sent(stage.at, id(EAST), id(WEST), batch([stage.write(EAST, 1, "last/x")]), size);
    stage.apply(WEST, stage.write(HUB, 2, "east/x"));
    const { violations, evidence } = stage.verdict("direction");
    expect(violations).toBe(3);
    expect(evidence[0]).toContain("scope up does not go from hub to west: no flow leads that way");
    expect(evidence[1]).toContain("records sent from east to west");
    expect(evidence[2]).toContain("no flows of its scope lead there from its origin");
  });
});

const diskOf = (entries: readonly CausalRecord[]): DiskImage => ({ checkpoint: null, entries });

describe("durability", () => {
  const restart = (stage: Stage, cloudlet: number, recovered: readonly CausalRecord[], diskLost = false): void => {
    const { observer } = stage.oracles;
    observer.crashed(stage.at, id(cloudlet), []);
    stage.booth(cloudlet).applied.clear();
    stage.booth(cloudlet).stands.clear();
    if (diskLost) observer.diskFailed(stage.at, id(cloudlet), { kind: "replaced", lost: stage.written });
    observer.started(stage.at, id(cloudlet), 2 as Incarnation, stage.booth(cloudlet), diskOf(recovered), diskLost);
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
    expect(lost.oracles.notes()).toHaveLength(2);
    expect(lost.oracles.notes()[1]).toMatch(/^1 answered write is gone everywhere: c1\.1\/t0#1 /);

    const memory = alone("durability");
    memory.write(EAST, 1, "memory/x");
    restart(memory, EAST, []);
    memory.finish();
    expect(memory.verdict("durability").violations).toBe(0);
    expect(memory.oracles.notes()[0]).toBe("crashes took 1 acknowledged record of scopes kept in memory");
    expect(memory.oracles.notes()[1]).toMatch(/^1 answered write is gone everywhere: /);
  });

  test("a fault of the disk excuses what it took and nothing else", () => {
    const stage = alone("durability");
    const { observer } = stage.oracles;
    const [taken, other] = [stage.write(EAST, 1, "last/x"), stage.write(EAST, 1, "last/y")];
    stage.applyFrom(EAST, HUB, [taken]);
    observer.diskFailed(stage.at, id(EAST), { kind: "lied", lost: [taken] });
    // The same fault at another cloudlet excuses nothing here.
    observer.diskFailed(stage.at, id(WEST), { kind: "lied", lost: [other] });
    restart(stage, EAST, []);
    stage.finish();
    expect(stage.verdict("durability").violations).toBe(1);
    expect(stage.verdict("durability").evidence[0]).toContain("c1.1/t0#2");
    expect(stage.oracles.notes()[0]).toContain("which took 1 acknowledged record; 0 there again, 1 not");
    expect(stage.oracles.notes()[1]).toMatch(/^1 answered write is gone everywhere: c1\.1\/t0#2 /);
  });

  test("a batch that was acknowledged and is not on the disk", () => {
    const stage = alone("durability");
    const { observer } = stage.oracles;
    const [one, two] = [stage.write(EAST, 1, "last/x"), stage.write(EAST, 1, "last/y")];
    observer.received(stage.at, id(EAST), id(HUB), batch([one]), stage.at);
    observer.received(stage.at, id(EAST), id(HUB), batch([two], 1), stage.at);
    const ack: Message = { kind: "ack", incarnation: 1 as Incarnation, epoch: 1, upTo: 1, beyond: [] };
    observer.sent(stage.at, id(HUB), id(EAST), ack, size);
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
    observer.started(stage.at, id(EAST), 2 as Incarnation, stage.booth(EAST), diskOf([]), false);
    expect(stage.oracles.converged()).toBe(true);
    stage.finish();
    expect(stage.oracles.pending()).toEqual([]);
  });

  // One writer loses its disk; what others still lack is judged by what the loss keeps from them.
  const loses = (stage: Stage, cloudlet: number): void => {
    const { observer } = stage.oracles;
    const booth = stage.booth(cloudlet);
    observer.crashed(stage.at, id(cloudlet), []);
    booth.stands.clear();
    booth.applied.clear();
    observer.started(stage.at, id(cloudlet), 2 as Incarnation, booth, diskOf([]), true);
  };

  test("what comes after a lost record is due where its stream never leads, and at the writer who lost it", () => {
    const stage = alone("convergence");
    const lost = stage.write(WEST, 1, "up/x");
    stage.apply(HUB, lost);
    stage.read(HUB, 2, "up/x");
    stage.write(HUB, 2, "down/y");
    loses(stage, WEST);
    stage.finish();
    expect(stage.oracles.pending()).toEqual([
      expect.stringContaining("has not arrived at east; it is at hub"),
      expect.stringContaining("has not arrived at west; it is at hub"),
    ]);
    expect(stage.verdict("convergence").violations).toBe(2);
  });

  test("what comes after a lost record is due where that record was applied", () => {
    const stage = alone("convergence");
    const lost = stage.write(HUB, 1, "down/x");
    stage.apply(EAST, lost);
    stage.apply(WEST, lost);
    stage.read(EAST, 2, "down/x");
    const after = stage.write(EAST, 2, "last/y");
    loses(stage, HUB);
    expect(stage.oracles.converged()).toBe(false);
    stage.finish();
    expect(stage.oracles.pending()).toHaveLength(2);
    expect(stage.verdict("convergence")).toMatchObject({ verdict: "violated", violations: 2 });
    stage.apply(HUB, after);
    stage.apply(WEST, after);
    expect(stage.oracles.pending()).toEqual([]);
  });

  test("what comes after a lost record is excused only where that record was to come and can not", () => {
    const stage = alone("convergence");
    // The hub's record has reached the east and not the west, where it reaches too. The hub itself no longer waits for it.
    const lost = stage.write(HUB, 1, "down/x");
    stage.apply(EAST, lost);
    stage.read(EAST, 2, "down/x");
    const after = stage.write(EAST, 2, "last/y");
    const alsoAfter = stage.write(EAST, 2, "east/z");
    loses(stage, HUB);
    expect(stage.oracles.pending()).toHaveLength(2);
    stage.apply(HUB, after, alsoAfter);
    expect(stage.oracles.converged()).toBe(true);
    stage.finish();
    expect(stage.verdict("convergence")).toMatchObject({ verdict: "holds", violations: 0 });
    expect(stage.oracles.pending()).toEqual([]);
  });

  test("what waits at a relay for a lost record is excused behind the relay too", () => {
    const stage = alone("convergence");
    const lost = stage.write(EAST, 1, "up/x");
    const after = stage.write(EAST, 1, "last/y");
    expect(stage.oracles.pending()).toHaveLength(3);
    loses(stage, EAST);
    stage.booth(HUB).waiting = [{ record: after, missing: [lost.dot] }];
    expect(stage.oracles.pending()).toEqual([]);
    stage.finish();
    expect(stage.verdict("convergence").violations).toBe(0);
    expect(stage.oracles.notes().join()).toContain("3 missing records would have to wait");
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
    // Those of operations and of marks judge where there are some.
    const others: ReadonlySet<OracleName> = new Set([...operationOracles, ...markOracles]);
    const names = oracleTable.map(({ name }) => name).filter((name) => !others.has(name));
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
