// A cloudlet with a control layer as its world sees it. The control layer makes requests to its replica within one step, several
// one after another; each is a step of the replica, and the world tells and carries out what comes of it before the next one
// is made. So whoever listens hears of these records as of any others, in the order in which the replica took them:
//
//   the world ──input──▶ Governed ──▶ ControlCore ──input, own requests──▶ Watched ──▶ the replica
//       ▲                   │  what is left: timers, word to planes and people    │
//       └───────────────────┴──────────── each step of the replica, whole ◀───────┘
//
// The sessions of these requests get numbers that are one of a kind in the run. That such a session ends is told to nobody:
// nothing is asked in it any more.

import { controlTimers, type ControlCore } from "../../model/control/control-core.ts";
import type { ControlEffect, ControlInput } from "../../model/control/io.ts";
import type { CloudletId, OpId, SessionId } from "../../model/ids.ts";
import type {
  AbstractTime,
  ClientResult,
  Effect,
  Input,
  LocalTime,
  OneShot,
  ReplicationCore,
  Shelving,
} from "../../model/replication/io.ts";
import { bytes } from "../../model/units.ts";

type Request = Extract<Input, { readonly kind: "request" }>;
type WriteOp = Extract<Request["op"], OneShot>;

/** What the world does with the steps of one process. */
export interface StepTeller {
  /** Numbers for a session, and for a request. */
  nextSession(): SessionId;
  nextRequest(): OpId;
  /** A request is made that no client made. */
  requested(request: Request): void;
  /** The process hears that the way to a neighbour is open, or is not. */
  linkTold(peer: CloudletId, isOpen: boolean): void;
  /** A message from there is about to be handled. */
  hearing(from: CloudletId): void;
  /** A step of the replica is over: tells it and carries it out. */
  stepped(input: Input, effects: readonly Effect[]): void;
}

/** What the world does with what only a control layer wants. Nothing of it takes another step of the same one. */
export interface ControlTeller {
  heed(effect: ControlEffect): void;
  /** A step of it is over, and all that it wanted is told. */
  stepped(input: ControlInput): void;
}

interface Asked {
  readonly session: SessionId;
  readonly id: OpId;
}

abstract class Forwarding {
  readonly core: Omit<ReplicationCore, "step" | "fork">;
  readonly shelving: Shelving = {
    shelve: (keys) => this.core.shelving?.shelve(keys) ?? [],
    shelved: (place, prefix, rest) => this.core.shelving?.shelved(place, prefix, rest) ?? null,
    point: (place, key) => this.core.shelving?.point(place, key),
  };

  constructor(core: Omit<ReplicationCore, "step" | "fork">) {
    this.core = core;
  }

  snapshot(): ReturnType<ReplicationCore["snapshot"]> {
    return this.core.snapshot();
  }

  waitingCuts(): ReturnType<ReplicationCore["waitingCuts"]> {
    return this.core.waitingCuts();
  }

  fingerprint(time?: AbstractTime): string {
    return this.core.fingerprint(time);
  }

  versions(key: string): ReturnType<ReplicationCore["versions"]> {
    return this.core.versions(key);
  }

  keys(): readonly string[] {
    return this.core.keys();
  }

  hasApplied(dot: Parameters<ReplicationCore["hasApplied"]>[0]): boolean {
    return this.core.hasApplied(dot);
  }

  pending(): ReturnType<ReplicationCore["pending"]> {
    return this.core.pending();
  }
}

/** The replica within. */
export class Watched extends Forwarding implements ReplicationCore {
  readonly #replica: ReplicationCore;
  readonly #world: StepTeller;
  // Of sessions that are not the world's: as what they are told, and what they wait for.
  readonly #sessions = new Map<SessionId, SessionId>();
  readonly #open = new Map<SessionId, Asked>();
  // Of these, those that leave with the answer.
  readonly #leaving = new Set<SessionId>();
  /** The input that the world has told already. */
  told: Input | null = null;
  /** What an answer says beside what the replica knows: that operations are pending on what it shows. */
  marked: (result: ClientResult) => ClientResult = (result) => result;

  constructor(replica: ReplicationCore, world: StepTeller) {
    super(replica);
    this.#replica = replica;
    this.#world = world;
  }

