/**
 * The core of a scenario: who is healed when the load ends. Whoever of it replicates with each other must be able to do so over
 * links within it, since what is broken elsewhere stays broken.
 */
import type { Topology } from "../../model/topology/topology.ts";
import type { ProblemList, SiteNames } from "./resolving.ts";

/** The names that a selection stands for. `topology` is null where it has been refused already. */
export function resolveCore(
  selection: string | readonly string[],
  { sites, topology, problems }: { sites: SiteNames; topology: Topology | null; problems: ProblemList },
): readonly string[] {
  const names = sites.select(selection, ["core"]);
  if (topology === null) return names;
  if (names.length === 0) problems.add(["core"], "expected at least one cloudlet, found none; name one");
  const missing = siteBetween(topology, new Set(names));
  if (missing !== null) {
    const { from, to, site } = missing;
    const why = `expected a core that holds the sites between its members, found that ${from} replicates with ${to} over ${site}`;
    problems.add(["core"], `${why}; add ${site}, or take one of the two out`);
  }
  return names;
}

/** A site outside of a core over which two of its members replicate under some plan; null where there is none. */
export function siteBetween(
  topology: Topology,
  core: ReadonlySet<string>,
): { readonly from: string; readonly to: string; readonly site: string } | null {
  const nameOf = (id: number): string => topology.cloudlets[id]?.name ?? "";
  for (const plan of topology.plans) {
    for (const { id, name } of plan.cloudlets) {
      if (!core.has(name)) continue;
      for (const { peer } of plan.neighbours(id)) {
        if (!core.has(nameOf(peer))) continue;
        for (const { link } of plan.routeBetween(id, peer) ?? []) {
          const ends = topology.links[link];
          const outside = [ends?.a, ends?.b].find((end) => end !== undefined && !core.has(nameOf(end)));
          if (outside !== undefined) return { from: name, to: nameOf(peer), site: nameOf(outside) };
        }
      }
    }
  }
  return null;
}
