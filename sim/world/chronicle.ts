// Writes what happens into the trace, row by row, as docs/simulator.md lists it. The world tells this and its observers
// the same things, but this at once and those when the core comes to it, where its processor is busy; a row costs no allocation. Leaves out what the columns are called (trace/kinds.ts).

import type { ControlInput } from "../../model/control/io.ts";
import type { CloudletId, Incarnation, OpId, SessionId } from "../../model/ids.ts";
import type { ClientOp, ClientResult, ReplicaEvent } from "../../model/replication/io.ts";
import type { Covered, Message } from "../../model/replication/messages.ts";
import type { CausalRecord, Dot } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import type { EventQueue } from "../kernel/queue.ts";
import type { DiskFailure, DropReason, WatchEvent } from "../oracles/observer.ts";
import { type QuirkName, quirkNames } from "../quirks/table.ts";
import {
  TRACE,
  TRACE_CLASSES,
  TRACE_DISKS,
  TRACE_DROPS,
  TRACE_INPUTS,
  TRACE_MARKS,
  TRACE_MESSAGES,
  TRACE_NOBODY,
  TRACE_NOTES,
  TRACE_PLANS,
  TRACE_REFUSALS,
  TRACE_REQUESTS,
  TRACE_RESULTS,
} from "../trace/kinds.ts";
import type { Trace } from "../trace/trace.ts";
import type { Flight } from "./flight.ts";

const requestCodes = codesOf(TRACE_REQUESTS);
const resultCodes = codesOf(TRACE_RESULTS);
const messageCodes = codesOf(TRACE_MESSAGES);
const dropCodes = codesOf(TRACE_DROPS);
const refusalCodes = codesOf(TRACE_REFUSALS);
const planCodes = codesOf(TRACE_PLANS);
const diskCodes = codesOf(TRACE_DISKS);
const markCodes = codesOf(TRACE_MARKS);
const inputCodes = codesOf(TRACE_INPUTS);

/** The trace as the world writes it; every row is of the queue's present. */
export class Chronicle {
  readonly #trace: Trace;
  readonly #queue: EventQueue;

  constructor(trace: Trace, queue: EventQueue) {
    this.#trace = trace;
    this.#queue = queue;
  }

  started(cloudlet: CloudletId, incarnation: Incarnation, recoveredCount: number, diskLost: boolean): void {
    this.#add(TRACE.started, cloudlet, TRACE_NOBODY, incarnation, recoveredCount, diskLost ? 1 : 0);
  }

  crashed(cloudlet: CloudletId, unsyncedCount: number): void {
    this.#add(TRACE.crashed, cloudlet, TRACE_NOBODY, unsyncedCount);
  }

  diskFailed(cloudlet: CloudletId, failure: DiskFailure): void {
    const code = diskCodes[failure.kind];
    const peer = failure.kind === "cloned" ? failure.source : TRACE_NOBODY;
    if (failure.kind === "torn") {
      this.#add(TRACE.diskFailed, cloudlet, peer, code, 0, failure.survived.length, failure.isTorn ? 1 : 0);
    } else {
      const of = failure.kind === "restored" ? failure.of : 0;
      this.#add(TRACE.diskFailed, cloudlet, peer, code, failure.lost.length, 0, 0, of);
    }
  }

  requested(cloudlet: CloudletId, session: SessionId, id: OpId, op: ClientOp): void {
    this.#add(TRACE.requested, cloudlet, TRACE_NOBODY, session, id, requestCodes[op.kind]);
  }

  replied(cloudlet: CloudletId, session: SessionId, id: OpId, result: ClientResult): void {
    this.#add(TRACE.replied, cloudlet, TRACE_NOBODY, session, id, resultCodes[result.kind]);
    if (result.kind !== "read") return;
    for (const { versions, tombstones, sealed } of result.answers) {
      for (const record of versions) this.#ofRequest(TRACE.returned, cloudlet, id, record.dot);
      for (const record of tombstones) this.#ofRequest(TRACE.returned, cloudlet, id, record.dot);
      for (const record of sealed ?? []) this.#ofRequest(TRACE.returned, cloudlet, id, record.dot);
    }
  }

