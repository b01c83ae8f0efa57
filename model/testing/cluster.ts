// A cluster driven by hand: real replicas, and nothing moves unless a command says so. No chance, no clock but `tick`.
// Messages wait in one queue per way, records wait for `stored`, timers for `tick`. Commands are documented at their
// case in `handle`; what happens is told in lines, in the order in which it happens, while the log is on.

import { assert } from "../assert.ts";
import type { ControlSettings } from "../control/bench.ts";
import { ControlCore } from "../control/control-core.ts";
import type { ControlEffect, ControlInput } from "../control/io.ts";
import type { ControlRules } from "../control/rules.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import type { ClientOp, LocalTime, ReplicationCore } from "../replication/io.ts";
import type { Message } from "../replication/messages.ts";
import { createReplica } from "../replication/replica.ts";
import type { Rules } from "../replication/rules.ts";
import type { Topology } from "../topology/topology.ts";
import { seconds } from "../units.ts";
import type { Bytes, Duration } from "../units.ts";
import type { Command } from "./transcript.ts";
import type { Luggage, Machine, Way } from "./machines.ts";
import { isOfReplica, operationCommands, operationInput, settingsOf, tellControl, tellState } from "./operations.ts";
import { readTopology } from "./topology-text.ts";
import { Telling } from "./telling.ts";
import { Mistake, clientOp, microsecondsOf } from "./words.ts";

const firstInstant = 1_000_000;
const stepsMax = 10_000;

/** A cluster without a topology yet. */
export class Cluster {
  readonly #plant: (() => Partial<Rules>) | undefined;
  readonly #controlPlant: (() => Partial<ControlRules>) | undefined;
  // What `topology` set up.
  #made: { readonly topology: Topology; readonly telling: Telling } | null = null;
  #retain: number | null = null;
  // How operations are treated, where there are any.
  #settings: ControlSettings | null = null;
  readonly #schemas = new Map<CloudletId, number>();
  #machines: Machine[] = [];
  #ways: Way[] = [];
  #sessions = new Map<string, SessionId>();
  readonly #luggage = new Map<string, Luggage>();
  #operations = 0;
  #now = firstInstant;
  #log: "all" | "control" | "none" = "all";
  #lines: string[] = [];

  /** `plant`: the planted bug that every replica of this cluster has; `controlPlant`: that of every control layer. */
  constructor(plant?: () => Partial<Rules>, controlPlant?: () => Partial<ControlRules>) {
    this.#plant = plant;
    this.#controlPlant = controlPlant;
  }

  /** Carries out one command; the answer is its output, empty when there is nothing to say. */
  handle(command: Command): string {
    this.#lines = [];
    try {
      this.#dispatch(command);
    } catch (problem) {
      if (!(problem instanceof Mistake)) throw problem;
      return `mistake: ${problem.message}`;
    }
    return this.#lines.join("\n");
  }

