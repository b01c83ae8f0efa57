// A family of plans: the shapes that one system may take while it runs. Each plan has its own control forest and flows over
// the same cloudlets, scopes and links (T14); a cloudlet that is not yet, or no longer, in use has no flows there. Replicas
// are made with the whole family and told one by one which plan to go by (`adoptPlan`), so that at any moment some may
// live under one plan and some under another.
//
// Built together, because a stream is one stream under all plans (plan-streams.ts), and because what may stand for what in
// a session's past must hold under all of them (replication/reach.ts).

import { assemble, buildTopology, checkGround, refuseTooLarge } from "./build.ts";
import { quoted } from "./names.ts";
import { derivePlanStreams } from "./plan-streams.ts";
import { collectRefusals, type Refusal, type Refusals } from "./rules.ts";
import { RESOLVER_DEFAULT } from "./scopes.ts";
import type { ScopeSpec, TopologySpec } from "./spec.ts";
import type { Topology } from "./topology.ts";

/** A breach, and the plan that has it. */
export interface PlanRefusal extends Refusal {
  readonly plan: number;
}

/** A family that keeps all rules, or every breach of every rule. */
export type BuiltPlans =
  | { readonly kind: "plans"; readonly plans: readonly Topology[] }
  | { readonly kind: "refused"; readonly refusals: readonly PlanRefusal[] };

/**
 * Checks and indexes a family, the plan that everybody begins with first. A family of one is what `buildTopology` makes.
 *
 * @returns refusals by plan, never an empty list; bad input never throws
 */
export function buildPlans(specs: readonly TopologySpec[]): BuiltPlans {
  const first = specs[0];
  if (first === undefined || specs.length === 1) {
    const built = buildTopology(first ?? { cloudlets: [], scopes: [], flows: [], links: [] });
    if (built.kind === "topology") return { kind: "plans", plans: built.topology.plans };
    return { kind: "refused", refusals: built.refusals.map((refusal) => ({ ...refusal, plan: 0 })) };
  }
  const refused: PlanRefusal[] = [];
  const grounds = specs.map((spec, plan) => {
    const refusals = collectRefusals();
    // One mistake is told once: what all plans share is judged in the first one, what differs from it in the others.
    if (plan > 0) checkSame(first, spec, refusals);
    const ground = refusals.list.length > 0 ? null : checkGround(spec, refusals);
    for (const refusal of refusals.list) {
      const isTold = refused.some(({ rule, message }) => rule === refusal.rule && message === refusal.message);
      if (!isTold) refused.push({ ...refusal, plan });
    }
    return ground;
  });
  const checked = grounds.filter((ground) => ground !== null);
  if (checked.length < specs.length) return { kind: "refused", refusals: refused };

  const streams = derivePlanStreams(
    first.cloudlets.length,
    first.scopes.length,
    checked.map(({ flows }) => flows),
    first.scopes.map(({ outlivesPlans }) => outlivesPlans === true),
  );
  if (streams.kind === "tooLarge") {
    const refusals = collectRefusals();
    refuseTooLarge(streams, first, refusals);
    return { kind: "refused", refusals: refusals.list.map((refusal) => ({ ...refusal, plan: 0 })) };
  }
  const plans: Topology[] = [];
  for (const [plan, ground] of checked.entries()) plans.push(assemble(ground, streams.plans[plan]!, plan, plans));
  return { kind: "plans", plans: Object.freeze(plans) };
}

function checkSame(first: TopologySpec, spec: TopologySpec, refusals: Refusals): void {
  const names = spec.cloudlets.map(({ name }) => name);
  const namesFirst = first.cloudlets.map(({ name }) => name);
  if (names.join("\n") !== namesFirst.join("\n")) {
    const differs = namesFirst.findIndex((name, index) => name !== names[index]);
    const at = differs < 0 ? namesFirst.length : differs;
    const both = `${quoted(names[at] ?? "nobody")} stands where the first plan has ${quoted(namesFirst[at] ?? "nobody")}`;
    refusals.add(
      "T14",
      ["cloudlets", at],
      `${both}; list the same cloudlets in the same order, and give no flows to those not in use`,
    );
  }
  for (let index = 0; index < Math.max(first.scopes.length, spec.scopes.length); index += 1) {
    checkScope(first.scopes[index], spec.scopes[index], index, refusals);
  }
  if (spec.links !== first.links && JSON.stringify(spec.links) !== JSON.stringify(first.links)) {
    refusals.add(
      "T14",
      ["links"],
      "links differ from those of the first plan; list the links of all plans in each of them",
    );
  }
}

function checkScope(old: ScopeSpec | undefined, now: ScopeSpec | undefined, index: number, refusals: Refusals): void {
  const label = `scope ${quoted((old ?? now)?.name ?? "")}`;
  if (old === undefined || now === undefined || old.name !== now.name) {
    const reason =
      old === undefined ? "is not in the first plan" : "of the first plan is missing or elsewhere in the list";
    refusals.add("T14", ["scopes", index], `${label} ${reason}; list the same scopes in the same order in every plan`);
    return;
  }
  const properties = [
    ["prefix", old.prefix, now.prefix],
    ["resolver", old.resolver ?? RESOLVER_DEFAULT, now.resolver ?? RESOLVER_DEFAULT],
    ["durability", old.durability ?? "disk", now.durability ?? "disk"],
  ] as const;
  for (const [property, before, after] of properties) {
    if (before === after) continue;
    refusals.add(
      "T14",
      ["scopes", index, property],
      `${label} changes its ${property} from ${quoted(before)} to ${quoted(after)}; what stands in it was written under ` +
        `the old one: add a scope of another name and prefix instead`,
    );
  }
}
