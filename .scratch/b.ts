import { RngRoot } from "../sim/kernel/rng.ts";
import { generateReturns } from "../sim/run/generate-returns.ts";
import { drawSetting } from "../sim/run/generate-operations.ts";
import { generateWatching } from "../sim/run/generate-watching.ts";
import { sweepExpectations } from "../sim/run/generate.ts";
import { runScenario } from "../sim/run/runner.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { underFaults } from "../sim/swarm/under-faults.ts";
import { micros, seconds } from "../model/units.ts";

export function drawn(seed: string, watched: boolean): Scenario {
  let plain = generateReturns(seed, {});
  if (watched) plain = { ...plain, topology: { ...plain.topology, links: plain.topology.links.map((l: any) => ({ ...l, forth: { ...l.forth, delay: Math.min(l.forth.delay, 60000) }, ...(l.back && { back: { ...l.back, delay: Math.min(l.back.delay, 60000) } }) })) } };
  const names = plain.topology.cloudlets.map(({ name }) => name);
  const uppers = new Map(plain.topology.cloudlets.flatMap(({ name, upper }) => (upper === undefined ? [] : [[name, upper] as [string, string]])));
  const rng = new RngRoot(`${seed}/besides`).stream;
  const ground = { names, uppers, delays: new Map(), duration: seconds(24), requests: 4, asks: 30 };
  const operations = drawSetting(ground, rng.fork("setting"));
  const w = watched ? generateWatching(seed, { names, uppers, delays: new Map(), duration: seconds(24), requests: 4, pace: 1 }) : null;
  return { ...plain, operations, ...(w?.aliveness && { aliveness: w.aliveness }), settle: seconds(180),
    expectations: { ...sweepExpectations(false, true, watched), sometimes: [] } };
}
const [from, until, watched, kind] = process.argv.slice(2);
let count = 0;
const t0 = process.cpuUsage();
for (let n = Number(from); n < Number(until); n += 1) {
  let s = drawn(`d-${n}`, watched === "watched");
  const isClose = s.detachments!.some((d) => d.kind === "close");
  if ((kind === "close") !== isClose) continue;
  s = underFaults(s, []).scenario;
  count += 1;
  try {
    const { report } = runScenario(s);
    if (report.unmet.length > 0) {
      console.log(n, JSON.stringify(report.unmet).slice(0, 400));
    }
  } catch (error) { console.log(n, "THREW", (error as Error).stack?.slice(0, 600)); }
}
console.log(count, "worlds", process.cpuUsage(t0).user/1e6);
