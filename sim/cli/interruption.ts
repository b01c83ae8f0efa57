/**
 * Ctrl-C and `kill` while a file is open: noticed instead of deadly, so that the unfinished file can be removed.
 *
 * A handler only takes note; whoever works must let the event loop turn and look. Leaves out every other time, in which a
 * signal simply ends the process.
 */
import { type ExitCode, exitCodes } from "./exit-codes.ts";

/** Watches for signals until it is stopped. */
export interface Interruption {
  /** The exit code that the signal asks for; null while none has come. */
  readonly found: () => ExitCode | null;
  readonly stop: () => void;
}

/** Begins to watch. */
export function watchInterruption(): Interruption {
  let code: ExitCode | null = null;
  const interrupted = (): void => void (code = exitCodes.interrupted);
  const terminated = (): void => void (code = exitCodes.terminated);
  process.on("SIGINT", interrupted);
  process.on("SIGTERM", terminated);
  return {
    found: () => code,
    stop() {
      process.off("SIGINT", interrupted);
      process.off("SIGTERM", terminated);
    },
  };
}
