// What can be taken away from a world, kind by kind: each kind is a list of things, and the world with some of them left. Delta
// debugging goes through each list (ddmin.ts). The order is that of how much goes with one of them. Leaves out making what stays
// simpler (simpler.ts).

import type { LinkDirectionSpec, TopologySpec } from "../../model/topology/spec.ts";
import type { Scenario, Traveller } from "../scenario/scenario.ts";
import { ddmin } from "./ddmin.ts";
import { withoutCloudlets, withPlans, withScopes, withTopologies } from "./edits.ts";

/** One kind of things that a world has several of. */
export interface Cut {
  readonly kind: string;
  /** Takes away as many of them as can go, and tells by `holds` which world is left. */
  readonly reduce: (world: Scenario, holds: (smaller: Scenario) => Promise<boolean>) => Promise<void>;
}

/** The same before it is forgotten what its things are. */
interface CutOf<Item> {
  readonly kind: string;
  readonly items: (world: Scenario) => readonly Item[];
  /** The world with these of its items alone. */
  readonly keep: (world: Scenario, kept: readonly Item[]) => Scenario;
}

function cut<Item>({ kind, items, keep }: CutOf<Item>): Cut {
  return {
    kind,
    async reduce(world, holds) {
      await ddmin(items(world), (kept) => holds(keep(world, kept)));
    },
  };
}

/** All kinds. */
export const cuts: readonly Cut[] = [
  cut<string>({
    kind: "scopes",
    items: ({ topology }) => topology.scopes.map(({ name }) => name),
    keep: (world, kept) => withScopes(world, new Set(kept)),
  }),
  cut<string>({
    kind: "cloudlets",
    items: ({ topology }) => topology.cloudlets.map(({ name }) => name),
    keep(world, kept) {
      const left = new Set(kept);
      const gone = world.topology.cloudlets.map(({ name }) => name).filter((name) => !left.has(name));
      return withoutCloudlets(world, new Set(gone));
    },
  }),
  // Only what is not materialised has any.
  places("groups of clients", "clients"),
  cut<string>({
    kind: "sessions",
    items: ({ script }) => [...new Set(script.map(({ session }) => session))],
    keep(world, kept) {
      const left = new Set(kept);
      return { ...world, script: world.script.filter(({ session }) => left.has(session)) };
    },
  }),
  places("operations", "script"),
  places("faults", "faults"),
  cut<number>({
    kind: "quirks",
    items: ({ quirks = [] }) => [...quirks.keys()],
    keep(world, kept) {
      const { quirks = [], ...rest } = world;
      return kept.length === 0 ? rest : { ...rest, quirks: chosen(quirks, kept) };
    },
  }),
  cut<number>({
    kind: "plans",
    items: ({ plans = [] }) => [...plans.keys()],
    keep: (world, kept) => withPlans(world, chosen(world.plans ?? [], kept)),
  }),
  cut<number>({
    kind: "decisions about members",
    items: ({ detachments = [] }) => [...detachments.keys()],
    keep: (world, kept) => ({ ...world, detachments: chosen(world.detachments ?? [], kept) }),
  }),
  ofOperations("people who ask for operations", "issuers"),
  ofOperations("planes that stand still", "outages"),
  ofOperations("planes that are not there", "missing"),
  ofOperations("planes that fail", "failures"),
  ofAliveness("what people say of cloudlets", "confirmations"),
  ofAliveness("what is observed", "observed"),
  cut<readonly [traveller: number, stop: number]>({
    kind: "stops of sessions that move",
    items: ({ travellers = [] }) =>
      travellers.flatMap(({ travel }, index) => travel.stops.map((_, stop) => [index, stop] as const)),
    keep(world, kept) {
      const left = new Set(kept.map((pair) => pair.join()));
      const travellers = (world.travellers ?? []).map((one, index): Traveller => {
        const stops = one.travel.stops.filter((_, stop) => left.has([index, stop].join()));
        return { ...one, travel: { ...one.travel, stops } };
      });
      return { ...world, travellers };
    },
  }),
  cut<string>({
    kind: "flows",
    items: ({ topology, plans = [] }) => [
      ...new Set([topology, ...plans.map((plan) => plan.topology)].flatMap(({ flows }) => flows.map(nameOfFlow))),
    ],
    keep(world, kept) {
      const left = new Set(kept);
      return withTopologies(world, (spec) => ({
        ...spec,
        flows: spec.flows.filter((flow) => left.has(nameOfFlow(flow))),
      }));
    },
  }),
  cut<number>({
    kind: "links",
    items: ({ topology }) => [...topology.links.keys()],
    keep: (world, kept) => withTopologies(world, (spec) => ({ ...spec, links: chosen(spec.links, kept) })),
  }),
  cut<string>({
    kind: "kinds of imperfection of links",
    items: ({ topology }) => [...new Set(imperfectionsOf(topology).map(({ property }) => property))],
    keep: (world, kept) => withImperfections(world, ({ property }) => kept.includes(property)),
  }),
  cut<Imperfection>({
    kind: "imperfections of links",
    items: ({ topology }) => imperfectionsOf(topology),
    keep(world, kept) {
      const left = new Set(kept.map(nameOfImperfection));
      return withImperfections(world, (one) => left.has(nameOfImperfection(one)));
    },
  }),
  places("clocks", "clocks"),
  places("disks", "disks"),
  places("processors", "cpus"),
  cut<number>({
    kind: "versions of the byte form",
    items: ({ wire }) => [...wire.versions.keys()],
    keep: (world, kept) => ({ ...world, wire: { ...world.wire, versions: chosen(world.wire.versions, kept) } }),
  }),
];

