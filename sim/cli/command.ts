/**
 * What all commands share: the context they run in, and reading the scenario that an argument names.
 *
 * Leaves out the commands (commands/) and their registration (main.ts).
 */
import { InvalidArgumentError } from "commander";
import { isAbsolute, relative, resolve } from "node:path";
import pc from "picocolors";
import { nearestName } from "../../model/topology/names.ts";
import { oracleTable, type OracleName } from "../oracles/names.ts";
import { otherTables, readAttached } from "../scenario/attached.ts";
import { parseDocument, TEXT_SIZE_MAX } from "../scenario/document.ts";
import { readInputFile } from "../scenario/file.ts";
import { type Problem, renderProblems } from "../scenario/problem.ts";
import { isSeed } from "../scenario/schema.ts";
import {
  readSource,
  type ReadOutcome,
  scenarioSource,
  type ScenarioSource,
  type SourceOptions,
  type TextSetting,
  withTables,
} from "../scenario/read.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import type { Io } from "./io.ts";

/** Given to every command. */
export interface Context {
  readonly io: Io;
  /** Colours for text on standard output; the identity where nobody sees them. */
  readonly colours: ReturnType<typeof pc.createColors>;
  /** What the program ends with. The last command to set it wins. */
  exitCode: ExitCode;
}

/** A context whose colours follow the terminal and NO_COLOR. */
export function createContext(io: Io): Context {
  const coloured = io.isTerminal && process.stdout.isTTY && pc.isColorSupported;
  return { io, colours: pc.createColors(coloured), exitCode: exitCodes.passed };
}

/** The absolute path of an argument. */
export function pathFrom(io: Io, argument: string): string {
  return resolve(io.cwd, argument);
}

/** A path as a person in the working directory would write it. */
export function shownPath(io: Io, path: string): string {
  const near = relative(io.cwd, path);
  return near === "" || near.startsWith("..") || isAbsolute(near) ? path : near;
}

/** Reports bad input on standard error and remembers the exit code. */
export function refuse(context: Context, text: string): void {
  context.io.stderr(text.endsWith("\n") ? text : `${text}\n`);
  context.exitCode = exitCodes.badInput;
}

/** Options of every command that reads a scenario. */
export interface ScenarioOptions {
  readonly seed?: string;
  readonly set?: readonly TextSetting[];
}

/** A scenario that may be run. */
export type ScenarioRead = Extract<ReadOutcome, { kind: "scenario" }>;

/** Reads the scenario in a file; null when it was refused, and everything has been said. */
export function loadScenario(context: Context, argument: string, options: ScenarioOptions): ScenarioRead | null {
  const source = loadSource(context, argument, options);
  return source === null ? null : understand(context, source, options);
}

/** Reads the text of a scenario file, and the tables that it names; null when it was refused, and everything has been said. */
export function loadSource(context: Context, argument: string, { set = [] }: ScenarioOptions): ScenarioSource | null {
  const content = readInputFile(pathFrom(context.io, argument), TEXT_SIZE_MAX);
  if (content.kind === "refused") {
    refuse(context, `${argument}: ${content.why}`);
    return null;
  }
  const source = scenarioSource(argument, content.text);
  const problems: Problem[] = [];
  const others = set.flatMap(({ label, path, value }) => {
    const parsed = parseDocument(label, value);
    const data = parsed.kind === "document" ? parsed.document.value : null;
    return otherTables(
      [[path, data]],
      (_path, message) => void problems.push({ file: label, line: 0, column: 0, message }),
    );
  });
  const outcome = readAttached(source, pathFrom(context.io, argument), others);
  const all = [...problems, ...(outcome.kind === "invalid" ? outcome.problems : [])];
  if (outcome.kind === "attached" && all.length === 0) return withTables(source, outcome.attached);
  refuse(context, renderProblems(all));
  return null;
}

/** The scenario that a text says; null when it was refused, and everything has been said. */
export function understand(context: Context, source: ScenarioSource, options: ScenarioOptions): ScenarioRead | null {
  const outcome = readSource(source, sourceOptions(options));
  if (outcome.kind === "scenario") return outcome;
  refuse(context, renderProblems(outcome.problems));
  return null;
}

/** Options of a command as the reader of scenarios takes them. */
export function sourceOptions({ seed, set }: ScenarioOptions): SourceOptions {
  return { ...(seed !== undefined && { seed }), ...(set !== undefined && { settings: set }) };
}

/** Collects `--set path=value`. */
export function collectSetting(text: string, settings: readonly TextSetting[] | undefined): readonly TextSetting[] {
  const split = text.indexOf("=");
  if (split < 1) throw new InvalidArgumentError("expected path=value, such as links.defaults.loss=5%.");
  const setting = { label: `--set ${text}`, path: text.slice(0, split), value: text.slice(split + 1) };
  return [...(settings ?? []), setting];
}

/** Checks `--seed`. */
export function parseSeed(text: string): string {
  if (isSeed(text)) return text;
  throw new InvalidArgumentError("expected a seed of 1 to 200 characters without control characters.");
}

/** Checks the name of a property. */
export function parseProperty(text: string): OracleName {
  const names = oracleTable.map(({ name }) => name);
  const known = names.find((name) => name === text);
  if (known !== undefined) return known;
  const near = nearestName(text, names);
  const remedy = near === null ? "see causeway list properties." : `did you mean ${near}?`;
  throw new InvalidArgumentError(`expected the name of a property; ${remedy}`);
}

/** A word as a POSIX shell takes it. */
export function quoted(word: string): string {
  return /^[\w./=:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
