/**
 * Writes down what clients asked and were answered, and nothing else: the history that a black-box checker judges
 * (docs/consistency.md). Times are true time, versions go by the names of their records.
 *
 * What is not written down, because no model of single operations says what it may be:
 * - keys of resolvers that choose by layer, merge deltas or run a user's code: a read there is no version that won;
 * - answers that are marked as behind: they promise nothing (and what is written behind stays in);
 * - keys of which an answer shows a version that its cloudlet cannot read;
 * - reads at cloudlets that not every stream of the scope reaches: what they have not seen is not missing;
 * - reads of a key of which a disk has lost a record that is not there: what had been durable is gone, which is declared (and the
 *   oracles say so), and whoever hears of what followed it is not kept waiting;
 * - reads of siblings once a session that has moved wrote the key: its write replaces more than it can name;
 * - where deletes go for good: reads of nothing, which may mean a delete that is gone; all reads of keys whose siblings are
 *   returned; and, where members are detached, all reads: a delete that won over a value may be gone at a detached member and be
 *   written anew when that returns (docs/model.md), and in between the value shows again.
 * Leaving out reads can hide a violation, never make one. How many were left out is counted.
 *
 * A scan is a transaction of reads. A delete that a replica writes by itself is a session of its own, since it follows only what
 * it replaces. Where it ends a put whose time is over, it stands right behind that in the order of writes, whenever it was written:
 * so it begins with the put. Others have no times. When the run is over every cloudlet is asked once more for every key that it holds, in a copy of its core;
 * these answers carry a mark of what had been applied there, so that equal marks call for equal answers.
 *
 * Leaves out the file format: who takes the operations writes them.
 */
import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import { sessionName } from "../../model/ids.ts";
import { assert } from "../../model/assert.ts";
import type { ClientOp, ClientResult, KeyAnswer, ReplicationCore } from "../../model/replication/io.ts";
import { dotName, type CausalRecord, type Dot } from "../../model/replication/record.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { firstPlanOf } from "../run/runner.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { Observer } from "../oracles/observer.ts";

/** One operation as it was seen from outside. */
export interface RecordedOperation {
  readonly session: string;
  readonly op: "read" | "write" | "delete";
  readonly key: string;
  /** True where reads return all siblings, false where one version wins. */
  readonly isSiblings: boolean;
  /** Of a read: the versions returned, none for nothing. Of a write or delete: the one version it makes; none when that is unknown. */
  readonly versions: readonly string[];
  /** Their values; null for a delete. */
  readonly values: readonly (string | null)[];
  /** Of a write: the versions that it replaces. */
  readonly replaces: readonly string[];
  readonly outcome: "ok" | "unknown";
  /** True time; null where nobody asked; `end` is null where no answer came. */
  readonly start: Instant | null;
  readonly end: Instant | null;
  readonly replica: string;
  /** Operations of one number are one transaction; null: one by itself. */
  readonly transaction: number | null;
  /** What the replica had applied of this key; null where nobody looked. */
  readonly seen: string | null;
}

/** What was not written down, by reason. */
export interface LeftOut {
  /** Operations on keys whose resolver no model judges. */
  resolver: number;
  /** Answers marked as behind. */
  behind: number;
  /** Keys shown sealed. */
  sealed: number;
  /** Reads where not all of the scope arrives. */
  partial: number;
  /** Reads of keys of which a disk had lost something that was not there. */
  lost: number;
  /** Reads of siblings that a session which had moved may have replaced without naming them. */
  moved: number;
  /** Reads that a collected delete may stand behind. */
  collected: number;
}

/** A request under way. */
interface OpenRequest {
  readonly cloudlet: CloudletId;
  readonly op: ClientOp;
  readonly askedAt: Instant;
  record: CausalRecord | null;
}

/** Characters of a value that are written down. */
const VALUE_LENGTH = 24;

/** A session that asks when all is over; no client has this number. */
const LAST_QUESTION = 2_147_483_647 as SessionId;

