// The ground truth against brute force: full pasts as sets, every record of a past looked at, on random small histories
// whose deliveries keep causal order, and on others that come as they like.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { CloudletId } from "../../model/ids.ts";
import { sameDot, type CausalRecord } from "../../model/replication/record.ts";
import { buildTopology } from "../../model/topology/build.ts";
import { prop } from "../../properties/prop.ts";
import { Reachability } from "./reachability.ts";
import { drawnWorlds, EAST, trio, WEST } from "./stage-worlds.ts";
import { Stage } from "./stage.ts";

interface Move {
  readonly kind: number;
  readonly cloudlet: number;
  readonly session: number;
  readonly key: number;
  readonly pick: number;
}

const moves = fc.array(
  fc.record({ kind: fc.nat(10), cloudlet: fc.nat(50), session: fc.nat(1), key: fc.nat(5), pick: fc.nat(1_000) }),
  { minLength: 10, maxLength: 90 },
);

/** Plays drawn moves; before each delivery `delivers` says whether it happens. */
function play(
  stage: Stage,
  drawn: readonly Move[],
  delivers: (cloudlet: number, record: CausalRecord) => boolean,
  afterwards: (cloudlet: number, record: CausalRecord) => void = () => undefined,
): void {
  const { topology } = stage;
  for (const { kind, cloudlet: any, session: drawnSession, key, pick } of drawn) {
    const cloudlet = any % topology.cloudlets.length;
    const session = cloudlet * 2 + drawnSession;
    const name = `s${key % topology.scopes.length}/${key >> 2}`;
    const scope = topology.scopeOf(name);
    if (kind < 3) {
      if (scope === null || topology.streamOf(scope, cloudlet as CloudletId) === null) continue;
      stage.write(cloudlet, session, name, { kind: pick % 4 === 0 ? "delete" : "put", replaceAll: pick % 7 === 0 });
    } else if (kind < 5) {
      stage.read(cloudlet, session, name);
    } else if (kind === 5) {
      const { stands, applied } = stage.booth(cloudlet);
      const version = (stands.get(name) ?? []).find((record) => record.kind === "put");
      if (version === undefined || scope === null) continue;
      if (topology.streamOf(scope, cloudlet as CloudletId) === null) continue;
      const others = [...applied].filter((record) => record.key !== name);
      stage.delete(cloudlet, version, { deps: others.slice(0, pick % 2) });
    } else {
      const open = stage.written.filter(
        (record) =>
          !stage.booth(cloudlet).applied.has(record) && topology.reaches(record.dot.stream, cloudlet as CloudletId),
      );
      const record = open[pick % Math.max(1, open.length)];
      if (record === undefined || !delivers(cloudlet, record)) continue;
      stage.apply(cloudlet, record);
      afterwards(cloudlet, record);
    }
  }
}

prop("reach by search along the flows is the topology's reach", drawnWorlds(), (spec) => {
  const built = buildTopology(spec);
  if (built.kind === "refused") throw new Error("refused");
  const { topology } = built;
  const reach = new Reachability(topology);
  for (const { id } of topology.streams) {
    expect([...reach.membersOf(reach.setOfStream[id] as number)]).toEqual([...topology.receivers(id)]);
    for (const cloudlet of topology.cloudlets)
      expect(reach.reaches(id, cloudlet.id)).toBe(topology.reaches(id, cloudlet.id));
    for (const other of topology.streams) {
      const covers = topology.receivers(other.id).every((cloudlet) => topology.reaches(id, cloudlet));
      expect(reach.covers(reach.setOfStream[id] as number, reach.setOfStream[other.id] as number)).toBe(covers);
    }
  }
});

