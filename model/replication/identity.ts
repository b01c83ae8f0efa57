// Whether this life of a process is alone with its name. A host that hands out an incarnation twice, after a disk that went
// back in time or was copied, makes two lives write different records under the same dots: what one cloudlet holds as a
// record another holds as a different one, and no later message shows it. It is found
//
// 1. when a record arrives under a name that is known, and says something else;
// 2. when a record of this very life arrives, or is named in a greeting, that this life has not written;
// 3. when a greeting's digest over records that are all held here differs from the own one;
// 4. when a greeting says that its speaker has found a life of its own doubled.
//
// A life that finds itself doubled is fenced: it answers reads and brings others' records on, but it writes nothing more,
// answers no write that was still under way, and sends nothing of what it wrote. Its next life, under a name of its own, is
// free again. What a doubled life wrote is not sorted out here: that needs a person.
//
// Often a cloudlet is the only one who can know that a life of its own is doubled: others hear of its old records, and nothing of those
// that it has lost is strange to them. So it tells all neighbours, in a greeting, since it writes nothing that could tell them:
//
// 1. c comes back in life 2 once more, with an older disk. The region greets it, and names records of c.2 that this life has not written.
// 2. c is fenced, and greets the region anew: of life 2 of c it says that it is doubled. 3. The region reports a collision of c.2.

import type { CloudletId, Incarnation } from "../ids.ts";
import { DOUBLED, NO_DIGEST } from "./digests.ts";
import type { Holdings } from "./holdings.ts";
import type { ClientResult, ReplicaEvent } from "./io.ts";
import type { Known } from "./messages.ts";
import type { CausalRecord, Dot } from "./record.ts";
import type { Rules } from "./rules.ts";
import { sameContent } from "./same-content.ts";

const none: readonly Incarnation[] = [];

/** The identity of one replica's life. */
export class Identity {
  readonly #self: CloudletId;
  readonly #holdings: Holdings;
  readonly #rules: Rules;
  #life = 0 as Incarnation;
  // Lives of this cloudlet that are doubled, each with a record of two contents, or that was not known here.
  readonly #doubled: Map<Incarnation, Dot>;
  #isUntold = false;

  constructor(self: CloudletId, holdings: Holdings, rules: Rules, like: Identity | null) {
    this.#self = self;
    this.#holdings = holdings;
    this.#rules = rules;
    this.#life = like === null ? this.#life : like.#life;
    this.#doubled = new Map(like === null ? null : like.#doubled);
  }

  /** The process's life; 0 before it starts. */
  get life(): Incarnation {
    return this.#life;
  }

  /** Has this life found itself doubled? */
  get isFenced(): boolean {
    return this.#doubled.size > 0 && this.#doubled.has(this.#life);
  }

  /** Lives of this cloudlet that are known to be doubled, ascending. */
  get doubled(): readonly Incarnation[] {
    return this.#doubled.size === 0 ? none : [...this.#doubled.keys()].sort((a, b) => a - b);
  }

  /** Has a life of this cloudlet been found doubled since this was asked last? */
  turnedDoubled(): boolean {
    const isUntold = this.#isUntold;
    this.#isUntold = false;
    return isUntold;
  }

  /** What a greeting says that names this: of own lives that are doubled that they are, whatever flows to the neighbour. */
  told(known: readonly Known[]): readonly Known[] {
    if (this.#doubled.size === 0) return known;
    const isDoubled = ({ origin, incarnation }: Known): boolean =>
      origin === this.#self && this.#doubled.has(incarnation);
    const named = known.map((one) => (isDoubled(one) ? { ...one, digest: DOUBLED } : one));
    const bare = [...this.#doubled.values()]
      .filter(({ incarnation }) => !known.some((one) => isDoubled(one) && one.incarnation === incarnation))
      .map(({ stream, origin, incarnation }) => ({ stream, origin, incarnation, ranges: [], digest: DOUBLED }));
    return [...named, ...bare];
  }

  /** The process starts its life. */
  begin(life: Incarnation): void {
    this.#life = life;
  }

  /** Was it written in this life? */
  isOwn(dot: Dot): boolean {
    return dot.origin === this.#self && dot.incarnation === this.#life;
  }

  /** Must it not leave this cloudlet? */
  keepsBack(dot: Dot): boolean {
    return this.isFenced && this.isOwn(dot);
  }

  /** May a record that came in be taken in? Not one of this very life that this life did not write. */
  takes(record: CausalRecord, events: ReplicaEvent[]): boolean {
    const { dot } = record;
    if (!this.isOwn(dot) || !this.#rules.heedsCollisions()) return true;
    const held = this.#holdings.index.find(dot);
    if (this.#holdings.ledger.isKnown(dot) && (held === null || held === record || sameContent(held, record)))
      return true;
    this.#collided(dot, events);
    return false;
  }

  /**
   * Compares what a neighbour says it has with what is here; `isRepeated`: it has said so before. That a life is doubled is heard in any
   * case: a doubled life counts its greetings as another one of its name did, and what it says may look like that one's.
   */
  hear(known: readonly Known[], isRepeated: boolean, events: ReplicaEvent[]): void {
    if (!this.#rules.heedsCollisions()) return;
    for (const { stream, origin, incarnation, ranges, digest } of known) {
      const sequence = ranges.at(-1)?.last ?? 0;
      if (digest === DOUBLED) {
        this.#collided({ origin, incarnation, stream, sequence: Math.max(1, sequence) }, events);
        continue;
      }
      if (sequence === 0 || isRepeated) continue;
      const dot: Dot = { origin, incarnation, stream, sequence };
      if (this.isOwn(dot) && !this.#holdings.ledger.isKnown(dot)) {
        this.#collided(dot, events);
        continue;
      }
      const slot = this.#holdings.writers.find(dot);
      if (slot < 0 || digest === NO_DIGEST) continue;
      const own = this.#holdings.digests.of(slot, ranges);
      if (own !== NO_DIGEST && own !== digest) this.#collided(dot, events);
    }
  }

  /** What a client is told whose write is stored. `behind`: what of its session's past is missing here. */
  written(dot: Dot, behind: readonly Dot[] | null): ClientResult {
    if (this.isFenced) return this.refusal();
    return behind === null ? { kind: "written", dot } : { kind: "written", dot, behind };
  }

  /** What a client of a fenced life is told. */
  refusal(): Extract<ClientResult, { kind: "refused" }> {
    const why = "another process has written under this one's name; start this one again under a name of its own";
    return { kind: "refused", code: "fenced", why };
  }

  #collided(dot: Dot, events: ReplicaEvent[]): void {
    events.push({ kind: "dotCollision", dot });
    if (dot.origin !== this.#self || this.#doubled.has(dot.incarnation)) return;
    this.#doubled.set(dot.incarnation, dot);
    this.#isUntold = true;
    if (this.isOwn(dot)) events.push({ kind: "fenced", dot });
  }
}
