import { runScenario } from "../sim/run/runner.ts";
import { generateControl } from "../sim/run/generate-control.ts";
import { RngRoot } from "../sim/kernel/rng.ts";
import { underFaults } from "../sim/swarm/under-faults.ts";
import { familyNames } from "../workloads/topologies/index.ts";
const [story, num, wanted = "pause", cpu = "", lo = "0", hi = "0", names = ""] = process.argv.slice(2);
const n = Number(num);
const base = generateControl(`p-${n}`, story as any, { shape: familyNames[n % familyNames.length]! });
const rng = new RngRoot(`${n}/cpus`).stream;
const us = (a: number) => rng.intInclusive(a) as any;
const cpus = cpu === "" || cpu === "nocpu" ? [] : base.topology.cloudlets.filter(() => rng.chance(500_000)).map(({ name }) => ({ cloudlet: name, request: us(5000), receive: us(2000), stored: us(1000), fired: us(1000), perKiB: us(200) }));
const { scenario } = underFaults({ ...base, cpus }, wanted === "none" ? [] : wanted.split(",") as any);
console.log(JSON.stringify(scenario.cpus), JSON.stringify(scenario.faults), JSON.stringify(scenario.aliveness?.settings), scenario.core, scenario.duration, base.topology.cloudlets);
const [L, H] = [Number(lo), Number(hi)]; const who = names.split(",").map(Number);
const obs: any = { watching: (at: number, c: number, e: any) => { if (at >= L && at <= H && who.includes(c)) console.log(at, c, e.kind, JSON.stringify(e.kind === "looked" ? { about: e.about, mark: e.sight.mark, st: e.sight.view.states } : e)); },
 started: (at: number, c: number) => { if (at <= H && who.includes(c)) console.log(at, c, "started"); }, crashed: (at: number, c: number) => { if (at <= H && who.includes(c)) console.log(at, c, "crashed"); },
 machineChanged: (at: number, c: number, e: any) => { if (at <= H && who.includes(c)) console.log(at, c, JSON.stringify(e)); },
 notified: (at: number, c: number, e: any) => { if (at >= L && at <= H && who.includes(c) && e.kind === "applied") for (const r of e.records) if (/report|seen|confirmed/.test(r.key)) console.log(at, c, "applied", r.key, r.kind === "put" ? r.value.slice(0, 200) : ""); } };
const { report } = runScenario(scenario, { observers: hi === "0" ? [] : [obs] });
console.log(JSON.stringify(report.properties.filter(([, v]) => v.verdict === "violated")));
