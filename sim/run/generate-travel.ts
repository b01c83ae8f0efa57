// Draws clients that move in a drawn scenario: between which cloudlets, how long they stay and how long they are out of reach in
// between, and whether they carry their past. Leaves out what is asked for of a scope (generate.ts).

import { pick, type Rng } from "../../model/random.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { bytes, instant, millis, type Bytes, type Duration, type Instant } from "../../model/units.ts";
import type { ClientAction, ClientGroup, Travel, TravelStop } from "../scenario/scenario.ts";

/** A way, and every cloudlet on it. */
interface DrawnWay {
  readonly at: string;
  readonly travel: Travel;
  readonly places: readonly string[];
}

const WAYS_MAX = 3;
const STAY_MAX = 900_000;
const GAP_MAX = 400_000;
const THIRD = 333_333;
const HALF = 500_000;
const QUARTER = 250_000;

/** What their scenario says of clients that move. */
export interface TravellerOptions {
  /** Cloudlets that nobody comes to. */
  readonly spared: readonly string[];
  readonly duration: Duration;
  /** What they ask for of a scope. */
  readonly drawMix: (spec: TopologySpec, scope: string, rng: Rng) => readonly ClientAction[];
}

/** A few clients that move, over all scopes that every cloudlet on their way holds; none where that trouble is switched off. */
export function drawTravellers(
  spec: TopologySpec,
  has: ReadonlySet<string>,
  { spared, duration, drawMix }: TravellerOptions,
  rng: Rng,
): readonly ClientGroup[] {
  if (!has.has("moving-sessions")) return [];
  const cloudlets = spec.cloudlets.map(({ name }) => name).filter((name) => !spared.includes(name));
  const isHeld = (cloudlet: string, scope: string): boolean =>
    spec.flows.some((flow) => flow.scope === scope && (flow.upper === cloudlet || flow.lower === cloudlet));
  return drawTravel(cloudlets, duration, rng.fork("ways")).map(({ at, travel, places }, index): ClientGroup => {
    const name = `travel-${index}`;
    const scopes = spec.scopes.filter((scope) => places.every((place) => isHeld(place, scope.name)));
    return {
      name,
      at: [at],
      sessions: 1 + rng.intInclusive(1),
      loop: { kind: "closed", think: { kind: "uniform", min: millis(10), max: millis(200) } },
      operations: null,
      starts: 0 as Instant,
      mix: scopes.flatMap((scope) => drawMix(spec, scope.name, rng.fork(`${name}/${scope.name}`))),
      travel,
    };
  });
}

// One to three ways between these cloudlets.
function drawTravel(cloudlets: readonly string[], duration: Duration, rng: Rng): readonly DrawnWay[] {
  return Array.from({ length: 1 + rng.intInclusive(WAYS_MAX - 1) }, () => {
    const at = pick(rng, cloudlets);
    const stops = drawStops(cloudlets, duration, rng);
    const places = [...new Set([at, ...stops.flatMap(({ to }) => (to === null ? [] : [to]))])];
    return { at, travel: { stops, policy: rng.chance(QUARTER) ? "forgo" : "carry", bundle: drawBundle(rng) }, places };
  });
}

// Few places, so that it comes back to some; a gap now and then.
function drawStops(cloudlets: readonly string[], duration: Duration, rng: Rng): readonly TravelStop[] {
  const places = Array.from({ length: 2 + rng.intInclusive(1) }, () => pick(rng, cloudlets));
  const stops: TravelStop[] = [];
  for (let at = 1 + rng.intInclusive(STAY_MAX); at < duration; at += 1 + rng.intInclusive(STAY_MAX)) {
    if (rng.chance(THIRD)) {
      stops.push({ at: instant(at), to: null });
      at += 1 + rng.intInclusive(GAP_MAX);
      if (at >= duration) break;
    }
    stops.push({ at: instant(at), to: pick(rng, places) });
  }
  return stops;
}

// Room for everything, for little, or for nothing.
function drawBundle(rng: Rng): Bytes | null {
  if (rng.chance(THIRD)) return null;
  return bytes(rng.chance(HALF) ? 1_048_576 : 64 + rng.intInclusive(2_000));
}
