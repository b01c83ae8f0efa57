/**
 * For tests: a sound scenario to put mistakes into, and what is said of it.
 *
 * Leaves out files and the command line (sim/cli/testing.ts).
 */
import { renderProblems } from "./problem.ts";
import { readScenario, type ReadOptions, type Setting } from "./read.ts";

/** A scenario that is fine, with lines to add, line 8 being the first free one. */
export function scenario(...lines: string[]): string {
  return [
    "causeway: 1",
    "name: story",
    "seed: 1",
    "topology: { tree: { hub: { edge: null, far: null } } }",
    "scopes: [{ name: users, prefix: users/ }]",
    "flows: [{ scope: users, between: tree, direction: both }]",
    "duration: 10s",
    ...lines,
    "",
  ].join("\n");
}

/** What is said of a text, line by line; nothing when it is fine. */
export function told(text: string, options: Partial<ReadOptions> = {}): string[] {
  const outcome = readScenario(text, { file: "s.yaml", ...options });
  return outcome.kind === "scenario" ? [] : renderProblems(outcome.problems).trimEnd().split("\n");
}

/** A value as `--set` gives it. */
export const setting = (path: string, value: string): Setting => ({ label: `--set ${path}=${value}`, path, value });
