// Draws one fault of a kind for a topology and a duration, in the form that scenario files have: small ones and large ones, short and
// long, all within the load. Null where the topology has no place for that kind.
//
// Leaves out which kinds are on and how many faults there are (draw-swarm.ts).

import { unreachable } from "../../model/assert.ts";
import { pick, shuffled, type Rng } from "../../model/random.ts";
import { wireVersion } from "../../model/replication/wire.ts";
import type { FaultName } from "../faults/table.ts";
import type { FaultForm } from "../scenario/fault-places.ts";
import { showQuantity } from "../scenario/quantity.ts";

/** Where faults are drawn for. */
export interface Ground {
  readonly cloudlets: readonly { readonly name: string; readonly upper?: string }[];
  readonly links: readonly { readonly a: string; readonly b: string }[];
  /** Microseconds. */
  readonly duration: number;
  readonly clockBound: number;
  /** Checkpoints do not go together with disks that are exchanged. */
  readonly hasCheckpoints: boolean;
  /** No disk may lose what was on it, as where members are detached: those that do are not covered then (docs/model.md). */
  readonly keepsDisks: boolean;
  /** Logs can be neither short nor taken over by checkpoints. */
  readonly hasWholeLogs: boolean;
  /** Messages may go through their bytes, so that bits can flip and versions differ. */
  readonly mayEncode: boolean;
}

const HALF = 500_000;
const QUARTER = 250_000;
/** Faults that are never repaired, unless in the end. */
const OPEN = 300_000;
/** Turns that a fault which comes and goes has at most. */
const TURNS_MAX = 20;

const losesDisks: ReadonlySet<FaultName> = new Set(["lyingFsync", "bitRot", "restoreBackup", "cloneDisk"]);

/**
 * The faults that one draw of this kind gives: one, or with what makes it felt two; null where there is no place for it.
 *
 * @param isLong it begins early and lasts, so that most draws are felt
 */
