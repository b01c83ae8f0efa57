// One step of one cloudlet: a copy of a site that is given an input, and what becomes of it. What the core wants done is done
// here as far as it stays in the cloudlet: its disk, its timers. Messages and answers are told.

import { assert } from "../../model/assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import { eachDot } from "../../model/replication/cut.ts";
import type { Effect, Input, LocalTime, ReplicaEvent, ReplicationCore } from "../../model/replication/io.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import type { Message } from "../../model/replication/messages.ts";
import { chosen } from "../../model/replication/resolver.ts";
import type { Telling } from "../../model/testing/telling.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Dots } from "./dots.ts";
import type { Program } from "./program.ts";
import type { Site, SiteEvent, SiteProperty } from "./site.ts";

/** How far a clock goes on when a timer fires: no timer waits so long. Microseconds. */
const firingSpan = 64_000_000;
/** What wall clocks show, apart from their offsets. */
const wallBase = 1_000_000_000_000;

/** What a clock shows after so many firings: microseconds. */
export function clockAt(firings: number): number {
  return 1_000_000 + firings * firingSpan;
}

/** What all processes of a world have in common. */
export interface ProcessFrame {
  /** All plans; the first is the one to begin with. */
  readonly topology: Topology;
  readonly program: Program;
  readonly dots: Dots;
  readonly telling: Telling;
  readonly createCore: (cloudlet: CloudletId, topology: Topology) => ReplicationCore;
  /** Disks have what they are given in the same step. */
  readonly isPrompt: boolean;
  /** Processes may start again: the order in which disks have things makes a difference. */
  readonly restarts: boolean;
  /** Microseconds that each cloudlet's wall clock is ahead. */
  readonly offsets: readonly number[];
}

/** A cloudlet in the middle of a step. */
export class Process {
  readonly sends: { readonly to: CloudletId; readonly message: Message }[] = [];
  readonly events: SiteEvent[] = [];
  readonly #frame: ProcessFrame;
  readonly #cloudlet: CloudletId;
  #core: ReplicationCore;
  #incarnation: number;
  #plan: number;
  #firings: number;
  readonly #durable: StoredEntry[];
  #unsynced: StoredEntry[];
  readonly #armed: Set<number>;

  /** A copy of a site; or without one, a cloudlet that was never started. */
  constructor(frame: ProcessFrame, cloudlet: CloudletId, like: Site | null) {
    this.#frame = frame;
    this.#cloudlet = cloudlet;
    this.#core = like === null ? frame.createCore(cloudlet, frame.topology) : like.core.fork();
    this.#incarnation = like?.incarnation ?? 0;
    this.#plan = like?.plan ?? 0;
    this.#firings = like?.firings ?? 0;
    this.#durable = like === null ? [] : like.durable.slice();
    this.#unsynced = like === null ? [] : like.unsynced.slice();
    this.#armed = new Set(like?.armed);
  }

