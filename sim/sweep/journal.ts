// The journal of a results folder: a line per part that is finished and on the disk. What is not in it does not count. Only ever
// appended to, and synced line by line, so that a machine that stops leaves at most one line unfinished, which is then as if
// it had never been begun.
//
// A line carries a checksum of itself: one that is wrong in the middle is damage, and nothing is guessed then.

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync } from "node:fs";
import { writeAll, type WriteBytes } from "./files.ts";
import { ResultsTrouble } from "./trouble.ts";

/** A part that is finished. */
export interface PartEntry {
  /** Its cases: from the first number, up to and without the second. */
  readonly from: number;
  readonly to: number;
  /** Its file's name inside the folder. */
  readonly file: string;
  readonly bytes: number;
  /** Of the whole file, in hexadecimal digits. */
  readonly sha256: string;
}

/** What a journal says. */
export interface JournalContent {
  readonly parts: readonly PartEntry[];
  /** Bytes of the lines that are whole; what follows is a line that was not finished. */
  readonly soundBytes: number;
}

/** The file's name. */
export const JOURNAL = "journal.jsonl";

const LINE =
  /^\{"from":(\d{1,15}),"to":(\d{1,15}),"file":"([\w.-]{1,80})","bytes":(\d{1,15}),"sha256":"([0-9a-f]{64})","check":"([0-9a-f]{8})"\}$/;

/** One line of the journal. */
export function journalLine(entry: PartEntry): string {
  const { from, to, file, bytes, sha256 } = entry;
  const said = JSON.stringify({ from, to, file, bytes, sha256 });
  return `${said.slice(0, -1)},"check":"${checkOf(said)}"}\n`;
}

function checkOf(said: string): string {
  return createHash("sha256").update(said).digest("hex").slice(0, 8);
}

/**
 * Reads a journal; one that is not there is empty.
 *
 * @param path how messages name it
 * @throws ResultsTrouble when a line that was finished is damaged, or two have the same cases
 */
export function readJournal(path: string): JournalContent {
  let text: string;
  try {
    text = readFileSync(path, "latin1");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { parts: [], soundBytes: 0 };
    throw new ResultsTrouble(path, `it cannot be read (${String(error)}); check the folder`);
  }
  const lines = text.split("\n");
  // What stands behind the last line feed was not finished.
  const unfinished = lines.pop() ?? "";
  const parts = lines.map((line, at) => {
    const entry = parse(line);
    if (entry !== null) return entry;
    throw new ResultsTrouble(
      `${path}:${at + 1}`,
      "this line is damaged; bring the file back from a copy, or begin anew in another folder",
    );
  });
  const sorted = parts.toSorted((a, b) => a.from - b.from);
  for (const [at, part] of sorted.entries()) {
    const before = sorted[at - 1];
    if (part.from < part.to && (before === undefined || before.to <= part.from)) continue;
    const cases = `cases ${part.from} to ${part.to - 1}`;
    throw new ResultsTrouble(
      path,
      `${cases} are in it twice, or none; bring the file back from a copy, or begin anew in another folder`,
    );
  }
  return { parts: sorted, soundBytes: text.length - unfinished.length };
}

function parse(line: string): PartEntry | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [, from, to, file = "", bytes, sha256 = "", check] = match;
  const entry: PartEntry = { from: Number(from), to: Number(to), file, bytes: Number(bytes), sha256 };
  return checkOf(JSON.stringify(entry)) === check ? entry : null;
}

/** A journal that is appended to. */
export class JournalWriter {
  readonly #descriptor: number;
  readonly #write: WriteBytes | undefined;
  #bytes: number;

  /** @param soundBytes what was read of it; an unfinished line behind that is cut off */
  constructor(path: string, soundBytes: number, write?: WriteBytes) {
    this.#descriptor = openSync(path, "a");
    this.#write = write;
    this.#bytes = soundBytes;
    ftruncateSync(this.#descriptor, soundBytes);
  }

  /** The part counts from now on. Throws what the system throws; the journal is then what it was before. */
  append(entry: PartEntry): void {
    const line = Buffer.from(journalLine(entry));
    try {
      writeAll(this.#descriptor, line, this.#write);
      fsyncSync(this.#descriptor);
      this.#bytes += line.length;
    } catch (error) {
      ftruncateSync(this.#descriptor, this.#bytes);
      throw error;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
