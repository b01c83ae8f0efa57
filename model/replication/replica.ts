// The replica: one cloudlet's replication core, a state machine without clock, dice, socket or disk. Inputs and effects are
// described in io.ts, what it holds in holdings.ts, how it answers clients in desk.ts, how it talks to a neighbour in peer.ts,
// sender.ts and receiver.ts.
// Here the three meet: requests become records, stored records become visible, visible records go out.
//
// A write, from request to neighbour:
// 1. The request becomes a record: dot, stamp, replaced versions, dependencies. It is handed to the disk and to nobody else.
// 2. `stored` comes: the record is applied, the client answered, the record sent. Nothing unstored escapes.
// 3. A neighbour stores it, then acknowledges, then applies it once its past is there, then sends it on.

import { assert, unreachable } from "../assert.ts";
import { adding, nothing } from "./adding.ts";
import { admit } from "./admission.ts";
import type { CloudletId, Incarnation } from "../ids.ts";
import type { Duration } from "../units.ts";
import type { AdminCommand } from "./admin.ts";
import { acceptable, goOver } from "./adoption.ts";
import { Clerk } from "./clerk.ts";
import { Desk, type BackOffice } from "./desk.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { Holdings } from "./holdings.ts";
import type {
  AbstractTime,
  DiskImage,
  Effect,
  Fingerprint,
  Input,
  LocalTime,
  PendingRecord,
  ReplicaEvent,
  ReplicationCore,
} from "./io.ts";
import { appliedEvents } from "./applied-log.ts";
import { Identity } from "./identity.ts";
import { limitTimer } from "./limits.ts";
import { UnstoredLog, type Bringer, type LogEntry, type StoredEntry } from "./log.ts";
import type { Cut } from "./cut.ts";
import type { HelloMessage, Message, RecordsMessage, SnapshotMessage } from "./messages.ts";
import { Neighbourhood } from "./neighbourhood.ts";
import type { Peer } from "./peer.ts";
import type { CausalRecord, Dot } from "./record.ts";
import { recover } from "./recover.ts";
import { rightRules, type Rules } from "./rules.ts";
import type { SendingSide } from "./sending.ts";
import { LendingSide } from "./sending-side.ts";
import { Sessions } from "./sessions.ts";
import type { Snapshot } from "./snapshot.ts";
import type { ReplicaConfig, Standing } from "./standing.ts";
import { firstVersionAlone, isKnown, type WireConfig } from "./wire-config.ts";

/** A replica that has not been started: hand it `started` first. */
export function createReplica(config: ReplicaConfig): Replica {
  return new Replica(config);
}

/** The replication core of one cloudlet. */
export class Replica implements ReplicationCore {
  readonly #config: ReplicaConfig;
  readonly #wire: WireConfig;
  readonly #rules: Rules;
  readonly #holdings: Holdings;
  #log = new UnstoredLog(0);
  #incarnation = 0 as Incarnation;
  readonly #identity: Identity;
  readonly #sessions: Sessions;
  readonly #clerk: Clerk;
  readonly #desk: Desk;
  readonly #neighbours: Neighbourhood;
  readonly #standing: Standing;

  // What one step gathers. None of it is held on to afterwards: whatever is made for a step is to die young.
  #effects: Effect[] = nothing;
  #events: ReplicaEvent[] = [];
  #toStore: StoredEntry[] = nothing;
  // The log up to here was told before, or is not to be told.
  #told = 0;
  readonly #side: SendingSide;

