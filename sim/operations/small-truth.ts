// What really happens to operations in a small world of control layers: who accepted what, what planes were told, and what was
// told to issuers. Judged from outside, without a look at what the control layer writes down.

import type { CloudletId } from "../../model/ids.ts";
import type { OperationRequest } from "../../model/control/authority.ts";
import type { End } from "../../model/control/ends.ts";
import { endText } from "../../model/control/ends.ts";
import type { OperationId } from "../../model/control/operation.ts";
import type { Confirmed } from "./small-stores.ts";
import type { Topology } from "../../model/topology/topology.ts";

/** One operation that was asked for. */
export interface Asked {
  readonly issuer: CloudletId;
  readonly request: OperationRequest;
  readonly at: number;
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
  /** Who never comes back; null: nobody. */
  gone: CloudletId | null = null;
  readonly #topology: Topology;
  // By what was ended that its target has not answered: the confirmations of the target that its issuer knew.
  readonly #closedBy = new Map<OperationId, readonly string[]>();

  constructor(topology: Topology) {
    this.#topology = topology;
  }

  /** Somebody was told that his operation is accepted. */
  accept(id: OperationId, asked: Asked): void {
    const { issuer, request } = asked;
    if (this.accepted.has(id)) this.violations.push(`${id} was accepted twice`);
    if (issuer !== request.target && !this.#topology.descendants(issuer).includes(request.target)) {
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
    const names = [...heard.standing, ...heard.takenBack];
    if (this.#closedBy.get(id)?.some((name) => names.includes(name)) === true) {
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
    const { request } = asked;
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
    if (end.kind === "failed" && end.why === "executed" && deed?.state !== "failed") {
      this.violations.push(`${id} ended as failed, and had not`);
    }
    const isUntouched = end.kind === "expired" || end.kind === "revoked" || end.kind === "superseded";
    if (isUntouched && deed !== undefined) this.violations.push(`${id} ended as ${end.kind}, and had begun`);
    if (end.why === "closed") {
      const isConfirmed = known.standing.length + known.takenBack.length > 0;
      if (!isConfirmed) this.violations.push(`${id} was closed, and nobody had confirmed anything of its target`);
      this.#closedBy.set(id, known.standing);
    }
    if (end.why !== "after") return;
    const cause = end.cause === null ? undefined : this.accepted.get(end.cause);
    if (cause === undefined) this.violations.push(`${id} ended for want of ${end.cause ?? "nothing"}`);
  }

  /**
   * Everything has healed, and time has passed: every operation that was accepted has its end. But for those that wait for somebody
   * who never comes back, and were not given up. What its target has said that it begins is given up by its issuer alone.
   */
  finish(): void {
    for (const [id, { issuer, request }] of this.accepted) {
      const isGone = request.target === this.gone && issuer !== this.gone;
      const isGivenUp = this.revoked.has(id) || (request.expiry !== undefined && !this.intended.has(id));
      const isOpen = isGone && !isGivenUp;
      if (!this.ends.has(id) && !isOpen) this.violations.push(`${id} was accepted and has no end`);
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
