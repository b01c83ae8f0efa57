// Facts on operations: what must hold in drawn small worlds of control layers, judged by what planes were really told
// (sim/operations). What may deviate is the control layer: its planted bugs.
//
// Leaves out what the replicas beneath must keep, which oracles judge.

import type { ControlRules } from "../../model/control/rules.ts";
import { hardOperations, runDrawn, type DrawnOperations } from "../operations/drawn.ts";
import { controlPlantNamed, controlPlants, keepsHanded } from "../operations/plants.ts";
import { type Fact, Trial } from "./fact.ts";

const WORLD_COUNT = 60;
const plain = (world: DrawnOperations): DrawnOperations => world;

interface Judged {
  readonly violations: readonly string[];
  readonly endedCount: number;
}

function judged(world: DrawnOperations, rules?: () => Partial<ControlRules>): Judged {
  const { violations, ended } = runDrawn(world, rules);
  return { violations, endedCount: ended.size };
}

// Many facts look at the same right worlds, each for something else: each is run once.
const rightWorlds = new Map<number, Judged>();

function rightWorld(seed: number): Judged {
  const known = rightWorlds.get(seed) ?? judged(hardOperations(seed));
  rightWorlds.set(seed, known);
  return known;
}

// A fact is broken by what its symptom says, whatever else a planted bug breaks.
function factOf(
  name: string,
  says: string,
  symptom: RegExp,
  plants: readonly string[],
  of: (world: DrawnOperations) => DrawnOperations = plain,
): Fact {
  return {
    name,
    says,
    deviations: plants.map((plant) => ({ name: plant, says: controlPlantNamed(plant)?.says ?? "" })),
    try(deviation) {
      const trial = new Trial();
      const plant = deviation === null ? null : controlPlantNamed(deviation);
      for (let seed = 1; seed <= WORLD_COUNT && !trial.isBroken; seed += 1) {
        const world = of(hardOperations(seed));
        const isShared = plant === null && of === plain;
        const { violations, endedCount } = isShared ? rightWorld(seed) : judged(world, plant?.rules);
        const found = violations.find((violation) => symptom.test(violation));
        if (endedCount > 0 || found !== undefined) trial.expect(found === undefined, () => `world ${seed}: ${found}`);
      }
      return trial.end();
    },
  };
}

const chain = (seed: number): DrawnOperations => ({ ...hardOperations(seed), shape: [-1, 0, 1], records: 1_000 });
const away = (seed: number): DrawnOperations => ({
  ...chain(seed),
  away: true,
  cuts: false,
  crashes: false,
  requests: 200,
});

const custody: Fact = {
  name: "operations-custody",
  says: "Custody that is handed down loses nothing, and less than half as much stands at the top as where every layer keeps a copy.",
  deviations: [...controlPlants.filter(({ name }) => name === "removes-unreceipted"), keepsHanded].map(
    ({ name, says }) => ({ name, says }),
  ),
  try(deviation) {
    const trial = new Trial();
    const rules = deviation === keepsHanded.name ? keepsHanded.rules : controlPlantNamed(deviation ?? "")?.rules;
    let [shared, distributed] = [0, 0];
    for (let seed = 1; seed <= WORLD_COUNT / 2 && !trial.isBroken; seed += 1) {
      const { violations } = runDrawn({ ...chain(seed), custody: "distributed" }, rules);
      trial.expect(violations.length === 0, () => `world ${seed}: ${violations[0] ?? ""}`);
      shared += runDrawn({ ...away(seed), custody: "shared" }).standingMax;
      distributed += runDrawn({ ...away(seed), custody: "distributed" }, rules).standingMax;
    }
    trial.expect(distributed * 2 < shared, () => `${distributed} stood at the top, ${shared} where all keep copies`);
    return trial.end();
  },
};

/** All of them. */
export const operationFacts: readonly Fact[] = [
  factOf(
    "operations-authority",
    "Operations are accepted for those below and where they are issued, and a tenant's of the management plane never.",
    /was accepted at|was accepted: a tenant's/,
    ["heeds-nobody"],
  ),
  factOf(
    "operations-end-once",
    "Every operation that is accepted ends once, as its target knows it, and the issuer is told.",
    /ended twice|has no end|and was not|and had not|and had begun|accepted twice/,
    ["tells-provisional", "end-beats-done"],
  ),
  factOf(
    "operations-act-once",
    "No plane is told of an operation twice, whatever crashes, is lost or comes again.",
    /handed to a plane twice|for which nobody asked/,
    ["intent-after-deed", "tells-again"],
  ),
  factOf(
    "operations-order",
    "An operation begins once what it comes after is done, and ends as that ends otherwise.",
    /began before|was carried out though|for want of/,
    ["never-waits", "never-cascades"],
  ),
  factOf(
    "operations-time",
    "An operation expires no earlier than its time is over, and does not begin when it is.",
    /time was over|before its time/,
    ["begins-late"],
  ),
  factOf("operations-caps", "No queue holds more than it may.", /keeps \d+ operations/, ["keeps-all"]),
  factOf(
    "operations-alone",
    "Cut off from everybody, a cloudlet with planes carries out what it is asked, to its end.",
    /has no end/,
    ["planes-need-uppers"],
    (world) => ({ ...world, alone: true }),
  ),
  factOf(
    "operations-planes",
    "An operation is carried out by a healthy plane of the cloudlet, or, where it has none, by its upper's over an open link.",
    /by a plane that is not there/,
    ["planes-out-of-nothing"],
    (world) => ({ ...world, planes: true }),
  ),
  factOf(
    "operations-closing",
    "What was given up ends while a record closes its target, and is not begun by a target that comes back and knows of it.",
    /has no end|ended twice|had ended since its target was closed/,
    ["closes-nothing", "begins-closed"],
    // Deep trees: word of what was given up takes its time there.
    (world) => ({ ...world, shape: [-1, 0, 1, 2, 0], closings: true, gone: world.seed % 2 === 0 }),
  ),
  factOf(
    "operations-replanned",
    "Whatever plans do to queues, an operation ends once, is begun once at most, and for somebody above its target.",
    /has no end|ended twice|handed to a plane twice|any more|had ended since its target was closed/,
    ["keeps-old-authority", "forgets-detached", "leaves-beside"],
    ({ seed, ...world }) => ({
      ...world,
      seed,
      shape: seed % 2 === 0 ? [-1, 0, 1, 1] : [-1, 0, 1],
      custody: seed % 3 === 0 ? "shared" : "distributed",
      plans: 2 + (seed % 2),
      away: seed % 4 !== 3,
      records: 50,
    }),
  ),
  custody,
];
