// What a replica holds and in which order it came to hold it: writers, what is known and applied, versions, records and
// cuts that wait. Applying and joining are here; what is kept of it retention.ts says; requests, links and the disk are in
// replica.ts. A record becomes visible only here, and only when everything before it that reaches this cloudlet is visible.

import { assert } from "../assert.ts";
import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import { listOf } from "../lists.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import { Coverage } from "./coverage.ts";
import { Coverings, anyDot, isSameCoverage, partOf, type Cut, type PendingCut } from "./cut.ts";
import { installable, soleBringer, missingOf, type IsMissing } from "./installing.ts";
import { WriterDigests } from "./digests.ts";
import type { LocalTime, PendingRecord, ReplicaEvent } from "./io.ts";
import type { Bringer } from "./log.ts";
import { Ledger } from "./ledger.ts";
import type { Covered, Known } from "./messages.ts";
import { isDetachment, isNotice, lastUncovered, type NoticeRecord } from "./notice.ts";
import { Opening, missingPast, newlyReceived } from "./opening.ts";
import type { CausalRecord, Dot, Stamp } from "./record.ts";
import { sameContent } from "./same-content.ts";
import { Retention, scopesOf } from "./retention.ts";
import { ScopeWriters, scopeWritersFrom } from "./scope-writers.ts";
import { snapshotVersion, type Snapshot } from "./snapshot.ts";
import { StampCeiling, aheadOfBound, compareHybrid } from "./stamp.ts";
import type { Standing } from "./standing.ts";
import { WaitingRoom, type Gate } from "./waiting-room.ts";
import type { Waiter } from "./waiting.ts";
import { WriterTable } from "./writers.ts";

/** Everything a replica holds. */
export class Holdings implements Gate {
  readonly #config: Standing;
  readonly writers: WriterTable;
  readonly retention: Retention;
  readonly index: Retention["index"];
  readonly versions: Retention["versions"];
  readonly log: Retention["log"];
  readonly deltas: Retention["deltas"];
  readonly coverage: Coverage;
  /** Over what is held, for greetings. */
  readonly digests: WriterDigests;
  /** The cloudlet's own hybrid and Lamport clock: raised by what it writes and applies. */
  readonly clock: StampCeiling;
  readonly ledger: Ledger;
  readonly room: WaitingRoom;
  // Null until somebody asks for a few scopes, and many writers are known.
  #scopeWriters: ScopeWriters | null = null;
  #cuts: readonly PendingCut[];
  #isNewlyBlocked = false;
  // Has anything been stored or applied since the cuts were judged that any of them might wait for?
  #isToJudge = true;
  // Those among the cuts that were held back when they were looked at last.
  #heldCuts: readonly Cut[] = [];
  // Where the log was told last that more is stored in cuts that wait.
  #blockedAt: number;
  // True once a cut was installed: from then on a record may come that a cut has covered.
  #hasInstalled: boolean;
  // Not null from an adoption until what it makes wait has come.
  #opening: Opening | null = null;

  constructor(config: Standing, like: Holdings | null = null) {
    this.#config = config;
    this.writers = like === null ? new WriterTable() : like.writers.clone();
    this.retention = new Retention(config, this.writers, (dot) => this.hasApplied(dot), like?.retention ?? null);
    this.index = this.retention.index;
    this.versions = this.retention.versions;
    this.log = this.retention.log;
    this.deltas = this.retention.deltas;
    this.coverage = new Coverage(this.index);
    this.digests = new WriterDigests(this.index);
    this.clock = like === null ? new StampCeiling() : like.clock.clone();
    this.ledger = new Ledger(this.writers, like?.ledger ?? null);
    this.room = new WaitingRoom(config, this, like === null ? null : like.room);
    this.#cuts = like === null ? [] : like.#cuts;
    this.#blockedAt = like === null ? 0 : like.#blockedAt;
    this.#heldCuts = like === null ? [] : like.#heldCuts;
    this.#hasInstalled = like !== null && like.#hasInstalled;
    this.#opening = like === null || like.#opening === null ? null : like.#opening.clone();
  }

