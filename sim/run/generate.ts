// Draws whole scenarios for sweeps: a random tree, clients on every cloudlet, skewed clocks, slow disks and faults. Swarm
// testing (Groce et al., ISSTA 2012): each scenario switches whole kinds of trouble off, since some failures show only
// when others do not get in their way.
//
// Every scenario keeps three promises, so that a sweep proves something: at least 50 requests, at least one partition
// that heals, and a conflict: two writes of one key on both sides of that partition. Leaves out running it.

import { wireVersion } from "../../model/replication/wire.ts";
import { assert } from "../../model/assert.ts";
import { pick, shuffled, type Rng } from "../../model/random.ts";
import { isDeltaResolver, type ResolverName } from "../../model/topology/resolvers.ts";
import type { LinkDirectionSpec, ScopeSpec, TopologySpec } from "../../model/topology/spec.ts";
import { bytes, instant, micros, millis, seconds, type Instant } from "../../model/units.ts";
import { generateTree, type FamilyName, type TreeOptions } from "../../workloads/topologies/index.ts";
import { drawTravellers } from "./generate-travel.ts";
import { drawDiskFaults, CRASH_FROM, CRASH_UNTIL } from "./generate-disks.ts";
import { withLimits } from "./generate-limits.ts";
import { drawChanges } from "./generate-plans.ts";
import { RngRoot } from "../kernel/rng.ts";
import { oracleTable, type OracleName, usuallyExpected } from "../oracles/names.ts";
import type {
  ClientAction,
  ClientGroup,
  ClockSetting,
  CpuSetting,
  DurationSpec,
  Expectations,
  Fault,
  KeyChoice,
  LogSetting,
  Scenario,
  ScriptStep,
} from "../scenario/scenario.ts";

/** What a sweep may want to hold fixed. */
export interface GenerateOptions {
  readonly tree?: TreeOptions;
  /** Client requests to aim at, at least 60; default: drawn from 60 to 200. */
  readonly operations?: number;
  /**
   * True: clocks are right and no scope is ordered by Lamport stamps or layers, so that real-time order must hold too (N3). Default
   * false: it is not expected.
   */
  readonly perfectClocks?: boolean;
  /** True: deletes are collected for certain, which leaves no room for re-parenting. Default: in a quarter of scenarios. */
  readonly collects?: boolean;
}

/** A drawn scenario, and how its topology is counted. */
export interface GeneratedScenario {
  readonly scenario: Scenario;
  readonly shape: FamilyName;
  /** Equal for topologies that differ in nothing that matters. */
  readonly fingerprint: string;
  /** Kinds of trouble that are switched on. */
  readonly troubles: readonly Trouble[];
}

/** Kinds of trouble that a drawn scenario may have, beside the partition that all have. */
export const troubleTable = [
  "duplication",
  "reordering",
  "narrow-links",
  "one-way-cuts",
  "isolation",
  "crashes",
  "torn-tails",
  "lying-disks",
  "bit-rot",
  "old-backups",
  "cloned-disks",
  "lost-disks",
  "slow-disks",
  "slow-processors",
  "clock-skew",
  "clock-steps",
  "far-clocks",
  "corruption",
  "mixed-versions",
  "short-logs",
  "re-parents",
  "collection",
  "moving-sessions",
  "time-limits",
] as const;

/** One kind of trouble. */
export type Trouble = (typeof troubleTable)[number];

// Disks that lose or exchange what they had.
const diskTroubles = new Set<Trouble>([
  "torn-tails",
  "lying-disks",
  "bit-rot",
  "old-backups",
  "cloned-disks",
  "lost-disks",
]);
// Disks that are exchanged for a backup, which cannot tell which checkpoint was before it.
const exchangesDisks = new Set<Trouble>(["old-backups", "cloned-disks"]);
// What sessions that move are not combined with yet (docs/model.md).
const notWithMoves = new Set<Trouble>(["short-logs", "re-parents", "collection"]);
const clockTroubles = new Set<Trouble>(["clock-skew", "clock-steps", "far-clocks"]);

