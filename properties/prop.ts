/**
 * `prop`: one vitest test that checks one fast-check property, and says on failure how to see that failure again.
 *
 * Plain fast-check and this helper instead of @fast-check/vitest, which costs more than a second of import per file.
 * Leaves out `only` and `skip`: run a single property with the printed command.
 */
import fc from "fast-check";
import { relative } from "node:path";
import { expect, test } from "vitest";

/** How much one property may cost. */
export interface PropOptions {
  /** Number of generated values, at least 1; 100 when absent. */
  readonly numRuns?: number;
  /** Milliseconds before the test counts as hanging; vitest's default when absent. */
  readonly timeout?: number;
}

/**
 * Declares a test: `predicate` holds for every value of `arbitrary`.
 *
 * @param name a sentence; the number of runs is added to it
 * @param predicate returns false or throws (an `expect` that fails, an assertion) to refute the value it was given
 */
export function prop<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  predicate: (value: T) => boolean | void | Promise<boolean | void>,
  options: PropOptions = {},
): void {
  const numRuns = options.numRuns ?? 100;
  const title = `${name} (${numRuns} runs)`;
  test(title, { ...(options.timeout !== undefined && { timeout: options.timeout }) }, async () => {
    const details = await fc.check(
      fc.asyncProperty(arbitrary, async (value) => predicate(value)),
      { numRuns },
    );
    if (!details.failed) return;
    const command = replayCommand(details.seed, expect.getState().testPath ?? "", title);
    throw new Error(`${fc.defaultReportMessage(details) ?? "property failed"}\n\nreplay: ${command}`, {
      cause: details.errorInstance,
    });
  });
}

/** One line for a POSIX shell that runs the named test alone with the given seed. */
export function replayCommand(seed: number, testPath: string, testName: string): string {
  const pattern = testName.replaceAll(/[$()*+.?[\\\]^{|}]/g, String.raw`\$&`);
  const quoted = `'${pattern.replaceAll("'", String.raw`'\''`)}'`;
  return `CAUSEWAY_SEED=${seed} npx vitest run ${relative(process.cwd(), testPath)} -t ${quoted}`;
}
