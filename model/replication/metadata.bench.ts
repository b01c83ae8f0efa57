// What causality costs on the wire: bytes of a record besides its key and value, at 10, 100 and 1 000 cloudlets. The tree
// that speed is measured on (four shared two-way scopes, one report scope per leaf), every session in the same few
// streams, one hop per round and nothing lost: how many dependencies a record has does not hang on the network's faults.
// Apart from the rest: a dashboard that reads every reporter and then writes, whose past really is that wide. And what it
// costs to order all operations of a cloudlet in place of those of each session, where a cloudlet has eight of them.

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import type { Rng } from "../random.ts";
import { buildTopology } from "../topology/build.ts";
import type { Topology } from "../topology/topology.ts";
import { seconds } from "../units.ts";
import type { Benchmark, BenchmarkOptions, Sample } from "../../sim/bench/benchmark.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { zipfChooser } from "../../sim/kernel/zipf.ts";
import { BENCHMARK_SHARED_SCOPES, benchmarkTree } from "../../workloads/topologies/benchmark-tree.ts";
import { textSize } from "./bytes.ts";
import type { ClientOp, Input } from "./io.ts";
import type { Message } from "./messages.ts";
import type { CausalRecord } from "./record.ts";
import { createReplica } from "./replica.ts";
import type { Replica } from "./replica.ts";
import type { Causality } from "./standing.ts";

const roundMicros = 20_000;
/** Rounds between two requests of one session, on average: 2 s. */
const thinkRounds = 100;
/** Sessions of one cloudlet, where it has several. */
const sessionsMax = 8;
const keysPerScope = 100;
const value = "v".repeat(128);

/** Replicas in lockstep: what is sent in one round arrives in the next; disks confirm at once. */
class Lockstep {
  readonly #replicas: readonly Replica[];
  readonly #written: CausalRecord[] = [];
  #inboxes: { readonly from: CloudletId; readonly message: Message }[][];
  #round = 0;
  #operations = 0;

  constructor(topology: Topology, causality: Causality = "session") {
    this.#replicas = topology.cloudlets.map(({ id }) =>
      createReplica({ topology, self: id, clockBound: seconds(1), causality }),
    );
    this.#inboxes = topology.cloudlets.map(() => []);
    for (const { id } of topology.cloudlets) {
      this.#step(id, { kind: "started", incarnation: 1 as Incarnation, from: null });
    }
    for (const { id } of topology.cloudlets) {
      for (const { peer } of topology.neighbours(id)) this.#step(id, { kind: "linkUp", peer });
    }
    for (let greetings = 0; greetings < 4; greetings += 1) this.round();
  }

  /** Every record written, in order. */
  get written(): readonly CausalRecord[] {
    return this.#written;
  }

  round(): void {
    this.#round += 1;
    const arriving = this.#inboxes;
    this.#inboxes = arriving.map(() => []);
    for (const [id, inbox] of arriving.entries()) {
      for (const { from, message } of inbox) this.#step(id as CloudletId, { kind: "receive", from, message });
    }
  }

  /** `which` of a cloudlet's sessions asks: from 0 to below `sessionsMax`. */
  request(id: CloudletId, op: ClientOp, which = 0): void {
    this.#operations += 1;
    const session = (id * sessionsMax + which) as SessionId;
    this.#step(id, { kind: "request", session, id: this.#operations as OpId, op });
  }

  /** Rounds until everything has arrived everywhere. */
  drain(): void {
    while (this.#inboxes.some((inbox) => inbox.length > 0)) this.round();
    assert(
      this.#replicas.every((replica) => replica.pending().length === 0),
      "everything has arrived",
    );
  }

  #step(id: CloudletId, input: Input): void {
    const micros = this.#round * roundMicros;
    const effects = (this.#replicas[id] as Replica).step(input, { monotonic: micros, wall: 1_000_000_000 + micros });
    let stored = 0;
    for (const effect of effects) {
      if (effect.kind === "send") {
        (this.#inboxes[effect.to] as { from: CloudletId; message: Message }[]).push({
          from: id,
          message: effect.message,
        });
      } else if (effect.kind === "store") {
        stored = effect.upTo;
        if (input.kind === "request") this.#written.push(...(effect.entries as readonly CausalRecord[]));
      }
    }
    if (stored > 0) this.#step(id, { kind: "stored", upTo: stored });
  }
}

function topologyOf(cloudlets: number): Topology {
  const built = buildTopology(benchmarkTree(cloudlets));
  assert(built.kind === "topology", "the benchmark's tree is well-formed");
  return built.topology;
}

