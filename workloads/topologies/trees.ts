// Random topologies: small control trees of many shapes, with scopes that flow both ways, one way or any way, scopes that
// some cloudlets do not hold, flows that skip layers, and links of all speeds. Every one is well-formed. Leaves out forests,
// whose trees have nothing to say to each other, and faults, which are sim/faults.

import { pick, type Rng, shuffled } from "../../model/random.ts";
import type {
  FlowDirection,
  FlowSpec,
  LinkDirectionSpec,
  LinkSpec,
  ScopeSpec,
  TopologySpec,
} from "../../model/topology/spec.ts";
import { builtInResolvers, isDeltaResolver, type ResolverName } from "../../model/topology/resolvers.ts";
import { type Duration, micros } from "../../model/units.ts";
import { fingerprintTopology } from "./fingerprint.ts";
import { drawFamily, type FamilyName } from "./families.ts";
import type { DrawnFamily } from "./member.ts";
import { TREE_SHAPES } from "./shapes.ts";

/** What may be chosen about a random tree; shares are parts per million, 0 is never. */
export interface TreeOptions {
  /** Smallest number of cloudlets, at least 2; default 3. */
  readonly cloudletsMin?: number;
  /** Largest number of cloudlets, at least `cloudletsMin`; default 32. */
  readonly cloudletsMax?: number;
  /** Default: one of the plain ones. Of a family's shortcuts nothing is taken: flows skip layers by `shortcuts`. */
  readonly shape?: FamilyName;
  /** Largest number of scopes, at least 1; default 4. The first flows both ways and is held by everyone. */
  readonly scopesMax?: number;
  /** How often a cloudlet does not hold a scope (never the first); default 30 %. */
  readonly holes?: number;
  /** How often a cloudlet's scope also flows to a further ancestor; default 30 %. */
  readonly shortcuts?: number;
  /** Largest loss of a link; default 2 %. */
  readonly lossMax?: number;
}

/** A random tree and what to call it. */
export interface GeneratedTree {
  readonly spec: TopologySpec;
  readonly shape: FamilyName;
  /** Equal exactly when two trees differ in nothing but names, orders and links (fingerprint.ts). */
  readonly fingerprint: string;
}

const THIRTY_PERCENT = 300_000;
const TWO_PERCENT = 20_000;
const HALF = 500_000;

const directions: readonly FlowDirection[] = ["up", "down", "both"];
// The scope that everyone holds takes puts, so that whoever draws requests finds a place for them.
const forPuts = builtInResolvers.filter((name) => !isDeltaResolver(name));
// Queues and tables came later: what a seed draws stays what it was.
const resolvers: readonly ResolverName[] = builtInResolvers.filter((name) => name !== "queue" && name !== "table");

/** Draws a tree. The same stream and options give the same tree; each tree takes a stream of its own, which it forks. */
export function generateTree(rng: Rng, options: TreeOptions = {}): GeneratedTree {
  const { cloudletsMin = 3, cloudletsMax = 32, lossMax = TWO_PERCENT } = options;
  const ofShape = rng.fork("shape");
  const shape = options.shape ?? pick(ofShape, TREE_SHAPES);
  const cloudlets = cloudletsMin + ofShape.intInclusive(cloudletsMax - cloudletsMin);
  const { uppers, names, delays } = drawFamily(ofShape, shape, cloudlets);
  const nameOf = (cloudlet: number): string => names?.[cloudlet] ?? `c${cloudlet}`;
  const { scopes, flows } = drawScopes(rng.fork("scopes"), { uppers, nameOf }, options);
  const spec: TopologySpec = {
    // In any order, so that nothing may rely on an upper coming before its lowers.
    cloudlets: shuffled(rng.fork("order"), [...uppers.keys()]).map((cloudlet) => {
      const upper = uppers[cloudlet] ?? -1;
      return { name: nameOf(cloudlet), ...(upper >= 0 && { upper: nameOf(upper) }) };
    }),
    scopes,
    flows,
    links: drawLinks(rng.fork("links"), { uppers, nameOf, delays }, flows, lossMax),
  };
  return { spec, shape, fingerprint: fingerprintTopology(spec) };
}

interface NamedTree {
  readonly uppers: readonly number[];
  readonly nameOf: (cloudlet: number) => string;
}

