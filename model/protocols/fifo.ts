// FIFO forwarding: what causal replication costs nothing on a tree, and where that ends. Every record that becomes visible
// here is queued on every other link that carries its scope; queues keep their order; a record seen before is dropped by
// its dot. Records carry no dependencies and wait for nothing. A negative baseline, judged by the same oracles as the core.
//
// Why it is causal on a tree, and on any graph where every record takes every link: whoever delivers y after x sends x
// before y on every link, so by induction over the hops nobody hears of y first. It ends where a record takes one of two
// ways, leaves a queue unsent, meets a link that began later than its past, or a cloudlet that does not hold its scope.
//
// Two forms. Without a handshake a link's queue begins when the way opens for the first time, and nobody asks what the
// other end has. With it, each opening begins with an exchange of what is known, and the log is replayed in delivery order.
//
// Leaves out: ways without a way back (the window fills and stays full), and noticing two records of one dot.

import { assert, unreachable } from "../assert.ts";
import type { CloudletId, Incarnation, OpId, ScopeId, SessionId } from "../ids.ts";
import { adjacenciesOf } from "../replication/adoption.ts";
import { addRecord, Mixer } from "../replication/fingerprint.ts";
import type {
  ClientOp,
  ClientResult,
  DiskImage,
  Effect,
  Fingerprint,
  Input,
  LocalTime,
  PendingRecord,
  ReplicaEvent,
  ReplicationCore,
} from "../replication/io.ts";
import { UnstoredLog, type Bringer, type LogEntry } from "../replication/log.ts";
import type { HelloMessage, Known, Message } from "../replication/messages.ts";
import { compareDots } from "../replication/record.ts";
import type { CausalRecord, Dot } from "../replication/record.ts";
import { decode } from "../replication/wire.ts";
import type { MergeFunctions } from "../replication/resolver.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import { FifoLink } from "./fifo-link.ts";
import { FifoStore } from "./fifo-store.ts";

// The only version of the byte form that it speaks.
const firstVersion = { least: 1, most: 1 };

/** What a FIFO core is made with. */
export interface FifoConfig {
  /** Under the first plan. */
  readonly topology: Topology;
  readonly self: CloudletId;
  /** How far a received stamp may lead this cloudlet's wall clock before its clock no longer follows. */
  readonly clockBound: Duration;
  /** The users' resolvers that scopes name. */
  readonly resolvers?: MergeFunctions;
  /** True: whenever a way opens, both ends say what they have, and the log is replayed. */
  readonly handshake: boolean;
  /** Does this record leave the queue to this peer unsent? Asked once when it is queued; left out: never. */
  readonly expires?: (record: CausalRecord, peer: CloudletId) => boolean;
}

/** FIFO forwarding at one cloudlet. */
export class FifoCore implements ReplicationCore {
  readonly #config: FifoConfig;
  readonly #store: FifoStore;
  readonly #links: readonly FifoLink[];
  #log = new UnstoredLog<CausalRecord>(0);
  #incarnation = 0 as Incarnation;

  // What one step gathers; empty between steps.
  #effects: Effect[] = [];
  #events: ReplicaEvent[] = [];
  #toStore: CausalRecord[] = [];
  #delivered: CausalRecord[] = [];
  #from: Bringer[] = [];

  constructor(config: FifoConfig, like: FifoCore | null = null) {
    this.#config = config;
    this.#store = like === null ? new FifoStore(config) : like.#store.clone();
    this.#links =
      like === null
        ? adjacenciesOf(config.topology, config.self).map((adjacency) => new FifoLink(adjacency))
        : like.#links.map((link) => link.clone());
    if (like === null) return;
    this.#log = like.#log.clone();
    this.#incarnation = like.#incarnation;
  }

