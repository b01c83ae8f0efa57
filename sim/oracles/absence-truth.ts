// Which members were detached and have come back, as the ground truth knows it: from what the scenario declares, and from the
// notices that cloudlets were seen to write. A notice that nobody had decided on excuses nothing.
//
// What oracles excuse, and nothing else:
// - a delete may go without the word of a member, where a detachment of it is applied, unless the delete was written where its
//   return was applied already;
// - what a member wrote and the author of its detachment had not got, before its return: it comes late;
// - what is held back for who has not returned, and what stays where such a member is;
// - what is held back and was on a disk that its writer has lost since: its return cannot vouch for it;
// - what a core has said to be lost with a member that was closed, for exactly the record that it let go.
//
// A decision is as lasting as the disk that has it. Where nobody has its notice any more (the decider's disk went back to before it,
// and no flow had brought it to anybody else), nobody goes by it, and nothing is excused by it: the member counts as before, until
// somebody decides again. And what a core has let go stays lost for it only while its disk has the notice.

import type { CloudletId, StreamId } from "../../model/ids.ts";
import type { ReplicationCore } from "../../model/replication/io.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import { isCovered, isNotice, type NoticeRecord } from "../../model/replication/notice.ts";
import { dotName, type Dot } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { Detachment } from "../scenario/scenario.ts";

/** A member, taken off one of its streams by a notice. */
interface Absence {
  readonly notice: NoticeRecord;
  /** When it was written. */
  readonly at: Instant;
  readonly stream: StreamId;
  readonly member: CloudletId;
}

type Decision = Pick<Detachment, "kind" | "decides" | "member">;

/** All of a run. */
export class AbsenceTruth {
  /** Does the scenario detach nobody? Then nothing is excused, and nothing is kept. */
  readonly isIdle: boolean;
  readonly #topology: Topology;
  readonly #declared: readonly Decision[];
  readonly #names = new Set<string>();
  #absences: readonly Absence[] = [];
  #returns: readonly NoticeRecord[] = [];
  #backs: readonly NoticeRecord[] = [];
  readonly #cores: readonly (ReplicationCore | null)[];
  readonly #releases = new Set<string>();
  readonly #lost = new Set<string>();

  /** @param cores the present replica of each cloudlet; null while its process is down */
  constructor(topology: Topology, declared: readonly Decision[], cores: readonly (ReplicationCore | null)[]) {
    this.#topology = topology;
    this.#declared = declared;
    this.#cores = cores;
    this.isIdle = declared.length === 0;
  }

  /** A cloudlet's disk is handed these, or gave them back. Returns those of its own notices that are news. */
  note(at: Instant, cloudlet: CloudletId, entries: readonly StoredEntry[]): readonly NoticeRecord[] {
    if (this.isIdle) return [];
    const news: NoticeRecord[] = [];
    for (const entry of entries) {
      if (entry.kind === "cut" || !isNotice(entry) || entry.dot.origin !== cloudlet) continue;
      const name = dotName(entry.dot);
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      news.push(entry);
      this.#note(at, entry);
    }
    return news;
  }

  /** A crash took these before they were stored. */
  crashed(cloudlet: CloudletId, unsynced: readonly StoredEntry[]): void {
    if (this.isIdle) return;
    const gone = new Set(unsynced.flatMap((entry) => (entry.kind === "notice" ? [dotName(entry.dot)] : [])));
    const stays = ({ dot }: NoticeRecord): boolean => dot.origin !== cloudlet || !gone.has(dotName(dot));
    this.#absences = this.#absences.filter(({ notice }) => stays(notice));
    this.#returns = this.#returns.filter(stays);
    this.#backs = this.#backs.filter(stays);
    for (const name of gone) this.#names.delete(name);
  }