// Reads and writes by halves; one in ten concerns the session's own reports, where its cloudlet is a leaf.
function nextOp(rng: Rng, name: string, chooseKey: (rng: Rng) => number): ClientOp {
  const isReport = rng.intInclusive(9) === 0 && name.startsWith("leaf");
  const prefix = isReport ? `report/${name}/` : `shared${rng.intInclusive(BENCHMARK_SHARED_SCOPES - 1)}/`;
  const key = `${prefix}key${chooseKey(rng)}`;
  return rng.chance(500_000) ? { kind: "get", key } : { kind: "put", key, value };
}

function metadataBytes(record: CausalRecord): number {
  return record.size - textSize(record.key) - textSize(record.value);
}

/** What the sessions of a world are like. */
interface Load {
  /** Of each cloudlet together. */
  readonly requests: number;
  /** Per cloudlet. */
  readonly sessions: number;
  readonly causality: Causality;
}

/** Every record that is written at cloudlets which are asked so often. */
function recordsAt(cloudlets: number, { requests, sessions, causality }: Load, seed: string): readonly CausalRecord[] {
  const rng = new RngRoot(seed).stream;
  const topology = topologyOf(cloudlets);
  const world = new Lockstep(topology, causality);
  const keys = zipfChooser(keysPerScope);
  // Every shared key has a value when the sessions begin: a read of nothing would cost nothing.
  const root = topology.cloudletNamed("root") as CloudletId;
  for (let key = 0; key < keysPerScope * BENCHMARK_SHARED_SCOPES; key += 1) {
    const scope = key % BENCHMARK_SHARED_SCOPES;
    world.request(root, { kind: "put", key: `shared${scope}/key${Math.floor(key / BENCHMARK_SHARED_SCOPES)}`, value });
  }
  world.drain();
  const before = world.written.length;
  for (let rounds = requests * thinkRounds; rounds > 0; rounds -= 1) {
    for (const { id, name } of topology.cloudlets) {
      if (rng.intInclusive(thinkRounds - 1) > 0) continue;
      world.request(
        id,
        nextOp(rng, name, (draw) => keys.choose(draw)),
        sessions === 1 ? 0 : rng.intInclusive(sessions - 1),
      );
    }
    world.round();
  }
  world.drain();
  return world.written.slice(before);
}

/** The one record of a session at the root that has read a report of every leaf. */
function dashboardAt(cloudlets: number): CausalRecord {
  const topology = topologyOf(cloudlets);
  const world = new Lockstep(topology);
  for (const { id, name } of topology.cloudlets) {
    if (name.startsWith("leaf")) world.request(id, { kind: "put", key: `report/${name}/load`, value });
  }
  world.drain();
  const root = topology.cloudletNamed("root") as CloudletId;
  world.request(root, { kind: "scan", prefix: "report/" });
  world.request(root, { kind: "put", key: "shared0/directive", value });
  return world.written.at(-1) as CausalRecord;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, each) => sum + each, 0) / values.length;
}

function run({ small, note }: BenchmarkOptions): readonly Sample[] {
  const samples: Sample[] = [];
  const means: number[] = [];
  const requests = small ? 1 : 6;
  for (const [cloudlets, worlds] of [
    [10, small ? 10 : 40],
    [100, small ? 1 : 4],
    [1_000, 1],
  ] as const) {
    if (small && cloudlets === 1_000) continue;
    const recordsOf = (load: Load): readonly CausalRecord[] =>
      Array.from({ length: worlds }, (_, world) => recordsAt(cloudlets, load, `metadata ${world}`)).flat();
    const records = recordsOf({ requests, sessions: 1, causality: "session" });
    const sizes = records.map(metadataBytes).sort((a, b) => a - b);
    means.push(mean(sizes));
    samples.push({ variant: `${cloudlets}.mean`, value: mean(sizes) });
    samples.push({ variant: `${cloudlets}.p99`, value: sizes[Math.ceil(sizes.length * 0.99) - 1] as number });
    samples.push({ variant: `${cloudlets}.max`, value: sizes.at(-1) as number });
    const named = records.map(({ prev, deps }) => prev.length + deps.length);
    samples.push({ variant: `${cloudlets}.dependencies`, value: mean(named), unit: "dots" });
    samples.push({ variant: `${cloudlets}.dashboard`, value: metadataBytes(dashboardAt(cloudlets)) });
    note(`${cloudlets} cloudlets: ${records.length} records in ${worlds} worlds`);
    if (cloudlets === 1_000) continue;
    for (const causality of ["session", "cloudlet"] as const) {
      const ofMany = recordsOf({ requests: requests * 4, sessions: sessionsMax, causality });
      samples.push({ variant: `${cloudlets}.by-${causality}`, value: mean(ofMany.map(metadataBytes)) });
    }
  }
  samples.push({ variant: "growth", value: (means.at(-1) as number) / (means[0] as number), unit: "ratio" });
  return samples;
}

/** Bytes besides key and value; `.growth` is the mean at 1 000 cloudlets over that at 10 (100 when small). */
export const metadataBenchmark: Benchmark = { name: "replication.metadata", unit: "bytes", run };
