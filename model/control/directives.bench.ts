// How many operations an aggregation layer takes in for cloudlets that are all offline, what each costs in memory while it waits, and how
// fast they are drained when everybody comes back: the cores alone, with disks that confirm at once and planes that are through at once.
//
// `accept` and `drain` count the time inside the core of the aggregation layer alone; `drain.all` that inside all cores, since the drained
// ones run here, too. Compiled code is counted to nobody: a smaller site goes through all of it first. The aims are 100 000 accepted and 50 000 drained per second, and 200 bytes beside the payload.

import type { Benchmark, BenchmarkOptions, Sample } from "../../sim/bench/benchmark.ts";
import { memoryInUse } from "../../sim/bench/memory.ts";
import { hub, star, SwiftSite } from "../../sim/operations/swift-site.ts";
import { assert } from "../assert.ts";
import type { CloudletId, OpId, SessionId } from "../ids.ts";

const payload = "p".repeat(64);
const perTarget = 100;
/** Operations that a plane does side by side. */
const parallel = 16;

async function measured(leaves: number): Promise<readonly Sample[]> {
  const site = new SwiftSite(star(leaves), { settings: { parallel } });
  const count = leaves * perTarget;
  const before = await memoryInUse();
  site.spent.fill(0);
  for (let at = 0; at < count; at += 1) {
    site.pass(10);
    const request = {
      target: (1 + (at % leaves)) as CloudletId,
      kind: "vm.update",
      object: `vm${Math.floor(at / leaves)}`,
      actor: "operator",
      payload,
    } as const;
    site.give(hub, { kind: "issue", session: request.target as number as SessionId, id: at as OpId, request });
  }
  assert(site.accepted === count, "every operation is accepted");
  const accepting = site.spent[hub]!;
  const held = ((await memoryInUse()) - before) / count;
  site.spent.fill(0);
  for (let leaf = 1; leaf <= leaves; leaf += 1) site.setWay(leaf as CloudletId, true);
  assert(site.done === count, `every operation ends as done: ${site.done} of ${count}`);
  const all = site.spent.reduce((sum, spent) => sum + spent, 0);
  const rate = (milliseconds: number): number => (count / milliseconds) * 1_000;
  return [
    { variant: "accept", value: rate(accepting) },
    { variant: "memory", value: held - payload.length, unit: "bytes" },
    { variant: "drain", value: rate(site.spent[hub]!) },
    { variant: "drain.all", value: rate(all) },
  ];
}

/** `npm run bench -- --only directives.throughput` */
export const directivesBenchmark: Benchmark = {
  name: "directives.throughput",
  unit: "operations/s",
  async run({ small }: BenchmarkOptions): Promise<readonly Sample[]> {
    if (!small) await measured(500);
    return measured(small ? 20 : 1_000);
  },
};
