// One link of the FIFO protocol: a queue of records out, a position in the other end's queue in. Records leave in the order
// they were delivered here and are taken in only in that order, whatever the network does to messages: who receives
// something out of turn throws it away, and the sender goes back to the first record that was not acknowledged.
//
// Leaves out what is queued, and when a queue is made anew: that is fifo.ts.

import { assert } from "../assert.ts";
import type { CloudletId, Incarnation } from "../ids.ts";
import type { AckMessage, Message, RecordsMessage } from "../replication/messages.ts";
import type { CausalRecord } from "../replication/record.ts";
import type { Adjacency } from "../topology/topology.ts";

/** Records that may be on their way unacknowledged, and in one message. */
const windowMax = 512;
const batchMax = 64;
/** Bytes of records after which a message is full. */
const batchBytes = 32_768;
/** Microseconds until the first repetition; doubled with each that follows. */
const patienceMin = 1_000_000;
const patienceMax = 32_000_000;

/** What a peer has said of itself in a greeting. */
interface Greeted {
  readonly incarnation: Incarnation | 0;
  readonly round: number;
}

/** The conversation with one neighbour. */
export class FifoLink {
  readonly peer: CloudletId;
  /** What flows over it under the plan in force: nothing when the two are no neighbours under it. */
  adjacency: Adjacency;
  up = false;
  /** Whether there is a queue: what is delivered here before does not enter it. */
  isQueueing = false;
  /** Greetings of this end, one number per opening of the way; and the last one of the other end. */
  round = 0;
  greeted: Greeted = { incarnation: 0, round: 0 };
  /** The other end has said that it heard the greeting of this round. */
  isHeard = false;
  greetingCount = 0;
  isArmed = false;

  // The queue, from `#head` on. `#first` is the position of its first record, `#next` the one that is sent next; positions
  // count from 1.
  #queue: CausalRecord[] = [];
  #head = 0;
  #first = 1;
  #next = 1;
  #epoch = 0;
  #repetitions = 0;

  // What has arrived of the other end's queue, and what of it is stored.
  #source: { readonly incarnation: Incarnation | 0; readonly epoch: number } = { incarnation: 0, epoch: 0 };
  #arrived = 0;
  #stored = 0;
  #unstored: { readonly position: number; readonly needs: number }[] = [];
  #owes = false;

  constructor(adjacency: Adjacency) {
    this.peer = adjacency.peer;
    this.adjacency = adjacency;
  }

  /** Are the two ends neighbours under the plan in force? */
  get isLinked(): boolean {
    return this.adjacency.out.length + this.adjacency.in.length > 0;
  }

  // --- sending ---

  /** Begins a queue with these records; the other end learns from the epoch that positions count anew. */
  beginQueue(records: readonly CausalRecord[]): void {
    this.endQueue();
    this.isQueueing = true;
    this.#epoch += 1;
    this.#queue = records.slice();
  }

  /** There is no queue until the next one begins. */
  endQueue(): void {
    this.isQueueing = false;
    this.#queue = [];
    this.#head = 0;
    this.#first = 1;
    this.#next = 1;
    this.#repetitions = 0;
  }

  /** Puts a record at the end of the queue, if there is one. */
  enqueue(record: CausalRecord): void {
    if (this.isQueueing) this.#queue.push(record);
  }

  /** Is something sent that was not acknowledged? */
  get isWaiting(): boolean {
    return this.up && this.#next > this.#first;
  }

