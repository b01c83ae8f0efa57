// A small random world around the real core: no simulator, no time worth the name, only a bag of messages and a die that
// decides what happens next. Truth is brute force: full pasts as bit masks, and every claim checked at every apply.

import { assert } from "../model/assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../model/ids.ts";
import { pick, type Rng } from "../model/random.ts";
import { isWriteOp } from "../model/replication/draft.ts";
import type { ClientOp, ClientResult, Effect, Input, LocalTime, ReplicaEvent } from "../model/replication/io.ts";
import { dotName, sameDot, type CausalRecord, type Dot } from "../model/replication/record.ts";
import type { Topology } from "../model/topology/topology.ts";
import { CollectionTruth } from "./collection-truth.ts";
import { LimitTruth } from "./limit-truth.ts";
import { insertsNamed, replacesEach, resolverOf, takenBy } from "./merges.ts";
import { isOpened, PlanTruth } from "./plan-truth.ts";
import { dotsIn, dotsOf } from "./small-disk.ts";
import { neighboursTo, newCore, newHost, stuckIn, takeAny, takeDue, type Host } from "./small-host.ts";
import { SmallPasts } from "./small-pasts.ts";
import { countEvent, noCounts, type SmallWorldOptions, type SmallWorldResult } from "./small-world-options.ts";
import { Travellers } from "./small-world-travel.ts";
import { type Flying, refusalsIn, WireTruth } from "./wire-truth.ts";
import {
  drawOp,
  faultOfVersions,
  faultsOfStamp,
  judgeRead,
  liveVersions,
  type ReadOp,
  type Told,
} from "./small-truth.ts";
import { RecordNumbers } from "./record-numbers.ts";
import { unaskedAmong } from "./unasked.ts";

/** Runs one world to its end and says what was wrong with it. */
export function runSmallWorld(options: SmallWorldOptions): SmallWorldResult {
  return new SmallWorld(options).run();
}

class SmallWorld {
  readonly #options: SmallWorldOptions;
  readonly #topology: Topology;
  readonly #rng: Rng;
  readonly #wire: WireTruth;
  readonly #hosts: Host[] = [];
  readonly #told: Told[] = [];
  readonly #numbers = new RecordNumbers();
  readonly #pasts: SmallPasts;
  readonly #open = new Map<SessionId, { readonly op: ClientOp; readonly past: bigint }>();
  readonly #closed = new Set<string>();
  #bag: Flying[] = [];
  #now = 1_000_000;
  #serial = 0;
  readonly #counts = noCounts();
  #lostDisk = false;
  readonly #hasPlans: boolean;
  readonly #travellers: Travellers;
  readonly #violations: string[] = [];
  readonly #collection: CollectionTruth;
  readonly #limits = new LimitTruth(this.#told);

