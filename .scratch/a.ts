import { RngRoot } from "../sim/kernel/rng.ts";
import { generateDetachments } from "../sim/run/generate-detachments.ts";
import { drawSetting } from "../sim/run/generate-operations.ts";
import { generateWatching } from "../sim/run/generate-watching.ts";
import { sweepExpectations } from "../sim/run/generate.ts";
import { runScenario } from "../sim/run/runner.ts";
import type { Scenario } from "../sim/scenario/scenario.ts";
import { seconds } from "../model/units.ts";

export function drawn(seed: string, watched: boolean): Scenario {
  const plain = generateDetachments(seed);
  const names = plain.topology.cloudlets.map(({ name }) => name);
  const uppers = new Map(plain.topology.cloudlets.flatMap(({ name, upper }) => (upper === undefined ? [] : [[name, upper] as [string, string]])));
  const rng = new RngRoot(`${seed}/besides`).stream;
  const ground = { names, uppers, delays: new Map(), duration: seconds(30), requests: 4, asks: 30 };
  const operations = drawSetting(ground, rng.fork("setting"));
  const w = watched ? generateWatching(seed, { names, uppers, delays: new Map(), duration: seconds(30), requests: 4, pace: 1 }) : null;
  return { ...plain, operations, ...(w?.aliveness && { aliveness: w.aliveness }), settle: seconds(180),
    expectations: { ...sweepExpectations(true, true, watched), sometimes: ["member-detached"] } };
}
const [from, until, watched] = process.argv.slice(2);
const reached = new Map<string, number>();
for (let n = Number(from); n < Number(until); n += 1) {
  const s = drawn(`d-${n}`, watched === "watched");
  try {
    const { report } = runScenario(s);
    for (const [mark, count] of report.marks) if (count > 0) reached.set(mark, (reached.get(mark) ?? 0) + 1);
    if (report.unmet.length > 0) {
      console.log(n, JSON.stringify(report.unmet).slice(0, 300));
      for (const v of report.verdicts ?? []) if ((v as any).violations?.length) console.log("   ", (v as any).name, JSON.stringify((v as any).violations).slice(0, 500));
    }
  } catch (error) { console.log(n, "THREW", (error as Error).stack?.slice(0, 600)); }
}
console.log([...reached].map(([m, c]) => `${m}:${c}`).join(" "));
