/**
 * Runs the commands that console sessions in documents may show, in process and in a directory of their own: those of
 * causeway, `npm start`, and as much of `head` and `grep` as it takes to look into a file.
 *
 * Leaves out every other program: what a document shows must run the same on any machine.
 */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openWorkplace, type Workplace } from "../../sim/cli/testing.ts";
import { start } from "../../sim/start.ts";
import type { Fence } from "./markdown.ts";
import { wordsOf } from "./session.ts";

const workloads = fileURLToPath(new URL("../../workloads", import.meta.url));

/** Runs of a sweep that is only compared. A sweep that is written down is whole. */
const runCountCompared = 7;

/** How far a sweep is: told only where the machine is slow. */
const progress = /^[\d ]+ of [\d ]+ runs, [\d.]+\/s, .* left, .*\n/gm;

/** What a command printed. */
export interface Printed {
  /** What a terminal would show: the lines of both outputs, and the exit status when it is not 0. */
  readonly lines: readonly string[];
  /** False when a short cut was taken: good to compare with, not to show. */
  readonly isWhole: boolean;
}

/** A place to run the commands of one document in. */
export interface Terminal {
  /** Runs a command; `npm start` takes a short cut unless `whole` is asked for. */
  run(command: string, length?: "short" | "whole"): Promise<Printed>;
  /** Makes the change that a block "```diff FILE" shows. Throws when the lines it takes away are not there, once. */
  apply(diff: Fence): void;
  /** Writes the file that a block "```LANGUAGE FILE" shows. */
  save(file: Fence): void;
  remove(): void;
}

/** A new directory with the scenarios of this checkout in it. */
export function openTerminal(): Terminal {
  const place = openWorkplace();
  cpSync(workloads, join(place.path, "workloads"), { recursive: true, filter: (path) => !path.endsWith(".ts") });
  return {
    async run(command, length = "short") {
      if (command !== "npm start") return { lines: await runCommand(place, wordsOf(command)), isWhole: true };
      const argv = length === "whole" ? [] : ["--runs", String(runCountCompared)];
      return { lines: await runStart(place, argv), isWhole: length === "whole" };
    },
    apply({ flags: [name = ""], content }) {
      const file = join(place.path, name);
      const sides = ["-", "+"].map((sign) => {
        const lines = content.filter((line) => line.startsWith(sign) || line.startsWith(" "));
        return `\n${lines.map((line) => line.slice(1)).join("\n")}\n`;
      });
      const [before = "", after = ""] = sides;
      const parts = readFileSync(file, "utf8").split(before);
      if (parts.length !== 2) throw new Error(`${name} does not have these lines once: ${before}`);
      writeFileSync(file, parts.join(after));
    },
    save({ flags: [name = ""], content }) {
      writeFileSync(join(place.path, name), `${content.join("\n")}\n`);
    },
    remove() {
      place.remove();
    },
  };
}

async function runCommand(place: Workplace, words: readonly string[]): Promise<readonly string[]> {
  const [program, first = "", second = "", third = ""] = words;
  const linesOf = (name: string): string[] =>
    readFileSync(join(place.path, name), "utf8").replace(/\n$/, "").split("\n");
  if (program === "npx" && first === "causeway") {
    const { code, out, err } = await place.run(...words.slice(2));
    return shown(out + err.replaceAll(progress, ""), code);
  }
  if (program === "head" && first === "-n" && words.length === 4) return linesOf(third).slice(0, Number(second));
  if (program === "grep" && words.length === 3) return linesOf(second).filter((line) => line.includes(first));
  throw new Error(`cannot run "${words.join(" ")}" in a document: only npx causeway, npm start, head -n and grep`);
}

async function runStart(place: Workplace, argv: readonly string[]): Promise<readonly string[]> {
  let text = "";
  const code = await start(argv, {
    stdout: (more) => void (text += more),
    // How long it took: another time each time.
    stderr: () => undefined,
    isTerminal: false,
    cwd: place.path,
  });
  return shown(text, code);
}

function shown(text: string, code: number): readonly string[] {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  return code === 0 ? lines : [...lines, `[exit ${code}]`];
}
