/**
 * Where bundles (bundle.ts) are kept, and which of them are of the sources as they are now. Plain JavaScript: the `causeway` command asks
 * before anything can read TypeScript, and starts at once where it finds one.
 *
 * A bundle is out of date when a file in it has changed. Which files these are is noted beside it.
 */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Counted up when bundles of the same files become others. */
const FORM = 2;

/** The checkout. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The folder of all bundles. */
export const cache = join(root, "node_modules", ".cache", "causeway-workers");

/**
 * The bundle of this entry; null where there is none, or none of the sources as they are.
 *
 * @param {URL} entry a .ts file
 * @returns {URL | null}
 */
export function keptBundle(entry) {
  const path = fileURLToPath(entry);
  const name = nameOf(path);
  try {
    const { hash, files } = JSON.parse(readFileSync(noteOf(name), "utf8"));
    const file = fileOf(name, hash);
    const isThere = statSync(file, { throwIfNoEntry: false }) !== undefined;
    return isThere && hashOf(path, files) === hash ? pathToFileURL(file) : null;
  } catch {
    return null;
  }
}

/**
 * What the bundles of an entry are called.
 *
 * @param {string} entry its path
 */
export function nameOf(entry) {
  return relative(root, entry)
    .replace(/\.ts$/, "")
    .replace(/[^A-Za-z0-9]+/g, "-");
}

/**
 * @param {string} name
 * @param {string} hash
 */
export function fileOf(name, hash) {
  return join(cache, `${name}-${hash}.mjs`);
}

/** @param {string} name */
export function noteOf(name) {
  return join(cache, `${name}.json`);
}

/**
 * The place of the checkout is part of a bundle, and so of its hash.
 *
 * @param {string} entry its path
 * @param {readonly string[]} files relative to the checkout
 * @returns {string | null} null where one of the files is gone
 */
export function hashOf(entry, files) {
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
