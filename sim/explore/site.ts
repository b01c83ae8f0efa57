// What one cloudlet of an explored world may be in: the real core, what its disk holds, which timers are armed. A site never
// changes; an input leads to another site (sites.ts). Also what can be put into one, as numbers.
//
// Time is abstract. A site's clock stands still, and goes on by more than any timer waits each time one fires: a timer that fires
// is due, and all others may be late, which the core must bear (model/replication/io.ts, duty 6). Of instants only their order
// counts then: a site's name holds ranks of them (`AbstractTime`), and how often timers have fired is kept beside it, in the
// state of the world. Wall clocks stand still, each at the offset that the scenario gives it: what is later by the clock is so by
// causality or by these offsets alone.

import type { CloudletId } from "../../model/ids.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import type { StoredEntry } from "../../model/replication/log.ts";

/** One state of one cloudlet. */
export interface Site {
  readonly cloudlet: CloudletId;
  readonly core: ReplicationCore;
  readonly incarnation: number;
  /** The plan that it was told last. */
  readonly plan: number;
  /** Timers that have fired in all, on one of the ways that lead here: what its clock shows. */
  readonly firings: number;
  readonly durable: readonly StoredEntry[];
  readonly unsynced: readonly StoredEntry[];
  /** Timers that are armed, ascending. */
  readonly armed: readonly number[];
  /** By key: the names of the versions that stand, ascending; null where they are not judged. */
  readonly versions: readonly (readonly number[] | null)[];
  /** Something has come in and waits for its past. */
  readonly isWaiting: boolean;
}

/** What came of an input, as the truth needs to know it. Dots are numbers (dots.ts), requests those of the program. */
export type SiteEvent =
  | { readonly kind: "wrote"; readonly dot: number }
  | { readonly kind: "applied"; readonly dots: readonly number[] }
  | { readonly kind: "written"; readonly request: number; readonly dot: number; readonly isDurable: boolean }
  | { readonly kind: "refused"; readonly request: number }
  | { readonly kind: "read"; readonly request: number; readonly dots: readonly number[] }
  /** Something that must never be, whatever the truth says. */
  | { readonly kind: "fault"; readonly property: SiteProperty; readonly says: string };

/** Properties that a site is judged by alone. */
export type SiteProperty = "reads-resolve" | "direction" | "unique-dots" | "understood";

/** Where an input leads. */
export interface Outcome {
  /** The number of the site. */
  readonly next: number;
  /** Numbers of messages (messages.ts), in the order in which they were sent. */
  readonly sends: readonly number[];
  readonly events: readonly SiteEvent[];
}

/** The kinds of input. An input's number is 8 times what it is about, plus its kind. */
export const inputKinds = {
  /** About a message. */
  receive: 0,
  /** About a request. */
  request: 1,
  /** The disk has everything that it was given. */
  stored: 2,
  /** About a timer, by its number in the core. */
  fired: 3,
  /** About a neighbour. */
  linkUp: 4,
  linkDown: 5,
  /** The process dies, and another one begins. */
  restart: 6,
  /** About a plan. */
  adopt: 7,
} as const;

/** An input's number. */
export function inputOf(kind: number, about: number): number {
  return about * 8 + kind;
}
