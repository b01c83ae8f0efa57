/**
 * `npm run bench` as a function: picks benchmarks, runs them one after the other, prints their lines.
 *
 * Leaves out budgets: a benchmark reports, and whoever reads it knows the machine. A benchmark that throws, or measures
 * nothing, or prints something other than a finite number, makes the whole run fail.
 */
import { Command, CommanderError } from "commander";
import type { Io } from "../cli/io.ts";
import { type Benchmark, isIncluded, type Line, linesOf } from "./benchmark.ts";

interface Flags {
  readonly only?: string;
  readonly json?: true;
  readonly small?: true;
}

/**
 * @param argv words after `npm run bench --`
 * @returns exit code: 0 when every chosen benchmark measured something, 1 when one failed, 2 for bad usage
 */
export async function runBenchmarks(
  benchmarks: readonly Benchmark[],
  argv: readonly string[],
  io: Pick<Io, "stdout" | "stderr">,
): Promise<number> {
  const command = new Command("npm run bench --")
    .description("Measures the speed and the memory of what lies beside each *.bench.ts.")
    .option("--only <name>", "one benchmark, or all of a family: kernel, kernel.hold.10k")
    .option("--json", "one JSON object per line: { name, value, unit, n, min, max }")
    .option("--small", "about a second each, to see that they still work")
    .allowExcessArguments(false)
    .configureOutput({ writeOut: io.stdout, writeErr: io.stderr })
    .exitOverride();
  try {
    command.parse(argv, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    throw error;
  }
  const flags = command.opts<Flags>();
  const { only } = flags;
  // A name may be that of a single line (`replication.metadata.10.mean`): then its benchmark runs and the line is kept.
  const chosen = benchmarks.filter(
    ({ name }) => only === undefined || isIncluded(name, only) || isIncluded(only, name),
  );
  if (chosen.length === 0) {
    io.stderr(
      `no benchmark is called ${only ?? "anything"}; there are: ${benchmarks.map(({ name }) => name).join(", ")}\n`,
    );
    return 2;
  }

  let failures = 0;
  for (const benchmark of chosen) {
    const note = (text: string): void => io.stderr(`${benchmark.name}: ${text}\n`);
    try {
      const lines = linesOf(benchmark, await benchmark.run({ small: flags.small === true, note }));
      const kept = lines.filter((line) => only === undefined || isIncluded(line.name, only));
      if (kept.length === 0) throw new Error(only === undefined ? "measured nothing" : `has no line called ${only}`);
      for (const line of kept) {
        if (!Number.isFinite(line.min + line.max)) throw new Error(`${line.name} is not a finite number`);
        io.stdout(flags.json === true ? `${JSON.stringify(line)}\n` : `${render(line)}\n`);
      }
    } catch (error) {
      failures += 1;
      note(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  return failures === 0 ? 0 : 1;
}

/** One line for people: columns that stay aligned as long as names and numbers are ordinary. */
function render({ name, value, unit, n, min, max }: Line): string {
  const range = n === 1 ? "" : `  [${round(min)} .. ${round(max)}, n = ${n}]`;
  return `${name.padEnd(40)} ${round(value).padStart(14)} ${unit}${range}`;
}

/** Four significant digits below a thousand, whole numbers above. */
function round(value: number): string {
  return Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
}
