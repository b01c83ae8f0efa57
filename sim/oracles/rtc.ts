// Reads fit one causal order that never runs against real time: real-time causal consistency (Mahajan, Alvisi, Dahlin,
// UTCS TR-11-22), judged as docs/consistency describes: nothing is read, applied or received before it was written or
// sent; and for reads of a single value, CO + CF + RT has no cycle.
//
// CO is happens-before. CF: w1 -> w2 when a read returns w2 while w1, of the same key, is in the reader's past. RT: u -> v
// when u was answered before v was asked for. Of reads that return all versions only the first part is asked: they order
// no concurrent writes, so there is no CF.
//
// Online, by pairs. Every operation takes effect at a moment between its request and its answer, and u -> v in CO means
// that u's moment is no later than v's. So any path of CO and RT edges that has an RT edge shrinks to
//   u ->CO a ->RT b ->CO v, where end(a) < start(b);
// the smallest end(a) is the *effective end* of u (the first answer to u itself or to what follows it), and the largest
// start(b) is start(v), since what is in a write's past took effect before its request. CO + RT has no cycle. A cycle with
// one CF edge w1 -> w2 is a path from w2 to w1: CO alone (w2 precedes w1, a read of the past), or effective end of w2
// < start of w1. Both are tested when a read returns w2, and the test is final: all ends before now are known.
// What a replica wrote by itself was asked for by nobody: it follows its past, and no operation by real time.
// A read that is marked behind says itself that it shows less than its session's past; it makes no CF edge.
// Which w1: the versions hidden from the read stand for all of the key that reach the cloudlet; each is in the reader's
// past, or what it overwrote is asked in turn. A w1 that never reaches the reader's cloudlet is the declared limit of
// shadow.ts and not asked for.
//
// At the end, exactly. A cycle may need several CF edges: w3 -> w1 -> w2 of one key, each seen by another reader, with w2
// ending before w3 starts, and w1 overlapping both. rtc-cycle.ts looks for such cycles in the whole graph when the run
// is finished. Not decided: CF edges to versions more than 64 overwrites behind a hidden one, where no pair is at stake.

import type { Instant } from "../../model/units.ts";
import { GivenUpRecord } from "./given-up.ts";
import { DEPTH_MAX } from "./giving-up.ts";
import type { Oracle } from "./oracle.ts";
import { Judge } from "./oracle.ts";
import { returnsOne } from "./resolution.ts";
import { findCycle, hasCycle } from "./rtc-cycle.ts";
import { NumberColumn, PairMap } from "./tables.ts";
import type { SessionTruth } from "./session-truth.ts";
import type { Truth } from "./truth.ts";
import { atTime, cloudletText, recordName, recordText, sessionText } from "./words.ts";
import { dotName } from "../../model/replication/record.ts";

