// A replica's state as a value: what a disk keeps in place of a long log, what a returning cloudlet or an explorer begins
// with. One causally closed cut of everything applied, the retained tail of the log behind it, and what still waits. Not in
// it: sessions, which end with their process; conversations, which begin anew; own sequences, which count from 1 in every
// life.

import type { CloudletId } from "../ids.ts";
import type { Cut } from "./cut.ts";
import type { CausalRecord, Stamp } from "./record.ts";
import type { Orphan } from "./returning.ts";
import { unseal } from "./wire.ts";

/** Which engine made a snapshot, and in which form. */
export const snapshotVersion = { protocol: "causeway", version: 1 } as const;

/** The state of one replica. */
export interface Snapshot {
  readonly protocol: typeof snapshotVersion.protocol;
  readonly version: typeof snapshotVersion.version;
  /** Whose state it is. */
  readonly of: CloudletId;
  /** Everything applied, of all scopes. */
  readonly cut: Cut;
  /** Records that the log retains, in apply order, live or not: with them neighbours can be served record by record. */
  readonly tail: readonly CausalRecord[];
  /** Log position before the tail. */
  readonly base: number;
  /** Stored and not applied, in the order they were stored. */
  readonly waiting: readonly CausalRecord[];
  /** Live versions beside which a delete has gone while this cloudlet was detached. */
  readonly orphans: readonly Orphan[];
  readonly cuts: readonly Cut[];
  /** The cloudlet's clock: above everything it has written or applied, as far as the bound let it follow. */
  readonly clock: Stamp;
}

/** A cut whose records say what they say, as far as this version of the byte form can be read. */
export function unsealedCut(cut: Cut, version: number): Cut {
  const { kind, applied, versions, outside } = cut;
  return { kind, applied, versions: versions.map((record) => unseal(record, version)), outside };
}

/** The same for a snapshot. */
export function unsealedSnapshot(snapshot: Snapshot, version: number): Snapshot {
  return {
    protocol: snapshot.protocol,
    version: snapshot.version,
    of: snapshot.of,
    cut: unsealedCut(snapshot.cut, version),
    tail: snapshot.tail.map((record) => unseal(record, version)),
    base: snapshot.base,
    waiting: snapshot.waiting.map((record) => unseal(record, version)),
    orphans: snapshot.orphans,
    cuts: snapshot.cuts.map((one) => unsealedCut(one, version)),
    clock: snapshot.clock,
  };
}
