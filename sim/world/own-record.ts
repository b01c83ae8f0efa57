// Which records the step of a core wrote: the world tells its observers, and a core says it only by what it stores. One may be
// what a request became. Deletes that the core stores under its own name beside that nobody asked for: it writes them by
// itself. (So it does notices; but nobody reads those, and they are told to nobody.)

import type { CloudletId, Incarnation } from "../../model/ids.ts";
import { isWriteOp } from "../../model/replication/draft.ts";
import type { Effect, Input } from "../../model/replication/io.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import type { Observer } from "../oracles/observer.ts";
import type { Chronicle } from "./chronicle.ts";

const NONE: readonly CausalRecord[] = [];

/** Whose step it was. */
interface Writer {
  readonly id: CloudletId;
  readonly incarnation: Incarnation;
}

/** Tells of the records that a step wrote, before anything else that came of it is told. */
export function tellWritten(
  input: Input,
  effects: readonly Effect[],
  writer: Writer,
  now: Instant,
  chronicle: Pick<Chronicle, "wrote" | "wroteUnasked">,
  audience: Required<Pick<Observer, "wrote" | "wroteUnasked">>,
): void {
  let asked: CausalRecord | null = null;
  if (input.kind === "request" && isWriteOp(input.op)) {
    asked = ownRecord(effects, writer, input.op.key);
    if (asked !== null) {
      chronicle.wrote(writer.id, input.id, asked);
      audience.wrote(now, writer.id, input.session, input.id, asked);
    }
  }
  const unasked = unaskedOf(effects, writer, asked);
  for (let index = 0; index < unasked.length; index += 1) {
    const record = unasked[index] as CausalRecord;
    chronicle.wroteUnasked(writer.id, record);
    audience.wroteUnasked(now, writer.id, record);
  }
}

/** The deletes that a step stored under its own name, in their order, but for the one that was asked for. */
export function unaskedOf(
  effects: readonly Effect[],
  { id, incarnation }: Writer,
  asked: CausalRecord | null,
): readonly CausalRecord[] {
  let found = NONE;
  for (let index = 0; index < effects.length; index += 1) {
    const effect = effects[index] as Effect;
    if (effect.kind !== "store") continue;
    for (const entry of effect.entries) {
      if (entry.kind !== "delete" || entry === asked) continue;
      if (entry.dot.origin === id && entry.dot.incarnation === incarnation) found = [...found, entry];
    }
  }
  return found;
}

// The record that a write request became: the one of this process with the request's key.
function ownRecord(effects: readonly Effect[], { id, incarnation }: Writer, key: string): CausalRecord | null {
  for (const effect of effects) {
    if (effect.kind !== "store") continue;
    for (const record of effect.entries) {
      if (record.kind === "cut") continue;
      if (record.key === key && record.dot.origin === id && record.dot.incarnation === incarnation) return record;
    }
  }
  return null;
}
