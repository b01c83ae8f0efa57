// Small worlds as a few numbers: what properties draw, shrink and print. From them follow a random tree, the plans that it
// goes through, which ways are slow, and the die of the world itself (small-world.ts).

import type { Rng } from "../model/random.ts";
import type { Rules } from "../model/replication/rules.ts";
import type { Causality } from "../model/replication/standing.ts";
import type { WireConfig } from "../model/replication/wire-config.ts";
import { wireVersion } from "../model/replication/wire.ts";
import { buildPlans } from "../model/topology/plans.ts";
import type { FlowDirection, TopologySpec } from "../model/topology/spec.ts";
import type { Topology } from "../model/topology/topology.ts";
import { seconds } from "../model/units.ts";
import { RngRoot } from "../sim/kernel/rng.ts";
import { drawPlans, type PlanStyle } from "../workloads/topologies/plan-changes.ts";
import { generateTree } from "../workloads/topologies/trees.ts";
import { runSmallWorld } from "./small-world.ts";
import type { SmallWorldResult } from "./small-world-options.ts";

/** A world as a few numbers, so that a failing one can shrink. */
export interface DrawnWorld {
  readonly seed: number;
  readonly cloudletsMax: number;
  readonly operations: number;
  /** `oneWay`: every flow of the drawn tree that led both ways leads one way. */
  readonly flows: "asDrawn" | "oneWay";
  /** Every scope holds sets. */
  readonly sets?: boolean;
  /** Every scope holds these. */
  readonly holds?: "queue" | "table";
  readonly loss: number;
  readonly duplication: number;
  readonly crashes: boolean;
  readonly diskLoss: boolean;
  readonly cuts: boolean;
  readonly skewMax: number;
  readonly hasSlowWays: boolean;
  /** How many records a log retains; null: all. */
  readonly retain: number | null;
  readonly checkpoints: boolean;
  /** Sessions move; in worlds of one plan. Nothing is dropped there, whatever the two above say. */
  readonly moves?: boolean;
  /** `cloudlet`: all operations of a cloudlet are ordered, not only those of each session. */
  readonly causality: Causality;
  /** Every scope collects its deletes. */
  readonly collects: boolean;
  /** Some puts are not to last. */
  readonly limits: boolean;
  /** Now and then somebody detaches somebody; where deletes are collected, no disk is lost, and no session moves. */
  readonly detaches: boolean;
  /** Plans of the family; 1: the topology never changes. */
  readonly plans: number;
  readonly planStyle: PlanStyle;
  /** `mixed`: messages travel as bytes, and cloudlets know one or two versions of them. */
  readonly versions: "one" | "mixed";
}

/** The topology that the world begins with. */
export function specOf(world: DrawnWorld): TopologySpec {
  const rng = new RngRoot(`small world ${world.seed}`).stream;
  const { spec: drawn } = generateTree(rng.fork("tree"), { cloudletsMax: world.cloudletsMax });
  const collect = seconds(1);
  const scopes = drawn.scopes.map((scope) => ({
    ...scope,
    ...(world.sets === true && { resolver: "set" as const }),
    ...(world.holds !== undefined && { resolver: world.holds }),
    ...(world.collects && { collect }),
  }));
  const spec = { ...drawn, scopes };
  if (world.flows === "asDrawn") return spec;
  const ofFlows = rng.fork("one way");
  const oneWay = (direction: FlowDirection): FlowDirection =>
    direction !== "both" ? direction : ofFlows.chance(500_000) ? "up" : "down";
  return { ...spec, flows: spec.flows.map((flow) => ({ ...flow, direction: oneWay(flow.direction) })) };
}

function topologyOf(world: DrawnWorld, rng: Rng): Topology {
  const built = buildPlans(drawPlans(rng.fork("plans"), specOf(world), world.plans, world.planStyle));
  if (built.kind === "refused") throw new Error(built.refusals.map(({ message }) => message).join("\n"));
  return built.plans[0] as Topology;
}

// A third of the cloudlets is old, a third new, a third new and still writing what the old ones read.
function drawVersions(rng: Rng): () => WireConfig {
  return () => {
    const die = rng.intInclusive(2);
    return { least: 1, most: die === 0 ? 1 : wireVersion, writes: die === 1 ? wireVersion : 1 };
  };
}

/** Runs it. */
export function runWorld(world: DrawnWorld, plant?: () => Partial<Rules>): SmallWorldResult {
  const rng = new RngRoot(`small world ${world.seed}`).stream;
  const topology = topologyOf(world, rng);
  const ofSlowness = rng.fork("slow ways");
  const slow = topology.cloudlets.map(({ id }) =>
    topology.neighbours(id).flatMap(({ peer }) => (world.hasSlowWays && ofSlowness.chance(200_000) ? [peer] : [])),
  );
  const { retain, checkpoints, ...rest } = world;
  const moves = world.moves === true && world.plans === 1;
  return runSmallWorld({
    ...rest,
    moves,
    // A write made behind may wait for what is held back, and who writes it for that (docs/model.md, "Members that are detached").
    detaches: world.detaches && world.collects && !(world.crashes && world.diskLoss) && !moves,
    // A write made behind looks for what it replaces among the records that are still held (docs/model.md, declared limits):
    // where sessions move, nothing is dropped.
    checkpoints: checkpoints && !moves,
    ...(retain !== null && !moves && { retain }),
    topology,
    rng: rng.fork("world"),
    isSlow: (from, to) => slow[from]?.includes(to) === true,
    ...(world.versions === "mixed" && { wire: drawVersions(rng.fork("versions")) }),
    ...(plant !== undefined && { plant }),
  });
}
