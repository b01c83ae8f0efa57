// Which records are kept as bytes (shelf.ts), and that log, index and store agree on it: a record is an object in all three or a row in
// all three. Nobody who asks them can tell which.
//
// 1. Whoever knows that nothing is going to be done about some keys for a while says so: their records become rows.
// 2. A record that replaces one of them takes its place in the store as it would otherwise. The row stays while the log holds it.
// 3. One that comes to stand beside another is an object again first: what stands alone is all that the shelf finds by key.

import { adding, nothing } from "./adding.ts";
import { isDeltaResolver, type ResolverName } from "../topology/resolvers.ts";
import type { AppliedLog } from "./applied-log.ts";
import type { RecordIndex } from "./record-index.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { Shelf } from "./shelf.ts";
import type { VersionStore } from "./versions.ts";
import { stampMax } from "./wire-record.ts";
import type { WriterTable } from "./writers.ts";

/** So many places of the log are looked at for each record, and as many once more for all; what lies further back stays an object. */
const lookback = 64;

/** What has records in it. */
export interface Holders {
  readonly log: AppliedLog;
  readonly index: RecordIndex;
  readonly versions: VersionStore;
  readonly writers: WriterTable;
}

/** Keeps the only versions at these keys as bytes, as far as that can be done. Returns the row of each; -1 where it is an object still. */
export function shelveAll(
  keys: readonly string[],
  holders: Holders,
  resolverOf: (record: CausalRecord) => ResolverName | undefined,
): readonly number[] {
  const { log, versions } = holders;
  const from = log.end - (keys.length + 1) * lookback;
  let rows: number[] = nothing;
  for (let place = 0; place < keys.length; place += 1) {
    const record = versions.only(keys[place] as string);
    const isPlainOne = record !== null && isPlain(record, resolverOf(record));
    rows = adding(rows, isPlainOne ? shelved(record, holders, from) : -1);
  }
  return rows;
}

function shelved(record: CausalRecord, holders: Holders, from: number): number {
  const { log, index, versions, writers } = holders;
  const at = log.lastIndexOf(record, from);
  const slot = writers.slotOf(record.dot);
  if (at < 0 || index.isAlone(slot)) return -1;
  if (versions.shelf === null) shelfFor(holders, new Shelf());
  const row = (versions.shelf as Shelf).put(record);
  if (row < 0) return -1;
  log.replace(at, row);
  index.replace(slot, record.dot.sequence, row);
  versions.shelve(record, row);
  return row;
}

// Others are known by their objects elsewhere, or have no form in bytes that leads back to them.
function isPlain({ kind, moved, ttl, ends, stamp }: CausalRecord, resolver: ResolverName | undefined): boolean {
  if (kind !== "put" || moved === true || ttl !== undefined || ends === true) return false;
  if (resolver === undefined || isDeltaResolver(resolver)) return false;
  return Math.max(stamp.wall, stamp.logical, stamp.lamport) <= stampMax;
}

/** From now on this is where log, index and store read rows. */
export function shelfFor({ log, index, versions }: Omit<Holders, "writers">, shelf: Shelf | null): void {
  log.shelf = shelf;
  index.shelf = shelf;
  versions.shelf = shelf;
}

/**
 * Something comes to this key: what stands there as bytes is an object from now on.
 *
 * @param replaced but for what is named here
 * @param retention is told of what the log does not hold
 */
export function makeRoomBeside(
  { key }: CausalRecord,
  replaced: readonly Dot[],
  { log, index, versions, writers }: Holders,
  retention: { holdAside(record: CausalRecord): void },
): void {
  const { shelf } = versions;
  const row = versions.rowOf(key);
  if (shelf === null || row < 0) return;
  if (replaced.some((dot) => index.rowAt(writers.find(dot), dot.sequence) === row)) return;
  const record = shelf.read(row);
  versions.unshelve(record, row);
  index.replace(writers.slotOf(record.dot), record.dot.sequence, record);
  if (shelf.isAside(row)) retention.holdAside(record);
  else log.replace(log.lastIndexOf(row, 0), record);
  shelf.drop(row);
}
