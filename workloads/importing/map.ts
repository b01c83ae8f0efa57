// A map as somebody has drawn it: nodes, and edges between them, with what the source says of each and no more. What an importer makes of a
// document, and what becomes a replication topology (become-topology.ts).

import type { Duration } from "../../model/units.ts";
import type { Place } from "../topologies/distance.ts";
import type { MapEvent } from "./schedule.ts";

/** A node. Its number is its place in the list. */
export interface MapNode {
  /** As the source calls it: unique in its map, not always fit for people. */
  readonly id: string;
  /** For people; null where the source has none. */
  readonly label: string | null;
  /** Degrees north and east; null where the source does not say. */
  readonly place: Place | null;
  /** The node above it, by its number, where the source is a tree; null for a root and for maps that know no above. */
  readonly upper: number | null;
}

/** What one direction of an edge has; null where the source does not say. */
export interface MapWay {
  readonly delay: Duration | null;
  readonly jitter: Duration | null;
  /** Bits per second. */
  readonly bandwidth: number | null;
  /** Parts per million. */
  readonly loss: number | null;
}

/** An edge between two nodes, by their numbers. */
export interface MapEdge {
  readonly a: number;
  readonly b: number;
  readonly forth: MapWay;
  /** Null: the same as forth. */
  readonly back: MapWay | null;
  /** Kilometres of the way, where the source says; else it follows from the places. */
  readonly km: number | null;
}

/** What was read of one source. */
export interface SourceMap {
  /** For people; null where the source has none. */
  readonly name: string | null;
  readonly nodes: readonly MapNode[];
  readonly edges: readonly MapEdge[];
  /** What happens at a time, where the source says so. */
  readonly events?: readonly MapEvent[];
}

/** A way of which nothing is known. */
export const unknownWay: MapWay = { delay: null, jitter: null, bandwidth: null, loss: null };
