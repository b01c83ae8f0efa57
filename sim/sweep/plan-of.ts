/**
 * The plan of a sweep whose file has been read: from the number of a case to the case, by way of its point.
 *
 * Leaves out the reading (read-sweep.ts), which points there are (choose.ts), and the scenario of a case (case.ts).
 */
import { assert } from "../../model/assert.ts";
import { type FamilyName, familyParameterNames, type TreeOptions } from "../../workloads/topologies/index.ts";
import { type FaultName, faultNames } from "../faults/table.ts";
import type { FormPath } from "../scenario/problem.ts";
import type { ScenarioSource } from "../scenario/read.ts";
import type { Axis, AxisValue } from "./axes.ts";
import { columnOfParameter } from "./parameter-axes.ts";
import type { Point, Points } from "./choose.ts";
import type { CaseSetting, DrawnStory, ParameterColumn, ParameterValue, SweepCase, SweepPlan } from "./plan.ts";

interface Option {
  /** Where the sweep's file has it. */
  readonly path: FormPath;
  /** What results call it. */
  readonly name: string;
}

/** Where a topology comes from, and the axes that it brings. */
export type TopologyOption = { readonly path: FormPath; readonly axes: readonly Axis[] } & (
  | { readonly kind: "own"; readonly name: null }
  | { readonly kind: "family"; readonly name: string; readonly family: FamilyName }
  | { readonly kind: "file"; readonly name: string; readonly topology: unknown; readonly links: unknown }
);

/** Where a workload comes from. */
export type WorkloadOption = Option &
  (
    | { readonly kind: "generated"; readonly story: DrawnStory }
    | { readonly kind: "text"; readonly source: number; readonly parsed: ScenarioSource }
  );

/** Which faults there are. */
export type FaultsOption = Option &
  ({ readonly kind: "own" | "swarm" } | { readonly kind: "list"; readonly list: readonly unknown[] });

/** What a sweep's file says, in the order in which points have their values. */
export interface Options {
  readonly topologies: readonly TopologyOption[];
  readonly workloads: readonly WorkloadOption[];
  readonly faults: readonly FaultsOption[];
  readonly parameters: readonly Axis[];
}

/** The rest of what is needed for a plan. */
export interface PlanParts
  extends Options, Pick<SweepPlan, "name" | "seed" | "sources" | "code" | "expectations" | "fingerprint"> {
  /** How many runs of each point, or the seeds of all. */
  readonly seeds: number | readonly string[];
  readonly points: Points;
}

/** Kinds of faults that a run takes for certain where all kinds are wanted: so all have their turn. */
const WANTED_PER_CASE = 2;

/** The plan. */
export function planOf(parts: PlanParts): SweepPlan {
  const { name, seed, seeds, sources, code, points, expectations, fingerprint, ...options } = parts;
  const seedCount = typeof seeds === "number" ? seeds : seeds.length;
  const ownColumns = columnsOfOwn(options.topologies);
  const columns: readonly ParameterColumn[] = [
    { name: "topology", kind: "text" },
    ...ownColumns,
    { name: "workload", kind: "text" },
    { name: "faults", kind: "text" },
    ...options.parameters.map(({ column }) => column),
  ];
  const wantedAt = (index: number): readonly FaultName[] =>
    !expectations.everyFault
      ? []
      : Array.from({ length: WANTED_PER_CASE }, (_, more) => {
          return faultNames[(index * WANTED_PER_CASE + more) % faultNames.length] as FaultName;
        });
  return {
    name,
    seed,
    sources,
    ...(code !== undefined && code.length > 0 && { code }),
    columns,
    caseCount: points.count * seedCount,
    caseAt(index) {
      const number = Math.floor(index / seedCount);
      const turn = index % seedCount;
      const ownSeed = seedCount === 1 ? `${seed}/${number}` : `${seed}/${number}/${turn}`;
      return caseOf(options, points.at(number), {
        index,
        seed: typeof seeds === "number" ? ownSeed : (seeds[turn] as string),
        wanted: wantedAt(index),
        ownColumns,
      });
    },
    expectations,
    fingerprint,
  };
}

