// `npm run theory`: how long an image takes from the root to every site of ten real maps, by the simulator, by theory, and by SimGrid where that is
// installed (Debian's python3-simgrid). Exit code 1 where any two differ by more than 1 %. Where CAUSEWAY_DATA is not set it says so.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const maps = [
  "topology-zoo/Abilene.graphml",
  "topology-zoo/Aarnet.graphml",
  "topology-zoo/Cesnet201006.graphml",
  "topology-zoo/Cogentco.graphml",
  "topology-zoo/Colt.graphml",
  "topology-zoo/Garr201201.graphml",
  "topology-zoo/Geant2012.graphml",
  "topology-zoo/Kdl.graphml",
  "topohub/gabriel/100/0.json",
  "aws-latency-ms.csv",
];
const size = 10_000_000;
const sizes = ["--size", "10MB", "--bandwidth", "10Gbit"];
const folder = "results/theory";

const data = process.env.CAUSEWAY_DATA ?? "";
const found = maps.map((name) => join(data, name)).filter((path) => data !== "" && existsSync(path));
if (found.length === 0) {
  console.log(
    "skipped: CAUSEWAY_DATA names no folder with topology-zoo or topohub in it; docs/importing.md says what belongs there",
  );
  process.exit();
}
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
for (const path of found) causeway(["import", path, "--out", folder], "pipe");
const names = found.map((path) =>
  basename(path)
    .replace(/\.\w+$/u, "")
    .toLowerCase(),
);
const scenarios = names.map((name) => join(folder, `${/^[a-z]/u.test(name) ? name : `map-${name}`}.yaml`));
process.exitCode = causeway(["distribute", ...scenarios, ...sizes], "inherit").status ?? 1;
if (spawnSync("/usr/bin/python3", ["-c", "import simgrid"]).status !== 0) {
  console.log("SimGrid is left out: Debian's package python3-simgrid is not installed");
  process.exit();
}
for (const scenario of scenarios) {
  const [platform, times] = [scenario.replace(".yaml", ".xml"), scenario.replace(".yaml", ".json")];
  causeway(["export", scenario, "--to", "simgrid", "--out", platform, "--overwrite"], "pipe");
  writeFileSync(times, causeway(["distribute", scenario, "--way", "relayed", ...sizes, "--json"], "pipe").stdout);
  const { status, stdout } = spawnSync(
    "/usr/bin/python3",
    ["scripts/simgrid-distribution.py", platform, times, String(size)],
    { encoding: "utf8" },
  );
  console.log(`${scenario}: ${stdout.trim().split("\n").at(-1)}`);
  if (status !== 0) process.exitCode = 1;
}

function causeway(words, stdio) {
  return spawnSync(process.execPath, ["sim/causeway.mjs", ...words], { stdio, encoding: "utf8", maxBuffer: 2 ** 28 });
}
