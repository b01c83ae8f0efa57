// How long something takes, as scenarios say it.

import type { Duration } from "../../model/units.ts";

/** How long something takes. */
export type DurationSpec =
  | { readonly kind: "constant"; readonly value: Duration }
  | { readonly kind: "uniform"; readonly min: Duration; readonly max: Duration }
  | { readonly kind: "exponential"; readonly mean: Duration }
  | { readonly kind: "lognormal"; readonly median: Duration; readonly sigmaPercent: number }
  /** Never below 0. */
  | { readonly kind: "normal"; readonly mean: Duration; readonly deviation: Duration }
  /** Never below `min`; the mean is infinite up to a shape of 100 percent. */
  | { readonly kind: "pareto"; readonly min: Duration; readonly shapePercent: number }
  /** As observed, each as likely as its count says; in order. */
  | {
      readonly kind: "empirical";
      readonly observations: readonly { readonly value: Duration; readonly count: number }[];
    };
