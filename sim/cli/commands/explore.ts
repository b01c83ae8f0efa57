/**
 * `causeway explore FILE`: every order of what may happen in a small world, inside given bounds. States its estimate first, and refuses
 * bounds that cannot be searched in the memory that they name.
 *
 * Leaves out the search (sim/explore).
 */
import { availableParallelism } from "node:os";
import { Argument, InvalidArgumentError, type Command } from "commander";
import { collisionOdds } from "../../explore/fingerprint-table.ts";
import { estimate, type Estimate } from "../../explore/estimate.ts";
import { explore, exploredWorld, type ExploreResult } from "../../explore/explore.ts";
import { lowerings } from "../../explore/lower.ts";
import { exploredMarks, exploredProperties } from "../../explore/names.ts";
import { unreduced } from "../../explore/reduce.ts";
import type { SearchProgress } from "../../explore/search.ts";
import { exploreTogether } from "../../explore/together.ts";
import type { ExploredWorld } from "../../explore/world.ts";
import { plantNamed } from "../../plants/plants.ts";
import type { ExploreSetting, Scenario } from "../../scenario/scenario.ts";
import type { ReadOutcome, Setting } from "../../scenario/read.ts";
import { collectSetting, type Context, loadScenario, refuse, type ScenarioOptions } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { renderBytes, renderNumber, renderTable } from "../tables.ts";
import { wallclockMilliseconds } from "../wallclock.ts";
import { parsePlant } from "./plants.ts";

/** Options of the command. */
interface ExploreCommandOptions extends ScenarioOptions {
  readonly plant?: string;
  readonly json?: boolean;
  readonly anyway?: boolean;
  readonly unreduced?: boolean;
  readonly workers?: number;
}

/** Milliseconds between two progress lines. */
const PROGRESS_MILLISECONDS = 250;

/** Fewer states are visited before threads have started. */
const STATES_FOR_WORKERS = 500_000;

/** Boxes between any two of them are kept. */
const WORKERS_MAX = 32;

/** Adds the command to the program. */
export function addExplore(program: Command, context: Context): void {
  program
    .command("explore")
    .summary("try every order of what may happen in a small world")
    .description(
      "Takes the script of a scenario without its times, and tries every order of requests, arrivals, timers and faults " +
        "inside the bounds of its section explore, with the core itself. A violation is shown by the fewest steps that lead to it.",
    )
    .addArgument(new Argument("<file>", "the scenario; without a section explore, all bounds have their defaults"))
    .option("--set <path=value>", "another value for one place of the scenario; may be repeated", collectSetting)
    .option("--plant <name>", "explore with a planted bug (causeway list plants)", parsePlant)
    .option("--anyway", "begin although the estimate says that the memory will not do")
    .option("--unreduced", "visit every state, also those that are known to show nothing new")
    .option(
      "--workers <count>",
      "threads; default: one per core where many states are expected, else none",
      parseWorkers,
    )
    .option("--json", "print one JSON object instead of text")
    .action(async (file: string, options: ExploreCommandOptions) => {
      const read = loadExplored(context, file, options);
      if (read === null) return;
      const plant = plantOf(context, options.plant);
      if (plant === undefined) return;
      const given = options.unreduced === true ? { reductions: unreduced } : {};
      const world = exploredWorld(read.scenario, read.topology, plant, given);
      const bounds = read.scenario.explore as ExploreSetting;
      const expected = estimate(world, bounds.depth);
      const isText = options.json !== true;
      if (isText) context.io.stdout(renderHead(read.scenario, world, expected));
      if (expected.bytes > bounds.memory && options.anyway !== true) {
        refuse(context, renderTooLarge(file, read, expected, given));
        return;
      }
      const { refusal } = world.symmetry;
      const progress = startProgressLine(context.io, expected);
      const begun = wallclockMilliseconds();
      const { memory, depth } = bounds;
      const workers = options.workers ?? workersFor(expected, memory);
      const search = { memory, depth, onProgress: progress.show };
      const { scenario } = read;
      const { reductions } = world;
      const order = { ...search, scenario, reductions, workers, plant: options.plant ?? null };
      const outcome =
        workers === 1
          ? { kind: "explored" as const, found: explore(world, search) }
          : await exploreTogether(world, order).finally(progress.stop);
      const seconds = (wallclockMilliseconds() - begun) / 1_000;
      progress.stop();
      if (outcome.kind === "died") {
        const remedy = "fewer --workers leave more memory to each";
        context.io.stderr(`undecided: ${outcome.why}; ${remedy}, and --workers 1 needs none\n`);
        context.exitCode = exitCodes.undecided;
        return;
      }
      const { found } = outcome;
      if (isText && refusal === null) context.io.stdout(renderRefusal(world));
      context.io.stdout(isText ? renderFound(found, world, seconds) : renderJson(found, world, expected));
      if (found.violation !== null || found.unmet.length > 0) context.exitCode = exitCodes.failed;
      else if (found.ended === "memory") context.exitCode = exitCodes.undecided;
    });
}

