/**
 * `causeway topology FILE`: the control tree, flows with their routes, streams with who receives them, and who may
 * target whom; or a drawing of the tree and its links.
 *
 * Leaves out the text itself, which is the model's (model/topology/describe.ts), and the drawing (sim/picture/draw-topology.ts).
 */
import type { Command } from "commander";
import { describeTopology } from "../../../model/topology/describe.ts";
import type { Topology } from "../../../model/topology/topology.ts";
import { drawTopology } from "../../picture/draw-topology.ts";
import {
  collectSetting,
  type Context,
  loadScenario,
  parseSeed,
  pathFrom,
  refuse,
  type ScenarioOptions,
  shownPath,
} from "../command.ts";
import { openOutput, OutputFailure } from "../output-file.ts";

interface TopologyOptions extends ScenarioOptions {
  readonly all?: boolean;
  readonly svg?: string;
}

/** Adds the command to the program. */
export function addTopology(program: Command, context: Context): void {
  program
    .command("topology")
    .summary("show the tree, flows, streams and targets of a scenario")
    .description(
      "Shows the control tree, scopes, links, flows with routes, streams with receivers, and who may target whom.",
    )
    .argument("<file>", "the scenario")
    .option("--all", "every line of every section; otherwise long sections are cut")
    .option("--svg <file>", "draw the tree and its links to this file instead")
    .option("--seed <seed>", "what all chance comes from; wins over the file's seed", parseSeed)
    .option("--set <path=value>", "another value for one place of the scenario; may be repeated", collectSetting)
    .action((file: string, options: TopologyOptions) => {
      const read = loadScenario(context, file, options);
      if (read === null) return;
      if (options.svg !== undefined) {
        draw(context, file, options.svg, read.topology, read.scenario.name);
        return;
      }
      context.io.stdout(describeTopology(read.topology, options.all === true ? { linesMax: Infinity } : {}));
    });
}

function draw(context: Context, file: string, output: string, topology: Topology, title: string): void {
  const path = pathFrom(context.io, output);
  const opened = openOutput(path, { overwrite: true, inputs: [pathFrom(context.io, file)] });
  if (opened.kind === "refused") {
    refuse(context, `--svg ${output}: ${opened.why}`);
    return;
  }
  try {
    opened.file.write(`${drawTopology(topology, title)}\n`);
    opened.file.commit();
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    refuse(context, `--svg ${output}: ${error.message}`);
    return;
  }
  context.io.stdout(`wrote ${shownPath(context.io, path)}\n`);
}
