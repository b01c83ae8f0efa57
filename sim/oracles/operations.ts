// What became of operations, judged by what issuers were really told and planes were really told. The control layer is asked
// nothing: whatever it keeps in its records is its own account of this.
//
//   1. An operation is accepted only at a cloudlet that stands above its target, or is it; from somebody who may ask for its
//      kind; under a name of its own.
//   2. A plane is told of an operation at most once, at its target alone, if somebody asked for it, and if the plane is there
//      and works. Where there is none, the upper's is told, over a way that is open.
//   3. Its issuer is told one end. `done` is told only of what was carried out; expired, revoked and superseded only of what
//      no plane was ever told of. The same end may be told again after a restart.
//   4. When the run is over every accepted operation has ended, or stands open for a reason that is stated: somebody on its
//      way is not among those that are healed.
//
// Leaves out caps, and the order of operations on one object (operations/small-truth.ts judges these in small worlds).

import { assert } from "../../model/assert.ts";
import type { Mark } from "../../model/control/aliveness.ts";
import type { OperationRequest } from "../../model/control/authority.ts";
import { catalogueOf, operationKinds, type PlaneName } from "../../model/control/catalogue.ts";
import { confirmationKinds } from "../../model/control/confirmations.ts";
import type { End } from "../../model/control/ends.ts";
import type { IssueResult } from "../../model/control/io.ts";
import { issuerOf, type Operation, type OperationId } from "../../model/control/operation.ts";
import type { PlaneState } from "../../model/control/planes.ts";
import type { CloudletId, OpId } from "../../model/ids.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import type { OperationCount, OperationsReport } from "../run/report.ts";
import { Judge } from "./oracle.ts";
import { atTime, counted } from "./words.ts";

const kinds = catalogueOf(operationKinds);

/** The plane of a cloudlet as it really is, and whether its process was last told that the way to its upper is open. */
export interface PlaneAtHand {
  readonly state: PlaneState;
  readonly isUpperOpen: boolean;
}

interface Accepted {
  readonly at: Instant;
  readonly issuer: CloudletId;
  readonly request: OperationRequest;
}

type Counts = { -readonly [Name in keyof Omit<OperationCount, "kind" | "open">]: OperationCount[Name] };

/** Hears of all operations of a run, and judges them. */
export class OperationsJudge {
  readonly #topology: Topology;
  /** Who is healed in the end; null: everybody. */
  readonly #core: ReadonlySet<CloudletId> | null;
  readonly #judge = new Judge();
  readonly #asked = new Map<OpId, Accepted>();
  // Who asked what of whom, whether or not he was answered: a crash may take the answer.
  readonly #wanted = new Set<string>();
  readonly #accepted = new Map<OperationId, Accepted>();
  readonly #told = new Map<OperationId, "told" | "carried out">();
  readonly #ends = new Map<OperationId, End>();
  /** By cloudlet: who marks it as somebody confirmed that it is gone. */
  readonly #closers = new Map<CloudletId, Set<CloudletId>>();
  readonly #counts = new Map<string, Counts>();

  constructor(topology: Topology, core: ReadonlySet<CloudletId> | null) {
    this.#topology = topology;
    this.#core = core;
  }

  /** Somebody asks. */
  asked(at: Instant, issuer: CloudletId, id: OpId, request: OperationRequest): void {
    this.#asked.set(id, { at, issuer, request });
    this.#wanted.add(wish(issuer, request.target, request.kind, request.object));
  }

