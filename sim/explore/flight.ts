// Messages on their way in the state that is in the making: numbers behind the rest of it. Where links may reorder, they lie by
// direction and then by what they say, so that equal bags are equal rows; where they keep order, by direction and in the order in
// which they were sent. Whatever goes through them in a row thus goes in an order that does not hang on what was found first.
//
// Acknowledgements may ride: then none arrives by itself. It waits until another message goes the same way that tells its receiver
// something, arrives with that, and is never lost; a later one takes its place. That is a delay which the core must bear, and saves
// most of the states.

import { assert } from "../../model/assert.ts";
import type { ExploreSetting } from "../scenario/scenario.ts";
import { actionOf } from "./actions.ts";
import type { Mail, Messages } from "./messages.ts";
import type { VectorLayout } from "./vector.ts";
import type { Ways } from "./ways.ts";

const room = 512;

/** The messages of a state. */
export class Flight {
  readonly state: Int32Array;
  /** Of the whole state. */
  length: number;
  /** Where messages begin. */
  readonly from: number;
  readonly #messages: Messages;
  readonly #ways: Ways;
  readonly #isOrdered: boolean;
  readonly #isRiding: boolean;

  constructor({ messages: from }: VectorLayout, messages: Messages, ways: Ways, bounds: ExploreSetting) {
    this.state = new Int32Array(from + room);
    this.length = from;
    this.from = from;
    this.#messages = messages;
    this.#ways = ways;
    this.#isOrdered = bounds.order === "kept";
    this.#isRiding = bounds.acknowledgements === "ride";
  }

  /** One more message. */
  put(message: number): void {
    const { state } = this;
    assert(this.length < state.length, "a state has room for its messages");
    const mail = this.#messages.at(message);
    if (this.#isRiding && mail.isAcknowledgement) this.#supersede(mail);
    const direction = this.#isOrdered ? this.#directionOf(message) : 0;
    let at = this.length;
    while (at > this.from) {
      const before = state[at - 1] as number;
      if (this.#isOrdered ? this.#directionOf(before) <= direction : !this.#messages.isBefore(message, before)) break;
      state[at] = before;
      at -= 1;
    }
    state[at] = message;
    this.length += 1;
  }

  /** Takes a message away. */
  take(message: number): void {
    this.#removeAt(this.#placeOf(message));
  }

  /** Takes the acknowledgement away that rides with the next message from one to the other: its number, or -1. */
  takeRiding(from: number, to: number): number {
    const at = this.#isRiding ? this.#acknowledgement(from, to) : -1;
    if (at < 0) return -1;
    const number = this.state[at] as number;
    this.#removeAt(at);
    return number;
  }

  /** Puts an action of this kind for each message that may arrive next to the list; equal ones count once. */
  each(list: number[], kind: number): void {
    const { state } = this;
    let last = -1;
    for (let at = this.from; at < this.length; at += 1) {
      const message = state[at] as number;
      if (this.#rides(message)) continue;
      const group = this.#isOrdered ? this.#directionOf(message) : message;
      if (group !== last) list.push(actionOf(kind, message));
      last = group;
    }
  }

  /** How many messages may arrive by themselves, equal ones counted each. */
  get arriving(): number {
    let count = 0;
    for (let at = this.from; at < this.length; at += 1) if (!this.#rides(this.state[at] as number)) count += 1;
    return count;
  }

  /** Those messages. */
  arrivals(): number[] {
    return [...this.state.subarray(this.from, this.length)].filter((message) => !this.#rides(message));
  }

  /** Is this message on its way? */
  has(message: number): boolean {
    for (let at = this.from; at < this.length; at += 1) if (this.state[at] === message) return true;
    return false;
  }

  /** The acknowledgement that waits to ride from one to the other; -1 when none does. */
  riding(from: number, to: number): number {
    const at = this.#isRiding ? this.#acknowledgement(from, to) : -1;
    return at < 0 ? -1 : (this.state[at] as number);
  }

  /** The first message, riding or not; -1 when there is none. */
  first(): number {
    return this.length === this.from ? -1 : (this.state[this.from] as number);
  }

  /** Nothing is on this way any more. */
  clear(way: number): void {
    let kept = this.from;
    for (let at = this.from; at < this.length; at += 1) {
      const message = this.state[at] as number;
      if (this.#directionOf(message) >>> 1 === way) continue;
      this.state[kept] = message;
      kept += 1;
    }
    this.length = kept;
  }

  #rides(message: number): boolean {
    return this.#isRiding && this.#messages.at(message).isAcknowledgement;
  }

  // What a later acknowledgement says covers what an earlier one has said.
  #supersede({ from, to }: Mail): void {
    const at = this.#acknowledgement(from, to);
    if (at >= 0) this.#removeAt(at);
  }

  #acknowledgement(from: number, to: number): number {
    for (let at = this.from; at < this.length; at += 1) {
      const mail = this.#messages.at(this.state[at] as number);
      if (mail.isAcknowledgement && mail.from === from && mail.to === to) return at;
    }
    return -1;
  }

  #placeOf(message: number): number {
    for (let at = this.from; at < this.length; at += 1) if (this.state[at] === message) return at;
    assert(false, "a message that arrives is on its way");
  }

  #removeAt(at: number): void {
    this.length -= 1;
    for (let next = at; next < this.length; next += 1) this.state[next] = this.state[next + 1] as number;
  }

  #directionOf(message: number): number {
    const { from, to } = this.#messages.at(message);
    return this.#ways.direction(from, to);
  }
}
