// Changes of a scenario that take something away whole, so that what is left is a scenario again: who loses an upper gets the one
// above it, what named something that is gone is gone, too. All pure. Leaves out which of them to try (passes.ts), and judging
// what is left: the reader of scenario files does that (candidate.ts).

import { tidiedAliveness } from "./aliveness.ts";
import { tidiedOperations } from "./operations.ts";
import type { FlowDirection, FlowSpec, LinkSpec, TopologySpec } from "../../model/topology/spec.ts";
import { buildPlans } from "../../model/topology/plans.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Fault, PlanChange, Scenario, ScriptStep, Traveller } from "../scenario/scenario.ts";
import { omit } from "./omit.ts";

type Uppers = ReadonlyMap<string, string | undefined>;

/** The same without these cloudlets. What is below one goes below the one above it, with its flows and its links. */
export function withoutCloudlets(scenario: Scenario, gone: ReadonlySet<string>): Scenario {
  const { topology, plans = [] } = scenario;
  const all = [topology, ...plans.map((plan) => plan.topology)];
  const links = linksWithout(all, gone);
  const reduced = (spec: TopologySpec): TopologySpec => topologyWithout(spec, gone, links);
  const faults = scenario.faults.map((fault): Fault => {
    if (fault.kind !== "partition") return fault;
    const groups = fault.groups.map((names) => names.filter((name) => !gone.has(name)));
    return { ...fault, groups: groups.filter((names) => names.length > 0) };
  });
  const changes = plans.map((plan) => ({ ...plan, topology: reduced(plan.topology) }));
  return withPlans({ ...scenario, topology: reduced(topology), faults }, changes);
}

/** The same with these scopes alone. */
export function withScopes(scenario: Scenario, kept: ReadonlySet<string>): Scenario {
  const reduced = (spec: TopologySpec): TopologySpec => ({
    ...spec,
    scopes: spec.scopes.filter(({ name }) => kept.has(name)),
    flows: spec.flows.filter(({ scope }) => kept.has(scope)),
  });
  return withTopologies(scenario, reduced);
}

/** The same with each of its topologies changed alike. */
export function withTopologies(scenario: Scenario, change: (spec: TopologySpec) => TopologySpec): Scenario {
  const plans = (scenario.plans ?? []).map((plan) => ({ ...plan, topology: change(plan.topology) }));
  return withPlans({ ...scenario, topology: change(scenario.topology) }, plans);
}

/** The same with these changes of plan; one that changes nothing is none. */
export function withPlans(whole: Scenario, plans: readonly PlanChange[]): Scenario {
  const scenario = omit(whole, "plans");
  let former = shapeOf(scenario.topology);
  const changes = plans.filter(({ topology }) => {
    const isSame = former === shapeOf(topology);
    former = shapeOf(topology);
    return !isSame;
  });
  return changes.length === 0 ? scenario : { ...scenario, plans: changes };
}

function shapeOf({ cloudlets, flows }: TopologySpec): string {
  return JSON.stringify([cloudlets, flows]);
}

/**
 * What is left of a scenario when everything is taken from it that names what is not there, or comes when it is over; null when its
 * topology is none.
 */
export function tidied(scenario: Scenario): Scenario | null {
  const built = buildPlans([scenario.topology, ...(scenario.plans ?? []).map(({ topology }) => topology)]);
  if (built.kind === "refused") return null;
  const [topology] = built.plans;
  if (topology === undefined) return null;
  const { duration } = scenario;
  const isThere = (name: string): boolean => topology.cloudletNamed(name) !== null;
  const travellers = (scenario.travellers ?? []).flatMap((one) => tidiedTraveller(one, isThere, duration));
  const ways = new Map(travellers.map((one) => [one.session, one]));
  const script = scenario.script.flatMap((step): ScriptStep[] => {
    const way = ways.get(step.session);
    const places = way === undefined ? [step.cloudlet] : placesOf(way);
    if (step.at >= duration || !places.every((place) => isHeld(topology, step, place))) return [];
    return [way === undefined ? step : { ...step, cloudlet: way.at }];
  });
  const used = new Set(script.map(({ session }) => session));
  const { detachments, aliveness } = scenario;
  const decisions = detachments?.filter((one) => isThere(one.decides) && isThere(one.member) && one.at < duration);
  const core = (scenario.core ?? []).filter(isThere);
  const operations =
    scenario.operations === undefined
      ? null
      : tidiedOperations(scenario.operations, isThere, duration, scenario.aliveness !== undefined);
  const moving = travellers.filter(({ session }) => used.has(session));
  return withPlans(
    {
      ...omit(omit(omit(omit(scenario, "travellers"), "detachments"), "core"), "operations"),
      ...(operations !== null && { operations }),
      ...(aliveness !== undefined && { aliveness: tidiedAliveness(aliveness, topology, duration) }),
      ...(core.length > 0 && { core }),
      script,
      ...(moving.length > 0 && { travellers: moving }),
      ...(decisions !== undefined && decisions.length > 0 && { detachments: decisions }),
      clocks: scenario.clocks.filter((one) => isThere(one.cloudlet) && (one.offset !== 0 || one.driftPpm !== 0)),
      disks: scenario.disks.filter(({ cloudlet }) => isThere(cloudlet)),
      cpus: scenario.cpus.filter(({ cloudlet }) => isThere(cloudlet)),
      wire: { ...scenario.wire, versions: scenario.wire.versions.filter(({ cloudlet }) => isThere(cloudlet)) },
      faults: scenario.faults.filter((fault) => isPossible(fault, topology, duration)),
    },
    (scenario.plans ?? []).filter(({ at }) => at < duration),
  );
}

