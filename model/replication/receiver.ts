// The receiving half of a link: which positions of the sender's apply order are stored here, and what acknowledgement
// follows. Positions matter for acknowledging only; records are deduplicated by dot and ordered by dependencies, so a
// batch may come twice, late, or never.

import type { CloudletId } from "../ids.ts";
import { joined } from "./cut.ts";
import type { Cut } from "./cut.ts";
import type { AckMessage, PartsMessage, Range, RecordsMessage, SnapshotMessage } from "./messages.ts";

interface Unstored {
  readonly after: number;
  readonly upTo: number;
  /** This replica's log must be stored up to here before the batch may be acknowledged. */
  readonly needs: number;
}

/** A snapshot whose parts come in: which cut of which life of the sender it is, and the parts. */
interface Assembly {
  readonly incarnation: SnapshotMessage["incarnation"];
  readonly cut: number;
  readonly count: number;
  /** Null once all had come. */
  readonly parts: ReadonlyMap<number, SnapshotMessage> | null;
}

/** What a part of a snapshot made complete, or that it did not. */
export type Assembled = { readonly kind: "complete"; readonly cut: Cut } | { readonly kind: "partial" | "repeated" };

/** The part of a message that its position is told by. */
export type Placed = Pick<RecordsMessage, "incarnation" | "epoch" | "to" | "base" | "after" | "upTo">;

const nothing: readonly Range[] = [];

/** One directed link, as its receiver sees it. */
export class Receiver {
  readonly peer: CloudletId;
  #incarnation: RecordsMessage["incarnation"] | null = null;
  #epoch = 0;
  #upTo = 0;
  // Stored ranges beyond upTo, ascending, disjoint, as positions first..last.
  #beyond: Range[] = [];
  #unstored: Unstored[] = [];
  #assembly: Assembly | null = null;
  /** True when something changed that the sender has not been told. */
  owes = false;

  constructor(peer: CloudletId) {
    this.peer = peer;
  }

  /** A batch came in, after its records were handed to the log, which now ends at `needs`. */
  received(message: Placed, needs: number): void {
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
    for (let at = 0; at < this.#unstored.length; at += 1) {
      const { after, upTo } = this.#unstored[at] as Unstored;
      if (after !== message.after || upTo !== message.upTo) continue;
      this.#unstored.splice(at, 1);
      break;
    }
    this.#unstored.push({ after: message.after, upTo: message.upTo, needs });
  }

  /**
   * A part of a snapshot came in. One cut at a time is put together, whatever epochs its parts come in; a newer one takes
   * its place.
   */
  collect(message: SnapshotMessage): Assembled {
    const { incarnation, cut, parts: count, part } = message;
    const old = this.#assembly;
    const isSame = old !== null && old.incarnation === incarnation && old.cut === cut && old.count === count;
    if (old !== null && !isSame && isOlder(message, old)) return { kind: "partial" };
    if (isSame && old.parts === null) return { kind: "repeated" };
    const parts = new Map(isSame ? old.parts : null).set(part, message);
    if (parts.size < count) {
      this.#assembly = { incarnation, cut, count, parts };
      return { kind: "partial" };
    }
    this.#assembly = { incarnation, cut, count, parts: null };
    const inOrder = [...parts.keys()].sort((a, b) => a - b).map((at) => parts.get(at) as SnapshotMessage);
    return { kind: "complete", cut: joined(inOrder) };
  }

  /** Which parts of that message's cut are here. */
  partsOf({ incarnation, epoch, cut }: SnapshotMessage): PartsMessage {
    const parts = this.#assembly?.cut === cut ? [...(this.#assembly.parts?.keys() ?? [])].sort((a, b) => a - b) : [];
    const ranges: { first: number; last: number }[] = [];
    for (const part of parts) {
      const end = ranges.at(-1);
      if (end?.last === part - 1) end.last = part;
      else ranges.push({ first: part, last: part });
    }
    return { kind: "parts", incarnation, epoch, cut, ranges };
  }

  /** Has anything come that its sender was not told is stored? */
  get isOpen(): boolean {
    return this.owes || this.#unstored.length > 0;
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
    while (this.#unstored.length > waiting) this.#unstored.pop();
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
      beyond: this.#beyond.length === 0 ? nothing : this.#beyond.slice(),
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
    copy.#assembly = this.#assembly;
    copy.owes = this.owes;
    return copy;
  }

  /** The state as numbers, for fingerprints. */
  state(): readonly number[] {
    const beyond = this.#beyond.flatMap((range) => [range.first, range.last]);
    const unstored = this.#unstored.flatMap((batch) => [batch.after, batch.upTo, batch.needs]);
    const position = [this.#incarnation ?? 0, this.#epoch, this.#upTo, Number(this.owes)];
    const { incarnation = 0, cut = 0, count = 0, parts = null } = this.#assembly ?? {};
    const here = [...(parts?.keys() ?? [])].sort((a, b) => a - b);
    const assembly = [incarnation, cut, count, here.length, ...here];
    return [this.peer, ...position, beyond.length, ...beyond, ...assembly, ...unstored];
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

function isOlder({ incarnation, cut }: SnapshotMessage, than: Assembly): boolean {
  return incarnation < than.incarnation || (incarnation === than.incarnation && cut < than.cut);
}
