// What a control layer knows of targets that are away: what is confirmed of them, which ends are final therefore, and where custody goes
// under another plan. These parts are made together, over one store.

import type { ReplicationCore } from "../replication/io.ts";
import type { Topology } from "../topology/topology.ts";
import type { Bench } from "./bench.ts";
import type { Line } from "./line.ts";
import { Closing } from "./closing.ts";
import { markKeysOf, type MarkKeys } from "./mark-keys.ts";
import { issuerOf } from "./operation.ts";
import { Registry } from "./registry.ts";
import { Replan } from "./replan.ts";

/** These parts. */
export interface Away {
  readonly marks: MarkKeys;
  readonly registry: Registry;
  readonly closing: Closing;
  readonly replan: Replan;
}

/**
 * Makes them.
 *
 * @param topology the plan that the cloudlet started under
 * @param like those of a control layer that is forked
 */
export function makeAway(
  bench: Bench,
  topology: Topology,
  store: Pick<ReplicationCore, "versions" | "keys">,
  like: Away | null,
): Away {
  const marks = markKeysOf(topology);
  const versions = (key: string): ReturnType<typeof store.versions> => store.versions(key);
  const registry = new Registry(bench, marks, versions, like?.registry ?? null);
  const closing = new Closing(bench, registry, marks, versions, () => store.keys(), like?.closing ?? null);
  return { marks, registry, closing, replan: new Replan(bench, versions, like?.replan ?? null) };
}

/** The operations that were issued here and whose end is still to be told are looked at again. */
export function lookAgain({ book, self }: Bench, changed: (line: Line) => void): void {
  for (const line of [...book.lines()]) if (issuerOf(line.id) === self && !line.isTold) changed(line);
}
