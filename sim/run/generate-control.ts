// Draws scenarios with control layers for sweeps: people who ask for operations (generate-operations.ts, some with upgrades), or cloudlets
// that are watched (generate-watching.ts, in half of them with people who ask), on a tree of any family and size. Under whatever faults a
// sweep draws on top of it.
//
// Every scenario keeps the promises of generate.ts: at least 50 requests, a partition that heals, and a conflict across it. They are kept
// early, before the rest of the story: a short cut of a subtree, with two writes of one key.
//
// Reports and silence are slower where there are many cloudlets, so that all take about as long to run. In some worlds planes live on
// stores of three members. Leaves out plans and detachments.

import { assert } from "../../model/assert.ts";
import { pick, type Rng } from "../../model/random.ts";
import { bytes, instant, millis, seconds } from "../../model/units.ts";
import type { TreeOptions } from "../../workloads/topologies/index.ts";
import { RngRoot } from "../kernel/rng.ts";
import { noOperations } from "../scenario/control.ts";
import type { OperationIssuer, OperationsSetting, PlaneOutage, PlaneStore } from "../scenario/operations.ts";
import type { Fault, Scenario, ScriptStep } from "../scenario/scenario.ts";
import { belowOrAt } from "./generate-detachments.ts";
import { drawSetting, generateOperations, type Ground } from "./generate-operations.ts";
import { generateUpgrades } from "./generate-upgrades.ts";
import { generateWatching } from "./generate-watching.ts";
import { sweepExpectations } from "./generate.ts";
import { drawNamedTree, type NamedTree } from "./named-tree.ts";

/** Somebody asks for operations, or somebody is watched; `either`: one of the two, by the seed. */
export type ControlStory = "operations" | "aliveness" | "either";

const HALF = 500_000;
const QUARTER = 250_000;
const CLOUDLETS_MIN = 3;
const CLOUDLETS_MAX = 5;
/** Of all clients together, rounded up for each. */
const REQUESTS = 72;
/** Of issuers of one name. */
const ASKS = 14;
const ASKING = seconds(14);
const WATCHING = seconds(30);
/** So many cloudlets go at the pace of generate-watching.ts. */
const AT_PACE = 4;
const MEMBERS = 3;
/** Of each rival. */
const RIVALRY = 4;
/** Who falls silent does so in this part of the time, and comes back after it. */
const SILENT_FROM = 0.5;
const CUT_FROM = millis(50);
const CUT_UNTIL = millis(700);
const CLASH_AT = millis(200);

/** Draws a scenario on a tree of this shape and size. */
export function generateControl(
  seed: string,
  story: ControlStory,
  tree: Pick<TreeOptions, "shape" | "cloudletsMin" | "cloudletsMax">,
): Scenario {
  const rng = new RngRoot(`${seed}/control`).stream;
  const { cloudletsMin = CLOUDLETS_MIN, cloudletsMax = Math.max(cloudletsMin, CLOUDLETS_MAX) } = tree;
  const count = cloudletsMin + rng.fork("size").intInclusive(cloudletsMax - cloudletsMin);
  assert(count >= 2, "somebody above, and somebody below");
  const named = drawNamedTree(rng.fork("tree"), tree.shape, count);
  const people = { requests: Math.ceil(REQUESTS / count), asks: ASKS };
  const isAsking = story === "either" ? rng.fork("story").chance(HALF) : story === "operations";
  const drawn = isAsking
    ? asking(seed, { ...named, duration: ASKING, ...people }, rng)
    : watching(seed, { ...named, duration: WATCHING, ...people }, rng);
  const { cut, script } = split(named, drawn.topology.scopes[0]?.prefix ?? "", rng.fork("split"));
  const hasIssuers = (drawn.operations?.issuers ?? []).length > 0;
  return {
    ...drawn,
    script,
    faults: [cut, ...drawn.faults],
    expectations: {
      ...sweepExpectations(false, hasIssuers, drawn.aliveness !== undefined),
      sometimes: ["conflict", "partition", "partition-healed"],
    },
  };
}

function asking(seed: string, ground: Ground, rng: Rng): Scenario {
  const upgrades = rng.fork("upgrades").chance(QUARTER);
  const drawn = upgrades ? generateUpgrades(seed, ground) : generateOperations(seed, ground);
  return { ...drawn, operations: furnished(drawn.operations as OperationsSetting, ground, rng) };
}

