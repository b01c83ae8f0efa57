// Aliveness in a scenario as the simulator runs it: how cloudlets watch those below them, what is observed at each of them, and what
// people above say of whom. Plain data, as the rest of it (scenario.ts). Leaves out what a mark is (model/control/aliveness.ts).

import type { AlivenessSettings } from "../../model/control/aliveness-settings.ts";
import type { Confirmation } from "../../model/control/confirmations.ts";
import type { ViewClass } from "../../model/control/view.ts";
import type { Instant } from "../../model/units.ts";
import type { DurationSpec } from "./duration-spec.ts";

/** What is observed of some cloudlets, each class of each of them by itself. */
export interface ObservedSource {
  readonly at: readonly string[];
  readonly classes: readonly ViewClass[];
  /** From one observation to the next. */
  readonly interval: DurationSpec;
  /** Values are drawn evenly between these, both included. */
  readonly least: number;
  readonly most: number;
}

/** What a person says of a cloudlet below. */
export interface PersonsWord {
  readonly at: Instant;
  /** The cloudlet where it is said. */
  readonly by: string;
  readonly about: string;
  /** `clear` takes back all that is known of it there. */
  readonly says: Confirmation["says"];
  /** In words; may be empty. */
  readonly detail: string;
}

/** All of it. */
export interface AlivenessSetting {
  readonly settings: AlivenessSettings;
  readonly observed: readonly ObservedSource[];
  /** In the order of the file. */
  readonly confirmations: readonly PersonsWord[];
}
