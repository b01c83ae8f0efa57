// Swarm testing (Groce, Zhang, Eide, Chen, Regehr, "Swarm testing", ISSTA 2012): a list of faults for a scenario, drawn from a seed.
// In each draw every kind is off with probability one half, since some failures show only when others do not get in their way; those
// that are on have drawn weights.
//
// A drawn run has two phases. Under the faults safety must hold. Then a drawn core is healed, what is broken elsewhere stays broken
// for good, and the core has to converge.
//
// Every kind, its weight, each fault and the core have streams of their own, named after them: a kind that is added to the table shifts
// nothing that others draw, but which of them are drawn. Leaves out putting it into the scenario's text (apply-swarm.ts).

import { pick, shuffled, type Rng } from "../../model/random.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { type FaultName, faultNames } from "../faults/table.ts";
import { drawQuirks } from "../quirks/draw.ts";
import type { Fault, QuirkSetting } from "../scenario/scenario.ts";
import { RngRoot } from "../kernel/rng.ts";
import type { FaultForm } from "../scenario/fault-places.ts";
import { siteBetween } from "../scenario/resolve-core.ts";
import { drawFault, type Ground } from "./draw-fault.ts";

/** What was drawn. */
export interface Swarm {
  /** Kinds that could be drawn, in the table's order. */
  readonly on: readonly FaultName[];
  readonly off: readonly FaultName[];
  readonly faults: readonly FaultForm[];
  readonly quirks: readonly QuirkSetting[];
  /** Who is healed in the end, in the order of the scenario. */
  readonly core: readonly string[];
}

const HALF = 500_000;
const QUARTER = 250_000;
const WEIGHT_MAX = 8;
/** Draws that come to nothing, one after another, before it is left at what there is. */
const VAIN_MAX = 20;
const FAULTS_MAX = 40;

/**
 * Draws faults, quirks and a core.
 *
 * @param wanted kinds that are on for certain, and drawn first: once each where the topology has a place for them, early and long
 * @param own those that the scenario has already
 */
export function drawSwarm(
  ground: Ground,
  topology: Topology,
  seed: string,
  wanted: readonly FaultName[] = [],
  own: readonly Fault[] = [],
): Swarm {
  const rng = new RngRoot(`${seed}/swarm`).stream;
  const drawnOn = faultNames.filter((kind) => wanted.includes(kind) || rng.fork(`kind/${kind}`).chance(HALF));
  const on = drawnOn.length > 0 ? drawnOn : [pick(rng.fork("kind"), faultNames)];
  const weighted = on.flatMap((kind) =>
    Array.from({ length: 1 + rng.fork(`weight/${kind}`).intInclusive(WEIGHT_MAX - 1) }, () => kind),
  );
  const size = rng.fork("size");
  const count = Math.min(
    FAULTS_MAX,
    1 + size.intInclusive(6) + size.intInclusive(Math.ceil(ground.cloudlets.length / 4)),
  );
  const faults: FaultForm[] = [];
  const busy = new Busy(own);
  for (const kind of wanted) {
    const stream = rng.fork(`wanted/${kind}`);
    for (let draw = 0; draw < VAIN_MAX; draw += 1) {
      const drawn = drawFault(kind, ground, stream.fork(`fault/${draw}`), true);
      if (drawn === null || !drawn.every((fault) => busy.takes(fault))) continue;
      faults.push(...drawn);
      break;
    }
  }
  let vain = 0;
  for (let draw = 0; faults.length < count && vain < VAIN_MAX; draw += 1) {
    const stream = rng.fork(`fault/${draw}`);
    const drawn = drawFault(pick(stream, weighted), ground, stream);
    if (drawn === null || !drawn.every((fault) => busy.takes(fault))) {
      vain += 1;
      continue;
    }
    vain = 0;
    faults.push(...drawn);
  }
  const off = faultNames.filter((kind) => !on.includes(kind));
  const quirks = drawQuirks(
    rng.fork("quirks"),
    ({ needsShortLogs }) => needsShortLogs !== true || (!ground.hasWholeLogs && !exchangesDisks(faults)),
  );
  return { on, off, faults, quirks, core: drawCore(topology, rng.fork("core")) };
}

// A backup does not tell which checkpoint was before it.
function exchangesDisks(faults: readonly FaultForm[]): boolean {
  return faults.some((fault) => "restoreBackup" in fault || "cloneDisk" in fault);
}

/** Of one cloudlet there is one pause, one speed of its disk and one other drift of its clock, so that none contradict. */
class Busy {
  readonly #taken = new Set<string>();

  /** A scenario's own may be several, one after the other: none is drawn beside them. */
  constructor(own: readonly Fault[]) {
    for (const fault of own) {
      if (fault.kind === "pause") this.#taken.add(`pause ${fault.cloudlet}`);
      else if (fault.kind === "slowDisk") this.#taken.add(`disk ${fault.cloudlet}`);
      else if (fault.kind === "clockDrift") this.#taken.add(`drift ${fault.cloudlet}`);
    }
  }

  takes(fault: FaultForm): boolean {
    const key =
      "pause" in fault
        ? `pause ${fault.pause}`
        : "slowDisk" in fault
          ? `disk ${fault.slowDisk}`
          : "clockDrift" in fault
            ? `drift ${fault.clockDrift}`
            : null;
    if (key === null) return true;
    if (this.#taken.has(key)) return false;
    this.#taken.add(key);
    return true;
  }
}

/** Somebody, and whoever is reached from there, replication neighbour by neighbour, until there are enough; every fourth time all. */
function drawCore(topology: Topology, rng: Rng): readonly string[] {
  const { cloudlets } = topology;
  const names = cloudlets.map(({ name }) => name);
  if (rng.chance(QUARTER)) return names;
  const wanted = Math.min(names.length, 2 + rng.intInclusive(names.length - 1));
  const core = new Set<string>();
  const edge = [pick(rng, cloudlets).id];
  while (edge.length > 0 && core.size < wanted) {
    const [next] = edge.splice(rng.intInclusive(edge.length - 1), 1);
    const name = next === undefined ? undefined : names[next];
    if (next === undefined || name === undefined || core.has(name)) continue;
    core.add(name);
    edge.push(...shuffled(rng, topology.neighbours(next)).map(({ peer }) => peer));
  }
  for (let missing = siteBetween(topology, core); missing !== null; missing = siteBetween(topology, core)) {
    core.add(missing.site);
  }
  return names.filter((name) => core.has(name));
}
