// Draws scenarios with operations and disks that do not keep them: those of generate-operations.ts, in which some cloudlets come back with
// empty disks, with backups, with copies of others' disks, or without what their disks had lied about. Leaves out other worlds with
// such disks (generate-disks.ts).

import { pick, shuffled, type Rng } from "../../model/random.ts";
import { instant, micros, millis, seconds, type Duration } from "../../model/units.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { Fault, Scenario } from "../scenario/scenario.ts";
import { generateOperations } from "./generate-operations.ts";

/** How a disk is lost. */
export type DiskLoss = "lose" | "restore" | "clone" | "lie" | "rot";

const THIRD = 333_333;

const losses: readonly DiskLoss[] = ["lose", "restore", "clone", "lie", "rot"];

/**
 * Draws a scenario from a seed.
 *
 * @param kinds how disks may be lost; left out: in every way
 * @param forgetting do most planes keep on those disks what they have done?
 */
export function generateLostDisks(seed: string, kinds: readonly DiskLoss[] = losses, forgetting = false): Scenario {
  const rng = new RngRoot(`${seed}/lost-disks`).stream;
  const drawn = generateOperations(seed);
  const names = drawn.topology.cloudlets.map(({ name }) => name);
  const lost = shuffled(rng, names).slice(0, 1 + rng.intInclusive(2));
  const faults = lost.flatMap((cloudlet, at) => {
    const others = names.filter((name) => name !== cloudlet);
    return lossOf(pick(rng, kinds), cloudlet, pick(rng, others), drawn.duration, rng.fork(`loss ${at}`));
  });
  // Crashes of every day stay: some disks are lost in between.
  const expectations = { ...drawn.expectations, sometimes: [] };
  const world = { ...drawn, name: `lost-disks-${seed}`, faults: [...drawn.faults, ...faults], expectations };
  return forgetting ? withForgetfulPlanes(world, rng.fork("memory")) : world;
}

/**
 * The same world, in which one of three times where people ask for operations one cloudlet comes back with another disk, or without the end of
 * its own: an issuer, a target, or whoever is between them.
 */
export function withLostDisk(scenario: Scenario): Scenario {
  const rng = new RngRoot(`${scenario.seed}/lost-disk`).stream;
  const hasIssuers = (scenario.operations?.issuers ?? []).length > 0;
  if (!hasIssuers || scenario.aliveness !== undefined || !rng.chance(THIRD)) return scenario;
  const [cloudlet, source] = shuffled(
    rng,
    scenario.topology.cloudlets.map(({ name }) => name),
  ) as [string, string];
  const faults = lossOf(pick(rng, losses), cloudlet, source, scenario.duration, rng.fork("loss"));
  return withForgetfulPlanes({ ...scenario, faults: [...scenario.faults, ...faults] }, rng.fork("memory"));
}

// Three planes in four live on the disks of their cloudlets, but for those that are not there or live on a store of several members.
function withForgetfulPlanes(scenario: Scenario, rng: Rng): Scenario {
  const { operations } = scenario;
  if (operations === undefined) return scenario;
  const apart = [...operations.missing, ...(operations.stores ?? [])];
  const forgetful = scenario.topology.cloudlets
    .flatMap(({ name }) => (["control", "management"] as const).map((plane) => ({ cloudlet: name, plane })))
    .filter(
      ({ cloudlet, plane }) => rng.chance(750_000) && !apart.some((o) => o.cloudlet === cloudlet && o.plane === plane),
    );
  return { ...scenario, operations: { ...operations, forgetful } };
}

function lossOf(kind: DiskLoss, cloudlet: string, source: string, duration: Duration, rng: Rng): readonly Fault[] {
  const at = instant(seconds(4) + rng.intInclusive(duration - seconds(8)));
  const after = micros(10_000 + rng.intInclusive(3_000_000));
  const before = instant(at - 50_000 - rng.intInclusive(seconds(3)));
  const crash: Fault = { kind: "crash", cloudlet, at, after, disk: "keep" };
  switch (kind) {
    case "lose":
      return [{ kind: "crash", cloudlet, at, after, disk: "lose" }];
    case "restore":
      return [{ kind: "restoreBackup", cloudlet, of: before, at, after }];
    case "clone":
      return [{ kind: "cloneDisk", source, cloudlet, at, after }];
    case "lie":
      return [{ kind: "lyingFsync", cloudlet, from: before, until: instant(at + millis(50)) }, crash];
    case "rot":
      return [{ kind: "bitRot", cloudlet, at: before, entries: 1 + rng.intInclusive(5) }, crash];
  }
}
