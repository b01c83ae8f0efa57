// The replication core in small random worlds, judged by brute force; and each simple rule that is known to break, planted
// into the same worlds, where it must be caught. Rules and how often each breaks: Lloyd et al. (SOSP'11) for nearest
// dependencies, docs/model.md for the rest.

import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { Cluster } from "../model/testing/cluster.ts";
import { parseCommand } from "../model/testing/transcript.ts";
import type { FlowDirection, TopologySpec } from "../model/topology/spec.ts";
import { plantNamed } from "../sim/plants/plants.ts";
import { type DrawnWorld, runWorld, specOf } from "./drawn-world.ts";
import { prop } from "./prop.ts";
import type { SmallWorldResult } from "./small-world-options.ts";

const worldCount = 600;

const worlds: fc.Arbitrary<DrawnWorld> = fc.record({
  seed: fc.noBias(fc.nat()),
  cloudletsMax: fc.noBias(fc.integer({ min: 3, max: 8 })),
  operations: fc.noBias(fc.integer({ min: 10, max: 100 })),
  flows: fc.constantFrom("asDrawn" as const, "asDrawn" as const, "oneWay" as const),
  loss: fc.constantFrom(0, 100_000),
  duplication: fc.constantFrom(0, 50_000),
  crashes: fc.constantFrom(true, true, false),
  diskLoss: fc.boolean(),
  cuts: fc.boolean(),
  skewMax: fc.constantFrom(0, 0, 1_000_000),
  hasSlowWays: fc.boolean(),
  retain: fc.constantFrom(null, 0, 1, 4, 16),
  checkpoints: fc.boolean(),
  moves: fc.constantFrom(true, true, true, false),
  causality: fc.constantFrom("session" as const, "cloudlet" as const),
  collects: fc.boolean(),
  detaches: fc.constant(false),
  limits: fc.boolean(),
  plans: fc.constant(1),
  planStyle: fc.constant("faithful" as const),
  versions: fc.constantFrom("one" as const, "mixed" as const),
});

/** The world that a plant is looked for in: everything that may go wrong does. */
function hardWorld(seed: number): DrawnWorld {
  return {
    seed,
    cloudletsMax: 8,
    operations: 80,
    flows: seed % 4 === 3 ? "oneWay" : "asDrawn",
    loss: 100_000,
    duplication: 50_000,
    crashes: seed % 3 === 0,
    diskLoss: seed % 6 === 0,
    cuts: seed % 4 < 2,
    skewMax: seed % 2 === 0 ? 1_000_000 : 0,
    hasSlowWays: seed % 2 === 1,
    retain: null,
    checkpoints: false,
    moves: true,
    causality: "session",
    collects: false,
    detaches: false,
    limits: false,
    plans: 1,
    planStyle: "faithful",
    versions: "one",
  };
}

// What makes a world worth judging, counted over all that were judged.
const census = {
  worlds: 0,
  conflicts: 0,
  waiting: 0,
  manyDependencies: 0,
  mixedDirections: 0,
  holes: 0,
  shortcuts: 0,
  oneWayOnly: 0,
  sealed: 0,
  upgrades: 0,
  moved: 0,
  brought: 0,
  followed: 0,
  collections: 0,
  ended: 0,
  raced: 0,
  installed: 0,
  compacted: 0,
};
// Rarer: answers behind, reads older than a past that was given up, and clients that end up elsewhere than their bundle was packed for.
let regressedCount = 0;
let refusedCount = 0;
let behindWorlds = 0;
let restoredCount = 0;
/** One of some thousand worlds with lost disks and sessions that move: many more would tell of something else. */
const LEFT_STANDING_MAX = 1;
let leftStanding = 0;

