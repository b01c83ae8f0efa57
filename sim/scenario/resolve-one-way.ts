/**
 * Edges of the control tree over which nothing comes back: whoever asks for operations over one has to say how long they may wait
 * (model/control/way-back.ts).
 */
import type { CloudletId } from "../../model/ids.ts";
import { lacksWayBack } from "../../model/control/way-back.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { OperationIssuer } from "./operations.ts";
import type { ProblemList, SiteNames } from "./resolving.ts";
import type { ScenarioForm } from "./schema.ts";

type Section = NonNullable<ScenarioForm["operations"]>;

/** What they are checked against. */
interface OneWayContext {
  readonly sites: SiteNames;
  /** Null where it was refused. */
  readonly topology: Topology | null;
  readonly problems: ProblemList;
}

/** The cloudlets of a section from which nothing comes up; empty for none. */
export function resolveOneWay(
  { oneWay }: Section,
  issuers: readonly OperationIssuer[],
  { sites, topology, problems }: OneWayContext,
): readonly string[] {
  if (oneWay === undefined) return [];
  const names = sites.select(oneWay, ["operations", "oneWay"]);
  if (topology === null) return names;
  const ids = new Set(names.flatMap((name) => topology.cloudletNamed(name) ?? []));
  const root = names.find((name) => topology.cloudlets.find((one) => one.name === name)?.upper === null);
  if (root !== undefined) {
    problems.add(
      ["operations", "oneWay"],
      `expected cloudlets below others, found ${root}, which has nobody above it; leave it out`,
    );
  }
  for (const [index, { at, targets, expiry, intrudes }] of issuers.entries()) {
    if (expiry !== null || intrudes) continue;
    const unheard = at.flatMap((name): readonly CloudletId[] => {
      const self = topology.cloudletNamed(name);
      if (self === null) return [];
      const meant = targets?.flatMap((target) => topology.cloudletNamed(target) ?? []) ?? topology.descendants(self);
      return meant.filter((target) => lacksWayBack(topology, ids, self, target)).slice(0, 1);
    })[0];
    if (unheard === undefined) continue;
    const name = topology.cloudlets[unheard]?.name ?? "";
    const what = `missing: expected how long operations may wait, since nothing comes back from ${name}`;
    problems.add(["operations", "issuers", index, "expiry"], `${what}; write for example 1min, or name other targets`);
  }
  return names;
}
