// Draws scenarios with operations: people at several layers who ask for this and that, some of it after something else, some of it
// not theirs to ask for; queues that are short, custody of either kind, planes that are not there, stand still or fail; and
// processes that crash, links that are cut, disks that are slow. A world of its own beside generate.ts: there is data enough
// and too little time for what is queued to come to an end.
//
// By themselves they are small and last half a minute, for planted bugs. Sweeps give a tree and a shorter time (generate-control.ts).

import { bytes, instant, micros, millis, seconds, type Duration } from "../../model/units.ts";
import { pick, shuffled, type Rng } from "../../model/random.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import type { CapPolicy } from "../../model/control/queue.ts";
import type { PlaneName } from "../../model/control/catalogue.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { OperationIssuer, OperationsSetting } from "../scenario/operations.ts";
import { plainScenario } from "../scenario/plain.ts";
import type { ClientGroup, Fault, Scenario } from "../scenario/scenario.ts";
import { belowOrAt } from "./generate-detachments.ts";
import { sweepExpectations } from "./generate.ts";
import type { NamedTree } from "./named-tree.ts";

const HALF = 500_000;
const DURATION = seconds(30);
/** Longer than a target waits for the word of a plane that a former life of it has told. */
const SETTLE = seconds(180);

const dataKinds = ["vm.create", "vm.update", "vm.delete", "vm.start", "vm.stop", "user.create", "image.read"];
const managementKinds = ["host.hotfix", "nodes.scaleUp", "nodes.scaleDown", "metrics.collect"];

/** Where and how long people ask. */
export interface Ground extends NamedTree {
  /** Of the load; what takes or waits long is so long against it. */
  readonly duration: Duration;
  /** Of each person with data, beside those who ask for operations. */
  readonly requests: number;
  /** Operations that issuers of one name ask for, about, all together; null: as many as there is time for. */
  readonly asks: number | null;
}

/** Draws a scenario from a seed; its tree, too, where none is given. */
export function generateOperations(seed: string, given: Ground | null = null): Scenario {
  const rng = new RngRoot(`${seed}/operations`).stream;
  const ground = given ?? drawGround(rng);
  const { duration } = ground;
  return plainScenario({
    name: `operations-${seed}`,
    shows: ["N4"],
    seed,
    topology: topologyOf(ground, rng.fork("topology")),
    diskSync: { kind: "constant", value: pick(rng.fork("disks"), [micros(200), millis(5), millis(300)]) },
    clients: [clerks(ground)],
    operations: drawSetting(ground, rng.fork("setting")),
    faults: [...drawCuts(ground, rng.fork("cuts")), ...drawCrashes(ground, rng.fork("crashes"))],
    duration,
    settle: SETTLE,
    expectations: sweepExpectations(true, true),
  });
}

function drawGround(rng: Rng): Ground {
  const names = ["top", "one", "two", "three", "four", "five"].slice(0, 3 + rng.fork("size").intInclusive(3));
  const uppers = drawUppers(names, rng.fork("tree"));
  return { names, uppers, delays: new Map(), duration: DURATION, requests: 4, asks: null };
}

/** Times are drawn as for a load of half a minute. */
function scaled(micros: number, { duration }: Pick<Ground, "duration">): number {
  return Math.floor((micros * duration) / DURATION);
}

function drawUppers(names: readonly string[], rng: Rng): ReadonlyMap<string, string> {
  return new Map(names.slice(1).map((name, at) => [name, pick(rng, names.slice(0, at + 1))]));
}

function topologyOf({ names, uppers, delays }: Ground, rng: Rng): TopologySpec {
  const edges = names.slice(1).map((lower) => ({ lower, upper: uppers.get(lower) ?? "" }));
  const loss = rng.chance(HALF) ? 20_000 : 0;
  return {
    cloudlets: names.map((name) => ({ name, ...(uppers.has(name) && { upper: uppers.get(name) ?? "" }) })),
    scopes: [{ name: "data", prefix: "data/", resolver: "lww-hlc" }],
    flows: edges.map(({ upper, lower }) => ({ scope: "data", upper, lower, direction: "both" })),
    links: edges.map(({ upper, lower }) => ({
      a: upper,
      b: lower,
      forth: { delay: micros(delays.get(lower) ?? 1_000 + rng.intInclusive(60_000)), loss },
    })),
  };
}

// Where they have more to do, they do it early.
function thinks({ duration, requests, asks }: Ground): Duration {
  return micros(Math.floor(asks === null ? (duration * 8) / (15 * requests) : duration / (4 * requests)));
}

// A little data beside the operations: one set of oracles judges both.
function clerks(ground: Ground): ClientGroup {
  const { names, requests } = ground;
  return {
    name: "clerks",
    at: names,
    sessions: 1,
    loop: {
      kind: "closed",
      think: { kind: "exponential", mean: thinks(ground) },
    },
    operations: requests,
    starts: instant(0),
    mix: [
      {
        kind: "put",
        weight: 1,
        keys: { prefix: "data/", count: 4, popularity: { kind: "uniform" } },
        valueSize: bytes(8),
      },
      { kind: "get", weight: 1, keys: { prefix: "data/", count: 4, popularity: { kind: "uniform" } } },
    ],
  };
}

