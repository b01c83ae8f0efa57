// What exporters are given and what they give back: a topology as it is at one moment, and a text with what it cannot say.

import type { TopologySpec } from "../../model/topology/spec.ts";

/** Told to people: what the format cannot say, and what was assumed. */
export interface Exported {
  readonly text: string;
  /** Sentences. */
  readonly notes: readonly string[];
}

/** Writes a topology in another format. `name`: of the scenario. */
export type Exporter = (name: string, topology: TopologySpec) => Exported;
