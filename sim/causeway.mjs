#!/usr/bin/env node
/**
 * The `causeway` command. It never moves, so that the link npm makes at install time holds before and after a build.
 *
 * In a checkout the TypeScript beside it is put into one file, which is kept until a source changes; in an installed package, which ships
 * no TypeScript, the compiled files run. Leaves out every command and option: those are in cli/main.ts.
 *
 * The command runs in a thread of its own. A long run makes much that lives a while and then dies, and is up to a third faster where
 * Node collects that seldom; how seldom is fixed when Node starts, but may be chosen for a thread. The first thread keeps what
 * belongs to the process: standard input and output, signals, and the exit code. This file is what both threads begin with.
 */
import { existsSync, fstatSync, writeSync } from "node:fs";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

/** MiB for what has just been made: three times what survives before it is taken over. Flags of Node's own come first. */
const YOUNG_GENERATION = 768;

/** Exit code of an internal error. */
const INTERNAL = 4;

const signals = ["SIGINT", "SIGTERM"];

if (isMainThread) startThread();
else await runCommand();

// --- the first thread ---

// Messages of the other thread: text for `stdout` or `stderr`, a wish for `stdin`, a signal to `watch` or `unwatch`, and the exit
// code at last.
function startThread() {
  const out = openOut();
  let code = null;
  let readsInput = false;
  const thread = new Worker(fileURLToPath(import.meta.url), {
    argv: process.argv.slice(2),
    stdin: true,
    workerData: {
      outIsTerminal: process.stdout.isTTY === true,
      errIsTerminal: process.stderr.isTTY === true,
      columns: process.stderr.columns,
    },
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
  });
  const forward = (signal) => thread.postMessage(signal);
  thread.on("message", ([what, value]) => {
    if (what === "stdout") out.write(value);
    else if (what === "stderr") process.stderr.write(value);
    else if (what === "stdin") {
      readsInput = true;
      process.stdin.pipe(thread.stdin);
    } else if (what === "watch") process.on(value, forward);
    else if (what === "unwatch") process.off(value, forward);
    else code = value;
    // Whoever writes to the command need not have ended, and a thread that has input left does not end by itself.
    if (code !== null && readsInput) thread.terminate();
  });
  thread.on("error", (error) => {
    code = INTERNAL;
    process.stderr.write(`causeway: ${sayWhy(error)}\n`);
  });
  thread.on("exit", () => {
    if (readsInput) process.stdin.destroy();
    // Only code of a user's can end the thread before it said anything.
    if (code === null) process.stderr.write("causeway: the command was ended by code that it had loaded\n");
    // That output was lost may be heard of before the end, or only after it.
    if (!out.isLost()) process.exitCode = code ?? INTERNAL;
  });
}

function sayWhy(error) {
  if (error?.code !== "ERR_WORKER_OUT_OF_MEMORY") {
    return `internal error: ${error instanceof Error ? error.stack : String(error)}`;
  }
  return "it needs more memory than Node gives it; NODE_OPTIONS=--max-old-space-size=8192 gives it 8 GiB";
}

// After the first failure nothing more is written. `causeway run ... | head` closes the pipe early: that is the reader's
// choice, and the exit code is still the run's. Any other failure loses results, and is told once.
function openOut() {
  let isWritable = true;
  let isLost = false;
  process.stdout.on("error", stop);
  // Nobody is left to be told.
  process.stderr.on("error", () => undefined);

  function stop(error) {
    if (isWritable && error.code !== "EPIPE") {
      isLost = true;
      process.exitCode = 2;
      process.stderr.write(`causeway: standard output cannot be written (${error.code ?? error.message})\n`);
    }
    isWritable = false;
  }

  /** Writes results. Into a file the stream gives up after a part without a word, so that files are written here. */
  function write(text) {
    if (!isWritable) return;
    if (!isFile(process.stdout.fd)) {
      process.stdout.write(text);
      return;
    }
    const content = Buffer.from(text);
    try {
      for (let done = 0; done < content.length;) done += writeSync(process.stdout.fd, content, done);
    } catch (error) {
      stop(error);
    }
  }

  return { write, isLost: () => isLost };
}

function isFile(descriptor) {
  try {
    return fstatSync(descriptor).isFile();
  } catch {
    return false;
  }
}

// --- the command's thread ---

async function runCommand() {
  const tell = (what, value) => parentPort.postMessage([what, value]);
  wireSignals(tell);
  // The streams of a thread do not know what the process writes to.
  Object.assign(process.stdout, { isTTY: workerData.outIsTerminal });
  Object.assign(process.stderr, { isTTY: workerData.errIsTerminal, columns: workerData.columns });
  const { main } = await load();
  const code = await main(process.argv.slice(2), {
    stdout: (text) => tell("stdout", text),
    stderr: (text) => tell("stderr", text),
    stdin: () => {
      tell("stdin");
      return process.stdin;
    },
    isTerminal: workerData.errIsTerminal,
    cwd: process.cwd(),
  });
  tell("exit", code);
  // Else the thread would wait for signals.
  parentPort.close();
}

// Signals come to the process alone. Whoever listens for one here makes the first thread listen, and is told what it hears; as
// long as nobody does, a signal ends the process as always.
function wireSignals(tell) {
  process.on("newListener", (event) => {
    if (signals.includes(event)) tell("watch", event);
  });
  process.on("removeListener", (event) => {
    if (signals.includes(event)) tell("unwatch", event);
  });
  parentPort.on("message", (signal) => process.emit(signal, signal));
}

/** The module that holds `main`: of a build, or of the sources as one file, which is made where it is missing, or as they are. */
async function load() {
  const source = new URL("./cli/main.ts", import.meta.url);
  if (!existsSync(source)) return import(new URL("../dist/sim/cli/main.js", import.meta.url).href);
  const { keptBundle } = await import("./workers/kept-bundle.boot.mjs");
  const kept = keptBundle(source);
  if (kept !== null) return import(kept.href);
  const { register, tsImport } = await import("tsx/esm/api");
  const { bundled } = await tsImport("./workers/bundle.ts", import.meta.url);
  const made = await bundled(source);
  if (made !== null) return import(made.href);
  register();
  return import(source.href);
}
