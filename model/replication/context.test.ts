// The invariant that the delivery proof rests on (docs/model.md), and that coverage answers what full pasts answer.

import fc from "fast-check";
import { afterAll, expect } from "vitest";
import { topologySpecs } from "../../properties/arbitraries/topology.ts";
import { History } from "../../properties/histories.ts";
import type { Session } from "../../properties/histories.ts";
import { prop } from "../../properties/prop.ts";
import { RngRoot } from "../../sim/kernel/rng.ts";
import { generateTree } from "../../workloads/topologies/trees.ts";
import { buildTopology } from "../topology/build.ts";
import type { Topology } from "../topology/topology.ts";
import { Descent } from "./coverage.ts";
import { reachClasses } from "./reach.ts";
import { dotName, sameDot } from "./record.ts";

const specs = fc.oneof(
  topologySpecs({ cloudletsMax: 6 }),
  fc.nat().map((seed) => generateTree(new RngRoot(`context ${seed}`).stream, { cloudletsMax: 6 }).spec),
);
const histories = fc.tuple(specs, fc.noBias(fc.nat()), fc.integer({ min: 1, max: 80 })).map(([spec, seed, steps]) => {
  const built = buildTopology(spec);
  if (built.kind === "refused") throw new Error(built.refusals.map(({ message }) => message).join("\n"));
  return { topology: built.topology, seed, steps, toString: () => JSON.stringify({ spec, seed, steps }) };
});

function historyOf(topology: Topology, seed: number): History {
  return new History(topology, new RngRoot(`history ${seed}`).stream);
}

// A record of the past and a cloudlet that it reaches, for which no dot of the context stands.
function uncovered(history: History, { context, past }: Session): string | null {
  const { topology, told } = history;
  const dots = context.dots().map((dot) => ({ dot, at: history.placeOf(dot) }));
  for (const [at, { record }] of told.entries()) {
    if (!history.isIn(past, at)) continue;
    for (const cloudlet of topology.receivers(record.dot.stream)) {
      const isCovered = dots.some(
        (other) =>
          (other.at === at || history.isIn(told[other.at]?.past ?? 0n, at)) &&
          topology.reaches(other.dot.stream, cloudlet),
      );
      if (!isCovered) return `nothing stands for ${dotName(record.dot)} at ${topology.cloudlets[cloudlet]?.name ?? ""}`;
    }
  }
  return null;
}

const runs = 300;
let judged = 0;
let dotsMost = 0;
let trimmed = 0;

prop(
  "after every read and write, for every record of the past and every cloudlet it reaches, some dot of the context stands",
  histories,
  ({ topology, seed, steps }) => {
    const history = historyOf(topology, seed);
    for (let left = steps; left > 0; left -= 1) {
      const session = history.step();
      if (session !== null) expect(uncovered(history, session)).toBeNull();
    }
    judged += 1;
    for (const { context, past } of history.sessions) {
      dotsMost = Math.max(dotsMost, context.dots().length);
      if (context.dots().length < past.toString(2).replaceAll("0", "").length) trimmed += 1;
    }
  },
  { numRuns: runs },
);

prop(
  "no dot of a context stands beside one that names it and stands for it wherever it reaches",
  histories,
  ({ topology, seed, steps }) => {
    const history = historyOf(topology, seed);
    const classes = reachClasses(topology);
    for (let left = steps; left > 0; left -= 1) history.step();
    for (const { context, site } of history.sessions) {
      const here = context.dots().filter((dot) => site.index.find(dot) !== null);
      for (const a of here) {
        for (const b of here) {
          const { prev = [], deps = [] } = site.index.find(b) ?? {};
          const isNamed = [...prev, ...deps].some((dot) => sameDot(dot, a));
          expect(isNamed && classes.covers(classes.classOf(b.stream), classes.classOf(a.stream))).toBe(false);
        }
      }
    }
  },
);

prop(
  "within one cloudlet precedence is what the full pasts say, and trimming never says more",
  histories,
  ({ topology, seed, steps }) => {
    const history = historyOf(topology, seed);
    for (let left = steps; left > 0; left -= 1) history.step();
    for (const { held, coverage } of history.sites) {
      const here = [...history.told.entries()].filter(([at]) => history.isIn(held, at));
      for (const [, later] of here) {
        for (const [at, earlier] of here) {
          const isBefore = history.isIn(later.past, at);
          expect(coverage.precedesExactly(earlier.record, later.record)).toBe(isBefore);
          if (coverage.precedes(earlier.record.dot, later.record.dot)) expect(isBefore).toBe(true);
        }
      }
    }
  },
);

prop(
  "what one walk says of many versions is what a walk for each says, whatever the order of the questions",
  histories,
  ({ topology, seed, steps }) => {
    const history = historyOf(topology, seed);
    for (let left = steps; left > 0; left -= 1) history.step();
    for (const { held, coverage, index } of history.sites) {
      const here = history.told.filter((_, at) => history.isIn(held, at)).map(({ record }) => record);
      for (const [from, step] of [[0, 1] as const, [here.length - 1, -1] as const]) {
        const roots = here.filter((_, at) => at % 3 === 0);
        const past = new Descent(
          index,
          roots.map(({ dot }) => dot),
        );
        for (let at = from; at >= 0 && at < here.length; at += step) {
          const version = here[at] as (typeof here)[number];
          const isSeen = roots.some((root) => root === version || coverage.precedesExactly(version, root));
          expect(past.holds(version)).toBe(isSeen);
        }
      }
    }
  },
);

prop("a copied context is its own", histories, ({ topology, seed, steps }) => {
  const history = historyOf(topology, seed);
  for (let left = steps; left > 0; left -= 1) history.step();
  for (const { context, site } of history.sessions) {
    const before = context.dots();
    const copy = context.clone();
    expect(copy.dots()).toEqual(before);
    copy.clear();
    for (const { record } of history.told) copy.observe(record, reachClasses(topology), site.coverage);
    expect(context.dots()).toEqual(before);
  }
});

afterAll(() => {
  if (judged < runs) return;
  expect(dotsMost).toBeGreaterThan(3);
  expect(trimmed).toBeGreaterThan(runs);
});
