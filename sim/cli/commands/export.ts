/**
 * `causeway export FILE --to FORMAT`: the topology of a scenario for another tool, as it is at one moment, so that a finding can be tried there.
 *
 * What the format cannot say is told on standard error. Leaves out the formats (sim/exporting).
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { type Duration, micros } from "../../../model/units.ts";
import { asItIsAt } from "../../exporting/as-it-is-at.ts";
import { exportEnosLib } from "../../exporting/enoslib.ts";
import type { Exporter } from "../../exporting/exported.ts";
import { parseQuantity } from "../../scenario/quantity.ts";
import { type Context, loadScenario, pathFrom, refuse, shownPath } from "../command.ts";
import { openOutput, OutputFailure } from "../output-file.ts";

const exporters = { enoslib: exportEnosLib } as const satisfies Readonly<Record<string, Exporter>>;

interface ExportFlags {
  readonly to: keyof typeof exporters;
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
    .argument("<file>", "the scenario")
    .addOption(
      new Option("--to <name>", "the format: enoslib (network constraints)")
        .choices(Object.keys(exporters))
        .makeOptionMandatory(),
    )
    .option("--out <file>", "the file to write; default: standard output")
    .option("--at <time>", "links as faults have left them then, such as 3s; default: without faults", parseAt)
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
  const read = loadScenario(context, file, {});
  if (read === null) return;
  const { name, topology, faults } = read.scenario;
  const shown = at === undefined ? { topology, unshown: faults.length } : asItIsAt(topology, faults, at);
  const { text, notes } = exporters[to](name, shown.topology);
  const left =
    shown.unshown === 0
      ? []
      : [
          `faults that are left out: ${shown.unshown}; the format has no time${at === undefined ? "; --at shows links as they are at one moment" : ""}`,
        ];
  if (out === undefined) {
    context.io.stdout(text);
  } else {
    const path = pathFrom(context.io, out);
    const opened = openOutput(path, { overwrite: overwrite === true, inputs: [pathFrom(context.io, file)] });
    if (opened.kind === "refused") {
      refuse(context, `${out}: ${opened.why}`);
      return;
    }
    try {
      opened.file.write(text);
      opened.file.commit();
    } catch (error) {
      if (!(error instanceof OutputFailure)) throw error;
      refuse(context, `${out}: ${error.message}`);
      return;
    }
    context.io.stdout(
      `wrote ${shownPath(context.io, path)}: ${shown.topology.cloudlets.length} cloudlets and ${shown.topology.links.length} links as ${to}\n`,
    );
  }
  for (const note of [...notes, ...left]) context.io.stderr(`${file}: ${note}\n`);
}
