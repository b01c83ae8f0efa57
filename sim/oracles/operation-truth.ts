// The ground truth about operations: who asked for what, what he was told, what planes were told and did. Made of what was really
// asked, answered and carried out. The control layer is asked nothing: what it keeps is its own account of this. Its records are
// looked at for the name that it gives an operation, for where copies of it stand (operation-queues.ts), and for which of
// them a disk has lost.
//
// Leaves out every judgement: those are the oracles', one file each, told in the order in which things happen.

import { assert } from "../../model/assert.ts";
import type { OperationRefusal, OperationRequest } from "../../model/control/authority.ts";
import { catalogueOf, operationKinds, type OperationKind, type PlaneName } from "../../model/control/catalogue.ts";
import { readWord, type End } from "../../model/control/ends.ts";
import type { ControlInput, IssueResult } from "../../model/control/io.ts";
import { keysOf, type Keys } from "../../model/control/keys.ts";
import { issuerOf, weightOf, type Operation, type OperationId } from "../../model/control/operation.ts";
import type { Planes, PlaneState } from "../../model/control/planes.ts";
import type { CloudletId, Incarnation, OpId } from "../../model/ids.ts";
import type { ReplicaEvent, ReplicationCore } from "../../model/replication/io.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import { ClosedTargets } from "./closed-targets.ts";
import { ForgottenDeeds } from "./forgotten-deeds.ts";
import { LostClosings } from "./lost-closings.ts";
import { LostOperations } from "./lost-operations.ts";
import type { DiskFailure, MachineChange, Observer, WatchEvent } from "./observer.ts";
import type { Oracle } from "./oracle.ts";
import { isHeldUp } from "./held-up.ts";
import { HiddenOperations } from "./hidden-operations.ts";
import { QueueTruth } from "./operation-queues.ts";
import { PlansInForce } from "./plans-in-force.ts";
import { type FormsAtFirst, SpokenForms } from "./spoken-forms.ts";
import type { Wanted } from "./wanted.ts";

/** Somebody who waits for an answer. */
export interface Asking {
  readonly at: Instant;
  readonly cloudlet: CloudletId;
  readonly request: OperationRequest;
  /** Was its target below, or there, as of the plan of whoever was asked? */
  readonly isBelow: boolean;
}

/** The plane of a cloudlet as it really is, and whether its process was last told that the way to its upper is open. */
export interface PlaneAtHand {
  readonly state: PlaneState;
  readonly isUpperOpen: boolean;
}

/** A plane that was told of an operation, and by whom it is to be carried out. */
export interface Telling extends PlaneAtHand {
  readonly plane: PlaneName;
  readonly by: "own" | "upper";
}

/** What the truth tells of operations. All times are true time. */
export interface OperationListener {
  asked?(id: OpId, asking: Asking): void;
  refused?(at: Instant, id: OpId, asking: Asking, refusal: OperationRefusal, planes: Planes): void;
  /** `isAgain`: one of that name was accepted before. */
  accepted?(at: Instant, id: OpId, wanted: Wanted, isAgain: boolean): void;
  /** A plane is told, by the process of that cloudlet; `wanted` is null where nobody asked for it, and says nothing of this yet. */
  begun?(at: Instant, cloudlet: CloudletId, operation: Operation, wanted: Wanted | null, telling: Telling): void;
  /** An issuer is told an end; `wanted` says nothing of this yet. */
  ended?(at: Instant, cloudlet: CloudletId, id: OperationId, end: End, wanted: Wanted | null): void;
  /** Somebody takes an operation back; and is told that its end is on the way, or why not. */
  takingBack?(at: Instant, cloudlet: CloudletId, id: OpId, operation: OperationId): void;
  tookBack?(at: Instant, id: OpId): void;
  /** The disk of that cloudlet has failed, or another one is in its place. */
  diskGone?(cloudlet: CloudletId, failure: DiskFailure): void;
  /** A step of the control layer of that cloudlet is over. */
  stepped?(at: Instant, cloudlet: CloudletId, cause: ControlInput["kind"]): void;
}