  #dispatch(command: Command): void {
    const { name, operands, options, input } = command;
    switch (name) {
      // topology, then one line per cloudlet, scope and flow: see topology-text.ts. Starts every process, opens no way.
      // `retain=4`: logs retain so many records. `operations=yes`: each has a control layer, with the settings that follow.
      case "topology":
        this.#retain = options.has("retain") ? Number(options.get("retain")) : null;
        this.#settings = options.has("operations") ? settingsOf(options) : null;
        this.#build(input);
        break;
      // request a s1 put users/x 7 | delete users/x | get users/x | scan users/; `!` after the verb: replace all. Also
      // resolve, add, insert, remove and append, each with a value behind the key, repeated to `length=` characters. A put
      // with `for=2s` lasts so long.
      case "request":
        this.#request(operands, options);
        break;
      // detach a s1 [to=b] [max=BYTES]: session s1 leaves a. What it takes along is kept for its next `attach`.
      case "detach":
        this.#detach(operands, options);
        break;
      // attach b s1 [policy=forgo] [bundle=none|torn]: session s1 goes on at b; torn: the bundle's first record is left out.
      case "attach":
        this.#attach(operands, options);
        break;
      // stored a [count]: the disk of a has synced all it was given, or so many records more.
      case "stored":
        this.#stored(this.#machine(operands[0]), operands[1] === undefined ? Infinity : Number(operands[1]));
        break;
      // deliver a->b [place] [drop|dup]: the first message on that way, or the one at that place, arrives; or is lost;
      // or arrives and stays.
      case "deliver":
        this.#deliver(operands);
        break;
      // cut a-b, cut a->b, cut: ways close, and what was on them is lost, unless `late=yes`: then it arrives some day.
      case "cut":
        for (const way of this.#waysOf(operands[0])) this.#setWay(way, false, options.get("late") === "yes");
        break;
      // heal a-b, heal a->b, heal: ways open.
      case "heal":
        for (const way of this.#waysOf(operands[0])) this.#setWay(way, true);
        break;
      // crash a [late=yes]: the process ends, what was not synced is gone, all its ways close as with `cut`.
      case "crash":
        this.#crash(this.#machine(operands[0]), options.get("late") === "yes");
        break;
      // restart a [empty | backup] [same-life] [schema=2]: a new process starts from the disk, an empty one, or its backup; its ways
      // stay closed. `same-life`: under the name of the former one, which no host may do.
      case "restart":
        if (options.has("schema")) this.#schemas.set(this.#machine(operands[0]).id, Number(options.get("schema")));
        this.#restart(this.#machine(operands[0]), operands.slice(1));
        break;
      // backup a: from now on `restart a backup` brings back what its disk has now.
      case "backup": {
        const machine = this.#machine(operands[0]);
        machine.backup = { ...machine.disk, entries: machine.disk.entries.slice() };
        break;
      }
      // checkpoint a: a snapshot of what a has stored takes the place of all that its disk holds.
      case "checkpoint":
        this.#checkpoint(this.#machine(operands[0]));
        break;
      // tick 1500ms: time passes everywhere, due timers fire.
      case "tick":
        this.#tick(microsecondsOf(operands[0]));
        break;
      // clock a -5s: from now on the wall clock of a is off by so much.
      case "clock":
        this.#machine(operands[0]).wallOffset = microsecondsOf(operands[1]);
        break;
      // pass 30s [by=1s]: time passes in small steps, and after each all that is on its way arrives.
      case "pass": {
        const end = this.#now + microsecondsOf(operands[0]);
        const step = microsecondsOf(options.get("by") ?? "1s");
        while (this.#now < end) {
          this.#tick(Math.min(step, end - this.#now));
          this.#stabilize();
        }
        break;
      }
      // stabilize: syncs and deliveries, way by way in order, until nothing moves; no timer fires.
      case "stabilize":
        this.#stabilize();
        break;
      // versions users/x: what every running cloudlet holds of the key.
      case "versions":
        for (const { id, core } of this.#machines) {
          if (core !== null) this.#lines.push(this.#telling.versions(id, core.versions(operands[0] ?? "")));
        }
        break;
      // stamps users/x: the stamps of these versions, in seconds of the hybrid clock.
      case "stamps":
        for (const { id, core } of this.#machines) {
          if (core !== null) this.#lines.push(this.#telling.stamps(id, core.versions(operands[0] ?? "")));
        }
        break;
      // pending [a]: what waits there, and for what.
      case "pending":
        for (const { id, core } of operands[0] === undefined ? this.#machines : [this.#machine(operands[0])]) {
          for (const waiting of core?.pending() ?? []) this.#lines.push(this.#telling.pending(id, waiting));
        }
        break;
      // adopt b 1: b is told to go by the second plan; its open ways to new neighbours are told too.
      case "adopt":
        this.#adopt(this.#machine(operands[0]), Number(operands[1]));
        break;
      // dismiss a c, close a c: a is told to detach c, or that c is gone for good.
      case "dismiss":
      case "close":
        this.#administer(operands, name === "close" ? "close" : "detach");
        break;
      // messages: what is on its way.
      case "messages":
        for (const { from, to, queue } of this.#ways) {
          for (const message of queue) this.#lines.push(this.#telling.message(from, to, message));
        }
        break;
      // operations a, sights a: the operations that are not over there; how those below look from there.
      case "operations":
      case "sights": {
        const { core, wallOffset } = this.#machine(operands[0]);
        const now: LocalTime = { monotonic: this.#now, wall: this.#now + wallOffset };
        if (!(core instanceof ControlCore)) throw new Mistake("it has no control layer, or is down");
        this.#lines.push(...tellState(name, core, now, (id) => this.#telling.cloudlet(id)));
        break;
      }
      // log on | log off | log control: of each step everything is told, or nothing, or what concerns the control layer.
      case "log":
        this.#log = operands[0] === "off" ? "none" : operands[0] === "control" ? "control" : "all";
        break;
      default: {
        if (!operationCommands.includes(name)) throw new Mistake(`no command is called ${name}`);
        const { at, input: said } = operationInput(command, {
          cloudlet: (which) => this.#machine(which).id,
          session: (where, session) => this.#session(this.#machines[where] as Machine, session),
          nextOp: () => this.#nextOp(),
        });
        this.#step(this.#machines[at] as Machine, said);
      }
    }
  }

  // --- setting up ---

  #build(lines: readonly string[]): void {
    const built = readTopology(lines, this.#settings !== null);
    if (built.kind === "refused") throw new Mistake(built.why);
    const topology = built.topology;
    this.#made = { topology, telling: new Telling(topology) };
    this.#machines = topology.cloudlets.map(({ id }) => ({
      id,
      plan: topology,
      core: null,
      incarnation: 0,
      disk: { checkpoint: null, entries: [] },
      backup: { checkpoint: null, entries: [] },
      behind: 0,
      unsynced: [],
      timers: new Map(),
      wallOffset: 0,
    }));
    this.#ways = topology.cloudlets.flatMap(({ id }) =>
      topology.cloudlets
        .filter(({ id: other }) => topology.plans.some((plan) => plan.routeBetween(id, other) !== null))
        .map(({ id: to }) => ({ from: id, to, open: false, queue: [] })),
    );
    for (const machine of this.#machines) this.#start(machine);
    if (this.#settings !== null) return;
    for (const stream of topology.streams) this.#lines.push(this.#telling.stream(stream));
  }

  #start(machine: Machine): void {
    const replica = createReplica({
      topology: machine.plan,
      self: machine.id,
      clockBound: seconds(10),
      ...(this.#retain !== null && { retain: { records: this.#retain } }),
      ...(this.#plant !== undefined && { plant: this.#plant }),
    });
    machine.core = this.#settings === null ? replica : this.#governed(machine, replica, this.#settings);
    machine.incarnation += 1;
    machine.unsynced = [];
    machine.timers = new Map();
    machine.behind = 0;
    const { checkpoint, entries } = machine.disk;
    const from = checkpoint === null && entries.length === 0 ? null : { checkpoint, entries: entries.slice() };
    this.#step(machine, { kind: "started", incarnation: machine.incarnation as Incarnation, from });
  }

  #governed(machine: Machine, core: ReplicationCore, settings: ControlSettings): ControlCore {
    const plant = this.#controlPlant;
    return new ControlCore({
      topology: machine.plan,
      self: machine.id,
      core,
      settings: { ...settings, schema: this.#schemas.get(machine.id) ?? settings.schema },
      ...(plant !== undefined && { plant }),
    });
  }

  // --- what commands do ---

  #request([where, session, verb, key, value]: readonly string[], options: Command["options"]): void {
    const length = Number(options.get("length") ?? 0);
    const machine = this.#machine(where);
    if (session === undefined || key === undefined) throw new Mistake("request CLOUDLET SESSION VERB KEY [VALUE]");
    const text = length === 0 ? value : (value ?? "").repeat(length).slice(0, length);
    const op = clientOp(verb ?? "", key, text);
    const ttl = options.get("for");
    const isLimited = op.kind === "put" && ttl !== undefined;
    this.#ask(machine, session, isLimited ? { ...op, ttl: microsecondsOf(ttl) as Duration } : op);
  }

  #ask(machine: Machine, session: string, op: ClientOp): readonly ControlEffect[] {
    return this.#step(machine, { kind: "request", session: this.#session(machine, session), id: this.#nextOp(), op });
  }

  #session(machine: Machine, session: string): SessionId {
    const name = `${machine.id}.${machine.incarnation} ${session}`;
    const id = this.#sessions.get(name) ?? ((this.#sessions.size + 1) as SessionId);
    this.#sessions.set(name, id);
    this.#telling.nameSession(id, session);
    return id;
  }

  #nextOp(): OpId {
    this.#operations += 1;
    return this.#operations as OpId;
  }

  #detach([where, session]: readonly string[], options: Command["options"]): void {
    const machine = this.#machine(where);
    if (session === undefined) throw new Mistake("detach CLOUDLET SESSION [to=CLOUDLET] [max=BYTES]");
    const to = options.has("to") ? this.#machine(options.get("to")).id : null;
    const applied = (to === null ? undefined : this.#luggage.get(session)?.applied.get(to)) ?? [];
    const bytesMax = Number(options.get("max") ?? 1_000_000) as Bytes;
    for (const effect of this.#ask(machine, session, { kind: "detach", to, applied, bytesMax })) {
      if (effect.kind !== "reply" || effect.result.kind !== "detached") continue;
      const told = new Map(this.#luggage.get(session)?.applied).set(machine.id, effect.result.applied);
      this.#luggage.set(session, { ...effect.result, applied: told });
    }
  }

  #attach([where, session]: readonly string[], options: Command["options"]): void {
    const machine = this.#machine(where);
    const luggage = session === undefined ? undefined : this.#luggage.get(session);
    if (session === undefined || luggage === undefined) throw new Mistake("attach a session that was detached");
    const form = options.get("bundle");
    const bundle = form === "none" ? null : form === "torn" ? (luggage.bundle ?? []).slice(1) : luggage.bundle;
    const policy = options.get("policy") === "forgo" ? "forgo" : "carry";
    this.#ask(machine, session, { kind: "attach", policy, context: luggage.context, bundle });
  }

  #stored(machine: Machine, count: number): void {
    if (machine.unsynced.length === 0 || machine.core === null) return;
    machine.disk.entries.push(...machine.unsynced.splice(0, count));
    this.#step(machine, { kind: "stored", upTo: machine.behind + machine.disk.entries.length });
  }

  #checkpoint(machine: Machine): void {
    if (machine.core === null) throw new Mistake("it is down");
    const checkpoint = machine.core.snapshot();
    assert(checkpoint !== null, "replicas have snapshots");
    machine.behind += machine.disk.entries.length;
    machine.disk = { checkpoint, entries: [] };
    this.#lines.push(this.#telling.snapshot(checkpoint));
  }

  #deliver([ends, ...words]: readonly string[]): void {
    const [way] = this.#waysOf(ends);
    if (way === undefined || !ends?.includes("->")) throw new Mistake(`${ends ?? ""} is no way between neighbours`);
    const place = Number(words.find((word) => /^\d+$/.test(word)) ?? 1);
    const message = way.queue[place - 1];
    if (message === undefined) throw new Mistake(`${ends} carries ${way.queue.length} messages`);
    if (!words.includes("dup")) way.queue.splice(place - 1, 1);
    if (words.includes("drop")) this.#tell(`lost: ${this.#telling.message(way.from, way.to, message)}`);
    else this.#arrive(way, message);
  }

  #arrive({ from, to }: Way, message: Message): void {
    this.#step(this.#machines[to] as Machine, { kind: "receive", from, message });
  }

  #administer([at, member]: readonly string[], kind: "detach" | "close"): void {
    const command = { kind, member: this.#machine(member).id };
    this.#step(this.#machine(at), { kind: "administer", command });
  }

  #adopt(machine: Machine, index: number): void {
    machine.plan = this.#topology.plans[index] ?? machine.plan;
    this.#step(machine, { kind: "administer", command: { kind: "adoptPlan", plan: index } });
    for (const way of this.#ways) {
      if (way.from === machine.id && way.open) this.#step(machine, { kind: "linkUp", peer: way.to });
    }
  }

  #setWay(way: Way, open: boolean, isLate = false): void {
    if (way.open === open) return;
    way.open = open;
    if (!open && !isLate) way.queue = [];
    const machine = this.#machines[way.from] as Machine;
    if (machine.core !== null) this.#step(machine, { kind: open ? "linkUp" : "linkDown", peer: way.to });
  }

  #crash(machine: Machine, isLate: boolean): void {
    for (const entry of machine.unsynced) this.#tell(this.#telling.lost(machine.id, entry));
    machine.core = null;
    machine.unsynced = [];
    machine.timers = new Map();
    for (const way of this.#ways)
      if (way.from === machine.id || way.to === machine.id) this.#setWay(way, false, isLate);
  }

  #restart(machine: Machine, how: readonly string[]): void {
    if (machine.core !== null) throw new Mistake("it is running");
    if (how.includes("empty")) machine.disk = { checkpoint: null, entries: [] };
    if (how.includes("backup")) machine.disk = { ...machine.backup, entries: machine.backup.entries.slice() };
    // What a host must never do: give a name twice.
    if (how.includes("same-life")) machine.incarnation -= 1;
    this.#start(machine);
  }

  #tick(duration: number): void {
    const end = this.#now + duration;
    for (let steps = 0; ; steps += 1) {
      assert(steps < stepsMax, "timers fire without end");
      let next: { readonly machine: Machine; readonly timer: number; readonly at: number } | null = null;
      for (const machine of this.#machines) {
        for (const [timer, at] of machine.timers) {
          if (at <= end && (next === null || at < next.at)) next = { machine, timer, at };
        }
      }
      if (next === null) break;
      this.#now = Math.max(this.#now, next.at);
      next.machine.timers.delete(next.timer);
      this.#step(next.machine, { kind: "fired", timer: next.timer });
    }
    this.#now = end;
  }

  #stabilize(): void {
    for (let steps = 0; ; steps += 1) {
      assert(steps < stepsMax, "the cluster never comes to rest");
      const before = this.#ways.some((way) => this.#isDeliverable(way));
      for (const way of this.#ways) {
        while (this.#isDeliverable(way)) this.#arrive(way, way.queue.shift() as Message);
      }
      const unsynced = this.#machines.filter((machine) => machine.unsynced.length > 0);
      for (const machine of unsynced) this.#stored(machine, Infinity);
      if (!before && unsynced.length === 0) return;
    }
  }

  #isDeliverable(way: Way): boolean {
    return way.queue.length > 0 && this.#machines[way.to]?.core !== null;
  }

  // --- steps ---

  #step(machine: Machine, input: ControlInput): readonly ControlEffect[] {
    if (machine.core === null) throw new Mistake(`${this.#telling.cloudlet(machine.id)} is down`);
    const said = isOfReplica(input) ? this.#telling.input(machine.id, input) : null;
    if (said !== null) this.#tell(`> ${said}`);
    const now: LocalTime = { monotonic: this.#now, wall: this.#now + machine.wallOffset };
    const effects = machine.core.step(input, now);
    for (const effect of effects) {
      if (!isOfReplica(effect)) {
        const cloudlet = (id: CloudletId): string => this.#telling.cloudlet(id);
        const told = tellControl(cloudlet, (id) => this.#telling.session(id), machine.id, effect);
        if (this.#log === "control") this.#lines.push(`${(this.#now - firstInstant) / 1e6}s ${told}`);
        else this.#tell(`  ${told}`);
        continue;
      }
      for (const line of this.#telling.effect(machine.id, effect)) this.#tell(`  ${line}`);
      switch (effect.kind) {
        case "send": {
          const way = this.#ways.find(({ from, to }) => from === machine.id && to === effect.to);
          if (way?.open === true) way.queue.push(effect.message);
          break;
        }
        case "store":
          machine.unsynced.push(...effect.entries);
          assert(
            effect.upTo === machine.behind + machine.disk.entries.length + machine.unsynced.length,
            "log positions count entries",
          );
          break;
        case "arm":
          machine.timers.set(effect.timer, this.#now + effect.after[0]);
          break;
        case "disarm":
          machine.timers.delete(effect.timer);
          break;
        case "reply":
        case "notify":
          break;
      }
    }
    return effects;
  }

  #tell(line: string): void {
    if (this.#log === "all") this.#lines.push(line);
  }

  // --- words ---

  get #topology(): Topology {
    if (this.#made === null) throw new Mistake("the first command is `topology`");
    return this.#made.topology;
  }

  get #telling(): Telling {
    if (this.#made === null) throw new Mistake("the first command is `topology`");
    return this.#made.telling;
  }

  #machine(name: string | undefined): Machine {
    const id = name === undefined ? null : this.#topology.cloudletNamed(name);
    if (id === null) throw new Mistake(`no cloudlet is called ${name ?? "nothing"}`);
    return this.#machines[id] as Machine;
  }

  // Ways named by `a->b` (one) or `a-b` (both), or all of them.
  #waysOf(ends: string | undefined): readonly Way[] {
    if (ends === undefined) return this.#ways;
    const [first, second] = ends.split(/->|-/);
    const a = this.#machine(first).id;
    const b = this.#machine(second).id;
    const isOneWay = ends.includes("->");
    const ways = this.#ways.filter(({ from, to }) => (from === a && to === b) || (!isOneWay && from === b && to === a));
    if (ways.length === 0) throw new Mistake(`${ends}: these are no replication neighbours`);
    return ways;
  }
}