  constructor(config: ReplicaConfig, like: Replica | null = null) {
    this.#config = config;
    this.#wire = config.wire ?? firstVersionAlone;
    assert(isKnown(this.#wire), "a replica writes and speaks versions that it knows");
    this.#rules = config.plant === undefined ? rightRules : { ...rightRules, ...config.plant() };
    const { self, clockBound, retain, batchBytes, resolvers, causality = "session" } = config;
    const topology = like === null ? config.topology : like.#standing.topology;
    const [rules, wire] = [this.#rules, this.#wire];
    // Of one shape in all replicas, whatever they were made with: it is looked into all the time.
    this.#standing = { topology, self, rules, clockBound, retain, batchBytes, wire, resolvers, causality };
    this.#holdings = new Holdings(this.#standing, like === null ? null : like.#holdings);
    this.#identity = new Identity(self, this.#holdings, this.#rules, like === null ? null : like.#identity);
    this.#sessions = new Sessions(this.#standing, this.#holdings, like === null ? null : like.#sessions);
    this.#clerk = new Clerk(this.#standing, this.#holdings, this.#sessions, this.#identity);
    const back: BackOffice = {
      standing: this.#standing,
      sessions: this.#sessions,
      holdings: this.#holdings,
      identity: this.#identity,
      take: (record, from, request, now) => void this.#take(record, from, request, now),
      emit: (answer) => void this.#want(answer),
    };
    this.#desk = new Desk(back, like === null ? null : like.#desk);
    this.#neighbours = new Neighbourhood(this.#standing, this.#holdings, like === null ? null : like.#neighbours);
    if (like !== null) {
      this.#log = like.#log.clone();
      this.#incarnation = like.#incarnation;
    }
    this.#side = new LendingSide(this.#standing, this.#holdings, {
      peers: this.#neighbours.all,
      peerAt: this.#neighbours.places,
      lanes: this.#neighbours.lanes,
      identity: this.#identity,
      unstored: () => this.#log.entries(),
      send: (peer, message) => void this.#send(peer, message),
    });
  }

  step(input: Input, now: LocalTime): readonly Effect[] {
    assert(this.#incarnation > 0 || input.kind === "started", "the first input of a replica is `started`");
    this.#told = this.#holdings.log.end;
    switch (input.kind) {
      case "started":
        this.#start(input.incarnation, input.from, now);
        break;
      case "request":
        this.#desk.request(input, { incarnation: this.#incarnation, log: this.#log }, now);
        break;
      case "receive":
        this.#receive(input.from, input.message, now);
        break;
      case "receiveBytes":
        this.#receiveBytes(input.from, input.bytes, now);
        break;
      case "linkUp":
        this.#linkUp(this.#neighbours.peer(input.peer), now);
        break;
      case "linkDown":
        this.#linkDown(this.#neighbours.peer(input.peer));
        break;
      case "stored":
        this.#stored(input.upTo, now);
        break;
      case "fired":
        this.#fired(input.timer, now);
        break;
      case "administer":
        this.#administer(input.command, now);
        break;
      default:
        return unreachable(input);
    }
    if (this.#identity.turnedDoubled()) for (const peer of this.#neighbours.all) this.#reconnect(peer, now);
    if (this.#holdings.pendingCuts.length > 0) this.#holdings.installReady(now, this.#events);
    for (const effect of this.#clerk.armings(now)) this.#want(effect);
    for (let owed = this.#clerk.owed(now, this.#events); owed.length > 0; owed = this.#clerk.owed(now, this.#events))
      this.#appendAll(owed, now);
    this.#tellStored();
    const isNews = this.#holdings.log.end > this.#told;
    this.#tellApplied();
    this.#desk.welcome(this.#log.storedUpTo);
    if (isNews) {
      for (const peer of this.#neighbours.listening(this.#told)) this.#pump(peer, now);
      this.#compact(now);
    }
    this.#holdings.versions.shelf?.forget();
    const effects = this.#effects;
    this.#effects = nothing;
    return effects;
  }

  snapshot(): Snapshot {
    return this.#holdings.snapshot();
  }

  fork(): Replica {
    return new Replica(this.#config, this);
  }

  fingerprint(time: AbstractTime | null = null): Fingerprint {
    return fingerprintOf({
      incarnation: this.#incarnation,
      plan: this.#standing.topology.plan,
      doubled: this.#identity.doubled,
      holdings: this.#holdings,
      unstored: this.#log.entries(),
      logEnd: this.#log.end,
      ...this.#sessions.state(),
      arriving: this.#desk.arriving,
      peers: this.#neighbours.all.map((peer) => peer.state(time)),
      due: this.#holdings.retention.due(),
    });
  }

  versions(key: string): readonly CausalRecord[] {
    return this.#holdings.versions.inOrder(key);
  }

  keys(): readonly string[] {
    return this.#holdings.versions.keys();
  }

  get shelving(): Holdings["retention"] {
    return this.#holdings.retention;
  }

  hasApplied(dot: Dot): boolean {
    return this.#holdings.hasApplied(dot);
  }

  pending(): readonly PendingRecord[] {
    return this.#holdings.pending();
  }

  waitingCuts(): readonly Cut[] {
    return this.#holdings.pendingCuts.map(({ cut }) => cut);
  }

  // --- life and disk ---

  #start(incarnation: Incarnation, from: DiskImage | null, now: LocalTime): void {
    assert(this.#incarnation === 0, "a process starts once; a restart is a new replica");
    assert(incarnation > 0, "incarnations count from 1");
    this.#incarnation = incarnation;
    this.#identity.begin(incarnation);
    const { checkpoint, entries } = from ?? { checkpoint: null, entries: [] };
    this.#log = new UnstoredLog(entries.length);
    this.#told = recover({ checkpoint, entries }, this.#holdings, this.#standing, now, this.#events);
  }

  // Hands a record to the disk; in scopes kept in memory it is put to use at once.
  #append(record: CausalRecord, from: Bringer, request: LogEntry["request"], now: LocalTime): void {
    const early = this.#holdings.isKeptInMemory(record);
    this.#log.append({ stored: record, from, life: 0, request, early });
    this.#toStore = adding(this.#toStore, record);
    if (early) this.#holdings.settle(record, from, now, this.#events);
    if (request === null || (!early && this.#rules.repliesWhen() !== "requested")) return;
    this.#desk.answerWrite(request.session, request.id, record);
  }

  #appendAll(records: readonly CausalRecord[], now: LocalTime): void {
    for (const record of records) this.#append(record, null, null, now);
  }

  // A cut is of use only once it is stored, whatever scopes it is of.
  #appendCut(cut: Cut, peer: Peer, life: Incarnation): void {
    if (!this.#holdings.ledger.isNews(cut.applied)) return;
    this.#log.append({ stored: cut, from: peer.id, life, request: null, early: false });
    this.#toStore = adding(this.#toStore, cut);
  }

  #stored(upTo: number, now: LocalTime): void {
    assert(upTo <= this.#log.end, "the disk confirms only what it was given");
    for (let entry = this.#log.take(upTo); entry !== null; entry = this.#log.take(upTo)) {
      const { stored, from } = entry;
      if (stored.kind === "cut") {
        // What a former life of the peer brought, its present one may have lost. (Bundles bring no cuts.)
        const isCurrent = from !== null && from !== "bundle" && this.#neighbours.peer(from).life === entry.life;
        this.#holdings.addCut(stored, isCurrent ? from : null);
        continue;
      }
      if (entry.early) continue;
      this.#holdings.settle(stored, from, now, this.#events);
      if (entry.request !== null && this.#rules.repliesWhen() !== "requested") {
        this.#desk.answerWrite(entry.request.session, entry.request.id, stored);
      }
    }
    for (const peer of this.#neighbours.unacknowledged()) this.#acknowledge(peer, upTo);
  }

  // Conversations that go on keep what they have yet to send, as long as that is not too much.
  #compact(now: LocalTime): void {
    const { retention } = this.#holdings;
    if (!retention.isLong || (this.#neighbours.lanes !== null && !retention.isLongEnough)) return;
    // Those whom the latest did not concern have yet to pass over it.
    for (const peer of this.#neighbours.lagging(retention.dropsTo)) this.#pump(peer, now);
    const upTo = retention.compact(this.#neighbours.neededFrom());
    if (upTo !== null) this.#want({ kind: "notify", event: { kind: "compacted", upTo } });
  }

  // A record that is known already is stored once; one written here is stored in any case.
  #take(record: CausalRecord, from: "bundle" | null, request: LogEntry["request"], now: LocalTime): void {
    const isNews = this.#holdings.learn(record, this.#events);
    if (isNews || from === null) this.#append(record, from, request, now);
  }

  // --- neighbours ---

  #linkUp(peer: Peer, now: LocalTime): void {
    if (peer.up || !peer.isNeighbour) return;
    this.#neighbours.opened(peer);
    this.#greet(peer, now);
  }

  #linkDown(peer: Peer): void {
    if (!peer.up) return;
    this.#neighbours.closed(peer);
    this.#want({ kind: "disarm", timer: this.#timer(peer, "resend") });
    this.#want({ kind: "disarm", timer: this.#timer(peer, "greet") });
  }

  #reconnect(peer: Peer, now: LocalTime, change?: () => void): void {
    const wasUp = peer.up;
    this.#linkDown(peer);
    change?.();
    if (wasUp) this.#linkUp(peer, now);
  }

  #greet(peer: Peer, now: LocalTime): void {
    const known = this.#identity.told(this.#holdings.knownOf(peer.incoming));
    this.#send(peer, peer.greeting(now.monotonic, { incarnation: this.#incarnation, speaks: this.#wire, known }));
    if (!peer.heard) this.#arm(peer, "greet", peer.greetingTimeout());
  }

  #receiveBytes(from: CloudletId, bytes: Uint8Array, now: LocalTime): void {
    const { topology } = this.#config;
    const border = { topology, speaks: this.#wire, incarnation: this.#incarnation, applied: this.#holdings.log.end };
    const admitted = admit(bytes, border);
    if (admitted.kind === "message") this.#receive(from, admitted.message, now);
    else this.#events.push({ kind: "messageRefused", from, why: admitted });
  }

  #receive(from: CloudletId, message: Message, now: LocalTime): void {
    const peer = this.#neighbours.find(from);
    if (peer === null) {
      this.#events.push({ kind: "messageRefused", from, why: { kind: "notNeighbour" } });
      return;
    }
    // Under the peer's plan the two may be neighbours still, or already.
    if (!peer.isNeighbour) return;
    switch (message.kind) {
      case "hello":
        this.#heard(peer, message, now);
        break;
      case "records":
        this.#receiveRecords(peer, message, now);
        break;
      case "ack":
        if (peer.sender?.acknowledged(this.#side, message, now.monotonic) === true) this.#desk.release();
        this.#armResend(peer);
        break;
      case "snapshot":
        this.#receivePart(peer, message);
        break;
      case "parts":
        peer.sender?.heardParts(this.#side, message, now.monotonic);
        this.#armResend(peer);
        break;
      default:
        unreachable(message);
    }
  }

  #heard(peer: Peer, message: HelloMessage, now: LocalTime): void {
    // Unheard while the way out is closed: it would be forgotten when the way opens, the new life it tells of too.
    if (!peer.up) return;
    const life = peer.hear(message, this.#holdings.ledger.bySlot(message.known), this.#incarnation);
    if (life === "late") return;
    if (life === "newLife") this.#holdings.doubtCutsFrom(peer.id);
    this.#identity.hear(message.known, life === "again", this.#events);
    if (peer.heard) this.#want({ kind: "disarm", timer: this.#timer(peer, "greet") });
    if (life !== "again" && peer.version(this.#wire) === null) {
      peer.sender?.stop();
      this.#events.push({ kind: "noCommonVersion", peer: peer.id, speaks: message.speaks });
    } else if (life !== "again" && peer.sender !== null) {
      peer.sender.start(this.#side, message.incarnation, life === "sameLife", this.#rules.heedsGreeting());
      this.#pump(peer, now);
    }
    if (message.asks && (life !== "again" || !peer.greetedJustNow(now.monotonic))) this.#greet(peer, now);
  }

  #receiveRecords(peer: Peer, message: RecordsMessage, now: LocalTime): void {
    const isLate = peer.isFormerLife(message.incarnation);
    const accepted = acceptable(this.#standing, peer, message.records);
    for (const record of accepted) {
      if (!this.#identity.takes(record, this.#events)) continue;
      if (!this.#holdings.learn(record, this.#events)) continue;
      if (isLate) peer.sender?.doubt(record);
      this.#append(record, peer.id, null, now);
    }
    // What is not for this cloudlet under its plan, the peer sends under another one. Who is told last repeats it until then.
    if (accepted.length < message.records.length) return;
    // What was meant for a former life of this process counts positions that only that one stored: nothing to acknowledge.
    if (peer.receiver === null || (message.to !== 0 && message.to !== this.#incarnation)) return;
    // A repeated record may still be on its way to the disk: the acknowledgement waits for all that was handed out.
    peer.receiver.received(message, this.#rules.acknowledgesWhen() === "stored" ? this.#log.end : 0);
    this.#acknowledge(peer, this.#log.storedUpTo);
  }

  #receivePart(peer: Peer, message: SnapshotMessage): void {
    const { receiver } = peer;
    if (receiver === null) return;
    const assembled = receiver.collect(message);
    if (assembled.kind === "partial") {
      if (peer.up) this.#send(peer, receiver.partsOf(message));
      return;
    }
    if (assembled.kind === "complete") this.#appendCut(assembled.cut, peer, message.incarnation);
    if (message.to !== 0 && message.to !== this.#incarnation) return;
    const needs = this.#rules.acknowledgesWhen() === "stored" ? this.#log.end : 0;
    const { incarnation, epoch, to, after, upTo } = message;
    receiver.received({ incarnation, epoch, to, base: after, after, upTo }, needs);
    this.#acknowledge(peer, this.#log.storedUpTo);
  }

  #acknowledge(peer: Peer, storedUpTo: number): void {
    const message = peer.acknowledgement(storedUpTo);
    this.#neighbours.heardFrom(peer);
    if (message !== null) this.#send(peer, message);
  }

  // A greeting is understood by everybody; of the rest nothing is made for a peer that could not read it.
  #send(peer: Peer, message: Message): void {
    const version = message.kind === "hello" ? 1 : peer.version(this.#wire);
    if (version === null) return;
    if (version === 1) this.#want({ kind: "send", to: peer.id, message });
    else this.#want({ kind: "send", to: peer.id, message, version });
  }

  #pump(peer: Peer, now: LocalTime): void {
    peer.sender?.pump(this.#side, now.monotonic);
    this.#armResend(peer);
  }

  // --- timers ---

  #fired(timer: number, now: LocalTime): void {
    if (timer >= limitTimer) {
      this.#appendAll(this.#clerk.due(timer, now, this.#events), now);
      return;
    }
    const peer = this.#neighbours.all[timer >> 1];
    assert(peer !== undefined, "a timer that was never armed has fired");
    if (!peer.up) return;
    if ((timer & 1) === 0) {
      if (peer.sender === null) return;
      peer.sender.armed = false;
      peer.sender.timedOut(this.#side, now.monotonic);
      this.#armResend(peer);
    } else if (!peer.heard) {
      this.#greet(peer, now);
      if (peer.isSilent() && peer.sender !== null && !peer.sender.started) {
        peer.sender.start(this.#side, 0, false, true);
        this.#pump(peer, now);
      }
    }
  }

  #armResend(peer: Peer): void {
    const sender = peer.sender;
    if (sender === null || sender.armed === sender.waiting) return;
    sender.armed = sender.waiting;
    if (sender.waiting) this.#arm(peer, "resend", sender.timeout());
    else this.#want({ kind: "disarm", timer: this.#timer(peer, "resend") });
  }

  #arm(peer: Peer, what: "resend" | "greet", least: number): void {
    const after = [least as Duration, (least + (least >> 2)) as Duration] as const;
    this.#want({ kind: "arm", timer: this.#timer(peer, what), after });
  }

  #timer(peer: Peer, what: "resend" | "greet"): number {
    return peer.place * 2 + (what === "resend" ? 0 : 1);
  }

  // --- decisions of people ---

  #administer(command: AdminCommand, now: LocalTime): void {
    if (command.kind !== "adoptPlan") return void this.#appendAll(this.#clerk.detach(command, now, this.#events), now);
    const before = this.#standing.topology;
    const changed = goOver(this.#standing, this.#neighbours.all, command.plan);
    if (changed === null) this.#events.push({ kind: "planRefused", plan: command.plan });
    if (changed === null || this.#standing.topology === before) return;
    for (const [peer, adjacency] of changed) {
      this.#reconnect(peer, now, () => void peer.adopt(adjacency, this.#rules.forgetsPositions()));
    }
    this.#holdings.adopt(before, now, this.#events);
    this.#events.push({ kind: "planAdopted", plan: command.plan, missing: this.#holdings.opening?.missing ?? [] });
  }

  // --- what a step tells in the end ---

  #tellStored(): void {
    if (this.#toStore.length === 0) return;
    this.#want({ kind: "store", entries: this.#toStore, upTo: this.#log.end });
    this.#toStore = nothing;
  }

  #tellApplied(): void {
    const { collected } = this.#holdings.retention;
    for (const event of appliedEvents(this.#holdings.log, this.#told, collected)) {
      this.#want({ kind: "notify", event });
    }
    if (collected.length > 0) collected.length = 0;
    for (const event of this.#events) this.#want({ kind: "notify", event });
    if (this.#events.length > 0) this.#events = [];
  }

  #want(effect: Effect): void {
    this.#effects = adding(this.#effects, effect);
  }
}
