// The oracles over the real replicas: no alarm in random small worlds that do nothing wrong, whatever breaks, and each of
// the planted rules caught.

import fc from "fast-check";
import { expect, test } from "vitest";
import type { CloudletId, SessionId } from "../../model/ids.ts";
import { createReplica } from "../../model/replication/replica.ts";
import type { Rules } from "../../model/replication/rules.ts";
import { buildTopology } from "../../model/topology/build.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Duration, Instant } from "../../model/units.ts";
import { prop } from "../../properties/prop.ts";
import type { OracleName } from "./names.ts";
import { createOracles, type OracleSet } from "./oracles.ts";
import { drawnWorlds } from "./stage-worlds.ts";
import { Village } from "./village.ts";

function built(spec: TopologySpec): Topology {
  const result = buildTopology(spec);
  if (result.kind === "refused") throw new Error(result.refusals.map((one) => JSON.stringify(one)).join("\n"));
  return result.topology;
}

interface Drawn {
  readonly kind: number;
  readonly at: number;
  readonly session: number;
  readonly key: number;
}

const moves = fc.array(fc.record({ kind: fc.nat(19), at: fc.nat(1_000), session: fc.nat(1), key: fc.nat(3) }), {
  minLength: 20,
  maxLength: 150,
});

/** Plays drawn moves over replicas and lets everything come to rest. */
function play(topology: Topology, drawn: readonly Drawn[], crashes: boolean, plant?: () => Partial<Rules>): OracleSet {
  const oracles = createOracles(topology);
  const village = new Village(topology, oracles.observer, (self) =>
    createReplica({ topology, self, clockBound: 1_000_000 as Duration, ...(plant && { plant }) }),
  );
  const count = topology.cloudlets.length;
  let lives = 0;
  for (const { kind, at, session, key } of drawn) {
    village.now = (village.now + 1 + (at % 7)) as Instant;
    const cloudlet = (at % count) as CloudletId;
    const id = ((lives * count + cloudlet) * 2 + session) as SessionId;
    const name = `s${key % topology.scopes.length}/${key >> 1}`;
    if (kind < 9) {
      if (village.isBusy(id)) continue;
      if (kind < 4)
        village.ask(cloudlet, id, { kind: "put", key: name, value: "v", ...(at % 5 === 0 && { replaceAll: true }) });
      else if (kind < 5) village.ask(cloudlet, id, { kind: "delete", key: name });
      else if (kind < 8) village.ask(cloudlet, id, { kind: "get", key: name });
      else village.ask(cloudlet, id, { kind: "scan", prefix: "s", limit: 1 + (at % 3) });
    } else if (kind < 12) village.sync(cloudlet);
    else if (kind < 18) {
      if (village.letters.length > 0) village.deliver(at % village.letters.length);
    } else if (kind === 18) village.skew[cloudlet] = (at % 100) - 50;
    else if (crashes) {
      village.crash(cloudlet);
      village.start(cloudlet, at % 3 === 0);
      lives += 1;
    }
  }
  oracles.observer.healed(village.now, (village.now + 1_000_000) as Instant);
  village.settle();
  // Lost answers and batches are sent again by timers, which the village has not; a new greeting does the same.
  for (let cloudlet = 0; cloudlet < count; cloudlet += 1) {
    village.crash(cloudlet as CloudletId);
    village.start(cloudlet as CloudletId);
    village.settle();
  }
  oracles.observer.finished(village.now);
  return oracles;
}

/** Real time is for skewed clocks to break; all else must hold whatever the clocks say. */
const skewable: readonly OracleName[] = ["rtc", "rtc-arb"];

function expectNoAlarm(oracles: OracleSet): void {
  const alarms = oracles.verdicts().filter(([name, { violations }]) => violations > 0 && !skewable.includes(name));
  expect(alarms).toEqual([]);
  expect(oracles.pending()).toEqual([]);
}

const worlds = drawnWorlds({ durabilities: ["disk", "disk", "memory"] });

prop(
  "right replicas raise no alarm in worlds that lose nothing",
  fc.tuple(worlds, moves),
  ([spec, drawn]) => {
    const oracles = play(built(spec), drawn, false);
    expectNoAlarm(oracles);
    expect(oracles.converged()).toBe(true);
  },
  { numRuns: 300 },
);

prop(
  "right replicas raise no alarm where processes crash and disks are lost",
  fc.tuple(worlds, moves),
  ([spec, drawn]) => {
    expectNoAlarm(play(built(spec), drawn, true));
  },
  { numRuns: 300 },
);

// Plants that some of these worlds meet, always the same worlds; the whole matrix is elsewhere.
const planted: readonly (readonly [string, OracleName, Partial<Rules>])[] = [
  ["applying on arrival", "causal-delivery", { awaits: () => false }],
  ["a write that replaces nothing", "exact-conflicts", { replaces: () => [] }],
  ["answers with no versions", "reads-resolve", { chooses: () => [] }],
  ["answers before the disk", "local-wait", { repliesWhen: () => "requested" }],
  ["sending everything to everybody", "direction", { forwards: () => true }],
  ["never relaying", "convergence", { forwards: (carried, local) => carried && local }],
];

test.each(planted)("%s is caught by %s", (_what, name, rules) => {
  const drawn = fc.sample(fc.tuple(drawnWorlds(), moves), { numRuns: 300, seed: 1 });
  const caught = drawn.some(([spec, steps]) => {
    const verdicts = new Map(play(built(spec), steps, false, () => rules).verdicts());
    return (verdicts.get(name)?.violations ?? 0) > 0;
  });
  expect(caught).toBe(true);
});