  wrote(cloudlet: CloudletId, id: OpId, { dot, stamp }: CausalRecord): void {
    this.#ofRequest(TRACE.wrote, cloudlet, id, dot);
    this.#add(TRACE.stamped, cloudlet, TRACE_NOBODY, id, stamp.wall, stamp.logical, stamp.lamport);
  }

  wroteUnasked(cloudlet: CloudletId, { dot: { origin, incarnation, stream, sequence }, stamp }: CausalRecord): void {
    this.#add(TRACE.unasked, cloudlet, TRACE_NOBODY, origin, incarnation, stream, sequence);
    this.#add(TRACE.stamped, cloudlet, TRACE_NOBODY, 0, stamp.wall, stamp.logical, stamp.lamport);
  }

  storing(cloudlet: CloudletId, entryCount: number, upTo: number): void {
    this.#add(TRACE.storing, cloudlet, TRACE_NOBODY, upTo, entryCount);
  }

  checkpointed(cloudlet: CloudletId, upTo: number): void {
    this.#add(TRACE.checkpointed, cloudlet, TRACE_NOBODY, upTo);
  }

  synced(cloudlet: CloudletId, upTo: number): void {
    this.#add(TRACE.synced, cloudlet, TRACE_NOBODY, upTo);
  }

  notified(cloudlet: CloudletId, event: ReplicaEvent): void {
    if (event.kind === "planRefused" || event.kind === "planAdopted" || event.kind === "streamsOpened") {
      const plan = event.kind === "streamsOpened" ? 0 : event.plan;
      const missing = event.kind === "planAdopted" ? event.missing.length : 0;
      this.#add(TRACE.planned, cloudlet, TRACE_NOBODY, plan, planCodes[event.kind], missing);
      return;
    }
    if (event.kind === "detachRefused") {
      this.#add(TRACE.planned, cloudlet, event.member, 0, planCodes[event.kind], 0);
      return;
    }
    if (event.kind === "messageRefused") {
      this.#add(TRACE.refused, cloudlet, event.from, refusalCodes[event.why.kind]);
      return;
    }
    if (event.kind === "noCommonVersion") {
      this.#add(TRACE.refused, cloudlet, event.peer, refusalCodes[event.kind]);
      return;
    }
    if (event.kind === "installed") {
      const { covered, versions, from } = event;
      this.#add(TRACE.installed, cloudlet, from ?? TRACE_NOBODY, countOf(covered), versions.length);
      return;
    }
    if (event.kind === "compacted") {
      this.#add(TRACE.compacted, cloudlet, TRACE_NOBODY, event.upTo);
      return;
    }
    if (event.kind === "collected") {
      for (const { dot } of event.records) {
        this.#dot(TRACE.noted, cloudlet, TRACE_NOBODY, dot, noteCode(event.kind));
      }
      return;
    }
    if (event.kind !== "applied") {
      this.#dot(TRACE.noted, cloudlet, TRACE_NOBODY, event.dot, noteCode(event.kind));
      return;
    }
    const { records, from } = event;
    for (let index = 0; index < records.length; index += 1) {
      const { origin, incarnation, stream, sequence } = (records[index] as CausalRecord).dot;
      const bringer = from[index] ?? TRACE_NOBODY;
      const peer = bringer === "bundle" ? TRACE_NOBODY : bringer;
      this.#add(TRACE.applied, cloudlet, peer, origin, incarnation, stream, sequence);
    }
  }

  sent(flight: Flight): void {
    this.#add(TRACE.sent, flight.from, flight.to, flight.number, messageCode(flight.message), flight.size);
  }

  forwarded(site: CloudletId, flight: Flight, crossedCount: number): void {
    this.#add(TRACE.forwarded, site, flight.to, flight.number, crossedCount);
  }