export function drawFault(kind: FaultName, ground: Ground, rng: Rng, isLong = false): readonly FaultForm[] | null {
  const { cloudlets, links, duration } = ground;
  const names = cloudlets.map(({ name }) => name);
  if (names.length === 0 || (ground.keepsDisks && losesDisks.has(kind))) return null;
  const time = (micros: number): string => showQuantity("duration", readable(Math.max(1, Math.floor(micros))));
  const between = (from: number, to: number): number => Math.floor(from + rng.double() * (to - from));
  const begins = between(duration * 0.02, duration * (isLong ? 0.3 : 0.8));
  // Most are short against the run, some are not, and some are still there when the load ends.
  const isOpen = rng.chance(OPEN);
  const short = between(0.5, 1_000_000) * 0.000_001 * pick(rng, [0.02, 0.05, 0.1, 0.3]) * duration;
  const lasts = isOpen ? duration : isLong ? duration * 0.4 : short;
  const ends = Math.min(begins + lasts + 1, duration * (isOpen ? 1 : 0.95));
  const closed = { from: time(begins), until: time(Math.max(ends, readable(begins)) + 1_000) };
  const span = isOpen ? { from: closed.from } : closed;
  const at = { at: time(begins) };
  const back = { for: time(lasts) };
  const direction = pick(rng, ["both", "both", "forth", "back"] as const);
  const site = pick(rng, names);
  const how = pick(rng, ["crash", "cut"] as const);
  const crash = (cloudlet: string, disk: "keep" | "torn" | "lose", from: number): FaultForm => ({
    crash: cloudlet,
    at: time(from),
    for: time(lasts),
    ...(disk !== "keep" && { disk }),
    ...(rng.chance(750_000) && { when: "writesPending" as const }),
  });
  const link = links.length === 0 ? null : pick(rng, links);
  const ends2 = (one: { readonly a: string; readonly b: string }): [string, string] => [one.a, one.b];
  // Some of them, at least so many; null where there are not.
  const some = (least: number): string[] | null =>
    names.length < least
      ? null
      : shuffled(rng, names).slice(0, least + rng.intInclusive(Math.min(names.length - least, 8)));
  const length = Math.max(1, ends - begins);

  switch (kind) {
    case "linkDown":
      return link === null ? null : [{ linkDown: ends2(link), direction, ...span }];
    case "clog":
      return link === null ? null : [{ clog: ends2(link), direction, ...span }];
    case "degrade":
      if (link === null) return null;
      return [{ degrade: ends2(link), direction, ...drawHarm(ground, rng), ...span }];
    case "flapping": {
      if (link === null) return null;
      const turn = time(length / TURNS_MAX);
      return [{ flapping: ends2(link), down: turn, up: `exponential(${turn})`, direction, ...span }];
    }
    case "partition": {
      const count = 2 + rng.intInclusive(2);
      const groups = Array.from({ length: count }, (): string[] => []);
      for (const name of names) groups[rng.intInclusive(count - 1)]?.push(name);
      const filled = groups.filter((group) => group.length > 0);
      return filled.length < 2 ? null : [{ partition: filled, ...span }];
    }
    case "isolate":
      return [{ isolate: site, ...span }];
    case "cutSubtree": {
      const lower = cloudlets.filter(({ upper }) => upper !== undefined);
      return lower.length === 0 ? null : [{ cutSubtree: pick(rng, lower).name, ...span }];
    }
    case "ring": {
      const ring = some(4);
      if (ring === null) return null;
      const isApart = ({ a, b }: { readonly a: string; readonly b: string }): boolean => {
        const apart = Math.abs(ring.indexOf(a) - ring.indexOf(b));
        return ring.includes(a) && ring.includes(b) && apart > 1 && apart < ring.length - 1;
      };
      return links.some(isApart) ? [{ ring, ...span }] : null;
    }
    case "bridge": {
      const sides: [string[], string[]] = [[], []];
      for (const name of names) if (name !== site) sides[rng.intInclusive(1) as 0 | 1].push(name);
      const isAcross = links.some(
        ({ a, b }) => (sides[0].includes(a) && sides[1].includes(b)) || (sides[1].includes(a) && sides[0].includes(b)),
      );
      return isAcross ? [{ bridge: site, between: sides, ...span }] : null;
    }
    case "swizzle": {
      const chosen = some(2);
      return chosen === null ? null : [{ swizzle: chosen, ...closed }];
    }
    case "lyingFsync": {
      const lie = { lyingFsync: site, from: time(begins / 2), until: closed.until };
      return [lie, crash(site, "keep", begins)];
    }
    case "bitRot":
      return [{ bitRot: site, at: time(begins / 2), entries: 1 + rng.intInclusive(3) }, crash(site, "keep", begins)];
    case "slowDisk":
      return [{ slowDisk: site, sync: `exponential(${time(between(1_000, 500_000))})`, ...span }];
    case "fullDisk":
      return [{ fullDisk: site, ...span }];
    case "restoreBackup": {
      if (ground.hasCheckpoints) return null;
      const of = between(1, begins * 0.9);
      const restored: FaultForm = { restoreBackup: site, of: time(of), ...at, ...back };
      // Every other backup is older than the life that it ends.
      const death = { at: time((of + begins) / 2), for: time(Math.min(20_000, (begins - of) / 4)) };
      return rng.chance(HALF) ? [restored] : [{ crash: site, ...death }, restored];
    }
    case "cloneDisk": {
      if (ground.hasCheckpoints || names.length < 2) return null;
      const [source, target] = shuffled(rng, names) as [string, string];
      return [{ cloneDisk: source, to: target, ...at, ...back }];
    }
    case "crash": {
      const disk = pick(rng, ["keep", "keep", "keep", "keep", "keep", "torn", "torn", "lose"] as const);
      return [crash(site, ground.keepsDisks && disk === "lose" ? "keep" : disk, begins)];
    }
    case "pause":
      return [{ pause: site, clock: pick(rng, ["runs", "stands"] as const), ...span }];
    case "upgrade":
      return ground.mayEncode ? [{ upgrade: site, version: wireVersion, ...at, ...back }] : null;
    case "downgrade": {
      if (!ground.mayEncode) return null;
      const before = { upgrade: site, version: wireVersion, at: time(begins / 4), for: time(begins / 4) };
      return [before, { downgrade: site, version: 1, ...at, ...back }];
    }
    case "clockStep":
      return [{ clockStep: site, ...at, by: offset(rng, between(1_000, 2_000_000)) }];
    case "clockDrift":
      return [{ clockDrift: site, by: `${rng.intInclusive(20_000) - 10_000}ppm`, ...span }];
    case "clockSlew":
      return [{ clockSlew: site, ...at, by: offset(rng, between(100, length / 2_000 + 200)) }];
    case "clockStrobe": {
      const every = time(Math.max(length / TURNS_MAX, 1_000));
      return [{ clockStrobe: site, by: offset(rng, between(1_000, 1_000_000)), every, ...span }];
    }
    case "farFuture": {
      const by = time(ground.clockBound * 2 + between(0, duration));
      return [{ farFuture: site, ...at, by, ...(rng.chance(HALF) && !isOpen && { for: time(ends - begins) }) }];
    }
    case "churn": {
      const chosen = some(1);
      const turn = time((length * 2) / TURNS_MAX);
      return chosen === null
        ? null
        : [{ churn: chosen, up: `exponential(${turn})`, down: `exponential(${turn})`, how, ...span }];
    }
    case "massReturn": {
      const chosen = some(2);
      return chosen === null ? null : [{ massReturn: chosen, how, ...closed }];
    }
    case "cascade": {
      const uppers = new Set(cloudlets.flatMap(({ upper }) => upper ?? []));
      if (uppers.size === 0) return null;
      const first = pick(rng, ["bottom", "top"] as const);
      const every = time(length / 4);
      return [{ cascade: pick(rng, [...uppers]), every, ...back, first, how, from: span.from }];
    }
    default:
      return unreachable(kind);
  }
}

/** In whole milliseconds, where that leaves something to read. */
function readable(micros: number): number {
  return micros < 10_000 ? micros : Math.floor(micros / 1_000) * 1_000;
}

function offset(rng: Rng, size: number): string {
  return showQuantity("offset", Math.max(1, Math.floor(size)) * (rng.chance(HALF) ? 1 : -1));
}

/** One to three things that a link does worse. */
function drawHarm({ duration, mayEncode }: Ground, rng: Rng): Partial<Extract<FaultForm, { degrade: unknown }>> {
  const share = (most: number): string => `${1_000 + rng.intInclusive(most)}ppm`;
  const some = (most: number): string => showQuantity("duration", 1_000 + rng.intInclusive(Math.floor(most)));
  const longest = Math.min(duration / 20, 1_000_000);
  const harms = [
    (): object => ({ loss: share(300_000) }),
    (): object => ({ duplication: share(300_000) }),
    (): object => ({ reordering: share(300_000), reorderDelay: some(longest) }),
    (): object => ({ delay: some(longest) }),
    (): object => ({ jitter: some(longest) }),
    (): object => ({ bandwidth: `${10 + rng.intInclusive(990)}kbit` }),
    ...(mayEncode && rng.chance(QUARTER) ? [(): object => ({ corruption: share(50_000) })] : []),
  ];
  const chosen = shuffled(rng, harms).slice(0, 1 + rng.intInclusive(2));
  return Object.assign({}, ...chosen.map((harm) => harm())) as object;
}