const HALF = 500_000;
const QUARTER = 250_000;
/** Of kinds that are not on in half of the runs. */
const chances: ReadonlyMap<Trouble, number> = new Map([
  // Messages go through their bytes then, which makes a run slower.
  ["corruption", QUARTER],
  ["mixed-versions", QUARTER],
  // Replicas write to each other of their deletes.
  ["collection", QUARTER],
  ["time-limits", QUARTER],
  // What it is not combined with leaves few runs for it.
  ["moving-sessions", 750_000],
]);
const DURATION = seconds(6);
// The partition, and in it the two writes that must not know of each other. Processes crash after it.
const SPLIT_FROM = millis(800);
const CLASH_AT = millis(1_000);
const SPLIT_UNTIL_MIN = millis(1_500);
const SPLIT_UNTIL_MAX = millis(2_500);
/** Less than any disk takes. */
const LAST_WORDS_BEFORE = 50;
const THINK_TOTAL = millis(4_500);
/** A long chain of slow links with losses needs some rounds of greetings and resends. */
const SETTLE = seconds(120);
const CLOCK_BOUND = millis(500);

/** Draws a scenario from a seed; it runs under the same seed. */
export function generateScenario(seed: string, options: GenerateOptions = {}): GeneratedScenario {
  // A root of its own: the run's streams are named under the seed alone.
  const rng = new RngRoot(`${seed}/generate`).stream;
  const drawn = generateTree(rng.fork("tree"), options.tree);
  const { perfectClocks = false, collects = false } = options;
  const drawnTroubles = troubleTable.filter(
    (kind) =>
      (collects && kind === "collection") ||
      (rng.fork(`trouble/${kind}`).chance(chances.get(kind) ?? HALF) &&
        !(perfectClocks && clockTroubles.has(kind)) &&
        !(collects && kind === "re-parents")),
  );
  // Several plans ask for whole logs.
  const isShort = drawnTroubles.includes("short-logs") && !drawnTroubles.includes("re-parents");
  // The order of a cloudlet says more than that of its sessions only where it has several (`sessions`).
  const causality = rng.fork("causality").chance(QUARTER) ? "cloudlet" : "session";
  // What a disk takes along may keep a snapshot waiting for good: mostly, short logs are looked at without that.
  const isCareful = isShort && !rng.fork("short logs").chance(QUARTER);
  const fitting = drawnTroubles.filter((kind) =>
    kind === "short-logs" ? isShort : !(isCareful && diskTroubles.has(kind)),
  );
  const isStaying = causality === "cloudlet" || drawnTroubles.some((kind) => notWithMoves.has(kind));
  const troubles = fitting.filter(
    (kind) => !(kind === "collection" && fitting.includes("re-parents")) && !(kind === "moving-sessions" && isStaying),
  );
  const has = new Set<Trouble>(troubles);
  const troubled = troubleLinks(drawn.spec, has, rng.fork("links"));
  const changed = drawChanges(perfectClocks ? inRealTime(troubled) : troubled, has, rng.fork("plans"));
  const { plans } = changed;
  const topology = has.has("collection") ? withCollection(changed.topology, rng.fork("collection")) : changed.topology;
  const operations = options.operations ?? 60 + rng.fork("operations").intInclusive(140);
  assert(operations >= 60, "too few requests to keep the promise of 50");
  const { split, script } = drawSplit(topology, rng.fork("split"));
  const sessions = causality === "cloudlet" ? 2 : 1;
  const limited = (groups: readonly ClientGroup[]): readonly ClientGroup[] =>
    has.has("time-limits") ? withLimits(groups, rng.fork("limits")) : groups;
  const forgetful = has.has("lost-disks") ? drawForgetful(topology, script, rng.fork("forgetful")) : [];
  const faults = [split, ...drawFaults(topology, has, forgetful, rng.fork("faults"))];
  const scenario: Scenario = {
    name: `generated-${seed}`,
    shows: ["D11", "D20", "D25", "G2"],
    seed,
    protocol: "causeway",
    causality,
    resolvers: [],
    topology,
    ...(plans.length > 0 && { plans }),
    clients: limited([
      ...drawClients(topology, operations, sessions, new Set(forgetful), rng.fork("clients")),
      ...drawTravellers(topology, has, { spared: forgetful, duration: DURATION, drawMix }, rng.fork("travellers")),
    ]),
    script: [...script, ...lastWords(topology, faults)],
    clocks: has.has("clock-skew") || has.has("far-clocks") ? drawClocks(topology, has, rng.fork("clocks")) : [],
    diskSync: has.has("slow-disks")
      ? { kind: "uniform", min: millis(1), max: millis(30) }
      : { kind: "constant", value: micros(200) },
    disks: [],
    cpus: has.has("slow-processors") ? drawCpus(topology, rng.fork("cpus")) : [],
    wire: {
      encodes: has.has("corruption") || has.has("mixed-versions"),
      versions: has.has("mixed-versions") ? drawVersions(topology, rng.fork("versions")) : [],
    },
    logs: has.has("short-logs") ? drawLogs(has, rng.fork("logs")) : { retain: null, checkpoint: null },
    faults,
    clockBound: CLOCK_BOUND,
    duration: DURATION,
    settle: SETTLE,
    expectations: sweepExpectations(perfectClocks),
  };
  return { scenario, shape: drawn.shape, fingerprint: drawn.fingerprint, troubles };
}