/** Listens to a run and hands on its operations, each when it is over. */
export class HistoryRecorder implements Observer {
  readonly leftOut: LeftOut = { resolver: 0, behind: 0, sealed: 0, partial: 0, lost: 0, moved: 0, collected: 0 };
  readonly #topology: Topology;
  readonly #detaches: boolean;
  readonly #take: (operation: RecordedOperation) => void;
  /** By session; a session has at most one request open. */
  readonly #open = new Map<SessionId, OpenRequest>();
  /** By key: every record written, for the marks of the last answers. */
  readonly #written = new Map<string, Dot[]>();
  readonly #cores: (ReplicationCore | null)[];
  /** By cloudlet: what it was before it crashed, until the losses of that are known. */
  readonly #former: ReplicationCore[][];
  #isLossKnown = true;
  /** By key: records that some disk has lost. */
  readonly #lost = new Map<string, Dot[]>();
  /** By the name of a put that is not to last: when it was asked for. */
  readonly #leases = new Map<string, Instant>();
  /** Keys that a session which had moved has written. */
  readonly #movedTo = new Set<string>();
  #transactions = 0;
  #unasked = 0;

  constructor(scenario: Scenario, take: (operation: RecordedOperation) => void) {
    const topology = firstPlanOf(scenario);
    this.#topology = topology;
    this.#detaches = (scenario.detachments ?? []).length > 0;
    this.#take = take;
    this.#cores = topology.cloudlets.map(() => null);
    this.#former = topology.cloudlets.map(() => []);
  }

  started(_at: Instant, cloudlet: CloudletId, _incarnation: number, core: ReplicationCore): void {
    this.#cores[cloudlet] = core;
  }

  crashed(_at: Instant, cloudlet: CloudletId): void {
    const former = this.#cores[cloudlet];
    if (former !== null && former !== undefined) this.#former[cloudlet]?.push(former);
    this.#isLossKnown = false;
    this.#cores[cloudlet] = null;
    for (const [session, request] of this.#open) {
      if (request.cloudlet !== cloudlet) continue;
      this.#open.delete(session);
      this.#giveUp(session, request);
    }
  }

  requested(_at: Instant, cloudlet: CloudletId, session: SessionId, _id: OpId, op: ClientOp, askedAt: Instant): void {
    this.#open.set(session, { cloudlet, op, askedAt, record: null });
  }

  wrote(_at: Instant, _cloudlet: CloudletId, session: SessionId, _id: OpId, record: CausalRecord): void {
    const request = this.#open.get(session);
    assert(request !== undefined, "a write is told while its request is open");
    request.record = record;
    if (record.ttl !== undefined) this.#leases.set(dotName(record.dot), request.askedAt);
    this.#remember(record);
  }

  wroteUnasked(at: Instant, cloudlet: CloudletId, record: CausalRecord): void {
    if (record.kind === "notice") return;
    this.#remember(record);
    this.#unasked += 1;
    const name = `${this.#nameOf(cloudlet)} itself ${this.#unasked}`;
    const [ended] = record.prev;
    const begin = record.ends === true && ended !== undefined ? this.#leases.get(dotName(ended)) : undefined;
    this.#tellWrite(name, cloudlet, record, begin ?? null, begin === undefined ? null : at, "ok");
  }

  replied(at: Instant, cloudlet: CloudletId, session: SessionId, _id: OpId, result: ClientResult): void {
    const request = this.#open.get(session);
    if (request === undefined) return;
    this.#open.delete(session);
    const name = sessionName(session);
    if (result.kind === "written" && request.record !== null) {
      this.#tellWrite(name, cloudlet, request.record, request.askedAt, at);
    } else if (result.kind === "read") {
      if (result.behind === undefined) this.#tellRead(name, cloudlet, request, result.answers, at);
      else this.leftOut.behind += 1;
    }
  }

