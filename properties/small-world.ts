// A small random world around the real core: no simulator, no simulated time worth the name, only a bag of messages and
// a die that decides what happens next. Truth is brute force: the full past of every record as a bit mask, and every claim
// checked against it at every apply. Slow, obviously right, and independent of the simulator's oracles.

import { assert } from "../model/assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../model/ids.ts";
import type { Rng } from "../model/random.ts";
import { pick } from "../model/random.ts";
import type { ClientOp, ClientResult, Effect, Input, LocalTime } from "../model/replication/io.ts";
import type { Message } from "../model/replication/messages.ts";
import { dotName } from "../model/replication/record.ts";
import type { CausalRecord } from "../model/replication/record.ts";
import { createReplica } from "../model/replication/replica.ts";
import type { Replica } from "../model/replication/replica.ts";
import { compareHybrid, compareLamport } from "../model/replication/stamp.ts";
import type { Rules } from "../model/replication/rules.ts";
import type { Topology } from "../model/topology/topology.ts";
import { millis } from "../model/units.ts";
import { cannotReturn, undelivered } from "./liveness.ts";

/** What a world is made of. */
export interface SmallWorldOptions {
  readonly topology: Topology;
  readonly rng: Rng;
  readonly operations: number;
  /** Parts per million of messages that vanish, and that arrive twice. */
  readonly loss: number;
  readonly duplication: number;
  /** True: processes crash and come back with their disks. */
  readonly crashes: boolean;
  /** True: a crash may take the disk along. */
  readonly diskLoss?: boolean;
  /** True: ways between neighbours close and open again. */
  readonly cuts: boolean;
  /** Largest clock offset in microseconds, to either side. */
  readonly skewMax: number;
  /** Ways that carry a message only now and then until everything settles; none when absent. */
  readonly isSlow?: (from: CloudletId, to: CloudletId) => boolean;
  readonly plant?: () => Partial<Rules>;
}

/** What went wrong, as sentences, and how often interesting things happened. */
export interface SmallWorldResult {
  readonly violations: readonly string[];
  readonly stuck: readonly string[];
  readonly conflicts: number;
  readonly waited: number;
  readonly dependenciesMax: number;
}

interface Told {
  readonly record: CausalRecord;
  /** Bit i: record i is in this one's past. */
  readonly past: bigint;
  /** Bit i: record i was replaced by this one, directly or through what it replaced. */
  readonly replaced: bigint;
}

interface Host {
  core: Replica;
  incarnation: number;
  disk: CausalRecord[];
  unsynced: CausalRecord[];
  timers: Map<number, number>;
  applied: bigint;
  sessions: SessionId[];
  readonly skew: number;
}

interface Flying {
  readonly from: CloudletId;
  readonly to: CloudletId;
  readonly message: Message;
}

/** Runs one world to its end and says what was wrong with it. */
export function runSmallWorld(options: SmallWorldOptions): SmallWorldResult {
  return new SmallWorld(options).run();
}

class SmallWorld {
  readonly #options: SmallWorldOptions;
  readonly #topology: Topology;
  readonly #rng: Rng;
  readonly #hosts: Host[] = [];
  readonly #told: Told[] = [];
  readonly #indexOf = new Map<string, number>();
  readonly #pasts = new Map<SessionId, bigint>();
  readonly #open = new Map<SessionId, { readonly op: ClientOp; readonly past: bigint }>();
  readonly #closed = new Set<string>();
  #bag: Flying[] = [];
  #now = 1_000_000;
  #serial = 0;
  #conflicts = 0;
  #waited = 0;
  readonly #violations: string[] = [];

