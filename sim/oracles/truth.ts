// The ground truth of a run: who wrote what after having seen what, and which versions should stand where. Built from what
// sessions asked and were answered and from which records were applied where; the core's own metadata (prev, deps, the
// order of stamps) is never believed. A record's dot is its name, nothing more.
//
// Happens-before is the transitive closure of session order, reads-from and overwrites, and of the order of each cloudlet's
// operations where that is promised (node-order.ts). A read reads the versions and
// tombstones in its answer; losers that a resolver hid are not read. A write overwrites, of the versions that stand at its
// cloudlet when it is requested: those in its session's past where siblings are kept, else, and with `replaceAll`, and
// when it resolves them, and where only deletes stand, all of them. A delete that a cloudlet has collected stands there no
// longer. A delta takes nothing from those it overwrites: it follows them, and they count.
//
// How pasts grow is in session-truth.ts, what is where in whereabouts.ts. Leaves out every judgement: those are the oracles',
// one file each, told by oracle.ts.

import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import { isWriteOp } from "../../model/replication/draft.ts";
import type { ClientOp, ClientResult, DiskImage, ReplicaEvent, ReplicationCore } from "../../model/replication/io.ts";
import type { Installation } from "../../model/replication/applied-log.ts";
import { eachDot } from "../../model/replication/cut.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import type { Message, RecordsMessage, SnapshotMessage } from "../../model/replication/messages.ts";
import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import type { Causality } from "../../model/replication/standing.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { Detachment } from "../scenario/scenario.ts";
import { hearAnswers, hearMoved } from "./answers.ts";
import type { Chorus } from "./choir.ts";
import { GivenUp, GivenUpRecord } from "./given-up.ts";
import { findFinal, findKept, KEEP_ALL, movingKeys, type GivingUp } from "./giving-up.ts";
import { NodeOrder } from "./node-order.ts";
import type { Observer } from "./observer.ts";
import { Recovered } from "./recovered.ts";
import { Renumbering } from "./renumbering.ts";
import { areDeletes, overwritesUnseen } from "./resolution.ts";
import { absorb, SessionRoll, type SessionTruth } from "./session-truth.ts";
import { empty } from "./tables.ts";
import { isCopy, pastOfUnasked } from "./unasked.ts";
import { Whereabouts } from "./whereabouts.ts";

const NOTHING: readonly number[] = [];

type Arrived = Chorus<"arrived">[number];

/** The ground truth. Records, keys and sessions are dense numbers in the order they came up. */
export class Truth extends Whereabouts implements Observer {
  readonly sessions: readonly SessionTruth[];
  readonly #roll = new SessionRoll();
  /** What the disk gave back and was not seen applied yet. */
  readonly #recovering = new Map<CloudletId, Recovered>();
  readonly #decoded: number[] = [];
  readonly #toTell: (() => void)[] = [];
  // The order of each cloudlet's operations, where it is promised.
  readonly #nodes: NodeOrder | null;

  readonly #giving: GivingUp;
  #giveUpAt: number;

  constructor(
    topology: Topology,
    causality: Causality = "session",
    giving: GivingUp = KEEP_ALL,
    detachments: readonly Detachment[] = [],
  ) {
    super(topology, detachments);
    this.#giving = giving;
    this.#giveUpAt = giving.from;
    this.#nodes = causality === "cloudlet" ? new NodeOrder(this) : null;
    this.sessions = this.#roll.all;
  }

  // What happens.

