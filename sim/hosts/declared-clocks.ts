// The clocks of a scenario's cloudlets, as it declares them: how machines are given theirs, and how somebody who must know what
// a cloudlet's clock showed works it out.

import { listOf } from "../../model/lists.ts";
import type { ClockSetting } from "../scenario/scenario.ts";
import { Clock } from "./clock.ts";

// What a right wall clock shows at true time 0, microseconds since 1970: a usual date, so that stamps have the size they
// have in production and a clock that runs behind is not cut off at zero.
const WALL_EPOCH = 1_577_836_800_000_000;

/** One clock for each of these cloudlets; those that no setting names are right. */
export function declaredClocks(names: readonly string[], settings: readonly ClockSetting[]): readonly Clock[] {
  const byName = new Map(settings.map((setting) => [setting.cloudlet, setting]));
  return listOf(names, (name) => {
    const setting = byName.get(name);
    return new Clock({ offset: WALL_EPOCH + (setting?.offset ?? 0), driftPpm: setting?.driftPpm ?? 0 });
  });
}
