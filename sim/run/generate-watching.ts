// Draws scenarios in which cloudlets are watched: small trees, short periods, observations of every class, people who confirm and take
// back, planes that fail or are not there, and faults under which somebody falls silent, comes back, or hangs on a poor link. A world of
// its own beside generate.ts, whose runs are over before anybody could be silent.
//
// In half of them people ask for operations, and disks keep what they have; in the others disks are set back and copied, too.

import { defaultAliveness } from "../../model/control/aliveness-settings.ts";
import { confirmationKinds } from "../../model/control/confirmations.ts";
import { viewClasses } from "../../model/control/view.ts";
import { pick, type Rng } from "../../model/random.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { bytes, instant, micros, millis, seconds, type Duration, type Instant } from "../../model/units.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { AlivenessSetting, PersonsWord } from "../scenario/aliveness.ts";
import { noOperations } from "../scenario/control.ts";
import type { OperationsSetting, PlaneOutage } from "../scenario/operations.ts";
import { plainScenario } from "../scenario/plain.ts";
import type { Fault, Scenario } from "../scenario/scenario.ts";
import { sweepExpectations } from "./generate.ts";
import type { NamedTree } from "./named-tree.ts";

const HALF = 500_000;
const DURATION = seconds(60);
const SILENT_AFTER = seconds(3);
const SETTLE = seconds(60);
const THINGS = { prefix: "things/", count: 4, popularity: { kind: "uniform" } } as const;
const NAMES = ["top", "mid", "low", "left", "leaf"] as const;

interface Edge {
  readonly upper: string;
  readonly lower: string;
}

/** Who watches whom, and at what pace. */
interface WatchedGround extends NamedTree {
  readonly duration: Duration;
  /** Of each person with data; null: as many as there is time for. */
  readonly requests: number | null;
  /** All that cloudlets do by themselves takes so many times as long: where there are many, or they would do little else. */
  readonly pace: number;
  /** What people ask for in those scenarios in which they ask; left out: a little of it. */
  readonly setting?: OperationsSetting;
}

/** Draws a scenario from a seed; its tree, too, where none is given. */
export function generateWatching(seed: string, given: WatchedGround | null = null): Scenario {
  const rng = new RngRoot(`${seed}/watching`).stream;
  const ground = given ?? drawGround(rng);
  const { names, duration, requests, setting } = ground;
  const edges = [...ground.uppers].map(([lower, upper]) => ({ lower, upper }));
  const asks = rng.fork("asks").chance(HALF);
  const drawn = drawOperations(ground, edges, asks, rng.fork("operations"));
  const operations = asks ? (setting ?? drawn) : drawn;
  return plainScenario({
    name: `watching-${seed}`,
    shows: ["A6b", "A6c", "I6"],
    seed,
    topology: topologyOf(ground, edges, rng.fork("links")),
    aliveness: drawAliveness(ground, edges, rng.fork("aliveness")),
    operations,
    clients: [
      {
        name: "clerks",
        at: names,
        sessions: 1,
        loop: { kind: "closed", think: { kind: "exponential", mean: thinks(ground) } },
        operations: requests,
        starts: instant(0),
        mix: [
          { kind: "put", weight: 1, keys: THINGS, valueSize: bytes(8) },
          { kind: "get", weight: 1, keys: THINGS },
        ],
      },
    ],
    faults: drawFaults(ground, edges, !asks, rng.fork("faults")),
    duration,
    settle: slowed(SETTLE, ground),
    expectations: { ...sweepExpectations(false, asks, true), sometimes: [] },
  });
}

function drawGround(rng: Rng): WatchedGround {
  const names = NAMES.slice(0, 2 + rng.fork("size").intInclusive(3));
  const tree = rng.fork("tree");
  const uppers = new Map(names.slice(1).map((lower, at) => [lower, pick(tree, names.slice(0, at + 1))]));
  return { names, uppers, delays: new Map(), duration: DURATION, requests: null, pace: 1 };
}

function slowed(micros: number, { pace }: Pick<WatchedGround, "pace">): Duration {
  return Math.floor(micros * pace) as Duration;
}

function thinks({ duration, requests }: WatchedGround): Duration {
  return requests === null ? seconds(4) : micros(Math.floor(duration / (4 * requests)));
}

function topologyOf({ names, uppers, delays }: WatchedGround, edges: readonly Edge[], rng: Rng): TopologySpec {
  return {
    cloudlets: names.map((name) => ({ name, ...(uppers.has(name) && { upper: uppers.get(name) as string }) })),
    scopes: [{ name: "things", prefix: "things/", resolver: "lww-hlc" }],
    flows: edges.map(({ upper, lower }) => ({ scope: "things", upper, lower, direction: "both" })),
    links: edges.map(({ upper, lower }) => ({
      a: upper,
      b: lower,
      forth: {
        delay: micros(delays.get(lower) ?? 1_000 + rng.intInclusive(60_000)),
        ...(rng.chance(HALF) && { loss: rng.intInclusive(40_000) }),
        ...(rng.chance(HALF) && { jitter: micros(rng.intInclusive(30_000)) }),
      },
    })),
  };
}

function drawAliveness(ground: WatchedGround, edges: readonly Edge[], rng: Rng): AlivenessSetting {
  const slow = (micros: number): Duration => slowed(micros, ground);
  return {
    settings: {
      ...defaultAliveness,
      watch: { silentAfter: slow(SILENT_AFTER), calmFor: slow(millis(300 + rng.intInclusive(700))) },
      reporting: { period: slow(millis(500 + rng.intInclusive(700))), slowest: slow(seconds(8)) },
      // Where much may wait, who falls silent was connected to the last.
      backlogAge: slow(rng.chance(HALF / 2) ? seconds(5) : millis(400 + rng.intInclusive(400))),
    },
    observed: [
      {
        at: ground.names,
        classes: viewClasses.map(({ name }) => name),
        interval: { kind: "exponential", mean: slow(millis(800 + rng.intInclusive(3_000))) },
        least: 0,
        most: 99,
      },
    ],
    confirmations: drawWords(ground, edges, rng.fork("words")),
  };
}

