// A cloudlet's processor: one server that handles the inputs of its process one after another, in the order they came, each
// for a fixed time that depends on its kind and its bytes. The step of the core, and all that it wants done, happens at the
// end of that time. A cloudlet without a setting has no such server: its inputs are handled when they come.
//
// Why at the end: a process that dies while it works on an input has done nothing of it, so no effect may have left.
// Leaves out: several cores, priorities, and the event queue, which is the world's (world.ts).

import { assert } from "../../model/assert.ts";
import type { ControlInput } from "../../model/control/io.ts";
import type { TimerId } from "../../model/replication/io.ts";
import type { Duration, Instant } from "../../model/units.ts";
import { Histogram } from "../kernel/histogram.ts";
import type { CpuTimes } from "../scenario/scenario.ts";
import { isControlKind } from "./control-kinds.ts";

const BYTES_PER_KIB = 1_024;

/** One input that waits for the server, or is being served. */
export interface Work {
  readonly input: ControlInput;
  /** When the client asked or the message was sent: what observers are told. */
  readonly since: Instant;
  /** When it came to the server. */
  readonly cameAt: Instant;
  /** How long it is served. */
  readonly service: number;
  /** True for a firing whose timer was armed anew or disarmed while it waited: it is passed over. */
  isVoid: boolean;
}

/** What a server has done by an instant. */
export interface CpuUse {
  /** Inputs served to their end. */
  readonly served: number;
  /** Share of the time since the run began in which it was serving, in parts per million. */
  readonly utilisation: number;
  /** From coming to the server to the beginning of service, in microseconds. */
  readonly waits: Histogram;
  /** The most inputs that ever waited at once, the one in service apart. */
  readonly queueMax: number;
}

/**
 * The server of one cloudlet.
 *
 * 1. Inputs are served first come, first served, one at a time.
 * 2. A crash empties the queue; the service under way ends without effect, its end is told by an old `epoch`.
 * 3. A queued firing is dropped when its timer is armed or disarmed by a step before it: a timer that was put off does
 *    not fire early.
 */
export class Cpu {
  /** Counts crashes: to be remembered with each service. */
  epoch = 0;
  readonly isDeclared: boolean;
  readonly #times: CpuTimes;
  // Inputs from `#head` on wait; what is before it was served.
  #queue: Work[] = [];
  #head = 0;
  #current: Work | null = null;
  #beganAt = 0;
  readonly #firings = new Map<TimerId, Work>();
  #served = 0;
  #busy = 0;
  #queueMax = 0;
  readonly #waits = new Histogram();
  #isHeld = false;
  // The service under way was over while it was held.
  #isOverdue = false;

  /** @param isDeclared false: it is there only because its process will be paused, and takes no time otherwise */
  constructor(times: CpuTimes, isDeclared = true) {
    this.#times = times;
    this.isDeclared = isDeclared;
  }

  /** Does it wait, whatever there is to do, since its process is paused? */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  /** Inputs that wait. */
  get waitingCount(): number {
    return this.#queue.length - this.#head;
  }

  /** Requests of clients and of people that wait or are being served. Takes time as the queue is long. */
  get requestCount(): number {
    let count = this.#current !== null && isAsked(this.#current.input) ? 1 : 0;
    for (let at = this.#head; at < this.#queue.length; at += 1) {
      if (isAsked((this.#queue[at] as Work).input)) count += 1;
    }
    return count;
  }

  /** Nothing begins and nothing ends until `release`. */
  hold(): void {
    this.#isHeld = true;
  }

  /** It goes on. Returns true where a service was over meanwhile, which is to be ended now. */
  release(): boolean {
    const isOverdue = this.#isOverdue;
    this.#isHeld = false;
    this.#isOverdue = false;
    return isOverdue;
  }

  /** Is an input being served? */
  get isBusy(): boolean {
    return this.#current !== null;
  }

  /** Puts an input at the end of the queue. Call `begin` when the server is not busy. */
  enqueue(input: ControlInput, since: Instant, now: Instant, size: number): void {
    const work: Work = { input, since, cameAt: now, service: this.#serviceOf(input.kind, size), isVoid: false };
    if (input.kind === "fired") this.#firings.set(input.timer, work);
    this.#queue.push(work);
    // Where nobody is served the newcomer's service begins at once.
    const waiting = this.waitingCount - (this.#current === null && !this.#isHeld ? 1 : 0);
    if (waiting > this.#queueMax) this.#queueMax = waiting;
  }

  /** Begins with the next input, which is then the one in service; null when none waits. */
  begin(now: Instant): Work | null {
    assert(this.#current === null, "a server begins one input at a time");
    if (this.#isHeld) return null;
    while (this.#head < this.#queue.length) {
      const work = this.#queue[this.#head] as Work;
      this.#head += 1;
      // What was served is given up in one piece once it is most of the list.
      if (this.#head * 2 > this.#queue.length) {
        this.#queue = this.#queue.slice(this.#head);
        this.#head = 0;
      }
      if (work.isVoid) continue;
      if (work.input.kind === "fired") this.#firings.delete(work.input.timer);
      this.#waits.record(now - work.cameAt);
      this.#current = work;
      this.#beganAt = now;
      return work;
    }
    return null;
  }

  /** Ends the service that began in `epoch`: the input that is to be handled now; null when a crash came in between. */
  end(epoch: number): Work | null {
    if (epoch !== this.epoch) return null;
    if (this.#isHeld) {
      this.#isOverdue = true;
      return null;
    }
    const work = this.#current;
    assert(work !== null, "the end of a service that never began");
    this.#current = null;
    this.#served += 1;
    this.#busy += work.service;
    return work;
  }

  /** A timer was armed or disarmed: its firing that waits, if any, is void. */
  forgetFiring(timer: TimerId): void {
    if (this.#firings.size === 0) return;
    const work = this.#firings.get(timer);
    if (work === undefined) return;
    work.isVoid = true;
    this.#firings.delete(timer);
  }

  /** The process died: all that waits is gone with it. */
  crash(now: Instant): void {
    if (this.#current !== null) this.#busy += now - this.#beganAt;
    this.#current = null;
    this.#queue = [];
    this.#head = 0;
    this.#firings.clear();
    this.#isHeld = false;
    this.#isOverdue = false;
    this.epoch += 1;
  }

  /** What it has done by now. */
  use(now: Instant): CpuUse {
    const busy = this.#busy + (this.#current === null ? 0 : now - this.#beganAt);
    const utilisation = now === 0 ? 0 : Math.round((busy * 1_000_000) / now);
    return { served: this.#served, utilisation, waits: this.#waits, queueMax: this.#queueMax };
  }

  // What only a control layer hears takes as long as a request: its own requests to its replica are part of that.
  #serviceOf(kind: ControlInput["kind"], size: number): number {
    const times: Partial<Record<ControlInput["kind"], Duration>> & CpuTimes = this.#times;
    return (
      ((isControlKind(kind) ? times.request : times[kind]) ?? 0) + Math.round((size * times.perKiB) / BYTES_PER_KIB)
    );
  }
}

function isAsked({ kind }: ControlInput): boolean {
  return kind === "request" || kind === "issue" || kind === "revoke";
}
