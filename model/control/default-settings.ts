// How operations are treated where a user says nothing else. What each setting means stands in bench.ts.

import { bytes, seconds } from "../units.ts";
import type { ControlSettings } from "./bench.ts";
import { catalogueOf, operationKinds } from "./catalogue.ts";
import { conflictRules } from "./conflicts.ts";

/** How operations are treated where nothing else is said. */
export const defaultSettings: ControlSettings = {
  catalogue: catalogueOf(operationKinds),
  conflicts: conflictRules,
  custody: "shared",
  caps: { records: 10_000, bytes: bytes(16_000_000) },
  policy: "refuse",
  oneWay: new Set(),
  parallel: 4,
  answersWithin: seconds(60),
  schema: 1,
  kept: new Map(),
  shelvesFrom: 1_024,
  aliveness: null,
};