  step(input: Input, now: LocalTime): readonly Effect[] {
    if (input.kind === "request" && isOneShot(input.op)) return this.#unfolded(input, input.op, now);
    if (input.kind === "linkUp" || input.kind === "linkDown") this.#world.linkTold(input.peer, input.kind === "linkUp");
    if (input.kind === "receive" || input.kind === "receiveBytes") this.#world.hearing(input.from);
    const isTold = input === this.told || input.kind !== "request";
    const request = isTold ? input : this.#begin(input);
    const effects = this.#replica.step(input, now);
    const told = this.#open.size === 0 ? effects : this.#renamed(effects);
    this.#world.stepped(request, input.kind === "request" ? told.map((effect) => this.#withMark(effect)) : told);
    if (this.#leaving.size > 0) this.#bidFarewell(effects, now);
    return effects;
  }

  fork(): ReplicationCore {
    return this.#replica.fork();
  }

  // A request that reads first, and leaves with its answer, is made and told as the requests that it stands for.
  #unfolded({ session, id }: Request, { reads = [], leaves, ...op }: WriteOp, now: LocalTime): readonly Effect[] {
    for (const key of reads) this.step({ kind: "request", session, id, op: { kind: "get", key } }, now);
    if (leaves === true) this.#leaving.add(session);
    return this.step({ kind: "request", session, id, op }, now);
  }

  #bidFarewell(effects: readonly Effect[], now: LocalTime): void {
    for (const effect of effects) {
      if (effect.kind !== "reply" || effect.result.kind === "read" || !this.#leaving.delete(effect.session)) continue;
      const { session, id } = effect;
      const op = { kind: "detach", to: null, applied: [], bytesMax: bytes(0), forGood: true } as const;
      this.step({ kind: "request", session, id, op }, now);
    }
  }

  #withMark(effect: Effect): Effect {
    if (effect.kind !== "reply") return effect;
    const result = this.marked(effect.result);
    return result === effect.result ? effect : { ...effect, result };
  }

  #begin(input: Request): Input {
    const { session, op } = input;
    const known = this.#sessions.get(session) ?? this.#world.nextSession();
    const id = this.#world.nextRequest();
    const request: Request = { kind: "request", session: known, id, op };
    if (op.kind === "detach") this.#sessions.delete(session);
    else {
      this.#sessions.set(session, known);
      this.#world.requested(request);
    }
    this.#open.set(session, { session: known, id });
    return request;
  }

  // An answer to a session of the control layer's is told as one to that session's other number; that it has left, not at all.
  #renamed(effects: readonly Effect[]): readonly Effect[] {
    const told: Effect[] = [];
    for (const effect of effects) {
      const asked = effect.kind === "reply" ? this.#open.get(effect.session) : undefined;
      if (effect.kind !== "reply" || asked === undefined) {
        told.push(effect);
        continue;
      }
      this.#open.delete(effect.session);
      if (effect.result.kind !== "detached") told.push({ ...effect, ...asked });
    }
    return told;
  }
}

function isOneShot(op: Request["op"]): op is WriteOp {
  return (op.kind === "put" || op.kind === "delete") && (op.reads !== undefined || op.leaves === true);
}

/** The whole, as the world steps it: what it returns is what the replica did not want. */
export class Governed extends Forwarding implements ReplicationCore {
  readonly #control: ControlCore;
  readonly #watched: Watched;
  readonly #teller: ControlTeller;

  constructor(control: ControlCore, watched: Watched, teller: ControlTeller) {
    super(control);
    this.#control = control;
    this.#watched = watched;
    this.#teller = teller;
    watched.marked = (result) => control.marked(result);
  }

  step(input: Input, now: LocalTime): readonly Effect[] {
    this.#watched.told = input;
    return this.govern(input, now);
  }

  /** The same of what only a control layer hears. */
  govern(input: ControlInput, now: LocalTime): readonly Effect[] {
    const rest: Effect[] = [];
    for (const effect of this.#control.step(input, now)) {
      switch (effect.kind) {
        case "arm":
        case "disarm":
          if (effect.timer >= controlTimers) rest.push(effect);
          break;
        case "issued":
        case "execute":
        case "inquire":
        case "ended":
        case "marked":
        case "notConfirmed":
          this.#teller.heed(effect);
          break;
        default:
          break;
      }
    }
    this.#teller.stepped(input);
    return rest;
  }

  fork(): ReplicationCore {
    return this.#watched.fork();
  }
}