// As many as can run at once, where starting them is worth it and what each keeps for itself has room.
function workersFor({ states, bytes }: Estimate, memory: number): number {
  return states >= STATES_FOR_WORKERS && bytes * 2 <= memory ? availableParallelism() : 1;
}

function parseWorkers(text: string): number {
  const count = /^[1-9][0-9]?$/.test(text) ? Number(text) : Number.NaN;
  if (count <= WORKERS_MAX) return count;
  throw new InvalidArgumentError(`expected a whole number from 1 to ${WORKERS_MAX}.`);
}

// A scenario that says nothing of bounds is read as one with an empty section: problems then name it.
function loadExplored(
  context: Context,
  file: string,
  options: ExploreCommandOptions,
): Extract<ReadOutcome, { kind: "scenario" }> | null {
  // Nothing is drawn but topologies, and those from the file's own seed.
  const read = loadScenario(context, file, options);
  if (read === null || read.scenario.explore !== undefined) return read;
  const bare: Setting = { label: `${file} (explored)`, path: "explore", value: "{}" };
  return loadScenario(context, file, { ...options, set: [bare, ...(options.set ?? [])] });
}

// Null without one; undefined when it was refused.
function plantOf(context: Context, name: string | undefined): Parameters<typeof exploredWorld>[2] | undefined {
  const plant = name === undefined ? null : plantNamed(name);
  if (plant === null) return null;
  if (plant.machineBugs === undefined && plant.remembers !== true) return plant.rules;
  const why =
    plant.remembers === true ? "keeps things in mind that no state of the core shows" : "is one of the machines";
  refuse(context, `--plant ${plant.name}: this bug ${why}, and cannot be explored; causeway run takes it`);
  return undefined;
}

function renderHead(scenario: Scenario, world: ExploredWorld, expected: Estimate): string {
  const { topology, program, bounds } = world;
  const counts = [
    `${topology.cloudlets.length} cloudlets`,
    `${program.sessions.length} sessions`,
    `${program.requests.length} requests`,
  ];
  const { losses, duplicates, crashes, cuts, firings, acknowledgements, greetings, disks, order, start } = bounds;
  const faults = { losses, duplicates, crashes, cuts, firings };
  const ways = { acknowledgements, greetings, disks, order, start };
  const listed = (values: object): string =>
    Object.entries(values)
      .map(([name, value]) => `${name} ${String(value)}`)
      .join(", ");
  return [
    `scenario ${scenario.name}: ${counts.join(", ")}\n`,
    `bounds: ${listed(faults)}\n`,
    `        ${listed(ways)}\n`,
    `left out: ${renderReductions(world)}\n`,
    renderRefusal(world),
    `estimate: ${renderEstimate(expected)}\n\n`,
  ].join("");
}

function renderReductions({ reductions: { late, spent, budgets }, symmetry }: ExploredWorld): string {
  const parts = [
    ...(late ? ["states of lost messages"] : []),
    ...(spent ? ["messages that are spent"] : []),
    ...(budgets ? ["states with more used up"] : []),
    ...(symmetry.says === "" ? [] : [`what others show with ${symmetry.says} exchanged`]),
  ];
  return parts.length === 0 ? "nothing" : parts.join(", ");
}

function renderRefusal({ symmetry: { refusal } }: ExploredWorld): string {
  return refusal === null ? "" : `not exchanged: ${refusal}\n`;
}

function renderEstimate({ states, depth, bytes, isExact }: Estimate): string {
  const count = isExact ? renderNumber(states) : `about ${renderNumber(rounded(states))}`;
  return `${count} states, up to ${depth} steps from the first, ${renderBytes(bytes)}`;
}

/** To two digits. */
function rounded(value: number): number {
  let scale = 1;
  while (value / scale >= 100) scale *= 10;
  return Math.round(value / scale) * scale;
}

