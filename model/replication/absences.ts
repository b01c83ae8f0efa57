// Who was detached and who has come back, as far as notices say so that are applied here. To detach a member is a decision of
// people: silence alone decides nothing. It says two things, each in its own place: deletes need not wait for that member
// (collector.ts), and what it writes and nobody had when it was detached waits until it has come back (`holds`, below).
//
// 1. c is away, and deletes stay for its sake. Somebody tells a to detach c: a writes so, and what it has of c.
// 2. Whoever applies that collects without c from then on, and says so in its summaries. What comes of c beyond what others
//    have is stored and held back: it may have been written in place of something whose delete is gone here.
// 3. c comes back, applies that notice, and writes that it is back, which is held back nowhere. a writes a summary that
//    covers this, and from then on does not collect without c.
// 4. c applies that summary. No delete can go without the word of a, so c has applied by now every delete that may go without
//    its own. Where a value stands beside one, or stood beside one that went at c, too, c writes the delete anew (returning.ts).
// 5. c writes its return, a summary. Whoever applies it has applied before all that c wrote meanwhile, and counts c again.
//
// Why step 3 needs the word of a alone: what goes without c, goes by a detachment whose author counted (agreement.ts).
//
// A member that is gone for good is closed: it is detached, and what others depend on and no direct receiver of its stream has
// got is lost. Nobody waits for that any more. Should it be written after all, or come back with a disk, it comes late.

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation, StreamId } from "../ids.ts";
import type { Topology } from "../topology/topology.ts";
import { isCollecting } from "./collecting-streams.ts";
import { coversAll, isCovered, type NoticeRecord } from "./notice.ts";
import { sameDot, type Covered, type Dot } from "./record.ts";

/** What is known of absences needs to know about its replica. */
interface AbsencesConfig {
  readonly topology: Topology;
  readonly self: CloudletId;
}

// What is known of one member in one stream that it writes into.
interface Absence {
  readonly stream: StreamId;
  readonly member: CloudletId;
  /** The newest by each author. */
  readonly detachments: readonly NoticeRecord[];
  readonly backs: readonly NoticeRecord[];
  readonly returns: readonly NoticeRecord[];
}

const none: readonly Absence[] = [];
const noNotices: readonly NoticeRecord[] = [];

/** Detachments and returns that are applied at one cloudlet. */
export class Absences {
  readonly #config: AbsencesConfig;
  // Empty in nearly every replica.
  #known: readonly Absence[] = none;
  // Returns that are here and not applied yet.
  #expected: readonly NoticeRecord[] = noNotices;
  readonly #hasApplied: (dot: Dot) => boolean;
  /** Has something been heard that what waits is to be judged anew for? */
  hasNews = false;

  constructor(config: AbsencesConfig, hasApplied: (dot: Dot) => boolean, like: Absences | null) {
    this.#config = config;
    this.#hasApplied = hasApplied;
    if (like === null) return;
    this.#known = like.#known;
    this.#expected = like.#expected;
    this.hasNews = like.hasNews;
  }

  /** Has nobody ever been detached, as far as is known here? */
  get isEmpty(): boolean {
    return this.#known.length === 0;
  }

