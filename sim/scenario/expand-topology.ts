/**
 * The topology as a scenario writes it, expanded to the full list that buildTopology checks: nested names to uppers,
 * one scope per cloudlet from a template, one flow per edge, one link per control edge with the defaults filled in.
 *
 * Keeps for everything the place in the form it came from, so that a refusal can point there. Leaves out the rules of a
 * topology: buildTopology judges them.
 */
import type { Rng } from "../../model/random.ts";
import type { SpecPath } from "../../model/topology/rules.ts";
import type { CloudletSpec, FlowSpec, ScopeSpec, TopologySpec } from "../../model/topology/spec.ts";
import { micros } from "../../model/units.ts";
import type { CustomResolverName, ResolverName } from "../../model/topology/resolvers.ts";
import type { LinkContacts } from "./contacts.ts";
import { expandFamily, type OfFamily, unfamiliar } from "./expand-family.ts";
import { type Forest, linkNewEdges, listLinks } from "./expand-links.ts";
import type { FormPath } from "./problem.ts";
import { checkedQuantity, ProblemList, SiteNames } from "./resolving.ts";
import type { ScenarioForm, TreeForm } from "./schema.ts";

/** What templates hold where the cloudlet's name goes. */
export const CLOUDLET_HOLE = "{cloudlet}";

/** A drawn parameter: what was drawn, and the value as a person would write it. */
export type Drawn = readonly [what: string, value: string];

/** The expanded topology. */
export interface ExpandedTopology {
  readonly spec: TopologySpec;
  readonly sites: SiteNames;
  readonly drawn: readonly Drawn[];
  /** Each function that scopes name, once, and where the form names it first. */
  readonly code: readonly {
    readonly name: CustomResolverName;
    readonly module: string;
    readonly export: string;
    readonly path: FormPath;
  }[];
  /** Links that are up at times alone. */
  readonly contacts: readonly LinkContacts[];
  /** What becomes of it, plan by plan; all of them, the first included, have the links of all. */
  readonly plans: readonly TopologySpec[];
  /**
   * Where the form says what stands at this path of the spec, whether as a key, and whether only by way of the tree.
   * `plan`: 0 for the topology itself, else the number of a change, from 1.
   */
  placeInForm(
    path: SpecPath,
    plan?: number,
  ): { readonly path: FormPath; readonly at: "key" | "value"; readonly isDerived: boolean };
}

type ResolverForm = NonNullable<NonNullable<ScenarioForm["scopes"]>[number]["resolver"]>;

function customName({ module, export: exported }: Extract<ResolverForm, object>): CustomResolverName {
  return `custom:${module}#${exported}`;
}

function resolverName(resolver: ResolverForm): ResolverName {
  return typeof resolver === "object" ? customName(resolver) : resolver;
}