/** Judges the order of reads against real time. */
export function rtc(truth: Truth): Oracle {
  const judge = new Judge();
  const effectiveEnd = new NumberColumn();
  const lost: number[] = [];
  const won: number[] = [];
  let known = new PairMap();
  const stack: number[] = [];

  // An operation that equals or follows this record was answered now.
  const ended = (at: number, record: number): void => {
    if (effectiveEnd.data[record] !== Infinity) return;
    stack.length = 0;
    stack.push(record);
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      if (effectiveEnd.data[next] !== Infinity) continue;
      effectiveEnd.data[next] = at;
      const { items } = truth.nearest;
      const end = truth.nearest.end(next);
      for (let index = truth.nearest.begin(next); index < end; index += 1) {
        const earlier = items[index] as number;
        if (effectiveEnd.data[earlier] === Infinity) stack.push(earlier);
      }
    }
  };

  const judgePair = (at: Instant, session: SessionTruth, passed: number, returned: number): void => {
    judge.checks += 1;
    if (truth.isAtOrBefore(returned, passed)) {
      judge.violate(() => {
        const reader = `${sessionText(session)} at ${cloudletText(truth, session.cloudlet)} ${atTime(at)}`;
        return `${reader} read ${recordText(truth, returned)} with ${recordText(truth, passed)}, which follows it, in its past`;
      });
      return;
    }
    if (known.get(passed, returned) < 0) {
      known.set(passed, returned, 1);
      lost.push(passed);
      won.push(returned);
    }
    const end = effectiveEnd.data[returned] as number;
    if (end >= (truth.requestedAt.data[passed] as number) || truth.unasked.has(passed)) return;
    judge.violate(() => {
      const reader = `${sessionText(session)} at ${cloudletText(truth, session.cloudlet)} ${atTime(at)}`;
      const what = `${reader} read ${recordText(truth, returned)} with ${recordText(truth, passed)} in its past`;
      return `${what}, though the one read was over ${atTime(end)}, before the other began: it must come first, and last`;
    });
  };

  // The versions of the key in the reader's past that the returned one hides.
  const judgeHidden = (at: Instant, session: SessionTruth, key: number, returned: number): void => {
    const code = truth.shadow.codeOf(session.cloudlet, key);
    if (code === returned || code === -1) return;
    const seen = new Set<number>();
    const open = truth.shadow.visible(session.cloudlet, key).filter((version) => version !== returned);
    const end = effectiveEnd.data[returned] as number;
    for (let version = open.pop(); version !== undefined; version = open.pop()) {
      if (seen.has(version) || truth.isAtOrBefore(version, returned)) continue;
      seen.add(version);
      if (truth.isWithin(version, session.clock)) {
        judgePair(at, session, version, returned);
      } else if (seen.size <= DEPTH_MAX || (truth.requestedAt.data[version] as number) > end) {
        if (truth.cutShort.has(0, version)) throw new GivenUpRecord(`what ${recordName(truth, version)} replaced`);
        open.push(...truth.overwritten.of(version));
      }
    }
  };

  return {
    name: "rtc",
    written() {
      effectiveEnd.push(Infinity);
    },
    acknowledged(at, _cloudlet, record) {
      ended(at, record);
    },
    read(at, session, key, _answer, returned) {
      for (const version of returned) {
        judge.checks += 1;
        if ((truth.requestedAt.data[version] as number) <= at) continue;
        judge.violate(
          () => `${sessionText(session)} read ${recordText(truth, version)} ${atTime(at)}, from the future`,
        );
      }
      if (returnsOne(truth.resolverOfKey[key] ?? "lww-hlc") && !session.isBehind) {
        for (const version of returned) judgeHidden(at, session, key, version);
      }
    },
    answered(at, _session, _id, _op, _answers, returned) {
      for (const version of returned) ended(at, version);
    },
    unwritten(at, cloudlet, dot) {
      judge.checks += 1;
      judge.violate(
        () => `${cloudletText(truth, cloudlet)} showed ${dotName(dot)} ${atTime(at)}, before anybody wrote it`,
      );
    },
    arrived(at, from, cloudlet, record, _isKnown, sentAt) {
      if ((truth.requestedAt.data[record] as number) <= sentAt) return;
      judge.violate(() => {
        const way = `from ${cloudletText(truth, from)} to ${cloudletText(truth, cloudlet)}`;
        return `${recordText(truth, record)} went ${way} ${atTime(sentAt)}, before it was written, and arrived ${atTime(at)}`;
      });
    },
    received(at, from, to, message, sentAt) {
      judge.checks += 1;
      if (sentAt <= at) return;
      judge.violate(() => {
        const way = `from ${cloudletText(truth, from)} to ${cloudletText(truth, to)}`;
        return `a message (${message.kind}) ${way} was received ${atTime(at)} and sent later, ${atTime(sentAt)}`;
      });
    },
    finished() {
      if (judge.violations > 0 || lost.length === 0) return;
      judge.checks += 1;
      if (truth.givenUpCount > 0) {
        // Its words would name what was given up.
        if (hasCycle(truth, lost, won, effectiveEnd.data)) throw new GivenUpRecord("a cycle of real time");
        return;
      }
      const cycle = findCycle(truth, lost, won, effectiveEnd.data);
      if (cycle === null) return;
      judge.violate(() => {
        const steps = cycle.map(({ record, how }) => `${recordName(truth, record)} ${how}`).join(", ");
        const first = cycle[0]?.record ?? 0;
        return `no order fits all reads and real time: ${steps} ${recordText(truth, first)}`;
      });
    },
    // The ends of CF edges, between which a cycle may lead.
    keeps(keep) {
      lost.forEach(keep);
      won.forEach(keep);
    },
    renumbered(to) {
      effectiveEnd.renumber(to);
      to.list(lost);
      to.list(won);
      known = new PairMap();
      for (const [edge, passed] of lost.entries()) known.set(passed, won[edge] as number, 1);
    },
    verdict: () => judge.verdict(),
  };
}
