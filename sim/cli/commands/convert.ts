/**
 * `causeway convert IN [OUT] --to FORMAT`: writes a recorded history in another format, for other checkers.
 *
 * Notes go to standard error: what was made of the file, and what the other format cannot say. Leaves out both formats themselves
 * (model/consistency/formats).
 */
import { type Command, InvalidArgumentError } from "commander";
import {
  type FormatName,
  formats,
  type History,
  type InitialValues,
  readHistory,
  renderFormatProblem,
  writeHistory,
  type WrittenFormatName,
  writtenFormats,
} from "../../../model/consistency/index.ts";
import { withPieces } from "../../check/pieces.ts";
import { type Context, pathFrom, refuse, shownPath } from "../command.ts";
import { known, parseFormat, parseInit, parseZero } from "../history-options.ts";
import { openOutput, type OutputFile, OutputFailure } from "../output-file.ts";

/** Characters written at once. */
const BATCH = 65_536;

interface ConvertOptions {
  readonly to: WrittenFormatName;
  readonly output?: string;
  readonly format?: FormatName;
  readonly init?: InitialValues;
  readonly zero?: number | string;
}

/** Adds the command to the program. */
export function addConvert(program: Command, context: Context): void {
  program
    .command("convert")
    .summary("write a recorded history in another format")
    .description(
      "Reads a recorded history and writes it in another format, so that other checkers can judge it. Says what the " +
        "other format cannot. Nothing is written of a history that cannot be read, or that the format does not know.",
    )
    .argument("<file>", "the history")
    .argument("[output]", "the file to write; - or nothing for standard output")
    .requiredOption("--to <name>", `format to write: ${writtenFormats.join(", ")}`, parseTo)
    .option("-o, --output <file>", "the file to write, instead of the second argument")
    .option(
      "--format <name>",
      `format of the history; default: told from the content (${formats.map(({ name }) => name).join(", ")})`,
      parseFormat,
    )
    .option("--init <policy>", "initial values: implicit, explicit or none; default: as the format has them", parseInit)
    .option(
      "--zero <value>",
      "a value that keys have in the beginning, such as 0; default: as the format has it",
      parseZero,
    )
    .action((file: string, second: string | undefined, options: ConvertOptions) => {
      convert(context, file, second, options);
    });
}

function convert(context: Context, file: string, second: string | undefined, options: ConvertOptions): void {
  if (second !== undefined && options.output !== undefined) {
    refuse(context, `--output ${options.output}: expected one file to write, found ${second} too; name it once`);
    return;
  }
  const path = pathFrom(context.io, file);
  const named = second ?? options.output ?? "-";
  let output: OutputFile | null = null;
  if (named !== "-") {
    // Opened before the work begins, so that a path that cannot be written is known at once.
    const opened = openOutput(pathFrom(context.io, named), { overwrite: true, inputs: [path] });
    if (opened.kind === "refused") {
      refuse(context, `${named}: ${opened.why}`);
      return;
    }
    output = opened.file;
  }
  try {
    const history = read(context, file, path, options);
    if (history !== null && write(context, file, history, options.to, output) && output !== null) {
      output.commit();
      const operations = `${history.operationCount} ${history.operationCount === 1 ? "operation" : "operations"}`;
      context.io.stdout(
        `wrote ${shownPath(context.io, pathFrom(context.io, named))}: ${operations} as ${options.to}\n`,
      );
    }
  } catch (error) {
    if (!(error instanceof OutputFailure)) throw error;
    refuse(context, `${named}: ${error.message}`);
  } finally {
    output?.discard();
  }
}

/** The history; null when it was refused, and everything has been said. */
function read(context: Context, file: string, path: string, { format, init, zero }: ConvertOptions): History | null {
  const options = {
    fileName: file,
    ...(format !== undefined && { format }),
    ...(init !== undefined && { init }),
    ...(zero !== undefined && { zero }),
  };
  const outcome = withPieces(path, (pieces) => readHistory(pieces, options));
  if (outcome.kind === "unreadable") {
    refuse(context, `${file}: ${outcome.why}`);
    return null;
  }
  const reading = outcome.value;
  if (reading.kind === "refused") {
    refuse(context, reading.problems.map(renderFormatProblem).join("\n"));
    return null;
  }
  for (const note of [`read as ${reading.format}`, ...reading.notes]) context.io.stderr(`${file}: ${note}\n`);
  return reading.history;
}

/** Writes all of it; false when the format does not know such histories. */
function write(
  context: Context,
  file: string,
  history: History,
  to: WrittenFormatName,
  output: OutputFile | null,
): boolean {
  const writing = writeHistory(history, to);
  if (writing.kind === "refused") {
    const { line, expected, found, remedy } = writing;
    refuse(context, renderFormatProblem({ file, line, column: 1, expected, found, remedy }));
    return false;
  }
  const put = output === null ? context.io.stdout : (text: string) => output.write(text);
  let batch = "";
  for (const piece of writing.pieces) {
    batch += piece;
    if (batch.length < BATCH) continue;
    put(batch);
    batch = "";
  }
  put(batch);
  for (const note of writing.notes) context.io.stderr(`${to}: ${note}\n`);
  return true;
}

function parseTo(text: string): WrittenFormatName {
  const readOnly = formats.find(({ name }) => name === text && !writtenFormats.some((written) => written === name));
  if (readOnly !== undefined)
    throw new InvalidArgumentError(`${readOnly.title} is only read; there are ${writtenFormats.join(", ")}.`);
  return known(text, writtenFormats, "the name of a format that can be written");
}
