/**
 * `causeway fit FILE --column NAME`: distributions that a scenario can say, fitted to a measured sample, with how far each is off.
 *
 * Leaves out estimators and distances (sim/fitting).
 */
import { type Command, InvalidArgumentError, Option } from "commander";
import { micros } from "../../../model/units.ts";
import type { Zone } from "../../../workloads/measured/moments.ts";
import { distanceOf, type Fit, fitsOf, goodUpTo, sampleQuantile, shortened } from "../../fitting/fits.ts";
import { readSample, sampleUnits, type SampleUse } from "../../fitting/read-sample.ts";
import { quantileOf } from "../../fitting/shape.ts";
import { readCsv } from "../../importing/read-csv.ts";
import { noteLines } from "../../importing/write-topology.ts";
import type { Distribution } from "../../kernel/distributions.ts";
import { TABLE_SIZE_MAX } from "../../scenario/attached.ts";
import { readInputFile } from "../../scenario/file.ts";
import { renderProblems } from "../../scenario/problem.ts";
import { showQuantity } from "../../scenario/quantity.ts";
import { showSpread } from "../../scenario/spread.ts";
import { timeZoneNamed } from "../../scenario/time-zones.ts";
import { type Context, pathFrom, refuse } from "../command.ts";
import { renderMicros, renderTable } from "../tables.ts";

interface FitFlags {
  readonly column?: string;
  readonly as: SampleUse;
  readonly by?: string;
  readonly unit?: string;
  readonly timeZone?: Zone;
  readonly json?: true;
}

/** A row of the table, for people and for programs. */
interface FitRow {
  readonly fit: string;
  /** As a scenario writes it; null: the sample itself. */
  readonly text: string | null;
  /** A share; null: the sample itself. */
  readonly off: number | null;
  /** Microseconds. */
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
}

/** Values of the sample in short. */
const SHORT_COUNT = 20;
const SHARES = [0.5, 0.9, 0.99] as const;

/** Adds the command to the program. */
export function addFit(program: Command, context: Context): void {
  program
    .command("fit")
    .summary("fit distributions to a measured sample")
    .description(
      "Fits the distributions that a scenario can say to a column of a CSV table, and says how far each is off: the greatest difference " +
        "between the shares of both at or below a value, and what they have at p50, p90 and p99.",
    )
    .argument("<file>", "the table")
    .option("--column <name>", "which column; the end of its name is the unit: rtt_ms, answer_s")
    .addOption(
      new Option(
        "--as <use>",
        "duration: for where a distribution may stand; delay: of a link (a column rtt_... is halved); interarrival: from one time of the column to the next; down, up: how long links of a table of outages are so each time",
      )
        .choices(["duration", "delay", "interarrival", "down", "up"])
        .default("duration"),
    )
    .option("--by <name>", "with --as interarrival: from one line to the next that has the same in this column")
    .addOption(
      new Option("--unit <name>", "the unit, where the column's name does not say it").choices([...sampleUnits.keys()]),
    )
    .option("--time-zone <name>", "of times without an offset, such as Europe/Prague", parseZone)
    .option("--json", "say it as JSON: { values, measured, fits: [...], best, good, notes }")
    .action((file: string, flags: FitFlags) => {
      fitOne(context, file, flags);
    });
}

function parseZone(name: string): Zone {
  const zone = timeZoneNamed(name);
  if (zone === null) throw new InvalidArgumentError("expected the IANA name of a time zone, such as Europe/Prague.");
  return zone;
}

