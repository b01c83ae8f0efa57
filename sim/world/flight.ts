// A message on its way: what its copies and its hops have in common. It never changes while it travels, so that a
// duplicate is the same object; which hop a copy has reached stands in its event.

import type { CloudletId } from "../../model/ids.ts";
import type { Message } from "../../model/replication/messages.ts";
import type { Bytes, Instant } from "../../model/units.ts";
import type { Route } from "../network/route.ts";

/** A message, its way, and what it weighs. */
export interface Flight {
  /** Counts the messages of the run as they are sent, from 0. */
  readonly number: number;
  readonly from: CloudletId;
  readonly to: CloudletId;
  readonly message: Message;
  readonly size: Bytes;
  /** What really travels, where messages go through their bytes; a damaged copy has bytes of its own. */
  readonly bytes: Uint8Array | null;
  /** Has a link flipped bits in them? */
  readonly isDamaged: boolean;
  readonly sentAt: Instant;
  /** Chosen when it was sent; a route that is chosen anew later does not change it. */
  readonly route: Route;
}
