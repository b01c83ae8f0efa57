// What really happens to operations in a small world of control layers: who accepted what, what planes were told, and what was
// told to issuers. Judged from outside, without a look at what the control layer writes down.

import type { CloudletId } from "../../model/ids.ts";
import type { OperationRequest } from "../../model/control/authority.ts";
import type { End } from "../../model/control/ends.ts";
import { endText } from "../../model/control/ends.ts";
import type { OperationId } from "../../model/control/operation.ts";
import type { Confirmed } from "./small-stores.ts";
import { flawOfCause } from "../oracles/blame.ts";
import type { Topology } from "../../model/topology/topology.ts";

/** One operation that was asked for. */
export interface Asked {
  readonly issuer: CloudletId;
  readonly request: OperationRequest;
  readonly at: number;
  /** Was its target below, or there, as of the issuer's plan then? */
  readonly isBelow: boolean;
}

/** One operation at the plane of its target. */
export interface Deed {
  /** How often the plane was told to do it. */
  starts: number;
  state: "running" | "done" | "failed";
}

/** All that was ever asked, told and done. */
export class OperationsTruth {
  readonly violations: string[] = [];
  readonly accepted = new Map<OperationId, Asked>();
  readonly deeds = new Map<OperationId, Deed>();
  readonly ends = new Map<OperationId, End>();
  /** When an operation came to stand at its target, in the target's present life. */
  readonly arrivals = new Map<OperationId, number>();
  /** What targets have said that they will begin. */
  readonly intended = new Set<OperationId>();
  /** What issuers have asked to be taken back. */
  readonly revoked = new Set<OperationId>();
  /** What somebody on the way has given up. */
  readonly givenUp = new Set<OperationId>();
  /** Of which a plane has said that it cannot say what came of it. */
  readonly forgotten = new Set<OperationId>();
  /** Who never comes back; null: nobody. */
  gone: CloudletId | null = null;
  // The plan that a cloudlet goes by.
  readonly #planOf: (id: CloudletId) => Topology;
  // By what was ended that its target has not answered: the confirmations of the target that its issuer knew.
  readonly #closedBy = new Map<OperationId, readonly string[]>();
  // Under which plan its target was not below: the latest one that its issuer knew.
  readonly #closedUnder = new Map<OperationId, number>();

  readonly #requestOf: (id: OperationId) => OperationRequest | null;
  // Are more operations asked for than one queue may hold?
  readonly #mayBeFull: boolean;

  constructor(
    planOf: (id: CloudletId) => Topology,
    requestOf: (id: OperationId) => OperationRequest | null,
    mayBeFull: boolean,
  ) {
    this.#planOf = planOf;
    this.#requestOf = requestOf;
    this.#mayBeFull = mayBeFull;
  }

  /** Somebody was told that his operation is accepted. */
  accept(id: OperationId, asked: Asked): void {
    const { issuer, request, isBelow } = asked;
    if (this.accepted.has(id)) this.violations.push(`${id} was accepted twice`);
    if (!isBelow) {
      this.violations.push(`${id} was accepted at ${issuer} for ${request.target}, which is not below`);
    }
    if (request.actor === "tenant" && request.kind.startsWith("host.")) {
      this.violations.push(`${id} was accepted: a tenant's ${request.kind}`);
    }
    this.accepted.set(id, asked);
  }