function watching(seed: string, ground: Ground, rng: Rng): Scenario {
  const pace = Math.max(1, ground.names.length / AT_PACE);
  const setting = furnished(drawSetting(ground, rng.fork("setting")), ground, rng);
  return withSilence(generateWatching(seed, { ...ground, pace, setting }), rng.fork("silence"));
}

function furnished(setting: OperationsSetting, ground: Ground, rng: Rng): OperationsSetting {
  return withRivals(withStores(setting, ground, rng.fork("stores")), ground, rng.fork("rivals"));
}

// In half of the worlds people at every layer work on one object, and do not wait to hear of each other.
function withRivals(setting: OperationsSetting, ground: Ground, rng: Rng): OperationsSetting {
  if (!rng.chance(HALF)) return setting;
  const [leaf] = ground.names.slice(-1) as [string];
  const rival: OperationIssuer = {
    name: "rival",
    at: ground.names.filter((name) => name !== leaf && belowOrAt(name, ground.names, ground.uppers).includes(leaf)),
    targets: [leaf],
    kinds: ["vm.create", "vm.update", "vm.delete", "vm.start", "vm.stop"],
    interval: { kind: "exponential", mean: seconds(1) },
    objects: 1,
    actor: "owner",
    priorities: [0, 5],
    payload: bytes(0),
    expiry: null,
    count: RIVALRY,
    after: null,
    takesBack: null,
    intrudes: false,
  };
  return { ...setting, issuers: [...setting.issuers, rival] };
}

// Of whom people say most is often silent meanwhile, and then has no control plane at times: so what they take back leaves every mark.
function withSilence(drawn: Scenario, rng: Rng): Scenario {
  const { aliveness, operations = noOperations, duration } = drawn;
  const [word] = aliveness?.confirmations ?? [];
  if (word === undefined || !rng.chance(HALF)) return drawn;
  const { about } = word;
  const from = Math.floor(duration * SILENT_FROM * rng.double());
  const until = Math.floor(duration * (SILENT_FROM + (1 - SILENT_FROM) * rng.double()));
  const isolated: Fault = { kind: "isolate", cloudlet: about, from: instant(from), until: instant(until) };
  const faults = [...drawn.faults, isolated];
  const isPlain = (one: { readonly cloudlet: string }): boolean => one.cloudlet !== about;
  if (!rng.chance(HALF) || !(operations.stores ?? []).every(isPlain)) return { ...drawn, faults };
  const missing: OperationsSetting["missing"] = [
    ...operations.missing.filter(isPlain),
    { cloudlet: about, plane: "control" },
  ];
  const [outages, failures] = [operations.outages.filter(isPlain), operations.failures.filter(isPlain)];
  return { ...drawn, faults, operations: { ...operations, missing, outages, failures } };
}

// Of one that has a plane and no outage of it yet: of three members some go down, now and then most of them.
function withStores(setting: OperationsSetting, { names, duration }: Ground, rng: Rng): OperationsSetting {
  const cloudlet = pick(rng, names);
  const plane = pick(rng, ["control", "management"] as const);
  const isIt = (one: { readonly cloudlet: string; readonly plane: string }): boolean =>
    one.cloudlet === cloudlet && one.plane === plane;
  const from = instant(rng.intInclusive(duration / 2));
  const outage: PlaneOutage = {
    cloudlet,
    plane,
    from,
    until: instant(from + 1 + rng.intInclusive(duration / 2)),
    members: rng.chance(HALF) ? [0] : [0, 2],
  };
  const store: PlaneStore = { cloudlet, plane, members: MEMBERS };
  if (!rng.chance(HALF) || setting.missing.some(isIt)) return setting;
  return { ...setting, stores: [store], outages: [...setting.outages.filter((one) => !isIt(one)), outage] };
}

/** A subtree is cut off for a moment, and both sides write one key. */
function split(
  { names, uppers }: NamedTree,
  prefix: string,
  rng: Rng,
): { readonly cut: Fault; readonly script: readonly ScriptStep[] } {
  const away = pick(rng, names.slice(1));
  const groups = [belowOrAt(away, names, uppers)];
  return {
    cut: { kind: "partition", groups, from: instant(CUT_FROM), until: instant(CUT_UNTIL) },
    script: [away, uppers.get(away) as string].map((cloudlet): ScriptStep => ({
      at: instant(CLASH_AT),
      cloudlet,
      session: `clash-${cloudlet}`,
      op: { kind: "put", key: `${prefix}clash`, value: `of ${cloudlet}` },
    })),
  };
}
