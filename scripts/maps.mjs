// `npm run maps [-- words for the sweep]`: imports every map of the public collections that lie in CAUSEWAY_DATA, and sweeps over all of them
// (workloads/sweeps/maps.yaml). Takes some minutes. Where the variable is not set it says so, and nothing is done.

import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const data = process.env.CAUSEWAY_DATA ?? "";
const folders = ["topology-zoo", "topohub"].map((name) => join(data, name)).filter((folder) => existsSync(folder));
if (data === "" || folders.length === 0) {
  console.log(
    "skipped: CAUSEWAY_DATA names no folder with topology-zoo or topohub in it; docs/importing.md says what belongs there",
  );
} else {
  // What an earlier import has left would be swept over, too.
  rmSync("results/maps", { recursive: true, force: true });
  rmSync("results/real-maps", { recursive: true, force: true });
  // A map that is refused is told, and leaves the others alone.
  for (const folder of folders) causeway("import", folder, "--out", "results/maps");
  // Of the largest maps some run may take longer than a run of a sweep usually does, and more memory.
  const limits = ["--case-time", "15m", "--case-memory", "6144"];
  process.exitCode = causeway("sweep", "workloads/sweeps/maps.yaml", ...limits, ...process.argv.slice(2));
}

function causeway(...words) {
  return spawnSync(process.execPath, ["sim/causeway.mjs", ...words], { stdio: "inherit" }).status ?? 1;
}
