// The lock of a results folder: two sweeps that write into one folder would each undo what the other has done. A file that names its
// owner: process, host, and when that process started, since numbers of processes come again. A lock whose owner is known to be gone is
// taken over.
//
// Leaves out owners on other hosts, of which nothing is known: a person has to remove their locks.

import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { ResultsTrouble, whyNotWritten } from "./trouble.ts";

/** A folder that is ours. */
export interface Lock {
  /** What there is to say of it: whose lock was taken over; null where there was none. */
  readonly note: string | null;
  release(): void;
}

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the process started, in the system's own count; empty where the system does not say. */
  readonly started: string;
}

/** The file's name. */
export const LOCK = "lock";

/**
 * Takes the lock of a folder.
 *
 * @throws ResultsTrouble when somebody has it who is there, or may be
 */
export function takeLock(folder: string): Lock {
  const path = join(folder, LOCK);
  const own: Owner = { pid: process.pid, host: hostname(), started: startOf(process.pid) };
  const note = clearDead(path);
  try {
    const descriptor = openSync(path, "wx");
    try {
      writeSync(descriptor, `${JSON.stringify(own)}\n`);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (isCode(error, "EEXIST")) throw new ResultsTrouble(path, inUse(read(path)));
    throw new ResultsTrouble(path, whyNotWritten(error));
  }
  return { note, release: () => rmSync(path, { force: true }) };
}

// 1. Two sweeps find the same dead lock. 2. The first moves it away and makes its own. 3. The second must not move that one away: what it
// moved is compared with what it had read, and put back where it is another.
function clearDead(path: string): string | null {
  const found = read(path);
  if (found === null) return null;
  if (!isGone(found.owner)) throw new ResultsTrouble(path, inUse(found));
  const aside = `${path}.${process.pid}.gone`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw new ResultsTrouble(path, whyNotWritten(error));
  }
  const moved = readFileSync(aside, "utf8");
  if (moved !== found.text) {
    try {
      linkSync(aside, path);
    } finally {
      rmSync(aside, { force: true });
    }
    throw new ResultsTrouble(path, inUse(read(path)));
  }
  rmSync(aside, { force: true });
  const who = found.owner === null ? "an unfinished lock" : `the lock of process ${found.owner.pid}, which is gone,`;
  return `${path}: ${who} was taken over`;
}

function read(path: string): { readonly text: string; readonly owner: Owner | null } | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return null;
    throw new ResultsTrouble(path, `it cannot be read (${String(error)}); check the folder`);
  }
  try {
    const { pid, host, started } = JSON.parse(text) as Partial<Owner>;
    const isWhole = typeof pid === "number" && typeof host === "string" && typeof started === "string";
    return { text, owner: isWhole ? { pid, host, started } : null };
  } catch {
    // Its owner was stopped while it wrote: it cannot have begun.
    return { text, owner: null };
  }
}

function isGone(owner: Owner | null): boolean {
  if (owner === null) return true;
  if (owner.host !== hostname()) return false;
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    return isCode(error, "ESRCH");
  }
  return owner.started !== "" && startOf(owner.pid) !== owner.started;
}

function inUse(found: ReturnType<typeof read>): string {
  const owner = found?.owner;
  if (!owner) return "another sweep writes into this folder; wait for it, or name another folder with --out";
  const who = `process ${owner.pid} on ${owner.host} writes into this folder`;
  return `${who}; wait for it, name another folder with --out, or remove this file if that process is gone`;
}

/** The 22nd field of /proc/PID/stat: ticks between the system's start and the process's. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The second field is the command's name in brackets, which may hold anything.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
