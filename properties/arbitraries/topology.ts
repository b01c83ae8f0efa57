// Small topologies for properties: forests with scopes whose flows join any ancestor with any descendant in any direction.
// Every value is well-formed and shrinks towards one cloudlet without flows. Sweeps use workloads/topologies, whose trees are
// larger and look like something; these look like nothing in particular, which is their use.

import fc from "fast-check";
import type { FlowSpec, LinkSpec, TopologySpec } from "../../model/topology/spec.ts";
import { millis } from "../../model/units.ts";

/** Bounds of the topologies. */
export interface TopologySpecConstraints {
  /** At least 1; default 10. */
  readonly cloudletsMax?: number;
  /** Default 3. */
  readonly scopesMax?: number;
}

/** Well-formed topologies: cloudlets `c0`, `c1`, ..., scopes `s0` with prefix `s0/`, ..., a link along every control edge. */
export function topologySpecs(constraints: TopologySpecConstraints = {}): fc.Arbitrary<TopologySpec> {
  const { cloudletsMax = 10, scopesMax = 3 } = constraints;
  // An upper is drawn as a number modulo the cloudlets before it, and none when it comes out as the cloudlet itself.
  const uppers = fc.array(fc.nat(cloudletsMax), { minLength: 1, maxLength: cloudletsMax });
  const choices = fc.array(
    fc.record({
      scope: fc.nat(),
      lower: fc.nat(),
      layers: fc.nat(),
      direction: fc.constantFrom("up", "down", "both"),
      linked: fc.boolean(),
    }),
    { maxLength: 3 * cloudletsMax },
  );
  return fc
    .tuple(uppers, fc.integer({ min: 1, max: scopesMax }), choices, fc.nat({ max: 100 }))
    .map(([drawn, scopeCount, flowChoices, delay]) => {
      const upperOf = drawn.map((draw, cloudlet) => (draw % (cloudlet + 1) === cloudlet ? -1 : draw % (cloudlet + 1)));
      const flows = new Map<string, FlowSpec>();
      const links = new Map<string, LinkSpec>();
      const link = (upper: number, lower: number): void => {
        links.set(`${upper} ${lower}`, {
          a: `c${upper}`,
          b: `c${lower}`,
          forth: { delay: millis(1 + (delay % 7) * lower) },
        });
      };
      for (const [cloudlet, upper] of upperOf.entries()) if (upper >= 0) link(upper, cloudlet);
      for (const choice of flowChoices) {
        const lower = choice.lower % upperOf.length;
        const ancestors: number[] = [];
        for (let upper = upperOf[lower] ?? -1; upper >= 0; upper = upperOf[upper] ?? -1) ancestors.push(upper);
        const upper = ancestors[choice.layers % Math.max(1, ancestors.length)];
        if (upper === undefined) continue;
        const scope = `s${choice.scope % scopeCount}`;
        const direction = choice.direction;
        flows.set(`${scope} ${upper} ${lower}`, { scope, upper: `c${upper}`, lower: `c${lower}`, direction });
        if (choice.linked) link(upper, lower);
      }
      return {
        cloudlets: upperOf.map((upper, cloudlet) => ({
          name: `c${cloudlet}`,
          ...(upper >= 0 && { upper: `c${upper}` }),
        })),
        scopes: Array.from({ length: scopeCount }, (_, scope) => ({ name: `s${scope}`, prefix: `s${scope}/` })),
        flows: [...flows.values()],
        links: [...links.values()],
      };
    });
}
