// What a run did over time, for plots: how long records took to become visible in each layer, what every link carried, how
// many keys had open siblings, how many records waited where. Time is cut into slices of one width; whatever can be
// counted as it happens is counted, the rest is looked at when a slice is over.
//
// Leaves out drawing (plot.ts), and sums over the whole run, which the report has.

import type { CloudletId } from "../../model/ids.ts";
import type { Instant } from "../../model/units.ts";
import { Histogram } from "../kernel/histogram.ts";
import type { SessionTruth } from "../oracles/session-truth.ts";
import { siblingVersion } from "../oracles/sibling-version.ts";
import type { Truth } from "../oracles/truth.ts";
import { cloudletText, sessionText } from "../oracles/words.ts";
import type { Redundancy } from "../run/redundancy.ts";
import type { Watcher } from "../run/run.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { World } from "../world.ts";

/** One line of a plot: a value per slice, null where there is none. */
export interface Line {
  readonly label: string;
  readonly values: readonly (number | null)[];
}

/** A request that resolved open siblings. */
export interface Resolution {
  /** When it was asked for. */
  readonly at: number;
  readonly key: string;
  /** Who asked, and where. */
  readonly session: string;
  readonly cloudlet: string;
  /** How many versions stood there, which it replaced. */
  readonly ended: number;
  readonly value: string;
}

/** What a run did over time. Plain data. */
export interface RunSeries {
  /** Microseconds of one slice. */
  readonly width: number;
  /** When the run ended. */
  readonly end: number;
  /** Microseconds until visible, by layer of the cloudlet that received: the middle one and the slowest one in a hundred. */
  readonly visibleP50: readonly Line[];
  readonly visibleP99: readonly Line[];
  /** Bytes per second by direction of a link, those that carried most; and over all links. */
  readonly links: readonly Line[];
  readonly linksTogether: readonly Line[];
  /** Of these, bytes per second of records that came where they were known: links with most, and all. */
  readonly redundant: readonly Line[];
  /** Keys with open siblings at the end of each slice: at some cloudlet, and at the one that has most of them. */
  readonly siblings: readonly Line[];
  /** Records that waited for their past at the end of each slice, by cloudlet: those with most, and all together. */
  readonly waiting: readonly Line[];
  /** In the order in which they were asked for. */
  readonly resolutions: readonly Resolution[];
}

/** Slices that the load is cut into, and that a run is cut into at most. */
const LOAD_SLICES = 160;
const SLICES_MAX = 800;
/** Lines of one plot. */
const LINES_MAX = 7;
/** Layers of a deep tree that have a line of their own; those below are one. */
const LAYERS_MAX = 7;

/** Follows one run. */
export class SeriesWatcher implements Watcher {
  readonly #world: World;
  readonly #truth: Truth;
  readonly #redundancy: Redundancy;
  readonly #width: number;
  #slice = 0;
  // By layer and slice; null where nothing became visible.
  readonly #visible: (Histogram | undefined)[][];
  // By channel what it had carried when it was last looked at, and what it carried in each slice; and what of it in vain.
  readonly #carried: number[] = [];
  readonly #bytes: number[][] = [];
  readonly #wasted: number[] = [];
  readonly #redundant: number[][] = [];
  readonly #waiting: number[][];
  // By cloudlet the keys with siblings, and by key how many cloudlets have them.
  readonly #open: Set<number>[];
  readonly #openAt = new Map<number, number>();
  readonly #openKeys: number[] = [];
  readonly #openMost: number[] = [];
  readonly #resolutions: Resolution[] = [];

  constructor(scenario: Scenario, world: World, truth: Truth, redundancy: Redundancy) {
    this.#world = world;
    this.#truth = truth;
    this.#redundancy = redundancy;
    const { duration, settle } = scenario;
    this.#width = Math.max(1, Math.ceil(Math.max(duration / LOAD_SLICES, (duration + settle) / SLICES_MAX)));
    const { cloudlets } = world.topology;
    this.#visible = Array.from({ length: 1 + Math.max(...cloudlets.map(({ depth }) => depth)) }, () => []);
    this.#waiting = cloudlets.map(() => []);
    this.#open = cloudlets.map(() => new Set());
  }

  // --- as it happens ---

