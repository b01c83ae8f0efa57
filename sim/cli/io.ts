/**
 * The command line's only contact with the outside: where text goes, and where relative paths begin.
 *
 * Passed in, so that a test can run a whole command in process and read what it said. Leaves out colours (decided from `isTerminal`
 * by whoever renders) and the exit code (`main` returns it).
 */
export interface Io {
  /** Takes results: what a caller may pipe elsewhere. The text carries its own line ends. */
  readonly stdout: (text: string) => void;
  /** Takes progress, warnings and errors. */
  readonly stderr: (text: string) => void;
  /** Opens standard input; absent where there is none. Nothing asks questions: it is a file that has no name. */
  readonly stdin?: () => AsyncIterable<Uint8Array>;
  /** Whether a person watches standard error, so that a moving progress bar makes sense. */
  readonly isTerminal: boolean;
  /** Absolute path that relative paths on the command line are resolved against. */
  readonly cwd: string;
}
