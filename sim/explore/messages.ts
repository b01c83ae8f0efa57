// Messages of an explored world, each with a number: two messages of equal content from and to the same cloudlets are one. A
// number is what a state holds of a message on its way.

import type { CloudletId } from "../../model/ids.ts";
import type { Known, Message } from "../../model/replication/messages.ts";
import { encode } from "../../model/replication/wire.ts";
import { Contents } from "./content.ts";

/** A message and its way. */
export interface Mail {
  readonly from: CloudletId;
  readonly to: CloudletId;
  readonly message: Message;
  /** An acknowledgement: it says what was stored up to now, so that a later one takes its place. */
  readonly isAcknowledgement: boolean;
  readonly isGreeting: boolean;
  /** Records of a life of its sender: which one; 0 for anything else. */
  readonly recordsOf: number;
}

/** All messages that were ever sent. */
export class Messages {
  readonly contents = new Contents();
  readonly #mails: Mail[] = [];
  // By number: where it lies among messages of one state, by direction and then by content.
  readonly #ranks: number[] = [];
  readonly #numbers = new Map<string, number>();

  /** How many there are. */
  get count(): number {
    return this.#mails.length;
  }

  /** The message of this number. */
  at(number: number): Mail {
    return this.#mails[number] as Mail;
  }

  /**
   * Does one lie before the other in a state, whichever was found first? Of messages of one direction content decides; that two agree in
   * 43 bits of it is as good as never, and then their numbers do.
   */
  isBefore(one: number, other: number): boolean {
    const [rank, rankOther] = [this.#ranks[one] as number, this.#ranks[other] as number];
    return rank === rankOther ? one < other : rank < rankOther;
  }

  /** The number of this message. */
  numberOf(from: CloudletId, to: CloudletId, sent: Message): number {
    const message = canonical(sent);
    const name = `${from}>${to}:${Buffer.from(encode(message)).toString("latin1")}`;
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#mails.length;
    const { kind } = message;
    const recordsOf = kind === "records" ? message.incarnation : 0;
    this.#mails.push({ from, to, message, isAcknowledgement: kind === "ack", isGreeting: kind === "hello", recordsOf });
    this.#numbers.set(name, number);
    this.contents.push(name);
    const { low, high } = this.contents;
    // 10 bits, 32 and 11: a whole number that a number holds.
    this.#ranks.push(
      ((from * 32 + to) * 4_294_967_296 + (low[number] as number)) * 2_048 + ((high[number] as number) >>> 21),
    );
    return number;
  }
}

// A greeting lists writers in the order in which its speaker heard of them: an order without a meaning, which would make two
// messages of one.
function canonical(message: Message): Message {
  if (message.kind !== "hello" || message.known.length < 2) return message;
  return { ...message, known: message.known.toSorted(byWriter) };
}

function byWriter(a: Known, b: Known): number {
  return a.stream - b.stream || a.origin - b.origin || a.incarnation - b.incarnation;
}
