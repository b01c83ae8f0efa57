// What is right about deletes that go for good, by brute force: when one may go, and what must be left in the end. A part of a
// small world's judgement; bit i stands for record i.

import { assert } from "../model/assert.ts";
import type { CloudletId } from "../model/ids.ts";
import { deciderOf, isCollecting } from "../model/replication/collecting-streams.ts";
import { pick, type Rng } from "../model/random.ts";
import type { Effect, Input } from "../model/replication/io.ts";
import { dotName, sameDot } from "../model/replication/record.ts";
import type { CausalRecord, Dot } from "../model/replication/record.ts";
import type { Replica } from "../model/replication/replica.ts";
import { decode } from "../model/replication/wire.ts";
import type { Scope, Topology } from "../model/topology/topology.ts";
import type { SmallDisk } from "../model/testing/small-disk.ts";
import { dotsIn, dotsOf } from "./small-disk.ts";
import { liveVersions, type Told } from "./small-truth.ts";
import type { SmallWorldResult } from "./small-world-options.ts";
import type { Flying } from "./wire-truth.ts";

/** A cloudlet of a small world. */
interface Cloudlet {
  readonly core: Replica;
  readonly disk: Pick<SmallDisk, "holds" | "unsynced">;
  readonly applied: bigint;
  readonly forgets: boolean;
}

/** What one small world's deletes come to. */
export class CollectionTruth {
  // Times that a cloudlet dropped a delete.
  #count = 0;
  readonly #topology: Topology;
  readonly #told: readonly Told[];
  readonly #cloudlets: readonly Cloudlet[];
  readonly #hasTravellers: boolean;
  // By cloudlet: what it has applied over all lives, what this life has dropped, and how many records there were when it lost
  // its disk last.
  readonly #everApplied: bigint[];
  readonly #collected: bigint[];
  readonly #forgot: number[];
  // By record: what its writer's cloudlet had applied, in this or an earlier life.
  readonly #known: bigint[] = [];
  #detachments = 0;
  #returns = 0;
  // Who was ever detached.
  readonly #detached = new Set<CloudletId>();
  // What some cloudlet has dropped.
  #gone = 0n;
  // What the step that is being told drops.
  #going = 0n;
  readonly #notices: Dot[] = [];

  constructor(topology: Topology, told: readonly Told[], cloudlets: readonly Cloudlet[], hasTravellers: boolean) {
    this.#hasTravellers = hasTravellers;
    this.#topology = topology;
    this.#told = told;
    this.#cloudlets = cloudlets;
    this.#everApplied = topology.cloudlets.map(() => 0n);
    this.#collected = topology.cloudlets.map(() => 0n);
    this.#forgot = topology.cloudlets.map(() => 0);
  }

  /**
   * A process started.
   *
   * @param unheld what the checkpoint covers and does not hold
   */
  started(id: CloudletId, unheld: bigint): void {
    this.#collected[id] = 0n;
    this.installed(id, unheld);
  }

  /** Something that was on its disk is no longer. */
  lost(id: CloudletId): void {
    this.#forgot[id] = this.#told.length;
  }

  /** These came in a cut that does not hold them: those that have gone somewhere are gone here, too. */
  installed(id: CloudletId, unheld: bigint): void {
    this.#collected[id] = (this.#collected[id] as bigint) | (unheld & this.#gone);
  }

