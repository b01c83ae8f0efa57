// Draws scenarios for sweeps in which members are detached while they are cut off: the story of generate-detachments.ts on a tree of
// any family and size, over links of all speeds that may lose and jitter. Under whatever faults a sweep draws on top of it.
//
// Every scenario keeps the promises of generate.ts: at least 50 requests, a partition that heals, and a conflict across it. In the
// story itself they would not be: where only a core is healed in the end, the cut may last. So a short cut of the same members comes
// before it, with two writes of one key.
//
// In a quarter of the scenarios members are closed in place of being detached, and come back after all. In another quarter the load
// goes on for so long that deletes which nobody waits for would be overdue (oracles/overdue-deletes.ts); the others are short, so that
// drawn faults fall into the story. Leaves out several scopes.

import { assert } from "../../model/assert.ts";
import { pick, type Rng } from "../../model/random.ts";
import type { LinkDirectionSpec, TopologySpec } from "../../model/topology/spec.ts";
import { instant, micros, millis, seconds, type Duration } from "../../model/units.ts";
import type { TreeOptions } from "../../workloads/topologies/index.ts";
import { RngRoot } from "../kernel/rng.ts";
import { plainScenario } from "../scenario/plain.ts";
import type { Fault, Scenario, ScriptStep } from "../scenario/scenario.ts";
import { sweepExpectations } from "./generate.ts";
import { drawNamedTree } from "./named-tree.ts";
import {
  belowOrAt,
  CUT_AT,
  drawCrashes,
  drawDecisions,
  drawStory,
  HEALED_AT,
  PREFIX,
  scopeOf,
} from "./generate-detachments.ts";

const HALF = 500_000;
const QUARTER = 250_000;
/** Without a word about the tree: as many cloudlets as in the scenarios for planted bugs. */
const CLOUDLETS_MIN = 3;
const CLOUDLETS_MAX = 5;
// The short cut, in which two write the same key; and when the story begins, after everybody has got what was written before.
const FIRST_CUT: readonly [Duration, Duration] = [millis(50), millis(700)];
const CLASH_AT = millis(200);
const BEGIN = seconds(4);
/** How much later where somebody is far away: several ways there and back. */
const FAR_BEGIN = seconds(20);
const FAR_DELAY = 2_000_000;
/** Writes that do not know of each other. */
const WRITES = 24;
/** How often all together look in the end: some of them may be down, and their clients ask nobody. */
const LOOKS = 72;
const LOSS_MAX = 20_000;
/** From the beginning of the story: all of it, and some time to come back in. */
const SHORT = seconds(20);
const LONG = seconds(120);

/** Draws a scenario on a tree of this shape and size. */
export function generateReturns(
  seed: string,
  tree: Pick<TreeOptions, "shape" | "cloudletsMin" | "cloudletsMax">,
): Scenario {
  const rng = new RngRoot(`${seed}/returns`).stream;
  const { cloudletsMin = CLOUDLETS_MIN, cloudletsMax = Math.max(cloudletsMin, CLOUDLETS_MAX) } = tree;
  const count = cloudletsMin + rng.fork("size").intInclusive(cloudletsMax - cloudletsMin);
  assert(count >= 2, "somebody who decides, and somebody who is away");
  const { names, uppers, delays } = drawNamedTree(rng.fork("tree"), tree.shape, count);
  const top = names[0] as string;
  const away = belowOrAt(pick(rng.fork("away"), names.slice(1)), names, uppers);
  const isBack = rng.fork("back").chance(HALF);
  const isFar = rng.fork("far").chance(QUARTER);
  const begin = isFar ? FAR_BEGIN : BEGIN;
  const firstCut = partitionOf(away, ...FIRST_CUT);
  const cut = partitionOf(away, begin + CUT_AT, isBack ? begin + HEALED_AT : null);
  // Somebody who is held to be gone for good, and is not.
  const isClosing = rng.fork("closing").chance(QUARTER);
  const decisions = drawDecisions(top, away, begin, rng.fork("decisions"));
  const far = isFar ? (away[0] as string) : null;
  return plainScenario({
    name: `detachments-${seed}`,
    shows: ["A4c"],
    seed,
    topology: topologyOf(
      names,
      uppers,
      (lower) => (lower === far ? FAR_DELAY : delays.get(lower)),
      rng.fork("topology"),
    ),
    script: [
      ...clash(away[0] as string, top),
      ...drawStory(
        { names, away: new Set(away), begin, writes: WRITES, isEven: true, looks: Math.ceil(LOOKS / names.length) },
        rng.fork("script"),
      ),
    ],
    detachments: isClosing ? decisions.map((one) => ({ ...one, kind: "close" })) : decisions,
    faults: isFar ? [firstCut] : [firstCut, cut, ...drawCrashes(away, begin, rng.fork("crashes"))],
    duration: rng.fork("length").chance(QUARTER) ? LONG : micros(begin + SHORT),
    settle: seconds(120),
    expectations: {
      ...sweepExpectations(false),
      sometimes: ["conflict", "partition", "partition-healed", "member-detached"],
    },
  });
}

function partitionOf(group: readonly string[], from: number, until: number | null): Fault {
  return { kind: "partition", groups: [group], from: instant(from), until: until === null ? null : instant(until) };
}

/** Two writes of one key on both sides of the short cut. */
function clash(lower: string, upper: string): readonly ScriptStep[] {
  return [lower, upper].map((cloudlet) => ({
    at: instant(CLASH_AT),
    cloudlet,
    session: `clash-${cloudlet}`,
    op: { kind: "put", key: `${PREFIX}clash`, value: `of ${cloudlet}` },
  }));
}

function topologyOf(
  names: readonly string[],
  uppers: ReadonlyMap<string, string>,
  delayOf: (lower: string) => number | undefined,
  rng: Rng,
): TopologySpec {
  const scope = scopeOf(rng);
  const edges = [...uppers].map(([lower, upper]) => ({ lower, upper }));
  const drawDirection = (lower: string): LinkDirectionSpec => {
    const delay = delayOf(lower) ?? 1_000 + rng.intInclusive(40_000);
    const [jitter, loss] = [rng.intInclusive(delay), rng.intInclusive(LOSS_MAX)];
    return {
      delay: micros(delay),
      ...(rng.chance(HALF) && jitter > 0 && { jitter: micros(jitter) }),
      ...(rng.chance(HALF) && loss > 0 && { loss }),
    };
  };
  return {
    cloudlets: names.map((name) => {
      const upper = uppers.get(name);
      return { name, ...(upper !== undefined && { upper }) };
    }),
    scopes: [scope],
    flows: edges.map(({ upper, lower }) => ({ scope: scope.name, upper, lower, direction: "both" })),
    links: edges.map(({ upper, lower }) => ({
      a: upper,
      b: lower,
      forth: drawDirection(lower),
      back: drawDirection(lower),
    })),
  };
}
