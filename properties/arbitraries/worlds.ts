// Whole worlds for properties: a topology, what sessions ask for and when, what breaks, and clocks that are wrong. A world is a scenario of
// the simulator, plain data that can be run, sent to a worker or written down.
//
// The contract: every world is valid; the same seed draws the same worlds; whatever fast-check shrinks, a list gets shorter or a
// number smaller, and what names something that is gone goes too or names something else. Small by default, since that is where
// bugs are easiest to read.
//
// Leaves out what sweeps draw beside that (sim/run/generate.ts): clients that ask at random, sessions that move, disks that lie.

import fc from "fast-check";
import { assert } from "../../model/assert.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import type { ResolverName } from "../../model/topology/resolvers.ts";
import type { FlowSpec, LinkSpec, TopologySpec } from "../../model/topology/spec.ts";
import { micros, millis, seconds, type Duration, type Instant } from "../../model/units.ts";
import { sweepExpectations } from "../../sim/run/generate.ts";
import { plainScenario } from "../../sim/scenario/plain.ts";
import type { ClockSetting, Fault, Scenario, ScriptStep } from "../../sim/scenario/scenario.ts";
import { describeWorld } from "./world-text.ts";

/** Bounds of worlds; whatever is left out has its default. */
export interface WorldConstraints {
  /** At least 1; default 4. */
  readonly cloudletsMax?: number;
  /** Default 2. */
  readonly scopesMax?: number;
  /** Requests; default 12. */
  readonly operationsMax?: number;
  /** Default 3; 0 for worlds in which nothing breaks. */
  readonly faultsMax?: number;
  /** How far clocks are wrong at most, to either side; default 2 s. */
  readonly skewMax?: Duration;
  /** Resolvers that scopes have; default: last writer wins, and return them all. */
  readonly resolvers?: readonly ResolverName[];
}

/** A cloudlet, with the link and the flows to its upper; the first one has none. */
interface DrawnCloudlet {
  /** A number modulo the cloudlets before it. */
  readonly upper: number;
  /** By scope; null: there is no flow. */
  readonly ways: readonly (FlowSpec["direction"] | null)[];
  readonly link: DrawnLink;
}

/** A flow past the upper, mostly with a link of its own. */
interface DrawnShortcut {
  readonly scope: number;
  readonly lower: number;
  readonly layers: number;
  readonly direction: FlowSpec["direction"];
  readonly link: DrawnLink | null;
}

interface DrawnLink {
  /** Milliseconds. */
  readonly delay: number;
  /** Percent. */
  readonly loss: number;
  readonly duplication: number;
  readonly reordering: number;
}

/**
 * When something happens. Times alone would shrink badly: of two operations that have to be close to each other neither can come much
 * earlier without the other, and both would take turns, a millisecond each, thousands of times. So the gap before each is bounded, too,
 * and where that bound gets smaller all that comes later moves along.
 */
interface DrawnMoment {
  /** Milliseconds since what happens before it, at most. */
  readonly within: number;
  /** Milliseconds from the beginning: where one is left out the others stay where they are. */
  readonly at: number;
}

interface DrawnOperation extends DrawnMoment {
  readonly cloudlet: number;
  readonly session: number;
  readonly scope: number;
  readonly key: number;
  readonly kind: "put" | "delete" | "get";
}

/** Operations one right after the other, as what fails shrinks to where it can, or at the times that were drawn. */
type Pace = "inARow" | "asDrawn";

interface DrawnFault extends DrawnMoment {
  readonly kind: "linkDown" | "linkDownOneWay" | "isolate" | "crash" | "tornCrash" | "clockStep";
  readonly place: number;
  /** Milliseconds. */
  readonly length: number;
  readonly by: number;
}

/** Parts per million. */
const PERCENT = 10_000;
/** Milliseconds from one operation to the next, about. */
const PAUSE = 200;
const FAULT_MAX = 3_000;
/** Sessions at each cloudlet. */
const SESSIONS = 2;
const KEYS = 2;
const defaultResolvers: readonly ResolverName[] = ["lww-hlc", "return-them-all"];

