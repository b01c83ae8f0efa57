// A cloudlet as the place where operations are issued, and where they stand on their way down. Accepted or refused at once: no
// mark and no link is asked (A2a).
//
// What is decided here about operations that are on their way is provisional: an end that takes the place of the operation, and so
// carries its dependencies (N10). The target answers it, by the same end or by what it has done meanwhile, and that is final.
// Then the issuer tells the end, and says that the operation is over: nothing more is owed about it anywhere.
//
// The time of an operation is counted at each cloudlet from when it came there, by the monotonic clock: no two walls are ever
// compared. A restart begins to count anew. So an operation expires late rather than early.

import type { CloudletId, OpId, SessionId, StreamId } from "../ids.ts";
import type { Covered, Dot } from "../replication/record.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import { judgeRequest, refusal, type IssuedState, type OperationRefusal, type OperationRequest } from "./authority.ts";
import type { Bench } from "./bench.ts";
import type { Line } from "./line.ts";
import type { Closing } from "./closing.ts";
import { nextHop } from "./custody.ts";
import { endText, type End, type EndReason, type Subject } from "./ends.ts";
import { nameOf } from "./keys.ts";
import { issuerOf, operationId, operationText, weightOf } from "./operation.ts";
import type { KnownUpTo, Operation, OperationId } from "./operation.ts";
import { roomFor, type Room } from "./queue.ts";
import { scopeName } from "./scopes.ts";
import { lacksWayBack, unconfirmed } from "./way-back.ts";

/** An operation that was accepted, and what its session has to read before it is written. */
export interface Accepted {
  readonly kind: "accepted";
  readonly line: Line;
  readonly key: string;
  readonly value: string;
  readonly reads: readonly string[];
  /** They make room for it. */
  readonly givenUp: readonly OperationId[];
}

const noReads: readonly string[] = [];
const noNames: readonly OperationId[] = [];

interface Asker {
  readonly session: SessionId;
  readonly id: OpId;
}

interface Due {
  readonly at: number;
  readonly id: OperationId;
}

/** The operations that were issued at one cloudlet or stand there for others. */
export class Issuing {
  readonly #bench: Bench;
  readonly #closing: Closing;
  #count: number;
  // Per target: the latest result of its present life before which all are here.
  readonly #known: Map<CloudletId, KnownUpTo>;
  readonly #hasApplied: (dot: Dot) => boolean;
  readonly #stateFor = (id: OperationId, target: CloudletId): IssuedState => this.#stateOf(id, target);
  // Who waits for an end to be stored that takes something back.
  readonly #revoking: Map<OperationId, Asker>;
  // By when their time is over; those before the first have been seen to.
  #due: Due[] = [];
  #first = 0;

  constructor(bench: Bench, closing: Closing, hasApplied: (dot: Dot) => boolean, like: Issuing | null = null) {
    this.#bench = bench;
    this.#closing = closing;
    this.#hasApplied = hasApplied;
    this.#count = like === null ? 0 : like.#count;
    this.#known = new Map(like === null ? null : like.#known);
    this.#revoking = new Map(like === null ? null : like.#revoking);
    if (like !== null) this.#due = like.#due.slice(like.#first);
  }

