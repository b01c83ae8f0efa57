// The situations in which FIFO forwarding is compared with the core, all of them on Figure 1: the eight of the table in
// docs/protocols.md. Each says which links carry what, which links are closed when, and what leaves a queue unsent; and for
// reference what a bare model of directed queues once counted, in 1 000 runs of 60 operations.
//
// Where a situation takes a feature of one protocol (a handshake, a queue that expires), the other gets the nearest that it
// has, and `core` says what. Leaves out the runs (bag.ts) and counting them (compare.ts).

import type { ProtocolName } from "../../model/protocols/protocols.ts";
import { FIGURE_1_CLOUDLETS } from "../../model/topology/figure-1.ts";
import type { Edge } from "./topologies.ts";

/** Operations that a run writes. */
export const OPERATION_COUNT = 60;

/** A link that is closed, both ways, while the number of operations written is in this range. */
export interface Closing {
  readonly ends: Edge;
  readonly from: number;
  readonly until: number;
}

/** What is exchanged. */
export interface Exchange {
  readonly scope: string;
  readonly edges: readonly Edge[];
  /** Links that only the core has: its flows may pass over a site that does not hold the scope. */
  readonly coreEdges?: readonly Edge[];
  /** Who writes it; left out: everyone who holds it. */
  readonly writers?: readonly string[];
}

/** A situation. */
export interface Situation {
  readonly name: string;
  readonly says: string;
  /** What the core has in place of what only FIFO forwarding has; empty when nothing differs. */
  readonly core: string;
  readonly protocol: Exclude<ProtocolName, "causeway">;
  readonly exchanges: readonly Exchange[];
  readonly closings: readonly Closing[];
  /** A cloudlet that gets another upper once so many operations are written; everybody hears of it at a moment of its own. */
  readonly moves?: { readonly cloudlet: string; readonly from: string; readonly to: string; readonly at: number };
  /** Parts per million of queued records that expire, and of the core's messages that are lost. */
  readonly expiry: number;
  /** Runs in 1 000 that the bare model found with a causal violation, and with a lost operation. */
  readonly reference: { readonly violating: number; readonly losing: number };
}

const tree: readonly Edge[] = FIGURE_1_CLOUDLETS.flatMap(({ name, upper }) =>
  upper === undefined ? [] : [[upper, name] as const],
);
const shortcut: Edge = ["EAL1", "infrastructure-edge"];
const without = (name: string): readonly Edge[] => tree.filter((edge) => !edge.includes(name));
const edgeWriters = ["infrastructure-edge", "device-edge"];

const plain = { core: "", protocol: "fifo", closings: [], expiry: 0 } as const;
const reparented: Pick<Situation, "core" | "exchanges" | "closings" | "expiry" | "moves"> = {
  core: "greets over the new link, as always",
  exchanges: [{ scope: "all", edges: tree }],
  closings: [],
  expiry: 0,
  moves: { cloudlet: "cloudlet4", from: "EAL5", to: "EAL3", at: OPERATION_COUNT / 2 },
};
// What infrastructure-edge and device-edge write under edge/ goes up over the shortcut alone, all the rest over the tree.
const onlyOverShortcut: readonly Exchange[] = [
  { scope: "all", edges: tree },
  {
    scope: "edge",
    edges: [...tree.filter(([, lower]) => lower !== "infrastructure-edge"), shortcut],
    writers: edgeWriters,
  },
];

/** All situations, in the order of the table. */
export const situationTable: readonly Situation[] = [
  {
    ...plain,
    name: "tree",
    says: "tree, every operation floods it",
    exchanges: [{ scope: "all", edges: tree }],
    reference: { violating: 0, losing: 0 },
  },
  {
    ...plain,
    name: "shortcut-flooded",
    says: "tree and the shortcut from infrastructure-edge to EAL1, every operation on every link",
    exchanges: [{ scope: "all", edges: [...tree, shortcut] }],
    reference: { violating: 0, losing: 0 },
  },
  {
    ...plain,
    name: "shortcut-only",
    says: "operations on the keys of infrastructure-edge and device-edge take the shortcut only",
    exchanges: onlyOverShortcut,
    reference: { violating: 229, losing: 0 },
  },
  {
    ...plain,
    name: "shortcut-down",
    says: "these take the shortcut only, and it is down for most of the run",
    exchanges: onlyOverShortcut,
    closings: [{ ends: shortcut, from: OPERATION_COUNT / 20, until: OPERATION_COUNT - OPERATION_COUNT / 20 }],
    reference: { violating: 925, losing: 0 },
  },
  {
    ...plain,
    name: "expiry",
    says: "tree, and 2 % of queued operations expire",
    core: "expires nothing; 2 % of its messages are lost instead",
    exchanges: [{ scope: "all", edges: tree }],
    expiry: 20_000,
    reference: { violating: 993, losing: 997 },
  },
  {
    ...reparented,
    name: "re-parented",
    says: "cloudlet4 is re-parented from EAL5 to EAL3 without a handshake",
    protocol: "fifo",
    reference: { violating: 1000, losing: 1000 },
  },
  {
    ...reparented,
    name: "re-parented-handshake",
    says: "cloudlet4 is re-parented with a handshake, and the log replayed in delivery order",
    protocol: "fifo-handshake",
    reference: { violating: 0, losing: 0 },
  },
  {
    ...plain,
    name: "scope-hole",
    says: "EAL4 does not hold one scope of two",
    core: "has a flow of that scope from EAL2 to cloudlet2, which passes EAL4 unseen",
    exchanges: [
      { scope: "all", edges: tree },
      { scope: "l", edges: without("EAL4"), coreEdges: [["EAL2", "cloudlet2"]] },
    ],
    reference: { violating: 999, losing: 1000 },
  },
];