  /** A notice is stored. */
  expect(record: NoticeRecord): void {
    if (record.notice.kind !== "return" || this.#expected.includes(record)) return;
    this.#expected = [...this.#expected, record];
    this.hasNews = true;
  }

  /** Is this a delete that somebody has written anew and whose return is here? It goes before all that is held back. */
  isAnew(dot: Dot): boolean {
    return this.#expected.some(({ notice }) => notice.ready.some((one) => sameDot(one, dot)));
  }

  /** The other deletes that were written anew with this one. */
  anewWith(dot: Dot): readonly Dot[] {
    const together = this.#expected.filter(({ notice }) => notice.ready.some((one) => sameDot(one, dot)));
    return together.flatMap(({ notice }) => notice.ready.filter((one) => !sameDot(one, dot)));
  }

  /** A record is applied: what waits for a delete written anew may go on. */
  applied(dot: Dot): void {
    this.hasNews ||= this.isAnew(dot);
  }

  /** A notice is applied. */
  hear(record: NoticeRecord): void {
    const { notice, dot } = record;
    switch (notice.kind) {
      case "summary":
        // What a direct receiver of a closed member has got may be known now.
        this.hasNews ||= this.#known.some(({ detachments }) => detachments.some(isClosing));
        return;
      case "detach":
      case "close":
        for (const member of notice.members) {
          const stream = this.#streamOf(record, member);
          if (stream === null) continue;
          const old = this.#of(stream, member);
          const others = old.detachments.filter((other) => !isReplacedBy(other, record));
          this.#set({ ...old, detachments: [...others, record] });
        }
        break;
      case "back": {
        const old = this.#of(dot.stream, dot.origin);
        this.#set({ ...old, backs: [...old.backs.filter((other) => !isReplacedBy(other, record)), record] });
        break;
      }
      case "return": {
        const old = this.#of(dot.stream, dot.origin);
        this.#expected = this.#expected.filter((other) => !sameDot(other.dot, dot));
        this.#set({ ...old, returns: [...old.returns.filter((other) => !isReplacedBy(other, record)), record] });
        break;
      }
    }
    this.hasNews = true;
  }

  /** Is there any news? There is none afterwards. */
  takeNews(): boolean {
    const had = this.hasNews;
    this.hasNews = false;
    return had;
  }

  /** All of it, as notices: whoever hears them knows the same. */
  notices(): readonly NoticeRecord[] {
    return [
      ...new Set(this.#known.flatMap(({ detachments, backs, returns }) => [...detachments, ...backs, ...returns])),
    ];
  }

  /** What this member has said of being back. */
  backsOf(stream: StreamId, member: CloudletId): readonly NoticeRecord[] {
    return this.#of(stream, member).backs;
  }

  /** Was this member detached, and is not known to be back? Deletes need not wait for its word. */
  isExcused(stream: StreamId, member: CloudletId): boolean {
    const { detachments, backs } = this.#of(stream, member);
    return detachments.some(({ dot }) => !backs.some(({ notice }) => isCovered(notice.covers, dot)));
  }

  /** Was this member detached, and has not returned? */
  isAway(stream: StreamId, member: CloudletId): boolean {
    return this.#open(stream, member).length > 0;
  }

  /** Was this member ever detached by somebody who is none of these? */
  isDetachedBesides(stream: StreamId, member: CloudletId, others: ReadonlySet<CloudletId>): boolean {
    return this.#of(stream, member).detachments.some(({ dot }) => !others.has(dot.origin));
  }

  /**
   * Is this record to be held back? Somebody has detached its writer without having got it, and the writer has not vouched for it
   * since: by a return that follows this detachment. What somebody else has applied and built upon is not held back: that is
   * asked elsewhere.
   *
   * @param hasApplied is this applied here, or will be at once?
   */
  holds(dot: Dot, hasApplied = this.#hasApplied): boolean {
    const { stream, origin } = dot;
    if (this.#known.length === 0 || origin === this.#config.self) return false;
    const { detachments, returns } = this.#of(stream, origin);
    if (detachments.length === 0 || !isCollecting(this.#config.topology, stream)) return false;
    const all = [...returns, ...this.#expected];
    return detachments.some(({ dot: detachment, notice }) => {
      if (isCovered(notice.covers, dot)) return false;
      const following = all.filter((one) => isOf(one, dot) && isCovered(one.notice.covers, detachment));
      return !following.some((one) => vouchesFor(one, dot, hasApplied));
    });
  }

  /**
   * The deletes that go before this record, which is held back: those that the returns have written anew which vouch for it. Null
   * while nobody vouches.
   */
  anewBefore(dot: Dot): readonly Dot[] | null {
    const { detachments, returns } = this.#of(dot.stream, dot.origin);
    const before: Dot[] = [];
    for (const { dot: detachment, notice } of detachments) {
      if (isCovered(notice.covers, dot)) continue;
      const vouching = [...returns, ...this.#expected].filter(
        (one) => isOf(one, dot) && isCovered(one.notice.covers, detachment) && isCovered(one.notice.covers, dot),
      );
      const last = vouching.at(-1);
      if (last === undefined) return null;
      before.push(...last.notice.ready);
    }
    return before;
  }

  /** The detachments that this cloudlet, which has come back, has yet to answer in this stream. */
  unanswered(stream: StreamId): readonly NoticeRecord[] {
    const { self } = this.#config;
    const { backs } = this.#of(stream, self);
    return this.#open(stream, self).filter(({ dot }) => !backs.some(({ notice }) => isCovered(notice.covers, dot)));
  }

  /**
   * May this cloudlet return? For each detachment its author must have said that it knows this one to be back.
   *
   * @param words what each member has said last
   */
  mayReturn(stream: StreamId, words: readonly NoticeRecord[]): boolean {
    const { self } = this.#config;
    const { backs } = this.#of(stream, self);
    return this.#open(stream, self).every(({ dot: detachment }) =>
      backs.some(
        ({ dot: back, notice }) =>
          isCovered(notice.covers, detachment) && this.#hasHeard(stream, detachment.origin, back, words),
      ),
    );
  }

  /**
   * What this cloudlet is to answer at once: detachments of others, so that everybody learns what it has of them; and that
   * they are back, where it detached them.
   */
  owed(stream: StreamId, words: readonly NoticeRecord[]): { readonly summary: boolean; readonly back: readonly Dot[] } {
    const { self } = this.#config;
    const isAway = this.isAway(stream, self);
    const back: Dot[] = [];
    let summary = false;
    for (const { member, detachments, backs } of this.#known.filter((one) => one.stream === stream)) {
      if (member === self) continue;
      const open = this.#open(stream, member);
      if (!isAway) summary ||= open.some(({ dot }) => !this.#hasHeard(stream, self, dot, words));
      for (const { dot } of detachments.filter(({ dot: { origin } }) => origin === self)) {
        const naming = backs.filter(({ notice }) => isCovered(notice.covers, dot));
        if (naming.length === 0 || naming.some((one) => this.#hasHeard(stream, self, one.dot, words))) continue;
        back.push((naming.at(-1) as NoticeRecord).dot);
      }
    }
    return { summary: summary || (!isAway && back.length > 0), back };
  }

  /**
   * Is this record lost? Its writer is closed, and every direct receiver of it has said what it has of it; or is closed itself,
   * and so on.
   */
  isLost({ stream, origin, incarnation, sequence }: Dot, words: readonly NoticeRecord[]): boolean {
    const closings = this.#of(stream, origin).detachments.filter(isClosing);
    const lives = closings.flatMap(({ notice }) => notice.covers.map((known) => known.incarnation));
    // Who comes back with a new life is not meant.
    if (closings.some(({ notice }) => isCovered(notice.covers, { stream, origin, incarnation, sequence })))
      return false;
    if (closings.length === 0 || (lives.length > 0 && incarnation > Math.max(...lives))) return false;
    const asked = new Set([origin]);
    for (const one of asked) {
      for (const receiver of this.#receiversOf(stream, one)) {
        if (closings.some(({ dot }) => dot.origin === receiver || this.#hasHeard(stream, receiver, dot, words)))
          continue;
        const own = this.#config.topology.streamOf(this.#scopeOf(stream), receiver);
        const isClosed = own !== null && this.#of(own, receiver).detachments.some(isClosing);
        if (!isClosed || receiver === this.#config.self) return false;
        asked.add(receiver);
      }
    }
    return true;
  }

  // Detachments that no return has ended.
  #open(stream: StreamId, member: CloudletId): readonly NoticeRecord[] {
    const { detachments, returns } = this.#of(stream, member);
    return detachments.filter(({ dot }) => !returns.some(({ notice }) => isCovered(notice.covers, dot)));
  }

  // Has this member said that it has this notice?
  #hasHeard(stream: StreamId, member: CloudletId, dot: Dot, words: readonly NoticeRecord[]): boolean {
    const isIt = ({ dot: { origin, stream: other }, notice }: NoticeRecord): boolean =>
      origin === member && other === stream && isCovered(notice.covers, dot);
    return words.some(isIt) || this.#of(stream, member).backs.some(isIt);
  }

  #receiversOf(stream: StreamId, member: CloudletId): readonly CloudletId[] {
    const scope = this.#scopeOf(stream);
    return this.#config.topology
      .neighbours(member)
      .filter(({ out }) => out.includes(scope))
      .map(({ peer }) => peer);
  }

  #streamOf({ dot }: NoticeRecord, member: CloudletId): StreamId | null {
    return this.#config.topology.streamOf(this.#scopeOf(dot.stream), member);
  }

  #scopeOf(stream: StreamId): Topology["streams"][number]["scope"] {
    const found = this.#config.topology.streams[stream];
    assert(found !== undefined, "streams are those of the topology");
    return found.scope;
  }

  #of(stream: StreamId, member: CloudletId): Absence {
    const found = this.#known.find((one) => one.stream === stream && one.member === member);
    return found ?? { stream, member, detachments: [], backs: [], returns: [] };
  }

  #set(absence: Absence): void {
    const { stream, member } = absence;
    this.#known = [...this.#known.filter((one) => one.stream !== stream || one.member !== member), absence];
  }
}

interface Span {
  first: number;
  last: number;
}

function isClosing({ notice }: NoticeRecord): boolean {
  return notice.kind === "close";
}

// Does the second say all that the first does, or is it the same author's later word on the same?
function isReplacedBy({ dot, notice }: NoticeRecord, by: NoticeRecord): boolean {
  if (sameDot(dot, by.dot)) return true;
  if (dot.origin !== by.dot.origin || !isBefore(dot, by.dot)) return false;
  return coversAll(by.notice.covers, notice.covers);
}

function isOf({ dot }: NoticeRecord, { stream, origin }: Dot): boolean {
  return dot.stream === stream && dot.origin === origin;
}

// Once a return is applied its writer is as any other, but for what it wrote to a disk that it has lost. While it is on its
// way, what it covers may go, behind the deletes that were written anew.
function vouchesFor(record: NoticeRecord, dot: Dot, hasApplied: (dot: Dot) => boolean): boolean {
  const { covers, ready } = record.notice;
  const isPart = isCovered(covers, dot);
  if (hasApplied(record.dot)) return isPart || record.dot.incarnation <= dot.incarnation;
  return isPart && ready.every(hasApplied);
}

function isBefore(a: Dot, b: Dot): boolean {
  return a.incarnation < b.incarnation || (a.incarnation === b.incarnation && a.sequence < b.sequence);
}

/** A list that covers exactly these records. */
export function coversOf(dots: readonly Dot[]): readonly Covered[] {
  const sorted = [...dots].sort(
    (a, b) => a.stream - b.stream || a.origin - b.origin || a.incarnation - b.incarnation || a.sequence - b.sequence,
  );
  const covers: { stream: StreamId; origin: CloudletId; incarnation: Incarnation; ranges: Span[] }[] = [];
  for (const { stream, origin, incarnation, sequence } of sorted) {
    const last = covers.at(-1);
    const isSame = last?.stream === stream && last.origin === origin && last.incarnation === incarnation;
    const end = isSame ? last.ranges.at(-1) : undefined;
    if (end !== undefined && end.last >= sequence - 1) end.last = Math.max(end.last, sequence);
    else if (isSame) last.ranges.push({ first: sequence, last: sequence });
    else covers.push({ stream, origin, incarnation, ranges: [{ first: sequence, last: sequence }] });
  }
  return covers;
}