/** An oracle that judges operations. */
export interface OperationOracle extends Oracle, OperationListener {}

const catalogue = catalogueOf(operationKinds);

/** The kind of that name in the catalogue that runs have; null where there is none. */
export function kindNamed(name: string): OperationKind | null {
  return catalogue.get(name) ?? null;
}

/** The truth of one run. Hand it to the world as an observer, and as the one who hears of operations. */
export class OperationTruth implements Observer {
  readonly topology: Topology;
  readonly plans: PlansInForce;
  readonly queues: QueueTruth;
  readonly lost: LostOperations;
  readonly forgotten: ForgottenDeeds;
  /** Who is healed in the end; null: everybody. */
  readonly #core: ReadonlySet<CloudletId> | null;
  readonly #keys: Keys;
  readonly #listeners: OperationListener[] = [];
  readonly #closed = new ClosedTargets();
  readonly #lostClosings: LostClosings;
  readonly #forms: SpokenForms;
  readonly #hidden: HiddenOperations;
  readonly #cores = new Map<CloudletId, Pick<ReplicationCore, "pending">>();
  readonly #oneWay: ReadonlySet<string>;
  readonly #open = new Map<OpId, Asking>();
  readonly #wanted = new Map<OperationId, Wanted>();
  // Whose step is being taken: the request that it began with.
  #current: Asking | null = null;

