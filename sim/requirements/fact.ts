// A fact: a statement that no oracle watches, tried out as it stands: what a topology answers, or what two runs beside each other
// come to. It knows ways to break it, by name, so that its rows of the catalogue can be turned.
//
// Leaves out the facts (topology-facts.ts, run-facts.ts).

/** A way to break it: what would be in place of what is there. */
export interface Deviation {
  readonly name: string;
  readonly says: string;
}

/** What came of trying. `count` tells how often the statement was really put to the test. */
export interface Tried {
  readonly count: number;
  /** What does not hold, in a sentence; null where everything does. */
  readonly complaint: string | null;
}

/** One fact. */
export interface Fact {
  readonly name: string;
  readonly says: string;
  readonly deviations: readonly Deviation[];
  /** Tries it out; `deviation`: with that in place of what is there. */
  readonly try: (deviation: string | null) => Tried;
}

/** Counts what is tried, and keeps the first complaint. */
export class Trial {
  #count = 0;
  #complaint: string | null = null;

  /** Puts the statement to the test once. */
  expect(holds: boolean, complaint: () => string): void {
    this.#count += 1;
    if (!holds) this.#complaint ??= complaint();
  }

  /** Has it come to a complaint? Then nothing more need be tried: the first one is kept. */
  get isBroken(): boolean {
    return this.#complaint !== null;
  }

  /** What came of it. */
  end(): Tried {
    return { count: this.#count, complaint: this.#complaint };
  }
}
