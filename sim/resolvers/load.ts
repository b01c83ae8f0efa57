// Loads a user's resolver: tried in a thread of its own first, since a function or a file that never comes to an end can
// only be stopped from outside; then imported here, where every call of it is guarded.
//
// Leaves out who may do this: whoever calls has been allowed to run the code (sim/cli/user-code.ts).

import type { MergeFunction, MergeFunctions } from "../../model/replication/resolver.ts";
import type { ResolverCode } from "../scenario/scenario.ts";
import { runJobs } from "../workers/pool.ts";
import { guarded, ResolverFailed } from "./guard.ts";
import { fileText, importResolver, type ResolverRequest } from "./module.ts";
import type { Trial, Tried } from "./trial.ts";

export type { ResolverRequest } from "./module.ts";

/** Milliseconds of the clock on the wall after which a trial is given up: the laws' budget of work, on a busy machine. */
const TRIAL_LIMIT = 30_000;

/** A function that holds to the laws, and what a replay needs to know of it; or why there is none. */
export type LoadOutcome =
  | { readonly kind: "loaded"; readonly code: ResolverCode; readonly merge: MergeFunction }
  | { readonly kind: "refused"; readonly why: string };

/**
 * Tries a resolver's laws, and loads it.
 *
 * @param place begins what is said when something goes wrong, here or in a run
 * @param limit milliseconds that the trial may take
 */
export async function loadResolver(
  request: ResolverRequest,
  place: string,
  limit: number = TRIAL_LIMIT,
): Promise<LoadOutcome> {
  const entry = new URL(`../workers/trial-worker.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  const [outcome] = await runJobs<Trial, Tried>([{ request, place }], { entry, timeLimitMilliseconds: limit });
  const about = `${fileText(request, place)}${request.export}: `;
  if (outcome === undefined || outcome.kind === "failed") {
    const isLate = outcome?.reason === "timed-out";
    const why = isLate
      ? `its trial was stopped after ${limit / 1_000} s: the file, or a call of the function, never comes to an end; let every loop end`
      : `its trial ended with its thread (${outcome?.why ?? "nothing came back"}); let it neither exit nor use up all memory`;
    return { kind: "refused", why: `${about}${why}` };
  }
  const tried = outcome.result;
  if (tried.kind === "refused") return tried;
  const imported = await importResolver({ ...request, sha256: tried.sha256 }, place);
  if (imported.kind === "refused") return imported;
  const { name, url, export: exported } = request;
  const code = { name, url, export: exported, sha256: tried.sha256 };
  return { kind: "loaded", code, merge: guarded(imported.merge, about) };
}

/**
 * Loads what was tried when it was recorded: in a worker, by its URL. The files must be what they were.
 *
 * @throws ResolverFailed when one is not
 */
export async function loadRecorded(codes: readonly ResolverCode[]): Promise<MergeFunctions> {
  const merges = new Map<ResolverCode["name"], MergeFunction>();
  for (const code of codes) {
    const imported = await importResolver(code, "");
    if (imported.kind === "refused") throw new ResolverFailed(imported.why);
    merges.set(code.name, guarded(imported.merge, `${fileText(code, "")}${code.export}: `));
  }
  return merges;
}