  /** Sends what the window allows. */
  pump(incarnation: Incarnation, send: (message: Message) => void): void {
    const end = this.#first + this.#queue.length - this.#head;
    while (this.up && this.#next < end && this.#next - this.#first < windowMax) {
      const from = this.#head + this.#next - this.#first;
      let count = 0;
      const most = Math.min(batchMax, this.#queue.length - from, windowMax - (this.#next - this.#first));
      for (let size = 0; count < most && size < batchBytes; count += 1) {
        size += (this.#queue[from + count] as CausalRecord).size;
      }
      const records = this.#queue.slice(from, from + count);
      const after = this.#next - 1;
      this.#next += count;
      const position = { base: this.#first - 1, after, upTo: this.#next - 1 };
      send({ kind: "records", incarnation, epoch: this.#epoch, to: 0, ...position, records });
    }
  }

  /** The way closed or no answer came: what was not acknowledged is sent again. */
  goBack(): void {
    this.#next = this.#first;
  }

  /** No answer came in time. */
  timedOut(): void {
    this.#repetitions += 1;
    this.goBack();
  }

  /** An acknowledgement: the queue gives up what it covers. */
  acknowledged(message: AckMessage, incarnation: Incarnation): void {
    if (message.incarnation !== incarnation || message.epoch !== this.#epoch || message.upTo < this.#first) return;
    const covered = message.upTo - this.#first + 1;
    assert(covered <= this.#queue.length - this.#head, "an acknowledgement of what was never queued");
    this.#head += covered;
    if (this.#head > 64 && this.#head * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#head);
      this.#head = 0;
    }
    this.#first += covered;
    this.#next = Math.max(this.#next, this.#first);
    this.#repetitions = 0;
  }

  /** Microseconds until the next repetition when nothing is heard. */
  patience(): number {
    return Math.min(patienceMin * (1 << Math.min(5, this.#repetitions)), patienceMax);
  }

  // --- receiving ---

  /** The records of a message whose turn it is; none when it is late, repeated or early. */
  take(message: RecordsMessage): readonly CausalRecord[] {
    const { incarnation, epoch } = this.#source;
    if (message.incarnation < incarnation || (message.incarnation === incarnation && message.epoch < epoch)) return [];
    if (message.incarnation !== incarnation || message.epoch !== epoch) {
      this.#source = { incarnation: message.incarnation, epoch: message.epoch };
      this.#arrived = 0;
      this.#stored = 0;
      this.#unstored = [];
    }
    // Up to `base` this end has acknowledged once, perhaps in a former life: it is stored here, or lost with its disk.
    this.#arrived = Math.max(this.#arrived, message.base);
    this.#stored = Math.max(this.#stored, message.base);
    this.#owes = true;
    if (message.after > this.#arrived || message.upTo <= this.#arrived) return [];
    const fresh = message.records.slice(this.#arrived - message.after);
    this.#arrived = message.upTo;
    return fresh;
  }

  /** All that has arrived is stored once the disk has confirmed its log up to here. */
  storedWith(logEnd: number): void {
    this.#unstored.push({ position: this.#arrived, needs: logEnd });
  }

  /** The disk has confirmed so much. Returns the acknowledgement that is due, or null. */
  acknowledgement(storedUpTo: number): AckMessage | null {
    for (let head = this.#unstored[0]; head !== undefined && head.needs <= storedUpTo; head = this.#unstored[0]) {
      this.#stored = Math.max(this.#stored, head.position);
      this.#unstored.shift();
      this.#owes = true;
    }
    const { incarnation, epoch } = this.#source;
    if (!this.#owes || !this.up || incarnation === 0 || this.#unstored.length > 0) return null;
    this.#owes = false;
    return { kind: "ack", incarnation, epoch, upTo: this.#stored, beyond: [] };
  }

  // --- as a value ---

  /** A copy that shares nothing mutable. */
  clone(): FifoLink {
    const copy = new FifoLink(this.adjacency);
    copy.up = this.up;
    copy.isQueueing = this.isQueueing;
    copy.round = this.round;
    copy.greeted = this.greeted;
    copy.isHeard = this.isHeard;
    copy.greetingCount = this.greetingCount;
    copy.isArmed = this.isArmed;
    copy.#queue = this.#queue.slice(this.#head);
    copy.#first = this.#first;
    copy.#next = this.#next;
    copy.#epoch = this.#epoch;
    copy.#repetitions = this.#repetitions;
    copy.#source = this.#source;
    copy.#arrived = this.#arrived;
    copy.#stored = this.#stored;
    copy.#unstored = this.#unstored.slice();
    copy.#owes = this.#owes;
    return copy;
  }

  /** What waits to be acknowledged, in order. */
  get queue(): readonly CausalRecord[] {
    return this.#queue.slice(this.#head);
  }

  /** The rest of the state as numbers, for fingerprints. */
  state(): readonly number[] {
    const flags = [this.up, this.isQueueing, this.isHeard, this.isArmed, this.#owes].map(Number);
    const greetings = [this.round, this.greeted.incarnation, this.greeted.round, this.greetingCount];
    const sending = [this.#first, this.#next, this.#epoch, this.#repetitions];
    const receiving = [this.#source.incarnation, this.#source.epoch, this.#arrived, this.#stored];
    const unstored = this.#unstored.flatMap(({ position, needs }) => [position, needs]);
    const scopes = [this.adjacency.out.length, ...this.adjacency.out, this.adjacency.in.length, ...this.adjacency.in];
    return [this.peer, ...scopes, ...flags, ...greetings, ...sending, ...receiving, unstored.length, ...unstored];
  }
}
