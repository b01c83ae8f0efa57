/**
 * `causeway import FILE|FOLDER|ARCHIVE --out FOLDER`: maps of other people become scenarios, and what was done to each is told.
 *
 * Each topology is written as a whole or not at all; what is refused is told with its place and leaves the others alone. Leaves out formats
 * (workloads/importing) and what is written (sim/importing/write-topology.ts).
 */
import { existsSync, mkdirSync, statSync } from "node:fs";
import { join, posix } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type ImportFormat, importFormats, type ImportOptions, importText } from "../../importing/import-text.ts";
import { findSources, type Source } from "../../importing/sources.ts";
import { noteLines, topologyFile } from "../../importing/write-topology.ts";
import type { ImportedTopology } from "../../../workloads/importing/become-topology.ts";
import type { FidelityNote } from "../../../workloads/importing/fidelity.ts";
import { renderProblem, renderProblems } from "../../scenario/problem.ts";
import { type Context, pathFrom, refuse, shownPath } from "../command.ts";
import { openOutput, OutputFailure } from "../output-file.ts";

interface ImportFlags {
  readonly out: string;
  readonly format?: ImportFormat;
  readonly root?: string;
  readonly pieces?: "largest" | "refuse";
  readonly latencies?: "one-way" | "round-trip";
  readonly compat?: "enos-2018" | "enoslib-head";
  readonly simgridLatency?: "nominal" | "lv08";
  readonly json?: true;
  readonly overwrite?: true;
}

/** What became of one document. */
interface Imported {
  readonly source: string;
  readonly format: ImportFormat;
  /** The scenario, in the folder that was named. */
  readonly file: string;
  readonly topology: ImportedTopology;
  readonly notes: readonly FidelityNote[];
}

/** Adds the command to the program. */
export function addImport(program: Command, context: Context): void {
  const names = importFormats.map(({ name }) => name);
  program
    .command("import")
    .summary("make scenarios of maps that other tools have")
    .description(
      "Reads maps of networks and writes a scenario for each, which runs as it is, and whose topology sweeps take. Says of each what was " +
        "read, converted, dropped, assumed and repaired. What cannot be read is told with its place, and the exit code is 2 then.",
    )
    .argument("<source>", "a file; a folder, with those in it; or a .tar.gz")
    .requiredOption("--out <folder>", "where the scenarios go; it is made where it is missing")
    .addOption(new Option("--format <name>", "format of the source; default: told from the content").choices(names))
    .option(
      "--root <name>",
      "the label or id of the node at the root; default: the one from which the farthest is nearest",
      parseRoot,
    )
    .addOption(
      new Option("--pieces <what>", "of a map in pieces: take the largest, or refuse it")
        .choices(["largest", "refuse"])
        .default("largest"),
    )
    .addOption(
      new Option("--latencies <what>", "what a table of latencies holds")
        .choices(["one-way", "round-trip"])
        .default("one-way"),
    )
    .addOption(
      new Option("--compat <version>", "whose reading of network constraints: that of Enos in 2018, or of EnosLib now")
        .choices(["enos-2018", "enoslib-head"])
        .default("enos-2018"),
    )
    .addOption(
      new Option(
        "--simgrid-latency <what>",
        "latencies and bandwidths of a SimGrid platform: as written, or times 13.01 and 0.97 as its model LV08 has them",
      )
        .choices(["nominal", "lv08"])
        .default("nominal"),
    )
    .option("--overwrite", "replace scenarios that are there already")
    .option("--json", "say it as JSON: { imported: [...], refused: [...] }")
    .action((source: string, flags: ImportFlags) => {
      importAll(context, source, flags);
    });
}

function parseRoot(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("expected the name of a node");
  return text;
}

function importAll(context: Context, named: string, flags: ImportFlags): void {
  const found = findSources(named, pathFrom(context.io, named));
  if (found.kind === "refused") {
    refuse(context, `${named}: ${found.why}`);
    return;
  }
  const folder = pathFrom(context.io, flags.out);
  const noFolder = makeFolder(folder);
  if (noFolder !== null) {
    refuse(context, `--out ${flags.out}: ${noFolder}`);
    return;
  }
  const { json, overwrite, format, root, pieces, latencies, compat, simgridLatency } = flags;
  const options: ImportOptions = {
    ...(format !== undefined && { format }),
    ...(root !== undefined && { root }),
    ...(pieces !== undefined && { pieces }),
    ...(latencies !== undefined && { latencies }),
    ...(compat !== undefined && { compat }),
    ...(simgridLatency !== undefined && { simgridLatency }),
  };
  const imported: Imported[] = [];
  const refusals: string[] = found.unread.map(({ shown, why }) =>
    renderProblem({ file: shown, line: 0, column: 0, message: why }),
  );
  const names = new Set<string>();
  for (const source of found.sources) {
    const one = importOne(source, options, names);
    if (one.kind === "refused") {
      refusals.push(one.why);
      continue;
    }
    const why = put(join(folder, one.imported.file), one.text, overwrite === true);
    if (why === null) imported.push(one.imported);
    else refusals.push(`${posix.join(flags.out, one.imported.file)}: ${why}`);
  }
  if (refusals.length > 0) refuse(context, refusals.join("\n"));
  context.io.stdout(
    json === true ? asJson(imported, refusals) : asText(imported, refusals.length, shownPath(context.io, folder)),
  );
}