/** Those of all topologies, each once. One that is a number here and a text there is a text. */
function columnsOfOwn(topologies: readonly TopologyOption[]): readonly ParameterColumn[] {
  const columns = new Map<string, ParameterColumn>();
  for (const { column } of topologies.flatMap(({ axes }) => axes)) {
    const known = columns.get(column.name);
    columns.set(column.name, known === undefined || known.kind === column.kind ? column : { ...column, kind: "text" });
  }
  return [...columns.values()];
}

interface CaseParts {
  readonly index: number;
  readonly seed: string;
  readonly wanted: readonly FaultName[];
  readonly ownColumns: readonly ParameterColumn[];
}

/** The case of a point. */
export function caseOf(options: Options, { alternative, own, shared }: Point, parts: CaseParts): SweepCase {
  const topology = options.topologies[alternative];
  const [workloadAt, faultsAt, ...values] = shared;
  const workload = options.workloads[workloadAt?.data as number];
  const faults = options.faults[faultsAt?.data as number];
  assert(topology !== undefined && workload !== undefined && faults !== undefined, "a point outside its options");
  const ownByName = new Map(topology.axes.map(({ column }, at) => [column.name, own[at] as AxisValue]));
  const parameters: ParameterValue[] = [
    topology.name,
    ...parts.ownColumns.map(({ name, kind }) => shownAs(kind, ownByName.get(name)?.shown ?? null)),
    workload.name,
    faults.name,
    ...values.map(({ shown }) => shown),
  ];
  return {
    index: parts.index,
    seed: parts.seed,
    workload:
      workload.kind === "text"
        ? { kind: "text", source: workload.source }
        : { kind: "generated", story: workload.story, tree: treeOf(topology, ownByName) },
    settings:
      workload.kind === "generated"
        ? []
        : [
            ...topologySettings(topology, ownByName),
            ...(faults.kind === "list" ? [setting(faults.path, "faults", faults.list)] : []),
            ...options.parameters.map(({ column }, at) =>
              setting(["parameters", column.name], column.name, values[at]?.data),
            ),
          ],
    faults: faults.kind === "swarm" ? { kind: "swarm", wanted: parts.wanted } : { kind: "own" },
    parameters,
  };
}

function shownAs(kind: ParameterColumn["kind"], value: ParameterValue): ParameterValue {
  return kind === "text" && value !== null ? String(value) : value;
}

/** The label is the place in the sweep's file, for whoever tells what is wrong with it. */
function setting(place: FormPath, path: string, data: unknown): CaseSetting {
  return { label: JSON.stringify(place), path, data };
}

function topologySettings(topology: TopologyOption, own: ReadonlyMap<string, AxisValue>): readonly CaseSetting[] {
  const { path, axes } = topology;
  const links = axes.flatMap(({ column: { name } }) => {
    const property = name.startsWith(LINKS) ? name.slice(LINKS.length) : null;
    return property === null
      ? []
      : [setting([...path, "links", property], `links.defaults.${property}`, own.get(name)?.data)];
  });
  switch (topology.kind) {
    case "own":
      return links;
    case "family": {
      const parameters = familyParameterNames.flatMap((name) => {
        const value = own.get(columnOfParameter(name));
        return value === undefined ? [] : [[name, value.data] as const];
      });
      const family = { cloudlets: own.get(CLOUDLETS)?.data, shape: topology.family, ...Object.fromEntries(parameters) };
      return [setting(path, "topology", { family }), ...links];
    }
    case "file": {
      const ofFile = topology.links === undefined ? [] : [setting(path, "links", topology.links)];
      return [setting(path, "topology", topology.topology), ...ofFile, ...links];
    }
  }
}

const LINKS = "topology.links.";
const CLOUDLETS = "topology.cloudlets";

function treeOf(topology: TopologyOption, own: ReadonlyMap<string, AxisValue>): TreeOptions {
  if (topology.kind !== "family") return {};
  const cloudlets = own.get(CLOUDLETS)?.data as number;
  return { shape: topology.family, cloudletsMin: cloudlets, cloudletsMax: cloudlets };
}
