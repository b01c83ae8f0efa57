// What stands in the store of a small world's cloudlet, read without the help of its control layer.

import type { CloudletId } from "../../model/ids.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import type { Topology } from "../../model/topology/topology.ts";

type Store = Pick<ReplicationCore, "keys" | "versions">;

/** What stands at a cloudlet for others, and has neither begun nor ended as far as it shows there, by target. */
export function standingAt(core: Store, topology: Topology, id: CloudletId): ReadonlyMap<number, ReadonlySet<string>> {
  const own = nameOf(topology, id);
  const standing = new Map<number, Set<string>>();
  for (const key of core.keys()) {
    const [, carrier, at, operation] = /^~(directives|custody)\/(.*)\/(.*)$/.exec(key) ?? [];
    if (carrier === undefined || at === own || operation === undefined) continue;
    const target = core.versions(key).flatMap(({ value }) => /^op .* to=(\d+) /.exec(value)?.[1] ?? [])[0];
    if (target === undefined) continue;
    const name = nameOf(topology, Number(target));
    const words = [`~directives/${name}/${operation}`, `~results/${name}/${operation}`];
    const isSettled = words.some((word) => core.versions(word).some(({ value }) => !value.startsWith("op ")));
    if (!isSettled) standing.set(Number(target), (standing.get(Number(target)) ?? new Set()).add(operation));
  }
  return standing;
}

/** What is known at a cloudlet to have been confirmed of another or of itself, by name. */
export interface Confirmed {
  readonly standing: readonly string[];
  readonly takenBack: readonly string[];
}

/** Reads that. */
export function confirmedAt(core: Store, topology: Topology, about: CloudletId): Confirmed {
  const name = nameOf(topology, about);
  const said: string[] = [];
  const takenBack: string[] = [];
  for (const key of [`~results/${name}/confirmed`, `~directives/${name}/confirmed`]) {
    for (const { value } of core.versions(key)) {
      const head = value.split(" | ")[0] ?? "";
      const [, says, id = "", revoked] = /^mark (\w+) (\S+) .*?(?:revokes=(\S+))?$/.exec(head) ?? [];
      if (says !== "clear") said.push(id);
      takenBack.push(...(revoked?.split(",") ?? []));
    }
  }
  return { standing: said.filter((id) => !takenBack.includes(id)), takenBack };
}

function nameOf(topology: Topology, id: number): string {
  return topology.cloudlets[id]?.name ?? "";
}
