// Runs situations, FIFO forwarding and the core side by side, and counts the runs in which something went wrong. A run is a
// function of its situation, its protocol and its seed. Leaves out worker threads (run-compare.ts) and printing.

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import { FifoCore } from "../../model/protocols/fifo.ts";
import { protocolNamed, type ProtocolName } from "../../model/protocols/protocols.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { seconds } from "../../model/units.ts";
import { RngRoot } from "../kernel/rng.ts";
import { FIGURE_1_CLOUDLETS } from "../../model/topology/figure-1.ts";
import { runBag, type BagResult } from "./bag.ts";
import { OPERATION_COUNT, situationTable, type Situation } from "./situations.ts";
import { topologyOfEdges, type Edge, type PlanOfEdges } from "./topologies.ts";

/** Runs of one situation under one protocol, numbered from `first`. Plain data: it may cross threads. */
export interface CompareJob {
  readonly situation: string;
  readonly isCore: boolean;
  readonly first: number;
  readonly count: number;
}

/** What came of them. */
export interface CompareResult {
  readonly runs: number;
  /** Runs with a causal violation, and with an operation that somebody who wants it never got. */
  readonly violating: number;
  readonly losing: number;
  /** The first run in which something went wrong, with its seed; null when there was none. */
  readonly example: { readonly seed: number; readonly evidence: string } | null;
}

const clockBound = seconds(60);

/** Runs one job. */
export function runCompareJob({ situation: name, isCore, first, count }: CompareJob): CompareResult {
  const situation = situationTable.find((one) => one.name === name);
  assert(situation !== undefined, "a situation that is not in the table");
  const topology = topologyOf(situation, isCore);
  let violating = 0;
  let losing = 0;
  let example: CompareResult["example"] = null;
  for (let seed = first; seed < first + count; seed += 1) {
    const { violations, lost, evidence } = runOnce(situation, topology, isCore, seed);
    if (violations > 0) violating += 1;
    if (lost > 0) losing += 1;
    if (evidence !== null) example ??= { seed, evidence };
  }
  return { runs: count, violating, losing, example };
}

/** Adds up the results of jobs over different seeds of the same situation and protocol, in the order of the seeds. */
export function addResults(results: readonly CompareResult[]): CompareResult {
  const sum = (of: (result: CompareResult) => number): number => results.reduce((so, result) => so + of(result), 0);
  return {
    runs: sum(({ runs }) => runs),
    violating: sum(({ violating }) => violating),
    losing: sum(({ losing }) => losing),
    example: results.find(({ example }) => example !== null)?.example ?? null,
  };
}

/** Figure 1 with the situation's edges; where a cloudlet moves, the plan without and the one with the move. */
function topologyOf({ exchanges, moves }: Situation, isCore: boolean): Topology {
  const before: PlanOfEdges = {
    cloudlets: FIGURE_1_CLOUDLETS,
    scopes: exchanges.map(({ scope, edges, coreEdges = [] }) => [scope, isCore ? [...edges, ...coreEdges] : edges]),
  };
  if (moves === undefined) return topologyOfEdges(before);
  const { cloudlet, from, to } = moves;
  const moved = (edge: Edge): Edge => (edge[0] === from && edge[1] === cloudlet ? [to, cloudlet] : edge);
  return topologyOfEdges(before, {
    cloudlets: before.cloudlets.map((spec) => (spec.name === cloudlet ? { ...spec, upper: to } : spec)),
    scopes: before.scopes.map(([scope, edges]) => [scope, edges.map(moved)]),
  });
}

function runOnce(situation: Situation, topology: Topology, isCore: boolean, seed: number): BagResult {
  const { closings, exchanges, expiry, moves } = situation;
  // What both protocols meet is drawn from one stream, by the same label.
  const root = new RngRoot(`compare/${situation.name}/${seed}`);
  const expiring = root.stream.fork("expiry");
  const protocol: ProtocolName = isCore ? "causeway" : situation.protocol;
  const createCore = (self: CloudletId): ReplicationCore =>
    protocol === "causeway"
      ? protocolNamed(protocol).createCore({ topology, self, clockBound })
      : new FifoCore({
          topology,
          self,
          clockBound,
          handshake: protocol === "fifo-handshake",
          ...(expiry > 0 && { expires: () => expiring.chance(expiry) }),
        });
  const nameOf = (cloudlet: CloudletId): string => topology.cloudlets[cloudlet]?.name ?? "";
  const holders = exchanges.map(({ edges }) => new Set(edges.flat()));
  return runBag({
    topology,
    createCore,
    rng: root.stream.fork("bag"),
    operations: OPERATION_COUNT,
    closings,
    adoptAt: moves?.at ?? null,
    loss: isCore ? expiry : 0,
    writes: (cloudlet) =>
      exchanges
        .filter(({ writers }, at) => (writers ?? [...(holders[at] ?? [])]).includes(nameOf(cloudlet)))
        .map(({ scope }) => `${scope}/`),
    holds: (cloudlet, scope) => holders[scope]?.has(nameOf(cloudlet)) ?? false,
  });
}
