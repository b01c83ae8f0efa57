/**
 * What the exit code of every command means. Leaves out sweeps, which end with the gravest of their runs: 4, 1, 3, 0.
 */

/** Numbers that scripts may rely on. */
export const exitCodes = {
  /** As expected. */
  passed: 0,
  /** A property was violated, a `sometimes` was not reached, or a bound was passed. */
  failed: 1,
  /** The command line or an input file is wrong and nothing was run, or a result cannot be written. */
  badInput: 2,
  /** Not converged inside the budget, or otherwise without a verdict. */
  undecided: 3,
  /** A bug in this program. */
  internal: 4,
  /** Ended by Ctrl-C (SIGINT) while a file was open; without one the signal itself ends the process. */
  interrupted: 130,
  /** The same for SIGTERM. */
  terminated: 143,
} as const;

/** One of them. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