  started(
    at: Instant,
    cloudlet: CloudletId,
    incarnation: Incarnation,
    core: ReplicationCore,
    image: DiskImage,
    diskLost: boolean,
  ): void {
    this.settle();
    this.cores[cloudlet] = core;
    this.absences.note(at, cloudlet, image.entries);
    this.incarnations[cloudlet] = incarnation;
    this.#nodes?.started(cloudlet);
    const before = this.appliedRows.take(cloudlet);
    this.receivedRows.take(cloudlet);
    const recovered = new Recovered(
      image,
      ({ stream }) => !this.topology.plans.some((plan) => plan.reaches(stream, cloudlet)),
      ({ stream }) => this.scopeOfStream[stream] as number,
    );
    const held = recovered.held(this);
    for (const record of held) this.receivedRows.add(cloudlet, record);
    this.shadow.forget(cloudlet);
    this.before[cloudlet] = before;
    let forgets = recovered.hasCuts;
    before.forEach((record) => {
      // What the disk lost, nobody can follow to what came before it.
      if (!this.receivedRows.has(cloudlet, record)) forgets = true;
      this.appliedCount.data[record] = (this.appliedCount.data[record] as number) - 1;
      for (let listener = 0; listener < this.choir.unapplied.length; listener += 1) {
        (this.choir.unapplied[listener] as Chorus<"unapplied">[number])(cloudlet, record);
      }
    });
    if (forgets) this.forgetting.begin(cloudlet);
    this.forgetting.unproven.restarted(cloudlet, recovered);
    this.plans.started(cloudlet, held);
    if (!recovered.isEmpty) this.#recovering.set(cloudlet, recovered);
    for (const listener of this.choir.restarted) listener(at, cloudlet, recovered, diskLost);
    if (this.#toTell.length > 0) this.#stepIsOver();
  }

  crashed(_at: Instant, cloudlet: CloudletId, unsynced: readonly StoredEntry[]): void {
    this.settle();
    this.absences.crashed(cloudlet, unsynced);
    this.cores[cloudlet] = null;
    this.#recovering.delete(cloudlet);
    for (const session of this.sessions) if (session.cloudlet === cloudlet) session.open = null;
  }

  planTold(at: Instant, cloudlet: CloudletId, _former: Topology, plan: Topology): void {
    this.settle();
    this.#recover(at, cloudlet);
    this.plans.adopt(cloudlet, plan.plan);
  }

  moved(_at: Instant, cloudlet: CloudletId, id: SessionId, former: SessionId): void {
    this.settle();
    this.#roll.moved(cloudlet, id, former);
  }

  requested(at: Instant, cloudlet: CloudletId, id: SessionId, opId: OpId, op: ClientOp, askedAt: Instant): void {
    this.settle();
    this.#recover(at, cloudlet);
    const session = this.#roll.at(cloudlet, id);
    const followsOthers = this.#nodes?.begins(cloudlet, session, op) ?? false;
    let overwrites = NOTHING;
    if (isWriteOp(op)) {
      const key = this.keyNumber(op.key);
      const visible = this.shadow.visible(cloudlet, key);
      const isAll =
        overwritesUnseen(op, this.resolverOfKey[key] ?? "lww-hlc") ||
        areDeletes(visible, this.records, this.cores[cloudlet]?.versions(op.key) ?? []);
      overwrites = isAll ? visible.slice() : visible.filter((version) => this.isWithin(version, session.clock));
    }
    session.open = { at: askedAt, id: opId, op, overwrites, followsOthers };
    if (this.#toTell.length > 0) this.#stepIsOver();
  }

  wrote(at: Instant, cloudlet: CloudletId, id: SessionId, _opId: OpId, record: CausalRecord): void {
    const session = this.#roll.at(cloudlet, id);
    const overwrites = this.plans.surelyOverwritten(cloudlet, session.open?.overwrites ?? NOTHING, record);
    if (this.#isTaken(at, cloudlet, record)) return;
    for (const version of overwrites) absorb(this, session, version);
    const key = this.keyNumber(record.key);
    const named = this.forgetting.overwritten(cloudlet, session, key, record, overwrites);
    this.#enter(at, record, session, key, named);
  }

  wroteUnasked(at: Instant, cloudlet: CloudletId, record: CausalRecord): void {
    // The first thing that a process tells may be how it ends what its checkpoint has.
    this.#recover(at, cloudlet, false);
    if (isCopy(this, record) || this.#isTaken(at, cloudlet, record)) return;
    const session = this.#roll.unasked(cloudlet);
    const named = pastOfUnasked(this, session, record, (dot) => void this.#unwritten(at, cloudlet, dot));
    this.unasked.add(this.recordCount);
    this.#enter(at, record, session, this.keyNumber(record.key), named);
  }

  replied(at: Instant, cloudlet: CloudletId, id: SessionId, opId: OpId, result: ClientResult): void {
    const session = this.#roll.find(id);
    const open = session?.open ?? null;
    if (session === undefined || open === null || open.id !== opId) return;
    session.open = null;
    if (result.kind === "written") {
      const record = this.numberOf(result.dot);
      if (record < 0) {
        this.#unwritten(at, cloudlet, result.dot);
        return;
      }
      this.endedAt.data[record] = at;
      for (const listener of this.choir.acknowledged) listener(at, cloudlet, record);
    } else if (result.kind === "read") {
      session.isBehind = (session.hasMoved || this.#nodes !== null) && result.behind !== undefined;
      hearAnswers(this, this.choir, at, session, open, result.answers);
    }
    if (session.hasMoved || result.kind === "detached") hearMoved(this, this.choir, at, session, open.op, result);
    this.#nodes?.ends(cloudlet, session, result);
  }

  storing(_at: Instant, _cloudlet: CloudletId, entries: readonly StoredEntry[]): void {
    this.collected.storing(entries);
  }

  synced(at: Instant, cloudlet: CloudletId): void {
    this.settle();
    this.#recover(at, cloudlet);
    if (this.#toTell.length > 0) this.#stepIsOver();
  }

  notified(at: Instant, cloudlet: CloudletId, event: ReplicaEvent): void {
    if (event.kind === "released" && this.absences.released(cloudlet, event.dot, event.lost)) {
      this.forgetting.unproven.released(cloudlet);
    }
    if (event.kind === "compacted") this.forgetting.begin(cloudlet);
    if (event.kind !== "applied" && event.kind !== "installed" && event.kind !== "collected") return;
    this.#recover(at, cloudlet, false);
    if (cloudlet !== this.touchedCloudlet) {
      this.settle();
      this.touchedCloudlet = cloudlet;
    }
    this.touchedAt = at;
    if (event.kind === "installed") {
      this.#install(at, cloudlet, event, event.from);
      return;
    }
    if (event.kind === "collected") {
      for (const record of event.records) this.#collect(at, cloudlet, record);
      return;
    }
    const { records, from } = event;
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index] as CausalRecord;
      const number = this.numberOfRecord(record);
      const bringer = from[index] ?? null;
      if (bringer === "bundle") for (const bundled of this.choir.bundled) bundled();
      if (number < 0) {
        this.#unwritten(at, cloudlet, record.dot);
      } else if (this.isApplied(cloudlet, number)) {
        for (const listener of this.choir.appliedTwice) listener(at, cloudlet, number);
      } else {
        // What a session brought came over no link.
        if (bringer === "bundle") this.receivedRows.add(cloudlet, number);
        this.apply(at, cloudlet, number, bringer === "bundle" ? null : bringer);
      }
    }
  }

  received(at: Instant, from: CloudletId, to: CloudletId, message: Message, sentAt: Instant): void {
    this.settle();
    this.#recover(at, to);
    if (message.kind === "records" || message.kind === "snapshot") this.#receive(at, from, to, message, sentAt);
    if (this.#toTell.length > 0) this.#stepIsOver();
  }

  #receive(
    at: Instant,
    from: CloudletId,
    to: CloudletId,
    message: RecordsMessage | SnapshotMessage,
    sentAt: Instant,
  ): void {
    const records = message.kind === "records" ? message.records : message.versions;
    const decoded = this.#decoded;
    empty(decoded);
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index] as CausalRecord;
      const number = this.numberIfKept(record);
      decoded.push(number);
      if (number < 0) {
        if (this.isGivenUp(record.dot)) this.#arrivedAgain(from, to, record);
        continue;
      }
      const isKnown = this.isReceived(to, number);
      // Each of the first two from its own place, as in `apply`.
      const arrived: readonly Arrived[] = this.choir.arrived;
      const isFull = arrived.length >= 2;
      if (isFull) {
        (arrived[0] as Arrived)(at, from, to, number, isKnown, sentAt);
        (arrived[1] as Arrived)(at, from, to, number, isKnown, sentAt);
      }
      for (let listener = isFull ? 2 : 0; listener < arrived.length; listener += 1) {
        (arrived[listener] as Arrived)(at, from, to, number, isKnown, sentAt);
      }
      if (isKnown) continue;
      this.receivedRows.add(to, number);
      if (!this.reaches(number, to)) this.strayed(number);
    }
    // Whoever acknowledges a snapshot has all that it covers.
    if (message.kind === "snapshot") eachDot(message.applied, (dot) => void decoded.push(this.dotNumberIfKept(dot)));
    for (let listener = 0; listener < this.choir.batchArrived.length; listener += 1) {
      (this.choir.batchArrived[listener] as Chorus<"batchArrived">[number])(at, from, to, message, decoded);
    }
  }

  linkChanged(): void {
    this.settle();
  }
  healed(): void {
    this.settle();
  }

  finished(at: Instant): void {
    this.settle();
    for (const cloudlet of [...this.#recovering.keys()]) this.#recover(at, cloudlet);
    this.#stepIsOver();
  }

  /** Calls this once, when the step that is being told is over: when a request, a message, a confirmation, a start or the end follows. */
  afterStep(tell: () => void): void {
    this.#toTell.push(tell);
  }

  /** Gives up records that can no longer matter, when there are enough of them. Call it between events. */
  giveUp(at: Instant): void {
    if (this.recordCount < this.#giveUpAt) return;
    this.settle();
    if (this.#needsAll()) {
      this.#giveUpAt = Infinity;
      return;
    }
    const { endsBy, bug } = this.#giving;
    findFinal(
      this,
      (cloudlet) => this.cores[cloudlet] !== null && at > (endsBy[cloudlet] as number),
      bug,
      (record) => void this.makeFinal(record),
    );
    const isKept = findKept(this, (keep) => {
      this.#roll.keep(keep);
      this.#nodes?.keep(keep);
      for (const keeps of this.choir.keeps) keeps(keep);
      const holdsTo = (visit: (key: number, record: number) => void): void => {
        if (bug !== "what-sessions-are-held-to") for (const holds of this.choir.holdsTo) holds(visit);
      };
      holdsTo((_key, record) => void keep(record));
      const isMoving = movingKeys(this);
      this.collected.keep(
        (visit) => {
          holdsTo(visit);
          this.shadow.eachVersion(visit);
        },
        (key) => isMoving[key] === 1,
        (x, y) => this.isAtOrBefore(x, y),
        keep,
      );
    });
    const to = new Renumbering(isKept);
    const names = (this.givenUp ??= new GivenUp((dot) => this.collected.isNotice(dot)));
    for (let record = 0; record < to.formerCount; record += 1) {
      if (isKept[record] === 1) continue;
      names.add((this.records[record] as CausalRecord).dot);
      for (const givenUp of this.choir.givenUp) givenUp(record);
    }
    for (const renumbered of this.choir.renumbered) renumbered(to);
    this.#roll.renumber(to);
    this.#nodes?.renumber(to);
    this.renumber(to);
    this.#giveUpAt = to.count + Math.max(this.#giving.from, to.count) / 2;
  }

  // Below: how.

  #stepIsOver(): void {
    for (const tell of this.#toTell) tell();
    this.#toTell.length = 0;
  }

  #needsAll(): boolean {
    return this.reach.isFamily || this.unasked.size > 0 || this.sessions.some(({ hasMoved }) => hasMoved);
  }

  // Has another record the name of this one? The truth keeps the first.
  #isTaken(at: Instant, cloudlet: CloudletId, record: CausalRecord): boolean {
    const namesake = this.numberOf(record.dot);
    if (namesake >= 0) for (const listener of this.choir.dotReused) listener(at, cloudlet, namesake, record);
    return namesake >= 0;
  }

  #enter(at: Instant, record: CausalRecord, by: SessionTruth, key: number, named: readonly number[]): void {
    const number = this.add(record, key, by, by.open?.at ?? at, named);
    this.forgetting.wrote(by.cloudlet, by, key, number);
    this.receivedRows.add(by.cloudlet, number);
    for (let listener = 0; listener < this.choir.written.length; listener += 1) {
      (this.choir.written[listener] as Chorus<"written">[number])(at, number, by);
    }
  }

  // A record that was given up comes in late, as copies and repeated messages do. Who has it is sure; elsewhere it has no business.
  #arrivedAgain(from: CloudletId, to: CloudletId, { dot, size }: CausalRecord): void {
    if (!this.reach.reaches(dot.stream, to)) throw new GivenUpRecord(dot);
    for (const listener of this.choir.arrivedAgain) listener(from, to, size);
  }

  // Something was shown whose record nobody wrote; notices are nobody's business.
  #unwritten(at: Instant, cloudlet: CloudletId, dot: Dot): void {
    if (this.collected.isNotice(dot)) return;
    for (const listener of this.choir.unwritten) listener(at, cloudlet, dot);
  }

  #collect(at: Instant, cloudlet: CloudletId, record: CausalRecord): void {
    const number = this.numberOfRecord(record);
    if (number < 0) {
      this.#unwritten(at, cloudlet, record.dot);
      return;
    }
    const key = this.keyOf.data[number] as number;
    this.touch(key);
    // A core that joins a cut cannot tell a delete that something there has replaced from one that was collected.
    if (!this.shadow.visible(cloudlet, key).includes(number)) return;
    // Of one that need not stand any more nobody is told; whether it may go was judged where it stood.
    if (this.shadow.standing(cloudlet, key).includes(number))
      for (const listener of this.choir.collected) listener(at, cloudlet, number);
    this.drop(cloudlet, number);
  }

