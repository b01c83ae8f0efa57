// Figure 1 of the position paper as a topology: twelve cloudlets, the control tree, the shortcut flows that its text adds
// to the drawing, and a physical link between two horizontal cloudlets, which must stay unused (D8 to D13).
//
//   EAL1
//   |-- access-edge -- infrastructure-edge -- device-edge
//   `-- EAL2
//       |-- EAL3 -- cloudlet1
//       `-- EAL4 -- cloudlet2 -- EAL5
//                                |-- cloudlet3
//                                `-- cloudlet4

import { type Duration, millis } from "../units.ts";
import type { CloudletSpec, FlowDirection, FlowSpec, LinkSpec, ScopeSpec, TopologySpec } from "./spec.ts";
import type { ResolverName } from "./resolvers.ts";

/**
 * How cloudlet3 and cloudlet4 exchange state with EAL1 (D13): over the layers between, EAL5, cloudlet2, EAL4 and EAL2; over
 * flows of their own that leave the layers out; or over both at once.
 */
export type Figure1Routing = "layered" | "direct" | "mixed";

/** A scope that flows over all of Figure 1. */
export interface Figure1Scope {
  readonly name: string;
  /** Default: the name and a slash. */
  readonly prefix?: string;
  /** Default "both". */
  readonly direction?: FlowDirection;
  readonly resolver?: ResolverName;
  readonly durability?: "disk" | "memory";
}

/** What may be chosen about Figure 1. */
export interface Figure1Options {
  /** Default "mixed". */
  readonly routing?: Figure1Routing;
  /** Default: one two-way scope named "state". */
  readonly scopes?: readonly Figure1Scope[];
  /** Delay of a link along the control tree, each way; default 10 ms. */
  readonly delay?: Duration;
  /** Delay of a link that skips layers, each way; default 25 ms. */
  readonly delayShortcut?: Duration;
}

/** The cloudlets from top to bottom, each after its upper. */
export const FIGURE_1_CLOUDLETS: readonly CloudletSpec[] = [
  { name: "EAL1" },
  { name: "access-edge", upper: "EAL1" },
  { name: "infrastructure-edge", upper: "access-edge" },
  { name: "device-edge", upper: "infrastructure-edge" },
  { name: "EAL2", upper: "EAL1" },
  { name: "EAL3", upper: "EAL2" },
  { name: "cloudlet1", upper: "EAL3" },
  { name: "EAL4", upper: "EAL2" },
  { name: "cloudlet2", upper: "EAL4" },
  { name: "EAL5", upper: "cloudlet2" },
  { name: "cloudlet3", upper: "EAL5" },
  { name: "cloudlet4", upper: "EAL5" },
];

/** Ends, upper first, of the flows that leave out a layer in every routing: D10, D11. */
const shortcuts: readonly (readonly [upper: string, lower: string])[] = [
  ["EAL1", "infrastructure-edge"],
  ["access-edge", "device-edge"],
];

/** Ends, upper first, of the flows that the routing decides on: D13. */
const directly: readonly (readonly [upper: string, lower: string])[] = [
  ["EAL1", "cloudlet3"],
  ["EAL1", "cloudlet4"],
];

/** Figure 1 with one flow per scope over each edge of the tree, the shortcuts, and the routing's own. */
export function figure1(options: Figure1Options = {}): TopologySpec {
  const { routing = "mixed", scopes = [{ name: "state" }], delay = millis(10), delayShortcut = millis(25) } = options;
  const tree = FIGURE_1_CLOUDLETS.flatMap(({ name, upper }) => (upper === undefined ? [] : [[upper, name] as const]));
  const layered = routing === "direct" ? tree.filter(([, lower]) => directly.every((ends) => ends[1] !== lower)) : tree;
  const ends = [...layered, ...shortcuts, ...(routing === "layered" ? [] : directly)];
  return {
    cloudlets: FIGURE_1_CLOUDLETS,
    scopes: scopes.map(({ name, prefix = `${name}/`, resolver, durability }): ScopeSpec => ({
      name,
      prefix,
      ...(resolver !== undefined && { resolver }),
      ...(durability !== undefined && { durability }),
    })),
    flows: scopes.flatMap(({ name, direction = "both" }) =>
      ends.map(([upper, lower]): FlowSpec => ({ scope: name, upper, lower, direction })),
    ),
    // The same links in every routing, so that runs differ in nothing else.
    links: [
      ...tree.map(([a, b]): LinkSpec => ({ a, b, forth: { delay } })),
      ...[...shortcuts, ...directly].map(([a, b]): LinkSpec => ({ a, b, forth: { delay: delayShortcut } })),
      { a: "cloudlet3", b: "cloudlet4", forth: { delay } },
    ],
  };
}
