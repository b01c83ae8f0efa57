// How long something takes, as scenarios say it.

import type { Duration } from "../../model/units.ts";

/** How long something takes. */
export type DurationSpec =
  | { readonly kind: "constant"; readonly value: Duration }
  | { readonly kind: "uniform"; readonly min: Duration; readonly max: Duration }
  | { readonly kind: "exponential"; readonly mean: Duration }
  | { readonly kind: "lognormal"; readonly median: Duration; readonly sigmaPercent: number };
