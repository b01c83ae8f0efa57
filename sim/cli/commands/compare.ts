/**
 * `causeway compare`: FIFO forwarding and the core in the same situations, and how many runs went wrong under each.
 *
 * Leaves out the running (sim/compare).
 */
import { type Command, InvalidArgumentError } from "commander";
import { nearestName } from "../../../model/topology/names.ts";
import { situationTable } from "../../compare/situations.ts";
import { runCompare, type CompareRow } from "../../compare/run-compare.ts";
import type { Context } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { startProgress } from "../progress.ts";
import { renderNumber, renderTable } from "../tables.ts";

const SEEDS_DEFAULT = 1_000;
const SEEDS_MAX = 1_000_000;

/** Options of the command. */
interface CompareCommandOptions {
  readonly seeds: number;
  readonly only?: readonly string[];
  readonly workers?: number;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** Adds the command to the program. */
export function addCompare(program: Command, context: Context): void {
  program
    .command("compare")
    .summary("compare FIFO forwarding with the core, situation by situation")
    .description(
      "Runs FIFO forwarding and the core in the same situations on Figure 1, and counts the runs with a causal violation " +
        "and with a lost operation.",
    )
    .option("--seeds <count>", "runs per situation and protocol", parseCount, SEEDS_DEFAULT)
    .option("--only <names...>", "only these situations", collectSituation)
    .option("--json", "print one JSON object instead of a table")
    .option("--markdown", "print the table of docs/protocols.md")
    .option("--workers <count>", "threads; default: as many as the machine has cores", parseCount)
    .action(async (options: CompareCommandOptions) => {
      const { seeds, only, workers } = options;
      const progress = startProgress(context.io);
      const rows = await runCompare({
        seeds,
        ...(only !== undefined && { situations: situationTable.filter(({ name }) => only.includes(name)) }),
        ...(workers !== undefined && { workerCount: workers }),
        onProgress: progress.advance,
      }).finally(progress.stop);
      if (options.json === true) context.io.stdout(`${JSON.stringify(toJson(rows, seeds), null, 2)}\n`);
      else if (options.markdown === true) context.io.stdout(renderMarkdown(rows));
      else context.io.stdout(renderText(rows, seeds));
      if (rows.some(({ surprises }) => surprises.length > 0)) context.exitCode = exitCodes.failed;
    });
}

/** The table as text with the first run that went wrong of each row; its last line is the verdict. */
function renderText(rows: readonly CompareRow[], seeds: number): string {
  const table = renderTable(
    ["situation", "fifo violates", "loses", "core violates", "loses", "reference"],
    rows.map(({ situation: { name, reference }, fifo, core }) => [
      name,
      fifo.violating,
      fifo.losing,
      core.violating,
      core.losing,
      `${reference.violating} / ${reference.losing}`,
    ]),
  );
  const examples = rows.flatMap(({ situation: { name, says }, fifo: { example } }) => [
    `${name}: ${says}\n`,
    ...(example === null ? [] : [`  seed ${example.seed}: ${example.evidence}\n`]),
  ]);
  const surprises = rows.flatMap((row) => row.surprises);
  const verdict = surprises.length === 0 ? "passed" : "failed";
  return [
    table,
    "\nreference: of 1 000 runs of a bare model of directed queues\n\n",
    ...examples,
    "\n",
    ...surprises.map((surprise) => `not as expected: ${surprise}\n`),
    `${verdict}: ${rows.length === 1 ? "1 situation" : `${rows.length} situations`}, ${renderNumber(seeds)} runs each under both protocols\n`,
  ].join("");
}

/** The table of docs/protocols.md. */
export function renderMarkdown(rows: readonly CompareRow[]): string {
  const cells = rows.map(({ situation: { says, core, reference }, fifo, core: found }) => [
    says,
    `${fifo.violating} / ${fifo.losing}`,
    `${found.violating} / ${found.losing}`,
    `${reference.violating} / ${reference.losing}`,
    core === "" ? "the same" : core,
  ]);
  const head = ["situation", "FIFO forwarding", "core", "reference", "what the core has"];
  const line = (texts: readonly string[]): string => `| ${texts.join(" | ")} |\n`;
  return [head, head.map(() => "---"), ...cells].map(line).join("");
}

function toJson(rows: readonly CompareRow[], seeds: number): unknown {
  return {
    seeds,
    situations: rows.map(({ situation, fifo, core, surprises }) => ({
      name: situation.name,
      says: situation.says,
      fifo: { protocol: situation.protocol, ...fifo },
      core: { protocol: "causeway", ...core },
      reference: { runs: 1_000, ...situation.reference },
      surprises,
    })),
  };
}

function parseCount(text: string): number {
  const count = /^[1-9][0-9]{0,6}$/.test(text) ? Number(text) : Number.NaN;
  if (count <= SEEDS_MAX) return count;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${SEEDS_MAX}.`);
}

function collectSituation(text: string, chosen: readonly string[] | undefined): readonly string[] {
  const names = situationTable.map(({ name }) => name);
  if (names.includes(text)) return [...(chosen ?? []), text];
  const near = nearestName(text, names);
  const remedy = near === null ? `there are ${names.join(", ")}` : `did you mean ${near}?`;
  throw new InvalidArgumentError(`expected the name of a situation; ${remedy}`);
}
