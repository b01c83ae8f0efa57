// Whether a scenario has control layers around its replicas, and how operations are treated there: as it says, or as usual where only
// aliveness is asked for.

import { defaultSettings } from "../../model/control/default-settings.ts";
import { millis } from "../../model/units.ts";
import type { OperationsSetting } from "./operations.ts";
import type { Scenario } from "./scenario.ts";

/** Where nobody asks for operations, and all planes work. */
export const noOperations: OperationsSetting = {
  issuers: [],
  custody: defaultSettings.custody,
  caps: defaultSettings.caps,
  policy: defaultSettings.policy,
  takes: { kind: "constant", value: millis(100) },
  missing: [],
  outages: [],
  failures: [],
};

/** What of a scenario needs control layers. */
export type Controlled = Pick<Scenario, "operations" | "aliveness">;

/** How operations are treated; null where there are no control layers. */
export function operationsIn({ operations, aliveness }: Controlled): OperationsSetting | null {
  return operations ?? (aliveness === undefined ? null : noOperations);
}

/** Does a control layer stand around every replica? */
export function isControlled(scenario: Controlled): boolean {
  return operationsIn(scenario) !== null;
}
