/**
 * A member of a family as a scenario asks for it: its cloudlets with their names, how far apart they are where the family knows that,
 * and which pairs it joins past the layers between.
 *
 * Leaves out how members are drawn (workloads/topologies) and what flows over them (expand-topology.ts).
 */
import { pick, type Rng } from "../../model/random.ts";
import type { CloudletSpec } from "../../model/topology/spec.ts";
import { type Duration, micros } from "../../model/units.ts";
import {
  type ContactWindow,
  drawFamily,
  type FamilyEntry,
  type FamilyName,
  type FamilyParameters,
  familyTable,
  TREE_SHAPES,
} from "../../workloads/topologies/index.ts";
import { checkedQuantity, type ProblemList } from "./resolving.ts";
import type { ScenarioForm } from "./schema.ts";

/** What a family says of its cloudlets beside who is above whom. */
export interface OfFamily {
  /** By name, the ancestor first. */
  readonly shortcuts: readonly [upper: string, lower: string][];
  /** Links that no flow takes until a route needs them. */
  readonly spares: readonly { readonly a: string; readonly b: string; readonly delay: Duration }[];
  /** Links that are up at times alone. */
  readonly contacts: readonly {
    readonly a: string;
    readonly b: string;
    readonly contacts: readonly ContactWindow[];
    readonly round: Duration;
  }[];
  /** Of a link between a cloudlet and one above it; null where the family says nothing. */
  readonly delayOf: (upper: string, lower: string) => Duration | null;
}

/** Cloudlets that are of no family. */
export const unfamiliar: OfFamily = { shortcuts: [], spares: [], contacts: [], delayOf: () => null };

type FamilyForm = Extract<ScenarioForm["topology"], { family: unknown }>["family"];

/** The cloudlets of a member. `shape` is what was chosen or drawn. */
interface ExpandedFamily {
  readonly shape: FamilyName;
  readonly cloudlets: CloudletSpec[];
  readonly family: OfFamily;
}

/** Draws the member and names its cloudlets. What a family does not take is told; it is drawn without then. */
export function expandFamily(form: FamilyForm, rng: Rng, problems: ProblemList): ExpandedFamily {
  const { shape: asked, cloudlets: count, ...parameters } = form;
  const shape = asked ?? pick(rng.fork("shape"), TREE_SHAPES);
  for (const { key, at, message } of flawsOfMember(shape, asked !== undefined, count, parameters)) {
    problems.add(["topology", "family", key], message, at);
  }
  const { cloudletsMax = count } = entryOf(shape);
  const drawn = drawFamily(rng, shape, Math.min(count, cloudletsMax), given(parameters));
  const { uppers, names, delays, shortcuts, spares = [], contacts = [] } = drawn;
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
      spares: spares.map(({ a, b, delay }) => ({ a: nameOf(a), b: nameOf(b), delay })),
      contacts: contacts.map(({ a, b, windows, round }) => ({ a: nameOf(a), b: nameOf(b), contacts: windows, round })),
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

type ParametersForm = Omit<FamilyForm, "shape" | "cloudlets">;

/** What is wrong with what somebody asks of a family. */
interface FamilyFlaw {
  readonly key: "cloudlets" | keyof ParametersForm;
  readonly at: "key" | "value";
  readonly message: string;
}

function flawsOfMember(
  shape: FamilyName,
  isNamed: boolean,
  cloudlets: number,
  parameters: ParametersForm,
): readonly FamilyFlaw[] {
  const { takes = [], cloudletsMax = Infinity } = entryOf(shape);
  const flaws: FamilyFlaw[] = [];
  if (cloudlets > cloudletsMax) {
    const message = `expected at most ${cloudletsMax} cloudlets of the family ${shape}, found ${cloudlets}; ask for fewer`;
    flaws.push({ key: "cloudlets", at: "value", message });
  }
  if (parameters.round !== undefined && checkedQuantity("duration", parameters.round) === 0) {
    const message = `expected a round that takes time, found ${parameters.round}; write for example 60s`;
    flaws.push({ key: "round", at: "value", message });
  }
  for (const key of Object.keys(given(parameters)) as (keyof FamilyParameters)[]) {
    if (takes.includes(key)) continue;
    const knowing = familyTable.filter((entry) => entry.takes?.includes(key)).map(({ name }) => name);
    const who = isNamed ? `the family ${shape} does` : "plain shapes do";
    const message = `${who} not have ${key}; leave it out, or name a family that has: ${knowing.join(", ")}`;
    flaws.push({ key, at: "key", message });
  }
  return flaws;
}

function entryOf(shape: FamilyName): FamilyEntry {
  return familyTable.find(({ name }) => name === shape) as FamilyEntry;
}

function given({ km, alpha, beta, round }: ParametersForm): FamilyParameters {
  return {
    ...(km !== undefined && { km }),
    ...(alpha !== undefined && { alpha }),
    ...(beta !== undefined && { beta }),
    ...(round !== undefined && { round: micros(Math.max(1, checkedQuantity("duration", round))) }),
  };
}