function tidiedTraveller(one: Traveller, isThere: (name: string) => boolean, duration: number): Traveller[] {
  const stops = one.travel.stops.filter(({ to, at }) => (to === null || isThere(to)) && at < duration);
  // A stop where it is already is none; a way without stops is none.
  const first = isThere(one.at) ? one.at : stops.find(({ to }) => to !== null)?.to;
  if (first === undefined || first === null) return [];
  let here: string | null = first;
  const changes = stops.filter(({ to }) => {
    const isSame = to === here;
    here = to;
    return !isSame;
  });
  return changes.length === 0 ? [] : [{ ...one, at: first, travel: { ...one.travel, stops: changes } }];
}

function placesOf({ at, travel }: Traveller): readonly string[] {
  return [at, ...travel.stops.flatMap(({ to }) => (to === null ? [] : [to]))];
}

function isHeld(topology: Topology, { op }: ScriptStep, cloudlet: string): boolean {
  const id = topology.cloudletNamed(cloudlet);
  if (id === null) return false;
  if (op.kind === "scan")
    return topology.scopes.some(({ prefix }) => prefix.startsWith(op.prefix) || op.prefix.startsWith(prefix));
  if (!("key" in op)) return false;
  const scope = topology.scopeOf(op.key);
  return scope !== null && topology.streamOf(scope, id) !== null;
}

function isPossible(fault: Fault, topology: Topology, duration: number): boolean {
  const id = (name: string): number | null => topology.cloudletNamed(name);
  if (("at" in fault ? fault.at : fault.from) >= duration) return false;
  switch (fault.kind) {
    case "linkDown":
    case "clog":
    case "degrade":
      return topology.links.some(
        ({ a, b }) => (a === id(fault.a) && b === id(fault.b)) || (a === id(fault.b) && b === id(fault.a)),
      );
    case "partition": {
      const named = fault.groups.flat().length;
      const sides = fault.groups.length + (named < topology.cloudlets.length ? 1 : 0);
      return sides >= 2;
    }
    case "cloneDisk":
      return id(fault.source) !== null && id(fault.cloudlet) !== null && fault.source !== fault.cloudlet;
    default:
      return id(fault.cloudlet) !== null;
  }
}

function topologyWithout(spec: TopologySpec, gone: ReadonlySet<string>, links: readonly LinkSpec[]): TopologySpec {
  const uppers: Uppers = new Map(spec.cloudlets.map(({ name, upper }) => [name, upper]));
  return {
    ...spec,
    cloudlets: spec.cloudlets
      .filter(({ name }) => !gone.has(name))
      .map(({ name, upper }) => {
        const heir = survivor(upper, gone, uppers);
        return { name, ...(heir !== undefined && { upper: heir }) };
      }),
    flows: flowsWithout(spec.flows, gone),
    links,
  };
}

/** The first one from here upwards that is still there. */
function survivor(name: string | undefined, gone: ReadonlySet<string>, uppers: Uppers): string | undefined {
  let here = name;
  for (let left = uppers.size; here !== undefined && gone.has(here) && left > 0; left -= 1) here = uppers.get(here);
  return here !== undefined && gone.has(here) ? undefined : here;
}

/** Flows that led to somebody who is gone lead on to where that one's flow of the scope came from. */
function flowsWithout(flows: readonly FlowSpec[], gone: ReadonlySet<string>): readonly FlowSpec[] {
  const known = new Set<string>();
  return flows.flatMap((flow): FlowSpec[] => {
    if (gone.has(flow.lower)) return [];
    let { upper, direction }: { upper: string | undefined; direction: FlowDirection | null } = flow;
    for (let left = flows.length; upper !== undefined && gone.has(upper) && left > 0; left -= 1) {
      const above: FlowSpec | undefined = flows.find(({ scope, lower }) => scope === flow.scope && lower === upper);
      direction = above === undefined || direction === null ? null : meet(direction, above.direction);
      upper = above?.upper;
    }
    if (upper === undefined || gone.has(upper) || direction === null) return [];
    const key = JSON.stringify([flow.scope, upper, flow.lower]);
    if (known.has(key)) return [];
    known.add(key);
    const { via, ...rest } = flow;
    const isRouted = via !== undefined && upper === flow.upper && !via.some((name) => gone.has(name));
    return [{ ...rest, upper, direction, ...(isRouted && { via }) }];
  });
}

function meet(one: FlowDirection, other: FlowDirection): FlowDirection | null {
  if (one === "both" || one === other) return other;
  return other === "both" ? one : null;
}

/** The links that are left, and for who lost an upper the link to it led on to the one above. */
function linksWithout(plans: readonly TopologySpec[], gone: ReadonlySet<string>): readonly LinkSpec[] {
  const all = plans[0]?.links ?? [];
  const links = all.filter(({ a, b }) => !gone.has(a) && !gone.has(b));
  const key = (a: string, b: string): string => JSON.stringify(a < b ? [a, b] : [b, a]);
  const known = new Set(links.map(({ a, b }) => key(a, b)));
  for (const { cloudlets } of plans) {
    const uppers: Uppers = new Map(cloudlets.map(({ name, upper }) => [name, upper]));
    for (const { name, upper } of cloudlets) {
      if (upper === undefined || gone.has(name) || !gone.has(upper)) continue;
      const heir = survivor(upper, gone, uppers);
      const former = all.find(({ a, b }) => key(a, b) === key(name, upper));
      if (heir === undefined || former === undefined || known.has(key(name, heir))) continue;
      known.add(key(name, heir));
      links.push(former.a === upper ? { ...former, a: heir, b: name } : { ...former, a: name, b: heir });
    }
  }
  return links;
}
