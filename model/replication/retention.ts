// What a replica keeps of what it has applied, and for how long: live versions as long as they live, everything else only
// while the log retains it. So memory is bounded by the state and the retained tail, not by history.
//
// The life of a record here:
// 1. Applied: it is in the log, and it is a live version of its key.
// 2. Another record replaces it, or the log drops it, whichever comes first. While either holds it, it can be found.
// 3. Neither holds it: it is gone. What it depended on outside its scope stays (outside.ts), since whoever is sent a cut
//    that covers it must have all that first. That it precedes others can no longer be seen here: walks over it end
//    (coverage.ts), which costs bytes in contexts, and in a return-them-all scope may leave a version standing that a
//    write should have replaced (docs/model.md, declared limits).

import type { CloudletId, ScopeId, StreamId } from "../ids.ts";
import { isDeltaResolver, type ResolverName } from "../topology/resolvers.ts";
import type { Topology } from "../topology/topology.ts";
import { Absences } from "./absences.ts";
import { AppliedLog, isRecord } from "./applied-log.ts";
import { Collector, type Collected } from "./collector.ts";
import { DeltaStore } from "./deltas.ts";
import { eachDot } from "./cut.ts";
import type { Cut } from "./cut.ts";
import { Limits } from "./limits.ts";
import type { Shelving } from "./io.ts";
import type { Bringer } from "./log.ts";
import type { Outside } from "./messages.ts";
import { isNotice, type NoticeRecord } from "./notice.ts";
import { OutsideNeeds } from "./outside.ts";
import { RecordIndex } from "./record-index.ts";
import { Orphans } from "./returning.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { dotName, sameDot } from "./record.ts";
import { ScopePositions } from "./scope-positions.ts";
import { makeRoomBeside, shelfFor, shelveAll, type Holders } from "./shelving.ts";
import type { Standing } from "./standing.ts";
import { Unnamed } from "./unnamed.ts";
import { VersionStore } from "./versions.ts";
import type { WriterTable } from "./writers.ts";

/** Items that the log retains when nothing else is asked for: more than most runs ever apply at one cloudlet. */
export const retainedRecords = 65_536;

/** Where many neighbours have to be looked at, so many records are dropped at once, or as many as are retained. */
const droppedTogether = 1_024;
/** A conversation that goes on keeps so many times more, so that a slow link need not be sent one snapshot after another. */
const patience = 8;

/** What retention needs to know. */
export type RetentionConfig = Pick<Standing, "topology" | "self" | "rules" | "retain">;

/** Applied records, as far as they are kept. */
export class Retention implements Shelving {
  readonly #config: RetentionConfig;
  readonly #writers: WriterTable;
  readonly #hasApplied: (dot: Dot) => boolean;
  readonly versions: VersionStore;
  readonly index: RecordIndex;
  readonly log: AppliedLog;
  readonly unnamed: Unnamed;
  /** Merged deltas; null where no scope has any. */
  readonly deltas: DeltaStore | null;
  /** Decides which deletes go; null where none do. */
  readonly collector: Collector | null;
  /** Who was detached, and who is back. */
  readonly absences: Absences;
  /** Own writes of which only a cut shows that deletes have missed them. */
  readonly orphans: Orphans;
  /** Deletes that went since this was last emptied, each with how long the log was. */
  readonly collected: Collected[] = [];
  /** Puts of this cloudlet that are not to last; null before there is one. */
  limits: Limits | null;
  // How many items of the log.
  readonly #retained: number;
  readonly #outside: OutsideNeeds;
  #positions: ScopePositions | null = null;
  // Live versions that the log does not hold: they leave the index when they are replaced. Null until there are any.
  #old: Set<CausalRecord> | null;
  // Dots replaced by something applied here and not applied themselves: under another plan they may still come, and so may what
  // was lost with a member that was closed. Null until there are any, where there is one plan.
  #replacedEarly: Set<string> | null;