  // Everything that a cut covers has come, whether or not it lives; numbers respect the past.
  #install(
    at: Instant,
    cloudlet: CloudletId,
    { covered, versions }: Omit<Installation, "kind">,
    from: CloudletId | null,
  ): void {
    this.forgetting.begin(cloudlet);
    this.forgetting.unproven.installs(cloudlet);
    const numbers = this.numbersOf(covered, (dot) => void this.#unwritten(at, cloudlet, dot));
    for (const number of numbers) {
      this.receivedRows.add(cloudlet, number);
      if (!this.isApplied(cloudlet, number)) this.apply(at, cloudlet, number, from);
      else for (const listener of this.choir.appliedTwice) listener(at, cloudlet, number);
    }
    // A delete that has gone somewhere is in no cut any more that was taken after that.
    const gone = numbers.filter((number) => this.collected.isAnywhere(number));
    const held = new Set(gone.length === 0 ? [] : versions.map((record) => this.numberOf(record.dot)));
    for (const number of gone) if (!held.has(number)) this.drop(cloudlet, number);
  }

  // A core tells nothing of what its checkpoint covers, and need not tell again what else it applied from its disk. What it
  // then holds of the checkpoint is taken over before the first thing it tells, the rest before its next step.
  #recover(at: Instant, cloudlet: CloudletId, isAll = true): void {
    if (this.#recovering.size === 0) return;
    const recovered = this.#recovering.get(cloudlet);
    const core = this.cores[cloudlet] ?? null;
    if (recovered === undefined || core === null) return;
    if (isAll) this.#recovering.delete(cloudlet);
    this.touchedAt = at;
    this.touchedCloudlet = cloudlet;
    for (const record of recovered.numbers(this, isAll)) {
      const isNew = !this.isApplied(cloudlet, record);
      const { dot } = this.records[record] as CausalRecord;
      if (!isNew || !core.hasApplied(dot)) continue;
      this.apply(at, cloudlet, record, null);
      if (this.collected.isAnywhere(record) && recovered.isWithout(dot)) this.drop(cloudlet, record);
    }
    if (isAll) this.settle();
  }
}