  finished(at: Instant): void {
    for (const [session, request] of this.#open) this.#giveUp(session, request);
    this.#open.clear();
    this.#cores.forEach((core, cloudlet) => {
      if (core !== null) this.#askLast(core, cloudlet as CloudletId, at);
    });
  }

  /** No answer will come: what was written may have happened. */
  #giveUp(session: SessionId, { cloudlet, record, askedAt }: OpenRequest): void {
    if (record !== null) this.#tellWrite(sessionName(session), cloudlet, record, askedAt, null);
  }

  #tellWrite(
    session: string,
    cloudlet: CloudletId,
    record: CausalRecord,
    start: Instant | null,
    end: Instant | null,
    result: RecordedOperation["outcome"] = end === null ? "unknown" : "ok",
  ): void {
    const kind = this.#kindOf(record.key);
    if (kind === "none") {
      this.leftOut.resolver += 1;
      return;
    }
    this.#take({
      session,
      op: record.kind === "delete" ? "delete" : "write",
      key: record.key,
      isSiblings: kind === "siblings",
      versions: [dotName(record.dot)],
      values: [valueOf(record)],
      replaces: kind === "siblings" ? record.prev.map(dotName) : [],
      outcome: result,
      start,
      end,
      replica: this.#nameOf(cloudlet),
      transaction: null,
      seen: null,
    });
  }

  #tellRead(
    session: string,
    cloudlet: CloudletId,
    { op, askedAt }: Pick<OpenRequest, "op" | "askedAt">,
    answers: readonly KeyAnswer[],
    end: Instant,
    seenOf: (key: string) => string | null = nobodyLooked,
  ): void {
    // A key that was never written is not named in the answer to a get.
    const asked = op.kind === "get" && answers.length === 0 ? [nothingAt(op.key)] : answers;
    const told = asked.filter((answer) => this.#isTold(cloudlet, answer));
    if (told.length > 1) this.#transactions += 1;
    for (const { key, versions, tombstones } of told) {
      this.#take({
        session,
        op: "read",
        key,
        isSiblings: this.#kindOf(key) === "siblings",
        versions: [...versions, ...tombstones].map(({ dot }) => dotName(dot)),
        values: [...versions, ...tombstones].map(valueOf),
        replaces: [],
        outcome: "ok",
        start: askedAt,
        end,
        replica: this.#nameOf(cloudlet),
        transaction: told.length > 1 ? this.#transactions : null,
        seen: seenOf(key),
      });
    }
  }

  /** Whether a model says what this answer may be; counts those of which none does. */
  #isTold(cloudlet: CloudletId, { key, versions, tombstones, sealed }: KeyAnswer): boolean {
    const kind = this.#kindOf(key);
    if (kind === "none") this.leftOut.resolver += 1;
    else if (!this.#hasAll(cloudlet, key)) this.leftOut.partial += 1;
    else if (this.#lacksLost(cloudlet, key)) this.leftOut.lost += 1;
    else if (kind === "siblings" && this.#movedTo.has(key)) this.leftOut.moved += 1;
    else if (sealed !== undefined && sealed.length > 0) this.leftOut.sealed += 1;
    else if (
      this.#collects(key) &&
      (kind === "siblings" || this.#detaches || versions.length + tombstones.length === 0)
    )
      this.leftOut.collected += 1;
    else return true;
    return false;
  }

  /** What a cloudlet answers in the end, of every key that was ever written and that it holds. */
  #askLast(core: ReplicationCore, cloudlet: CloudletId, at: Instant): void {
    const copy = core.fork();
    const session = `${this.#nameOf(cloudlet)} in the end`;
    for (const [key, dots] of this.#written) {
      if (this.#kindOf(key) === "none" || !this.#hasAll(cloudlet, key)) continue;
      const op: ClientOp = { kind: "get", key };
      const now = { monotonic: at, wall: at };
      const effects = copy.step({ kind: "request", session: LAST_QUESTION, id: 0 as OpId, op }, now);
      for (const effect of effects) {
        if (effect.kind !== "reply" || effect.result.kind !== "read") continue;
        // Where deletes go for good, what stands depends on who has heard what about them, too.
        const seen = this.#collects(key) ? nobodyLooked : (): string => `${key} ${markOf(core, dots)}`;
        this.#tellRead(session, cloudlet, { op, askedAt: at }, effect.result.answers, at, seen);
      }
    }
  }

  #remember(record: CausalRecord): void {
    if (record.moved === true) this.#movedTo.add(record.key);
    const dots = this.#written.get(record.key);
    if (dots === undefined) this.#written.set(record.key, [record.dot]);
    else dots.push(record.dot);
  }

  #kindOf(key: string): "register" | "siblings" | "none" {
    const scope = this.#topology.scopes[this.#topology.scopeOf(key) ?? -1];
    switch (scope?.resolver) {
      case "lww-hlc":
      case "lww-lamport":
        return "register";
      case "return-them-all":
      case "by-hand":
        return "siblings";
      default:
        return "none";
    }
  }

  /** Whether all records of the key's scope arrive here, under every plan. */
  #hasAll(cloudlet: CloudletId, key: string): boolean {
    const { plans, streams } = this.#topology;
    const scope = this.#topology.scopeOf(key);
    return streams.every(
      (stream) => stream.scope !== scope || plans.every((plan) => plan.reaches(stream.id, cloudlet)),
    );
  }

  /** Whether a disk, here or elsewhere, has lost a record of this key that is not here. */
  #lacksLost(cloudlet: CloudletId, key: string): boolean {
    if (!this.#isLossKnown) this.#findLosses();
    const lost = this.#lost.get(key);
    const core = this.#cores[cloudlet];
    return lost !== undefined && core !== null && core !== undefined && lost.some((dot) => !core.hasApplied(dot));
  }

  /** Compares processes that run with those that ran on their disks before. */
  #findLosses(): void {
    this.#isLossKnown = true;
    this.#former.forEach((formers, cloudlet) => {
      const core = this.#cores[cloudlet];
      if (core === null || core === undefined) {
        if (formers.length > 0) this.#isLossKnown = false;
        return;
      }
      for (const former of formers)
        for (const [key, dots] of this.#written) {
          const gone = dots.filter((dot) => former.hasApplied(dot) && !core.hasApplied(dot));
          if (gone.length > 0) this.#lost.set(key, [...(this.#lost.get(key) ?? []), ...gone]);
        }
      formers.length = 0;
    });
  }

  #collects(key: string): boolean {
    const scope = this.#topology.scopes[this.#topology.scopeOf(key) ?? -1];
    return scope !== undefined && scope.collect !== null;
  }

  #nameOf(cloudlet: CloudletId): string {
    return this.#topology.cloudlets[cloudlet]?.name ?? `cloudlet ${cloudlet}`;
  }
}

function nothingAt(key: string): KeyAnswer {
  return { key, versions: [], tombstones: [], hidden: 0, bestKnown: false };
}

function nobodyLooked(): null {
  return null;
}

/** The value as far as a reader needs it: versions are told apart by their names, and clients pad their values with dots. */
function valueOf({ kind, value }: CausalRecord): string | null {
  if (kind === "delete") return null;
  if (value.length <= VALUE_LENGTH) return value;
  const told = value.replace(/\.+$/, "");
  return told.length <= VALUE_LENGTH ? told : `${told.slice(0, VALUE_LENGTH - 1)}…`;
}

/** Which of these a core has applied, as hexadecimal digits of four each: equal for equal sets. */
function markOf(core: ReplicationCore, dots: readonly Dot[]): string {
  let mark = "";
  let digit = 0;
  for (let index = 0; index < dots.length; index += 1) {
    digit = digit * 2 + (core.hasApplied(dots[index]!) ? 1 : 0);
    if (index % 4 === 3 || index === dots.length - 1) {
      mark += digit.toString(16);
      digit = 0;
    }
  }
  return mark;
}
