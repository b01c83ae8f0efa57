/**
 * A member of a family as a scenario asks for it: its cloudlets with their names, how far apart they are where the family knows that,
 * and which pairs it joins past the layers between.
 *
 * Leaves out how members are drawn (workloads/topologies) and what flows over them (expand-topology.ts).
 */
import { pick, type Rng } from "../../model/random.ts";
import type { CloudletSpec } from "../../model/topology/spec.ts";
import { type Duration, micros } from "../../model/units.ts";
import { drawFamily, type FamilyName, TREE_SHAPES } from "../../workloads/topologies/index.ts";
import type { ScenarioForm } from "./schema.ts";

/** What a family says of its cloudlets beside who is above whom. */
export interface OfFamily {
  /** By name, the ancestor first. */
  readonly shortcuts: readonly [upper: string, lower: string][];
  /** Of a link between a cloudlet and one above it; null where the family says nothing. */
  readonly delayOf: (upper: string, lower: string) => Duration | null;
}

/** Cloudlets that are of no family. */
export const unfamiliar: OfFamily = { shortcuts: [], delayOf: () => null };

type FamilyForm = Extract<ScenarioForm["topology"], { family: unknown }>["family"];

/** The cloudlets of a member. `shape` is what was chosen or drawn. */
interface ExpandedFamily {
  readonly shape: FamilyName;
  readonly cloudlets: CloudletSpec[];
  readonly family: OfFamily;
}

/** Draws the member and names its cloudlets. */
export function expandFamily(form: FamilyForm, rng: Rng): ExpandedFamily {
  const shape = form.shape ?? pick(rng.fork("shape"), TREE_SHAPES);
  const { uppers, names, delays, shortcuts } = drawFamily(rng, shape, form.cloudlets);
  const nameOf = (cloudlet: number): string => names?.[cloudlet] ?? `c${cloudlet}`;
  const cloudlets = uppers.map((upper, cloudlet): CloudletSpec => ({
    name: nameOf(cloudlet),
    ...(upper >= 0 && { upper: nameOf(upper) }),
  }));
  const indexOf = new Map(cloudlets.map(({ name }, index) => [name, index]));
  return {
    shape,
    cloudlets,
    family: {
      shortcuts: shortcuts.map(({ upper, lower }) => [nameOf(upper), nameOf(lower)]),
      // Past the layers between it is as far as over them: what such a link saves is the sites on the way.
      delayOf(upper, lower) {
        if (delays === null) return null;
        let sum = 0;
        const end = indexOf.get(upper) ?? -1;
        for (let at = indexOf.get(lower) ?? -1; at >= 0 && at !== end; at = uppers[at] ?? -1) sum += delays[at] ?? 0;
        return micros(sum);
      },
    },
  };
}
