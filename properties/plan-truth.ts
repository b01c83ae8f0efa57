// What changes of plan do to the truth at one cloudlet of a small world, by brute force over bit masks of records: what it
// may still apply although it no longer leads there, what begins to lead there only after something that follows it was
// applied, and what a write must and may replace then.

import type { ReplicaEvent } from "../model/replication/io.ts";
import type { CloudletId } from "../model/ids.ts";
import { dotName } from "../model/replication/record.ts";
import type { CausalRecord, Dot } from "../model/replication/record.ts";
import type { Stream, Topology } from "../model/topology/topology.ts";
import { cannotReturn } from "./liveness.ts";
import type { Told } from "./small-truth.ts";

/** Does a replica say that everything is open? */
export function isOpened(event: ReplicaEvent): boolean {
  return event.kind === "streamsOpened" || (event.kind === "planAdopted" && event.missing.length === 0);
}

/** Where and after what a record is written. */
export interface WritePlace {
  readonly past: bigint;
  readonly applied: bigint;
  readonly live: readonly number[];
  /** The cloudlet may not see that a version is in the past: then it stays. */
  readonly forgets: boolean;
}

/** The truth about one cloudlet's plan. */
export class PlanTruth {
  /** The plan it was told last. */
  plan: Topology;
  readonly #id: CloudletId;
  readonly #told: readonly Told[];
  // Everything that ever came in, in this life.
  #received = 0n;
  // What had come in under a former plan and was not applied then: it may lie in a stream that no longer leads here.
  #carriedOver = 0n;
  // What was in the past of something applied at the last adoption, and had not come.
  #gap = 0n;

  constructor(id: CloudletId, told: readonly Told[], plan: Topology) {
    this.#id = id;
    this.#told = told;
    this.plan = plan;
  }

  /** A process starts from this disk. It applies nothing before its past, whatever its former life had applied. */
  started(disk: bigint): void {
    this.#received = disk;
    this.#carriedOver = disk;
    this.#gap = 0n;
  }

  /** Records came in. */
  arrived(records: bigint): void {
    this.#received |= records;
  }

  /** Another plan; `applied` is what is applied here now. */
  adopt(plan: Topology, applied: bigint): void {
    let before = 0n;
    for (const [at, { record, past }] of this.#told.entries()) {
      const bit = 1n << BigInt(at);
      if ((applied & bit) > 0n) before |= past;
      else if ((this.#received & bit) > 0n && this.plan.reaches(record.dot.stream, this.#id)) this.#carriedOver |= bit;
    }
    this.#gap = before & ~applied;
    this.plan = plan;
  }

  /** May this record be applied here? */
  mayApply(index: number): boolean {
    const { dot } = (this.#told[index] as Told).record;
    return this.plan.reaches(dot.stream, this.#id) || ((this.#carriedOver >> BigInt(index)) & 1n) === 1n;
  }

  /** Of what a record's past lacks here, that which should have been waited for. */
  awaited(missing: bigint): number[] {
    // What cannot return is not waited for, nor what is known here only through it; nor what leads here only since the last
    // adoption, and is in the past of what was applied before.
    return this.#leadingHere(missing & ~this.#lost(missing) & ~this.#gap);
  }

  /** What has still to come before everything is open. */
  gap(applied: bigint): number[] {
    const missing = this.#gap & ~applied;
    return this.#leadingHere(missing & ~this.#lost(missing));
  }

  /** The same in names; empty when nothing has. */
  gapNames(applied: bigint): string {
    return this.gap(applied)
      .map((at) => dotName((this.#told[at] as Told).record.dot))
      .join(" ");
  }

  /** What is wrong with the mark on an answer about a key, or about all keys that begin with it; null when nothing is. */
  faultOfMark(key: string, isPrefix: boolean, behind: readonly Dot[] | undefined, applied: bigint): string | null {
    const gap = this.gap(applied);
    const touches = gap.some((at) => {
      const { scope } = this.plan.streams[(this.#told[at] as Told).record.dot.stream] as Stream;
      const prefix = this.plan.scopes[scope]?.prefix ?? "";
      return key.startsWith(prefix) || (isPrefix && prefix.startsWith(key));
    });
    if (touches && behind === undefined) return `answered ${key} as if nothing lacked`;
    // Who has lost records of its own may wait for them in vain, and says so.
    const isLoser = this.#lost((1n << BigInt(this.#told.length)) - 1n - applied) > 0n;
    return gap.length === 0 && behind !== undefined && !isLoser ? "said to be behind and lacks nothing" : null;
  }

  /** The past of a write where all versions are returned: what it replaced beyond what it must, it says. */
  past(sessionPast: bigint, named: readonly number[]): { readonly past: bigint; readonly replaced: bigint } {
    const replaced = named.reduce((mask, at) => mask | (1n << BigInt(at)), 0n);
    return { past: named.reduce((mask, at) => mask | (this.#told[at] as Told).past, sessionPast | replaced), replaced };
  }

  /**
   * What is wrong with what a write replaces where all versions are returned. It must replace, of the versions in its
   * session's past, those that stand or are hidden by unread ones only, as far as their streams lead here and everything is
   * open: the way from what was read to them leads here too then. It may replace others of its past.
   */
  faultsOfPrev(
    record: CausalRecord,
    replaced: readonly number[],
    { past, applied, live, forgets }: WritePlace,
  ): string[] {
    const isIn = (mask: bigint, at: number): boolean => ((mask >> BigInt(at)) & 1n) === 1n;
    const dotOf = (at: number): string => dotName((this.#told[at] as Told).record.dot);
    const isOpen = this.gap(applied).length === 0;
    const faults: string[] = [];
    for (const at of replaced) {
      if (isIn(past, at) && this.#told[at]?.record.key === record.key) continue;
      faults.push(`${dotName(record.dot)} replaces ${dotOf(at)}, which its session never saw`);
    }
    const visited = new Set(live);
    for (const at of visited) {
      if (isIn(past, at)) {
        const leadsHere = this.plan.reaches((this.#told[at] as Told).record.dot.stream, this.#id);
        if (leadsHere && isOpen && !forgets && !replaced.includes(at))
          faults.push(`${dotName(record.dot)} leaves ${dotOf(at)} standing`);
        continue;
      }
      const hidden = (this.#told[at] as Told).replaced & applied;
      for (const other of this.#told.keys()) if (isIn(hidden, other)) visited.add(other);
    }
    return faults;
  }

  // Of some missing records, those that cannot come back, and what is known here only through them.
  #lost(missing: bigint): bigint {
    let lost = 0n;
    for (const [at, { record, past }] of this.#told.entries()) {
      const bit = 1n << BigInt(at);
      if ((missing & bit) > 0n && cannotReturn(this.plan, this.#id, record.dot)) lost |= bit | past;
    }
    return lost;
  }

  #leadingHere(records: bigint): number[] {
    return [...this.#told.keys()].filter((at) => {
      if (((records >> BigInt(at)) & 1n) === 0n) return false;
      return this.plan.reaches((this.#told[at] as Told).record.dot.stream, this.#id);
    });
  }
}
