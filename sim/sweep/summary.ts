// Adds up the rows of a sweep: outcomes, verdicts per property, marks, faults, topologies, one digest over all runs, and whether the
// sweep as a whole shows what it was to show. Read part by part, so that millions of rows need no more memory than some.
//
// A sweep that is not complete, since it was stopped, is judged on what there is: what it was to reach somewhere, and has not, it may
// reach yet. A shard is not asked for it: whoever merges shards is. Leaves out telling it to people.

import { createHash } from "node:crypto";
import { type FaultName, faultNames } from "../faults/table.ts";
import { type MarkName, markTable, type OracleName, oracleTable } from "../oracles/names.ts";
import { isWithin } from "../run/verdict.ts";
import { renderMetric } from "../cli/render-report.ts";
import type { Manifest } from "./manifest.ts";
import { statisticOf, valuesOf } from "./measures.ts";
import type { ParameterValue, TopologiesExpected } from "./plan.ts";
import type { Batch, Results } from "./results.ts";
import { type CaseOutcomeName, caseOutcomes } from "./row.ts";

/** One property over all runs. */
export interface PropertyCount {
  readonly name: OracleName;
  readonly runsJudged: number;
  readonly runsViolated: number;
  /** Of these, runs that did not pass: the others have not promised it. */
  readonly runsBroken: number;
  readonly violations: number;
}

/** Something that runs reach or have: how often in all, and in how many runs. */
export interface Occurrence<Name> {
  readonly name: Name;
  readonly count: number;
  readonly runCount: number;
}

/** A run that did not pass. */
export interface SweepTrouble {
  readonly index: number;
  readonly seed: string;
  readonly outcome: CaseOutcomeName;
  readonly why: string;
}

/** A sweep, added up. */
export interface SweepTotals {
  readonly manifest: Manifest;
  readonly runCount: number;
  /** Of this folder's cases, those that were not run. */
  readonly missingCount: number;
  readonly outcomes: readonly { readonly name: CaseOutcomeName; readonly count: number }[];
  readonly steps: number;
  readonly requests: number;
  readonly requestsMin: number;
  readonly properties: readonly PropertyCount[];
  readonly marks: readonly Occurrence<MarkName>[];
  readonly faults: readonly Occurrence<FaultName>[];
  /** Different ones, by shape and parameters. */
  readonly topologyCount: number;
  /** Those of them with a run that has done as much as is expected of each; all where nothing is. */
  readonly provenCount: number;
  /** SHA-256 over number, outcome and digest of all runs, in the order of cases. */
  readonly digest: string;
  /** The first ones in the order of cases. */
  readonly troubles: readonly SweepTrouble[];
  /** What was expected of all runs together and is not so, each as one sentence. */
  readonly unmet: readonly string[];
  /** The gravest of all: 4, 1, 2 (a case that makes no scenario), 3, 0. */
  readonly exitCode: 0 | 1 | 2 | 3 | 4;
}

/** Troubles that are kept; the others are counted. */
const TROUBLES_MAX = 1_000;

/** Adds up all rows of a folder. Throws ResultsTrouble when a part is damaged. */
export async function summarise(results: Results): Promise<SweepTotals> {
  const sums = new Sums(results.manifest);
  for await (const batch of results.batches(columnNames)) sums.add(batch);
  const { manifest, missing } = results;
  const missingCount = missing.reduce((sum, { from, to }) => sum + to - from, 0);
  const isWhole = manifest.cases.from === 0 && manifest.cases.to === manifest.caseCount;
  const totals = sums.totals();
  const unmet = isWhole ? await unmetOf(results, totals) : [];
  const codes = sums.exitCodes();
  if (unmet.length > 0) codes.push(missingCount > 0 ? 3 : 1);
  if (missingCount > 0 && results.rowCount === 0) codes.push(3);
  const exitCode = ([4, 1, 2, 3] as const).find((code) => codes.includes(code)) ?? 0;
  return { manifest, missingCount, ...totals, unmet, exitCode };
}

const columnNames: readonly string[] = [
  ...["seed", "outcome", "why", "digest", "steps", "requests", "topology.fingerprint"],
  ...oracleTable.flatMap(({ name }) => [`property.${name}`, `violations.${name}`]),
  ...markTable.map(({ name }) => `mark.${name}`),
  ...faultNames.map((name) => `fault.${name}`),
];

type Counted = Omit<SweepTotals, "manifest" | "missingCount" | "unmet" | "exitCode">;

