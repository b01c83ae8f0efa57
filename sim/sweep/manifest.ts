// What a results folder is of: written once when a sweep begins, so that whoever finds the folder knows, and whoever goes on with it, or
// merges it with others, goes on with the same.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { markTable } from "../oracles/names.ts";
import type { Range } from "./chunks.ts";
import { type Column, columnsOf } from "./columns.ts";
import { statistics, type SweepExpectations, type SweepPlan } from "./plan.ts";
import { ResultsTrouble } from "./trouble.ts";

/** The manifest. */
export interface Manifest {
  readonly engine: string;
  readonly name: string;
  readonly seed: string;
  /** Of the plan. */
  readonly fingerprint: string;
  /** Of the whole plan. */
  readonly caseCount: number;
  /** The cases that this folder is for: all of them, or those of a shard. */
  readonly cases: Range;
  readonly expectations: SweepExpectations;
  readonly columns: readonly Column[];
}

/** The file's name. */
export const MANIFEST = "sweep.json";

const VERSION = 1;

const count = z.int().nonnegative();
const mark = z.enum(markTable.map(({ name }) => name));
const form = z.strictObject({
  "causeway-sweep": z.literal(VERSION),
  engine: z.string(),
  name: z.string(),
  seed: z.string(),
  fingerprint: z.string(),
  caseCount: count,
  cases: z.strictObject({ from: count, to: count }),
  expectations: z.strictObject({
    sometimes: z.array(mark),
    bounds: z.array(
      z.strictObject({
        metric: z.string(),
        over: z.enum(statistics),
        comparison: z.enum(["<=", ">=", "<", ">", "=="]),
        value: z.number(),
      }),
    ),
    topologies: z.strictObject({ count, requests: count, marks: z.array(mark) }).nullable(),
    everyFault: z.boolean(),
  }),
  columns: z.array(z.strictObject({ name: z.string(), kind: z.enum(["text", "integer", "number"]) })),
});

/** The manifest of a sweep that runs these cases of a plan. */
export function manifestOf(plan: SweepPlan, engine: string, cases: Range): Manifest {
  const { name, seed, fingerprint, caseCount, expectations } = plan;
  return { engine, name, seed, fingerprint, caseCount, cases, expectations, columns: columnsOf(plan.columns) };
}

/** The file's text. */
export function renderManifest(manifest: Manifest): string {
  return `${JSON.stringify({ "causeway-sweep": VERSION, ...manifest }, null, 1)}\n`;
}

/**
 * Reads the manifest of a folder; null where it has none.
 *
 * @throws ResultsTrouble when it is damaged
 */
export function readManifest(folder: string): Manifest | null {
  const path = join(folder, MANIFEST);
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : error;
    if (code === "ENOENT") return null;
    if (code === "ENOTDIR") {
      const why = "expected a results folder, found a file; name the folder that a sweep has written";
      throw new ResultsTrouble(folder, why);
    }
    throw new ResultsTrouble(path, `it cannot be read (${String(code)}); check the folder`);
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw new ResultsTrouble(
      path,
      "it is damaged: no complete JSON; bring it back from a copy, or begin anew in another folder",
    );
  }
  const read = form.safeParse(data);
  if (!read.success) {
    const [issue] = read.error.issues;
    const at = issue === undefined ? "" : ` at ${issue.path.join(".") || "its root"}`;
    const why = `expected a results folder of this version of causeway, found something else${at}`;
    throw new ResultsTrouble(path, `${why}; use the causeway that wrote it, or begin anew in another folder`);
  }
  const { engine, name, seed, fingerprint, caseCount, cases, expectations, columns } = read.data;
  return { engine, name, seed, fingerprint, caseCount, cases, expectations, columns };
}

/**
 * In what two manifests differ, as a sentence with its remedy; null where they are of the same sweep and engine.
 *
 * @param wanted what is to go on or to be merged with
 */
export function difference(found: Manifest, wanted: Manifest): string | null {
  if (found.engine !== wanted.engine) {
    return `its results are of engine ${found.engine}, this is ${wanted.engine}, which may run them differently; use that engine, or begin anew in another folder`;
  }
  if (found.fingerprint !== wanted.fingerprint || found.caseCount !== wanted.caseCount) {
    return `its results are of another plan (sweep ${found.name}, seed ${found.seed}, ${found.caseCount} runs); go on with that file as it was, or begin anew in another folder`;
  }
  if (JSON.stringify(found.columns) !== JSON.stringify(wanted.columns)) {
    return "its results have other columns; use the causeway that wrote them, or begin anew in another folder";
  }
  return null;
}
