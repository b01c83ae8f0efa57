/**
 * Tries out what a sweep is made of before anything is run: every workload with every topology and every kind of faults, and every listed
 * value of every parameter, each once. What cannot be read is told with its place.
 *
 * Leaves out combinations of parameters: a case of them that makes no scenario is a row of the results that says why.
 */
import type { FormPath, Problem } from "../scenario/problem.ts";
import { type CodeReference, readSource } from "../scenario/read.ts";
import type { Axis, AxisValue } from "./axes.ts";
import type { Point } from "./choose.ts";
import { caseOf, type Options, type WorkloadOption } from "./plan-of.ts";
import type { SweepPlan } from "./plan.ts";

/** What is wrong; `at` is its place in the sweep's file, null where the problem names another file. */
export interface Trouble {
  readonly at: FormPath | null;
  readonly problem: Problem;
}

/** What trying out has shown. */
export interface TriedOut {
  /** At most so many that a person can read them. */
  readonly troubles: readonly Trouble[];
  /** Code that texts name, by the number of the text; the same may be in it more than once. */
  readonly code: ReadonlyMap<number, readonly CodeReference[]>;
}

/** Combinations that are tried at most; each takes some milliseconds. */
const TRIED_MAX = 500;
/** Different troubles that are told at most. */
const TROUBLES_MAX = 20;

/** Tries. */
export function tryOut(plan: Pick<SweepPlan, "seed">, options: Options): TriedOut {
  const code = new Map<number, CodeReference[]>();
  const troubles = new Map<string, Trouble>();
  let tried = 0;
  for (const point of pointsToTry(options)) {
    if (tried === TRIED_MAX || troubles.size >= TROUBLES_MAX) break;
    tried += 1;
    for (const { told, ...trouble } of tryPoint(plan, options, point, code)) {
      const { problem } = trouble;
      const key = JSON.stringify([trouble.at, problem.file, problem.line, problem.message]);
      // Of all combinations that show the same mistake the first is named.
      if (!troubles.has(key))
        troubles.set(key, { ...trouble, problem: { ...problem, message: `${problem.message}${told}` } });
    }
  }
  return { troubles: [...troubles.values()], code };
}

function* pointsToTry({ topologies, workloads, faults, parameters }: Options): Iterable<Point> {
  const first = (axes: readonly Axis[]): readonly AxisValue[] => axes.map((axis) => axis.shareAt(0));
  const at = (data: number): AxisValue => ({ data, shown: data });
  for (const workload of workloads.keys()) {
    for (const [alternative, { axes }] of topologies.entries()) {
      for (const fault of faults.keys()) {
        yield { alternative, own: first(axes), shared: [at(workload), at(fault), ...first(parameters)] };
      }
      // The other end of ranges, all at once.
      const own = axes.map((axis) => axis.shareAt(1 - Number.EPSILON));
      yield { alternative, own, shared: [at(workload), at(0), ...first(parameters)] };
    }
    for (const [number, { size, shareAt }] of parameters.entries()) {
      const count = Math.min(size, 10);
      for (let value = 0; value < count; value += 1) {
        const values = first(parameters).with(number, shareAt((value + 0.5) / count));
        yield { alternative: 0, own: first(topologies[0]?.axes ?? []), shared: [at(workload), at(0), ...values] };
      }
    }
  }
}

/** @returns each with what its combination is called, empty where that does not matter */
function tryPoint(
  { seed }: Pick<SweepPlan, "seed">,
  options: Options,
  point: Point,
  named: Map<number, CodeReference[]>,
): readonly (Trouble & { readonly told: string })[] {
  const workload = options.workloads[point.shared[0]?.data as number] as WorkloadOption;
  if (workload.kind === "generated") return [];
  const { settings, faults } = caseOf(options, point, { index: 0, seed: `${seed}/0`, wanted: [], ownColumns: [] });
  const read = readSource(workload.parsed, { seed: `${seed}/0`, settings });
  const told = ` (workload ${workload.name}, topology ${options.topologies[point.alternative]?.name ?? "of its own"})`;
  if (read.kind === "invalid") {
    return read.problems.map((problem) => {
      const place = settings.find(({ label }) => label === problem.file)?.label;
      // Beyond the text's own mistakes, what is wrong depends on what it was put together with.
      const isAlone = place === undefined && settings.length === 0;
      return { at: place === undefined ? null : (JSON.parse(place) as FormPath), problem, told: isAlone ? "" : told };
    });
  }
  if (read.code.length > 0) named.set(workload.source, [...(named.get(workload.source) ?? []), ...read.code]);
  const violated = read.scenario.expectations.violated;
  if (faults.kind === "swarm" && violated.length > 0) {
    const message = `expected a workload in which properties hold, since faults are drawn, found that ${violated.join(", ")} is to be violated in ${workload.name}; leave it out, or use its own faults`;
    return [{ at: workload.path, problem: { file: "", line: 0, column: 0, message }, told: "" }];
  }
  return [];
}
