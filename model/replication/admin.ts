// What people, or the software they run a cloudlet with, may tell its replica. Every command is plain data; one that makes no
// sense is answered with an event and changes nothing. What each of them does is in the file that it belongs to.

import type { CloudletId } from "../ids.ts";

/** A decision about one cloudlet, told to its replica. */
export type AdminCommand =
  /** Go over to another plan of the family that this replica was made with; plans are numbered from 0. */
  | { readonly kind: "adoptPlan"; readonly plan: number }
  /**
   * This member is away, and for how long nobody knows: deletes are to wait for it no longer (absences.ts). Close: it is gone
   * for good, and what it has taken along is waited for no longer.
   */
  | { readonly kind: "detach" | "close"; readonly member: CloudletId };
