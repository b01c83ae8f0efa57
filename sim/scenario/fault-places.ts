/**
 * What single faults and composites check alike: names of links, and times that must lie in the run.
 *
 * Leaves out what each kind is made of (resolve-faults.ts, expand-faults.ts).
 */
import type { Rng } from "../../model/random.ts";
import type { TopologySpec } from "../../model/topology/spec.ts";
import { type Duration, type Instant, instant } from "../../model/units.ts";
import type { FormPath } from "./problem.ts";
import { checkedQuantity, type ProblemList, type SiteNames } from "./resolving.ts";
import type { ClockSetting } from "./scenario.ts";
import type { ScenarioForm } from "./schema.ts";

/** A fault as the form has it. */
export type FaultForm = NonNullable<ScenarioForm["faults"]>[number];

/** Does a link join these two? */
export type Joined = (a: string, b: string) => boolean;

/** Which pairs the links of a topology join; listed when somebody asks first. */
export function joinedBy({ links }: Pick<TopologySpec, "links">): Joined {
  let pairs: Set<string> | null = null;
  return (a, b) => {
    pairs ??= new Set(links.flatMap((link) => [JSON.stringify([link.a, link.b]), JSON.stringify([link.b, link.a])]));
    return pairs.has(JSON.stringify([a, b]));
  };
}

/** From when to when, as the form has it. */
export interface SpanForm {
  readonly from: string;
  readonly until?: string | undefined;
}

/** What faults are judged against. */
export interface FaultContext {
  readonly sites: SiteNames;
  readonly spec: TopologySpec;
  readonly joined: Joined;
  readonly duration: Duration;
  readonly clocks: readonly ClockSetting[];
  /** How far stamps may lead a clock that follows them, microseconds. */
  readonly clockBound: Duration;
  /** The stream that composites draw from. */
  readonly rng: Rng;
  readonly problems: ProblemList;
}

/** From when to when; null: with the load. */
export function resolveSpan(
  form: SpanForm,
  path: FormPath,
  context: FaultContext,
): { readonly from: Instant; readonly until: Instant | null } {
  const from = moment(form.from, [...path, "from"], context);
  if (form.until === undefined) return { from: instant(from), until: null };
  const until = checkedQuantity("duration", form.until);
  if (until <= from) {
    context.problems.add(
      [...path, "until"],
      `expected a time after from (${form.from}), found ${form.until}; end it later`,
    );
  }
  return { from: instant(from), until: instant(until) };
}

/** A time before the load ends: afterwards everything is healed, and nothing breaks any more. */
export function moment(text: string, path: FormPath, { duration, problems }: FaultContext): number {
  const value = checkedQuantity("duration", text);
  if (value >= duration) {
    problems.add(path, `expected a time before the load ends (duration), found ${text}; make one of them fit`);
  }
  return value;
}

/** Reports ends of a link that there is not. */
export function checkLink(
  [a, b]: readonly [string, string],
  path: FormPath,
  { sites, spec, joined, problems }: Pick<FaultContext, "sites" | "spec" | "joined" | "problems">,
): void {
  const known = [sites.check(a, [...path, 0]), sites.check(b, [...path, 1])];
  if (known.includes(false) || joined(a, b)) return;
  const near = spec.links.filter((link) => link.a === a || link.b === a).slice(0, 8);
  const others = near.map((link) => (link.a === a ? link.b : link.a));
  const remedy = others.length === 0 ? `${a} has no links` : `${a} has links to ${others.join(", ")}`;
  problems.add(path, `expected the two ends of a link, found ${a} and ${b}; ${remedy}`);
}
