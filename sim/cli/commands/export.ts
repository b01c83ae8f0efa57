/**
 * `causeway export FILE --to FORMAT`: the topology of a scenario for another tool, so that a finding can be tried there: as it is at one moment,
 * or with its faults where the format has time.
 *
 * What the format cannot say is told on standard error. Leaves out the formats (sim/exporting).
 */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Duration, micros } from "../../../model/units.ts";
import { asItIsAt } from "../../exporting/as-it-is-at.ts";
import { exportEnosLib } from "../../exporting/enoslib.ts";
import type { Exporter } from "../../exporting/exported.ts";
import { exportKollaps } from "../../exporting/kollaps.ts";
import { exportSimGrid } from "../../exporting/simgrid.ts";
import { parseQuantity } from "../../scenario/quantity.ts";
import { type Context, pathFrom, refuse, shownPath } from "../command.ts";
import { openOutput, OutputFailure, type OutputFile, type OutputOptions } from "../output-file.ts";
import { loadWithoutCode } from "../subject.ts";

interface Format {
  readonly write: Exporter;
  /** Can it say what happens at a time? */
  readonly hasTime: boolean;
}

const formats = {
  enoslib: { write: exportEnosLib, hasTime: false },
  kollaps: { write: exportKollaps, hasTime: true },
  simgrid: { write: exportSimGrid, hasTime: true },
} as const satisfies Readonly<Record<string, Format>>;

interface ExportFlags {
  readonly to: keyof typeof formats;
  readonly out?: string;
  readonly at?: Duration;
  readonly overwrite?: true;
}

/** Adds the command to the program. */
export function addExport(program: Command, context: Context): void {
  program
    .command("export")
    .summary("write the topology of a scenario for another tool")
    .description(
      "Writes the topology of a scenario in the format of another tool, so that a finding can be tried there. Says what the format cannot.",
    )
    .argument("<file>", "the scenario, or the replay file of a run that found something")
    .addOption(
      new Option(
        "--to <name>",
        "the format: enoslib (network constraints), kollaps (experiment) or simgrid (platform), the last two with faults",
      )
        .choices(Object.keys(formats))
        .makeOptionMandatory(),
    )
    .option("--out <file>", "the file to write; default: standard output")
    .option(
      "--at <time>",
      "links as faults have left them then, such as 3s; default: with all faults where the format has time, else without",
      parseAt,
    )
    .option("--overwrite", "replace a file that is there already")
    .action((file: string, flags: ExportFlags) => {
      exportOne(context, file, flags);
    });
}

function parseAt(text: string): Duration {
  const read = parseQuantity("duration", text);
  if (read.kind === "refused") throw new InvalidArgumentError(`${read.why}.`);
  return micros(read.value);
}

function exportOne(context: Context, file: string, { to, out, at, overwrite }: ExportFlags): void {
  const scenario = loadWithoutCode(context, file);
  if (scenario === null) return;
  const { name, topology, faults } = scenario;
  const { write, hasTime } = formats[to];
  const isWhole = hasTime && at === undefined;
  const unshown = isWhole ? 0 : faults.length;
  const shown = at === undefined ? { topology, unshown } : asItIsAt(topology, faults, at);
  const { text, notes, files = [] } = write(name, shown.topology, isWhole ? faults : []);
  const left =
    shown.unshown === 0
      ? []
      : [
          `faults that are left out: ${shown.unshown}; ${at === undefined ? "the format has no time; --at shows links as they are at one moment" : "what is shown is one moment"}`,
        ];
  if (out === undefined) {
    context.io.stdout(text);
    if (files.length > 0)
      left.push(
        `${files.length} profiles that the text names are not written; name a file with --out, and they are put beside it`,
      );
  } else {
    const path = pathFrom(context.io, out);
    const outputs = [
      { path, shown: out, text },
      ...files.map((one) => ({ path: join(dirname(path), one.path), shown: one.path, text: one.text })),
    ];
    const why = writeAll(outputs, { overwrite: overwrite === true, inputs: [pathFrom(context.io, file)] });
    if (why !== null) {
      refuse(context, why);
      return;
    }
    const beside = files.length === 0 ? "" : `, with ${files.length} profiles beside it`;
    context.io.stdout(
      `wrote ${shownPath(context.io, path)}: ${shown.topology.cloudlets.length} cloudlets and ${shown.topology.links.length} links as ${to}${beside}\n`,
    );
  }
  for (const note of [...notes, ...left]) context.io.stderr(`${file}: ${note}\n`);
}

interface Output {
  readonly path: string;
  readonly shown: string;
  readonly text: string;
}

/** Null where all of them were written; else why none was. The first is put in place last: it names the others. */
function writeAll(outputs: readonly Output[], options: OutputOptions): string | null {
  const opened: OutputFile[] = [];
  let shown = "";
  try {
    for (const output of outputs) {
      ({ shown } = output);
      // The folder of the first one is there, or it is refused.
      if (opened.length > 0) mkdirSync(dirname(output.path), { recursive: true });
      const outcome = openOutput(output.path, options);
      if (outcome.kind === "refused") return `${shown}: ${outcome.why}`;
      opened.push(outcome.file);
      outcome.file.write(output.text);
    }
    for (const file of opened.toReversed()) file.commit();
    return null;
  } catch (error) {
    if (error instanceof OutputFailure) return `${shown}: ${error.message}`;
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    return `${shown}: its folder cannot be made (${code}); name another place`;
  } finally {
    for (const file of opened) file.discard();
  }
}