function takeCensus(spec: TopologySpec, result: SmallWorldResult): void {
  const uppers = new Map(spec.cloudlets.map(({ name, upper }) => [name, upper]));
  const directionsOf = (scope: string): Set<FlowDirection> =>
    new Set(spec.flows.filter((flow) => flow.scope === scope).map(({ direction }) => direction));
  const holders = (scope: string): number =>
    new Set(spec.flows.filter((flow) => flow.scope === scope).flatMap(({ upper, lower }) => [upper, lower])).size;
  census.worlds += 1;
  if (result.collections > 0) census.collections += 1;
  if (result.ended > 0) census.ended += 1;
  if (result.raced > 0) census.raced += 1;
  if (result.conflicts > 0) census.conflicts += 1;
  if (result.waited > 0) census.waiting += 1;
  if (result.sealed > 0) census.sealed += 1;
  if (result.upgrades > 0) census.upgrades += 1;
  if (result.dependenciesMax > 4) census.manyDependencies += 1;
  if (spec.scopes.some(({ name }) => directionsOf(name).size > 1)) census.mixedDirections += 1;
  if (spec.scopes.some(({ name }) => holders(name) < spec.cloudlets.length)) census.holes += 1;
  if (spec.flows.some(({ upper, lower }) => uppers.get(lower) !== upper)) census.shortcuts += 1;
  if (result.moved > 0) census.moved += 1;
  if (result.brought > 0) census.brought += 1;
  if (result.followed > 0) census.followed += 1;
  if (result.installed > 0) census.installed += 1;
  if (result.compacted > 0) census.compacted += 1;
  if (result.behind > 0) behindWorlds += 1;
  regressedCount += result.regressed;
  refusedCount += result.refused;
  restoredCount += result.restored;
  if (result.leftStanding > 0) leftStanding += 1;
  if (spec.flows.every(({ direction }) => direction !== "both")) census.oneWayOnly += 1;
}

prop(
  "a small world applies in causal order, keeps exactly the maximal versions, answers from the disk, and gets everything everywhere",
  worlds,
  (world) => {
    const result = runWorld(world);
    expect(result.violations).toEqual([]);
    expect(result.stuck).toEqual([]);
    // Where a disk was lost, or a delete cannot be read, a member may have nothing to say.
    if (world.versions === "one" && !(world.diskLoss && world.crashes)) expect(result.left).toEqual([]);
    takeCensus(specOf(world), result);
  },
  { numRuns: worldCount, timeout: 180_000 },
);

afterAll(() => {
  // Unfinished when the property failed or was left out; then there is nothing to judge.
  if (census.worlds < worldCount) return;
  const { worlds: judged, ...cases } = census;
  for (const [name, count] of Object.entries(cases)) {
    // A seed may meet the rarest in no more than a tenth of its worlds.
    expect(count, `worlds with ${name}, of ${judged}`).toBeGreaterThan(worldCount / 20);
  }
  expect(regressedCount, "reads of sessions that had given up their past").toBeGreaterThan(0);
  expect(behindWorlds, "worlds with answers behind").toBeGreaterThan(worldCount / 100);
  expect(refusedCount, "bundles refused").toBeGreaterThan(0);
  expect(restoredCount, "disks replaced by backups").toBeGreaterThan(worldCount / 20);
  expect(leftStanding, "worlds with versions left standing").toBeLessThanOrEqual(LEFT_STANDING_MAX);
});

// 1. b has lost its disk, and with it what leads from a write of a session that had moved down to an older version.
// 2. Others hold that, and drop the older version; b leaves both standing, as is declared. Nobody else may.
test("who lost its disk may leave a version standing that others drop: world 1264529276", () => {
  const world: DrawnWorld = {
    ...hardWorld(1264529276),
    cloudletsMax: 3,
    operations: 35,
    flows: "asDrawn",
    crashes: true,
    diskLoss: true,
    cuts: false,
    skewMax: 0,
    hasSlowWays: false,
    causality: "cloudlet",
    collects: true,
  };
  expect(runWorld(world)).toMatchObject({ violations: [], leftStanding: 1 });
});

