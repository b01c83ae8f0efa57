/**
 * A topology back in the form that scenario files have: nested names, patterns of flows, what all links have in common.
 *
 * What comes out expands to the same topology again (expand-topology.ts), up to what a form cannot tell apart: a loss of zero
 * and no loss, a link named from its other end. Leaves out everything that is not the topology (form-of.ts).
 */
import type { CloudletSpec, FlowSpec, LinkDirectionSpec, LinkSpec, TopologySpec } from "../../model/topology/spec.ts";
import { showQuantity } from "./quantity.ts";
import type { PlanChange } from "./scenario.ts";
import { showSpread } from "./spread.ts";

/** Plain data for a section of a form, to be written as YAML; the reader checks it like any other. */
export type FormPart = Readonly<Record<string, unknown>>;

type Properties = Record<string, string>;

/** Deeper than this a forest is written as a list: the reader of files limits the depth. */
const NESTED_MAX = 30;
const DELAY_DEFAULT = "5ms";
/** What a way back has where only the way forth has something of that kind. */
const NOTHING: Properties = {
  jitter: "0s",
  bandwidth: "none",
  queue: "none",
  loss: "0%",
  duplication: "0%",
  reordering: "0%",
  corruption: "0%",
};

/** `topology`, `scopes`, `flows` and `links`; of what becomes of the topology the links need to know. */
export function topologyForm(
  { cloudlets, scopes, flows, links }: TopologySpec,
  plans: readonly PlanChange[],
): FormPart {
  return {
    topology: forestForm(cloudlets),
    scopes: scopes.map(({ name, prefix, resolver, durability, collect }) => ({
      name,
      prefix,
      ...(resolver !== undefined && { resolver: resolverForm(resolver) }),
      ...(durability !== undefined && { durability }),
      ...(collect !== undefined && { collect: showQuantity("duration", collect) }),
    })),
    ...(flows.length > 0 && { flows: flowsForm(flows, cloudlets) }),
    ...linksForm(links, [cloudlets, ...plans.map(({ topology }) => topology.cloudlets)]),
  };
}

/** `plans`: who moves in each change, and its flows where patterns would not lead to them. */
export function plansForm(first: TopologySpec, plans: readonly PlanChange[]): readonly FormPart[] {
  let former = first;
  const patterns = JSON.stringify(flowsForm(first.flows, first.cloudlets));
  return plans.map(({ at, told, topology }) => {
    const uppers = uppersOf(former.cloudlets);
    const moved = topology.cloudlets.filter(({ name, upper }) => uppers.get(name) !== upper);
    const reparented = moved.flatMap(({ name, upper }) => (upper === undefined ? [] : [[name, upper] as const]));
    const detached = moved.filter(({ upper }) => upper === undefined).map(({ name }) => name);
    former = topology;
    const flows = flowsForm(topology.flows, topology.cloudlets);
    return {
      at: showQuantity("duration", at),
      ...(!(told.kind === "constant" && told.value === 0) && { told: showSpread(told) }),
      ...((reparented.length > 0 || detached.length === 0) && { reparent: Object.fromEntries(reparented) }),
      ...(detached.length > 0 && { detach: detached }),
      ...(JSON.stringify(flows) !== patterns && { flows }),
    };
  });
}

function uppersOf(cloudlets: readonly CloudletSpec[]): ReadonlyMap<string, string | undefined> {
  return new Map(cloudlets.map(({ name, upper }) => [name, upper]));
}

function resolverForm(resolver: string): unknown {
  const custom = /^custom:(.*)#([^#]*)$/u.exec(resolver);
  return custom === null ? resolver : { module: custom[1], export: custom[2] };
}

interface NestedForest {
  [name: string]: NestedForest | null;
}

/** Nested names where they keep the order of the list; else the list, since order has a meaning. */
function forestForm(cloudlets: readonly CloudletSpec[]): FormPart {
  const list = { cloudlets: cloudlets.map(({ name, upper }) => ({ name, ...(upper !== undefined && { upper }) })) };
  const tree: NestedForest = {};
  const path: { readonly name: string; readonly below: NestedForest }[] = [];
  for (const { name, upper } of cloudlets) {
    while (path.length > 0 && path.at(-1)?.name !== upper) path.pop();
    if ((path.length === 0 && upper !== undefined) || path.length >= NESTED_MAX) return list;
    const below: NestedForest = {};
    (path.at(-1)?.below ?? tree)[name] = below;
    path.push({ name, below });
  }
  return { tree: withoutEmpty(tree) };
}

// No deeper than NESTED_MAX.
function withoutEmpty(tree: NestedForest): NestedForest {
  const entries = Object.entries(tree).map(([name, below]): [string, NestedForest | null] => [
    name,
    below === null || Object.keys(below).length === 0 ? null : withoutEmpty(below),
  ]);
  return Object.fromEntries(entries);
}

