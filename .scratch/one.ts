import { readFileSync } from "node:fs";
import { runScenario } from "../sim/run/runner.ts";
import { readScenario } from "../sim/scenario/read.ts";
const src = readFileSync("sim/oracles/detached-with-queues.test.ts","utf8");
const text = (await import("../sim/oracles/detached-text.ts")).default;
const o = readScenario(text,{file:"x"}); if (o.kind!=="scenario") throw new Error("no");
const t=process.cpuUsage();
const r=runScenario(o.scenario).report;
const u=process.cpuUsage(t); console.log(r.verdict, r.unmet, u.user/1e6, r.messages, r.events);
