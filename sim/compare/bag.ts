// A bag of messages around real cores: no simulated time worth the name, one queue per way, and a die that says what
// happens next: a write, a delivery, a sync, a timer, a change of plan. What a record depends on, and who misses it, is brute force: its whole
// past as the bits of one number. Simpler than the simulator on purpose: truth is judged by who holds a scope, whether or not
// anything could bring it there.
//
// A write reads everything that its cloudlet has, so that it depends on all of it: the hardest case for a protocol.

import { assert } from "../../model/assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import { pick, shuffled, type Rng } from "../../model/random.ts";
import { adjacenciesOf } from "../../model/replication/adoption.ts";
import type { ClientOp, Effect, Input, ReplicationCore } from "../../model/replication/io.ts";
import type { Message } from "../../model/replication/messages.ts";
import { dotName, type CausalRecord } from "../../model/replication/record.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Closing } from "./situations.ts";

/** What a bag is made of. */
export interface BagOptions {
  readonly topology: Topology;
  readonly createCore: (self: CloudletId) => ReplicationCore;
  readonly rng: Rng;
  readonly operations: number;
  readonly closings: readonly Closing[];
  /** Once so many operations are written, everybody goes over to plan 1, each at a moment of its own; null: never. */
  readonly adoptAt: number | null;
  /** Parts per million of messages that are lost. */
  readonly loss: number;
  /** Prefixes of the keys that a cloudlet writes. */
  readonly writes: (cloudlet: CloudletId) => readonly string[];
  /** Does a cloudlet hold this scope, and want what is written into it? */
  readonly holds: (cloudlet: CloudletId, scope: number) => boolean;
}

/** What went wrong. */
export interface BagResult {
  /** Records delivered before something of their past that the cloudlet wants. */
  readonly violations: number;
  /** Records that somebody who wants them never got. */
  readonly lost: number;
  /** The first of either, in words; null when there was none. */
  readonly evidence: string | null;
}

interface Host {
  readonly core: ReplicationCore;
  readonly timers: Map<number, number>;
  disk: number;
  unsynced: number;
  applied: bigint;
  past: bigint;
  isAsking: boolean;
}

interface Way {
  readonly from: CloudletId;
  readonly to: CloudletId;
  isOpen: boolean;
  queue: Message[];
}

const KEY_COUNT = 3;
/** Microseconds between two things that happen, at most. */
const PAUSE_MAX = 5_000;
const PATIENCE = 2_000_000;
/** Times that everything may be still before a run that waits for timers is given up. */
const STILL_MAX = 40;

/** Runs a bag until nothing moves any more. */
export function runBag(options: BagOptions): BagResult {
  return new Bag(options).run();
}

class Bag {
  readonly #options: BagOptions;
  readonly #topology: Topology;
  readonly #rng: Rng;
  readonly #hosts: readonly Host[];
  readonly #ways: readonly Way[];
  // By number: each record's past, with its own bit; and its name.
  readonly #numbers = new Map<string, number>();
  readonly #pasts: bigint[] = [];
  readonly #names: string[] = [];
  // By cloudlet: the records that it wants.
  readonly #wanted: bigint[];
  // Who has not heard of the other plan yet, in the order of hearing; null before it is decided.
  #unaware: CloudletId[] | null = null;
  #now = 1_000_000;
  #operation = 0;
  #violations = 0;
  #evidence: string | null = null;

