// An image over trees: theory by hand, the simulator beside theory and beside SimGrid, and networks that are not what they should be.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LinkDirectionSpec, TopologySpec } from "../../model/topology/spec.ts";
import { millis } from "../../model/units.ts";
import { prop } from "../../properties/prop.ts";
import { importText } from "../importing/import-text.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { type Distribution, distribute, distributionRefusal } from "./distribute.ts";
import { expectedTimes } from "./expected.ts";

const MEGABIT = 1_000_000;
const ERROR_MAX = 0.01;

describe("theory", () => {
  const hop = (delay: number, bandwidth: number): { readonly delay: number; readonly bandwidth: number } => ({
    delay,
    bandwidth: bandwidth * MEGABIT,
  });
  // 1 MB takes 80 ms at 100 Mbit/s, and 800 ms at 10 Mbit/s.
  test.each([
    { what: "one link", uppers: [-1, 0], hops: [null, hop(5_000, 100)], relayed: [0, 85_000], direct: [0, 85_000] },
    {
      what: "a chain, the second link slower",
      uppers: [-1, 0, 1],
      hops: [null, hop(5_000, 100), hop(1_000, 10)],
      relayed: [0, 85_000, 886_000],
      direct: [0, 85_000, 966_000],
    },
    {
      what: "two behind a link that both share",
      uppers: [-1, 0, 1, 1],
      hops: [null, hop(0, 10), hop(0, 100), hop(0, 100)],
      relayed: [0, 800_000, 880_000, 880_000],
      direct: [0, 800_000, 1_680_000, 2_480_000],
    },
    {
      what: "an upper that comes after its lower",
      uppers: [2, -1, 1],
      hops: [hop(0, 100), null, hop(0, 100)],
      relayed: [160_000, 0, 80_000],
      direct: [160_000, 0, 160_000],
    },
  ])("over $what", ({ uppers, hops, relayed, direct }) => {
    const order = uppers.flatMap((upper, site) => (upper < 0 ? [] : [site]));
    expect(expectedTimes({ uppers, hops }, 1_000_000, "relayed", order)).toEqual(relayed);
    expect(expectedTimes({ uppers, hops }, 1_000_000, "direct", order)).toEqual(direct);
  });
});

type Network = Pick<TopologySpec, "cloudlets" | "links">;

// 0: the center; each site's upper is a number modulo those before it.
function network(drawn: readonly { readonly upper: number; readonly link: LinkDirectionSpec }[]): Network {
  const upperOf = (at: number): string => `c${at === 0 ? 0 : (drawn[at - 1]?.upper ?? 0) % at}`;
  return {
    cloudlets: [{ name: "c0" }, ...drawn.map((_, at) => ({ name: `c${at + 1}`, upper: upperOf(at + 1) }))],
    links: drawn.map(({ link }, at) => ({ a: upperOf(at + 1), b: `c${at + 1}`, forth: link })),
  };
}

