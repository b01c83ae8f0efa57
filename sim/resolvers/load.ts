// Loads a user's resolver: a file of JavaScript whose text is hashed, imported, and held to the laws before it is used.
//
// The text that was hashed is the text that runs: it is imported by a `data:` URL of itself, not read a second time. Such
// a module cannot import its neighbours, so that the hash in a replay covers all of the user's code.
//
// Leaves out who may do this: whoever calls has been allowed to run the code (sim/cli/user-code.ts).

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { MergeFunction } from "../../model/replication/resolver.ts";
import { readInputFile } from "../scenario/file.ts";
import type { ResolverCode } from "../scenario/scenario.ts";
import { guarded, thrownText } from "./guard.ts";
import { breachOf } from "./laws.ts";

/** Larger modules are refused. */
const MODULE_SIZE_MAX = 1024 * 1024;

/** What is to be loaded; a hash that is given must be the file's. */
export type ResolverRequest = Omit<ResolverCode, "sha256"> & { readonly sha256: string | null };

/** A function that holds to the laws, and what a replay needs to know of it; or why there is none. */
export type LoadOutcome =
  | { readonly kind: "loaded"; readonly code: ResolverCode; readonly merge: MergeFunction }
  | { readonly kind: "refused"; readonly why: string };

/**
 * Loads a resolver and tries its laws.
 *
 * @param place begins what is said when a call goes wrong in a run
 * @param now milliseconds of work that do not run backwards, to see that the function is quick enough
 */
export async function loadResolver(request: ResolverRequest, place: string, now: () => number): Promise<LoadOutcome> {
  const refused = (why: string): LoadOutcome => ({ kind: "refused", why: `${place}${path}: ${why}` });
  const path = fileURLToPath(request.url);
  const content = readInputFile(path, MODULE_SIZE_MAX);
  if (content.kind === "refused") return refused(content.why);
  const sha256 = createHash("sha256").update(content.text).digest("hex");
  if (request.sha256 !== null && request.sha256 !== sha256) {
    const found = `expected the file that was recorded, sha256 ${request.sha256}, found ${sha256}`;
    return refused(`${found}; bring back the recorded version, or run the scenario anew`);
  }
  let module: Readonly<Record<string, unknown>>;
  try {
    const encoded = Buffer.from(content.text).toString("base64");
    module = (await import(/* @vite-ignore */ `data:text/javascript;base64,${encoded}`)) as typeof module;
  } catch (error) {
    return refused(isAboutImports(error) ? standsAlone : `it cannot be loaded: ${thrownText(error)}; correct it`);
  }
  const merge = Object.hasOwn(module, request.export) ? module[request.export] : undefined;
  if (typeof merge !== "function") {
    const functions = Object.keys(module).filter((name) => typeof module[name] === "function");
    const there = functions.length === 0 ? "export a function" : `it exports ${functions.join(", ")}`;
    const found = merge === undefined ? "no such export" : `a value of type ${typeof merge}`;
    return refused(`expected a function "${request.export}", found ${found}; ${there}`);
  }
  const breach = breachOf(merge as MergeFunction, now);
  if (breach !== null) return refused(`${request.export}: ${breach}`);
  const { name, url } = request;
  const checked = guarded(merge as MergeFunction, `${place}${path}: ${request.export}: `);
  return { kind: "loaded", code: { name, url, export: request.export, sha256 }, merge: checked };
}

const standsAlone =
  "it imports another file or package, which the hash in a replay would not cover; put all code into this file (a bundler does)";

const importErrors: ReadonlySet<unknown> = new Set([
  "ERR_INVALID_URL",
  "ERR_UNSUPPORTED_RESOLVE_REQUEST",
  "ERR_MODULE_NOT_FOUND",
]);

function isAboutImports(error: unknown): boolean {
  return error instanceof Error && "code" in error && importErrors.has(error.code);
}
