// Facts on topologies: what they answer, against slow walks over what a person wrote. Tried on Figure 1 in all its routings, and on drawn
// trees with holes and shortcuts. A deviation is a topology that answers one question wrongly, in a way that looks right.
//
// Leaves out plans of one family (model/topology/plans.test.ts).

import type { CloudletId } from "../../model/ids.ts";
import { buildTopology, type Built } from "../../model/topology/build.ts";
import { figure1, type Figure1Routing } from "../../model/topology/figure-1.ts";
import { figure1Pairs, figure1RelationOf } from "../../model/topology/figure-1-pairs.ts";
import type { RuleId } from "../../model/topology/rules.ts";
import type { FlowSpec, TopologySpec } from "../../model/topology/spec.ts";
import type { RouteHop, Topology } from "../../model/topology/topology.ts";
import { generateTree } from "../../workloads/topologies/trees.ts";
import { RngRoot } from "../kernel/rng.ts";
import { type Fact, Trial } from "./fact.ts";

type Build = (spec: TopologySpec) => Built;
/** A topology in whose answers something else is put. */
type Twist = (topology: Topology) => Partial<Topology>;

const DRAWN_COUNT = 12;
const routings: readonly Figure1Routing[] = ["layered", "direct", "mixed"];

function specs(): readonly TopologySpec[] {
  const drawn = Array.from(
    { length: DRAWN_COUNT },
    (_, number) => generateTree(new RngRoot(`fact ${number}`).stream).spec,
  );
  return [...routings.map((routing) => figure1({ routing })), ...drawn];
}

function twisted(twist: Twist): Build {
  return (spec) => {
    const built = buildTopology(spec);
    return built.kind === "refused"
      ? built
      : { kind: "topology", topology: { ...built.topology, ...twist(built.topology) } };
  };
}

/** A fact about topologies, with what may stand in the place of building them. */
function factOf(
  name: string,
  says: string,
  deviations: readonly { readonly name: string; readonly says: string; readonly build: Build }[],
  judge: (build: Build, trial: Trial) => void,
): Fact {
  return {
    name,
    says,
    deviations: deviations.map((deviation) => ({ name: deviation.name, says: deviation.says })),
    try(deviation) {
      const trial = new Trial();
      judge(deviations.find((one) => one.name === deviation)?.build ?? buildTopology, trial);
      return trial.end();
    },
  };
}

/** Every spec beside its topology. */
function eachBuilt(build: Build, trial: Trial, judge: (spec: TopologySpec, topology: Topology) => void): void {
  for (const spec of specs()) {
    const built = build(spec);
    trial.expect(built.kind === "topology", () => "a topology that keeps every rule was refused");
    if (built.kind === "topology") judge(spec, built.topology);
  }
}

function uppersOf(spec: TopologySpec, name: string): readonly string[] {
  const upperOf = new Map(spec.cloudlets.map((cloudlet) => [cloudlet.name, cloudlet.upper]));
  const uppers: string[] = [];
  for (let upper = upperOf.get(name); upper !== undefined; upper = upperOf.get(upper)) uppers.push(upper);
  return uppers;
}

/** All that a record written at `origin` gets to, by walking over flows as they are written down. */
function walk(spec: TopologySpec, scope: string, origin: string): ReadonlySet<string> {
  const reached = new Set([origin]);
  for (const from of reached) {
    for (const flow of spec.flows) {
      if (flow.scope !== scope) continue;
      if (flow.upper === from && flow.direction !== "up") reached.add(flow.lower);
      if (flow.lower === from && flow.direction !== "down") reached.add(flow.upper);
    }
  }
  return reached;
}

const targetsBelow = factOf(
  "targets-below",
  "Whom a cloudlet may target are those that a walk up the tree leads to it from, and nobody else.",
  [
    {
      name: "targets-siblings",
      says: "A cloudlet may target its siblings.",
      build: twisted((right) => ({
        mayTarget: (issuer, target) =>
          right.cloudlets[issuer]?.upper === right.cloudlets[target]?.upper && issuer !== target
            ? { kind: "allowed" }
            : right.mayTarget(issuer, target),
      })),
    },
    {
      name: "targets-adjacent-only",
      says: "A cloudlet may target those right below it alone.",
      build: twisted((right) => ({
        mayTarget: (issuer, target) =>
          right.cloudlets[target]?.upper === issuer ? { kind: "allowed" } : { kind: "refused", why: "not right below" },
      })),
    },
    {
      name: "targets-upwards",
      says: "A cloudlet may target whatever it is related to.",
      build: twisted((right) => ({
        mayTarget: (issuer, target) =>
          right.relation(issuer, target) === "upper" ? { kind: "allowed" } : right.mayTarget(issuer, target),
      })),
    },
  ],
  (build, trial) => {
    eachBuilt(build, trial, (spec, topology) => {
      const { cloudlets } = topology;
      for (const target of cloudlets) {
        const uppers = uppersOf(spec, target.name);
        for (const issuer of cloudlets) {
          const judged = topology.mayTarget(issuer.id, target.id);
          const isBelow = uppers.includes(issuer.name);
          trial.expect(
            (judged.kind === "allowed") === isBelow,
            () => `${issuer.name} ${isBelow ? "was not let" : "was let"} target ${target.name}`,
          );
          if (judged.kind === "refused") trial.expect(judged.why !== "", () => "a refusal without a reason");
        }
      }
    });
  },
);