const networks = fc
  .array(
    fc.record({
      upper: fc.nat(20),
      link: fc.record({
        delay: fc.integer({ min: 0, max: 100 }).map(millis),
        bandwidth: fc.integer({ min: 50, max: 1_000 }).map((rate) => rate * MEGABIT),
      }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map(network);

prop(
  "what is simulated is what theory says, over drawn trees in both ways",
  fc.record({ drawn: networks, way: fc.constantFrom("relayed" as const, "direct" as const) }),
  ({ drawn, way }) => {
    expect(distribute(drawn, { size: 500_000, bandwidth: 100 * MEGABIT, way }).error).toBeLessThan(ERROR_MAX);
  },
  { numRuns: 60 },
);

/** SimGrid 3.32, model CM02 without corrections, microseconds: `scripts/simgrid-distribution.py` on branches.yaml, 1 MB. */
const bySimGrid: Readonly<Record<string, number>> = {
  center: 0,
  west: 100_000,
  w1: 110_000,
  w2: 905_000,
  east: 208_000,
  e1: 289_000,
  e2: 692_000,
};

const branches: Network = {
  cloudlets: [
    { name: "center" },
    { name: "west", upper: "center" },
    { name: "w1", upper: "west" },
    { name: "w2", upper: "west" },
    { name: "east", upper: "center" },
    { name: "e1", upper: "east" },
    { name: "e2", upper: "e1" },
  ],
  links: [
    { a: "center", b: "west", forth: { delay: millis(20), bandwidth: 100 * MEGABIT } },
    { a: "center", b: "east", forth: { delay: millis(8), bandwidth: 40 * MEGABIT } },
    { a: "west", b: "w1", forth: { delay: millis(2), bandwidth: 1_000 * MEGABIT } },
    { a: "west", b: "w2", forth: { delay: millis(5), bandwidth: 10 * MEGABIT } },
    { a: "east", b: "e1", forth: { delay: millis(1), bandwidth: 100 * MEGABIT } },
    { a: "e1", b: "e2", forth: { delay: millis(3), bandwidth: 20 * MEGABIT } },
  ],
};
const relayed = { size: 1_000_000, bandwidth: MEGABIT, way: "relayed" } as const;

test("what is simulated is what SimGrid says, site by site", () => {
  const { sites, simulated } = distribute(branches, relayed);
  for (const [at, site] of sites.entries()) {
    const said = bySimGrid[site] as number;
    expect(Math.abs((simulated[at] as number) - said)).toBeLessThanOrEqual(ERROR_MAX * said);
  }
});

// Each is a network that does not do what its links say, by a little more than may be.
function worse(change: (link: LinkDirectionSpec) => LinkDirectionSpec): (scenario: Scenario) => Scenario {
  return (scenario) => ({
    ...scenario,
    topology: {
      ...scenario.topology,
      links: scenario.topology.links.map((link) => ({ ...link, forth: change(link.forth) })),
    },
  });
}

test.each([
  [
    "links of 0.97 of their bandwidth",
    worse((link) => ({ ...link, bandwidth: Math.round((link.bandwidth ?? 0) * 0.97) })),
  ],
  ["links of 13 times their delay", worse((link) => ({ ...link, delay: (link.delay * 13) as typeof link.delay }))],
  ["links on which nobody waits", worse(({ delay }) => ({ delay }))],
  ["links that lose everything", worse((link) => ({ ...link, loss: 1_000_000 }))],
] as const)("%s are noticed", (_what, plant) => {
  const found: Distribution = distribute(branches, { ...relayed, plant });
  expect(found.error).toBeGreaterThan(ERROR_MAX);
});

test("a topology that is no tree is none to distribute over", () => {
  expect(distributionRefusal(branches)).toBeNull();
  expect(distributionRefusal({ cloudlets: [{ name: "a" }] })).toBe(
    "expected one tree of two sites or more, found 1 tree with 1 site in all",
  );
  expect(distributionRefusal({ cloudlets: [{ name: "a" }, { name: "b" }] })).toBe(
    "expected one tree of two sites or more, found 2 trees with 2 sites in all",
  );
});

const zoo = join(process.env["CAUSEWAY_DATA"] ?? "", "topology-zoo");
const isThere = process.env["CAUSEWAY_DATA"] !== undefined && existsSync(zoo);

describe.skipIf(!isThere)(`real maps in CAUSEWAY_DATA${isThere ? "" : ", which is not set: skipped"}`, () => {
  test.each(["Abilene", "Aarnet", "Cesnet201006", "Garr201201", "Geant2012"])(
    "%s: both ways as theory says",
    (name) => {
      const outcome = importText(readFileSync(join(zoo, `${name}.graphml`), "utf8"));
      if (outcome.kind === "refused") throw new Error(outcome.problems[0]?.message);
      for (const way of ["relayed", "direct"] as const) {
        const { error } = distribute(outcome.topology, { size: 1_000_000, bandwidth: 1_000 * MEGABIT, way });
        expect(error).toBeLessThan(ERROR_MAX);
      }
    },
  );
});
