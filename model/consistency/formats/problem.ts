/**
 * Why a file cannot be read as a history: where, what was expected, what was found, and what to do.
 *
 * Readers throw a `Refusal`. Where it is known where the next line or event begins they go on behind it, to find a few more
 * (`Reading.tolerate`); else `readHistory` catches it. Leaves out judging: a read of what nobody wrote is a verdict, not a problem of the file.
 */

/** One reason. The three texts are parts of one sentence: `expected E, found F; R`. */
export interface FormatProblem {
  /** As the user named it. */
  readonly file: string;
  /** From 1; 0 where the problem has no place inside the file. */
  readonly line: number;
  /** From 1, in bytes. */
  readonly column: number;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;
}

/** `history.txt:3:7: expected ..., found ...; ...`: the form of all messages about input files. */
export function renderFormatProblem({ file, line, column, expected, found, remedy }: FormatProblem): string {
  const message = `expected ${expected}, found ${found}; ${remedy}`;
  return line === 0 ? `${file}: ${message}` : `${file}:${line}:${column}: ${message}`;
}

/** Thrown by readers, caught by `readHistory`; never leaves formats/. */
export class Refusal extends Error {
  override readonly name = "Refusal";
  readonly line: number;
  readonly column: number;
  readonly expected: string;
  readonly found: string;
  readonly remedy: string;

  constructor(line: number, column: number, expected: string, found: string, remedy: string) {
    super(`expected ${expected}, found ${found}; ${remedy}`);
    this.line = line;
    this.column = column;
    this.expected = expected;
    this.found = found;
    this.remedy = remedy;
  }
}

const SHOWN_MAX = 40;

/** A piece of the file as messages show it: in quotes, control characters escaped, and not too much of it. */
export function shown(text: string): string {
  const short = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}...` : text;
  return JSON.stringify(short);
}