  step(input: Input, now: LocalTime): readonly Effect[] {
    assert(this.#incarnation > 0 || input.kind === "started", "the first input of a core is `started`");
    this.#effects = [];
    switch (input.kind) {
      case "started":
        this.#start(input.incarnation, input.from, now);
        break;
      case "request":
        this.#request(input.session, input.id, input.op, now);
        break;
      case "receive":
        this.#receive(this.#link(input.from), input.message, now);
        break;
      case "receiveBytes": {
        const decoded = decode(input.bytes, firstVersion);
        if (decoded.kind === "message") this.#receive(this.#link(input.from), decoded.message, now);
        else this.#events.push({ kind: "messageRefused", from: input.from, why: decoded });
        break;
      }
      case "linkUp":
        this.#linkUp(this.#link(input.peer));
        break;
      case "linkDown":
        this.#linkDown(this.#link(input.peer));
        break;
      case "stored":
        this.#stored(input.upTo, now);
        break;
      case "fired":
        this.#fired(input.timer);
        break;
      case "administer":
        // It keeps every delete, and whoever is detached counts for nothing in it.
        if (input.command.kind === "adoptPlan") this.#adoptPlan(input.command.plan);
        break;
      default:
        return unreachable(input);
    }
    this.#tell();
    return this.#effects;
  }

  /** Its disk keeps everything. */
  snapshot(): null {
    return null;
  }

  waitingCuts(): readonly [] {
    return [];
  }

  fork(): FifoCore {
    return new FifoCore(this.#config, this);
  }

  fingerprint(): Fingerprint {
    const mixer = new Mixer();
    mixer.add(this.#incarnation);
    this.#store.mixInto(mixer);
    mixer.add(this.#log.end);
    for (const { stored: record, from, request, early } of this.#log.entries()) {
      addRecord(mixer, record);
      for (const value of [
        from === "bundle" ? -2 : (from ?? -1),
        request?.session ?? -1,
        request?.id ?? -1,
        Number(early),
      ])
        mixer.add(value);
    }
    for (const link of this.#links) {
      for (const value of link.state()) mixer.add(value);
      for (const record of link.queue) addRecord(mixer, record);
    }
    return mixer.digest();
  }

  versions(key: string): readonly CausalRecord[] {
    return this.#store.versions.of(key).toSorted((a, b) => compareDots(a.dot, b.dot));
  }

  keys(): readonly string[] {
    return this.#store.versions.keys();
  }

  hasApplied(dot: Dot): boolean {
    return this.#store.hasDelivered(dot);
  }

  /** Nothing waits, ever. */
  pending(): readonly PendingRecord[] {
    return [];
  }

  // --- life and disk ---

  // What the disk kept was queued in the former life, and nobody knows how far it got: the whole log is queued again.
  #start(incarnation: Incarnation, from: DiskImage | null, now: LocalTime): void {
    assert(this.#incarnation === 0, "a process starts once; a restart is a new core");
    this.#incarnation = incarnation;
    const records = (from?.entries ?? []).filter((entry) => entry.kind !== "cut");
    this.#log = new UnstoredLog(records.length);
    if (records.length > 0 && !this.#config.handshake) for (const link of this.#links) link.beginQueue([]);
    for (const record of records) if (this.#store.learn(record)) this.#deliver(record, null, now);
  }

  // Only a local write to a scope kept in memory is put to use before it is stored: a received one must not overtake
  // what came before it on its link.
  #append(record: CausalRecord, from: Bringer, request: LogEntry["request"], now: LocalTime): void {
    const early = request !== null && this.#store.scopeOf(record).durability === "memory";
    this.#log.append({ stored: record, from, life: 0, request, early });
    this.#toStore.push(record);
    if (!early) return;
    this.#deliver(record, from, now);
    this.#answerWrite(request, record.dot);
  }

  #stored(upTo: number, now: LocalTime): void {
    assert(upTo <= this.#log.end, "the disk confirms only what it was given");
    for (let entry = this.#log.take(upTo); entry !== null; entry = this.#log.take(upTo)) {
      if (entry.early) continue;
      this.#deliver(entry.stored, entry.from, now);
      if (entry.request !== null) this.#answerWrite(entry.request, entry.stored.dot);
    }
    for (const link of this.#links) this.#acknowledge(link);
  }

  // The record is visible here from now on, and goes out on every other link that carries its scope.
  #deliver(record: CausalRecord, from: Bringer, now: LocalTime): void {
    const ahead = this.#store.deliver(record, from !== null, now);
    if (ahead > 0) this.#events.push({ kind: "farFuture", dot: record.dot, ahead: ahead as Duration });
    this.#delivered.push(record);
    this.#from.push(from);
    for (const link of this.#links) if (link.peer !== from && this.#carries(link, record)) link.enqueue(record);
  }

  #carries(link: FifoLink, record: CausalRecord): boolean {
    if (!link.adjacency.out.includes(this.#store.scopeOf(record).id)) return false;
    return this.#config.expires?.(record, link.peer) !== true;
  }

  // --- clients ---

  #request(session: SessionId, id: OpId, op: ClientOp, now: LocalTime): void {
    if (op.kind === "get" || op.kind === "scan") {
      this.#reply(session, id, this.#store.read(session, op));
      return;
    }
    if (op.kind === "detach" || op.kind === "attach") {
      const why = "FIFO forwarding has no contexts that a session could take along";
      this.#reply(session, id, { kind: "refused", code: "notSupported", why });
      return;
    }
    if (op.kind === "put" && op.ttl !== undefined) {
      const why = "FIFO forwarding ends no puts by itself";
      this.#reply(session, id, { kind: "refused", code: "notSupported", why });
      return;
    }
    const written = this.#store.write(session, id, op, this.#incarnation, now);
    if (written.kind === "refused") this.#reply(session, id, written);
    else this.#append(written, null, { session, id }, now);
  }

  #answerWrite({ session, id }: NonNullable<LogEntry["request"]>, dot: Dot): void {
    this.#store.close(session);
    this.#reply(session, id, { kind: "written", dot });
  }

  #reply(session: SessionId, id: OpId, result: ClientResult): void {
    this.#effects.push({ kind: "reply", session, id, result });
  }

  // --- neighbours ---

  #linkUp(link: FifoLink): void {
    if (link.up || !link.isLinked) return;
    link.up = true;
    if (this.#config.handshake) {
      link.round += 1;
      link.isHeard = false;
      link.greetingCount = 0;
      // Until the other end has said what it has, nothing is sent: what is delivered meanwhile is in the log.
      link.endQueue();
      this.#greet(link);
    } else {
      if (!link.isQueueing) link.beginQueue([]);
      this.#pump(link);
    }
    this.#acknowledge(link);
  }

  #linkDown(link: FifoLink): void {
    if (!link.up) return;
    link.up = false;
    link.isArmed = false;
    link.goBack();
    this.#effects.push({ kind: "disarm", timer: this.#timer(link, "resend") });
    this.#effects.push({ kind: "disarm", timer: this.#timer(link, "greet") });
  }

  #receive(link: FifoLink, message: Message, now: LocalTime): void {
    // Under the peer's plan the two may be neighbours still, or already.
    if (!link.isLinked) return;
    switch (message.kind) {
      case "hello":
        this.#heard(link, message);
        break;
      case "records": {
        for (const record of link.take(message)) {
          if (this.#store.learn(record)) this.#append(record, link.peer, null, now);
        }
        // A repeated record may still be on its way to the disk: the acknowledgement waits for all that was handed out.
        link.storedWith(this.#log.end);
        this.#acknowledge(link);
        break;
      }
      case "ack":
        link.acknowledged(message, this.#incarnation);
        this.#pump(link);
        break;
      case "snapshot":
      case "parts":
        // Queues are never cut short, so nobody who speaks this protocol sends a snapshot.
        break;
      default:
        unreachable(message);
    }
  }

  #acknowledge(link: FifoLink): void {
    const message = link.acknowledgement(this.#log.storedUpTo);
    if (message !== null) this.#effects.push({ kind: "send", to: link.peer, message });
  }

  #pump(link: FifoLink): void {
    link.pump(this.#incarnation, (message) => this.#effects.push({ kind: "send", to: link.peer, message }));
    if (link.isArmed === link.isWaiting) return;
    link.isArmed = link.isWaiting;
    if (link.isWaiting) this.#arm(link, "resend", link.patience());
    else this.#effects.push({ kind: "disarm", timer: this.#timer(link, "resend") });
  }

  // --- greetings, in the form that has a handshake ---

  #greet(link: FifoLink): void {
    const message: HelloMessage = {
      kind: "hello",
      incarnation: this.#incarnation,
      round: link.round,
      hears: link.greeted,
      asks: !link.isHeard,
      speaks: firstVersion,
      known: this.#knownFrom(link),
    };
    this.#effects.push({ kind: "send", to: link.peer, message });
    if (link.isHeard) return;
    link.greetingCount += 1;
    this.#arm(link, "greet", 1_000_000 * (1 << Math.min(5, link.greetingCount - 1)));
  }

  #knownFrom(link: FifoLink): readonly Known[] {
    const scopes = new Set<ScopeId>(link.adjacency.in);
    return this.#store.known((scope) => scopes.has(scope));
  }

  #heard(link: FifoLink, message: HelloMessage): void {
    const { incarnation, round } = link.greeted;
    if (!this.#config.handshake || !link.up || message.incarnation < incarnation) return;
    if (message.incarnation === incarnation && message.round < round) return;
    const isNew = message.incarnation !== incarnation || message.round !== round;
    link.greeted = { incarnation: message.incarnation, round: message.round };
    if (message.hears.incarnation === this.#incarnation && message.hears.round === link.round) {
      link.isHeard = true;
      this.#effects.push({ kind: "disarm", timer: this.#timer(link, "greet") });
    }
    if (isNew || !link.isQueueing) {
      const missing = this.#store.deliveredBeyond(message.known);
      link.beginQueue(missing.filter((record) => this.#carries(link, record)));
      this.#pump(link);
    }
    if (message.asks) this.#greet(link);
  }

  // --- plans ---

  // A link that ends takes its queue along, whatever is in it; one that begins is a link like any other. Nobody is asked.
  #adoptPlan(plan: number): void {
    const after = this.#store.topology.plans[plan];
    if (after === undefined) this.#events.push({ kind: "planRefused", plan });
    if (after === undefined || after === this.#store.topology) return;
    this.#store.topology = after;
    for (const [at, adjacency] of adjacenciesOf(after, this.#config.self).entries()) {
      const link = this.#links[at] as FifoLink;
      link.adjacency = adjacency;
      if (link.isLinked) continue;
      this.#linkDown(link);
      link.endQueue();
    }
    this.#events.push({ kind: "planAdopted", plan, missing: [] });
  }

  // --- timers ---

  #fired(timer: number): void {
    const link = this.#links[timer >> 1];
    assert(link !== undefined, "a timer that was never armed has fired");
    if (!link.up) return;
    if ((timer & 1) === 0) {
      link.isArmed = false;
      link.timedOut();
      this.#pump(link);
    } else if (!link.isHeard) {
      this.#greet(link);
    }
  }

  #arm(link: FifoLink, what: "resend" | "greet", least: number): void {
    const after = [least as Duration, (least + (least >> 2)) as Duration] as const;
    this.#effects.push({ kind: "arm", timer: this.#timer(link, what), after });
  }

  #timer(link: FifoLink, what: "resend" | "greet"): number {
    return this.#links.indexOf(link) * 2 + (what === "resend" ? 0 : 1);
  }

  #link(peer: CloudletId): FifoLink {
    const link = this.#links.find((one) => one.peer === peer);
    assert(link !== undefined, "only replication neighbours are heard of");
    return link;
  }

  // --- what a step tells in the end ---

  #tell(): void {
    if (this.#toStore.length > 0) {
      this.#effects.push({ kind: "store", entries: this.#toStore, upTo: this.#log.end });
      this.#toStore = [];
    }
    if (this.#delivered.length > 0) {
      const event = { kind: "applied", records: this.#delivered, from: this.#from } as const;
      this.#effects.push({ kind: "notify", event });
      this.#delivered = [];
      this.#from = [];
      for (const link of this.#links) this.#pump(link);
    }
    for (const event of this.#events) this.#effects.push({ kind: "notify", event });
    this.#events = [];
  }
}