  /** A core let this record go, which follows these that it says are lost. Returns whether any of them is of a closed member. */
  released(cloudlet: CloudletId, dot: Dot, lost: readonly Dot[]): boolean {
    const closed = lost.filter((one) => this.#closings(one).length > 0);
    for (const one of closed) {
      this.#releases.add(`${cloudlet} ${dotName(dot)} ${dotName(one)}`);
      this.#lost.add(`${cloudlet} ${dotName(one)}`);
    }
    return closed.length > 0;
  }

  /** Has this core said that it lets the first go though the second is lost? */
  isReleased(cloudlet: number, dot: Dot, lost: Dot): boolean {
    return this.#releases.size > 0 && this.#releases.has(`${cloudlet} ${dotName(dot)} ${dotName(lost)}`);
  }

  /** Has this cloudlet said that this is lost, and still has the decision by which it is? */
  isLost(cloudlet: number, dot: Dot): boolean {
    if (this.#lost.size === 0 || !this.#lost.has(`${cloudlet} ${dotName(dot)}`)) return false;
    const core = this.#cores[cloudlet] ?? null;
    return this.#closings(dot).some(({ notice }) => core?.hasApplied(notice.dot) === true);
  }

  /** Decisions that nobody goes by any more, since nobody has their notices. */
  forgotten(): readonly { readonly notice: NoticeRecord; readonly member: CloudletId }[] {
    return this.#absences.filter((one) => this.#isForgotten(one));
  }

  /** Was this member ever detached from any stream? */
  wasDetached(member: number): boolean {
    return this.#absences.some((one) => one.member === (member as CloudletId));
  }

  /** Is this member detached from this stream, and has not written that it returns? */
  isAway(member: number, stream: number): boolean {
    return this.#absences.some(
      (one) => one.member === (member as CloudletId) && one.stream === (stream as StreamId) && this.#isOpen(one),
    );
  }

  /** Has its writer come back with another life, and vouched for what it had, and not for this? */
  isUnvouched(dot: Dot): boolean {
    return this.#absences.some((one) => {
      if (one.member !== dot.origin || one.stream !== dot.stream || isCovered(one.notice.notice.covers, dot))
        return false;
      const answers = this.#returns.filter((back) => isAnswer(back, one));
      return (
        answers.length > 0 &&
        answers.every((back) => back.dot.incarnation > dot.incarnation && !isCovered(back.notice.covers, dot))
      );
    });
  }

  /** Has this member, which is away from this stream, said that it is back? From then on deletes wait for it, whether or not it returns. */
  isBack(member: number, stream: number): boolean {
    const open = this.#absences.filter(
      (one) => one.member === (member as CloudletId) && one.stream === (stream as StreamId) && this.#isOpen(one),
    );
    return open.some((one) => this.#backs.some((back) => isAnswer(back, one)));
  }

  /** Is anybody detached who has not written that it returns? */
  isAnybodyAway(): boolean {
    return this.#absences.some((one) => this.#isOpen(one));
  }

  /** Have all these cores applied who is away from this stream, and has that been so for long? */
  areKnown(stream: number, since: number, cores: readonly (ReplicationCore | null)[]): boolean {
    const open = this.#absences.filter((one) => one.stream === (stream as StreamId) && this.#isOpen(one));
    return open.every(({ at, notice }) => at <= since && cores.every((core) => core?.hasApplied(notice.dot) === true));
  }

  /** For each decision that this core goes by about this member of this stream, the returns that would end it there. */
  awaitedAt(core: ReplicationCore, member: number, stream: number): readonly (readonly NoticeRecord[])[] {
    return this.#absences
      .filter(({ notice, ...one }) => {
        return (
          one.member === (member as CloudletId) && one.stream === (stream as StreamId) && core.hasApplied(notice.dot)
        );
      })
      .map((one) => this.#returns.filter((back) => isAnswer(back, one)))
      .filter((answers) => !answers.some((back) => core.hasApplied(back.dot)));
  }

  /** Of the returns that are known, those that this core has applied. */
  returnsAt(core: ReplicationCore | null): readonly NoticeRecord[] {
    return this.#returns.filter(({ dot }) => core?.hasApplied(dot) === true);
  }

  /**
   * May this core drop a delete without the word of this member?
   *
   * @param heard the returns that were applied where the delete was written, when it was
   */
  isWordless(core: ReplicationCore, member: number, stream: number, heard: readonly NoticeRecord[]): boolean {
    return this.#absences.some(
      (one) =>
        one.member === (member as CloudletId) &&
        one.stream === (stream as StreamId) &&
        core.hasApplied(one.notice.dot) &&
        !heard.some((back) => isAnswer(back, one)),
    );
  }

  /** Was this written while its writer was away, so that who detached it had not got it? */
  isLate(dot: Dot): boolean {
    return this.#absences.some((one) => {
      if (one.member !== dot.origin || one.stream !== dot.stream || isCovered(one.notice.notice.covers, dot))
        return false;
      return !this.#returns.some((back) => isAnswer(back, one) && isBefore(back.dot, dot));
    });
  }

  #note(at: Instant, record: NoticeRecord): void {
    const { notice, dot } = record;
    if (notice.kind === "return") this.#returns = [...this.#returns, record];
    if (notice.kind === "back") this.#backs = [...this.#backs, record];
    if (notice.kind !== "detach" && notice.kind !== "close") return;
    for (const member of notice.members) {
      const scope = this.#topology.streams[dot.stream]?.scope;
      const stream = scope === undefined ? null : this.#topology.streamOf(scope, member);
      if (stream === null || !this.#isDeclared(notice.kind, dot.origin, member)) continue;
      this.#absences = [...this.#absences, { notice: record, at, stream, member }];
    }
  }

  #isDeclared(kind: Detachment["kind"], decider: CloudletId, member: CloudletId): boolean {
    const name = (id: CloudletId): string | undefined => this.#topology.cloudlets[id]?.name;
    return this.#declared.some(
      (one) => one.kind === kind && one.decides === name(decider) && one.member === name(member),
    );
  }

  // Of the writer of this.
  #closings({ origin, stream }: Dot): readonly Absence[] {
    return this.#absences.filter(
      (one) => one.member === origin && one.stream === stream && one.notice.notice.kind === "close",
    );
  }

  #isOpen(one: Absence): boolean {
    return !this.#returns.some((back) => isAnswer(back, one) && this.#isMade(back)) && !this.#isForgotten(one);
  }

  // A return is made when its writer has applied it: it may still be on its way to the disk, or wait at home for what it covers and the
  // disk has lost. Who is down has it on his disk.
  #isMade({ dot }: NoticeRecord): boolean {
    const core = this.#cores[dot.origin] ?? null;
    return core === null || core.hasApplied(dot);
  }

  // Who is down may have it on his disk.
  #isForgotten({ notice }: Absence): boolean {
    return this.#cores.every((core) => core !== null && !core.hasApplied(notice.dot));
  }
}

function isAnswer({ dot, notice }: NoticeRecord, { member, stream, notice: detachment }: Absence): boolean {
  return dot.origin === member && dot.stream === stream && isCovered(notice.covers, detachment.dot);
}

function isBefore(a: Dot, b: Dot): boolean {
  return a.incarnation < b.incarnation || (a.incarnation === b.incarnation && a.sequence < b.sequence);
}