  constructor(options: SmallWorldOptions) {
    this.#options = options;
    this.#topology = options.topology;
    this.#rng = options.rng;
    for (const { id } of this.#topology.cloudlets) {
      const skew = this.#rng.intInclusive(2 * options.skewMax) - options.skewMax;
      const host: Host = {
        core: this.#makeCore(id),
        incarnation: 0,
        disk: [],
        unsynced: [],
        timers: new Map(),
        applied: 0n,
        sessions: [],
        skew,
      };
      this.#hosts.push(host);
    }
    for (const { id } of this.#topology.cloudlets) this.#boot(id);
  }

  run(): SmallWorldResult {
    for (let left = this.#options.operations; left > 0;) {
      if (this.#chaos()) left -= 1;
    }
    this.#settle();
    return {
      violations: this.#violations,
      stuck: undelivered(
        this.#topology,
        this.#told,
        this.#hosts.map(({ applied }) => applied),
      ),
      conflicts: this.#conflicts,
      waited: this.#waited,
      dependenciesMax: Math.max(0, ...this.#told.map(({ record }) => record.deps.length + record.prev.length)),
    };
  }

  // One random thing happens. True when it was a client's request.
  #chaos(): boolean {
    const { rng, crashes, cuts } = this.#options;
    this.#now += rng.intInclusive(20_000);
    const die = rng.intInclusive(99);
    const cloudlet = pick(rng, this.#topology.cloudlets).id;
    if (die < 20) return this.#ask(cloudlet);
    if (die < 60) this.#deliverSome();
    else if (die < 90) this.#sync(cloudlet);
    else if (die < 94) this.#fireOne(cloudlet);
    else if (die < 98 && cuts) this.#toggle(cloudlet);
    else if (die >= 98 && crashes) this.#crash(cloudlet);
    return false;
  }

  // Everything heals; everything is delivered until nothing moves any more, timers included.
  #settle(): void {
    for (const name of [...this.#closed]) {
      const [from, to] = name.split(">").map(Number) as [CloudletId, CloudletId];
      this.#setWay(from, to, true);
    }
    for (let quiet = 0; quiet < 40;) {
      let moved = this.#bag.length > 0;
      while (this.#bag.length > 0) this.#arrive(this.#bag.shift() as Flying);
      for (const { id } of this.#topology.cloudlets) {
        if ((this.#hosts[id] as Host).unsynced.length > 0) moved = true;
        this.#sync(id);
      }
      if (moved) quiet = 0;
      else {
        quiet += 1;
        this.#now += 2_000_000;
        for (const { id } of this.#topology.cloudlets) this.#fireDue(id);
        if (this.#bag.length === 0 && this.#hosts.every((host) => host.timers.size === 0)) break;
      }
    }
  }

  // --- hosts ---

  #makeCore(self: CloudletId): Replica {
    const { topology, plant } = this.#options;
    return createReplica({ topology, self, clockBound: millis(500), ...(plant !== undefined && { plant }) });
  }

  #boot(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    host.core = this.#makeCore(id);
    host.incarnation += 1;
    host.unsynced = [];
    host.timers = new Map();
    host.applied = 0n;
    this.#serial += 2;
    host.sessions = [this.#serial as SessionId, (this.#serial + 1) as SessionId];
    const from = host.disk.length === 0 ? null : { records: host.disk.slice() };
    this.#step(id, { kind: "started", incarnation: host.incarnation as Incarnation, from });
    for (const { peer } of this.#topology.neighbours(id)) {
      if (this.#isOpen(id, peer)) this.#step(id, { kind: "linkUp", peer });
    }
  }

  #crash(id: CloudletId): void {
    // Half of the crashes leave messages of the former life on their way.
    if (this.#rng.chance(500_000)) this.#bag = this.#bag.filter(({ from, to }) => from !== id && to !== id);
    const host = this.#hosts[id] as Host;
    for (const session of host.sessions) this.#open.delete(session);
    if (this.#options.diskLoss === true && this.#rng.chance(500_000)) host.disk = [];
    for (const { peer } of this.#topology.neighbours(id)) this.#step(peer, { kind: "linkDown", peer: id });
    this.#boot(id);
    for (const { peer } of this.#topology.neighbours(id)) {
      if (this.#isOpen(peer, id)) this.#step(peer, { kind: "linkUp", peer: id });
    }
  }

  #sync(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    if (host.unsynced.length === 0) return;
    host.disk.push(...host.unsynced);
    host.unsynced = [];
    this.#step(id, { kind: "stored", upTo: host.disk.length });
  }

  #fireOne(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    const due = [...host.timers.keys()];
    if (due.length === 0) return;
    const timer = pick(this.#rng, due);
    this.#now = Math.max(this.#now, host.timers.get(timer) as number);
    host.timers.delete(timer);
    this.#step(id, { kind: "fired", timer });
  }

  #fireDue(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    for (const [timer, at] of [...host.timers]) {
      if (at > this.#now) continue;
      host.timers.delete(timer);
      this.#step(id, { kind: "fired", timer });
    }
  }

  // --- ways ---

  #isOpen(from: CloudletId, to: CloudletId): boolean {
    return !this.#closed.has(`${from}>${to}`);
  }

  #toggle(from: CloudletId): void {
    const neighbours = this.#topology.neighbours(from);
    if (neighbours.length === 0) return;
    const { peer } = pick(this.#rng, neighbours);
    this.#setWay(from, peer, !this.#isOpen(from, peer));
  }

  #setWay(from: CloudletId, to: CloudletId, open: boolean): void {
    if (open) this.#closed.delete(`${from}>${to}`);
    else {
      this.#closed.add(`${from}>${to}`);
      this.#bag = this.#bag.filter((flying) => flying.from !== from || flying.to !== to);
    }
    this.#step(from, { kind: open ? "linkUp" : "linkDown", peer: to });
  }

  #deliverSome(): void {
    for (let left = this.#rng.intInclusive(3); left > 0 && this.#bag.length > 0; left -= 1) {
      const at = this.#rng.intInclusive(this.#bag.length - 1);
      const flying = this.#bag[at] as Flying;
      if (this.#options.isSlow?.(flying.from, flying.to) === true && !this.#rng.chance(50_000)) continue;
      if (this.#rng.chance(this.#options.duplication)) this.#arrive(flying);
      else {
        this.#bag.splice(at, 1);
        if (!this.#rng.chance(this.#options.loss)) this.#arrive(flying);
      }
    }
  }

  #arrive({ from, to, message }: Flying): void {
    this.#step(to, { kind: "receive", from, message });
  }

  // --- clients ---

  #ask(id: CloudletId): boolean {
    const session = pick(this.#rng, (this.#hosts[id] as Host).sessions);
    if (this.#open.has(session)) return false;
    const scopes = this.#topology.scopes.filter((scope) => this.#topology.streamOf(scope.id, id) !== null);
    if (scopes.length === 0) return true;
    const { prefix } = pick(this.#rng, scopes);
    this.#serial += 1;
    const op = this.#draw(prefix, `${prefix}k${this.#rng.intInclusive(2)}`);
    this.#step(id, { kind: "request", session, id: this.#serial as OpId, op });
    return true;
  }

  #draw(prefix: string, key: string): ClientOp {
    const die = this.#rng.intInclusive(19);
    if (die < 9) return { kind: "get", key };
    if (die === 9) return { kind: "scan", prefix };
    const replaceAll = this.#rng.chance(100_000);
    if (die < 18) return { kind: "put", key, value: `v${this.#serial}`, replaceAll };
    return { kind: "delete", key, replaceAll };
  }

  // --- truth ---

  #step(id: CloudletId, input: Input): void {
    const host = this.#hosts[id] as Host;
    const time: LocalTime = { monotonic: this.#now, wall: this.#now + 1_000_000_000 + host.skew };
    const past = input.kind === "request" ? (this.#pasts.get(input.session) ?? 0n) : 0n;
    if (input.kind === "request" && (input.op.kind === "put" || input.op.kind === "delete"))
      this.#open.set(input.session, { op: input.op, past });
    const effects = host.core.step(input, time).slice();
    if (input.kind === "request" && (input.op.kind === "put" || input.op.kind === "delete")) {
      const stored = effects.find((effect) => effect.kind === "store");
      if (stored?.kind === "store")
        this.#tell(id, past, stored.records[0] as CausalRecord, input.op.replaceAll === true);
    }
    for (const effect of effects) this.#carryOut(id, host, effect, input);
  }

  // A new record: its true past, from what its session saw and from what it replaced.
  #tell(id: CloudletId, sessionPast: bigint, record: CausalRecord, replaceAll: boolean): void {
    const scope = this.#topology.scopes[this.#topology.scopeOf(record.key) ?? -1];
    assert(scope !== undefined, "a record has a scope");
    let past = sessionPast;
    let replaced = 0n;
    const all = replaceAll || scope.resolver !== "return-them-all";
    const { applied } = this.#hosts[id] as Host;
    const candidates = all ? this.#live(id, record.key) : [...this.#told.keys()];
    for (const index of candidates) {
      const bit = 1n << BigInt(index);
      const told = this.#told[index] as Told;
      // Where all are returned, a write replaces every version of the key that its session has in its past and its
      // cloudlet has received, also one that somebody else has replaced there meanwhile.
      if (!all && ((sessionPast & applied & bit) === 0n || told.record.key !== record.key)) continue;
      past |= bit | told.past;
      replaced |= bit | told.replaced;
    }
    this.#checkStamp(record, past);
    this.#indexOf.set(dotName(record.dot), this.#told.length);
    this.#told.push({ record, past, replaced });
  }

  // Both orders of stamps extend happens-before.
  #checkStamp(record: CausalRecord, past: bigint): void {
    for (const [at, { record: before }] of this.#told.entries()) {
      if (((past >> BigInt(at)) & 1n) === 0n) continue;
      if (compareHybrid(before, record) < 0 && compareLamport(before, record) < 0) continue;
      this.#violations.push(`stamps: ${dotName(record.dot)} is not stamped above ${dotName(before.dot)} in its past`);
    }
  }

  // What should be live at a cloudlet: everything applied there that nothing applied there has replaced.
  #live(id: CloudletId, key: string): number[] {
    const { applied } = this.#hosts[id] as Host;
    const here = [...this.#told.keys()].filter(
      (index) => (this.#told[index] as Told).record.key === key && ((applied >> BigInt(index)) & 1n) === 1n,
    );
    const gone = here.reduce((mask, index) => mask | (this.#told[index] as Told).replaced, 0n);
    return here.filter((index) => ((gone >> BigInt(index)) & 1n) === 0n);
  }

  #carryOut(id: CloudletId, host: Host, effect: Effect, input: Input): void {
    switch (effect.kind) {
      case "send":
        if (this.#isOpen(id, effect.to)) this.#bag.push({ from: id, to: effect.to, message: effect.message });
        break;
      case "store":
        host.unsynced.push(...effect.records);
        break;
      case "arm":
        host.timers.set(effect.timer, this.#now + effect.after[0]);
        break;
      case "disarm":
        host.timers.delete(effect.timer);
        break;
      case "reply":
        this.#replied(id, effect.session, effect.result, input);
        break;
      case "notify":
        if (effect.event.kind === "applied") for (const record of effect.event.records) this.#applied(id, record);
        break;
    }
  }

  #applied(id: CloudletId, record: CausalRecord): void {
    const host = this.#hosts[id] as Host;
    const index = this.#indexOf.get(dotName(record.dot));
    assert(index !== undefined, "only written records are applied");
    const { past } = this.#told[index] as Told;
    const missing = past & ~host.applied;
    let excused = 0n;
    for (const [at, told] of this.#told.entries()) {
      // What cannot return is not waited for, nor what is known here only through it.
      if (((missing >> BigInt(at)) & 1n) === 1n && cannotReturn(this.#topology, id, told.record.dot))
        excused |= told.past;
    }
    for (const [at, { record: before }] of this.#told.entries()) {
      if ((((missing & ~excused) >> BigInt(at)) & 1n) === 0n) continue;
      if (!this.#topology.reaches(before.dot.stream, id) || cannotReturn(this.#topology, id, before.dot)) continue;
      this.#violations.push(`causal: ${this.#name(id)} applied ${dotName(record.dot)} before ${dotName(before.dot)}`);
    }
    if (!this.#topology.reaches(record.dot.stream, id)) {
      this.#violations.push(`direction: ${dotName(record.dot)} was applied at ${this.#name(id)}`);
    }
    host.applied |= 1n << BigInt(index);
    this.#checkVersions(id, record.key);
    if (host.core.pending().length > 0) this.#waited += 1;
  }

  #checkVersions(id: CloudletId, key: string): void {
    // A step applies several records before it tells: versions are compared once all of them are noted.
    const versions = (this.#hosts[id] as Host).core.versions(key).filter((record) => this.#isNoted(id, record));
    const held = versions.map((record) => this.#indexOf.get(dotName(record.dot)) as number).sort((a, b) => a - b);
    const live = this.#live(id, key);
    if (live.length > 1) this.#conflicts += 1;
    const extra = held.filter((index) => !live.includes(index));
    const lost = live.filter((index) => !held.includes(index) && !this.#replacedLater(id, index));
    if (extra.length + lost.length > 0) {
      this.#violations.push(`conflicts: ${this.#name(id)} holds [${held.join()}] of ${key}, right is [${live.join()}]`);
    }
  }

  #isNoted(id: CloudletId, record: CausalRecord): boolean {
    const index = this.#indexOf.get(dotName(record.dot)) as number;
    return (((this.#hosts[id] as Host).applied >> BigInt(index)) & 1n) === 1n;
  }

  #replacedLater(id: CloudletId, index: number): boolean {
    const { core } = this.#hosts[id] as Host;
    return this.#told.some(
      ({ record, replaced }, at) =>
        ((replaced >> BigInt(index)) & 1n) === 1n && at !== index && core.hasApplied(record.dot),
    );
  }

  #replied(id: CloudletId, session: SessionId, result: ClientResult, input: Input): void {
    const past = this.#pasts.get(session) ?? 0n;
    if (result.kind === "refused") {
      this.#open.delete(session);
      return;
    }
    if (result.kind === "written") {
      this.#open.delete(session);
      const index = this.#indexOf.get(dotName(result.dot)) as number;
      this.#pasts.set(session, past | (this.#told[index] as Told).past | (1n << BigInt(index)));
      if (!(this.#hosts[id] as Host).disk.some((record) => dotName(record.dot) === dotName(result.dot))) {
        this.#violations.push(`durability: ${dotName(result.dot)} was answered before it was stored`);
      }
      return;
    }
    assert(input.kind === "request", "reads are answered in the step of the request");
    const { op } = input;
    const { applied } = this.#hosts[id] as Host;
    const written = this.#told.flatMap(({ record: { key } }, at) =>
      ((applied >> BigInt(at)) & 1n) === 1n ? [key] : [],
    );
    const keys =
      op.kind === "scan" ? [...new Set(written)].filter((key) => key.startsWith(op.prefix)).sort() : [op.key];
    const right = keys.map((key) => this.#resolve(key, this.#live(id, key)).join());
    const got = result.answers.map(({ versions, tombstones }) =>
      [...versions, ...tombstones].map(({ dot }) => this.#indexOf.get(dotName(dot)) as number).sort((a, b) => a - b),
    );
    let after = past;
    for (const index of got.flat()) after |= (this.#told[index] as Told).past | (1n << BigInt(index));
    this.#pasts.set(session, after);
    if (got.join(" | ") === right.join(" | ")) return;
    const asked = op.kind === "scan" ? op.prefix : op.key;
    this.#violations.push(
      `read: ${this.#name(id)} answered [${got.join(" | ")}] for ${asked}, right is [${right.join(" | ")}]`,
    );
  }

  #resolve(key: string, live: readonly number[]): number[] {
    const resolver = this.#topology.scopes[this.#topology.scopeOf(key) ?? -1]?.resolver;
    if (resolver === "return-them-all" || live.length < 2) return live.slice().sort((a, b) => a - b);
    const compare = resolver === "lww-lamport" ? compareLamport : compareHybrid;
    const record = (index: number): CausalRecord => (this.#told[index] as Told).record;
    return [live.reduce((winner, index) => (compare(record(index), record(winner)) > 0 ? index : winner))];
  }

  #name(id: CloudletId): string {
    return this.#topology.cloudlets[id]?.name ?? `cloudlet ${id}`;
  }
}
