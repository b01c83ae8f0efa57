// What the monotonic clocks of a run's cloudlets show, known from what its scenario declares and from what happens to its machines. Nobody
// asks the machines.

import type { CloudletId } from "../../model/ids.ts";
import type { Instant } from "../../model/units.ts";
import type { Clock } from "../hosts/clock.ts";
import { declaredClocks } from "../hosts/declared-clocks.ts";
import type { ClockSetting } from "../scenario/scenario.ts";
import type { MachineChange, Observer } from "./observer.ts";

/** The clocks; whoever has them passes on what observers hear of machines. */
export class ShownClocks {
  readonly #clocks: readonly Clock[];

  constructor(names: readonly string[], settings: readonly ClockSetting[]) {
    this.#clocks = declaredClocks(names, settings);
  }

  /** In microseconds. */
  monotonic(cloudlet: CloudletId, at: Instant): number {
    return this.#clock(cloudlet).monotonic(at);
  }

  /** As `Observer` has it. */
  crashed(at: Instant, cloudlet: CloudletId): void {
    this.#clock(cloudlet).setFrozen(at, false);
  }

  /** As `Observer` has it. */
  readonly machineChanged: Required<Observer>["machineChanged"] = (at, cloudlet, change: MachineChange) => {
    if (change.kind === "drifted") this.#clock(cloudlet).setDrift(at, change.driftPpm);
    if (change.kind === "paused" && change.clock === "stands") this.#clock(cloudlet).setFrozen(at, true);
    if (change.kind === "resumed") this.#clock(cloudlet).setFrozen(at, false);
  };

  #clock(cloudlet: CloudletId): Clock {
    return this.#clocks[cloudlet] as Clock;
  }
}
