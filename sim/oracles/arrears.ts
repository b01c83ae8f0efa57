// What was still to come: the most records that one cloudlet lacked at once, of those meant for it, and for how long after the
// healing records still became visible. Both tell how far a hierarchy had fallen behind, and how soon it caught up.
//
// Where plans change, a record counts for whom the plans together lead it to. Leaves out what is still missing in the end, and
// why (convergence.ts).

import type { Listener } from "./oracle.ts";
import type { Truth } from "./truth.ts";

/** The measurements. */
export interface Arrears extends Listener {
  /** Name and value, in a fixed order. `hasConverged`: nothing that is due is missing in the end. */
  values(hasConverged: boolean): readonly (readonly [string, number])[];
}

/** Measures. */
export function arrears(truth: Truth): Arrears {
  // By cloudlet the records that are meant for it and not applied there.
  const lacking = new Int32Array(truth.topology.cloudlets.length);
  let most = 0;
  let healedAt = -1;
  let lastAt = -1;

  const lack = (cloudlet: number): void => {
    const count = (lacking[cloudlet] as number) + 1;
    lacking[cloudlet] = count;
    if (count > most) most = count;
  };

  return {
    written(_at, record) {
      const origin = truth.originOf.data[record] as number;
      const members = truth.reach.membersOf(truth.setOf.data[record] as number);
      for (let index = 0; index < members.length; index += 1) {
        const member = members[index] as number;
        if (member !== origin) lack(member);
      }
    },
    applied(at, cloudlet, record, _from, isAgain, isReached) {
      lastAt = at;
      if (!isReached || (!isAgain && truth.originOf.data[record] === (cloudlet as number))) return;
      lacking[cloudlet] = (lacking[cloudlet] as number) - 1;
    },
    unapplied(cloudlet) {
      lack(cloudlet);
    },
    healed(at) {
      healedAt = at;
    },
    values(hasConverged) {
      const behind: readonly (readonly [string, number])[] = [["pending.max", most]];
      if (healedAt < 0 || !hasConverged) return behind;
      return [...behind, ["convergence.afterHeal", Math.max(0, lastAt - healedAt)]];
    },
  };
}