prop(
  "pasts are exact, and the nearest past stands for the whole",
  fc.tuple(drawnWorlds(), moves),
  ([spec, drawn]) => {
    const stage = new Stage(spec);
    play(stage, drawn, () => true);
    const { truth } = stage.oracles;
    for (const [y, later] of stage.written.entries()) {
      const past = stage.pasts.get(later) as ReadonlySet<CausalRecord>;
      const nearest = truth.nearest.of(y);
      for (const [x, earlier] of stage.written.entries()) {
        expect(truth.isAtOrBefore(x, y)).toBe(x === y || past.has(earlier));
        if (!past.has(earlier)) {
          expect(nearest).not.toContain(x);
          continue;
        }
        const reach = truth.setOf.data[x] as number;
        const represents = (near: number): boolean =>
          truth.isAtOrBefore(x, near) && truth.reach.covers(truth.setOf.data[near] as number, reach);
        expect(nearest.some(represents)).toBe(true);
      }
      // Nothing in the list is superfluous.
      for (const near of nearest) {
        const reach = truth.setOf.data[near] as number;
        const others = nearest.filter((other) => other !== near && truth.isAtOrBefore(near, other));
        expect(others.some((other) => truth.reach.covers(truth.setOf.data[other] as number, reach))).toBe(false);
      }
    }
  },
  { numRuns: 150 },
);

prop(
  "causal delivery is judged as the whole past would judge it, whatever the order",
  fc.tuple(drawnWorlds(), moves),
  ([spec, drawn]) => {
    const stage = new Stage(spec, ["causal-delivery"]);
    const broken = new Set<number>();
    let before = 0;
    play(
      stage,
      drawn,
      (cloudlet, record) => {
        // Until a cloudlet breaks the rule for the first time, each single judgement must agree.
        if (!broken.has(cloudlet) && !stage.isReady(cloudlet, record)) broken.add(cloudlet);
        else if (broken.has(cloudlet)) return false;
        before = stage.verdict("causal-delivery").violations;
        return true;
      },
      (cloudlet) => {
        const isFlagged = stage.verdict("causal-delivery").violations > before;
        expect(isFlagged).toBe(broken.has(cloudlet));
      },
    );
    // What a broken cloudlet writes itself may follow what it has skipped: that counts again.
    expect(stage.verdict("causal-delivery").violations > 0).toBe(broken.size > 0);
  },
  { numRuns: 300 },
);

prop(
  "session order of writes is judged as all earlier writes would judge it",
  fc.tuple(drawnWorlds(), moves),
  ([spec, drawn]) => {
    const stage = new Stage(spec, ["monotonic-writes"]);
    let expected = false;
    play(stage, drawn, (cloudlet, record) => {
      const number = stage.written.indexOf(record);
      const { truth } = stage.oracles;
      for (const [x, earlier] of stage.written.entries()) {
        if (x >= number || truth.sessionOf.data[x] !== truth.sessionOf.data[number]) continue;
        if (!topologyReaches(stage, earlier, cloudlet) || stage.booth(cloudlet).applied.has(earlier)) continue;
        expected = true;
      }
      return true;
    });
    expect(stage.verdict("monotonic-writes").violations > 0).toBe(expected);
  },
  { numRuns: 200 },
);

prop(
  "what stands is what brute force leaves standing, and right stores raise no alarm",
  fc.tuple(drawnWorlds(), moves),
  ([spec, drawn]) => {
    const stage = new Stage(spec);
    play(stage, drawn, (cloudlet, record) => stage.isReady(cloudlet, record));
    stage.finish();
    const { shadow } = stage.oracles.truth;
    for (const [cloudlet, booth] of stage.booths.entries()) {
      for (const key of booth.keys()) {
        const here = [...booth.applied].filter((record) => record.key === key);
        const right = here.filter((record) => !here.some((other) => isReplaced(stage, record, other)));
        const number = stage.oracles.truth.findKey(key);
        const code = shadow.codeOf(cloudlet, number);
        const standing = code >= 0 ? [code] : shadow.siblingsOf(code).standing;
        const records = standing.map((record) => stage.written[record]);
        expect(new Set(records)).toEqual(new Set(right));
      }
    }
    for (const name of [
      "causal-delivery",
      "exact-conflicts",
      "reads-resolve",
      "read-your-writes",
      "monotonic-reads",
      "monotonic-writes",
      "writes-follow-reads",
      "direction",
      "local-wait",
      "durability",
    ] as const) {
      expect({ name, ...stage.verdict(name) }).toMatchObject({ name, violations: 0, evidence: [] });
    }
  },
  { numRuns: 300 },
);