/** A simple rule, what it breaks, and in how many worlds at most that shows. */
interface Simple {
  readonly plant: string;
  readonly symptom:
    | "causal"
    | "conflicts"
    | "read"
    | "durability"
    | "direction"
    | "stamps"
    | "collection"
    | "limits"
    | "left"
    | "stuck"
    | "behind";
  readonly within: number;
  /** Only worlds whose flows all lead one way. */
  readonly oneWay?: true;
  readonly ordered?: true;
  /** Only worlds where some puts are not to last. */
  readonly limits?: true;
  /** Only worlds whose scopes collect deletes. */
  readonly collects?: true;
  /** Only worlds with logs of this length, where no disk is lost. */
  readonly retain?: number;
}

// `within` is about fifteen times what one expects to need, so that a chance miss is rarer than one in a million.
const simpleRules: readonly Simple[] = [
  { plant: "apply-on-arrival", symptom: "causal", within: 40 },
  { plant: "nearest-as-cops", symptom: "causal", within: 400 },
  { plant: "waits-for-unreachable", symptom: "stuck", within: 40 },
  { plant: "waits-for-unreachable", symptom: "stuck", within: 60, oneWay: true },
  { plant: "replaced-not-awaited", symptom: "causal", within: 60 },
  { plant: "forgets-own-writes", symptom: "causal", within: 60 },
  { plant: "forgets-reads", symptom: "causal", within: 60 },
  { plant: "store-drops-loser", symptom: "conflicts", within: 40 },
  { plant: "replaces-nothing", symptom: "conflicts", within: 40 },
  { plant: "resolver-picks-first", symptom: "read", within: 40 },
  { plant: "stamps-clamped", symptom: "stamps", within: 200 },
  { plant: "answers-before-stored", symptom: "durability", within: 40 },
  { plant: "sessions-alone", symptom: "causal", within: 60, ordered: true },
  { plant: "never-resends", symptom: "stuck", within: 60 },
  { plant: "trusts-old-positions", symptom: "stuck", within: 200 },
  { plant: "relays-nothing", symptom: "stuck", within: 40 },
  { plant: "forwards-everything", symptom: "direction", within: 60 },
  { plant: "collects-while-pending", symptom: "collection", within: 600, collects: true },
  { plant: "collects-beside-siblings", symptom: "collection", within: 200, collects: true },
  { plant: "asks-neighbours-only", symptom: "collection", within: 200, collects: true },
  { plant: "forgets-the-silent", symptom: "collection", within: 200, collects: true },
  { plant: "cuts-tell-no-deletes", symptom: "left", within: 2_500, collects: true, retain: 1 },
  { plant: "creation-stays-concurrent", symptom: "conflicts", within: 200, collects: true },
  { plant: "ends-early", symptom: "limits", within: 100, limits: true },
  { plant: "ends-what-replaced-it", symptom: "limits", within: 60, limits: true },
  { plant: "ends-as-of-now", symptom: "limits", within: 60, limits: true },
  { plant: "forgets-limits", symptom: "limits", within: 100, limits: true },
  { plant: "moves-without-past", symptom: "behind", within: 100 },
  { plant: "moves-without-past", symptom: "causal", within: 300 },
  { plant: "moves-with-local-past", symptom: "causal", within: 300 },
  { plant: "bundle-of-nearest", symptom: "causal", within: 300 },
  { plant: "visible-while-behind", symptom: "causal", within: 100 },
  { plant: "behind-not-said", symptom: "behind", within: 100 },
];

function shows(result: SmallWorldResult, symptom: Simple["symptom"]): boolean {
  if (symptom === "stuck") return result.stuck.length > 0;
  if (symptom === "left") return result.left.length > 0;
  return result.violations.some((sentence) => sentence.startsWith(`${symptom}:`));
}

