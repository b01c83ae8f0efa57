// The processors of a world: every input of a process goes through here, at once where its cloudlet has no processor, else
// when that one is done with it. The queueing itself is in hosts/cpu.ts; this keeps it moving with the event queue.

import { isWriteOp, textOf } from "../../model/replication/draft.ts";
import { assert, unreachable } from "../../model/assert.ts";
import { textSize } from "../../model/replication/bytes.ts";
import type { ControlInput } from "../../model/control/io.ts";
import type { ClientOp } from "../../model/replication/io.ts";
import { carriedSize } from "../../model/replication/wire.ts";
import { later, type Duration, type Instant } from "../../model/units.ts";
import type { Cpu } from "../hosts/cpu.ts";
import type { Host } from "../hosts/host.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { Observer } from "../oracles/observer.ts";
import type { Chronicle } from "./chronicle.ts";
import { EVENT_SERVED } from "./events.ts";

/** Lets a process take a step; `since` is when the input was asked for or sent. */
export type TakeStep = (host: Host, input: ControlInput, since: Instant) => void;

/** All processors of a run. */
export class Processors {
  readonly #queue: EventQueue;
  readonly #chronicle: Chronicle;
  readonly #audience: Pick<Required<Observer>, "served">;
  readonly #step: TakeStep;

  constructor(queue: EventQueue, chronicle: Chronicle, audience: Pick<Required<Observer>, "served">, step: TakeStep) {
    this.#queue = queue;
    this.#chronicle = chronicle;
    this.#audience = audience;
    this.#step = step;
  }

  /** Hands an input of this many bytes to a process. */
  handle(host: Host, input: ControlInput, since: Instant, size: number): void {
    const { cpu } = host;
    if (cpu === null) {
      this.#step(host, input, since);
      return;
    }
    cpu.enqueue(input, since, this.#queue.at, size);
    if (!cpu.isBusy) this.#work(host, cpu);
  }

  /** Handles EVENT_SERVED. */
  served(host: Host, epoch: number): void {
    const { cpu } = host;
    assert(cpu !== null, "a service without a processor");
    if (this.#finish(host, cpu, epoch)) this.#work(host, cpu);
  }

  /** A process goes on that was paused. */
  resume(host: Host): void {
    const { cpu } = host;
    assert(cpu !== null, "a pause without a processor");
    const isOverdue = cpu.release();
    if (isOverdue) this.#finish(host, cpu, cpu.epoch);
    if (!cpu.isBusy) this.#work(host, cpu);
  }

  /** Handles what takes its processor no time, up to the first input that does. */
  #work(host: Host, cpu: Cpu): void {
    const now = this.#queue.at;
    for (let work = cpu.begin(now); work !== null; work = cpu.begin(now)) {
      if (work.service > 0) {
        this.#queue.push(later(now, work.service as Duration), EVENT_SERVED, host.id, cpu.epoch, 0, null);
        return;
      }
      this.#finish(host, cpu, cpu.epoch);
    }
  }

  #finish(host: Host, cpu: Cpu, epoch: number): boolean {
    const work = cpu.end(epoch);
    if (work === null) return false;
    const waited = this.#queue.at - work.cameAt - work.service;
    this.#chronicle.served(host.id, work.input.kind, waited, work.service);
    this.#audience.served(this.#queue.at, host.id, waited, work.service);
    this.#step(host, work.input, work.since);
    return true;
  }
}

/** What a request weighs on its processor: key and value, or what a session brings with it. */
export function requestSize(op: ClientOp): number {
  if (isWriteOp(op)) return textSize(op.key) + textSize(textOf(op));
  switch (op.kind) {
    case "scan":
      return textSize(op.prefix);
    case "get":
      return textSize(op.key);
    case "detach":
      return 0;
    case "attach":
      return carriedSize(op.context, op.bundle);
    default:
      return unreachable(op);
  }
}
