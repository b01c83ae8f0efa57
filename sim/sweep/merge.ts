// Shards put together: their parts, of which none may be missing or there twice, in one folder that is as if one machine had run it all. There
// as a whole or not at all: what cannot be finished is taken away again, since the shards have it.

import { cpSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { missingChunks, type Range } from "./chunks.ts";
import { putFile, type WriteBytes } from "./files.ts";
import { FAILURES } from "./failures.ts";
import { COST, openFolder, type SweepFolder } from "./folder.ts";
import { JOURNAL, type PartEntry } from "./journal.ts";
import { difference, MANIFEST, type Manifest, readManifest } from "./manifest.ts";
import { openResults, type Results } from "./results.ts";
import { ResultsTrouble, whyNotWritten } from "./trouble.ts";

/**
 * Merges results folders into a new one.
 *
 * @throws ResultsTrouble when they do not fit together, one is damaged, or the new one cannot be written
 */
export function mergeResults(target: string, folders: readonly string[], write?: WriteBytes): Results {
  const sources = folders.map(openResults);
  const [first] = sources;
  if (first === undefined)
    throw new ResultsTrouble(target, "expected folders to merge, found none; name them behind it");
  for (const { folder, manifest } of sources) {
    const differs = difference(manifest, first.manifest);
    if (differs !== null) throw new ResultsTrouble(folder, `it does not fit ${first.folder}: ${differs}`);
  }
  const whole: Range = { from: 0, to: first.manifest.caseCount };
  refuseDoubles(sources);
  const done = sources.flatMap(({ parts }) => parts);
  const [gap] = missingChunks(whole, done, Number.MAX_SAFE_INTEGER);
  if (gap !== undefined) {
    const why = `runs ${gap.from} to ${gap.to - 1} are in none of the folders`;
    throw new ResultsTrouble(target, `${why}; go on with the shard that has them (--resume), and merge again`);
  }
  const manifest: Manifest = { ...first.manifest, cases: whole };
  if (readManifest(target) !== null) {
    throw new ResultsTrouble(
      target,
      "it holds results already; name another folder, or remove it if they are not needed",
    );
  }
  const folder = openFolder(target, manifest, { resume: false });
  let isWhole = false;
  try {
    for (const source of sources) take(source, target, folder, write);
    isWhole = true;
  } finally {
    folder.close();
    if (!isWhole) removeMerged(target, done);
  }
  return openResults(target);
}

function take(source: Results, target: string, folder: SweepFolder, write: WriteBytes | undefined): void {
  const costs = costsOf(source.folder);
  for (const part of source.parts) {
    copy(join(target, part.file), (path) => putFile(path, readFileSync(join(source.folder, part.file)), write));
    const known = Array.from({ length: part.to - part.from }, (_, at) => costs.get(part.from + at) ?? 0);
    folder.finish(part, known);
  }
  const failures = join(source.folder, FAILURES);
  if (statSync(failures, { throwIfNoEntry: false }) === undefined) return;
  copy(join(target, FAILURES), (path) => cpSync(failures, path, { recursive: true }));
}

/** The folder was empty before. The manifest last: until then it is known for what it is. */
function removeMerged(target: string, parts: readonly PartEntry[]): void {
  for (const name of [...parts.map(({ file }) => file), FAILURES, COST, JOURNAL, MANIFEST]) {
    rmSync(join(target, name), { recursive: true, force: true });
  }
}

function refuseDoubles(sources: readonly Results[]): void {
  const parts = sources.flatMap(({ folder, parts: own }) => own.map((part) => ({ ...part, folder })));
  parts.sort((a, b) => a.from - b.from);
  for (const [at, part] of parts.entries()) {
    const before = parts[at - 1];
    if (before === undefined || before.to <= part.from) continue;
    const runs = `runs ${part.from} to ${Math.min(before.to, part.to) - 1}`;
    throw new ResultsTrouble(part.folder, `${runs} are in ${before.folder}, too; leave one of the two out`);
  }
}

const nothingLeft = {
  full: "nothing is left of the merge, and the shards are what they were: make room, and merge again",
  otherwise: "nothing is left of the merge, and the shards are what they were: merge again when that is mended",
};

function copy(to: string, put: (path: string) => void): void {
  try {
    put(to);
  } catch (error) {
    throw new ResultsTrouble(to, whyNotWritten(error, nothingLeft));
  }
}

/** Milliseconds by case; empty where nobody knows. */
function costsOf(folder: string): ReadonlyMap<number, number> {
  try {
    const lines = readFileSync(join(folder, COST), "latin1").split("\n").slice(1);
    return new Map(lines.map((line) => line.split(",").map(Number) as [number, number]));
  } catch {
    return new Map();
  }
}