  /** He is answered. */
  answered(id: OpId, result: IssueResult): void {
    const asked = this.#asked.get(id);
    assert(asked !== undefined, "an answer to what nobody asked");
    this.#asked.delete(id);
    const { issuer, request } = asked;
    if (result.kind === "refused") {
      this.#of(request.kind).refused += 1;
      return;
    }
    const { operation } = result;
    this.#judge.checks += 1;
    if (this.#accepted.has(operation)) this.#judge.violate(() => `${operation} was accepted twice`);
    if (!this.#isBelow(request.target, issuer)) {
      const where = `${this.#name(issuer)} for ${this.#name(request.target)}, which is not below`;
      this.#judge.violate(() => `${operation} was accepted at ${where}`);
    }
    if (kinds.get(request.kind)?.issuers.includes(request.actor) !== true) {
      this.#judge.violate(() => `${operation} was accepted: a ${request.actor}'s ${request.kind}`);
    }
    this.#accepted.set(operation, asked);
    this.#of(request.kind).accepted += 1;
  }

  /** A plane is told of an operation, by the process of that cloudlet. */
  begun(
    at: Instant,
    cloudlet: CloudletId,
    { id, target, kind, object }: Operation,
    plane: PlaneName,
    by: "own" | "upper",
    { state, isUpperOpen }: PlaneAtHand,
  ): void {
    this.#judge.checks += 1;
    const where = `the ${plane} plane of ${this.#name(cloudlet)} was told of ${id} (${kind} ${object}) ${atTime(at)}`;
    if (this.#told.has(id)) this.#judge.violate(() => `${where}, and had been told of it before`);
    else this.#told.set(id, "told");
    if (target !== cloudlet) this.#judge.violate(() => `${where}, which is for ${this.#name(target)}`);
    const issuer = issuerOf(id);
    if (!this.#isBelow(cloudlet, issuer)) {
      this.#judge.violate(() => `${where}, which is not below ${this.#name(issuer)}, where it was issued`);
    }
    if (!this.#wanted.has(wish(issuer, target, kind, object)))
      this.#judge.violate(() => `${where}; nobody asked for it`);
    if (by === "own" && state !== "healthy") {
      this.#judge.violate(() => `${where}, to be carried out by that plane, which is ${state}`);
    }
    if (by === "upper" && state !== "none") {
      this.#judge.violate(() => `${where}, to be carried out by its upper's, and is ${state}`);
    }
    if (by === "upper" && !isUpperOpen) {
      this.#judge.violate(() => `${where}, to be carried out by its upper's, which was out of reach`);
    }
  }

  /** A plane is through with it. */
  carriedOut(id: OperationId): void {
    this.#told.set(id, "carried out");
  }

  /** An issuer is told an end. */
  ended(at: Instant, cloudlet: CloudletId, id: OperationId, end: End): void {
    this.#judge.checks += 1;
    const what = `${this.#name(cloudlet)} was told ${atTime(at)} that ${id} had ended as ${end.kind} (${end.why})`;
    const former = this.#ends.get(id);
    if (issuerOf(id) !== cloudlet) this.#judge.violate(() => `${what}, and had not issued it`);
    if (former !== undefined && (former.kind !== end.kind || former.why !== end.why)) {
      this.#judge.violate(() => `${what}; before that it had been told ${former.kind} (${former.why})`);
    }
    const deed = this.#told.get(id);
    if (end.kind === "done" && deed !== "carried out") this.#judge.violate(() => `${what}; it was not carried out`);
    const isUntouched = end.kind === "expired" || end.kind === "revoked" || end.kind === "superseded";
    if (isUntouched && deed !== undefined) this.#judge.violate(() => `${what}; a plane had been told of it`);
    if (former !== undefined) return;
    this.#ends.set(id, end);
    const accepted = this.#accepted.get(id);
    if (accepted === undefined) return;
    if (end.kind === "done") this.#of(accepted.request.kind).done += 1;
    else this.#of(accepted.request.kind).endedOtherwise += 1;
  }

  /** A process marks a cloudlet below it; one that starts has marked nobody. Who is confirmed as gone may keep operations open. */
  marked(cloudlet: CloudletId, about: CloudletId, mark: Mark): void {
    const closers = this.#closers.get(about) ?? new Set();
    this.#closers.set(about, closers);
    if (confirmationKinds.some((kind) => kind === mark)) closers.add(cloudlet);
    else closers.delete(cloudlet);
  }

  /** The same, of one that starts. */
  started(cloudlet: CloudletId): void {
    for (const closers of this.#closers.values()) closers.delete(cloudlet);
  }

  /** Has every accepted operation ended that can end? */
  get isSettled(): boolean {
    if (this.#accepted.size === this.#ends.size) return true;
    for (const [id, accepted] of this.#accepted) {
      if (!this.#ends.has(id) && this.#excuse(accepted) === null) return false;
    }
    return true;
  }

  /** What it has come to: once the run is over. */
  report(): OperationsReport {
    const open: string[] = [];
    const openOf = new Map<string, number>();
    const excused = new Map<string, number>();
    for (const [id, accepted] of this.#accepted) {
      if (this.#ends.has(id)) continue;
      const { at, issuer, request } = accepted;
      openOf.set(request.kind, (openOf.get(request.kind) ?? 0) + 1);
      const excuse = this.#excuse(accepted);
      if (excuse !== null) {
        excused.set(excuse, (excused.get(excuse) ?? 0) + 1);
        continue;
      }
      const what = `${id}, ${request.kind} ${request.object} for ${this.#name(request.target)}`;
      open.push(`${what}, was accepted at ${this.#name(issuer)} ${atTime(at)} and has no end`);
    }
    return {
      verdict: this.#judge.verdict(),
      kinds: [...this.#counts]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([kind, counts]) => ({ kind, ...counts, open: openOf.get(kind) ?? 0 })),
      open,
      exempt: [...excused].map(([why, count]) => `${counted(count, "operation")} stayed open: ${why}`),
    };
  }

  // Why it need not end; null where it must.
  #excuse({ issuer, request: { target } }: Accepted): string | null {
    const core = this.#core;
    if ((this.#closers.get(target)?.size ?? 0) > 0) {
      return `${this.#name(target)} is confirmed as failed, disconnected or fenced, and nobody has taken that back`;
    }
    if (core === null) return null;
    const way = [target, ...this.#topology.ancestors(target)];
    const broken = way.slice(0, way.indexOf(issuer) + 1).find((cloudlet) => !core.has(cloudlet));
    return broken === undefined ? null : `${this.#name(broken)} is on the way and is not among those that are healed`;
  }

  #isBelow(target: CloudletId, issuer: CloudletId): boolean {
    return target === issuer || this.#topology.mayTarget(issuer, target).kind === "allowed";
  }

  #of(kind: string): Counts {
    let counts = this.#counts.get(kind);
    if (counts === undefined) {
      counts = { accepted: 0, refused: 0, done: 0, endedOtherwise: 0 };
      this.#counts.set(kind, counts);
    }
    return counts;
  }

  #name(cloudlet: CloudletId): string {
    return this.#topology.cloudlets[cloudlet]?.name ?? `cloudlet ${cloudlet}`;
  }
}

function wish(issuer: CloudletId, target: CloudletId, kind: string, object: string): string {
  return `${issuer} ${target} ${kind} ${object}`;
}
