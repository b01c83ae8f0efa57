// Draws scenarios in which members are detached while they are cut off, come back in time or only when everything is healed, and
// have written in place of what others have deleted meanwhile. A world of its own beside generate.ts: there a delete and a write
// that do not know of each other, on both sides of a long cut, are too rare to prove anything.
//
// 1. Everybody comes to know the same few values. 2. A subtree is cut off. 3. On both sides people write and delete. 4. The highest
// cloudlet detaches those that are cut off, some of them twice over. 5. More writes and deletes. 6. The cut heals, or does not.
// 7. People look, everywhere, and write on.
//
// In one of four nothing is cut off: the subtree is far away instead, and all between it and the others takes seconds. So it hears
// that it was detached, and says that it is back, while others who know nothing of that still collect without it.

import { pick, type Rng } from "../../model/random.ts";
import type { ScopeSpec, TopologySpec } from "../../model/topology/spec.ts";
import { instant, micros, millis, seconds } from "../../model/units.ts";
import { RngRoot } from "../kernel/rng.ts";
import { plainScenario } from "../scenario/plain.ts";
import type { Detachment, Fault, Scenario, ScriptStep } from "../scenario/scenario.ts";
import { sweepExpectations } from "./generate.ts";

const HALF = 500_000;
/** How much later everything is where somebody is far away: the first values have to get there. */
const LATER = seconds(15);
/** When they are cut off and when that is over, from the beginning of the story. */
export const CUT_AT = seconds(1);
export const HEALED_AT = seconds(8);
const DECIDED_AT = seconds(3);
/** Writes that do not know of each other. */
const WRITES = 16;
/** How often each looks in the end. */
const LOOKS = 4;
/** Long enough for deletes that nobody waits for to be overdue (oracles/overdue-deletes.ts). */
const DURATION = seconds(120);
/** Of all keys. */
export const PREFIX = "things/";

/** Draws a scenario from a seed. */
export function generateDetachments(seed: string): Scenario {
  const rng = new RngRoot(`${seed}/detachments`).stream;
  const names = ["top", "one", "two", "three", "four"].slice(0, 3 + rng.fork("size").intInclusive(2));
  const uppers = drawUppers(names, rng.fork("tree"));
  const away = belowOrAt(pick(rng.fork("away"), names.slice(1)), names, uppers);
  const isBack = rng.fork("back").chance(HALF);
  const isFar = rng.fork("far").chance(HALF / 2);
  const cut: Fault = {
    kind: "partition",
    groups: [away],
    from: instant(CUT_AT),
    until: isBack ? instant(HEALED_AT) : null,
  };
  const begin = isFar ? LATER : 0;
  return plainScenario({
    name: `detachments-${seed}`,
    shows: ["A4c"],
    seed,
    topology: topologyOf(names, uppers, isFar ? (away[0] ?? null) : null, rng.fork("topology")),
    script: drawStory(
      { names, away: new Set(away), begin, writes: WRITES, isEven: false, looks: LOOKS },
      rng.fork("script"),
    ),
    detachments: drawDecisions("top", away, begin, rng.fork("decisions")),
    faults: isFar ? [] : [cut, ...drawCrashes(away, 0, rng.fork("crashes"))],
    duration: DURATION,
    settle: seconds(120),
    expectations: { ...sweepExpectations(true), sometimes: ["member-detached"] },
  });
}

function drawUppers(names: readonly string[], rng: Rng): ReadonlyMap<string, string> {
  return new Map(names.slice(1).map((name, at) => [name, pick(rng, names.slice(0, at + 1))]));
}

/** A cloudlet and all below it; of `names`, which has every upper before its lowers. */
export function belowOrAt(
  top: string,
  names: readonly string[],
  uppers: ReadonlyMap<string, string>,
): readonly string[] {
  const found = new Set([top]);
  for (const name of names) if (found.has(uppers.get(name) ?? "")) found.add(name);
  return [...found];
}

