// A world in which every pair of neighbours speaks in one direction only, run twice over the same draws: once with a way
// back for acknowledgements and greetings, and once as by radio, where none ever comes. What everybody holds in the end
// must be the same (D24, Q8).
//
// Why the two runs can be compared exactly, although messages travel differently in them:
// 1. The load comes in rounds. In a round clients ask first, while nothing is delivered, at instants that are told in advance.
// 2. Then messages are lost, doubled and overtake each other, ways close, processes crash, disks of cloudlets where nobody
//    writes are lost: by a list that is drawn in advance. Last, everything is repeated until all has arrived that is due.
// 3. So if both runs hold the same when a round begins, both write the same records in it, and what is written in the
//    next one rests on what came in this one. By induction all they hold is the same, down to the stamps.
//
// Where logs are short a write may name other versions of its past than where they are long (docs/model.md, declared
// limits), and cuts come in one run and not in the other. There `prev` of scopes that keep siblings for their readers would
// differ, so such scopes let a winner stand for all, and dependencies are not compared.

import { assert } from "../model/assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../model/ids.ts";
import { pick, shuffled, type Rng } from "../model/random.ts";
import { isWriteOp } from "../model/replication/draft.ts";
import type { ClientOp, Input } from "../model/replication/io.ts";
import type { Message } from "../model/replication/messages.ts";
import { compareDots, dotName } from "../model/replication/record.ts";
import type { CausalRecord } from "../model/replication/record.ts";
import { createReplica, type Replica } from "../model/replication/replica.ts";
import type { Rules } from "../model/replication/rules.ts";
import { buildTopology } from "../model/topology/build.ts";
import type { ScopeSpec, TopologySpec } from "../model/topology/spec.ts";
import type { Topology } from "../model/topology/topology.ts";
import { millis } from "../model/units.ts";
import { RngRoot } from "../sim/kernel/rng.ts";
import { generateTree } from "../workloads/topologies/trees.ts";
import { SmallDisk } from "../model/testing/small-disk.ts";
import { drawOp } from "./small-truth.ts";

/** A world as a few numbers, so that a failing one can shrink. */
export interface RadioWorld {
  readonly seed: number;
  readonly cloudletsMax: number;
  readonly rounds: number;
  /** Requests in each round. */
  readonly requests: number;
  /** Parts per million of messages that are lost, in every phase. */
  readonly loss: number;
  readonly duplication: number;
  readonly crashes: boolean;
  readonly cuts: boolean;
  /** How many records a log retains; null: all. */
  readonly retain: number | null;
}

/** Whether answers travel. Without a way back the far end is told so (`closed`), or sends into the void (`deaf`). */
export type WayBack = "open" | "closed" | "deaf";

/** How one run ended. */
export interface RadioResult {
  /** By round what each cloudlet held at its end: one line per cloudlet. */
  readonly states: readonly string[];
  /** Deliveries that never came. */
  readonly stuck: readonly string[];
  readonly records: number;
  readonly lostDisks: number;
  /** Cuts that became visible somewhere. */
  readonly installed: number;
  /** Bytes of records that arrived, and of those that had come before. */
  readonly bytes: number;
  readonly redundant: number;
}

interface Host {
  readonly id: CloudletId;
  readonly disk: SmallDisk;
  core: Replica;
  incarnation: number;
  timers: Map<number, number>;
  sessions: SessionId[];
  /** Names of records that arrived or were written. */
  readonly known: Set<string>;
}

interface Flying {
  readonly from: CloudletId;
  readonly to: CloudletId;
  readonly message: Message;
}

/** What happens while messages travel: at which step, to whom. */
interface Mishap {
  readonly kind: "crash" | "loseDisk" | "toggle";
  readonly at: number;
  readonly cloudlet: CloudletId;
}

const roundMicros = 100_000_000_000;
const travelSteps = 160;
const quietMax = 600;

/** The topology: a drawn tree in which all flows between two neighbours lead the same way. */
export function radioSpec(world: RadioWorld): TopologySpec {
  const rng = new RngRoot(`radio world ${world.seed}`).stream;
  const { spec } = generateTree(rng.fork("tree"), { cloudletsMax: world.cloudletsMax });
  const ofPairs = rng.fork("directions");
  const drawn = new Map<string, "up" | "down">();
  const directionOf = (pair: string): "up" | "down" => {
    const known = drawn.get(pair) ?? (ofPairs.chance(700_000) ? "down" : "up");
    drawn.set(pair, known);
    return known;
  };
  const whole = (scope: ScopeSpec): ScopeSpec =>
    world.retain !== null && (scope.resolver === "return-them-all" || scope.resolver === "by-hand")
      ? { ...scope, resolver: "lww-hlc" }
      : scope;
  return {
    ...spec,
    scopes: spec.scopes.map(whole),
    flows: spec.flows.map((flow) => ({ ...flow, direction: directionOf(`${flow.upper}>${flow.lower}`) })),
  };
}

