// Small random worlds of cloudlets with control layers: messages in a bag, planes that work and fail, and a die that decides what
// happens next. No simulator takes part. What is right is kept by small-truth.ts.

import { healthyPlanes, type Planes, type PlaneState } from "../../model/control/planes.ts";
import type { OperationRequest } from "../../model/control/authority.ts";
import { catalogueOf, operationKinds } from "../../model/control/catalogue.ts";
import { ControlCore } from "../../model/control/control-core.ts";
import type { ControlEffect, ControlInput } from "../../model/control/io.ts";
import type { OperationId } from "../../model/control/operation.ts";
import { assert } from "../../model/assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import { pick, type Rng } from "../../model/random.ts";
import { createReplica } from "../../model/replication/replica.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { bytes, millis, seconds } from "../../model/units.ts";
import type { Flying, Host } from "./small-host.ts";
import type { OperationsResult, OperationsWorld } from "./small-options.ts";
import { drawTrees, peersOf, plansOf } from "./small-plans.ts";
import { confirmedAt, overfull, standingAt } from "./small-stores.ts";
import { OperationsTruth, type Asked } from "./small-truth.ts";
import { SmallDisk } from "../../model/testing/small-disk.ts";

const kinds = ["vm.create", "vm.update", "vm.delete", "vm.start", "vm.stop", "host.hotfix", "nodes.scaleUp"];
const answersWithin = seconds(5);
const ROUNDS_MAX = 5_000;

/** Runs one world to its end. */
export function runOperationsWorld(options: OperationsWorld): OperationsResult {
  return new SmallOperations(options).run();
}

class SmallOperations {
  readonly #options: OperationsWorld;
  readonly #rng: Rng;
  readonly #topology: Topology;
  readonly #hosts: Host[];
  readonly #truth: OperationsTruth;
  readonly #waiting = new Map<OpId, Asked>();
  // By the name that the next accepted operation of a life will have: who asked, before the answer comes.
  readonly #asked = new Map<OperationId, Asked>();
  readonly #requestOf = (id: OperationId): OperationRequest | null => this.#asked.get(id)?.request ?? null;
  readonly #closed = new Set<string>();
  readonly #refused = new Set<string>();
  #bag: Flying[] = [];
  #now = 1_000_000;
  #serial = 0;
  #inquiries = 0;
  #installed = 0;
  #byUpper = 0;
  #standingMax = 0;
  #adoptions = 0;

