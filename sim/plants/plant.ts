// What a planted bug is. Leaves out which there are (plants.ts).

import type { ControlRules } from "../../model/control/rules.ts";
import type { Rules } from "../../model/replication/rules.ts";
import type { MachineBugs } from "../hosts/host.ts";
import type { OracleName } from "../oracles/names.ts";

/** One planted bug. */
export interface Plant {
  readonly name: string;
  /** The bug in one sentence. */
  readonly says: string;
  /** Oracles that must catch it, each on its own; the first is the one it was made for. */
  readonly catches: readonly OracleName[];
  /** The deviating rules of one replica; made anew for every process start, since some keep state. */
  readonly rules: () => Partial<Rules>;
  /** The deviating rules of one control layer, where the bug is one of those. */
  readonly controlRules?: () => Partial<ControlRules>;
  /** Where it shows: in scenarios that detach members, collect deletes, have operations, upgrade, lose the disks of those, or watch; left out where in any. */
  readonly world?: "detaching" | "collecting" | "operating" | "upgrading" | "losing" | "forgetting" | "watching";
  /** The number of a drawn world that shows it, where few do: the search begins there. It is no promise, and others follow. */
  readonly shownBy?: number;
  /** The bug is one of the machines, or needs one. */
  readonly machineBugs?: MachineBugs;
  /** Its rules keep things in mind: a copy of a replica begins without them, so that it cannot be explored. */
  readonly remembers?: true;
}