/** Runs it. */
export function runRadioWorld(world: RadioWorld, wayBack: WayBack, plant?: () => Partial<Rules>): RadioResult {
  const built = buildTopology(radioSpec(world));
  if (built.kind === "refused") throw new Error(built.refusals.map(({ message }) => message).join("\n"));
  return new Run(world, built.topology, wayBack, plant).run();
}

class Run {
  readonly #world: RadioWorld;
  readonly #topology: Topology;
  readonly #wayBack: WayBack;
  readonly #plant: (() => Partial<Rules>) | undefined;
  readonly #load: Rng;
  readonly #network: Rng;
  readonly #hosts: readonly Host[];
  readonly #writers: ReadonlySet<CloudletId>;
  readonly #closed = new Set<string>();
  readonly #open = new Set<SessionId>();
  readonly #written: CausalRecord[] = [];
  readonly #states: string[] = [];
  readonly #stuck: string[] = [];
  #bag: Flying[] = [];
  #now = 0;
  #serial = 0;
  #counts = { installed: 0, bytes: 0, redundant: 0, lostDisks: 0 };

  constructor(world: RadioWorld, topology: Topology, wayBack: WayBack, plant: (() => Partial<Rules>) | undefined) {
    const rng = new RngRoot(`radio world ${world.seed}`).stream;
    this.#world = world;
    this.#topology = topology;
    this.#wayBack = wayBack;
    this.#plant = plant;
    this.#load = rng.fork("load");
    this.#network = rng.fork("network");
    const ids = topology.cloudlets.map(({ id }) => id);
    this.#writers = new Set(shuffled(this.#load, ids).slice(0, Math.max(1, ids.length - 2)));
    this.#hosts = ids.map((id) => ({
      id,
      disk: new SmallDisk(),
      core: this.#newCore(id),
      incarnation: 0,
      timers: new Map(),
      sessions: [],
      known: new Set(),
    }));
    for (const host of this.#hosts) this.#boot(host);
  }

  run(): RadioResult {
    for (let round = 1; round <= this.#world.rounds; round += 1) {
      assert(this.#now < round * roundMicros, "a round takes longer than it may");
      this.#now = round * roundMicros;
      this.#ask();
      this.#travel();
      this.#settle();
      for (const host of this.#hosts) this.#states.push(`round ${round}, ${this.#stateOf(host)}`);
      if (this.#stuck.length > 0) break;
    }
    return { states: this.#states, stuck: this.#stuck, records: this.#written.length, ...this.#counts };
  }

  // --- a round ---

  #ask(): void {
    const rng = this.#load;
    for (let left = this.#world.requests; left > 0; left -= 1) {
      this.#now += 1_000 + rng.intInclusive(10_000);
      const host = pick(rng, this.#hosts);
      const session = pick(rng, host.sessions);
      const op = this.#allowed(host, drawOp(rng, pick(rng, this.#topology.scopes), this.#serial, {}));
      if (rng.chance(400_000)) this.#sync(host);
      if (this.#open.has(session)) continue;
      this.#serial += 1;
      if (isWriteOp(op)) this.#open.add(session);
      this.#step(host, { kind: "request", session, id: this.#serial as OpId, op });
    }
    // What a disk never had may be lost before anybody else hears of it.
    if (this.#world.crashes && rng.chance(300_000)) this.#crash(pick(rng, this.#hosts));
    for (const host of this.#hosts) this.#sync(host);
  }

  #allowed(host: Host, op: ClientOp): ClientOp {
    return isWriteOp(op) && !this.#writers.has(host.id) ? { kind: "get", key: op.key } : op;
  }

  #travel(): void {
    const mishaps = this.#drawMishaps();
    for (let at = 0; at < travelSteps; at += 1) {
      this.#now += this.#network.intInclusive(50_000);
      for (const mishap of mishaps) if (mishap.at === at) this.#suffer(mishap);
      const die = this.#network.intInclusive(9);
      if (die < 6) this.#deliverAny();
      else if (die < 9) this.#sync(pick(this.#network, this.#hosts));
      else for (const host of this.#hosts) this.#fire(host);
    }
  }

  #drawMishaps(): readonly Mishap[] {
    const rng = this.#load;
    const { crashes, cuts } = this.#world;
    const kinds = [
      ...(crashes ? (["crash", "loseDisk"] as const) : []),
      ...(cuts ? (["toggle", "toggle"] as const) : []),
    ];
    if (kinds.length === 0) return [];
    return Array.from({ length: rng.intInclusive(4) }, () => ({
      kind: pick(rng, kinds),
      at: rng.intInclusive(travelSteps - 1),
      cloudlet: pick(rng, this.#hosts).id,
    }));
  }

  #suffer({ kind, cloudlet }: Mishap): void {
    const host = this.#hosts[cloudlet] as Host;
    if (kind === "toggle") {
      for (const peer of this.#peersOf(cloudlet)) this.#setWay(cloudlet, peer, this.#closed.has(`${cloudlet}>${peer}`));
      return;
    }
    // What was written nowhere else yet would be gone, in one run and not in the other.
    if (kind === "loseDisk" && !this.#writers.has(cloudlet)) {
      host.disk.lose();
      this.#counts.lostDisks += 1;
    }
    this.#crash(host);
  }

  #settle(): void {
    for (const name of [...this.#closed]) {
      const [from, to] = name.split(">").map(Number) as [CloudletId, CloudletId];
      this.#setWay(from, to, true);
    }
    for (let quiet = 0; quiet < quietMax && this.#due().length > 0; quiet += 1) {
      while (this.#bag.length > 0) this.#arrive(this.#bag.shift() as Flying, true);
      for (const host of this.#hosts) this.#sync(host);
      this.#now += 2_000_000;
      for (const host of this.#hosts) this.#fire(host);
    }
    this.#stuck.push(...this.#due());
  }

  #due(): readonly string[] {
    return this.#written.flatMap(({ dot }) =>
      this.#hosts.flatMap(({ id, core }) =>
        this.#topology.reaches(dot.stream, id) && !core.hasApplied(dot)
          ? [`${dotName(dot)} has not come to ${this.#topology.cloudlets[id]?.name ?? ""}`]
          : [],
      ),
    );
  }

  // --- hosts ---

  #newCore(self: CloudletId): Replica {
    const { retain } = this.#world;
    return createReplica({
      topology: this.#topology,
      self,
      clockBound: millis(500),
      ...(retain !== null && { retain: { records: retain } }),
      ...(this.#plant !== undefined && { plant: this.#plant }),
    });
  }

  #boot(host: Host): void {
    host.core = this.#newCore(host.id);
    host.incarnation += 1;
    host.timers = new Map();
    this.#serial += 2;
    host.sessions = [(this.#serial - 1) as SessionId, this.#serial as SessionId];
    host.known.clear();
    for (const dot of host.disk.dots()) host.known.add(dotName(dot));
    this.#step(host, { kind: "started", incarnation: host.incarnation as Incarnation, from: host.disk.restart() });
    for (const peer of this.#peersOf(host.id)) this.#tellWay(host.id, peer, true);
  }

  #crash(host: Host): void {
    this.#bag = this.#bag.filter(({ from, to }) => from !== host.id && to !== host.id);
    for (const session of host.sessions) this.#open.delete(session);
    for (const peer of this.#peersOf(host.id)) this.#tellWay(peer, host.id, false);
    this.#boot(host);
    for (const peer of this.#peersOf(host.id)) this.#tellWay(peer, host.id, true);
  }

  #sync(host: Host): void {
    if (host.disk.unsynced.length === 0) return;
    for (const entry of host.disk.unsynced) {
      if (entry.kind !== "cut" && entry.dot.origin === host.id && entry.dot.incarnation === host.incarnation) {
        this.#written.push(entry);
      }
    }
    this.#step(host, { kind: "stored", upTo: host.disk.sync() });
  }

  #fire(host: Host): void {
    for (const [timer, at] of [...host.timers]) {
      if (at > this.#now) continue;
      host.timers.delete(timer);
      this.#step(host, { kind: "fired", timer });
    }
  }

  // --- ways ---

  #peersOf(id: CloudletId): readonly CloudletId[] {
    return this.#topology.neighbours(id).map(({ peer }) => peer);
  }

  // Is this way the one that nothing flows on?
  #leadsBack(from: CloudletId, to: CloudletId): boolean {
    return this.#topology.neighbours(from).some(({ peer, out }) => peer === to && out.length === 0);
  }

  #setWay(from: CloudletId, to: CloudletId, open: boolean): void {
    if (open) this.#closed.delete(`${from}>${to}`);
    else {
      this.#closed.add(`${from}>${to}`);
      this.#bag = this.#bag.filter((flying) => flying.from !== from || flying.to !== to);
    }
    this.#tellWay(from, to, open);
  }

  #tellWay(from: CloudletId, to: CloudletId, open: boolean): void {
    if (open && this.#closed.has(`${from}>${to}`)) return;
    if (this.#wayBack === "closed" && this.#leadsBack(from, to)) return;
    this.#step(this.#hosts[from] as Host, { kind: open ? "linkUp" : "linkDown", peer: to });
  }

  #deliverAny(): void {
    for (let left = this.#network.intInclusive(3); left > 0 && this.#bag.length > 0; left -= 1) {
      const at = this.#network.intInclusive(this.#bag.length - 1);
      const flying = this.#bag[at] as Flying;
      const isDoubled = this.#network.chance(this.#world.duplication);
      if (!isDoubled) this.#bag.splice(at, 1);
      this.#arrive(flying, !isDoubled);
    }
  }

  #arrive({ from, to, message }: Flying, mayBeLost: boolean): void {
    if (mayBeLost && this.#network.chance(this.#world.loss)) return;
    const host = this.#hosts[to] as Host;
    const records = message.kind === "records" ? message.records : message.kind === "snapshot" ? message.versions : [];
    for (const { dot, size } of records) {
      const name = dotName(dot);
      this.#counts.bytes += size;
      if (host.known.has(name) || host.core.hasApplied(dot)) this.#counts.redundant += size;
      host.known.add(name);
    }
    this.#step(host, { kind: "receive", from, message });
  }

  // --- steps ---

  #step(host: Host, input: Input): void {
    const time = { monotonic: this.#now, wall: this.#now + 1_000_000_000 };
    for (const effect of host.core.step(input, time).slice()) {
      if (effect.kind === "send") {
        const isVain = this.#wayBack !== "open" && this.#leadsBack(host.id, effect.to);
        if (!isVain && !this.#closed.has(`${host.id}>${effect.to}`)) {
          this.#bag.push({ from: host.id, to: effect.to, message: effect.message });
        }
      } else if (effect.kind === "store") {
        host.disk.unsynced.push(...effect.entries);
      } else if (effect.kind === "arm") {
        host.timers.set(effect.timer, this.#now + effect.after[0]);
      } else if (effect.kind === "disarm") {
        host.timers.delete(effect.timer);
      } else if (effect.kind === "reply") {
        this.#open.delete(effect.session);
      } else if (effect.event.kind === "installed") {
        this.#counts.installed += 1;
      }
    }
  }

  // What a cloudlet holds, as text: all that is applied, and the versions of every key, whatever links did.
  #stateOf({ id, core }: Host): string {
    const { applied } = core.snapshot().cut;
    const writers = applied
      .map(({ ranges, ...writer }) => ({ ...writer, sequence: 0, ranges }))
      .sort(compareDots)
      .map(({ stream, origin, incarnation, ranges }) => {
        const numbers = ranges.map(({ first, last }) => `${first}-${last}`).join(",");
        return `${stream}/${origin}.${incarnation}:${numbers}`;
      });
    const keys = core.keys().map(
      (key) =>
        `${key} = ${core
          .versions(key)
          .map((one) => this.#versionText(one))
          .join(", ")}`,
    );
    const waiting = core.pending().map(({ record }) => dotName(record.dot));
    const name = this.#topology.cloudlets[id]?.name ?? "";
    return `${name}: ${writers.join(" ")}; ${keys.join("; ")}${waiting.length > 0 ? `; waiting ${waiting.join(" ")}` : ""}`;
  }

  #versionText({ kind, value, dot, prev, deps, stamp }: CausalRecord): string {
    const names = (dots: CausalRecord["deps"]): string => dots.toSorted(compareDots).map(dotName).join("+");
    const after = this.#world.retain === null ? ` after ${names(deps)}` : "";
    const { wall, logical, lamport } = stamp;
    return `${kind} ${value} ${dotName(dot)} over ${names(prev)}${after} at ${wall}+${logical}/${lamport}`;
  }
}
