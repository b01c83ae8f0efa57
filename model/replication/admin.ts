// What people, or the software they run a cloudlet with, may tell its replica. Every command is plain data; one that makes no
// sense is answered with an event and changes nothing. What each of them does is in the file that it belongs to.

/** A decision about one cloudlet, told to its replica. */
export type AdminCommand =
  /** Go over to another plan of the family that this replica was made with; plans are numbered from 0. */
  { readonly kind: "adoptPlan"; readonly plan: number };