  applied(at: Instant, cloudlet: CloudletId, record: number, _from: CloudletId | null, isAgain: boolean): void {
    if (isAgain || this.#truth.originOf.data[record] === (cloudlet as number)) return;
    const latency = at - (this.#truth.requestedAt.data[record] as number);
    const layer = this.#visible[this.#world.topology.cloudlets[cloudlet]?.depth ?? 0];
    if (latency < 0 || layer === undefined) return;
    (layer[Math.floor(at / this.#width)] ??= new Histogram()).record(latency);
  }

  written(_at: Instant, record: number, session: SessionTruth): void {
    const truth = this.#truth;
    if (session.open?.op.kind !== "resolve") return;
    this.#resolutions.push({
      at: truth.requestedAt.data[record] as number,
      key: truth.keyNames[truth.keyOf.data[record] as number] ?? "",
      session: sessionText(session),
      cloudlet: cloudletText(truth, session.cloudlet),
      ended: truth.overwritten.of(record).length,
      value: siblingVersion(truth, record).value ?? "",
    });
  }

  settled(_at: Instant, cloudlet: CloudletId, key: number): void {
    const core = this.#truth.cores[cloudlet];
    const isOpen = core !== null && core !== undefined && core.versions(this.#truth.keyNames[key] ?? "").length > 1;
    this.#setOpen(cloudlet, key, isOpen);
  }

  restarted(_at: Instant, cloudlet: CloudletId): void {
    for (const key of [...(this.#open[cloudlet] ?? [])]) this.#setOpen(cloudlet, key, false);
  }

  // --- when a slice is over ---

  look(now: Instant): Instant {
    // Slices in which nothing happened end as the one before them.
    for (; this.#slice * this.#width <= now; this.#slice += 1) this.#closeSlice();
    return (this.#slice * this.#width) as Instant;
  }

  /** The series as far as the run went; call it when it is over. */
  series(): RunSeries {
    const end = this.#world.now;
    const count = Math.ceil(end / this.#width);
    // The last slice is rarely a whole one. What the first look found, before anything happened, is no slice.
    if (this.#openKeys.length <= count) this.#closeSlice();
    const ofSlices = (values: readonly number[]): readonly number[] => values.slice(1, count + 1);
    const { cloudlets, links } = this.#world.topology;
    const name = (cloudlet: number): string => cloudlets[cloudlet]?.name ?? "";
    const perSecond = 1_000_000 / this.#width;
    const rateOf = (bytes: readonly number[], index: number): Line => {
      const link = links[index >> 1];
      const [from, to] = index % 2 === 0 ? [link?.a, link?.b] : [link?.b, link?.a];
      const values = ofSlices(bytes).map((value) => Math.round(value * perSecond));
      return { label: `${name(from ?? -1)} -> ${name(to ?? -1)}`, values };
    };
    const channels = this.#bytes.map(rateOf);
    const redundant = this.#redundant.map(rateOf);
    const layers = this.#layers();
    const percentiles = (percent: number): Line[] =>
      layers.flatMap(({ label, slices }) => {
        if (slices.length === 0) return [];
        const values = Array.from({ length: count }, (_, slice) => slices[slice]?.percentile(percent) ?? null);
        return { label, values };
      });
    const waiting = this.#waiting.map((values, cloudlet) => ({ label: name(cloudlet), values: ofSlices(values) }));
    return {
      width: this.#width,
      end,
      visibleP50: percentiles(50),
      visibleP99: percentiles(99),
      links: mostOf(channels, sumOf),
      linksTogether: [together("all links", channels, count)],
      redundant: [...mostOf(redundant, sumOf), together("all links", redundant, count)],
      siblings: [
        { label: "at some cloudlet", values: ofSlices(this.#openKeys) },
        { label: "at the cloudlet with most", values: ofSlices(this.#openMost) },
      ],
      waiting: [...mostOf(waiting, maxOf), together("all cloudlets together", waiting, count)],
      resolutions: this.#resolutions,
    };
  }

  /** What became visible by layer; the deepest layers of a deep tree as one. */
  #layers(): readonly { readonly label: string; readonly slices: readonly (Histogram | undefined)[] }[] {
    const own = this.#visible.slice(0, LAYERS_MAX).map((slices, depth) => ({ label: `layer ${depth}`, slices }));
    const deeper = this.#visible.slice(LAYERS_MAX);
    if (deeper.length === 0) return own;
    const merged: (Histogram | undefined)[] = [];
    for (const slices of deeper) {
      for (const [slice, histogram] of slices.entries()) {
        if (histogram !== undefined) (merged[slice] ??= new Histogram()).merge(histogram);
      }
    }
    const last = this.#visible.length - 1;
    return [
      ...own,
      { label: last === LAYERS_MAX ? `layer ${last}` : `layers ${LAYERS_MAX} to ${last}`, slices: merged },
    ];
  }

  #closeSlice(): void {
    for (const { index, channel } of this.#world.ways.hops) {
      const bytes = (this.#bytes[index] ??= new Array<number>(this.#slice).fill(0));
      bytes.push(channel.bytes - (this.#carried[index] ?? 0));
      this.#carried[index] = channel.bytes;
      const wasted = this.#redundancy.of(index);
      (this.#redundant[index] ??= new Array<number>(this.#slice).fill(0)).push(wasted - (this.#wasted[index] ?? 0));
      this.#wasted[index] = wasted;
    }
    for (const [cloudlet, waiting] of this.#waiting.entries()) {
      waiting.push(this.#truth.cores[cloudlet]?.pending().length ?? 0);
    }
    this.#openKeys.push(this.#openAt.size);
    this.#openMost.push(this.#open.reduce((most, { size }) => Math.max(most, size), 0));
  }

  #setOpen(cloudlet: CloudletId, key: number, isOpen: boolean): void {
    const open = this.#open[cloudlet];
    if (open === undefined || open.has(key) === isOpen) return;
    if (isOpen) open.add(key);
    else open.delete(key);
    const count = (this.#openAt.get(key) ?? 0) + (isOpen ? 1 : -1);
    if (count === 0) this.#openAt.delete(key);
    else this.#openAt.set(key, count);
  }
}

/** The lines that weigh most, in order; lines of nothing are left out. */
export function mostOf(lines: readonly Line[], weightOf: (line: Line) => number): readonly Line[] {
  return lines
    .map((line) => ({ line, weight: weightOf(line) }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, LINES_MAX)
    .map(({ line }) => line);
}

/** All lines added up. */
function together(label: string, lines: readonly Line[], count: number): Line {
  const values = new Array<number>(count).fill(0);
  for (const line of lines) {
    for (let slice = 0; slice < count; slice += 1)
      values[slice] = (values[slice] as number) + (line.values[slice] ?? 0);
  }
  return { label, values };
}

function sumOf({ values }: Line): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0);
}

function maxOf({ values }: Line): number {
  return values.reduce<number>((most, value) => Math.max(most, value ?? 0), 0);
}
