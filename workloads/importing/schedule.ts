// What a source says of times: when nodes are away, and when links are down or do worse. Numbers of nodes become names with the map.
// Leaves out how that is written as faults (sim/importing/write-topology.ts).

import type { Duration } from "../../model/units.ts";
import type { Fidelity } from "./fidelity.ts";

/** How much worse one direction of a link does; null where it is as good as ever. */
export interface Worsening {
  /** Added to its own. */
  readonly delay: Duration | null;
  readonly jitter: Duration | null;
  /** Parts per million, of what the link itself has not lost. */
  readonly loss: number | null;
  /** Bits per second then. */
  readonly bandwidth: number | null;
}

/** Something that happens at a time, counted from the beginning. `Site`: a node's number, or the name of a cloudlet. */
export type MapEvent<Site = number> =
  /** A process dies, and starts again after so long; null: not before the load ends. */
  | { readonly kind: "crash"; readonly site: Site; readonly at: Duration; readonly after: Duration | null }
  /** All links of a site are down. `until`: null: to the end. */
  | { readonly kind: "isolate"; readonly site: Site; readonly from: Duration; readonly until: Duration | null }
  /** Both directions of a link are down, or only that from a to b. */
  | {
      readonly kind: "linkDown";
      readonly isOneWay?: true;
      readonly a: Site;
      readonly b: Site;
      readonly from: Duration;
      readonly until: Duration | null;
    }
  /** The direction from a to b does worse. */
  | {
      readonly kind: "degrade";
      readonly a: Site;
      readonly b: Site;
      readonly worse: Worsening;
      readonly from: Duration;
      readonly until: Duration | null;
    };

/** The events in names. `nameOf`: null for a node that is not taken; what happens to those is dropped. */
export function namedEvents(
  events: readonly MapEvent[],
  nameOf: (node: number) => string | null,
  fidelity: Fidelity,
): readonly MapEvent<string>[] {
  const dropped = (): readonly MapEvent<string>[] => {
    fidelity.note("dropped", "what happens at a time to a node that is not taken");
    return [];
  };
  return events.flatMap((event): readonly MapEvent<string>[] => {
    if (event.kind === "crash" || event.kind === "isolate") {
      const site = nameOf(event.site);
      return site === null ? dropped() : [{ ...event, site }];
    }
    const [a, b] = [nameOf(event.a), nameOf(event.b)];
    return a === null || b === null ? dropped() : [{ ...event, a, b }];
  });
}

/** Tells what became of a source's own words on time. `what`: as a report says it. */
export function noteEvents(fidelity: Fidelity, what: string, events: readonly MapEvent[]): void {
  fidelity.note("converted", what, null, events.length);
  fidelity.note(
    "assumed",
    "a process that does not come back: it is away until the load ends, and then starts again so that all settle",
    null,
    events.filter((event) => event.kind === "crash" && event.after === null).length,
  );
}
