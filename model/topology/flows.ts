// Replication flows: ends that exist and stand in the right relation (T4), no cycle (T5), a known scope (T6), one flow
// per scope and ends (T7), names (T1). Which links they ride on is routes.ts; what they reach is streams.ts.

import { flawOfName, quoted } from "./names.ts";
import type { Forest } from "./relations.ts";
import type { Refusals, SpecPath } from "./rules.ts";
import type { Scopes } from "./scopes.ts";
import type { Sites } from "./sites.ts";
import type { FlowDirection, FlowSpec } from "./spec.ts";

/** A flow whose ends and scope are known and in order. */
export interface FlowEnds {
  /** Index in the spec. */
  readonly index: number;
  readonly name: string;
  readonly spec: FlowSpec;
  readonly scope: number;
  readonly upper: number;
  readonly lower: number;
  readonly direction: FlowDirection;
}

/** The name of a flow that gives none: `users:EAL1-EAL2`. */
export function flowName(spec: FlowSpec): string {
  return spec.name ?? `${spec.scope}:${spec.upper}-${spec.lower}`;
}

/** Checks T4 to T7 and the names of flows; returns the flows that keep them, in the order of the spec. */
export function checkFlows(specs: readonly FlowSpec[], sites: Sites, scopes: Scopes, refusals: Refusals): FlowEnds[] {
  const flows: FlowEnds[] = [];
  // Flows whose ends exist, where nobody can say which end is above: only their cycles can be judged.
  const unjudged: FlowEnds[] = [];
  const names = specs.map(flowName);
  for (let index = 0; index < specs.length; index += 1) {
    const spec = specs[index]!;
    const name = names[index]!;
    const scope = scopes.names.find(spec.scope);
    const upper = sites.names.find(spec.upper);
    const lower = sites.names.find(spec.lower);
    if (scope === null) {
      const message = `flow ${quoted(name)} carries nothing known: ${scopes.names.unknown(spec.scope)}`;
      refusals.add("T6", ["flows", index, "scope"], message);
    }
    if (upper === null) refuseEnd(sites, index, name, "upper", spec.upper, refusals);
    if (lower === null) refuseEnd(sites, index, name, "lower", spec.lower, refusals);
    if (upper === null || lower === null) continue;
    const flow: FlowEnds = { index, name, spec, scope: scope ?? -1, upper, lower, direction: spec.direction };
    if (sites.forest === null) unjudged.push(flow);
    else if (endsAreOrdered(flow, sites, sites.forest, refusals) && scope !== null) flows.push(flow);
  }
  if (!areDistinct(specs, flows.length, sites, scopes)) checkNames(specs, names, refusals);
  checkDuplicates(flows, sites.specs.length, refusals);
  // Where control is a forest, T5 follows from T4: from upper to lower, every step leads further down.
  checkCycle(unjudged, sites, refusals);
  return flows;
}

function refuseEnd(
  { names }: Sites,
  index: number,
  flow: string,
  end: "upper" | "lower",
  name: string,
  refusals: Refusals,
): void {
  refusals.add("T4", ["flows", index, end], `flow ${quoted(flow)} has an unknown end: ${names.unknown(name)}`);
}

function endsAreOrdered(flow: FlowEnds, sites: Sites, forest: Forest, refusals: Refusals): boolean {
  const relation = forest.relation(flow.upper, flow.lower);
  if (relation === "lower") return true;
  const path: SpecPath = ["flows", flow.index];
  const label = `flow ${quoted(flow.name)}`;
  const upper = quoted(flow.spec.upper);
  const lower = quoted(flow.spec.lower);
  switch (relation) {
    case "same":
      refusals.add(
        "T4",
        [...path, "lower"],
        `${label} leads from ${upper} to itself; take it away, or name another end`,
      );
      return false;
    case "upper":
      refusals.add("T4", path, `${label} stands on its head: ${lower} is above ${upper}; swap upper and lower`);
      return false;
    case "horizontal": {
      const common = commonUpper(forest, flow.upper, flow.lower);
      const remedy =
        common === null
          ? "they have no common upper layer, so nothing can flow between them; give them one, or take the flow away"
          : `let the scope flow up to ${quoted(sites.specs[common]?.name ?? "")} and down from there instead`;
      const reason = "neither is above the other, and horizontal cloudlets never replicate to each other";
      refusals.add("T4", path, `${label} joins ${upper} and ${lower}: ${reason}; ${remedy}`);
      return false;
    }
  }
}

