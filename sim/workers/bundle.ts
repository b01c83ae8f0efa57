// A worker's code as one file, so that a worker of a checkout starts as fast as one of an installed package: translating and resolving
// hundreds of modules takes each new thread a second, and reading one file a tenth of that. Made once and kept under node_modules/.cache
// by a hash of all that is in it; an installed package is compiled, and needs none.
//
// 1. Modules ask where they stand (`import.meta.url`), to find files beside them. In a bundle all would stand in one place, so each
//    question is answered when the bundle is made.
// 2. A bundle is out of date when a file in it has changed. Which files these are is noted beside it; imports name files, so that a file
//    that is new matters only once one of these names it.
// 3. Several processes may make the same bundle at once: each writes under a name of its own, and renames.
//
// Names of functions are not kept: a worker prints nothing that would show them, and keeping them makes closures slow.

import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));
const cache = join(root, "node_modules", ".cache", "causeway-workers");

/** Counted up when bundles of the same files become others. */
const FORM = 1;
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
 * The bundle of a worker's entry; null where none can be made: no bundler is installed, or nothing can be written.
 *
 * @param entry a .ts file that a worker begins with
 */
export function bundled(entry: URL): Promise<URL | null> {
  let found = known.get(entry.href);
  if (found === undefined) {
    found = find(fileURLToPath(entry)).catch(() => null);
    known.set(entry.href, found);
  }
  return found;
}

async function find(entry: string): Promise<URL | null> {
  const name = basename(entry, ".ts");
  const noted = readNote(name);
  if (noted !== null && hashOf(entry, noted.files) === noted.hash) {
    const file = fileOf(name, noted.hash);
    if (statSync(file, { throwIfNoEntry: false }) !== undefined) return pathToFileURL(file);
  }
  return make(entry, name);
}

async function make(entry: string, name: string): Promise<URL | null> {
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
    // It is loaded only where a worker starts workers of its own.
    external: ["esbuild"],
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
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, "utf8");
      const isAsking = text.includes("import.meta.url");
      const answer = isAsking ? `const ${PLACE} = ${JSON.stringify(pathToFileURL(path).href)}; ` : "";
      return { contents: `${answer}${text}`, loader: "ts" };
    });
  },
};

function fileOf(name: string, hash: string): string {
  return join(cache, `${name}-${hash}.mjs`);
}

function noteOf(name: string): string {
  return join(cache, `${name}.json`);
}

function readNote(name: string): Note | null {
  try {
    return JSON.parse(readFileSync(noteOf(name), "utf8")) as Note;
  } catch {
    return null;
  }
}

/** Null where one of the files is gone. The place of the checkout is part of a bundle, and so of its hash. */
function hashOf(entry: string, files: readonly string[]): string | null {
  const hash = createHash("sha256").update(`${FORM}\n${entry}\n`);
  try {
    for (const file of files) {
      const content = readFileSync(join(root, file));
      hash.update(`${file}\n${content.length}\n`).update(content);
    }
  } catch {
    return null;
  }
  return hash.digest("hex").slice(0, 24);
}

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
