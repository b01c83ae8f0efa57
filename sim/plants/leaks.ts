// Planted leaks: cores whose surroundings let something of the real machine in, so that a run is no function of its seed any more.
// No oracle is there to see them; running twice is (twice/repeater.ts), and each must be caught by that. They are never in a sweep.
//
// Leaves out planted bugs of the core and its machines, which oracles catch (plants.ts).

import { randomInt } from "node:crypto";
import type { Effect, ReplicationCore } from "../../model/replication/io.ts";
import type { Duration } from "../../model/units.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import type { RunOptions } from "../run/run.ts";
import { Enclosed } from "./enclosed.ts";
import { plantNamed, plantOptions } from "./plants.ts";
import { quirkPlants } from "./quirk-plants.ts";

/** One leak. */
export interface Leak {
  readonly name: string;
  /** The leak in one sentence. */
  readonly says: string;
  /** Puts a core into surroundings that leak. */
  readonly enclose: (core: ReplicationCore) => ReplicationCore;
}

const MICROSECONDS = 1_000;

/** Neighbours in the order in which anybody in this thread first sent them records: it outlives the run. */
const everServed = new Set<number>();

function byFirstServed(effects: readonly Effect[]): readonly Effect[] {
  for (const effect of effects) {
    if (effect.kind === "send" && effect.message.kind === "records") everServed.add(effect.to);
  }
  const places = new Map([...everServed].map((cloudlet, place) => [cloudlet, place]));
  const sends = effects.filter((effect) => effect.kind === "send");
  sends.sort((one, other) => (places.get(one.to) ?? -1) - (places.get(other.to) ?? -1));
  return [...effects.filter((effect) => effect.kind !== "send"), ...sends];
}

function rolled(effect: Effect): Effect {
  if (effect.kind !== "arm") return effect;
  const [min, max] = effect.after;
  const after = (min === max ? min : randomInt(min, max + 1)) as Duration;
  return { ...effect, after: [after, after] };
}

/** All leaks. */
export const leakTable: readonly Leak[] = [
  {
    name: "leaks-wall-clock",
    says: "What a core is told of the time carries some of the machine's own clock.",
    enclose: (core) =>
      new Enclosed(core, {
        tell: ({ monotonic, wall }) => ({
          monotonic,
          wall: wall + (Math.floor(wallclockMilliseconds() * MICROSECONDS) % MICROSECONDS),
        }),
      }),
  },
  {
    name: "leaks-dice",
    says: "Timers are drawn from the machine's own source of chance.",
    enclose: (core) => new Enclosed(core, { want: (effects) => effects.map(rolled) }),
  },
  {
    name: "leaks-order",
    says: "Messages of one step leave in the order of a set that outlives the run.",
    enclose: (core) => new Enclosed(core, { want: byFirstServed }),
  },
];

/** The options of a run with a planted bug or leak of any kind; none for null, and for a name that is neither. */
export function bugOptions(name: string | null): Pick<RunOptions, "plant" | "machineBugs" | "enclose"> {
  if (name === null) return {};
  const around = [...leakTable, ...quirkPlants].find((known) => known.name === name);
  if (around !== undefined) return { enclose: around.enclose };
  const plant = plantNamed(name);
  return plant === null ? {} : plantOptions(plant);
}
