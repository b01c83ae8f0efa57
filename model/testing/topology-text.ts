// Topologies in a few words, for transcripts: one line per cloudlet, scope and flow. Links lie where flows need them and
// take a millisecond. For scenarios there is a richer form; this one is for reading at a glance.
//
//   cloudlet b upper=a
//   scope users resolver=return-them-all durability=memory collect=60
//   flow users a-b both
//   plan
//   cloudlet b upper=c
//   flow users c-b both

import { withOperations } from "../control/scopes.ts";
import { buildPlans } from "../topology/plans.ts";
import type { CloudletSpec, FlowDirection, FlowSpec, LinkSpec, ScopeSpec } from "../topology/spec.ts";
import type { ResolverName } from "../topology/resolvers.ts";
import type { Topology } from "../topology/topology.ts";
import { millis, seconds } from "../units.ts";
import { parseCommand } from "./transcript.ts";

/** The topology, or why there is none. */
export type TopologyText =
  { readonly kind: "topology"; readonly topology: Topology } | { readonly kind: "refused"; readonly why: string };

/** One plan as it is read. */
interface PlanText {
  readonly cloudlets: CloudletSpec[];
  readonly flows: FlowSpec[];
}

/**
 * Reads a topology; the prefix of a scope's keys is its name and a slash. Every line `plan` begins another plan: the same
 * cloudlets with the uppers that it names anew, and the flows that follow. `isOperated`: with the scopes that operations need,
 * and a link between adjacent cloudlets.
 */
export function readTopology(lines: readonly string[], isOperated = false): TopologyText {
  const plans: PlanText[] = [{ cloudlets: [], flows: [] }];
  const scopes: ScopeSpec[] = [];
  const links = new Map<string, LinkSpec>();
  for (const line of lines) {
    const { name: kind, operands, options } = parseCommand(line);
    const [name = "", ends = "", direction = ""] = operands;
    const { cloudlets, flows } = plans.at(-1) as PlanText;
    if (kind === "cloudlet") {
      const upper = options.get("upper");
      const cloudlet = { name, ...(upper !== undefined && { upper }) };
      const known = cloudlets.findIndex((other) => other.name === name);
      if (plans.length > 1 && known >= 0) cloudlets[known] = cloudlet;
      else cloudlets.push(cloudlet);
    } else if (kind === "scope") {
      const resolver = (options.get("resolver") ?? "lww-hlc") as ResolverName;
      const durability = (options.get("durability") ?? "disk") as "disk" | "memory";
      const collect = options.get("collect");
      scopes.push({
        name,
        prefix: `${name}/`,
        resolver,
        durability,
        ...(collect !== undefined && { collect: seconds(Number(collect)) }),
      });
    } else if (kind === "flow") {
      const [upper = "", lower = ""] = ends.split("-");
      flows.push({ scope: name, upper, lower, direction: direction as FlowDirection });
      links.set(ends, { a: upper, b: lower, forth: { delay: millis(1) } });
    } else if (kind === "plan") {
      plans.push({ cloudlets: cloudlets.slice(), flows: [] });
    } else {
      return { kind: "refused", why: `${kind}: neither cloudlet, scope, flow nor plan` };
    }
  }
  if (isOperated) {
    for (const { name, upper } of plans.flatMap(({ cloudlets }) => cloudlets)) {
      if (upper !== undefined) links.set(`${upper}-${name}`, { a: upper, b: name, forth: { delay: millis(1) } });
    }
  }
  const specs = plans.map((plan) => ({ ...plan, scopes, links: [...links.values()] }));
  const built = buildPlans(isOperated ? withOperations(specs) : specs);
  if (built.kind === "plans") return { kind: "topology", topology: built.plans[0] as Topology };
  return { kind: "refused", why: built.refusals.map(({ message }) => message).join("\n") };
}
