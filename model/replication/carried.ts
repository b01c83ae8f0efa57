// What a session that moves has in hand. How it grows is in context.ts, how it is packed and judged in moving.ts.

import type { OpId, SessionId } from "../ids.ts";
import type { Dot, Stamp } from "./record.ts";

/** A session's past as it travels: nearest dots, and a stamp that no stamp of the past exceeds. */
export interface CarriedContext {
  readonly dots: readonly Dot[];
  readonly ceiling: Stamp;
}

/** A session whose bundle is on its way to the disk: it is answered once everything up to `position` is stored. */
export interface Arriving {
  readonly session: SessionId;
  readonly id: OpId;
  readonly position: number;
}
