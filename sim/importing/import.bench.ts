/**
 * How long maps take to become topologies: all graphs of the Topology Zoo that lie in `CAUSEWAY_DATA`, from their texts to topologies that
 * the core takes, and a GraphML of 10 000 nodes, which is drawn here. The aims are 5 s and 10 s.
 */
import { join } from "node:path";
import { assert } from "../../model/assert.ts";
import { buildTopology } from "../../model/topology/build.ts";
import type { Benchmark, BenchmarkOptions, Sample } from "../bench/benchmark.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { RngRoot } from "../kernel/rng.ts";
import { importText } from "./import-text.ts";
import { findSources } from "./sources.ts";

function imported(texts: readonly string[]): number {
  const began = wallclockMilliseconds();
  for (const text of texts) {
    const outcome = importText(text);
    assert(outcome.kind === "imported", "the maps of a benchmark can be imported");
    const { cloudlets, links } = outcome.topology;
    const built = buildTopology({ cloudlets, links, scopes: [], flows: [] });
    assert(built.kind === "topology", "what was imported is a topology");
  }
  return (wallclockMilliseconds() - began) / 1_000;
}

/** A random tree with half as many edges more, on a piece of Europe. */
function drawn(nodeCount: number): string {
  const rng = new RngRoot("import").stream;
  const degrees = (from: number, range: number): string => String(from + rng.intInclusive(range * 10_000) / 10_000);
  const nodes = Array.from(
    { length: nodeCount },
    (_, id) => `<node id="${id}"><data key="a">${degrees(40, 20)}</data><data key="o">${degrees(0, 20)}</data></node>`,
  );
  const edge = (from: number): string => `<edge source="${from}" target="${rng.intInclusive(from - 1)}"/>`;
  const edges = Array.from({ length: nodeCount - 1 }, (_, at) => edge(at + 1) + (at % 2 === 0 ? "" : edge(at + 1)));
  const keys = `<key id="a" for="node" attr.name="Latitude"/><key id="o" for="node" attr.name="Longitude"/>`;
  return `<graphml>${keys}<graph edgedefault="undirected">${nodes.join("")}${edges.join("")}</graph></graphml>`;
}

/** `CAUSEWAY_DATA=FOLDER npm run bench -- --only import` */
export const importBenchmark: Benchmark = {
  name: "import",
  unit: "s",
  run({ small, note }: BenchmarkOptions): readonly Sample[] {
    const samples: Sample[] = [{ variant: "large", value: imported([drawn(small ? 500 : 10_000)]) }];
    const data = process.env["CAUSEWAY_DATA"];
    const zoo = data === undefined ? null : findSources("topology-zoo", join(data, "topology-zoo"));
    if (zoo === null || zoo.kind === "refused") {
      note("CAUSEWAY_DATA names no folder with topology-zoo in it: import.zoo is left out");
      return samples;
    }
    const texts = zoo.sources.map(({ text }) => text);
    return [{ variant: "zoo", value: imported(small ? texts.slice(0, 10) : texts) }, ...samples];
  },
};
