// Where members are still held to be away who have returned, since the word of it never comes there. What they wrote is held back there, as
// if they had not.
//
// 1. d is detached, and writes. b is detached, and gets that from d. 2. b returns; its return covers what d wrote. 3. d does not return:
// its process is down, or it cannot read what stands beside what it wrote. Where d's writes are held back, b's return waits for them,
// and b's writes for it. 4. Or what b wrote got through, and before its return the way was cut for good.
//
// Asked only at the end of a run, of what is still missing then.

import type { CloudletId, ScopeId, StreamId } from "../../model/ids.ts";
import { anyDot } from "../../model/replication/cut.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import type { NoticeRecord } from "../../model/replication/notice.ts";
import { type Dot, dotName, sameDot } from "../../model/replication/record.ts";
import type { Truth } from "./truth.ts";

/** What is known of the end of a run. */
export interface ReturnContext {
  /** Does its process run, and is it among those that are healed? */
  readonly isUp: (cloudlet: number) => boolean;
  /** Does this record never become visible at this cloudlet? */
  readonly isLost: (cloudlet: number, record: number) => boolean;
  /** Is this member's return never heard of there? */
  readonly isAway: (cloudlet: number, member: CloudletId, stream: StreamId) => boolean;
}

/** Names of cloudlet and member, for each that holds back what the member wrote and never hears of its return. */
export function stuckReturns(truth: Truth, context: ReturnContext): ReadonlySet<string> {
  const stuck = new Set<string>();
  if (truth.absences.isIdle) return stuck;
  const blocked = truth.cores.map((core, cloudlet) =>
    core === null || !context.isUp(cloudlet) ? none : blockedAt(truth, cloudlet, core, context),
  );
  const comes = new Map<NoticeRecord, ReadonlySet<number>>();
  for (const [cloudlet, core] of truth.cores.entries()) {
    if (core === null || !context.isUp(cloudlet)) continue;
    for (const { record, awaits } of core.pending()) {
      if (awaits === undefined) continue;
      const awaited = truth.absences.awaitedAt(core, awaits, record.dot.stream);
      const isComing = (back: NoticeRecord): boolean => {
        const there = comes.get(back) ?? comesTo(truth, back, blocked, context);
        comes.set(back, there);
        return there.has(cloudlet);
      };
      if (awaited.some((answers) => !answers.some(isComing))) stuck.add(stuckName(cloudlet, awaits));
    }
  }
  return stuck;
}

/** What that calls a cloudlet and a member. */
export function stuckName(cloudlet: number, member: number): string {
  return `${cloudlet} ${member}`;
}

const none: ReadonlySet<string> = new Set();

// Names of what waits at a cloudlet for ever: what is held back for those who are away, what misses something lost, and what waits for
// either. Notices among them, which the truth does not number.
function blockedAt(
  truth: Truth,
  cloudlet: number,
  core: ReplicationCore,
  { isLost, isAway }: ReturnContext,
): ReadonlySet<string> {
  const blocked = new Set<string>();
  const pending = core.pending();
  const isGone = (dot: Dot): boolean => {
    const number = truth.numberOf(dot);
    return blocked.has(dotName(dot)) || (number >= 0 && isLost(cloudlet, number));
  };
  for (let size = -1; size < blocked.size;) {
    size = blocked.size;
    for (const { record, awaits, missing } of pending) {
      const isHeld = awaits !== undefined && isAway(cloudlet, awaits, record.dot.stream);
      if (isHeld || missing.some(isGone)) blocked.add(dotName(record.dot));
    }
  }
  return blocked;
}

// Whoever has applied all that it covers, or will, applies it and sends it on.
function comesTo(
  truth: Truth,
  { dot, notice }: NoticeRecord,
  blocked: readonly ReadonlySet<string>[],
  { isUp, isLost }: ReturnContext,
): ReadonlySet<number> {
  const covered = truth.numbersOf(notice.covers, () => undefined);
  const isOpen = (cloudlet: number): boolean => {
    const here = blocked[cloudlet] as ReadonlySet<string>;
    if (!isUp(cloudlet) || here.has(dotName(dot))) return false;
    return (
      !anyDot(notice.covers, (one) => here.has(dotName(one))) &&
      !covered.some((record) => !truth.isApplied(cloudlet, record) && isLost(cloudlet, record))
    );
  };
  const sources = [...truth.cores.entries()].flatMap(([cloudlet, core]) => {
    if (core === null || !isUp(cloudlet)) return [];
    if (core.hasApplied(dot)) return [cloudlet];
    const isHere = core.pending().some(({ record }) => sameDot(record.dot, dot));
    return isHere && isOpen(cloudlet) ? [cloudlet] : [];
  });
  const scope = truth.topology.streams[dot.stream]?.scope as ScopeId;
  return truth.reach.reachedFrom(scope, sources, isOpen);
}
