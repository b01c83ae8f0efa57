/**
 * Every benchmark of `npm run bench`, in the order they run. A list by hand, so that an import says what exists.
 */
import type { Benchmark } from "./benchmark.ts";

export const benchmarks: readonly Benchmark[] = [];