  constructor(options: SmallWorldOptions) {
    this.#options = options;
    this.#topology = options.topology;
    this.#pasts = new SmallPasts(options.causality ?? "session");
    this.#hasPlans = options.topology.plans.length > 1;
    this.#rng = options.rng;
    this.#wire = new WireTruth(options.topology.cloudlets, options.wire);
    for (const { id } of this.#topology.cloudlets) {
      const skew = this.#rng.intInclusive(2 * options.skewMax) - options.skewMax;
      const plans = new PlanTruth(id, this.#told, options.topology);
      this.#hosts.push(newHost(newCore(id, options.topology, this.#wire, options), skew, plans));
    }
    this.#collection = new CollectionTruth(this.#topology, this.#told, this.#hosts, options.moves === true);
    this.#travellers = new Travellers({
      rng: this.#rng,
      topology: this.#topology,
      hosts: this.#hosts,
      pasts: this.#pasts.bySession,
      told: this.#told,
      violations: this.#violations,
      ask: (id, session, op) => {
        this.#step(id, { kind: "request", session, id: (this.#serial += 1) as OpId, op });
      },
      newSession: () => (this.#serial += 1) as SessionId,
    });
    for (const { id } of this.#topology.cloudlets) this.#boot(id);
  }

  run(): SmallWorldResult {
    for (let left = this.#options.operations; left > 0;) {
      if (this.#chaos()) left -= 1;
    }
    this.#settle();
    const { violations, ...deletes } = this.#collection.end();
    return {
      ...deletes,
      violations: [...this.#violations, ...violations, ...this.#limits.end(this.#hosts)],
      ...this.#limits.counts,
      ...stuckIn(this.#hosts, this.#told, this.#lostDisk ? this.#numbers : null),
      ...this.#wire.counts(),
      ...this.#counts,
      followed: this.#pasts.followed,
      dependenciesMax: Math.max(0, ...this.#told.map(({ record }) => record.deps.length + record.prev.length)),
      behind: this.#counts.behind + this.#travellers.behindCount,
      ...this.#travellers.counts(),
    };
  }

  // One random thing happens. True when it was a client's request.
  #chaos(): boolean {
    const { rng, crashes, cuts } = this.#options;
    this.#now += rng.intInclusive(20_000);
    if (this.#hasPlans && rng.chance(80_000))
      this.#adopt(pick(rng, this.#topology.cloudlets).id, pick(rng, this.#topology.plans));
    const die = rng.intInclusive(99);
    const cloudlet = pick(rng, this.#topology.cloudlets).id;
    if (this.#options.moves === true && rng.chance(120_000)) this.#travellers.stir(cloudlet, this.#open);
    if (this.#options.detaches === true && rng.chance(15_000))
      this.#collection.detach(rng, (at, input) => void this.#step(at, input));
    if (die < 20) return this.#ask(cloudlet);
    if (die < 60) this.#deliverSome();
    // What collects deletes waits for timers: they are to fire while clients still write.
    else if (die < (this.#options.collects === true ? 80 : 90)) this.#sync(cloudlet);
    else if (die < 94) this.#fireOne(cloudlet);
    else if (die < 98 && cuts) this.#toggle(cloudlet);
    else if (die >= 98 && crashes) this.#crash(cloudlet);
    return false;
  }

  // Everything heals; everything is delivered until nothing moves any more, timers included.
  #settle(): void {
    const last = pick(this.#rng, this.#topology.plans);
    for (const { id } of this.#topology.cloudlets) this.#adopt(id, last);
    for (const name of [...this.#closed]) {
      const [from, to] = name.split(">").map(Number) as [CloudletId, CloudletId];
      this.#setWay(from, to, true);
    }
    for (let quiet = 0; quiet < 40;) {
      let moved = this.#bag.length > 0;
      while (this.#bag.length > 0) this.#arrive(this.#bag.shift() as Flying);
      for (const { id } of this.#topology.cloudlets) {
        moved ||= (this.#hosts[id] as Host).disk.unsynced.length > 0;
        this.#sync(id);
      }
      if (moved) quiet = 0;
      else {
        quiet += 1;
        this.#now += 2_000_000;
        for (const { id } of this.#topology.cloudlets) this.#fireDue(id);
        const isIdle = this.#hosts.every(({ timers, disk }) => timers.size === 0 && disk.unsynced.length === 0);
        if (this.#bag.length === 0 && isIdle) break;
      }
    }
    if (this.#hasPlans) for (const { id } of this.#topology.cloudlets) this.#readAll(id);
  }

  // --- hosts ---

  #boot(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    host.core = newCore(id, host.plans.plan, this.#wire, this.#options);
    host.incarnation += 1;
    host.timers = new Map();
    host.plans.started(this.#numbers.mask(host.disk.dots()));
    const from = host.disk.restart();
    // What a checkpoint covers is not told again.
    const { applied = [], versions = [] } = from?.checkpoint?.cut ?? {};
    host.applied = this.#numbers.mask(dotsOf(applied));
    this.#collection.started(id, host.applied & ~this.#numbers.maskOf(versions));
    this.#pasts.restarted(id);
    this.#serial += 2;
    host.sessions = [(this.#serial - 1) as SessionId, this.#serial as SessionId];
    this.#step(id, { kind: "started", incarnation: host.incarnation as Incarnation, from });
    this.#openWays(id);
  }

  #openWays(id: CloudletId): void {
    for (const { peer } of this.#plan(id).neighbours(id))
      if (this.#isOpen(id, peer)) this.#step(id, { kind: "linkUp", peer });
  }

  #plan(id: CloudletId): Topology {
    return (this.#hosts[id] as Host).plans.plan;
  }

  // --- plans ---

  #adopt(id: CloudletId, plan: Topology): void {
    const host = this.#hosts[id] as Host;
    if (plan === host.plans.plan) return;
    this.#counts.adoptions += 1;
    host.plans.adopt(plan, host.applied);
    this.#step(id, { kind: "administer", command: { kind: "adoptPlan", plan: plan.plan } });
    this.#openWays(id);
  }

  #checkOpened(id: CloudletId): void {
    const { plans, applied } = this.#hosts[id] as Host;
    const names = plans.gapNames(applied);
    if (names !== "") this.#violations.push(`opening: ${this.#name(id)} opened before ${names} had come`);
  }

  #checkBehind(id: CloudletId, op: ReadOp, behind: readonly Dot[] | undefined): void {
    const { plans, applied } = this.#hosts[id] as Host;
    const fault = plans.faultOfMark(op.kind === "scan" ? op.prefix : op.key, op.kind === "scan", behind, applied);
    if (fault !== null) this.#violations.push(`opening: ${this.#name(id)} ${fault}`);
    if (behind !== undefined) this.#counts.behind += 1;
  }

  #readAll(id: CloudletId): void {
    const session = (this.#serial += 1) as SessionId;
    for (const { prefix } of this.#topology.scopes) {
      this.#step(id, { kind: "request", session, id: (this.#serial += 1) as OpId, op: { kind: "scan", prefix } });
    }
  }

  #crash(id: CloudletId): void {
    // Half of the crashes leave messages of the former life on their way.
    if (this.#rng.chance(500_000)) this.#bag = this.#bag.filter(({ from, to }) => from !== id && to !== id);
    const host = this.#hosts[id] as Host;
    for (const session of host.sessions) this.#open.delete(session);
    this.#travellers.crashed(host.sessions);
    this.#wire.mayUpgrade(id, this.#rng);
    if (this.#options.diskLoss === true && this.#rng.chance(500_000)) {
      const lost = host.disk.fail(this.#rng);
      if (lost === "part") this.#counts.restored += 1;
      if (lost !== "nothing") this.#collection.lost(id);
      this.#lostDisk = true;
      // What it lost, nobody there can follow to what came before it.
      host.forgets = true;
    }
    for (const peer of neighboursTo(this.#hosts, id)) this.#step(peer, { kind: "linkDown", peer: id });
    this.#boot(id);
    for (const peer of neighboursTo(this.#hosts, id)) {
      if (this.#isOpen(peer, id)) this.#step(peer, { kind: "linkUp", peer: id });
    }
  }

  #sync(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    if (host.disk.unsynced.length === 0) return;
    this.#step(id, { kind: "stored", upTo: host.disk.sync() });
    // Where there are several plans, disks are never given snapshots.
    if (this.#hasPlans || this.#options.checkpoints !== true || !this.#rng.chance(200_000)) return;
    host.disk.keep(host.core);
    host.forgets = true;
  }

  #fireOne(id: CloudletId): void {
    const { timer, at } = takeAny(this.#hosts[id] as Host, this.#rng) ?? { timer: -1, at: 0 };
    this.#now = Math.max(this.#now, at);
    if (timer >= 0) this.#step(id, { kind: "fired", timer });
  }

  #fireDue(id: CloudletId): void {
    for (const timer of takeDue(this.#hosts[id] as Host, this.#now)) this.#step(id, { kind: "fired", timer });
  }

  // --- ways ---

  #isOpen(from: CloudletId, to: CloudletId): boolean {
    return !this.#closed.has(`${from}>${to}`);
  }

  #toggle(from: CloudletId): void {
    const neighbours = this.#plan(from).neighbours(from);
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
    // A way between cloudlets that are no neighbours under the plan of its near end is told to nobody.
    const isTold = this.#plan(from).routeBetween(from, to) !== null;
    if (isTold) this.#step(from, { kind: open ? "linkUp" : "linkDown", peer: to });
  }

  #deliverSome(): void {
    for (let left = this.#rng.intInclusive(3); left > 0 && this.#bag.length > 0; left -= 1) {
      const at = this.#rng.intInclusive(this.#bag.length - 1);
      const flying = this.#bag[at] as Flying;
      if (this.#options.isSlow?.(flying.from, flying.to) === true && !this.#rng.chance(50_000)) continue;
      const stays = this.#rng.chance(this.#options.duplication);
      if (!stays) this.#bag.splice(at, 1);
      if (stays || !this.#rng.chance(this.#options.loss)) this.#arrive(flying);
    }
  }

  #arrive({ from, to, message }: Flying): void {
    this.#step(to, this.#wire.input(from, message));
  }

  // --- clients ---

  #ask(id: CloudletId): boolean {
    const { sessions } = this.#hosts[id] as Host;
    const scopes = this.#topology.scopes.filter((scope) => this.#plan(id).streamOf(scope.id, id) !== null);
    if (sessions.length === 0 || scopes.length === 0) return true;
    const session = pick(this.#rng, sessions);
    if (this.#open.has(session) || this.#travellers.isArriving(session)) return false;
    const op = drawOp(this.#rng, pick(this.#rng, scopes), (this.#serial += 1), this.#options);
    this.#step(id, { kind: "request", session, id: this.#serial as OpId, op });
    return true;
  }

  // --- truth ---

  #step(id: CloudletId, input: Input): void {
    const host = this.#hosts[id] as Host;
    const time: LocalTime = { monotonic: this.#now, wall: this.#now + 1_000_000_000 + host.skew };
    const past = input.kind === "request" ? this.#pasts.begins(id, input.session, input.op) : 0n;
    if (input.kind === "request" && isWriteOp(input.op)) this.#open.set(input.session, { op: input.op, past });
    if (input.kind === "receive") host.plans.arrived(this.#numbers.mask(dotsIn(input.message)));
    const effects = host.core.step(input, time).slice();
    if (input.kind === "request" && isWriteOp(input.op)) {
      const isAll = replacesEach(input.op, resolverOf(this.#topology, input.op.key));
      const stored = effects.find((effect) => effect.kind === "store");
      if (stored?.kind === "store") this.#tell(id, past, stored.entries[0] as CausalRecord, isAll);
    }
    this.#collection.announce(id, effects);
    for (const effect of effects) this.#carryOut(id, host, effect, input);
    if (this.#options.moves === true) this.#travellers.stepped(id);
  }

  // A new record: its true past, from what its session saw and from what it replaced.
  #tell(id: CloudletId, sessionPast: bigint, record: CausalRecord, replacesEach: boolean): void {
    let [past, replaced] = [sessionPast, 0n];
    const { applied, forgets, plans } = this.#hosts[id] as Host;
    const live = this.#live(id, record.key);
    // Where only deletes stand, every write is a creation after them.
    const isFree = live.length > 0 && live.every((at) => this.#wire.isDelete(id, (this.#told[at] as Told).record));
    const all = replacesEach || isFree;
    if (this.#hasPlans && !all) {
      const named = record.prev.map((dot) => this.#numbers.of(dot) as number);
      const faults = plans.faultsOfPrev(record, named, { past, applied, live, forgets });
      this.#violations.push(...faults.map((fault) => `conflicts: ${fault}`));
      ({ past, replaced } = plans.past(past, named));
      this.#note(record, past, replaced);
      return;
    }
    for (const index of all ? live : [...this.#told.keys()]) {
      const bit = 1n << BigInt(index);
      const told = this.#told[index] as Told;
      // Where all are returned, a write replaces what its session has in its past and its cloudlet has received, and holds.
      if (!all && ((sessionPast & this.#collection.held(id) & bit) === 0n || told.record.key !== record.key)) continue;
      past |= bit | told.past;
      // Who forgets may not see that a version is in the past: then it stays.
      if (!all && forgets && !record.prev.some((dot) => sameDot(dot, told.record.dot))) {
        if (((replaced >> BigInt(index)) & 1n) === 0n) this.#counts.forgotten += 1;
        continue;
      }
      replaced |= this.#hasPlans ? bit : bit | told.replaced;
    }
    const others = this.#hasPlans ? insertsNamed(resolverOf(this.#topology, record.key), record, this.#told, past) : 0n;
    this.#note(record, past, replaced | others | this.#travellers.replacedUnnamed(id, record, past));
  }

  #note(record: CausalRecord, past: bigint, replaced: bigint): void {
    this.#violations.push(...faultsOfStamp(this.#told, record, past));
    this.#numbers.add(record);
    const { applied } = this.#hosts[record.dot.origin] as Host;
    const taken = takenBy(resolverOf(this.#topology, record.key), record, this.#told, applied);
    this.#collection.wrote(record.dot.origin);
    this.#limits.wrote(this.#now);
    this.#told.push({ record, past, replaced, taken });
  }

  #live(id: CloudletId, key: string): number[] {
    return this.#collection.remaining(id, liveVersions(this.#told, this.#hosts[id] as Host, key));
  }

  #carryOut(id: CloudletId, host: Host, effect: Effect, input: Input): void {
    switch (effect.kind) {
      case "send":
        if (this.#plan(id).routeBetween(id, effect.to) === null) {
          const to = this.#name(effect.to);
          this.#violations.push(`direction: ${this.#name(id)} speaks to ${to}, which is no neighbour`);
        }
        if (this.#isOpen(id, effect.to)) {
          const message = this.#wire.mail(id, effect.message, effect.version);
          this.#bag.push({ from: id, to: effect.to, message });
        }
        break;
      case "store":
        host.disk.unsynced.push(...effect.entries);
        this.#numbers.storing(effect.entries);
        for (const one of unaskedAmong(effect.entries, id, this.#numbers, this.#told, this.#hasPlans)) {
          this.#violations.push(...this.#limits.ended(id, one.record, this.#live(id, one.record.key), this.#now));
          this.#note(one.record, one.past, one.replaced);
        }
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
        this.#violations.push(...refusalsIn(effect.event, this.#name(id)));
        countEvent(this.#counts, effect.event);
        if (effect.event.kind === "applied") for (const record of effect.event.records) this.#applied(id, record);
        if (effect.event.kind === "installed") this.#install(id, effect.event);
        if (effect.event.kind === "collected")
          this.#violations.push(...this.#collection.collect(id, effect.event.records, this.#bag));
        if (effect.event.kind === "installed" || effect.event.kind === "compacted") host.forgets = true;
        if (isOpened(effect.event)) this.#checkOpened(id);
        break;
    }
  }

  // Everything becomes visible at once: what is replaced within is never seen, and still has come. Numbers respect the past.
  #install(id: CloudletId, { covered, versions }: Extract<ReplicaEvent, { kind: "installed" }>): void {
    const dots = dotsOf(covered);
    const indexes = this.#numbers.list(dots);
    for (const index of indexes) this.#see(id, index);
    this.#collection.installed(id, this.#numbers.mask(dots) & ~this.#numbers.maskOf(versions));
    const keys = new Set(indexes.map((index) => (this.#told[index] as Told).record.key));
    for (const key of keys) this.#checkVersions(id, key);
  }

  #applied(id: CloudletId, record: CausalRecord): void {
    const index = this.#numbers.of(record.dot);
    assert(index !== undefined, "only written records are applied");
    this.#see(id, index);
    this.#violations.push(...this.#wire.flaws(id, this.#name(id), record, (this.#told[index] as Told).record));
    this.#checkVersions(id, record.key);
    if ((this.#hosts[id] as Host).core.pending().length > 0) this.#counts.waited += 1;
  }

  #see(id: CloudletId, index: number): void {
    const host = this.#hosts[id] as Host;
    const { record, past } = this.#told[index] as Told;
    if (((host.applied >> BigInt(index)) & 1n) === 1n) this.#violations.push(`conflicts: ${index} is applied twice`);
    const missing = past & ~host.applied;
    for (const at of host.plans.awaited(missing)) {
      const { dot } = (this.#told[at] as Told).record;
      this.#violations.push(`causal: ${this.#name(id)} applied ${dotName(record.dot)} before ${dotName(dot)}`);
    }
    if (!host.plans.mayApply(index)) {
      this.#violations.push(`direction: ${dotName(record.dot)} was applied at ${this.#name(id)}`);
    }
    host.applied |= 1n << BigInt(index);
    this.#collection.applied(id, index);
  }

  #checkVersions(id: CloudletId, key: string): void {
    const { core, applied } = this.#hosts[id] as Host;
    const live = this.#live(id, key);
    if (live.length > 1) this.#counts.conflicts += 1;
    const fault = faultOfVersions(this.#told, { core, applied, live: this.#collection.staying(live), key });
    if (fault !== null) this.#violations.push(`conflicts: ${this.#name(id)} ${fault}`);
    this.#violations.push(...this.#collection.revived(id, key));
  }

  #replied(id: CloudletId, session: SessionId, result: ClientResult, input: Input): void {
    const past = this.#pasts.of(session);
    if (result.kind === "refused") this.#open.delete(session);
    if (result.kind !== "written" && result.kind !== "read") {
      if (result.kind !== "refused") this.#pasts.over(id, session, past);
      this.#travellers.heard(id, session, result);
      return;
    }
    if (result.kind === "written") {
      this.#open.delete(session);
      if (result.behind === undefined && !(this.#hosts[id] as Host).core.hasApplied(result.dot)) {
        this.#violations.push(`waits: ${dotName(result.dot)} was answered at ${this.#name(id)}, not applied`);
      }
      const index = this.#numbers.of(result.dot) as number;
      this.#pasts.over(id, session, past | (this.#told[index] as Told).past | (1n << BigInt(index)));
      if (this.#options.moves === true) this.#travellers.answered(id, session, result.behind);
      if (!(this.#hosts[id] as Host).disk.holds(result.dot)) {
        this.#violations.push(`durability: ${dotName(result.dot)} was answered before it was stored`);
      }
      return;
    }
    assert(input.kind === "request", "reads are answered in the step of the request");
    const { op } = input;
    assert(op.kind === "get" || op.kind === "scan", "a read is the answer to one");
    if (this.#options.moves !== true) this.#checkBehind(id, op, result.behind);
    const { applied, plans } = this.#hosts[id] as Host;
    const here = { plan: plans.plan, applied, live: (key: string) => this.#live(id, key) };
    const { got, faults } = judgeRead(this.#told, { ...here, op, answers: result.answers });
    let after = past;
    for (const index of got) after |= (this.#told[index] as Told).past | (1n << BigInt(index));
    this.#pasts.over(id, session, after);
    if (this.#options.moves === true) this.#travellers.hasRead(id, session, result.behind);
    for (const fault of faults) this.#violations.push(`${fault}, at ${this.#name(id)}`);
  }

  #name(id: CloudletId): string {
    return this.#topology.cloudlets[id]?.name ?? `cloudlet ${id}`;
  }
}
