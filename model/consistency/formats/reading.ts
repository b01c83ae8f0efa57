/**
 * What every reader is given: the input, a builder that is begun once the file has said what it says about all of its lines, and
 * notes for whoever reads the report.
 */
import type { History, InitialValues } from "../history.ts";
import { rawText } from "../explain/words.ts";
import { type BuilderOptions, HistoryBuilder } from "../history-builder.ts";
import type { Format } from "./format.ts";
import type { Input } from "./input.ts";
import { Refusal } from "./problem.ts";

/** Where initial values come from, against what the format and the file say. */
export interface InitialChoice {
  readonly init?: InitialValues;
  readonly zero?: number | string;
}

/** Problems of one file that are told. */
const PROBLEMS_MAX = 5;

/** One file being read. */
export class Reading {
  readonly input: Input;
  readonly format: Format;
  /** Sentences without a full stop. */
  readonly notes: string[] = [];
  /** What is wrong with the file so far. */
  readonly problems: Refusal[];
  readonly #wanted: InitialChoice;
  #builder: HistoryBuilder | null = null;
  #initialValues: InitialValues;
  #zero: number | string | null;

  constructor(input: Input, format: Format, wanted: InitialChoice, problems: Refusal[]) {
    this.problems = problems;
    this.input = input;
    this.format = format;
    this.#wanted = wanted;
    this.#initialValues = wanted.init ?? format.initialValues;
    this.#zero = wanted.zero ?? format.zero;
  }

  /** The builder; what the file says about initial values stands unless the caller wants something else. */
  begin(told: Partial<BuilderOptions> = {}): HistoryBuilder {
    this.#initialValues = this.#wanted.init ?? told.initialValues ?? this.format.initialValues;
    this.#zero = this.#wanted.zero ?? told.zero ?? this.format.zero;
    this.#builder = new HistoryBuilder({
      initialValues: this.#initialValues,
      ...(this.#zero !== null && { zero: this.#zero }),
      ...(told.timeUnit !== undefined && { timeUnit: told.timeUnit }),
    });
    return this.#builder;
  }

  /**
   * Notes a problem of one line, or of one item, behind which the file can be read further; so that who wrote it hears of others, too.
   * Of problems that expect the same only the first is kept: the lines behind it may only repeat it. Throws what is no problem of the
   * file, and the last problem that is told.
   */
  tolerate(error: unknown): void {
    if (!(error instanceof Refusal)) throw error;
    if (this.problems.some(({ expected }) => expected === error.expected)) return;
    if (this.problems.length === PROBLEMS_MAX - 1) throw error;
    this.problems.push(error);
  }

  get initialValues(): InitialValues {
    return this.#initialValues;
  }

  /** The value that means "as in the beginning", beside nothing; null where only nothing does. */
  get zero(): number | string | null {
    return this.#zero;
  }

  /** How initial values were read, in words. */
  initialNote(): string {
    const nothing = this.#zero === null ? "nothing" : `nothing or ${rawText(this.#zero)}`;
    switch (this.#initialValues) {
      case "implicit":
        return `initial values: implicit, a read of ${nothing} returns what was there before the history`;
      case "explicit":
        return `initial values: explicit, a write of ${nothing} that comes first at its key and in its session is the beginning and no operation`;
      case "none":
        return `initial values: none, a read of nothing returned what nobody wrote`;
    }
  }

  build(): History {
    return (this.#builder ?? this.begin()).build();
  }
}
