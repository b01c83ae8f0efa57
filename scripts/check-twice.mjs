/**
 * `npm run check:twice`: a sample of drawn runs, each a second time in another thread, event by event, since a run must be a function
 * of its seed. The sample is drawn from `CAUSEWAY_SEED`, in CI a new one per commit.
 *
 * Then the same with each planted leak of the machine into a run: all have to be found, or the comparison sees nothing.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const files = ["figure-1", "split-and-merge", "long-absence", "mixed-versions", "commuter", "leases"];
const runsPerFile = "8";
const notRepeated = 4;
const timeoutMs = 240_000;
const seed = process.env.CAUSEWAY_SEED ?? "1";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

for (const file of files) {
  const { status, stdout, stderr } = causeway("run", workload(file), "--swarm", seed, "--runs", runsPerFile, "--twice");
  if (status !== 0) fail(`${file} ended with ${status}:\n${stdout.trimEnd().split("\n").at(-1)}\n${stderr}`);
  console.log(`${file}: ${runsPerFile} runs are the same in another thread`);
}

const leaks = causeway("list", "leaks")
  .stdout.split("\n")
  .flatMap((line) => /^leaks-[a-z-]+/.exec(line) ?? []);
if (leaks.length === 0) fail("no leak is planted");
for (const leak of leaks) {
  const { status, stderr } = causeway("run", workload("figure-1"), "--plant", leak, "--twice");
  if (status !== notRepeated) fail(`${leak} was not found: figure-1 ended with ${status}\n${stderr}`);
  console.log(`${leak}: found, ${stderr.split("\n").find((line) => line.startsWith("the runs ")) ?? "without a word"}`);
}

function workload(name) {
  return `workloads/${name}.yaml`;
}

function causeway(...words) {
  return spawnSync(process.execPath, ["sim/causeway.mjs", ...words], { encoding: "utf8", timeout: timeoutMs });
}

function fail(message) {
  console.error(`check:twice failed: ${message}`);
  process.exit(1);
}
