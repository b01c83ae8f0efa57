// What one neighbour has been sent and has not acknowledged: since when the oldest of it waits. Read off the messages themselves, so that
// nothing has to be asked of the replica.
//
// Leaves out what was never sent, since a neighbour that may be sent more has acknowledged what it was sent.

import type { Message } from "../replication/messages.ts";

interface Waiting {
  upTo: number;
  readonly since: number;
}

/** Batches that are told apart; of more the last ones count as one, as old as the first of them. */
const waitingMax = 32;

/** Follows one direction to one neighbour. */
export class Outstanding {
  #epoch: number;
  #waiting: Waiting[];

  constructor(like: Outstanding | null = null) {
    this.#epoch = like === null ? 0 : like.#epoch;
    this.#waiting = like === null ? [] : like.#waiting.map((one) => ({ ...one }));
  }

  /** Since when the oldest waits; null: nothing does. */
  get since(): number | null {
    return this.#waiting[0]?.since ?? null;
  }

  /** A message goes there. */
  sent(message: Message, now: number): void {
    if (message.kind !== "records" && message.kind !== "snapshot") return;
    const { epoch, upTo } = message;
    if (epoch !== this.#epoch) {
      this.#epoch = epoch;
      // What went under another epoch is sent again: it goes on waiting.
      const [oldest] = this.#waiting;
      this.#waiting = oldest === undefined ? [] : [{ upTo, since: oldest.since }];
    }
    const last = this.#waiting.at(-1);
    if (last !== undefined && upTo <= last.upTo) return;
    if (last !== undefined && this.#waiting.length >= waitingMax) last.upTo = upTo;
    else this.#waiting.push({ upTo, since: now });
  }

  /** A message came from there. */
  received(message: Message): void {
    if (message.kind !== "ack" || message.epoch !== this.#epoch) return;
    this.#waiting = this.#waiting.filter(({ upTo }) => upTo > message.upTo);
  }

  /** The way closed: what comes of it is seen when it opens. */
  closed(): void {
    this.#waiting = [];
  }
}