  /** Judges a request and, when it is accepted, opens its line; the caller has it written. */
  request(request: OperationRequest): Accepted | OperationRefusal {
    const { book, rules, self, settings } = this.#bench;
    const { target } = request;
    const isTaken = rules.acceptsWhile(this.#bench.isUpperReachable());
    if (!isTaken) return refusal("notWritten", "the upper is out of reach");
    const refused = judgeRequest(request, {
      topology: this.#bench.topology(),
      self,
      catalogue: settings.catalogue,
      planes: this.#bench.planes(),
      isOneWay: (target) => rules.demandsExpiry() && this.#isOneWay(target),
      stateOf: this.#stateFor,
    });
    if (refused !== null && (rules.heedsAuthority() || refused.code !== "notForActor")) return refused;
    this.#count += 1;
    const operation: Operation = {
      id: operationId(self, this.#bench.incarnation(), this.#count),
      target,
      kind: request.kind,
      object: request.object,
      actor: request.actor,
      priority: request.priority ?? 0,
      expiry: request.expiry ?? null,
      age: 0 as Duration,
      after: request.after?.filter((id) => this.#stateOf(id, target) === "open") ?? noNames,
      beside: namesOf(book.about(target, request.object)),
      knows: this.#known.get(target) ?? null,
      needs: request.needs ?? 1,
      payload: request.payload ?? "",
    };
    const value = operationText(operation);
    const weight = weightOf(value);
    const room = this.#room({ id: operation.id, priority: operation.priority, weight }, target);
    if (room.kind !== "room" && rules.keepsCaps()) return this.#noRoom(room.kind, weight);
    const line = book.accept(operation, value, weight, this.#bench.now().monotonic);
    const before = operation.after.length + operation.beside.length;
    const reads =
      before === 0
        ? noReads
        : [...new Set([...operation.after, ...operation.beside])].map((id) => this.#keyOf(id, target));
    const key = this.#keyOf(operation.id, target);
    return { kind: "accepted", line, key, value, reads, givenUp: room.kind === "room" ? room.givenUp : [] };
  }

  // Where an operation stands that is accepted here.
  #keyOf(id: OperationId, target: CloudletId): string {
    const { keys, self, settings } = this.#bench;
    const hop = settings.custody === "shared" ? null : nextHop(this.#bench, self, target);
    return hop === null ? keys.of("directives", target, id) : keys.of("custody", hop, id);
  }

  /** It could not be written after all. */
  withdraw(line: Line): void {
    this.#bench.book.drop(line);
  }

  /**
   * Takes an operation back, and answers when that is stored; the refusal when it is not for this cloudlet to do that, or too late.
   */
  revoke(id: OperationId, asker: Asker): OperationRefusal | null {
    const { book, self } = this.#bench;
    const line = book.line(id);
    if (line === null || issuerOf(id) !== self) {
      return refusal("notOpen", `operation ${id} was not issued here, or is over`);
    }
    if (line.directive !== "open" || line.final !== null || line.writing !== null) {
      return refusal("notOpen", `operation ${id} has ended, or is about to`);
    }
    this.#revoking.set(id, asker);
    this.#end(line, { kind: "revoked", why: "issuer", at: self, cause: null, detail: "" });
    return null;
  }

  /** Gives an operation up that stands here, unless it is known to have begun. */
  giveUp(line: Line, why: EndReason): void {
    if (line.directive !== "open" || line.result !== "none" || line.writing !== null) return;
    this.#end(line, { kind: "expired", why, at: this.#bench.self, cause: null, detail: "" });
  }

  /** An operation has come that others have accepted, or was given back: is the queue beyond its cap with it? */
  arrived(line: Line): void {
    const { book, rules, settings } = this.#bench;
    if (!line.isQueued || !rules.keepsCaps()) return;
    const newcomer = { id: line.id, priority: line.operation?.priority ?? 0, weight: line.weight };
    const queue = book.queue(line.target);
    if (queue.records <= settings.caps.records && queue.bytes <= settings.caps.bytes) return;
    const before = {
      records: queue.records - 1,
      bytes: queue.bytes - line.weight,
      standing: () => [...queue.standing()].filter(({ id }) => id !== line.id),
    };
    const room = roomFor(newcomer, before, settings.caps, settings.policy);
    for (const id of room.kind === "room" ? room.givenUp : [line.id]) {
      const one = book.line(id);
      if (one !== null) this.giveUp(one, "cap");
    }
  }

  /** Something about an operation has changed: what is owed about it here. */
  changed(line: Line): void {
    const { book, rules, self } = this.#bench;
    if (line.writing === "provisional" && line.directive === "ending" && book.hasStored(line)) {
      line.writing = null;
      this.#closing.endStored(line.target);
    }
    if (issuerOf(line.id) !== self) {
      const isOver = line.directive === "over" && (line.target !== self || line.result !== "intent");
      // Above the issuer only results are seen; and who has handed an operation on has no more to do with it.
      const isGone = line.directive === "none" && (line.target !== self || line.result === "end");
      // Whoever is not on the way any more has a copy that counts no more; so has whoever is, of what the target would refuse.
      const isBeside = this.#closing.isAway(line.target) || this.#closing.isVoid(line);
      if (line.handing === null && (isOver || isGone || isBeside)) book.drop(line);
      return;
    }
    const asker = line.directive === "open" ? undefined : this.#revoking.get(line.id);
    if (asker !== undefined) {
      this.#revoking.delete(line.id);
      this.#bench.emit({ kind: "issued", ...asker, result: { kind: "revoking", operation: line.id } });
    }
    if (line.directive === "over") {
      if (line.handing === null) book.drop(line);
      return;
    }
    if (line.isTold) return;
    const end =
      closedEnd(line, self) ??
      line.final ??
      this.#unconfirmedEnd(line) ??
      (rules.tellsProvisional() ? line.ending : null);
    if (end === null) {
      const now = line.writing === null ? (this.#closing.endOf(line) ?? this.#closing.lostOf(line)) : null;
      if (now !== null) this.#end(line, now);
      return;
    }
    line.isTold = true;
    this.#bench.emit({ kind: "ended", operation: line.id, end });
    this.#say("over", line, end);
  }

  /** From now on the time of this operation is watched. */
  watch(line: Line): void {
    const at = dueOf(line);
    if (at === Infinity) return;
    // Most come with the same time to live, so the last one is nearly always the last to be due.
    let place = this.#due.length;
    while (place > this.#first && (this.#due[place - 1] as Due).at > at) place -= 1;
    this.#due.splice(place, 0, { at, id: line.id });
  }

  /** When the next operation is due that stands here; infinity for none. */
  nextDue(): number {
    return this.#due[this.#first]?.at ?? Infinity;
  }

  /** What stands here and whose time is over is given up. The target sees to its own. */
  expire(): void {
    const { book, self } = this.#bench;
    const now = this.#bench.now().monotonic;
    for (let next = this.#due[this.#first]; next !== undefined && next.at <= now; next = this.#due[this.#first]) {
      this.#first += 1;
      const line = book.line(next.id);
      if (line !== null && line.target !== self) this.giveUp(line, "time");
    }
    if (this.#first < 64 || this.#first * 2 < this.#due.length) return;
    this.#due = this.#due.slice(this.#first);
    this.#first = 0;
  }

  /** All of this is here, replaced or not. */
  heardOfAll(covered: readonly Covered[]): void {
    const { self } = this.#bench;
    const topology = this.#bench.topology();
    for (const { stream, origin, incarnation, ranges } of covered) {
      const last = ranges.at(-1)?.last ?? 0;
      if (origin === self || last === 0 || !isOfResults(topology, stream, origin)) continue;
      this.heardOf(origin, { stream, origin, incarnation, sequence: last });
    }
  }

  /** A result of that target is here. */
  heardOf(target: CloudletId, dot: Dot): void {
    if (dot.origin !== target) return;
    const known = this.#known.get(target);
    if (known !== undefined && known.incarnation > dot.incarnation) return;
    const before = known?.incarnation === dot.incarnation ? known.sequence : 0;
    // Mostly all before it is here, and it is the next one.
    let sequence = dot.sequence === before + 1 ? dot.sequence : before;
    const { stream, origin, incarnation } = dot;
    const next = { stream, origin, incarnation, sequence: sequence + 1 };
    for (; this.#hasApplied(next); next.sequence += 1) sequence += 1;
    if (sequence > before || known?.incarnation !== dot.incarnation)
      this.#known.set(target, { incarnation: dot.incarnation, sequence });
  }

  #room(
    newcomer: { readonly id: OperationId; readonly priority: number; readonly weight: Line["weight"] },
    target: CloudletId,
  ): Room {
    const { caps, policy } = this.#bench.settings;
    return roomFor(newcomer, this.#bench.book.queue(target), caps, policy);
  }

  #noRoom(kind: "full" | "tooLarge", weight: number): OperationRefusal {
    const { caps } = this.#bench.settings;
    if (kind === "full") {
      return refusal("queueFull", `the queue holds ${caps.records} operations or ${caps.bytes} bytes, and is full`);
    }
    return refusal("largerThanQueue", `the operation weighs ${weight} bytes, and the queue holds ${caps.bytes}`);
  }

  // Wherever it was issued: what is known here of it is in the past of whoever asks.
  #stateOf(id: OperationId, target: CloudletId): IssuedState {
    const { book } = this.#bench;
    const line = book.line(id);
    if (line === null ? !book.isKnown(id, target) : line.target !== target) return "unknown";
    const end = line === null ? book.pastEnd(id, target) : line.final;
    if (end !== null) return end.kind === "done" ? "done" : "ended";
    if (line === null) return book.isBegun(id, target) ? "open" : "ended";
    return line.directive === "ending" || line.directive === "over" || line.writing === "provisional"
      ? "ended"
      : "open";
  }

  #isOneWay(target: CloudletId): boolean {
    const { self, settings } = this.#bench;
    return lacksWayBack(this.#bench.topology(), settings.oneWay, self, target);
  }

  // What was given up, and stands so on the disk, where no answer can come.
  #unconfirmedEnd({ target, directive, ending }: Line): End | null {
    const { rules, self } = this.#bench;
    if (directive !== "ending" || ending === null || !rules.endsUnconfirmed() || !this.#isOneWay(target)) return null;
    return unconfirmed(ending, self);
  }

  #end(line: Line, end: End): void {
    line.writing = "provisional";
    this.#bench.book.count(line);
    this.#say("end", line, end);
  }

  #say(says: "end" | "over", line: Line, end: End): void {
    const { book } = this.#bench;
    const reads = says === "over" ? [book.resultKey(line)] : [];
    if (says === "end" && end.why === "closed") reads.push(...this.#closing.reasons(line.target));
    const subject = line.subject as Subject;
    const text = endText(says, subject, end);
    line.written = { text, word: { says, subject, end, to: null } };
    book.point(line);
    this.#bench.write(book.directiveKey(line), text, reads);
  }
}

function isOfResults(topology: Topology, stream: StreamId, cloudlet: CloudletId): boolean {
  const scope = topology.scopeNamed(scopeName("results", nameOf(topology, cloudlet)));
  return scope !== null && topology.streamOf(scope, cloudlet) === stream;
}

function namesOf(lines: Iterable<Line>): readonly OperationId[] {
  let names: OperationId[] | null = null;
  for (const { id } of lines) (names ??= []).push(id);
  return names ?? noNames;
}

// An end that this issuer has given as final since the target was closed: whatever the target says later.
function closedEnd({ directive, ending }: Line, self: CloudletId): End | null {
  return directive === "ending" && ending?.why === "closed" && ending.at === self ? ending : null;
}

// When the time of an operation is over here, by the monotonic clock.
function dueOf({ operation, since }: Line): number {
  return operation === null || operation.expiry === null ? Infinity : since + operation.expiry - operation.age;
}
