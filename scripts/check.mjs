/**
 * `npm run check`: every static check, two at a time, each with its time; the output of those that fail.
 *
 * `npm run check -- lint format` runs the named ones: `lint` means `lint:sim` and `lint:rest`. Leaves out tests, which `npm test` runs.
 */
import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name) => `node_modules/${name}`;

/** TypeScript 7 checks the types: the same rules as version 6, in a fraction of the time. */
const tsc = bin("typescript7/bin/tsc");

const checks = [
  // The longest first, so that it does not run alone at the end; in two parts, since it takes longer than all others together.
  { name: "lint:sim", command: [bin("eslint/bin/eslint.js"), "--max-warnings=0", "sim"] },
  { name: "lint:rest", command: [bin("eslint/bin/eslint.js"), "--max-warnings=0", "--ignore-pattern", "sim/", "."] },
  { name: "types", command: [tsc, "--noEmit", "-p", "."] },
  { name: "types:model", command: [tsc, "--noEmit", "-p", "model"] },
  { name: "types:workloads", command: [tsc, "--noEmit", "-p", "workloads"], mayBeEmpty: true },
  { name: "imports", command: ["scripts/check-imports.mjs"] },
  { name: "format", command: [bin("prettier/bin/prettier.cjs"), "--check", "."] },
  { name: "dead code", command: [bin("knip/bin/knip.js"), "--no-progress"] },
];

const wanted = process.argv.slice(2);
const means = (word, { name }) => name === word || name.startsWith(`${word}:`);
const unknown = wanted.filter((word) => !checks.some((check) => means(word, check)));
if (unknown.length > 0) {
  console.error(`no check named ${unknown.join(", ")}; there are: ${checks.map((check) => check.name).join(", ")}`);
  process.exit(2);
}
const queue = checks.filter((check) => wanted.length === 0 || wanted.some((word) => means(word, check)));
const total = queue.length;

const failed = [];
async function work() {
  for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
    const start = performance.now();
    const { code, output } = await run(check.command);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    const ok = code === 0 || (check.mayBeEmpty === true && output.includes("TS18003"));
    if (!ok) failed.push(check.name);
    console.log(`${ok ? "ok    " : "FAILED"} ${check.name} (${seconds} s)`);
    if (!ok || check.name === "imports") process.stdout.write(indent(output));
  }
}
await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));

console.log(
  failed.length === 0 ? `${total} checks passed` : `${failed.length} of ${total} checks failed: ${failed.join(", ")}`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

/** Runs one of our own tools under this very Node; its two outputs are kept in the order they arrived. */
function run([script, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const keep = (chunk) => void (output += chunk);
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    child.on("error", (error) => resolve({ code: 1, output: `${output}${error.message}\n` }));
    child.on("close", (code) => resolve({ code, output }));
  });
}

function indent(text) {
  return text.replaceAll(/^(?=.)/gm, "  ");
}
