/**
 * Code of the user's that a scenario or a replay names: refused unless `--allow-code` is given, else loaded and checked.
 *
 * Leaves out the loading itself (sim/resolvers).
 */
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { MergeFunction, MergeFunctions } from "../../model/replication/resolver.ts";
import { loadResolver, type ResolverRequest } from "../resolvers/load.ts";
import { type Problem, renderProblem, renderProblems } from "../scenario/problem.ts";
import type { CodeReference } from "../scenario/read.ts";
import type { ResolverCode, Scenario } from "../scenario/scenario.ts";
import { loadCode } from "../sweep/load-code.ts";
import type { SweepPlan } from "../sweep/plan.ts";
import { type Context, pathFrom, refuse } from "./command.ts";

/** The description of the option, wherever it stands. */
export const allowCodeSays = "load the code that the scenario names; it can do what you can do";

/** A scenario with its code at hand. */
export interface Equipped {
  readonly scenario: Scenario;
  readonly resolvers: MergeFunctions;
}

/** Loads what a scenario file names; null when it was refused, and everything has been said. */
export async function loadScenarioCode(
  context: Context,
  file: string,
  read: { readonly scenario: Scenario; readonly code: readonly CodeReference[] },
  allowCode: boolean,
): Promise<Equipped | null> {
  const { scenario, code } = read;
  if (!allowCode) {
    if (code.length === 0) return { scenario, resolvers: new Map() };
    refuse(context, renderProblems(code.map(({ module, problem }) => problem(unasked(module)))));
    return null;
  }
  const folder = dirname(pathFrom(context.io, file));
  return loadAll(
    context,
    scenario,
    code.map(({ name, module, export: exported, problem }) => {
      const url = pathToFileURL(resolve(folder, module)).href;
      return [{ name, url, export: exported, sha256: null }, problem("")];
    }),
  );
}

function unasked(module: string): string {
  return `this resolver is code in ${module}, which is not run unasked; read it, and add --allow-code if you trust it`;
}

/** Loads what a replay names, which must be what was recorded; null when it was refused. */
export async function loadReplayCode(
  context: Context,
  file: string,
  scenario: Scenario,
  allowCode: boolean,
): Promise<Equipped | null> {
  const { resolvers } = scenario;
  const place: Problem = { file, line: 0, column: 0, message: "" };
  if (!allowCode && resolvers.length > 0) {
    const urls = resolvers.map(({ url }) => url).join(", ");
    const why = `it runs the code in ${urls}, which is not run unasked; read it, and add --allow-code if you trust it`;
    refuse(context, renderProblem({ ...place, message: why }));
    return null;
  }
  return loadAll(
    context,
    scenario,
    resolvers.map((code) => [code, place]),
  );
}

/** Loads what the workloads of a sweep name: the functions of each source. Null when it was refused, and everything has been said. */
export async function loadPlanCode(
  context: Context,
  { sources, code = [] }: SweepPlan,
  allowCode: boolean,
): Promise<readonly MergeFunctions[] | null> {
  if (!allowCode && code.length > 0) {
    refuse(context, renderProblems(code.map(({ module, problem }) => problem(unasked(module)))));
    return null;
  }
  const requests = code.map(({ code: known, problem }) => [known, problem("")] as const);
  return (await loadEach(context, requests)) === null ? null : loadCode(sources);
}

async function loadAll(
  context: Context,
  scenario: Scenario,
  requests: readonly (readonly [ResolverRequest, Problem])[],
): Promise<Equipped | null> {
  const loaded = await loadEach(context, requests);
  if (loaded === null) return null;
  const resolvers = new Map(loaded.map(({ code, merge }) => [code.name, merge]));
  return { scenario: { ...scenario, resolvers: loaded.map(({ code }) => code) }, resolvers };
}

interface Loaded {
  readonly code: ResolverCode;
  readonly merge: MergeFunction;
}

async function loadEach(
  context: Context,
  requests: readonly (readonly [ResolverRequest, Problem])[],
): Promise<readonly Loaded[] | null> {
  const loaded: Loaded[] = [];
  const refusals: string[] = [];
  for (const [request, place] of requests) {
    const outcome = await loadResolver(request, renderProblem(place));
    if (outcome.kind === "refused") refusals.push(outcome.why);
    else loaded.push(outcome);
  }
  if (refusals.length === 0) return loaded;
  refuse(context, refusals.join("\n"));
  return null;
}
