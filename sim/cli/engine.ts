/**
 * The name of the engine: package version and a hash over the sources that decide what a run does.
 *
 * Two engines of the same name give the same digest for the same scenario and seed. In a checkout the hash is taken from
 * the sources as they are; the build writes it beside the compiled files, so that both forms of one state agree.
 */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { hashSources } from "./engine-sources.ts";

/** Where the build leaves the hash, seen from this file once compiled: dist/engine.json. */
const builtFile = new URL("../../engine.json", import.meta.url);

let known: string | null = null;

/** `0.1.0+3f9c2a71d0e4`. Reads files at the first call only. */
export function engineName(): string {
  known ??= readEngineName();
  return known;
}

function readEngineName(): string {
  const compiled = !import.meta.url.endsWith(".ts");
  const root = fileURLToPath(new URL(compiled ? "../../../" : "../../", import.meta.url));
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { readonly version: string };
  if (!compiled) return `${version}+${hashSources(root)}`;
  if (!existsSync(builtFile)) return `${version}+unknown`;
  const { sources } = JSON.parse(readFileSync(builtFile, "utf8")) as { readonly sources: string };
  return `${version}+${sources}`;
}
