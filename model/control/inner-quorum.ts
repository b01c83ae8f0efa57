// The store inside a cloudlet that its plane lives on (A2c): some members of one place, of which a majority must be up for a transaction.
// It promises more than the layer between cloudlets does: whoever reads gets the latest that was written. For that it stops where
// the majority is gone. Nothing else does: a plane whose store has stopped counts as failed, and what others ask of the
// cloudlet comes into its queue all the same, and waits there.
//
// 1. Members 1 and 2 of three go down: a write is refused, nothing of it is kept. 2. An operation comes from above: it stands here, and
// is not begun. 3. Member 1 is back, with what it had: any two members share one that knows the latest of each key, and
// that counts. 4. The plane works again, and the queue drains.
//
// Leaves out elections and messages between the members, which are at one place: what a transaction needs is asked at once.

import { assert } from "../assert.ts";
import type { PlaneState } from "./planes.ts";

interface Held {
  readonly version: number;
  readonly value: string;
}

/** Too few members are up: nothing was read, nothing was written. */
export interface NoQuorum {
  readonly kind: "refused";
  readonly code: "noQuorum";
  readonly why: string;
}

/** What a transaction comes to. `version`: how many writes of the key there have been. */
export type InnerResult =
  | { readonly kind: "written"; readonly version: number }
  /** Null: it was never written. */
  | { readonly kind: "read"; readonly value: string | null; readonly version: number }
  | NoQuorum;

function majorityOf(members: number): number {
  return Math.floor(members / 2) + 1;
}

/** One store. */
export class InnerStore {
  readonly #members: readonly { readonly held: Map<string, Held>; isUp: boolean }[];
  readonly #needed: number;

  /** @param needed how many must be up; left out except to plant a bug: a majority */
  constructor(members: number, needed: number = majorityOf(members)) {
    assert(Number.isSafeInteger(members) && members >= 1, "a store has a member");
    this.#members = Array.from({ length: members }, () => ({ held: new Map(), isUp: true }));
    this.#needed = needed;
  }

  /** A member goes down or comes back, with what it had. */
  set(member: number, isUp: boolean): void {
    const one = this.#members[member];
    assert(one !== undefined, "a member that there is");
    one.isUp = isUp;
  }

  /** The plane that lives on it. */
  get plane(): PlaneState {
    return this.#up().length >= this.#needed ? "healthy" : "failed";
  }

  /** The latest value of a key. */
  read(key: string): InnerResult {
    const refused = this.#refusal();
    if (refused !== null) return refused;
    const latest = this.#latest(key);
    return { kind: "read", value: latest?.value ?? null, version: latest?.version ?? 0 };
  }

  /** Puts a value in the place of what stands at a key: at all members that are up, or at none. */
  write(key: string, value: string): InnerResult {
    const refused = this.#refusal();
    if (refused !== null) return refused;
    const version = (this.#latest(key)?.version ?? 0) + 1;
    for (const { held } of this.#up()) held.set(key, { version, value });
    return { kind: "written", version };
  }

  #up(): readonly { readonly held: Map<string, Held> }[] {
    return this.#members.filter(({ isUp }) => isUp);
  }

  #latest(key: string): Held | null {
    let latest: Held | null = null;
    for (const { held } of this.#up()) {
      const here = held.get(key);
      if (here !== undefined && (latest === null || here.version > latest.version)) latest = here;
    }
    return latest;
  }

  #refusal(): NoQuorum | null {
    const up = this.#up().length;
    if (up >= this.#needed) return null;
    const why = `${up} of ${this.#members.length} members of the store are up, and it takes ${this.#needed}`;
    return { kind: "refused", code: "noQuorum", why };
  }
}
