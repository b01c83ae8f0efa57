import { readFileSync } from "node:fs";
import { runScenario } from "../sim/run/runner.ts";
import { readScenario } from "../sim/scenario/read.ts";
import { generateControl } from "../sim/run/generate-control.ts";
import { RngRoot } from "../sim/kernel/rng.ts";
import { underFaults } from "../sim/swarm/under-faults.ts";
import { readSwarm } from "../sim/swarm/read-swarm.ts";
import { scenarioSource } from "../sim/scenario/read.ts";
import { familyNames } from "../workloads/topologies/index.ts";
const [story, from, until, wanted = "pause", cpu = ""] = process.argv.slice(2);
const reached = new Map<string, number>(); let count = 0;
const t0 = process.cpuUsage();
for (let n = Number(from); n < Number(until); n += 1) {
  const base = generateControl(`p-${n}`, story as any, { shape: familyNames[n % familyNames.length]! });
  const rng = new RngRoot(`${n}/cpus`).stream;
  const us = (a: number) => rng.intInclusive(a) as any;
  const cpus = cpu === "" ? [] : base.topology.cloudlets.filter(() => rng.chance(500_000)).map(({ name }) => ({ cloudlet: name, request: us(5000), receive: us(2000), stored: us(1000), fired: us(1000), perKiB: us(200) }));
  const { scenario, kinds } = underFaults({ ...base, cpus }, wanted === "none" ? [] : wanted.split(",") as any);
  count += 1;
  try {
    const { report } = runScenario(scenario);
    for (const [mark, c] of report.marks) if (c > 0) reached.set(mark, (reached.get(mark) ?? 0) + 1);
    if (report.unmet.length > 0) console.log(n, kinds.join(","), JSON.stringify(report.unmet).slice(0, 500));
  } catch (error) { console.log(n, kinds.join(","), "THREW", (error as Error).stack?.slice(0, 900)); }
}
console.log(count, "worlds", process.cpuUsage(t0).user / 1e6, ["process-paused", "clock-frozen"].map((m) => [m, reached.get(m)]).join(" "));