/** Worlds to put a core under. Each is valid and runs the replication core unless another is handed to `holds`. */
export function worlds(constraints: WorldConstraints = {}): fc.Arbitrary<Scenario> {
  const { cloudletsMax = 4, scopesMax = 2, operationsMax = 12, faultsMax = 3 } = constraints;
  const { skewMax = seconds(2), resolvers = defaultResolvers } = constraints;
  assert(cloudletsMax >= 1 && scopesMax >= 1 && operationsMax >= 0 && faultsMax >= 0, "bounds of worlds that are none");
  assert(resolvers.length > 0, "scopes without a resolver");
  const offset = fc.integer({ min: 0 - skewMax, max: skewMax });
  const span = PAUSE * Math.max(1, operationsMax);
  const within = fc.nat({ max: Math.max(span, FAULT_MAX) });
  const operation: fc.Arbitrary<DrawnOperation> = fc.record({
    within,
    at: fc.integer({ min: 1, max: span }),
    cloudlet: fc.nat({ max: cloudletsMax - 1 }),
    session: fc.nat({ max: SESSIONS - 1 }),
    scope: fc.nat({ max: scopesMax - 1 }),
    key: fc.nat({ max: KEYS - 1 }),
    kind: fc.constantFrom("put", "get", "delete"),
  });
  const fault: fc.Arbitrary<DrawnFault> = fc.record({
    // The first is what others shrink to: it needs no link.
    kind: fc.constantFrom("crash", "tornCrash", "isolate", "linkDown", "linkDownOneWay", "clockStep"),
    place: fc.nat({ max: 2 * cloudletsMax }),
    within,
    at: fc.nat({ max: FAULT_MAX }),
    length: fc.integer({ min: 1, max: FAULT_MAX }),
    by: offset,
  });
  return fc
    .record({
      cloudlets: fc.array(cloudlets(cloudletsMax, scopesMax), { minLength: 1, maxLength: cloudletsMax, size: "max" }),
      shortcuts: fc.array(shortcuts(cloudletsMax, scopesMax), { maxLength: 2 }),
      chosen: fc.array(fc.nat({ max: resolvers.length - 1 }), { minLength: scopesMax, maxLength: scopesMax }),
      pace: fc.constantFrom<Pace[]>("inARow", "asDrawn", "asDrawn", "asDrawn"),
      operations: fc.array(operation, { maxLength: operationsMax, size: "max" }),
      faults: fc.array(fault, { maxLength: faultsMax }),
      offsets: fc.array(offset, { maxLength: cloudletsMax }),
      seed: fc.nat({ max: 999 }),
    })
    .map(({ cloudlets: drawn, shortcuts: past, chosen, pace, operations, faults, offsets, seed }) => {
      const topology = topologyOf(
        drawn,
        past,
        chosen.map((choice) => resolvers[choice] ?? "lww-hlc"),
      );
      const times = closedUp([...operations, ...faults]);
      const script = scriptOf(topology, pace, operations, times);
      const end = (script.at(-1)?.at ?? 0) as number;
      const world = plainScenario({
        name: "drawn-world",
        seed: String(seed),
        topology,
        script,
        faults: faultsOf(topology, faults, times),
        clocks: clocksOf(topology, offsets),
        duration: Math.max(end, millis(FAULT_MAX * 2)) as Duration,
        settle: seconds(60),
        expectations: { ...sweepExpectations(false), sometimes: [] },
      });
      // What fast-check prints of a counterexample. It is no part of the data.
      Object.defineProperty(world, fc.toStringMethod, { value: () => describeWorld(world), enumerable: false });
      return world;
    });
}

// Few, for the same reason as bounds of gaps: what has to be further apart than a message takes follows a delay down one value at a time.
const delays = [1, 2, 5, 10, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200];

const share = fc.constantFrom(0, 0, 0, 10, 30);

const linkBetween: fc.Arbitrary<DrawnLink> = fc.record({
  delay: fc.nat({ max: delays.length - 1 }).map((step) => delays[step]!),
  loss: share,
  duplication: share,
  reordering: share,
});

function cloudlets(cloudletsMax: number, scopesMax: number): fc.Arbitrary<DrawnCloudlet> {
  const way = fc.constantFrom("both" as const, "both" as const, "both" as const, "up" as const, "down" as const, null);
  return fc.record({
    upper: fc.nat({ max: cloudletsMax }),
    ways: fc.array(way, { minLength: scopesMax, maxLength: scopesMax }),
    link: linkBetween,
  });
}

function shortcuts(cloudletsMax: number, scopesMax: number): fc.Arbitrary<DrawnShortcut> {
  return fc.record({
    scope: fc.nat({ max: scopesMax - 1 }),
    lower: fc.nat({ max: cloudletsMax }),
    layers: fc.nat({ max: cloudletsMax }),
    direction: fc.constantFrom("both" as const, "up" as const, "down" as const),
    link: fc.option(linkBetween),
  });
}