  constructor(
    config: RetentionConfig,
    writers: WriterTable,
    hasApplied: (dot: Dot) => boolean,
    like: Retention | null = null,
  ) {
    this.#config = config;
    this.#writers = writers;
    this.#retained = config.retain?.records ?? retainedRecords;
    this.#hasApplied = hasApplied;
    this.versions = like === null ? new VersionStore() : like.versions.clone();
    this.index = like === null ? new RecordIndex(writers) : like.index.clone(writers);
    this.unnamed = new Unnamed(like?.unnamed ?? null);
    this.log = like === null ? new AppliedLog() : like.log.clone();
    shelfFor(this, like?.versions.shelf?.clone() ?? null);
    this.deltas = like === null ? deltaStoreOf(config) : (like.deltas?.clone() ?? null);
    this.absences = new Absences(config, hasApplied, like?.absences ?? null);
    this.collector = Collector.of(config, this.versions, this.absences, writers, like?.collector ?? null);
    const limits = like?.limits ?? null;
    this.limits = limits === null ? null : new Limits(config, this.versions, limits);
    this.orphans = new Orphans(
      this.versions,
      this.index,
      (stands) => config.rules.meets(stands),
      like?.orphans ?? null,
    );
    this.#outside = like === null ? new OutsideNeeds(writers) : like.#outside.clone(writers);
    this.#old = like === null || like.#old === null ? null : new Set(like.#old);
    const early = like === null ? null : like.#replacedEarly;
    this.#replacedEarly = config.topology.plans.length === 1 && early === null ? null : new Set(early);
  }

  /** A record becomes visible; it is in the index already. */
  apply(record: CausalRecord, from: Bringer): void {
    this.replace(record);
    this.log.append(record, from);
  }