test.each(simpleRules)(
  "$plant shows as $symptom within $within worlds",
  ({ plant, symptom, within, oneWay, ordered, limits, collects, retain }) => {
    const found = plantNamed(plant);
    if (found === null) throw new Error(`no plant is called ${plant}`);
    const first = (fc.readConfigureGlobal().seed ?? 1) >>> 0;
    for (let index = 0; index < within; index += 1) {
      const world: DrawnWorld = {
        ...hardWorld(first + index),
        ...(oneWay === true && { flows: "oneWay" }),
        ...(ordered === true && { causality: "cloudlet" }),
        ...(limits === true && { limits }),
        ...(collects === true && { collects }),
        ...(retain !== undefined && { retain, moves: false, diskLoss: false }),
      };
      if (shows(runWorld(world, found.rules), symptom)) return;
    }
    expect.fail(`${plant} was not caught`);
  },
);

// One session replaces a version that it has never read, written by another session after a record of a third scope.
// What it writes next reaches a cloudlet that the replaced version does not reach, but that record does, more slowly.
function replacesUnread(cluster: Cluster): readonly string[] {
  const command = (line: string, input: readonly string[] = []): string => cluster.handle(parseCommand(line, input));
  command("topology", [
    "cloudlet root",
    "cloudlet middle upper=root",
    "cloudlet leaf upper=middle",
    "scope far",
    "scope near",
    "scope quick",
    "flow far root-middle down",
    "flow far middle-leaf down",
    "flow near root-middle down",
    "flow quick root-leaf down",
  ]);
  for (const line of [
    "heal",
    "stabilize",
    "request root s1 put far/x 1",
    "stored root",
    "request root s1 put near/y 1",
    "stored root",
    "request root s2 put near/y 2",
    "stored root",
    "request root s2 put quick/z 2",
    "stored root",
    "deliver root->leaf",
    "stored leaf",
  ]) {
    expect(command(line)).not.toContain("mistake");
  }
  return command("versions quick/z").split("\n");
}

test("a write that replaces an unread version inherits what that version depends on", () => {
  expect(replacesUnread(new Cluster())).toContain("leaf: nothing");
});

test("without the dependencies of what it replaces, a write overtakes its past", () => {
  const planted = new Cluster(() => ({ inheritsFromReplaced: () => false }));
  expect(replacesUnread(planted)).toContain("leaf: 2 (root.1/quick#1)");
});

// A member writes a key anew as soon as it has dropped the delete there, and the new value overtakes its last word.
function createsEarly(cluster: Cluster): readonly string[] {
  const command = (line: string, input: readonly string[] = []): string => cluster.handle(parseCommand(line, input));
  command("topology", [
    "cloudlet a",
    "cloudlet b upper=a",
    "scope users resolver=return-them-all collect=10",
    "flow users a-b both",
  ]);
  for (const line of ["heal", "stabilize", "request a s1 delete users/y", "stabilize"]) command(line);
  for (let round = 0; round < 2 && !command("versions users/y").includes("a: nothing"); round += 1) {
    for (const line of ["stabilize", "tick 13s", "stored a", "stored b", "deliver b->a", "stored a"]) command(line);
  }
  for (const line of ["request a s2 put users/y 2", "stored a", "deliver a->b 3", "stored b"]) command(line);
  for (const line of ["stabilize", "tick 60s", "stabilize", "tick 60s", "stabilize"]) command(line);
  return command("versions users/y").split("\n");
}

test("a value written where the delete is gone stands alone in the end", () => {
  expect(createsEarly(new Cluster())).toEqual(["a: 2 (a.1/users#4)", "b: 2 (a.1/users#4)"]);
});

test("after one round only, it stands beside the delete for good where that is not gone yet", () => {
  const plant = plantNamed("collects-after-one-round");
  if (plant === null) throw new Error("no such plant");
  expect(createsEarly(new Cluster(plant.rules))).toEqual([
    "a: 2 (a.1/users#3)",
    "b: deleted (a.1/users#1), 2 (a.1/users#3)",
  ]);
});
