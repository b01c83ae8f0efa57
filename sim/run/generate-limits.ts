// Time limits in drawn scenarios: half of what clients put is not to last, some of it for less than a message takes, some for
// longer than most crashes.

import type { Rng } from "../../model/random.ts";
import { micros } from "../../model/units.ts";
import type { ClientAction, ClientGroup } from "../scenario/scenario.ts";

const TTL_LEAST = 20_000;
const TTL_MOST = 1_500_000;

/** The same clients; of their puts every other one has a time limit. */
export function withLimits(clients: readonly ClientGroup[], rng: Rng): readonly ClientGroup[] {
  return clients.map((group) => ({
    ...group,
    mix: group.mix.flatMap((action): ClientAction[] => {
      if (action.kind !== "put") return [action];
      const ttl = micros(TTL_LEAST + rng.intInclusive(rng.intInclusive(TTL_MOST - TTL_LEAST)));
      return [action, { ...action, ttl }];
    }),
  }));
}