  /** A record takes the place of what it replaces. */
  replace(record: CausalRecord): void {
    if (isNotice(record)) {
      this.hear(record, this.log.end);
      return;
    }
    this.orphans.succeed(record);
    this.#findReplaced(record);
    if (this.versions.rowOf(record.key) >= 0) makeRoomBeside(record, record.prev, this.#holders, this);
    const leaving = this.#leavingFor(record);
    if (this.#isComplete()) this.versions.apply(record);
    else this.#applyIncomplete(record);
    for (const version of leaving) this.#leave(version);
    const { keeps } = this.#config.rules;
    if (keeps !== null) {
      const layerOf = (cloudlet: CloudletId): number => this.#config.topology.cloudlets[cloudlet]?.depth ?? 0;
      this.versions.keepOnly(record.key, keeps(this.versions.of(record.key), layerOf));
    }
    if (this.deltas !== null) this.merge(record);
    this.#watch(record);
  }

  // Mostly a record replaces what it names, which is found by name at once.
  #findReplaced({ key, prev }: CausalRecord): void {
    const { shelf } = this.versions;
    if (shelf === null || prev.length !== 1) return;
    const dot = prev[0] as Dot;
    const row = this.index.rowAt(this.#writers.find(dot), dot.sequence);
    if (row >= 0 && shelf.standsAt(row, key)) this.versions.found(key, row);
  }

  // Where something may have been replaced early, or somebody is away.
  #applyIncomplete(record: CausalRecord): void {
    const { stream, origin } = record.dot;
    const before = this.versions.of(record.key);
    this.versions.apply(record, this.#isReplacedEarly(record));
    const { self } = this.#config;
    // Deltas are never deleted: what one takes the place of may stand no longer and is in the merge all the same.
    const isWatched = (origin === self || this.absences.holds(record.dot)) && !this.isDelta(record);
    if (isWatched && this.absences.isAway(stream, self)) this.orphans.settled(record, before);
  }

  // What stands since now may have to go some day.
  #watch(record: CausalRecord): void {
    if (record.kind === "delete") this.collector?.deleted(record);
    if (record.ttl !== undefined && record.dot.origin === this.#config.self) this.limited().stands(record);
  }

  /** The puts of this cloudlet that are not to last. */
  limited(): Limits {
    this.limits ??= new Limits(this.#config, this.versions);
    return this.limits;
  }

  /** What is to be done in time, as numbers: for fingerprints. */
  due(): readonly number[] {
    return [...(this.collector?.state() ?? []), ...(this.limits?.state() ?? [])];
  }

  /** A notice is applied, when the log is so long: deletes may go over it. */
  hear(record: NoticeRecord, after: number): void {
    this.absences.hear(record);
    const { dot, notice } = record;
    if (notice.kind === "return" && dot.origin === this.#config.self) this.orphans.clear(dot.stream);
    for (const gone of this.collector?.heard(record) ?? []) {
      this.retire(gone);
      if (this.absences.isAway(gone.dot.stream, this.#config.self)) this.orphans.leftBy(gone);
      this.collected.push({ record: gone, after });
    }
  }

  // Has all that is replaced here been applied before?
  #isComplete(): boolean {
    return this.#replacedEarly === null && this.absences.isEmpty;
  }

  // Has something replaced this record that was applied earlier? And what of that kind it replaces itself is noted.
  // 1. b replaces a, and b gets here where the stream of a does not lead; or a is lost with a member that was closed, and b
  // waits for it no longer. 2. This cloudlet goes over to a plan under which it does; or somebody brings a after all. 3. Now a
  // comes, and must not stand beside b.
  #isReplacedEarly({ dot, prev }: CausalRecord, covers: ((dot: Dot) => boolean) | null = null): boolean {
    for (const replaced of prev) {
      if (this.#hasApplied(replaced) || covers?.(replaced) === true) continue;
      (this.#replacedEarly ??= new Set()).add(dotName(replaced));
    }
    return this.#replacedEarly !== null && this.#replacedEarly.delete(dotName(dot));
  }

  /** A version that came otherwise than through the log is live here now. */
  holdAside(record: CausalRecord): void {
    (this.#old ??= new Set()).add(record);
  }

  /** A record of the retained tail of a snapshot, whose live versions are here already. */
  restore(record: CausalRecord): void {
    const slot = this.#writers.slotOf(record.dot);
    const held = this.index.at(slot, record.dot.sequence);
    if (held === null) this.index.add(slot, record);
    else this.#old?.delete(held);
    this.log.append(held ?? record, null);
  }

  /** A version turns out to have been replaced. */
  retire(record: CausalRecord): void {
    this.versions.remove(record);
    if (this.isAside(record)) this.#leave(record);
  }

  /** A version that a cut covers and does not hold was replaced by something in the cut, or was a delete and collected. */
  retireByCut(record: CausalRecord): void {
    this.retire(record);
    // What cannot be read here may have been a delete.
    const wasDelete =
      this.collector?.forget(record) === true || (record.kind === "sealed" && this.#isCollecting(record));
    if (wasDelete) this.collected.push({ record, after: this.log.end + 1 });
  }

  #isCollecting({ dot }: CausalRecord): boolean {
    return this.collector?.collects(dot.stream) === true;
  }

  /**
   * A version of a cut is live here now; returns false if it is not, since something applied here has replaced it.
   *
   * @param covers what else the cut covers
   */
  addFromCut(record: CausalRecord, covers: (dot: Dot) => boolean): boolean {
    // A cut may cover something and not what that replaces, where it is lost with a member that was closed: then it may be here.
    if (!this.#isComplete()) {
      const isReplaced = this.#isReplacedEarly(record, covers);
      for (const version of this.versions.of(record.key)) {
        if (record.prev.some((dot) => sameDot(dot, version.dot))) this.retire(version);
      }
      if (isReplaced) {
        this.#note(this.#outside, record);
        return false;
      }
    }
    if (this.versions.shelf !== null) makeRoomBeside(record, [], this.#holders, this);
    this.versions.add(record);
    this.#watch(record);
    return true;
  }

  /** The notices that a cut of these scopes holds, of all when null: what is known of absences, and of deletes that stay yet. */
  noticesOf(scopes: ReadonlySet<ScopeId> | null): readonly NoticeRecord[] {
    if (this.collector === null && this.absences.isEmpty) return [];
    const ofDeletes = this.#config.rules.tellsOfDeletes() ? (this.collector?.notices() ?? []) : [];
    const notices = this.absences.isEmpty ? ofDeletes : [...new Set([...ofDeletes, ...this.absences.notices()])];
    return scopes === null ? notices : notices.filter(({ dot }) => scopes.has(this.#scopeOf(dot)));
  }

  /** A write of a session that had moved replaces versions that it could not name. */
  replaceUnnamed(record: CausalRecord, versions: readonly CausalRecord[]): void {
    for (const version of versions) this.retire(version);
    this.unnamed.note(record, versions, (dot) => this.index.find(dot));
  }

  /** Takes over what replaced records that were never held here depended on. */
  inherit(outside: readonly Outside[]): void {
    for (const { scope, needs } of outside) {
      eachDot(needs, (dot) => {
        if (!this.#isInside(scope, dot)) this.#outside.add(scope, this.#writers.slotOf(dot), dot.sequence);
      });
    }
  }

  /** Is the log longer than what is retained of it? Never where plans change. */
  get isLong(): boolean {
    return this.log.end - this.log.base > this.#retained && this.#config.topology.plans.length === 1;
  }

  /** The index behind what is to be dropped of the log, were nobody to need it. */
  get dropsTo(): number {
    return Math.max(this.log.base, this.log.end - this.#retained);
  }

  /** Is it worth dropping what is beyond that, where it takes a look at many neighbours? */
  get isLongEnough(): boolean {
    return this.dropsTo - this.log.base >= Math.min(droppedTogether, this.#retained);
  }

  /**
   * Drops the front of the log beyond what is retained. Returns the new base, or null when there was nothing to drop.
   *
   * @param neededFrom the first index that a conversation which is going on has yet to send
   */
  compact(neededFrom: number): number | null {
    const { log } = this;
    if (!this.isLong) return null;
    const records = this.#retained;
    const excess = log.end - log.base - records;
    const most = log.end - records * patience;
    const end = Math.max(Math.min(log.base + excess, neededFrom), most);
    if (end <= log.base) return null;
    for (let at = log.base; at < end; at += 1) {
      const row = log.rowAt(at);
      const stands = row >= 0 && this.versions.shelf?.stands(row) === true;
      if (stands && !this.#config.rules.drops(true)) {
        this.versions.shelf?.setAside(row);
        continue;
      }
      const item = log.at(at);
      if (isRecord(item)) this.#outOfLog(item, stands || (row < 0 && this.versions.holds(item)));
    }
    log.dropTo(end);
    return end;
  }

  /** Takes a delta into the merge of its key; of other records there is nothing to merge. */
  merge(record: CausalRecord): void {
    const resolver = this.#resolverOf(record);
    if (resolver !== undefined && isDeltaResolver(resolver)) this.deltas?.apply(resolver, record, this.#hasApplied);
  }

  /** Is this a delta? */
  isDelta(record: CausalRecord): boolean {
    if (this.deltas === null) return false;
    const resolver = this.#resolverOf(record);
    return resolver !== undefined && isDeltaResolver(resolver);
  }

  #resolverOf({ dot }: CausalRecord): ResolverName | undefined {
    return this.#config.topology.scopes[this.#scopeOf(dot)]?.resolver;
  }

  /**
   * What a cut of these scopes holds, of all when null: live versions, and every delta, since a merge cannot be made again
   * from the latest ones.
   */
  versionsOf(scopes: ReadonlySet<ScopeId> | null): CausalRecord[] {
    const live =
      scopes === null
        ? [...this.versions.all()]
        : this.versions.ofScopes(scopes, (stream) => this.#scopeOfStream(stream));
    if (this.deltas === null) return live;
    const found = live.filter((record) => !this.isDelta(record));
    for (const record of this.deltas.all()) {
      if (scopes === null || scopes.has(this.#scopeOf(record.dot))) found.push(record);
    }
    return found;
  }

  /**
   * What a cut of these scopes depends on beyond each scope, apart from what its versions say: the dependencies of records
   * that are replaced, still retained or not. What another scope of the same cut covers is listed too: whoever installs
   * the cut may have to send on one of its scopes without the other.
   */
  outsideOf(scopes: ReadonlySet<ScopeId> | null): Outside[] {
    const all = this.#outside.clone(this.#writers, scopes);
    const look = (at: number): void => {
      if (this.#standsAt(at)) return;
      const item = this.log.at(at);
      if (isRecord(item)) this.#note(all, item);
    };
    if (scopes === null) for (let at = this.log.base; at < this.log.end; at += 1) look(at);
    else for (const at of this.positions.among(scopes)) look(at);
    return all.of(scopes);
  }

  /** Where in the log the records of each scope lie. */
  get positions(): ScopePositions {
    this.#positions ??= new ScopePositions(this.log, (stream) => this.#scopeOfStream(stream));
    return this.#positions;
  }

  /** Nothing is going to be done about these keys for a while: what stands there alone is kept as bytes, as far as that can be done. */
  shelve(keys: readonly string[]): readonly number[] {
    return shelveAll(keys, this.#holders, (record) => this.#resolverOf(record));
  }

  shelved(row: number, prefix: string, rest: string): CausalRecord | null {
    return this.versions.shelf?.standingAt(row, prefix, rest) ?? null;
  }

  point(row: number, key: string): void {
    if (this.versions.shelf?.isStandingAt(row, key) === true) this.versions.found(key, row);
  }

  get #holders(): Holders {
    const { log, index, versions } = this;
    return { log, index, versions, writers: this.#writers };
  }

  /** Live versions that only a snapshot can give: the log does not hold them. */
  isAside(record: CausalRecord): boolean {
    if (this.#old !== null && this.#old.has(record)) return true;
    const { shelf } = this.versions;
    if (shelf === null) return false;
    const row = this.index.rowAt(this.#writers.find(record.dot), record.dot.sequence);
    return row >= 0 && shelf.isAside(row);
  }

  // What the log does not hold, and this record replaces.
  #leavingFor({ key, prev }: CausalRecord): readonly CausalRecord[] {
    const row = this.versions.rowOf(key);
    const isNone = row < 0 ? this.#old === null : this.versions.shelf?.isAside(row) === false;
    if (isNone || prev.length === 0) return nothing;
    const only = this.versions.only(key);
    if (only !== null && this.#old?.has(only) !== true) return nothing;
    return this.versions
      .of(key)
      .filter((version) => this.isAside(version) && prev.some((dot) => sameDot(dot, version.dot)));
  }

  // Is what lies there in the log a live version? What lies as bytes need not be read for that.
  #standsAt(at: number): boolean {
    const row = this.log.rowAt(at);
    if (row >= 0) return this.versions.shelf?.stands(row) === true;
    const item = this.log.at(at);
    return isRecord(item) && this.versions.holds(item);
  }

  #outOfLog(record: CausalRecord, isLive: boolean): void {
    if (this.#config.rules.drops(isLive)) {
      if (isLive) this.versions.remove(record);
      this.#forget(record);
    } else this.holdAside(record);
  }

  // An old version is replaced.
  #leave(record: CausalRecord): void {
    this.#old?.delete(record);
    this.#forget(record);
  }

  #forget(record: CausalRecord): void {
    this.#note(this.#outside, record);
    this.index.remove(this.#writers.slotOf(record.dot), record.dot.sequence);
  }

  #note(outside: OutsideNeeds, record: CausalRecord): void {
    const scope = this.#scopeOf(record.dot);
    for (const list of [record.prev, record.deps]) {
      for (const dot of list) {
        if (!this.#isInside(scope, dot)) outside.add(scope, this.#writers.slotOf(dot), dot.sequence);
      }
    }
  }

  // Is this dot in every cut of the scope?
  #isInside(scope: ScopeId, dot: Dot): boolean {
    return this.#scopeOf(dot) === scope && this.#hasApplied(dot);
  }

  #scopeOf(dot: Dot): ScopeId {
    return this.#scopeOfStream(dot.stream);
  }

  #scopeOfStream(stream: StreamId): ScopeId {
    return (this.#config.topology.streams[stream] as Topology["streams"][number]).scope;
  }
}

const nothing: readonly CausalRecord[] = [];

function deltaStoreOf({ topology, rules }: RetentionConfig): DeltaStore | null {
  if (!topology.scopes.some(({ resolver }) => isDeltaResolver(resolver))) return null;
  return new DeltaStore({ removesUnseen: rules.removesUnseen, hasPlans: topology.plans.length > 1 });
}

/** The scopes that a cut is about. */
export function scopesOf({ applied }: Pick<Cut, "applied">, topology: Topology): ReadonlySet<ScopeId> {
  return new Set(applied.map(({ stream }) => (topology.streams[stream] as Topology["streams"][number]).scope));
}
