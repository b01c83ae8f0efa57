// How many operations an aggregation layer takes in for cloudlets that are all offline, what each costs in memory while it waits, and how
// fast they are drained when everybody comes back: the cores alone, with disks that confirm at once and planes that are through at once.
//
// `accept` and `drain` count the time inside the core of the aggregation layer alone; `drain.all` that inside all cores, since the drained
// ones run here, too. The aims are 100 000 accepted and 50 000 drained per second, and 200 bytes beside the payload.

import type { Benchmark, BenchmarkOptions, Sample } from "../../sim/bench/benchmark.ts";
import { memoryInUse } from "../../sim/bench/memory.ts";
import { wallclockMilliseconds } from "../../sim/cli/wallclock.ts";
import { assert } from "../assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import { createReplica } from "../replication/replica.ts";
import { buildTopology } from "../topology/build.ts";
import type { Topology } from "../topology/topology.ts";
import { millis, seconds } from "../units.ts";
import { ControlCore } from "./control-core.ts";
import type { ControlInput } from "./io.ts";
import { withOperations } from "./scopes.ts";

const hub = 0 as CloudletId;
const first = 1 as Incarnation;
const payload = "p".repeat(64);
const perTarget = 100;

/** One aggregation layer, and so many cloudlets under it. */
function star(leaves: number): Topology {
  const names = Array.from({ length: leaves }, (_, leaf) => `edge${leaf}`);
  const [spec] = withOperations([
    {
      cloudlets: [{ name: "hub" }, ...names.map((name) => ({ name, upper: "hub" }))],
      scopes: [],
      flows: [],
      links: names.map((name) => ({ a: "hub", b: name, forth: { delay: millis(1) }, back: { delay: millis(1) } })),
    },
  ]);
  const built = buildTopology(spec!);
  assert(built.kind === "topology", "a star with operations is well formed");
  return built.topology;
}

/** Cores that run side by side: what one sends arrives at once and in order, disks and planes confirm at once. */
class Site {
  /** Milliseconds inside cores, by cloudlet. */
  readonly spent: Float64Array;
  accepted = 0;
  ended = 0;
  readonly #cores: readonly ControlCore[];
  readonly #due: (readonly [CloudletId, ControlInput])[] = [];
  #now = { monotonic: 0, wall: 1_700_000_000_000_000 };

  constructor(topology: Topology) {
    this.#cores = topology.cloudlets.map(
      ({ id }) =>
        new ControlCore({ topology, self: id, core: createReplica({ topology, self: id, clockBound: seconds(1) }) }),
    );
    this.spent = new Float64Array(this.#cores.length);
    for (const { id } of topology.cloudlets) this.give(id, { kind: "started", incarnation: first, from: null });
  }

  /** An input, and all that follows from it. */
  give(at: CloudletId, input: ControlInput): void {
    this.#step(at, input);
    for (let next = this.#due.pop(); next !== undefined; next = this.#due.pop()) this.#step(next[0], next[1]);
  }

  tick(microseconds: number): void {
    const { monotonic, wall } = this.#now;
    this.#now = { monotonic: monotonic + microseconds, wall: wall + microseconds };
  }

  #step(at: CloudletId, input: ControlInput): void {
    const began = wallclockMilliseconds();
    const effects = (this.#cores[at] as ControlCore).step(input, this.#now);
    this.spent[at]! += wallclockMilliseconds() - began;
    const following: (readonly [CloudletId, ControlInput])[] = [];
    for (const effect of effects) {
      if (effect.kind === "store") following.push([at, { kind: "stored", upTo: effect.upTo }]);
      else if (effect.kind === "send") {
        following.push([effect.to, { kind: "receive", from: at, message: effect.message }]);
      } else if (effect.kind === "execute") {
        const outcome = { kind: "done", detail: "" } as const;
        following.push([at, { kind: "executed", operation: effect.operation.id, outcome }]);
      } else if (effect.kind === "issued" && effect.result.kind === "accepted") this.accepted += 1;
      else if (effect.kind === "ended" && effect.end.kind === "done") this.ended += 1;
    }
    this.#due.push(...following.reverse());
  }
}

async function measured(leaves: number): Promise<readonly Sample[]> {
  const topology = star(leaves);
  const site = new Site(topology);
  const count = leaves * perTarget;
  const before = await memoryInUse();
  site.spent.fill(0);
  for (let at = 0; at < count; at += 1) {
    site.tick(10);
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
  for (let leaf = 1; leaf <= leaves; leaf += 1) {
    const edge = leaf as CloudletId;
    site.give(edge, { kind: "linkUp", peer: hub });
    site.give(hub, { kind: "linkUp", peer: edge });
  }
  assert(site.ended === count, `every operation ends as done: ${site.ended} of ${count}`);
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
  run: ({ small }: BenchmarkOptions): Promise<readonly Sample[]> => measured(small ? 20 : 1_000),
};
