// Code of a checkout as one file: translating and resolving hundreds of modules takes each thread and each command a second or more, and
// reading one file a tenth of that. Made once and kept under node_modules/.cache by a hash of all that is in it; an installed package is
// compiled, and needs none. Leaves out finding one that is kept (kept-bundle.boot.mjs).
//
// 1. Modules ask where they stand (`import.meta.url`), to find files beside them. In a bundle all would stand in one place, so each
//    question is answered when the bundle is made.
// 2. A bundle is out of date when a file in it has changed. Imports name files, so that a file that is new matters only once one of these
//    names it.
// 3. Several processes may make the same bundle at once: each writes under a name of its own, and renames.
//
// Names of functions are not kept: nothing prints them but the traces of bugs, and keeping them makes closures slow.

import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";
import { cache, fileOf, hashOf, keptBundle, nameOf, noteOf, root } from "./kept-bundle.boot.mjs";

/** What a module's question where it stands becomes. */
const PLACE = "__causewayPlace";
/** Bundles of one worker that are kept: another process may be about to start one that has just gone out of date. */
const KEPT_MAX = 4;

/** What stands beside a bundle. */
interface Note {
  readonly hash: string;
  /** Relative to the checkout. */
  readonly files: readonly string[];
}

const known = new Map<string, Promise<URL | null>>();

/**
 * The bundle of an entry; null where none can be made: no bundler is installed, or nothing can be written.
 *
 * @param entry a .ts file that a worker, a command or a measurement begins with
 */
export function bundled(entry: URL): Promise<URL | null> {
  let found = known.get(entry.href);
  if (found === undefined) {
    const kept = keptBundle(entry);
    found = kept === null ? make(fileURLToPath(entry)).catch(() => null) : Promise.resolve(kept);
    known.set(entry.href, found);
  }
  return found;
}

async function make(entry: string): Promise<URL | null> {
  const name = nameOf(entry);
  const { build } = await import("esbuild");
  const result = await build({
    entryPoints: [entry],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "esm",
    keepNames: false,
    // Loaded only where they are needed: they find files of their own beside them.
    external: ["esbuild", "@duckdb/node-api"],
    legalComments: "none",
    logLevel: "silent",
    define: { "import.meta.url": PLACE },
    plugins: [ownPlaces],
    // Packages in the older form of modules ask for Node's own by `require`.
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(pathToFileURL(entry).href)});`,
    },
  });
  const [output] = result.outputFiles;
  if (output === undefined) return null;
  const files = Object.keys(result.metafile.inputs).sort();
  const hash = hashOf(entry, files);
  if (hash === null) return null;
  mkdirSync(cache, { recursive: true });
  const file = fileOf(name, hash);
  put(file, output.contents);
  put(noteOf(name), Buffer.from(`${JSON.stringify({ hash, files } satisfies Note)}\n`));
  prune(name);
  return pathToFileURL(file);
}

/** Answers every module's question where it stands. */
const ownPlaces: Plugin = {
  name: "own places",
  setup(build) {
    build.onLoad({ filter: /\.ts$|\.boot\.mjs$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const isAsking = text.includes("import.meta.url");
      const answer = isAsking ? `const ${PLACE} = ${JSON.stringify(pathToFileURL(path).href)}; ` : "";
      return { contents: `${answer}${text}`, loader: path.endsWith(".ts") ? "ts" : "js" };
    });
  },
};

function put(file: string, content: Uint8Array): void {
  const temporary = `${file}.${process.pid}.part`;
  writeFileSync(temporary, content);
  renameSync(temporary, file);
}

function prune(name: string): void {
  const old = readdirSync(cache)
    .filter((file) => file.startsWith(`${name}-`) && file.endsWith(".mjs"))
    .map((file) => ({ file: join(cache, file), at: statSync(join(cache, file)).mtimeMs }))
    .sort((a, b) => b.at - a.at);
  for (const { file } of old.slice(KEPT_MAX)) rmSync(file, { force: true });
}
