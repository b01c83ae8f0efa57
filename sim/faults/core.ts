// Who is healed when the load of a scenario ends.

import { assert } from "../../model/assert.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** The members of a scenario's core; null: everybody. */
export function coreOf({ core }: Scenario, topology: Topology): ReadonlySet<CloudletId> | null {
  if (core === undefined) return null;
  return new Set(
    core.map((name) => {
      const cloudlet = topology.cloudletNamed(name);
      assert(cloudlet !== null, "a core with a cloudlet that does not exist");
      return cloudlet;
    }),
  );
}
