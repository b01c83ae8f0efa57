// When a run may give records up (sim/oracles/giving-up.ts), by what its scenario says will come: the faults that end processes or
// copy disks, and whether clients move, plans change or members are detached, which needs everything.

import { assert } from "../../model/assert.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { KEEP_ALL, type GivingUp, type GivingUpBug } from "../oracles/giving-up.ts";
import type { Scenario } from "../scenario/scenario.ts";

/** As long as the ground truth holds fewer records, it keeps all: what small runs leave costs less than looking through it. */
export const GIVES_UP_FROM = 100_000;

/** What a run of this scenario may give up, once it holds so many records. */
export function givingUpOf(
  { faults, clients, script, travellers, plans, detachments, duration }: Scenario,
  topology: Topology,
  from: number,
  bug: GivingUpBug | null,
): GivingUp {
  const moves =
    travellers !== undefined ||
    clients.some(({ travel }) => travel !== undefined) ||
    script.some(({ op }) => op.kind === "detach" || op.kind === "attach");
  const ends =
    clients.some(({ mix }) => mix.some((action) => action.kind === "put" && action.ttl !== undefined)) ||
    script.some(({ op }) => op.kind === "put" && op.ttl !== undefined);
  if (from === Infinity || moves || ends || (plans ?? []).length > 0 || detachments !== undefined) return KEEP_ALL;
  const endsBy = new Array<number>(topology.cloudlets.length).fill(-1);
  const endsOne = (name: string, at: number): void => {
    const cloudlet = topology.cloudletNamed(name);
    assert(cloudlet !== null, "a fault at a cloudlet that does not exist");
    endsBy[cloudlet] = Math.max(endsBy[cloudlet] as number, at);
  };
  for (const fault of faults) {
    if (fault.kind === "crash" || fault.kind === "restoreBackup") {
      const isOpen = fault.kind === "crash" && fault.whenPending === true;
      endsOne(fault.cloudlet, isOpen ? duration : fault.at);
    } else if (fault.kind === "cloneDisk") {
      // The copy is in use from the start of the process on.
      for (const name of [fault.cloudlet, fault.source]) endsOne(name, fault.at + fault.after);
    }
  }
  return { from, endsBy, bug };
}