/** The scenario alone. */
export function generatedScenario(seed: string, options: GenerateOptions = {}): Scenario {
  return generateScenario(seed, options).scenario;
}

/**
 * What every drawn run must show. Real-time order is left out where clocks are wrong: with last-writer-wins it may be
 * broken then (N3), which workloads/clock-skew.yaml is about.
 */
export function sweepExpectations(perfectClocks: boolean, hasOperations = false, isWatched = false): Expectations {
  const { always, eventually } = usuallyExpected(hasOperations, isWatched);
  const byName: ReadonlySet<OracleName> = new Set(perfectClocks ? ["rtc", "rtc-arb"] : []);
  const expected: ReadonlySet<OracleName> = new Set([...always, ...byName]);
  return {
    always: oracleTable.map(({ name }) => name).filter((name) => expected.has(name)),
    eventually,
    sometimes: ["conflict", "partition", "partition-healed"],
    violated: [],
    bounds: [],
  };
}

// --- network ---

/** Half of the cloudlets are new, wherever they stand on a path. */
function drawVersions(spec: TopologySpec, rng: Rng): Scenario["wire"]["versions"] {
  return spec.cloudlets.flatMap(({ name }) =>
    rng.chance(HALF) ? [{ cloudlet: name, least: 1, most: wireVersion, writes: wireVersion }] : [],
  );
}

function troubleLinks(spec: TopologySpec, has: ReadonlySet<Trouble>, rng: Rng): TopologySpec {
  const corruption = 1_000 + rng.fork("corruption").intInclusive(19_000);
  const trouble = (direction: LinkDirectionSpec): LinkDirectionSpec => ({
    ...direction,
    ...(has.has("duplication") && rng.chance(HALF) && { duplication: 1_000 + rng.intInclusive(49_000) }),
    ...(has.has("reordering") &&
      rng.chance(HALF) && {
        reordering: 1_000 + rng.intInclusive(99_000),
        reorderDelay: micros(1_000 + rng.intInclusive(199_000)),
      }),
    ...(has.has("corruption") && { corruption }),
    // Down to a modem, with room for a few messages: greetings of busy links do not fit.
    ...(has.has("narrow-links") &&
      rng.chance(HALF) && {
        bandwidth: 200_000 + rng.intInclusive(10_000_000),
        queue: bytes(4_096 + rng.intInclusive(60_000)),
      }),
  });
  const links = spec.links.map(({ a, b, forth, back }) => ({
    a,
    b,
    forth: trouble(forth),
    back: trouble(back ?? forth),
  }));
  return { ...spec, links };
}

