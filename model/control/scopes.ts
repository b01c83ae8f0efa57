// The built-in scopes by which operations travel (N12), as ordinary scopes and flows that are added to a topology:
//
//   directives/c   written by everyone above c, and by c for itself; flows down the control path to c. Every layer on the way
//                  holds a copy (custody `shared`).
//   custody/c      written by the adjacent upper of c; one hop down to c (custody `distributed`).
//   results/c      written by c, and by those above c about it; flows up the control path to its root.
//   local          held by everybody alone: what concerns nobody else.
//
// Each is one-way, so that every writer is a stream of its own and nothing waits for word from the other side. Siblings are
// returned, never chosen among: two ends decided apart are both to be seen.

import type { FlowSpec, ScopeSpec, TopologySpec } from "../topology/spec.ts";

/** The built-in scopes of one cloudlet, in the order in which they are added. */
export const scoped = ["directives", "custody", "results"] as const;

/** Kinds of keys: those of the built-in scopes, and what a cloudlet keeps of an operation for itself. */
export const carriers = [...scoped, "held"] as const;

/** A kind of key. */
export type Carrier = (typeof carriers)[number];

/** The name of a built-in scope. */
export function scopeName(carrier: Carrier, cloudlet: string): string {
  return `${carrier}/${cloudlet}`;
}

/** What its keys begin with. */
export function scopePrefix(carrier: Carrier, cloudlet: string): string {
  return `~${carrier}/${cloudlet}/`;
}

/** What all keys of the scope begin with that nobody else receives. */
export const localPrefix = "~local/";

/**
 * The same family of plans, with the scopes and flows that operations need. What is wrong with a plan is left to be refused
 * when it is built. Where flows cannot ride, since two adjacent cloudlets have no link, that is refused then, too.
 */
export function withOperations(plans: readonly TopologySpec[]): readonly TopologySpec[] {
  const governed = new Set(
    plans.flatMap((plan) => plan.cloudlets.filter(({ upper }) => upper !== undefined)).map(nameOf),
  );
  const names = [...new Set(plans.flatMap((plan) => plan.cloudlets.map(nameOf)))].filter((name) => governed.has(name));
  const added: ScopeSpec[] = [{ name: "local", prefix: localPrefix, resolver: "return-them-all" }];
  for (const name of names) {
    for (const carrier of scoped) {
      added.push({
        name: scopeName(carrier, name),
        prefix: scopePrefix(carrier, name),
        resolver: "return-them-all",
        // Who is detached goes on with what it has, and so does whoever was above it.
        outlivesPlans: true,
      });
    }
  }
  return plans.map((plan) => ({
    ...plan,
    scopes: [...plan.scopes, ...added],
    flows: [...plan.flows, ...names.flatMap((name) => flowsOf(plan, name))],
  }));
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

// From a cloudlet up to its root. A circle is refused elsewhere; here it must only not be walked for ever.
function flowsOf(plan: TopologySpec, cloudlet: string): readonly FlowSpec[] {
  const flows: FlowSpec[] = [];
  const seen = new Set<string>();
  for (let lower = cloudlet; !seen.has(lower);) {
    seen.add(lower);
    const upper = plan.cloudlets.find(({ name }) => name === lower)?.upper;
    if (upper === undefined) break;
    flows.push({ scope: scopeName("directives", cloudlet), upper, lower, direction: "down" });
    if (lower === cloudlet) flows.push({ scope: scopeName("custody", cloudlet), upper, lower, direction: "down" });
    flows.push({ scope: scopeName("results", cloudlet), upper, lower, direction: "up" });
    lower = upper;
  }
  return flows;
}
