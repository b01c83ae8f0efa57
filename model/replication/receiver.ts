// The receiving half of a link: which positions of the sender's apply order are stored here, and what acknowledgement
// follows. Positions matter for acknowledging only; records are deduplicated by dot and ordered by dependencies, so a
// batch may come twice, late, or never.

import type { CloudletId } from "../ids.ts";
import type { AckMessage, Range, RecordsMessage } from "./messages.ts";

interface Unstored {
  readonly after: number;
  readonly upTo: number;
  /** This replica's log must be stored up to here before the batch may be acknowledged. */
  readonly needs: number;
}

/** One directed link, as its receiver sees it. */
export class Receiver {
  readonly peer: CloudletId;
  #incarnation: RecordsMessage["incarnation"] | null = null;
  #epoch = 0;
  #upTo = 0;
  // Stored ranges beyond upTo, ascending, disjoint, as positions first..last.
  #beyond: Range[] = [];
  #unstored: Unstored[] = [];
  /** True when something changed that the sender has not been told. */
  owes = false;

  constructor(peer: CloudletId) {
    this.peer = peer;
  }

  /** A batch came in, after its records were handed to the log, which now ends at `needs`. */
  received(message: RecordsMessage, needs: number): void {
    const older = message.incarnation === this.#incarnation && message.epoch < this.#epoch;
    if (older) return;
    if (message.incarnation !== this.#incarnation || message.epoch !== this.#epoch) {
      this.#incarnation = message.incarnation;
      this.#epoch = message.epoch;
      this.#upTo = 0;
      this.#beyond = [];
      this.#unstored = [];
    }
    // Only a sender that knows whom it speaks to knows what that one has stored.
    if (message.to !== 0 && message.base > this.#upTo) this.#advance(message.base);
    const known = this.#unstored.findIndex(({ after, upTo }) => after === message.after && upTo === message.upTo);
    if (known >= 0) this.#unstored.splice(known, 1);
    this.#unstored.push({ after: message.after, upTo: message.upTo, needs });
  }

  /** The log is stored up to here: what it covers may be acknowledged. */
  stored(upTo: number): void {
    if (this.#unstored.length === 0) return;
    let waiting = 0;
    for (const batch of this.#unstored) {
      if (batch.needs <= upTo) {
        this.owes = true;
        this.#cover(batch.after, batch.upTo);
      } else {
        this.#unstored[waiting] = batch;
        waiting += 1;
      }
    }
    this.#unstored.length = waiting;
  }

  /** The acknowledgement to send now. */
  acknowledgement(): AckMessage | null {
    if (!this.owes || this.#incarnation === null) return null;
    this.owes = false;
    return {
      kind: "ack",
      incarnation: this.#incarnation,
      epoch: this.#epoch,
      upTo: this.#upTo,
      beyond: this.#beyond.slice(),
    };
  }

  /** A copy that shares nothing mutable. */
  clone(): Receiver {
    const copy = new Receiver(this.peer);
    copy.#incarnation = this.#incarnation;
    copy.#epoch = this.#epoch;
    copy.#upTo = this.#upTo;
    copy.#beyond = this.#beyond.slice();
    copy.#unstored = this.#unstored.slice();
    copy.owes = this.owes;
    return copy;
  }

  /** The state as numbers, for fingerprints. */
  state(): readonly number[] {
    const beyond = this.#beyond.flatMap((range) => [range.first, range.last]);
    const unstored = this.#unstored.flatMap((batch) => [batch.after, batch.upTo, batch.needs]);
    const position = [this.#incarnation ?? 0, this.#epoch, this.#upTo, Number(this.owes)];
    return [this.peer, ...position, beyond.length, ...beyond, ...unstored];
  }

  #cover(after: number, upTo: number): void {
    if (upTo <= this.#upTo) return;
    if (after <= this.#upTo) {
      this.#advance(upTo);
      return;
    }
    const ranges: Range[] = [];
    let first = after + 1;
    let last = upTo;
    for (const range of this.#beyond) {
      if (range.last + 1 < first || last + 1 < range.first) ranges.push(range);
      else {
        first = Math.min(first, range.first);
        last = Math.max(last, range.last);
      }
    }
    ranges.push({ first, last });
    this.#beyond = ranges.sort((a, b) => a.first - b.first);
  }

  #advance(upTo: number): void {
    this.#upTo = upTo;
    while (this.#beyond.length > 0 && (this.#beyond[0] as Range).first <= this.#upTo + 1) {
      const range = this.#beyond.shift() as Range;
      this.#upTo = Math.max(this.#upTo, range.last);
    }
  }
}