// Several words about one cloudlet, by whoever is above it, some of them in the same breath.
function drawWords(ground: WatchedGround, edges: readonly Edge[], rng: Rng): readonly PersonsWord[] {
  const above = (name: string): readonly string[] => {
    const found: string[] = [];
    for (let upper = upperOf(edges, name); upper !== null; upper = upperOf(edges, upper)) found.push(upper);
    return found;
  };
  const { lower: about } = pick(rng, edges);
  return Array.from({ length: rng.intInclusive(16) }, (): PersonsWord => {
    const whom = rng.chance(HALF / 2) ? pick(rng, edges).lower : about;
    return {
      at: moment(ground, rng, 0.02, 0.95),
      by: pick(rng, above(whom)),
      about: whom,
      says: rng.chance(HALF) ? "clear" : pick(rng, confirmationKinds),
      detail: "",
    };
  });
}

function upperOf(edges: readonly Edge[], name: string): string | null {
  return edges.find(({ lower }) => lower === name)?.upper ?? null;
}

function drawOperations(ground: WatchedGround, edges: readonly Edge[], asks: boolean, rng: Rng): OperationsSetting {
  const { names } = ground;
  const missing = names.slice(1).filter(() => rng.chance(HALF / 3));
  const outages = names.slice(1).flatMap((cloudlet): PlaneOutage[] => {
    if (rng.chance(HALF)) return [];
    const from = moment(ground, rng, 0.05, 0.6);
    return [
      {
        cloudlet,
        plane: "control",
        from,
        until: instant(from + slowed(1_000_000 + rng.intInclusive(15_000_000), ground)),
      },
    ];
  });
  const uppers = [...new Set(edges.map(({ upper }) => upper))];
  return {
    ...noOperations,
    issuers: asks
      ? [
          {
            name: "owner",
            at: uppers,
            targets: null,
            kinds: ["vm.create", "vm.update"],
            interval: { kind: "exponential", mean: seconds(3) },
            objects: 3,
            actor: "tenant",
            priorities: [0],
            payload: bytes(0),
            expiry: null,
            count: null,
            after: null,
            takesBack: null,
            intrudes: false,
          },
        ]
      : [],
    missing: missing.map((cloudlet) => ({ cloudlet, plane: "control" })),
    outages: outages.filter(({ cloudlet }) => !missing.includes(cloudlet)),
  };
}

function drawFaults(ground: WatchedGround, edges: readonly Edge[], mayLose: boolean, rng: Rng): readonly Fault[] {
  return Array.from({ length: 2 + rng.intInclusive(4) }, (_, index) =>
    oneFault(ground, edges, mayLose, rng.fork(`${index}`)),
  );
}

function oneFault(ground: WatchedGround, edges: readonly Edge[], mayLose: boolean, rng: Rng): Fault {
  const { names } = ground;
  const { upper: a, lower: b } = pick(rng, edges);
  const cloudlet = pick(rng, names);
  const from = moment(ground, rng, 0.03, 0.7);
  const lasts = pick(rng, [0.3, 1, 4, 12]) * slowed(SILENT_AFTER, ground) * (0.3 + rng.double());
  const until = rng.chance(HALF / 5) ? null : instant(Math.floor(from + lasts));
  const at = instant(from);
  const after = micros(Math.floor(lasts));
  const direction = pick(rng, ["both", "both", "forth", "back"] as const);
  const kinds = ["linkDown", "isolate", "crash", "degrade", "clog", "clockDrift", "torn"] as const;
  const all: readonly ((typeof kinds)[number] | "restoreBackup" | "cloneDisk")[] = mayLose
    ? [...kinds, "restoreBackup", "cloneDisk"]
    : kinds;
  switch (pick(rng, all)) {
    case "linkDown":
      return { kind: "linkDown", a, b, direction, from, until };
    case "isolate":
      return { kind: "isolate", cloudlet, from, until };
    case "crash":
      return { kind: "crash", cloudlet, at, after, disk: "keep" };
    case "torn":
      return { kind: "crash", cloudlet, at, after, disk: "torn" };
    case "clog":
      return { kind: "clog", a, b, direction, from, until };
    case "clockDrift":
      return { kind: "clockDrift", cloudlet, ppm: rng.intInclusive(20_000) - 10_000, from, until };
    case "degrade": {
      const delay = slowed(rng.intInclusive(3_000_000), ground);
      const harm = { loss: rng.intInclusive(400_000), duplication: 0, reordering: 0, reorderDelay: micros(0) };
      return {
        kind: "degrade",
        a,
        b,
        direction,
        harm: { ...harm, corruption: 0, delay, jitter: micros(0), bandwidth: null },
        from,
        until,
      };
    }
    case "restoreBackup":
      return { kind: "restoreBackup", cloudlet, of: instant(Math.floor(from * rng.double())), at, after };
    case "cloneDisk": {
      const source = pick(
        rng,
        names.filter((name) => name !== cloudlet),
      );
      return { kind: "cloneDisk", source, cloudlet, at, after };
    }
  }
}

function moment({ duration }: WatchedGround, rng: Rng, least: number, most: number): Instant {
  return instant(Math.floor(duration * (least + (most - least) * rng.double())));
}