  /** How far down a cloudlet stands in the control tree of the plan in force. */
  readonly layerOf = (cloudlet: CloudletId): number => this.#config.topology.cloudlets[cloudlet]?.depth ?? 0;

  /**
   * Takes note of a record that came in. False when it is known already; a different record of the same dot is reported
   * and never applied (its origin was cloned or rolled back).
   */
  learn(record: CausalRecord, events: ReplicaEvent[]): boolean {
    const slot = this.writers.slotOf(record.dot);
    if (this.ledger.known.add(slot, record.dot.sequence)) {
      this.index.add(slot, record);
      return true;
    }
    const held = this.index.at(slot, record.dot.sequence);
    if (held !== null && held !== record && !sameContent(held, record)) {
      events.push({ kind: "dotCollision", dot: record.dot });
    } else if (this.#config.rules.mergesRepeats && this.hasApplied(record.dot)) {
      this.retention.merge(record);
    }
    return false;
  }

  /** Is this record applied here? */
  hasApplied(dot: Dot): boolean {
    return this.ledger.hasApplied(dot);
  }

  /** What came in of every writer of these scopes, stored or on its way to the disk: for greetings. */
  knownOf(scopes: ReadonlySet<ScopeId>): Known[] {
    return this.ledger.knownOf(this.#writersOf(scopes), this.digests);
  }

  /** What is applied of every writer of these scopes, of all when null. */
  appliedOf(scopes: ReadonlySet<ScopeId> | null): Covered[] {
    return this.ledger.applied.covered(this.#writersOf(scopes));
  }

  #writersOf(scopes: ReadonlySet<ScopeId> | null): readonly number[] {
    const { writers } = this;
    if (scopes === null || writers.size < scopeWritersFrom) {
      return writers.where((stream) => scopes === null || scopes.has(this.#scopeOf(stream)));
    }
    this.#scopeWriters ??= new ScopeWriters(writers, (stream) => this.#scopeOf(stream));
    return this.#scopeWriters.of(scopes);
  }

  /** Is this record of a scope that is used before it is stored? What a notice says must last. */
  isKeptInMemory({ kind, dot }: CausalRecord): boolean {
    return kind !== "notice" && this.#config.topology.scopes[this.#scopeOf(dot.stream)]?.durability === "memory";
  }

  /** All that is applied here of these scopes, of all when null, as a cut. */
  cutOf(scopes: ReadonlySet<ScopeId> | null): Cut {
    const applied = this.appliedOf(scopes);
    const { retention } = this;
    const versions = [...retention.versionsOf(scopes), ...retention.noticesOf(scopes)];
    return { kind: "cut", applied, versions, outside: retention.outsideOf(scopes) };
  }

  /**
   * All that is stored here of these scopes as one cut, what waits included: whoever receives it waits for what that lacks,
   * as this cloudlet does. Why such a thing is ever sent: docs/model.md, "Cuts that wait for each other".
   */
  aheadCutOf(scopes: ReadonlySet<ScopeId>): Cut {
    const ahead = new Holdings(this.#config, this);
    for (const { cut } of this.#cuts) if (!this.room.isHeldBack(cut)) ahead.#join(cut, null, notNow, []);
    for (const { record } of this.room.waiters().toSorted((a, b) => compareHybrid(a.record, b.record))) {
      // Nothing waits for a notice but what is held back: elsewhere it may follow.
      if (isNotice(record) && this.retention.absences.isEmpty) continue;
      const isNext = isNotice(record)
        ? lastUncovered(record.notice, ahead.ledger.applied, ahead.writers) === null
        : record.prev.every((dot) => ahead.hasApplied(dot));
      if (isNext && !ahead.hasApplied(record.dot)) ahead.#applyAside(record, notNow);
    }
    return ahead.cutOf(scopes);
  }

  /** Where the log says that something has come which only waiting cuts cover; 0 while there is nothing such. */
  get blockedAt(): number {
    return this.#cuts.length === 0 ? 0 : this.#blockedAt;
  }

  /** Cuts that wait, in the order they were stored. */
  get pendingCuts(): readonly PendingCut[] {
    return this.#cuts;
  }

  /** A cut is stored: it waits until `installReady` finds that it lacks nothing. */
  addCut(cut: Cut, from: CloudletId | null): void {
    const covered = new Coverings(this.#cuts.map((pending) => pending.cut.applied));
    // The same again is of no use.
    if (this.#cuts.some((pending) => isSameCoverage(pending.cut, cut))) return;
    this.#cuts = [...this.#cuts, { cut, from }];
    this.#isToJudge = true;
    if (anyDot(cut.applied, (dot) => !covered.covers(dot) && !this.hasApplied(dot))) this.#isNewlyBlocked = true;
  }

  /** What this peer brought in a cut that still waits, its present life may have lost. */
  doubtCutsFrom(peer: CloudletId): void {
    this.#cuts = listOf(this.#cuts, (pending) => (pending.from === peer ? { cut: pending.cut, from: null } : pending));
  }

  /** Installs the cuts that lack nothing any more, until there are none. Nothing changes as long as nothing is stored or applied. */
  installReady(now: LocalTime, events: ReplicaEvent[]): void {
    if (!this.#isToJudge) return;
    this.#isToJudge = false;
    this.#partHeldCuts(now, events);
    while (this.#cuts.length > 0) {
      this.#cuts = this.#cuts.filter(({ cut }) => this.ledger.isNews(cut.applied));
      const cuts = this.#cuts.map(({ cut }) => cut).filter((cut) => !this.room.isHeldBack(cut));
      const isMissing: IsMissing = this.#config.rules.cutAwaits()
        ? (dot, listed) => this.room.isMissing(dot, listed)
        : () => false;
      // Notices wait for more than what they list.
      const waiters = this.room.waiters().filter(({ record }) => record.kind !== "notice");
      const records = waiters.map(({ record }) => record);
      const vouched = this.room.vouched();
      const withAnew = new Map(cuts.map((cut) => [cut, this.room.anewBefore(cut)]));
      const chosen = installable(withAnew, records, vouched, isMissing);
      if (chosen.cuts.length === 0) break;
      const from = soleBringer(chosen, this.#cuts, [...waiters, ...vouched.keys()]);
      this.#cuts = this.#cuts.filter(({ cut }) => !chosen.cuts.includes(cut));
      this.#install(chosen.cuts, chosen.records, from, now, events);
    }
    this.#noteHeld();
    if (this.#isNewlyBlocked && this.#cuts.length > 0) {
      this.log.append({ kind: "blocked" }, null);
      this.#blockedAt = this.log.end;
    }
    this.#isNewlyBlocked = false;
  }

  // What is held back is not sent ahead either: once it only waits, it is as if it had just come.
  #noteHeld(): void {
    const cuts = this.#cuts.map(({ cut }) => cut);
    const held = cuts.filter((cut) => this.room.isHeldBack(cut));
    if (this.#heldCuts.some((cut) => cuts.includes(cut) && !held.includes(cut))) this.#isNewlyBlocked = true;
    this.#heldCuts = held;
  }

  /** Everything applied and everything that waits, as a disk or a new replica may begin with it. */
  snapshot(): Snapshot {
    const tail = this.log.tail();
    const { wall, logical, lamport } = this.clock;
    return {
      protocol: snapshotVersion.protocol,
      version: snapshotVersion.version,
      of: this.#config.self,
      cut: this.cutOf(null),
      tail,
      base: this.log.end - tail.length,
      waiting: this.waiting().map(({ record }) => record),
      orphans: this.retention.orphans.standing(),
      cuts: this.#cuts.map(({ cut }) => cut),
      clock: { wall, logical, lamport },
    };
  }

  /** Begins with a snapshot; nothing was held before. */
  restore(snapshot: Snapshot, now: LocalTime, events: ReplicaEvent[]): number {
    assert(snapshot.of === this.#config.self, "a process begins with the snapshot of its own cloudlet");
    this.#join(snapshot.cut, null, now, events);
    this.#hasInstalled = true;
    this.log.beginBehind(snapshot.base);
    for (const record of snapshot.tail) this.retention.restore(record);
    this.follow(snapshot.clock, now);
    this.retention.orphans.restore(snapshot.orphans);
    this.retention.collected.length = 0;
    const { end } = this.log;
    for (const record of snapshot.waiting) if (this.learn(record, events)) this.settle(record, null, now, events);
    for (const cut of snapshot.cuts) this.addCut(cut, null);
    return end;
  }

  /** Does this cloudlet have to apply this dot before what depends on it, and has not? */
  lacks(dot: Dot): boolean {
    const { topology, self } = this.#config;
    return !this.hasApplied(dot) && topology.reaches(dot.stream, self) && !this.room.isGoneForGood(dot);
  }

  /** As often as something waits: judges a stored record, and what waited for it (waiting-room.ts). */
  settle(record: CausalRecord, from: Bringer, now: LocalTime, events: ReplicaEvent[]): void {
    this.#isToJudge = true;
    this.room.settle(record, from, now, events);
  }

  // The other scopes of a cut are not held back with one, nor what says who was detached, is back or has returned.
  #partHeldCuts(now: LocalTime, events: ReplicaEvent[]): void {
    if (this.retention.absences.isEmpty) return;
    this.#cuts = this.#cuts.flatMap(({ cut, from }) => {
      const held = new Set([...this.room.streamsHeldOf(cut)].map((stream) => this.#scopeOf(stream)));
      const part = (isHeld: boolean): PendingCut => {
        const isWanted = (scope: ScopeId): boolean => held.has(scope) === isHeld;
        return { cut: partOf(cut, (stream) => isWanted(this.#scopeOf(stream)), isWanted), from };
      };
      return held.size === 0 ? [{ cut, from }] : [part(true), part(false)];
    });
    for (const { cut, from } of this.#cuts) {
      for (const record of cut.versions) {
        const isOfAbsence = isNotice(record) && record.notice.kind !== "summary";
        if (isOfAbsence && this.learn(record, events)) this.settle(record, from, now, events);
      }
    }
  }

  /** What must come before everything is open; null when all is. */
  get opening(): Opening | null {
    return this.#opening;
  }

  /** What an answer about this key, or about all keys that begin with it, is behind of; null when it is not. */
  behind(key: string, isPrefix: boolean): readonly Dot[] | null {
    const opening = this.#opening;
    return opening?.concerns(this.#config.topology.scopes, key, isPrefix) === true ? opening.missing : null;
  }

  /** Another plan is in force: what waits is judged anew, streams that newly reach here open when they cover what is applied. */
  adopt(before: Topology, now: LocalTime, events: ReplicaEvent[]): void {
    const { topology, self, rules } = this.#config;
    const scopes = new Set([...(this.#opening?.scopes ?? []), ...newlyReceived(before, topology, self)]);
    const missing =
      scopes.size === 0 || !rules.awaitsOpening()
        ? []
        : missingPast(this.log, (dot, listed) => this.room.isMissing(dot, listed));
    this.#opening = missing.length === 0 ? null : new Opening(scopes, missing);
    this.#isToJudge = true;
    this.room.settleAll(now, events);
  }

  /**
   * The cloudlet's clock follows a stamp, unless it leads the wall clock by more than the bound: no single stamp may drag it
   * along, not even one of an own record whose session has read such a stamp. Returns how far it is beyond, 0 when within.
   */
  follow(stamp: Stamp, now: LocalTime): number {
    const ahead = aheadOfBound(stamp, now, this.#config.clockBound);
    if (ahead === 0) this.clock.raise(stamp);
    else this.clock.lamport = Math.max(this.clock.lamport, stamp.lamport);
    return ahead;
  }

  /** What waits, and for which dots; a version of a cut waits for all that the cut lacks. */
  pending(): PendingRecord[] {
    const versions = this.#cuts.flatMap(({ cut }) => {
      const missing = missingOf(cut, (dot, listed) => this.room.isMissing(dot, listed));
      return cut.versions.filter(({ dot }) => !this.hasApplied(dot)).map((record) => ({ record, missing }));
    });
    return [...this.room.pending(), ...versions];
  }

  /** What waits and who brought it. */
  waiting(): readonly Pick<Waiter, "record" | "from">[] {
    return this.room.all();
  }

  apply(record: CausalRecord, from: Bringer, now: LocalTime, events: ReplicaEvent[]): void {
    const slot = this.writers.slotOf(record.dot);
    this.ledger.applied.add(slot, record.dot.sequence);
    this.retention.apply(record, from);
    if (record.moved === true) this.#replaceUnnamed(record);
    this.#tellSealed(record, events);
    if (!this.retention.absences.isEmpty) {
      this.retention.absences.applied(record.dot);
      this.#tellLost(record, events);
    }
    if (from !== null) this.#heed(record, from, now, events);
    this.room.wake(record);
    if (this.#opening !== null && this.#opening.isEndedBy(record.dot)) {
      this.#opening = null;
      events.push({ kind: "streamsOpened" });
    }
  }

  isPassed(record: CausalRecord): boolean {
    if (!this.#hasInstalled) return false;
    const slot = this.writers.slotOf(record.dot);
    if (!this.ledger.applied.has(slot, record.dot.sequence)) return false;
    if (!this.retention.isAside(record)) this.index.remove(slot, record.dot.sequence);
    return true;
  }

  #install(
    cuts: readonly Cut[],
    records: readonly CausalRecord[],
    from: CloudletId | null,
    now: LocalTime,
    events: ReplicaEvent[],
  ): void {
    this.#hasInstalled = true;
    const covered: Covered[] = [];
    const versions: CausalRecord[] = [];
    const before = records.map(({ key }) => [...this.versions.of(key)]);
    for (const cut of cuts) {
      const news = this.#join(cut, from, now, events);
      covered.push(...news.covered);
      versions.push(...news.versions);
    }
    // Stamps extend happens-before: what replaces comes after what is replaced.
    for (const record of records.toSorted(compareHybrid)) {
      if (this.hasApplied(record.dot)) continue;
      this.#applyAside(record, now);
      covered.push({ ...record.dot, ranges: [{ first: record.dot.sequence, last: record.dot.sequence }] });
      versions.push(record);
    }
    const isLive = (record: CausalRecord): boolean => this.versions.of(record.key).includes(record);
    for (const [at, record] of records.entries()) if (isLive(record)) this.room.orderIfLone(record, before[at]);
    this.log.append({ kind: "installation", covered, versions: versions.filter(isLive) }, from);
    this.room.settleAll(now, events);
  }

  // Beside the log: it came together with a cut.
  #applyAside(record: CausalRecord, now: LocalTime): void {
    this.follow(record.stamp, now);
    this.ledger.applied.add(this.writers.slotOf(record.dot), record.dot.sequence);
    this.retention.replace(record);
    this.retention.holdAside(record);
    if (record.moved === true) this.#replaceUnnamed(record);
  }

  // Joins a cut to what is applied here: a version stays when the other side holds it too or has not seen it (docs/model.md).
  #join(
    cut: Cut,
    from: CloudletId | null,
    now: LocalTime,
    events: ReplicaEvent[],
  ): { readonly covered: readonly Covered[]; readonly versions: readonly CausalRecord[] } {
    const { topology, rules } = this.#config;
    const seen = new Coverings([cut.applied]);
    const standing = new Set(cut.versions.map(({ dot }) => this.#nameOf(dot)));
    for (const version of this.retention.versionsOf(scopesOf(cut, topology))) {
      if (this.retention.isDelta(version)) continue;
      if (standing.has(this.#nameOf(version.dot))) continue;
      if (seen.covers(version.dot) || !rules.keepsUnseen()) this.retention.retireByCut(version);
    }
    const { collector, orphans, absences } = this.retention;
    const isAsked = collector !== null && (!absences.isEmpty || cut.versions.some(isDetachment));
    const writes = isAsked ? orphans.among(cut, (dot) => this.hasApplied(dot)) : [];
    const lone = writes.filter((record) => !this.retention.isDelta(record));
    const versions: CausalRecord[] = [];
    // Of deltas a cut has all: those that are new here are applied one by one, in an order that extends happens-before.
    const isDelta = (version: CausalRecord): boolean => this.retention.isDelta(version);
    const deltas = cut.versions.some(isDelta) ? cut.versions.filter(isDelta).sort(compareHybrid) : [];
    const notices: NoticeRecord[] = [];
    for (const version of [...cut.versions.filter((one) => !isDelta(one)), ...deltas]) {
      const slot = this.writers.slotOf(version.dot);
      if (this.ledger.applied.has(slot, version.dot.sequence)) continue;
      if (isNotice(version)) {
        notices.push(version);
        continue;
      }
      const held = this.index.at(slot, version.dot.sequence);
      const record = held ?? version;
      if (isDelta(record)) this.retention.replace(record);
      else if (!this.retention.addFromCut(record, (dot) => seen.covers(dot))) continue;
      if (held === null) this.index.add(slot, version);
      this.retention.holdAside(record);
      this.#heed(record, from, now, events);
      this.#tellSealed(record, events);
      versions.push(record);
    }
    const covered = this.ledger.cover(cut.applied);
    this.retention.inherit(cut.outside);
    for (const record of notices.sort(compareHybrid)) this.retention.hear(record, this.log.end + 1);
    const isAway = (stream: StreamId): boolean => absences.isAway(stream, this.#config.self);
    const lost = lone.filter(({ dot }) => isAway(dot.stream));
    orphans.add(lost.map((version) => ({ version, above: version.stamp })));
    return { covered, versions };
  }

  // One exact number for a dot: slots stay far below 2^21, sequences below 2^32.
  #nameOf(dot: Dot): number {
    return this.writers.slotOf(dot) * 4_294_967_296 + dot.sequence;
  }

  #scopeOf(stream: StreamId): ScopeId {
    return (this.#config.topology.streams[stream] as Topology["streams"][number]).scope;
  }

  #tellSealed(record: CausalRecord, events: ReplicaEvent[]): void {
    if (record.kind !== "sealed") return;
    const { dot, version = 1 } = record;
    events.push({ kind: "sealedRecord", dot, version });
  }

  #tellLost({ dot, deps, prev }: CausalRecord, events: ReplicaEvent[]): void {
    const { topology, self } = this.#config;
    const isLost = (one: Dot): boolean =>
      topology.reaches(one.stream, self) && !this.hasApplied(one) && this.room.isLost(one);
    const lost = [...deps, ...prev].filter(isLost);
    if (lost.length > 0) events.push({ kind: "released", dot, lost });
  }

  // Versions in the past of a write whose session had moved go, whether it names them or not. Both are applied here, so a walk
  // finds them (docs/model.md).
  #replaceUnnamed(record: CausalRecord): void {
    const live = this.versions.of(record.key);
    const unnamed = live.filter((one) => one !== record && this.coverage.precedesExactly(one, record));
    this.retention.replaceUnnamed(record, unnamed);
  }

  // The clock follows, also what nobody or several brought. A stamp from beyond the bound is reported, once per record.
  #heed(record: CausalRecord, from: Bringer, now: LocalTime, events: ReplicaEvent[]): void {
    const ahead = this.follow(record.stamp, now) as Duration;
    if (ahead > 0 && from !== null) events.push({ kind: "farFuture", dot: record.dot, ahead });
  }
}

const notNow: LocalTime = { monotonic: 0, wall: 0 };