function fitOne(context: Context, file: string, flags: FitFlags): void {
  const { column = null, as: use, by = null, unit, timeZone, json } = flags;
  const misfit = misfitOf(flags);
  if (misfit !== null) {
    refuse(context, misfit);
    return;
  }
  const content = readInputFile(pathFrom(context.io, file), TABLE_SIZE_MAX);
  if (content.kind === "refused") {
    refuse(context, `${file}: ${content.why}`);
    return;
  }
  const csv = readCsv(content.text);
  const read =
    csv.kind === "rows" ? readSample(csv.rows, { column, use, by, unit: unit ?? null, zone: timeZone ?? null }) : csv;
  if (read.kind === "refused") {
    refuse(context, renderProblems(read.problems.map((problem) => ({ file, ...problem }))));
    return;
  }
  const { sorted, notes } = read;
  const fits = fitsOf(sorted).filter(({ distribution }) => use !== "delay" || isOfLinks(distribution));
  const best = fits[0] as Fit;
  const isGood = best.off <= goodUpTo(sorted.length);
  const short = sampleOf(sorted);
  const rows = [
    measuredRow(sorted),
    ...fits.map(({ name, distribution, off }) => fittedRow(name, distribution, off)),
    ...(use === "delay"
      ? []
      : [fittedRow(`sample of ${Math.min(SHORT_COUNT, sorted.length)}`, short, distanceOf(sorted, short))]),
  ];
  if (json === true) {
    const [, ...fitted] = rows;
    const said = { values: sorted.length, measured: rows[0], fits: fitted, best: best.name, good: isGood, notes };
    context.io.stdout(`${JSON.stringify(said, null, 2)}\n`);
    return;
  }
  const table = renderTable(
    ["fit", "off by", "p50", "p90", "p99"],
    rows.map(({ fit, off, p50, p90, p99 }) => [
      fit,
      off === null ? "" : percent(off),
      ...[p50, p90, p99].map(renderMicros),
    ]),
  );
  const told = noteLines(notes).map((line) => `  ${line}\n`);
  const [least, most] = [sorted[0] ?? 0, sorted.at(-1) ?? 0].map(renderMicros);
  context.io.stdout(
    `${file}: ${sorted.length} values${column === null ? "" : ` of ${column}`}, ${least} to ${most}\n${told.join("")}\n${table}\n${verdict(fits, sorted.length)}\n${lines(use, best, isGood, short)}`,
  );
}

/** Options that need or exclude one another; null where they fit. */
function misfitOf({ column, as: use, by }: FitFlags): string | null {
  const isOutages = use === "down" || use === "up";
  if (column === undefined && !isOutages)
    return "--column: expected the name of a column, found none; name one of the first line";
  if (column !== undefined && isOutages)
    return `--column ${column}: expected none with --as ${use}, which takes the columns time, from, to and state; leave it out`;
  if (by !== undefined && use !== "interarrival")
    return `--by ${by}: expected it with --as interarrival, found --as ${use}; leave it out`;
  return null;
}

/** What the fitted values may stand for in a scenario. */
const keys: Readonly<Record<SampleUse, string>> = {
  duration: "",
  delay: "",
  interarrival: "every: ",
  down: "down: ",
  up: "up: ",
};

// A link has one delay, and a jitter that is drawn evenly.
function isOfLinks({ kind }: Distribution): boolean {
  return kind === "constant" || kind === "uniform";
}

function sampleOf(sorted: readonly number[]): Extract<Distribution, { kind: "empirical" }> {
  const counts = new Map<number, number>();
  for (const value of shortened(sorted, SHORT_COUNT)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return { kind: "empirical", observations: [...counts].map(([value, count]) => ({ value: micros(value), count })) };
}

function measuredRow(sorted: readonly number[]): FitRow {
  const [p50, p90, p99] = SHARES.map((share) => sampleQuantile(sorted, share)) as [number, number, number];
  return { fit: "as measured", text: null, off: null, p50, p90, p99 };
}

function fittedRow(name: string, distribution: Distribution, off: number): FitRow {
  const [p50, p90, p99] = SHARES.map((share) => quantileOf(distribution, share)) as [number, number, number];
  return { fit: name, text: showSpread(distribution), off, p50, p90, p99 };
}

function verdict(fits: readonly Fit[], count: number): string {
  const [best, ...others] = fits as readonly [Fit, ...Fit[]];
  const most = goodUpTo(count);
  const shown = (fit: Fit): string => `${fit.name}, off by ${percent(fit.off)}`;
  if (best.off > most) return `none fits: the best, ${shown(best)}; ${percent(most)} is the most that counts as good\n`;
  const good = others.filter(({ off }) => off <= most).map(shown);
  return `best: ${shown(best)}\n${good.length > 0 ? `good as well: ${good.join("; ")}\n` : ""}`;
}

function lines(use: SampleUse, best: Fit, isGood: boolean, short: Distribution): string {
  const time = (value: number): string => showQuantity("duration", value);
  const { distribution } = best;
  if (use === "delay") {
    const [delay, jitter] =
      distribution.kind === "uniform"
        ? [distribution.min, distribution.max - distribution.min]
        : [distribution.kind === "constant" ? distribution.value : 0, 0];
    const links = `links: { defaults: { delay: ${time(delay)}${jitter > 0 ? `, jitter: ${time(jitter)}` : ""} } }\n`;
    const replay =
      "A link's delay is constant, and its jitter drawn evenly. What was measured can be replayed as it is: measured.delays.\n";
    return isGood ? links : `${replay}The best that a link can say:\n\n${links}`;
  }
  const key = keys[use];
  if (isGood) return `${key}${showSpread(distribution)}\n`;
  return `The sample itself in short, each value as likely as the others:\n\n${key}${showSpread(short)}\n`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
