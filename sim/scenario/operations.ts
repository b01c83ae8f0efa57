// The operations of a scenario as the simulator runs it: who asks for what, how queues and custody are kept, and which planes
// there are. Plain data, as the rest of it (scenario.ts). Leaves out what an operation is (model/control).

import type { Actor, PlaneName } from "../../model/control/catalogue.ts";
import type { CapPolicy, Caps } from "../../model/control/queue.ts";
import type { Duration, Instant } from "../../model/units.ts";
import type { DurationSpec } from "./duration-spec.ts";

/** People who ask for operations, one at each of some cloudlets. */
export interface OperationIssuer {
  readonly name: string;
  /** Where they ask. */
  readonly at: readonly string[];
  /** For whom: one of these, evenly; null: one of those below the cloudlet where it is asked. */
  readonly targets: readonly string[] | null;
  /** Of the catalogue; one of them, evenly. */
  readonly kinds: readonly string[];
  /** From one to the next; one that comes while the last one is not answered yet waits for that. */
  readonly interval: DurationSpec;
  /** How many objects at each target they work on. */
  readonly objects: number;
  readonly actor: Actor;
  /** 0 to 9. */
  readonly priority: number;
  /** How long it may wait; null: for as long as it takes. */
  readonly expiry: Duration | null;
  /** How many each of them asks for at most; null: as many as the duration allows. */
  readonly count: number | null;
}

/** A plane that a cloudlet does not have. */
export interface MissingPlane {
  readonly cloudlet: string;
  readonly plane: PlaneName;
}

/** A plane that does nothing for a while. `until` null: until the healing at the end of the load. */
export interface PlaneOutage {
  readonly cloudlet: string;
  readonly plane: PlaneName;
  readonly from: Instant;
  readonly until: Instant | null;
}

/** All of it. */
export interface OperationsSetting {
  readonly issuers: readonly OperationIssuer[];
  readonly custody: "shared" | "distributed";
  /** Of each queue. */
  readonly caps: Caps;
  readonly policy: CapPolicy;
  /** How long a plane works on an operation. */
  readonly takes: DurationSpec;
  /** Planes that are not named are there, and work. */
  readonly missing: readonly MissingPlane[];
  readonly outages: readonly PlaneOutage[];
}

/** How one of an issuer's objects is called. */
export function objectName({ name }: Pick<OperationIssuer, "name">, number: number): string {
  return `${name}-${number}`;
}
