/**
 * What is wrong with an input file, where, and what to do about it: the one form of every message about user mistakes.
 *
 * Leaves out severity: whatever is reported here is refused.
 */

/** Keys and indices from the root of a scenario: `["clients", 0, "mix"]`. */
export type FormPath = readonly (string | number)[];

/** One mistake. `line` and `column` count from 1; line 0 means that the mistake has no place inside a file. */
export interface Problem {
  /** As the user named it: a path, or the option that brought the value (`--set seed=1`). */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What was expected, what was found, and the remedy. */
  readonly message: string;
}

/** How many problems are printed; a file may be wrong on every line. */
export const PROBLEMS_SHOWN_MAX = 20;

/** Problems in the order of the file, each place and message once. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems
    .filter((problem) => {
      const text = renderProblem(problem);
      if (seen.has(text)) return false;
      seen.add(text);
      return true;
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

/** `scenario.yaml:3:7: expected ...` */
export function renderProblem({ file, line, column, message }: Problem): string {
  return line === 0 ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`;
}

/** One line per problem, at most twenty and then how many more. */
export function renderProblems(problems: readonly Problem[]): string {
  const lines = problems.slice(0, PROBLEMS_SHOWN_MAX).map(renderProblem);
  const more = problems.length - lines.length;
  if (more > 0) lines.push(`... and ${more} more`);
  return `${lines.join("\n")}\n`;
}

/** `clients[0].mix[1]`: a path as people read it and as `--set` takes it. */
export function renderFormPath(path: FormPath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (/[.[\]]/.test(step)) text += `[${JSON.stringify(step)}]`;
    else text += text === "" ? step : `.${step}`;
  }
  return text;
}
