// A replica that has written a given number of records, and these records: what benchmarks and tests begin with that need a
// state of some size rather than a story. Leaves out its neighbour, and every fault.

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import type { CausalRecord } from "../replication/record.ts";
import { createReplica } from "../replication/replica.ts";
import type { Replica } from "../replication/replica.ts";
import { buildTopology } from "../topology/build.ts";
import type { Topology } from "../topology/topology.ts";
import { millis, seconds } from "../units.ts";

const writer = 0 as CloudletId;
const sessions = 16;
const first = 1 as Incarnation;
const value = "v".repeat(128);

/** An upper and a lower cloudlet that share one two-way scope. */
export function pairTopology(): Topology {
  const built = buildTopology({
    cloudlets: [{ name: "writer" }, { name: "reader", upper: "writer" }],
    scopes: [{ name: "shared", prefix: "shared/", resolver: "lww-hlc" }],
    flows: [{ scope: "shared", upper: "writer", lower: "reader", direction: "both" }],
    links: [{ a: "writer", b: "reader", forth: { delay: millis(1) } }],
  });
  assert(built.kind === "topology", "two cloudlets and a flow between them are well formed");
  return built.topology;
}

/** A replica that wrote so many records over so many keys, in several sessions that also read, and all of these records. */
export function written(
  topology: Topology,
  count: number,
  keyCount: number,
): { readonly replica: Replica; readonly records: readonly CausalRecord[] } {
  const replica = createReplica({ topology, self: writer, clockBound: seconds(1) });
  const time = { monotonic: 0, wall: 1_600_000_000_000_000 };
  replica.step({ kind: "started", incarnation: first, from: null }, time);
  const records: CausalRecord[] = [];
  for (let at = 0; at < count; at += 1) {
    time.wall += 10;
    const session = (at % sessions) as SessionId;
    const key = `shared/${(at * 7_919) % keyCount}`;
    const op = at as OpId;
    if (at % 4 === 0) replica.step({ kind: "request", session, id: op, op: { kind: "get", key } }, time);
    for (const effect of replica.step({ kind: "request", session, id: op, op: { kind: "put", key, value } }, time)) {
      if (effect.kind === "store") records.push(...(effect.entries as readonly CausalRecord[]));
    }
    replica.step({ kind: "stored", upTo: at + 1 }, time);
  }
  assert(records.length === count, "every request to write became a record");
  return { replica, records };
}
