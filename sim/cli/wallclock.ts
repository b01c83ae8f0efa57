/**
 * The only place that reads the machine's clock, for progress bars, time limits of workers and benchmarks.
 *
 * Nothing simulated may depend on it: the lint rules forbid clocks everywhere else. Leaves out calendar dates, which
 * would make two equal runs print different text.
 */

/** Milliseconds, with fractions, since an arbitrary start; never runs backwards. */
export function wallclockMilliseconds(): number {
  return performance.now();
}