  /**
   * A plane is told to do an operation.
   *
   * @param asked what is known of it; its answer may not have come yet
   * @param heard what the target knows to have been confirmed of it
   */
  start(id: OperationId, at: CloudletId, asked: Asked | undefined, now: number, heard: Confirmed): void {
    // What somebody has confirmed who is not above any more does not count.
    const above = this.#planOf(at).ancestors(at);
    const names = [...heard.standing, ...heard.takenBack].filter((name) =>
      above.includes(Number(name.slice(0, name.indexOf("."))) as CloudletId),
    );
    const isKnown = this.#closedBy.get(id)?.some((name) => names.includes(name)) === true;
    if (isKnown || (this.#closedUnder.get(id) ?? Infinity) <= this.#planOf(at).plan) {
      this.violations.push(`${id} began, and had ended since its target was closed, which that knew`);
    }
    const deed = this.deeds.get(id);
    if (deed !== undefined) {
      this.violations.push(`${id} was handed to a plane twice`);
      deed.starts += 1;
      return;
    }
    this.deeds.set(id, { starts: 1, state: "running" });
    if (asked === undefined || asked.request.target !== at) {
      this.violations.push(`${id} was carried out at ${at}, for which nobody asked`);
      return;
    }
    const { request, issuer } = asked;
    if (issuer !== at && !this.#planOf(at).ancestors(at).includes(issuer)) {
      this.violations.push(`${id} was begun for ${issuer}, which is not above ${at} any more`);
    }
    for (const before of request.after ?? []) {
      if (this.deeds.get(before)?.state !== "done") this.violations.push(`${id} began before ${before} was done`);
    }
    const came = this.arrivals.get(id) ?? now;
    if (request.expiry !== undefined && now >= came + request.expiry) {
      this.violations.push(`${id} began when its time was over`);
    }
  }

  /** An issuer is told an end. `known`: what it knows to have been confirmed of the target. */
  end(id: OperationId, at: CloudletId, end: End, asked: Asked | undefined, now: number, known: Confirmed): void {
    if (asked === undefined || asked.issuer !== at) {
      this.violations.push(`the end of ${id} was told at ${at}, where nobody had issued it`);
      return;
    }
    const subject = { kind: asked.request.kind, object: asked.request.object };
    const told = this.ends.get(id);
    const [first, second] = [told, end].map((one) => (one === undefined ? "" : endText("end", subject, one)));
    if (told !== undefined && first !== second) this.violations.push(`${id} ended twice: ${first}, then ${second}`);
    this.ends.set(id, end);
    const deed = this.deeds.get(id);
    if (end.kind === "expired" && end.why === "time" && now < asked.at + (asked.request.expiry ?? Infinity)) {
      this.violations.push(`${id} expired before its time`);
    }
    if (end.kind === "done" && deed?.state !== "done") this.violations.push(`${id} ended as done, and was not`);
    const isAwaited = asked.request.expiry === undefined && !this.givenUp.has(id) && !this.forgotten.has(id);
    if (end.why === "unknown" && isAwaited) {
      this.violations.push(`${id} ended though its plane had not answered, and nobody had given it up`);
    }
    if (end.kind === "failed" && end.why === "executed" && deed?.state !== "failed") {
      this.violations.push(`${id} ended as failed, and had not`);
    }
    const isUntouched = end.kind === "expired" || end.kind === "revoked" || end.kind === "superseded";
    if (isUntouched && deed !== undefined) this.violations.push(`${id} ended as ${end.kind}, and had begun`);
    if (end.why === "closed") {
      const isConfirmed = known.standing.length + known.takenBack.length > 0;
      const { plans, plan } = this.#planOf(at);
      const away = plans.filter((then) => then.plan <= plan && then.relation(at, asked.request.target) !== "lower");
      this.#closedUnder.set(id, away.at(-1)?.plan ?? Infinity);
      if (!isConfirmed && away.length === 0)
        this.violations.push(`${id} was closed, and nobody had confirmed anything of its target`);
      this.#closedBy.set(id, known.standing);
    }
    if (end.why === "cap" && !this.#mayBeFull) {
      this.violations.push(`${id} was given up for want of room, and no queue was ever full`);
    }
    const flaw = flawOfCause(asked.request, [], end, this.#requestOf);
    if (flaw !== null) this.violations.push(`${id} ended as ${end.kind}, ${flaw}`);
  }

  /**
   * Everything has healed, and time has passed: every operation that was accepted has its end. But for those that wait for somebody
   * who never comes back, and were not given up. What its target has said that it begins is given up by its issuer alone.
   */
  finish(): void {
    // Objects of the one who never comes back, of which something of its own waits for word from above.
    const waiting = new Set<string>();
    for (const [id, { issuer, request }] of this.accepted) {
      const isGone = request.target === this.gone && issuer !== this.gone;
      const isGivenUp = this.revoked.has(id) || (request.expiry !== undefined && !this.intended.has(id));
      const isOpen = isGone && !isGivenUp;
      // It was to follow something that waits for word from above: by its own wish, or as what was issued later on the same object.
      // 1. The target is out of reach for good, and asks itself for x after y of its upper, for which it needs word. 2. It asks for z on the
      // same object. 3. z follows x, and x waits.
      const follows =
        waiting.has(request.object) || (request.after ?? []).some((before) => this.deeds.get(before)?.state !== "done");
      if (request.target === this.gone && issuer === this.gone && follows && !this.ends.has(id)) {
        waiting.add(request.object);
        continue;
      }
      if (!this.ends.has(id) && !isOpen) this.violations.push(`${id} was accepted and has no end`);
    }
    for (const [id, { kind, why, cause }] of this.ends) {
      const other = why === "after" && cause !== null ? this.ends.get(cause) : undefined;
      // Whoever was told that it is closed may have been told otherwise by the target itself.
      if (other === undefined || other.why === "closed" || other.kind === kind) continue;
      this.violations.push(`${id} ended as ${kind}, and ${cause} as ${other.kind}, after which it comes`);
    }
    for (const [id, { request }] of this.accepted) {
      const deed = this.deeds.get(id);
      if (deed === undefined) continue;
      for (const before of request.after ?? []) {
        const end = this.ends.get(before);
        // What was closed may have been done, unseen; whoever did it went on from there.
        const isClosed = end?.why === "closed" && this.deeds.get(before)?.state === "done";
        if (end !== undefined && end.kind !== "done" && !isClosed) {
          this.violations.push(`${id} was carried out though ${before} ended as ${end.kind}`);
        }
      }
    }
  }
}
