// A cloudlet with a control layer: the replica, and around it what makes operations of some of its records. It takes the replica's
// inputs and hands out its effects; operations come in and go out beside them (io.ts). It speaks with the replica by requests,
// as a client does, and learns what stands from what the replica tells as applied. So all of it is a function of records that
// stand in the store: links, retransmission, snapshots, durability and causality are the replica's (R0).
//
// Whoever watches (marks, confirmations, the view) joins here as a part beside `Target`: told of each input in `step`, of changed
// keys in `#refresh`, and with its own due time in `#arm`.
//
// One step:
// 1. The input goes to the replica, or is taken here.
// 2. What the replica tells is gathered: keys of the control layer that have changed, and all that is to be passed on.
// 3. The lines of these keys are read anew; what follows is done by requests to the replica, whose effects are gathered in turn.

import { assert } from "../assert.ts";
import { Few } from "../few.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../ids.ts";
import { adding, nothing } from "../replication/adding.ts";
import type { Cut } from "../replication/cut.ts";
import type {
  AbstractTime,
  ClientResult,
  Effect,
  Fingerprint,
  Input,
  LocalTime,
  PendingRecord,
  ReplicationCore,
} from "../replication/io.ts";
import type { CausalRecord, Dot } from "../replication/record.ts";
import type { Snapshot } from "../replication/snapshot.ts";
import type { Topology } from "../topology/topology.ts";
import type { Duration } from "../units.ts";
import { refusal, type OperationRequest } from "./authority.ts";
import { type Away, lookAgain, makeAway } from "./away.ts";
import type { Bench, ControlSettings } from "./bench.ts";
import { Book } from "./book.ts";
import type { Line } from "./line.ts";
import { Custody, nextHop } from "./custody.ts";
import { Desk, ownSessions } from "./desk.ts";
import type { ControlEffect, ControlInput, IssueResult } from "./io.ts";
import { Issuing } from "./issuing.ts";
import { defaultSettings } from "./default-settings.ts";
import { hasOperations, keysOf, type ControlKey, type Keys } from "./keys.ts";
import type { OperationId } from "./operation.ts";
import { PendingAt } from "./pending.ts";
import type { Sight } from "./lookout.ts";
import { healthyPlanes, type Planes } from "./planes.ts";
import { rightControlRules, type ControlRules } from "./rules.ts";
import { Target } from "./target.ts";
import { Vigil } from "./vigil.ts";

/** Timers from here on are the control layer's; those of the replica are below. */
export const controlTimers = 0x200_0000;

/** What a cloudlet with a control layer is made with. */
export interface ControlConfig {
  /** The plan that it starts under; has the scopes that operations need (scopes.ts). */
  readonly topology: Topology;
  readonly self: CloudletId;
  /** Its replica, not started yet. */
  readonly core: ReplicationCore;
  readonly settings?: Partial<ControlSettings>;
  /** Until `planes` says otherwise; left out: both are there and work. */
  readonly planes?: Planes;
  /** Left out except to plant a bug. */
  readonly plant?: () => Partial<ControlRules>;
}

interface Issuer {
  readonly id: OpId;
  readonly line: Line;
}

/** A replica with a control layer around it. */
export class ControlCore implements ReplicationCore<ControlInput, ControlEffect> {
  readonly #config: ControlConfig;
  readonly #inner: ReplicationCore;
  readonly #keys: Keys;
  readonly #book: Book;
  readonly #desk: Desk;
  readonly #bench: Bench;
  readonly #issuing: Issuing;
  readonly #target: Target;
  readonly #away: Away;
  readonly #vigil: Vigil | null;
  readonly #custody: Custody;
  readonly #pending: PendingAt;
  #topology: Topology;
  #incarnation = 0 as Incarnation;
  #planes: Planes;
  // Neighbours to which the way is open.
  readonly #open: Set<CloudletId>;
  // Sessions that wait for their operation to be stored.
  readonly #issuers = new Few<SessionId, Issuer>();
  #armedFor = Infinity;

  // What one step gathers. None of it is held on to afterwards: whatever is made for a step is to die young.
  #now: LocalTime = { monotonic: 0, wall: 0 };
  #effects: ControlEffect[] = nothing;
  #changed = new Few<string, ControlKey>();
  #mayAdvance = false;
  #isReplanned = false;

