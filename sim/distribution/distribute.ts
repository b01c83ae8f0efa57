// One image from the root of a tree to every site, by the real replication core over simulated links: when it is where, beside what theory
// says (expected.ts). The image is one record of a scope that goes downwards only.
//
// Leaves out spare links: the ways are those of the tree.

import type { LinkDirectionSpec, LinkSpec, TopologySpec } from "../../model/topology/spec.ts";
import { instant, micros, seconds } from "../../model/units.ts";
import type { Observer } from "../oracles/observer.ts";
import { Run } from "../run/run.ts";
import { plainScenario } from "../scenario/plain.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { expectedTimes, type DistributionTree, type DistributionWay, type Hop } from "./expected.ts";

/** How an image is distributed. */
export interface DistributionOptions {
  /** Bytes. */
  readonly size: number;
  /** Bits per second of links whose bandwidth the map does not say. */
  readonly bandwidth: number;
  readonly way: DistributionWay;
  /** Planted bugs of the simulated network: what is run in place of what should be. */
  readonly plant?: (scenario: Scenario) => Scenario;
}

/** What became of it. Times are microseconds from the moment at which the root has the image and begins to send. */
export interface Distribution {
  readonly way: DistributionWay;
  readonly sites: readonly string[];
  /** By site, its upper; -1 for the root. */
  readonly uppers: readonly number[];
  /** By site; NaN where it never came. */
  readonly simulated: readonly number[];
  readonly expected: readonly number[];
  /** The largest difference of a site from what is expected, as a part of that; infinity where the image never came. */
  readonly error: number;
  /** Messages with the image that were sent more than once: the sender took them for lost, since they were on their way for so long. */
  readonly repeated: number;
}

/** Greetings are over by then. */
const BEGINS = seconds(2);
const SCOPE = "image";
const KEY = `${SCOPE}/whole`;

/** Why a topology cannot be used; null where it can. */
export function distributionRefusal({ cloudlets }: Pick<TopologySpec, "cloudlets">): string | null {
  const roots = cloudlets.filter(({ upper }) => upper === undefined).length;
  if (roots === 1 && cloudlets.length > 1) return null;
  const [trees, sites] = [
    `${roots} tree${roots === 1 ? "" : "s"}`,
    `${cloudlets.length} site${cloudlets.length === 1 ? "" : "s"}`,
  ];
  return `expected one tree of two sites or more, found ${trees} with ${sites} in all`;
}

/** Distributes one. The topology has passed `distributionRefusal`. */
export function distribute(
  { cloudlets, links }: Pick<TopologySpec, "cloudlets" | "links">,
  options: DistributionOptions,
): Distribution {
  const index = new Map(cloudlets.map(({ name }, at) => [name, at]));
  const uppers = cloudlets.map(({ upper }) => (upper === undefined ? -1 : (index.get(upper) as number)));
  const plain = links.flatMap((link) => plainLink(link, index, uppers, options.bandwidth));
  const tree: DistributionTree = {
    uppers,
    hops: cloudlets.map((_, site) => plain.find(({ lower }) => lower === site)?.hop ?? null),
  };
  const root = uppers.indexOf(-1);
  const order = cloudlets.flatMap((_, site) => (site === root ? [] : [site]));
  const name = (site: number): string => (cloudlets[site] as { readonly name: string }).name;
  const scenario = plainScenario({
    name: "distribution",
    seed: "distribution",
    topology: {
      cloudlets,
      scopes: [{ name: SCOPE, prefix: `${SCOPE}/` }],
      flows: order.map((site) => ({
        scope: SCOPE,
        upper: name(options.way === "relayed" ? (uppers[site] as number) : root),
        lower: name(site),
        direction: "down" as const,
      })),
      links: plain.map(({ link }) => link),
    },
    script: [
      {
        at: instant(BEGINS),
        cloudlet: name(root),
        session: "publisher",
        op: { kind: "put", key: KEY, value: "x".repeat(options.size) },
      },
    ],
    diskSync: { kind: "constant", value: micros(0) },
    duration: seconds(3),
    settle: seconds(600),
  });
  const { arrivals, sent } = runOf(options.plant?.(scenario) ?? scenario);
  const began = arrivals.get(root) ?? NaN;
  const simulated = cloudlets.map((_, site) => (arrivals.get(site) ?? NaN) - began);
  const expected = expectedTimes(tree, options.size, options.way, order);
  const error = order.reduce((most, site) => {
    const one = Math.abs((simulated[site] as number) / (expected[site] as number) - 1);
    return Math.max(most, Number.isNaN(one) ? Infinity : one);
  }, 0);
  return {
    way: options.way,
    sites: cloudlets.map(({ name: one }) => one),
    uppers,
    simulated,
    expected,
    error,
    repeated: sent - order.length,
  };
}

// By site when it has the image, and how many messages carried it.
function runOf(scenario: Scenario): { readonly arrivals: ReadonlyMap<number, number>; readonly sent: number } {
  const arrivals = new Map<number, number>();
  let sent = 0;
  const observer: Observer = {
    notified(at, cloudlet, event) {
      if (event.kind === "applied" && event.records.some(({ key }) => key === KEY)) arrivals.set(cloudlet, at);
    },
    sent(_at, _from, _to, message) {
      if (message.kind === "records" && message.records.some(({ key }) => key === KEY)) sent += 1;
    },
  };
  const run = new Run(scenario, { observers: [observer] });
  while (run.advance(100_000));
  run.finish();
  return { arrivals, sent };
}

interface PlainLink {
  readonly lower: number;
  readonly hop: Hop;
  readonly link: LinkSpec;
}

// The link of a site to its upper, without what chance does on it; nothing of another link.
function plainLink(
  { a, b, forth, back = forth }: LinkSpec,
  index: ReadonlyMap<string, number>,
  uppers: readonly number[],
  bandwidth: number,
): readonly PlainLink[] {
  const [one, other] = [index.get(a) as number, index.get(b) as number];
  const isDown = uppers[other] === one;
  if (!isDown && uppers[one] !== other) return [];
  const down = isDown ? forth : back;
  const plain = (direction: LinkDirectionSpec): LinkDirectionSpec => ({
    delay: direction.delay,
    bandwidth: direction.bandwidth ?? bandwidth,
  });
  const link = { a, b, forth: plain(forth), back: plain(back) };
  return [{ lower: isDown ? other : one, hop: { delay: down.delay, bandwidth: down.bandwidth ?? bandwidth }, link }];
}
