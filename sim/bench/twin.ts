/**
 * Compiles and runs the C++ twin of a benchmark, so that a speed can be told as a ratio on the same machine.
 *
 * Leaves out any caching: a twin is one small file, compiled in about a second. Without g++ there is no ratio.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** What came of a twin: the numbers it printed, one per line, or why there are none. */
export type TwinResult =
  { readonly kind: "measured"; readonly values: readonly number[] } | { readonly kind: "absent"; readonly why: string };

/**
 * @param source the C++17 file; it prints one number per repetition, in the unit of the benchmark
 * @param args words passed to the compiled program
 */
export function runTwin(source: URL, args: readonly string[]): TwinResult {
  const folder = mkdtempSync(join(tmpdir(), "causeway-twin-"));
  try {
    const program = join(folder, "twin");
    const compiler = spawnSync("g++", ["-O3", "-std=c++17", "-o", program, fileURLToPath(source)], {
      encoding: "utf8",
    });
    if (compiler.error !== undefined) return { kind: "absent", why: `g++ is absent: ${compiler.error.message}` };
    if (compiler.status !== 0) return { kind: "absent", why: `g++ refused ${source.pathname}: ${compiler.stderr}` };
    const run = spawnSync(program, args, { encoding: "utf8" });
    const values = run.stdout.split("\n").flatMap((line) => (line === "" ? [] : [Number(line)]));
    if (run.status !== 0 || values.length === 0 || values.some((value) => !Number.isFinite(value))) {
      return { kind: "absent", why: `the twin failed: ${run.stderr}${run.stdout}` };
    }
    return { kind: "measured", values };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