/** A list of what is watched, element by element. */
function ofAliveness(kind: string, key: "observed" | "confirmations"): Cut {
  return cut<number>({
    kind,
    items: ({ aliveness }) => [...(aliveness?.[key].keys() ?? [])],
    keep({ aliveness, ...world }, kept) {
      if (aliveness === undefined) return world;
      return { ...world, aliveness: { ...aliveness, [key]: chosen<unknown>(aliveness[key], kept) } };
    },
  });
}

function ofOperations(kind: string, key: "issuers" | "outages" | "missing" | "failures"): Cut {
  return cut<number>({
    kind,
    items: ({ operations }) => [...(operations?.[key].keys() ?? [])],
    keep({ operations, ...world }, kept) {
      if (operations === undefined) return world;
      return { ...world, operations: { ...operations, [key]: chosen<unknown>(operations[key], kept) } };
    },
  });
}

type ListKey = "clients" | "script" | "faults" | "clocks" | "disks" | "cpus";

/** A list of the scenario, element by element. */
function places(kind: string, key: ListKey): Cut {
  return cut<number>({
    kind,
    items: (world) => [...world[key].keys()],
    keep: (world, kept) => ({ ...world, [key]: chosen<unknown>(world[key], kept) }),
  });
}

function chosen<Item>(list: readonly Item[], indices: readonly number[]): readonly Item[] {
  return indices.map((index) => list[index] as Item);
}

function nameOfFlow({ scope, upper, lower }: TopologySpec["flows"][number]): string {
  return JSON.stringify([scope, upper, lower]);
}

/** What a link may do that a perfect one does not. */
const imperfections = ["loss", "duplication", "reordering", "corruption", "jitter", "bandwidth", "queue"] as const;

interface Imperfection {
  readonly link: number;
  readonly way: "forth" | "back";
  readonly property: (typeof imperfections)[number];
}

function nameOfImperfection({ link, way, property }: Imperfection): string {
  return `${link} ${way} ${property}`;
}

function imperfectionsOf({ links }: TopologySpec): readonly Imperfection[] {
  return links.flatMap(({ forth, back = forth }, link) =>
    (["forth", "back"] as const).flatMap((way) =>
      imperfections.flatMap((property): Imperfection[] =>
        ((way === "forth" ? forth : back)[property] ?? 0) > 0 ? [{ link, way, property }] : [],
      ),
    ),
  );
}

function withImperfections(world: Scenario, isKept: (one: Imperfection) => boolean): Scenario {
  const left = (direction: LinkDirectionSpec, link: number, way: "forth" | "back"): LinkDirectionSpec => {
    const found = imperfections.filter(
      (property) => direction[property] !== undefined && isKept({ link, way, property }),
    );
    return {
      delay: direction.delay,
      ...Object.fromEntries(found.map((property) => [property, direction[property]])),
      ...(found.includes("reordering") && { reorderDelay: direction.reorderDelay }),
    };
  };
  return withTopologies(world, (spec) => ({
    ...spec,
    links: spec.links.map((link, index) => ({
      ...link,
      forth: left(link.forth, index, "forth"),
      back: left(link.back ?? link.forth, index, "back"),
    })),
  }));
}
