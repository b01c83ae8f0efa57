// The functions of the user's that the texts of a plan name, for whoever runs its cases: once per thread.
//
// Leaves out which they are (find-code.ts), and who may do this: whoever calls has been allowed to run the code (cli/user-code.ts).

import type { MergeFunctions } from "../../model/replication/resolver.ts";
import { loadRecorded } from "../resolvers/load.ts";
import type { PlanSource } from "./plan.ts";

/**
 * Of each source, in their order.
 *
 * @throws ResolverFailed where a file is not what it was when the sweep was read
 */
export async function loadCode(sources: readonly PlanSource[]): Promise<readonly MergeFunctions[]> {
  const merges: MergeFunctions[] = [];
  for (const { resolvers = [] } of sources) merges.push(await loadRecorded(resolvers));
  return merges;
}
