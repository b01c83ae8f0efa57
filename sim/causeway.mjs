#!/usr/bin/env node
/**
 * The `causeway` command. It never moves, so that the link npm makes at install time holds before and after a build.
 *
 * In a checkout the TypeScript beside it runs through tsx; in an installed package, which ships no TypeScript, the
 * compiled file runs and tsx is not needed. Leaves out every command and option: those are in cli/main.ts.
 */
import { existsSync, fstatSync, writeSync } from "node:fs";
import process from "node:process";

const source = new URL("./cli/main.ts", import.meta.url);

// After the first failure nothing more is written. `causeway run ... | head` closes the pipe early: that is the reader's
// choice, and the exit code is still the run's. Any other failure loses results, and is told once.
let isWritable = true;
let isLost = false;
process.stdout.on("error", stopWriting);
// Nobody is left to be told.
process.stderr.on("error", () => undefined);

function stopWriting(error) {
  if (isWritable && error.code !== "EPIPE") {
    isLost = true;
    process.exitCode = 2;
    process.stderr.write(`causeway: standard output cannot be written (${error.code ?? error.message})\n`);
  }
  isWritable = false;
}

/** Writes results. Into a file the stream gives up after a part without a word, so that files are written here. */
function writeOut(text) {
  if (!isWritable) return;
  if (!isFile(process.stdout.fd)) {
    process.stdout.write(text);
    return;
  }
  const content = Buffer.from(text);
  try {
    for (let done = 0; done < content.length;) done += writeSync(process.stdout.fd, content, done);
  } catch (error) {
    stopWriting(error);
  }
}

function isFile(descriptor) {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

try {
  const { main } = await load();
  const code = await main(process.argv.slice(2), {
    stdout: writeOut,
    stderr: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    cwd: process.cwd(),
  });
  // The failure may be heard of before the end, or only after it.
  if (!isLost) process.exitCode = code;
} catch (error) {
  process.stderr.write(`causeway: internal error: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 4;
}

/** The module that holds `main`, from the sources where they are, else from the build. */
async function load() {
  if (!existsSync(source)) return import(new URL("../dist/sim/cli/main.js", import.meta.url).href);
  const { register } = await import("tsx/esm/api");
  register();
  return import(source.href);
}