  constructor(config: ControlConfig, like: ControlCore | null = null) {
    const { self } = config;
    const settings = { ...defaultSettings, ...config.settings };
    this.#open = new Set(like === null ? null : like.#open);
    assert(hasOperations(config.topology), "a topology for operations has their scopes");
    this.#config = config;
    this.#inner = like === null ? config.core : like.#inner.fork();
    this.#topology = like === null ? config.topology : like.#topology;
    this.#planes = like === null ? (config.planes ?? healthyPlanes) : like.#planes;
    this.#keys = keysOf(config.topology);
    const next = settings.custody === "shared" ? null : (target: CloudletId) => this.#next(target);
    const book = like === null ? null : like.#book;
    this.#book = new Book(self, this.#keys, this.#inner, next, settings.shelvesFrom, book);
    this.#desk = new Desk(
      (session, id, op) => void this.#step({ kind: "request", session, id, op }),
      like === null ? null : like.#desk,
    );
    this.#bench = {
      self,
      settings,
      rules: config.plant === undefined ? rightControlRules : { ...rightControlRules, ...config.plant() },
      keys: this.#keys,
      book: this.#book,
      topology: () => this.#topology,
      incarnation: () => this.#incarnation,
      planes: () => this.#planes,
      isUpperReachable: () => this.#isUpperReachable(),
      now: () => this.#now,
      write: (key, value, reads) => void this.#desk.write(key, value, reads),
      remove: (key) => void this.#desk.remove(key),
      emit: (effect) => this.#want(effect),
    };
    this.#away = makeAway(this.#bench, config.topology, this.#inner, like === null ? null : like.#away);
    const { marks, registry, closing } = this.#away;
    this.#issuing = new Issuing(
      this.#bench,
      closing,
      (dot) => this.#inner.hasApplied(dot),
      like === null ? null : like.#issuing,
    );
    this.#target = new Target(this.#bench, closing, () => this.#inner.pending(), like === null ? null : like.#target);
    const { aliveness } = this.#bench.settings;
    this.#vigil =
      aliveness === null
        ? null
        : new Vigil(
            this.#bench,
            aliveness,
            marks,
            registry,
            (key) => this.#inner.versions(key),
            like === null ? null : like.#vigil,
          );
    this.#custody = new Custody(this.#bench);
    this.#pending = new PendingAt(this.#bench, like === null ? null : like.#pending);
    if (like === null) return;
    for (const [session, issuer] of like.#issuers) this.#issuers.set(session, issuer);
    this.#incarnation = like.#incarnation;
    this.#armedFor = like.#armedFor;
  }

  step(input: ControlInput, now: LocalTime): readonly ControlEffect[] {
    this.#now = now;
    this.#take(input);
    this.#settle();
    this.#arm();
    const effects = this.#effects;
    this.#effects = nothing;
    return effects;
  }

  snapshot(): Snapshot | null {
    return this.#inner.snapshot();
  }

  fork(): ControlCore {
    return new ControlCore(this.#config, this);
  }

  fingerprint(time?: AbstractTime): Fingerprint {
    const lines = [...this.#book.lines()].map(({ id, since, writing, isRunning, isUntold, answerBy, isTold }) =>
      [id, since, writing, isRunning, isUntold, answerBy, isTold].join(" "),
    );
    const { control, management } = this.#planes;
    const own = [
      control,
      management,
      this.#isUpperReachable(),
      this.#desk.isMute,
      this.#vigil?.state ?? this.#away.registry.state,
      this.#away.closing.state,
      ...lines,
    ].join(";");
    return `${this.#inner.fingerprint(time)};${own}`;
  }

  versions(key: string): readonly CausalRecord[] {
    return this.#inner.versions(key);
  }

  keys(): readonly string[] {
    return this.#inner.keys();
  }

  hasApplied(dot: Dot): boolean {
    return this.#inner.hasApplied(dot);
  }

  pending(): readonly PendingRecord[] {
    return this.#inner.pending();
  }

  waitingCuts(): readonly Cut[] {
    return this.#inner.waitingCuts();
  }

  /** All operations that are not over here, in the order in which they came: for people, and for whoever judges queues. */
  lines(): Iterable<Readonly<Line>> {
    return this.#book.lines();
  }

  /** How everyone below is marked, and what is known of it, with ages as of now; nothing where nobody is watched. */
  sights(now: LocalTime): readonly Sight[] {
    return this.#vigil?.sights(now.monotonic) ?? [];
  }

  /** An answer of the replica, with what is pending here on the keys that it shows: as whoever asked is told. */
  marked(result: ClientResult): ClientResult {
    return this.#pending.marked(result);
  }

  /** The same of one of them; null where nobody is watched. */
  sight(cloudlet: CloudletId, now: LocalTime): Sight | null {
    return this.#vigil?.sight(cloudlet, now.monotonic) ?? null;
  }

  #take(input: ControlInput): void {
    switch (input.kind) {
      case "issue":
        this.#issue(input.session, input.id, input.request);
        break;
      case "revoke":
        this.#revoke(input.session, input.id, input.operation);
        break;
      case "executed":
        this.#target.executed(input.operation, input.outcome);
        break;
      case "answered":
        this.#target.answered(input.operation, input.outcome);
        this.#mayAdvance = true;
        break;
      case "planes":
        this.#planes = input.planes;
        this.#vigil?.planes();
        this.#mayAdvance = true;
        break;
      case "confirm":
        this.#away.registry.confirm(input.about, input.says, input.detail);
        break;
      case "observe":
        this.#vigil?.observe(input.of, input.value, input.text);
        break;
      case "started":
        this.#incarnation = input.incarnation;
        this.#isReplanned = this.#topology.plan > 0;
        this.#step(input);
        this.#away.closing.anew.started(input.from === null);
        this.#readAll();
        this.#vigil?.started();
        break;
      case "fired":
        if (input.timer < controlTimers) this.#step(input);
        else this.#due();
        break;
      case "linkUp":
      case "linkDown":
        if (input.kind === "linkUp") this.#open.add(input.peer);
        else this.#open.delete(input.peer);
        if (input.peer === this.#topology.cloudlets[this.#config.self]?.upper) this.#mayAdvance = true;
        this.#step(input);
        break;
      default:
        this.#step(input);
    }
  }

  #isUpperReachable(): boolean {
    return this.#open.has(this.#topology.cloudlets[this.#config.self]?.upper as CloudletId);
  }

  #next(target: CloudletId): CloudletId | null {
    return nextHop(this.#bench, this.#bench.self, target);
  }

  // --- the replica ---

  #step(input: Input): void {
    this.#vigil?.hear(input);
    for (const effect of this.#inner.step(input, this.#now)) this.#gather(effect);
  }

  #gather(effect: Effect): void {
    if (effect.kind === "reply") {
      this.#answered(effect);
      return;
    }
    if (effect.kind === "notify") {
      this.#heed(effect.event);
      this.#vigil?.heed(effect.event);
    } else if (effect.kind === "send") this.#vigil?.sent(effect.to, effect.message);
    this.#want(effect);
  }

  #heed(event: Extract<Effect, { readonly kind: "notify" }>["event"]): void {
    switch (event.kind) {
      case "applied":
        for (const { key, dot } of event.records) this.#noteKey(key, dot);
        break;
      case "installed":
        // These scopes collect nothing: what a cut takes away it has something in the place of.
        for (const { key, dot } of event.versions) this.#noteKey(key, dot);
        this.#issuing.heardOfAll(event.covered);
        this.#mayAdvance = true;
        break;
      case "planAdopted":
        this.#topology = this.#topology.plans[event.plan] ?? this.#topology;
        this.#isReplanned = true;
        // Who has taken what says something else where somebody else comes next.
        for (const line of this.#book.lines()) line.isTakenNext = false;
        this.#readAll();
        break;
      default:
        break;
    }
  }

  #answered(reply: Extract<Effect, { readonly kind: "reply" }>): void {
    const { session, result } = reply;
    if (session >= ownSessions) {
      this.#desk.answered(result);
      return;
    }
    const issuer = this.#issuers.get(session);
    if (issuer === undefined || issuer.id !== reply.id) {
      this.#want({ ...reply, result: this.marked(result) });
      return;
    }
    if (result.kind === "read" || !this.#bench.rules.answersWhile(this.#isUpperReachable())) return;
    this.#issuers.delete(session);
    if (result.kind === "written") {
      issuer.line.writing = null;
      this.#reply(session, issuer.id, { kind: "accepted", operation: issuer.line.id });
      return;
    }
    this.#issuing.withdraw(issuer.line);
    const why = result.kind === "refused" ? result.why : "the replica gave no answer to a write";
    this.#reply(session, issuer.id, refusal("notWritten", why));
  }

  // --- what changes ---

  #noteKey(key: string, dot: Dot): void {
    this.#vigil?.noteKey(key);
    const read = this.#keys.read(key);
    if (read === null) return void this.#away.closing.noteKey(key);
    this.#changed.set(key, read);
    if (read.carrier === "results") this.#issuing.heardOf(read.cloudlet, dot);
  }

  #readAll(): void {
    for (const key of this.#inner.keys()) {
      if (!key.startsWith("~")) continue;
      for (const { dot } of this.#inner.versions(key)) this.#noteKey(key, dot);
    }
    this.#mayAdvance = true;
  }

  #settle(): void {
    this.#close();
    while (this.#changed.size > 0 || this.#mayAdvance) {
      const changed = this.#changed;
      this.#changed = new Few();
      this.#refresh(changed);
      const isAll = this.#mayAdvance;
      this.#mayAdvance = false;
      if (!this.#desk.isMute) this.#target.advance(isAll);
      this.#close();
      if (!this.#desk.isMute) this.#away.closing.anew.answer();
    }
    if (this.#bench.rules.putsToRest()) this.#book.rest();
    if (!this.#desk.isMute) this.#vigil?.advance();
  }

  // Who was closed, or cleared, or is elsewhere under another plan: what follows for operations.
  #close(): void {
    const isReplanned = this.#isReplanned;
    if (this.#desk.isMute || !(isReplanned || this.#away.closing.hasNews)) return;
    this.#isReplanned = false;
    if (isReplanned) this.#away.closing.adopt();
    const closed = new Set(this.#away.closing.settle());
    this.#mayAdvance = true;
    if (isReplanned) this.#away.replan.adopt(this.#inner.keys());
    else if (closed.size === 0) return;
    lookAgain(this.#bench, (line) => void this.#issuing.changed(line));
  }

  // All lines are read before anything follows from one of them: who has to make room may have come with the newcomer.
  #refresh(keys: Iterable<readonly [string, ControlKey]>): void {
    const lines = new Few<OperationId, Line>();
    let opened: Line[] = nothing;
    let came: Line[] = nothing;
    for (const [key, read] of keys) {
      if (!this.#desk.isMute) this.#away.replan.heed(key, read);
      const known = this.#book.line(read.operation);
      const wasOpen = known !== null && known.directive !== "none";
      const wasQueued = known?.isQueued === true;
      const line = this.#book.refresh(key, read, this.#now.monotonic);
      if (line === null) continue;
      lines.set(line.id, line);
      if (!wasOpen && line.directive === "open") opened = adding(opened, line);
      if (!wasQueued && line.isQueued) came = adding(came, line);
    }
    for (const line of lines.values()) {
      if (line.target === this.#config.self) this.#target.changed(line);
      if (this.#desk.isMute) continue;
      this.#custody.changed(line);
      this.#issuing.changed(line);
    }
    for (const line of lines.values()) this.#pending.note(line);
    for (const line of opened) this.#issuing.watch(line);
    for (const line of this.#desk.isMute ? nothing : came) this.#issuing.arrived(line);
  }

  #due(): void {
    this.#armedFor = Infinity;
    if (this.#desk.isMute) return;
    this.#issuing.expire();
    this.#target.advance(false);
  }

  #arm(): void {
    const watchDue = this.#vigil === null || this.#desk.isMute ? Infinity : this.#vigil.nextDue();
    const due = Math.min(this.#issuing.nextDue(), this.#target.nextDue(), watchDue);
    if (due === this.#armedFor) return;
    this.#armedFor = due;
    const [timer, after] = [controlTimers, Math.max(0, due - this.#now.monotonic) as Duration];
    this.#want(due === Infinity ? { kind: "disarm", timer } : { kind: "arm", timer, after: [after, after] });
  }

  // --- what people ask ---

  #issue(session: SessionId, id: OpId, request: OperationRequest): void {
    if (this.#issuers.has(session)) {
      this.#reply(session, id, refusal("notWritten", "this session waits for an answer; it asks one thing at a time"));
      return;
    }
    const mark = this.#vigil?.markOf(request.target) ?? null;
    if (mark !== null && this.#bench.rules.refusesFor(mark)) {
      this.#reply(session, id, refusal("notWritten", `the target is ${mark}`));
      return;
    }
    const judged = this.#issuing.request(request);
    if (judged.kind === "refused") {
      this.#reply(session, id, judged);
      return;
    }
    const { line, key, value, reads, givenUp } = judged;
    this.#issuers.set(session, { id, line });
    for (const read of reads) {
      if (!this.#issuers.has(session)) return;
      this.#step({ kind: "request", session, id, op: { kind: "get", key: read } });
    }
    if (!this.#issuers.has(session)) return;
    // First, since a crash may leave a beginning of this on the disk: the queue is never beyond its cap.
    for (const one of givenUp) {
      const other = this.#book.line(one);
      if (other !== null) this.#issuing.giveUp(other, "cap");
    }
    this.#step({ kind: "request", session, id, op: { kind: "put", key, value } });
  }

  #revoke(session: SessionId, id: OpId, operation: OperationId): void {
    const refused = this.#issuing.revoke(operation, { session, id });
    if (refused !== null) this.#reply(session, id, refused);
  }

  #reply(session: SessionId, id: OpId, result: IssueResult): void {
    this.#want({ kind: "issued", session, id, result });
  }

  #want(effect: ControlEffect): void {
    this.#effects = adding(this.#effects, effect);
  }
}
