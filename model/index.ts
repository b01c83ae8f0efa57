// The model's public surface: topology, replication core, units and ids. Pure: nothing here needs Node or a browser.

export { InvariantViolation } from "./assert.ts";
export type * from "./ids.ts";
export { opName, sessionName } from "./ids.ts";
export { pick, shuffled, type Rng } from "./random.ts";
export * from "./consistency/index.ts";
export * from "./replication/index.ts";
export {
  kindOfCheck,
  requirements,
  type CheckName,
  type Coverage,
  type Requirement,
  type Turn,
} from "./requirements/index.ts";
export * from "./topology/index.ts";
export { bytes, instant, later, micros, millis, seconds } from "./units.ts";
export type { Brand, Bytes, Duration, Instant } from "./units.ts";
