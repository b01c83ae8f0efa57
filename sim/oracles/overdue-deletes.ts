// Deletes that could go without members that were detached, and do not go: a part of what convergence.ts judges. For a run to be
// able to say so, nothing else may be in their way. So this looks once, when the load is over, and only at deletes of which the
// following has been true for a while: long enough for several rounds of summaries, and a minute.
//
// 1. Some members of the stream are away, by notices that all others have applied, and none of them has said that it is back.
// 2. All others have applied the delete and can read it (nobody calls ready what is sealed to him), it stands alone there, and nothing
//    of its key was applied since.
// 3. Their processes run, the ways between them are open, no message between them was dropped, and they wait for nothing but
//    what is held back.
//
// Leaves out deletes that have gone somewhere and not elsewhere (lingering.ts).

import type { CloudletId } from "../../model/ids.ts";
import { isCollecting } from "../../model/replication/collecting-streams.ts";
import { sameDot, type CausalRecord } from "../../model/replication/record.ts";
import type { Scope, Stream } from "../../model/topology/topology.ts";
import type { Truth } from "./truth.ts";
import { recordText } from "./words.ts";

/** Timers run for up to this many times what the scope says, several times over until everybody has heard of a delete. */
const ROUNDS = 12;
const MINUTE = 60_000_000;

/** Watches deletes that everybody who counts has. */
export class OverdueDeletes {
  /** Is there nothing to watch? */
  readonly isIdle: boolean;
  readonly #truth: Truth;
  readonly #deletes: number[] = [];
  readonly #touchedAt = new Map<number, number>();
  // Ways that are open, as `from to`; and when something between two cloudlets was last disturbed.
  readonly #open = new Set<string>();
  readonly #disturbedAt = new Map<number, number>();

  constructor(truth: Truth) {
    this.#truth = truth;
    this.isIdle = truth.absences.isIdle;
  }

  /** A record was written. */
  written(record: number): void {
    if (this.isIdle || this.#truth.records[record]?.kind !== "delete") return;
    if (isCollecting(this.#truth.topology, this.#truth.records[record].dot.stream)) this.#deletes.push(record);
  }

  /** A record was applied somewhere. */
  applied(at: number, record: number): void {
    if (!this.isIdle) this.#touchedAt.set(this.#truth.keyOf.data[record] as number, at);
  }

  /** A way opened or closed. */
  linkChanged(at: number, from: CloudletId, to: CloudletId, isUp: boolean): void {
    if (this.isIdle) return;
    if (isUp) this.#open.add(`${from} ${to}`);
    else this.#open.delete(`${from} ${to}`);
    this.disturbed(at, from, to);
  }

  /** Something went wrong between these two, or at one of them. */
  disturbed(at: number, from: CloudletId, to: CloudletId): void {
    if (!this.isIdle) this.#disturbedAt.set(this.#pair(from, to), at);
  }

  /** Those that should have gone by now, in words. */
  list(at: number): readonly string[] {
    const truth = this.#truth;
    if (this.isIdle || !truth.absences.isAnybodyAway()) return [];
    return this.#deletes
      .filter((record) => this.#isOverdue(at, record))
      .map((record) => `${recordText(truth, record)} stands at all who count, who all know that, and nobody drops it`);
  }

  #isOverdue(at: number, record: number): boolean {
    const truth = this.#truth;
    const { topology, absences } = truth;
    const { key, dot } = truth.records[record] as CausalRecord;
    const { origins, scope } = topology.streams[dot.stream] as Stream;
    const counting = origins.filter((member) => !absences.isAway(member, dot.stream));
    if (counting.length === origins.length || counting.length === 0) return false;
    if (origins.some((member) => absences.isBack(member, dot.stream))) return false;
    const since = at - ROUNDS * ((topology.scopes[scope] as Scope).collect ?? 0) - MINUTE;
    if ((this.#touchedAt.get(truth.keyOf.data[record] as number) ?? 0) > since) return false;
    if (
      !absences.areKnown(
        dot.stream,
        since,
        counting.map((member) => truth.cores[member] ?? null),
      )
    )
      return false;
    for (const member of counting) {
      const core = truth.cores[member] ?? null;
      if (core === null || this.#wasDisturbed(member, counting, since)) return false;
      const [version, another] = core.versions(key);
      if (version === undefined || another !== undefined || !sameDot(version.dot, dot)) return false;
      if (version.kind === "sealed") return false;
      if (core.pending().some(({ awaits }) => awaits === undefined)) return false;
    }
    return true;
  }

  #wasDisturbed(member: CloudletId, counting: readonly CloudletId[], since: number): boolean {
    if ((this.#disturbedAt.get(this.#pair(member, member)) ?? 0) > since) return true;
    return this.#truth.topology.neighbours(member).some(({ peer }) => {
      if (!counting.includes(peer)) return false;
      const isOpen = this.#open.has(`${member} ${peer}`) && this.#open.has(`${peer} ${member}`);
      return !isOpen || (this.#disturbedAt.get(this.#pair(member, peer)) ?? 0) > since;
    });
  }

  #pair(one: number, other: number): number {
    const { length } = this.#truth.topology.cloudlets;
    return Math.min(one, other) * length + Math.max(one, other);
  }
}
