// The people of a world who ask for operations: one at each of some cloudlets, at intervals, one thing at a time. Where no process
// runs there is nobody to ask; what comes up while the last answer is still out waits for that.
//
// Leaves out what is asked of whom (scenario/operations.ts), and what carries it out (planes.ts).

import { assert } from "../../model/assert.ts";
import type { OperationRequest } from "../../model/control/authority.ts";
import type { ControlInput, IssueResult } from "../../model/control/io.ts";
import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import { pick, type Rng } from "../../model/random.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { later, type Instant } from "../../model/units.ts";
import { samplerOf, type Sampler } from "../kernel/distributions.ts";
import type { OperationsJudge } from "../oracles/operations.ts";
import { objectName, type OperationIssuer } from "../scenario/operations.ts";

/** What people do, as the integer `a` of its event; `b` is who. */
export const ASKS = 0;
/** The same, for what waited for an answer. */
export const ASKS_NOW = 1;

/** What people need of their world. */
export interface Street {
  readonly topology: Topology;
  readonly judge: OperationsJudge;
  /** The stream that each of them forks his own from. */
  readonly rng: Rng;
  readonly now: () => Instant;
  readonly push: (at: Instant, what: number, index: number) => void;
  readonly named: (name: string) => CloudletId;
  readonly isRunning: (cloudlet: CloudletId) => boolean;
  readonly nextSession: () => SessionId;
  readonly nextRequest: () => OpId;
  readonly step: (cloudlet: CloudletId, input: ControlInput) => void;
}

interface Seat {
  readonly issuer: OperationIssuer;
  readonly cloudlet: CloudletId;
  readonly targets: readonly CloudletId[];
  readonly interval: Sampler;
  readonly rng: Rng;
  session: SessionId;
  waitsFor: OpId | null;
  /** Came up while it waited. */
  owed: number;
  left: number;
}

/** All of them. */
export class People {
  readonly #street: Street;
  readonly #seats: Seat[] = [];
  readonly #seatOf = new Map<OpId, Seat>();
  #isOver = false;

  constructor(issuers: readonly OperationIssuer[], street: Street) {
    this.#street = street;
    for (const issuer of issuers) for (const name of issuer.at) this.#addSeat(issuer, street.named(name));
  }

  /** A process is about to start: whoever asks there begins a session of its own. */
  started(cloudlet: CloudletId): void {
    for (const seat of this.#seats) {
      if (seat.cloudlet !== cloudlet) continue;
      if (seat.waitsFor !== null) this.#seatOf.delete(seat.waitsFor);
      Object.assign(seat, { session: this.#street.nextSession(), waitsFor: null, owed: 0 });
    }
  }

  /** Handles an event of theirs. */
  due(what: number, index: number): void {
    const seat = this.#seats[index] as Seat;
    if (what === ASKS) this.#asks(seat, index);
    else this.#ask(seat);
  }

  /** The load is over: nobody asks any more. */
  stop(): void {
    this.#isOver = true;
  }

  /** Somebody is answered. Nothing here takes a step of the control layer. */
  answered(id: OpId, result: IssueResult): void {
    const { judge, now, push } = this.#street;
    const seat = this.#seatOf.get(id);
    assert(seat !== undefined, "an answer to a person who asked nothing");
    this.#seatOf.delete(id);
    judge.answered(id, result);
    seat.waitsFor = null;
    if (seat.owed === 0) return;
    seat.owed -= 1;
    push(now(), ASKS_NOW, this.#seats.indexOf(seat));
  }

  #addSeat(issuer: OperationIssuer, cloudlet: CloudletId): void {
    const { topology, named, now, push } = this.#street;
    const rng = this.#street.rng.fork(`${issuer.name}/${cloudlet}`);
    const interval = samplerOf(issuer.interval);
    this.#seats.push({
      issuer,
      cloudlet,
      targets: issuer.targets?.map(named) ?? topology.descendants(cloudlet),
      interval,
      rng,
      session: -1 as SessionId,
      waitsFor: null,
      owed: 0,
      left: issuer.count ?? Infinity,
    });
    push(later(now(), interval(rng)), ASKS, this.#seats.length - 1);
  }

  #asks(seat: Seat, index: number): void {
    if (this.#isOver || seat.left <= 0) return;
    this.#street.push(later(this.#street.now(), seat.interval(seat.rng)), ASKS, index);
    if (!this.#street.isRunning(seat.cloudlet)) return;
    if (seat.waitsFor === null) this.#ask(seat);
    else seat.owed += 1;
  }

  #ask(seat: Seat): void {
    const { isRunning, judge, nextRequest, now, step } = this.#street;
    const { issuer, cloudlet, targets, rng, session } = seat;
    if (this.#isOver || seat.left <= 0 || seat.waitsFor !== null || !isRunning(cloudlet)) return;
    seat.left -= 1;
    const { kinds, actor, priority, expiry } = issuer;
    const request: OperationRequest = {
      target: pick(rng, targets),
      kind: pick(rng, kinds),
      object: objectName(issuer, rng.intInclusive(issuer.objects - 1)),
      actor,
      priority,
      ...(expiry !== null && { expiry }),
    };
    const id = nextRequest();
    seat.waitsFor = id;
    this.#seatOf.set(id, seat);
    judge.asked(now(), cloudlet, id, request);
    step(cloudlet, { kind: "issue", session, id, request });
  }
}