  /** Who decides about a stream is to detach one of its members, where anything is collected. */
  detach(rng: Rng, tell: (at: CloudletId, input: Input) => void): void {
    const streams = this.#topology.streams.filter(({ id }) => isCollecting(this.#topology, id));
    if (streams.length === 0) return;
    const { id, origins } = pick(rng, streams);
    const member = pick(rng, origins);
    const at = deciderOf(this.#topology, id);
    if (member !== at) this.#detached.add(member);
    tell(at, { kind: "administer", command: { kind: "detach", member } });
  }

  /** The next record was written here. */
  wrote(id: CloudletId): void {
    this.#known.push(this.#everApplied[id] as bigint);
  }

  /** This record was applied here. */
  applied(id: CloudletId, index: number): void {
    this.#everApplied[id] = (this.#everApplied[id] as bigint) | (1n << BigInt(index));
  }

  /** A step is about to be told. */
  announce(id: CloudletId, effects: readonly Effect[]): void {
    this.#going = 0n;
    for (const effect of effects) {
      for (const entry of effect.kind === "store" ? effect.entries : []) {
        if (entry.kind === "cut" || entry.dot.origin !== id) continue;
        if (entry.kind === "notice") this.#notices.push(entry.dot);
        if (entry.notice?.kind === "detach") this.#detachments += 1;
        if (entry.notice?.kind === "return") this.#returns += 1;
      }
    }
    for (const effect of effects) {
      if (effect.kind !== "notify" || effect.event.kind !== "collected") continue;
      for (const record of effect.event.records) this.#going |= 1n << BigInt(this.#indexOf(record));
    }
  }

  /** What is applied here, without what was dropped: a write that follows that has nothing to name. */
  held(id: CloudletId): bigint {
    return (this.#cloudlets[id] as Cloudlet).applied & ~(this.#collected[id] as bigint);
  }

  /** Of these versions those that were not dropped here. */
  remaining(id: CloudletId, live: readonly number[]): number[] {
    return live.filter((index) => (((this.#collected[id] as bigint) >> BigInt(index)) & 1n) === 0n);
  }

  /** Of these versions those that the step does not drop that is being told. */
  staying(live: readonly number[]): number[] {
    return live.filter((index) => ((this.#going >> BigInt(index)) & 1n) === 0n);
  }

  /** Deletes were dropped here; what is wrong with that, as sentences. */
  collect(id: CloudletId, records: readonly CausalRecord[], bag: readonly Flying[]): string[] {
    const flying = bag.flatMap(({ message }) => {
      const read = message instanceof Uint8Array ? decode(message) : { kind: "message" as const, message };
      return read.kind === "message" ? dotsIn(read.message) : [];
    });
    return records.flatMap((record) => this.#drop(id, record, flying));
  }

  /**
   * A delete was dropped. Everybody must have applied it, and nobody may have written a version without knowing of it that
   * could still turn up or is a value that stands beside it.
   *
   * @param flying names of records on their way
   */
  #drop(id: CloudletId, record: CausalRecord, flying: readonly Dot[]): string[] {
    const index = this.#indexOf(record);
    const { past } = this.#told[index] as Told;
    const bit = 1n << BigInt(index);
    const cloudlet = this.#cloudlets[id] as Cloudlet;
    const { applied } = cloudlet;
    const live = this.remaining(id, liveVersions(this.#told, cloudlet, record.key));
    // Something in a cut has replaced it.
    if (!live.includes(index)) return [];
    this.#count += 1;
    this.#gone |= bit;
    this.#collected[id] = (this.#collected[id] as bigint) | bit;
    const sentences: string[] = [];
    const what = `collection: ${this.#name(id)} dropped ${dotName(record.dot)}`;
    if ((this.#told[index] as Told).record.kind !== "delete") sentences.push(`${what}, which is no delete`);
    for (const member of this.#topology.receivers(record.dot.stream)) {
      if (((this.#everApplied[member] as bigint) & bit) !== 0n || this.#detached.has(member)) continue;
      sentences.push(`${what}, which ${this.#name(member)} has not applied`);
    }
    for (const [at, { record: other }] of this.#told.entries()) {
      if (other.key !== record.key || at === index || !this.#topology.reaches(other.dot.stream, id)) continue;
      if (((past >> BigInt(at)) & 1n) === 1n || ((this.#known[at] as bigint) & bit) !== 0n) continue;
      // What who was detached has written meets the delete that it missed, which is another one by then: see `revived`.
      if (this.#detached.has(other.dot.origin)) continue;
      // Whoever lost his disk cannot speak for what he had written; what others have of it counts as if he came back.
      if (at < (this.#forgot[other.dot.origin] as number)) continue;
      const isHere = ((applied >> BigInt(at)) & 1n) === 1n;
      if (isHere ? other.kind === "delete" || !live.includes(at) : !this.#exists(other, flying)) continue;
      sentences.push(`${what} over ${dotName(other.dot)}, whose writer did not know of it`);
    }
    return sentences;
  }

  /**
   * In the end those that applied the same records of a stream hold the same versions (`violations`), and no delete stands
   * alone that everybody could know everybody has (`left`).
   */
  end(): Pick<SmallWorldResult, "violations" | "left" | "collections" | "detached" | "returned" | "leftStanding"> {
    const violations: string[] = [];
    const left: string[] = [];
    let leftStanding = 0;
    for (const { id, scope, origins } of this.#topology.streams) {
      if (!isCollecting(this.#topology, id)) continue;
      const { prefix } = this.#topology.scopes[scope] as Scope;
      const ofStream = this.#told.reduce(
        (mask, { record }, at) => (record.dot.stream === id ? mask | (1n << BigInt(at)) : mask),
        0n,
      );
      const states = origins.map((member) => {
        const { core, applied } = this.#cloudlets[member] as Cloudlet;
        const keys = core.keys().filter((key) => key.startsWith(prefix));
        for (const [version, another] of keys.map((key) => core.versions(key))) {
          if (version?.kind !== "delete" || another !== undefined) continue;
          left.push(`${this.#name(member)} keeps ${dotName(version.dot)}`);
        }
        const texts = keys.map((key) => [key, ...core.versions(key).map(({ dot }) => dotName(dot))].join(" "));
        const names = keys.flatMap((key) => core.versions(key).map(({ dot }) => dotName(dot)));
        return { member, applied: `${applied & ofStream} ${this.#heard(core, id)}`, text: texts.join(", "), names };
      });
      violations.push(...origins.flatMap((member) => this.#revivedAt(member)));
      for (const one of states) {
        const other = states.find((first) => first.applied === one.applied);
        if (other === undefined || other.text === one.text) continue;
        if (this.#isLeftStanding(one, other) || this.#isLeftStanding(other, one)) {
          leftStanding += 1;
          continue;
        }
        const both = `${this.#name(other.member)} and ${this.#name(one.member)}`;
        violations.push(`diverged: ${both} end with [${other.text}] and [${one.text}]`);
      }
    }
    const counts = { collections: this.#count, detached: this.#detachments, returned: this.#returns, leftStanding };
    return { violations, left, ...counts };
  }

  /**
   * Does a value stand alone here though somebody has deleted a value that it replaced, neither knowing of the other? Who was detached
   * may see that of its own, until it has returned.
   */
  revived(id: CloudletId, key: string): string[] {
    return this.#detached.size === 0 || this.#detached.has(id) ? [] : this.#revived(id, key);
  }

  // As is declared: who has lost what lies between a version and a write of a session that had moved leaves that version standing.
  #isLeftStanding(
    one: { readonly member: CloudletId; readonly names: readonly string[] },
    other: { readonly names: readonly string[] },
  ): boolean {
    const { forgets } = this.#cloudlets[one.member] as Cloudlet;
    return this.#hasTravellers && forgets && other.names.every((name) => one.names.includes(name));
  }

  // The notices of a stream that count as applied. With a disk some may be lost to all, and what follows from them to some.
  #heard(core: Replica, stream: Dot["stream"]): string {
    if (this.#forgot.every((count) => count === 0)) return "";
    const heard = this.#notices.filter((dot) => dot.stream === stream && core.hasApplied(dot));
    return heard.map(dotName).join(" ");
  }

  #revivedAt(id: CloudletId): string[] {
    if (this.#detached.size === 0) return [];
    return (this.#cloudlets[id] as Cloudlet).core.keys().flatMap((key) => this.#revived(id, key));
  }

  #revived(id: CloudletId, key: string): string[] {
    const { core } = this.#cloudlets[id] as Cloudlet;
    const [version, another] = core.versions(key);
    if (version?.kind !== "put" || another !== undefined || !this.#detached.has(version.dot.origin)) return [];
    const at = this.#indexOf(version);
    const { past } = this.#told[at] as Told;
    // What has replaced it is on its way: older versions of what somebody wrote while away come one by one.
    if (this.#told.some((other) => ((other.replaced >> BigInt(at)) & 1n) === 1n)) return [];
    const base = this.#baseOf(version);
    const missed = this.#told.find(({ record, past: before, replaced: gone }, index) => {
      const bit = 1n << BigInt(index);
      if (record.kind !== "delete" || record.key !== key || !core.hasApplied(record.dot)) return false;
      const isBeside = (past & bit) === 0n && ((before >> BigInt(at)) & 1n) === 0n;
      if (!isBeside || ((this.#known[at] as bigint) & bit) !== 0n || (gone & base) === 0n) return false;
      return !this.#isBeyondRecall(version, gone);
    });
    if (missed === undefined) return [];
    return [
      `revived: ${this.#name(id)} has ${dotName(version.dot)} and no trace of ${dotName(missed.record.dot)} of ${key}`,
    ];
  }

  // The values in whose place this one stands: what was written in place of a delete begins anew.
  #baseOf(version: CausalRecord): bigint {
    let base = 0n;
    const visited = new Set([version]);
    for (const { prev } of visited) {
      for (const dot of prev) {
        const index = this.#told.findIndex(({ record }) => sameDot(record.dot, dot));
        const { record } = this.#told[index] as Told;
        if (record.kind === "delete") continue;
        base |= 1n << BigInt(index);
        visited.add(record);
      }
    }
    return base;
  }

  // As is declared: who has dropped from its log what lies between its write and a value that was deleted cannot tell what became of that,
  // if it has replaced something besides that the delete did not.
  #isBeyondRecall(version: CausalRecord, gone: bigint): boolean {
    const isGone = (dot: Dot): boolean =>
      this.#told.some(({ record }, at) => ((gone >> BigInt(at)) & 1n) === 1n && sameDot(record.dot, dot));
    if (!(this.#cloudlets[version.dot.origin] as Cloudlet).forgets || version.prev.some(isGone)) return false;
    const { replaced } = this.#told[this.#indexOf(version)] as Told;
    return this.#told.some(({ record }, at) => {
      const isOther = ((replaced >> BigInt(at)) & 1n) === 1n && record.dot.origin !== version.dot.origin;
      return isOther && ((gone >> BigInt(at)) & 1n) === 0n;
    });
  }

  // Does anybody still have it, or is it on its way? What was not synced when its writer crashed is gone.
  #exists({ dot }: CausalRecord, flying: readonly Dot[]): boolean {
    const isIt = (other: Dot): boolean => sameDot(other, dot);
    const isUnsynced = ({ unsynced }: Pick<SmallDisk, "unsynced">): boolean =>
      unsynced.some((entry) => (entry.kind === "cut" ? dotsOf(entry.applied).some(isIt) : isIt(entry.dot)));
    return flying.some(isIt) || this.#cloudlets.some(({ disk }) => disk.holds(dot) || isUnsynced(disk));
  }

  #indexOf({ dot }: CausalRecord): number {
    const index = this.#told.findIndex(({ record }) => sameDot(record.dot, dot));
    assert(index >= 0, "only written records are dropped");
    return index;
  }

  #name(id: CloudletId): string {
    return this.#topology.cloudlets[id]?.name ?? `cloudlet ${id}`;
  }
}