test("what a replica deletes by itself is followed by nobody else's writes, and leaves all but what it names", () => {
  const stage = new Stage(trio);
  const { truth } = stage.oracles;
  const first = stage.write(EAST, 1, "all/a");
  stage.write(EAST, 1, "all/b");
  const beside = stage.write(WEST, 2, "all/a");
  stage.apply(EAST, beside);
  // The sibling is in its past, and stands all the same.
  const deletion = stage.delete(EAST, first, { deps: [beside] });
  const [x, y, z] = [first, beside, deletion].map((record) => truth.numberOf(record.dot)) as [number, number, number];
  expect([...truth.unasked]).toEqual([z]);
  expect([truth.isAtOrBefore(x, z), truth.isAtOrBefore(y, z), truth.isAtOrBefore(1, z)]).toEqual([true, true, false]);
  expect(truth.shadow.visible(EAST, truth.keyOf.data[z] as number)).toEqual([y, z]);
  // Nobody has read it: who wrote before it goes on beside it.
  const next = stage.write(EAST, 1, "all/a");
  expect(truth.isAtOrBefore(z, truth.numberOf(next.dot))).toBe(false);
  // Real time orders it with nothing: a write that was over before it may win over it.
  const put = stage.begin(EAST, 1, "last/a", { wall: 100 });
  const older = stage.write(WEST, 2, "last/a", { wall: 500 });
  stage.delete(EAST, put.end());
  stage.read(EAST, 3, "last/a");
  stage.apply(EAST, older);
  expect(stage.read(EAST, 3, "last/a")).toEqual([older]);
  stage.finish();
  for (const name of ["rtc-arb", "rtc"] as const) expect(stage.verdict(name).evidence).toEqual([]);
});

// A store that was given them in the wrong order still has the put. It does not stand there, and a write is a creation after the
// deletes: the truth knew, and the twin's bookkeeping took the put for standing.
test.each([
  ["a put after its delete", [1, 0]],
  ["a delete of a delete without what is between", [0, 2]],
] as const)("what has come in the wrong order stands where it is right, and nowhere else: %s", (_story, order) => {
  const stage = new Stage(trio);
  const { truth } = stage.oracles;
  const put = stage.write(EAST, 1, "all/a");
  const deletes = [1, 2].map(() => stage.write(EAST, 1, "all/a", { kind: "delete", replaceAll: true }));
  for (const at of order) stage.apply(WEST, [put, ...deletes][at] as CausalRecord);
  const last = stage.written[order[0] === 1 ? 1 : 2] as CausalRecord;
  expect(
    stage
      .booth(WEST)
      .versions("all/a")
      .map(({ kind }) => kind),
  ).toContain("put");
  const created = stage.write(WEST, 2, "all/a");
  const [x, y] = [last, created].map((record) => truth.numberOf(record.dot)) as [number, number];
  expect([truth.isAtOrBefore(x, y), stage.pasts.get(created)?.has(last)]).toEqual([true, true]);
  expect(truth.shadow.visible(WEST, truth.keyOf.data[y] as number)).toEqual([y]);
  stage.finish();
  expect(stage.verdict("causal-delivery").violations).toBeGreaterThan(0);
});

// What a replica writes by itself replaces what it names, everything else what is in its past.
function isReplaced(stage: Stage, record: CausalRecord, by: CausalRecord): boolean {
  const isUnasked = stage.oracles.truth.unasked.has(stage.written.indexOf(by));
  return isUnasked ? by.prev.some((dot) => sameDot(dot, record.dot)) : stage.pasts.get(by)?.has(record) === true;
}

function topologyReaches(stage: Stage, record: CausalRecord, cloudlet: number): boolean {
  return stage.topology.reaches(record.dot.stream, cloudlet as CloudletId);
}
