#!/usr/bin/env node
/**
 * The `causeway` command. It never moves, so that the link npm makes at install time holds before and after a build.
 *
 * In a checkout the TypeScript beside it runs through tsx; in an installed package, which ships no TypeScript, the
 * compiled file runs and tsx is not needed. Leaves out every command and option: those are in cli/main.ts.
 */
import { existsSync } from "node:fs";
import process from "node:process";

const source = new URL("./cli/main.ts", import.meta.url);

// `causeway run ... | head` closes the pipe early; that is the reader's choice, not an error of ours.
process.stdout.on("error", (error) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(process.exitCode ?? 0);
});

try {
  const { main } = await load();
  process.exitCode = await main(process.argv.slice(2), {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
    isTerminal: process.stderr.isTTY === true,
    cwd: process.cwd(),
  });
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
