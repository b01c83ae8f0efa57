// Which of the cuts and records that wait may become visible now. A cut waits for what its records depend on outside it, a
// record for its past; and what one of them waits for, another may bring.
//
// Why they must be looked at together:
// 1. A cloudlet gets scope a from one neighbour and scope b from another. a1 precedes b1, and b1 precedes a2.
// 2. Both neighbours send cuts. The cut of a covers a1 and a2 and needs b1; the cut of b covers b1 and needs a1.
// 3. Neither may go first. Together they lack nothing, and become visible in one step.
// So: of all that waits, the largest set that lacks nothing but what it brings itself.
//
// The same with what is held back until its writer has returned (held-back.ts):
// 1. v is held back, and goes behind a delete t that was written anew. t waits for something that a cut covers.
// 2. That cut has another record, which waits for v. 3. All three become visible in one step: v meets t all the same.
// A cut that covers such a v goes with t, too, and waits with it for what nobody has brought.

import type { CloudletId } from "../ids.ts";
import { Coverings, eachDot } from "./cut.ts";
import type { Cut } from "./cut.ts";
import type { Bringer } from "./log.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Waiter } from "./waiting.ts";

/** Does this cloudlet have to wait for a dot that is listed there? False for what is applied or never comes. */
export type IsMissing = (dot: Dot, listed: "deps" | "prev") => boolean;

/** What may become visible together. */
export interface Installable {
  readonly cuts: readonly Cut[];
  readonly records: readonly CausalRecord[];
}

/** Dots that a cut waits for: neither in the cut nor applied here. */
export function missingOf(cut: Cut, isMissing: IsMissing): Dot[] {
  const own = new Coverings([cut.applied]);
  const missing: Dot[] = [];
  const look = (dot: Dot, listed: "deps" | "prev"): void => {
    if (isMissing(dot, listed) && !own.covers(dot)) missing.push(dot);
  };
  for (const { needs } of cut.outside) eachDot(needs, (dot) => void look(dot, "deps"));
  for (const { deps, prev } of cut.versions) {
    for (const dot of deps) look(dot, "deps");
    for (const dot of prev) look(dot, "prev");
  }
  return missing;
}

/**
 * The largest set of these that lacks nothing but what is in the set.
 *
 * @param cuts each with deletes that may not come later
 * @param vouched records besides, each with such deletes, too
 */
export function installable(
  cuts: ReadonlyMap<Cut, readonly Dot[]>,
  waiting: readonly CausalRecord[],
  vouched: ReadonlyMap<Pick<Waiter, "record">, readonly Dot[]>,
  isMissing: IsMissing,
): Installable {
  const lacks = new Map<Cut | CausalRecord, readonly Dot[]>();
  const unseen = (deletes: readonly Dot[]): readonly Dot[] => deletes.filter((dot) => isMissing(dot, "prev"));
  for (const [cut, deletes] of cuts) lacks.set(cut, [...missingOf(cut, isMissing), ...unseen(deletes)]);
  for (const record of waiting) lacks.set(record, missingBefore(record, isMissing));
  for (const [{ record }, deletes] of vouched) {
    lacks.set(record, [...missingBefore(record, isMissing), ...unseen(deletes)]);
  }
  let chosen: Installable = {
    cuts: [...cuts.keys()],
    records: [...waiting, ...[...vouched.keys()].map(({ record }) => record)],
  };
  for (;;) {
    const bringing = new Coverings([
      ...chosen.cuts.map(({ applied }) => applied),
      chosen.records.map(({ dot }) => ({ ...dot, ranges: [{ first: dot.sequence, last: dot.sequence }] })),
    ]);
    const lacksNothing = (one: Cut | CausalRecord): boolean =>
      (lacks.get(one) as readonly Dot[]).every((dot) => bringing.covers(dot));
    const kept = { cuts: chosen.cuts.filter(lacksNothing), records: chosen.records.filter(lacksNothing) };
    if (kept.cuts.length === chosen.cuts.length && kept.records.length === chosen.records.length) return kept;
    chosen = kept;
  }
}

function missingBefore({ deps, prev }: CausalRecord, isMissing: IsMissing): readonly Dot[] {
  return [...deps.filter((dot) => isMissing(dot, "deps")), ...prev.filter((dot) => isMissing(dot, "prev"))];
}

/** The cloudlet that brought all of it; null when several did, or something else than a cloudlet. */
export function soleBringer(
  { cuts, records }: Installable,
  pending: readonly { readonly cut: Cut; readonly from: CloudletId | null }[],
  waiting: readonly { readonly record: CausalRecord; readonly from: Bringer }[],
): CloudletId | null {
  const [ofCuts, ofRecords] = [new Set(cuts), new Set(records)];
  const bringers = new Set<Bringer>();
  for (const { cut, from } of pending) if (ofCuts.has(cut)) bringers.add(from);
  for (const { record, from } of waiting) if (ofRecords.has(record)) bringers.add(from);
  const [one = null] = bringers;
  return bringers.size === 1 && one !== "bundle" ? one : null;
}