function topologyOf(
  drawn: readonly DrawnCloudlet[],
  past: readonly DrawnShortcut[],
  resolvers: readonly ResolverName[],
): TopologySpec {
  const upperOf = drawn.map(({ upper }, index) => (index === 0 ? -1 : upper % index));
  const flows = new Map<string, FlowSpec>();
  const links = new Map<string, LinkSpec>();
  const link = (upper: number, lower: number, { delay, loss, duplication, reordering }: DrawnLink): void => {
    const forth = {
      delay: millis(delay),
      ...(loss > 0 && { loss: loss * PERCENT }),
      ...(duplication > 0 && { duplication: duplication * PERCENT }),
      ...(reordering > 0 && { reordering: reordering * PERCENT, reorderDelay: micros(delay * 2_000) }),
    };
    const name = `${upper} ${lower}`;
    if (!links.has(name)) links.set(name, { a: `c${upper}`, b: `c${lower}`, forth });
  };
  const flow = (scope: number, upper: number, lower: number, direction: FlowSpec["direction"]): void => {
    flows.set(`${scope} ${upper} ${lower}`, { scope: `s${scope}`, upper: `c${upper}`, lower: `c${lower}`, direction });
  };
  for (const [cloudlet, { ways, link: own }] of drawn.entries()) {
    const upper = upperOf[cloudlet]!;
    if (upper < 0) continue;
    link(upper, cloudlet, own);
    for (const [scope, direction] of ways.entries()) if (direction !== null) flow(scope, upper, cloudlet, direction);
  }
  for (const { scope, lower: below, layers, direction, link: own } of past) {
    const lower = below % upperOf.length;
    const above: number[] = [];
    for (let upper = upperOf[upperOf[lower]!] ?? -1; upper >= 0; upper = upperOf[upper]!) above.push(upper);
    const upper = above[layers % Math.max(1, above.length)];
    if (upper === undefined) continue;
    flow(scope, upper, lower, direction);
    if (own !== null) link(upper, lower, own);
  }
  return {
    cloudlets: upperOf.map((upper, cloudlet) => ({ name: `c${cloudlet}`, ...(upper >= 0 && { upper: `c${upper}` }) })),
    scopes: resolvers.map((resolver, scope) => ({ name: `s${scope}`, prefix: `s${scope}/`, resolver })),
    flows: [...flows.values()],
    links: [...links.values()],
  };
}

/** In milliseconds: the bounds of all gaps are kept. */
type Times = ReadonlyMap<DrawnMoment, number>;

function closedUp(moments: readonly DrawnMoment[]): Times {
  const times = new Map<DrawnMoment, number>();
  let [before, now] = [0, 0];
  for (const moment of moments.toSorted((a, b) => a.at - b.at)) {
    now += Math.min(moment.at - before, moment.within);
    before = moment.at;
    times.set(moment, now);
  }
  return times;
}

function scriptOf(
  { cloudlets, scopes }: TopologySpec,
  pace: Pace,
  operations: readonly DrawnOperation[],
  times: Times,
): readonly ScriptStep[] {
  let last = 0;
  const sorted = operations.toSorted((a, b) => a.at - b.at);
  return sorted.map((operation, index) => {
    const { cloudlet, session, scope, key, kind } = operation;
    last = pace === "inARow" ? last + 1 : Math.max(last + 1, times.get(operation)!);
    const { name } = cloudlets[cloudlet % cloudlets.length]!;
    const named = `${scopes[scope % scopes.length]!.prefix}k${key}`;
    const op: ClientOp = kind === "put" ? { kind, key: named, value: `v${index}` } : { kind, key: named };
    return { at: millis(last) as number as Instant, cloudlet: name, session: `${name}-${session}`, op };
  });
}

function faultsOf({ cloudlets, links }: TopologySpec, drawn: readonly DrawnFault[], times: Times): readonly Fault[] {
  // A process that is down cannot crash again: of several crashes of one cloudlet at a time the first counts.
  const downUntil = new Map<string, number>();
  const faults: Fault[] = [];
  for (const fault of drawn.toSorted((a, b) => a.at - b.at)) {
    const { kind, place, length, by } = fault;
    const from = times.get(fault)!;
    const { name: cloudlet } = cloudlets[place % cloudlets.length]!;
    const link = links[place % Math.max(1, links.length)];
    const [begin, end] = [millis(from) as number as Instant, millis(from + length) as number as Instant];
    switch (kind) {
      case "linkDown":
      case "linkDownOneWay":
        if (link === undefined) break;
        faults.push({
          kind: "linkDown",
          a: link.a,
          b: link.b,
          direction: kind === "linkDown" ? "both" : "forth",
          from: begin,
          until: end,
        });
        break;
      case "isolate":
        faults.push({ kind, cloudlet, from: begin, until: end });
        break;
      case "crash":
      case "tornCrash":
        if ((downUntil.get(cloudlet) ?? -1) >= from) break;
        downUntil.set(cloudlet, from + length);
        faults.push({
          kind: "crash",
          cloudlet,
          at: begin,
          after: millis(length),
          disk: kind === "crash" ? "keep" : "torn",
        });
        break;
      case "clockStep":
        if (by !== 0) faults.push({ kind, cloudlet, at: begin, by });
    }
  }
  return faults;
}

function clocksOf({ cloudlets }: TopologySpec, offsets: readonly number[]): readonly ClockSetting[] {
  return cloudlets.flatMap(({ name }, index) => {
    const offset = offsets[index] ?? 0;
    return offset === 0 ? [] : [{ cloudlet: name, offset, driftPpm: 0 }];
  });
}
