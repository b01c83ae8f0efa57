// What exporters are given and what they give back: a topology and what befalls it, and a text with what it cannot say.

import type { TopologySpec } from "../../model/topology/spec.ts";
import type { Fault } from "../scenario/scenario.ts";

/** Told to people: what the format cannot say, and what was assumed. */
export interface Exported {
  readonly text: string;
  /** Sentences. */
  readonly notes: readonly string[];
  /** Files that the text names, by their paths from the folder that it lies in; left out: none. */
  readonly files?: readonly { readonly path: string; readonly text: string }[];
}

/** Writes a topology in another format. `name`: of the scenario. `faults`: what befalls it, for formats that have time. */
export type Exporter = (name: string, topology: TopologySpec, faults: readonly Fault[]) => Exported;
