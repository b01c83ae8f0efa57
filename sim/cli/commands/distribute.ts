/**
 * `causeway distribute MAP...`: how long an image takes from the root to every site, by the real core over simulated links and by theory, side by side.
 *
 * Answers two questions: how long does it take, and may the simulator's answer be believed? The exit code is 1 where the two differ by more
 * than one percent anywhere. Leaves out both calculations (sim/distribution).
 */
import { readFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { TopologySpec } from "../../../model/topology/spec.ts";
import { type Distribution, distribute, distributionRefusal } from "../../distribution/distribute.ts";
import type { DistributionWay } from "../../distribution/expected.ts";
import { importText } from "../../importing/import-text.ts";
import { findSources, type Source } from "../../importing/sources.ts";
import { renderProblem, renderProblems } from "../../scenario/problem.ts";
import { parseQuantity, type QuantityKind } from "../../scenario/quantity.ts";
import { type Context, loadScenario, pathFrom, refuse } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { renderMicros, renderTable } from "../tables.ts";

const ways: readonly DistributionWay[] = ["relayed", "direct"];
/** A difference that is larger than this is told as one. */
const ERROR_MAX = 0.01;

interface DistributeFlags {
  readonly size: number;
  readonly bandwidth: number;
  readonly way?: DistributionWay;
  readonly sites?: true;
  readonly json?: true;
}

interface Row {
  readonly map: string;
  readonly result: Distribution;
}

/** Adds the command to the program. */
export function addDistribute(program: Command, context: Context): void {
  program
    .command("distribute")
    .summary("how long an image takes to every site, simulated and by theory")
    .description(
      "Sends one image from the root of each map to all its sites: relayed, where each site hands it on to those below (store and forward), " +
        "and direct, where the root sends a copy to each and the first links are shared. Shows when the last site has it, as simulated and by " +
        "theory; where these differ by more than 1 % the exit code is 1.",
    )
    .argument("<maps...>", "maps that causeway import reads: files, folders or archives; or scenarios")
    .addOption(new Option("--size <size>", "the image").argParser(quantity("size")).default(1_000_000, "1MB"))
    .addOption(
      new Option("--bandwidth <rate>", "of links for which the map says none")
        .argParser(quantity("bandwidth"))
        .default(1_000_000_000, "1Gbit"),
    )
    .addOption(new Option("--way <way>", "one way only; default: both").choices(ways))
    .option("--sites", "show every site")
    .option(
      "--json",
      "say it as JSON: a list of { map, way, error, repeated, sites: [{ site, upper, simulated, expected }] }",
    )
    .action((maps: readonly string[], flags: DistributeFlags) => {
      distributeAll(context, maps, flags);
    });
}

function quantity(kind: QuantityKind): (text: string) => number {
  return (text) => {
    const read = parseQuantity(kind, text);
    if (read.kind === "refused") throw new InvalidArgumentError(`${read.why}.`);
    if (read.value <= 0) throw new InvalidArgumentError("expected more than nothing.");
    return read.value;
  };
}

/** The largest image that a run holds in memory: every site has a copy. */
const SIZE_MAX = 100_000_000;

function distributeAll(context: Context, named: readonly string[], flags: DistributeFlags): void {
  if (flags.size > SIZE_MAX) {
    refuse(context, "--size: expected at most 100MB, since it is sent as one record; take a smaller one");
    return;
  }
  const rows: Row[] = [];
  let isRefused = false;
  for (const one of named) {
    for (const { map, topology } of topologiesOf(context, one)) {
      const refusal = topology === null ? null : distributionRefusal(topology);
      if (refusal !== null) refuse(context, `${map}: ${refusal}`);
      if (topology === null || refusal !== null) {
        isRefused = true;
        continue;
      }
      for (const way of flags.way === undefined ? ways : [flags.way])
        rows.push({ map, result: distribute(topology, { size: flags.size, bandwidth: flags.bandwidth, way }) });
    }
  }
  if (rows.length > 0) context.io.stdout(flags.json === true ? asJson(rows) : asText(rows, flags.sites === true));
  if (isRefused) context.exitCode = exitCodes.badInput;
  else if (rows.some(({ result }) => result.error > ERROR_MAX)) context.exitCode = exitCodes.failed;
}

interface Named {
  readonly map: string;
  /** Null where it was refused, and that was told. */
  readonly topology: Pick<TopologySpec, "cloudlets" | "links"> | null;
}

function topologiesOf(context: Context, named: string): readonly Named[] {
  const path = pathFrom(context.io, named);
  if (isScenario(path)) {
    const read = loadScenario(context, named, {});
    return [{ map: named, topology: read === null ? null : read.scenario.topology }];
  }
  const found = findSources(named, path);
  if (found.kind === "refused") {
    refuse(context, `${named}: ${found.why}`);
    return [{ map: named, topology: null }];
  }
  for (const { shown, why } of found.unread)
    refuse(context, renderProblem({ file: shown, line: 0, column: 0, message: why }));
  return [
    ...found.unread.map(({ shown }): Named => ({ map: shown, topology: null })),
    ...found.sources.map((source) => imported(context, source)),
  ];
}

function isScenario(path: string): boolean {
  if (!/\.ya?ml$/iu.test(path)) return false;
  try {
    return /^causeway:/mu.test(readFileSync(path, "utf8"));
  } catch {
    return false;
  }
}

function imported(context: Context, { shown, text }: Source): Named {
  const outcome = importText(text);
  if (outcome.kind === "imported") return { map: shown, topology: outcome.topology };
  const problems = outcome.problems.map(({ line, column, message }) => ({ file: shown, line, column, message }));
  refuse(context, renderProblems(problems).trimEnd());
  return { map: shown, topology: null };
}

function asText(rows: readonly Row[], hasSites: boolean): string {
  const head = ["map", "sites", "way", "last", "simulated", "theory", "differs", "sent again"];
  const text = renderTable(head, rows.map(summary));
  if (!hasSites) return text;
  const parts = rows.map(({ map, result: { way, sites, simulated, expected } }) => {
    const lines = sites.map((site, at) => [site, shown(simulated[at]), shown(expected[at])]);
    return `\n${map}, ${way}\n${renderTable(["site", "simulated", "theory"], lines)}`;
  });
  return `${text}${parts.join("")}`;
}

function summary({ map, result }: Row): readonly (string | number)[] {
  const { sites, way, simulated, expected, error, repeated } = result;
  const last = expected.indexOf(Math.max(...expected));
  const differs = error === Infinity ? "never came" : `${(100 * error).toFixed(2)} %`;
  return [map, sites.length, way, sites[last] ?? "", shown(simulated[last]), shown(expected[last]), differs, repeated];
}

function shown(micros: number | undefined): string {
  return micros === undefined || Number.isNaN(micros) ? "never" : renderMicros(micros);
}

function asJson(rows: readonly Row[]): string {
  const list = rows.map(({ map, result: { way, error, repeated, sites, uppers, simulated, expected } }) => ({
    map,
    way,
    error: Number.isFinite(error) ? error : null,
    repeated,
    sites: sites.map((site, at) => ({
      site,
      upper: sites[uppers[at] ?? -1] ?? null,
      simulated: Number.isNaN(simulated[at]) ? null : simulated[at],
      expected: expected[at],
    })),
  }));
  return `${JSON.stringify(list, null, 2)}\n`;
}