  /** @param oneWay names of those from which nothing comes up */
  constructor(
    topology: Topology,
    core: ReadonlySet<CloudletId> | null,
    forms: FormsAtFirst = [],
    oneWay: readonly string[] = [],
  ) {
    this.#oneWay = new Set(oneWay);
    this.topology = topology;
    this.plans = new PlansInForce(topology);
    this.#forms = new SpokenForms(topology, forms);
    this.#core = core;
    this.#keys = keysOf(topology);
    this.#hidden = new HiddenOperations(topology, this.#keys);
    this.lost = new LostOperations(this.#keys);
    this.#lostClosings = new LostClosings(topology);
    this.forgotten = new ForgottenDeeds(this.#keys, this.lost);
    this.queues = new QueueTruth(this.plans, (id) => this.#wanted.get(id) ?? null);
  }

  /** Adds a listener; they are told in the order they were added. */
  tell(listener: OperationListener): void {
    this.#listeners.push(listener);
  }

  /** All operations that were written down by whoever was asked, in that order. */
  all(): Iterable<Wanted> {
    return this.#wanted.values();
  }

  /** The operation of that name, or null. */
  wanted(id: OperationId): Wanted | null {
    return this.#wanted.get(id) ?? null;
  }

  /** A process marks somebody below it. */
  watching(_at: Instant, cloudlet: CloudletId, event: WatchEvent): void {
    if (event.kind === "marked") this.#closed.marked(cloudlet, event.about, event.to);
  }

  // --- what people and planes say ---

  /** Somebody asks; the step of the control layer follows. */
  asked(at: Instant, cloudlet: CloudletId, id: OpId, request: OperationRequest): void {
    const asking: Asking = { at, cloudlet, request, isBelow: this.isBelow(request.target, cloudlet, cloudlet) };
    this.#open.set(id, asking);
    this.#current = asking;
    for (const listener of this.#listeners) listener.asked?.(id, asking);
  }

  /** He is answered; `planes`: of that cloudlet, as they really are. */
  answered(at: Instant, id: OpId, result: IssueResult, planes: Planes): void {
    const asking = this.#open.get(id);
    assert(asking !== undefined, "an answer to what nobody asked");
    this.#open.delete(id);
    if (result.kind === "refused") {
      for (const listener of this.#listeners) listener.refused?.(at, id, asking, result, planes);
      return;
    }
    const wanted = this.#wanted.get(result.operation) ?? this.#enter(result.operation, asking, "", []);
    const isAgain = wanted.acceptedAt !== null;
    wanted.acceptedAt ??= at;
    for (const listener of this.#listeners) listener.accepted?.(at, id, wanted, isAgain);
  }

  /** Its issuer takes an operation back; the step of the control layer follows. */
  takingBack(at: Instant, cloudlet: CloudletId, id: OpId, operation: OperationId): void {
    const wanted = this.#wanted.get(operation);
    if (wanted !== undefined) wanted.isTakenBack = true;
    for (const listener of this.#listeners) listener.takingBack?.(at, cloudlet, id, operation);
  }

  /** He is answered. */
  tookBack(at: Instant, id: OpId): void {
    for (const listener of this.#listeners) listener.tookBack?.(at, id);
  }

  /** A plane is told of an operation, by the process of that cloudlet. */
  begun(at: Instant, cloudlet: CloudletId, operation: Operation, telling: Telling): void {
    const wanted = this.#wanted.get(operation.id) ?? null;
    for (const listener of this.#listeners) listener.begun?.(at, cloudlet, operation, wanted, telling);
    if (wanted !== null) wanted.deed ??= { at, state: "told" };
  }

  /** A plane is through with it. */
  carriedOut(id: OperationId, state: "done" | "failed"): void {
    const deed = this.#wanted.get(id)?.deed ?? null;
    if (deed !== null) deed.state = state;
  }

  /** An issuer is told an end. */
  ended(at: Instant, cloudlet: CloudletId, id: OperationId, end: End): void {
    const wanted = this.#wanted.get(id) ?? null;
    for (const listener of this.#listeners) listener.ended?.(at, cloudlet, id, end, wanted);
    if (wanted === null || wanted.end !== null) return;
    wanted.end = end;
    wanted.endedAt = at;
    wanted.apartUnder = this.latestApart(wanted.request.target, cloudlet, cloudlet);
  }

  /** A step of a control layer is over; `versions`: what stands at a key of its replica. */
  stepped(
    at: Instant,
    cloudlet: CloudletId,
    cause: ControlInput["kind"],
    versions: (key: string) => readonly CausalRecord[],
  ): void {
    this.#current = null;
    if (cause === "started") {
      this.queues.restarted(cloudlet, this.#wanted.values());
      this.#hidden.started(cloudlet, this.#wanted.values(), !this.lost.isEmpty, versions);
    }
    this.queues.settle(at, cloudlet, versions);
    for (const listener of this.#listeners) listener.stepped?.(at, cloudlet, cause);
  }

  // --- what the world tells ---

  wrote(_at: Instant, cloudlet: CloudletId, _session: unknown, _id: unknown, record: CausalRecord): void {
    this.#lostClosings.wrote(cloudlet, record);
    const key = this.#keys.read(record.key);
    if (key === null) return;
    const id = key.operation;
    const word = record.kind === "put" ? readWord(id, record.value) : null;
    const isIssue = word?.says === "operation" && issuerOf(id) === cloudlet && !this.#wanted.has(id);
    if (isIssue && record.kind === "put" && this.#current !== null) {
      this.#enter(id, this.#current, record.value, word.operation.beside);
    }
    if (word?.says === "end" && key.carrier === "results") {
      const wanted = this.#wanted.get(id);
      if (wanted?.request.target === cloudlet) wanted.isDecided = true;
    }
    const given = word?.says === "end" && key.carrier === "directives" ? this.#wanted.get(id) : undefined;
    if (given !== undefined) given.isGivenUp = true;
    this.queues.writes(cloudlet, id, record, !isIssue && word?.says === "operation");
  }

  notified(_at: Instant, cloudlet: CloudletId, event: ReplicaEvent): void {
    if (event.kind === "installed") {
      this.queues.restarted(cloudlet, this.#wanted.values());
      for (const record of event.versions) this.forgotten.came(cloudlet, record);
    }
    if (event.kind !== "applied") return;
    for (const record of event.records) {
      const key = this.#keys.read(record.key);
      if (key?.carrier === "results") this.forgotten.came(cloudlet, record);
      if (key === null) continue;
      this.queues.touched(cloudlet, key.operation, record);
      this.#hidden.touched(cloudlet, key.operation);
    }
  }

  diskFailed(_at: Instant, cloudlet: CloudletId, failure: DiskFailure): void {
    this.lost.failed(cloudlet, failure);
    this.#lostClosings.failed(cloudlet, failure);
    for (const listener of this.#listeners) listener.diskGone?.(cloudlet, failure);
  }

  machineChanged(_at: Instant, cloudlet: CloudletId, change: MachineChange): void {
    this.#forms.changed(cloudlet, change);
  }

  planTold(_at: Instant, cloudlet: CloudletId, former: Topology, plan: Topology): void {
    this.plans.told(cloudlet, plan);
    this.#closed.replanned(cloudlet, former, plan);
    this.queues.restarted(cloudlet, this.#wanted.values());
  }

  started(_at: Instant, cloudlet: CloudletId, life: Incarnation, core: Pick<ReplicationCore, "pending">): void {
    this.forgotten.started(cloudlet, life);
    this.#cores.set(cloudlet, core);
    this.#closed.started(cloudlet);
    this.queues.started(cloudlet);
  }

  // --- what follows from it ---

  /** Is the target this cloudlet, or below it, under the plan that a third goes by? */
  isBelow(target: CloudletId, issuer: CloudletId, by: CloudletId): boolean {
    return target === issuer || this.plans.isAbove(issuer, target, by);
  }

  /** Was there a plan, up to the one that a cloudlet goes by, under which the target was not below that issuer? The latest of these. */
  latestApart(target: CloudletId, issuer: CloudletId, by: CloudletId): number | null {
    const { plan, plans } = this.plans.of(by);
    const apart = plans.slice(0, plan + 1).filter((then) => then.relation(issuer, target) !== "lower");
    return target === issuer ? null : (apart.at(-1)?.plan ?? null);
  }

  /** Has anybody ever marked it as failed, disconnected or fenced? */
  wasClosed(target: CloudletId): boolean {
    return this.#closed.hasEver(target);
  }

  /** Does nothing come back from its target to its issuer? */
  isOneWay({ issuer, request: { target } }: Pick<Wanted, "issuer" | "request">): boolean {
    if (target === issuer || this.#oneWay.size === 0) return false;
    const above = [target, ...this.topology.ancestors(target)];
    return above.slice(0, Math.max(0, above.indexOf(issuer))).some((cloudlet) => this.#oneWay.has(this.name(cloudlet)));
  }

  /** Why an operation need not end; null where it must. */
  excuse(wanted: Wanted): string | null {
    const own = this.#reasonOf(wanted);
    if (
      own !== null ||
      !isHeldUp(
        wanted,
        (id) => this.wanted(id),
        (other) => this.#reasonOf(other),
      )
    )
      return own;
    return "it waits for another one on its object, or one that it comes after, which stays open for a reason of its own";
  }

  #reasonOf(wanted: Wanted): string | null {
    const core = this.#core;
    const { issuer, request } = wanted;
    const { target } = request;
    const loser = this.#loserOf(wanted) ?? this.#loserBefore(wanted);
    if (loser !== null) {
      return `what ${this.name(loser)} had of it, or of what it follows, was lost with its disk, and nobody else has it`;
    }
    // What is issued where it is to be done waits for no word from above (A1).
    const isLocal = issuer === target;
    if (isLocal ? this.#closed.isFenced(target) : this.#closed.has(target)) {
      return `${this.name(target)} is confirmed as failed, disconnected or fenced, and nobody has taken that back`;
    }
    const silenced = isLocal ? null : this.#lostClosings.loserOf(target);
    if (silenced !== null) {
      return `what ${this.name(silenced)} had confirmed of ${this.name(target)} was lost with its disk, and it has said nothing of that one since`;
    }
    const way = this.#ways(issuer, target);
    const unread = this.#forms.unreadAmong(way);
    if (unread !== null) {
      return `${this.name(unread.writer)} writes a newer form than ${this.name(unread.reader)} can read, and both are on the way`;
    }
    const stuck = this.lost.isEmpty ? undefined : way.find((cloudlet) => this.#waitsAt(cloudlet, wanted.id));
    if (stuck !== undefined) {
      return `what was said of it waits at ${this.name(stuck)} for a record that was lost with a disk, and that nobody else has`;
    }
    const broken = core === null ? undefined : way.find((cloudlet) => !core.has(cloudlet));
    return broken === undefined ? null : `${this.name(broken)} is on the way and is not among those that are healed`;
  }

  // Everybody who is on the way under some plan: whoever was may still have something of it.
  #ways(issuer: CloudletId, target: CloudletId): readonly CloudletId[] {
    const ways = this.topology.plans.map((plan) => {
      const above = [target, ...plan.ancestors(target)];
      return above.slice(0, above.indexOf(issuer) + 1);
    });
    return [...new Set([issuer, ...ways.flat()])];
  }

  /**
   * Does anybody above write what this cloudlet cannot read? An operation that it has read stands there on, also when a word that it
   * cannot read has taken its place.
   */
  missesWords(cloudlet: CloudletId): boolean {
    const above = this.topology.plans.flatMap((plan) => plan.ancestors(cloudlet));
    return above.some((writer) => this.#forms.unreadAmong([writer, cloudlet])?.reader === cloudlet);
  }

  // Does a record about it wait there? When all has healed it waits for what nobody has.
  #waitsAt(cloudlet: CloudletId, id: OperationId): boolean {
    const waiting = this.#cores.get(cloudlet)?.pending() ?? [];
    return waiting.some(({ record }) => this.#keys.read(record.key)?.operation === id);
  }

  // Who has lost it, where it stands nowhere any more; null where it was not lost, or where its issuer is to give it up, having heard that.
  #loserOf(wanted: Wanted): CloudletId | null {
    const { id, issuer, request } = wanted;
    const loser = this.lost.loserOf(id);
    if (loser === null || this.queues.isAnywhere(id)) return null;
    const isHeard = this.topology.plans.length === 1 && issuer !== request.target && !this.isOneWay(wanted);
    return isHeard && this.lost.isAskedAbout(id) && !this.lost.isLostAt(id, issuer) ? null : loser;
  }

  // The same of what it waits for: what it comes after, and what its issuer had asked for before, of the same object.
  #loserBefore({ issuer, number, request }: Wanted): CloudletId | null {
    if (this.lost.isEmpty) return null;
    for (const other of this.#wanted.values()) {
      if (other.number >= number) break;
      const { target, object } = other.request;
      const isBeside = other.issuer === issuer && target === request.target && object === request.object;
      const loser = isBeside || request.after?.includes(other.id) === true ? this.#loserOf(other) : null;
      if (loser !== null) return loser;
    }
    return null;
  }

  /** Has every accepted operation ended that has to? */
  get isSettled(): boolean {
    for (const wanted of this.#wanted.values()) {
      if (wanted.acceptedAt !== null && wanted.end === null && this.excuse(wanted) === null) return false;
    }
    return true;
  }

  /** The name of a cloudlet, for people. */
  name(cloudlet: CloudletId): string {
    return this.topology.cloudlets[cloudlet]?.name ?? `cloudlet ${cloudlet}`;
  }

  #enter(
    id: OperationId,
    { at, cloudlet, request, isBelow }: Asking,
    text: string,
    beside: readonly OperationId[],
  ): Wanted {
    const wanted: Wanted = {
      id,
      number: this.#wanted.size,
      askedAt: at,
      issuer: cloudlet,
      request,
      isBelow,
      unaware: this.#hidden.at(cloudlet),
      beside,
      weight: weightOf(text),
      acceptedAt: null,
      deed: null,
      end: null,
      endedAt: null,
      apartUnder: null,
      isDecided: false,
      isGivenUp: false,
      isTakenBack: false,
    };
    this.#wanted.set(id, wanted);
    return wanted;
  }
}
