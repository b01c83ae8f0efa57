// What sessions that move go through: how often they moved, what they took along, how often they were answered behind, how
// long their clients waited out of reach. And whether one that gave its past up read something older than that past, which is
// what giving up costs. Runs without such sessions report none of this.

import { carriedSize } from "../../model/replication/wire.ts";
import { Histogram } from "../kernel/histogram.ts";
import type { Clock } from "./clock.ts";
import type { Marks } from "./marks.ts";
import type { Listener } from "./oracle.ts";
import type { SessionTruth } from "./session-truth.ts";
import { isBehind } from "./session-versions.ts";
import type { Truth } from "./truth.ts";

/** The measurements. */
export interface TravelFigures extends Listener {
  /** Name and value, in a fixed order; nothing when no session moved and no client waited. */
  values(): readonly (readonly [string, number])[];
}

/** Measures, and counts the marks of moving. */
export function travelFigures(truth: Truth, { mark }: Pick<Marks, "mark">): TravelFigures {
  const waits = new Histogram();
  let moves = 0;
  let refused = 0;
  let behindMoves = 0;
  let regressed = 0;
  let isMoving = false;
  let bytes = 0;
  let packed = 0;
  let brought = 0;
  let behindAnswers = 0;
  let unasked = 0;
  const past = new PastOfKeys(truth);

  return {
    moved() {
      isMoving = true;
    },
    waited(at, _session, since, isAsked) {
      isMoving = true;
      if (isAsked) waits.record(at - since);
      else unasked += 1;
    },
    requested(_at, _cloudlet, _session, _id, op) {
      if (op.kind !== "attach" || op.policy === "forgo") return;
      bytes += carriedSize(op.context, op.bundle);
      packed += op.bundle?.length ?? 0;
    },
    replied(_at, _cloudlet, _session, _id, result) {
      if (result.kind === "refused") {
        if (result.code === "bundleNotClosed" || result.code === "bundleForeign") refused += 1;
      } else if (result.kind === "attached") {
        moves += 1;
        mark("session-moved");
        if (result.state !== "behind") return;
        behindMoves += 1;
        mark("moved-behind");
      }
    },
    said(_at, _session, behind, bundle) {
      if (behind !== null && bundle === null) behindAnswers += 1;
      if (bundle !== null && bundle.length > 0) mark("moved-with-bundle");
    },
    read(_at, session, key, _answer, returned) {
      if (session.former === null || !past.isOlder(session, session.former.clock, key, returned)) return;
      regressed += 1;
      mark("forgo-regressed");
    },
    bundled() {
      brought += 1;
    },
    values() {
      if (!isMoving) return [];
      const named: [string, number | null][] = [
        ["moves", moves],
        ["moves.bytes", bytes],
        ["moves.records", packed],
        ["moves.applied", brought],
        ["moves.refused", refused],
        ["moves.behind", behindMoves],
        ["answers.behind", behindAnswers],
        ["reads.regressed", regressed],
        ["client.wait.p50", waits.percentile(50)],
        ["client.wait.p99", waits.percentile(99)],
        ["client.wait.max", waits.max],
        ["client.unasked", unasked],
      ];
      return named.filter((entry): entry is [string, number] => entry[1] !== null);
    },
  };
}

/** How many versions of a past are compared with an answer, the latest first: a mark may be missed, never made up. */
const COMPARED_MAX = 8;

/** Records by key, gathered when they are first asked for. */
class PastOfKeys {
  readonly #truth: Truth;
  readonly #byKey: number[][] = [];
  #gathered = 0;

  constructor(truth: Truth) {
    this.#truth = truth;
  }

  /** Is this answer to a session older than what is in a past? */
  isOlder({ cloudlet }: SessionTruth, clock: Clock, key: number, returned: readonly number[]): boolean {
    const truth = this.#truth;
    for (; this.#gathered < truth.recordCount; this.#gathered += 1) {
      (this.#byKey[truth.keyOf.data[this.#gathered] as number] ??= []).push(this.#gathered);
    }
    const records = this.#byKey[key] ?? [];
    let compared = 0;
    for (let at = records.length - 1; at >= 0 && compared < COMPARED_MAX; at -= 1) {
      const record = records[at] as number;
      if (!truth.isWithin(record, clock)) continue;
      compared += 1;
      if (isBehind(truth, cloudlet, key, record, returned)) return true;
    }
    return false;
  }
}
