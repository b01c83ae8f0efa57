// What the page of a sweep knows of its runs: columns of numbers, words by their number, and for everything that a run has or has not a
// bit. Five thousand runs take some megabytes.
//
// Of a sweep with more runs than a page can hold some are taken, evenly over all, and every one that did not pass as far as there is room;
// the page says so, and its tables of the whole stay those of the whole. Leaves out the markup (page.ts).

import { Buffer } from "node:buffer";
import { type FaultName, faultNames, faultTable } from "../../faults/table.ts";
import { markTable, oracleTable } from "../../oracles/names.ts";
import { metricTable, metricUnit } from "../../scenario/metric-names.ts";
import type { ColumnKind } from "../columns.ts";
import type { ParameterValue } from "../plan.ts";
import type { Results } from "../results.ts";
import { caseOutcomes } from "../row.ts";

/** A column of numbers; null where a run has none. */
export interface NumberColumn {
  readonly name: string;
  /** What it counts: the scale of axes and how it is written. */
  readonly unit: string;
  readonly says: string;
  readonly values: readonly (number | null)[];
}

/** A column of words: each run has the number of its word, -1 for none. */
export interface WordColumn {
  readonly name: string;
  readonly words: readonly string[];
  readonly codes: readonly number[];
}

/** Which runs have something: a bit per run, the first in the lowest bit of the first byte, as base64. */
export interface BitColumn {
  readonly name: string;
  readonly says: string;
  readonly bits: string;
}

/** A property: which runs judged it, and in which it was violated. */
export interface PropertyBits {
  readonly name: string;
  readonly says: string;
  readonly judged: string;
  readonly violated: string;
}

/** All that the page's script reads of runs. */
export interface RunColumns {
  /** How many runs are in the page. */
  readonly count: number;
  /** The number of each in the sweep. */
  readonly index: readonly number[];
  /**
   * Those that are there only because they did not pass, as bits: not spread evenly, so no share and no median may count them. Null: the page
   * holds all runs.
   */
  readonly extra: string | null;
  /** Parameters and outcome. */
  readonly words: readonly WordColumn[];
  /** Parameters that are numbers, sizes, and metrics. */
  readonly numbers: readonly NumberColumn[];
  readonly properties: readonly PropertyBits[];
  readonly marks: readonly BitColumn[];
  readonly faults: readonly BitColumn[];
}

/** Runs that a page holds at most: more make it slow to open. */
export const RUNS_MAX = 20_000;

/** Reads columns of a folder. Memory: the runs of the page, and one part at a time. */
export async function readRunColumns(results: Results, runsMax = RUNS_MAX): Promise<RunColumns> {
  const chosen = await choose(results, runsMax);
  const isShown = (at: number): boolean => chosen === null || chosen.isSpread(at) || chosen.troubled.has(at);
  const { parameters } = split(results);
  const words = ["outcome", ...parameters.filter(({ kind }) => kind === "text").map(({ name }) => name)];
  const sizes = ["cloudlets", "depth", "requests", "steps"];
  const numbers = [
    ...parameters.filter(({ kind }) => kind !== "text").map(({ name }) => name),
    ...sizes,
    ...metricTable.map(({ name }) => name),
  ];
  const bits = [
    ...oracleTable.map(({ name }) => `property.${name}`),
    ...markTable.map(({ name }) => `mark.${name}`),
    ...faultNames.map((name) => `fault.${name}`),
  ];
  const index: number[] = [];
  const found = new Map<string, ParameterValue[]>([...words, ...numbers, ...bits].map((name) => [name, []]));
  for await (const batch of results.batches([...found.keys()])) {
    for (let at = 0; at < batch.count; at += 1) if (isShown(batch.from + at)) index.push(batch.from + at);
    for (const [name, values] of found) {
      const column = batch.column(name);
      for (let at = 0; at < batch.count; at += 1) if (isShown(batch.from + at)) values.push(column[at] ?? null);
    }
  }
  const valuesOf = (name: string): readonly ParameterValue[] => found.get(name) ?? [];
  const bitsOf = (name: string, has: (value: ParameterValue) => boolean): string => packBits(valuesOf(name).map(has));
  const isSome = (value: ParameterValue): boolean => typeof value === "number" && value > 0;
  return {
    count: index.length,
    index,
    extra: chosen === null ? null : packBits(index.map((at) => !chosen.isSpread(at))),
    words: words.map((name) => wordColumn(name, valuesOf(name))),
    numbers: numbers
      .map((name) => numberColumn(name, valuesOf(name)))
      .filter(({ values }) => values.some((value) => value !== null)),
    properties: oracleTable.map(({ name, says }) => ({
      name,
      says,
      judged: bitsOf(`property.${name}`, (value) => value === "holds" || value === "violated"),
      violated: bitsOf(`property.${name}`, (value) => value === "violated"),
    })),
    marks: markTable.map(({ name, says }) => ({ name, says, bits: bitsOf(`mark.${name}`, isSome) })),
    faults: faultNames.map((name: FaultName) => ({
      name,
      says: faultTable.find((row) => row.name === name)?.says ?? "",
      bits: bitsOf(`fault.${name}`, isSome),
    })),
  };
}