const pairs = factOf(
  "figure-1-pairs",
  "Figure 1 has twelve cloudlets, and its 66 pairs stand to each other as the drawing shows.",
  [
    {
      name: "upper-by-depth",
      says: "Who is nearer to the root counts as upper.",
      build: twisted((right) => ({
        relation: (a, b) => {
          const depths = [right.cloudlets[a]?.depth ?? 0, right.cloudlets[b]?.depth ?? 0] as const;
          return depths[0] === depths[1] ? right.relation(a, b) : depths[0] < depths[1] ? "lower" : "upper";
        },
      })),
    },
    {
      name: "forgets-a-cloudlet",
      says: "The last cloudlet of a topology is not taken in.",
      build: (spec) => {
        const gone = spec.cloudlets.at(-1)?.name;
        return buildTopology({
          ...spec,
          cloudlets: spec.cloudlets.slice(0, -1),
          flows: spec.flows.filter(({ lower }) => lower !== gone),
          links: spec.links.filter(({ a, b }) => a !== gone && b !== gone),
        });
      },
    },
  ],
  (build, trial) => {
    const opposite = { upper: "lower", lower: "upper", horizontal: "horizontal", same: "same" } as const;
    for (const routing of routings) {
      const built = build(figure1({ routing }));
      trial.expect(built.kind === "topology", () => "Figure 1 was refused");
      if (built.kind === "refused") return;
      const { topology } = built;
      trial.expect(topology.cloudlets.length === 12, () => `${topology.cloudlets.length} cloudlets instead of twelve`);
      for (const [a, b] of figure1Pairs()) {
        const ids = [topology.cloudletNamed(a), topology.cloudletNamed(b)] as const;
        trial.expect(!ids.includes(null), () => `${a} or ${b} is not there`);
        if (ids[0] === null || ids[1] === null) continue;
        const expected = figure1RelationOf(a, b);
        const found = topology.relation(ids[0], ids[1]);
        trial.expect(found === expected, () => `${b} is ${found} to ${a} instead of ${expected}`);
        const back = topology.relation(ids[1], ids[0]);
        trial.expect(back === opposite[expected], () => `${a} is ${back} to ${b}`);
      }
    }
  },
);

interface Wrong {
  readonly rule: RuleId;
  readonly spec: TopologySpec;
}

function wrongs(): readonly Wrong[] {
  const right = figure1();
  const flow = (upper: string, lower: string): FlowSpec => ({ scope: "state", upper, lower, direction: "both" });
  const with_ = (more: FlowSpec): TopologySpec => ({ ...right, flows: [...right.flows, more] });
  const above = (name: string, upper: string): TopologySpec => ({
    ...right,
    cloudlets: right.cloudlets.map((cloudlet) => (cloudlet.name === name ? { ...cloudlet, upper } : cloudlet)),
  });
  return [
    { rule: "T3", spec: above("EAL1", "cloudlet3") },
    { rule: "T3", spec: above("EAL4", "EAL4") },
    { rule: "T2", spec: above("EAL2", "nobody") },
    { rule: "T4", spec: with_(flow("cloudlet3", "cloudlet4")) },
    { rule: "T4", spec: with_(flow("EAL3", "EAL4")) },
    // From below to above: together with what is there it would be a circle.
    { rule: "T4", spec: with_(flow("cloudlet3", "EAL1")) },
    { rule: "T7", spec: with_(flow("EAL1", "EAL2")) },
    { rule: "T10", spec: { ...right, links: right.links.filter(({ b }) => b !== "cloudlet1") } },
  ];
}

const refused = factOf(
  "refused-topologies",
  "Circles of control, and flows between cloudlets of which neither is above the other, are refused by the rule that they break.",
  [
    {
      name: "refuses-nothing",
      says: "What breaks a rule is left out, and the rest is built.",
      build: (spec) => {
        const built = buildTopology(spec);
        return built.kind === "topology" ? built : buildTopology(figure1());
      },
    },
  ],
  (build, trial) => {
    eachBuilt(build, trial, (_spec, { flows }) => {
      // A cloudlet that no flow enters can be taken away; without a circle all of them go.
      let left = flows;
      for (;;) {
        const rest = left.filter(({ upper }) => left.some(({ lower }) => lower === upper));
        if (rest.length === left.length) break;
        left = rest;
      }
      trial.expect(left.length === 0, () => "flows go in a circle");
    });
    for (const { rule, spec } of wrongs()) {
      const built = build(spec);
      trial.expect(
        built.kind === "refused" && built.refusals.some((refusal) => refusal.rule === rule && refusal.message !== ""),
        () => `what breaks ${rule} was ${built.kind === "refused" ? "refused for something else" : "built"}`,
      );
    }
  },
);