function drawScopes(
  rng: Rng,
  { uppers, nameOf }: NamedTree,
  options: TreeOptions,
): { readonly scopes: readonly ScopeSpec[]; readonly flows: readonly FlowSpec[] } {
  const { scopesMax = 4, holes = THIRTY_PERCENT, shortcuts = THIRTY_PERCENT } = options;
  const count = 1 + rng.intInclusive(scopesMax - 1);
  const scopes: ScopeSpec[] = [];
  const flows: FlowSpec[] = [];
  for (let scope = 0; scope < count; scope += 1) {
    const name = `s${scope}`;
    scopes.push({ name, prefix: `${name}/`, resolver: pick(rng, scope === 0 ? forPuts : resolvers) });
    // A scope whose flows have each their own direction is the hardest case: streams of all sizes in one scope.
    const style = scope === 0 ? "both" : pick(rng, [...directions, "mixed"] as const);
    const holds = uppers.map(() => scope === 0 || !rng.chance(holes));
    if (!hasFlow(uppers, holds)) {
      holds[0] = true;
      holds[1 + rng.intInclusive(uppers.length - 2)] = true;
    }
    for (const lower of uppers.keys()) {
      if (holds[lower] !== true) continue;
      const above = ancestorsOf(uppers, lower).filter((upper) => holds[upper] === true);
      const nearest = above[0];
      if (nearest === undefined) continue;
      const ends = above.length > 1 && rng.chance(shortcuts) ? [nearest, pick(rng, above.slice(1))] : [nearest];
      for (const upper of ends) {
        const direction = style === "mixed" ? pick(rng, directions) : style;
        flows.push({ scope: name, upper: nameOf(upper), lower: nameOf(lower), direction });
      }
    }
  }
  return { scopes, flows };
}

function hasFlow(uppers: readonly number[], holds: readonly boolean[]): boolean {
  return holds.some((held, lower) => held && ancestorsOf(uppers, lower).some((upper) => holds[upper] === true));
}

/** Nearest first. */
function ancestorsOf(uppers: readonly number[], cloudlet: number): number[] {
  const ancestors: number[] = [];
  for (let upper = uppers[cloudlet] ?? -1; upper >= 0; upper = uppers[upper] ?? -1) ancestors.push(upper);
  return ancestors;
}

/** A link per edge of the tree, some between the ends of flows that skip layers, and at times a horizontal one. */
function drawLinks(
  rng: Rng,
  { uppers, nameOf, delays }: NamedTree & Pick<DrawnFamily, "delays">,
  flows: readonly FlowSpec[],
  lossMax: number,
): readonly LinkSpec[] {
  const links: LinkSpec[] = [];
  const drawn = new Set<string>();
  const add = (a: string, b: string, delay?: Duration): void => {
    if (drawn.has(`${a} ${b}`)) return;
    drawn.add(`${a} ${b}`);
    const far = delay === undefined ? {} : { delay };
    const forth = { ...drawDirection(rng, lossMax), ...far };
    links.push({
      a,
      b,
      forth,
      ...(rng.chance(THIRTY_PERCENT) && { back: { ...drawDirection(rng, lossMax), ...far } }),
    });
  };
  for (const [lower, upper] of uppers.entries()) if (upper >= 0) add(nameOf(upper), nameOf(lower), delays?.[lower]);
  for (const { upper, lower } of flows) if (rng.chance(HALF)) add(upper, lower);
  const one = 1 + rng.intInclusive(uppers.length - 2);
  const other = 1 + rng.intInclusive(uppers.length - 2);
  const horizontal =
    one !== other && !ancestorsOf(uppers, one).includes(other) && !ancestorsOf(uppers, other).includes(one);
  // No flow may use it; that none does is worth a test in every run.
  if (horizontal && rng.chance(HALF)) add(nameOf(one), nameOf(other));
  return links;
}

function drawDirection(rng: Rng, lossMax: number): LinkDirectionSpec {
  const slow = rng.chance(200_000);
  const delay = (1_000 + rng.intInclusive(49_000)) * (slow ? 10 : 1);
  const jitter = rng.chance(HALF) ? rng.intInclusive(delay) : 0;
  const loss = rng.chance(HALF) ? rng.intInclusive(lossMax) : 0;
  return {
    delay: micros(delay),
    ...(jitter > 0 && { jitter: micros(jitter) }),
    ...(loss > 0 && { loss }),
  };
}
