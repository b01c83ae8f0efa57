/**
 * `npm run check:nodes`: the same digests on Node 20, 22 and 24, since a run must not depend on who executes it.
 *
 * Other versions come from the registry package `node` (some seconds each, then cached). One that cannot be fetched is
 * skipped and named; a difference, or digests that fail to print, is a failure.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const versions = ["20", "22", "24"];
const digestCount = 50;
const timeoutMs = 240_000;

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const script = ["--import", "tsx", "--conditions=causeway-source", "sim/digests.ts"];

const results = [];
for (const version of versions) {
  const node = nodeCommand(version);
  if (node === null) {
    console.log(`Node ${version} left out: it could not be fetched (offline?)`);
    continue;
  }
  const lines = digests(node);
  if (lines.length !== digestCount) fail(`Node ${version} printed ${lines.length} digests, expected ${digestCount}`);
  results.push({ version, lines });
}

const [first, ...others] = results;
if (first === undefined || others.length === 0) {
  console.log("skipped: nothing to compare with");
} else {
  for (const { version, lines } of others) {
    const at = lines.findIndex((line, index) => line !== first.lines[index]);
    if (at === -1) continue;
    fail(`digest ${at + 1} differs:\n  Node ${first.version}: ${first.lines[at]}\n  Node ${version}: ${lines[at]}`);
  }
  console.log(`${digestCount} digests are the same on Node ${results.map((result) => result.version).join(", ")}`);
}

/** The words that start that version of Node, or null when it is neither running nor to be had. */
function nodeCommand(version) {
  if (process.versions.node.startsWith(`${version}.`)) return [process.execPath];
  const patience = ["--fetch-retries=1", "--fetch-timeout=20000"];
  const command = ["npx", "--yes", ...patience, "--package", `node@${version}`, "node"];
  const { status, stdout } = spawnSync(command[0], [...command.slice(1), "--version"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    timeout: timeoutMs,
  });
  return status === 0 && stdout.startsWith(`v${version}.`) ? command : null;
}

/** The lines that sim/digests.ts prints under the given Node. */
function digests(node) {
  const { status, stdout, stderr } = spawnSync(node[0], [...node.slice(1), ...script], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    timeout: timeoutMs,
  });
  if (status !== 0) fail(`${node.join(" ")} ${script.join(" ")} ended with ${status}:\n${stderr}`);
  return stdout.split("\n").filter((line) => line !== "");
}

function fail(message) {
  console.error(`check:nodes failed: ${message}`);
  process.exit(1);
}
