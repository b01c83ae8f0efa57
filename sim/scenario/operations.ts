// The operations of a scenario as the simulator runs it: who asks for what, how queues and custody are kept, and which planes
// there are. Plain data, as the rest of it (scenario.ts). Leaves out what an operation is (model/control).

import type { Actor, PlaneName } from "../../model/control/catalogue.ts";
import type { CapPolicy, Caps } from "../../model/control/queue.ts";
import type { Bytes, Duration, Instant } from "../../model/units.ts";
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
  /** 0 to 9 each; one of them, evenly. */
  readonly priorities: readonly number[];
  /** What the plane is to be told, in bytes. */
  readonly payload: Bytes;
  /** How long it may wait; null: for as long as it takes. */
  readonly expiry: Duration | null;
  /** How many each of them asks for at most; null: as many as the duration allows. */
  readonly count: number | null;
  /** So many parts per million come after the latest operation that this issuer has at the same cloudlet for the same target. */
  readonly after: { readonly issuer: string; readonly share: number } | null;
  /** So many parts per million are taken back so long after they were accepted. */
  readonly takesBack: { readonly share: number; readonly after: Duration } | null;
  /** The version of the operation schema that they need; left out: 1, which every cloudlet has from the start. */
  readonly needs?: number;
  /** Asks for what is not his to ask: kinds that are not for him, and cloudlets that are not below. */
  readonly intrudes: boolean;
}

/** A plane that a cloudlet does not have. */
export interface MissingPlane {
  readonly cloudlet: string;
  readonly plane: PlaneName;
}

/** A plane that keeps what it has done on the disk of its cloudlet, and forgets it with that. */
export interface ForgetfulPlane {
  readonly cloudlet: string;
  readonly plane: PlaneName;
}

/** A plane that does nothing for a while. `until` null: until the healing at the end of the load. */
export interface PlaneOutage {
  readonly cloudlet: string;
  readonly plane: PlaneName;
  readonly from: Instant;
  readonly until: Instant | null;
  /** Of the store that it lives on: these go down, counted from 0; left out: all of them. */
  readonly members?: readonly number[];
}

/** A plane that lives on a store of several members, and works while most of them are up. */
export interface PlaneStore {
  readonly cloudlet: string;
  readonly plane: PlaneName;
  readonly members: number;
}

/** A plane that fails at some of what it is told to do: so many parts per million. It is through with them as soon as with others. */
export interface PlaneFailures {
  readonly cloudlet: string;
  readonly plane: PlaneName;
  readonly share: number;
}

/** Objects of a kind, and the key of each one's state, with `{cloudlet}` and `{object}` in place of the target's name and its own. */
export interface KeptObjects {
  readonly objects: string;
  readonly at: string;
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
  readonly failures: readonly PlaneFailures[];
  /** Where the state of objects is kept among the data, by kind of object; left out: nowhere. */
  readonly kept?: readonly KeptObjects[];
  /** Cloudlets from which nothing comes up over the edge above them; left out where there are none. */
  readonly oneWay?: readonly string[];
  /** Left out where there are none: a plane that is not named remembers whatever becomes of that disk. */
  readonly forgetful?: readonly ForgetfulPlane[];
  /** Left out where there are none: a plane that is not named lives on one member. */
  readonly stores?: readonly PlaneStore[];
}

/** How one of an issuer's objects is called. */
export function objectName({ name }: Pick<OperationIssuer, "name">, number: number): string {
  return `${name}-${number}`;
}

/** What a plane is told: nothing that means anything, but so long. */
export function payloadOf(size: number): string {
  return "x".repeat(size);
}