function renderTooLarge(
  file: string,
  { scenario, topology }: Extract<ReadOutcome, { kind: "scenario" }>,
  expected: Estimate,
  given: Parameters<typeof exploredWorld>[3],
): string {
  const memory = renderBytes(scenario.explore?.memory ?? 0);
  const found = `${file}: expected a search that fits into explore.memory, ${memory}, found one of ${renderEstimate(expected)}`;
  const lines = lowerings(scenario, topology, expected.states, given).map(
    ({ says, estimate: left }) => `  ${says}: ${renderEstimate(left)}\n`,
  );
  return `${found}; lower a bound, raise the memory, or begin with --anyway. What lowering one would leave:\n${lines.join("")}`;
}

function renderFound(found: ExploreResult, world: ExploredWorld, seconds: number): string {
  const { marks, trail, violation, unmet } = found;
  const rows = exploredMarks
    .filter(({ name }) => marks.has(name) || world.bounds.sometimes.includes(name))
    .map(({ name }) => [name, marks.get(name) ?? 0, world.bounds.sometimes.includes(name) ? "sometimes" : ""]);
  const table =
    rows.length === 0 || violation !== null ? "" : `${renderTable(["situation", "states", "expected"], rows)}\n`;
  const width = String(trail.length).length;
  const steps = trail.map((step, index) => `${String(index + 1).padStart(width)}  ${step}\n`);
  const shown = violation === null ? [] : [...steps, `\n${violation.property}: ${violation.says}\n\n`];
  const missed = unmet.map((mark) => `not met: ${mark}\n`);
  return [table, ...shown, ...missed, `${verdictOf(found, seconds)}\n`].join("");
}

function verdictOf(
  { ended, states, transitions, depth, quiet, violation, unmet }: ExploreResult,
  seconds: number,
): string {
  const speed = seconds < 1 ? "" : `, ${renderNumber(Math.round(states / seconds))} states/s`;
  const counts = `${renderNumber(states)} states, ${renderNumber(transitions)} steps between them, ${renderNumber(quiet)} quiet${speed}`;
  const odds = collisionOdds(states);
  const missed = odds < 1e-9 ? "below one in a billion" : `at most one in ${renderNumber(Math.round(1 / odds))}`;
  const held = `${exploredProperties.length} properties hold in all of them (two states taken for one: ${missed})`;
  if (violation !== null) return `failed: ${violation.property} is violated after ${depthOf(violation)}; ${counts}`;
  if (unmet.length > 0) return `failed: what was to be met was not; ${counts}`;
  if (ended === "memory") return `undecided: the memory did not do, ${depth} steps from the first state; ${counts}`;
  if (ended === "depth") return `passed as far as ${depth} steps from the first state: ${counts}; ${held}`;
  return `passed: ${counts}, at most ${depth} from the first; ${held}`;
}

function depthOf({ actions }: NonNullable<ExploreResult["violation"]>): string {
  return actions.length === 1 ? "1 step" : `${actions.length} steps`;
}

function renderJson(found: ExploreResult, { bounds, symmetry }: ExploredWorld, expected: Estimate): string {
  const { ended, states, transitions, depth, quiet, marks, violation, trail, unmet } = found;
  const shown = violation === null ? null : { property: violation.property, says: violation.says, steps: trail };
  const met = Object.fromEntries(marks);
  const exchanged = symmetry.says;
  const result = {
    bounds,
    exchanged,
    estimate: expected,
    ended,
    states,
    transitions,
    depth,
    quiet,
    met,
    unmet,
    violation: shown,
  };
  return `${JSON.stringify(result, null, 2)}\n`;
}

// One line that is written over, on a terminal.
function startProgressLine(
  io: Io,
  { states: expected }: Estimate,
): { show: (progress: SearchProgress) => void; stop: () => void } {
  if (!io.isTerminal) return { show: () => undefined, stop: () => undefined };
  const begun = wallclockMilliseconds();
  let last = begun;
  let isShown = false;
  return {
    show({ states, depth }) {
      const now = wallclockMilliseconds();
      if (now - last < PROGRESS_MILLISECONDS) return;
      last = now;
      isShown = true;
      const speed = renderNumber(Math.round((states / (now - begun)) * 1_000));
      io.stderr(
        `\r\u001B[Kdepth ${depth}, ${renderNumber(states)} of about ${renderNumber(rounded(expected))} states, ${speed} states/s`,
      );
    },
    stop: () => void (isShown && io.stderr("\r\u001B[K")),
  };
}
