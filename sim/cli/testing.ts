/**
 * Runs commands in process for tests: what they say, what they end with, in a directory of their own.
 *
 * Leaves out real processes, which a few smoke tests start.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { main } from "./main.ts";

/** What a command said and ended with. */
export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A directory to run commands in. */
export interface Workplace {
  readonly path: string;
  run(...argv: string[]): Promise<Said>;
  /** The same with these pieces on standard input. */
  pipe(pieces: readonly string[], ...argv: string[]): Promise<Said>;
  remove(): void;
}

/** Makes an empty temporary directory. */
export function openWorkplace(): Workplace {
  const path = mkdtempSync(join(tmpdir(), "causeway-test-"));
  const run = async (argv: readonly string[], pieces: readonly string[] | null): Promise<Said> => {
    let out = "";
    let err = "";
    const code = await main(argv, {
      stdout: (text) => void (out += text),
      stderr: (text) => void (err += text),
      ...(pieces !== null && { stdin: () => Readable.from(pieces.map((piece) => Buffer.from(piece))) }),
      isTerminal: false,
      cwd: path,
    });
    return { code, out, err };
  };
  return {
    path,
    run: (...argv) => run(argv, null),
    pipe: (pieces, ...argv) => run(argv, pieces),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
