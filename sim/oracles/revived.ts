// What was deleted does not come back to life with a member that was detached.
//
// Such a member may write a value v in place of something that others have deleted meanwhile, by a delete d which then went
// without it. Neither knew of the other, so this is a conflict, and v must not stand alone as if there had been no d: the member
// writes d anew before anybody gets v (model/replication/returning.ts). Judged at every read of a client at a cloudlet that was never
// detached, and in the end wherever a cloudlet is not still away:
//
// v stands alone there, and somebody has dropped a delete d of the key, which is applied there, so that
// - neither is in the past of the other, and d was not applied at the cloudlet of v when v was written;
// - v replaced, itself or by way of others that it replaced, a value which d follows, and none on that way replaced a delete:
//   whoever did that had seen one;
// - v, or another one on that way, was written by a member that was detached.
// A v that somebody has replaced elsewhere meanwhile is on its way out: what was written while away comes one by one.
//
// Where a machine is set up with a copy of such a member's disk, v has come past all who hold it back: until the member has returned it
// stands there as it does at the member itself. That is no violation, and counted.
//
// Leaves out whether deletes may go at all (collection.ts).

import type { CloudletId } from "../../model/ids.ts";
import { isCollecting } from "../../model/replication/collecting-streams.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** The oracle, and how often it was content with less. */
export interface Revived extends Oracle {
  /** Times that a value stood alone which a copy of a detached member's disk had brought. */
  copiedCount(): number;
}

/** Judges what stands alone. */
export function revived(truth: Truth): Revived {
  const judge = new Judge();
  const { absences, topology, overwritten } = truth;
  if (absences.isIdle) return { name: "revived", verdict: () => judge.verdict(), copiedCount: () => 0 };

  const collects = topology.streams.map(({ id }) => isCollecting(topology, id));
  const isWatched = (record: number): boolean => collects[truth.streamOf.data[record] as number] === true;
  const deletesOf = new Map<number, number[]>();
  // By delete and cloudlet: how many records there were when it was applied there first.
  const appliedAt = new Map<number, Map<number, number>>();
  const replaced = new Set<number>();
  // By cloudlet: whose disk its process was given a copy of, and what was on it.
  const sources = new Map<CloudletId, CloudletId>();
  const copies = new Map<number, { readonly source: CloudletId; readonly records: ReadonlySet<number> }>();
  let copied = 0;
  let isHealed = false;

  const recordOf = (record: number): CausalRecord => truth.records[record] as CausalRecord;
  const originOf = (record: number): number => truth.originOf.data[record] as number;
  const isDelete = (record: number): boolean => recordOf(record).kind === "delete";

  // What it replaced, and what that replaced, and so on, as far as nobody on the way had seen a delete; itself first.
  const wayOf = (version: number): readonly number[] => {
    const way = new Set([version]);
    for (const one of way) {
      const before = overwritten.of(one);
      if (!before.some(isDelete)) for (const record of before) way.add(record);
    }
    return [...way];
  };

  const missedBy = (cloudlet: number, key: number, version: number): number => {
    if (replaced.has(version)) return -1;
    const way = wayOf(version);
    if (!way.some((record) => absences.wasDetached(originOf(record)))) return -1;
    const found = (deletesOf.get(key) ?? []).find((record) => {
      if (!truth.collected.isAnywhere(record) || !truth.isApplied(cloudlet, record)) return false;
      if (truth.isAtOrBefore(record, version) || truth.isAtOrBefore(version, record)) return false;
      if (version >= (appliedAt.get(record)?.get(originOf(version)) ?? Infinity)) return false;
      return way.some((one) => one !== version && truth.isAtOrBefore(one, record));
    });
    return found ?? -1;
  };

  const look = (at: number, cloudlet: number, key: number): void => {
    if (!deletesOf.has(key)) return;
    const versions = truth.cores[cloudlet]?.versions(truth.keyNames[key] as string) ?? [];
    if (!versions.some(({ kind }) => kind === "put")) return;
    judge.checks += 1;
    const [version] = versions;
    if (version === undefined || versions.length > 1) return;
    const number = truth.numberOf(version.dot);
    if (number < 0) return;
    const missed = missedBy(cloudlet, key, number);
    if (missed < 0) return;
    const copy = copies.get(cloudlet);
    if (copy?.records.has(number) === true && absences.wasDetached(copy.source)) {
      const isAway = absences.isAway(copy.source, recordOf(number).dot.stream);
      if (isAway || !isHealed) {
        copied += 1;
        return;
      }
    }
    judge.violate(() => {
      const what = `${recordText(truth, number)} stands alone at ${cloudletText(truth, cloudlet)} ${atTime(at)}`;
      return `${what}, as if there had been no ${recordText(truth, missed)}, of which neither knew and which has gone`;
    });
  };

  return {
    name: "revived",
    written(_at, record) {
      for (const version of overwritten.of(record)) replaced.add(version);
      if (!isWatched(record) || !isDelete(record)) return;
      const key = truth.keyOf.data[record] as number;
      const deletes = deletesOf.get(key);
      if (deletes === undefined) deletesOf.set(key, [record]);
      else deletes.push(record);
    },
    applied(_at, cloudlet, record) {
      if (!isWatched(record) || !isDelete(record)) return;
      const times = appliedAt.get(record) ?? new Map<number, number>();
      appliedAt.set(record, times);
      if (!times.has(cloudlet)) times.set(cloudlet, truth.recordCount);
    },
    diskFailed(_at, cloudlet, failure) {
      if (failure.kind === "cloned") sources.set(cloudlet, failure.source);
      else if (failure.kind === "replaced" || failure.kind === "restored") copies.delete(cloudlet);
    },
    restarted(_at, cloudlet) {
      const source = sources.get(cloudlet);
      if (source === undefined) return;
      sources.delete(cloudlet);
      const records = new Set<number>();
      for (let record = 0; record < truth.recordCount; record += 1) {
        if (truth.isReceived(cloudlet, record)) records.add(record);
      }
      copies.set(cloudlet, { source, records });
    },
    read(at, session, key) {
      if (!absences.wasDetached(session.cloudlet)) look(at, session.cloudlet, key);
    },
    healed() {
      isHealed = true;
    },
    finished(at) {
      if (!isHealed) return;
      for (const { id } of topology.cloudlets)
        if (!isStillAway(truth, id)) for (const key of deletesOf.keys()) look(at, id, key);
    },
    copiedCount: () => copied,
    verdict: () => judge.verdict(),
  };
}

function isStillAway({ absences, topology }: Truth, cloudlet: CloudletId): boolean {
  return topology.streams.some(({ id, origins }) => origins.includes(cloudlet) && absences.isAway(cloudlet, id));
}