// One version wins in these, and not always the later one, whatever the clocks.
const isOutOfOrder: ReadonlySet<ResolverName> = new Set(["lww-lamport", "upper-wins", "lower-wins"]);

function inRealTime(spec: TopologySpec): TopologySpec {
  const scopes = spec.scopes.map(({ resolver, ...scope }) => ({
    ...scope,
    resolver: isOutOfOrder.has(resolver ?? "lww-hlc") ? ("lww-hlc" as const) : (resolver ?? "lww-hlc"),
  }));
  return { ...spec, scopes };
}

function withCollection(spec: TopologySpec, rng: Rng): TopologySpec {
  const scopes = spec.scopes.map((scope) => ({ ...scope, collect: micros(50_000 + rng.intInclusive(450_000)) }));
  return { ...spec, scopes };
}

// --- the partition and its conflict ---

/** Cuts a subtree off and lets both sides write one key of the scope that everyone holds; later, one side looks. */
function drawSplit(spec: TopologySpec, rng: Rng): { readonly split: Fault; readonly script: readonly ScriptStep[] } {
  const uppers = new Map(spec.cloudlets.map(({ name, upper }) => [name, upper ?? null]));
  const lowers = spec.cloudlets.filter(({ upper }) => upper !== undefined).map(({ name }) => name);
  const lower = pick(rng, lowers);
  const upper = uppers.get(lower) as string;
  const isBelow = (name: string): boolean => {
    for (let at: string | null = name; at !== null; at = uppers.get(at) ?? null) if (at === lower) return true;
    return false;
  };
  const group = spec.cloudlets.map(({ name }) => name).filter(isBelow);
  const prefix = (spec.scopes[0] as TopologySpec["scopes"][number]).prefix;
  const until = micros(SPLIT_UNTIL_MIN + rng.intInclusive(SPLIT_UNTIL_MAX - SPLIT_UNTIL_MIN));
  const key = `${prefix}clash`;
  const doomed = `${prefix}doomed`;
  const step = (at: number, cloudlet: string, session: string, op: ScriptStep["op"]): ScriptStep => ({
    at: instant(at),
    cloudlet,
    session,
    op,
  });
  return {
    split: { kind: "partition", groups: [group], from: instant(SPLIT_FROM), until: instant(until) },
    script: [
      step(CLASH_AT, lower, "lower-clash", { kind: "put", key, value: "from below" }),
      step(CLASH_AT + 1_000, upper, "upper-clash", { kind: "put", key, value: "from above" }),
      step(CLASH_AT + 50_000, lower, "lower-clash", { kind: "put", key: doomed, value: "not for long" }),
      step(CLASH_AT + 200_000, lower, "lower-clash", { kind: "delete", key: doomed }),
      step(CLASH_AT + 400_000, lower, "lower-clash", { kind: "get", key: doomed }),
      step(DURATION - 500_000, lower, "lower-late", { kind: "get", key }),
      step(DURATION - 400_000, lower, "lower-late", { kind: "put", key, value: "settled" }),
    ],
  };
}

/** A write at every process that crashes and keeps its disk, so shortly before that no disk can have stored it. */
function lastWords(spec: TopologySpec, faults: readonly Fault[]): readonly ScriptStep[] {
  const { prefix } = spec.scopes[0] as TopologySpec["scopes"][number];
  return faults.flatMap((fault): ScriptStep[] => {
    if (fault.kind !== "crash" || fault.disk === "lose") return [];
    const { cloudlet, at } = fault;
    const op = { kind: "put", key: `${prefix}last`, value: `last words of ${cloudlet}` } as const;
    return [{ at: instant(at - LAST_WORDS_BEFORE), cloudlet, session: `last-${cloudlet}`, op }];
  });
}

// --- load ---

/**
 * Cloudlets that will lose their disks. Nobody writes there: a write that was lost before anybody else had it leaves
 * what depends on it waiting for good, until somebody declares it lost.
 */
