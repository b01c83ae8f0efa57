// What a process takes of a snapshot that lies on a copied disk: nothing of a scope of which that covers foreign records.

import { expect, test } from "vitest";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import { buildTopology } from "../topology/build.ts";
import { bytes, millis, seconds } from "../units.ts";
import type { Cut } from "./cut.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { createReplica } from "./replica.ts";

// `low` reports up under `s`, the hub orders down to `other` under the same scope; both share `all` with the hub.
const built = buildTopology({
  cloudlets: [{ name: "hub" }, { name: "low", upper: "hub" }, { name: "other", upper: "hub" }],
  scopes: [
    { name: "s", prefix: "s/" },
    { name: "all", prefix: "all/" },
  ],
  flows: [
    { scope: "s", upper: "hub", lower: "low", direction: "up" },
    { scope: "s", upper: "hub", lower: "other", direction: "down" },
    { scope: "all", upper: "hub", lower: "low", direction: "both" },
    { scope: "all", upper: "hub", lower: "other", direction: "both" },
  ],
  links: [
    { a: "hub", b: "low", forth: { delay: millis(1) } },
    { a: "hub", b: "other", forth: { delay: millis(1) } },
  ],
});
if (built.kind === "refused") throw new Error("the topology is refused");
const { topology } = built;
const [hub, low] = [0, 1] as [CloudletId, CloudletId];

const streamOf = (scope: number, cloudlet: CloudletId): StreamId => {
  const stream = topology.streamOf(topology.scopes[scope]!.id, cloudlet);
  if (stream === null) throw new Error("no such stream");
  return stream;
};
const dotOf = (scope: number, origin: CloudletId, sequence = 1): Dot => {
  return { origin, incarnation: 1 as Incarnation, stream: streamOf(scope, origin), sequence };
};
const put = (dot: Dot, key: string, wall: number, prev: readonly Dot[] = []): CausalRecord => {
  return {
    kind: "put",
    dot,
    key,
    value: "v",
    prev,
    deps: [],
    stamp: { wall, logical: 0, lamport: wall },
    size: bytes(40),
  };
};
const covered = ({ sequence, ...writer }: Dot) => ({ ...writer, ranges: [{ first: sequence, last: sequence }] });

test("what a foreign record may have replaced is not taken as come and gone", () => {
  const own = dotOf(0, low);
  const foreign = put(dotOf(0, hub), "s/x", 2, [own]);
  const shared = put(dotOf(1, hub), "all/y", 3);
  const cut: Cut = {
    kind: "cut",
    applied: [covered(own), covered(foreign.dot), covered(shared.dot)],
    versions: [foreign, shared],
    outside: [],
  };
  const replica = createReplica({ topology, self: low, clockBound: seconds(1) });
  const from = { checkpoint: null, entries: [put(own, "s/x", 1), cut] };
  const effects = replica.step({ kind: "started", incarnation: 2 as Incarnation, from }, { monotonic: 0, wall: 10 });
  expect(replica.versions("s/x").map(({ dot }) => dot)).toEqual([own]);
  expect(replica.versions("all/y").map(({ dot }) => dot)).toEqual([shared.dot]);
  expect([own, foreign.dot, shared.dot].map((dot) => replica.hasApplied(dot))).toEqual([true, false, true]);
  const told = effects.flatMap((effect) => (effect.kind === "notify" ? [effect.event] : []));
  expect(told).toContainEqual({ kind: "foreignRecord", dot: foreign.dot });
});