function split({ manifest }: Results): {
  readonly parameters: readonly { readonly name: string; readonly kind: ColumnKind }[];
} {
  const { columns } = manifest;
  // What the plan brings stands between who a run is and what it has shown.
  const begin = columns.findIndex(({ name }) => name === "seed") + 1;
  return {
    parameters: columns.slice(
      begin,
      columns.findIndex(({ name }) => name === "scenario"),
    ),
  };
}

/** Which runs the page holds: some that are spread evenly, and troubled ones. */
interface Chosen {
  readonly isSpread: (index: number) => boolean;
  readonly troubled: ReadonlySet<number>;
}

/** Null: all. */
async function choose(results: Results, runsMax: number): Promise<Chosen | null> {
  const { rowCount, parts } = results;
  if (rowCount <= runsMax) return null;
  const troubled = new Set<number>();
  for await (const batch of results.batches(["outcome"])) {
    for (const [at, outcome] of batch.column("outcome").entries()) {
      if (outcome !== "passed" && troubled.size < runsMax / 2) troubled.add(batch.from + at);
    }
  }
  const stride = Math.ceil(rowCount / (runsMax - troubled.size));
  const first = parts[0]?.from ?? 0;
  return { isSpread: (index) => (index - first) % stride === 0, troubled };
}

function wordColumn(name: string, values: readonly ParameterValue[]): WordColumn {
  const codes = new Map<string, number>();
  // Outcomes in the order of their gravity, whatever came first.
  if (name === "outcome") for (const outcome of caseOutcomes) codes.set(outcome, codes.size);
  const coded = values.map((value) => {
    if (value === null) return -1;
    const word = String(value);
    const known = codes.get(word);
    if (known !== undefined) return known;
    codes.set(word, codes.size);
    return codes.size - 1;
  });
  return { name, words: [...codes.keys()], codes: coded };
}

function numberColumn(name: string, values: readonly ParameterValue[]): NumberColumn {
  const says = saysOf(name);
  const unit = metricTable.some((metric) => metric.name === name) ? metricUnit(name) : unitOfParameter(name);
  return { name, unit, says, values: values.map((value) => (typeof value === "number" ? value : null)) };
}

/** What a metric is, by itself: in its table some are "the same" as the one before. */
function saysOf(name: string): string {
  const at = metricTable.findIndex((metric) => metric.name === name);
  const own = metricTable[at]?.says ?? "";
  if (!own.startsWith("the same")) return own;
  const first = metricTable.slice(0, at).findLast(({ says }) => !says.startsWith("the same"));
  const what = first?.says.replace(/, (median|mean)$/, "") ?? "";
  return `${what}${own.slice("the same".length)}`;
}

/** Links' parameters are quantities in base units (axes.ts). */
function unitOfParameter(name: string): string {
  if (/\.(delay|jitter)$/.test(name)) return "microseconds";
  if (/\.(loss|duplication|reordering|corruption)$/.test(name)) return "share";
  return "count";
}

function packBits(flags: readonly boolean[]): string {
  const bytes = new Uint8Array(Math.ceil(flags.length / 8));
  for (const [at, flag] of flags.entries()) if (flag) bytes[at >> 3] = (bytes[at >> 3] ?? 0) | (1 << (at & 7));
  return Buffer.from(bytes).toString("base64");
}
