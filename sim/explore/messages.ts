// Messages of an explored world, each with a number: two messages of equal content from and to the same cloudlets are one. A
// number is what a state holds of a message on its way.

import type { CloudletId } from "../../model/ids.ts";
import type { Known, Message } from "../../model/replication/messages.ts";
import { encode } from "../../model/replication/wire.ts";

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
  readonly #mails: Mail[] = [];
  readonly #numbers = new Map<string, number>();

  /** How many there are. */
  get count(): number {
    return this.#mails.length;
  }

  /** The message of this number. */
  at(number: number): Mail {
    return this.#mails[number] as Mail;
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