type FlowForm = NonNullable<ScenarioForm["flows"]>[number];
/** Expands the topology, scopes, flows and links of a form. */
export function expandTopology(form: ScenarioForm, rng: Rng, problems: ProblemList): ExpandedTopology {
  const origins = {
    cloudlets: [] as FormPath[],
    scopes: [] as FormPath[],
    flows: [] as FormPath[],
    links: [] as FormPath[],
  };
  const drawn: Drawn[] = [];
  const { cloudlets, family } = listCloudlets(form.topology, rng, origins.cloudlets, drawn, problems);
  const sites = SiteNames.of(cloudlets, problems);
  const uppers = new Map(cloudlets.map(({ name, upper }) => [name, upper]));
  const holders = new Map<string, readonly string[]>();

  const scopes: ScopeSpec[] = [];
  const code: ExpandedTopology["code"][number][] = [];
  for (const [index, scope] of (form.scopes ?? []).entries()) {
    const path = ["scopes", index];
    const rest = {
      ...(scope.resolver !== undefined && { resolver: resolverName(scope.resolver) }),
      ...(scope.durability !== undefined && { durability: scope.durability }),
      ...(scope.collect !== undefined && { collect: micros(checkedQuantity("duration", scope.collect)) }),
    };
    if (typeof scope.resolver === "object") {
      const name = customName(scope.resolver);
      if (!code.some((other) => other.name === name))
        code.push({ name, ...scope.resolver, path: [...path, "resolver"] });
    }
    const template = scope.name.includes(CLOUDLET_HOLE);
    if (template !== scope.prefix.includes(CLOUDLET_HOLE)) {
      const missing = template ? "prefix" : "name";
      problems.add([...path, missing], `expected ${CLOUDLET_HOLE} in both name and prefix, or in neither; add it here`);
    }
    if (!template) {
      if (scope.at !== undefined) {
        problems.add(
          [...path, "at"],
          `only a ${CLOUDLET_HOLE} scope has "at"; others are held where their flows end`,
          "key",
        );
      }
      scopes.push({ name: scope.name, prefix: scope.prefix, ...rest });
      origins.scopes.push(path);
      continue;
    }
    const at = sites.select(scope.at ?? "all", [...path, "at"]);
    holders.set(scope.name, at);
    for (const cloudlet of at) {
      scopes.push({
        name: scope.name.replaceAll(CLOUDLET_HOLE, cloudlet),
        prefix: scope.prefix.replaceAll(CLOUDLET_HOLE, cloudlet),
        ...rest,
      });
      origins.scopes.push(path);
    }
  }

  const flowsUnder = (
    forest: FlowContext["uppers"],
    paths: FormPath[],
    to: ProblemList,
    given = { flows: form.flows ?? [], path: ["flows"] as FormPath },
  ): FlowSpec[] => {
    const flows: FlowSpec[] = [];
    for (const [index, flow] of given.flows.entries()) {
      const path = [...given.path, index];
      for (const expanded of expandFlow(flow, path, { sites, uppers: forest, family, holders, problems: to })) {
        flows.push(expanded);
        paths.push(path);
      }
    }
    return flows;
  };
  const flows = flowsUnder(uppers, origins.flows, problems);
  /** By change: where each flow of a plan that has flows of its own is written. */
  const ownFlows: FormPath[][] = [];
  const forests = moveCloudlets(form.plans ?? [], cloudlets, sites);
  const contacts: LinkContacts[] = [];
  const links = listLinks(form.links ?? {}, { cloudlets, family }, sites, {
    origins: origins.links,
    contacts,
    problems,
  });
  linkNewEdges(form.links ?? {}, forests, links, origins.links);
  return {
    spec: { cloudlets, scopes, flows, links },
    plans: forests.map((moved, index) => {
      const forest = new Map(moved.map(({ name, upper }) => [name, upper]));
      const own = form.plans?.[index]?.flows;
      // What is wrong with a flow's pattern is told once, for the topology itself.
      const planned =
        own === undefined
          ? flowsUnder(forest, [], new ProblemList())
          : flowsUnder(forest, (ownFlows[index] = []), problems, { flows: own, path: ["plans", index, "flows"] });
      return { cloudlets: moved, scopes, flows: planned, links };
    }),
    sites,
    drawn,
    code,
    contacts,
    placeInForm([list, index, ...rest], plan = 0) {
      if (plan > 0) {
        const ownFlow = list === "flows" && typeof index === "number" ? ownFlows[plan - 1]?.[index] : undefined;
        if (ownFlow !== undefined) return { path: [...ownFlow, ...rest], at: "value", isDerived: false };
        const { reparent } = form.plans?.[plan - 1] ?? {};
        const change: FormPath = ["plans", plan - 1, reparent === undefined ? "detach" : "reparent"];
        const name = list === "cloudlets" && typeof index === "number" ? (cloudlets[index]?.name ?? "") : "";
        const isMoved = Object.hasOwn(reparent ?? {}, name);
        return { path: isMoved ? [...change, name] : change, at: "value", isDerived: list !== "cloudlets" };
      }
      const known =
        list === "cloudlets" || list === "scopes" || list === "flows" || list === "links" ? origins[list] : [];
      const origin = typeof index === "number" ? known[index] : undefined;
      if (origin === undefined) {
        return { path: [list === "cloudlets" ? "topology" : (list ?? "topology")], at: "key", isDerived: false };
      }
      const flow = list === "flows" && typeof origin[1] === "number" ? form.flows?.[origin[1]] : undefined;
      const isDerived = (list === "links" && origin.length === 1) || (flow !== undefined && !("upper" in flow));
      // Nested names are keys and have nothing below them that a rule could mean.
      return list === "cloudlets" && "tree" in form.topology
        ? { path: origin, at: "key", isDerived }
        : { path: [...origin, ...rest], at: "value", isDerived };
    },
  };
}

/** The forest as a list. Nested names come in the order of the file. */
function listCloudlets(
  form: ScenarioForm["topology"],
  rng: Rng,
  origins: FormPath[],
  drawn: Drawn[],
  problems: ProblemList,
): Forest {
  if ("cloudlets" in form) {
    for (const index of form.cloudlets.keys()) origins.push(["topology", "cloudlets", index]);
    const listed = form.cloudlets.map(({ name, upper }) => ({ name, ...(upper !== undefined && { upper }) }));
    return { cloudlets: listed, family: unfamiliar };
  }
  if ("family" in form) {
    const { shape, cloudlets, family } = expandFamily(form.family, rng.fork("family"), problems);
    if (form.family.shape === undefined) drawn.push(["topology.family.shape", shape]);
    for (let index = 0; index < cloudlets.length; index += 1) origins.push(["topology", "family"]);
    return { cloudlets, family };
  }
  const cloudlets: CloudletSpec[] = [];
  const open = entriesBackwards(form.tree, null, ["topology", "tree"]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { name, below, upper, path } = next;
    cloudlets.push({ name, ...(upper !== null && { upper }) });
    origins.push(path);
    if (below !== null) for (const entry of entriesBackwards(below, name, path)) open.push(entry);
  }
  return { cloudlets, family: unfamiliar };
}

interface TreeEntry {
  readonly name: string;
  readonly below: TreeForm | null;
  readonly upper: string | null;
  readonly path: FormPath;
}

