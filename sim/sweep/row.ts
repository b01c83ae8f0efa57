// One run as one row: a flat list of values in the order of the columns. A case that makes no scenario, stops on a broken
// invariant, or takes its worker with it, has a row all the same, which says so: what is known of it, and null for the rest.
//
// A row says nothing of the machine: the same case gives the same row wherever and whenever it is run. Time on the wall is kept
// elsewhere. Leaves out keeping rows (parquet.ts).

import { createHash } from "node:crypto";
import { assert } from "../../model/assert.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { fingerprintTopology } from "../../workloads/topologies/index.ts";
import { type FaultName, faultNames } from "../faults/table.ts";
import { markTable, oracleTable } from "../oracles/names.ts";
import { type EndedRun, measureScenario, type RunOptions } from "../run/runner.ts";
import { metricTable } from "../scenario/metric-names.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { JobFailure } from "../workers/worker.ts";
import { type CaseMaker, refusalText } from "./case.ts";
import { resultColumns } from "./columns.ts";
import type { ParameterValue, SweepCase } from "./plan.ts";

/** One value per column. */
export type SweepRow = readonly ParameterValue[];

/** What became of a run: its verdict, or why it has none. */
export const caseOutcomes = [
  "passed",
  "failed",
  "undecided",
  /** The case makes no scenario: a text or a setting is wrong. */
  "refused",
  /** A broken invariant, or another bug. */
  "threw",
  /** Its worker ended in the middle of it. */
  "exited",
  "out-of-memory",
  "timed-out",
] as const;

/** One of them. */
export type CaseOutcomeName = (typeof caseOutcomes)[number];

/** Characters of a sentence that are kept; the scenario of the run says the rest. */
const WHY_MAX = 500;

/**
 * Runs a case. Whatever goes wrong in it is its row.
 *
 * @param onEnd told of a run that came to its end
 */
export function runCase(
  maker: CaseMaker,
  one: SweepCase,
  options: RunOptions = {},
  onEnd?: (row: SweepRow, ended: EndedRun) => void,
): SweepRow {
  const made = maker.make(one);
  if (made.kind === "refused") return rowWithout(one, "refused", refusalText(made.problems));
  try {
    const ended = measureScenario(made.scenario, { ...options, resolvers: made.resolvers });
    const row = rowOf(one, made.scenario, made.faults, ended);
    onEnd?.(row, ended);
    return row;
  } catch (error) {
    const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return rowWithout(one, "threw", what);
  }
}

/** The row of a case whose worker did not live to see its end. */
export function rowOfFailure(one: SweepCase, { reason, why }: JobFailure): SweepRow {
  return rowWithout(one, reason, why);
}

function rowOf(one: SweepCase, scenario: Scenario, faults: readonly FaultName[], ended: EndedRun): SweepRow {
  const { end, world, topology } = ended;
  const own: SweepRow = [
    end.scenario,
    end.verdict,
    end.unmet[0] === undefined ? null : sentence(end.unmet[0]),
    end.digest,
    end.steps,
    world.requestCount,
    topology.cloudlets.length,
    topology.cloudlets.reduce((most, { depth }) => Math.max(most, depth), 0),
    topologyName(scenario.topology),
  ];
  const row = [...identity(one), ...own, ...measured(ended, faults)];
  assert(row.length === rowLength(one), "a row of another length than its columns");
  return row;
}

function measured({ end, metrics: values }: EndedRun, faults: readonly FaultName[]): ParameterValue[] {
  const properties = new Map(end.properties);
  const marks = new Map(end.marks);
  const metrics = new Map(values);
  return [
    ...oracleTable.map(({ name }) => properties.get(name)?.verdict ?? null),
    ...oracleTable.map(({ name }) => properties.get(name)?.violations ?? null),
    ...markTable.map(({ name }) => marks.get(name) ?? null),
    ...faultNames.map((name) => faults.reduce((count, fault) => count + (fault === name ? 1 : 0), 0)),
    ...metricTable.map(({ name }) => metrics.get(name) ?? null),
  ];
}

function rowWithout(one: SweepCase, outcome: CaseOutcomeName, why: string): SweepRow {
  const row: ParameterValue[] = [...identity(one), null, outcome, sentence(why)];
  while (row.length < rowLength(one)) row.push(null);
  return row;
}

function identity({ index, seed, parameters }: SweepCase): SweepRow {
  return [index, seed, ...parameters];
}

function rowLength({ parameters }: SweepCase): number {
  return 2 + parameters.length + resultColumns.length;
}

// The first line: what follows in a message may be a stack, whose paths are another machine's.
function sentence(words: string): string {
  const [first = ""] = words.split("\n");
  return first.length > WHY_MAX ? `${first.slice(0, WHY_MAX)} ...` : first;
}

/**
 * A short name, equal for topologies that differ in nothing that matters: the shape with its scopes and flows
 * (workloads/topologies/fingerprint.ts), and the parameters of links, in whatever order. Two that differ only in which link has
 * which parameters may have one name, so that counting names counts too few rather than too many.
 */
export function topologyName(spec: TopologySpec): string {
  const links = spec.links.map(({ forth, back }) => JSON.stringify([forth, back ?? null])).sort();
  const hash = createHash("sha256").update(`${fingerprintTopology(spec)}\n${links.join("\n")}`);
  return hash.digest("hex").slice(0, 16);
}
