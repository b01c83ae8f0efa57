// Canonical names of states. Two replicas in the same state have the same fingerprint whatever way they took there;
// explorers use it to recognise states. A mixing hash of 2 x 32 bits over a canonical walk, no security intended.

import type { CloudletId, Incarnation, OpId, ScopeId, SessionId, StreamId } from "../ids.ts";
import type { AppliedLog } from "./applied-log.ts";
import type { Context } from "./context.ts";
import type { Cut } from "./cut.ts";
import type { Arriving } from "./carried.ts";
import type { Fingerprint } from "./io.ts";
import type { Bringer, LogEntry } from "./log.ts";
import type { Covered, Outside } from "./messages.ts";
import { compareDots } from "./record.ts";
import type { CausalRecord, Dot, Stamp } from "./record.ts";

/** What of the holdings makes a difference later. */
export interface HeldState {
  readonly log: AppliedLog;
  readonly clock: Stamp;
  readonly opening: { readonly missing: readonly Dot[]; readonly scopes: ReadonlySet<ScopeId> } | null;
  readonly versions: { all(): Iterable<CausalRecord> };
  readonly retention: { outsideOf(scopes: null): readonly Outside[] };
  readonly pendingCuts: readonly { readonly cut: Cut; readonly from: CloudletId | null }[];
  appliedOf(scopes: null): readonly Covered[];
  waiting(): readonly { readonly record: CausalRecord; readonly from: Bringer }[];
}

/** What can make a difference of a past. */
interface PastParts {
  readonly context: Context;
  readonly behind: readonly Dot[];
  readonly hasMoved: boolean;
}

/** The same of a session. */
interface SessionParts extends PastParts {
  readonly open: OpId | null;
}

/** Everything of a replica's state that can make a difference later. */
export interface FingerprintParts {
  readonly incarnation: Incarnation;
  readonly plan: number;
  /** Own lives that are known to be doubled. */
  readonly doubled: readonly Incarnation[];
  readonly holdings: HeldState;
  readonly unstored: readonly LogEntry[];
  readonly logEnd: number;
  readonly sequences: ReadonlyMap<StreamId, number>;
  readonly sessions: ReadonlyMap<SessionId, SessionParts>;
  /** What all sessions share; null where each has its own past. */
  readonly shared: PastParts | null;
  /** Sessions whose bundle is on its way to the disk. */
  readonly arriving: readonly Arriving[];
  readonly peers: readonly (readonly number[])[];
  /** What is to be done in time: collecting deletes, ending puts. */
  readonly due: readonly number[];
}

/** A running hash of whole numbers. */
export class Mixer {
  #low = 0x9e3779b9 | 0;
  #high = 0x85ebca6b | 0;

  /** Takes in a whole number below 2^53. */
  add(value: number): void {
    const low = value | 0;
    const high = Math.floor(value / 4_294_967_296) | 0;
    this.#low = Math.imul(this.#low ^ low, 0x85ebca6b) ^ (this.#low >>> 13);
    this.#high = Math.imul(this.#high ^ low ^ Math.imul(high, 0x27d4eb2f), 0xc2b2ae35) ^ (this.#high >>> 16);
    this.#high = (this.#high + this.#low) | 0;
  }

  /** Takes in the length and the characters of a text, as whole numbers of which there is no upper half. */
  addText(text: string): void {
    this.add(text.length);
    let low = this.#low;
    let high = this.#high;
    for (let at = 0; at < text.length; at += 1) {
      const unit = text.charCodeAt(at);
      low = Math.imul(low ^ unit, 0x85ebca6b) ^ (low >>> 13);
      high = Math.imul(high ^ unit, 0xc2b2ae35) ^ (high >>> 16);
      high = (high + low) | 0;
    }
    this.#low = low;
    this.#high = high;
  }