type One =
  | { readonly kind: "imported"; readonly imported: Imported; readonly text: string }
  | { readonly kind: "refused"; readonly why: string };

function importOne({ shown, path, text, fileOf }: Source, options: ImportOptions, names: Set<string>): One {
  const outcome = importText(text, { ...options, fileOf });
  if (outcome.kind === "refused") {
    const problems = outcome.problems.map(({ line, column, message }) => ({ file: shown, line, column, message }));
    return { kind: "refused", why: renderProblems(problems).trimEnd() };
  }
  const { format, topology, notes } = outcome;
  const name = fileName(path, names);
  const imported = { source: shown, format, file: `${name}.yaml`, topology, notes };
  return { kind: "imported", imported, text: topologyFile(name, topology, { source: shown, format, notes }) };
}

/** A name that scenarios may have, and that no other one of this import has. */
function fileName(path: string, names: Set<string>): string {
  const cleaned = path
    .replace(/\.[A-Za-z]+$/u, "")
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .replace(/[^A-Za-z0-9]+/gu, "-")
    .replace(/^-+|-+$/gu, "")
    .toLowerCase();
  const base = /^[a-z]/u.test(cleaned) ? cleaned : `map-${cleaned}`;
  let name = base;
  for (let count = 2; names.has(name); count += 1) name = `${base}-${count}`;
  names.add(name);
  return name;
}

/** Null where it is there; else why not. */
function makeFolder(path: string): string | null {
  try {
    mkdirSync(path, { recursive: true });
    return statSync(path).isDirectory() ? null : "expected a folder, found a file; name another place";
  } catch (error) {
    return `cannot be made (${(error as NodeJS.ErrnoException).code ?? String(error)}); name another place`;
  }
}

/** Null where it was written; else why not. */
function put(path: string, text: string, overwrite: boolean): string | null {
  if (!overwrite && existsSync(path)) return "it is there already; name another folder, or replace it with --overwrite";
  const opened = openOutput(path, { overwrite });
  if (opened.kind === "refused") return opened.why;
  try {
    opened.file.write(text);
    opened.file.commit();
    return null;
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    return error.message;
  }
}

function asText(imported: readonly Imported[], refusedCount: number, folder: string): string {
  const [only] = imported;
  if (only === undefined) return "";
  if (imported.length === 1 && refusedCount === 0)
    return `${sizeOf(only)}\n${lines(only.notes)}wrote ${folder}/${only.file}; run it with: npx causeway run ${folder}/${only.file}\n`;
  const width = Math.max(...imported.map(({ file }) => file.length));
  const list = imported.map((one) => `${one.file.padEnd(width)}  ${sizeOf(one)}`).join("\n");
  const refused = refusedCount === 0 ? "" : `, ${refusedCount} refused`;
  return `${list}\n\nall of them together:\n${lines(summed(imported))}wrote ${imported.length} scenarios to ${folder}${refused}\n`;
}

function sizeOf({ format, topology: { cloudlets, links, spareCount, depth, events } }: Imported): string {
  const faults = events.length === 0 ? "" : `, faults: ${events.length}`;
  return `${format}: ${cloudlets.length} cloudlets in ${depth + 1} layers, ${links.length} links of which ${spareCount} are spare${faults}`;
}

function lines(notes: readonly FidelityNote[]): string {
  return noteLines(notes)
    .map((line) => `  ${line}\n`)
    .join("");
}

function summed(imported: readonly Imported[]): readonly FidelityNote[] {
  const sums = new Map<string, FidelityNote>();
  for (const { notes } of imported) {
    for (const note of notes) {
      const name = `${note.kind} ${note.what}`;
      const before = sums.get(name);
      sums.set(name, { ...note, count: note.count + (before?.count ?? 0), examples: [] });
    }
  }
  return [...sums.values()].sort((a, b) => (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : b.count - a.count));
}

function asJson(imported: readonly Imported[], refused: readonly string[]): string {
  const list = imported.map(
    ({ source, format, file, notes, topology: { cloudlets, links, spareCount, depth, events } }) => ({
      source,
      format,
      file,
      cloudlets: cloudlets.length,
      layers: depth + 1,
      links: links.length,
      spareLinks: spareCount,
      faults: events.length,
      notes,
    }),
  );
  return `${JSON.stringify({ imported: list, refused }, null, 2)}\n`;
}
