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
    const why = (module: string): string =>
      `this resolver is code in ${module}, which is not run unasked; read it, and add --allow-code if you trust it`;
    refuse(context, renderProblems(code.map(({ module, problem }) => problem(why(module)))));
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

async function loadAll(
  context: Context,
  scenario: Scenario,
  requests: readonly (readonly [ResolverRequest, Problem])[],
): Promise<Equipped | null> {
  const codes: ResolverCode[] = [];
  const merges = new Map<ResolverCode["name"], MergeFunction>();
  const refusals: string[] = [];
  for (const [request, place] of requests) {
    const outcome = await loadResolver(request, renderProblem(place));
    if (outcome.kind === "refused") {
      refusals.push(outcome.why);
      continue;
    }
    codes.push(outcome.code);
    merges.set(outcome.code.name, outcome.merge);
  }
  if (refusals.length === 0) return { scenario: { ...scenario, resolvers: codes }, resolvers: merges };
  refuse(context, refusals.join("\n"));
  return null;
}
