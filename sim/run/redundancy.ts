// What the network carried in vain: bytes of records that the cloudlet they came to had already, charged to every link that
// they crossed. A copy that a link made, a batch that was sent again though it had arrived, a round of repeating where
// nobody can answer: all of that looks alike from the far end, and is what acknowledgements save (Q8).
//
// Leaves out what surrounds the records of a message, and what a snapshot says beside its versions. What is lost on the
// way is not counted: nobody can say whether it was known.

import type { CloudletId } from "../../model/ids.ts";
import type { CausalRecord } from "../../model/replication/record.ts";
import type { Instant } from "../../model/units.ts";
import type { TruthListener } from "../oracles/oracle.ts";
import type { Truth } from "../oracles/truth.ts";
import type { Ways } from "../world/ways.ts";

/** Counts, by channel as sim/world/ways.ts numbers them. */
export class Redundancy implements TruthListener {
  readonly #truth: Truth;
  readonly #ways: Ways;
  readonly #bytes: Float64Array;

  constructor(truth: Truth, ways: Ways) {
    this.#truth = truth;
    this.#ways = ways;
    this.#bytes = new Float64Array(ways.hops.length);
  }

  arrived(_at: Instant, from: CloudletId, to: CloudletId, record: number, isKnown: boolean): void {
    if (!isKnown) return;
    const { size } = this.#truth.records[record] as CausalRecord;
    this.arrivedAgain(from, to, size);
  }

  arrivedAgain(from: CloudletId, to: CloudletId, size: number): void {
    // The route that messages take now: one that was sent before a detour opened is charged to the detour.
    for (const { index } of this.#ways.between(from, to)?.route.hops ?? []) {
      this.#bytes[index] = (this.#bytes[index] as number) + size;
    }
  }

  /** Bytes of one direction of a link. */
  of(channel: number): number {
    return this.#bytes[channel] as number;
  }

  /** The sum over all links; what crosses two counts twice. */
  get total(): number {
    return this.#bytes.reduce((sum, bytes) => sum + bytes, 0);
  }
}