  /** 16 hexadecimal digits. */
  digest(): string {
    const hex = (word: number): string => word.toString(16).padStart(8, "0");
    return hex(this.word()) + hex(Math.imul(this.#low, 0x9e3779b1) >>> 0);
  }

  /** The first half of the digest as a number, 32 bits. */
  word(): number {
    return Math.imul(this.#high ^ (this.#high >>> 15), 0x165667b1) >>> 0;
  }
}

/** The canonical name of a state. */
export function fingerprintOf(parts: FingerprintParts): Fingerprint {
  const mixer = new Mixer();
  mixer.add(parts.incarnation);
  mixer.add(parts.plan);
  mixer.add(parts.doubled.length);
  for (const life of parts.doubled) mixer.add(life);
  const { opening } = parts.holdings;
  if (opening !== null) {
    addDots(mixer, opening.missing.toSorted(compareDots));
    for (const scope of [...opening.scopes].sort((a, b) => a - b)) mixer.add(scope);
  }
  addHoldings(mixer, parts.holdings);
  mixer.add(parts.logEnd);
  mixer.add(parts.unstored.length);
  for (const entry of parts.unstored) {
    if (entry.stored.kind === "cut") addCut(mixer, entry.stored);
    else addRecord(mixer, entry.stored);
    addBringer(mixer, entry.from);
    mixer.add(entry.life);
    mixer.add(entry.request?.session ?? -1);
    mixer.add(entry.request?.id ?? -1);
    mixer.add(entry.early ? 1 : 0);
  }
  for (const [stream, sequence] of sorted(parts.sequences)) {
    mixer.add(stream);
    mixer.add(sequence);
  }
  for (const [id, session] of sorted(parts.sessions)) {
    mixer.add(id);
    mixer.add(session.open ?? -1);
    addPast(mixer, session);
  }
  if (parts.shared !== null) addPast(mixer, parts.shared);
  for (const { session, id, position } of parts.arriving) {
    mixer.add(session);
    mixer.add(id);
    mixer.add(position);
  }
  for (const peer of parts.peers) {
    mixer.add(peer.length);
    for (const value of peer) mixer.add(value);
  }
  for (const value of parts.due) mixer.add(value);
  return mixer.digest();
}

function addPast(mixer: Mixer, { context, behind, hasMoved }: PastParts): void {
  addCeiling(mixer, context.ceiling);
  addDots(mixer, context.dots().sort(compareDots));
  addDots(mixer, behind.toSorted(compareDots));
  mixer.add(hasMoved ? 1 : 0);
}

// What the log retains in apply order: the order decides what a sender sends next, and who brought it, to whom not.
function addHoldings(mixer: Mixer, holdings: HeldState): void {
  const { log, clock } = holdings;
  mixer.add(log.base);
  mixer.add(log.end);
  for (let at = log.base; at < log.end; at += 1) {
    const item = log.at(at);
    if (item.kind === "installation") addKnown(mixer, item.covered);
    else if (item.kind === "blocked") mixer.add(-1);
    else addRecord(mixer, item);
    addBringer(mixer, log.broughtBy(at));
  }
  addRecords(mixer, [...holdings.versions.all()]);
  addOutside(mixer, holdings.retention.outsideOf(null));
  addKnown(mixer, holdings.appliedOf(null));
  mixer.add(holdings.pendingCuts.length);
  for (const { cut, from } of holdings.pendingCuts) {
    addCut(mixer, cut);
    mixer.add(from ?? -1);
  }
  addCeiling(mixer, clock);
  const waiting = holdings.waiting();
  mixer.add(waiting.length);
  for (const { record, from } of waiting.toSorted((a, b) => compareDots(a.record.dot, b.record.dot))) {
    addRecord(mixer, record);
    addBringer(mixer, from);
  }
}

/** Takes in a record. */
export function addRecord(mixer: Mixer, record: CausalRecord): void {
  mixer.add(contentOf(record));
}

function addBringer(mixer: Mixer, from: Bringer): void {
  mixer.add(from === "bundle" ? -2 : (from ?? -1));
}

// A record never changes, so its content is mixed once. The same dot may have another content in another world.
const contents = new WeakMap<CausalRecord, number>();

function contentOf(record: CausalRecord): number {
  const known = contents.get(record);
  if (known !== undefined) return known;
  const mixer = new Mixer();
  mixer.add((record.kind === "put" ? 0 : record.kind === "delete" ? 1 : 2) + (record.moved === true ? 4 : 0));
  addDot(mixer, record.dot);
  mixer.addText(record.key);
  mixer.addText(record.value);
  addDots(mixer, record.prev);
  addDots(mixer, record.deps);
  addCeiling(mixer, record.stamp);
  if (record.version !== undefined) mixer.add(record.version);
  if (record.ttl !== undefined) mixer.add(record.ttl);
  if (record.ends === true) mixer.add(-1);
  for (const byte of record.body ?? []) mixer.add(byte);
  if (record.notice !== undefined) {
    mixer.addText(record.notice.kind);
    addDots(mixer, record.notice.ready);
    for (const member of record.notice.members) mixer.add(member);
    for (const { origin, incarnation, ranges } of record.notice.covers) {
      mixer.add(origin);
      mixer.add(incarnation);
      for (const { first, last } of ranges) mixer.add(first * 2_147_483_648 + last);
    }
  }
  // 52 of its 64 bits: a whole number that a number holds.
  const made = Number.parseInt(mixer.digest().slice(0, 13), 16);
  contents.set(record, made);
  return made;
}

function addRecords(mixer: Mixer, records: readonly CausalRecord[]): void {
  mixer.add(records.length);
  for (const record of records.toSorted((a, b) => compareDots(a.dot, b.dot))) addRecord(mixer, record);
}

function addCut(mixer: Mixer, cut: Cut): void {
  addKnown(mixer, cut.applied);
  addRecords(mixer, cut.versions);
  addOutside(mixer, cut.outside);
}

function addOutside(mixer: Mixer, outside: readonly Outside[]): void {
  mixer.add(outside.length);
  for (const { scope, needs } of outside.toSorted((a, b) => a.scope - b.scope)) {
    mixer.add(scope);
    addKnown(mixer, needs);
  }
}

// Writers are listed in the order they were heard of, which is no part of a state.
function addKnown(mixer: Mixer, list: readonly Covered[]): void {
  mixer.add(list.length);
  const inOrder = list.map((known) => ({ ...known, sequence: known.ranges[0]?.first ?? 0 })).sort(compareDots);
  for (const { ranges, ...dot } of inOrder) {
    addDot(mixer, dot);
    mixer.add(ranges.length);
    for (const { first, last } of ranges) {
      mixer.add(first);
      mixer.add(last);
    }
  }
}

function sorted<Key extends number, Value>(map: ReadonlyMap<Key, Value>): (readonly [Key, Value])[] {
  return [...map].sort(([a], [b]) => a - b);
}

function addDots(mixer: Mixer, dots: readonly Dot[]): void {
  mixer.add(dots.length);
  for (const dot of dots) addDot(mixer, dot);
}

function addDot(mixer: Mixer, dot: Dot): void {
  mixer.add(dot.stream);
  mixer.add(dot.origin);
  mixer.add(dot.incarnation);
  mixer.add(dot.sequence);
}

function addCeiling(mixer: Mixer, ceiling: Stamp): void {
  mixer.add(ceiling.wall);
  mixer.add(ceiling.logical);
  mixer.add(ceiling.lamport);
}