const alone = factOf(
  "flows-alone-carry",
  "Where there are no flows nobody has a neighbour and nothing reaches anybody, though some control others.",
  [
    {
      name: "control-carries",
      says: "Who controls somebody exchanges state with it.",
      build: twisted((right) => ({
        neighbours: (cloudlet) => (right.cloudlets[cloudlet]?.lowers ?? []).map((peer) => ({ peer, out: [], in: [] })),
      })),
    },
  ],
  (build, trial) => {
    eachBuilt(
      (spec) => build({ ...spec, flows: [], links: [] }),
      trial,
      (_spec, topology) => {
        for (const { id, name } of topology.cloudlets) {
          trial.expect(topology.neighbours(id).length === 0, () => `${name} has a neighbour without a flow`);
        }
        for (const { id, origins } of topology.streams) {
          trial.expect(
            topology.receivers(id).every((cloudlet) => origins.includes(cloudlet)),
            () => "a stream reaches somebody without a flow",
          );
        }
      },
    );
  },
);

const reach = factOf(
  "reach",
  "What is written somewhere reaches those that a walk over the flows leads to, in their directions, and nobody else.",
  [
    {
      name: "reaches-all-members",
      says: "Whatever is written in a scope reaches all who hold it.",
      build: twisted((right) => ({
        receivers: (stream) => right.scopes[right.streams[stream]?.scope ?? -1]?.members ?? [],
      })),
    },
  ],
  (build, trial) => {
    const oneWay = figure1({
      scopes: [
        { name: "metrics", direction: "up" },
        { name: "images", direction: "down" },
      ],
    });
    const judge = (spec: TopologySpec, topology: Topology): void => {
      for (const scope of topology.scopes) {
        for (const origin of topology.cloudlets) {
          const stream = topology.streamOf(scope.id, origin.id);
          if (stream === null) continue;
          const reached = walk(spec, scope.name, origin.name);
          const found = topology.receivers(stream).map((id: CloudletId) => topology.cloudlets[id]?.name ?? "");
          trial.expect(
            found.length === reached.size && found.every((name) => reached.has(name)),
            () => `what ${origin.name} writes under ${scope.prefix} reaches ${found.join(", ")}`,
          );
        }
      }
    };
    const built = build(oneWay);
    if (built.kind === "topology") judge(oneWay, built.topology);
    eachBuilt(build, trial, judge);
  },
);

const routes = factOf(
  "routes",
  "What two neighbours exchange rides over links from the one to the other, none of them between siblings.",
  [
    {
      name: "routes-over-siblings",
      says: "A route takes a link between two sites of which neither is above the other, where there is one.",
      build: twisted((right) => ({ routeBetween: (from, to) => overSiblings(right, from, to) })),
    },
  ],
  (build, trial) => {
    eachBuilt(build, trial, (_spec, topology) => {
      for (const { id, name } of topology.cloudlets) {
        for (const { peer } of topology.neighbours(id)) {
          const route = topology.routeBetween(id, peer) ?? [];
          let site = id;
          for (const { link, forward } of route) {
            const ends = topology.links[link];
            if (ends === undefined) break;
            trial.expect((forward ? ends.a : ends.b) === site, () => `a route from ${name} is not one way of links`);
            trial.expect(
              topology.relation(ends.a, ends.b) !== "horizontal",
              () => `what ${name} sends takes a link between siblings`,
            );
            site = forward ? ends.b : ends.a;
          }
          trial.expect(site === peer, () => `a route from ${name} ends elsewhere`);
        }
      }
    });
  },
);

// To the sibling of the far end first, where a link joins the two.
function overSiblings(right: Topology, from: CloudletId, to: CloudletId): readonly RouteHop[] | null {
  const route = right.routeBetween(from, to);
  const across = right.links.find(({ a, b }) => (a === to || b === to) && right.relation(a, b) === "horizontal");
  if (route === null || across === undefined) return route;
  const sibling = across.a === to ? across.b : across.a;
  const detour = right.routeBetween(from, sibling);
  return detour === null ? route : [...detour, { link: across.index, forward: across.b === to }];
}

/** All of them. */
export const topologyFacts: readonly Fact[] = [targetsBelow, pairs, refused, alone, reach, routes];
