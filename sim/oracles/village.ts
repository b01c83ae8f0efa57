// A small world for the oracles' own tests: real replicas, a disk that stores when told, messages that arrive when told.
// Every moment is told to one observer as the simulator would. Leaves out time, loss and everything that the simulator
// proper does better; a test says what happens next, or draws it.

import { assert, unreachable } from "../../model/assert.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import type { ClientOp, Effect, Input, ReplicationCore } from "../../model/replication/io.ts";
import type { StoredEntry } from "../../model/replication/log.ts";
import type { Message } from "../../model/replication/messages.ts";
import { encodedSize } from "../../model/replication/wire.ts";
import type { Topology } from "../../model/topology/topology.ts";
import type { Instant } from "../../model/units.ts";
import { unaskedOf } from "../world/own-record.ts";
import type { Audience } from "../world/observers.ts";

interface Letter {
  readonly from: CloudletId;
  readonly to: CloudletId;
  readonly message: Message;
  readonly sentAt: Instant;
}

interface House {
  core: ReplicationCore | null;
  incarnation: number;
  disk: StoredEntry[];
  unsynced: StoredEntry[];
}

/** Makes the core of a cloudlet. */
export type CoreMaker = (cloudlet: CloudletId) => ReplicationCore;

/** The small world. All ways between neighbours are open. */
export class Village {
  now = 1_000 as Instant;
  /** Messages under way, in the order they were sent. */
  letters: Letter[] = [];
  /** Added to each cloudlet's wall clock. */
  readonly skew: number[];
  readonly #topology: Topology;
  readonly #observer: Audience;
  readonly #make: CoreMaker;
  readonly #houses: House[];
  readonly #busy = new Set<SessionId>();
  #ops = 0;

  constructor(topology: Topology, observer: Audience, make: CoreMaker) {
    this.#topology = topology;
    this.#observer = observer;
    this.#make = make;
    this.skew = topology.cloudlets.map(() => 0);
    this.#houses = topology.cloudlets.map(() => ({ core: null, incarnation: 0, disk: [], unsynced: [] }));
    for (const { id } of topology.cloudlets) this.start(id);
  }

  /** The core of a cloudlet whose process runs. */
  core(cloudlet: CloudletId): ReplicationCore {
    const { core } = this.#house(cloudlet);
    assert(core !== null, "the process is down");
    return core;
  }

  /** Is this session waiting for an answer? */
  isBusy(session: SessionId): boolean {
    return this.#busy.has(session);
  }

  /** A session asks. */
  ask(cloudlet: CloudletId, session: SessionId, op: ClientOp): void {
    this.#ops += 1;
    const id = this.#ops as OpId;
    this.#busy.add(session);
    this.#observer.requested(this.now, cloudlet, session, id, op, this.now);
    const effects = this.#step(cloudlet, { kind: "request", session, id, op });
    const written = effects.find((effect) => effect.kind === "store")?.entries[0];
    if (written !== undefined && written.kind !== "cut") this.#observer.wrote(this.now, cloudlet, session, id, written);
    this.#carryOut(cloudlet, effects, "request");
  }

  /** The disk stores all it was given. */
  sync(cloudlet: CloudletId): void {
    const house = this.#house(cloudlet);
    if (house.unsynced.length === 0) return;
    house.disk.push(...house.unsynced);
    house.unsynced = [];
    const upTo = house.disk.length;
    this.#observer.synced(this.now, cloudlet, upTo);
    this.#do(cloudlet, { kind: "stored", upTo });
  }

  /** Is anything waiting for this disk? */
  isUnsynced(cloudlet: CloudletId): boolean {
    return this.#house(cloudlet).unsynced.length > 0;
  }

  /** A message arrives; messages to processes that are down are dropped. */
  deliver(place: number): void {
    const letter = this.letters[place];
    assert(letter !== undefined, "no such letter");
    this.letters.splice(place, 1);
    const { from, to, message, sentAt } = letter;
    if (this.#house(to).core === null) {
      this.#observer.dropped(this.now, from, to, message, "hostDown");
      return;
    }
    this.#observer.received(this.now, from, to, message, sentAt);
    this.#do(to, { kind: "receive", from, message });
  }

  /** A process dies; what its disk has not stored is gone. */
  crash(cloudlet: CloudletId): void {
    const house = this.#house(cloudlet);
    this.#observer.crashed(this.now, cloudlet, house.unsynced);
    house.core = null;
    house.unsynced = [];
    for (const { peer } of this.#topology.neighbours(cloudlet)) {
      if (this.#house(peer).core !== null) this.#do(peer, { kind: "linkDown", peer: cloudlet });
    }
  }

  /** A process starts, with what its disk has. */
  start(cloudlet: CloudletId, diskLost = false): void {
    const house = this.#house(cloudlet);
    if (diskLost) {
      this.#observer.diskFailed(this.now, cloudlet, { kind: "replaced", lost: house.disk });
      house.disk = [];
    }
    house.incarnation += 1;
    house.core = this.#make(cloudlet);
    const incarnation = house.incarnation as Incarnation;
    const recovered = { checkpoint: null, entries: house.disk.slice() };
    this.#observer.started(this.now, cloudlet, incarnation, house.core, recovered, diskLost);
    this.#do(cloudlet, { kind: "started", incarnation, from: recovered });
    for (const { peer } of this.#topology.neighbours(cloudlet)) {
      if (this.#house(peer).core === null) continue;
      this.#do(cloudlet, { kind: "linkUp", peer });
      this.#do(peer, { kind: "linkUp", peer: cloudlet });
    }
  }

  /** Until nothing moves any more: stores and delivers everything. */
  settle(): void {
    for (let round = 0; round < 100_000; round += 1) {
      this.now = (this.now + 1) as Instant;
      const unsynced = this.#houses.findIndex((house) => house.core !== null && house.unsynced.length > 0);
      if (unsynced >= 0) this.sync(unsynced as CloudletId);
      else if (this.letters.length > 0) this.deliver(0);
      else return;
    }
    assert(false, "the village never comes to rest");
  }

  #house(cloudlet: CloudletId): House {
    return this.#houses[cloudlet] as House;
  }

  #do(cloudlet: CloudletId, input: Input): void {
    const effects = this.#step(cloudlet, input);
    const writer = { id: cloudlet, incarnation: this.#house(cloudlet).incarnation as Incarnation };
    for (const record of unaskedOf(effects, writer, null)) this.#observer.wroteUnasked(this.now, cloudlet, record);
    this.#carryOut(cloudlet, effects, input.kind);
  }

  #step(cloudlet: CloudletId, input: Input): readonly Effect[] {
    const wall = 1_000_000 + this.now + (this.skew[cloudlet] as number);
    return this.core(cloudlet).step(input, { monotonic: this.now, wall });
  }

  #carryOut(cloudlet: CloudletId, effects: readonly Effect[], cause: Input["kind"]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          this.#observer.sent(this.now, cloudlet, effect.to, effect.message, encodedSize(effect.message));
          this.letters.push({ from: cloudlet, to: effect.to, message: effect.message, sentAt: this.now });
          break;
        case "store":
          this.#observer.storing(this.now, cloudlet, effect.entries, effect.upTo);
          this.#house(cloudlet).unsynced.push(...effect.entries);
          break;
        case "reply":
          this.#busy.delete(effect.session);
          this.#observer.replied(this.now, cloudlet, effect.session, effect.id, effect.result, cause);
          break;
        case "notify":
          this.#observer.notified(this.now, cloudlet, effect.event);
          break;
        case "arm":
        case "disarm":
          break;
        default:
          unreachable(effect);
      }
    }
  }
}
