// A write is applied at a cloudlet only after the versions that its session had read, as far as they reach that cloudlet.
//
// Listed per write are the versions read since the session's last write, and older ones that reach somebody whom that
// write does not reach; a version that the session has since read a follower of is represented by the follower. An older
// read was tested when the earlier write was applied; where the earlier write is missing here (which monotonic-writes
// reports), its list is tested in its place, and so on back. Source: Terry et al. (PDIS'94), section 3.

import type { CloudletId } from "../../model/ids.ts";
import type { Instant } from "../../model/units.ts";
import { keepListed, type WritesBefore } from "./monotonic-writes.ts";
import { isBehindGone } from "./gone.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { SessionVersions } from "./session-versions.ts";
import { IntLists } from "./tables.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordText } from "./words.ts";

/** Judges writes against what their sessions had read. */
export function writesFollowReads(truth: Truth, before: Pick<WritesBefore, "lists">): Oracle {
  const judge = new Judge();
  const lists = new IntLists();
  const readsOf: (number[] | undefined)[] = [];
  const newest = new SessionVersions(truth);
  const stack: number[] = [];

  const isMissing = (cloudlet: number, record: number): boolean =>
    !truth.isApplied(cloudlet, record) && truth.isDue(cloudlet, record);

  const judgeReads = (at: Instant, cloudlet: CloudletId, applied: number, write: number): void => {
    const { items } = lists;
    const end = lists.end(write);
    for (let index = lists.begin(write); index < end; index += 1) {
      judge.checks += 1;
      const read = items[index] as number;
      if (!isMissing(cloudlet, read) || isBehindGone(truth, cloudlet, read, applied)) continue;
      judge.violate(() => {
        const what = `${cloudletText(truth, cloudlet)} applied ${recordText(truth, applied)} ${atTime(at)}`;
        return `${what} before ${recordText(truth, read)}, which its session had read`;
      });
    }
  };

  const pushMissing = (cloudlet: CloudletId, write: number): void => {
    const { items } = before.lists;
    const end = before.lists.end(write);
    for (let index = before.lists.begin(write); index < end; index += 1) {
      const earlier = items[index] as number;
      if (isMissing(cloudlet, earlier)) stack.push(earlier);
    }
  };

  return {
    name: "writes-follow-reads",
    read(_at, session, key, _answer, returned) {
      const reads = (readsOf[session.index] ??= []);
      for (const version of returned) {
        if (newest.includes(session.index, key, version)) continue;
        const set = truth.setOf.data[version] as number;
        for (const older of newest.of(session.index, key)) {
          const isFollowed = truth.isAtOrBefore(older, version);
          if (!isFollowed || !truth.reach.covers(set, truth.setOf.data[older] as number)) continue;
          const place = reads.lastIndexOf(older);
          if (place >= 0) reads.splice(place, 1);
        }
        newest.add(session.index, key, version);
        reads.push(version);
      }
    },
    written(_at, record, session) {
      const reads = (readsOf[session.index] ??= []);
      lists.add(reads);
      const set = truth.setOf.data[record] as number;
      readsOf[session.index] = reads.filter((read) => !truth.reach.covers(set, truth.setOf.data[read] as number));
    },
    applied(at, cloudlet, record) {
      judgeReads(at, cloudlet, record, record);
      // Nearly always all earlier writes of the session are here, and nothing is to be asked in their place.
      pushMissing(cloudlet, record);
      for (let write = stack.pop(); write !== undefined; write = stack.pop()) {
        judgeReads(at, cloudlet, record, write);
        pushMissing(cloudlet, write);
      }
    },
    keeps(keep) {
      newest.each((_key, record) => void keep(record));
      for (const reads of readsOf) reads?.forEach(keep);
      keepListed(truth, lists, keep);
    },
    renumbered(to) {
      newest.renumber(to);
      for (const reads of readsOf) if (reads !== undefined) to.list(reads);
      lists.renumber(to);
    },
    verdict: () => judge.verdict(),
  };
}