  constructor(options: BagOptions) {
    this.#options = options;
    this.#topology = options.topology;
    this.#rng = options.rng;
    const { cloudlets } = options.topology;
    this.#wanted = cloudlets.map(() => 0n);
    this.#hosts = cloudlets.map(({ id }) => ({
      core: options.createCore(id),
      timers: new Map(),
      disk: 0,
      unsynced: 0,
      applied: 0n,
      past: 0n,
      isAsking: false,
    }));
    this.#ways = cloudlets.flatMap(({ id }) =>
      adjacenciesOf(this.#topology, id).map(({ peer }) => ({ from: id, to: peer, isOpen: false, queue: [] })),
    );
    for (const { id } of cloudlets) this.#step(id, { kind: "started", incarnation: 1 as Incarnation, from: null });
    this.#setWays();
  }

  run(): BagResult {
    while (this.#pasts.length < this.#options.operations) this.#happen();
    while (this.#unaware !== null && this.#unaware.length > 0) this.#adopt();
    this.#setWays();
    this.#settle();
    let lost = 0n;
    for (const [cloudlet, { applied }] of this.#hosts.entries()) {
      const missing = (this.#wanted[cloudlet] as bigint) & ~applied;
      if (missing !== 0n) this.#evidence ??= `${this.#cloudlet(cloudlet)} never got ${this.#first(missing)}`;
      lost |= missing;
    }
    return { violations: this.#violations, lost: bitCount(lost), evidence: this.#evidence };
  }

  #happen(): void {
    this.#now += 1 + this.#rng.intInclusive(PAUSE_MAX - 1);
    const die = this.#rng.intInclusive(99);
    const { id } = pick(this.#rng, this.#topology.cloudlets);
    if (die < 2) this.#adopt();
    else if (die < 14) this.#write(id);
    else if (die < 65) this.#deliverOne();
    else if (die < 95) this.#sync(id);
    else this.#fireDue(id);
  }

  #settle(): void {
    for (let still = 0; still < STILL_MAX;) {
      let isMoving = false;
      for (const way of this.#ways) {
        while (way.queue.length > 0) {
          isMoving = true;
          this.#arrive(way);
        }
      }
      for (const { id } of this.#topology.cloudlets) {
        if ((this.#hosts[id] as Host).unsynced > 0) isMoving = true;
        this.#sync(id);
      }
      if (isMoving) still = 0;
      else {
        if (this.#hosts.every(({ timers }) => timers.size === 0)) return;
        still += 1;
        this.#now += PATIENCE;
        for (const { id } of this.#topology.cloudlets) this.#fireDue(id);
      }
    }
  }

  // --- ways ---

  #deliverOne(): void {
    const loaded = this.#ways.filter(({ queue }) => queue.length > 0);
    if (loaded.length > 0) this.#arrive(pick(this.#rng, loaded));
  }

  #arrive(way: Way): void {
    const message = way.queue.shift() as Message;
    if (!this.#rng.chance(this.#options.loss)) this.#step(way.to, { kind: "receive", from: way.from, message });
  }

  // Opens and closes what is to be open and closed at this many operations.
  #setWays(): void {
    const written = this.#pasts.length;
    for (const way of this.#ways) {
      const ends = [this.#cloudlet(way.from), this.#cloudlet(way.to)];
      const isClosed = this.#options.closings.some(
        (closing) =>
          closing.ends.every((end) => ends.includes(end)) && written >= closing.from && written < closing.until,
      );
      if (way.isOpen === !isClosed) continue;
      way.isOpen = !isClosed;
      way.queue = [];
      this.#step(way.from, { kind: way.isOpen ? "linkUp" : "linkDown", peer: way.to });
    }
  }

  // The next cloudlet hears of the other plan. Its open ways to those who are neighbours from now on are told anew.
  #adopt(): void {
    const { adoptAt } = this.#options;
    if (adoptAt === null || this.#pasts.length < adoptAt) return;
    this.#unaware ??= shuffled(
      this.#rng,
      this.#topology.cloudlets.map(({ id }) => id),
    );
    const id = this.#unaware.pop();
    if (id === undefined) return;
    this.#step(id, { kind: "administer", command: { kind: "adoptPlan", plan: 1 } });
    for (const { from, to, isOpen } of this.#ways) {
      if (from === id && isOpen) this.#step(id, { kind: "linkUp", peer: to });
    }
  }

  // --- hosts ---

  #write(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    const prefixes = this.#options.writes(id);
    if (host.isAsking || prefixes.length === 0) return;
    this.#ask(id, { kind: "scan", prefix: "" });
    host.isAsking = true;
    const key = `${pick(this.#rng, prefixes)}k${this.#rng.intInclusive(KEY_COUNT - 1)}`;
    this.#ask(id, { kind: "put", key, value: String(this.#pasts.length) });
    this.#setWays();
  }

  #ask(id: CloudletId, op: ClientOp): void {
    this.#operation += 1;
    this.#step(id, { kind: "request", session: (id + 1) as SessionId, id: this.#operation as OpId, op });
  }

  #sync(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    if (host.unsynced === 0) return;
    host.disk += host.unsynced;
    host.unsynced = 0;
    this.#step(id, { kind: "stored", upTo: host.disk });
  }

  #fireDue(id: CloudletId): void {
    const { timers } = this.#hosts[id] as Host;
    for (const [timer, at] of [...timers]) {
      if (at > this.#now) continue;
      timers.delete(timer);
      this.#step(id, { kind: "fired", timer });
    }
  }

  #step(id: CloudletId, input: Input): void {
    const { core } = this.#hosts[id] as Host;
    const effects = core.step(input, { monotonic: this.#now, wall: 1_000_000_000 + this.#now }).slice();
    for (const effect of effects) this.#carryOut(id, effect, input);
  }

  #carryOut(id: CloudletId, effect: Effect, input: Input): void {
    const host = this.#hosts[id] as Host;
    switch (effect.kind) {
      case "send": {
        const way = this.#ways.find(({ from, to }) => from === id && to === effect.to);
        if (way?.isOpen === true) way.queue.push(effect.message);
        break;
      }
      case "store":
        host.unsynced += effect.entries.length;
        if (input.kind === "request") this.#written(host, effect.entries[0] as CausalRecord);
        break;
      case "reply":
        assert(effect.result.kind !== "refused", "a request is refused that should not be");
        if (effect.result.kind === "written") host.isAsking = false;
        else if (effect.result.kind === "read") {
          for (const { versions, tombstones } of effect.result.answers) {
            for (const { dot } of [...versions, ...tombstones])
              host.past |= this.#pasts[this.#number(dotName(dot))] as bigint;
          }
        }
        break;
      case "arm":
        host.timers.set(effect.timer, this.#now + effect.after[0]);
        break;
      case "disarm":
        host.timers.delete(effect.timer);
        break;
      case "notify":
        if (effect.event.kind === "applied") for (const record of effect.event.records) this.#applied(id, record);
        break;
    }
  }

  // --- truth ---

  #written(host: Host, record: CausalRecord): void {
    const name = dotName(record.dot);
    const number = this.#pasts.length;
    this.#numbers.set(name, number);
    host.past |= 1n << BigInt(number);
    this.#pasts.push(host.past);
    this.#names.push(`${this.#cloudlet(record.dot.origin)}'s write ${record.value} of ${record.key}`);
    const scope = this.#topology.scopeOf(record.key);
    for (const { id } of this.#topology.cloudlets) {
      if (scope !== null && this.#options.holds(id, scope)) {
        this.#wanted[id] = (this.#wanted[id] as bigint) | (1n << BigInt(number));
      }
    }
  }

  #applied(id: CloudletId, record: CausalRecord): void {
    const host = this.#hosts[id] as Host;
    const number = this.#number(dotName(record.dot));
    host.applied |= 1n << BigInt(number);
    const missing = (this.#pasts[number] as bigint) & (this.#wanted[id] as bigint) & ~host.applied;
    if (missing === 0n) return;
    this.#violations += 1;
    this.#evidence ??= `${this.#cloudlet(id)} delivered ${this.#names[number] as string} before ${this.#first(missing)}`;
  }

  #number(name: string): number {
    const number = this.#numbers.get(name);
    assert(number !== undefined, "a record that nobody wrote");
    return number;
  }

  #first(bits: bigint): string {
    return this.#names.find((_, number) => ((bits >> BigInt(number)) & 1n) === 1n) as string;
  }

  #cloudlet(id: number): string {
    return this.#topology.cloudlets[id]?.name ?? "";
  }
}

function bitCount(bits: bigint): number {
  let count = 0;
  for (let left = bits; left > 0n; left &= left - 1n) count += 1;
  return count;
}