  constructor(options: OperationsWorld) {
    this.#options = options;
    this.#rng = options.rng;
    const { uppers, plans = 1 } = options;
    const [topology] = plansOf(plans === 1 ? [uppers] : drawTrees(options.rng, uppers, plans));
    this.#topology = topology as Topology;
    const mayBeFull = options.requests > options.caps.records;
    this.#truth = new OperationsTruth((id) => this.#planOf(id), this.#requestOf, mayBeFull);
    this.#hosts = this.#topology.cloudlets.map(({ id }) => ({
      topology: this.#topology,
      ...this.#newCore(id, healthyPlanes, this.#topology),
      incarnation: 0,
      disk: new SmallDisk(),
      timers: new Map(),
      silent: new Set(),
      planes: healthyPlanes,
      sessions: [],
    }));
    if (options.alone === true) {
      for (const { id } of this.#topology.cloudlets) {
        for (const peer of peersOf(this.#topology, id)) this.#closed.add(`${id}>${peer}`);
      }
    }
    if (options.away === true) {
      const last = (this.#hosts.length - 1) as CloudletId;
      for (const peer of peersOf(this.#topology, last)) {
        this.#closed.add(`${last}>${peer}`).add(`${peer}>${last}`);
      }
    }
    for (const { id } of this.#topology.cloudlets) this.#boot(id);
  }

  run(): OperationsResult {
    for (let left = this.#options.requests; left > 0;) if (this.#chaos()) left -= 1;
    this.#settle();
    this.#truth.finish();
    const ended = new Map<string, number>();
    for (const { kind, why } of this.#truth.ends.values()) {
      ended.set(`${kind} ${why}`, (ended.get(`${kind} ${why}`) ?? 0) + 1);
    }
    return {
      violations: this.#truth.violations,
      ended,
      inquiries: this.#inquiries,
      refused: this.#refused,
      installed: this.#installed,
      byUpper: this.#byUpper,
      adoptions: this.#adoptions,
      standingMax: this.#standingMax,
    };
  }

  #chaos(): boolean {
    const { crashes, cuts, planes } = this.#options;
    const { plans: planCount = 1 } = this.#options;
    if (planCount > 1 && this.#rng.chance(10_000)) return this.#adopt(pick(this.#rng, this.#topology.cloudlets).id);
    if (this.#options.closings === true && this.#rng.chance(40_000)) return this.#confirmSome();
    this.#now += this.#rng.intInclusive(200_000);
    const die = this.#rng.intInclusive(99);
    const { id } = pick(this.#rng, this.#topology.cloudlets);
    if (die < 15) return this.#ask(id);
    if (die < 50) this.#deliverSome();
    else if (die < 75) this.#sync(id);
    else if (die < 85) this.#finishOne(id);
    else if (die < 92) this.#fireOne(id);
    else if (die < 95 && cuts && this.#options.alone !== true) this.#toggle(id);
    else if (die < 97 && planes) this.#turnPlanes(id, pick(this.#rng, ["none", "healthy", "failed"] as const));
    else if (die >= 97 && crashes) this.#crash(id);
    return false;
  }

  #settle(): void {
    const { alone, closings, gone } = this.#options;
    const last = (this.#hosts.length - 1) as CloudletId;
    for (const name of alone === true ? [] : [...this.#closed]) {
      const [from, to] = name.split(">").map(Number) as [CloudletId, CloudletId];
      if (gone !== true || (from !== last && to !== last)) this.#setWay(from, to, true);
    }
    for (const { id } of this.#topology.cloudlets) this.#turnPlanes(id, "healthy");
    if (gone === true) this.#leave(last);
    const rounds = this.#topology.plans.length * this.#topology.cloudlets.length * 8;
    for (let left = rounds; left > 0; left -= 1) {
      this.#adopt(pick(this.#rng, this.#topology.cloudlets).id);
      this.#deliverSome();
    }
    for (const one of this.#topology.cloudlets)
      while (this.#planOf(one.id).plan + 1 < this.#topology.plans.length) this.#adopt(one.id);
    this.#rest();
    if (closings !== true) return;
    for (const { id, upper } of (this.#topology.plans.at(-1) as Topology).cloudlets) {
      const isBack = upper !== null && (gone !== true || id !== last);
      if (isBack) this.#step(this.#rootOf(id), { kind: "confirm", about: id, says: "clear", detail: "" });
    }
    this.#rest();
  }

  #rest(): void {
    let rounds = 0;
    for (let quiet = 0; quiet < 60;) {
      assert((rounds += 1) < ROUNDS_MAX, "the world never comes to rest");
      let moved = this.#bag.length > 0;
      while (this.#bag.length > 0) this.#arrive(this.#bag.shift() as Flying);
      for (const { id } of this.#topology.cloudlets) {
        moved ||= (this.#hosts[id] as Host).disk.unsynced.length > 0;
        this.#sync(id);
        for (const [operation, deed] of this.#truth.deeds) {
          if (deed.state === "running" && this.#requestOf(operation)?.target === id) this.#finish(id, operation);
        }
      }
      if (moved) {
        quiet = 0;
        continue;
      }
      quiet += 1;
      this.#now += 1_000_000;
      for (const { id } of this.#topology.cloudlets) {
        const { timers } = this.#hosts[id] as Host;
        for (const [timer, at] of [...timers]) {
          if (at <= this.#now && timers.delete(timer)) this.#step(id, { kind: "fired", timer });
        }
      }
    }
  }

  // --- processes ---

  #newCore(self: CloudletId, planes: Planes, topology: Topology): Pick<Host, "core" | "replica"> {
    const { retain, caps, plant } = this.#options;
    const replica = createReplica({
      topology,
      self,
      clockBound: seconds(1),
      ...(retain !== null && { retain: { records: retain } }),
    });
    const settings = {
      custody: this.#options.custody,
      catalogue: catalogueOf(operationKinds),
      caps: { records: caps.records, bytes: bytes(100_000) },
      policy: caps.policy,
      parallel: 2,
      answersWithin,
    };
    const config = { topology, self, core: replica, settings, planes };
    return { replica, core: new ControlCore({ ...config, ...(plant !== undefined && { plant }) }) };
  }

  #boot(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    Object.assign(host, this.#newCore(id, host.planes, host.topology));
    host.incarnation += 1;
    host.timers = new Map();
    for (const [operation, { request }] of this.#asked) {
      if (request.target === id && this.#truth.arrivals.has(operation)) this.#truth.arrivals.set(operation, this.#now);
    }
    this.#serial += 2;
    host.sessions = [(this.#serial - 1) as SessionId, this.#serial as SessionId];
    const from = host.disk.restart();
    this.#step(id, { kind: "started", incarnation: host.incarnation as Incarnation, from });
    this.#openWays(id);
  }

  #crash(id: CloudletId): void {
    this.#bag = this.#bag.filter(({ from, to }) => from !== id && to !== id);
    const { silent } = this.#hosts[id] as Host;
    // What the plane is at goes on without anybody to tell.
    for (const [operation, { state }] of this.#truth.deeds) {
      if (state === "running" && this.#requestOf(operation)?.target === id) silent.add(operation);
    }
    const peers = peersOf(this.#topology, id);
    for (const peer of peers) if (this.#isOpen(peer, id)) this.#tellWay(peer, id, false);
    this.#boot(id);
    for (const peer of peers) if (this.#isOpen(peer, id)) this.#tellWay(peer, id, true);
  }

  #sync(id: CloudletId): void {
    const host = this.#hosts[id] as Host;
    if (host.disk.unsynced.length === 0) return;
    this.#step(id, { kind: "stored", upTo: host.disk.sync() });
    if (host.disk.unsynced.length === 0) this.#checkCaps(id);
    if (this.#options.retain !== null && this.#rng.chance(200_000)) host.disk.keep(host.replica);
  }

  #fireOne(id: CloudletId): void {
    const { timers } = this.#hosts[id] as Host;
    if (timers.size === 0) return;
    const [timer, at] = pick(this.#rng, [...timers]);
    timers.delete(timer);
    this.#now = Math.max(this.#now, at);
    this.#step(id, { kind: "fired", timer });
  }

  // --- planes ---

  #turnPlanes(id: CloudletId, control: PlaneState): void {
    const host = this.#hosts[id] as Host;
    host.planes = { ...host.planes, control };
    this.#step(id, { kind: "planes", planes: host.planes });
  }

  #finishOne(id: CloudletId): void {
    const running = [...this.#truth.deeds].filter(
      ([operation, { state }]) => state === "running" && this.#requestOf(operation)?.target === id,
    );
    if (running.length > 0) this.#finish(id, pick(this.#rng, running)[0]);
  }

  #finish(id: CloudletId, operation: OperationId): void {
    const deed = this.#truth.deeds.get(operation);
    assert(deed !== undefined, "only what was begun is finished");
    deed.state = this.#rng.chance(150_000) ? "failed" : "done";
    if ((this.#hosts[id] as Host).silent.has(operation)) return;
    this.#step(id, { kind: "executed", operation, outcome: { kind: deed.state, detail: "" } });
  }

  #inquired(id: CloudletId, operation: OperationId): void {
    this.#inquiries += 1;
    const deed = this.#truth.deeds.get(operation);
    if (deed === undefined) {
      this.#step(id, { kind: "answered", operation, outcome: { kind: "never" } });
      return;
    }
    // A plane that is at it answers when it is through, or not at all; one that has forgotten says so.
    if (deed.state === "running") {
      if (this.#rng.chance(500_000)) (this.#hosts[id] as Host).silent.delete(operation);
    } else if (this.#rng.chance(700_000)) {
      this.#step(id, { kind: "answered", operation, outcome: { kind: deed.state, detail: "" } });
    } else if (this.#rng.chance(500_000)) {
      this.#truth.forgotten.add(operation);
      this.#step(id, { kind: "answered", operation, outcome: { kind: "unknown" } });
    }
  }

  // --- people ---

  #ask(id: CloudletId): boolean {
    const host = this.#hosts[id] as Host;
    const session = pick(this.#rng, host.sessions);
    const op = (this.#serial += 1) as OpId;
    const mine = [...this.#truth.accepted].filter(([, { issuer }]) => issuer === id);
    if (mine.length > 0 && this.#rng.chance(150_000)) {
      this.#step(id, { kind: "revoke", session, id: op, operation: pick(this.#rng, mine)[0] });
      return true;
    }
    const below = host.topology.descendants(id);
    const isWild = below.length === 0 || this.#rng.chance(100_000);
    const drawn = isWild ? pick(this.#rng, this.#topology.cloudlets).id : pick(this.#rng, below);
    const target = this.#options.alone === true ? id : drawn;
    const isMine = this.#rng.chance(700_000);
    const others = (isMine ? mine : [...this.#truth.accepted])
      .filter(([, asked]) => asked.request.target === target)
      .map(([operation]) => operation);
    const request: OperationRequest = {
      target,
      kind: pick(this.#rng, kinds),
      object: `o${this.#rng.intInclusive(2)}`,
      actor: pick(this.#rng, ["tenant", "operator"] as const),
      priority: this.#rng.intInclusive(2),
      ...(this.#rng.chance(500_000) && { expiry: millis(200 * (1 + this.#rng.intInclusive(20))) }),
      ...(others.length > 0 && this.#rng.chance(300_000) && { after: [pick(this.#rng, others)] }),
    };
    const isBelow = target === id || below.includes(target);
    this.#waiting.set(op, { issuer: id, request, at: this.#now, isBelow });
    this.#step(id, { kind: "issue", session, id: op, request });
    return true;
  }

  #adopt(id: CloudletId): boolean {
    const host = this.#hosts[id] as Host;
    const plan = host.topology.plan + 1;
    const next = this.#topology.plans[plan];
    if (next === undefined) return false;
    host.topology = next;
    this.#adoptions += 1;
    this.#step(id, { kind: "administer", command: { kind: "adoptPlan", plan } });
    this.#openWays(id);
    return false;
  }

  #planOf(id: CloudletId): Topology {
    return this.#hosts[id]?.topology ?? this.#topology;
  }

  #confirmSome(): boolean {
    const below = this.#topology.cloudlets.filter(({ upper }) => upper !== null);
    const about = pick(this.#rng, below).id;
    const by = pick(this.#rng, this.#topology.ancestors(about));
    const says = pick(this.#rng, ["failed", "disconnected", "fenced", "clear", "clear"] as const);
    this.#step(by, { kind: "confirm", about, says, detail: "" });
    return false;
  }

  #leave(last: CloudletId): void {
    const { upper } = this.#topology.cloudlets[last] as { readonly upper: CloudletId };
    for (const peer of peersOf(this.#topology, last)) {
      this.#setWay(last, peer, false);
      this.#setWay(peer, last, false);
    }
    this.#truth.gone = last;
    this.#step(upper, { kind: "confirm", about: last, says: "failed", detail: "" });
  }

  #rootOf(id: CloudletId): CloudletId {
    return this.#planOf(id).ancestors(id).at(-1) ?? id;
  }

  // --- ways ---

  #isOpen(from: CloudletId, to: CloudletId): boolean {
    return !this.#closed.has(`${from}>${to}`);
  }

  #toggle(from: CloudletId): void {
    const peer = pick(this.#rng, peersOf(this.#topology, from));
    this.#setWay(from, peer, !this.#isOpen(from, peer));
  }

  #setWay(from: CloudletId, to: CloudletId, open: boolean): void {
    if (open) this.#closed.delete(`${from}>${to}`);
    else this.#closed.add(`${from}>${to}`);
    if (!open) this.#bag = this.#bag.filter((flying) => flying.from !== from || flying.to !== to);
    this.#tellWay(from, to, open);
  }

  // Who is no neighbour under the plan in force is told nothing; it is when a plan makes it one.
  #tellWay(from: CloudletId, to: CloudletId, open: boolean): void {
    const isNeighbour = this.#planOf(from)
      .neighbours(from)
      .some(({ peer }) => peer === to);
    if (isNeighbour) this.#step(from, { kind: open ? "linkUp" : "linkDown", peer: to });
  }

  #openWays(id: CloudletId): void {
    for (const peer of peersOf(this.#topology, id)) if (this.#isOpen(id, peer)) this.#tellWay(id, peer, true);
  }

  #deliverSome(): void {
    for (let left = this.#rng.intInclusive(4); left > 0 && this.#bag.length > 0; left -= 1) {
      const at = this.#rng.intInclusive(this.#bag.length - 1);
      const flying = this.#bag[at] as Flying;
      const stays = this.#rng.chance(this.#options.loss);
      if (!stays) this.#bag.splice(at, 1);
      if (stays || !this.#rng.chance(this.#options.loss)) this.#arrive(flying);
    }
  }

  #arrive({ from, to, message }: Flying): void {
    this.#step(to, { kind: "receive", from, message });
  }

  // --- steps ---

  #step(id: CloudletId, input: ControlInput): void {
    const host = this.#hosts[id] as Host;
    const time = { monotonic: this.#now, wall: this.#now + 1_000_000_000 };
    const effects = host.core.step(input, time);
    for (const effect of effects) this.#carryOut(id, host, effect);
  }

  #carryOut(id: CloudletId, host: Host, effect: ControlEffect): void {
    switch (effect.kind) {
      case "send":
        if (this.#isOpen(id, effect.to)) this.#bag.push({ from: id, to: effect.to, message: effect.message });
        break;
      case "store":
        host.disk.unsynced.push(...effect.entries);
        for (const entry of effect.entries) if (entry.kind === "put") this.#noteStored(id, entry.key, entry.value);
        break;
      case "arm":
        host.timers.set(effect.timer, this.#now + effect.after[0]);
        break;
      case "disarm":
        host.timers.delete(effect.timer);
        break;
      case "notify":
        if (effect.event.kind === "installed") this.#installed += 1;
        if (effect.event.kind === "applied") this.#noteArrivals(id, effect.event.records);
        break;
      case "issued": {
        const { result } = effect;
        if (result.kind === "refused") this.#refused.add(result.code);
        if (result.kind === "revoking") this.#truth.revoked.add(result.operation);
        const asked = this.#waiting.get(effect.id);
        if (result.kind === "accepted" && asked !== undefined) this.#truth.accept(result.operation, asked);
        break;
      }
      case "execute": {
        if (effect.by === "upper") this.#byUpper += 1;
        this.#checkPlane(id, effect);
        const asked = this.#asked.get(effect.operation.id);
        this.#truth.start(effect.operation.id, id, asked, this.#now, confirmedAt(host.core, this.#topology, id));
        break;
      }
      case "inquire":
        this.#inquired(id, effect.operation);
        break;
      case "ended": {
        const asked = this.#asked.get(effect.operation);
        const closedBy = confirmedAt(host.core, this.#topology, asked?.request.target ?? id);
        this.#truth.end(effect.operation, id, effect.end, asked, this.#now, closedBy);
        break;
      }
      case "reply":
      case "marked":
      case "notConfirmed":
        break;
    }
  }

  // Whose request a record came of, as it is handed to the disk of its issuer for the first time: the one that waits in this
  // world and was not written yet.
  #noteStored(id: CloudletId, key: string, value: string): void {
    const operation = key.slice(key.lastIndexOf("/") + 1) as OperationId;
    if (value.startsWith("intent ")) this.#truth.intended.add(operation);
    if (value.startsWith("end ") && key.includes("directives/")) this.#truth.givenUp.add(operation);
    if (!value.startsWith("op ") || this.#asked.has(operation) || !operation.startsWith(`${id}.`)) return;
    const [, asked] = [...this.#waiting].findLast(([, one]) => one.issuer === id) ?? [];
    if (asked !== undefined) this.#asked.set(operation, asked);
  }

  #noteArrivals(id: CloudletId, records: readonly { readonly key: string }[]): void {
    for (const { key } of records) {
      const operation = key.slice(key.lastIndexOf("/") + 1) as OperationId;
      const isNew = !this.#truth.arrivals.has(operation);
      if (isNew && this.#requestOf(operation)?.target === id) this.#truth.arrivals.set(operation, this.#now);
    }
  }

  #checkPlane(id: CloudletId, { operation, plane, by }: Extract<ControlEffect, { readonly kind: "execute" }>): void {
    const { planes } = this.#hosts[id] as Host;
    const { upper } = this.#planOf(id).cloudlets[id] as { readonly upper: CloudletId | null };
    const isReachable = upper !== null && this.#isOpen(id, upper);
    const works = by === "own" ? planes[plane] === "healthy" : planes[plane] === "none" && isReachable;
    if (!works) this.#truth.violations.push(`${operation.id} was carried out by a plane that is not there`);
  }

  #checkCaps(id: CloudletId): void {
    const standing = standingAt((this.#hosts[id] as Host).core, this.#topology, id);
    if (id === 0) {
      const all = [...standing.values()].reduce((sum, { size }) => sum + size, 0);
      this.#standingMax = Math.max(this.#standingMax, all);
    }
    this.#truth.violations.push(...overfull(standing, this.#planOf(id), id, this.#options.caps.records));
  }
}