function drawForgetful(spec: TopologySpec, script: readonly ScriptStep[], rng: Rng): readonly string[] {
  const writers = new Set(script.map(({ cloudlet }) => cloudlet));
  const others = spec.cloudlets.map(({ name }) => name).filter((name) => !writers.has(name));
  return shuffled(rng, others).slice(0, 1 + rng.intInclusive(1));
}

/** So many clients at every cloudlet, over all scopes it holds: dependencies cross streams only within a session. */
function drawClients(
  spec: TopologySpec,
  operations: number,
  sessions: number,
  readers: ReadonlySet<string>,
  rng: Rng,
): readonly ClientGroup[] {
  const heldBy = new Map<string, Set<string>>(spec.cloudlets.map(({ name }) => [name, new Set()]));
  for (const { scope, upper, lower } of spec.flows) {
    heldBy.get(upper)?.add(scope);
    heldBy.get(lower)?.add(scope);
  }
  // Cloudlets that hold the same scopes and do the same with them form a group.
  const groups = new Map<string, { readonly scopes: readonly string[]; readonly at: string[] }>();
  for (const [cloudlet, held] of heldBy) {
    const scopes = [...held].sort();
    const name = `${readers.has(cloudlet) ? "read" : "use"}-${scopes.join("+")}`;
    const group = groups.get(name) ?? { scopes, at: [] };
    group.at.push(cloudlet);
    groups.set(name, group);
  }
  const requestsPerClient = Math.ceil(operations / spec.cloudlets.length / sessions);
  const think: DurationSpec = {
    kind: "uniform",
    min: micros(Math.floor(THINK_TOTAL / requestsPerClient / 10)),
    max: micros(Math.floor(THINK_TOTAL / requestsPerClient)),
  };
  return [...groups].map(([name, { scopes, at }]) => ({
    name,
    at,
    sessions,
    loop: { kind: "closed", think },
    operations: requestsPerClient,
    starts: 0 as Instant,
    mix: scopes
      .flatMap((scope) => drawMix(spec, scope, rng.fork(`${name}/${scope}`)))
      .filter(({ kind }) => name.startsWith("use-") || kind === "get" || kind === "scan"),
  }));
}

function drawMix(spec: TopologySpec, scope: string, rng: Rng): readonly ClientAction[] {
  const { prefix, resolver = "lww-hlc" } = spec.scopes.find(({ name }) => name === scope) as ScopeSpec;
  const popularity = rng.chance(HALF) ? ({ kind: "uniform" } as const) : ({ kind: "zipf", thetaPercent: 99 } as const);
  // Few, where several must touch one set or counter at once to prove anything.
  const count = 1 + rng.intInclusive(isDeltaResolver(resolver) ? 2 : 7);
  const keys = { prefix: `${prefix}k`, count, popularity };
  return [
    ...drawWrites(resolver, keys, rng),
    { kind: "get", weight: 4 + rng.intInclusive(4), keys },
    { kind: "scan", weight: rng.intInclusive(1), prefix, limit: 4 },
  ];
}

function drawWrites(resolver: ResolverName, keys: KeyChoice, rng: Rng): readonly ClientAction[] {
  const often = 4 + rng.intInclusive(4);
  switch (resolver) {
    case "counter":
      return [{ kind: "add", weight: often, keys }];
    case "set":
      return [
        { kind: "insert", weight: often, keys },
        { kind: "remove", weight: 2 + rng.intInclusive(2), keys },
      ];
    case "log":
      return [{ kind: "append", weight: often, keys }];
    case "queue":
      return [
        { kind: "append", weight: often, keys },
        { kind: "remove", weight: 2, keys },
      ];
    case "table":
      return [
        { kind: "insert", weight: often, keys },
        { kind: "remove", weight: 2, keys },
      ];
    default: {
      const valueSize = bytes(8 + rng.intInclusive(120));
      const writes: ClientAction[] = [
        { kind: "put", weight: often, keys, valueSize },
        { kind: "delete", weight: rng.intInclusive(2), keys },
      ];
      return resolver === "by-hand" ? [...writes, { kind: "resolve", weight: 2, keys, valueSize }] : writes;
    }
  }
}

