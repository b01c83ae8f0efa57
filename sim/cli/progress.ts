/**
 * A progress bar on a terminal, for runs that take longer than two seconds.
 *
 * The simulation never yields, so the bar is drawn from inside it and not by a timer. Leaves out logs: where nobody
 * watches, nothing is written.
 */
import cliProgress from "cli-progress";
import { Writable } from "node:stream";
import type { Io } from "./io.ts";
import { wallclockMilliseconds } from "./wallclock.ts";

const QUIET_MILLISECONDS = 2_000;

/** A bar that is fed fractions and removed in the end. */
export interface Progress {
  /** @param fraction 0 to 1 */
  readonly advance: (fraction: number) => void;
  /** Clears the line. */
  readonly stop: () => void;
}

/** A bar for one run. */
export function startProgress(io: Io): Progress {
  if (!io.isTerminal) return { advance: () => undefined, stop: () => undefined };
  const begun = wallclockMilliseconds();
  let bar: cliProgress.SingleBar | null = null;
  return {
    advance(fraction) {
      if (bar === null) {
        if (wallclockMilliseconds() - begun < QUIET_MILLISECONDS) return;
        bar = new cliProgress.SingleBar({
          format: "{bar} {percentage} %  {duration_formatted}",
          stream: terminal(io),
          clearOnComplete: true,
          hideCursor: null,
          synchronousUpdate: true,
        });
        bar.start(1000, 0);
      }
      bar.update(Math.round(fraction * 1000));
    },
    stop: () => bar?.stop(),
  };
}

/** Standard error as the stream that the library expects. */
function terminal(io: Io): Writable {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      io.stderr(String(chunk));
      done();
    },
  });
  return Object.assign(stream, { isTTY: true, columns: process.stderr.columns });
}