/** Draws who asks for what, and what queues and planes are like. */
export function drawSetting(ground: Ground, rng: Rng): OperationsSetting {
  const { names, duration } = ground;
  const isShort = rng.chance(HALF);
  const issuers = drawIssuers(ground, rng.fork("issuers"));
  const planes = rng.fork("planes");
  const missing = names.slice(1).flatMap((cloudlet) => {
    const plane = drawPlane(planes);
    return planes.chance(HALF / 4) ? [{ cloudlet, plane }] : [];
  });
  const isMissing = (name: string, plane: PlaneName): boolean =>
    missing.some((one) => one.cloudlet === name && one.plane === plane);
  const outages = names.flatMap((cloudlet) => {
    const plane = drawPlane(planes);
    const from = instant(planes.intInclusive(duration - 1));
    const until = planes.chance(HALF) ? instant(from + 1 + planes.intInclusive(scaled(15_000_000, ground))) : null;
    return planes.chance(HALF / 3) && !isMissing(cloudlet, plane) ? [{ cloudlet, plane, from, until }] : [];
  });
  const failures = names.flatMap((cloudlet) => {
    const plane = drawPlane(planes);
    return planes.chance(HALF / 2) && !isMissing(cloudlet, plane) ? [{ cloudlet, plane, share: 200_000 }] : [];
  });
  return {
    issuers,
    custody: pick(rng, ["shared", "distributed"]),
    caps: { records: isShort ? 2 + rng.intInclusive(4) : 1_000, bytes: bytes(isShort ? 2_000 : 1_000_000) },
    policy: pick(rng, ["refuse", "expire-oldest", "expire-lowest"] satisfies CapPolicy[]),
    takes: { kind: "exponential", mean: pick(rng, [millis(50), millis(500), seconds(2)]) },
    missing,
    outages,
    failures,
  };
}

function drawPlane(rng: Rng): PlaneName {
  return pick(rng, ["control", "management"]);
}

function drawIssuers(ground: Ground, rng: Rng): readonly OperationIssuer[] {
  const { names, uppers } = ground;
  const above = names.filter((name) => belowOrAt(name, names, uppers).length > 1);
  const one = (name: string, at: readonly string[], given: Partial<OperationIssuer>): OperationIssuer => ({
    name,
    at,
    targets: null,
    kinds: dataKinds,
    interval: { kind: "exponential", mean: pick(rng, [millis(500), seconds(1), seconds(3)]) },
    objects: 1 + rng.intInclusive(3),
    actor: "owner",
    priorities: rng.chance(HALF) ? [0] : [0, 5, 9],
    payload: bytes(rng.chance(HALF) ? 0 : rng.intInclusive(400)),
    expiry: rng.chance(HALF) ? null : micros(scaled(1_000_000 + rng.intInclusive(8_000_000), ground)),
    count: ground.asks === null ? null : Math.ceil(ground.asks / at.length),
    after: rng.chance(HALF) ? null : { issuer: name, share: 400_000 },
    takesBack: rng.chance(HALF) ? null : { share: 200_000, after: micros(scaled(rng.intInclusive(5_000_000), ground)) },
    intrudes: false,
    ...given,
  });
  const top = names[0] as string;
  const [leaf] = names.slice(-1) as [string];
  const some = pick(rng, above);
  const issuers = [
    one("owner", [top], {}),
    one("keeper", above, { kinds: managementKinds, actor: "operator" }),
    one("local", [leaf], { targets: [leaf], actor: "tenant" }),
    one("clerk", [some], { kinds: ["vm.update", "vm.read"], after: { issuer: "clerk", share: 900_000 }, objects: 1 }),
    one("stranger", [pick(rng, names)], { kinds: managementKinds, actor: "tenant", targets: names, intrudes: true }),
  ];
  return issuers.filter(({ name }) => name === "owner" || rng.chance(HALF));
}

function drawCuts(ground: Ground, rng: Rng): readonly Fault[] {
  const { names, uppers, duration } = ground;
  return names.slice(1).flatMap((lower): Fault[] => {
    const from = instant(rng.intInclusive(duration / 2));
    const isOpen = rng.chance(HALF / 4);
    const until = isOpen ? null : instant(from + scaled(1_000_000 + rng.intInclusive(12_000_000), ground));
    if (!rng.chance(HALF)) return [];
    return [{ kind: "linkDown", a: uppers.get(lower) ?? "", b: lower, direction: "both", from, until }];
  });
}

function drawCrashes(ground: Ground, rng: Rng): readonly Fault[] {
  const { names, duration } = ground;
  return shuffled(rng, names)
    .slice(0, rng.intInclusive(3))
    .map((cloudlet): Fault => ({
      kind: "crash",
      cloudlet,
      at: instant(1_000_000 + rng.intInclusive(duration - 2_000_000)),
      after: micros(10_000 + scaled(rng.intInclusive(3_000_000), ground)),
      disk: rng.chance(HALF) ? "keep" : "torn",
    }));
}