/** The cloudlets of one map, last first: taken from the end of a stack they come in the order of the file. */
function entriesBackwards(tree: TreeForm, upper: string | null, path: FormPath): TreeEntry[] {
  return Object.entries(tree)
    .map(([name, below]): TreeEntry => ({ name, below, upper, path: [...path, name] }))
    .reverse();
}

interface FlowContext {
  readonly sites: SiteNames;
  readonly uppers: ReadonlyMap<string, string | undefined>;
  readonly family: OfFamily;
  /** Cloudlets of each template scope, by its name with the hole in it. */
  readonly holders: ReadonlyMap<string, readonly string[]>;
  readonly problems: ProblemList;
}

function expandFlow(flow: FlowForm, path: FormPath, context: FlowContext): FlowSpec[] {
  const { sites, uppers, family, holders, problems } = context;
  const template = flow.scope.includes(CLOUDLET_HOLE);
  const cloudlets = template ? holders.get(flow.scope) : [null];
  if (cloudlets === undefined) {
    const known = [...holders.keys()];
    const remedy = known.length === 0 ? "no scope has one in its name" : `there are ${known.join(", ")}`;
    problems.add([...path, "scope"], `expected a ${CLOUDLET_HOLE} scope, found "${flow.scope}"; ${remedy}`);
    return [];
  }
  const rest = { direction: flow.direction, ...(flow.reroute !== undefined && { reroute: flow.reroute }) };
  const edges = (names: readonly string[]): [upper: string, lower: string][] =>
    names.flatMap((lower) => {
      const upper = uppers.get(lower);
      return upper === undefined ? [] : [[upper, lower] as [string, string]];
    });

  if ("between" in flow && flow.between !== "tree" && flow.between !== "shortcuts" && !template) {
    problems.add(
      [...path, "between"],
      `"${flow.between}" needs a scope with ${CLOUDLET_HOLE} in its name, found "${flow.scope}"; use tree, shortcuts, among, or upper and lower`,
    );
    return [];
  }
  // The same for every cloudlet of a template scope, but for those on its own way up.
  let shared: readonly (readonly [upper: string, lower: string])[] | null = null;
  const flows: FlowSpec[] = [];
  for (const cloudlet of cloudlets) {
    const fill = (text: string): string => (cloudlet === null ? text : text.replaceAll(CLOUDLET_HOLE, cloudlet));
    const scope = fill(flow.scope);
    if ("upper" in flow) {
      const upper = fill(flow.upper);
      const lower = fill(flow.lower);
      // The cloudlet of a template scope need not report to itself.
      if (template && upper === lower) continue;
      const more = {
        ...(flow.name !== undefined && { name: fill(flow.name) }),
        ...(flow.via !== undefined && { via: flow.via.map(fill) }),
      };
      flows.push({ scope, upper, lower, ...more, ...rest });
      continue;
    }
    const isOwn = "between" in flow && (flow.between === "upper" || flow.between === "ancestors");
    const pairs = isOwn
      ? edges(chain(cloudlet ?? "", uppers).slice(0, flow.between === "upper" ? 1 : undefined))
      : (shared ??=
          "among" in flow
            ? nearestPairs(sites.select(flow.among, [...path, "among"]), uppers)
            : flow.between === "shortcuts"
              ? family.shortcuts
              : edges(sites.names));
    for (const [upper, lower] of pairs) flows.push({ scope, upper, lower, ...rest });
  }
  return flows;
}

/** A cloudlet and its ancestors, nearest first; ends where control runs in a circle, which buildTopology refuses. */
function chain(cloudlet: string, uppers: ReadonlyMap<string, string | undefined>): string[] {
  const seen = new Set<string>();
  for (let here: string | undefined = cloudlet; here !== undefined && !seen.has(here); here = uppers.get(here)) {
    seen.add(here);
  }
  return [...seen];
}

/** Each named cloudlet with its nearest named ancestor. */
function nearestPairs(
  names: readonly string[],
  uppers: ReadonlyMap<string, string | undefined>,
): [upper: string, lower: string][] {
  const named = new Set(names);
  return names.flatMap((lower) => {
    const upper = chain(lower, uppers)
      .slice(1)
      .find((ancestor) => named.has(ancestor));
    return upper === undefined ? [] : [[upper, lower] as [string, string]];
  });
}

/** The forest after each change. */
function moveCloudlets(
  changes: NonNullable<ScenarioForm["plans"]>,
  first: readonly CloudletSpec[],
  sites: SiteNames,
): (readonly CloudletSpec[])[] {
  const forests: (readonly CloudletSpec[])[] = [];
  let forest = first;
  for (const [index, { reparent = {}, detach = [] }] of changes.entries()) {
    for (const [name, upper] of Object.entries(reparent)) {
      const path = ["plans", index, "reparent", name];
      sites.check(name, path);
      sites.check(upper, path);
    }
    for (const [at, name] of detach.entries()) sites.check(name, ["plans", index, "detach", at]);
    forest = forest.map(({ name, upper }): CloudletSpec => {
      if (detach.includes(name)) return { name };
      return Object.hasOwn(reparent, name) ? { name, upper: reparent[name] ?? "" } : { name, ...(upper && { upper }) };
    });
    forests.push(forest);
  }
  return forests;
}
