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

/** Milliseconds of processor time that this process has used: what else the machine does hardly counts. */
export function workMilliseconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