class Sums {
  readonly #outcomes = new Map<CaseOutcomeName, number>(caseOutcomes.map((name) => [name, 0]));
  readonly #properties = oracleTable.map(({ name }) => ({
    name,
    runsJudged: 0,
    runsViolated: 0,
    runsBroken: 0,
    violations: 0,
  }));
  readonly #marks = markTable.map(({ name }) => ({ name, count: 0, runCount: 0 }));
  readonly #faults = faultNames.map((name) => ({ name, count: 0, runCount: 0 }));
  readonly #topologies = new Set<ParameterValue>();
  readonly #proven = new Set<ParameterValue>();
  readonly #demands: TopologiesExpected | null;
  readonly #digest = createHash("sha256");
  readonly #troubles: SweepTrouble[] = [];
  #runCount = 0;
  #steps = 0;
  #requests = 0;
  #requestsMin = Infinity;

  constructor({ expectations }: Manifest) {
    this.#demands = expectations.topologies;
  }

  add({ from, count, column }: Batch): void {
    this.#runCount += count;
    const [outcomes, digests, seeds, whys] = [column("outcome"), column("digest"), column("seed"), column("why")];
    for (let at = 0; at < count; at += 1) {
      const outcome = outcomes[at] as CaseOutcomeName;
      this.#outcomes.set(outcome, (this.#outcomes.get(outcome) ?? 0) + 1);
      this.#digest.update(`${from + at} ${outcome} ${digests[at] ?? "none"}\n`);
      if (outcome === "passed" || this.#troubles.length >= TROUBLES_MAX) continue;
      this.#troubles.push({ index: from + at, seed: String(seeds[at]), outcome, why: String(whys[at] ?? "") });
    }
    this.#steps += sumOf(column("steps"));
    for (const requests of column("requests")) {
      if (typeof requests !== "number") continue;
      this.#requests += requests;
      this.#requestsMin = Math.min(this.#requestsMin, requests);
    }
    this.#addTopologies(column);
    for (const property of this.#properties) {
      for (const [at, verdict] of column(`property.${property.name}`).entries()) {
        if (verdict === "violated") property.runsViolated += 1;
        if (verdict === "violated" && outcomes[at] !== "passed") property.runsBroken += 1;
        if (verdict === "violated" || verdict === "holds") property.runsJudged += 1;
      }
      property.violations += sumOf(column(`violations.${property.name}`));
    }
    for (const mark of this.#marks) occur(mark, column(`mark.${mark.name}`));
    for (const fault of this.#faults) occur(fault, column(`fault.${fault.name}`));
  }

  #addTopologies(column: Batch["column"]): void {
    const { requests = 0, marks = [] } = this.#demands ?? {};
    const asked = column("requests");
    const reached = marks.map((name) => column(`mark.${name}`));
    for (const [at, name] of column("topology.fingerprint").entries()) {
      if (name === null) continue;
      this.#topologies.add(name);
      const isEnough = Number(asked[at] ?? 0) >= requests && reached.every((counts) => Number(counts[at] ?? 0) > 0);
      if (isEnough) this.#proven.add(name);
    }
  }

  totals(): Counted {
    return {
      runCount: this.#runCount,
      outcomes: Array.from(this.#outcomes, ([name, count]) => ({ name, count })),
      steps: this.#steps,
      requests: this.#requests,
      requestsMin: this.#requestsMin,
      properties: this.#properties,
      marks: this.#marks,
      faults: this.#faults,
      topologyCount: this.#topologies.size,
      provenCount: this.#proven.size,
      digest: this.#digest.digest("hex"),
      troubles: this.#troubles,
    };
  }

  exitCodes(): number[] {
    const codeOf: Readonly<Record<CaseOutcomeName, number>> = {
      passed: 0,
      failed: 1,
      undecided: 3,
      refused: 2,
      threw: 4,
      exited: 4,
      "out-of-memory": 4,
      "timed-out": 4,
    };
    return caseOutcomes.flatMap((name) => ((this.#outcomes.get(name) ?? 0) > 0 ? [codeOf[name]] : []));
  }
}

function occur(what: { count: number; runCount: number }, counts: readonly ParameterValue[]): void {
  for (const count of counts) {
    if (typeof count !== "number" || count === 0) continue;
    what.count += count;
    what.runCount += 1;
  }
}

function sumOf(values: readonly ParameterValue[]): number {
  return values.reduce<number>((sum, value) => sum + (typeof value === "number" ? value : 0), 0);
}

function demandsOf({ requests, marks }: TopologiesExpected): string {
  return [`${requests} requests`, ...marks].join(", ");
}

async function unmetOf(results: Results, { marks, faults, provenCount }: Counted): Promise<readonly string[]> {
  const { sometimes, bounds, topologies, everyFault } = results.manifest.expectations;
  const unmet = sometimes
    .filter((name) => marks.every((mark) => mark.name !== name || mark.count === 0))
    .map((name) => `${name} was to be reached somewhere, and never was`);
  if (everyFault) {
    for (const { name, count } of faults) {
      if (count === 0) unmet.push(`a fault of kind ${name} was to be drawn somewhere, and never was`);
    }
  }
  if (topologies !== null && provenCount < topologies.count) {
    const those = `${topologies.count} different topologies were asked for, each with ${demandsOf(topologies)}`;
    unmet.push(`${those}, and there were ${provenCount}`);
  }
  for (const bound of bounds) {
    const { metric, over, comparison, value } = bound;
    const text = `${over} of ${metric} over all runs was to be ${comparison} ${renderMetric(metric, value)}`;
    const found = statisticOf((await valuesOf(results, metric)).sort(), over);
    if (found === null) unmet.push(`${text}, and no run has measured it`);
    else if (!isWithin(found, bound)) unmet.push(`${text}, and it was ${renderMetric(metric, found)}`);
  }
  return unmet;
}
