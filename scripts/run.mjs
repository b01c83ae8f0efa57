/**
 * `node scripts/run.mjs FILE.ts [words]`: runs a file of the checkout as one bundle, as workers and the `causeway` command are run. What
 * translates modules one by one takes a second or two to begin, and keeps the names of all functions, which makes closures slow: an
 * installed package has no such code, so its speed would be measured wrongly.
 *
 * Where no bundle can be made or kept, the sources are run as they are.
 */
import { resolve } from "node:path";
import process from "node:process";
import { pathToFileURL } from "node:url";
import { keptBundle } from "../sim/workers/kept-bundle.boot.mjs";

// As if Node had been asked for that file.
process.argv.splice(1, 2, resolve(process.argv[2]));
const entry = pathToFileURL(process.argv[1]);
const place = keptBundle(entry) ?? (await made()) ?? entry;
await import(place.href);

async function made() {
  const { register, tsImport } = await import("tsx/esm/api");
  const { bundled } = await tsImport("../sim/workers/bundle.ts", import.meta.url);
  const bundle = await bundled(entry);
  if (bundle === null) register();
  return bundle;
}