/** Runs of flows that lead along all edges of the forest become one pattern. */
function flowsForm(flows: readonly FlowSpec[], cloudlets: readonly CloudletSpec[]): readonly FormPart[] {
  const edges = cloudlets.flatMap(({ name, upper }) => (upper === undefined ? [] : [{ upper, lower: name }]));
  const forms: FormPart[] = [];
  for (let at = 0; at < flows.length;) {
    const flow = flows[at] as FlowSpec;
    const { scope, direction, reroute } = flow;
    const rest = { direction, ...(reroute !== undefined && { reroute }) };
    const isPattern =
      edges.length > 0 &&
      edges.every(({ upper, lower }, index) => {
        const found = flows[at + index];
        if (found === undefined || found.name !== undefined || found.via !== undefined) return false;
        if (found.scope !== scope || found.direction !== direction || found.reroute !== reroute) return false;
        return found.upper === upper && found.lower === lower;
      });
    if (isPattern) {
      forms.push({ scope, between: "tree", ...rest });
      at += edges.length;
      continue;
    }
    const { upper, lower, name, via } = flow;
    forms.push({
      scope,
      upper,
      lower,
      ...(name !== undefined && { name }),
      ...(via !== undefined && { via }),
      ...rest,
    });
    at += 1;
  }
  return forms;
}

/** `links`; nothing where all are links of the tree with nothing special about them. */
function linksForm(links: readonly LinkSpec[], forests: readonly (readonly CloudletSpec[])[]): FormPart {
  const [edges = [], ...later] = forests.map((cloudlets) =>
    cloudlets.flatMap(({ name, upper }) => (upper === undefined ? [] : [[upper, name] as const])),
  );
  const joins = (link: LinkSpec | undefined, [upper, lower]: readonly [string, string]): boolean =>
    link !== undefined && ((link.a === upper && link.b === lower) || (link.a === lower && link.b === upper));
  const isAlongTree =
    edges.every((edge, index) => joins(links[index], edge)) &&
    later.flat().every((edge) => links.some((link) => joins(link, edge)));
  const written = links.map((link) => linkForm(link));
  const defaults = commonOf(written.flatMap(({ forth, back }) => [forth, ...(back === null ? [] : [back])]));
  const list = written.flatMap(({ ends, forth, back }, index): FormPart[] => {
    const own = without(forth, defaults);
    const ofBack = back === null ? {} : backForm(forth, back);
    const hasNothing = Object.keys(own).length === 0 && Object.keys(ofBack).length === 0;
    if (hasNothing && isAlongTree && index < edges.length) return [];
    return [{ between: ends, ...own, ...(Object.keys(ofBack).length > 0 && { back: ofBack }) }];
  });
  const shown = defaults["delay"] === DELAY_DEFAULT ? without(defaults, { delay: DELAY_DEFAULT }) : defaults;
  const form = {
    ...(!isAlongTree && { along: "none" }),
    ...(Object.keys(shown).length > 0 && { defaults: shown }),
    ...(list.length > 0 && { list }),
  };
  return Object.keys(form).length === 0 ? {} : { links: form };
}

function linkForm({ a, b, forth, back }: LinkSpec): {
  readonly ends: readonly [string, string];
  readonly forth: Properties;
  readonly back: Properties | null;
} {
  return { ends: [a, b], forth: properties(forth), back: back === undefined ? null : properties(back) };
}

function properties(direction: LinkDirectionSpec): Properties {
  const { delay, jitter, bandwidth, queue, loss, duplication, reordering, reorderDelay, corruption } = direction;
  const shares = { loss, duplication, reordering, corruption };
  const found: Properties = { delay: showQuantity("duration", delay) };
  if (jitter !== undefined && jitter > 0) found["jitter"] = showQuantity("duration", jitter);
  if (bandwidth !== undefined) found["bandwidth"] = showQuantity("bandwidth", bandwidth);
  if (queue !== undefined) found["queue"] = showQuantity("size", queue);
  for (const [name, share] of Object.entries(shares)) if (share) found[name] = showQuantity("share", share);
  if (reordering && reorderDelay !== undefined) found["reorderDelay"] = showQuantity("duration", reorderDelay);
  return found;
}

/** What all of them have, and have alike. */
function commonOf(all: readonly Properties[]): Properties {
  const [first = {}] = all;
  return Object.fromEntries(Object.entries(first).filter(([name, value]) => all.every((one) => one[name] === value)));
}

function without(all: Properties, known: Properties): Properties {
  return Object.fromEntries(Object.entries(all).filter(([name, value]) => known[name] !== value));
}

/** What differs on the way back, where what it does not have has to be said. */
function backForm(forth: Properties, back: Properties): Properties {
  const form = without(back, forth);
  for (const name of Object.keys(forth)) {
    if (back[name] !== undefined) continue;
    const value = NOTHING[name];
    if (value !== undefined) form[name] = value;
  }
  return form;
}
