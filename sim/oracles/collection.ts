// A delete goes for good only when nothing can need it any more.
//
// When a cloudlet reports that it has collected a tombstone d, by the ground truth
// - d is a delete,
// - every cloudlet that d's stream reaches has applied d, in this life of its process or in an earlier one,
// - every version of the key that was written where d was not known yet, and that d does not follow, is applied at the
//   collecting cloudlet, and none of them stands there as a value: else a conflict would be hidden, or a value that is still on
//   its way would come to stand alone as if it had never been deleted.
// A member that was detached need not have applied d, and what such a member wrote before its return may turn up later: what
// becomes of that, revived.ts judges (absence-truth.ts says exactly which).
//
// Not asked for: versions that a crash or a disk took before anybody else had them, and versions written at a cloudlet that lost its
// disk since, which cannot speak for them any more (docs/model.md tells what becomes of those).

import type { CausalRecord } from "../../model/replication/record.ts";
import type { StreamId } from "../../model/ids.ts";
import { isCollecting } from "../../model/replication/collecting-streams.ts";
import type { Oracle, TruthListener } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { RecordsByKey } from "./records-by-key.ts";
import { PairMap } from "./tables.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** Judges what is collected. */
export function collection(truth: Truth): Oracle {
  const judge = new Judge();
  const { topology } = truth;
  const collects = topology.streams.map(({ id }) => isCollecting(topology, id));
  const isWatched = (record: number): boolean => collects[truth.streamOf.data[record] as StreamId] === true;
  // For each delete, by cloudlet: how many records there were when it was applied there first.
  let appliedAt = new PairMap();
  // Versions of each key that a delete to come may have to do with.
  const versionsOf = new RecordsByKey();
  // Records that a crash or a disk took from somebody.
  const taken = new Set<number>();
  // For each delete that was written where returns of members were applied, these.
  const returnsOf = new Map<number, ReturnType<typeof truth.absences.returnsAt>>();
  // How many records there were when each cloudlet lost its disk last.
  const forgot = new Int32Array(topology.cloudlets.length);

  const isLate = (version: number): boolean =>
    !truth.absences.isIdle && truth.absences.isLate((truth.records[version] as CausalRecord).dot);

  const isWordless = (cloudlet: number, member: number, record: number): boolean => {
    const core = truth.cores[cloudlet] ?? null;
    if (truth.absences.isIdle || core === null) return false;
    return truth.absences.isWordless(core, member, truth.streamOf.data[record] as number, returnsOf.get(record) ?? []);
  };

  // The first version that forbids the delete to go, or -1.
  const obstacle = (cloudlet: number, record: number, key: number): number => {
    const standing = truth.shadow.standing(cloudlet, key);
    for (let place = versionsOf.first(key); place >= 0; place = versionsOf.next(place)) {
      const version = versionsOf.at(place);
      if (version === record || truth.isAtOrBefore(version, record) || truth.isAtOrBefore(record, version)) continue;
      const origin = truth.originOf.data[version] as number;
      const knownAt = appliedAt.get(record, origin);
      const isAware = knownAt >= 0 && version >= knownAt;
      if (isAware || isLate(version) || version < (forgot[origin] as number) || !truth.reaches(version, cloudlet))
        continue;
      if (truth.isApplied(cloudlet, version)) {
        const isValue = truth.records[version]?.kind === "put";
        if (isValue && standing.includes(version)) return version;
      } else if (!taken.has(version) || (truth.appliedCount.data[version] as number) > 0) {
        return version;
      }
    }
    return -1;
  };

  // Of no use to anybody where nothing is ever collected.
  const growing: Pick<TruthListener, "written" | "applied"> = {
    written(_at, record) {
      if (!isWatched(record)) return;
      const key = truth.keyOf.data[record] as number;
      versionsOf.add(key, record);
      if (truth.absences.isIdle || truth.records[record]?.kind !== "delete") return;
      const heard = truth.absences.returnsAt(truth.cores[truth.originOf.data[record] as number] ?? null);
      if (heard.length > 0) returnsOf.set(record, heard);
    },
    applied(_at, cloudlet, record) {
      if (!isWatched(record) || truth.records[record]?.kind !== "delete") return;
      if (appliedAt.get(record, cloudlet) < 0) appliedAt.set(record, cloudlet, truth.recordCount);
    },
  };

  return {
    name: "collection",
    ...(collects.includes(true) && growing),
    crashed(_at, _cloudlet, unsynced) {
      for (const entry of unsynced) if (entry.kind !== "cut") taken.add(truth.numberOf(entry.dot));
    },
    diskFailed(_at, _cloudlet, failure) {
      if (failure.kind === "torn") return;
      for (const entry of failure.lost) if (entry.kind !== "cut") taken.add(truth.numberOf(entry.dot));
    },
    restarted(_at, cloudlet, _recovered, diskLost) {
      if (diskLost) forgot[cloudlet] = truth.recordCount;
    },
    collected(at, cloudlet, record) {
      judge.checks += 1;
      const { kind } = truth.records[record] as CausalRecord;
      const what = (): string => `${cloudletText(truth, cloudlet)} dropped ${recordText(truth, record)} ${atTime(at)}`;
      if (kind !== "delete") {
        judge.violate(() => `${what()}, which is no delete`);
        return;
      }
      const members = truth.reach.membersOf(truth.setOf.data[record] as number);
      const without = Array.from(members).find(
        (member) => appliedAt.get(record, member) < 0 && !isWordless(cloudlet, member, record),
      );
      if (without !== undefined) {
        judge.violate(() => `${what()}, which ${cloudletText(truth, without)} has not applied`);
        return;
      }
      const key = truth.keyOf.data[record] as number;
      const version = obstacle(cloudlet, record, key);
      if (version >= 0) {
        judge.violate(() => {
          const isHere = truth.isApplied(cloudlet, version);
          return `${what()}, beside which ${recordText(truth, version)} ${isHere ? "stands" : "is still to stand"}`;
        });
        return;
      }
      // What the delete follows is gone with it, and concerns no later one.
      versionsOf.keep(key, (other) => !truth.isAtOrBefore(other, record));
    },
    // A final version is no obstacle unless it stands, and a delete that stands nowhere does not go again.
    renumbered(to) {
      const old = appliedAt;
      appliedAt = new PairMap();
      old.forEach((record, cloudlet, count) => {
        const number = to.of(record);
        if (number >= 0) appliedAt.set(number, cloudlet, to.below(count));
      });
      versionsOf.renumber(to);
      to.set(taken);
      for (let cloudlet = 0; cloudlet < forgot.length; cloudlet += 1) {
        forgot[cloudlet] = to.below(forgot[cloudlet] as number);
      }
    },
    verdict: () => judge.verdict(),
  };
}
