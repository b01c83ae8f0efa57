// Shards put together: their parts, of which none may be missing or there twice, in one folder that is as if one machine had run it all.

import { cpSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { missingChunks, type Range } from "./chunks.ts";
import { putFile } from "./files.ts";
import { openFolder } from "./folder.ts";
import { difference, type Manifest } from "./manifest.ts";
import { openResults, type Results } from "./results.ts";
import { ResultsTrouble, whyNotWritten } from "./trouble.ts";

/**
 * Merges results folders into a new one.
 *
 * @throws ResultsTrouble when they do not fit together, one is damaged, or the new one cannot be written
 */
export function mergeResults(target: string, folders: readonly string[]): Results {
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
  const folder = openFolder(target, manifest, { resume: false });
  try {
    for (const source of sources) {
      const costs = costsOf(source.folder);
      for (const part of source.parts) {
        copy(join(source.folder, part.file), join(target, part.file));
        const known = Array.from({ length: part.to - part.from }, (_, at) => costs.get(part.from + at) ?? 0);
        folder.finish(part, known);
      }
      const failures = join(source.folder, "failures");
      if (statSync(failures, { throwIfNoEntry: false }) !== undefined) {
        cpSync(failures, join(target, "failures"), { recursive: true });
      }
    }
  } finally {
    folder.close();
  }
  return openResults(target);
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

function copy(from: string, to: string): void {
  try {
    putFile(to, readFileSync(from));
  } catch (error) {
    throw new ResultsTrouble(to, whyNotWritten(error));
  }
}

/** Milliseconds by case; empty where nobody knows. */
function costsOf(folder: string): ReadonlyMap<number, number> {
  try {
    const lines = readFileSync(join(folder, "cost.csv"), "latin1").split("\n").slice(1);
    return new Map(lines.map((line) => line.split(",").map(Number) as [number, number]));
  } catch {
    return new Map();
  }
}
