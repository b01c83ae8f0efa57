// Greetings that arrive in the step in which they were sent, and what they are answered with. Of one direction they arrive in the order in
// which they were sent, and of several by direction, senders with lower numbers first. That is the one order in a step which numbers of
// cloudlets decide. So where some may be exchanged (symmetry.ts), the other orders are tried as well: those in which the same greetings
// arrive where everybody is exchanged. All must end alike, or nothing is exchanged from then on.

import type { Flight } from "./flight.ts";
import { inputKinds, inputOf } from "./site.ts";
import type { Sites } from "./sites.ts";
import type { Symmetry } from "./symmetry.ts";
import type { Truth } from "./truth.ts";

/** What of a world greets. */
export interface GreetingRoom {
  readonly sites: Sites;
  readonly flight: Flight;
  readonly truth: Truth;
  readonly symmetry: Symmetry;
  /** Gives an input to a cloudlet of the state that is in the making. */
  step(cloudlet: number, input: number): void;
}

/** Lets greetings arrive. */
export class Greets {
  readonly #room: GreetingRoom;
  /** On their way, in the order in which they were sent. */
  readonly #sent: number[] = [];
  // Directions in which some arrived, senders times 32 and receivers.
  readonly #directions: number[] = [];
  readonly #before: Int32Array;
  readonly #after: Int32Array;

  constructor(room: GreetingRoom) {
    this.#room = room;
    this.#before = new Int32Array(room.flight.state.length);
    this.#after = new Int32Array(room.flight.state.length);
  }

  /** Another one was sent. */
  send(message: number): void {
    this.#sent.push(message);
  }

  /** All on their way arrive. */
  arrive(): void {
    if (this.#sent.length === 0) return;
    const { flight, symmetry, truth } = this.#room;
    if (symmetry.order === 1) {
      this.#arrive(0);
      return;
    }
    const sent = this.#sent.slice();
    const { length: before } = flight;
    const { violation: violationBefore } = truth;
    copy(flight.state, this.#before, before);
    this.#directions.length = 0;
    this.#arrive(0);
    const directions = this.#directions.slice();
    const { length: after } = flight;
    const { violation } = truth;
    copy(flight.state, this.#after, after);
    let isAlike = true;
    for (let by = 1; by < symmetry.order && isAlike; by += 1) {
      if (this.#isSameOrder(by, directions)) continue;
      copy(this.#before, flight.state, before);
      flight.length = before;
      truth.violation = violationBefore;
      this.#sent.push(...sent);
      this.#arrive(by);
      isAlike = flight.length === after && (truth.violation === null) === (violation === null);
      for (let at = 0; at < after && isAlike; at += 1) isAlike = flight.state[at] === this.#after[at];
    }
    copy(this.#after, flight.state, after);
    flight.length = after;
    truth.violation = violation;
    if (!isAlike) symmetry.refuse("who is greeted first makes a difference");
  }

  // In the order of directions that an exchange makes of theirs.
  #arrive(by: number): void {
    const room = this.#room;
    const { sites } = room;
    while (this.#sent.length > 0) {
      let [first, least] = [0, Infinity];
      for (let at = 0; at < this.#sent.length; at += 1) {
        const place = this.#placeOf(by, this.#directionOf(this.#sent[at] as number));
        if (place < least) [first, least] = [at, place];
      }
      const [message] = this.#sent.splice(first, 1) as [number];
      const direction = this.#directionOf(message);
      if (by === 0 && !this.#directions.includes(direction)) this.#directions.push(direction);
      room.step(sites.messages.at(message).to, inputOf(inputKinds.receive, message));
    }
  }

  #directionOf(message: number): number {
    const { from, to } = this.#room.sites.messages.at(message);
    return from * 32 + to;
  }

  #placeOf(by: number, direction: number): number {
    const { cloudlets } = this.#room.symmetry.exchanges[by] as Symmetry["exchanges"][number];
    return (cloudlets[direction >>> 5] as number) * 32 + (cloudlets[direction & 31] as number);
  }

  // Then nothing would arrive in another order.
  #isSameOrder(by: number, directions: readonly number[]): boolean {
    return directions.every((one) =>
      directions.every((other) => one < other === this.#placeOf(by, one) < this.#placeOf(by, other)),
    );
  }
}

function copy(from: Int32Array, to: Int32Array, length: number): void {
  for (let at = 0; at < length; at += 1) to[at] = from[at] as number;
}