function topologyOf(
  names: readonly string[],
  uppers: ReadonlyMap<string, string>,
  far: string | null,
  rng: Rng,
): TopologySpec {
  const scope = scopeOf(rng);
  const edges = names.slice(1).map((lower) => ({ lower, upper: uppers.get(lower) ?? "" }));
  return {
    cloudlets: names.map((name) => ({ name, ...(uppers.has(name) && { upper: uppers.get(name) ?? "" }) })),
    scopes: [scope],
    flows: edges.map(({ upper, lower }) => ({ scope: scope.name, upper, lower, direction: "both" })),
    links: edges.map(({ upper, lower }) => ({
      a: upper,
      b: lower,
      forth: { delay: micros((lower === far ? 2_000_000 : 1_000) + rng.intInclusive(40_000)) },
    })),
  };
}

/** A scope that collects deletes. */
export function scopeOf(rng: Rng): ScopeSpec {
  const resolver = pick(rng, ["return-them-all", "lww-hlc", "by-hand"] as const);
  return { name: "things", prefix: PREFIX, resolver, collect: micros(50_000 + rng.intInclusive(250_000)) };
}

/** The highest cloudlet detaches all that are away, every other one twice. */
export function drawDecisions(
  decides: string,
  away: readonly string[],
  begin: number,
  rng: Rng,
): readonly Detachment[] {
  return away.flatMap((member): Detachment[] => {
    const at = instant(begin + DECIDED_AT + rng.intInclusive(1_000_000));
    const first: Detachment = { at, kind: "detach", decides, member };
    if (rng.chance(HALF)) return [first];
    return [first, { ...first, at: instant(at + rng.intInclusive(3_000_000)) }];
  });
}

/** Processes of those that are away, which come back with their disk. */
export function drawCrashes(away: readonly string[], begin: number, rng: Rng): readonly Fault[] {
  return away.flatMap((cloudlet): Fault[] => {
    if (rng.chance(HALF)) return [];
    const at = instant(begin + CUT_AT + rng.intInclusive(10_000_000));
    return [{ kind: "crash", cloudlet, at, after: micros(10_000 + rng.intInclusive(2_000_000)), disk: "keep" }];
  });
}

/** Who writes and deletes, and when. */
export interface Story {
  readonly names: readonly string[];
  readonly away: ReadonlySet<string>;
  /** When everybody knows the first values. */
  readonly begin: number;
  /** Writes that do not know of each other. */
  readonly writes: number;
  /** Half of these by those that are away, however few they are. */
  readonly isEven: boolean;
  /** How often each looks in the end, after the healing. */
  readonly looks: number;
}

/** What clients ask for, all along. */
export function drawStory({ names, away, begin, writes, isEven, looks }: Story, rng: Rng): readonly ScriptStep[] {
  const staying = names.filter((name) => !away.has(name));
  const steps: ScriptStep[] = [];
  const keys = ["a", "b", "c", "d"].map((name) => `${PREFIX}${name}`);
  const add = (at: number, cloudlet: string, op: ScriptStep["op"]): void => {
    steps.push({ at: instant(at), cloudlet, session: `s-${cloudlet}`, op });
  };
  for (const [at, key] of keys.entries()) add(millis(100) + at, pick(rng, names), { kind: "put", key, value: "first" });
  for (const name of names)
    for (const [at, key] of keys.entries()) add(begin + millis(800) + at, name, { kind: "get", key });
  // While some are cut off, before and after they are detached; of those that stay most delete.
  for (let count = 0; count < writes; count += 1) {
    const name = pick(rng, isEven ? (count % 2 === 0 ? [...away] : staying) : names);
    const key = pick(rng, keys);
    const at = begin + CUT_AT + 200_000 + rng.intInclusive(HEALED_AT - CUT_AT - 400_000);
    const isDelete = rng.chance(away.has(name) ? HALF / 5 : HALF + HALF / 2);
    if (rng.chance(HALF)) add(at - 1_000, name, { kind: "get", key });
    add(at, name, isDelete ? { kind: "delete", key } : { kind: "put", key, value: `${name} ${count}` });
  }
  for (const name of names) {
    for (let count = 0; count < looks; count += 1) {
      const at = begin + HEALED_AT + rng.intInclusive(6_000_000);
      add(at, name, { kind: "scan", prefix: PREFIX });
      if (count === looks - 1 && rng.chance(HALF))
        add(at + 1_000, name, { kind: "put", key: pick(rng, keys), value: `${name} late` });
    }
  }
  return steps.sort((one, other) => one.at - other.at);
}
