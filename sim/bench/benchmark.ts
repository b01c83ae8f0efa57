/**
 * What a benchmark is, and how its samples become one printed line. Leaves out discovery and printing (run.ts).
 */

/** How a benchmark is asked to run. */
export interface BenchmarkOptions {
  /** Finish within about a second: proves that the benchmark still works; its numbers mean little. */
  readonly small: boolean;
  /** Says something to the person who waits, for example that a compiler for the C++ twin is absent. */
  readonly note: (text: string) => void;
}

/** One measured number. */
export interface Sample {
  /** What was measured, appended to the benchmark's name after a dot; empty when there is only one thing. */
  readonly variant: string;
  readonly value: number;
  /** When it differs from the benchmark's unit, as a ratio to a C++ twin does. */
  readonly unit?: string;
}

/** A measurement that lives beside what it measures, in a `*.bench.ts`, and is listed in registry.ts (those of properties in properties/bench.ts). */
export interface Benchmark {
  /** Dotted, the measured thing first: `kernel.hold.10k`. */
  readonly name: string;
  /** Of every sample that names none: `records/s`, `bytes`, `ratio`. */
  readonly unit: string;
  /** Measures; several samples of one variant are repetitions. */
  readonly run: (options: BenchmarkOptions) => readonly Sample[] | Promise<readonly Sample[]>;
}

/** One line of `npm run bench`. */
export interface Line {
  readonly name: string;
  /** The median of the repetitions. */
  readonly value: number;
  readonly unit: string;
  /** Number of repetitions. */
  readonly n: number;
  readonly min: number;
  readonly max: number;
}

/** Groups samples by variant and unit, in the order in which each first appeared. */
export function linesOf(benchmark: Benchmark, samples: readonly Sample[]): readonly Line[] {
  const groups = new Map<string, { unit: string; values: number[] }>();
  for (const { variant, value, unit = benchmark.unit } of samples) {
    const name = variant === "" ? benchmark.name : `${benchmark.name}.${variant}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, { unit, values: [value] });
    else group.values.push(value);
  }
  return Array.from(groups, ([name, { unit, values }]) => {
    values.sort((a, b) => a - b);
    const high = values.length >> 1;
    const low = (values.length - 1) >> 1;
    const value = (values[low]! + values[high]!) / 2;
    return { name, value, unit, n: values.length, min: values[0]!, max: values[values.length - 1]! };
  });
}

/**
 * Whether `--only wanted` includes the line or benchmark called `name`: the same name, or a family it belongs to
 * (`kernel` includes `kernel.hold.10k`).
 */
export function isIncluded(name: string, wanted: string): boolean {
  return name === wanted || name.startsWith(`${wanted}.`);
}
