// The oracles over the real replicas: no alarm in random small worlds that do nothing wrong, whatever breaks, and each of
// the planted rules caught.

import fc from "fast-check";
import { expect } from "vitest";
import type { CloudletId, SessionId } from "../../model/ids.ts";
import { createReplica } from "../../model/replication/replica.ts";
import type { Rules } from "../../model/replication/rules.ts";
import { buildTopology } from "../../model/topology/build.ts";
import type { ResolverName, TopologySpec } from "../../model/topology/spec.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { micros, type Duration, type Instant } from "../../model/units.ts";
import { prop } from "../../properties/prop.ts";
import { createOracles, type OracleSet } from "./oracles.ts";
import { Village } from "./village.ts";

const resolvers: readonly ResolverName[] = ["lww-hlc", "lww-lamport", "return-them-all"];

/** Small trees with scopes of all directions, holes and shortcuts. */
const worlds = fc
  .record({
    uppers: fc.array(fc.nat(100), { minLength: 2, maxLength: 5 }),
    scopes: fc.array(
      fc.record({
        resolver: fc.constantFrom(...resolvers),
        durability: fc.constantFrom("disk" as const, "memory" as const),
        flows: fc.array(fc.record({ lower: fc.nat(100), up: fc.nat(3), way: fc.nat(4) }), {
          minLength: 1,
          maxLength: 6,
        }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ uppers, scopes }): TopologySpec => {
    const upperOf = [-1, ...uppers.map((upper, at) => upper % (at + 1))];
    const name = (at: number): string => `c${at}`;
    const flows: TopologySpec["flows"][number][] = [];
    const taken = new Set<string>();
    for (const [scope, { flows: drawn }] of scopes.entries()) {
      for (const { lower: any, up, way } of drawn) {
        const lower = 1 + (any % uppers.length);
        let upper = upperOf[lower] as number;
        for (let step = 0; step < up && upper > 0 && up > 1; step += 2) upper = upperOf[upper] as number;
        const key = `${scope}:${upper}-${lower}`;
        if (taken.has(key)) continue;
        taken.add(key);
        const direction = way === 0 ? "up" : way === 1 ? "down" : "both";
        flows.push({ scope: `s${scope}`, upper: name(upper), lower: name(lower), direction });
      }
    }
    return {
      cloudlets: upperOf.map((upper, at) => ({ name: name(at), ...(upper >= 0 && { upper: name(upper) }) })),
      scopes: scopes.map(({ resolver, durability }, at) => ({
        name: `s${at}`,
        prefix: `s${at}/`,
        resolver,
        durability,
      })),
      flows,
      links: upperOf.slice(1).map((upper, at) => ({ a: name(upper), b: name(at + 1), forth: { delay: micros(10) } })),
    };
  });

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

const worldsAndMoves = fc.tuple(worlds, moves);

prop(
  "right replicas raise no alarm in worlds that lose nothing",
  worldsAndMoves,
  ([spec, drawn]) => {
    const oracles = play(built(spec), drawn, false);
    for (const [name, verdict] of oracles.verdicts()) {
      if (name === "rtc" || name === "rtc-arb") continue;
      expect({ name, ...verdict }).toMatchObject({ name, violations: 0 });
    }
  },
  { numRuns: 100 },
);
