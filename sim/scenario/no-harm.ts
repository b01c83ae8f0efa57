// What a fault adds to a link when it adds nothing: what harms are written as differences from.

import { micros } from "../../model/units.ts";
import type { LinkHarm } from "./scenario.ts";

/** Nothing is added. */
export const noHarm: LinkHarm = {
  loss: 0,
  duplication: 0,
  reordering: 0,
  reorderDelay: micros(0),
  corruption: 0,
  delay: micros(0),
  jitter: micros(0),
  bandwidth: null,
};