  received(flight: Flight): void {
    const { from, to, number, message, size, sentAt } = flight;
    this.#add(TRACE.received, to, from, number, messageCode(message), size, sentAt);
  }

  dropped(flight: Flight, reason: DropReason): void {
    this.#add(TRACE.dropped, flight.from, flight.to, flight.number, messageCode(flight.message), dropCodes[reason]);
  }

  wayChanged(from: CloudletId, to: CloudletId, up: boolean): void {
    this.#add(TRACE.wayChanged, from, to, up ? 1 : 0);
  }

  linkChanged(from: CloudletId, to: CloudletId, link: number, up: boolean): void {
    this.#add(TRACE.linkChanged, from, to, link, up ? 1 : 0);
  }

  fired(cloudlet: CloudletId, timer: number): void {
    this.#add(TRACE.fired, cloudlet, TRACE_NOBODY, timer);
  }

  served(cloudlet: CloudletId, kind: ControlInput["kind"], waited: number, service: number): void {
    this.#add(TRACE.served, cloudlet, TRACE_NOBODY, inputCodes[kind], waited, service);
  }

  quirked(cloudlet: CloudletId | null, quirk: QuirkName): void {
    this.#add(TRACE.quirked, cloudlet ?? TRACE_NOBODY, TRACE_NOBODY, quirkNames.indexOf(quirk));
  }

  watching(cloudlet: CloudletId, event: WatchEvent): void {
    switch (event.kind) {
      case "marked":
        this.#add(TRACE.marked, cloudlet, event.about, markCodes[event.from], markCodes[event.to]);
        break;
      case "observed":
        this.#add(TRACE.observed, cloudlet, TRACE_NOBODY, TRACE_CLASSES.indexOf(event.of), event.value);
        break;
      case "confirms":
        this.#add(TRACE.confirmed, cloudlet, event.about, markCodes[event.says]);
        break;
      default:
        break;
    }
  }

  clockStepped(cloudlet: CloudletId, by: number): void {
    this.#add(TRACE.clockStepped, cloudlet, TRACE_NOBODY, by);
  }

  faultChanged(fault: number, isBeginning: boolean): void {
    this.#add(isBeginning ? TRACE.faultBegan : TRACE.faultEnded, TRACE_NOBODY, TRACE_NOBODY, fault);
  }

  healed(due: Instant): void {
    this.#add(TRACE.healed, TRACE_NOBODY, TRACE_NOBODY, due);
  }

  finished(): void {
    this.#add(TRACE.finished, TRACE_NOBODY, TRACE_NOBODY);
  }

  #dot(kind: number, cloudlet: CloudletId, peer: number, dot: Dot, code: number): void {
    this.#add(kind, cloudlet, peer, code, dot.origin, dot.incarnation, dot.stream, dot.sequence);
  }

  #ofRequest(kind: number, cloudlet: CloudletId, id: OpId, { origin, incarnation, stream, sequence }: Dot): void {
    this.#add(kind, cloudlet, TRACE_NOBODY, id, origin, incarnation, stream, sequence);
  }

  #add(kind: number, cloudlet: number, peer: number, a = 0, b = 0, c = 0, d = 0, e = 0): void {
    this.#trace.add(this.#queue.at, this.#queue.seq, kind, cloudlet, peer, a, b, c, d, e);
  }
}

function countOf(covered: readonly Covered[]): number {
  let count = 0;
  for (const { ranges } of covered) for (const { first, last } of ranges) count += last - first + 1;
  return count;
}

function messageCode(message: Message): number {
  return messageCodes[message.kind];
}

function noteCode(kind: (typeof TRACE_NOTES)[number]): number {
  return TRACE_NOTES.indexOf(kind);
}

function codesOf<Word extends string>(words: readonly Word[]): Readonly<Record<Word, number>> {
  return Object.fromEntries(words.map((word, code) => [word, code])) as Record<Word, number>;
}
