// The people of a world who ask for operations: one at each of some cloudlets, at intervals, one thing at a time. Where no process
// runs there is nobody to ask; what comes up while the last answer is still out waits for that. Some of what they ask comes after
// other operations, and some of it they take back.
//
// Leaves out what is asked of whom (scenario/operations.ts), and what carries it out (planes.ts).

import { assert } from "../../model/assert.ts";
import type { OperationRequest } from "../../model/control/authority.ts";
import type { End } from "../../model/control/ends.ts";
import type { IssueResult } from "../../model/control/io.ts";
import type { OperationId } from "../../model/control/operation.ts";
import type { Planes } from "../../model/control/planes.ts";
import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import { pick, type Rng } from "../../model/random.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { later, type Instant } from "../../model/units.ts";
import type { OnlyControl } from "../hosts/control-kinds.ts";
import { samplerOf, type Sampler } from "../kernel/distributions.ts";
import type { OperationTruth } from "../oracles/operation-truth.ts";
import { objectName, payloadOf, type OperationIssuer } from "../scenario/operations.ts";

/** What people do, as the integer `a` of its event; `b` is who. */
export const ASKS = 0;
/** The same, for what waited for an answer. */
export const ASKS_NOW = 1;

/** Somebody takes an operation back; `b` is which of those that are to be. */
export const TAKES_BACK = 8;

/** What people need of their world. */
export interface Street {
  /** The plan that its process goes by. */
  readonly planOf: (cloudlet: CloudletId) => Topology;
  readonly truth: OperationTruth;
  /** The stream that each of them forks his own from. */
  readonly rng: Rng;
  readonly now: () => Instant;
  readonly push: (at: Instant, what: number, index: number) => void;
  readonly named: (name: string) => CloudletId;
  readonly isRunning: (cloudlet: CloudletId) => boolean;
  readonly nextSession: () => SessionId;
  readonly nextRequest: () => OpId;
  /** The planes of a cloudlet, as its process has been told. */
  readonly planes: (cloudlet: CloudletId) => Planes;
  /** Hands it to a process, which comes to it in its turn. */
  readonly step: (cloudlet: CloudletId, input: OnlyControl) => void;
}

interface Seat {
  readonly issuer: OperationIssuer;
  readonly cloudlet: CloudletId;
  /** Null: whoever is below then. */
  readonly targets: readonly CloudletId[] | null;
  readonly interval: Sampler;
  readonly rng: Rng;
  session: SessionId;
  waitsFor: OpId | null;
  /** Came up while it waited. */
  owed: number;
  left: number;
}

/** An operation that its issuer takes back. */
interface Return {
  readonly seat: Seat;
  readonly operation: OperationId;
}

/** All of them. */
export class People {
  readonly #street: Street;
  readonly #seats: Seat[] = [];
  readonly #seatOf = new Map<OpId, Seat>();
  // The latest operation of an issuer at a cloudlet for a target, unless he knows that it was not done.
  readonly #latest = new Map<string, OperationId>();
  readonly #placeOf = new Map<OperationId, string>();
  readonly #asked = new Map<OpId, OperationRequest>();
  readonly #takenBack: Return[] = [];
  readonly #takingBack = new Set<OpId>();
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
    if (what === TAKES_BACK) {
      this.#takeBack(index);
      return;
    }
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
    const { truth, now, planes, push } = this.#street;
    if (this.#takingBack.delete(id)) {
      truth.tookBack(now(), id);
      return;
    }
    const seat = this.#seatOf.get(id);
    assert(seat !== undefined, "an answer to a person who asked nothing");
    this.#seatOf.delete(id);
    truth.answered(now(), id, result, planes(seat.cloudlet));
    seat.waitsFor = null;
    if (result.kind === "accepted") this.#accepted(seat, id, result.operation);
    this.#asked.delete(id);
    if (seat.owed === 0) return;
    seat.owed -= 1;
    push(now(), ASKS_NOW, this.#seats.indexOf(seat));
  }

  /** Somebody learns how his operation has ended. */
  ended(operation: OperationId, { kind }: End): void {
    const place = this.#placeOf.get(operation);
    if (place === undefined) return;
    this.#placeOf.delete(operation);
    if (kind !== "done" && this.#latest.get(place) === operation) this.#latest.delete(place);
  }

  #accepted(seat: Seat, id: OpId, operation: OperationId): void {
    const { issuer, cloudlet, rng } = seat;
    const place = placeOf(issuer.name, cloudlet, (this.#asked.get(id) as OperationRequest).target);
    this.#latest.set(place, operation);
    this.#placeOf.set(operation, place);
    const { takesBack } = issuer;
    if (takesBack === null || !rng.chance(takesBack.share)) return;
    this.#takenBack.push({ seat, operation });
    this.#street.push(later(this.#street.now(), takesBack.after), TAKES_BACK, this.#takenBack.length - 1);
  }

  #takeBack(index: number): void {
    const { isRunning, nextRequest, step } = this.#street;
    const { seat, operation } = this.#takenBack[index] as Return;
    const { cloudlet, session } = seat;
    if (!isRunning(cloudlet)) return;
    const id = nextRequest();
    this.#takingBack.add(id);
    step(cloudlet, { kind: "revoke", session, id, operation });
  }

  // What this one comes after, if anything.
  #afterOf({ issuer, cloudlet, rng }: Seat, target: CloudletId): readonly OperationId[] {
    const { after } = issuer;
    if (after === null || !rng.chance(after.share)) return [];
    const latest = this.#latest.get(placeOf(after.issuer, cloudlet, target));
    return latest === undefined ? [] : [latest];
  }

  #addSeat(issuer: OperationIssuer, cloudlet: CloudletId): void {
    const { named, now, push } = this.#street;
    const rng = this.#street.rng.fork(`${issuer.name}/${cloudlet}`);
    const interval = samplerOf(issuer.interval);
    this.#seats.push({
      issuer,
      cloudlet,
      targets: issuer.targets?.map(named) ?? null,
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
    const { isRunning, nextRequest, planOf, step } = this.#street;
    const { issuer, cloudlet, rng, session } = seat;
    if (this.#isOver || seat.left <= 0 || seat.waitsFor !== null || !isRunning(cloudlet)) return;
    const targets = seat.targets ?? planOf(cloudlet).descendants(cloudlet);
    if (targets.length === 0) return;
    seat.left -= 1;
    const { kinds, actor, priorities, payload, expiry } = issuer;
    const target = pick(rng, targets);
    const request: OperationRequest = {
      target,
      kind: pick(rng, kinds),
      object: objectName(issuer, rng.intInclusive(issuer.objects - 1)),
      actor,
      priority: priorities.length === 1 ? (priorities[0] as number) : pick(rng, priorities),
      ...(expiry !== null && { expiry }),
      ...(payload > 0 && { payload: payloadOf(payload) }),
      ...(issuer.needs !== undefined && { needs: issuer.needs }),
      ...(issuer.after !== null && { after: this.#afterOf(seat, target) }),
    };
    const id = nextRequest();
    seat.waitsFor = id;
    this.#seatOf.set(id, seat);
    this.#asked.set(id, request);
    step(cloudlet, { kind: "issue", session, id, request });
  }
}

function placeOf(issuer: string, cloudlet: CloudletId, target: CloudletId): string {
  return `${issuer} ${cloudlet} ${target}`;
}
