// Random families of plans: a topology, and what becomes of it when cloudlets are moved below other uppers, alone or with all
// that is below them. A flow whose ends are no longer above each other is led to another ancestor or ends; some others
// end, begin, or turn round besides, so that scopes split, merge and change direction. Every plan is well-formed.

import { pick, type Rng } from "../../model/random.ts";
import type { FlowDirection, FlowSpec, LinkSpec, TopologySpec } from "../../model/topology/spec.ts";
import { millis } from "../../model/units.ts";

/** How flows follow their cloudlets. */
export type PlanStyle =
  /** Every flow stays a flow as far as it can. */
  | "faithful"
  /** One flow in ten ends or turns round with every plan. */
  | "wild";

const ONE_IN_TEN = 100_000;
const directions: readonly FlowDirection[] = ["up", "down", "both"];

/** Draws `count` plans, the given one first. Links are the same in all of them: those of all flows. */
export function drawPlans(rng: Rng, spec: TopologySpec, count: number, style: PlanStyle): readonly TopologySpec[] {
  const plans: TopologySpec[] = [spec];
  for (let plan = 1; plan < count; plan += 1) plans.push(changed(rng, plans[plan - 1] ?? spec, style));
  const links = linksOf(plans, spec.links);
  return plans.map((each) => ({ ...each, links }));
}

function changed(rng: Rng, spec: TopologySpec, style: PlanStyle): TopologySpec {
  const uppers = new Map(spec.cloudlets.map(({ name, upper }) => [name, upper]));
  for (let moves = 1 + rng.intInclusive(1); moves > 0; moves -= 1) {
    const moved = pick(rng, spec.cloudlets).name;
    const others = spec.cloudlets.filter(({ name }) => name !== moved && !ancestorsOf(uppers, name).includes(moved));
    // Roots stay roots: a forest of many trees has little to say to itself.
    if (uppers.get(moved) !== undefined && others.length > 0) uppers.set(moved, pick(rng, others).name);
  }
  const flows = new Map<string, FlowSpec>();
  for (const flow of spec.flows) {
    if (style === "wild" && rng.chance(ONE_IN_TEN)) continue;
    const above = ancestorsOf(uppers, flow.lower);
    const upper = above.includes(flow.upper) ? flow.upper : above[rng.intInclusive(Math.max(0, above.length - 1))];
    if (upper === undefined) continue;
    const direction = style === "wild" && rng.chance(ONE_IN_TEN) ? pick(rng, directions) : flow.direction;
    flows.set(`${flow.scope} ${upper} ${flow.lower}`, { scope: flow.scope, upper, lower: flow.lower, direction });
  }
  return {
    ...spec,
    cloudlets: spec.cloudlets.map(({ name }) => {
      const upper = uppers.get(name);
      return { name, ...(upper !== undefined && { upper }) };
    }),
    flows: [...flows.values()],
  };
}

/** Nearest first. */
function ancestorsOf(uppers: ReadonlyMap<string, string | undefined>, cloudlet: string): string[] {
  const ancestors: string[] = [];
  for (let upper = uppers.get(cloudlet); upper !== undefined; upper = uppers.get(upper)) ancestors.push(upper);
  return ancestors;
}

function linksOf(plans: readonly TopologySpec[], given: readonly LinkSpec[]): readonly LinkSpec[] {
  const links = given.slice();
  const known = new Set(given.flatMap(({ a, b }) => [`${a} ${b}`, `${b} ${a}`]));
  for (const { upper, lower } of plans.flatMap(({ flows }) => flows)) {
    if (known.has(`${upper} ${lower}`)) continue;
    known.add(`${upper} ${lower}`).add(`${lower} ${upper}`);
    links.push({ a: upper, b: lower, forth: { delay: millis(5) } });
  }
  return links;
}
