// Topologies in a few words, for transcripts: one line per cloudlet, scope and flow. Links lie where flows need them and
// take a millisecond. For scenarios there is a richer form; this one is for reading at a glance.
//
//   cloudlet b upper=a
//   scope users resolver=return-them-all durability=memory
//   flow users a-b both

import { buildTopology } from "../topology/build.ts";
import type { CloudletSpec, FlowDirection, FlowSpec, LinkSpec, ScopeSpec } from "../topology/spec.ts";
import type { ResolverName } from "../topology/resolvers.ts";
import type { Topology } from "../topology/topology.ts";
import { millis } from "../units.ts";
import { parseCommand } from "./transcript.ts";

/** The topology, or why there is none. */
export type TopologyText =
  { readonly kind: "topology"; readonly topology: Topology } | { readonly kind: "refused"; readonly why: string };

/** Reads a topology; the prefix of a scope's keys is its name and a slash. */
export function readTopology(lines: readonly string[]): TopologyText {
  const cloudlets: CloudletSpec[] = [];
  const scopes: ScopeSpec[] = [];
  const flows: FlowSpec[] = [];
  const links = new Map<string, LinkSpec>();
  for (const line of lines) {
    const { name: kind, operands, options } = parseCommand(line);
    const [name = "", ends = "", direction = ""] = operands;
    if (kind === "cloudlet") {
      const upper = options.get("upper");
      cloudlets.push({ name, ...(upper !== undefined && { upper }) });
    } else if (kind === "scope") {
      const resolver = (options.get("resolver") ?? "lww-hlc") as ResolverName;
      const durability = (options.get("durability") ?? "disk") as "disk" | "memory";
      scopes.push({ name, prefix: `${name}/`, resolver, durability });
    } else if (kind === "flow") {
      const [upper = "", lower = ""] = ends.split("-");
      flows.push({ scope: name, upper, lower, direction: direction as FlowDirection });
      links.set(ends, { a: upper, b: lower, forth: { delay: millis(1) } });
    } else {
      return { kind: "refused", why: `${kind}: neither cloudlet, scope nor flow` };
    }
  }
  const built = buildTopology({ cloudlets, scopes, flows, links: [...links.values()] });
  if (built.kind === "topology") return built;
  return { kind: "refused", why: built.refusals.map(({ message }) => message).join("\n") };
}