// --- clocks, logs and faults ---

/**
 * So short that whoever was away a moment needs a snapshot. No checkpoints where disks are exchanged: a backup does not hold one.
 */
function drawLogs(has: ReadonlySet<Trouble>, rng: Rng): LogSetting {
  const checkpoint = 1 + rng.intInclusive(40);
  const isCheckpointed = rng.chance(HALF) && ![...exchangesDisks].some((kind) => has.has(kind));
  return { retain: rng.intInclusive(12), checkpoint: isCheckpointed ? checkpoint : null };
}

function drawClocks(spec: TopologySpec, has: ReadonlySet<Trouble>, rng: Rng): readonly ClockSetting[] {
  // Up to 200 ms either way and 500 ppm; a few clocks far beyond what others follow.
  const near = 200_000;
  return spec.cloudlets.map(({ name }) => ({
    cloudlet: name,
    offset: has.has("far-clocks") && rng.chance(200_000) ? 2_000_000 : rng.intInclusive(2 * near) - near,
    driftPpm: has.has("clock-skew") ? rng.intInclusive(1_000) - 500 : 0,
  }));
}

/** Every other processor takes its time: far from overloaded, but never done at once. */
function drawCpus(spec: TopologySpec, rng: Rng): readonly CpuSetting[] {
  const names = spec.cloudlets.map(({ name }) => name).filter(() => rng.chance(HALF));
  return names.map((cloudlet) => ({
    cloudlet,
    request: micros(rng.intInclusive(2_000)),
    receive: micros(rng.intInclusive(1_000)),
    stored: micros(rng.intInclusive(200)),
    fired: micros(rng.intInclusive(200)),
    perKiB: micros(rng.intInclusive(200)),
  }));
}

function drawFaults(
  spec: TopologySpec,
  has: ReadonlySet<Trouble>,
  forgetful: readonly string[],
  rng: Rng,
): readonly Fault[] {
  const faults: Fault[] = [];
  const names = spec.cloudlets.map(({ name }) => name);
  const between = (from: number, until: number): number => from + rng.intInclusive(until - from);
  if (has.has("one-way-cuts")) {
    for (let count = 1 + rng.intInclusive(2); count > 0; count -= 1) {
      const { a, b } = pick(rng, spec.links);
      const from = between(0, DURATION - 1_000_000);
      const until = rng.chance(800_000) ? instant(from + between(50_000, 900_000)) : null;
      faults.push({ kind: "linkDown", a, b, direction: pick(rng, ["forth", "back"]), from: instant(from), until });
    }
  }
  if (has.has("isolation")) {
    const from = between(SPLIT_UNTIL_MAX, DURATION - 2_000_000);
    const until = instant(from + between(200_000, 1_500_000));
    faults.push({ kind: "isolate", cloudlet: pick(rng, names), from: instant(from), until });
  }
  const crash = (cloudlet: string, disk: "keep" | "lose" | "torn"): void => {
    const at = instant(between(CRASH_FROM, CRASH_UNTIL));
    faults.push({ kind: "crash", cloudlet, at, after: micros(between(10_000, 800_000)), disk });
  };
  for (const cloudlet of forgetful) crash(cloudlet, "lose");
  if (has.has("crashes")) {
    const others = names.filter((name) => !forgetful.includes(name));
    const count = 1 + rng.intInclusive(Math.floor(names.length / 4));
    const disk = has.has("torn-tails") ? "torn" : "keep";
    for (const cloudlet of shuffled(rng, others).slice(0, count)) crash(cloudlet, disk);
  }
  faults.push(...drawDiskFaults(names, has, rng.fork("disks")));
  if (has.has("clock-steps")) {
    for (let count = 1 + rng.intInclusive(2); count > 0; count -= 1) {
      const by = between(1_000, 300_000) * (rng.chance(HALF) ? 1 : -1);
      faults.push({ kind: "clockStep", cloudlet: pick(rng, names), at: instant(between(0, DURATION - 1)), by });
    }
  }
  return faults;
}
