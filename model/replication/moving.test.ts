// What a bundle is packed of: nothing of which the old cloudlet can know that the destination has applied it.

import { expect, test } from "vitest";
import type { CloudletId, Incarnation } from "../ids.ts";
import { buildTopology } from "../topology/build.ts";
import { bytes, millis } from "../units.ts";
import { packBundle, type Packing } from "./moving.ts";
import { dotName, type CausalRecord, type Dot } from "./record.ts";

// The hub and two sites share `all`; the first site reports under `up`.
const built = buildTopology({
  cloudlets: [{ name: "hub" }, { name: "here", upper: "hub" }, { name: "there", upper: "hub" }],
  scopes: [
    { name: "all", prefix: "all/" },
    { name: "up", prefix: "up/" },
  ],
  flows: [
    { scope: "all", upper: "hub", lower: "here", direction: "both" },
    { scope: "all", upper: "hub", lower: "there", direction: "both" },
    { scope: "up", upper: "hub", lower: "there", direction: "up" },
  ],
  links: ["here", "there"].map((b) => ({ a: "hub", b, forth: { delay: millis(1) } })),
});
if (built.kind === "refused") throw new Error("the topology is refused");
const { topology } = built;
const [here, there] = [1, 2] as [CloudletId, CloudletId];

let writtenCount = 0;
const held = new Map<string, CausalRecord>();

/** A record that follows others; later ones have higher stamps. */
function write(scope: 0 | 1, origin: CloudletId, deps: readonly Dot[], prev: readonly Dot[] = []): Dot {
  writtenCount += 1;
  const stream = topology.streamOf(topology.scopes[scope]!.id, origin);
  if (stream === null) throw new Error("no such stream");
  const dot = { origin, incarnation: 1 as Incarnation, stream, sequence: writtenCount };
  const stamp = { wall: writtenCount, logical: 0, lamport: writtenCount };
  held.set(dotName(dot), { kind: "put", dot, key: "all/x", value: "v", prev, deps, stamp, size: bytes(40) });
  return dot;
}

const pack = (dots: readonly Dot[], more: Partial<Packing> = {}): readonly string[] | null =>
  packBundle(dots, {
    topology,
    destination: there,
    applied: [],
    writtenThere: [],
    find: (dot) => held.get(dotName(dot)) ?? null,
    bytesMax: 1_000,
    isClosed: true,
    ...more,
  })?.map(({ dot }) => dotName(dot)) ?? null;

test("what the destination wrote itself is there, and with it all that came before", () => {
  const a = write(0, here, []);
  const b = write(0, here, [a]);
  const x = write(0, there, [b]);
  const c = write(0, here, [x, b]);
  const d = write(0, here, [b], [c]);
  expect(pack([d])).toEqual([c, d].map(dotName));
  // The same where the session has not read it, but somebody else here has received it.
  const e = write(0, here, [b]);
  expect(pack([e])).toEqual([a, b, e].map(dotName));
  expect(pack([e], { writtenThere: [x] })).toEqual([e].map(dotName));
  // Known only once what follows has been looked at: the way over b alone does not lead past x.
  expect(pack([b, d])).toEqual([c, d].map(dotName));
  expect(pack([d], { bytesMax: 79 })).toBeNull();
});

test("what no flow could bring back there says nothing of what came before, in case it is lost", () => {
  const a = write(0, here, []);
  const report = write(1, there, [a]);
  const b = write(0, here, [report]);
  expect(pack([b])).toEqual([a, b].map(dotName));
  expect(pack([b], { writtenThere: [report] })).toEqual([a, b].map(dotName));
});

test("what is not held here is left out with what depends on it, unless it is there", () => {
  const a = write(0, here, []);
  const b = write(0, here, [a]);
  const c = write(0, here, []);
  const find = (dot: Dot) => (dot === a ? null : (held.get(dotName(dot)) ?? null));
  expect(pack([b, c], { find })).toEqual([dotName(c)]);
  const x = write(0, there, [a]);
  const d = write(0, here, [a, x]);
  expect(pack([d], { find })).toEqual([dotName(d)]);
});
