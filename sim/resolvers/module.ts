// A user's file of JavaScript: read, hashed, imported, and asked for a function.
//
// The text that was hashed is the text that runs: it is imported by a `data:` URL of itself, not read a second time. Such
// a module cannot import its neighbours, so that the hash in a replay covers all of the user's code.
//
// Leaves out what the function does (trial.ts, guard.ts), and who may load it (sim/cli/user-code.ts).

import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { MergeFunction } from "../../model/replication/resolver.ts";
import { readInputFile } from "../scenario/file.ts";
import type { ResolverCode } from "../scenario/scenario.ts";
import { thrownText } from "./guard.ts";

/** Larger modules are refused; bytes. */
export const MODULE_SIZE_MAX = 1024 * 1024;

/** What is to be loaded; a hash that is given must be the file's. */
export type ResolverRequest = Omit<ResolverCode, "sha256"> & { readonly sha256: string | null };

/** The function as the file exports it, and the file's hash; or why there is none. */
export type ModuleOutcome =
  | { readonly kind: "imported"; readonly merge: MergeFunction; readonly sha256: string }
  | { readonly kind: "refused"; readonly why: string };

/** What goes before everything that is said of a file. */
export function fileText(request: ResolverRequest, place: string): string {
  return `${place}${fileURLToPath(request.url)}: `;
}

/** Imports what is asked for. Whatever stands outside of functions in the file is run by that. */
export async function importResolver(request: ResolverRequest, place: string): Promise<ModuleOutcome> {
  const refused = (why: string): ModuleOutcome => ({ kind: "refused", why: `${fileText(request, place)}${why}` });
  const content = readInputFile(fileURLToPath(request.url), MODULE_SIZE_MAX);
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
  if (typeof merge === "function") return { kind: "imported", merge: merge as MergeFunction, sha256 };
  const functions = Object.keys(module).filter((name) => typeof module[name] === "function");
  const there = functions.length === 0 ? "export a function" : `it exports ${functions.join(", ")}`;
  const found = merge === undefined ? "no such export" : `a value of type ${typeof merge}`;
  return refused(`expected a function "${request.export}", found ${found}; ${there}`);
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