  /** What it is in now. The core is no longer this process's: the step is over. */
  site(): Site {
    return {
      cloudlet: this.#cloudlet,
      core: this.#core,
      incarnation: this.#incarnation,
      plan: this.#plan,
      firings: this.#firings,
      durable: this.#durable,
      unsynced: this.#unsynced,
      armed: [...this.#armed].sort((a, b) => a - b),
      versions: this.#frame.program.keys.map(({ name, isJudged }) => (isJudged ? this.#versionsOf(name) : null)),
      isWaiting: this.#core.pending().length > 0,
    };
  }

  /** The process dies with what its disk has not got, and another one begins. */
  restart(): void {
    const { createCore, topology } = this.#frame;
    this.#incarnation += 1;
    this.#core = createCore(this.#cloudlet, topology.plans[this.#plan] as Topology);
    this.#unsynced = [];
    this.#armed.clear();
    const from = this.#durable.length === 0 ? null : { checkpoint: null, entries: this.#durable.slice() };
    this.feed({ kind: "started", incarnation: this.#incarnation as Incarnation, from });
  }

  /** A session asks. */
  request(number: number): void {
    const { requests, sessions } = this.#frame.program;
    const { session, op } = requests[number] as Program["requests"][number];
    // A session ends with the process: who goes on afterwards is another one.
    const id = (session + sessions.length * this.#incarnation) as SessionId;
    this.feed({ kind: "request", session: id, id: number as OpId, op });
  }

  /** The disk has everything. */
  store(): void {
    this.#durable.push(...this.#unsynced);
    this.#unsynced = [];
    this.feed({ kind: "stored", upTo: this.#durable.length });
  }

  /** A timer runs out. */
  fire(timer: number): void {
    assert(this.#armed.delete(timer), "only armed timers fire");
    this.#firings += 1;
    this.feed({ kind: "fired", timer });
  }

  /** Goes over to another plan. */
  adopt(plan: number): void {
    this.#plan = plan;
    this.feed({ kind: "administer", command: { kind: "adoptPlan", plan } });
  }

  /** Any other input. */
  feed(input: Input): void {
    const offset = this.#frame.offsets[this.#cloudlet] as number;
    const now: LocalTime = { monotonic: clockAt(this.#firings), wall: wallBase + offset };
    const effects = this.#core.step(input, now);
    // What a request became is known before anything else is told of it.
    const stored = input.kind === "request" ? effects.find((effect) => effect.kind === "store") : undefined;
    const written = stored?.kind === "store" ? stored.entries[0] : undefined;
    if (written !== undefined && written.kind !== "cut") {
      this.events.push({ kind: "wrote", dot: this.#frame.dots.numberOf(written.dot) });
    }
    for (const effect of effects) if (effect.kind === "notify") this.#notice(effect.event);
    for (const effect of effects) this.#carryOut(effect);
    if (this.#frame.isPrompt && this.#unsynced.length > 0) this.store();
  }

  #carryOut(effect: Effect): void {
    switch (effect.kind) {
      case "send":
        if (this.#topology.routeBetween(this.#cloudlet, effect.to) === null) {
          this.#fault("direction", `it speaks to ${this.#nameOf(effect.to)}, which is no neighbour`);
        } else this.sends.push({ to: effect.to, message: effect.message });
        break;
      case "store":
        this.#unsynced.push(...effect.entries);
        break;
      case "reply":
        this.#replied(effect);
        break;
      case "arm":
        assert(effect.after[0] < firingSpan, "a timer that fires is due");
        this.#armed.add(effect.timer);
        break;
      case "disarm":
        this.#armed.delete(effect.timer);
        break;
      case "notify":
        break;
    }
  }

  #notice(event: ReplicaEvent): void {
    const { dots } = this.#frame;
    switch (event.kind) {
      case "applied":
        this.events.push({ kind: "applied", dots: event.records.map(({ dot }) => dots.numberOf(dot)) });
        break;
      case "installed": {
        const covered: number[] = [];
        eachDot(event.covered, (dot) => void covered.push(dots.numberOf(dot)));
        this.events.push({ kind: "applied", dots: covered });
        break;
      }
      case "messageRefused":
        this.#fault("understood", `it refuses a message from ${this.#nameOf(event.from)}: ${event.why.kind}`);
        break;
      case "dotCollision":
      case "fenced":
        this.#fault("unique-dots", `it finds two records called ${this.#frame.telling.dot(event.dot)}`);
        break;
      default:
        break;
    }
  }

  #replied({ id, result }: Extract<Effect, { kind: "reply" }>): void {
    const { dots } = this.#frame;
    switch (result.kind) {
      case "written": {
        const isHeld = this.#durable.some(
          (entry) => entry.kind !== "cut" && dots.numberOf(entry.dot) === dots.numberOf(result.dot),
        );
        this.events.push({ kind: "written", request: id, dot: dots.numberOf(result.dot), isDurable: isHeld });
        break;
      }
      case "read": {
        const seen: number[] = [];
        for (const { key, versions, tombstones } of result.answers) {
          const returned = [...versions, ...tombstones].map(({ dot }) => dots.numberOf(dot));
          seen.push(...returned);
          this.#judgeAnswer(key, returned);
        }
        this.events.push({ kind: "read", request: id, dots: seen });
        break;
      }
      case "refused":
        this.events.push({ kind: "refused", request: id });
        break;
      case "detached":
      case "attached":
        assert(false, "no session of a program moves");
    }
  }

  // What stands is judged elsewhere (truth.ts); here, that the answer is what the resolver makes of it.
  #judgeAnswer(key: string, returned: readonly number[]): void {
    const { program, dots, telling } = this.#frame;
    const known = program.keys.find(({ name }) => name === key);
    if (known?.isJudged !== true) return;
    const standing = this.#core.versions(key);
    const layerOf = (cloudlet: CloudletId): number => this.#topology.cloudlets[cloudlet]?.depth ?? 0;
    const right = standing.length === 0 ? [] : chosen(known.resolver, standing, layerOf);
    const names = (list: readonly number[]): string =>
      list.length === 0
        ? "nothing"
        : list
            .toSorted((a, b) => a - b)
            .map((dot) => telling.dot(dots.at(dot)))
            .join(" ");
    const [got, wanted] = [names(returned), names(right.map(({ dot }) => dots.numberOf(dot)))];
    if (got !== wanted) this.#fault("reads-resolve", `it answers ${key} with ${got}, right is ${wanted}`);
  }

  #versionsOf(key: string): readonly number[] {
    return this.#core
      .versions(key)
      .map(({ dot }) => this.#frame.dots.numberOf(dot))
      .sort((a, b) => a - b);
  }

  #fault(property: SiteProperty, says: string): void {
    this.events.push({ kind: "fault", property, says });
  }

  get #topology(): Topology {
    return this.#frame.topology.plans[this.#plan] as Topology;
  }

  #nameOf(cloudlet: CloudletId): string {
    return this.#frame.telling.cloudlet(cloudlet);
  }
}
