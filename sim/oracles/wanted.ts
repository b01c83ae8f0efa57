// One operation as it really went, as the truth about operations keeps it (operation-truth.ts).

import type { OperationRequest } from "../../model/control/authority.ts";
import type { End } from "../../model/control/ends.ts";
import type { OperationId } from "../../model/control/operation.ts";
import type { CloudletId } from "../../model/ids.ts";
import type { Bytes, Instant } from "../../model/units.ts";

/** What a plane was told to do. */
interface Deed {
  readonly at: Instant;
  state: "told" | "done" | "failed";
}

/** One operation, as it really went. */
export interface Wanted {
  readonly id: OperationId;
  /** In the order in which they were written down by whoever was asked. */
  readonly number: number;
  readonly askedAt: Instant;
  readonly issuer: CloudletId;
  readonly request: OperationRequest;
  /** Was its target below, or there, under the plan that its issuer went by when it was asked? */
  readonly isBelow: boolean;
  /** Earlier ones of its issuer that this one could not know of (hidden-operations.ts). */
  readonly unaware: ReadonlySet<OperationId>;
  /** What stood open for its object, as far as its issuer knew: its target does these first. */
  readonly beside: readonly OperationId[];
  /** Of the text by which it was issued. */
  readonly weight: Bytes;
  /** When its issuer was told so; null while he was not: a crash may take the answer. */
  acceptedAt: Instant | null;
  deed: Deed | null;
  /** As its issuer was told first. */
  end: End | null;
  endedAt: Instant | null;
  /** The latest plan under which its target was not below, of those that its issuer knew when it told that end; null: none. */
  apartUnder: number | null;
  /** Its target has written down how it ends. */
  isDecided: boolean;
  /** Somebody on its way, or its issuer, has written down that it is given up. */
  isGivenUp: boolean;
  /** Its issuer has tried to take it back. */
  isTakenBack: boolean;
}
