// Cores that run side by side without faults, as fast as they can: messages arrive at once and in order, disks confirm at once all that they
// have been given, planes are through at once, and time passes when it is told to. For benchmarks: nothing is judged here.

import { assert } from "../../model/assert.ts";
import type { ControlSettings } from "../../model/control/bench.ts";
import { ControlCore } from "../../model/control/control-core.ts";
import type { ControlEffect, ControlInput } from "../../model/control/io.ts";
import { withOperations } from "../../model/control/scopes.ts";
import type { CloudletId, Incarnation } from "../../model/ids.ts";
import { createReplica } from "../../model/replication/replica.ts";
import { buildTopology } from "../../model/topology/build.ts";
import type { Topology } from "../../model/topology/topology.ts";
import { millis, seconds, type Instant } from "../../model/units.ts";
import { wallclockMilliseconds } from "../cli/wallclock.ts";
import { EventQueue, NO_TICKET, type Ticket } from "../kernel/queue.ts";

/** The cloudlet above all others of a star. */
export const hub = 0 as CloudletId;

const first = 1 as Incarnation;
const wallBegins = 1_700_000_000_000_000;
const timers = 0x400_0000;
const throughAtOnce = { kind: "done", detail: "" } as const;

/** One aggregation layer, and so many cloudlets under it. */
export function star(leaves: number): Topology {
  const names = Array.from({ length: leaves }, (_, leaf) => `edge${leaf}`);
  const [spec] = withOperations([
    {
      cloudlets: [{ name: "hub" }, ...names.map((name) => ({ name, upper: "hub" }))],
      scopes: [],
      flows: [],
      links: names.map((name) => ({ a: "hub", b: name, forth: { delay: millis(1) }, back: { delay: millis(1) } })),
    },
  ]);
  const built = buildTopology(spec!);
  assert(built.kind === "topology", "a star with operations is well formed");
  return built.topology;
}

/** How the cloudlets of a site are made. */
export interface SwiftOptions {
  readonly settings?: Partial<ControlSettings>;
  /** Records that the log of this cloudlet retains; left out: as many as usual. */
  readonly retain?: (cloudlet: CloudletId) => number;
}

/** The cloudlets of one topology. */
export class SwiftSite {
  /** Milliseconds inside cores, by cloudlet. */
  readonly spent: Float64Array;
  accepted = 0;
  refused = 0;
  /** Operations whose issuer was told that they are done. */
  done = 0;
  readonly #cores: readonly ControlCore[];
  readonly #queue = new EventQueue();
  readonly #tickets = new Map<number, Ticket>();
  // What is to happen now, in the order in which it came about.
  readonly #due: { readonly at: CloudletId; readonly input: ControlInput }[] = [];
  readonly #storedUpTo: number[];
  #now = 0;

  constructor(topology: Topology, { settings = {}, retain }: SwiftOptions = {}) {
    this.#cores = topology.cloudlets.map(({ id }) => {
      const kept = retain === undefined ? {} : { retain: { records: retain(id) } };
      const core = createReplica({ topology, self: id, clockBound: seconds(1), ...kept });
      return new ControlCore({ topology, self: id, core, settings });
    });
    this.spent = new Float64Array(this.#cores.length);
    this.#storedUpTo = topology.cloudlets.map(() => 0);
    for (const { id } of topology.cloudlets) this.give(id, { kind: "started", incarnation: first, from: null });
  }

  /** An input, and all that follows from it at this moment. */
  give(at: CloudletId, input: ControlInput): void {
    this.#step(at, input);
    for (let next = 0; next < this.#due.length; next += 1) {
      const { at: where, input: what } = this.#due[next]!;
      this.#step(where, what);
    }
    this.#due.length = 0;
  }

  /** The ways between a cloudlet and the hub open, or close. */
  setWay(cloudlet: CloudletId, isOpen: boolean): void {
    const kind = isOpen ? "linkUp" : "linkDown";
    this.give(cloudlet, { kind, peer: hub });
    this.give(hub, { kind, peer: cloudlet });
  }

  /** So much time passes, and whatever was to happen meanwhile does. */
  pass(microseconds: number): void {
    const until = this.#now + microseconds;
    for (let next = this.#queue.next(); next !== null && next <= until; next = this.#queue.next()) {
      this.#queue.pop();
      this.#now = this.#queue.at;
      const { a, b } = this.#queue;
      this.#tickets.delete(a * timers + b);
      this.give(a as CloudletId, { kind: "fired", timer: b });
    }
    this.#now = until;
  }

  #step(at: CloudletId, input: ControlInput): void {
    // What came before confirms all that was handed out until then.
    if (input.kind === "stored" && input.upTo < (this.#storedUpTo[at] as number)) return;
    const began = wallclockMilliseconds();
    const effects = (this.#cores[at] as ControlCore).step(input, {
      monotonic: this.#now,
      wall: wallBegins + this.#now,
    });
    this.spent[at]! += wallclockMilliseconds() - began;
    for (const effect of effects) this.#heed(at, effect);
  }

  #heed(at: CloudletId, effect: ControlEffect): void {
    switch (effect.kind) {
      case "store":
        this.#storedUpTo[at] = effect.upTo;
        this.#due.push({ at, input: { kind: "stored", upTo: effect.upTo } });
        break;
      case "send":
        this.#due.push({ at: effect.to, input: { kind: "receive", from: at, message: effect.message } });
        break;
      case "execute":
        this.#due.push({ at, input: { kind: "executed", operation: effect.operation.id, outcome: throughAtOnce } });
        break;
      case "arm":
        this.#arm(at, effect.timer, effect.after[0]);
        break;
      case "disarm":
        this.#arm(at, effect.timer, null);
        break;
      case "issued":
        if (effect.result.kind === "accepted") this.accepted += 1;
        else if (effect.result.kind === "refused") this.refused += 1;
        break;
      case "ended":
        if (effect.end.kind === "done") this.done += 1;
        break;
      default:
        break;
    }
  }

  #arm(at: CloudletId, timer: number, after: number | null): void {
    const name = at * timers + timer;
    const ticket = this.#tickets.get(name) ?? NO_TICKET;
    if (ticket !== NO_TICKET) this.#queue.cancel(ticket);
    if (after === null) this.#tickets.delete(name);
    else this.#tickets.set(name, this.#queue.push((this.#now + after) as Instant, 0, at, timer, 0, null));
  }
}
