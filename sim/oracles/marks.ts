// Counts the interesting cases of a run (names.ts): a sweep that never meets them proves nothing. Most are derived from
// what observers hear; a world may count more with `mark`.

import type { CloudletId, StreamId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import { changeNamed } from "./control-marks.ts";
import { type MarkName, markTable } from "./names.ts";
import type { Listener } from "./oracle.ts";
import { keepsSiblings } from "./resolution.ts";
import { PairMap } from "./tables.ts";
import type { Truth } from "./truth.ts";

/** The counter. */
export interface Marks extends Listener {
  /** Counts one that only the world can see. */
  mark(name: MarkName): void;
  /** All marks in the order of the table, zeros included. */
  counts(): readonly (readonly [MarkName, number])[];
}

interface Way {
  isUp: boolean;
  /** When it last opened after having been closed; infinity when nothing that waited has crossed to be looked for. */
  healedAt: number;
  incarnation: number;
  epoch: number;
  /** Highest position sent in this epoch. */
  sentUpTo: number;
}

const places = new Map<MarkName, number>(markTable.map(({ name }, place) => [name, place]));
const placeOf = (name: MarkName): number => places.get(name) as number;

// Those that come with every other record.
const [RELAY, DUPLICATE, PENDING] = [placeOf("relay"), placeOf("duplicate"), placeOf("pending")];

/** Counts marks. */
export function marks(truth: Truth): Marks {
  // By place in the table.
  const counts = new Int32Array(markTable.length);
  const count = (place: number): void => {
    counts[place] = (counts[place] as number) + 1;
  };
  const mark = (name: MarkName): void => {
    count(placeOf(name));
  };
  const { topology } = truth;

  const ways: Way[] = [];
  const wayOf = new PairMap();
  const way = (from: CloudletId, to: CloudletId): Way => {
    let index = wayOf.get(from, to);
    if (index < 0) {
      index = ways.length;
      ways.push({ isUp: true, healedAt: Infinity, incarnation: 0, epoch: 0, sentUpTo: 0 });
      wayOf.set(from, to, index);
    }
    return ways[index] as Way;
  };
  // Ways that nothing has crossed yet since they opened again.
  let healing = 0;
  // Neighbours with whom some way is closed, per cloudlet.
  const cutOff = new Int32Array(topology.cloudlets.length);
  // Requests to resolve a conflict that are not answered yet.
  const resolving = new Set<number>();
  // Cloudlets that came back empty and were not filled yet.
  const emptied = new Set<CloudletId>();
  // Cloudlets whose disk is slow now.
  const slow = new Set<CloudletId>();
  // Whether some stream in a record's nearest past does not reach everyone whom the record reaches.
  const dependsElsewhere: boolean[] = [];

  return {
    mark,
    counts: () => markTable.map(({ name }, place) => [name, counts[place] as number] as const),

    requested(at, _cloudlet, _session, id, op, askedAt) {
      if (at > askedAt) mark("request-queued");
      if (op.kind === "resolve") resolving.add(id);
    },
    written(_at, record, session) {
      if (session.open?.followsOthers === true) mark("node-order");
      const { items } = truth.nearest;
      const set = truth.setOf.data[record] as number;
      let isElsewhere = false;
      for (let at = truth.nearest.begin(record); at < truth.nearest.end(record); at += 1) {
        if (!truth.reach.covers(truth.setOf.data[items[at] as number] as number, set)) isElsewhere = true;
      }
      dependsElsewhere.push(isElsewhere);
      const replaced = truth.overwritten.end(record) - truth.overwritten.begin(record);
      if (replaced > 1) mark("conflict-closed");
      const { ends, dot } = truth.records[record] as CausalRecord;
      if (ends !== true) return;
      mark("put-ended");
      if (truth.overwritten.of(record).some((put) => truth.records[put]?.dot.incarnation !== dot.incarnation)) {
        mark("end-after-restart");
      }
    },
    replied(_at, _cloudlet, _session, id, result) {
      if (resolving.size > 0 && resolving.delete(id) && result.kind === "written") mark("resolved-by-hand");
    },
    acknowledged(_at, cloudlet) {
      const neighbours = truth.reach.planOf(cloudlet).neighbours(cloudlet).length;
      if (neighbours > 0 && cutOff[cloudlet] === neighbours) mark("offline-write");
    },
    read(_at, _session, key, answer) {
      if (answer.tombstones.length > 0) mark("tombstone");
      if (answer.sealed !== undefined) mark("sealed-read");
      if (answer.hidden > 0) mark("hidden-loser");
      if (answer.merged !== undefined && answer.versions.length > 1) mark("deltas-merged");
      const isAll = keepsSiblings(truth.resolverOfKey[key] ?? "lww-hlc");
      if (isAll && answer.versions.length + answer.tombstones.length > 1) mark("siblings-returned");
    },
    collected() {
      mark("tombstone-collected");
    },
    met(_at, _cloudlet, newcomer, resident) {
      mark("conflict");
      if (hasReplacedEnded(truth, newcomer, resident) || hasReplacedEnded(truth, resident, newcomer)) mark("end-raced");
    },
    applied(_at, cloudlet, record, from, isAgain) {
      if (from !== null) {
        const origin = truth.originOf.data[record] as number;
        if (origin !== from) count(RELAY);
        if (origin === cloudlet) mark("own-record-returned");
        if (emptied.size > 0 && emptied.delete(cloudlet)) mark("disk-lost");
      }
      if (dependsElsewhere[record] !== true || isAgain || truth.originOf.data[record] === (cloudlet as number)) return;
      const { items } = truth.nearest;
      for (let at = truth.nearest.begin(record); at < truth.nearest.end(record); at += 1) {
        if (truth.reaches(items[at] as number, cloudlet)) continue;
        mark("dependency-elsewhere");
        return;
      }
    },
    arrivedAgain() {
      mark("duplicate");
    },
    renumbered(to) {
      for (const [record, isElsewhere] of dependsElsewhere.entries()) {
        const number = to.of(record);
        if (number >= 0) dependsElsewhere[number] = isElsewhere;
      }
      dependsElsewhere.length = to.count;
    },
    arrived(at, from, cloudlet, record, isKnown, sentAt) {
      if (isKnown) {
        count(DUPLICATE);
        return;
      }
      const { items } = truth.nearest;
      for (let index = truth.nearest.begin(record); index < truth.nearest.end(record); index += 1) {
        const cause = items[index] as number;
        if (truth.isReceived(cloudlet, cause) || !truth.reaches(cause, cloudlet)) continue;
        count(PENDING);
        break;
      }
      const index = healing === 0 ? -1 : wayOf.get(from, cloudlet);
      if (index < 0) return;
      const { healedAt } = ways[index] as Way;
      if (at < healedAt || sentAt < healedAt || (truth.requestedAt.data[record] as number) >= healedAt) return;
      (ways[index] as Way).healedAt = Infinity;
      healing -= 1;
      mark("partition-healed");
    },
    sentBatch(_at, from, to, message) {
      const one = way(from, to);
      if (one.incarnation !== (message.incarnation as number) || one.epoch !== message.epoch) {
        one.incarnation = message.incarnation;
        one.epoch = message.epoch;
        one.sentUpTo = 0;
      }
      if (message.after < one.sentUpTo) {
        mark("retransmission");
        if (wayOf.get(to, from) >= 0 && !way(to, from).isUp) mark("sent-unheard");
      }
      one.sentUpTo = Math.max(one.sentUpTo, message.upTo);
    },
    dropped(_at, _from, _to, _message, reason) {
      if (reason === "corrupted") mark("message-corrupted");
      if (reason === "lost" || reason === "queueFull") mark("message-lost");
    },
    linkChanged(at, from, to, up) {
      const one = way(from, to);
      if (one.isUp === up) return;
      const other = way(to, from);
      const wasCut = !one.isUp || !other.isUp;
      one.isUp = up;
      const isCut = !one.isUp || !other.isUp;
      if (!up) mark("partition");
      if (one.healedAt !== Infinity) healing -= 1;
      one.healedAt = up ? at : Infinity;
      if (up) healing += 1;
      if (wasCut === isCut) return;
      for (const end of [from, to]) cutOff[end] = (cutOff[end] as number) + (isCut ? 1 : -1);
    },
    crashed(_at, _cloudlet, unsynced) {
      mark("crash");
      if (unsynced.length > 0) mark("crash-with-unsynced");
    },
    diskFailed(_at, _cloudlet, failure) {
      if (failure.kind === "torn") mark("torn-tail");
      else if (failure.kind === "lied") mark("fsync-lied");
      else if (failure.kind === "rotten") mark(failure.isCheckpointLost ? "checkpoint-rotten" : "bit-rot");
      else if (failure.kind === "cloned") mark("disk-cloned");
      else if (failure.kind === "restored" && failure.lost.length > 0) mark("backup-restored");
    },
    restarted(_at, cloudlet, _recovered, diskLost) {
      if (diskLost) emptied.add(cloudlet);
    },
    planTold(_at, cloudlet, former, plan) {
      const before = former.cloudlets[cloudlet]?.upper ?? null;
      const after = plan.cloudlets[cloudlet]?.upper ?? null;
      if (before === after) return;
      mark("reparented");
      if (before === null) return;
      let isUp = false;
      let isDown = false;
      for (let record = 0; record < truth.recordCount; record += 1) {
        const stream = truth.streamOf.data[record] as StreamId;
        const isHere = truth.isApplied(cloudlet, record);
        if (isHere === truth.isApplied(before, record)) continue;
        if (isHere && former.reaches(stream, before)) isUp = true;
        if (!isHere && former.reaches(stream, cloudlet)) isDown = true;
      }
      if (isUp) mark("reparented-sending");
      if (isDown) mark("reparented-receiving");
    },
    clockStepped() {
      mark("clock-step");
    },
    troubled(_at, _from, _to, trouble) {
      mark(trouble === "held" ? "message-held" : "link-degraded");
    },
    quirked(_at, _cloudlet, quirk) {
      mark(quirk);
    },
    synced(_at, cloudlet) {
      if (slow.has(cloudlet)) mark("disk-slow");
    },
    machineChanged(_at, cloudlet, change) {
      if (change.kind === "diskSlow") slow[change.isSo ? "add" : "delete"](cloudlet);
      if (change.kind === "paused" && change.clock === "stands") mark("clock-frozen");
      if (change.kind === "resumed" && change.waited > 0) mark("process-paused");
      if (change.kind === "drifted") mark("clock-drifted");
      if (change.kind === "writeRefused") mark("disk-full");
      if (change.kind === "versionChanged" && change.version > change.former) mark("upgraded");
      if (change.kind === "downgradeRefused") mark("downgrade-refused");
    },
    watching(_at, cloudlet, event) {
      if (event.kind === "marked" && truth.reach.planOf(cloudlet).cloudlets[event.about]?.upper === cloudlet) {
        mark(`marked-${event.to}`);
        const change = changeNamed(event.from, event.to);
        if (change !== null) mark(change);
      }
      if (event.kind === "looked" && event.sight.history.some(({ was }) => was !== null)) mark("mark-corrected");
    },
    noticed(_at, _cloudlet, event) {
      if (event.kind === "sealedRecord") mark("sealed-relayed");
      if (event.kind === "farFuture") mark("far-future");
      if (event.kind === "installed") mark("snapshot-installed");
      if (event.kind === "compacted") mark("log-compacted");
      if (event.kind === "foreignRecord") mark("foreign-record");
      if (event.kind === "dotCollision") mark("dot-collision");
      if (event.kind === "streamsOpened") mark("stream-opened");
    },
  };
}

// Has this version replaced what that one ends?
function hasReplacedEnded(truth: Truth, version: number, end: number): boolean {
  if (truth.records[end]?.ends !== true) return false;
  return truth.overwritten.of(end).some((put) => truth.overwritten.includes(version, put));
}