/** The nearest cloudlet that is above both, or null. */
function commonUpper(forest: Forest, a: number, b: number): number | null {
  for (let upper = forest.uppers[a]!; upper >= 0; upper = forest.uppers[upper]!) {
    if (forest.relation(b, upper) === "upper") return upper;
  }
  return null;
}

/**
 * Do names differ for certain where scopes or ends do? So they do where nobody has written one, and no scope or cloudlet has the marks in
 * its name that stand between them.
 */
function areDistinct(specs: readonly FlowSpec[], known: number, sites: Sites, scopes: Scopes): boolean {
  return (
    known === specs.length &&
    specs.every(({ name }) => name === undefined) &&
    scopes.specs.every(({ name }) => !name.includes(":")) &&
    sites.specs.every(({ name }) => !name.includes("-"))
  );
}

function checkNames(specs: readonly FlowSpec[], names: readonly string[], refusals: Refusals): void {
  const firstOf = new Map<string, number>();
  for (let index = 0; index < specs.length; index += 1) {
    const spec = specs[index]!;
    const name = names[index]!;
    const flaw = spec.name === undefined ? null : flawOfName(spec.name);
    if (flaw !== null) refusals.add("T1", pathOfName(index), `a flow is named ${quoted(name)}, which ${flaw}`);
    const first = firstOf.get(name);
    if (first === undefined) firstOf.set(name, index);
    else if (!sameByDefault(specs[first]!, spec)) {
      const both = `flows[${first}] and flows[${index}] are both named ${quoted(name)}`;
      refusals.add("T1", pathOfName(index), `${both}; give one another name`);
    }
  }
}

function pathOfName(index: number): SpecPath {
  return ["flows", index, "name"];
}

/** Two flows that share a name because they share all that names them: that is T7's to tell. */
function sameByDefault(one: FlowSpec, other: FlowSpec): boolean {
  if (one.name !== undefined || other.name !== undefined) return false;
  return one.scope === other.scope && one.upper === other.upper && one.lower === other.lower;
}

function checkDuplicates(flows: readonly FlowEnds[], size: number, refusals: Refusals): void {
  const firstOf = new Map<number | string, FlowEnds>();
  for (const flow of flows) {
    const ends = flow.upper * size + flow.lower;
    const number = flow.scope * size * size + ends;
    // Where there are too many for a number that is exact, a text.
    const key = number <= Number.MAX_SAFE_INTEGER ? number : `${flow.scope} ${ends}`;
    const first = firstOf.get(key);
    if (first === undefined) {
      firstOf.set(key, flow);
      continue;
    }
    const both = `${quoted(flow.spec.upper)} and ${quoted(flow.spec.lower)} twice, as flows[${first.index}] and flows[${flow.index}]`;
    const remedy = `take one away${first.spec.direction === flow.spec.direction ? "" : ", or write one with direction both"}`;
    refusals.add("T7", ["flows", flow.index], `scope ${quoted(flow.spec.scope)} flows between ${both}; ${remedy}`);
  }
}

/** Refuses one cycle of the flows' ends, if there is any; iterative depth-first search. */
function checkCycle(flows: readonly FlowEnds[], sites: Sites, refusals: Refusals): void {
  const leaving = new Map<number, FlowEnds[]>();
  for (const flow of flows) {
    const others = leaving.get(flow.upper);
    if (others === undefined) leaving.set(flow.upper, [flow]);
    else others.push(flow);
  }
  const state = new Map<number, "open" | "done">();
  for (const start of leaving.keys()) {
    if (state.has(start)) continue;
    const trail: { readonly site: number; next: number }[] = [{ site: start, next: 0 }];
    state.set(start, "open");
    while (trail.length > 0) {
      const step = trail.at(-1)!;
      const flow = leaving.get(step.site)?.[step.next];
      step.next += 1;
      if (flow === undefined) {
        state.set(step.site, "done");
        trail.pop();
      } else if (!state.has(flow.lower)) {
        state.set(flow.lower, "open");
        trail.push({ site: flow.lower, next: 0 });
      } else if (state.get(flow.lower) === "open") {
        const from = trail.findIndex(({ site }) => site === flow.lower);
        const names = [...trail.slice(from).map(({ site }) => site), flow.lower].map(
          (site) => sites.specs[site]?.name ?? "",
        );
        const text = names.length <= 20 ? names : [...names.slice(0, 10), "...", ...names.slice(-9)];
        refusals.add(
          "T5",
          ["flows", flow.index],
          `flows run in a circle: ${text.join(" > ")}; take flow ${quoted(flow.name)} away`,
        );
        return;
      }
    }
  }
}
