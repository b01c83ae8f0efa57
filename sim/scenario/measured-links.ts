/**
 * Measured series of links as links and faults. Faults only make links worse: so a link gets the best that it ever has, and does worse
 * whenever it has less.
 *
 * 1. What is measured of a link counts from the first line on; until then it is as the scenario says. The last line holds to the end.
 * 2. Before its first line a link is up. One that is down in the last line is down until the load ends.
 * 3. A line before the run begins says how the link is when it begins. Lines after the load are passed over.
 * 4. Of a round trip each direction takes half. Where both ends measured, each one's lines are for its own direction.
 */
import type { LinkDirectionSpec, LinkSpec } from "../../model/topology/spec.ts";
import { type Duration, instant, type Instant, micros } from "../../model/units.ts";
import type { Fidelity } from "../../workloads/importing/fidelity.ts";
import type { Series, SeriesLine } from "../../workloads/measured/series.ts";
import { noHarm } from "./no-harm.ts";
import type { Fault, LinkHarm } from "./scenario.ts";

/** A series with what its times are counted from. */
export interface PlacedSeries {
  readonly series: Series;
  /** What is to be taken from each time, microseconds. */
  readonly origin: number;
  readonly fidelity: Fidelity;
  /** Reports what is wrong with a line; null: its two ends are not those of a link. */
  readonly refuse: (line: SeriesLine, message: string | null) => void;
}

/** What a link is like from this time on. */
interface Step {
  readonly from: number;
  readonly value: number;
}

const MILLION = 1_000_000;

/** The faults of these series, and the links as they are without faults. */
export function replayLinks(
  all: readonly PlacedSeries[],
  links: readonly LinkSpec[],
  duration: Duration,
): { readonly faults: readonly Fault[]; readonly links: readonly LinkSpec[] } {
  const faults: Fault[] = [];
  const best = new Map(links.map((link) => [pairOf(link.a, link.b), link]));
  for (const placed of all) {
    const { series } = placed;
    const isOutage = series.kind === "outages";
    for (const [from, to, lines] of directionsOf(placed, best)) {
      const steps = stepsOf(lines, placed, duration);
      if (isOutage) faults.push(...downs(from, to, steps));
      else faults.push(...worsened(from, to, steps, series.kind === "delays", best));
    }
  }
  return { faults, links: links.map((link) => best.get(pairOf(link.a, link.b)) ?? link) };
}

function pairOf(a: string, b: string): string {
  return JSON.stringify(a < b ? [a, b] : [b, a]);
}

// The lines of each direction of each link, in the order in which each first comes up. Outages have no direction.
function directionsOf(
  { series, refuse }: PlacedSeries,
  links: ReadonlyMap<string, LinkSpec>,
): readonly (readonly [string, string, readonly SeriesLine[]])[] {
  const ways = new Map<string, [string, string, SeriesLine[]]>();
  for (const line of series.lines) {
    const { from, to } = line;
    const pair = pairOf(from, to);
    if (!links.has(pair)) {
      refuse(line, null);
      continue;
    }
    const key = series.kind === "outages" ? pair : JSON.stringify([from, to]);
    const way = ways.get(key) ?? [from, to, []];
    way[2].push(line);
    ways.set(key, way);
  }
  const found = [...ways.values()];
  if (!series.isRoundTrip) return found;
  const back = found.filter(([from, to]) => !ways.has(JSON.stringify([to, from])));
  return [...found, ...back.map(([from, to, lines]) => [to, from, lines] as const)];
}

// What holds when, from 0 on: no value twice in a row, and nothing at or after the end of the load.
function stepsOf(lines: readonly SeriesLine[], placed: PlacedSeries, duration: Duration): readonly Step[] {
  const { series, origin, fidelity, refuse } = placed;
  const steps: Step[] = [];
  let former: SeriesLine | null = null;
  for (const line of lines) {
    if (former?.time === line.time) {
      if (former.value === line.value) {
        fidelity.note("repaired", "a line that stands there twice: one of them counts", `line ${line.line}`);
        continue;
      }
      refuse(
        line,
        `expected one value of ${line.from} and ${line.to} at this time, found ${former.text} in line ${former.line} and ${line.text} here; keep one`,
      );
    }
    former = line;
    const from = line.time - origin;
    if (from >= duration) {
      fidelity.note("dropped", "a line of a time after the load", `line ${line.line}`);
      continue;
    }
    if (from < 0)
      fidelity.note(
        "assumed",
        "a line before the run begins: the last of them says how it is then",
        `line ${line.line}`,
      );
    const last = steps.at(-1);
    if (from <= 0 && last !== undefined) steps.pop();
    const before = steps.at(-1)?.value ?? (series.kind === "outages" ? 0 : null);
    if (before === line.value) {
      fidelity.note("read", "a line that says what is so already, and changes nothing");
      continue;
    }
    steps.push({ from: Math.max(0, from), value: line.value });
  }
  return steps;
}

function downs(a: string, b: string, steps: readonly Step[]): readonly Fault[] {
  return steps.flatMap(({ from, value }, at): Fault[] =>
    value === 0 ? [] : [{ kind: "linkDown", a, b, direction: "both", ...spanOf(from, steps[at + 1]?.from) }],
  );
}

function worsened(
  from: string,
  to: string,
  steps: readonly Step[],
  isDelay: boolean,
  links: Map<string, LinkSpec>,
): readonly Fault[] {
  if (steps.length === 0) return [];
  const pair = pairOf(from, to);
  const link = links.get(pair) as LinkSpec;
  const isForth = link.a === from;
  const way = isForth ? link.forth : (link.back ?? link.forth);
  const own = isDelay ? way.delay : (way.loss ?? 0);
  const all = (steps[0]?.from ?? 0) > 0 ? [{ from: 0, value: own }, ...steps] : steps;
  const best = all.reduce((least, { value }) => Math.min(least, value), Infinity);
  const bettered: LinkDirectionSpec = isDelay ? { ...way, delay: micros(best) } : { ...way, loss: best };
  if (best !== own) {
    const back = isForth ? (link.back ?? link.forth) : bettered;
    links.set(pair, { ...link, forth: isForth ? bettered : link.forth, back });
  }
  return all.flatMap(({ from: begins, value }, at): Fault[] => {
    if (value === best) return [];
    // What is lost is lost of what the link itself has not lost.
    const harm: LinkHarm = isDelay
      ? { ...noHarm, delay: micros(value - best) }
      : { ...noHarm, loss: Math.round(((value - best) * MILLION) / (MILLION - best)) };
    return [{ kind: "degrade", a: from, b: to, direction: "forth", harm, ...spanOf(begins, all[at + 1]?.from) }];
  });
}

function spanOf(from: number, until: number | undefined): { readonly from: Instant; readonly until: Instant | null } {
  return { from: instant(from), until: until === undefined ? null : instant(until) };
}
